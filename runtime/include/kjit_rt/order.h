/* Orders of elements. All take the context first, never throw, return KJIT_OK or KJIT_MEMORY_ERROR with ctx->error
 * filled, and hold nothing on return. Arrays have any strides; of their axes the last one is put in order, row by row.
 * Integers, bool, float32 and float64. nan comes last, and is equal to nan.
 */
#pragma once

#include <kjit_rt/abi.h>
#include <kjit_rt/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/* sorted, of a's shape and type, = the elements of a, ascending. May be a itself; else they do not overlap. Equal
   elements (zeros of both signs, nans) keep their order. */
KJIT_RT_API int32_t kjit_order_sort(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                    const kjit_array* sorted);
/* places, int64 and of a's shape, = the positions that sort; equal elements keep their order. */
KJIT_RT_API int32_t kjit_order_argsort(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                       const kjit_array* places);

#ifdef __cplusplus
}
#endif
