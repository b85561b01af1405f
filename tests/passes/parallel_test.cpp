// Parallel regions: what becomes of the variables of a loop, and which loops keep their order.
#include "passes/parallel.h"

#include "passes/nest.h"
#include "passes/pass_text.h"
#include "passes/races.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string regions(const std::string& body, const std::string& signature) {
  return test::after_passes("from numba import prange\n@njit(parallel=True)\n" + body, signature,
                            {passes::nest, passes::parallel});
}
std::string loop(const std::string& before, const std::string& body, const std::string& after = "  return 0\n") {
  return regions("def f(a, b, n):\n" + before + "  for i in prange(n):\n" + body + after, "f8[::1], f8[::1], i8");
}

TEST(Parallel, WhatIsOnlyReadIsAnOperandAndWhatIsWrittenFirstIsTheRegionsOwn) {
  const std::string text = loop("  k = n + 1\n", "    x = a[i] * k\n    b[i] = x\n");
  EXPECT_THAT(text, AllOf(HasSubstr("parallel uniform divisible @f.region.1("), HasSubstr(", a, b, k)")));
}

TEST(Parallel, FoldsBeginWithTheIdentityAndAreJoinedInOrder) {
  const std::string text = loop("  s = 1.0\n  p = 2.0\n", "    s -= a[i]\n    p /= b[i]\n", "  return s + p\n");
  EXPECT_THAT(text, AllOf(HasSubstr("s = add(s, %chunk.0.0)"), HasSubstr("p = mul(p, %chunk.0.1)"),
                          HasSubstr("  s = 0.0\n  p = 1.0\n")));
}

TEST(Parallel, FoldsInBranchesAndInnerLoops) {
  const std::string text =
      loop("  s = 0.0\n", "    if a[i] > 0:\n      for j in range(3):\n        s += a[i]\n", "  return s\n");
  EXPECT_THAT(text, HasSubstr("s = add(s, %chunk.0)"));
}

TEST(Parallel, SeveralFoldsOfOneVariableOneAfterTheOther) {
  const std::string sums = loop("  s = 0.0\n",
                                "    s += a[i]\n    s -= b[i]\n    if a[i] > 3:\n      s += 1\n      s += b[i]\n"
                                "    for j in range(3):\n      s += j\n      s -= 2\n",
                                "  return s\n");
  EXPECT_THAT(sums, AllOf(HasSubstr("s = add(s, %chunk.0)"), Not(HasSubstr("for parallel"))));
  const std::string least = loop("  m = 1e9\n", "    m = min(m, a[i])\n    m = min(m, b[i])\n", "  return m\n");
  EXPECT_THAT(least, AllOf(HasSubstr("m = min(m, %chunk.0)"), Not(HasSubstr("for parallel"))));
}

TEST(Parallel, APartOfAFoldThatIsReadKeepsItsOrder) {
  EXPECT_THAT(loop("  s = 0.0\n", "    t = s + a[i]\n    b[i] = t\n    s = t + 1\n", "  return s\n"),
              HasSubstr("for parallel i"));
  EXPECT_THAT(loop("  s = 0.0\n  t = 0.0\n", "    t = s + a[i]\n    s = t + 1\n", "  return s + t\n"),
              HasSubstr("for parallel i"));
}

TEST(Parallel, ALoopThatMayNotRunOnThreadsCostsNothing) {
  const std::string text = test::after_passes(
      "from numba import prange\n@njit(parallel=True)\ndef f(a, b):\n  for i in prange(a.size):\n    b[i] = a[i] + 1\n",
      "f8[::1], f8[::1]", {passes::races, passes::parallel});
  EXPECT_THAT(text, HasSubstr("select(not(overlaps(a, b)), "));
}

TEST(Parallel, TheLargestByIf) {
  const std::string text = loop("  m = -1.0\n", "    if a[i] > m:\n      m = a[i]\n", "  return m\n");
  EXPECT_THAT(text, HasSubstr("m = select(gt(%chunk.0, m), %chunk.0, m)"));
}

TEST(Parallel, TheLeastByMinAndByIf) {
  const std::string least =
      loop("  m = 9.0\n", "    m = min(m, a[i])\n    if b[i] < m:\n      m = b[i]\n", "  return m\n");
  EXPECT_THAT(least, HasSubstr("m = select(lt(%chunk.0, m), %chunk.0, m)"));
  const std::string most = loop(
      "  m = 9.0\n", "    if i > 5:\n      m = max(m, a[i])\n    elif b[i] > m:\n      m = b[i]\n", "  return m\n");
  EXPECT_THAT(most, HasSubstr("m = select(gt(%chunk.0, m), %chunk.0, m)"));
  EXPECT_THAT(loop("  m = 9.0\n", "    m = min(m, a[i])\n    if b[i] > m:\n      m = b[i]\n", "  return m\n"),
              HasSubstr("for parallel i"));
}

TEST(Parallel, LastValues) {
  const std::string text = loop("  x = 0.0\n", "    x = a[i]\n    b[i] = x\n", "  return x\n");
  EXPECT_THAT(text, HasSubstr("  %chunk.0 = parallel"));
  EXPECT_THAT(text, HasSubstr("x = %chunk.0"));
}

TEST(Parallel, MixedFoldsKeepTheirOrder) {
  EXPECT_THAT(loop("  s = 0.0\n", "    s += a[i]\n    s *= b[i]\n", "  return s\n"), HasSubstr("for parallel i"));
}

TEST(Parallel, AFoldThatIsReadKeepsItsOrder) {
  EXPECT_THAT(loop("  s = 0.0\n", "    s += a[i]\n    b[i] = s\n", "  return s\n"), HasSubstr("for parallel i"));
}

TEST(Parallel, TheFirstOfSeveralLargestKeepsItsOrder) {
  const std::string text =
      loop("  m = -1.0\n  at = 0\n", "    if a[i] > m:\n      m = a[i]\n      at = i\n", "  return at\n");
  EXPECT_THAT(text, HasSubstr("for parallel i"));
}

TEST(Parallel, AValueThatNotEveryIterationWritesKeepsItsOrder) {
  EXPECT_THAT(loop("  x = 0.0\n", "    if a[i] > 0:\n      x = a[i]\n", "  return x\n"), HasSubstr("for parallel i"));
}

TEST(Parallel, RegionsInRegionsAreLoops) {
  const std::string text = loop("", "    for j in prange(n):\n      b[i] = a[j]\n");
  EXPECT_THAT(text, AllOf(HasSubstr("@f.region.1("), Not(HasSubstr("@f.region.2("))));
}

std::string pair(const std::string& body) {
  return regions("def f(a, b, m, n):\n  for i in prange(m):\n    for j in prange(n):\n" + body + "  return 0\n",
                 "f8[:,::1], f8[:,::1], i8, i8");
}

TEST(Parallel, OneLoopOfTwoWhoseIterationsHaveElementsOfTheirOwn) {
  const auto both = HasSubstr("lt(m, 64)");
  EXPECT_THAT(pair("      b[i, j] = a[i, j] * 2\n"), both);
  EXPECT_THAT(pair("      b[j, i] = a[0, 0]\n"), both);
  EXPECT_THAT(pair("      b[i, j] += a[i, j]\n"), both);
  // The loop inside is a plain one, whose order may matter.
  EXPECT_THAT(pair("      b[i, 0] += a[i, j]\n"), Not(both));
  EXPECT_THAT(pair("      b[i, j] = b[i, j - 1]\n"), Not(both));
  EXPECT_THAT(pair("      b[i, j] = a[i, j]\n    b[i, 0] = 1.0\n"), Not(both));
  EXPECT_THAT(pair("      if a[i, j] < 0:\n        raise ValueError(j)\n      b[i, j] = 0\n"), Not(both));
}

TEST(Parallel, SumsOverTheFirstAxisByPartsOfTheSecondOrByCopies) {
  const std::string text = regions("def f(a):\n  return a.sum(axis=0)\n", "f8[:,::1]");
  EXPECT_THAT(text, AllOf(HasSubstr("if ge(dim(a, 1), 2048)"), HasSubstr("@f.region.1("), HasSubstr("@f.region.2(")));
}

TEST(Parallel, FoldsOfFewLongRowsByPartsOfEachRow) {
  for (const char* fold : {"sum", "max"}) {
    const std::string text = regions("def f(a):\n  return a." + std::string(fold) + "(axis=1)\n", "f8[:,::1]");
    EXPECT_THAT(text, AllOf(HasSubstr(", 8), ge("), HasSubstr(", 131072)) {"), HasSubstr("%chunk.0 = parallel"),
                            HasSubstr("@f.region.2(")))
        << fold;
  }
}

TEST(Parallel, StatementsOnArrays) {
  const std::string text = regions("def f(a, b, n):\n  b[:] = a * 2\n  return (a * b).sum()\n", "f8[::1], f8[::1], i8");
  EXPECT_THAT(text, AllOf(HasSubstr("parallel uniform divisible @f.region.1("), HasSubstr("= parallel @f.region.2(")));
}

TEST(Parallel, PartsCanBeSwitchedOff) {
  const auto with = [](const std::string& parts) {
    return test::after_passes("from numba import prange\n@njit(parallel={" + parts +
                                  "})\ndef f(a, b):\n  for i in prange(a.size):\n    b[i] = 1\n  b[:] = a\n"
                                  "  b *= a\n  c = a * b\n  return c.sum()\n",
                              "f8[::1], f8[::1]", {passes::nest, passes::parallel});
  };
  const auto regions = [](const std::string& text) {
    int n = 0;
    for (size_t at = text.find("parallel uniform divisible @"); at != std::string::npos;
         at = text.find("parallel uniform divisible @", at + 1))
      ++n;
    return n + (text.find(" = parallel @") != std::string::npos ? 1 : 0);
  };
  EXPECT_EQ(regions(with("")), 5);  // one for the statements on b and c together
  EXPECT_EQ(regions(with("'prange': False")), 5);
  EXPECT_EQ(regions(with("'numpy': False, 'reduction': True")), 5);
  EXPECT_EQ(regions(with("'reduction': False, 'setitem': False, 'inplace_binop': False")), 2);
  EXPECT_THAT(with("'prang': False"), HasSubstr("did you mean 'prange'?"));
}

TEST(Parallel, NothingWithoutTheOption) {
  const std::string text = test::after_passes(
      "from numba import prange\n@njit\ndef f(a, b):\n  for i in prange(3):\n    b[i] = a[i]\n  b[:] = a\n",
      "f8[::1], f8[::1]", {passes::nest, passes::parallel});
  EXPECT_THAT(text, Not(HasSubstr("parallel")));
}

}  // namespace
}  // namespace kjit
