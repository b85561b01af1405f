// What a parallel region costs, beside the same with OpenMP where there is one: an empty region, again and again and
// after the threads fell asleep; nested ones; several threads that begin regions at once; some work beside the same in
// one thread. What an empty region costs: `--benchmark_filter=Empty`; figures in runtime/parallel/README.md.
#include <benchmark/benchmark.h>
#include <kjit/threads.h>
#include <kjit_rt/core.h>
#include <kjit_rt/parallel.h>

#include <chrono>
#include <thread>

namespace {

struct Context : kjit_ctx {
  Context() : kjit_ctx{} { kjit_ctx_init(this); }
  ~Context() { kjit_ctx_destroy(this); }
  Context(const Context&) = delete;
};

int32_t nothing(kjit_ctx*, int64_t, int64_t, int64_t, void*) { return KJIT_OK; }

// Some 1 us.
void spin(int64_t i) {
  double x = static_cast<double>(i);
  for (int k = 0; k < 300; ++k) benchmark::DoNotOptimize(x = x * 0.999 + 1.0);
}
int32_t work(kjit_ctx*, int64_t lo, int64_t hi, int64_t, void*) {
  for (int64_t i = lo; i < hi; ++i) spin(i);
  return KJIT_OK;
}
int32_t nest(kjit_ctx* ctx, int64_t, int64_t, int64_t, void*) {
  return kjit_rt_parfor(ctx, 16, 1, KJIT_REGION_UNIFORM, nothing, nullptr);
}

void region(benchmark::State& state, kjit_region_body body, int64_t chunks, int32_t flags) {
  Context ctx;
  for (auto _ : state) kjit_rt_parfor(&ctx, chunks, 1, flags, body, nullptr);
}

void Empty(benchmark::State& state) { region(state, nothing, state.range(0), KJIT_REGION_UNIFORM); }
BENCHMARK(Empty)->Arg(1)->Arg(2)->Arg(16)->Arg(64)->Arg(256)->UseRealTime();
void EmptyDynamic(benchmark::State& state) { region(state, nothing, state.range(0), 0); }
BENCHMARK(EmptyDynamic)->Arg(16)->Arg(256)->UseRealTime();
void EmptySerial(benchmark::State& state) { region(state, nothing, state.range(0), KJIT_REGION_SERIAL); }
BENCHMARK(EmptySerial)->Arg(1)->Arg(16)->UseRealTime();
void EmptyFromSeveralThreads(benchmark::State& state) { region(state, nothing, 16, KJIT_REGION_UNIFORM); }
BENCHMARK(EmptyFromSeveralThreads)->Threads(2)->Threads(4)->UseRealTime();

void EmptyAfterSleep(benchmark::State& state) {
  Context ctx;
  for (auto _ : state) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const auto before = std::chrono::steady_clock::now();
    kjit_rt_parfor(&ctx, 16, 1, KJIT_REGION_UNIFORM, nothing, nullptr);
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
  }
}
BENCHMARK(EmptyAfterSleep)->UseManualTime()->Iterations(300);

// A region of 64 us of work, after so many us of work outside of regions, as in a loop over time steps.
void WorkAfterSerialWork(benchmark::State& state) {
  Context ctx;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - start < std::chrono::microseconds(state.range(0))) spin(0);
    const auto before = std::chrono::steady_clock::now();
    kjit_rt_parfor(&ctx, 64, 1, KJIT_REGION_UNIFORM, work, nullptr);
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
  }
}
BENCHMARK(WorkAfterSerialWork)
    ->Arg(0)
    ->Arg(20)
    ->Arg(50)
    ->Arg(100)
    ->Arg(300)
    ->Arg(2000)
    ->UseManualTime()
    ->Iterations(2000);

void NestedSixteen(benchmark::State& state) { region(state, nest, 16, KJIT_REGION_UNIFORM); }
BENCHMARK(NestedSixteen)->UseRealTime();

void Work(benchmark::State& state) { region(state, work, state.range(0), KJIT_REGION_UNIFORM); }
BENCHMARK(Work)->Arg(64)->Arg(256)->Arg(4096)->UseRealTime();
void WorkSerial(benchmark::State& state) { region(state, work, state.range(0), KJIT_REGION_SERIAL); }
BENCHMARK(WorkSerial)->Arg(64)->Arg(256)->Arg(4096)->UseRealTime();

#ifdef KJIT_PERF_OPENMP
extern "C" void omp_region(int64_t trips, void (*body)(int64_t i));

void OpenMpEmpty(benchmark::State& state) {
  for (auto _ : state) omp_region(state.range(0), [](int64_t) {});
}
BENCHMARK(OpenMpEmpty)->Arg(16)->UseRealTime();
void OpenMpWork(benchmark::State& state) {
  for (auto _ : state) omp_region(state.range(0), spin);
}
BENCHMARK(OpenMpWork)->Arg(64)->Arg(256)->Arg(4096)->UseRealTime();
#endif

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const kjit::Threads threads = kjit::threads();
  benchmark::AddCustomContext("threads", std::to_string(threads.launched));
  benchmark::AddCustomContext("scheduler", threads.description);
  benchmark::RunSpecifiedBenchmarks();
}
