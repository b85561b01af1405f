// Parallel regions: hands out chunks, gives each thread a context, keeps the error of the lowest failing chunk.
#include "parallel/region.h"

#include <kjit_rt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <climits>
#include <exception>
#include <mutex>
#include <string>
#include <utility>

#include "core/context.h"
#include "parallel/scheduler.h"
#include "parallel/threads.h"

// The edges that ThreadSanitizer cannot see, because libtbb is not instrumented.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#include <sanitizer/tsan_interface.h>
#define KJIT_RELEASED(address) __tsan_release(address)
#define KJIT_ACQUIRED(address) __tsan_acquire(address)
#endif
#endif
#ifndef KJIT_RELEASED
#define KJIT_RELEASED(address) static_cast<void>(address)
#define KJIT_ACQUIRED(address) static_cast<void>(address)
#endif

namespace kjit::rt {

namespace {

class Region;

// What stands behind one context of a body.
struct Worker {
  Region* region;
  bool in_pool;                  // runs in a task of the pool
  int64_t chunk = 0;             // the one that runs
  kjit_random* spare = nullptr;  // generator of an earlier chunk, to be seeded anew
  std::string text;              // of the print under way

  Worker(Region* r, bool pooled) : region(r), in_pool(pooled) {}
};

Worker* worker_of(const kjit_ctx* ctx) { return ctx ? static_cast<Worker*>(ctx->worker) : nullptr; }

// The chunks [0, count), dealt out in as many runs as there are participants. Each takes from its own run first, a part
// of what is left at a time, then helps with the others: who wakes up late finds less to do, nobody waits for him.
class Chunks {
 public:
  static constexpr int32_t kMostRuns = 64;

  // part: the reciprocal of what a thread takes at a time; unit: the least number of chunks.
  void deal(int64_t count, int32_t runs, int64_t part, int64_t unit) {
    runs_ = std::min(runs, kMostRuns);
    part_ = part, unit_ = unit;
    const int64_t each = count / runs_;
    const int64_t longer = count % runs_;
    for (int32_t k = 0; k < runs_; ++k) {
      Run& run = all_[static_cast<size_t>(k)];
      run.next = each * k + std::min<int64_t>(k, longer);
      run.end = run.next + each + (k < longer ? 1 : 0);
    }
    open_.store(runs_ == kMostRuns ? ~uint64_t{0} : (uint64_t{1} << runs_) - 1, std::memory_order_relaxed);
  }

  void prefetch(int32_t participant) const {
    __builtin_prefetch(&open_);
    __builtin_prefetch(&all_[static_cast<size_t>(participant % kMostRuns)]);
  }
  bool all_taken() const { return open_.load(std::memory_order_relaxed) == 0; }

  // Calls work(first, last) until nothing is left; false from it: the rest of this run is not wanted.
  template <typename F>
  void take_all(int32_t participant, F work) {
    const int own = participant % runs_;
    uint64_t unseen = ~uint64_t{0};
    while (const uint64_t open = open_.load(std::memory_order_relaxed) & unseen) {
      const int at = (own + std::countr_zero(std::rotr(open, own))) % kMostRuns;
      const uint64_t bit = uint64_t{1} << at;
      unseen &= ~bit;
      // Only who took the last of a run writes that down: all threads look at it.
      if (drain(all_[static_cast<size_t>(at)], work)) open_.fetch_and(~bit, std::memory_order_relaxed);
    }
  }

 private:
  struct alignas(64) Run {
    int64_t next;  // shared
    int64_t end;
  };

  // True where it took the last of the run, or the rest is not wanted.
  template <typename F>
  bool drain(Run& run, F& work) {
    const std::atomic_ref next(run.next);
    int64_t at = next.load(std::memory_order_relaxed);
    while (at < run.end) {
      const int64_t count = std::min(std::max((run.end - at) / part_, unit_), run.end - at);
      if (!next.compare_exchange_weak(at, at + count, std::memory_order_relaxed)) continue;
      const bool last = at + count == run.end;
      if (!work(at, at + count)) return true;
      if (last) return true;
      at = next.load(std::memory_order_relaxed);
    }
    return false;
  }

  int32_t runs_;
  int64_t part_, unit_;
  alignas(64) std::atomic<uint64_t> open_;
  std::array<Run, kMostRuns> all_;  // the first `runs_` are set
};

class Region {
 public:
  Region(kjit_ctx* caller, int64_t trips, int64_t length, kjit_region_body body, void* frame)
      : caller_(caller), outer_(worker_of(caller)), body_(body), frame_(frame), trips_(trips), length_(length) {
    root_ = outer_ ? outer_->region->root_ : this;
  }
  Region(const Region&) = delete;

  int32_t run(int32_t flags) {
    const int32_t threads = threads_of(caller_);
    const bool uniform = (flags & KJIT_REGION_UNIFORM) != 0;
    divisible_ = (flags & KJIT_REGION_DIVISIBLE) != 0;
    if (divisible_) length_ = piece(threads, uniform);
    const int64_t chunks = trips_ / length_ + (trips_ % length_ != 0);
    const auto participants = static_cast<int32_t>(std::min<int64_t>(threads, chunks));
    const RunOnPool run_on_pool = (flags & KJIT_REGION_SERIAL) || participants < 2 ? nullptr : pool();
    chunks_.deal(chunks, run_on_pool ? participants : 1, uniform ? 4 : 16,
                 std::max<int64_t>(settings_.chunksize / length_, 1));
    if (run_on_pool) {
      KJIT_RELEASED(this);
      // Whatever it leaves, for lack of memory, is done below.
      run_on_pool(participants, threads, outer_ && outer_->in_pool, reinterpret_cast<const void*>(root_->body_),
                  &Region::participate, this);
      KJIT_ACQUIRED(this);
    }
    work(0, this_thread_id(), outer_ && outer_->in_pool);
    if (caller_->memory_limit > 0) caller_->memory_used = kjit_ctx_memory_used(caller_);
    if (failed_.load(std::memory_order_relaxed) == kNone) return KJIT_OK;
    caller_->error = error_;
    return status_;
  }

  // The words that seed the generators of all chunks.
  bool key(std::array<uint32_t, 10>& out) {
    const std::lock_guard lock(mutex_);
    if (!has_key_) {
      kjit_random* random = kjit_rt_random(caller_, nullptr);
      if (!random) return false;
      for (uint32_t& word : key_) word = kjit_random_u32(random);
      has_key_ = true;
    }
    std::copy(key_.begin(), key_.end(), out.begin());
    return true;
  }

  // To the caller of the outermost region.
  bool write(const std::string& text) {
    kjit_ctx* ctx = root_->caller_;
    const std::lock_guard lock(root_->printing_);
    if (ctx->write) ctx->write(ctx->write_user, text.data(), text.size());
    return std::exchange(ctx->write_failed, 0) == 0;
  }

 private:
  static constexpr int64_t kNone = INT64_MAX;

  // Iterations that are dealt out together where they may be in any way: few enough for all threads to end at one
  // time, whole cache lines where they are many, an eighth of a chunk's work at least.
  int64_t piece(int32_t threads, bool uniform) const {
    constexpr int64_t kLine = 64;
    const int64_t pieces = uniform ? 8 : 32;  // for each thread
    const int64_t wanted = std::max(trips_ / (pieces * threads), std::max<int64_t>(length_ / 8, 1));
    return wanted > kLine ? wanted / kLine * kLine : wanted;
  }

  static void participate(void* region, int32_t participant, int32_t slot) {
    KJIT_ACQUIRED(region);
    static_cast<Region*>(region)->prefetch(participant);
    static_cast<Region*>(region)->work(participant, slot, true);
    KJIT_RELEASED(region);
  }

  // What each participant reads, and what lies with the caller's processor until it does: all of it at a time.
  void prefetch(int32_t participant) const {
    chunks_.prefetch(participant);
    __builtin_prefetch(&caller_->interrupt);
    __builtin_prefetch(&caller_->worker);
    __builtin_prefetch(&failed_);
    __builtin_prefetch(frame_);
  }

  static void print_text(void* user, const char* text, size_t size) {
    auto* ctx = static_cast<kjit_ctx*>(user);
    try {
      worker_of(ctx)->text.append(text, size);
    } catch (const std::exception&) {
      ctx->write_failed = 1;
    }
  }

  void make_context(kjit_ctx& ctx, Worker& worker) {
    ctx.error.kind = KJIT_OK;
    ctx.error.reserved = 0;
    ctx.error.location = nullptr;
    ctx.error.message[0] = 0;
    ctx.interrupt = caller_->interrupt;
    ctx.memory_limit = caller_->memory_limit;
    ctx.memory_used = caller_->memory_used;
    ctx.random = nullptr;
    ctx.write = root_->caller_->write ? print_text : nullptr;
    ctx.write_user = &ctx;
    ctx.engine = caller_->engine;
    ctx.write_failed = 0;
    ctx.blas = caller_->blas;
    ctx.thread_limit = caller_->thread_limit;
    ctx.worker = &worker;
    for (void*& field : ctx.reserved) field = nullptr;
    ctx.reserved[kAccountField] = caller_->reserved[kAccountField];  // lent: the caller's reference outlives the region
    kjit_ctx_init(&ctx);
  }

  void work(int32_t participant, int32_t thread_id, bool in_pool) {
    if (chunks_.all_taken()) return;
    ThreadSettings& settings = this_thread_settings();
    const ThreadSettings before = settings;
    const int32_t id_before = std::exchange(this_thread_id(), thread_id);
    Worker worker(this, in_pool);
    kjit_ctx ctx;  // NOLINT(cppcoreguidelines-pro-type-member-init): half a kilobyte of message
    make_context(ctx, worker);
    chunks_.take_all(participant, [&](int64_t first, int64_t last) {
      if (divisible_) {
        if (first > failed_.load(std::memory_order_relaxed)) return false;
        settings = settings_;
        run_chunks(ctx, worker, first, last);
        return true;
      }
      for (int64_t chunk = first; chunk < last; ++chunk) {
        if (chunk > failed_.load(std::memory_order_relaxed)) return false;
        settings = settings_;  // what another chunk has set was for that one
        run_chunks(ctx, worker, chunk, chunk + 1);
      }
      return true;
    });
    kjit_random_free(ctx.random);
    kjit_random_free(worker.spare);
    settings = before;
    this_thread_id() = id_before;
  }

  // [chunk, end), by one call of the body.
  void run_chunks(kjit_ctx& ctx, Worker& worker, int64_t chunk, int64_t end) {
    worker.chunk = chunk;
    if (ctx.random) {
      kjit_random_free(worker.spare);
      worker.spare = std::exchange(ctx.random, nullptr);
    }
    const int64_t lo = chunk * length_;
    const int64_t hi = end - chunk > (trips_ - lo) / length_ ? trips_ : lo + (end - chunk) * length_;
    const int32_t status = body_(&ctx, lo, hi, chunk, frame_);
    if (!worker.text.empty()) flush_print(&ctx);  // of a print that an error ended
    ctx.write_failed = 0;
    if (status != KJIT_OK) fail(ctx, chunk, status);
  }

  void fail(kjit_ctx& ctx, int64_t chunk, int32_t status) {
    const std::lock_guard lock(mutex_);
    if (chunk >= failed_.load(std::memory_order_relaxed)) return;
    failed_.store(chunk, std::memory_order_relaxed);
    status_ = status;
    error_ = ctx.error;
  }

  kjit_ctx* const caller_;
  Worker* const outer_;  // of the region that the caller is in
  Region* root_;
  const kjit_region_body body_;
  void* const frame_;
  const int64_t trips_;
  int64_t length_;  // of a chunk
  bool divisible_ = false;
  const ThreadSettings settings_ = this_thread_settings();
  Chunks chunks_;

  std::atomic<int64_t> failed_{kNone};  // the lowest chunk that has
  std::mutex mutex_;                    // of all below
  int32_t status_ = KJIT_OK;
  bool has_key_ = false;
  std::array<uint32_t, 8> key_;
  kjit_error error_;
  std::mutex printing_;
};

}  // namespace

kjit_random* generator_of_chunk(kjit_ctx* ctx) {
  Worker& worker = *worker_of(ctx);
  std::array<uint32_t, 10> key;
  if (!worker.region->key(key)) return nullptr;
  key[8] = static_cast<uint32_t>(worker.chunk);
  key[9] = static_cast<uint32_t>(worker.chunk >> 32);
  if (!worker.spare) worker.spare = kjit_random_new();
  if (worker.spare) kjit_random_seed_array(worker.spare, key.data(), static_cast<int64_t>(key.size()));
  return std::exchange(worker.spare, nullptr);
}

void flush_print(kjit_ctx* ctx) {
  Worker& worker = *worker_of(ctx);
  if (!worker.region->write(worker.text)) ctx->write_failed = 1;
  worker.text.clear();
}

}  // namespace kjit::rt

extern "C" {

int32_t kjit_rt_parfor(kjit_ctx* ctx, int64_t trips, int64_t length, int32_t flags, kjit_region_body body,
                       void* frame) {
  if (trips <= 0) return KJIT_OK;
  if (!kjit::rt::open_account(ctx)) return kjit::rt::raise(ctx, KJIT_MEMORY_ERROR, nullptr, "out of memory");
  return kjit::rt::Region(ctx, trips, std::max<int64_t>(length, 1), body, frame).run(flags);
}

}  // extern "C"
