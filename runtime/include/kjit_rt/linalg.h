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
KJIT_RT_API void kjit_blas_free(
    kjit_blas* blas); /* no call uses it any more; the library stays loaded. null: nothing */
/* What is open: the file and, of OpenBLAS, its own description; "" before the first use and when there is none. `blas`
   null: the process' own. Cut to fit, zero-terminated. */
KJIT_RT_API void kjit_blas_describe(kjit_blas* blas, char* buffer, size_t size);

/* --- products. c = a b with the last two axes' lengths (m, k), (k, n), (m, n); a or b of one axis is a row or a column
   and c lacks that axis. Further axes of a and b are broadcast to those of c. c overlaps neither a nor b.
   threads, here and below: 0: on the calling thread; 1: large products are cut into tiles, which are a parallel region
   (kjit_rt_parfor). Results of 0 and 1 may differ in rounding; those of 1 do not depend on the number of threads. */
KJIT_RT_API int32_t kjit_linalg_matmul(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                       const kjit_array* b, const kjit_array* c, int64_t threads);

/* y = a x for a (m, n), x (n), y (m). y overlaps neither a nor x. */
KJIT_RT_API int32_t kjit_linalg_matvec(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                       const kjit_array* x, const kjit_array* y, int64_t threads);
/* The same and v = u a for u (m), v (n): both in one pass over a. u may be y; y and v overlap nothing else. */
KJIT_RT_API int32_t kjit_linalg_matvec_both(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                            const kjit_array* x, const kjit_array* y, const kjit_array* u,
                                            const kjit_array* v, int64_t threads);

/* c (k, k) = covariances, times factor in place of 1 / n, of k variables with n values each: the rows (by_rows) or
   columns of m. float64. */
KJIT_RT_API int32_t kjit_linalg_cov(kjit_ctx* ctx, const kjit_location* where, const kjit_array* m, const kjit_array* c,
                                    int64_t by_rows, double factor, int64_t threads);

/* --- square matrices a of n rows. KJIT_LINALG_ERROR "Singular matrix" where a has no inverse. */
KJIT_RT_API int32_t kjit_linalg_inv(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                    const kjit_array* inverse);
/* a x = b. b of one axis is a vector; else matrices (n, k). The stacks of a and b are broadcast to that of x. */
KJIT_RT_API int32_t kjit_linalg_solve(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                      const kjit_array* b, const kjit_array* x);
/* The determinant is sign * exp(logdet), logdet of the real type; sign 0 and logdet -inf of a singular matrix. Results
   have the axes of the stack only. */
KJIT_RT_API int32_t kjit_linalg_det(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                    const kjit_array* det);
KJIT_RT_API int32_t kjit_linalg_slogdet(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                        const kjit_array* sign, const kjit_array* logdet);
/* The lower factor l of l l^H = a, of which the lower triangle is read; with `upper` u of u^H u = a and the upper
   triangle. KJIT_LINALG_ERROR when a is not positive definite. */
KJIT_RT_API int32_t kjit_linalg_cholesky(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                         const kjit_array* factor, int64_t upper);

/* --- matrices of m rows and n columns, k = min(m, n). KJIT_LINALG_ERROR where an iteration does not converge. */
/* q (m, j), r (j, n) with j = k or m; only r when q has no columns. */
KJIT_RT_API int32_t kjit_linalg_qr(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* q,
                                   const kjit_array* r);
/* a = u diag(s) vt: s (k) of the real type, descending; u (m, m) and vt (n, n), or u (m, k) and vt (k, n). */
KJIT_RT_API int32_t kjit_linalg_svd(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* u,
                                    const kjit_array* s, const kjit_array* vt);
KJIT_RT_API int32_t kjit_linalg_svdvals(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                        const kjit_array* s);
/* The x (n, j) of least |b - a x| and least |x|; b (m, j); s (k) the singular values of a; rank: how many of them are
   above rcond times the largest (int64, no axes); residuals (j), of the real type: squares of |b - a x| when
   rank = n < m, else not written. No stacks. */
KJIT_RT_API int32_t kjit_linalg_lstsq(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                      const kjit_array* b, const kjit_array* x, const kjit_array* residuals,
                                      const kjit_array* rank, const kjit_array* s, double rcond);

/* --- eigenvalues of square matrices. KJIT_LINALG_ERROR where they do not converge. */
/* Of a Hermitian matrix, of which one triangle is read: w (n) of the real type, ascending; vectors are columns of v. */
KJIT_RT_API int32_t kjit_linalg_eigh(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                     const kjit_array* w, const kjit_array* v, int64_t upper);
KJIT_RT_API int32_t kjit_linalg_eigvalsh(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                         const kjit_array* w, int64_t upper);
/* Of any matrix: w (n), v (n, n) of a's type. KJIT_VALUE_ERROR when those of a real matrix are not real,
   KJIT_LINALG_ERROR when a holds infinities or nan. */
KJIT_RT_API int32_t kjit_linalg_eig(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* w,
                                    const kjit_array* v);
KJIT_RT_API int32_t kjit_linalg_eigvals(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                        const kjit_array* w);

#ifdef __cplusplus
}
#endif
