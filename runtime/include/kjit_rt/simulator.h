/* Kernels for a GPU on the CPU: the blocks of a grid one after another, or in turns where they wait for each other, the
 * threads of a block as fibers that meet at barriers and in warps. What a GPU leaves undefined is an error here:
 * barriers that not all threads of a block reach, threads of a block that touch one element between two barriers where
 * one writes, shared memory that nobody has written. See runtime/simulator/README.md.
 */
#pragma once

#include <kjit_rt/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a kernel's code knows of its thread; kjit_ctx::thread. */
typedef struct kjit_sim_thread {
  int32_t place[16]; /* in the order of compiler/kir/device.def */
  int32_t warp_flag; /* the second result of the last warp operation: whether a shuffle's lane was there, match_all */
  int32_t reserved;
} kjit_sim_thread;

typedef struct kjit_sim_launch {
  int32_t (*kernel)(kjit_ctx* ctx, void* result, const uint64_t* slots); /* in the form of f_packed, see abi.h */
  const uint64_t* slots;
  uint32_t blocks[3], threads[3];
  uint32_t shared_bytes; /* dynamic shared memory of a block */
} kjit_sim_launch;

/* 1: this runtime has a simulator; 0: it was built without fibers (Boost.Context). */
KJIT_RT_API int32_t kjit_sim_available(void);
/* Runs the kernel for every thread. Returns KJIT_OK, KJIT_VALUE_ERROR for a grid that no device has, or the status of
   the first thread that failed; ctx->error then says where, and which thread it was. Fibers have contexts of their own,
   with the caller's interrupt flag, engine and `write`. */
KJIT_RT_API int32_t kjit_sim_run(kjit_ctx* ctx, const kjit_sim_launch* launch);

/* --- called by kernels, on the fiber of a thread. What goes wrong ends the launch and does not return. */

/* The thread reads, has written, or has changed atomically `size` bytes: 1, 2, 4 or 8. */
KJIT_RT_API void kjit_sim_read(kjit_ctx* ctx, const void* address, int32_t size, const kjit_location* where);
KJIT_RT_API void kjit_sim_write(kjit_ctx* ctx, const void* address, int32_t size, const kjit_location* where);
KJIT_RT_API void kjit_sim_atomic(kjit_ctx* ctx, const void* address, int32_t size, const kjit_location* where);

enum { KJIT_SIM_SYNC = 0, KJIT_SIM_COUNT = 1, KJIT_SIM_AND = 2, KJIT_SIM_OR = 3, KJIT_SIM_GRID = 4 };
/* Waits for all threads of the block; KJIT_SIM_GRID: of the grid. Returns for how many of them `value` is not 0, or
 * whether for all, or for any. */
KJIT_RT_API int32_t kjit_sim_barrier(kjit_ctx* ctx, int32_t form, int32_t value, const kjit_location* where);

enum {
  KJIT_SIM_SYNCWARP = 0,
  KJIT_SIM_SHFL = 1, /* the lane `operand`, */
  KJIT_SIM_SHFL_UP = 2,
  KJIT_SIM_SHFL_DOWN = 3,
  KJIT_SIM_SHFL_XOR = 4, /* in segments of `width` lanes */
  KJIT_SIM_ALL = 5,
  KJIT_SIM_ANY = 6,
  KJIT_SIM_EQ = 7, /* whether the values are all 0 or none is */
  KJIT_SIM_BALLOT = 8,
  KJIT_SIM_MATCH_ANY = 9,
  KJIT_SIM_MATCH_ALL = 10,
  KJIT_SIM_ACTIVEMASK = 11
};
/* Meets the lanes in `mask` that have not ended, at the same operation with the same mask. */
KJIT_RT_API uint64_t kjit_sim_warp(kjit_ctx* ctx, int32_t operation, uint32_t mask, uint64_t value, int32_t operand,
                                   int32_t width, const kjit_location* where);

/* Shared memory of the block: the array that `key`, any address, stands for, made when a thread first asks; null: the
   dynamic part, of as many bytes as the launch gave. 16-byte aligned, and the same for all threads of a block. */
KJIT_RT_API void* kjit_sim_shared(kjit_ctx* ctx, const void* key, int64_t bytes);

#ifdef __cplusplus
}
#endif
