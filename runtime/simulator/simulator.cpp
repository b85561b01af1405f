// The C interface.
#include <kjit_rt/simulator.h>

#include <algorithm>
#include <memory>
#include <new>
#include <vector>

#include "core/context.h"

#ifdef KJIT_HAS_FIBERS

#include "simulator/block.h"

using kjit::rt::simulator::Access;
using kjit::rt::simulator::Block;
using kjit::rt::simulator::Meeting;
using kjit::rt::simulator::Thread;

namespace {

Thread& this_thread(kjit_ctx* ctx) { return *static_cast<Thread*>(static_cast<kjit_sim_thread*>(ctx->thread)); }

// What any device of the last years takes.
constexpr uint32_t kMostThreads[3] = {1024, 1024, 64};
constexpr uint32_t kMostBlocks[3] = {0x7FFFFFFF, 65535, 65535};
constexpr uint32_t kMostShared = 227U << 10;

int32_t check(kjit_ctx* ctx, const kjit_sim_launch& launch) {
  uint64_t threads = 1;
  for (int axis = 0; axis < 3; ++axis) {
    const uint32_t blocks = launch.blocks[axis], along = launch.threads[axis];
    if (blocks == 0 || along == 0)
      return kjit::rt::raise(ctx, KJIT_VALUE_ERROR, nullptr, "the kernel cannot be launched: the grid is empty");
    if (blocks > kMostBlocks[axis] || along > kMostThreads[axis]) {
      const int64_t operands[] = {blocks, along, axis};
      return kjit::rt::raise(
          ctx, KJIT_VALUE_ERROR, nullptr,
          "the kernel cannot be launched: {0} blocks of {1} threads are more than a device has along axis {2}",
          operands);
    }
    threads *= along;
  }
  if (threads > kMostThreads[0]) {
    const int64_t operands[] = {static_cast<int64_t>(threads), kMostThreads[0]};
    return kjit::rt::raise(ctx, KJIT_VALUE_ERROR, nullptr,
                           "the kernel cannot be launched: a block has {0} threads, a device allows {1}", operands);
  }
  if (launch.shared_bytes > kMostShared) {
    const int64_t operands[] = {launch.shared_bytes, kMostShared};
    return kjit::rt::raise(ctx, KJIT_VALUE_ERROR, nullptr,
                           "the kernel cannot be launched: {0} bytes of shared memory for a block, a device allows {1}",
                           operands);
  }
  return KJIT_OK;
}

// Stacks of that many threads fit into the mappings that a process may have.
constexpr uint64_t kMostResident = 16384;

// The blocks of a grid in order. Those that come to a barrier of the grid stay there until all have come.
class Grid {
 public:
  Grid(kjit_ctx& ctx, const kjit_sim_launch& launch) : ctx_(ctx), launch_(launch) {}

  int32_t run() {
    uint32_t at[3];
    for (at[2] = 0; at[2] < launch_.blocks[2]; ++at[2])
      for (at[1] = 0; at[1] < launch_.blocks[1]; ++at[1])
        for (at[0] = 0; at[0] < launch_.blocks[0]; ++at[0])
          if (const int32_t status = begin(at); status != KJIT_OK) return status;
    while (!waiting_.empty())
      if (const int32_t status = next_turn(); status != KJIT_OK) return status;
    return KJIT_OK;
  }

 private:
  int32_t begin(const uint32_t at[3]) {
    if (const int32_t status = kjit_rt_interrupted(&ctx_, nullptr); status != KJIT_OK) return status;
    if (!block_) block_ = std::make_unique<Block>(ctx_, launch_);
    if (const int32_t status = block_->run(at); status != KJIT_OK) return status;
    if (!block_->waits_for_grid()) {
      if (!waiting_.empty()) return waiting_[0]->tell_missing(at);
      std::copy_n(at, 3, ended_), some_ended_ = true;
      return KJIT_OK;
    }
    if (some_ended_) return block_->tell_missing(ended_);
    waiting_.push_back(std::move(block_));
    return waiting_.size() > 1 ? KJIT_OK : check_resident();
  }

  int32_t check_resident() {
    uint64_t threads = 1;
    for (int axis = 0; axis < 3; ++axis) threads *= uint64_t{launch_.threads[axis]};
    uint64_t blocks = 1;
    for (int axis = 0; axis < 3; ++axis) blocks = std::min(blocks * launch_.blocks[axis], uint64_t{1} << 32);
    if (blocks * threads <= kMostResident) return KJIT_OK;
    const int64_t operands[] = {static_cast<int64_t>(blocks), static_cast<int64_t>(kMostResident / threads)};
    return kjit::rt::raise(
        &ctx_, KJIT_VALUE_ERROR, nullptr,
        "the kernel cannot be launched: it waits for the whole grid, and of {0} blocks the device runs {1} at once",
        operands);
  }

  int32_t next_turn() {
    if (const int32_t status = kjit_rt_interrupted(&ctx_, nullptr); status != KJIT_OK) return status;
    size_t ended = 0;
    for (const auto& block : waiting_) {
      if (const int32_t status = block->behind_grid_barrier(); status != KJIT_OK) return status;
      if (block->waits_for_grid()) continue;
      const auto place = block->place();
      std::copy(place.begin(), place.end(), ended_);
      ++ended;
    }
    if (ended == waiting_.size()) return waiting_.clear(), KJIT_OK;
    if (ended == 0) return KJIT_OK;
    return (*std::find_if(waiting_.begin(), waiting_.end(), [](auto& b) { return b->waits_for_grid(); }))
        ->tell_missing(ended_);
  }

  kjit_ctx& ctx_;
  const kjit_sim_launch& launch_;
  std::unique_ptr<Block> block_;  // for the next one; null: it is to be made
  std::vector<std::unique_ptr<Block>> waiting_;
  uint32_t ended_[3] = {};
  bool some_ended_ = false;
};

}  // namespace

extern "C" {

int32_t kjit_sim_available(void) { return 1; }

int32_t kjit_sim_run(kjit_ctx* ctx, const kjit_sim_launch* launch) {
  if (const int32_t status = check(ctx, *launch); status != KJIT_OK) return status;
  try {
    return Grid(*ctx, *launch).run();
  } catch (const std::bad_alloc&) {
    return kjit::rt::raise(ctx, KJIT_MEMORY_ERROR, nullptr, "out of memory for the threads of a block");
  }
}

void kjit_sim_read(kjit_ctx* ctx, const void* address, int32_t size, const kjit_location* where) {
  Thread& thread = this_thread(ctx);
  thread.block->touch(thread, Access::Read, address, size, where);
}

void kjit_sim_write(kjit_ctx* ctx, const void* address, int32_t size, const kjit_location* where) {
  Thread& thread = this_thread(ctx);
  thread.block->touch(thread, Access::Write, address, size, where);
}

void kjit_sim_atomic(kjit_ctx* ctx, const void* address, int32_t size, const kjit_location* where) {
  Thread& thread = this_thread(ctx);
  thread.block->touch(thread, Access::Atomic, address, size, where);
}

int32_t kjit_sim_barrier(kjit_ctx* ctx, int32_t form, int32_t value, const kjit_location* where) {
  Thread& thread = this_thread(ctx);
  Meeting meeting;
  meeting.operation = form, meeting.value = static_cast<uint32_t>(value), meeting.where = where;
  thread.block->meet(thread, Thread::State::AtBarrier, meeting);
  return static_cast<int32_t>(thread.meeting.result);
}

uint64_t kjit_sim_warp(kjit_ctx* ctx, int32_t operation, uint32_t mask, uint64_t value, int32_t operand, int32_t width,
                       const kjit_location* where) {
  Thread& thread = this_thread(ctx);
  if (operation != KJIT_SIM_ACTIVEMASK && (mask >> thread.lane() & 1) == 0)
    thread.block->fail(thread, KJIT_RUNTIME_ERROR, where,
                       "the mask of a warp operation leaves out the lane of the thread that calls it");
  Meeting meeting;
  meeting.operation = operation, meeting.mask = mask, meeting.value = value, meeting.operand = operand;
  meeting.width = width, meeting.where = where;
  thread.block->meet(thread, Thread::State::InWarp, meeting);
  thread.warp_flag = thread.meeting.flag ? 1 : 0;
  return thread.meeting.result;
}

void* kjit_sim_shared(kjit_ctx* ctx, const void* key, int64_t bytes) {
  Thread& thread = this_thread(ctx);
  return thread.block->shared(thread, key, bytes);
}
}

#else

extern "C" {

int32_t kjit_sim_available(void) { return 0; }
int32_t kjit_sim_run(kjit_ctx* ctx, const kjit_sim_launch*) {
  return kjit::rt::raise(ctx, KJIT_RUNTIME_ERROR, nullptr,
                         "no CUDA simulator: the runtime was built without Boost.Context");
}
// Without kjit_sim_run, no kernel comes to these.
void kjit_sim_read(kjit_ctx*, const void*, int32_t, const kjit_location*) {}
void kjit_sim_write(kjit_ctx*, const void*, int32_t, const kjit_location*) {}
void kjit_sim_atomic(kjit_ctx*, const void*, int32_t, const kjit_location*) {}
int32_t kjit_sim_barrier(kjit_ctx*, int32_t, int32_t, const kjit_location*) { return 0; }
uint64_t kjit_sim_warp(kjit_ctx*, int32_t, uint32_t, uint64_t, int32_t, int32_t, const kjit_location*) { return 0; }
void* kjit_sim_shared(kjit_ctx*, const void*, int64_t) { return nullptr; }
}

#endif
