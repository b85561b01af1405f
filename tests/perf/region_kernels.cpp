// Parallel loops against their C twins with OpenMP, on one thread and on several, in one run: medians of alternating
// repetitions, each after a call that is not timed, in milliseconds of the time of day.
//
//   perf_region_kernels [THREADS [KERNELS.py]]
//
// speed-up: one thread / several, of kjit and of the twin; ratio: twin / kjit on several threads (above 1: kjit is
// faster).
#include <kjit/kjit.h>
#include <kjit/threads.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "region_kernels/twins.h"

namespace {

using kjit::ArrayView;
using In1 = ArrayView<const double, 1>;
using Out1 = ArrayView<double, 1>;
using In2 = ArrayView<const double, 2>;
using Out2 = ArrayView<double, 2>;

double milliseconds(const std::function<void()>& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}
double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

std::vector<double> uniform(size_t n, double lo, double hi, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> d(lo, hi);
  std::vector<double> v(n);
  for (auto& x : v) x = d(random);
  return v;
}

class Bench {
 public:
  explicit Bench(int threads) : threads_(threads) {
    std::printf("%-14s %10s %10s %10s %10s %9s %9s %7s\n", "kernel", "kjit 1", "kjit n", "OpenMP 1", "OpenMP n",
                "speed-up", "OpenMP's", "ratio");
  }
  void operator()(const char* name, const std::function<void()>& ours, const std::function<void()>& twin,
                  const std::function<bool()>& equal) {
    std::vector<double> t[4];
    for (int turn = -1; turn < 7; ++turn) {
      // OpenMP's threads look for work for 200 ms, on the processors that kjit's need.
      std::this_thread::sleep_for(std::chrono::milliseconds(250));
      for (int k = 0; k < 4; ++k) {
        const int count = k % 2 == 0 ? 1 : threads_;
        if (k < 2) {
          kjit::set_num_threads(count);
        } else {
          omp_threads(count);
        }
        (k < 2 ? ours : twin)();
        const double ms = milliseconds(k < 2 ? ours : twin);
        if (turn >= 0) t[k].push_back(ms);
      }
    }
    const double a = median(t[0]), b = median(t[1]), c = median(t[2]), d = median(t[3]);
    std::printf("%-14s %10.3f %10.3f %10.3f %10.3f %9.2f %9.2f %7.2f%s\n", name, a, b, c, d, a / b, c / d, d / b,
                equal() ? "" : "  RESULTS DIFFER");
    std::fflush(stdout);
    log_ += std::log(d / b), ++count_;
  }
  void finish() const { std::printf("geometric mean of the ratios: %.3f\n", std::exp(log_ / count_)); }

 private:
  int threads_;
  double log_ = 0;
  int count_ = 0;
};

bool close(const std::vector<double>& a, const std::vector<double>& b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (!(std::abs(a[i] - b[i]) <= 1e-8 * (std::abs(a[i]) + std::abs(b[i])) + 1e-10)) return false;
  return a.size() == b.size();
}

void compute(Bench& bench, kjit::Module& m) {
  {
    std::vector<double> a(800 * 1000), b = a;
    auto f = m.function<void(Out2, double, double, double, int64_t)>("mandelbrot");
    bench(
        "mandelbrot", [&] { f({a, {800, 1000}}, -2.0, -1.2, 0.003, 200); },
        [&] { omp_mandelbrot(b.data(), 800, 1000, -2.0, -1.2, 0.003, 200); }, [&] { return a == b; });
  }
  {
    const int64_t n = 3000;
    auto pos = uniform(n * 3, -1, 1, 1);
    std::vector<double> a(n * 3), b = a;
    auto f = m.function<void(In2, Out2)>("nbody");
    bench(
        "n-body", [&] { f({pos, {n, 3}}, {a, {n, 3}}); }, [&] { omp_nbody(pos.data(), b.data(), n); },
        [&] { return close(a, b); });
  }
  {
    const int64_t n = 1'000'000;
    auto spot = uniform(n, 10, 50, 2), strike = uniform(n, 10, 50, 3), time = uniform(n, 0.1, 2, 4);
    std::vector<double> c1(n), p1(n), c2(n), p2(n);
    auto f = m.function<void(In1, In1, In1, double, double, Out1, Out1)>("black_scholes");
    bench(
        "black-scholes", [&] { f({spot, {n}}, {strike, {n}}, {time, {n}}, 0.1, 0.2, {c1, {n}}, {p1, {n}}); },
        [&] { omp_black_scholes(spot.data(), strike.data(), time.data(), 0.1, 0.2, c2.data(), p2.data(), n); },
        [&] { return close(c1, c2) && close(p1, p2); });
  }
  {
    const int64_t n = 512;
    auto x = uniform(n * n, -1, 1, 5), y = uniform(n * n, -1, 1, 6);
    std::vector<double> a(n * n), b = a;
    auto f = m.function<void(In2, In2, Out2)>("matmul");
    bench(
        "matmul", [&] { f({x, {n, n}}, {y, {n, n}}, {a, {n, n}}); },
        [&] { omp_matmul(x.data(), y.data(), b.data(), n); }, [&] { return close(a, b); });
  }
}

void stream(Bench& bench, kjit::Module& m) {
  {
    const int64_t n = 4'000'000;
    auto x = uniform(n, -1, 1, 7);
    double a = 0, b = 0;
    auto f = m.function<double(In1)>("exp_sum");
    bench("exp-sum", [&] { a = f({x, {n}}); }, [&] { b = omp_exp_sum(x.data(), n); }, [&] { return close({a}, {b}); });
  }
  {
    const int64_t n = 4'000'000;
    auto x = uniform(n, -1, 1, 8), y = uniform(n, -1, 1, 9);
    std::vector<double> a(n), b(n);
    auto f = m.function<void(Out1, In1, In1, double)>("triad");
    bench(
        "triad", [&] { f({a, {n}}, {x, {n}}, {y, {n}}, 3.0); },
        [&] { omp_triad(b.data(), x.data(), y.data(), 3.0, n); }, [&] { return close(a, b); });
  }
  {
    const int64_t n = 500, steps = 20;
    const auto start = uniform(n * n, 0, 1, 10);
    auto a = start, b = start, c = start, d = start;
    auto f = m.function<void(Out2, Out2, int64_t)>("jacobi");
    bench(
        "jacobi", [&] { a = b = start, f({a, {n, n}}, {b, {n, n}}, steps); },
        [&] { c = d = start, omp_jacobi(c.data(), d.data(), n, steps); }, [&] { return close(a, c); });
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int threads = argc > 1 ? static_cast<int>(std::strtol(argv[1], nullptr, 10)) : kjit::threads().by_default;
  kjit::launch_threads(threads);
  std::printf("%d threads, %s\n", threads, kjit::threads().description.c_str());
  kjit::Engine engine;
  kjit::Module m = engine.load_file(argc > 2 ? argv[2] : KJIT_PERF_KERNELS);
  Bench bench(threads);
  compute(bench, m);
  stream(bench, m);
  bench.finish();
  return 0;
}
