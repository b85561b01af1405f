// Every stage can be shown, and what cannot be shown is an error.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "embed/support.h"

namespace kjit {
namespace {

using test::contains;
using test::error_of;
using test::kernel;

class InspectTest : public ::testing::Test {
 protected:
  InspectTest() : path_(std::filesystem::temp_directory_path() / ("kjit_inspect_" + std::to_string(getpid()) + ".py")) {
    std::ofstream(path_) << kernel(
        "@njit\ndef total(a):\n    s = 0.0\n    for v in a:\n        s += v\n    return s\n"
        "@njit('int64(int64)')\ndef twice(x):\n    return x + x\n");
  }
  ~InspectTest() override { std::filesystem::remove(path_); }
  std::string show(Stage stage, const char* function = "total", const char* signature = "f8[::1]",
                   const char* after = "") {
    return engine_.inspect(path_.string(), function, signature, stage, after);
  }
  Engine engine_;
  std::filesystem::path path_;
};

TEST_F(InspectTest, EveryStageHasItsText) {
  EXPECT_TRUE(contains(show(Stage::Tokens, "", ""), "INDENT"));
  EXPECT_TRUE(contains(show(Stage::Ast, "", ""), "FunctionDef"));
  EXPECT_TRUE(contains(show(Stage::Types), "float64"));
  EXPECT_TRUE(contains(show(Stage::Kir), "func @total"));
  EXPECT_TRUE(contains(show(Stage::Passes), "; after kirgen"));
  EXPECT_TRUE(contains(show(Stage::Llvm), "define"));
  EXPECT_TRUE(contains(show(Stage::LlvmOpt), "define"));
  EXPECT_TRUE(contains(show(Stage::Asm), ".globl"));
}

TEST_F(InspectTest, StagesHaveNames) {
  EXPECT_EQ(stage_named("llvm-opt"), Stage::LlvmOpt);
  EXPECT_EQ(stage_named("tokens"), Stage::Tokens);
  EXPECT_EQ(stage_named("parallel"), Stage::Parallel);
  const Error e = error_of([] { stage_named("tipes"); });
  EXPECT_EQ(e.kind(), ErrorKind::Usage);
  EXPECT_TRUE(contains(e.message(), "did you mean 'types'?")) << e.message();
  EXPECT_TRUE(
      contains(e.message(),
               "tokens, ast, types, kir, passes, llvm, llvm-opt, asm, fusion, parallel, vectorization, ptx, callable"));
}

TEST_F(InspectTest, CallableGoesThroughEveryStage) {
  EXPECT_EQ(show(Stage::Callable), "total(array(float64, 1d, C)) -> float64\n");
  std::vector<std::string> stages;
  for (const StageTime& row : engine_.times()) stages.push_back(row.stage);
  EXPECT_EQ(stages,
            (std::vector<std::string>{"parse", "infer", "kirgen", "passes", "lower", "optimize", "codegen", "link"}));
}

TEST_F(InspectTest, WithoutASignatureTheDeclaredOneHolds) {
  EXPECT_TRUE(contains(show(Stage::Kir, "twice", ""), "x: int64"));
}

TEST_F(InspectTest, ABadRequestIsAnError) {
  EXPECT_EQ(error_of([&] { show(Stage::Kir, "totl"); }).kind(), ErrorKind::Usage);
  EXPECT_EQ(error_of([&] { show(Stage::Kir, "total", "f8[::"); }).findings().at(0).id, "bad-signature");
  EXPECT_EQ(error_of([&] { show(Stage::Passes, "total", "f8[::1]", "no-such-pass"); }).kind(), ErrorKind::Usage);
}

TEST_F(InspectTest, StagesAreTimed) {
  Module m = engine_.load_file(path_.string());
  EXPECT_EQ(m.call("twice", {4}).as_int(), 8);
  std::vector<std::string> stages;
  for (const StageTime& row : engine_.times()) {
    stages.push_back(row.stage);
    EXPECT_EQ(row.runs, 1) << row.stage;
  }
  EXPECT_EQ(stages,
            (std::vector<std::string>{"parse", "infer", "kirgen", "passes", "lower", "optimize", "codegen", "link"}));
}

TEST_F(InspectTest, FusionIsToldWithPlacesAndReasons) {
  const std::string path = path_.string() + ".fusion.py";
  std::ofstream(path) << kernel(
      "@njit\ndef f(a, b):\n    t = a * b\n    u = t + 1.0\n    v = np.sqrt(a)\n    b[:] = v - u\n    return v\n");
  const std::string text = engine_.inspect(path, "f", "f8[::1], f8[::1]", Stage::Fusion, "");
  std::filesystem::remove(path);
  EXPECT_TRUE(contains(text, ":5:9: fused: 't' is computed in the loop of line")) << text;
  EXPECT_TRUE(contains(text, ":7:9: kept: 'v' is an array in memory: it is needed as an array")) << text;
  EXPECT_TRUE(contains(text, ": loop: one pass over 3 operands, 3 operations for each element, stored")) << text;
  EXPECT_TRUE(contains(text, ":8:5: fused: shares the loop of line 7")) << text;
}

TEST_F(InspectTest, SumsAndExtremesOfTheSameElementsShareLoops) {
  const std::string path = path_.string() + ".shared.py";
  std::ofstream(path) << kernel(
      "@njit\ndef sums(a):\n    s = a.sum()\n    q = (a * a).sum()\n    return s, q\n"
      "@njit\ndef extremes(a):\n    low = a.min()\n    high = a.max()\n    return high - low\n"
      "@njit\ndef apart(a):\n    s = a.sum()\n    q = (a * s).sum()\n    return q\n");
  const auto fusion = [&](const char* name) { return engine_.inspect(path, name, "f8[::1]", Stage::Fusion, ""); };
  const std::string sums = fusion("sums"), extremes = fusion("extremes"), apart = fusion("apart");
  std::filesystem::remove(path);
  EXPECT_TRUE(contains(sums, ": fused: shares the loop of line 5")) << sums;
  EXPECT_TRUE(contains(extremes, ": fused: shares the loop of line 10")) << extremes;
  EXPECT_FALSE(contains(apart, "shares the loop")) << apart;
}

TEST(Warnings, ComeOnceForAPlaceAndSayWhatToChange) {
  std::vector<Finding> found;
  Options options;
  options.warn = [&](const Finding& finding) { found.push_back(finding); };
  Engine engine(std::move(options));
  const Module module = engine.load_string(
      "from numba import njit, prange\n@njit(parallel=True)\ndef f(a):\n  for i in prange(1, a.size):\n"
      "    a[i] = a[i - 1] + 1\n  return a[3]\n");
  module.call("f", {Array::zeros(DType::Float64, {4})});
  module.call("f", {Array::zeros(DType::Int64, {4})});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].id, "race");
  EXPECT_EQ(found[0].severity, Finding::Severity::Warning);
  EXPECT_EQ(found[0].place.line, 5U);
  EXPECT_TRUE(contains(found[0].hint, "copy"));
  EXPECT_TRUE(contains(render(found[0]), "<string>:5:5: warning: "));
}

TEST(Warnings, MayBeErrors) {
  Options options;
  options.races = Races::Error;
  Engine engine(std::move(options));
  const Module module = engine.load_string(
      "from numba import njit, prange\n@njit(parallel=True)\ndef f(n):\n  s = 0\n  for i in prange(n):\n"
      "    s = s * 2 + i\n  return s\n");
  const Error error = error_of([&] { module.function<int64_t(int64_t)>("f"); });
  EXPECT_EQ(error.kind(), ErrorKind::Compile);
  EXPECT_TRUE(contains(error.what(), "[loop-order]")) << error.what();
}

}  // namespace
}  // namespace kjit
