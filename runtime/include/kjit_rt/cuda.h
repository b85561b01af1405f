/* CUDA devices for hosts: memory, kernels of PTX or cubins, launches, all on device 0 and in its default stream. The
 * driver (libcuda.so.1) is loaded by kjit_cuda_open; nothing else of CUDA is needed. Functions with a status return
 * KJIT_OK, or fill `error` (its location is null) and return its kind: KJIT_MEMORY_ERROR when device memory is out,
 * KJIT_VALUE_ERROR for a grid that the device cannot have, KJIT_RUNTIME_ERROR with the driver's name and text of what
 * went wrong otherwise. Thread-safe; handles may go in any order.
 *
 *   kjit_error error;
 *   kjit_cuda* cuda;
 *   if (kjit_cuda_open(NULL, &cuda, &error) != KJIT_OK) puts(error.message);   // "no CUDA device: ..."
 */
#pragma once

#include <kjit_rt/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kjit_cuda kjit_cuda;               /* the driver, and device 0 */
typedef struct kjit_cuda_buffer kjit_cuda_buffer; /* memory of the device */
typedef struct kjit_cuda_kernel kjit_cuda_kernel;

/* library: null for libcuda.so.1. */
KJIT_RT_API int32_t kjit_cuda_open(const char* library, kjit_cuda** out, kjit_error* error);
KJIT_RT_API void kjit_cuda_close(kjit_cuda* cuda); /* null: nothing */

typedef struct kjit_cuda_properties {
  char name[256];
  uint64_t memory;                      /* bytes */
  int32_t devices;                      /* of the machine */
  int32_t driver;                       /* CUDA version of the driver: 1000 * major + 10 * minor */
  int32_t major, minor;                 /* compute capability */
  int32_t multiprocessors, max_threads; /* threads of a block */
} kjit_cuda_properties;
KJIT_RT_API void kjit_cuda_describe(const kjit_cuda* cuda, kjit_cuda_properties* out);

/* Memory, allocated and freed in the stream's order. */
KJIT_RT_API int32_t kjit_cuda_alloc(kjit_cuda* cuda, uint64_t bytes, kjit_cuda_buffer** out, kjit_error* error);
KJIT_RT_API void kjit_cuda_free(kjit_cuda_buffer* buffer); /* null: nothing */
KJIT_RT_API uint64_t kjit_cuda_address(const kjit_cuda_buffer* buffer);
/* The first `bytes` of the buffer. Host memory may be used again when they return. */
KJIT_RT_API int32_t kjit_cuda_copy_in(kjit_cuda_buffer* to, const void* from, uint64_t bytes, kjit_error* error);
KJIT_RT_API int32_t kjit_cuda_copy_out(const kjit_cuda_buffer* from, void* to, uint64_t bytes, kjit_error* error);

/* image: PTX text, a cubin or a fat binary. */
KJIT_RT_API int32_t kjit_cuda_load(kjit_cuda* cuda, const char* image, uint64_t bytes, const char* name,
                                   kjit_cuda_kernel** out, kjit_error* error);
KJIT_RT_API void kjit_cuda_unload(kjit_cuda_kernel* kernel); /* null: nothing */
/* grid: three numbers of blocks, three of threads in a block. parameters: the address of each parameter's value, read
   before the call returns. What goes wrong in the kernel is told by a later call that waits. */
KJIT_RT_API int32_t kjit_cuda_launch(kjit_cuda_kernel* kernel, const uint32_t grid[6], uint32_t shared_bytes,
                                     void** parameters, kjit_error* error);
/* Waits for everything on the device. */
KJIT_RT_API int32_t kjit_cuda_synchronize(kjit_cuda* cuda, kjit_error* error);
/* Bytes allocated, most of them at once, reserved, most of them at once. */
KJIT_RT_API int32_t kjit_cuda_memory(kjit_cuda* cuda, uint64_t out[4], kjit_error* error);

#ifdef __cplusplus
}
#endif
