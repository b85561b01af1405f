// Who may go first: handles keep code alive, engines and modules may go before them; threads.
#include <atomic>
#include <thread>

#include "embed/support.h"

namespace kjit {
namespace {

using test::contains;
using test::error_of;
using test::kernel;

const char* const kText =
    "@njit\ndef add(a, b):\n    return a + b\n@njit\ndef fail(x):\n    if x > 1000:\n        raise "
    "ValueError('large')\n    return x\n";

TEST(LifetimeTest, HandlesOutliveModuleAndEngine) {
  Function<double(double, double)> add;
  {
    Engine engine;
    add = engine.load_string(kernel(kText)).function<double(double, double)>("add");
  }
  EXPECT_EQ(add(1, 2), 3);
  std::jthread([&] { EXPECT_EQ(add(3, 4), 7); }).join();
}

TEST(LifetimeTest, WithoutItsEngineAModuleCallsWhatIsCompiledAndCompilesNothingNew) {
  Module m;
  {
    Engine engine;
    m = engine.load_string(kernel(kText));
    EXPECT_EQ(m.call("add", {1, 2}).as_int(), 3);
  }
  EXPECT_EQ(m.call("add", {5, 6}).as_int(), 11);
  const Error e = error_of([&] { m.call("add", {1.5, 2}); });
  EXPECT_EQ(e.kind(), ErrorKind::Usage);
  EXPECT_TRUE(contains(e.message(), "engine")) << e.message();
  EXPECT_EQ(error_of([&] { m.function<float(float, float)>("add"); }).kind(), ErrorKind::Usage);
}

TEST(LifetimeTest, EnginesComeAndGo) {
  Function<int64_t(int64_t, int64_t)> last;
  for (int i = 0; i < 20; ++i) {
    Engine engine;
    last = engine.load_string(kernel(kText)).function<int64_t(int64_t, int64_t)>("add");
    EXPECT_EQ(last(i, 1), i + 1);
  }
  EXPECT_EQ(last(1, 1), 2);
}

TEST(LifetimeTest, TwoEnginesInTurn) {
  std::string a_text, b_text;
  Options a_options, b_options;
  a_options.write = [&](std::string_view t) { a_text += t; };
  b_options.write = [&](std::string_view t) { b_text += t; };
  Engine a(std::move(a_options)), b(std::move(b_options));
  const std::string text = kernel("@njit\ndef say(x):\n    print(x)\n");
  auto fa = a.load_string(text).function<void(int64_t)>("say");
  auto fb = b.load_string(text).function<void(int64_t)>("say");
  for (int i = 0; i < 3; ++i) fa(i), fb(10 + i);
  EXPECT_EQ(a_text, "0\n1\n2\n");
  EXPECT_EQ(b_text, "10\n11\n12\n");
}

TEST(LifetimeTest, ManyThreadsCompileAndCall) {
  Engine engine;
  Module m = engine.load_string(kernel(kText), "shared.py");
  std::atomic<int> wrong = 0, errors = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&, t] {
        auto add = m.function<int64_t(int64_t, int64_t)>("add");
        auto fail = m.function<int64_t(int64_t)>("fail");
        for (int i = 0; i < 1000; ++i) {
          if (add(t, i) != t + i) ++wrong;
          if (i % 100 == 0) {
            try {
              fail(1001 + i);
              ++wrong;
            } catch (const Error& e) {
              if (e.kind() == ErrorKind::ValueError && e.place().line == 9) ++errors;
            }
          }
        }
        switch (t % 4) {  // each of these types is wanted by two threads
          case 0:
            wrong += m.function<float(float, float)>("add")(1, 2) != 3;
            break;
          case 1:
            wrong += m.function<double(double, double)>("add")(1, 2) != 3;
            break;
          case 2:
            wrong += m.call("add", {1, 2}).as_int() != 3;
            break;
          default:
            wrong += m.call("add", {1.5, 2}).as_double() != 3.5;
            break;
        }
        Module own = engine.load_string(kernel("@njit\ndef own(x):\n    return x * " + std::to_string(t) + "\n"));
        wrong += own.call("own", {2}).as_int() != 2 * t;
      });
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(errors, 80);
}

TEST(LifetimeTest, AFailingCompilationFailsInEveryThread) {
  Engine engine;
  Module m = engine.load_string(kernel("@njit\ndef f(x):\n    return x + nothing\n"));
  std::atomic<int> failed = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back(
          [&] { failed += error_of([&] { m.function<double(double)>("f"); }).kind() == ErrorKind::Compile; });
  }
  EXPECT_EQ(failed, 4);
}

}  // namespace
}  // namespace kjit
