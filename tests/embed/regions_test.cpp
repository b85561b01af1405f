// Parallel regions of compiled kernels: the same bits whatever the number of threads; errors; many callers; fork.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <latch>
#include <thread>
#include <vector>

#include "embed/support.h"

namespace kjit {
namespace {

using test::contains;
using test::error_of;

// Work of some milliseconds each, so that threads take part.
const char* const kText = R"(
import numpy as np
from numba import njit, prange

@njit(parallel=True)
def sums(n):
    s = 0.0
    p = 1.0
    m = 1e9
    c = 0j
    h = np.zeros(7)
    for i in prange(n):
        x = np.sin(i * 0.37) / (i + 1.5)
        s += x
        p *= 1.0 + x * 1e-3
        m = min(m, x)
        c += complex(x, 1 - x)
        h[(i * i) % 7] += x
    return s + p * 3 + m + c.real * 5 + c.imag * 7 + h[1] * 11 + h[6] * 13

@njit(parallel=True)
def statements(n):
    a = np.sin(np.arange(n) * 0.1)
    b = a * 2 + a[::-1]
    b[1:] -= a[:-1] / 3
    g = np.outer(a[:500], a[:400]) + 1
    return b.sum() + (a * b).mean() + g.sum(axis=1).max() + np.var(b)

@njit(parallel=True)
def draws(n):
    np.random.seed(12)
    s = 0.0
    for i in prange(n):
        s += np.random.random()
        s += np.random.normal()
    return s + np.random.random()

@njit(parallel=True)
def neighbours(n):
    a = np.sin(np.arange(n) * 0.1)
    b = np.zeros(n)
    s = 0.0
    for i in prange(n):
        b[i] = np.exp(a[i])
        s += b[i] / 3.0
    most = 0.0
    t = 0.0
    c = np.empty(n)
    for j in prange(n):
        t += b[j] * a[j]
        most = max(most, b[j])
        c[j] = b[j] - a[j]
    for i in prange(n):
        x = c[i] * 0.7
        b[i] = x + c[i] * c[i]
        s2 = x
    u = 0.0
    for k in prange(n):
        u += b[k] * 1e-3
    return s + t * 3 + most * 5 + s2 * 7 + u * 11 + b.sum() + i + j

@njit(parallel=True)
def fails_in_order(n, first, second):
    a = np.zeros(n)
    b = np.zeros(n)
    for i in prange(n):
        if i == first:
            raise ValueError("first", i)
        a[i] = np.sqrt(i)
    for i in prange(n):
        if i == second:
            raise ValueError("second", i)
        b[i] = a[i]
    return b.sum()

@njit(parallel=True)
def fails(n, at, step):
    a = np.zeros(n)
    for i in prange(n):
        if i >= at and (i - at) % step == 0:
            raise ValueError("at", i)
        a[i] = np.sqrt(i)
    return a.sum()

@njit(parallel=True)
def products(n):
    a = np.sin(np.arange(n // 300 * 1200.0)).reshape(n // 300, 1200)
    b = np.ascontiguousarray(a.T)
    c = a @ b[:, 20:]
    k = (a[:60] * 10).astype(np.int64)
    x = np.cos(np.arange(1200.0))
    s = (a @ a.T).sum() + np.dot(a, x).sum() + np.dot(x, b).sum() + (k @ k.T).sum()
    long = np.sqrt(np.arange(n * 5.0))
    for i in prange(3):
        s += (a[i:] @ b).sum()
    return s + c[5, 7] + c.sum() + np.dot(long, long) + np.cov(a).sum()

@njit(parallel=True)
def axes(n):
    s = 0.0
    for rows in (3, 40, 700):
        a = np.sin(np.arange(rows * (n // rows) * 1.0)).reshape(rows, n // rows)
        s += a.sum(axis=0).sum() + a.max(axis=0).sum() + a.mean(axis=0)[1] + (a > 0).any(axis=0).sum()
        b = np.zeros(a.shape)
        b[:, 1:-1] = a[:, 2:] - 2 * a[:, 1:-1] + a[:, :-2]
        for i in prange(a.shape[0]):
            for j in prange(a.shape[1]):
                b[i, j] += np.exp(a[i, j])
        for i in prange(a.shape[0]):
            for j in prange(a.shape[1]):
                s += b[i, j] * a[i, j]
        c = a.reshape(1, rows, n // rows)
        s += c.sum(axis=1).min() + c.sum(axis=0).max() + a.T.sum(axis=0)[1] + a.T.sum(axis=1)[2]
        s += b[:, 1:-1].max() + b[:, ::2].sum()
    d = np.sin(np.arange(n * 6.0)).reshape(3, n * 2)
    s += d.sum(axis=1)[2] + d.mean(axis=-1)[0] + d.max(axis=1)[1] + d.std(axis=1).sum() + (d * d).sum(axis=1)[1]
    return s

@njit(parallel=True)
def inner(n):
    s = 0.0
    for i in prange(n):
        s += np.sqrt(i)
    return s

@njit(parallel=True)
def outer(n):
    s = 0.0
    for i in prange(n):
        s += inner(20000 + i)
    return s
)";

class Regions : public ::testing::Test {
 protected:
  void TearDown() override { launch_threads(0); }
  uint64_t bits(const char* name, int n) { return std::bit_cast<uint64_t>(m.call(name, {n}).as_double()); }

  Engine engine;
  Module m = engine.load_string(kText, "regions.py");
};

TEST_F(Regions, ResultsDoNotDependOnTheNumberOfThreads) {
  for (const char* name : {"sums", "statements", "draws", "products", "axes", "outer", "neighbours"}) {
    const int n = name == std::string("outer") ? 50 : 100'000;
    launch_threads(1);
    const uint64_t alone = bits(name, n);
    for (int threads : {2, 3, 7, 16}) {
      launch_threads(threads);
      for (int turn = 0; turn < 3; ++turn) EXPECT_EQ(bits(name, n), alone) << name << " with " << threads << " threads";
    }
    launch_threads(16);
    set_num_threads(5);
    EXPECT_EQ(bits(name, n), alone) << name;
    set_num_threads(16);
  }
}

TEST_F(Regions, TheLowestIterationsExceptionComesOut) {
  for (int threads : {1, 2, 7}) {
    launch_threads(threads);
    for (int step : {1, 977, 50'000}) {
      const Error error = error_of([&] { m.call("fails", {200'000, 40'123, step}); });
      EXPECT_EQ(error.kind(), ErrorKind::ValueError);
      EXPECT_TRUE(contains(error.what(), "40123")) << error.what();
    }
  }
}

TEST_F(Regions, OfNeighboursTheFirstOnesExceptionComesOut) {
  for (int threads : {1, 7}) {
    launch_threads(threads);
    const Error both = error_of([&] { m.call("fails_in_order", {200'000, 199'990, 3}); });
    EXPECT_TRUE(contains(both.what(), "first")) << both.what();
    const Error second = error_of([&] { m.call("fails_in_order", {200'000, -1, 3}); });
    EXPECT_TRUE(contains(second.what(), "second")) << second.what();
  }
}

TEST_F(Regions, ManyHostThreadsAtOnceGetTheSameResults) {
  constexpr int kCallers = 64;
  launch_threads(4);
  const uint64_t expected = bits("sums", 30'000), nested = bits("outer", 10);
  std::latch start(kCallers);
  std::vector<std::jthread> callers;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < kCallers; ++t) {
    callers.emplace_back([&, t] {
      start.arrive_and_wait();
      set_num_threads(1 + t % 4);
      for (int turn = 0; turn < 3; ++turn) {
        if (bits("sums", 30'000) != expected || bits("outer", 10) != nested) ++wrong;
        try {
          m.call("fails", {60'000, 100 + t, 1000});
          ++wrong;
        } catch (const Error& error) {
          if (!contains(error.what(), std::to_string(100 + t))) ++wrong;
        }
      }
    });
  }
  callers.clear();
  EXPECT_EQ(wrong, 0);
}

#if !defined(__SANITIZE_THREAD__) && !__has_feature(thread_sanitizer)
TEST_F(Regions, TheChildOfAForkRunsThemItself) {
  const uint64_t expected = bits("sums", 50'000);
  const pid_t child = fork();
  if (child == 0) _exit(bits("sums", 50'000) == expected ? 0 : 1);
  int status = 1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}
#endif

}  // namespace
}  // namespace kjit
