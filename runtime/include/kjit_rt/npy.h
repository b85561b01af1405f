/* Arrays in .npy files (formats 1.0, 2.0, 3.0), as np.load and np.save read and write them.
 *
 * Errors go to ctx->error: KJIT_OS_ERROR with the system's words for what the file system refuses, KJIT_VALUE_ERROR for
 * a file that is damaged or holds what kernels do not have (big-endian numbers, structures, text, objects), and
 * KJIT_MEMORY_ERROR. Nothing is allocated before the file is known to be long enough. */
#pragma once

#include <kjit_rt/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KJIT_NPY_MAX_RANK 64

typedef struct kjit_npy_array {
  int32_t dtype; /* kjit_dtype */
  int32_t rank;
  void* data;
  void* owner; /* one reference, the caller's */
  int64_t shape[KJIT_NPY_MAX_RANK];
  int64_t strides[KJIT_NPY_MAX_RANK]; /* bytes; column-major when the file says fortran_order */
} kjit_npy_array;

/* From a file. Returns KJIT_OK, or a status and *out is untouched. */
KJIT_RT_API int32_t kjit_npy_load(kjit_ctx* ctx, const char* path, kjit_npy_array* out, const kjit_location* where);
/* From the contents of a file in memory. */
KJIT_RT_API int32_t kjit_npy_parse(kjit_ctx* ctx, const void* bytes, size_t size, kjit_npy_array* out,
                                   const kjit_location* where);
/* To a file, byte for byte what np.save writes: ".npy" is appended to a path that does not end so; column-major arrays
   stay so, others that are not contiguous are written row-major. */
KJIT_RT_API int32_t kjit_npy_save(kjit_ctx* ctx, const char* path, int32_t dtype, int32_t rank, const void* data,
                                  const int64_t* shape, const int64_t* strides, const kjit_location* where);

#ifdef __cplusplus
}
#endif
