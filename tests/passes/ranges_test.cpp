// Index ranges: what is proved, and above all what is not.
#include "passes/ranges.h"

#include "passes/pass_text.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string ranged(const std::string& body, const std::string& signature, bool boundscheck = false) {
  return test::after_passes(body, signature, {passes::ranges}, boundscheck);
}
auto Valid() { return Not(HasSubstr("VIOLATION")); }
auto NoWrap() { return AllOf(Valid(), Not(HasSubstr("?"))); }

TEST(Ranges, LoopVariablesFromNonnegativeStarts) {
  EXPECT_THAT(ranged("def f(a, n):\n  for i in range(n):\n    a[i] = a[i + 1]\n", "f8[:], i8"), NoWrap());
  EXPECT_THAT(ranged("def f(a, n):\n  for i in range(1, n):\n    a[i - 1] = i\n", "f8[:], i8"), NoWrap());
  EXPECT_THAT(ranged("def f(a, n):\n  for i in range(n - 1, -1, -1):\n    a[i] = i\n", "f8[:], i8"), NoWrap());
}

TEST(Ranges, NotPastTheStart) {
  EXPECT_THAT(ranged("def f(a, n):\n  for i in range(n):\n    a[i - 1] = i\n", "f8[:], i8"),
              HasSubstr("a[sub(i, 1)?]"));
  EXPECT_THAT(ranged("def f(a, n, lo):\n  for i in range(lo, n):\n    a[i] = i\n", "f8[:], i8, i8"),
              HasSubstr("a[i?]"));
  EXPECT_THAT(ranged("def f(a, n, s):\n  for i in range(0, n, s):\n    a[i] = i\n", "f8[:], i8, i8"),
              HasSubstr("a[i?]"));
}

TEST(Ranges, MirroredAndTriangularIndices) {
  EXPECT_THAT(ranged("def f(a):\n  n = a.size\n  for i in range(n):\n    a[n - 1 - i] = i\n", "f8[:]"), NoWrap());
  EXPECT_THAT(ranged("def f(a, n):\n  for i in range(n):\n    for j in range(i, n):\n      a[j - i] = a[n - 1 - j]\n",
                     "f8[:], i8"),
              NoWrap());
  EXPECT_THAT(ranged("def f(a):\n  n = a.size\n  for i in range(n):\n    a[n - 2 - i] = i\n", "f8[:]"), HasSubstr("?"));
}

TEST(Ranges, AVariableAssignedInTheBodyIsNotTheCounter) {
  EXPECT_THAT(ranged("def f(a, n):\n  for i in range(n):\n    i = i - 5\n    a[i] = 1\n", "f8[:], i8"), HasSubstr("?"));
  EXPECT_THAT(ranged("def f(a, n):\n  for i in range(n):\n    a[n - 1 - i] = 1\n    n = n - 3\n", "f8[:], i8"),
              HasSubstr("?"));
}

TEST(Ranges, CountersOfWhileLoops) {
  EXPECT_THAT(ranged("def f(a, n):\n  i = 0\n  while i < n:\n    a[i] = 1\n    i += 2\n", "f8[:], i8"), NoWrap());
  EXPECT_THAT(ranged("def f(a, n):\n  i = 0\n  while i < n:\n    a[i] = 1\n    i -= 2\n", "f8[:], i8"), HasSubstr("?"));
}

TEST(Ranges, ConditionsHoldWhereTheyGuard) {
  const std::string sift = ranged(
      "def f(a, key):\n  j = a.size - 1\n  while j >= 0 and a[j] > key:\n    a[j + 1] = a[j]\n    j -= 1\n  a[j] = "
      "key\n",
      "f8[:], f8");
  EXPECT_THAT(sift,
              AllOf(Valid(), HasSubstr("gt(a[j], key)"), HasSubstr("a[add(j, 1)] = a[j]"), HasSubstr("a[j?] = key")));
  EXPECT_THAT(ranged("def f(a, i):\n  if i < 1:\n    return 0.0\n  return a[i - 1]\n", "f8[:], i8"), NoWrap());
  EXPECT_THAT(ranged("def f(a, i):\n  if i > 0:\n    i -= 1\n    a[i] = 1\n    i -= 1\n    a[i] = 1\n", "f8[:], i8"),
              AllOf(HasSubstr("a[i.1] = 1.0"), HasSubstr("a[i.2?] = 1.0")));
  EXPECT_THAT(ranged("def f(a, i): return a[i] if i >= 0 else a[i + 5]\n", "f8[:], i8"),
              AllOf(HasSubstr("a[i]"), HasSubstr("a[add(i, 5)?]")));
}

TEST(Ranges, ConditionsDieWithTheirVariables) {
  EXPECT_THAT(ranged("def f(a, i, n):\n  if i >= 0:\n    while n > 0:\n      a[i] = 1\n      i = i - n\n      n -= 1\n",
                     "f8[:], i8, i8"),
              HasSubstr("?"));
}

TEST(Ranges, RemaindersMasksAndUnsignedNumbers) {
  EXPECT_THAT(ranged("def f(a, k):\n  a[k % 7] = 1\n  a[k & 15] = 1\n", "f8[:], i8"), NoWrap());
  EXPECT_THAT(ranged("def f(a, k):\n  a[k % -7] = 1\n", "f8[:], i8"), HasSubstr("?"));
  EXPECT_THAT(ranged("def f(a, b, i):\n  a[b[i]] = 1\n", "f8[:], u1[:], u4"), NoWrap());
  EXPECT_THAT(ranged("def f(a, b, i):\n  a[b[i]] = 1\n", "f8[:], i4[:], u4"), HasSubstr("a[cast<int64>(b["));
  EXPECT_THAT(ranged("def f(a, b, i):\n  a[b[i]] = 1\n", "f8[:], i4[:], u4"), HasSubstr("?"));
}

TEST(Ranges, RecurrencesThatMultiplyAreNotTrusted) {
  EXPECT_THAT(ranged("def f(a, n):\n  h = 1\n  while h < n:\n    h = h * 31 + 1\n    a[h] = 1\n", "f8[:], i8"),
              HasSubstr("a[h?]"));
}

TEST(Ranges, ProductsOfCounters) {
  EXPECT_THAT(ranged("def f(a, m, n):\n  for i in range(m):\n    for j in range(n):\n      a[i * n + j] = 1\n",
                     "f8[:], i8, i8"),
              NoWrap());
  EXPECT_THAT(ranged("def f(a, m, n, k):\n  for i in range(m):\n    a[i * k] = 1\n", "f8[:], i8, i8, i8"),
              HasSubstr("?"));
}

TEST(Ranges, BoundsChecksThatHoldAreMarked) {
  const std::string text =
      ranged("def f(a):\n  s = 0.0\n  for i in range(a.shape[0]):\n    s += a[i]\n  return s\n", "f8[:]", true);
  EXPECT_THAT(text, AllOf(Valid(), HasSubstr("proved andthen("), Not(HasSubstr("check and"))));
  EXPECT_THAT(
      ranged("def f(a):\n  s = 0.0\n  for i in range(a.shape[0]):\n    s += a[i + 1]\n  return s\n", "f8[:]", true),
      HasSubstr("check and"));
  EXPECT_THAT(ranged("def f(a, n):\n  s = 0.0\n  for i in range(n):\n    s += a[i]\n  return s\n", "f8[:], i8", true),
              HasSubstr("check and"));
}

TEST(Ranges, DivisorsKnownToBePositive) {
  EXPECT_THAT(ranged("def f(n):\n  s = 0\n  for i in range(1, n):\n    s += n // i\n  return s\n", "i8"),
              HasSubstr("proved ne(i, 0)"));
  EXPECT_THAT(ranged("def f(n):\n  s = 0\n  for i in range(0, n):\n    s += n // i\n  return s\n", "i8"),
              HasSubstr("check ne(i, 0)"));
}

}  // namespace
}  // namespace kjit
