// Life and seeding of a generator.
#include "random/generator.h"

#include <sys/random.h>

#include <ctime>
#include <new>

#include "core/context.h"
#include "parallel/region.h"

extern "C" {

kjit_random* kjit_random_new(void) {
  if (!kjit::rt::allocation_allowed()) return nullptr;
  auto* random = new (std::nothrow) kjit_random;
  if (!random) return nullptr;
  uint32_t key[8];
  if (getrandom(key, sizeof key, 0) != static_cast<ssize_t>(sizeof key)) {  // a very old or locked-down kernel
    for (uint32_t i = 0; i < 8; ++i) {
      timespec now{};
      clock_gettime(CLOCK_MONOTONIC, &now);
      key[i] = static_cast<uint32_t>(now.tv_nsec) * 2654435761u + static_cast<uint32_t>(now.tv_sec) + i;
    }
  }
  kjit_random_seed_array(random, key, 8);
  return random;
}

void kjit_random_free(kjit_random* random) { delete random; }

kjit_random* kjit_rt_random(kjit_ctx* ctx, const kjit_location* where) {
  if (!ctx->random) ctx->random = ctx->worker ? kjit::rt::generator_of_chunk(ctx) : kjit_random_new();
  if (!ctx->random) kjit::rt::raise(ctx, KJIT_MEMORY_ERROR, where, "unable to allocate a random generator");
  return ctx->random;
}

void kjit_random_seed(kjit_random* random, uint32_t seed) {
  random->bits.seed(seed);
  random->has_spare = false;
}

void kjit_random_seed_array(kjit_random* random, const uint32_t* key, int64_t count) {
  random->bits.seed(key, count);
  random->has_spare = false;
}

uint32_t kjit_random_u32(kjit_random* random) { return random->bits.next32(); }
double kjit_random_f64(kjit_random* random) { return random->bits.next_double(); }

}  // extern "C"
