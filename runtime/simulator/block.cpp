#include "simulator/block.h"

#include <kjit_rt/random.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <utility>

namespace kjit::rt::simulator {

namespace {

constexpr uint32_t kTurn = 1U << 16;  // accesses after which another thread runs: this one may wait for what it writes
constexpr size_t kStackRoom = size_t{32} << 10;  // for the runtime's functions

std::string triple(const int32_t at[3]) {
  return "(" + std::to_string(at[0]) + ", " + std::to_string(at[1]) + ", " + std::to_string(at[2]) + ")";
}

std::string line_of(const kjit_location* where) {
  return where ? "line " + std::to_string(where->line) : "an unknown line";
}

bool same_place(const kjit_location* a, const kjit_location* b) {
  if (a == b || !a || !b) return a == b;
  return a->line == b->line && a->column == b->column && std::strcmp(a->file, b->file) == 0;
}

const char* did(Access access) {
  return access == Access::Read ? "read" : access == Access::Write ? "wrote" : "changed atomically";
}
const char* does(Access access) {
  return access == Access::Read ? "reads" : access == Access::Write ? "writes" : "changes atomically";
}

}  // namespace

void Block::Free::operator()(char* memory) const { std::free(memory); }

Block::Block(kjit_ctx& caller, const kjit_sim_launch& launch) : caller_(caller), launch_(launch) {
  const uint32_t count = launch.threads[0] * launch.threads[1] * launch.threads[2];
  for (uint32_t k = 0; k < count; ++k) {
    auto thread = std::make_unique<Thread>();
    thread->block = this, thread->index = k;
    threads_.push_back(std::move(thread));
  }
  warp_times_.assign((count + kWarp - 1) / kWarp, 0);
  (void)shared(*threads_[0], nullptr, launch.shared_bytes);
}

Block::~Block() = default;

void Block::begin(Thread& thread, const uint32_t at[3]) {
  const uint32_t* size = launch_.threads;
  const uint32_t k = thread.index;
  const uint32_t place[] = {k % size[0],
                            k / size[0] % size[1],
                            k / (size[0] * size[1]),
                            at[0],
                            at[1],
                            at[2],
                            size[0],
                            size[1],
                            size[2],
                            launch_.blocks[0],
                            launch_.blocks[1],
                            launch_.blocks[2],
                            k % kWarp,
                            kWarp,
                            launch_.shared_bytes};
  for (size_t i = 0; i < std::size(place); ++i) thread.place[i] = static_cast<int32_t>(place[i]);
  thread.ctx = caller_;
  thread.ctx.error.kind = KJIT_OK;
  thread.ctx.random = nullptr;
  thread.ctx.thread = static_cast<kjit_sim_thread*>(&thread);
  thread.state = Thread::State::Ready, thread.status = KJIT_OK, thread.accesses = 0;
  char* stack = stacks_.take();
  thread.ctx.stack_limit = stack + kStackRoom;
  thread.fiber.start(stack, &Block::body, &thread);
}

void Block::body(void* user) {
  auto& thread = *static_cast<Thread*>(user);
  uint64_t nothing = 0;
  thread.status = thread.block->launch_.kernel(&thread.ctx, &nothing, thread.block->launch_.slots);
}

// Threads that end without waiting for others pass one stack on.
bool Block::step(Thread& thread) {
  thread.fiber.resume();
  if (thread.fiber.ended()) {
    thread.state = Thread::State::Ended;
    stacks_.give_back(thread.fiber.stack());
    kjit_random_free(thread.ctx.random);
    thread.ctx.random = nullptr;
  }
  if (thread.status != KJIT_OK) report(thread);
  return thread.status == KJIT_OK;
}

int32_t Block::run(const uint32_t at[3]) {
  global_.begin_block(), shared_shadow_.begin_block();
  return go_on(at);
}

int32_t Block::behind_grid_barrier() {
  for (const auto& thread : threads_) thread->meeting.result = 0, thread->state = Thread::State::Ready;
  shared_shadow_.barrier();
  return go_on(nullptr);
}

// `begin_at`: the block to begin with; null: its threads are under way.
int32_t Block::go_on(const uint32_t* begin_at) {
  at_grid_ = false;
  bool first = begin_at != nullptr, ready = true;
  while (ready) {
    ready = false;
    for (const auto& thread : threads_) {
      if (first) begin(*thread, begin_at);
      if (thread->state != Thread::State::Ready) continue;
      if (!step(*thread)) return thread->status;
      ready = ready || thread->state == Thread::State::Ready;
    }
    first = false;
    ready = release_warps() || ready;
    ready = release_barrier() || ready;
  }
  const auto waits = [](const auto& thread) { return thread->state != Thread::State::Ended; };
  if (std::none_of(threads_.begin(), threads_.end(), waits)) return KJIT_OK;
  if (all_at_barrier()) {
    at_grid_ = true;
    global_.forget_all();
    return KJIT_OK;
  }
  tell_divergence();
  return KJIT_RUNTIME_ERROR;
}

// --- meetings

void Block::meet(Thread& thread, Thread::State state, const Meeting& meeting) {
  thread.meeting = meeting;
  thread.state = state;
  thread.fiber.suspend();
}

bool Block::release_warps() {
  bool some = false;
  for (uint32_t first = 0; first < threads_.size(); first += kWarp) {
    const bool here = release_warp(first, false);
    some = here || release_warp(first, true) || some;
  }
  return some;
}

// Lanes of one operation and mask go on when all in the mask that have not ended are there. Of activemask, those at one
// place, when no lane of the warp can do anything else.
bool Block::release_warp(uint32_t first, bool active_ones) {
  const uint32_t count = std::min<uint32_t>(kWarp, static_cast<uint32_t>(threads_.size()) - first);
  std::vector<Thread*> lanes(kWarp, nullptr);
  uint32_t alive = 0, waiting = 0;
  for (uint32_t k = 0; k < count; ++k) {
    Thread* thread = threads_[first + k].get();
    lanes[k] = thread;
    if (thread->state == Thread::State::Ready && active_ones) return false;
    if (thread->state != Thread::State::Ended) alive |= 1U << k;
    if (thread->state == Thread::State::InWarp) waiting |= 1U << k;
  }
  bool some = false;
  for (uint32_t k = 0; k < count; ++k) {
    if ((waiting >> k & 1) == 0) continue;
    const Meeting& own = lanes[k]->meeting;
    const bool active = own.operation == KJIT_SIM_ACTIVEMASK;
    if (active != active_ones) continue;
    uint32_t there = 0;
    for (uint32_t other = 0; other < count; ++other) {
      if ((waiting >> other & 1) == 0) continue;
      const Meeting& its = lanes[other]->meeting;
      const bool same = active ? same_place(its.where, own.where) : its.mask == own.mask;
      if (its.operation == own.operation && same) there |= 1U << other;
    }
    if (!active && (own.mask & alive & ~there) != 0) continue;
    answer(lanes, there);
    ++warp_times_[first / kWarp];
    for (uint32_t other = 0; other < count; ++other)
      if (there >> other & 1) lanes[other]->state = Thread::State::Ready;
    waiting &= ~there;
    some = true;
    if (active) return true;  // one place at a time: those that go on may come to where the others are
  }
  return some;
}

bool Block::all_at_barrier() const {
  const Meeting& one = threads_[0]->meeting;
  return std::all_of(threads_.begin(), threads_.end(), [&](const auto& thread) {
    const Meeting& its = thread->meeting;
    return thread->state == Thread::State::AtBarrier && its.operation == one.operation &&
           same_place(its.where, one.where);
  });
}

bool Block::release_barrier() {
  if (!all_at_barrier() || threads_[0]->meeting.operation == KJIT_SIM_GRID) return false;
  const auto holding = [](const auto& thread) { return thread->meeting.value != 0; };
  const auto count = static_cast<int32_t>(std::count_if(threads_.begin(), threads_.end(), holding));
  const auto all = static_cast<int32_t>(threads_.size());
  for (const auto& thread : threads_) {
    const int32_t form = thread->meeting.operation;
    const bool holds = form == KJIT_SIM_AND ? count == all : count > 0;
    thread->meeting.result = static_cast<uint64_t>(form == KJIT_SIM_COUNT ? count : holds ? 1 : 0);
    thread->state = Thread::State::Ready;
  }
  global_.barrier(), shared_shadow_.barrier();
  return true;
}

// Nobody can go on. The error stands where the first of those waits that the others do not join.
void Block::tell_divergence() {
  const auto what = [](const Thread& t) {
    return std::string(t.state == Thread::State::InWarp ? "warp operation" : "barrier");
  };
  const auto waits = [](const auto& t) { return t->state != Thread::State::Ended; };
  Thread& one = **std::find_if(threads_.begin(), threads_.end(), waits);
  const auto elsewhere = [&](const auto& t) {
    return t->state != one.state || !same_place(t->meeting.where, one.meeting.where) ||
           t->meeting.operation != one.meeting.operation || t->meeting.mask != one.meeting.mask;
  };
  const bool warp = one.state == Thread::State::InWarp;
  const Thread* other = nullptr;
  for (const auto& t : threads_) {
    const bool wanted = !warp || (t->index / kWarp == one.index / kWarp && (one.meeting.mask >> t->lane() & 1) != 0);
    if (!other && wanted && t.get() != &one && elsewhere(t)) other = t.get();
  }
  std::string message =
      "divergent " + what(one) + ": not all threads of the " + (warp ? "mask" : "block") + " come here";
  if (other)
    message += "; " + name(*other) +
               (other->state == Thread::State::Ended
                    ? " has ended"
                    : " waits at the " + what(*other) + " of " + line_of(other->meeting.where));
  refuse(one, message);
}

void Block::refuse(Thread& thread, const std::string& message) {
  thread.status = KJIT_RUNTIME_ERROR;
  thread.ctx.error.kind = KJIT_RUNTIME_ERROR, thread.ctx.error.location = thread.meeting.where;
  std::snprintf(thread.ctx.error.message, sizeof thread.ctx.error.message, "%s", message.c_str());
  report(thread);
}

int32_t Block::tell_missing(const uint32_t other[3]) {
  const int32_t place[] = {static_cast<int32_t>(other[0]), static_cast<int32_t>(other[1]),
                           static_cast<int32_t>(other[2])};
  refuse(*threads_[0],
         "divergent barrier of the grid: not all blocks come here; block " + triple(place) + " has ended");
  return KJIT_RUNTIME_ERROR;
}

std::array<uint32_t, 3> Block::place() const {
  const int32_t* at = threads_[0]->place + 3;
  return {static_cast<uint32_t>(at[0]), static_cast<uint32_t>(at[1]), static_cast<uint32_t>(at[2])};
}

// --- memory

Shadow& Block::shadow_of(const void* address) {
  for (const auto& [key, array] : shared_) {
    const auto* at = static_cast<const char*>(address);
    if (at >= array.memory.get() && at < array.memory.get() + array.bytes) return shared_shadow_;
  }
  return global_;
}

void Block::touch(Thread& thread, Access access, const void* address, int32_t size, const kjit_location* where) {
  const auto* at = static_cast<const char*>(address);
  const char* stack = thread.fiber.stack();
  if (at >= stack && at < stack + Stacks::kBytes) return;  // the thread's own
  if (++thread.accesses % kTurn == 0) thread.fiber.suspend();
  if (!watch_) return;
  Finding found;
  Shadow& shadow = shadow_of(address);
  try {
    const Toucher who{static_cast<uint16_t>(thread.index), warp_times_[thread.index / kWarp]};
    found = shadow.touch(access, address, size, who, where);
  } catch (const std::bad_alloc&) {
    watch_ = false;
  }
  const bool is_shared = &shadow == &shared_shadow_;
  if (found.kind == Finding::Unwritten)
    fail(thread, KJIT_RUNTIME_ERROR, where, "a read of shared memory that no thread of the block has written");
  if (found.kind == Finding::Race) {
    std::string message = std::string("race: ") + does(access) + " the element of " +
                          (is_shared ? "shared" : "global") + " memory that " + name(*threads_[found.thread]) + " " +
                          did(found.before) + " in " + line_of(found.where) + ", with no barrier between them";
    fail(thread, KJIT_RUNTIME_ERROR, where, std::move(message));
  }
}

void* Block::shared(Thread& thread, const void* key, int64_t bytes) {
  SharedArray& array = shared_[key];
  if (!array.memory) {
    array.bytes = static_cast<size_t>(std::max<int64_t>(bytes, 0));
    array.memory.reset(static_cast<char*>(std::aligned_alloc(64, (array.bytes + 64) / 64 * 64)));
    if (!array.memory) fail(thread, KJIT_MEMORY_ERROR, nullptr, "out of memory for shared arrays");
    std::memset(array.memory.get(), 0xCD, array.bytes);
  }
  return array.memory.get();
}

// --- errors

std::string Block::name(const Thread& thread) const { return "thread " + triple(thread.place); }

void Block::fail(Thread& thread, int32_t kind, const kjit_location* where, std::string&& message) {
  thread.status = kind;
  thread.ctx.error.kind = kind, thread.ctx.error.location = where;
  std::snprintf(thread.ctx.error.message, sizeof thread.ctx.error.message, "%s", message.c_str());
  std::string().swap(message);  // nothing after this is destroyed: the fiber does not go on
  thread.fiber.suspend();
  __builtin_unreachable();  // the launch is over
}

void Block::report(const Thread& thread) {
  caller_.error = thread.ctx.error;
  char* message = caller_.error.message;
  const std::string where = ", in " + name(thread) + " of block " + triple(thread.place + 3);
  const size_t room = sizeof caller_.error.message - 1 - where.size();
  const size_t used = std::min(std::strlen(message), room);
  std::memcpy(message + used, where.c_str(), where.size() + 1);
}

}  // namespace kjit::rt::simulator
