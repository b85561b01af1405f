// Complex numbers inside the runtime: a pair with the arithmetic that NumPy uses (no recovery of infinities).
#pragma once

#include <cmath>

namespace kjit::rt {

template <class Float>
struct Complex {
  Float re;
  Float im;

  void store(Float* out) const {
    out[0] = re;
    out[1] = im;
  }
};

template <class Float>
Complex<Float> operator*(Complex<Float> a, Complex<Float> b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

// Scaled by the larger part of the divisor (Smith).
template <class Float>
Complex<Float> operator/(Complex<Float> a, Complex<Float> b) {
  const Float re_size = std::fabs(b.re);
  const Float im_size = std::fabs(b.im);
  if (re_size >= im_size) {
    if (re_size == 0 && im_size == 0) return {a.re / re_size, a.im / im_size};
    const Float ratio = b.im / b.re;
    const Float scale = Float{1} / (b.re + b.im * ratio);
    return {(a.re + a.im * ratio) * scale, (a.im - a.re * ratio) * scale};
  }
  const Float ratio = b.re / b.im;
  const Float scale = Float{1} / (b.im + b.re * ratio);
  return {(a.re * ratio + a.im) * scale, (a.im * ratio - a.re) * scale};
}

// libm's functions for both precisions, by one name.
#define KJIT_LIBM_COMPLEX(name)                                  \
  inline Complex<double> libm_##name(Complex<double> z) {        \
    _Complex double argument;                                    \
    __real__ argument = z.re;                                    \
    __imag__ argument = z.im;                                    \
    const _Complex double result = __builtin_##name(argument);   \
    return {__real__ result, __imag__ result};                   \
  }                                                              \
  inline Complex<float> libm_##name(Complex<float> z) {          \
    _Complex float argument;                                     \
    __real__ argument = z.re;                                    \
    __imag__ argument = z.im;                                    \
    const _Complex float result = __builtin_##name##f(argument); \
    return {__real__ result, __imag__ result};                   \
  }
KJIT_LIBM_COMPLEX(csqrt)
KJIT_LIBM_COMPLEX(csin)
KJIT_LIBM_COMPLEX(ccos)
KJIT_LIBM_COMPLEX(ctan)
KJIT_LIBM_COMPLEX(casin)
KJIT_LIBM_COMPLEX(cacos)
KJIT_LIBM_COMPLEX(catan)
KJIT_LIBM_COMPLEX(csinh)
KJIT_LIBM_COMPLEX(ccosh)
KJIT_LIBM_COMPLEX(ctanh)
KJIT_LIBM_COMPLEX(casinh)
KJIT_LIBM_COMPLEX(cacosh)
KJIT_LIBM_COMPLEX(catanh)
KJIT_LIBM_COMPLEX(cexp)
KJIT_LIBM_COMPLEX(clog)
#undef KJIT_LIBM_COMPLEX

}  // namespace kjit::rt
