/* Scalar functions that neither LLVM nor libm provides in the form that kernels need. Pure; no context, no errno. */
#pragma once

#include <kjit_rt/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- complex functions, NumPy's values at branch cuts, zeros, infinities and NaN. out[0] real, out[1] imaginary. */
/* clang-format off */
#define KJIT_COMPLEX_UNARY(X)                                                                             \
  X(sqrt) X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) X(sinh) X(cosh) X(tanh) X(asinh) X(acosh) X(atanh) \
  X(exp) X(exp2) X(expm1) X(log) X(log2) X(log10) X(log1p) X(sinc)
/* clang-format on */
#define KJIT_DECLARE(name)                                              \
  KJIT_RT_API void kjit_c128_##name(double re, double im, double* out); \
  KJIT_RT_API void kjit_c64_##name(float re, float im, float* out);
KJIT_COMPLEX_UNARY(KJIT_DECLARE)
#undef KJIT_DECLARE
/* (re1 + im1 j) ** (re2 + im2 j). 0 ** 0 is 1; 0 to a power with a real part that is not positive is NaN. */
KJIT_RT_API void kjit_c128_pow(double re1, double im1, double re2, double im2, double* out);
KJIT_RT_API void kjit_c64_pow(float re1, float im1, float re2, float im2, float* out);

/* --- real functions */
/* In [0.5, 1) with the sign of x; zeros, inf and NaN themselves. */
KJIT_RT_API double kjit_f64_frexp_mantissa(double x);
KJIT_RT_API float kjit_f32_frexp_mantissa(float x);
KJIT_RT_API int32_t kjit_f64_frexp_exponent(double x); /* 0 for zeros, inf and NaN */
KJIT_RT_API int32_t kjit_f32_frexp_exponent(float x);
KJIT_RT_API double kjit_f64_ldexp(double x, int64_t exponent); /* any exponent: 0 or inf where C's int would overflow */
KJIT_RT_API float kjit_f32_ldexp(float x, int64_t exponent);
/* Python's round(x, digits): the decimal nearest to the exact value of x, ties to even. An infinite result of a finite
   x is what Python reports as OverflowError. For float32 the result of rounding the exact value, as float32. */
KJIT_RT_API double kjit_f64_round_digits(double x, int64_t digits);
KJIT_RT_API float kjit_f32_round_digits(float x, int64_t digits);
/* np.round(x, digits): scaled by a power of ten, rounded to even, scaled back, in the type's own precision. */
KJIT_RT_API double kjit_f64_round_digits_np(double x, int64_t digits);
KJIT_RT_API float kjit_f32_round_digits_np(float x, int64_t digits);
/* The cube root, rounded to nearest: exact for cubes, as NumPy's is on most machines and the C library's is not. */
KJIT_RT_API double kjit_f64_cbrt(double x);
KJIT_RT_API float kjit_f32_cbrt(float x);
KJIT_RT_API double kjit_f64_logaddexp(double x, double y); /* log(exp(x) + exp(y)) */
KJIT_RT_API float kjit_f32_logaddexp(float x, float y);
KJIT_RT_API double kjit_f64_logaddexp2(double x, double y); /* log2(2**x + 2**y) */
KJIT_RT_API float kjit_f32_logaddexp2(float x, float y);
KJIT_RT_API double kjit_f64_sinc(double x); /* sin(pi x) / (pi x), 1 at 0 */
KJIT_RT_API float kjit_f32_sinc(float x);

/* --- integers. gcd(0, 0) is 0; results for INT64_MIN wrap. lcm wraps on overflow, as NumPy's. */
KJIT_RT_API int64_t kjit_i64_gcd(int64_t a, int64_t b);
KJIT_RT_API uint64_t kjit_u64_gcd(uint64_t a, uint64_t b);
KJIT_RT_API int64_t kjit_i64_lcm(int64_t a, int64_t b);
KJIT_RT_API uint64_t kjit_u64_lcm(uint64_t a, uint64_t b);

#ifdef __cplusplus
}
#endif
