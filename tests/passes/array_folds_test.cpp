// Arrays that a parallel loop only folds values into.
#include "passes/array_folds.h"

#include "passes/nest.h"
#include "passes/parallel.h"
#include "passes/pass_text.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// `h`, `g` and `k` from outside, the loop's variable is i.
std::string folds(const std::string& body) {
  return test::after_passes(
      "from numba import prange\n@njit(parallel=True)\ndef f(h, g, k, x):\n  n = 0\n  for i in prange(x.size):\n" +
          body,
      "f8[::1], f8[:,::1], i8[::1], f8[::1]", {passes::array_folds});
}

TEST(ArrayFolds, WholeArraysAndParts) {
  EXPECT_THAT(folds("    h += x[i]\n    g[0, 1:3] -= x[i]\n"), HasSubstr("for parallel fold add h fold add g i in"));
}

TEST(ArrayFolds, ElementsWhoseIndexIsLoaded) {
  EXPECT_THAT(folds("    h[k[i]] += x[i]\n    g[k[i], 1] *= 2\n"), HasSubstr("fold add h fold mul g i in"));
}

TEST(ArrayFolds, InBranchesAndInnerLoops) {
  EXPECT_THAT(folds("    if x[i] > 0:\n      for j in range(3):\n        h[j] += x[i]\n"),
              HasSubstr("fold add h i in"));
}

TEST(ArrayFolds, NotWhatHasAnotherNameInTheLoop) {
  const auto with_view = [](const std::string& body) {
    return test::after_passes(
        "from numba import prange\n@njit(parallel=True)\ndef f(h, x):\n  v = h[2:]\n  for i in prange(x.size):\n" +
            body,
        "f8[::1], f8[::1]", {passes::array_folds});
  };
  EXPECT_THAT(with_view("    h += x[i]\n    v[i] = 1\n"), Not(HasSubstr("fold")));
  EXPECT_THAT(with_view("    h += x[i]\n    x[i] = v[0]\n"), Not(HasSubstr("fold")));
  EXPECT_THAT(with_view("    h += x[i]\n"), HasSubstr("fold add h"));
  EXPECT_THAT(with_view("    v += x[i]\n"), HasSubstr("fold add v"));
}

TEST(ArrayFolds, NotWhatAnIterationHasToItself) {
  EXPECT_THAT(folds("    h[i] += x[i]\n"), Not(HasSubstr("fold")));
  EXPECT_THAT(folds("    h[2 * i + 1] += x[i]\n"), Not(HasSubstr("fold")));
  EXPECT_THAT(folds("    g[i] += x[i]\n"), Not(HasSubstr("fold")));
  EXPECT_THAT(folds("    for j in range(3):\n      g[i, j] += x[i]\n"), Not(HasSubstr("fold")));
}

TEST(ArrayFolds, NotWhatIsReadOrReplaced) {
  EXPECT_THAT(folds("    h += x[i]\n    x[i] = h[0]\n"), Not(HasSubstr("fold")));
  EXPECT_THAT(folds("    h += h[0]\n"), Not(HasSubstr("fold")));
  EXPECT_THAT(folds("    h[k[i]] = x[i]\n"), Not(HasSubstr("fold")));
  EXPECT_THAT(folds("    h[k[i]] += h[0]\n"), Not(HasSubstr("fold")));
  EXPECT_THAT(folds("    h[0] = h[1] + x[i]\n"), Not(HasSubstr("fold")));
}

TEST(ArrayFolds, NotPlacesThatAVariableCounts) {
  EXPECT_THAT(folds("    h[n] = x[i]\n    n += 1\n"), Not(HasSubstr("fold")));
}

TEST(ArrayFolds, NotSeveralOperations) { EXPECT_THAT(folds("    h += x[i]\n    h *= 2\n"), Not(HasSubstr("fold"))); }

TEST(ArrayFolds, ChunksHaveArraysOfTheirOwnWhereThatPays) {
  const std::string text = test::after_passes(
      "from numba import prange\n@njit(parallel=True)\ndef f(h, x):\n  for i in prange(x.size):\n    h += x[i]\n",
      "f8[::1], f8[::1]", {passes::array_folds, passes::nest, passes::parallel});
  EXPECT_THAT(text, AllOf(HasSubstr("if ge("), HasSubstr("= parallel @f.region.1("),
                          HasSubstr("} else {\n    for fold add h"), HasSubstr("  h.1 = alloc(dim(h, 0)) zeros")));
}

}  // namespace
}  // namespace kjit
