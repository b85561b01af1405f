// Stacks that are switched between, on Boost.Context.
#pragma once

#include <boost/context/detail/fcontext.hpp>
#include <cstddef>
#include <vector>

namespace kjit::rt::simulator {

// Stacks of one size, each with a page below that faults.
class Stacks {
 public:
  static constexpr size_t kBytes = size_t{1} << 20;  // local arrays lie here too
  Stacks() = default;
  ~Stacks();
  Stacks(const Stacks&) = delete;
  Stacks& operator=(const Stacks&) = delete;
  char* take();  // the lowest address that may be used; throws std::bad_alloc
  void give_back(char* stack) { free_.push_back(stack); }

 private:
  std::vector<char*> all_, free_;
};

// Runs `body` on a stack of its own. One that has not ended may be dropped; nothing on its stack is destroyed then.
class Fiber {
 public:
  using Body = void (*)(void* user);
  void start(char* stack, Body body, void* user);
  // From outside: runs the fiber until it suspends itself or has ended.
  void resume();
  // From inside: goes back to whoever resumed it.
  void suspend();
  bool ended() const { return ended_; }
  char* stack() const { return stack_; }

 private:
  [[noreturn]] static void enter(boost::context::detail::transfer_t from);
  void arrived(bool at_home);
  void leaving(bool home, bool for_good);

  boost::context::detail::fcontext_t inside_ = nullptr, outside_ = nullptr;
  char* stack_ = nullptr;
  Body body_ = nullptr;
  void* user_ = nullptr;
  bool ended_ = false;
  // What the address sanitizer wants to know.
  [[maybe_unused]] void* fake_stack_[2] = {nullptr, nullptr};
  [[maybe_unused]] const void* home_stack_ = nullptr;
  [[maybe_unused]] size_t home_bytes_ = 0;
};

}  // namespace kjit::rt::simulator
