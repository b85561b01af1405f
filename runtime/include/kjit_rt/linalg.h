/* Dense linear algebra on BLAS and LAPACK, which are opened when first needed. All functions take the context first,
 * never throw, return KJIT_OK or a status with ctx->error filled, and hold nothing on return. Arrays may have any
 * strides; those of one call have one element type (float32, float64, complex64, complex128) but where said otherwise.
 * Where operands have more than two axes, the last two are the matrix' and the others count matrices.
 *
 * Errors of all: KJIT_MEMORY_ERROR; KJIT_OS_ERROR when there is no library, or it lacks a function; KJIT_VALUE_ERROR
 * for a matrix with a side above 2**31 - 1.
 */
#pragma once

#include <kjit_rt/abi.h>
#include <kjit_rt/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- where BLAS and LAPACK come from: Fortran functions with 32-bit integers (LP64), by names such as "dgemm_".
 * Opened when first needed. `find`, when not null, gives their addresses (null: has none); else `path`, when not null,
 * is a shared library; else those of kjit's own choice are tried (linalg/README.md). Their functions must be safe to
 * call from many threads at once. Null when out of memory. */
KJIT_RT_API kjit_blas* kjit_blas_new(const char* path, void* (*find)(void* user, const char* name), void* user);
KJIT_RT_API void kjit_blas_free(kjit_blas* blas); /* no call uses it any more; the library stays loaded. null: nothing */
/* What is open: the file and, of OpenBLAS, its own description; "" before the first use and when there is none. `blas`
   null: the process' own. Cut to fit, zero-terminated. */
KJIT_RT_API void kjit_blas_describe(kjit_blas* blas, char* buffer, size_t size);

/* --- products. c = a b with the last two axes' lengths (m, k), (k, n), (m, n); a or b of one axis is a row or a column
   and c lacks that axis. Further axes of a and b are broadcast to those of c. c overlaps neither a nor b. */
KJIT_RT_API int32_t kjit_linalg_matmul(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                       const kjit_array* b, const kjit_array* c);

#ifdef __cplusplus
}
#endif
