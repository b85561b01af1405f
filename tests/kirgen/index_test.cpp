// Subscripts and attributes of arrays, tuples and ranges.
#include "kirgen/kirgen_text.h"

namespace kjit {
namespace {

using test::kir_text;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

auto Valid() { return Not(HasSubstr("VIOLATION")); }

TEST(KirgenIndex, IndicesThatMayBeNegativeAreMarked) {
  EXPECT_THAT(kir_text("def f(a, i, u): return a[i], a[3], a[-1], a[u], a[a.size - 1]\n", "f8[:], i8, u4"),
              AllOf(Valid(), HasSubstr("tuple(a[i?], a[3], a[-1?], a[cast<int64>(u)], a[sub(dim(a, 0), 1)?])")));
}

TEST(KirgenIndex, IndexingTwiceIsIndexingOnce) {
  EXPECT_THAT(kir_text("def f(a, i, j):\n  a[i][j] = a[j, :][i]\n", "f8[:,:], i8, i8"),
              AllOf(Valid(), HasSubstr("a[i?, j?] = a[j?, i?]")));
}

TEST(KirgenIndex, BoundsAreCheckedOnRequest) {
  const std::string text = kir_text("def f(a, i): return a[i]\n", "f8[:], i8", "f", true);
  EXPECT_THAT(text,
              AllOf(Valid(), HasSubstr("check andthen(ge(i, neg(dim(a, 0))), lt(i, dim(a, 0))) else 4 "
                                       "\"index {0} is out of bounds for axis {1} with size {2}\", i, 0, dim(a, 0)")));
  EXPECT_THAT(kir_text("def f(a, i): return a[i]\n", "f8[:], i8"), Not(HasSubstr("check")));
}

TEST(KirgenIndex, SlicesClamp) {
  EXPECT_THAT(kir_text("def f(a): return a[2:]\n", "f8[:]"),
              AllOf(Valid(), HasSubstr("%t.0 = min(2, dim(a, 0))"), HasSubstr("%t.1 = max(sub(dim(a, 0), 2), 0)")));
  EXPECT_THAT(kir_text("def f(a): return a[:-2]\n", "f8[:]"), HasSubstr("%t.0 = max(sub(dim(a, 0), 2), 0)"));
  EXPECT_THAT(kir_text("def f(a): return a[::-1]\n", "f8[:]"), AllOf(Valid(), HasSubstr(":-1])")));
  EXPECT_THAT(kir_text("def f(a, k): return a[::k]\n", "f8[:], i8"), HasSubstr("else 2 \"slice step cannot be zero\""));
}

TEST(KirgenIndex, WholeAxesNeedNoArithmetic) {
  EXPECT_THAT(kir_text("def f(a): return a[:, 0], a[..., 1], a[None, 2]\n", "f8[:,:]"),
              AllOf(Valid(), HasSubstr("tuple(view(a, [:, 0]), view(a, [:, 1]), view(a, [newaxis, 2, :]))")));
}

TEST(KirgenIndex, TuplesAreIndices) {
  EXPECT_THAT(kir_text("def f(a, i):\n  t = (i, 0)\n  a[t] = a[t] + 1\n", "f8[:,:], i8"),
              AllOf(Valid(), HasSubstr("a[t.0?, t.1?] = add(a[t.0?, t.1?], 1.0)")));
}

TEST(KirgenIndex, ElementsOfTuples) {
  EXPECT_THAT(kir_text("def f(t, i): return t[-1], t[i]\n", "UniTuple(f8, 3), i8"),
              AllOf(Valid(), HasSubstr("\"tuple index out of range\""), HasSubstr("tuple(t.2, at(t, %t.0))")));
  EXPECT_THAT(kir_text("def f(a):\n  t = (a, 1, 2.5)\n  return t[1:]\n", "i8"), HasSubstr("return tuple(t.1, t.2)"));
}

TEST(KirgenIndex, AttributesOfArrays) {
  EXPECT_THAT(
      kir_text("def f(a): return a.shape[1], a.size, a.nbytes, a.ndim, a.strides, a.T\n", "f8[:,:]"),
      AllOf(Valid(), HasSubstr("tuple(dim(a, 1), size(a), mul(size(a), 8), 2, tuple(stride(a, 0), stride(a, 1)), "
                               "transpose(a, 1, 0))")));
}

TEST(KirgenIndex, PartsOfComplexArraysAreViews) {
  EXPECT_THAT(kir_text("def f(a):\n  a.imag[0] = 1\n", "c16[:]"),
              AllOf(Valid(), HasSubstr("%t.0 = makeview(a, 8, dim(a, 0), stride(a, 0))\n  %t.0[0] = 1.0")));
}

TEST(KirgenIndex, FlatIsRowMajorWhateverTheLayout) {
  EXPECT_THAT(kir_text("def f(a):\n  s = 0.0\n  for v in a.flat: s += v\n  return s\n", "f8[:,::1]"),
              AllOf(Valid(), HasSubstr("makeview(")));
  EXPECT_THAT(kir_text("def f(a):\n  s = 0.0\n  for v in a.flat: s += v\n  return s\n", "f8[:,:]"),
              AllOf(Valid(), HasSubstr("mod(%i.0, dim(%t.0, 1))")));
}

TEST(KirgenIndex, MembershipInAnArrayIsALoop) {
  EXPECT_THAT(kir_text("def f(a): return 1.5 in a\n", "f8[:]"), AllOf(Valid(), HasSubstr("break")));
}

}  // namespace
}  // namespace kjit
