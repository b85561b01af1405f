// Parallel regions beside OpenMP in one process: threads of a team call kernels whose regions run on kjit's own
// threads, and loops of the two take turns. Built with OpenMP where its runtime is installed (libomp), else skipped.
#include <atomic>
#include <vector>

#include "embed/support.h"

namespace kjit {
namespace {

#ifdef _OPENMP

extern "C" int omp_get_num_threads(void);

constexpr int kTeam = 4;

// Some milliseconds each, so that kjit's threads take part.
const char* const kText = R"(
import numpy as np
from numba import njit, prange

@njit(parallel=True)
def total(n):
    s = 0.0
    for i in prange(n):
        s += np.sin(i * 0.37) / (i + 1.5)
    return s

@njit(parallel=True)
def advance(a):
    for i in prange(a.size):
        a[i] = a[i] * 0.5 + np.cos(a[i])
)";

class BesideOpenMp : public ::testing::Test {
 protected:
  void TearDown() override { launch_threads(0); }
  Engine engine;
  Module module = engine.load_string(kText, "team.py");
};

TEST_F(BesideOpenMp, ThreadsOfATeamCallKernels) {
  launch_threads(3);
  auto total = module.function<double(int64_t)>("total");
  const double alone = total(200000);
  std::atomic<int> right{0}, team{0};
#pragma omp parallel num_threads(kTeam)
  {
    team = omp_get_num_threads();
    for (int round = 0; round < 5; ++round) right += total(200000) == alone;
  }
  EXPECT_EQ(team, kTeam);
  EXPECT_EQ(right, 5 * kTeam);
}

TEST_F(BesideOpenMp, LoopsOfTheTwoTakeTurns) {
  launch_threads(3);
  const int64_t n = 200000;
  Array both = Array::zeros(DType::Float64, {n}), one = Array::zeros(DType::Float64, {n});
  for (int64_t i = 0; i < n; ++i) both.data<double>()[i] = one.data<double>()[i] = static_cast<double>(i % 100);
  for (int round = 0; round < 20; ++round) {
    double* p = both.data<double>();
#pragma omp parallel for num_threads(kTeam) schedule(static)
    for (int64_t i = 0; i < n; ++i) p[i] += 1.0;
    module.call("advance", {both});
  }
  launch_threads(1);
  for (int round = 0; round < 20; ++round) {
    for (int64_t i = 0; i < n; ++i) one.data<double>()[i] += 1.0;
    module.call("advance", {one});
  }
  EXPECT_TRUE(std::equal(both.data<double>(), both.data<double>() + n, one.data<double>()));
}

// Teams begin and end while regions of other threads run.
TEST_F(BesideOpenMp, IterationsOfALoopCallKernels) {
  launch_threads(2);
  auto total = module.function<double(int64_t)>("total");
  std::vector<double> found(60);
#pragma omp parallel for num_threads(kTeam) schedule(static, 1)
  for (int64_t k = 0; k < 60; ++k) found[k] = total(1000 * (k + 1));
  launch_threads(1);
  for (int64_t k = 0; k < 60; ++k) EXPECT_EQ(found[k], total(1000 * (k + 1))) << k;
}

#else
TEST(BesideOpenMp, IsTested) { GTEST_SKIP() << "no OpenMP here when this was built: install libomp-dev"; }
#endif

}  // namespace
}  // namespace kjit
