// Sessions: texts one after another in one scope, through the public interface.
#include <kjit/session.h>

#include <algorithm>
#include <thread>

#include "embed/support.h"

namespace kjit::test {
namespace {

struct Shell {
  explicit Shell(Options options = {}) : engine(std::move(options)), session(engine) {}
  // What the text shows, a line each.
  std::string run(const std::string& text) {
    std::string out;
    session.run(text, [&](const Value& value) { out += repr(value) + "\n"; });
    return out;
  }
  Engine engine;
  Session session;
};

TEST(InputForm, SaysWhetherMoreLinesMustFollow) {
  const std::pair<const char*, InputForm> rows[] = {
      {"", InputForm::Empty},
      {"  # a comment\n\n", InputForm::Empty},
      {"x = 1", InputForm::Complete},
      {"x = 1\n", InputForm::Complete},
      {"1 +\n", InputForm::Complete},  // an error that no further line mends
      {"x = )\n", InputForm::Complete},
      {"'abc\n", InputForm::Complete},
      {"'abc", InputForm::Complete},
      {"(1,\n", InputForm::Open},
      {"f(a, [1,\n\n\n", InputForm::Open},
      {"x = '''abc\n\n", InputForm::Open},
      {"f('''abc\n", InputForm::Open},
      {"x = 1 + \\\n", InputForm::Open},
      {"if x:\n", InputForm::Started},
      {"def f(a,\n", InputForm::Open},
      {"def f():\n", InputForm::Started},
      {"def f():\n    # nothing yet\n", InputForm::Started},
      {"@njit\n", InputForm::Started},
      {"try:\n    x\n", InputForm::Started},
      {"if x:\n    y\nelse:\n", InputForm::Started},
      {"if x: y\n", InputForm::Block},
      {"if x:\n    y\n", InputForm::Block},
      {"if x:\n    y\nelse:\n    z\n", InputForm::Block},
      {"@njit\ndef f():\n    return 1\n", InputForm::Block},
      {"def f():\n    return 1\n\nf()\n", InputForm::Complete},
      {"for i in range(3):\n    i\nx = 2\n", InputForm::Complete},
      {"\xff", InputForm::Complete},
  };
  for (const auto& [text, form] : rows) EXPECT_EQ(static_cast<int>(input_form(text)), static_cast<int>(form)) << text;
  EXPECT_EQ(input_form(std::string(100000, '(')), InputForm::Complete);
}

TEST(Session, ShowsValuesOfTheTopLevelAndKeepsTheLast) {
  Shell shell;
  EXPECT_EQ(shell.run("2 + 3\n"), "5\n");
  EXPECT_EQ(shell.run("_ * 2\nNone\n_\n"), "10\n10\n");
  EXPECT_EQ(shell.run("def f():\n    7\n    return 8\n\nfor i in range(2): i\n\nf()"), "0\n1\n8\n");
  EXPECT_EQ(shell.run("x = 1; x + 1; x + 2"), "2\n3\n");
  EXPECT_EQ(shell.session.global("x")->as_int(), 1);
  EXPECT_FALSE(shell.session.global("y").has_value());
}

TEST(Session, AnErrorLeavesWhatWasDoneBefore) {
  Shell shell;
  const Error error = error_of([&] { shell.run("x = 5\ny = x // 0\nz = 1\n"); });
  EXPECT_EQ(error.kind(), ErrorKind::ZeroDivisionError);
  EXPECT_EQ(error.place().file, "<input 1>");
  EXPECT_EQ(error.place().line, 2U);
  EXPECT_EQ(error.place().source_line, "y = x // 0");
  EXPECT_EQ(error_of([&] { shell.run("x = ("); }).kind(), ErrorKind::Compile);
  EXPECT_EQ(error_of([&] { shell.run("class A: pass"); }).place().file, "<input 3>");
  EXPECT_EQ(shell.run("x\n"), "5\n");
  EXPECT_FALSE(shell.session.global("z").has_value());
}

TEST(Session, FunctionsOfEarlierTextsGoOnWorking) {
  Shell shell;
  shell.run("k = 2\ndef outer(x):\n    def inner(y): return y * k\n    return inner(x) + 1\n");
  shell.run("h = [lambda x: x + k]\n");
  EXPECT_EQ(shell.run("outer(10)\nh[0](1)\n"), "21\n3\n");
  shell.run("k = 3\n");
  EXPECT_EQ(shell.run("outer(10)\nh[0](1)\n"), "31\n4\n");
}

TEST(Session, WhatAKernelHasReadIsCompiledAgainWhenItChanges) {
  Shell shell;
  shell.run(kernel("@njit\ndef g(x): return x + 1\n\n@njit\ndef f(x): return g(x) * n\n\nn = 10\n"));
  EXPECT_EQ(shell.run("f(1)\nf.py_func(1)\n"), "20\n20\n");
  shell.run("@njit\ndef g(x): return x + 2\n");
  EXPECT_EQ(shell.run("f(1)\n"), "30\n");
  EXPECT_EQ(shell.run("n = 2.5\nf(1)\nn = 1\nf(1)\n"), "7.5\n3\n");
  EXPECT_EQ(shell.run("for n in range(3): f(1)\n"), "0\n3\n6\n");
  shell.run("def g(x): return -x\n");  // without a decorator
  EXPECT_EQ(shell.run("f(5)\n"), "-10\n");
  shell.run("@njit\ndef a(x): return abs(x)\n");
  EXPECT_EQ(shell.run("a(-3)\n"), "3\n");
  shell.run("def abs(x): return x * 100\n");  // in front of a built-in
  EXPECT_EQ(shell.run("a(-3)\n"), "-300\n");
  shell.run("g = 4\n");
  EXPECT_EQ(error_of([&] { shell.run("f(1)\n"); }).kind(), ErrorKind::Compile);
  shell.run("@njit\ndef g(x): return x\n");
  EXPECT_EQ(shell.run("f(1)\n"), "2\n");
}

TEST(Session, NothingIsCompiledAgainWhileNothingChanges) {
  Shell shell;
  shell.run(kernel("@njit\ndef g(x): return x + 1\n\n@njit\ndef f(x): return g(x)\n\nf(1)\n"));
  const auto runs = [&] {
    for (const StageTime& row : shell.engine.times())
      if (row.stage == "link") return row.runs;
    return int64_t{0};
  };
  const int64_t before = runs();
  EXPECT_GT(before, 0);
  shell.run("other = 3\ng = g\nfor i in range(20): f(i)\n");
  EXPECT_EQ(runs(), before);
  shell.run("@njit\ndef g(x): return x + 1\n\nf(1)\n");
  EXPECT_GT(runs(), before);
}

TEST(Session, UfuncsSeeHelpersThatWereDefinedAnew) {
  Shell shell;
  shell.run(
      kernel("from numba import vectorize\n@njit\ndef h(x): return x + 1.0\n\n@vectorize\ndef v(x): return h(x)\n"));
  EXPECT_EQ(shell.run("v(np.zeros(2))\n"), "array([1., 1.])\n");
  shell.run("@njit\ndef h(x): return x + 2.0\n");
  EXPECT_EQ(shell.run("v(np.zeros(2))\n"), "array([2., 2.])\n");
}

TEST(Session, SysExitGivesItsStatus) {
  Shell shell;
  EXPECT_EQ(shell.session.run("x = 1"), std::nullopt);
  EXPECT_EQ(shell.session.run("import sys\nsys.exit(7)\nx = 2"), 7);
  EXPECT_EQ(shell.run("x"), "1\n");
}

TEST(Session, StopsWhenItsEngineIsInterrupted) {
  Options options;
  options.interruptible = true;
  Shell shell(options);
  shell.run(kernel("@njit\ndef f(n):\n    while n > 0:\n        n = n % 7 + 1\n    return n\n"));
  shell.run("f(0)\n");
  for (const char* text : {"while True: pass", "f(3)", "[i for i in range(10**15)]"}) {
    std::atomic<bool> over{false};
    std::thread other([&] {
      while (!over) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        shell.engine.interrupt();
      }
    });
    EXPECT_EQ(error_of([&] { shell.run(text); }).kind(), ErrorKind::Interrupted) << text;
    over = true;
    other.join();
  }
  EXPECT_EQ(shell.run("1 + 1"), "2\n");
}

TEST(Session, WhatShowThrowsComesOut) {
  Shell shell;
  EXPECT_THROW(shell.session.run("5\nx = 1", [](const Value&) { throw std::out_of_range("no"); }), std::out_of_range);
  EXPECT_FALSE(shell.session.global("x").has_value());
}

TEST(Session, TimesTheRunsOfAText) {
  Shell shell;
  shell.run("a = []\n");
  EXPECT_GE(shell.session.time("a.append(1)", 25), 0.0);
  EXPECT_EQ(shell.run("len(a)"), "25\n");
  EXPECT_EQ(error_of([&] { shell.session.time("import sys; sys.exit(1)", 2); }).kind(), ErrorKind::Usage);
}

TEST(Session, CompletesNamesAndAttributes) {
  Shell shell;
  shell.run("import numpy as np\nlonger = np.ones((2, 3))\nimport numba\n");
  using Words = std::vector<std::string>;
  EXPECT_EQ(shell.session.completions("long"), Words{"longer"});
  EXPECT_EQ(shell.session.completions("longer.sh"), Words{"longer.shape"});
  EXPECT_EQ(shell.session.completions("np.linalg.eigvals"), (Words{"np.linalg.eigvals", "np.linalg.eigvalsh"}));
  EXPECT_EQ(shell.session.completions("np.lin"), (Words{"np.linalg", "np.linspace"}));
  EXPECT_EQ(shell.session.completions("numba.nj"), Words{"numba.njit"});
  EXPECT_EQ(shell.session.completions("np.float6"), Words{"np.float64"});
  const Words words = shell.session.completions("");
  for (const char* word : {"for", "print", "longer", "ValueError"})
    EXPECT_NE(std::find(words.begin(), words.end(), word), words.end()) << word;
  EXPECT_TRUE(shell.session.completions("nothing.x").empty());
  EXPECT_TRUE(shell.session.completions("longer.nothing.x").empty());
  EXPECT_TRUE(shell.session.completions(".").empty());
}

TEST(Session, DescribesNames) {
  Shell shell;
  shell.run(kernel("@njit\ndef f(x, y=1, *rest):\n    'Adds.'\n    return x + y\n\nv = np.arange(3)\n"));
  const auto f = shell.session.describe("f");
  ASSERT_TRUE(f.has_value());
  EXPECT_EQ(f->kind, "kernel");
  EXPECT_EQ(f->signature, "f(x, y=..., *rest)");
  EXPECT_EQ(f->doc, "Adds.");
  EXPECT_EQ(f->defined.line, 4U);
  const auto v = shell.session.describe("v");
  ASSERT_TRUE(v.has_value());
  EXPECT_EQ(v->value, "array([0, 1, 2])");
  EXPECT_EQ(shell.session.describe("v.sum")->kind, "method");
  EXPECT_TRUE(shell.session.describe("np.interp")->signature.starts_with("interp(x, xp, fp, ")) << "of the library";
  EXPECT_EQ(shell.session.describe("np.linalg")->kind, "module");
  EXPECT_FALSE(shell.session.describe("w").has_value());
  EXPECT_FALSE(shell.session.describe("").has_value());
  EXPECT_FALSE(shell.session.describe("f.").has_value());
}

TEST(Session, InspectsAndForgets) {
  Shell shell;
  shell.run(kernel("@njit\ndef f(x): return x + 1\n"));
  EXPECT_TRUE(contains(shell.session.inspect("f", "i8", Stage::Kir), "func @f"));
  EXPECT_EQ(error_of([&] { (void)shell.session.inspect("f", "i8", Stage::Ast); }).kind(), ErrorKind::Usage);
  EXPECT_TRUE(contains(error_of([&] { (void)shell.session.inspect("ff", "", Stage::Types); }).message(), "'ff'"));
  EXPECT_EQ(shell.session.names(), (std::vector<std::string>{"f", "njit", "np"}));
  shell.session.reset();
  EXPECT_TRUE(shell.session.names().empty());
  EXPECT_EQ(error_of([&] { shell.run("f(1)"); }).kind(), ErrorKind::Compile);
  EXPECT_EQ(shell.run("__name__"), "'__main__'\n");
}

TEST(Session, OutlivesItsEngineButRunsNothing) {
  auto engine = std::make_unique<Engine>();
  Session session(*engine);
  session.run("x = 1");
  engine.reset();
  EXPECT_EQ(error_of([&] { session.run("x = 2"); }).kind(), ErrorKind::Usage);
  EXPECT_EQ(session.global("x")->as_int(), 1);
  Session other = std::move(session);
  EXPECT_EQ(error_of([&] { session.reset(); }).kind(), ErrorKind::Usage);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(other.global("x")->as_int(), 1);
}

TEST(Engine, RunsATextAsMain) {
  Engine engine;
  EXPECT_EQ(engine.run_string("import sys\nif __name__ == '__main__': sys.exit(4)").exit_status(), 4);
  EXPECT_EQ(error_of([&] { engine.run_string("x = 1 // 0", "here"); }).place().file, "here");
}

}  // namespace
}  // namespace kjit::test
