/* The ABI between compiled kernels, the runtime and hosts. Written once, in C; used by JIT, ahead-of-time code, C and
 * C++.
 *
 * A compiled function is
 *     int32_t f(kjit_ctx *ctx, void *result, <flattened arguments>);
 * and its uniform twin, for callers that learn types at run time,
 *     int32_t f_packed(kjit_ctx *ctx, void *result, const uint64_t *slots);
 * Both return KJIT_OK or a kjit_status; on an error ctx->error is filled and *result is not written.
 *
 * Flattening of one argument (each component is one C parameter, and one 8-byte slot of f_packed):
 *   bool                 uint8_t (0 or 1)         int8..int64, uint8..uint64   the integer itself
 *   float32, float64     the number itself        complex64/128                real, imag (float or double each)
 *   array of rank r      void *data, void *owner, int64_t shape[0..r-1], int64_t strides[0..r-1] (bytes; may be
 * negative) tuple                its elements in order     optional                    uint8_t has, then the value
 * (zeros when absent) function with captures                         its captured values in order None, plain
 * functions, dtypes, strings known when compiling               nothing In slots: integers sign- or zero-extended to 64
 * bits; float32 as its 32 bits in the low half; pointers as uint64_t.
 *
 * The result buffer holds the same components as a C struct with natural alignment (bool and `has` as uint8_t);
 * an array is { void *data; void *owner; int64_t shape[r]; int64_t strides[r]; }. Nothing for None.
 * Array arguments are borrowed; arrays in results are owned: the caller releases their owner.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KJIT_ABI_VERSION 1
#if defined(__GNUC__)
#define KJIT_RT_API __attribute__((visibility("default")))
#else
#define KJIT_RT_API
#endif

/* What went wrong. The numbers are part of the ABI. Names follow Python's exceptions. */
typedef enum kjit_status {
  KJIT_OK = 0,
  KJIT_EXCEPTION = 1,
  KJIT_VALUE_ERROR = 2,
  KJIT_TYPE_ERROR = 3,
  KJIT_INDEX_ERROR = 4,
  KJIT_KEY_ERROR = 5,
  KJIT_ZERO_DIVISION_ERROR = 6,
  KJIT_OVERFLOW_ERROR = 7,
  KJIT_FLOATING_POINT_ERROR = 8,
  KJIT_ARITHMETIC_ERROR = 9,
  KJIT_ASSERTION_ERROR = 10,
  KJIT_RUNTIME_ERROR = 11,
  KJIT_NOT_IMPLEMENTED_ERROR = 12,
  KJIT_MEMORY_ERROR = 13,
  KJIT_RECURSION_ERROR = 14,
  KJIT_STOP_ITERATION = 15,
  KJIT_NAME_ERROR = 16,  /* UnboundLocalError */
  KJIT_INTERRUPTED = 17, /* the host asked to stop (KeyboardInterrupt) */
  KJIT_LINALG_ERROR = 18,
  KJIT_ATTRIBUTE_ERROR = 19,
  KJIT_OS_ERROR = 20,
  KJIT_UNOWNED_RESULT = 21 /* a result would refer to an argument that has no owner */
} kjit_status;

/* A place in kernel text; lies in the compiled code's constant data. */
typedef struct kjit_location {
  const char* file;
  const char* function;
  int32_t line;   /* one-based */
  int32_t column; /* one-based */
  int32_t end_line;
  int32_t end_column; /* exclusive */
} kjit_location;

/* The error record. `message` is zero-terminated and cut to fit. */
typedef struct kjit_error {
  int32_t kind; /* kjit_status */
  int32_t reserved;
  const kjit_location* location; /* may be null; valid while the compiled code is */
  char message[496];
} kjit_error;

/* Who keeps a block of memory alive. Reference counted, thread-safe. `release` is called when the count falls to zero.
 */
typedef struct kjit_owner {
  int64_t references; /* atomic */
  void (*release)(struct kjit_owner* self);
} kjit_owner;

typedef struct kjit_blas kjit_blas; /* where BLAS and LAPACK come from; see linalg.h */

typedef struct kjit_random kjit_random; /* NumPy's legacy generator (MT19937); see random.h */

/* Per call, per thread. Zero-initialise, then kjit_ctx_init. Not shared between threads. */
typedef struct kjit_ctx {
  kjit_error error;
  const volatile int32_t* interrupt; /* polled by long loops when not null; nonzero stops with KJIT_INTERRUPTED */
  const char* stack_limit;           /* recursive functions stop below this address; null: no limit */
  int64_t memory_limit;              /* bytes that kernels of this call may hold at once; 0: no limit */
  int64_t memory_used; /* bytes held after the last allocation; kjit_ctx_memory_used() says how many now */
  kjit_random* random; /* created when first used */
  void (*write)(void* user, const char* text, size_t size); /* where print goes; null: dropped */
  void* write_user;
  void* engine;         /* the engine's own pointer; compiled code passes it through */
  int64_t write_failed; /* set by `write` when it cannot go on: the kernel stops after the print, and this is cleared */
  kjit_blas* blas;      /* borrowed; null: the process' own */
  int64_t thread_limit; /* most threads of a parallel region; 0: as many as the process has (parallel.h) */
  void* worker;         /* of the region whose chunk runs with this context; null outside of regions */
  void* reserved[3];
  void* thread; /* of a simulated GPU, in kernels that run there (simulator.h) */
} kjit_ctx;

/* An array operand of a runtime function; borrowed. */
typedef struct kjit_array {
  void* data;
  const int64_t* shape;
  const int64_t* strides; /* bytes */
  int32_t dtype;          /* kjit_dtype */
  int32_t rank;
} kjit_array;

#ifdef __cplusplus
}
#endif
