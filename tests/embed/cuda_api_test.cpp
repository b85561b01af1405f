// kjit/cuda.h: on the simulator, and on the libcuda of the tests.
#include <kjit/cuda.h>

#include <numeric>
#include <vector>

#include "embed/support.h"
#include "support/fake_cuda.h"

namespace kjit::cuda {
namespace {

using test::contains;
using test::error_of;

const char* const kText = R"(
from numba import cuda, float32, int64
@cuda.jit
def axpy(y, x, a):
    i = cuda.grid(1)
    if i < y.size:
        y[i] = a * x[i] + y[i]
@cuda.jit
def places(out):
    i, j = cuda.grid(2)
    out[i, j] = 100 * i + j
@cuda.jit((float32[::1], int64))
def declared(x, n):
    x[n] = n
@cuda.jit
def beyond(x):
    x[x.size] = 1
def plain(x):
    return x
)";

Engine simulated() {
  Options options;
  options.cuda_simulator = true;
  return Engine(options);
}

TEST(CudaApi, KernelsOfAFileRunOnDeviceArrays) {
  Engine engine = simulated();
  ASSERT_TRUE(is_available(engine));
  const Device gpu(engine);
  const Module m = engine.load_string(kText, "kernels.py");
  const Kernel<DeviceArray<float, 1>, DeviceArray<float, 1>, float> axpy(m, "axpy");
  std::vector<float> host(1000);
  std::iota(host.begin(), host.end(), 0.0F);
  Stream stream = gpu.stream();
  const auto x = gpu.to_device<float, 1>(host.data(), {1000}, &stream);
  auto y = gpu.to_device<float, 1>(host.data(), {1000});
  Event start = gpu.event(), end = gpu.event();
  start.record(stream);
  axpy({{8}, {128}, stream}, y, x, 0.5F);
  end.record(stream);
  PinnedArray<float> back = gpu.pinned_array<float>(1000);
  y.copy_to_host(back.data(), &stream);
  stream.synchronize();
  for (size_t i = 0; i < back.size(); ++i) ASSERT_EQ(back[i], 1.5F * static_cast<float>(i));
  EXPECT_TRUE(end.reached());
  EXPECT_GE(start.until(end), 0.0);
}

TEST(CudaApi, ViewsShareMemory) {
  Engine engine = simulated();
  const Device gpu(engine);
  const Module m = engine.load_string(kText, "kernels.py");
  const Kernel<DeviceArray<int32_t, 2>> places(m, "places");
  std::vector<int32_t> host(24, -1);
  const auto a = gpu.to_device<int32_t, 2>(host.data(), {4, 6});
  places({{1, 1}, {2, 3}}, a.slice(0, 1, 3).slice(1, 0, 6, 2));
  a.copy_to_host(host.data());
  EXPECT_EQ(host, (std::vector<int32_t>{-1,  -1, -1,  -1, -1,  -1, 0,  -1, 1,  -1, 2,  -1,
                                        100, -1, 101, -1, 102, -1, -1, -1, -1, -1, -1, -1}));
  EXPECT_EQ(error_of([&] { a.slice(0, 0, 5); }).kind(), ErrorKind::Usage);
  EXPECT_EQ(error_of([&] { a.slice(1, 0, 6, 2).copy_to_host(host.data()); }).kind(), ErrorKind::Usage);
  const DeviceArray<int32_t, 2> borrowed(a.address(), {4, 6});
  places({{1}, {1}}, borrowed);
  EXPECT_EQ(error_of([&] { borrowed.copy_to_host(host.data()); }).kind(), ErrorKind::Usage);
}

TEST(CudaApi, MemoryIsCountedAndGivenBack) {
  Engine engine = simulated();
  const Device gpu(engine);
  {
    const auto a = gpu.device_array<double, 2>({100, 100});
    std::vector<DeviceArray<double, 2>> others(3, a);  // share
    others.pop_back();
    EXPECT_EQ(gpu.properties().allocated, 80000u);
  }
  EXPECT_EQ(gpu.properties().allocated, 0u);
  EXPECT_EQ(gpu.properties().max_allocated, 80000u);
  EXPECT_TRUE(contains(gpu.memory_summary(), "allocated"));
}

TEST(CudaApi, WrongUseIsAnError) {
  Engine engine = simulated();
  const Device gpu(engine);
  const Module m = engine.load_string(kText, "kernels.py");
  EXPECT_TRUE(contains(error_of([&] { Kernel<double>(m, "plain"); }).message(), "'plain' has no @cuda.jit"));
  EXPECT_EQ(error_of([&] { Kernel<double>(m, "absent"); }).kind(), ErrorKind::Usage);
  EXPECT_EQ(error_of([&] { Kernel<double>(m, "places"); }).kind(), ErrorKind::Compile);
  const Kernel<DeviceArray<float, 1>> beyond(m, "beyond");
  const auto x = gpu.device_array<float, 1>({3});
  const Error e = error_of([&] { beyond({{1}, {1}}, x); });
  EXPECT_EQ(e.kind(), ErrorKind::IndexError);
  EXPECT_EQ(e.place().line, 17u);
  EXPECT_EQ(error_of([&] { beyond({{1}, {2000}}, x); }).kind(), ErrorKind::ValueError);
  EXPECT_EQ(error_of([&] { beyond({{}, {1}}, x); }).kind(), ErrorKind::Usage);
  Options nowhere;
  nowhere.cuda_library = "/nonexistent/libcuda.so";
  Engine without(nowhere);
  EXPECT_FALSE(is_available(without));
  EXPECT_TRUE(contains(error_of([&] { Device gpu_of_none(without); }).message(), "no CUDA device"));
}

TEST(CudaApi, LaunchesWithDynamicValuesMoveHostArraysAndTakeForeignMemory) {
  Engine engine = simulated();
  const Device gpu(engine);
  const Module m = engine.load_string(kText, "kernels.py");
  Array y = Array::zeros(DType::Float64, {4});
  std::vector<double> foreign{1, 2, 3, 4};
  int released = 0;
  {
    const std::shared_ptr<void> owner(&released, [](void* count) { ++*static_cast<int*>(count); });
    const auto address = reinterpret_cast<uint64_t>(foreign.data());
    const DynamicArray x{gpu.borrow(address, 32, owner), address, DType::Float64, {4}, {8}};
    launch(m, "axpy", {{1}, {4}}, {y, to_value(x)}, {{"a", 2.0}});
    launch(m, "axpy", {{1}, {4}}, {to_value(x), to_value(x), 1.0});
    EXPECT_EQ(from_value(to_value(x))->address, address);
    EXPECT_EQ(gpu.properties().allocated, 0U);  // it is not ours
  }
  EXPECT_EQ(released, 1);
  EXPECT_EQ(std::vector<double>(y.data<double>(), y.data<double>() + 4), (std::vector<double>{2, 4, 6, 8}));
  EXPECT_EQ(foreign, (std::vector<double>{2, 4, 6, 8}));
  EXPECT_FALSE(from_value(Value(1.0)));
  EXPECT_EQ(error_of([&] { to_value({}); }).kind(), ErrorKind::ValueError);
  EXPECT_EQ(error_of([&] { launch(m, "axpy", {{1}, {1}}, {y}); }).kind(), ErrorKind::TypeError);
  EXPECT_EQ(error_of([&] { launch(m, "plain", {{1}, {1}}, {y}); }).kind(), ErrorKind::Usage);
}

TEST(CudaApi, ACancelStopsKernelsOfTheSimulator) {
  Options options;
  options.cuda_simulator = options.interruptible = true;
  Engine engine(options);
  const Module m = engine.load_string(kText, "kernels.py");
  CancelFlag cancel;
  cancel.cancel();
  Grid grid{{1}, {1}};
  grid.cancel = &cancel;
  const Array y = Array::zeros(DType::Float64, {4});
  EXPECT_EQ(error_of([&] { launch(m, "axpy", grid, {y, y, 1.0}); }).kind(), ErrorKind::Interrupted);
  cancel.reset();
  launch(m, "axpy", grid, {y, y, 1.0});
}

// The parameters that a driver is given: of an array data, shape, strides; numbers by value.
TEST(CudaApi, LaunchesPackParameters) {
  const test::FakeCuda& fake = test::fake_cuda();
  fake.reset();
  Options options;
  options.cuda_library = test::fake_cuda_path();
  Engine engine(options);
  const Device gpu(engine);
  EXPECT_GE(gpu.properties().devices, 1);
  const Module m = engine.load_string(kText, "kernels.py");
  const Kernel<DeviceArray<float, 1>, DeviceArray<float, 1>, float> axpy(m, "axpy");
  fake.kernel("axpy", [](void** parameters, const unsigned* grid) {
    auto* y = *static_cast<float**>(parameters[0]);
    const auto* x = *static_cast<float**>(parameters[3]);
    const auto n = *static_cast<int64_t*>(parameters[1]), step = *static_cast<int64_t*>(parameters[5]);
    const float a = *static_cast<float*>(parameters[6]);
    for (int64_t i = 0; i < n && i < grid[0] * grid[3]; ++i) y[i] += a * x[i * step / 4];
  });
  const std::vector<float> host{1, 2, 3, 4, 5, 6};
  const auto x = gpu.to_device<float, 1>(host.data(), {6});
  auto y = gpu.to_device<float, 1>(host.data(), {3});
  axpy({{1}, {32}, gpu.stream()}, y, x.slice(0, 0, 6, 2), 10.0F);
  std::vector<float> out(3);
  y.copy_to_host(out.data());
  EXPECT_EQ(out, (std::vector<float>{11, 32, 53}));
}

}  // namespace
}  // namespace kjit::cuda
