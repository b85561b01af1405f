// Loops over prange that follow one another: which of them share a region, and what is said of the others.
#include "passes/neighbours.h"

#include "passes/nest.h"
#include "passes/parallel.h"
#include "passes/pass_text.h"
#include "passes/pipeline.h"
#include "passes/races.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSignature = "f8[::1], f8[::1], i8";

std::string regions(const std::string& body, const std::string& signature = kSignature) {
  return test::after_passes("from numba import prange\n@njit(parallel=True)\ndef f(a, b, n):\n" + body, signature,
                            {passes::races, passes::neighbours, passes::nest, passes::parallel});
}
std::string report(const std::string& body, const std::string& signature = kSignature) {
  test::KernelText text("import numpy as np; from numba import njit, prange\n@njit(parallel=True)\ndef f(a, b, n):\n" +
                        body);
  auto program = text.infer("f", signature);
  if (!program) return text.messages();
  auto module = kirgen::generate(text.types, *program, {}, text.diagnostics);
  return module ? passes::parallel_report(text.types, *module) : text.messages();
}
size_t count(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(Neighbours, ShareOneRegionWithALoopForEachBody) {
  const std::string text = regions(
      "  c = np.zeros(n)\n  d = np.zeros(n)\n  for i in prange(n):\n    c[i] = i\n  for j in prange(n):\n"
      "    d[j] = c[j] * 2\n  return d\n");
  EXPECT_EQ(count(text, "region.1("), 2U) << text;  // the statement, and the function
  EXPECT_THAT(text, AllOf(Not(HasSubstr("region.2(")), HasSubstr("for i in %lo.0, %hi.0"),
                          HasSubstr("for j in %lo.0, %hi.0"), Not(HasSubstr("overlaps")), Not(HasSubstr("VIOLATION"))));
}

TEST(Neighbours, ArgumentsAreComparedWhenTheProgramRuns) {
  const std::string text = regions("  for i in prange(n):\n    a[i] = i\n  for i in prange(n):\n    b[i] = a[i] * 2\n");
  EXPECT_THAT(text, AllOf(HasSubstr("if not(overlaps(a, b))"), HasSubstr("region.3("), Not(HasSubstr("VIOLATION"))));
}

TEST(Neighbours, WhatStandsBetweenAndDoesNotDependOnTheFirstIsMadeBeforeIt) {
  const std::string text = report(
      "  c = np.zeros(n)\n  for i in prange(n):\n    c[i] = i\n  s = 0.0\n  d = np.zeros(n)\n  for i in prange(n):\n"
      "    d[i] = c[i]\n    s += d[i]\n  for i in prange(n):\n    c[i] = d[i]\n  return s, c\n");
  EXPECT_THAT(text, AllOf(HasSubstr(":9:3: merged: the loop over 'i' is merged with the region of line 5; 's' is "
                                    "folded by +"),
                          HasSubstr(":12:3: merged: the loop over 'i' is merged with the region of line 5")));
}

TEST(Neighbours, AreApartWhenIterationsOfDifferentNumbersMeet) {
  const std::string stencil =
      report("  for i in prange(1, n):\n    a[i] = b[i - 1]\n  for i in prange(1, n):\n    b[i] = a[i]\n");
  EXPECT_THAT(stencil, AllOf(HasSubstr(":6:3: apart: not merged with the region of line 4: an iteration uses elements "
                                       "of 'b' that other iterations of that one use"),
                             Not(HasSubstr("merged:"))));
  const std::string data = report(
      "  k = np.zeros(n, np.int64)\n  for i in prange(n):\n    a[i] = i\n  for i in prange(n):\n    b[i] = a[k[i]]\n");
  EXPECT_THAT(data, HasSubstr("an iteration may use elements of 'a' that other iterations of that one store to"));
}

TEST(Neighbours, AreApartForTheirVariables) {
  EXPECT_THAT(report("  s = 0.0\n  for i in prange(n):\n    s += a[i]\n  for i in prange(n):\n    b[i] = s\n"),
              HasSubstr("region of line 5: it reads 's', which that one writes"));
  EXPECT_THAT(report("  s = 2.0\n  for i in prange(n):\n    a[i] = s\n  for i in prange(n):\n    s = i\n    b[i] = s\n "
                     " return s\n"),
              HasSubstr("it writes 's', which that one reads"));
  EXPECT_THAT(report("  for i in prange(n):\n    a[i] = 1\n  for i in prange(n - 1):\n    b[i] = 1\n"),
              HasSubstr("their iterations are not known to be the same"));
  EXPECT_THAT(report("  for i in prange(n):\n    a[i] = 1\n  b[3] = 1\n  for i in prange(n):\n    b[i] = 1\n"),
              HasSubstr("what is done in line 6 stands between them"));
}

TEST(Neighbours, AreApartWhenTheOrderOfEffectsWouldShow) {
  EXPECT_THAT(report("  for i in prange(n):\n    a[i] = 1 / b[i]\n  for i in prange(n):\n    b[i] = 1\n"),
              HasSubstr("the loop of line 4 may raise an exception"));
  EXPECT_THAT(report("  for i in prange(n):\n    a[i] = 1\n  for i in prange(n):\n    print(i)\n"),
              HasSubstr("the loop of line 6 prints"));
  EXPECT_THAT(report("  for i in prange(n):\n    a[i] = np.random.random()\n  for i in prange(n):\n    b[i] = 2\n"),
              HasSubstr("the loop of line 4 calls what has effects"));
}

}  // namespace
}  // namespace kjit
