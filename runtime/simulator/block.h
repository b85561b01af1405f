// The threads of one block, and how they wait for each other.
#pragma once

#include <kjit_rt/simulator.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "simulator/fiber.h"
#include "simulator/races.h"

namespace kjit::rt::simulator {

constexpr uint32_t kWarp = 32;

// What a thread asked for when it stopped at an operation that several threads do together.
struct Meeting {
  int32_t operation = 0;  // KJIT_SIM_...; of the block's barrier: its form
  uint32_t mask = 0;
  uint64_t value = 0;
  int32_t operand = 0, width = 0;
  const kjit_location* where = nullptr;
  uint64_t result = 0;
  bool flag = false;  // of shuffles: the lane was there; of match_all
};

class Block;

struct Thread : kjit_sim_thread {
  enum class State : uint8_t { Ready, AtBarrier, InWarp, Ended };
  kjit_ctx ctx;
  Fiber fiber;
  Block* block = nullptr;
  uint32_t index = 0;  // in the block
  State state = State::Ready;
  int32_t status = KJIT_OK;
  uint32_t accesses = 0;
  Meeting meeting;
  uint32_t lane() const { return index % kWarp; }
};

// What all lanes of a warp that meet get of it. `lanes`: by lane, null for those that take no part.
void answer(const std::vector<Thread*>& lanes, uint32_t taking_part);

// Runs blocks of one launch, one after another, with the same threads; one that waits for the whole grid is kept.
class Block {
 public:
  Block(kjit_ctx& caller, const kjit_sim_launch& launch);
  ~Block();
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  // Status of the first thread that failed; the caller's error record then is filled, and no other block can run.
  int32_t run(const uint32_t at[3]);
  // All threads wait at a barrier of the grid: the block has not ended.
  bool waits_for_grid() const { return at_grid_; }
  int32_t behind_grid_barrier();
  // Another block does not come to that barrier. Returns the status.
  int32_t tell_missing(const uint32_t other[3]);
  std::array<uint32_t, 3> place() const;

  // --- on fibers
  void touch(Thread& thread, Access access, const void* address, int32_t size, const kjit_location* where);
  void meet(Thread& thread, Thread::State state, const Meeting& meeting);
  void* shared(Thread& thread, const void* key, int64_t bytes);
  // Fills the thread's error and leaves it for good.
  // Ends the launch. The caller holds no memory: its stack is not unwound.
  [[noreturn]] void fail(Thread& thread, int32_t kind, const kjit_location* where, std::string&& message);

 private:
  static void body(void* thread);
  int32_t go_on(const uint32_t* begin_at);
  void begin(Thread& thread, const uint32_t at[3]);
  bool step(Thread& thread);  // false: it failed
  bool release_warps();
  bool release_warp(uint32_t first, bool active_ones);
  bool all_at_barrier() const;
  bool release_barrier();
  void tell_divergence();
  void refuse(Thread& thread, const std::string& message);
  std::string name(const Thread& thread) const;
  void report(const Thread& thread);
  Shadow& shadow_of(const void* address);

  kjit_ctx& caller_;
  const kjit_sim_launch& launch_;
  Stacks stacks_;
  std::vector<std::unique_ptr<Thread>> threads_;
  std::vector<uint32_t> warp_times_;
  Shadow global_{false}, shared_shadow_{true};
  struct Free {
    void operator()(char* memory) const;
  };
  struct SharedArray {
    std::unique_ptr<char, Free> memory;
    size_t bytes = 0;
  };
  std::map<const void*, SharedArray> shared_;
  bool at_grid_ = false;
  bool watch_ = true;  // races are looked for
};

}  // namespace kjit::rt::simulator
