// Arrays on the stack and in memory that is reserved ahead of a loop; and which stay blocks of their own.
#include "passes/storage.h"

#include "passes/fuse.h"
#include "passes/nest.h"
#include "passes/pass_text.h"
#include "passes/pipeline.h"
#include "passes/values.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string stored(const std::string& body, const std::string& signature) {
  return test::after_passes(body, signature, {passes::values, passes::fuse, passes::nest, passes::storage});
}
testing::Matcher<std::string> all_own() {
  return AllOf(HasSubstr("alloc("), Not(HasSubstr(" on stack")), Not(HasSubstr("reserve")));
}

TEST(Storage, SmallConstantShapesAreOnTheStack) {
  EXPECT_THAT(stored("def f(n):\n  a = np.zeros((2, 3))\n  a[0, 1] = n\n  return a[1, 1] + a[0, 1]\n", "i8"),
              HasSubstr("alloc(2, 3) zeros on stack"));
  EXPECT_THAT(stored("def f(n):\n  a = np.array([1.0, n])\n  return a[0] + a[1]\n", "i8"),
              HasSubstr("alloc(2) on stack"));
  EXPECT_THAT(stored("def f(n):\n  a = np.full(4, n)\n  b = a[1:].copy()\n  return b[n]\n", "i8"),
              AllOf(HasSubstr("alloc(4) fill n on stack"), HasSubstr("copy view(a, [1:+3:1]) on stack\n"),
                    Not(HasSubstr("reserve"))));
}

TEST(Storage, ValuesOfExpressionsToo) {
  EXPECT_THAT(stored("def f(n):\n  a = np.ones(3)\n  b = a * n\n  s = 0.0\n  for i in range(3):\n    s += b[i] * b[0]\n"
                     "  return s\n",
                     "i8"),
              HasSubstr("b = alloc(3) on stack"));
}

TEST(Storage, NotLargeOnesAndNotMoreThanAFunctionsShare) {
  EXPECT_THAT(stored("def f(n):\n  a = np.zeros(129)\n  return a[n]\n", "i8"), all_own());
  EXPECT_THAT(stored("def f(n):\n  a = np.zeros(2**62)\n  return a[n]\n", "i8"), all_own());
  std::string body = "def f(n):\n  s = 0.0\n";
  for (int k = 0; k < 5; ++k) body += fmt::format("  a{} = np.zeros(128)\n  s += a{}[n]\n", k, k);
  const std::string text = stored(body + "  return s\n", "i8");
  EXPECT_THAT(text, AllOf(HasSubstr("%new.3 = alloc(128) zeros on stack"), HasSubstr("%new.4 = alloc(128) zeros\n")));
}

TEST(Storage, AFunctionThatCallsItselfHasLessRoom) {
  const std::string text = stored(
      "@njit\ndef g(n):\n  a = np.zeros(10)\n  b = np.zeros(10)\n  if n > 0:\n    a[0] = g(n - 1)\n  return a[0] + "
      "b[0]\n"
      "def f(n):\n  return g(n)\n",
      "i8");
  EXPECT_THAT(text, AllOf(HasSubstr("alloc(10) zeros on stack"), HasSubstr("alloc(10) zeros\n")));
}

TEST(Storage, NotWhatIsReturnedInAnyForm) {
  EXPECT_THAT(stored("def f(n):\n  a = np.zeros(3)\n  return a\n", "i8"), all_own());
  EXPECT_THAT(stored("def f(n):\n  a = np.zeros(3)\n  b = a[1:]\n  c = (n, b)\n  return c\n", "i8"), all_own());
  EXPECT_THAT(stored("def f(n):\n  a = np.zeros(3)\n  b = np.ones(n)\n  if n > 3:\n    b = a\n  return b\n", "i8"),
              all_own());
}

TEST(Storage, NotWhatACallsResultMayBe) {
  EXPECT_THAT(stored("@njit\ndef g(x): return x[1:]\ndef f(n):\n  a = np.zeros(3)\n  return g(a)[0]\n", "i8"),
              all_own());
  EXPECT_THAT(stored("@njit\ndef g(x): return x[0]\ndef f(n):\n  a = np.zeros(3)\n  return g(a)\n", "i8"),
              HasSubstr("on stack"));
}

TEST(Storage, MemoryIsReservedBeforeTheOutermostLoopThatKeepsTheShape) {
  const std::string text = stored(
      "def f(a, n):\n  s = 0.0\n  for i in range(n):\n    for j in range(n):\n      if i != j:\n"
      "        w = np.zeros(a.size)\n        w[j] = i\n        s += w[i]\n  return s\n",
      "f8[:], i8");
  EXPECT_THAT(text, AllOf(HasSubstr("\n  %ahead.0 = reserve(dim(a, 0))\n  for i in"),
                          HasSubstr("= alloc(dim(a, 0)) zeros in %ahead.0")));
  EXPECT_THAT(stored("def f(n):\n  s = 0.0\n  for i in range(n):\n    for j in range(n):\n      w = np.zeros(i)\n"
                     "      w[0] = i\n      s += w[0]\n  return s\n",
                     "i8"),
              HasSubstr("    %ahead.0 = reserve(i)\n    for j in"));
  EXPECT_THAT(
      stored("def f(n):\n  s = 0.0\n  while s < n:\n    w = np.zeros(n)\n    s += w[0] + 1\n  return s\n", "i8"),
      HasSubstr("  %ahead.0 = reserve(n)\n  while"));
}

TEST(Storage, NotWhereTheShapeChanges) {
  EXPECT_THAT(
      stored("def f(n):\n  s = 0.0\n  for i in range(n):\n    w = np.zeros(i)\n    s += w.size\n  return s\n", "i8"),
      all_own());
  EXPECT_THAT(stored("def f(n):\n  s = 0.0\n  while n > 0:\n    w = np.zeros(n)\n    n = n // 2\n    s += w.size\n"
                     "  return s\n",
                     "i8"),
              all_own());
}

TEST(Storage, NotWhileAnEarlierIterationsArrayIsRead) {
  EXPECT_THAT(
      stored("def f(n):\n  a = np.ones(n)\n  for i in range(n):\n    b = np.zeros(n)\n    b[i] = a[0]\n    a = b\n"
             "  return a[0]\n",
             "i8"),
      all_own());
  EXPECT_THAT(stored("def f(n):\n  a = np.ones(3)\n  for i in range(n):\n    a = a + 1.0\n  return a[0]\n", "i8"),
              Not(HasSubstr("alloc(3) on stack")));
  // One array of two iterations at a time.
  EXPECT_THAT(
      stored("def f(n):\n  old = np.ones(3)\n  s = 0.0\n  for i in range(n):\n    new = np.zeros(3)\n    new[0] = i\n"
             "    s += old[0]\n    old = new\n  return s\n",
             "i8"),
      Not(HasSubstr("alloc(3) zeros on stack")));
}

TEST(Storage, ACopyOfItselfIsMadeAnew) {
  EXPECT_THAT(
      stored("def f(n):\n  a = np.ones(n)\n  s = 0.0\n  for i in range(9):\n    a = a[::-1].copy()\n    s += a[0]\n"
             "  return s\n",
             "i8"),
      Not(HasSubstr("reserve")));
}

TEST(Storage, ALengthThatIsAskedForLaterReadsNoMemory) {
  EXPECT_THAT(
      stored("def f(n):\n  s = 0\n  b = np.zeros(3)\n  for i in range(n):\n    a = np.zeros(3)\n    s += b.size\n"
             "    b = a\n    b[0] = 1\n  return s\n",
             "i8"),
      HasSubstr("alloc(3) zeros on stack"));
}

TEST(Storage, EveryChunkOfAParallelLoopHasItsOwn) {
  test::KernelText text(
      "import numpy as np\nfrom numba import njit, prange\n@njit(parallel=True)\ndef f(out, n):\n  for i in "
      "prange(n):\n"
      "    w = np.zeros(n)\n    v = np.zeros(3)\n    for j in range(n):\n      w[j] = i + j\n      v[j % 3] += w[j]\n"
      "    out[i] = w[0] + v[2]\n");
  auto program = text.infer("f", "f8[::1], i8");
  ASSERT_TRUE(program) << text.messages();
  auto module = kirgen::generate(text.types, *program, {}, text.diagnostics);
  ASSERT_TRUE(module);
  passes::run(text.types, *module, {});
  const std::string out = kir::to_string(*module);
  EXPECT_THAT(kir::verify(*module), testing::IsEmpty());
  EXPECT_THAT(out.substr(out.find(" region")),
              AllOf(HasSubstr("  %ahead.0 = reserve(n)\n  for "), HasSubstr("alloc(3) zeros on stack")));
}

TEST(Storage, TheReportSaysWhereAndWhy) {
  test::KernelText text(
      "import numpy as np\nfrom numba import njit\ndef f(n):\n  s = np.ones(n)\n  for i in range(n):\n    v = "
      "np.zeros(3)\n"
      "    w = np.zeros(n)\n    u = np.zeros(i)\n    t = np.zeros(n)\n    v[0] = w[1] + u.size\n    t[0] = v[0]\n    s "
      "= t\n"
      "  return s\n");
  auto program = text.infer("f", "i8");
  ASSERT_TRUE(program) << text.messages();
  auto module = kirgen::generate(text.types, *program, {}, text.diagnostics);
  ASSERT_TRUE(module);
  const std::string out = passes::fusion_report(text.types, *module);
  EXPECT_THAT(out, HasSubstr(":6:9: placed: 'v' is on the stack: 24 bytes\n    6 |     v = np.zeros(3)\n"));
  EXPECT_THAT(out, HasSubstr(":7:9: placed: 'w' is made once, before the loop of line 5, and reused\n"));
  EXPECT_THAT(out,
              HasSubstr(":8:9: anew: 'u' is made anew in each iteration: its lengths change from one iteration to"));
  EXPECT_THAT(out, HasSubstr(":9:9: anew: 't' is made anew in each iteration: it is returned\n"));
}

}  // namespace
}  // namespace kjit
