// Threads of parallel regions, as hosts see them.
#include "kjit/threads.h"

#include <fmt/format.h>
#include <kjit_rt/core.h>
#include <kjit_rt/parallel.h>

#include "kjit/error.h"

namespace kjit {

namespace {

// What the runtime finds wrong, with its words.
template <typename F>
void checked(F call) {
  kjit_ctx ctx{};
  if (call(&ctx) != KJIT_OK) throw Error(ErrorKind::ValueError, ctx.error.message);
}

}  // namespace

Threads threads() {
  char text[256];
  kjit_threads_describe(text, sizeof text);
  return {kjit_threads_launched(), kjit_threads_default(), kjit_threads_parallel() != 0, text};
}

void launch_threads(int count) {
  if (kjit_threads_launch(count) != KJIT_OK)
    throw Error(ErrorKind::ValueError, fmt::format("{} threads: not 0 to {}", count, KJIT_MOST_THREADS));
}

void set_num_threads(int count) {
  checked([&](kjit_ctx* ctx) { return kjit_rt_set_num_threads(ctx, count, nullptr); });
}

int get_num_threads() { return static_cast<int>(kjit_rt_get_num_threads(nullptr)); }

int64_t set_parallel_chunksize(int64_t iterations) {
  int64_t previous = 0;
  checked([&](kjit_ctx* ctx) { return kjit_rt_set_parallel_chunksize(ctx, iterations, &previous, nullptr); });
  return previous;
}

int64_t get_parallel_chunksize() { return kjit_rt_get_parallel_chunksize(); }

int get_thread_id() { return static_cast<int>(kjit_rt_get_thread_id()); }

}  // namespace kjit
