// Everything that the interface calls thread-safe, from several threads at once and mixed: what ThreadSanitizer looks
// at.
#include <atomic>
#include <latch>
#include <mutex>
#include <thread>

#include "embed/support.h"

namespace kjit {
namespace {

using test::contains;
using test::error_of;
using test::kernel;

constexpr int kThreads = 6;
constexpr int kRounds = 4;

// `work(thread)` in kThreads threads that start together.
template <typename F>
void together(F work) {
  std::latch start(kThreads);
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      start.arrive_and_wait();
      work(t);
    });
}

const char* const kText = R"(
import math
from numba import int64, float64
import common
from host import triple, scale

TABLE = np.arange(16.0)
NESTED = (1, (2.5, True))

def make(k):
    @njit
    def inner(x):
        return x + k
    return inner

plus2 = make(2)

@njit
def helper(x):
    return math.sqrt(x * x) + TABLE[3]

@njit
def mixed(x):
    return helper(x) + triple(scale) + common.clamp(x) + plus2(x) + NESTED[1][0]

@njit([float64(float64, int64), int64(int64, int64)])
def declared(a, b):
    return a + b

@njit
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

@njit(boundscheck=True)
def at(v, i):
    return v[i]

@njit
def grown(n):
    out = np.zeros(n)
    for i in range(n):
        out[i] = i
    return out

@njit
def say(n):
    print('n is', n)

@njit
def forever(v):
    n = 0
    while v[0] >= 0.0:
        n += 1
    return n

@njit
def wrong(x):
    return x + no_such_name
)";

double triple(double x) { return 3 * x; }

class ThreadsTest : public ::testing::Test {
 protected:
  ThreadsTest() {
    options.interruptible = true;
    options.constants["host.scale"] = 0.5;
    options.functions = {host_function("host", "triple", "float64(float64)", triple, true)};
    options.write = [this](std::string_view text) {
      const std::lock_guard lock(mutex);
      printed += text;
    };
    options.resolve_module = [](std::string_view name, std::string_view) -> std::optional<ModuleText> {
      if (name != "common") return std::nullopt;
      return ModuleText{"common.py", kernel("LIMIT = 3\n@njit\ndef clamp(x):\n    return min(x, LIMIT)\n")};
    };
  }

  std::mutex mutex;
  std::string printed;
  Options options;
};

TEST_F(ThreadsTest, TheFirstUseOfEveryKindOfKernelOfOneModule) {
  for (int round = 0; round < kRounds; ++round) {
    Engine engine(options);
    const Module m = engine.load_string(kernel(kText), "main.py");
    together([&](int t) {
      EXPECT_EQ(m.function<double(double)>("mixed")(2), 2 + 3 + 1.5 + 2 + 4 + 2.5);
      EXPECT_EQ(m.function<double(double, int64_t)>("declared")(1.5, t), 1.5 + t);
      EXPECT_EQ(m.function<int64_t(int64_t, int64_t)>("declared")(1, t), 1 + t);
      EXPECT_EQ(m.call("fib", {10}).as_int(), 55);
      const std::vector<double> v{1, 2, 3};
      const auto at = m.function<double(std::span<const double>, int64_t)>("at");
      EXPECT_EQ(at(v, 2), 3);
      EXPECT_EQ(error_of([&] { at(v, 3); }).kind(), ErrorKind::IndexError);
      const auto grown = m.function<OwnedArray<double, 1>(int64_t)>("grown");
      EXPECT_EQ(grown(100 + t).size(), 100 + t);
      EXPECT_EQ(m.call("mixed", {2.0}).as_double(), 15);
      const Error e = error_of([&] { m.call("wrong", {t}); });
      EXPECT_TRUE(contains(e.message(), "no_such_name")) << e.message();
    });
  }
}

TEST_F(ThreadsTest, LoadingInspectingAndLookingUpWhileOthersCompile) {
  Engine engine(options);
  const Module m = engine.load_string(kernel(kText), "main.py");
  const std::string path = ::testing::TempDir() + "threads_test_kernel.py";
  FILE* file = fopen(path.c_str(), "w");
  ASSERT_NE(file, nullptr);
  fputs(kernel("@njit\ndef f(x):\n    return x * 2\n").c_str(), file);
  fclose(file);
  together([&](int t) {
    for (int round = 0; round < kRounds; ++round) {
      switch ((t + round) % 4) {
        case 0:
          EXPECT_TRUE(contains(engine.inspect(path, "f", "f8", Stage::Llvm), "fmul"));
          break;
        case 1:
          EXPECT_EQ(engine.load_file(path).call("f", {t}).as_int(), 2 * t);
          EXPECT_EQ(error_of([&] { engine.load_string("def (:\n"); }).kind(), ErrorKind::Compile);
          break;
        case 2:
          EXPECT_EQ(m.functions().size(), 10u);
          EXPECT_EQ(m.global("NESTED").as_tuple().at(0).as_int(), 1);
          EXPECT_EQ(m.call("helper", {double(t)}).as_double(), t + 3);
          break;
        default:
          m.function<void(int64_t)>("say")(t);
          EXPECT_FALSE(engine.times().empty());
          break;
      }
    }
  });
  size_t lines = 0;
  for (char c : printed) lines += c == '\n';
  EXPECT_EQ(lines, static_cast<size_t>(kThreads * kRounds / 4));
  remove(path.c_str());
}

TEST_F(ThreadsTest, TheEngineGoesWhileOthersCompileAndCall) {
  for (int round = 0; round < kRounds; ++round) {
    auto engine = std::make_unique<Engine>(options);
    const Module m = engine->load_string(kernel(kText), "main.py");
    together([&](int t) {
      if (t == 0) return engine.reset();
      try {
        EXPECT_EQ(m.call("declared", {t, 2}).as_int(), t + 2);
        EXPECT_EQ(m.function<double(double)>("helper")(t), t + 3);
      } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::Usage) << e.message();
      }
    });
  }
}

TEST_F(ThreadsTest, EachThreadCancelsAndLimitsItsOwnCalls) {
  Engine engine(options);
  const Module m = engine.load_string(kernel(kText), "main.py");
  const std::vector<double> one{1.0};
  together([&](int t) {
    const auto forever = m.function<int64_t(std::span<const double>)>("forever");
    const auto grown = m.function<OwnedArray<double, 1>(int64_t)>("grown");
    for (int round = 0; round < kRounds; ++round) {
      CancelFlag flag;
      std::jthread other([&] { flag.cancel(); });
      EXPECT_EQ(error_of([&] { forever.call({.cancel = &flag}, one); }).kind(), ErrorKind::Interrupted);
      const int64_t limit = t % 2 ? 1 << 10 : 1 << 20;
      if (t % 2) {
        EXPECT_EQ(error_of([&] { grown.call({.memory_limit = limit}, 1000); }).kind(), ErrorKind::MemoryError);
      } else {
        EXPECT_EQ(grown.call({.memory_limit = limit}, 1000).size(), 1000);
      }
    }
  });
}

TEST_F(ThreadsTest, TheEngineInterruptsTheCallsOfAllThreads) {
  Engine engine(options);
  const Module m = engine.load_string(kernel(kText), "main.py");
  const auto forever = m.function<int64_t(std::span<const double>)>("forever");
  const std::vector<double> one{1.0};
  std::atomic<int> stopped = 0;
  std::jthread other([&] {
    while (stopped < kThreads) {
      engine.interrupt();
      std::this_thread::yield();
    }
  });
  together([&](int) {
    EXPECT_EQ(error_of([&] { forever(one); }).kind(), ErrorKind::Interrupted);
    ++stopped;
  });
}

TEST_F(ThreadsTest, ArraysAreSharedBetweenThreads) {
  Engine engine(options);
  const Module m = engine.load_string(kernel("@njit\ndef tail(v):\n    return v[1:]\n"));
  const auto first = m.call("tail", {Value(Array::zeros(DType::Float64, std::vector<int64_t>{64}))});
  together([&](int) {
    Value mine = first;
    for (int round = 0; round < 20; ++round) mine = m.call("tail", {mine});
    EXPECT_EQ(mine.array().size(), 43);
  });
}

TEST(Threads, EachHasItsOwnRandomNumbers) {
  Engine engine;
  const Module module = engine.load_string(kernel(R"(
@njit
def total(seed, n):
    np.random.seed(seed)
    s = 0.0
    for i in range(n):
        s += np.random.normal()
    return s
)"));
  const auto total = module.function<double(int64_t, int64_t)>("total");
  const double want[2] = {total(1, 1000), total(2, 1000)};
  together([&](int t) {
    for (int round = 0; round < kRounds; ++round) EXPECT_EQ(total(1 + t % 2, 1000), want[t % 2]);
  });
}

}  // namespace
}  // namespace kjit
