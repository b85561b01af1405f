// Life of a context: the stack limit of the calling thread, what a context frees, interruption.
#include <pthread.h>

#include <kjit_rt/random.h>
#include "core/context.h"

namespace {

constexpr size_t kHeadRoom = size_t{256} << 10;  // what runtime functions and library calls below a kernel may need

struct StackBounds {
  const char* low = nullptr;
  const char* high = nullptr;
};

// Asking is slow (glibc reads /proc/self/maps for the main thread), so each thread asks once.
StackBounds this_thread_bounds() {
  thread_local bool known = false;
  thread_local StackBounds bounds;
  if (known) return bounds;
  known = true;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return bounds;
  void* low = nullptr;
  size_t size = 0;
  size_t guard = 0;
  if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
    pthread_attr_getguardsize(&attributes, &guard);
    bounds.low = static_cast<const char*>(low) + guard;
    bounds.high = static_cast<const char*>(low) + size;
  }
  pthread_attr_destroy(&attributes);
  return bounds;
}

}  // namespace

extern "C" {

void kjit_ctx_init(kjit_ctx* ctx) {
  ctx->stack_limit = nullptr;
  StackBounds bounds = this_thread_bounds();
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  // A host may run us on a stack of its own (fibres): then nothing is known, and there is no limit.
  if (here <= bounds.low || here >= bounds.high) return;
  size_t room = static_cast<size_t>(bounds.high - bounds.low);
  ctx->stack_limit = bounds.low + (room / 2 < kHeadRoom ? room / 2 : kHeadRoom);
}

void kjit_ctx_destroy(kjit_ctx* ctx) {
  kjit_random_free(ctx->random);
  ctx->random = nullptr;
  kjit::rt::drop_account(ctx);
}

int32_t kjit_rt_interrupted(kjit_ctx* ctx, const kjit_location* where) {
  if (!ctx->interrupt || __atomic_load_n(ctx->interrupt, __ATOMIC_RELAXED) == 0) return KJIT_OK;
  return kjit::rt::raise(ctx, KJIT_INTERRUPTED, where, "interrupted");
}

}  // extern "C"
