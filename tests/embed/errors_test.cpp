// Errors as a host sees them: kinds, messages, places; wrong use never crashes.
#include "embed/support.h"

namespace kjit {
namespace {

using test::contains;
using test::error_of;
using test::kernel;

class ErrorsTest : public ::testing::Test {
 protected:
  Engine engine;
  Module load(const std::string& text) { return engine.load_string(kernel(text), "test.py"); }
};

TEST_F(ErrorsTest, ExceptionsOfKernelsHaveKindMessageAndPlace) {
  Module m = load("@njit\ndef root(x):\n    if x < 0:\n        raise ValueError(\"negative\")\n    return x ** 0.5\n");
  auto root = m.function<double(double)>("root");
  EXPECT_EQ(root(4), 2);
  const Error e = error_of([&] { root(-1); });
  EXPECT_EQ(e.kind(), ErrorKind::ValueError);
  EXPECT_EQ(e.message(), "negative");
  EXPECT_STREQ(e.what(), "ValueError: negative");
  EXPECT_EQ(e.place().file, "test.py");
  EXPECT_EQ(e.place().function, "root");
  EXPECT_EQ(e.place().line, 6u);
  EXPECT_EQ(e.place().column, 9u);
  EXPECT_EQ(e.place().source_line, "        raise ValueError(\"negative\")");
  EXPECT_EQ(root(9), 3) << "the handle is as good as before";
}

TEST_F(ErrorsTest, ErrorsOutliveModuleAndEngine) {
  std::optional<Error> kept;
  {
    Engine other;
    Module m = other.load_string(kernel("@njit\ndef f(a):\n    return 1 // a\n"), "gone.py");
    kept = error_of([&] { m.function<int64_t(int64_t)>("f")(0); });
  }
  EXPECT_EQ(kept->kind(), ErrorKind::ZeroDivisionError);
  EXPECT_EQ(kept->place().file, "gone.py");
  EXPECT_EQ(kept->place().source_line, "    return 1 // a");
}

TEST_F(ErrorsTest, BoundsAreCheckedWhenTheEngineSaysSo) {
  Options options;
  options.boundscheck = true;
  Engine checked(std::move(options));
  Module m = checked.load_string(kernel("@njit\ndef at(a, i):\n    return a[i]\n"), "test.py");
  auto at = m.function<double(std::span<const double>, int64_t)>("at");
  const std::vector<double> x{1, 2, 3};
  EXPECT_EQ(at(x, -1), 3);
  const Error e = error_of([&] { at(x, 3); });
  EXPECT_EQ(e.kind(), ErrorKind::IndexError);
  EXPECT_TRUE(contains(e.message(), "3")) << e.message();
}

TEST_F(ErrorsTest, TheErrorModelIsAnOption) {
  const char* text = "@njit\ndef div(a, b):\n    return a / b\n";
  EXPECT_EQ(error_of([&] { load(text).function<double(double, double)>("div")(1, 0); }).kind(),
            ErrorKind::ZeroDivisionError);
  Options options;
  options.error_model = ErrorModel::Numpy;
  Engine numpy(std::move(options));
  EXPECT_EQ((numpy.load_string(kernel(text)).function<double(double, double)>("div")(1, 0)), HUGE_VAL);
}

TEST_F(ErrorsTest, SyntaxErrorsAreFindings) {
  const Error e = error_of([&] { load("@njit\ndef f(:\n    return 1\n"); });
  EXPECT_EQ(e.kind(), ErrorKind::Compile);
  EXPECT_EQ(e.place().line, 4u);
  EXPECT_EQ(e.findings().at(0).id, "syntax-error");
  EXPECT_TRUE(contains(e.what(), "test.py:4:")) << e.what();
}

TEST_F(ErrorsTest, TypeErrorsAreFindings) {
  Module m = load("@njit\ndef f(x):\n    return x + undefined_thing\n");
  const Error e = error_of([&] { m.function<double(double)>("f"); });
  EXPECT_EQ(e.kind(), ErrorKind::Compile);
  EXPECT_EQ(e.findings().at(0).id, "undefined-name");
  EXPECT_EQ(e.place().line, 5u);
  EXPECT_EQ(e.place().source_line, "    return x + undefined_thing");
}

TEST_F(ErrorsTest, AMisspeltFunctionGetsASuggestion) {
  Module m = load("@njit\ndef smooth(x):\n    return x\n");
  const Error e = error_of([&] { m.function<double(double)>("smoth"); });
  EXPECT_EQ(e.kind(), ErrorKind::Usage);
  EXPECT_TRUE(contains(e.message(), "did you mean 'smooth'")) << e.message();
}

TEST_F(ErrorsTest, WrongUseIsAnError) {
  EXPECT_EQ(error_of([&] { engine.load_file("/nonexistent/file.py"); }).kind(), ErrorKind::OSError);
  EXPECT_EQ(error_of([&] { Module().call("f", {}); }).kind(), ErrorKind::Usage);
  EXPECT_EQ(error_of([&] { Module().function<void()>("f"); }).kind(), ErrorKind::Usage);
  Engine moved = std::move(engine);
  EXPECT_EQ(error_of([&] { engine.load_string("x = 1\n"); }).kind(), ErrorKind::Usage);
  EXPECT_NO_THROW(moved.load_string("x = 1\n"));
  Options options;
  options.opt_level = 9;
  EXPECT_EQ(error_of([&] { Engine bad(options); }).kind(), ErrorKind::Usage);
  EXPECT_EQ(error_of([&] { moved.load_string("x = 1\n").call("x", {}); }).kind(), ErrorKind::Usage);
  engine = std::move(moved);
}

TEST_F(ErrorsTest, AnErrorInTheTopLevelHasItsPlace) {
  const Error e = error_of([&] { engine.load_string("x = 1\ny = x / 0\n", "top.py"); });
  EXPECT_EQ(e.kind(), ErrorKind::ZeroDivisionError);
  EXPECT_EQ(e.place().file, "top.py");
  EXPECT_EQ(e.place().line, 2u);
}

}  // namespace
}  // namespace kjit
