// Type inference: versions of names, joins, loops, pruning, calls, and what is said when types do not fit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/kernel_text.h"

namespace kjit {
namespace {

using test::KernelText;
using testing::HasSubstr;

std::string result(const std::string& body, const std::string& signature, const std::string& function = "f") {
  return KernelText("import numpy as np\nimport math\nfrom numba import njit\n" + body).result(function, signature);
}

TEST(Infer, ScalarArithmeticFollowsPromotion) {
  EXPECT_EQ(result("def f(a, b): return a + b\n", "i8, f8"), "float64");
  EXPECT_EQ(result("def f(a, b): return a * b\n", "i4, i4"), "int64");
  EXPECT_EQ(result("def f(x): return x * 2.0\n", "f4"), "float32");
  EXPECT_EQ(result("def f(x): return x / 2\n", "i8"), "float64");
}

TEST(Infer, AccumulatorThatBecomesFloatIsFloatFromTheStart) {
  EXPECT_EQ(result("def f(x):\n  s = 0\n  for v in x:\n    s += v\n  return s\n", "f8[:]"), "float64");
}

TEST(Infer, WeakAndStrongMeetInTheSixtyFourBitType) {
  EXPECT_EQ(result("def f(x):\n  s = 0.0\n  for i in range(x.size):\n    s += x[i]\n  return s\n", "f4[:]"), "float64");
}

TEST(Infer, NamesMayBeReboundToOtherTypes) {
  EXPECT_EQ(result("def f(x):\n  y = x.shape\n  y = y[0] * 0.5\n  return y\n", "f8[:]"), "float (Python)");
}

TEST(Infer, VersionsThatMeetWhereNobodyLooksStayApart) {
  EXPECT_EQ(result("def f(x, c):\n  if c:\n    t = 1\n  else:\n    t = x\n  t = 2.5\n  return t\n", "f8[:], b1"),
            "float (Python)");
}

TEST(Infer, VersionsWithoutCommonTypeNameBothDefinitions) {
  auto text = result("def f(x, c):\n  t = 1\n  if c:\n    t = x\n  return t\n", "f8[:], b1");
  EXPECT_THAT(text, HasSubstr("[cannot-unify]"));
}

TEST(Infer, NoneIsPrunedBeforeInference) {
  EXPECT_EQ(result("def f(x=None):\n  if x is None:\n    x = 1.5\n  return x\n", "none"), "float (Python)");
  EXPECT_EQ(result("def f(x=None):\n  if x is not None and x > 0:\n    return 1\n  return 2\n", "none"),
            "int (Python)");
  EXPECT_EQ(result("def f(x=None):\n  y = 0 if x is None else x[0]\n  return y\n", "none"), "int (Python)");
}

TEST(Infer, IsinstanceIsPruned) {
  EXPECT_EQ(
      result("def f(x):\n  if isinstance(x, (int, np.integer)):\n    return x\n  return x.sum_of_nothing\n", "i8"),
      "int64");
}

TEST(Infer, OptionalResults) { EXPECT_EQ(result("def f(x):\n  if x > 0:\n    return x\n", "f8"), "float64 or None"); }

TEST(Infer, Recursion) {
  EXPECT_EQ(result("@njit\ndef f(n):\n  if n < 2:\n    return n\n  return f(n - 1) + f(n - 2)\n", "i8"), "int64");
  EXPECT_EQ(result("@njit\ndef even(n):\n  if n == 0:\n    return True\n  return odd(n - 1)\n"
                   "@njit\ndef odd(n):\n  if n == 0:\n    return False\n  return even(n - 1)\n",
                   "i8", "even"),
            "bool");
  EXPECT_THAT(result("@njit\ndef f(n): return f(n)\n", "i8"), HasSubstr("[cannot-infer]"));
}

TEST(Infer, CallsWithKeywordsDefaultsAndStars) {
  EXPECT_EQ(result("def g(a, b=2.5, c=1): return a + b * c\ndef f(x): return g(x, c=3)\n", "i8"), "float64");
  EXPECT_EQ(result("def g(*t): return t\ndef f(x): return g(x, 1.5, True)\n", "i8"),
            "tuple(int64, float (Python), bool)");
  EXPECT_EQ(result("def g(a, b): return a + b\ndef f(x): return g(*x)\n", "Tuple((i8, f8))"), "float64");
}

TEST(Infer, FunctionsClosuresAndLambdasAreValues) {
  EXPECT_EQ(
      result("def apply(g, x): return g(x)\ndef f(x, k):\n  h = lambda v: v * k\n  return apply(h, x)\n", "i8, f8"),
      "float64");
  EXPECT_EQ(result("def f(x, k):\n  def h(v):\n    return v + k\n  return h(x)\n", "i8, f8"), "float64");
}

TEST(Infer, IndexingGivesElementsAndViews) {
  EXPECT_EQ(result("def f(a): return a[0]\n", "f8[:,::1]"), "array(float64, 1d, C)");
  EXPECT_EQ(result("def f(a): return a[:, 0]\n", "f8[:,::1]"), "array(float64, 1d, A)");
  EXPECT_EQ(result("def f(a): return a[1:3]\n", "f8[:,::1]"), "array(float64, 2d, C)");
  EXPECT_EQ(result("def f(a): return a[0][1]\n", "f8[:,::1]"), "float64");
  EXPECT_EQ(result("def f(a): return a[..., None, 1]\n", "f8[:,::1]"), "array(float64, 2d, A)");
  EXPECT_EQ(result("def f(a): return a.T\n", "f8[:,::1]"), "array(float64, 2d, F)");
  EXPECT_THAT(result("def f(a): return a[0, 0, 0]\n", "f8[:,::1]"),
              HasSubstr("3 indices for an array of 2 dimensions"));
}

TEST(Infer, UnboundNames) {
  EXPECT_THAT(result("def f(a):\n  b = c\n  c = a\n  return b\n", "i8"), HasSubstr("[unbound-local]"));
  EXPECT_THAT(result("def f(a): return lenght(a)\n", "i8"), HasSubstr("[undefined-name]"));
  KernelText text("def f(n):\n  for i in range(n):\n    x = i\n  return x\n");
  auto program = text.infer("f", "i8");
  ASSERT_TRUE(program) << text.messages();
  EXPECT_TRUE(std::any_of(program->entry->variables.begin(), program->entry->variables.end(),
                          [](auto& v) { return v.name == "x" && v.maybe_unbound; }));
}

TEST(Infer, ExplicitSignaturesChooseTypesAndConvert) {
  EXPECT_EQ(result("@njit('f8(f8)')\ndef f(x): return x * 2\n", "i8"), "float64");
  EXPECT_EQ(result("@njit(['i8(i8)', 'f8(f8)'])\ndef f(x): return x * 2\n", "f4"), "float64");
  EXPECT_THAT(result("@njit('f8(f8[:])')\ndef f(x): return x[0]\n", "i8"), HasSubstr("[no-matching-signature]"));
  EXPECT_THAT(result("@njit('f8(f8, f8)')\ndef f(x): return x\n", "f8"), HasSubstr("[bad-signature]"));
}

TEST(Infer, DecoratorOptionsAreChecked) {
  EXPECT_THAT(result("@njit(fastmth=True)\ndef f(x): return x\n", "f8"), HasSubstr("did you mean 'fastmath'?"));
  EXPECT_THAT(result("@njit(error_model='c')\ndef f(x): return x\n", "f8"), HasSubstr("[bad-option]"));
}

TEST(Infer, StatementsAfterReturnAreNotTyped) {
  EXPECT_EQ(result("def f(x):\n  return x\n  return x.nothing\n", "f8"), "float64");
}

TEST(Infer, ErrorsInCalleesSayWhoCalled) {
  KernelText text("def g(x): return x.nothing\ndef f(x): return g(x)\n");
  EXPECT_FALSE(text.infer("f", "f8"));
  ASSERT_EQ(text.diagnostics.all().size(), 1u) << text.messages();
  ASSERT_EQ(text.diagnostics.all()[0].notes.size(), 1u);
  EXPECT_THAT(text.diagnostics.all()[0].notes[0].message, HasSubstr("called here with (float64)"));
}

TEST(Infer, EndlessSpecialisationIsAnError) {
  EXPECT_THAT(result("def f(*t): return f(t)\n", "i8"), HasSubstr("ever new types"));
  EXPECT_THAT(result("def f(t): return f((t,))\n", "i8"), HasSubstr("ever new types"));
  EXPECT_THAT(result("def f(t): return f((t, t))\n", "i8"), HasSubstr("a tuple of more than 512 values"));
}

}  // namespace
}  // namespace kjit
