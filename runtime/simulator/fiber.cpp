#include "simulator/fiber.h"

#include <sys/mman.h>

#include <new>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KJIT_ASAN 1
#include <sanitizer/common_interface_defs.h>
#endif
#endif

namespace kjit::rt::simulator {

namespace {
constexpr size_t kGuard = 4096;
}

Stacks::~Stacks() {
  for (char* stack : all_) munmap(stack - kGuard, kBytes + kGuard);
}

char* Stacks::take() {
  if (!free_.empty()) {
    char* stack = free_.back();
    free_.pop_back();
    return stack;
  }
  void* made = mmap(nullptr, kBytes + kGuard, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (made == MAP_FAILED) throw std::bad_alloc();
  mprotect(made, kGuard, PROT_NONE);
  all_.push_back(static_cast<char*>(made) + kGuard);
  return all_.back();
}

void Fiber::start(char* stack, Body body, void* user) {
  stack_ = stack, body_ = body, user_ = user, ended_ = false;
  inside_ = boost::context::detail::make_fcontext(stack + Stacks::kBytes, Stacks::kBytes, &Fiber::enter);
}

void Fiber::resume() {
  leaving(false, false);
  const auto from = boost::context::detail::jump_fcontext(inside_, this);
  arrived(true);
  inside_ = from.fctx;
}

void Fiber::suspend() {
  leaving(true, false);
  const auto from = boost::context::detail::jump_fcontext(outside_, nullptr);
  arrived(false);
  outside_ = from.fctx;
}

void Fiber::enter(boost::context::detail::transfer_t from) {
  auto& self = *static_cast<Fiber*>(from.data);
  self.fake_stack_[1] = nullptr;
  self.arrived(false);
  self.outside_ = from.fctx;
  self.body_(self.user_);
  self.ended_ = true;
  self.leaving(true, true);
  boost::context::detail::jump_fcontext(self.outside_, nullptr);
  __builtin_unreachable();  // nobody resumes what has ended
}

#ifdef KJIT_ASAN
void Fiber::leaving(bool home, bool for_good) {
  if (home) {
    __sanitizer_start_switch_fiber(for_good ? nullptr : &fake_stack_[1], home_stack_, home_bytes_);
  } else {
    __sanitizer_start_switch_fiber(&fake_stack_[0], stack_, Stacks::kBytes);
  }
}
void Fiber::arrived(bool at_home) {
  if (at_home) {
    __sanitizer_finish_switch_fiber(fake_stack_[0], nullptr, nullptr);
  } else {
    __sanitizer_finish_switch_fiber(fake_stack_[1], &home_stack_, &home_bytes_);
  }
}
#else
void Fiber::leaving(bool /*home*/, bool /*for_good*/) {}
void Fiber::arrived(bool /*at_home*/) {}
#endif

}  // namespace kjit::rt::simulator
