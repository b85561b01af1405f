#include "parallel/tbb/team.h"

#include <oneapi/tbb/task_arena.h>
#include <sched.h>

#include <bit>
#include <exception>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kjit::rt {

namespace {

using std::chrono::microseconds;

// How long a thread stays when there is nothing to do, and when another team asks for threads.
constexpr microseconds kPatience(1000);
constexpr microseconds kPolitePatience(20);
// The thread did not run for so long between two looks: the processors are wanted by others.
constexpr microseconds kPreempted(150);
constexpr microseconds kSpinBeforeYield(50);
constexpr microseconds kBetweenYields(4);

// The team that asked for threads last.
constinit std::atomic<const Team*> recruiter{nullptr};

// Looks some times whether found() holds. PAUSE in a tight loop makes hypervisors take the processor away, none at all
// slows down the other thread of the core: so one after some looks.
template <typename F>
bool looks(F found) {
  for (int k = 0; k < 24; ++k)
    if (found()) return true;
#if defined(__x86_64__)
  _mm_pause();
#endif
  return false;
}

#if defined(__x86_64__)
uint32_t float_control() { return _mm_getcsr(); }
void set_float_control(uint32_t control) { _mm_setcsr(control); }
#elif defined(__aarch64__)
uint32_t float_control() {
  uint64_t control;
  asm volatile("mrs %0, fpcr" : "=r"(control));
  return static_cast<uint32_t>(control);
}
void set_float_control(uint32_t control) { asm volatile("msr fpcr, %0" ::"r"(static_cast<uint64_t>(control))); }
#else
uint32_t float_control() { return 0; }
void set_float_control(uint32_t) {}
#endif

}  // namespace

void Team::run(int participants, kjit_pool_work work, void* region) {
  recruit(participants);
  board_.participants = participants;
  board_.work = work;
  board_.region = region;
  board_.control = float_control();
  const uint64_t turn = board_.turn.load(std::memory_order_relaxed) + 1;
  board_.turn.store(turn, std::memory_order_release);
  running_ = true;
  work(region, 0, 0);
  running_ = false;
  board_.turn.store(turn + 1, std::memory_order_seq_cst);
  wait_for_busy();
}

void Team::recruit(int participants) {
  const int at_hand = std::popcount(present_.load(std::memory_order_relaxed));
  const int missing = participants - 1 - at_hand - on_the_way_.load(std::memory_order_relaxed);
  if (missing <= 0) return;
  recruiter.store(this, std::memory_order_relaxed);
  on_the_way_.fetch_add(missing, std::memory_order_relaxed);
  uncalled_.fetch_add(missing, std::memory_order_relaxed);
  call_some();
}

// To wake a thread takes its caller some microseconds, and itself some fifty: each that comes calls four more.
void Team::call_some() {
  for (int k = 0; k < 4; ++k) {
    int left = uncalled_.load(std::memory_order_relaxed);
    while (left > 0 && !uncalled_.compare_exchange_weak(left, left - 1, std::memory_order_relaxed)) {
    }
    if (left <= 0) return;
    try {
      tbb::this_task_arena::enqueue([self = shared_from_this()] {
        self->on_the_way_.fetch_sub(1, std::memory_order_relaxed);
        self->call_some();
        self->serve(tbb::this_task_arena::current_thread_index());
      });
    } catch (const std::exception&) {  // without them, then
      on_the_way_.fetch_sub(1 + uncalled_.exchange(0, std::memory_order_relaxed), std::memory_order_relaxed);
      return;
    }
  }
}

void Team::wait_for_busy() const {
  Clock::time_point start{};
  for (int slot = 1; slot < threads_; ++slot) {
    const auto idle = [&] { return !seats_[static_cast<size_t>(slot)].busy.load(std::memory_order_seq_cst); };
    while (!looks(idle)) {
      const auto now = Clock::now();
      if (start == Clock::time_point{}) start = now;
      if (now - start > kSpinBeforeYield) sched_yield();
    }
  }
}

void Team::serve(int slot) {
  if (slot < 1 || slot >= threads_) return;  // the caller itself, while it waits for tasks
  Seat& seat = seats_[static_cast<size_t>(slot)];
  const uint64_t bit = uint64_t{1} << slot;
  present_.fetch_or(bit, std::memory_order_relaxed);
  const uint32_t dismissals = board_.dismissals.load(std::memory_order_relaxed);
  uint64_t done = 0;
  auto since = Clock::now();
  auto before = since;
  auto yielded = since - kBetweenYields;
  for (;;) {
    uint64_t turn = 0;
    const bool asked = looks([&] {
      turn = board_.turn.load(std::memory_order_acquire);
      return (turn & 1) != 0 && turn != done;
    });
    if (asked) {
      work_at(seat, turn, slot);
      done = turn;
      since = before = Clock::now();
      continue;
    }
    const auto now = Clock::now();
    const bool wanted_elsewhere = recruiter.load(std::memory_order_relaxed) != this;
    if (now - since > (wanted_elsewhere ? kPolitePatience : kPatience) || now - before > kPreempted ||
        board_.dismissals.load(std::memory_order_relaxed) != dismissals)
      break;
    before = now;
    if (now - yielded > kBetweenYields) {  // a thread that was just woken may have the processor of the caller
      sched_yield();
      yielded = before = Clock::now();
    }
  }
  present_.fetch_and(~bit, std::memory_order_relaxed);
}

void Team::work_at(Seat& seat, uint64_t turn, int slot) {
  seat.busy.store(true, std::memory_order_seq_cst);
  if (board_.turn.load(std::memory_order_seq_cst) == turn) {
    const uint32_t control = float_control();
    if (control != board_.control) set_float_control(board_.control);
    board_.work(board_.region, slot % board_.participants, slot);
    if (control != board_.control) set_float_control(control);
  }
  seat.busy.store(false, std::memory_order_release);
}

}  // namespace kjit::rt
