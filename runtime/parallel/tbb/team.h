// Threads of oneTBB that stay at hand for a while after a region, so that the next one costs a microsecond to begin and
// finds each thread where it was, with its cache warm. The protocol is a barrier in which nobody is waited for who has
// not come (after Dekker): the caller opens a turn and works; a thread at hand says that it is busy, looks whether the
// turn is still open, and works too; the caller closes the turn, then waits for those that are busy.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include "parallel/pool.h"

namespace kjit::rt {

class Team : public std::enable_shared_from_this<Team> {
 public:
  static constexpr int kMostThreads = 64;

  // threads: of the arena, the caller's included, 2 to kMostThreads.
  explicit Team(int threads) : threads_(threads) {}

  // The calling thread, which has made this team, is in the midst of a region: what a body calls back has begun another
  // one that knows nothing of it.
  bool running() const { return running_; }

  // One region, on the calling thread, which is in slot 0 of its arena, and on those at hand; asks for more of them
  // when they are too few.
  void run(int participants, kjit_pool_work work, void* region);

  // Those at hand go back to oneTBB, which has tasks for them.
  void dismiss() { board_.dismissals.fetch_add(1, std::memory_order_relaxed); }

 private:
  using Clock = std::chrono::steady_clock;

  struct Seat {
    alignas(64) std::atomic<bool> busy{false};
  };
  // What those at hand look at all the time: a line of its own.
  struct Board {
    alignas(64) std::atomic<uint64_t> turn{0};  // odd: open
    std::atomic<uint32_t> dismissals{0};
    int32_t participants = 0;
    kjit_pool_work work = nullptr;
    void* region = nullptr;
    uint32_t control = 0;  // the caller's rounding and treatment of denormals
  };

  void recruit(int participants);
  void call_some();
  void serve(int slot);
  void work_at(Seat& seat, uint64_t turn, int slot);
  void wait_for_busy() const;

  const int threads_;
  bool running_ = false;  // the caller's own
  Board board_;
  alignas(64) std::atomic<uint64_t> present_{0};  // slots of those at hand
  std::atomic<int> on_the_way_{0};                // asked for, not yet come
  std::atomic<int> uncalled_{0};                  // of those: have no task yet
  std::array<Seat, kMostThreads> seats_;
};

}  // namespace kjit::rt
