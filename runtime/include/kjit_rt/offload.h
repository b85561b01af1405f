/* What compiled functions with target='cuda' ask of the runtime, and hosts that give them arrays of a device.
 *
 * A session belongs to a thread: it begins with the outermost call of such a function and ends with it. It knows, for
 * each block of host memory that kernels have been given, where its copy on the device is, and which of the two is
 * valid. At the end every block is valid on the host, and the copies are freed. Functions with a status return KJIT_OK,
 * or fill the context's error and return its kind.
 */
#pragma once

#include <kjit_rt/cuda.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KJIT_OFFLOAD_THREADS 256 /* of a block of a region's kernel */

/* A region's kernels. Their parameters: a word that threads which fail lower to tag | status, the tag (int64), the
 * results of the blocks, trips (int64), and what `kinds` says. `fast` takes arrays at addresses that are multiples of
 * 16, of which those that it writes overlap no others; its threads do `beside` iterations in a row, or of two axes
 * `beside` iterations of the outer loop together. */
typedef struct kjit_offload_region {
  void *loaded, *loaded_fast; /* the runtime's; null at first */
  const char* image;          /* PTX */
  int64_t image_size;
  const char* name;
  const char* fast; /* null: there is none */
  int64_t beside;
  int64_t lanes; /* threads that do one iteration together */
  /* Of the region's arguments: n a number; of an array d, or D where it is written, its address; the logarithm to base
   * 2 of an element's size; o its owner, which is left out; s each length; t each stride in bytes. */
  const char* kinds;
  int64_t result_size; /* of a block's result in bytes; 0: none */
  int64_t blocks;      /* at most, of a kernel with results: they do not depend on the device */
  const kjit_location* where;
} kjit_offload_region;

/* cuda: where the engine keeps its device. Every enter has a leave, also where it fails. */
KJIT_RT_API int32_t kjit_rt_offload_enter(kjit_ctx* ctx, kjit_cuda** cuda, const kjit_location* where);
/* Gives `status`, or what went wrong at the end where that is KJIT_OK. */
KJIT_RT_API int32_t kjit_rt_offload_leave(kjit_ctx* ctx, int32_t status, const kjit_location* where);
/* what: kir::Transfer. */
KJIT_RT_API int32_t kjit_rt_offload_transfer(kjit_ctx* ctx, void* data, int32_t rank, const int64_t* shape,
                                             const int64_t* strides, int64_t itemsize, int32_t what,
                                             const kjit_location* where);
/* inner: iterations of the loop inside, which lies along the grid's axis x then; -1: there is none. slots: the
 * arguments but for owners, 8 bytes each. *count: results that were written. */
KJIT_RT_API int32_t kjit_rt_offload_launch(kjit_ctx* ctx, kjit_offload_region* region, int64_t trips, int64_t inner,
                                           uint64_t* slots, void* results, int64_t* count);
/* Brings the arrays of a region to the host, which writes them. */
KJIT_RT_API int32_t kjit_rt_offload_here(kjit_ctx* ctx, const char* kinds, const uint64_t* slots,
                                         const kjit_location* where);
/* For hosts that call such functions with arrays of the device. Such an array stands behind an address of the host,
 * `shadow`, which has its size and holds nothing; calls are given that address. */
KJIT_RT_API int32_t kjit_offload_open(kjit_cuda* cuda, kjit_error* error);
KJIT_RT_API int32_t kjit_offload_close(kjit_error* error); /* as leave */
KJIT_RT_API int32_t kjit_offload_adopt(void* shadow, uint64_t bytes, kjit_cuda_buffer* buffer, kjit_error* error);
/* Brings an array's elements to the host. */
KJIT_RT_API int32_t kjit_offload_bring(void* data, int32_t rank, const int64_t* shape, const int64_t* strides,
                                       int64_t itemsize, kjit_error* error);
/* The device's copy of the block that `data` lies in, brought up to date; the block is forgotten. *offset: of `data` in
 * it. An adopted one stays its owner's: *out is null, and *shadow its address. */
KJIT_RT_API int32_t kjit_offload_take(void* data, uint64_t bytes, kjit_cuda_buffer** out, void** shadow,
                                      uint64_t* offset, kjit_error* error);

#ifdef __cplusplus
}
#endif
