/* Parallel regions. A region is a loop whose iterations are independent, cut into chunks, each of which is run by one
 * thread; the thread that calls takes part. See runtime/parallel/README.md. */
#pragma once

#include <kjit_rt/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One chunk: iterations [lo, hi) of a region; chunk is its number; frame what the region captured. Returns a
   kjit_status; on an error ctx->error is filled. */
typedef int32_t (*kjit_region_body)(kjit_ctx* ctx, int64_t lo, int64_t hi, int64_t chunk, void* frame);

enum {
  KJIT_REGION_UNIFORM = 1, /* iterations cost the same: chunks are dealt out in equal runs; without: as threads ask */
  KJIT_REGION_SERIAL = 2   /* on the calling thread, in order */
};

/* Runs body over [0, trips) in chunks of `length` >= 1 iterations: chunk c is [c*length, min((c+1)*length, trips)),
   c = 0, 1, ... The chunks depend on trips and length only, never on the threads. Each thread calls with a context of
   its own. Returns KJIT_OK, or the status of the lowest chunk that failed, its error record then is in ctx; chunks above
   the lowest failing one may be skipped, those below it all run. */
KJIT_RT_API int32_t kjit_rt_parfor(kjit_ctx* ctx, int64_t trips, int64_t length, int32_t flags, kjit_region_body body,
                                   void* frame);

#ifdef __cplusplus
}
#endif
