/* Runtime functions that compiled code calls: errors, memory, printing. All take the context first and never throw. */
#pragma once

#include <kjit_rt/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- context */
KJIT_RT_API void kjit_ctx_init(kjit_ctx* ctx);    /* sets stack_limit for this thread (256 KiB of head room) */
KJIT_RT_API void kjit_ctx_destroy(kjit_ctx* ctx); /* frees what the context made for itself */
/* Sets memory_limit (0: none) and starts counting anew: blocks that are alive already are charged to the count they
   began with. A block counts until it is freed, by whichever thread, and may outlive the context. */
KJIT_RT_API void kjit_ctx_limit_memory(kjit_ctx* ctx, int64_t bytes);
/* Bytes held now under the limit; ctx->memory_used is what it was after the last allocation. 0 without a limit. */
KJIT_RT_API int64_t kjit_ctx_memory_used(const kjit_ctx* ctx);

/* --- errors: fill ctx->error and return `kind`. `message` may hold {0} {1} ... {99}: the operands, as integers. */
KJIT_RT_API int32_t kjit_rt_raise(kjit_ctx* ctx, int32_t kind, const kjit_location* where, const char* message);
KJIT_RT_API int32_t kjit_rt_raise_ops(kjit_ctx* ctx, int32_t kind, const kjit_location* where, const char* message,
                                      int64_t a, int64_t b, int64_t c);
KJIT_RT_API int32_t kjit_rt_raise_list(kjit_ctx* ctx, int32_t kind, const kjit_location* where, const char* message,
                                       const int64_t* operands, int64_t count);
/* An error whose text is made piece by piece: after kjit_rt_message the print functions write into ctx->error.message,
   until kjit_rt_raise_message gives kind and place. */
KJIT_RT_API void kjit_rt_message(kjit_ctx* ctx);
KJIT_RT_API int32_t kjit_rt_raise_message(kjit_ctx* ctx, int32_t kind, const kjit_location* where);
KJIT_RT_API const char* kjit_status_name(int32_t kind); /* "ValueError", ... */

/* --- memory. Sizes in bytes; data is 64-byte aligned. */
/* A new block: *owner gets one reference; returns the data, or null with a MemoryError set in ctx (also when bytes <
   0). zero != 0: filled with zeros. A block of 0 bytes is valid and not null. */
KJIT_RT_API void* kjit_rt_alloc(kjit_ctx* ctx, int64_t bytes, int32_t zero, void** owner, const kjit_location* where);
KJIT_RT_API void kjit_rt_retain(void* owner);  /* null: nothing */
KJIT_RT_API void kjit_rt_release(void* owner); /* null: nothing */
/* An owner for foreign memory: release(user) runs once, when the last reference goes. Null when out of memory. */
KJIT_RT_API void* kjit_rt_wrap(void (*release)(void* user), void* user);
KJIT_RT_API int64_t kjit_rt_live_blocks(void); /* blocks alive in the process, for leak tests */
/* Test hook: the n-th allocation from now fails (0: off), on the calling thread. */
KJIT_RT_API void kjit_rt_fail_allocation(int64_t n);

/* --- interruption */
KJIT_RT_API int32_t kjit_rt_interrupted(kjit_ctx* ctx,
                                        const kjit_location* where); /* KJIT_OK or KJIT_INTERRUPTED (error set) */

/* --- print, piece by piece, formatted as Python formats (repr of floats: shortest; numpy scalars print as their value)
 */
KJIT_RT_API void kjit_rt_print_text(kjit_ctx* ctx, const char* text, int64_t size);
KJIT_RT_API void kjit_rt_print_bool(kjit_ctx* ctx, uint8_t value);
KJIT_RT_API void kjit_rt_print_i64(kjit_ctx* ctx, int64_t value);
KJIT_RT_API void kjit_rt_print_u64(kjit_ctx* ctx, uint64_t value);
KJIT_RT_API void kjit_rt_print_f32(kjit_ctx* ctx, float value);
KJIT_RT_API void kjit_rt_print_f64(kjit_ctx* ctx, double value);
KJIT_RT_API void kjit_rt_print_c64(kjit_ctx* ctx, float re, float im);
KJIT_RT_API void kjit_rt_print_c128(kjit_ctx* ctx, double re, double im);
/* dtype: kjit_dtype number; rank, shape and strides (bytes) as everywhere; prints as NumPy's str() does. */
KJIT_RT_API void kjit_rt_print_array(kjit_ctx* ctx, int32_t dtype, int32_t rank, const void* data, const int64_t* shape,
                                     const int64_t* strides);
/* Ends a print: KJIT_OK, or KJIT_RUNTIME_ERROR (error set) when ctx->write_failed, which is cleared. */
KJIT_RT_API int32_t kjit_rt_print_end(kjit_ctx* ctx, const kjit_location* where);

/* Scalar types by number, in the order of sema's Scalar enumeration. */
typedef enum kjit_dtype {
  KJIT_BOOL,
  KJIT_INT8,
  KJIT_INT16,
  KJIT_INT32,
  KJIT_INT64,
  KJIT_UINT8,
  KJIT_UINT16,
  KJIT_UINT32,
  KJIT_UINT64,
  KJIT_FLOAT32,
  KJIT_FLOAT64,
  KJIT_COMPLEX64,
  KJIT_COMPLEX128
} kjit_dtype;

#ifdef __cplusplus
}
#endif
