// Races of prange loops: what is found, what is said, and what stays silent.
#include "passes/races.h"

#include "passes/array_folds.h"
#include "passes/pass_text.h"

namespace kjit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

// "line: message [kind]" for each finding in `f`; the text begins with `@njit(parallel=True)` on its line 1.
std::string found(const std::string& text, const std::string& signature, kir::RaceMode mode = kir::RaceMode::Warn) {
  test::KernelText kernel("import numpy as np; from numba import njit, prange\n" + text);
  auto program = kernel.infer("f", signature);
  if (!program) return kernel.messages();
  auto module = kirgen::generate(kernel.types, *program, {.races = mode}, kernel.diagnostics);
  if (!module) return kernel.messages();
  passes::array_folds(kernel.types, *module);
  passes::races(kernel.types, *module);
  std::string out;
  for (const auto& d : module->findings)
    out += std::to_string(d.line - 1) + ": " + d.message + " [" + std::string(source::diag_name(d.kind)) + "]\n";
  for (const std::string& violation : kir::verify(*module)) out += "VIOLATION " + violation + "\n";
  return out;
}

// A loop `for i in prange(n)` (line 3) over float64 arrays a, b (1d), m (2d), int64 array k and numbers n, w, x.
std::string in_loop(const std::string& body, const std::string& range = "n") {
  return found("@njit(parallel=True)\ndef f(a, b, m, k, n, w, x):\n  for i in prange(" + range + "):\n" + body,
               "f8[::1], f8[::1], f8[:,::1], i8[::1], i8, i8, f8");
}

// --- none

TEST(Races, NoneWhereEachIterationHasElementsOfItsOwn) {
  for (const char* body :
       {"    a[i] = b[i] * 2\n", "    a[i] += b[i]\n", "    a[2 * i] = a[2 * i + 1]\n", "    a[n - 1 - i] = b[i]\n",
        "    for j in range(w):\n      m[i, j] += 1\n", "    for j in range(w):\n      a[i * w + j] += b[j]\n",
        "    for j in range(n):\n      for l in range(w):\n        a[(i * n + j) * w + l] += 1\n",
        "    a[i * w:(i + 1) * w] = b[i]\n", "    a[i * 4:i * 4 + 4] += 1\n", "    m[i, :] = b\n", "    m[:, i] += b\n",
        "    r = m[i]\n    r[0] = 1.0\n    r[1:] = b[1:]\n", "    t = np.zeros(3)\n    t[0] += a[i]\n    b[i] = t[0]\n",
        "    m[i // w, i % w] += b[i]\n", "    a[(i // w) * w + i % w] += b[i]\n",
        "    for j in range(k[i], k[i + 1]):\n      a[j] *= 2\n", "    a[k[i]:k[i + 1]] *= 2\n",
        "    a[i * (i + 1) // 2] += 1\n",
        "    lo = i * w\n    for j in range(lo, min(lo + w, n)):\n      a[j] = b[j]\n"}) {
    EXPECT_THAT(in_loop(body), IsEmpty()) << body;
  }
}

TEST(Races, NoneWhereTheDataMustTell) {
  for (const char* body : {"    a[k[i]] = b[i]\n", "    a[k[i]] = b[k[i]]\n", "    m[k[i], :] = b\n",
                           "    a[i] = a[n + i]\n", "    m[i, :] = np.minimum(m[i, :], m[i, w] + m[w, :])\n"}) {
    EXPECT_THAT(in_loop(body), IsEmpty()) << body;
  }
}

TEST(Races, NoneWhereColoursTellNeighboursApart) {
  for (const char* body :
       {"    for j in range(1 + i % 2, n, 2):\n      m[i, j] = m[i - 1, j] + m[i, j - 1]\n",
        "    for j in range(1 + (i + w) % 2, n, 2):\n      m[i, j] = m[i - 1, j] + m[i + 1, j]\n",
        "    for j in range(1, n):\n      if (i + j) % 2 == w:\n        m[i, j] = m[i - 1, j] + m[i, j + 1]\n",
        "    if i % 2 == 0:\n      a[i] = a[i - 1] + a[i + 1]\n",
        "    if i & 1:\n      a[i] = a[i - 1] + a[i + 1]\n"}) {
    EXPECT_THAT(in_loop(body, "1, n"), IsEmpty()) << body;
  }
}

TEST(Races, NoneWhereIndicesAreProvedToDiffer) {
  for (const char* body :
       {"    for j in range(i):\n      a[i * (i - 1) // 2 + j] += 1\n", "    a[abs(i)] += b[i]\n",
        "    for j in range(i + 1, n):\n      a[n * i + j - ((i + 2) * (i + 1)) // 2] = b[j]\n",
        "    l = 0\n    while l < 4:\n      a[4 * i + l] = b[i]\n      l += 1\n",
        "    l = i * w\n    for j in range(w):\n      a[l] = b[j]\n      l += 1\n",
        "    l = 0\n    while l < n:\n      m[i, l] += 1\n      l += 2\n", "    a[i] = a[i] + a[n + i]\n",
        "    a[2 * i] = a[2 * i] + a[2 * i + 1]\n", "    a[i << 1] += 1\n",
        "    if i == 0:\n      a[0] = 1.0\n    else:\n      a[i] = b[i - 1]\n",
        "    p = i + 1 if i < w else i\n    b[i] = a[p]\n"}) {
    EXPECT_THAT(in_loop(body), IsEmpty()) << body;
  }
  EXPECT_THAT(in_loop("    a[-i] = b[i]\n", "a.size"), IsEmpty());
  EXPECT_THAT(in_loop("    a[i - a.size] += b[i]\n", "a.size"), IsEmpty());
}

TEST(Races, PlacesThatMayBeTheSame) {
  for (const char* body :
       {"    a[n - 1 - i] = a[i] + 1\n", "    a[min(i, w)] = b[i]\n", "    a[max(i - 5, 0)] = b[i]\n",
        "    a[-i] = b[i]\n    a[i] += 1\n", "    a[i] = a[k[i]] + 1\n", "    a[k[i]] = a[i] + 1\n",
        "    p = i if i < w else w\n    a[p] = b[i]\n",
        "    p = i\n    while p > w:\n      p = p // 2\n    a[p] = b[i]\n", "    a[i * i % n] = b[i]\n",
        "    a[i ^ 3] = b[i]\n", "    for j in range(n):\n      m[i, j] = m[j, i] + 1\n",
        "    if k[i] % 2 == 0:\n      a[i] = a[i - 1] + a[i + 1]\n", "    m.reshape(-1)[i // 2] = b[i]\n",
        "    if i == w:\n      a[0] = b[i]\n    b[i] = a[0]\n", "    a[i] = a[(i + 1) % n]\n"}) {
    EXPECT_THAT(in_loop(body), HasSubstr("[race]\n")) << body;
  }
  EXPECT_THAT(in_loop("    a[abs(i)] = b[i]\n", "-n, n"), HasSubstr("may store to the same elements of 'a'"));
}

TEST(Races, WhatFunctionsGiveBackMayBeAPartOfWhatTheyGot) {
  const std::string row = "@njit\ndef g(m, i):\n  return m[i - 1]\n";
  EXPECT_THAT(found(row + "@njit(parallel=True)\ndef f(m, n):\n  for i in prange(1, n):\n    m[i] = g(m, i)\n",
                    "f8[:,::1], i8"),
              HasSubstr("reads elements of 'm'"));
  const std::string either = "@njit\ndef g(m, i):\n  if i > 3:\n    return m[0]\n  return m[i]\n";
  EXPECT_THAT(found(either + "@njit(parallel=True)\ndef f(m, n):\n  for i in prange(1, n):\n    g(m, i)[0] = i\n",
                    "f8[:,::1], i8"),
              HasSubstr("[race]"));
}

TEST(Races, ArgumentsThatMayBeOneArrayAreAskedForAtTheLoop) {
  const auto text = [](const std::string& body) {
    return test::after_passes(
        "from numba import prange\nimport numpy as np\n@njit(parallel=True)\ndef f(a, b):\n" + body, "f8[::1], f8[::1]",
        {passes::races});
  };
  const std::string loop = "  for i in prange(a.size):\n    b[i] = a[i] + 1\n";
  EXPECT_THAT(text(loop), HasSubstr("for parallel i in 0, dim(a, 0), 1, not(overlaps(a, b)) {"));
  EXPECT_THAT(text("  b = np.zeros(a.size)\n" + loop), HasSubstr("for parallel i in 0, dim(a, 0), 1 {"));
  EXPECT_THAT(text("  for t in range(3):\n    for i in prange(1, a.size):\n      b[i] = a[i - 1]\n    a, b = b, a\n"),
              HasSubstr("not(overlaps("));
}

// In an inner loop: `x`, `y` and `z` begin as arrays of the iteration's own.
std::string exchanged(const std::string& turn) {
  return found(
      "@njit\ndef same(v):\n  return v\n@njit\ndef half(v):\n  return v * 0.5\n"
      "@njit(parallel=True)\ndef f(a, b, m, n):\n  for i in prange(n):\n    x = m[i].copy()\n    y = m[i] * 2\n"
      "    z = np.zeros_like(y)\n    p = (x, y)\n    for t in range(n):\n" +
          turn + "    b[i] = x[0] + y[0] + z[0] + p[0][0]\n",
      "f8[::1], f8[::1], f8[:,::1], i8");
}

TEST(Races, NoneWhereAnIterationsOwnArraysExchangeNames) {
  for (const char* turn :
       {"      z[1:-1] = 2 * y[1:-1] - x[1:-1]\n      x, y, z = y, z, x\n", "      y[0] += x[1]\n      x, y = y, x\n",
        "      z = x + y\n      z[0] = 1\n      x, y = y, z\n",
        "      old = x\n      x = y[::-1]\n      y = old\n      y[0] = i\n",
        "      if t % 2:\n        x, y = y, x\n      x[0] += 1\n", "      x[0] = i\n      x = half(a)\n",
        "      p[0][0] = i\n      p = (p[1], p[0])\n",
        "      x[0] = i\n      x = half(x)\n      x, y = same(y), same(x)\n"}) {
    EXPECT_THAT(exchanged(turn), IsEmpty()) << turn;
  }
}

TEST(Races, WhereOneOfTheNamesComesToMeanAnArrayFromOutside) {
  const auto race = HasSubstr("store to the same");
  for (const char* turn :
       {"      x[0] = i\n      x, y, z = y, z, a\n", "      x[0] = i\n      x = same(a)\n",
        "      p[0][0] = i\n      p = (a, p[0])\n", "      x[0] = i\n      x = y\n      y = a[1:]\n"}) {
    EXPECT_THAT(exchanged(turn), race) << turn;
  }
}

TEST(Races, WhatProofsAssumeIsTestedWhenTheLoopBegins) {
  const auto loop = [](const std::string& range, const std::string& body) {
    return test::after_passes(
        "from numba import prange\n@njit(parallel=True)\ndef f(a, b, m, n, w):\n  for i in prange(" + range + "):\n" +
            body,
        "f8[::1], f8[::1], f8[:,::1], i8, i8", {passes::races});
  };
  EXPECT_THAT(loop("n", "    a[i * w] = i\n"), HasSubstr("0, n, 1, andthen(ge(w, 1), "));
  EXPECT_THAT(loop("n", "    a[i * m.shape[1]] = i\n"), HasSubstr("ge(dim(m, 1), 1)"));
  EXPECT_THAT(loop("n", "    a[i + w] = i\n"), HasSubstr("0, n, 1, ge(w, 0) {"));
  EXPECT_THAT(loop("n - 1, 0, -1", "    a[i] = a[-i - 1]\n"), HasSubstr("ge(mul(n, -1), 0)"));
  EXPECT_THAT(loop("0, n, 3", "    a[w - i] = i\n"), HasSubstr("floordiv("));
  // Proved, or not stored to in the loop.
  for (const char* body : {"    a[i] = i\n", "    a[i + 3] = i\n", "    m[i, :] = 1\n",
                           "    for j in range(i, n):\n      m[i, j] = 1\n", "    m[i, 1] = m[i, 2]\n"}) {
    EXPECT_THAT(loop("n", body), HasSubstr("parallel i in 0, n, 1 {")) << body;
  }
  EXPECT_THAT(loop("w, n", "    a[i - w] = 1\n"), HasSubstr("parallel i in w, n, 1 {"));
}

TEST(Races, NoneWhereOneIterationDoesIt) {
  EXPECT_THAT(in_loop("    if i == 0:\n      a[0] = x\n"), IsEmpty());
  EXPECT_THAT(in_loop("    if i == n - 1:\n      a[3] = b[i]\n"), IsEmpty());
  EXPECT_THAT(in_loop("    if i != w:\n      continue\n    a[0] = b[i]\n"), IsEmpty());
  EXPECT_THAT(in_loop("    a[0] = i\n", "1"), IsEmpty());
}

TEST(Races, NoneWhereAllStoreOneValue) {
  EXPECT_THAT(in_loop("    if b[i] > x:\n      a[0] = 1.0\n"), IsEmpty());
  EXPECT_THAT(in_loop("    if b[i] > x:\n      a[0] = x + 1\n"), IsEmpty());
}

TEST(Races, NoneInTriangles) {
  EXPECT_THAT(in_loop("    for j in range(i + 1):\n      m[i, j] = b[j]\n      m[j, i] = b[j]\n"), IsEmpty());
  EXPECT_THAT(in_loop("    for j in range(i, n):\n      m[i, j] = b[j]\n      m[j, i] = m[i, j]\n"), IsEmpty());
  EXPECT_THAT(in_loop("    m[i + 1:, i] = b[i + 1:]\n    m[i, i + 1:] = b[i + 1:]\n"), IsEmpty());
  EXPECT_THAT(in_loop("    for j in range(n):\n      if j < i:\n        m[i, j] = x\n        m[j, i] = b[i]\n"),
              IsEmpty());
  EXPECT_THAT(in_loop("    for j in range(w, n):\n      m[i, j] -= m[i, w] * m[w, j]\n", "w + 1, n"), IsEmpty());
}

TEST(Races, NoneWithSteps) {
  EXPECT_THAT(in_loop("    a[i:i + w] = b[i]\n", "0, n, w"), IsEmpty());
  EXPECT_THAT(in_loop("    a[i] = 1.5 * b[i]\n    a[i + 1] = b[i]\n", "0, n, 2"), IsEmpty());
  EXPECT_THAT(in_loop("    a[i // 2] += b[i]\n", "0, n, 2"), IsEmpty());
}

// --- kinds

TEST(Races, AScalarFromOneIterationToTheNext) {
  EXPECT_THAT(
      found("@njit(parallel=True)\ndef f(a):\n  s = 0.0\n  for i in prange(a.size):\n    s = s * 0.5 + a[i]\n"
            "  return s\n",
            "f8[::1]"),
      AllOf(HasSubstr("5: "), HasSubstr("an iteration reads 's', which an earlier one has written [loop-order]")));
}

TEST(Races, AValueThatNotEveryIterationWrites) {
  EXPECT_THAT(
      found("@njit(parallel=True)\ndef f(a):\n  s = 0.0\n  for i in prange(a.size):\n    if a[i] > 3:\n      s = a[i]\n"
            "  return s\n",
            "f8[::1]"),
      HasSubstr("'s' is read after the loop, and not every iteration writes it [loop-order]"));
}

TEST(Races, OnePlaceForAllIterations) {
  for (const char* body :
       {"    a[0] = i\n", "    a[w] += b[i]\n", "    a[:] = b[i]\n", "    for j in range(n):\n      m[j, :] += b[i]\n",
        "    for j in range(n):\n      a[j] += b[i]\n", "    m[:, 0] = np.max(m[:, i])\n", "    a += 2 * a\n",
        "    a[-1] = b[i]\n", "    p = 0\n    if b[i] > x:\n      p = 1\n    a[p] += b[i]\n"}) {
    EXPECT_THAT(in_loop(body), HasSubstr("[race]\n")) << body;
  }
  EXPECT_EQ(in_loop("    a[0] = i\n"),
            "4: all iterations of the loop over 'i' store to the same place in 'a' [race]\n");
}

TEST(Races, UpdatesAtAnIndexFromMemoryOrRounding) {
  for (const char* body : {"    a[k[i]] += b[i]\n", "    j = int(b[i] * n)\n    a[j] += 1\n", "    a[i // 2] += b[i]\n",
                           "    a[i % w] += b[i]\n", "    a[k[i]] = a[k[i]] + 1\n", "    m[k[i], :] += b\n",
                           "    a[k[i]:k[i] + 3] += b[i]\n", "    for j in range(3):\n      a[3 * k[i] + j] += b[i]\n",
                           "    lo = 0\n    while a[lo] < b[i]:\n      lo = (lo + n) // 2\n    b[lo] += 1\n"}) {
    EXPECT_THAT(in_loop(body), HasSubstr("[race]\n")) << body;
  }
  EXPECT_THAT(in_loop("    a[k[i]] += b[i]\n"),
              HasSubstr("4: two iterations of the loop over 'i' may update the same element of 'a'"));
}

TEST(Races, UpdatesThroughFunctions) {
  const std::string bin = "@njit\ndef g(x, n):\n  if x == 1.0:\n    return n - 1\n  return int(x * n)\n";
  EXPECT_THAT(found(bin + "@njit(parallel=True)\ndef f(a, h, n):\n  for i in prange(a.size):\n    j = g(a[i], n)\n"
                          "    h[j] += 1\n",
                    "f8[::1], i8[::1], i8"),
              HasSubstr("10: two iterations"));
  const std::string add = "@njit\ndef g(h, k):\n  h[k] += 1\n";
  EXPECT_THAT(found(add + "@njit(parallel=True)\ndef f(k, h):\n  for i in prange(k.size):\n    g(h, k[i])\n",
                    "i8[::1], i8[::1]"),
              HasSubstr("7: two iterations"));
  EXPECT_THAT(
      found(add + "@njit(parallel=True)\ndef f(k, h):\n  for i in prange(k.size):\n    g(h, i)\n", "i8[::1], i8[::1]"),
      IsEmpty());
}

TEST(Races, ReadsOfWhatAnotherIterationStores) {
  for (const char* body :
       {"    a[i] = a[i - 1] + 1\n", "    a[i] = a[i + 1] + 1\n", "    m[i, :] += m[i + 1, :]\n",
        "    for j in range(n):\n      m[i, j] = m[i - 1, j]\n",
        "    a[i * w:(i + 1) * w] = a[(i + 1) * w:(i + 2) * w]\n", "    a[i] = b[i] - (m[i, :] * a).sum()\n",
        "    a[i] = b[i] - np.sum(a[i + 1:])\n", "    a[i] -= a[0]\n", "    if i > 0:\n      a[i] = a[i - 1]\n",
        "    a[i * w] = a[i * w + w]\n"}) {
    EXPECT_THAT(in_loop(body), HasSubstr("reads elements of")) << body;
  }
  EXPECT_EQ(
      in_loop("    x1 = a[i - 2]\n    a[i] = x1\n"),
      "4: an iteration of the loop over 'i' reads elements of 'a' that others store to (2 iterations before) [race]\n");
}

TEST(Races, StoresToNeighbours) {
  EXPECT_THAT(in_loop("    a[i:i + 2] = b[i]\n"), HasSubstr("store to the same elements of 'a'"));
  EXPECT_THAT(in_loop("    a[i] = b[i]\n    a[i + 1] = 2 * b[i]\n"), HasSubstr("that others store to"));
  EXPECT_THAT(in_loop("    for j in range(3):\n      a[i + j] += b[i]\n"), HasSubstr("[race]"));
  EXPECT_THAT(in_loop("    a[i] = b[i]\n    a[i + 5] = 2 * b[i]\n", "3"), IsEmpty());
}

TEST(Races, ThroughViewsOfOneArray) {
  const auto views = [](const std::string& view, const std::string& body) {
    return found("@njit(parallel=True)\ndef f(a, n):\n  c = " + view + "\n  for i in prange(n):\n    " + body + "\n",
                 "f8[:,::1], i8");
  };
  EXPECT_THAT(views("a[1:]", "c[i, 0] = a[i, 0]"), HasSubstr("(1 iteration before)"));
  EXPECT_THAT(views("a[:, 1:]", "c[i, 0] = a[i, 0]"), IsEmpty());
  EXPECT_THAT(views("a.T", "c[0, i] = a[i + 1, 0]"), HasSubstr("(1 iteration after)"));
  EXPECT_THAT(views("a[::2]", "c[i, 0] = a[2 * i + 1, 0]"), IsEmpty());
  EXPECT_THAT(views("a[::-1]", "a[i, 0] = c[i, 0] + 1"), HasSubstr("may read"));
  EXPECT_THAT(views("a.reshape(-1)", "a[i, 0] = c[i] + 1"), HasSubstr("may read"));
  EXPECT_THAT(views("a[::-1]", "c[i, 0] = a[n - 1 - i, 0] + i"), HasSubstr("may read"));
  EXPECT_THAT(views("a[::-1]", "c[i, 0] += 1"), IsEmpty());
  EXPECT_THAT(views("a.reshape(-1)", "c[i] += 1"), IsEmpty());
  EXPECT_THAT(views("a.copy()", "c[i, 0] = a[i + 1, 0]"), IsEmpty());
}

// --- what follows from it

TEST(Races, WholeArraysThatAreFoldedAreNone) {
  EXPECT_THAT(
      found("@njit(parallel=True)\ndef f(m):\n  s = np.zeros(3)\n  for i in prange(m.shape[0]):\n    s += m[i]\n"
            "  return s\n",
            "f8[:,::1]"),
      IsEmpty());
}

TEST(Races, TheLoopKeepsItsOrderAndTheOneInsideIsLookedAt) {
  const std::string text = test::after_passes(
      "from numba import prange\n@njit(parallel=True)\ndef f(m, n):\n  for i in prange(1, n):\n    for j in "
      "prange(n):\n"
      "      m[i, j] = m[i - 1, j]\n",
      "f8[:,::1], i8", {passes::races});
  EXPECT_THAT(text, AllOf(HasSubstr("for i in"), HasSubstr("for parallel j")));
}

TEST(Races, AroundARowThatAllReadTheLoopIsRunInThreeParts) {
  const std::string text = test::after_passes(
      "from numba import prange\n@njit(parallel=True)\ndef f(m, n, k):\n  for i in prange(n):\n    for j in "
      "range(n):\n      m[i, j] = m[i, j] + m[i, k] * m[k, j]\n",
      "f8[:,::1], i8, i8", {passes::races});
  EXPECT_THAT(text, AllOf(HasSubstr("for few %i.0 in 0, 3, 1 {"), HasSubstr("for parallel i in %t")));
}

TEST(Races, LoopsInsideOfARegionAreNotLookedAt) {
  EXPECT_THAT(in_loop("    for j in prange(n):\n      a[i] += b[j]\n"), IsEmpty());
}

TEST(Races, AreErrorsOrIgnored) {
  const std::string text = "@njit(parallel=True)\ndef f(a):\n  for i in prange(9):\n    a[0] = i\n";
  EXPECT_THAT(found(text, "f8[::1]", kir::RaceMode::Ignore), IsEmpty());
  EXPECT_THAT(found(text, "f8[::1]", kir::RaceMode::Error), HasSubstr("[race]"));
}

TEST(Races, NothingWithoutTheOption) {
  EXPECT_THAT(found("@njit\ndef f(a):\n  for i in prange(9):\n    a[0] = i\n", "f8[::1]"), IsEmpty());
}

}  // namespace
}  // namespace kjit
