// Borrowed array variables: views of what outlives them need no reference.
#include "passes/borrow.h"

#include "passes/pass_text.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string borrowed(const std::string& body, const std::string& signature) {
  return test::after_passes(body, signature, {passes::borrow});
}

TEST(Borrow, ViewsOfParameters) {
  const std::string text = borrowed("def f(a):\n  for row in a:\n    b = row[1:]\n    b[0] = 1\n", "f8[:,:]");
  EXPECT_THAT(text, AllOf(HasSubstr("var row: array(float64, 1d, A) uncounted"),
                          HasSubstr("var b: array(float64, 1d, A) uncounted")));
}

TEST(Borrow, AVariableThatMovesAlongItsArray) {
  EXPECT_THAT(borrowed("def f(a):\n  while a.size > 3:\n    a = a[1:]\n  return a\n", "f8[:]"),
              HasSubstr("var a: array(float64, 1d, A) uncounted"));
}

TEST(Borrow, ViewsOfAnAllocationMadeOnce) {
  const std::string text = borrowed("def f(n):\n  a = np.zeros(n)\n  b = a[1:]\n  return b\n", "i8");
  EXPECT_THAT(text, HasSubstr("var b: array(float64, 1d, C) uncounted"));
}

TEST(Borrow, NotViewsOfWhatALoopReplaces) {
  const std::string text = borrowed(
      "def f(n):\n  b = np.zeros(n)\n  for i in range(n):\n    a = np.zeros(n)\n    b = a[1:]\n  return b\n", "i8");
  EXPECT_THAT(text, AllOf(HasSubstr("var b: array(float64, 1d, C)\n"),
                          Not(HasSubstr("var b: array(float64, 1d, C) uncounted"))));
}

TEST(Borrow, NotAVariableWithSeveralOrigins) {
  const std::string text = borrowed(
      "@njit\ndef g(a): return a\ndef f(a, n):\n  b = a\n  if n > 3:\n    b = g(a)\n  return b\n", "f8[:], i8");
  EXPECT_THAT(text, Not(HasSubstr("var %call.0: array(float64, 1d, A) uncounted")));
}

}  // namespace
}  // namespace kjit
