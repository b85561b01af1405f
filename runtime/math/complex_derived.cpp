// Complex functions that C99 does not have, by the formulas of NumPy's ufuncs of the same names.
#include <kjit_rt/math.h>

#include <numbers>

#include "math/complex.h"

namespace kjit::rt {
namespace {

template <class Float>
Complex<Float> scaled(Complex<Float> z, Float factor) {
  return {z.re * factor, z.im * factor};
}

template <class Float>
Complex<Float> exp2(Complex<Float> z) {
  return libm_cexp(scaled(z, std::numbers::ln2_v<Float>));
}

// expm1(x) cos y - 2 sin(y / 2)^2 keeps the real part accurate near zero.
template <class Float>
Complex<Float> expm1(Complex<Float> z) {
  const Float half = std::sin(z.im / 2);
  return {std::expm1(z.re) * std::cos(z.im) - 2 * half * half, std::exp(z.re) * std::sin(z.im)};
}

template <class Float>
Complex<Float> log2(Complex<Float> z) {
  return scaled(libm_clog(z), std::numbers::log2e_v<Float>);
}

template <class Float>
Complex<Float> log10(Complex<Float> z) {
  return scaled(libm_clog(z), std::numbers::log10e_v<Float>);
}

template <class Float>
Complex<Float> log1p(Complex<Float> z) {
  const Float shifted = z.re + 1;
  return {std::log(std::hypot(shifted, z.im)), std::atan2(z.im, shifted)};
}

// NumPy multiplies by the complex number pi + 0j, which decides the signs of zeros.
template <class Float>
Complex<Float> sinc(Complex<Float> z) {
  Complex<Float> y = Complex<Float>{std::numbers::pi_v<Float>, 0} * z;
  if (y.re == 0 && y.im == 0) y = {static_cast<Float>(1e-20), 0};
  return libm_csin(y) / y;
}

}  // namespace
}  // namespace kjit::rt

using kjit::rt::Complex;

#define DEFINE(name)                                                    \
  extern "C" void kjit_c128_##name(double re, double im, double* out) { \
    kjit::rt::name(Complex<double>{re, im}).store(out);                 \
  }                                                                     \
  extern "C" void kjit_c64_##name(float re, float im, float* out) { kjit::rt::name(Complex<float>{re, im}).store(out); }

DEFINE(exp2)
DEFINE(expm1)
DEFINE(log2)
DEFINE(log10)
DEFINE(log1p)
DEFINE(sinc)
