// What the driver layer costs over the bare driver, and what the machine can do: launches, copies, an axpy. Prints a
// table; exit status 77 where there is no device.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

#include "cuda/memory.h"
#include "cuda/module.h"
#include "cuda/support.h"

namespace kjit::rt::cuda {
namespace {

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

// A kernel that does nothing, of `arrays` arrays: address, length and stride each.
std::string idle_kernel(int arrays) {
  std::string out = ".version 6.3\n.target sm_75\n.address_size 64\n.visible .entry idle(";
  for (int k = 0; k < 3 * arrays; ++k) out += (k ? ", " : "") + std::string(".param .u64 p") + std::to_string(k);
  return out + ") { ret; }\n";
}

// Microseconds for one launch, of batches that the device keeps up with; those of `ways` taken in turn.
std::vector<double> launches(const std::vector<std::function<void()>>& ways, Stream& stream) {
  constexpr int kBatches = 101, kEach = 100;
  std::vector<std::vector<double>> times(ways.size());
  for (int batch = 0; batch < kBatches; ++batch) {
    for (size_t way = 0; way < ways.size(); ++way) {
      stream.synchronize();
      const double start = seconds();
      for (int k = 0; k < kEach; ++k) ways[way]();
      times[way].push_back((seconds() - start) / kEach * 1e6);
    }
  }
  std::vector<double> out;
  for (auto& each : times) out.push_back(median(each));
  return out;
}

void measure_launches(const ContextRef& context, const StreamRef& stream) {
  std::printf("%-24s %10s %10s %8s\n", "launch, us", "driver", "layer", "ratio");
  for (const int arrays : {0, 1, 8, 16}) {
    const auto module = std::make_shared<Module>(context, idle_kernel(arrays));
    const Kernel kernel(module, "idle");
    RawFunction* raw = nullptr;
    std::vector<uint64_t> values(static_cast<size_t>(3 * arrays), 0);
    std::vector<void*> parameters;
    for (uint64_t& v : values) parameters.push_back(&v);
    const Driver& driver = context->driver();
    const Context::Current current(*context);
    driver.check(driver.module_function(&raw, module->raw(), "idle"), "looking for the kernel");
    const auto times =
        launches({[&] { driver.launch(raw, 1, 1, 1, 32, 1, 1, 0, stream->raw(), parameters.data(), nullptr); },
                  [&] { kernel.launch({{1, 1, 1}, {32, 1, 1}}, *stream, parameters.data()); }},
                 *stream);
    std::printf("%2d arrays %26.2f %10.2f %8.2f\n", arrays, times[0], times[1], times[1] / times[0]);
  }
}

// GB/s of an action in the stream that moves `bytes`, by events.
double rate(const ContextRef& context, Stream& stream, double bytes, const std::function<void()>& action) {
  Event start(context), end(context);
  std::vector<double> times;
  action();
  for (int k = 0; k < 11; ++k) {
    start.record(stream);
    action();
    end.record(stream);
    stream.synchronize();
    times.push_back(end.since(start));
  }
  return bytes / median(times) * 1e-6;
}

void measure_rates(const ContextRef& context, const StreamRef& stream) {
  constexpr int kCount = 1 << 28;  // 1 GiB of float32
  constexpr size_t kBytes = sizeof(float) * kCount, kHost = kBytes / 4;
  Buffer x(stream, kBytes), y(stream, kBytes);
  x.fill(0, *stream), y.fill(0, *stream);
  const auto row = [&](const char* what, double bytes, const std::function<void()>& action) {
    std::printf("%-24s %10.0f\n", what, rate(context, *stream, bytes, action));
  };
  std::printf("%-24s %10s\n", "moves", "GB/s");
  const Driver& driver = context->driver();
  row("on the device", 2.0 * kBytes, [&] {
    const Context::Current current(*context);
    driver.copy_on_device(y.address(), x.address(), kBytes, stream->raw());
  });
  const Kernel kernel(std::make_shared<Module>(context, test::kAxpyPtx), "axpy");
  Address at_y = y.address(), at_x = x.address();
  float a = 0.5F;
  int n = kCount;
  void* parameters[] = {&at_y, &at_x, &a, &n};
  row("axpy of PTX by hand", 3.0 * kBytes,
      [&] { kernel.launch({{kCount / 256, 1, 1}, {256, 1, 1}}, *stream, parameters); });
  const PinnedMemory pinned(context, kHost);
  row("to it, pinned", kHost, [&] { x.copy_from(pinned.data(), kHost, *stream); });
  row("from it, pinned", kHost, [&] { x.copy_to(pinned.data(), kHost, *stream); });
  std::vector<char> pageable(kHost);
  row("to it, pageable", kHost, [&] { x.copy_from(pageable.data(), kHost, *stream); });
  row("from it, pageable", kHost, [&] { x.copy_to(pageable.data(), kHost, *stream); });
}

int run() {
  std::string why;
  double start = seconds();
  const DriverRef driver = test::real_driver(why);
  if (!driver) {
    std::printf("%s\n", why.c_str());
    return 77;
  }
  const double opened = seconds() - start;
  start = seconds();
  const auto context = std::make_shared<Context>(driver, 0);
  const double made = seconds() - start;
  const auto stream = std::make_shared<Stream>(context);
  std::printf("%s, CUDA %d.%d: driver opened in %.0f ms, context in %.0f ms\n", context->properties().name.c_str(),
              driver->version() / 1000, driver->version() % 1000 / 10, opened * 1e3, made * 1e3);
  measure_launches(context, stream);
  measure_rates(context, stream);
  std::printf("%s", context->memory_summary().c_str());
  return 0;
}

}  // namespace
}  // namespace kjit::rt::cuda

int main() {
  try {
    return kjit::rt::cuda::run();
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
}
