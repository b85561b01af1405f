// Errors as a host sees them: kinds, messages, places; wrong use never crashes.
#include <filesystem>

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

TEST_F(ErrorsTest, ADirectoryIsNotAFile) {
  const std::string folder = std::filesystem::temp_directory_path().string();
  for (const Error& e : {error_of([&] { engine.load_file(folder); }), error_of([&] { engine.run_file(folder); }),
                         error_of([&] { engine.inspect(folder, "", "", Stage::Ast); })}) {
    EXPECT_EQ(e.kind(), ErrorKind::OSError);
    EXPECT_TRUE(contains(e.message(), "'" + folder + "': it is a directory")) << e.message();
  }
}

TEST_F(ErrorsTest, AHandleWithAnotherNumberOfArgumentsNamesBothSignatures) {
  Module m = load(
      "@njit\ndef one(x):\n    return x\n"
      "@njit(['int64(int64)', 'float64(float64)'])\ndef two(x):\n    return x\n"
      "@njit\ndef many(x, y=1, *rest):\n    return x + y\n"
      "@njit\ndef named(x, *, k):\n    return x + k\n");
  Error e = error_of([&] { m.function<double(double, int64_t)>("one"); });
  EXPECT_EQ(e.kind(), ErrorKind::Usage);
  EXPECT_EQ(e.message(), "the handle is float64 one(float64, int64), with 2 arguments; the kernel is one(x)");
  EXPECT_EQ(error_of([&] { m.function<void()>("one"); }).message(),
            "the handle is None one(), with 0 arguments; the kernel is one(x)");
  EXPECT_EQ(error_of([&] { m.function<int64_t(int64_t, int64_t)>("two"); }).message(),
            "the handle is int64 two(int64, int64), with 2 arguments; the kernel is int64 two(int64) or float64 "
            "two(float64)");
  EXPECT_EQ(error_of([&] { m.function<int64_t()>("many"); }).message(),
            "the handle is int64 many(), with 0 arguments; the kernel is many(x, y=..., *rest)");
  EXPECT_EQ((m.function<int64_t(int64_t)>("many")(1)), 2);
  EXPECT_EQ((m.function<int64_t(int64_t, int64_t, double)>("many")(1, 5, 2.0)), 6);
  EXPECT_EQ(error_of([&] { m.function<int64_t(int64_t)>("named"); }).message(),
            "the handle is int64 named(int64), with 1 argument; the kernel is named(x, *, k): a handle gives no "
            "keywords");
}

TEST_F(ErrorsTest, AProcessorThatCannotBeCompiledForIsAnError) {
  const auto message = [](const char* cpu, const char* features) {
    Options options;
    options.cpu = cpu, options.features = features;
    Engine other(std::move(options));
    Module m = other.load_string(kernel("@njit\ndef f(x):\n    return x + 1.5\n"));
    ::testing::internal::CaptureStderr();
    const Error e = error_of([&] { m.function<double(double)>("f"); });
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "") << cpu << features;
    EXPECT_EQ(e.kind(), ErrorKind::Usage) << cpu << features;
    return e.message();
  };
  EXPECT_EQ(message("nosuch", ""), "LLVM knows no processor 'nosuch'");
  EXPECT_EQ(message("haswel", ""), "LLVM knows no processor 'haswel': did you mean 'haswell'?");
  EXPECT_EQ(message("pentium4", ""), "the processor 'pentium4' has no 64-bit mode");
  EXPECT_EQ(message("help", "").substr(0, 29), "LLVM knows no processor 'help");
  EXPECT_EQ(message("", "+avx51f"), "LLVM knows no feature 'avx51f': did you mean 'avx512f'?");
  EXPECT_EQ(message("haswell", "+avx2,bmi"), "the features \"+avx2,bmi\" are not a list like \"+avx2,-avx512f\"");
  for (const char* features : {"-64bit", "-sse2", "-64bit-mode", "+16bit-mode", "+soft-float"})
    EXPECT_TRUE(contains(message("x86-64", features), "take away what kernels need")) << features;
  EXPECT_TRUE(contains(message("", "+"), "LLVM knows no feature ''"));
}

TEST_F(ErrorsTest, AProcessorThatIsKnownIsCompiledFor) {
  for (const char* features : {"", "-avx", "+sse3,-avx512f"}) {
    Options options;
    options.cpu = "x86-64", options.features = features;
    Engine other(std::move(options));
    Module m = other.load_string(kernel("@njit\ndef f(x):\n    return x + 1.5\n"));
    EXPECT_EQ(m.function<double(double)>("f")(1), 2.5) << features;
  }
}

TEST_F(ErrorsTest, AnErrorInTheTopLevelHasItsPlace) {
  const Error e = error_of([&] { engine.load_string("x = 1\ny = x / 0\n", "top.py"); });
  EXPECT_EQ(e.kind(), ErrorKind::ZeroDivisionError);
  EXPECT_EQ(e.place().file, "top.py");
  EXPECT_EQ(e.place().line, 2u);
}

}  // namespace
}  // namespace kjit
