// Expressions: operators with Python's and NumPy's rules, order of evaluation, conditions.
#include "kirgen/kirgen_text.h"

namespace kjit {
namespace {

using test::kir_text;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

auto Valid() { return Not(HasSubstr("VIOLATION")); }

TEST(Kirgen, OperandsAreConvertedToTheCommonType) {
  EXPECT_THAT(kir_text("def f(a, b): return a * b\n", "i4, f8"),
              AllOf(Valid(), HasSubstr("return mul(cast<float64>(a), b)")));
  EXPECT_THAT(kir_text("def f(a, b): return a + b\n", "i4, i4"), HasSubstr("add(cast<int64>(a), cast<int64>(b))"));
  EXPECT_THAT(kir_text("def f(a): return a * 2.0\n", "f4"), HasSubstr("return mul(a, 2.0:float32)"));
}

TEST(Kirgen, DivisionByZeroIsCheckedWithPythonsTexts) {
  const std::string both =
      kir_text("def f(a, b, x): return a // b, a % b, a / b, x / b, x // x, x % x\n", "i8, i8, f8");
  EXPECT_THAT(both, Valid());
  EXPECT_THAT(both, HasSubstr("check ne(b, 0) else 6 \"integer division or modulo by zero\""));
  EXPECT_THAT(both, HasSubstr("\"integer modulo by zero\""));
  EXPECT_THAT(both, HasSubstr("\"division by zero\""));
  EXPECT_THAT(both, HasSubstr("\"float division by zero\""));
  EXPECT_THAT(both, HasSubstr("\"float floor division by zero\""));
  EXPECT_THAT(both, HasSubstr("\"float modulo\""));
}

TEST(Kirgen, ConstantDivisorsAndTheNumpyErrorModelNeedNoCheck) {
  EXPECT_THAT(kir_text("def f(a): return a // 3, a / 2, a % 7\n", "i8"), Not(HasSubstr("check")));
  const std::string numpy =
      kir_text("@njit(error_model='numpy')\ndef f(a, b, x): return x / x, a // b\n", "i8, i8, f8");
  EXPECT_THAT(numpy, AllOf(Valid(), Not(HasSubstr("check")), HasSubstr("select(eq(b, 0), 0, floordiv(a, b))")));
}

TEST(Kirgen, IntegerPowersOfUnknownExponentAreChecked) {
  EXPECT_THAT(kir_text("def f(a, b): return a ** b\n", "i8, i8"), HasSubstr("check ge(b, 0) else 2"));
  EXPECT_THAT(kir_text("def f(a): return a ** 2\n", "f8"), HasSubstr("return mul(a, a)"));
  EXPECT_THAT(kir_text("def f(a): return a ** -1\n", "i8"),
              AllOf(Valid(), HasSubstr("pow(cast<float64>(a), -1.0)"), Not(HasSubstr("check"))));
}

TEST(Kirgen, SignedWithUnsignedComparesExactly) {
  EXPECT_THAT(
      kir_text("def f(a, b): return a < b, a > b, a == b\n", "i8, u8"),
      HasSubstr("tuple(orelse(lt(a, 0), lt(cast<uint64>(a), b)), andthen(not(lt(a, 0)), gt(cast<uint64>(a), b)), "
                "andthen(not(lt(a, 0)), eq(cast<uint64>(a), b)))"));
}

TEST(Kirgen, ChainedComparisonsEvaluateTheMiddleOnce) {
  const std::string text = kir_text("@njit\ndef g(x): return x\ndef f(a, b): return a < g(b) < 9\n", "i8, i8");
  EXPECT_THAT(text, AllOf(Valid(), HasSubstr("return andthen(lt(a, %call.0), lt(%call.0, 9))")));
}

TEST(Kirgen, LaterOperandsOfAndAreEvaluatedOnlyWhenNeeded) {
  const std::string text = kir_text("@njit\ndef g(x): return x > 1\ndef f(a): return a > 0 and g(a)\n", "i8");
  EXPECT_THAT(text, AllOf(Valid(), HasSubstr("  if %t.0 {\n    %call.0 = call @g(a)\n    %t.0 = %call.0\n  }")));
}

TEST(Kirgen, AndAndOrGiveOperands) {
  EXPECT_THAT(kir_text("def f(n, x): return n or 5, x and 2.0\n", "i8, f8"),
              HasSubstr("tuple(select(cast<bool>(n), n, 5), select(not(cast<bool>(x)), x, 2.0))"));
  EXPECT_THAT(kir_text("def f(x):\n  y = x or 5\n  return y\n", "none"), HasSubstr("y = 5\n"));
}

TEST(Kirgen, ReadsOfMemoryStayInFrontOfCallsThatFollowThem) {
  const std::string text =
      kir_text("@njit\ndef g(a):\n  a[0] = 7\n  return 1.0\ndef f(a): return a[0] + g(a)\n", "f8[:]");
  EXPECT_THAT(text, AllOf(Valid(), HasSubstr("  %t.0 = a[0]\n  %call.0 = call @g(a)\n  return add(%t.0, %call.0)")));
}

TEST(Kirgen, VariablesAreNotSpilled) {
  EXPECT_THAT(kir_text("@njit\ndef g(a): return a\ndef f(a): return a + g(a)\n", "f8"),
              HasSubstr("return add(a, %call.0)"));
}

TEST(Kirgen, OptionalOperandsAreUnwrappedWithACheck) {
  const std::string text = kir_text("@njit\ndef g(x):\n  if x > 0:\n    return x\ndef f(x): return g(x) + 1\n", "f8");
  EXPECT_THAT(text, AllOf(Valid(), HasSubstr("check has(%call.0) else 3 \"expected a float, got None\""),
                          HasSubstr("return add(unwrap(%call.0), 1.0)")));
}

TEST(Kirgen, NoneIsComparedByPresence) {
  const std::string text = kir_text(
      "@njit\ndef g(x):\n  if x > 0:\n    return x\ndef f(x):\n  y = g(x)\n  return y is None, y == 2.0\n", "f8");
  EXPECT_THAT(text, AllOf(Valid(), HasSubstr("tuple(not(has(y)), andthen(has(y), eq(unwrap(y), 2.0)))")));
}

TEST(Kirgen, TuplesCompareElementByElement) {
  EXPECT_THAT(
      kir_text("def f(a, b): return (a, b) == (1, 2), (a, b) < (1, 2), a in (1, b)\n", "i8, i8"),
      HasSubstr("tuple(andthen(eq(a, 1), eq(b, 2)), select(eq(a, 1), select(eq(b, 2), false, lt(b, 2)), lt(a, 1)), "
                "orelse(eq(a, 1), eq(a, b)))"));
}

TEST(Kirgen, TernariesBecomeStatementsWhenABranchHasEffects) {
  EXPECT_THAT(kir_text("def f(a): return 1 if a > 0 else 2.5\n", "i8"), HasSubstr("return select(gt(a, 0), 1.0, 2.5)"));
  EXPECT_THAT(kir_text("def f(a, b): return a // b if b else 0\n", "i8, i8"),
              AllOf(Valid(), HasSubstr("if cast<bool>(b) {\n    check ne(b, 0)")));
}

TEST(Kirgen, ClosuresCarryTheirCaptures) {
  const std::string text = kir_text("def f(a, n):\n  def g(x): return x + n\n  return g(a)\n", "f8, i8");
  EXPECT_THAT(text, AllOf(Valid(), HasSubstr("g = tuple(n)"), HasSubstr("call @g(g.0, a)"),
                          HasSubstr("func @g(n: int64, x: float64) -> float64 {")));
}

TEST(Kirgen, DefaultsOfClosuresStandBehindTheirCaptures) {
  const std::string text = kir_text("def f(a, n):\n  def g(x, k=n * 2): return x + n + k\n  return g(a)\n", "f8, i8");
  EXPECT_THAT(text, AllOf(Valid(), HasSubstr("g = tuple(n, mul(n, 2))"), HasSubstr("call @g(g.0, a, g.1)")));
}

TEST(Kirgen, PrintTakesTuplesApart) {
  EXPECT_THAT(kir_text("def f(a):\n  print(a, 'x', None)\n", "f8"), HasSubstr("print a, \" x None\\n\""));
  EXPECT_THAT(kir_text("def f(a):\n  print('a =', (a, 2), sep=': ', end='!')\n", "f8"),
              AllOf(Valid(), HasSubstr("print \"a =: (\", a, \", \", 2, \")!\"")));
}

}  // namespace
}  // namespace kjit
