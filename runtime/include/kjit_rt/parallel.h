/* Parallel regions and threads. A region is a loop whose iterations are independent, cut into chunks, each of which is
 * run by one thread; the thread that calls takes part. See runtime/parallel/README.md. */
#pragma once

#include <kjit_rt/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- regions */
/* One chunk: iterations [lo, hi) of a region; chunk is its number; frame what the region captured. Returns a
   kjit_status; on an error ctx->error is filled. */
typedef int32_t (*kjit_region_body)(kjit_ctx* ctx, int64_t lo, int64_t hi, int64_t chunk, void* frame);

enum {
  KJIT_REGION_UNIFORM = 1,  /* iterations cost the same: chunks are dealt out in long runs; without: in short ones */
  KJIT_REGION_SERIAL = 2,   /* on the calling thread, in order */
  KJIT_REGION_DIVISIBLE = 4 /* the body makes nothing of the chunk's number and draws no random numbers: it may be
                               called with any runs of iterations, and `length` is not kept to */
};

/* Runs body over [0, trips) in chunks of `length` >= 1 iterations: chunk c is [c*length, min((c+1)*length, trips)),
   c = 0, 1, ... The chunks depend on trips and length only, never on the threads. Each thread calls with a context of
   its own. Returns KJIT_OK, or the status of the lowest chunk that failed, its error record then is in ctx; chunks
   above the lowest failing one may be skipped, those below it all run. Bodies may call this in turn.

   Contexts of bodies have the caller's interrupt flag, engine, BLAS, thread limit and memory limit (what they hold
   counts together). Prints go to the caller's `write` one at a time, each whole, in no order among chunks.
   Random numbers: a chunk that asks for some gets a generator of its own, MT19937 seeded by init_by_array with eight
   words and the chunk's number (low half, high half). The first chunk of a region that asks draws these words from the
   caller's generator, which makes them the same whichever chunk it is: what chunks draw depends on the state of the
   caller's generator and the chunk alone, and the caller's generator goes on by eight words for each region in which
   random numbers were asked for. Seeding in a chunk holds for the rest of the chunk.

   Serially, with the same result, where there is one chunk or one thread, no scheduler, or a process after fork. */
KJIT_RT_API int32_t kjit_rt_parfor(kjit_ctx* ctx, int64_t trips, int64_t length, int32_t flags, kjit_region_body body,
                                   void* frame);

/* --- how many threads the process may use */
#define KJIT_MOST_THREADS 256
/* Processors that this process may run on, or what the control groups (versions 1 and 2) grant of them, rounded up. */
KJIT_RT_API int32_t kjit_threads_default(void);
/* Most threads of one region, the calling one included: what kjit_threads_launch asked for, or the default. */
KJIT_RT_API int32_t kjit_threads_launched(void);
/* Asks for so many: 1 to KJIT_MOST_THREADS, more than there are processors if need be; 0: the default again. For
   regions that begin from now on. Returns KJIT_OK or KJIT_VALUE_ERROR. */
KJIT_RT_API int32_t kjit_threads_launch(int32_t threads);
/* 1: regions run on several threads where they may; 0: they cannot, kjit_threads_describe says why. Opens the
   scheduler when it has not been opened. */
KJIT_RT_API int32_t kjit_threads_parallel(void);
/* What runs regions, "oneTBB 2021.8", or "none: " and why regions run on the calling thread. Opens the scheduler. Cut
   to fit, zero-terminated. */
KJIT_RT_API void kjit_threads_describe(char* buffer, size_t size);

/* --- the calling thread's own settings, as Numba has them. `ctx` may be null: then the process' threads are the bound.
   A region takes them over from the thread that begins it; what a body sets holds for the rest of its chunk. */
/* Threads of the regions that this thread begins: 1 to the context's limit or kjit_threads_launched(). Returns KJIT_OK
   or KJIT_VALUE_ERROR with the error set. */
KJIT_RT_API int32_t kjit_rt_set_num_threads(kjit_ctx* ctx, int64_t threads, const kjit_location* where);
KJIT_RT_API int64_t kjit_rt_get_num_threads(const kjit_ctx* ctx);
/* In a chunk a number below the thread count of the outermost region, different for threads that run at the same time;
   elsewhere 0. */
KJIT_RT_API int64_t kjit_rt_get_thread_id(void);
/* Iterations that a thread asks for at a time; 0: as kjit thinks best. Chunks are not split, so that results do not
   depend on it. Sets *previous (may be null); returns KJIT_OK or KJIT_VALUE_ERROR with the error set. */
KJIT_RT_API int32_t kjit_rt_set_parallel_chunksize(kjit_ctx* ctx, int64_t iterations, int64_t* previous,
                                                   const kjit_location* where);
KJIT_RT_API int64_t kjit_rt_get_parallel_chunksize(void);

/* The same in the form of kernels (status, context, result, parameter): numba.set_num_threads and its like. Those that
   set give 0, and the chunk size before. */
#define KJIT_THREADS_CALLS(X) \
  X(set_num_threads) X(get_num_threads) X(get_thread_id) X(set_parallel_chunksize) X(get_parallel_chunksize)
KJIT_RT_API int32_t kjit_threads_call_set_num_threads(kjit_ctx* ctx, int64_t* out, int64_t threads);
KJIT_RT_API int32_t kjit_threads_call_get_num_threads(kjit_ctx* ctx, int64_t* out);
KJIT_RT_API int32_t kjit_threads_call_get_thread_id(kjit_ctx* ctx, int64_t* out);
KJIT_RT_API int32_t kjit_threads_call_set_parallel_chunksize(kjit_ctx* ctx, int64_t* out, int64_t iterations);
KJIT_RT_API int32_t kjit_threads_call_get_parallel_chunksize(kjit_ctx* ctx, int64_t* out);

#ifdef __cplusplus
}
#endif
