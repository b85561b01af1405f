// Statements: loops, assignment, unpacking, exceptions, variables that may be unbound.
#include "kirgen/kirgen_text.h"

namespace kjit {
namespace {

using test::kir_text;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

auto Valid() { return Not(HasSubstr("VIOLATION")); }

TEST(Kirgen, RangeLoopsCountInTheirVariable) {
  EXPECT_THAT(kir_text("def f(n):\n  s = 0\n  for i in range(1, n, 2):\n    s += i\n  return s\n", "i8"),
              AllOf(Valid(), HasSubstr("for i in 1, n, 2 {\n    s = add(s, i)\n  }")));
}

TEST(Kirgen, AStepThatIsNotConstantIsChecked) {
  EXPECT_THAT(kir_text("def f(n, k):\n  for i in range(0, n, k): pass\n", "i8, i8"),
              AllOf(Valid(), HasSubstr("check ne(k, 0) else 2 \"range() arg 3 must not be zero\"")));
}

TEST(Kirgen, LoopsOverArraysKeepTheArrayTheyBeganWith) {
  EXPECT_THAT(kir_text("def f(a):\n  for v in a:\n    a = a[1:]\n  return a\n", "f8[:]"),
              AllOf(Valid(), HasSubstr("for %i.0 in 0, dim(%t.0, 0), 1 {\n    v = %t.0[%i.0]")));
}

TEST(Kirgen, EnumerateAndZipMakeNoTuples) {
  const std::string text =
      kir_text("def f(a, b):\n  s = 0.0\n  for i, (x, y) in enumerate(zip(a, b)):\n    s += x * y * i\n  return s\n",
               "f8[:], f8[:]");
  EXPECT_THAT(text, AllOf(Valid(), HasSubstr("min(dim("), Not(HasSubstr("tuple("))));
}

TEST(Kirgen, ElseOfLoops) {
  EXPECT_THAT(kir_text("def f(a):\n  for v in a:\n    if v < 0: break\n  else:\n    return 1\n  return 0\n", "f8[:]"),
              AllOf(Valid(), HasSubstr("  } else {\n    return 1\n  }")));
}

TEST(Kirgen, WhileConditionsWithEffectsStandInTheHead) {
  EXPECT_THAT(kir_text("def f(n, k):\n  while n // k > 1:\n    n -= 1\n  return n\n", "i8, i8"),
              AllOf(Valid(), HasSubstr("head {\n    check ne(k, 0)")));
}

TEST(Kirgen, SwapsGoThroughTemporaries) {
  EXPECT_THAT(kir_text("def f(x, y):\n  for k in range(3):\n    x, y = y, x + y\n  return x\n", "f8, f8"),
              AllOf(Valid(), HasSubstr("%t.0 = y\n    %t.1 = add(x, y)\n    x = %t.0\n    y = %t.1")));
  EXPECT_THAT(kir_text("def f(a):\n  a[0], a[1] = a[1], a[0]\n", "f8[:]"),
              AllOf(Valid(), HasSubstr("%t.0 = a[1]\n  %t.1 = a[0]\n  a[0] = %t.0\n  a[1] = %t.1")));
}

TEST(Kirgen, UnpackingOfArraysChecksTheLength) {
  EXPECT_THAT(kir_text("def f(a):\n  x, y = a\n  return x + y\n", "f8[:]"),
              AllOf(Valid(), HasSubstr("\"not enough values to unpack (expected 2, got {0})\""),
                    HasSubstr("\"too many values to unpack (expected 2)\"")));
}

TEST(Kirgen, StarredTargetsTakeTheRest) {
  EXPECT_THAT(kir_text("def f(a):\n  x, *y = (a, 1, 2.5)\n  return y\n", "i8"),
              AllOf(Valid(), HasSubstr("y = tuple(1, 2.5)")));
}

TEST(Kirgen, AugmentedElementsEvaluateTheIndexOnce) {
  EXPECT_THAT(kir_text("@njit\ndef g(i): return i\ndef f(a, i):\n  a[g(i)] += 2\n", "f8[:], i8"),
              AllOf(Valid(), HasSubstr("a[%call.0?] = add(a[%call.0?], 2.0)")));
}

TEST(Kirgen, AugmentedSlicesWorkElementByElement) {
  const std::string text = kir_text("def f(a):\n  a[1:] += a[:-1]\n", "f8[:]");
  EXPECT_THAT(text, AllOf(Valid(), HasSubstr("map %t.2 over "), HasSubstr("give add(%x.0, %x.1)")));
}

TEST(Kirgen, AHelperHasAVersionForEachSetOfOptions) {
  const std::string text = kir_text(
      "def ratio(a, b): return a / b\n@njit(error_model='numpy')\ndef quiet(a, b): return ratio(a, b)\n"
      "@njit\ndef f(a, b): return quiet(a, b), ratio(a, b)\n",
      "f8, f8");
  EXPECT_THAT(text, AllOf(Valid(), HasSubstr("@ratio("), HasSubstr("@ratio.1("), HasSubstr("float division by zero")));
}

TEST(Kirgen, SlicesAreFilledAndCopied) {
  EXPECT_THAT(kir_text("def f(a):\n  a[:, 0] = 1\n", "f8[:,:]"), HasSubstr("fill view(a, [:, 0]) = 1.0"));
  EXPECT_THAT(kir_text("def f(a, b):\n  a[1, :] = b\n", "f8[:,:], f8[:]"),
              AllOf(Valid(), HasSubstr("elements %t.0 = %t.1"), HasSubstr("could not broadcast input array")));
}

TEST(Kirgen, ExceptionsCarryTheirText) {
  EXPECT_THAT(kir_text("def f(n):\n  assert n > 0, 'positive'\n  raise ValueError('no')\n", "i8"),
              AllOf(Valid(), HasSubstr("check gt(n, 0) else 10 \"positive\""), HasSubstr("raise 2 \"no\"")));
  EXPECT_THAT(kir_text("def f(n):\n  raise IndexError\n", "i8"), HasSubstr("raise 4 \"\""));
  EXPECT_THAT(kir_text("def f(n):\n  raise RuntimeError('code', 3)\n", "i8"), HasSubstr("raise 11 \"('code', 3)\""));
}

TEST(Kirgen, ExceptionsWriteTheirValues) {
  EXPECT_THAT(kir_text("def f(n):\n  raise ValueError(f'bad {n}', 2)\n", "i8"),
              AllOf(Valid(), HasSubstr("message\n  print \"('bad \", n, \"', 2)\"\n  raise 2 message")));
  EXPECT_THAT(kir_text("def f(n):\n  assert n > 0, n\n", "i8"),
              AllOf(Valid(), HasSubstr("if not(gt(n, 0)) {\n    message\n    print n\n    raise 10 message")));
}

TEST(Kirgen, VariablesThatMayBeUnboundAreChecked) {
  EXPECT_THAT(kir_text("def f(n):\n  if n > 3:\n    k = 1.5\n  return k\n", "i8"),
              AllOf(Valid(), HasSubstr("check %bound.0 else 16 \"cannot access local variable 'k'")));
}

TEST(Kirgen, FunctionsThatFallOffTheirEndReturnNone) {
  EXPECT_THAT(kir_text("def f(x):\n  if x > 0:\n    return x\n", "f8"),
              AllOf(Valid(), HasSubstr("return some(x)"), HasSubstr("return none:float64 or None")));
}

TEST(Kirgen, ParametersThatAreReboundAreCopied) {
  EXPECT_THAT(kir_text("def f(n):\n  while n > 3:\n    n -= 1\n  return n\n", "i8"),
              AllOf(Valid(), HasSubstr("func @f(n.1: int64)"), HasSubstr("n = n.1\n")));
}

TEST(Kirgen, IndicesOfArraysAreNestedLoopsUnlessABreakLeavesThem) {
  EXPECT_THAT(kir_text("def f(a):\n  for i, x in np.ndenumerate(a):\n    a[i] = x + 1\n", "f8[:,:]"),
              AllOf(Valid(), Not(HasSubstr("floordiv")), Not(HasSubstr("mod("))));
  EXPECT_THAT(kir_text("def f(a):\n  for i, x in np.ndenumerate(a):\n    if x > 1:\n      break\n", "f8[:,:]"),
              AllOf(Valid(), HasSubstr("floordiv")));
}

TEST(Kirgen, RecursionIsMarked) {
  EXPECT_THAT(kir_text("@njit\ndef f(n):\n  if n < 2:\n    return n\n  return f(n - 1) + f(n - 2)\n", "i8"),
              AllOf(Valid(), HasSubstr("exported recursive {"), HasSubstr("%call.1 = call @f(sub(n, 2))")));
}

TEST(Kirgen, ReturnsConvertToTheResult) {
  EXPECT_THAT(kir_text("def f(n):\n  if n > 3:\n    return 1.5\n  return n\n", "i8"),
              AllOf(Valid(), HasSubstr("return cast<float64>(n)")));
}

}  // namespace
}  // namespace kjit
