/* Numbers and arrays as text, as Python and NumPy write them. No locale, no context.
 *
 * Scalars: snprintf's convention. At most size - 1 characters and a zero are written to buffer (nothing when size is
 * 0); the return value is the full length. KJIT_FORMAT_SIZE is always enough.
 */
#pragma once

#include <kjit_rt/abi.h>
#include <kjit_rt/core.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KJIT_FORMAT_SIZE 80

/* Python's repr of float and complex, which is NumPy's str of float64 and complex128: shortest digits that read back
   the same, exponents from 1e16 on and below 1e-4. */
KJIT_RT_API size_t kjit_rt_format_f64(double value, char* buffer, size_t size);
KJIT_RT_API size_t kjit_rt_format_c128(double re, double im, char* buffer, size_t size);
/* NumPy's str of float32 and complex64: digits for single precision, exponents from 1e6 on and below 1e-4. */
KJIT_RT_API size_t kjit_rt_format_f32(float value, char* buffer, size_t size);
KJIT_RT_API size_t kjit_rt_format_c64(float re, float im, char* buffer, size_t size);
/* One element of an array of that dtype, as str() of the NumPy scalar. */
KJIT_RT_API size_t kjit_rt_format_element(int32_t dtype, const void* element, char* buffer, size_t size);
/* "float64", "bool", ...; null for a number that is no dtype. */
KJIT_RT_API const char* kjit_dtype_name(int32_t dtype);
KJIT_RT_API int64_t kjit_dtype_size(int32_t dtype); /* bytes of one element; 0 for a number that is no dtype */

/* A whole array, as NumPy's str() (repr == 0) or repr() does with its default print options: precision 8, lines of 75
   characters, more than 1000 elements summarised. Strides in bytes. The text goes to `write`, in one or more pieces.
   Returns KJIT_OK, or KJIT_MEMORY_ERROR when there is no memory for the text. */
KJIT_RT_API int32_t kjit_rt_format_array(int32_t dtype, int32_t rank, const void* data, const int64_t* shape,
                                         const int64_t* strides, int32_t repr,
                                         void (*write)(void* user, const char* text, size_t size), void* user);

#ifdef __cplusplus
}
#endif
