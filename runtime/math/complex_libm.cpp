// Complex functions that C99 defines; NumPy calls the same.
#include <kjit_rt/math.h>

#include "math/complex.h"

using kjit::rt::Complex;

#define FORWARD(name)                                                   \
  extern "C" void kjit_c128_##name(double re, double im, double* out) { \
    kjit::rt::libm_c##name(Complex<double>{re, im}).store(out);         \
  }                                                                     \
  extern "C" void kjit_c64_##name(float re, float im, float* out) {     \
    kjit::rt::libm_c##name(Complex<float>{re, im}).store(out);          \
  }

FORWARD(sqrt)
FORWARD(sin)
FORWARD(cos)
FORWARD(tan)
FORWARD(asin)
FORWARD(acos)
FORWARD(atan)
FORWARD(sinh)
FORWARD(cosh)
FORWARD(tanh)
FORWARD(asinh)
FORWARD(acosh)
FORWARD(atanh)
FORWARD(exp)
FORWARD(log)
