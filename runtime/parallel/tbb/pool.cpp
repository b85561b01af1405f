// libkjit_threads.so: regions on oneTBB. A shared object of its own, so that what never runs a region does not load
// oneTBB, and what has no oneTBB runs serially. Not instrumented in ThreadSanitizer's tree, as libtbb is not:
// region.cpp tells it what happens before what.
#include "parallel/pool.h"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>
#include <oneapi/tbb/version.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "parallel/tbb/team.h"

namespace {

using kjit::rt::Team;

std::atomic<bool> abandoned{false};

struct Arena {
  explicit Arena(int slots)
      : threads(slots),
        tasks(slots, 1),
        // More threads than processors: one that stays at hand would keep another from its work.
        team(slots <= tbb::this_task_arena::max_concurrency() && slots <= Team::kMostThreads
                 ? std::make_shared<Team>(slots)
                 : nullptr) {}
  ~Arena() {
    if (team) team->dismiss();
  }
  Arena(const Arena&) = delete;

  const int threads;
  tbb::task_arena tasks;
  const std::shared_ptr<Team> team;  // its threads may outlive the arena
};

// Each thread that begins regions has arenas of its own, one for each number of threads that it used last: the slots of
// an arena are a bound, and workers stay with the arena that they worked for.
class Arenas {
 public:
  ~Arenas() {
    if (!abandoned.load()) return;
    [[clang::no_destroy]] static std::vector<std::unique_ptr<Arena>> left;  // their workers would be waited for
    left.swap(kept_);
  }
  Arena& get(int threads) {
    for (const auto& arena : kept_)
      if (arena->threads == threads) return *arena;
    if (kept_.size() == kMost) kept_.erase(kept_.begin());
    return *kept_.emplace_back(std::make_unique<Arena>(threads));
  }

 private:
  static constexpr size_t kMost = 4;
  std::vector<std::unique_ptr<Arena>> kept_;
};

// Bodies of regions in which others began. Their threads have to take tasks of oneTBB where they wait.
class Nesting {
 public:
  void add(const void* body) { at(body).store(body, std::memory_order_relaxed); }
  bool has(const void* body) { return at(body).load(std::memory_order_relaxed) == body; }

 private:
  std::atomic<const void*>& at(const void* body) {
    return all_[(reinterpret_cast<uintptr_t>(body) >> 4) % all_.size()];
  }
  std::array<std::atomic<const void*>, 64> all_{};  // one that is pushed out by another is found again
};
constinit Nesting nesting;

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
                                                             const void* body, kjit_pool_work work, void* region) {
  try {
    if (!nested) {
      allow(threads);
      thread_local Arenas arenas;
      Arena& arena = arenas.get(threads);
      if (arena.team && !arena.team->running() && !nesting.has(body)) {
        arena.tasks.execute([&] { arena.team->run(participants, work, region); });
        return 0;
      }
      if (arena.team) arena.team->dismiss();
      Spread::Context context(Spread::Context::isolated,
                              Spread::Context::default_traits | Spread::Context::fp_settings);
      arena.tasks.execute(Spread{participants, work, region, context});
      return 0;
    }
    nesting.add(body);
    Spread::Context context(Spread::Context::isolated, Spread::Context::default_traits | Spread::Context::fp_settings);
    // While it waits, the thread takes tasks of this region only: a chunk of another in the midst of its own would
    // find the thread's slot twice at work.
    tbb::this_task_arena::isolate(Spread{participants, work, region, context});
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
