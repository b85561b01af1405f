// Functions of numbers in the bodies of Map: which become part of them, and that fuse then takes calls of ufuncs
// together.
#include "passes/inline.h"

#include "passes/fuse.h"
#include "passes/nest.h"
#include "passes/pass_text.h"
#include "passes/values.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kUfuncs = R"(
from numba import vectorize
@vectorize
def line(x, y):
  return x * 2.0 + y
@vectorize
def clip(x, y):
  if x < y:
    return y
  if x > 9.0:
    return 9.0
  return x
@vectorize
def steps(x):
  for i in range(5):
    for j in range(5):
      if x * j > i:
        return 1.0 * i
  return -1.0
@vectorize
def root(x):
  if x < 0.0:
    raise ValueError("negative")
  return np.sqrt(x)
@vectorize(fastmath=True)
def loose(x):
  return x + 1.0
@vectorize(target='parallel')
def threads(x):
  return x + 1.0
)";

std::string inlined(const std::string& body, const std::string& signature) {
  return test::after_passes(kUfuncs + body, signature, {passes::inline_calls});
}
std::string fused(const std::string& body, const std::string& signature) {
  return test::after_passes(kUfuncs + body, signature, {passes::inline_calls, passes::values, passes::fuse});
}
// The entry alone.
std::string entry(const std::string& text) {
  const size_t at = text.find("@f(");
  const size_t end = text.find("\nfunc ", at);
  return text.substr(at, end == std::string::npos ? end : end - at);
}
size_t count(const std::string& text, const std::string& what) {
  size_t n = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

TEST(Inline, ACallBecomesArithmetic) {
  const std::string text = entry(inlined("def f(a, b):\n  return line(a, b)\n", "f8[:], f8[:]"));
  EXPECT_THAT(text, AllOf(HasSubstr("map new"), Not(HasSubstr("call @")), Not(HasSubstr("VIOLATION"))));
}

TEST(Inline, ReturnsInBranchesSetTheValue) {
  const std::string text = entry(inlined("def f(a, b):\n  return clip(a, b)\n", "f8[:], f8[:]"));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("call @")), Not(HasSubstr("%done")), Not(HasSubstr("VIOLATION"))));
}

TEST(Inline, ReturnsInLoopsLeaveThem) {
  const std::string text = entry(inlined("def f(a):\n  return steps(a)\n", "f8[:]"));
  EXPECT_THAT(text, AllOf(HasSubstr("%done"), HasSubstr("break"), Not(HasSubstr("VIOLATION"))));
}

TEST(Inline, CallsOfUfuncsAndOperatorsAreOnePass) {
  const std::string text =
      entry(fused("def f(a, b):\n  return line(clip(a, b), 1.0) * 3.0 + line(a, b)\n", "f8[:], f8[:]"));
  EXPECT_EQ(count(text, "map "), 1u) << text;
  EXPECT_EQ(count(text, "alloc"), 1u) << text;
}

TEST(Inline, IntoAReduction) {
  const std::string text = entry(fused("def f(a, b):\n  return np.sum(line(a, b))\n", "f8[:], f8[:]"));
  EXPECT_EQ(count(text, "map "), 0u) << text;
  EXPECT_EQ(count(text, "reduce "), 1u) << text;
}

TEST(Inline, WhatRaisesIsNotMovedPastOtherStatements) {
  const std::string text = entry(fused("def f(a):\n  return root(a) + line(a, a)\n", "f8[:]"));
  EXPECT_THAT(text, HasSubstr("raise"));
  EXPECT_EQ(count(text, "map "), 2u) << text;
}

TEST(Inline, OtherFastMathFlagsStayInAFunctionOfTheirOwn) {
  EXPECT_THAT(entry(inlined("def f(a):\n  return loose(a)\n", "f8[:]")), HasSubstr("call @loose"));
}

TEST(Inline, TargetParallelMarksTheLoop) {
  EXPECT_THAT(entry(inlined("def f(a):\n  return threads(a)\n", "f8[:]")), HasSubstr("map parallel new"));
  EXPECT_THAT(entry(test::after_passes(std::string(kUfuncs) + "def f(a):\n  return threads(a)\n", "f8[:]",
                                       {passes::inline_calls, passes::values, passes::fuse, passes::nest})),
              HasSubstr("for parallel"));
}

}  // namespace
}  // namespace kjit
