// The driver layer on real devices. Skipped, visibly, where there is none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "cuda/memory.h"
#include "cuda/module.h"
#include "cuda/support.h"

namespace kjit::rt::cuda {
namespace {

using ::testing::HasSubstr;

class CudaDevice : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    driver_ = test::real_driver(why);
    if (!driver_) GTEST_SKIP() << why;
    context_ = std::make_shared<Context>(driver_, 0);
    stream_ = std::make_shared<Stream>(context_);
  }
  void TearDown() override {
    stream_.reset();
    if (context_ && context_->usable()) EXPECT_EQ(context_->memory_use().allocated, 0u) << "device memory leaked";
  }

  DriverRef driver_;
  ContextRef context_;
  StreamRef stream_;
};

TEST_F(CudaDevice, HasProperties) {
  const Properties& p = context_->properties();
  EXPECT_FALSE(p.name.empty());
  EXPECT_GE(p.major, 5);
  EXPECT_EQ(p.warp, 32);
  EXPECT_GE(p.max_threads, 512);
  EXPECT_GT(p.memory, size_t{1} << 28);
  EXPECT_GE(driver_->version(), 11020);
}

TEST_F(CudaDevice, RunsAKernelOfPtx) {
  constexpr int kCount = 1'000'003;
  std::vector<float> x(kCount), y(kCount, 1.0F);
  std::iota(x.begin(), x.end(), 0.0F);
  Buffer on_x(stream_, kCount * sizeof(float)), on_y(stream_, kCount * sizeof(float));
  on_x.copy_from(x.data(), on_x.bytes(), *stream_);
  on_y.copy_from(y.data(), on_y.bytes(), *stream_);
  const Kernel kernel(std::make_shared<Module>(context_, test::kAxpyPtx), "axpy");
  Address at_y = on_y.address(), at_x = on_x.address();
  float a = 0.5F;
  int n = kCount;
  void* parameters[] = {&at_y, &at_x, &a, &n};
  Event start(context_), end(context_);
  start.record(*stream_);
  kernel.launch({{(kCount + 255) / 256, 1, 1}, {256, 1, 1}}, *stream_, parameters);
  end.record(*stream_);
  on_y.copy_to(y.data(), on_y.bytes(), *stream_);
  stream_->synchronize();
  for (int i = 0; i < kCount; ++i) ASSERT_EQ(y[static_cast<size_t>(i)], 0.5F * static_cast<float>(i) + 1.0F) << i;
  EXPECT_TRUE(end.reached());
  EXPECT_GT(end.since(start), 0.0F);
  EXPECT_GT(kernel.info().registers, 0);
  EXPECT_GT(kernel.occupancy(256, 0), 0);
}

TEST_F(CudaDevice, PoolFiguresFollowAllocations) {
  context_->empty_cache();
  context_->reset_peak();
  {
    const Buffer a(stream_, 64 << 20), b(stream_, 32 << 20);
    const MemoryUse use = context_->memory_use();
    EXPECT_EQ(use.allocated, 96u << 20);
    EXPECT_GE(use.reserved, use.allocated);
  }
  stream_->synchronize();
  EXPECT_EQ(context_->memory_use().allocated, 0u);
  EXPECT_GE(context_->memory_use().max_allocated, 96u << 20);
  EXPECT_GE(context_->memory_use().reserved, 96u << 20) << "freed memory is kept";
  context_->empty_cache();
  EXPECT_EQ(context_->memory_use().reserved, 0u);
}

TEST_F(CudaDevice, OutOfMemoryHasFiguresAndPasses) {
  try {
    const Buffer all(stream_, context_->properties().memory + (size_t{1} << 30));
    FAIL() << "more than the device has";
  } catch (const OutOfDeviceMemory& error) {
    EXPECT_THAT(error.what(), HasSubstr("CUDA_ERROR_OUT_OF_MEMORY"));
    EXPECT_THAT(error.what(), HasSubstr("asked for"));
    EXPECT_THAT(error.what(), HasSubstr("in total"));
  }
  const Buffer small(stream_, 1 << 20);
}

TEST_F(CudaDevice, PinnedMemoryTravelsBothWays) {
  constexpr size_t kBytes = 1 << 20;
  PinnedMemory from(context_, kBytes), to(context_, kBytes);
  auto* bytes = static_cast<unsigned char*>(from.data());
  for (size_t i = 0; i < kBytes; ++i) bytes[i] = static_cast<unsigned char>(i * 7);
  Buffer buffer(stream_, kBytes);
  buffer.copy_from(from.data(), kBytes, *stream_);
  buffer.copy_to(to.data(), kBytes, *stream_);
  stream_->synchronize();
  EXPECT_TRUE(std::equal(bytes, bytes + kBytes, static_cast<unsigned char*>(to.data())));
}

TEST_F(CudaDevice, AStreamMayGoWhileItWorks) {
  const Kernel kernel(std::make_shared<Module>(context_, test::kAxpyPtx), "axpy");
  for (int k = 0; k < 100; ++k) {
    auto stream = std::make_shared<Stream>(context_);
    const Buffer x(stream, 1 << 22), y(stream, 1 << 22);
    Address at_y = y.address(), at_x = x.address();
    float a = 2;
    int n = 1 << 20;
    void* parameters[] = {&at_y, &at_x, &a, &n};
    kernel.launch({{4096, 1, 1}, {256, 1, 1}}, *stream, parameters);
  }
  context_->synchronize();
}

TEST_F(CudaDevice, BadPtxComesWithTheDriversLog) {
  try {
    const Module module(context_, ".version 6.3\n.target sm_75\n.address_size 64\n.entry k() { nonsense; }\n");
    FAIL() << "nonsense was taken";
  } catch (const DriverError& error) {
    EXPECT_EQ(error.code(), result::kInvalidPtx);
    EXPECT_THAT(error.what(), HasSubstr("line 4"));
  }
}

// In a process of its own, since the context is of no use afterwards.
TEST_F(CudaDevice, AnIllegalAddressNamesTheKernel) {
  stream_.reset(), context_.reset(), driver_.reset();
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        const auto context = std::make_shared<Context>(Driver::open(), 0);
        const auto stream = std::make_shared<Stream>(context);
        const Buffer buffer(stream, 64);
        const Kernel kernel(std::make_shared<Module>(context, test::kAxpyPtx), "fault");
        kernel.launch({}, *stream, nullptr);
        try {
          stream->synchronize();
        } catch (const DriverError& error) {
          std::fputs(error.what(), stderr);
          std::exit(3);
        }
        std::exit(0);
      },
      ::testing::ExitedWithCode(3), "CUDA_ERROR_ILLEGAL_ADDRESS.* in kernel 'fault'");
}

}  // namespace
}  // namespace kjit::rt::cuda
