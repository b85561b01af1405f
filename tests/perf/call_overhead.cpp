// What a call through a typed handle costs over a call through a plain function pointer. Each pair does the same work;
// the difference is the handle's: the context, the status, the result's way through memory.
#include <benchmark/benchmark.h>
#include <kjit/kjit.h>

#include <numeric>
#include <vector>

namespace {

const char* const kText = R"(
from numba import njit

@njit
def add(a, b):
    return a + b

@njit
def first(x, i):
    return x[i]

@njit
def swap(t):
    return t[1], t[0]
)";

kjit::Module& module() {
  static kjit::Engine engine;
  static kjit::Module loaded = engine.load_string(kText, "call.py");
  return loaded;
}

__attribute__((noinline)) double c_add(double a, double b) { return a + b; }
__attribute__((noinline)) double c_first(const double* x, int64_t, int64_t i) { return x[i]; }

// Opaque to the optimiser, as a pointer from anywhere is.
template <typename F>
F* hidden(F* f) {
  benchmark::DoNotOptimize(f);
  return f;
}

void scalar_pointer(benchmark::State& state) {
  auto* f = hidden(c_add);
  double x = 0;
  for (auto _ : state) x = f(x, 1.0);
  benchmark::DoNotOptimize(x);
}
BENCHMARK(scalar_pointer);

void scalar_handle(benchmark::State& state) {
  auto f = module().function<double(double, double)>("add");
  double x = 0;
  for (auto _ : state) x = f(x, 1.0);
  benchmark::DoNotOptimize(x);
}
BENCHMARK(scalar_handle);

void array_pointer(benchmark::State& state) {
  auto* f = hidden(c_first);
  std::vector<double> x(16, 1.0);
  double s = 0;
  int64_t i = 0;
  for (auto _ : state) s += f(x.data(), 16, i++ & 15);
  benchmark::DoNotOptimize(s);
}
BENCHMARK(array_pointer);

void array_handle(benchmark::State& state) {
  auto f = module().function<double(kjit::ArrayView<const double, 1>, int64_t)>("first");
  std::vector<double> x(16, 1.0);
  const kjit::ArrayView<const double, 1> view(x);
  double s = 0;
  int64_t i = 0;
  for (auto _ : state) s += f(view, i++ & 15);
  benchmark::DoNotOptimize(s);
}
BENCHMARK(array_handle);

// The view is made, and checked, for each call.
void array_handle_from_vector(benchmark::State& state) {
  auto f = module().function<double(kjit::ArrayView<const double, 1>, int64_t)>("first");
  std::vector<double> x(16, 1.0);
  double s = 0;
  int64_t i = 0;
  for (auto _ : state) s += f(x, i++ & 15);
  benchmark::DoNotOptimize(s);
}
BENCHMARK(array_handle_from_vector);

void tuple_handle(benchmark::State& state) {
  auto f = module().function<std::tuple<double, int64_t>(std::tuple<int64_t, double>)>("swap");
  double s = 0;
  for (auto _ : state) s += std::get<0>(f({1, 2.0}));
  benchmark::DoNotOptimize(s);
}
BENCHMARK(tuple_handle);

void dynamic_call(benchmark::State& state) {
  const kjit::Module& m = module();
  const std::vector<kjit::Value> args{1.0, 2.0};
  for (auto _ : state) benchmark::DoNotOptimize(m.call("add", args));
}
BENCHMARK(dynamic_call);

}  // namespace

BENCHMARK_MAIN();
