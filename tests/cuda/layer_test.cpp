// The driver layer on the fake libcuda: errors, lifetimes, leaks. No device is needed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

#include "cuda/memory.h"
#include "cuda/module.h"
#include "cuda/support.h"

namespace kjit::rt::cuda {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

const char* const kHandles[] = {"context", "stream", "event", "module", "pool", "buffer", "host"};
const char* const kTwoKernels = ".version 7.0\n.entry axpy(\n.entry scale(\n";

class CudaLayer : public ::testing::Test {
 protected:
  void SetUp() override { fake.reset(); }
  void TearDown() override {
    for (const char* what : kHandles) EXPECT_EQ(fake.live(what), 0) << what << " leaked";
    EXPECT_EQ(fake.misuse(), 0) << fake.log();
  }
  static DriverRef open() { return Driver::open(test::fake_cuda_path().c_str()); }
  static ContextRef context(int device = 0) { return std::make_shared<Context>(open(), device); }
  static StreamRef stream(const ContextRef& on) { return std::make_shared<Stream>(on); }
  template <typename Action>
  static std::string error_of(Action action) {
    try {
      action();
    } catch (const std::exception& error) {
      return error.what();
    }
    return "no error";
  }

  const test::FakeCuda& fake = test::fake_cuda();
};

TEST_F(CudaLayer, WithoutTheLibraryOpeningSaysSo) {
  EXPECT_THAT(error_of([] { Driver::open("libnosuchcuda.so.1"); }), HasSubstr("no CUDA device: libnosuchcuda.so.1: "));
}

TEST_F(CudaLayer, ALibraryThatIsNoDriverSaysWhatItLacks) {
  const std::string text = error_of([] { Driver::open("libm.so.6"); });
  EXPECT_THAT(text, HasSubstr("no CUDA device: the driver (libm.so.6"));
  EXPECT_THAT(text, HasSubstr("cuInit, "));
  EXPECT_THAT(text, HasSubstr("cuMemAllocFromPoolAsync"));
}

TEST_F(CudaLayer, WithoutADeviceOpeningSaysSo) {
  fake.devices(0);
  EXPECT_THAT(error_of([] { open(); }), HasSubstr("no CUDA device: "));
  EXPECT_THAT(error_of([] { open(); }), HasSubstr("CUDA_ERROR_NO_DEVICE: text of error 100"));
  EXPECT_THROW(open(), Unavailable);
}

TEST_F(CudaLayer, DevicesHaveProperties) {
  const DriverRef driver = open();
  EXPECT_EQ(driver->devices(), 2);
  EXPECT_EQ(driver->version(), 12040);
  const Properties second = properties(*driver, 1);
  EXPECT_EQ(second.name, "Fake 1");
  EXPECT_EQ(second.memory, size_t{1} << 30);
  EXPECT_EQ(second.major * 10 + second.minor, 80);
  EXPECT_EQ(second.max_block[2], 64);
  EXPECT_THAT(error_of([&] { properties(*driver, 2); }), HasSubstr("CUDA_ERROR_INVALID_DEVICE"));
}

TEST_F(CudaLayer, HandlesMayGoInAnyOrder) {
  ContextRef on = context();
  StreamRef in = stream(on);
  auto buffer = std::make_unique<Buffer>(in, 1000);
  auto event = std::make_unique<Event>(on);
  auto module = std::make_shared<Module>(on, kTwoKernels);
  auto kernel = std::make_unique<Kernel>(module, "scale");
  auto pinned = std::make_unique<PinnedMemory>(on, 64);
  on.reset(), in.reset(), module.reset();
  EXPECT_EQ(fake.live("context"), 1);
  EXPECT_EQ(fake.live("stream"), 1);
  EXPECT_EQ(fake.live("module"), 1);
  pinned.reset(), kernel.reset(), event.reset();
  EXPECT_EQ(fake.live("module"), 0);
  EXPECT_EQ(fake.live("stream"), 1) << "the buffer is freed in it";
  buffer.reset();
}

TEST_F(CudaLayer, CopiesGoThereAndBack) {
  const StreamRef in = stream(context());
  std::vector<int> from(1000), to(1000, -1);
  std::iota(from.begin(), from.end(), 0);
  Buffer buffer(in, 4000);
  buffer.copy_from(from.data(), 4000, *in);
  buffer.copy_to(to.data(), 4000, *in);
  in->synchronize();
  EXPECT_EQ(from, to);
  buffer.copy_to(to.data(), 40, *in, 400);
  EXPECT_EQ(to[0], 100);
  EXPECT_THROW(buffer.copy_to(to.data(), 40, *in, 3961), std::out_of_range);
  EXPECT_THROW(buffer.copy_from(to.data(), 8, *in, SIZE_MAX), std::out_of_range);
}

TEST_F(CudaLayer, MemoryOfNothingIsFine) {
  const StreamRef in = stream(context());
  Buffer buffer(in, 0);
  buffer.copy_from(nullptr, 0, *in);
  buffer.fill(1, *in);
  EXPECT_EQ(buffer.address(), 0u);
}

TEST_F(CudaLayer, ThePoolCountsWhatIsAllocatedAndCached) {
  const ContextRef on = context();
  const StreamRef in = stream(on);
  auto a = std::make_unique<Buffer>(in, 3 << 20);
  {
    const Buffer b(in, 1 << 20);
  }
  MemoryUse use = on->memory_use();
  EXPECT_EQ(use.allocated, 3u << 20);
  EXPECT_EQ(use.max_allocated, 4u << 20);
  EXPECT_EQ(use.reserved, 4u << 20);
  EXPECT_THAT(on->memory_summary(), HasSubstr("cached"));
  EXPECT_THAT(on->memory_summary(), HasSubstr("1.00 MiB"));
  on->empty_cache();
  on->reset_peak();
  use = on->memory_use();
  EXPECT_EQ(use.reserved, 3u << 20);
  EXPECT_EQ(use.max_allocated, 3u << 20);
  a.reset();
  EXPECT_EQ(on->memory_use().allocated, 0u);
}

TEST_F(CudaLayer, DevicesHavePoolsOfTheirOwn) {
  const ContextRef first = context(0), second = context(1);
  const Buffer buffer(stream(second), 4096);
  EXPECT_EQ(first->memory_use().allocated, 0u);
  EXPECT_EQ(second->memory_use().allocated, 4096u);
}

TEST_F(CudaLayer, OutOfMemorySaysAskedInUseCachedAndTotal) {
  const ContextRef on = context();
  const StreamRef in = stream(on);
  const Buffer large(in, 768u << 20);
  const std::string text = error_of([&] { const Buffer more(in, 512u << 20); });
  EXPECT_EQ(text,
            "CUDA_ERROR_OUT_OF_MEMORY: text of error 2: asked for 512.00 MiB on device 0 (Fake 0): 768.00 MiB in use, "
            "0 bytes "
            "cached, 1.00 GiB in total");
  EXPECT_THROW(Buffer(in, 512u << 20), OutOfDeviceMemory);
  EXPECT_THAT(fake.log(), HasSubstr("cuMemPoolTrimTo")) << "the cache is given back first";
  const Buffer fits(in, 128u << 20);
}

TEST_F(CudaLayer, MemoryUsedInAnotherStreamIsFreedAfterItsWork) {
  const ContextRef on = context();
  const StreamRef home = stream(on), other = stream(on);
  {
    Buffer buffer(home, 64);
    buffer.used_in(home);
    buffer.used_in(other);
    buffer.used_in(other);
  }
  const std::string log = fake.log();
  const size_t wait = log.find("cuStreamWaitEvent");
  EXPECT_NE(wait, std::string::npos);
  EXPECT_EQ(log.find("cuStreamWaitEvent", wait + 1), std::string::npos) << "once for each stream";
  EXPECT_LT(wait, log.find("cuMemFreeAsync"));
}

TEST_F(CudaLayer, EveryDriverErrorHasNameAndText) {
  const ContextRef on = context();
  fake.fail("cuStreamCreate", 1, 0, false);
  EXPECT_EQ(error_of([&] { stream(on); }), "making a stream: CUDA_ERROR_INVALID_VALUE: text of error 1");
  fake.fail("cuStreamCreate", 12345, 0, false);
  EXPECT_EQ(error_of([&] { stream(on); }), "making a stream: CUDA error 12345");
  fake.fail("cuMemHostAlloc", 2, 0, false);
  EXPECT_EQ(error_of([&] { PinnedMemory(on, 8); }),
            "allocating pinned memory: CUDA_ERROR_OUT_OF_MEMORY: text of error 2");
}

// Fails each call of a whole session in turn: an exception each time, and nothing leaks.
TEST_F(CudaLayer, NothingLeaksWhicheverCallFails) {
  const auto session = [] {
    const ContextRef on = context();
    const StreamRef in = stream(on);
    Event start(on), end(on);
    PinnedMemory pinned(on, 64);
    std::memset(pinned.data(), 0, 64);
    Buffer buffer(in, 64);
    const Kernel kernel(std::make_shared<Module>(on, kTwoKernels), "axpy");
    start.record(*in);
    buffer.copy_from(pinned.data(), 64, *in);
    Address address = buffer.address();
    void* parameters[] = {&address};
    kernel.launch({{4, 1, 1}, {16, 1, 1}}, *in, parameters);
    end.record(*in);
    end.wait(*in);
    buffer.copy_to(pinned.data(), 64, *in);
    in->synchronize();
    EXPECT_TRUE(end.reached());
    EXPECT_EQ(end.since(start), 1.0F);
    EXPECT_EQ(kernel.info().registers, 24);
    on->empty_cache();
  };
  session();
  static constexpr const char* kCalls[] = {
#define CUDA_FUNCTION(name, symbol, parameters) #symbol,
#include "cuda/driver.def"
#undef CUDA_FUNCTION
  };
  int failed = 0;
  for (const char* call : kCalls) {
    for (int skip : {0, 1, 2}) {
      SCOPED_TRACE(std::string(call) + " after " + std::to_string(skip));
      fake.reset();
      fake.fail(call, 1, skip, false);
      const std::string text = error_of(session);
      failed += text != "no error";
      EXPECT_THAT(text, AnyOf("no error", HasSubstr("CUDA_ERROR_INVALID_VALUE"), HasSubstr("CUDA error 1")));
      // What could not be given back because the giving back itself failed is not a leak of ours.
      const std::string name = call;
      if (name.find("Destroy") != std::string::npos || name.find("Free") != std::string::npos ||
          name.find("Unload") != std::string::npos || name.find("Release") != std::string::npos ||
          name.find("PopCurrent") != std::string::npos || name.find("PushCurrent") != std::string::npos)
        continue;
      for (const char* what : kHandles) EXPECT_EQ(fake.live(what), 0) << what;
      EXPECT_EQ(fake.misuse(), 0);
    }
  }
  EXPECT_GT(failed, 30);
  fake.reset();
}

TEST_F(CudaLayer, ModulesSayWhatTheDriverDoesNotLike) {
  const ContextRef on = context();
  EXPECT_EQ(error_of([&] { Module(on, "nonsense"); }),
            "loading a module (line 1: no .version): CUDA_ERROR_INVALID_PTX: text of error 218");
  const auto module = std::make_shared<Module>(on, kTwoKernels);
  EXPECT_EQ(error_of([&] { Kernel(module, "other"); }),
            "looking for the kernel 'other': CUDA_ERROR_NOT_FOUND: text of error 500");
}

TEST_F(CudaLayer, KernelsWithABarrierOfTheGridRunWithAllBlocksAtOnceOneLaunchAfterAnother) {
  const ContextRef on = context();
  const StreamRef in = stream(on), other = stream(on);
  const std::string text = ".version 7.0\n.visible .global .align 4 .u32 kjit_grid_barrier;\n.entry meet(\n";
  const Kernel kernel(std::make_shared<Module>(on, text), "meet");
  EXPECT_EQ(kernel.resident_blocks(256, 0), 32);  // 4 multiprocessors of 8 each
  kernel.launch({{32, 1, 1}, {256, 1, 1}}, *in, nullptr);
  kernel.launch({{2, 4, 4}, {16, 16, 1}}, *other, nullptr);
  const std::string log = fake.log();
  const std::string switches = "cuCtxPopCurrent_v2 ";
  const std::string launch = "cuStreamWaitEvent " + switches + "cuMemsetD8Async cuLaunchCooperativeKernel ";
  const size_t first = log.find(launch), second = log.find(launch, first + 1);
  ASSERT_NE(second, std::string::npos) << log;
  EXPECT_LT(log.find("cuEventRecord", first), second) << log;
  EXPECT_EQ(
      error_of([&] { kernel.launch({{33, 1, 1}, {256, 1, 1}}, *in, nullptr); }),
      "kernel 'meet' cannot be launched: it waits for the whole grid, and of 33 blocks the device runs 32 at once");
}

TEST_F(CudaLayer, LaunchesPassParametersAndGrid) {
  static std::vector<unsigned> seen;
  seen.clear();
  fake.kernel("axpy", [](void** parameters, const unsigned* grid) {
    seen.assign(grid, grid + 6);
    **static_cast<int**>(parameters[0]) = *static_cast<int*>(parameters[1]);
  });
  const ContextRef on = context();
  const StreamRef in = stream(on);
  const Kernel kernel(std::make_shared<Module>(on, kTwoKernels), "axpy");
  int target = 0, value = 42;
  int* address = &target;
  void* parameters[] = {&address, &value};
  kernel.launch({{7, 6, 5}, {4, 3, 2}}, *in, parameters);
  EXPECT_EQ(seen, (std::vector<unsigned>{7, 6, 5, 4, 3, 2}));
  EXPECT_EQ(target, 42);
}

TEST_F(CudaLayer, AGridThatTheDeviceCannotHaveIsRefused) {
  const ContextRef on = context();
  const StreamRef in = stream(on);
  const Kernel kernel(std::make_shared<Module>(on, kTwoKernels), "axpy");
  const auto launch = [&](Grid grid) { return error_of([&] { kernel.launch(grid, *in, nullptr); }); };
  EXPECT_EQ(launch({{0, 1, 1}, {1, 1, 1}}),
            "kernel 'axpy' cannot be launched: a grid of (0, 1, 1) blocks of (1, 1, 1) threads is empty");
  EXPECT_THAT(launch({{1, 1, 1}, {64, 32, 1}}), HasSubstr("has 2048 threads, the device allows 1024"));
  EXPECT_THAT(launch({{1, 65536, 1}, {1, 1, 1}}), HasSubstr("more than the device has along axis 1"));
  EXPECT_THAT(launch({{1, 1, 1}, {1, 1, 65}}), HasSubstr("more than the device has along axis 2"));
  EXPECT_THAT(launch({{1, 1, 1}, {1, 1, 1}, 1u << 20}), HasSubstr("asking for shared memory"));
  EXPECT_THAT(fake.log(), Not(HasSubstr("cuLaunchKernel")));
  EXPECT_EQ(launch({{1, 1, 1}, {1024, 1, 1}, 60000}), "no error");
}

TEST_F(CudaLayer, AStickyErrorNamesTheKernelForEver) {
  const ContextRef on = context();
  const StreamRef in = stream(on), other = stream(on);
  const auto module = std::make_shared<Module>(on, kTwoKernels);
  const Kernel axpy(module, "axpy"), scale(module, "scale");
  scale.launch({}, *in, nullptr);
  in->synchronize();
  axpy.launch({}, *in, nullptr);
  fake.fail("cuStreamSynchronize", result::kIllegalAddress, 0, true);
  const std::string text = error_of([&] { in->synchronize(); });
  EXPECT_EQ(
      text,
      "CUDA_ERROR_ILLEGAL_ADDRESS: text of error 700 in kernel 'axpy'; the device's context cannot be used any more in "
      "this process");
  EXPECT_FALSE(on->usable());
  EXPECT_EQ(error_of([&] { scale.launch({}, *other, nullptr); }), text);
  EXPECT_EQ(error_of([&] { Buffer(in, 8); }), text);
  EXPECT_EQ(error_of([&] { other->synchronize(); }), text);
}

TEST_F(CudaLayer, AStickyErrorNamesAllKernelsThatMayHaveCausedIt) {
  const ContextRef on = context();
  const StreamRef in = stream(on);
  const auto module = std::make_shared<Module>(on, kTwoKernels);
  const Kernel axpy(module, "axpy"), scale(module, "scale");
  for (int k = 0; k < 3; ++k) axpy.launch({}, *in, nullptr), scale.launch({}, *in, nullptr);
  fake.fail("cuCtxSynchronize", result::kLaunchFailed, 0, true);
  EXPECT_THAT(error_of([&] { on->synchronize(); }), HasSubstr("in one of the kernels 'axpy', 'scale';"));
}

TEST_F(CudaLayer, OrdinaryErrorsLeaveTheContextUsable) {
  const ContextRef on = context();
  const StreamRef in = stream(on);
  const Kernel kernel(std::make_shared<Module>(on, kTwoKernels), "axpy");
  fake.fail("cuLaunchKernel", 701, 0, false);
  EXPECT_EQ(error_of([&] { kernel.launch({}, *in, nullptr); }),
            "launching the kernel 'axpy': CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES: text of error 701");
  EXPECT_TRUE(on->usable());
  kernel.launch({}, *in, nullptr);
}

TEST_F(CudaLayer, DestructionAfterTheDriverWentIsQuiet) {
  {
    const ContextRef on = context();
    const StreamRef in = stream(on);
    const Buffer buffer(in, 64);
    const Module module(on, kTwoKernels);
    for (const char* call : {"cuCtxPushCurrent_v2", "cuMemFreeAsync", "cuStreamDestroy_v2", "cuModuleUnload",
                             "cuMemPoolDestroy", "cuDevicePrimaryCtxRelease_v2"})
      fake.fail(call, result::kDeinitialized, 0, true);
  }
  fake.reset();
}

}  // namespace
}  // namespace kjit::rt::cuda
