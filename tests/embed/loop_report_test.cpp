// inspect, stage vectorization: what became of each innermost loop, in words.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "embed/support.h"

namespace kjit {
namespace {

using test::contains;

// What is said of the first loop in `def f(a, b, k)` with this body.
std::string report(const std::string& body, const std::string& decorator = "@njit") {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("kjit_loops_" + std::to_string(getpid()) + ".py");
  std::ofstream(path) << "import math\nimport numpy as np\nfrom numba import njit\n" + decorator +
                             "\ndef f(a, b, k):\n" + body;
  Options options;
  options.cpu = "x86-64-v3";
  Engine engine(std::move(options));
  std::string text = engine.inspect(path.string(), "f", "f8[::1], f8[::1], i8[::1]", Stage::Vectorization, "");
  std::filesystem::remove(path);
  return text.substr(0, text.find('\n'));
}
std::string loop(const std::string& body, const std::string& before = "", const std::string& after = "",
                 const std::string& decorator = "@njit") {
  return report(before + "    for i in range(1, a.size):\n" + body + after, decorator);
}

TEST(LoopReport, SaysHowManyLanes) {
  const std::string text = loop("        b[i] = a[i] * 2 + 1\n");
  EXPECT_TRUE(contains(text, ":6:5: loop: 4 lanes, unrolled 4 times")) << text;
}

TEST(LoopReport, SumsThatKeepTheirOrder) {
  const std::string sum = "        s += a[i]\n", before = "    s = 0.0\n", after = "    return s\n";
  EXPECT_TRUE(contains(loop(sum, before, after), "must keep the order of the elements: allow another with fastmath"));
  EXPECT_TRUE(contains(loop(sum, before, after, "@njit(fastmath=True)"), ":7:5: loop: 4 lanes"));
}

TEST(LoopReport, IterationsThatDependOnEachOther) {
  EXPECT_TRUE(contains(loop("        b[i] = b[i - 1] + a[i]\n"), "an iteration may read what an earlier one wrote"));
}

TEST(LoopReport, LoopsThatAreLeftInTheMiddle) {
  const std::string text = loop("        if a[i] < 0:\n            break\n        b[i] = 1\n");
  EXPECT_TRUE(contains(text, "it may be left in the middle")) << text;
}

TEST(LoopReport, WhileLoops) {
  EXPECT_TRUE(contains(report("    n = 0\n    while n < 10:\n        n += k[n]\n    return n\n"),
                       ":7:5: loop: one element at a time: while loops run one iteration after the other"));
}

TEST(LoopReport, StatementsOnArrays) {
  const std::string text = report("    return np.sqrt(a) + 1\n");
  EXPECT_TRUE(contains(text, ": statement on arrays: 4 lanes")) << text;
}

TEST(LoopReport, NoLoops) { EXPECT_EQ(report("    return a[0]\n"), "no loops"); }

}  // namespace
}  // namespace kjit
