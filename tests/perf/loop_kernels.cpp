// A dozen loop kernels against their C twins: kjit / clang -O3 in one run, medians of alternating repetitions.
//
//   perf_loop_kernels [KERNELS.py]
#include <kjit/kjit.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "loop_kernels/twins.h"

namespace {

// Milliseconds of CPU time of this thread, which other work on the machine disturbs less than the time of day.
double now() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}
using kjit::ArrayView;
template <typename T>
using In1 = ArrayView<const T, 1>;
template <typename T>
using Out1 = ArrayView<T, 1>;
template <typename T>
using In2 = ArrayView<const T, 2>;
template <typename T>
using Out2 = ArrayView<T, 2>;

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

// The same numbers in each run.
std::mt19937_64 numbers(unsigned seed) { return std::mt19937_64(seed); }

std::vector<double> uniform(size_t n, double lo, double hi, unsigned seed) {
  std::mt19937_64 random = numbers(seed);
  std::uniform_real_distribution<double> d(lo, hi);
  std::vector<double> v(n);
  for (auto& x : v) x = d(random);
  return v;
}

struct Bench {
  double log_sum = 0;
  int count = 0;
  bool same = true;

  // `reset` restores the inputs before each run; `check` compares what both left behind.
  void operator()(const char* name, const std::function<void()>& reset, const std::function<void()>& ours,
                  const std::function<void()>& twin, const std::function<bool()>& equal) {
    auto time = [&](const std::function<void()>& f) {
      reset();
      const double start = now();
      f();
      return now() - start;
    };
    time(ours), time(twin);
    std::vector<double> a, b;
    for (int i = 0; i < 15; ++i) {
      a.push_back(time(ours));
      b.push_back(time(twin));
    }
    bool right = equal();
    same &= right;
    double ratio = median(a) / median(b);
    log_sum += std::log(ratio), ++count;
    std::printf("%-16s %10.3f %10.3f %8.2f  %s\n", name, median(a), median(b), ratio, right ? "" : "RESULTS DIFFER");
    std::fflush(stdout);
  }
};

bool close(const std::vector<double>& a, const std::vector<double>& b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (!(std::abs(a[i] - b[i]) <= 1e-9 * (std::abs(a[i]) + std::abs(b[i])) + 1e-12)) return false;
  return a.size() == b.size();
}

void dense(Bench& bench, kjit::Module& m) {
  {
    std::vector<double> a(300 * 400), b = a;
    auto f = m.function<void(Out2<double>, double, double, double, int64_t)>("mandelbrot");
    bench(
        "mandelbrot", [] {}, [&] { f({a, {300, 400}}, -2.0, -1.2, 0.008, 200); },
        [&] { mandelbrot(b.data(), 300, 400, -2.0, -1.2, 0.008, 200); }, [&] { return a == b; });
  }
  {
    const int64_t n = 320;
    auto x = uniform(n * n, -1, 1, 1), y = uniform(n * n, -1, 1, 2);
    std::vector<double> a(n * n), b(n * n);
    // Both write the same array. The blocked one takes either of two times, up to a factor of two apart, from process
    // to process, in C as well.
    auto f = m.function<void(In2<double>, In2<double>, Out2<double>)>("matmul");
    bench(
        "matmul", [] {}, [&] { f({x, {n, n}}, {y, {n, n}}, {a, {n, n}}); },
        [&] { matmul(x.data(), y.data(), a.data(), n, n, n); },
        [&] {
          f({x, {n, n}}, {y, {n, n}}, {b, {n, n}});
          return a == b;
        });
    auto g = m.function<void(In2<double>, In2<double>, Out2<double>, int64_t)>("matmul_blocked");
    bench(
        "matmul_blocked", [] {}, [&] { g({x, {n, n}}, {y, {n, n}}, {a, {n, n}}, 64); },
        [&] { matmul_blocked(x.data(), y.data(), a.data(), n, 64); },
        [&] {
          g({x, {n, n}}, {y, {n, n}}, {b, {n, n}}, 64);
          return a == b;
        });
  }
  {
    const int64_t n = 500;
    auto start = uniform(n * n, 0, 1, 3);
    auto a1 = start, b1 = start, a2 = start, b2 = start;
    auto f = m.function<void(Out2<double>, Out2<double>, int64_t)>("jacobi_2d");
    bench(
        "jacobi_2d", [&] { a1 = b1 = a2 = b2 = start; }, [&] { f({a1, {n, n}}, {b1, {n, n}}, 20); },
        [&] { jacobi_2d(a2.data(), b2.data(), n, 20); },
        [&] {
          a1 = b1 = a2 = b2 = start;
          f({a1, {n, n}}, {b1, {n, n}}, 20);
          jacobi_2d(a2.data(), b2.data(), n, 20);
          return a1 == a2;
        });
  }
  {
    const int64_t n = 240;
    std::mt19937_64 random = numbers(4);
    std::vector<int64_t> start(n * n), a, b;
    for (auto& x : start) x = static_cast<int64_t>(random() % 1000);
    auto f = m.function<void(Out2<int64_t>)>("floyd_warshall");
    bench(
        "floyd_warshall", [&] { a = b = start; }, [&] { f({a, {n, n}}); }, [&] { floyd_warshall(b.data(), n); },
        [&] {
          a = b = start;
          f({a, {n, n}});
          floyd_warshall(b.data(), n);
          return a == b;
        });
  }
  {
    const int64_t n = 300;
    auto start = uniform(n * n, 0, 1, 5);
    for (int64_t i = 0; i < n; ++i) start[i * n + i] += static_cast<double>(n);
    std::vector<double> a, b;
    auto f = m.function<void(Out2<double>)>("lu");
    bench(
        "lu", [&] { a = b = start; }, [&] { f({a, {n, n}}); }, [&] { lu(b.data(), n); },
        [&] {
          a = b = start;
          f({a, {n, n}});
          lu(b.data(), n);
          return a == b;
        });
  }
}

void particles(Bench& bench, kjit::Module& m) {
  const int64_t n = 512;
  auto pos = uniform(3 * n, -1, 1, 6), vel = uniform(3 * n, -1, 1, 7), mass = uniform(n, 0.1, 1, 8);
  auto p1 = pos, p2 = pos, v1 = vel, v2 = vel;
  auto f = m.function<void(Out2<double>, Out2<double>, In1<double>, int64_t, double)>("nbody");
  auto reset = [&] { p1 = p2 = pos, v1 = v2 = vel; };
  bench(
      "nbody (fastmath)", reset, [&] { f({p1, {3, n}}, {v1, {3, n}}, mass, 4, 1e-3); },
      [&] { nbody(p2.data(), v2.data(), mass.data(), n, 4, 1e-3); },
      [&] {
        reset();
        f({p1, {3, n}}, {v1, {3, n}}, mass, 4, 1e-3);
        nbody(p2.data(), v2.data(), mass.data(), n, 4, 1e-3);
        return close(p1, p2);
      });
}

void sparse_and_tables(Bench& bench, kjit::Module& m) {
  std::mt19937_64 random = numbers(9);
  {
    const int64_t n = 20000, per_row = 12;
    std::vector<int64_t> start(n + 1), column(n * per_row);
    for (int64_t i = 0; i <= n; ++i) start[i] = i * per_row;
    for (auto& c : column) c = static_cast<int64_t>(random() % n);
    auto value = uniform(n * per_row, -1, 1, 10), x = uniform(n, -1, 1, 11);
    std::vector<double> a(n), b(n);
    auto f = m.function<void(In1<int64_t>, In1<int64_t>, In1<double>, In1<double>, Out1<double>)>("spmv");
    bench(
        "spmv", [] {}, [&] { f(start, column, value, x, a); },
        [&] { spmv(start.data(), column.data(), value.data(), x.data(), b.data(), n); }, [&] { return a == b; });
  }
  {
    const size_t n = 200000;
    auto spot = uniform(n, 50, 150, 12), strike = uniform(n, 50, 150, 13), time = uniform(n, 0.1, 2, 14);
    std::vector<double> c1(n), p1(n), c2(n), p2(n);
    auto f = m.function<void(In1<double>, In1<double>, In1<double>, double, double, Out1<double>, Out1<double>)>(
        "black_scholes");
    bench(
        "black_scholes", [] {}, [&] { f(spot, strike, time, 0.03, 0.2, c1, p1); },
        [&] {
          black_scholes(spot.data(), strike.data(), time.data(), 0.03, 0.2, c2.data(), p2.data(),
                        static_cast<int64_t>(n));
        },
        [&] { return close(c1, c2) && close(p1, p2); });
  }
  {
    std::vector<uint32_t> table(256);
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t c = i;
      for (int k = 0; k < 8; ++k) c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
      table[i] = c;
    }
    std::vector<uint8_t> data(1 << 20);
    for (auto& d : data) d = static_cast<uint8_t>(random());
    int64_t a = 0, b = 0;
    auto f = m.function<int64_t(In1<uint8_t>, In1<uint32_t>)>("crc32");
    bench(
        "crc32", [] {}, [&] { a = f(data, table); },
        [&] { b = crc32(data.data(), table.data(), static_cast<int64_t>(data.size())); }, [&] { return a == b; });
  }
  {
    auto x = uniform(1 << 20, -0.1, 1.1, 15);
    std::vector<int64_t> a(256), b(256);
    auto f = m.function<void(In1<double>, double, double, Out1<int64_t>)>("histogram");
    bench(
        "histogram", [&] { std::fill(a.begin(), a.end(), 0), b = a; }, [&] { f(x, 0.0, 1.0, a); },
        [&] { histogram(x.data(), static_cast<int64_t>(x.size()), 0.0, 1.0, b.data(), 256); },
        [&] {
          std::fill(a.begin(), a.end(), 0), b = a;
          f(x, 0.0, 1.0, a);
          histogram(x.data(), static_cast<int64_t>(x.size()), 0.0, 1.0, b.data(), 256);
          return a == b;
        });
  }
}

void sequences(Bench& bench, kjit::Module& m) {
  {
    const size_t n = 1 << 16;
    auto re = uniform(n, -1, 1, 16), im = uniform(n, -1, 1, 17);
    std::vector<double> wr(n / 2), wi(n / 2);
    for (size_t k = 0; k < n / 2; ++k) {
      wr[k] = std::cos(-2 * M_PI * static_cast<double>(k) / static_cast<double>(n));
      wi[k] = std::sin(-2 * M_PI * static_cast<double>(k) / static_cast<double>(n));
    }
    auto r1 = re, i1 = im, r2 = re, i2 = im;
    auto f = m.function<void(Out1<double>, Out1<double>, In1<double>, In1<double>)>("fft");
    auto reset = [&] { r1 = r2 = re, i1 = i2 = im; };
    bench(
        "fft", reset, [&] { f(r1, i1, wr, wi); },
        [&] { fft(r2.data(), i2.data(), wr.data(), wi.data(), static_cast<int64_t>(n)); },
        [&] {
          reset();
          f(r1, i1, wr, wi);
          fft(r2.data(), i2.data(), wr.data(), wi.data(), static_cast<int64_t>(n));
          return r1 == r2 && i1 == i2;
        });
  }
  {
    std::mt19937_64 random = numbers(18);
    std::vector<uint8_t> x(2000), y(2100);
    for (auto& c : x) c = static_cast<uint8_t>(random() % 4);
    for (auto& c : y) c = static_cast<uint8_t>(random() % 4);
    std::vector<int64_t> row1(y.size() + 1), row2 = row1;
    int64_t a = 0, b = 0;
    auto f = m.function<int64_t(In1<uint8_t>, In1<uint8_t>, Out1<int64_t>)>("levenshtein");
    bench(
        "levenshtein", [] {}, [&] { a = f(x, y, row1); },
        [&] {
          b = levenshtein(x.data(), static_cast<int64_t>(x.size()), y.data(), static_cast<int64_t>(y.size()),
                          row2.data());
        },
        [&] { return a == b; });
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    kjit::Engine engine;
    kjit::Module m = engine.load_file(argc > 1 ? argv[1] : KJIT_PERF_KERNELS);
    std::printf("%-16s %10s %10s %8s\n", "kernel", "kjit ms", "clang ms", "ratio");
    Bench bench;
    dense(bench, m);
    particles(bench, m);
    sparse_and_tables(bench, m);
    sequences(bench, m);
    std::printf("%-16s %10s %10s %8.3f  (geometric mean of %d)\n", "all", "", "", std::exp(bench.log_sum / bench.count),
                bench.count);
    return bench.same ? 0 : 1;
  } catch (const kjit::Error& e) {
    std::fprintf(stderr, "%s\n", e.render().c_str());
    return 1;
  }
}
