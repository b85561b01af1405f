// Whole-array statements: which are fused, which must not be; the forms of loop nests.
#include "passes/fuse.h"

#include "passes/nest.h"
#include "passes/pass_text.h"
#include "passes/values.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string fused(const std::string& body, const std::string& signature) {
  return test::after_passes(body, signature, {passes::fuse});
}
std::string nested(const std::string& body, const std::string& signature) {
  return test::after_passes(body, signature, {passes::fuse, passes::nest});
}

int count(const std::string& text, const std::string& what) {
  int n = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

TEST(Fuse, AnExpressionIsOneStatement) {
  const std::string text = fused("def f(a, b):\n  return np.sqrt(a * b + 1.0)\n", "f8[::1], f8[::1]");
  EXPECT_EQ(count(text, "= alloc("), 1) << text;
  EXPECT_EQ(count(text, "map new"), 1) << text;
}

TEST(Fuse, AcrossStatements) {
  const std::string text =
      fused("def f(a, b):\n  t = a * b\n  u = t + a\n  return u.size, np.sum(u)\n", "f8[::1], f8[::1]");
  EXPECT_EQ(count(text, "= alloc("), 0) << text;
  EXPECT_EQ(count(text, "reduce add"), 1) << text;
}

TEST(Fuse, IntoAStoredSlice) {
  const std::string text = fused("def f(a, b):\n  b[1:] = a[1:] - a[:-1]\n", "f8[:], f8[:]");
  EXPECT_EQ(count(text, "= alloc("), 0) << text;
}

TEST(Fuse, IntoAWholeArrayInPlaceAndAsOneLine) {
  const std::string text = nested("def f(a, b):\n  a[:, :] = a * 2.0 + b\n", "f8[:,::1], f8[:,::1]");
  const std::string fast = text.substr(0, text.find("} else {"));
  EXPECT_THAT(fast, AllOf(Not(HasSubstr("= alloc(")), Not(HasSubstr("view(a, [")))) << text;
  EXPECT_EQ(count(fast, "for %"), 1) << text;
}

TEST(Fuse, NotWhatIsReadTwice) {
  const std::string text = fused("def f(a):\n  t = a * 2.0\n  return t + 1.0, t - 1.0\n", "f8[::1]");
  EXPECT_EQ(count(text, "= alloc("), 3) << text;
}

TEST(Fuse, NotOverAStore) {
  const std::string text = fused("def f(a):\n  t = a * 2.0\n  a[0] = 7.0\n  return t + 1.0\n", "f8[::1]");
  EXPECT_EQ(count(text, "= alloc("), 2) << text;
}

TEST(Fuse, OverAStoreIntoAnotherArrayMadeHere) {
  const std::string text = fused(
      "def f(a):\n  c = np.zeros(a.size)\n  v = c[1:]\n  t = a * 2.0\n  v[0] = 7.0\n  v[1:] = a[2:]\n  return t + c\n",
      "f8[::1]");
  EXPECT_EQ(count(text, "map new"), 1) << text;
}

TEST(Fuse, NotOverAStoreIntoAnotherParameter) {
  const std::string text = fused("def f(a, b):\n  t = a * 2.0\n  b[0] = 7.0\n  return t + 1.0\n", "f8[::1], f8[::1]");
  EXPECT_EQ(count(text, "map new"), 2) << text;
}

TEST(Fuse, NotOverAStoreThroughAView) {
  const std::string text =
      fused("def f(n):\n  c = np.zeros(n)\n  v = c[1:]\n  t = c * 2.0\n  v[0] = 7.0\n  return t + 1.0\n", "int64");
  EXPECT_EQ(count(text, "map new"), 2) << text;
}

TEST(Fuse, NotOverAStoreIntoOneOfTwoArrays) {
  const std::string text = fused(
      "def f(a, n):\n  c = np.zeros(n)\n  for i in range(3):\n    d = np.zeros(n)\n    t = d * 2.0\n    c[0] = 1.0\n"
      "    a = t + 1.0\n    c = d\n  return a\n",
      "f8[::1], int64");
  EXPECT_EQ(count(text, "map new"), 2) << text;
}

TEST(Fuse, NotOverANewValueOfAnOperand) {
  const std::string text =
      fused("def f(a, b):\n  for i in range(3):\n    t = a + b\n    a = b[1:]\n    s = t + a[0]\n  return s\n",
            "f8[:], f8[:]");
  EXPECT_EQ(count(text, "map new"), 2) << text;
}

TEST(Fuse, NotWhatMayRaise) {
  const std::string text = fused("def f(a, n):\n  t = a ** n\n  return t + 1\n", "i8[::1], int64");
  EXPECT_EQ(count(text, "map new"), 2) << text;
}

TEST(Fuse, LongSumsTakeNoLongerThanTheirLength) {
  std::string sum = "a * 0";
  for (int i = 1; i < 60; ++i) sum += " + a * " + std::to_string(i);
  const std::string text = fused("def f(a):\n  return " + sum + "\n", "f8[::1]");
  EXPECT_EQ(count(text, "= alloc("), 1);
}

TEST(Nest, OneContiguousArrayIsOnePlainLoop) {
  const std::string text = nested("def f(a):\n  return a * 2.0\n", "f8[:,::1]");
  EXPECT_EQ(count(text, "for %i"), 1) << text;
  EXPECT_THAT(text, AllOf(HasSubstr("makeview("), Not(HasSubstr("if "))));
}

TEST(Nest, LengthsThatMayDifferHaveAGeneralForm) {
  const std::string text = nested("def f(a, b):\n  return a * b\n", "f8[::1], f8[::1]");
  EXPECT_EQ(count(text, "for %i"), 2) << text;
  EXPECT_THAT(text, HasSubstr("sub(min(dim("));
}

TEST(Nest, NewAxesAreKnownToRepeat) {
  const std::string text = nested("def f(a, b):\n  return a[:, None] * b[None, :]\n", "f8[::1], f8[::1]");
  EXPECT_THAT(text, Not(HasSubstr("general")));
}

TEST(Nest, ColumnsCutOutAsSlicesAreKnownToRepeat) {
  EXPECT_THAT(nested("def f(a):\n  y = a[:, 1:2]\n  return y.T - y\n", "f8[:,::1]"),
              AllOf(HasSubstr("[0, %i.1]"), HasSubstr("y[%i.0, 0]")));
}

TEST(Nest, WiderSlicesMayRepeat) {
  EXPECT_THAT(nested("def f(a):\n  y = a[:, 1:3]\n  return y.T - y\n", "f8[:,::1]"), HasSubstr("y[%i.0, %i.1]"));
}

TEST(Nest, AStencilInPlaceGoesThroughATemporaryWhereItOverlaps) {
  const std::string text = nested("def f(a):\n  a[1:] = a[:-1] * 0.5\n", "f8[::1]");
  EXPECT_THAT(text, AllOf(HasSubstr("if overlaps("), HasSubstr("elements ")));
}

TEST(Nest, NothingIsInTheWayOfAnUpdateByANumber) {
  EXPECT_THAT(nested("def f(a):\n  a += 1.0\n", "f8[::1]"), AllOf(Not(HasSubstr("overlaps")), Not(HasSubstr("alloc"))));
}

TEST(Nest, FoldsOverTheLastAxisAreScalars) {
  const std::string text = nested("def f(a):\n  return a.max(axis=1)\n", "f8[:,::1]");
  EXPECT_THAT(text, AllOf(HasSubstr("%fold.0 = maximum(%fold.0"), Not(HasSubstr("fill "))));
}

// Each length is made of two that are made of the one before: following every path would not end.
TEST(Nest, LengthsThatHangOnEachOtherAreLookedIntoOnce) {
  std::string body = "def f(a):\n  x = a\n";
  for (int i = 0; i < 60; ++i) body += "  x = np.where(a > " + std::to_string(i) + ", x * 2, x)\n";
  EXPECT_EQ(count(nested(body + "  return x\n", "f8[::1]"), "VIOLATION"), 0);
}

TEST(Nest, FoldsOverTheFirstAxisGoAlongTheRows) {
  EXPECT_THAT(nested("def f(a):\n  return a.sum(axis=0)\n", "f8[:,::1]"), HasSubstr("fill %new.0 = 0.0"));
}

TEST(SharedLoops, SeveralResultsOfOneShape) {
  const std::string text = nested("def f(a, b):\n  s = a + b\n  d = a - b\n  return s, d, s * d\n", "f8[::1], f8[::1]");
  const std::string fast = text.substr(0, text.find("} else {"));
  EXPECT_EQ(count(fast, "for %"), 1) << text;
  EXPECT_EQ(count(fast, "= a[%"), 1) << text;
}

TEST(SharedLoops, AnArrayThatOnlyTheyReadIsNotMade) {
  const auto valued = [](const std::string& body, const std::string& signature) {
    return test::after_passes(body, signature, {passes::values, passes::fuse, passes::nest});
  };
  const std::string text = valued("def f(a):\n  t = a * 2.0\n  return t + 1.0, t - 1.0\n", "f8[::1]");
  EXPECT_EQ(count(text, "= alloc("), 2) << text;
  const std::string two = valued("def f(a, b):\n  t = a * b\n  return t + 1.0, t - 1.0\n", "f8[::1], f8[::1]");
  EXPECT_EQ(count(two.substr(0, two.find("} else {")), "= alloc("), 2) << two;
}

TEST(SharedLoops, NotWhatIsReadAtAnotherIndex) {
  const std::string text = nested("def f(a, b):\n  b[1:] = a[1:] * 2.0\n  return b[:-1] + a[1:]\n", "f8[::1], f8[::1]");
  const std::string f = text.substr(0, text.find("func @f.general"));
  EXPECT_EQ(count(f, "for %"), 2) << text;
}

TEST(SharedLoops, RowsMayBeTheSame) {
  const std::string text =
      nested("def f(m, i, j):\n  m[i, :] = m[i, :] + 1.0\n  m[j, :] = m[i, :] * 2.0\n", "f8[:,::1], i8, i8");
  EXPECT_THAT(text, HasSubstr("not(eq(")) << text;
}

TEST(SharedLoops, ChecksStayBehindStoresThatAreSeen) {
  const std::string text =
      nested("def f(a, b, c):\n  a[:] = b * 2.0\n  x = a + b\n  return x[:2] + c\n", "f8[::1], f8[::1], f8[::1]");
  const size_t store = text.find("a[%i"), check = text.find("%t", text.rfind("check ", text.find("func @f.general")));
  EXPECT_LT(store, check) << text;
  EXPECT_LT(text.find("call @f.general.1("), text.find("call @f.general.2(")) << text;
}

TEST(SharedLoops, NotFoldsThatTheNextStatementAsksFor) {
  const std::string text = nested("def f(a):\n  m = a.max()\n  return a - m\n", "f8[::1]");
  EXPECT_EQ(count(text, "for %"), 2) << text;
}

}  // namespace
}  // namespace kjit
