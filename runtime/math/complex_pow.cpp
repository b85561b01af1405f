// Complex power as NumPy computes it: exact cases first, small integer exponents by repeated squaring, else cpow.
#include <kjit_rt/math.h>

#include <limits>

#include "math/complex.h"

namespace kjit::rt {
namespace {

Complex<double> libm_cpow(Complex<double> a, Complex<double> b) {
  _Complex double base;
  _Complex double exponent;
  __real__ base = a.re;
  __imag__ base = a.im;
  __real__ exponent = b.re;
  __imag__ exponent = b.im;
  const _Complex double result = __builtin_cpow(base, exponent);
  return {__real__ result, __imag__ result};
}

Complex<float> libm_cpow(Complex<float> a, Complex<float> b) {
  _Complex float base;
  _Complex float exponent;
  __real__ base = a.re;
  __imag__ base = a.im;
  __real__ exponent = b.re;
  __imag__ exponent = b.im;
  const _Complex float result = __builtin_cpowf(base, exponent);
  return {__real__ result, __imag__ result};
}

template <class Float>
Complex<Float> integer_power(Complex<Float> a, int n) {
  if (n == 1) return a;
  if (n == 2) return a * a;
  if (n == 3) return a * (a * a);
  Complex<Float> result{1, 0};
  Complex<Float> square = a;
  for (unsigned rest = static_cast<unsigned>(n < 0 ? -n : n);;) {
    if (rest & 1) result = result * square;
    rest >>= 1;
    if (rest == 0) break;
    square = square * square;
  }
  return n < 0 ? Complex<Float>{1, 0} / result : result;
}

template <class Float>
Complex<Float> pow(Complex<Float> a, Complex<Float> b) {
  if (b.re == 0 && b.im == 0) return {1, 0};
  if (a.re == 0 && a.im == 0) {
    if (b.re > 0) return {0, 0};
    constexpr Float nan = std::numeric_limits<Float>::quiet_NaN();
    return {nan, nan};
  }
  constexpr Float kLargestExponent = 100;
  if (b.im == 0 && b.re > -kLargestExponent && b.re < kLargestExponent) {
    const int n = static_cast<int>(b.re);
    if (static_cast<Float>(n) == b.re) return integer_power(a, n);
  }
  return libm_cpow(a, b);
}

}  // namespace
}  // namespace kjit::rt

extern "C" {

void kjit_c128_pow(double re1, double im1, double re2, double im2, double* out) {
  kjit::rt::pow(kjit::rt::Complex<double>{re1, im1}, kjit::rt::Complex<double>{re2, im2}).store(out);
}

void kjit_c64_pow(float re1, float im1, float re2, float im2, float* out) {
  kjit::rt::pow(kjit::rt::Complex<float>{re1, im1}, kjit::rt::Complex<float>{re2, im2}).store(out);
}

}  // extern "C"
