// One engine, many threads: each asks for the kernel it needs (compiled once), works on its part of an array, and stops
// when told.
#include <kjit/kjit.h>

#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

namespace {
const char* const kText = R"(
from numba import njit

@njit
def smooth(x, y, passes):
    n = x.shape[0]
    for p in range(passes):
        for i in range(1, n - 1):
            y[i] = 0.25 * x[i - 1] + 0.5 * x[i] + 0.25 * x[i + 1]
        for i in range(1, n - 1):
            x[i] = y[i]
    return x[n // 2]

@njit
def forever(x):
    n = 0
    while x[0] >= 0.0:
        n += 1
    return n
)";
}  // namespace

int main() {
  kjit::Options options;
  options.interruptible = true;
  kjit::Engine engine(std::move(options));
  try {
    kjit::Module module = engine.load_string(kText, "smooth.py");

    constexpr int kThreads = 8;
    std::vector<double> middle(kThreads);
    {
      std::vector<std::jthread> threads;
      for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
          auto smooth = module.function<double(std::span<double>, std::span<double>, int64_t)>("smooth");
          std::vector<double> x(1000, 0.0), y(1000, 0.0);
          x[500] = 1.0 + t;
          middle[t] = smooth(x, y, 100);
        });
    }
    for (double m : middle) std::printf("%.6f ", m / middle[0]);
    std::printf("\n");

    // A call that would never end, stopped from outside.
    auto forever = module.function<int64_t(std::span<const double>)>("forever");
    const std::vector<double> one{1.0};
    bool stopped = false;
    std::jthread worker([&](const std::stop_token& stop) {
      try {
        forever.call({.stop = stop}, one);
      } catch (const kjit::Error& error) {
        stopped = error.kind() == kjit::ErrorKind::Interrupted;
      }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    worker.request_stop();
    worker.join();
    std::printf("%s\n", stopped ? "stopped" : "not stopped");
    return stopped ? 0 : 1;
  } catch (const kjit::Error& error) {
    std::fputs(error.render().c_str(), stderr);
    return 1;
  }
}
