// One name for one value: what is found equal, what must not be.
#include "passes/values.h"

#include "passes/pass_text.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string valued(const std::string& body, const std::string& signature) {
  return test::after_passes(body, signature, {passes::values});
}

TEST(Values, SlicesOfEqualLengthNeedNoCheck) {
  EXPECT_THAT(valued("def f(a):\n  return a[2:] - a[1:-1] + a[:-2]\n", "f8[::1]"), Not(HasSubstr("check")));
}

TEST(Values, LengthsOfArraysMadeOfAnother) {
  EXPECT_THAT(valued("def f(a):\n  b = np.empty_like(a)\n  c = a.copy()\n  return b[1:] + c[1:]\n", "f8[:,::1]"),
              Not(HasSubstr("check")));
}

TEST(Values, ACheckIsMadeOnce) {
  const std::string text = valued("def f(a, b):\n  c = a + b\n  return a * b + c\n", "f8[::1], f8[::1]");
  EXPECT_THAT(text, HasSubstr("check orelse(eq(dim(a, 0), dim(b, 0))"));
  const std::string check = "check orelse(eq(dim(a, 0), dim(b, 0))";
  EXPECT_EQ(text.find(check, text.find(check) + 1), std::string::npos) << text;
}

TEST(Values, NotAcrossANewValue) {
  const std::string text = valued("def f(a, n):\n  x = a[n:]\n  n += 1\n  y = a[n:]\n  return x, y\n", "f8[::1], i8");
  EXPECT_THAT(text, AllOf(HasSubstr("add(n, dim(a, 0))"), HasSubstr("add(n.1, dim(a, 0))")));
}

TEST(Values, NotFromOneIterationToTheNext) {
  const std::string text = valued(
      "def f(a, n):\n  s = a[n:]\n  for i in range(3):\n    t = a[n:]\n    n = n + i\n    s = t[1:]\n  return s\n",
      "f8[:], i8");
  // The bound before the loop and the bound inside are both computed.
  EXPECT_NE(text.find("dim(a, 0)), 0)"), text.rfind("dim(a, 0)), 0)")) << text;
}

TEST(Values, NotFromOneBranchToTheOther) {
  const std::string text = valued(
      "def f(a, n, c):\n  if c:\n    x = a[n:].sum()\n  else:\n    x = a[n:].max()\n  return x\n", "f8[::1], i8, b1");
  EXPECT_NE(text.find("add(n, dim(a, 0))"), text.rfind("add(n, dim(a, 0))")) << text;
}

// Where the branch is not taken, t is the slice of an earlier iteration.
TEST(Values, NotWhatABranchMayHaveLeftAsItWas) {
  const std::string text = valued(
      "def f(a, c):\n  t = a[1:]\n  for k in range(4):\n    if c[k]:\n      t = a[k:]\n    c[k] = (t + a[k:]).size\n"
      "  return t\n",
      "f8[::1], i8[::1]");
  EXPECT_THAT(text, HasSubstr("check orelse(eq(dim(t"));
}

TEST(Values, LoadsAreNotValues) {
  const std::string text =
      valued("def f(i, a):\n  x = a[i[0]:]\n  i[0] = 2\n  y = a[i[0]:]\n  return x, y\n", "i8[::1], f8[::1]");
  EXPECT_NE(text.find("i[0]"), text.rfind("i[0]")) << text;
}

}  // namespace
}  // namespace kjit
