// The text of --emit=parallel.
#include "passes/pass_text.h"
#include "passes/pipeline.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string report(const std::string& body, const std::string& signature) {
  test::KernelText text("import numpy as np; from numba import njit, prange\n" + body);
  auto program = text.infer("f", signature);
  if (!program) return text.messages();
  auto module = kirgen::generate(text.types, *program, {}, text.diagnostics);
  return module ? passes::parallel_report(text.types, *module) : text.messages();
}
std::string parallel(const std::string& body, const std::string& signature = "f8[::1], f8[::1], i8") {
  return report("@njit(parallel=True)\ndef f(a, b, n):\n" + body, signature);
}

TEST(ParallelReport, SaysFromHowManyIterationsOnALoopRunsOnThreads) {
  const std::string text = parallel("  for i in prange(n):\n    b[i] = a[i] * 2\n");
  EXPECT_THAT(text, testing::MatchesRegex(".*:4:3: threads: the loop over 'i' runs on threads from some [0-9]+ "
                                          "iterations on, at [0-9.]+ ns each\n    4 \\|   for i in prange\\(n\\):\n"));
}

TEST(ParallelReport, NamesReductionsAndLastValues) {
  const std::string text = parallel(
      "  s = 0.0\n  m = 0.0\n  h = np.zeros(3)\n  for i in prange(n):\n    x = a[i]\n    s += x\n    m = max(m, x)\n"
      "    h += x\n  return s + m + x, h\n");
  EXPECT_THAT(text, AllOf(HasSubstr("; 's' is folded by +"), HasSubstr("; 'm' is folded by max"),
                          HasSubstr("; 'h' is folded by + through copies"), HasSubstr("; 'x' keeps its last value")));
}

TEST(ParallelReport, SaysWhyALoopRunsInOrderAndWhatToChange) {
  EXPECT_THAT(
      parallel("  for i in prange(1, n):\n    a[i] = a[i - 1]\n"),
      HasSubstr(":4:3: serial: in order, on one thread: an iteration of the loop over 'i' reads elements of 'a' that "
                "others store to (1 iteration before) (line 5); store to another array than is read, or"));
  EXPECT_THAT(parallel("  s = 0.0\n  for i in prange(n):\n    s = s * 2 + a[i]\n  return s\n"),
              HasSubstr("serial: in order, on one thread: the iterations of the loop over 'i' depend on each other"));
}

TEST(ParallelReport, LoopsAndStatementsInsideOfARegion) {
  const std::string text = parallel("  for i in prange(n):\n    for j in prange(n):\n      a[i] += b[j]\n");
  EXPECT_THAT(text, AllOf(HasSubstr(":4:3: threads: the loop over 'i' runs on threads when its work"),
                          HasSubstr(":5:5: inside: the loop over 'j' runs in the thread of the region around it")));
}

TEST(ParallelReport, StatementsOnArraysOnceForAllTheirForms) {
  const std::string text = parallel("  b[:] = a * 2\n  return a.sum()\n", "f8[:], f8[:], i8");
  EXPECT_THAT(text, AllOf(HasSubstr(":4:3: threads: this statement on arrays runs on threads"),
                          HasSubstr("; its result is folded by +")));
  EXPECT_EQ(text.find(":4:3:"), text.rfind(":4:3:")) << text;
}

TEST(ParallelReport, LoopsOfOneStatementAreNotInsideOfEachOther) {
  const std::string text = parallel("  b[:, 1:, 1:] = a[:, 1:, 1:] * 2\n", "f8[:,:,:], f8[:,:,:], i8");
  EXPECT_EQ(text.find("inside:"), std::string::npos) << text;
}

TEST(ParallelReport, SmallLoopsOfKnownLength) {
  EXPECT_THAT(parallel("  for i in prange(10):\n    a[i] = b[i]\n"), HasSubstr("runs on the calling thread: some"));
}

TEST(ParallelReport, NothingWithoutTheOption) {
  EXPECT_THAT(report("@njit\ndef f(a):\n  a[:] = 1.5 * a\n", "f8[::1]"),
              "no loop over prange, and no statement on arrays, in a function with parallel=True\n");
}

}  // namespace
}  // namespace kjit
