// Inside of parallel regions: what stands behind the context that a body is called with.
#pragma once

#include <kjit_rt/parallel.h>
#include <kjit_rt/random.h>

namespace kjit::rt {

// The generator of the chunk that runs with `ctx`, which is a worker's; null when out of memory.
kjit_random* generator_of_chunk(kjit_ctx* ctx);

// Hands on what was printed with `ctx`, a worker's; sets ctx->write_failed when the caller's `write` did.
void flush_print(kjit_ctx* ctx);

}  // namespace kjit::rt
