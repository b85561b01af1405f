// libkjit_threads.so: regions on oneTBB. A shared object of its own, so that what never runs a region does not load
// oneTBB, and what has no oneTBB runs serially. Not instrumented in ThreadSanitizer's tree, as libtbb is not:
// region.cpp tells it what happens before what.
#include "parallel/pool.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>
#include <oneapi/tbb/version.h>

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace {

std::atomic<bool> abandoned{false};

// Each thread that begins regions has arenas of its own, one for each number of threads that it used last: the slots of
// an arena are a bound, and workers stay with the arena that they worked for.
class Arenas {
 public:
  ~Arenas() {
    if (!abandoned.load()) return;
    [[clang::no_destroy]] static std::vector<Kept> left;  // their workers would be waited for
    left.swap(kept_);
  }
  tbb::task_arena& get(int threads) {
    for (auto& [slots, arena] : kept_)
      if (slots == threads) return *arena;
    if (kept_.size() == kMost) kept_.erase(kept_.begin());
    kept_.emplace_back(threads, std::make_unique<tbb::task_arena>(threads, 1));
    return *kept_.back().second;
  }

 private:
  using Kept = std::pair<int, std::unique_ptr<tbb::task_arena>>;
  static constexpr size_t kMost = 4;
  std::vector<Kept> kept_;
};

// By itself oneTBB has as many threads as there are processors; who asks for more shall have them.
void allow(int threads) {
  static std::atomic<int> allowed{0};
  if (threads <= allowed.load(std::memory_order_acquire)) return;
  static std::mutex mutex;
  static auto& control = *new std::unique_ptr<tbb::global_control>;  // never freed: threads outlive static objects
  const std::lock_guard lock(mutex);
  if (threads <= allowed.load(std::memory_order_relaxed)) return;
  constexpr auto kWhich = tbb::global_control::max_allowed_parallelism;
  const int now = static_cast<int>(tbb::global_control::active_value(kWhich));
  // The new one before the old one goes: the least that is asked for counts.
  if (threads > now) control = std::make_unique<tbb::global_control>(kWhich, static_cast<size_t>(threads));
  allowed.store(threads > now ? threads : now, std::memory_order_release);
}

struct Spread {
  using Context = tbb::task_group_context;

  int32_t participants;
  kjit_pool_work work;
  void* region;
  // Made where the region begins, whose rounding and treatment of denormals it takes along.
  Context& context;

  void operator()() const {
    tbb::parallel_for(
        0, participants, 1, [this](int k) { work(region, k, tbb::this_task_arena::current_thread_index()); },
        tbb::static_partitioner(), context);
  }
};

}  // namespace

extern "C" {

__attribute__((visibility("default"))) int32_t kjit_pool_run(int32_t participants, int32_t threads, int32_t nested,
                                                             kjit_pool_work work, void* region) {
  try {
    Spread::Context context(Spread::Context::isolated, Spread::Context::default_traits | Spread::Context::fp_settings);
    const Spread spread{participants, work, region, context};
    if (nested) {
      // While it waits, the thread takes tasks of this region only: a chunk of another in the midst of its own would
      // find the thread's slot twice at work.
      tbb::this_task_arena::isolate(spread);
    } else {
      allow(threads);
      thread_local Arenas arenas;
      arenas.get(threads).execute(spread);
    }
  } catch (const std::exception&) {
    return 1;
  }
  return 0;
}

__attribute__((visibility("default"))) const char* kjit_pool_version(void) {
  static const std::string text = [] {
    const int number = TBB_runtime_interface_version();  // 12080 is 2021.8
    return std::to_string(number / 1000 + 2009) + "." + std::to_string(number % 1000 / 10);
  }();
  return text.c_str();
}

__attribute__((visibility("default"))) void kjit_pool_abandon(void) { abandoned.store(true); }

// What our copy of oneTBB calls in place of __cxa_atexit. Nothing is to run when the process ends: the destructors wait
// for locks that a fork may have left locked in the child, and threads may still be at work.
__attribute__((visibility("default"))) int kjit_pool_ex(void (*)(void*), void*, void*) { return 0; }

}  // extern "C"
