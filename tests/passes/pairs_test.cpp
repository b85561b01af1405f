// Both products of one matrix with vectors: which are made in one pass over it, and what keeps them apart.
#include "passes/pairs.h"

#include "passes/pass_text.h"
#include "passes/values.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string paired(const std::string& body, const std::string& signature) {
  return test::after_passes(body, signature, {passes::values, passes::pairs});
}
auto Together() { return AllOf(HasSubstr("library new matvec_both("), Not(HasSubstr("VIOLATION"))); }
auto Apart() { return AllOf(HasSubstr("library new matvec("), Not(HasSubstr("both")), Not(HasSubstr("VIOLATION"))); }

TEST(Pairs, OneAfterTheOther) {
  EXPECT_THAT(paired("def f(a, p, r):\n  return r @ a, a @ p\n", "f8[:,::1], f8[::1], f8[::1]"), Together());
  EXPECT_THAT(paired("def f(a, p, r):\n  return a.T @ r, a @ p\n", "f8[:,:], f8[:], f8[:]"), Together());
}

TEST(Pairs, TheProductOfTheFirst) {
  const std::string text = paired("def f(a, x):\n  return (a @ x) @ a\n", "f8[:,::1], f8[::1]");
  EXPECT_THAT(text, AllOf(Together(), HasSubstr("matvec_both(a, x, %new.0, %new.0, %new.1, 0)")));
}

TEST(Pairs, OverAnAssignmentThatDoesNotOverlapAsIsAsked) {
  const std::string text =
      paired("def f(x, z, u, v, a):\n  x += a @ u\n  z += v @ a\n", "f8[::1], f8[::1], f8[::1], f8[::1], f8[:,::1]");
  EXPECT_THAT(text, AllOf(Together(), HasSubstr("not(overlaps(x, a))"), HasSubstr("not(overlaps(x, v))")));
}

TEST(Pairs, NotOfDifferentMatricesOrTheSameProductTwice) {
  EXPECT_THAT(paired("def f(a, b, x):\n  return a @ x, x @ b\n", "f8[:,::1], f8[:,::1], f8[::1]"), Apart());
  EXPECT_THAT(paired("def f(a, x, y):\n  return a @ x, a @ y\n", "f8[:,::1], f8[::1], f8[::1]"), Apart());
  EXPECT_THAT(paired("def f(a, x):\n  b = a @ x\n  a = a[1:]\n  return x[1:] @ a, b\n", "f8[:,:], f8[:]"), Apart());
}

TEST(Pairs, NotWhereTheOperandsAreWrittenBetween) {
  const char* const kSignature = "f8[:,::1], f8[::1], f8[::1]";
  EXPECT_THAT(paired("def f(a, x, u):\n  y = a @ x\n  u *= 2.0\n  return y, u @ a\n", kSignature), Apart());
  EXPECT_THAT(paired("def f(a, x, u):\n  y = a @ x\n  a *= 2.0\n  return y, u @ a\n", kSignature), Apart());
  EXPECT_THAT(paired("def f(a, x, u):\n  y = a @ x\n  a[0, 0] = 2.0\n  return y, u @ a\n", kSignature), Apart());
  EXPECT_THAT(paired("def f(a, x, u):\n  y = a @ x\n  y += u\n  return y @ a\n", kSignature), Apart());
  EXPECT_THAT(paired("def f(a, x, u):\n  y = a @ x\n  return (y + u) @ a\n", kSignature), Apart());
}

TEST(Pairs, NotWhereOneMayNotRun) {
  EXPECT_THAT(paired("def f(a, x, u):\n  y = a @ x\n  if x[0] > 0:\n    return u @ a\n  return y\n",
                     "f8[:,::1], f8[::1], f8[::1]"),
              Apart());
}

}  // namespace
}  // namespace kjit
