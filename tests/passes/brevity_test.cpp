// Which functions return at once, whatever they are given.
#include "passes/brevity.h"

#include "passes/pass_text.h"

namespace kjit {
namespace {

bool brief(const std::string& body, const std::string& signature) {
  test::KernelText text("import numpy as np\nfrom numba import njit\n" + body);
  auto program = text.infer("f", signature);
  if (!program) throw std::runtime_error(text.messages());
  auto module = kirgen::generate(text.types, *program, {}, text.diagnostics);
  if (!module) throw std::runtime_error(text.messages());
  for (const auto& f : module->functions)
    if (f->symbol == program->entry->symbol) return passes::is_brief(*module, *f);
  throw std::logic_error("no entry");
}

TEST(Brevity, NumbersElementsAndViews) {
  EXPECT_TRUE(brief("def f():\n  pass\n", ""));
  EXPECT_TRUE(brief("def f(a, b):\n  return a // b\n", "i8, i8"));
  EXPECT_TRUE(brief("def f(a, k):\n  if a[k] > 0:\n    a[0] = np.sin(a[k])\n  return a[1:]\n", "f8[:], i8"));
  EXPECT_TRUE(brief("def f(n):\n  return np.empty(n)\n", "i8"));
  EXPECT_TRUE(brief("@njit\ndef g(a): return a + 1\ndef f(a):\n  return g(a) * g(a)\n", "f8"));
}

TEST(Brevity, NotWhatGrowsWithItsArguments) {
  EXPECT_FALSE(brief("def f(n):\n  s = 0\n  for i in range(n):\n    s ^= i\n  return s\n", "i8"));
  EXPECT_FALSE(brief("def f(n):\n  while n > 3:\n    n //= 2\n  return n\n", "i8"));
  EXPECT_FALSE(brief("def f(a):\n  return a + 1\n", "f8[:]"));
  EXPECT_FALSE(brief("def f(a):\n  return a.sum()\n", "f8[:]"));
  EXPECT_FALSE(brief("def f(n):\n  return np.zeros(n)\n", "i8"));
  EXPECT_FALSE(brief("def f(a):\n  a[:] = 0\n", "f8[:]"));
  EXPECT_FALSE(brief("def f(a):\n  return a.copy()\n", "f8[:]"));
  EXPECT_FALSE(brief("def f(a):\n  return a @ a\n", "f8[:,::1]"));
}

TEST(Brevity, NotWhatPrintsOrRecurs) {
  EXPECT_FALSE(brief("def f(n):\n  print(n)\n", "i8"));
  EXPECT_FALSE(brief("def f(n):\n  return 1 if n < 2 else f(n - 1)\n", "i8"));
  EXPECT_FALSE(
      brief("@njit\ndef g(n):\n  for i in range(n):\n    n ^= i\n  return n\ndef f(n):\n  return g(n)\n", "i8"));
}

TEST(Brevity, NotVeryLongOnes) {
  std::string body = "def f(a):\n";
  for (int i = 0; i < 300; ++i) body += "  a[" + std::to_string(i) + "] = 1.5\n";
  EXPECT_FALSE(brief(body, "f8[:]"));
}

}  // namespace
}  // namespace kjit
