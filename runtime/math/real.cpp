// Real functions in float64 and float32.
#include <kjit_rt/math.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace kjit::rt {
namespace {

template <class Float>
Float frexp_mantissa(Float x) {
  int exponent = 0;
  return std::frexp(x, &exponent);
}

template <class Float>
int32_t frexp_exponent(Float x) {
  int exponent = 0;
  if (std::isfinite(x)) std::frexp(x, &exponent);  // C leaves it open for the others
  return exponent;
}

template <class Float>
Float ldexp(Float x, int64_t exponent) {
  constexpr int64_t kBeyondAnyFloat = 5000;
  return std::ldexp(x, static_cast<int>(std::clamp(exponent, -kBeyondAnyFloat, kBeyondAnyFloat)));
}

// One step of Newton's method on the C library's result, whose last bit may be off; the residual x - y^3 is computed in
// two doubles. Tiny numbers are scaled by 2^300 to keep the low parts from vanishing, huge ones by 2^-300 because y^3
// may overflow.
double cbrt(double x) {
  const double size = std::fabs(x);
  const double scale = size < 0x1p-800 ? 0x1p300 : size > 0x1p1000 ? 0x1p-300 : 1;
  const double back = size < 0x1p-800 ? 0x1p-100 : size > 0x1p1000 ? 0x1p100 : 1;
  const double scaled = x * scale;
  const double y = std::cbrt(scaled);
  if (!std::isfinite(y) || y == 0) return y;
  const double square = y * y, square_low = std::fma(y, y, -square);
  const double cube = square * y, cube_low = std::fma(square, y, -cube);
  const double residual = ((scaled - cube) - cube_low) - square_low * y;
  return (y + residual / (3 * square)) * back;
}

float cbrt(float x) { return static_cast<float>(cbrt(static_cast<double>(x))); }

template <class Float>
Float logaddexp(Float x, Float y) {
  if (x == y) return x + std::numbers::ln2_v<Float>;  // also for two infinities of one sign
  const Float difference = x - y;
  if (difference > 0) return x + std::log1p(std::exp(-difference));
  if (difference <= 0) return y + std::log1p(std::exp(difference));
  return difference;  // NaN
}

template <class Float>
Float logaddexp2(Float x, Float y) {
  if (x == y) return x + 1;
  const Float difference = x - y;
  constexpr Float log2e = std::numbers::log2e_v<Float>;
  if (difference > 0) return x + log2e * std::log1p(std::exp2(-difference));
  if (difference <= 0) return y + log2e * std::log1p(std::exp2(difference));
  return difference;
}

template <class Float>
Float sinc(Float x) {
  Float y = std::numbers::pi_v<Float> * x;
  if (y == 0) y = std::numeric_limits<Float>::epsilon();
  return std::sin(y) / y;
}

}  // namespace
}  // namespace kjit::rt

extern "C" {

double kjit_f64_frexp_mantissa(double x) { return kjit::rt::frexp_mantissa(x); }
float kjit_f32_frexp_mantissa(float x) { return kjit::rt::frexp_mantissa(x); }
int32_t kjit_f64_frexp_exponent(double x) { return kjit::rt::frexp_exponent(x); }
int32_t kjit_f32_frexp_exponent(float x) { return kjit::rt::frexp_exponent(x); }
double kjit_f64_ldexp(double x, int64_t exponent) { return kjit::rt::ldexp(x, exponent); }
float kjit_f32_ldexp(float x, int64_t exponent) { return kjit::rt::ldexp(x, exponent); }
double kjit_f64_cbrt(double x) { return kjit::rt::cbrt(x); }
float kjit_f32_cbrt(float x) { return kjit::rt::cbrt(x); }
double kjit_f64_logaddexp(double x, double y) { return kjit::rt::logaddexp(x, y); }
float kjit_f32_logaddexp(float x, float y) { return kjit::rt::logaddexp(x, y); }
double kjit_f64_logaddexp2(double x, double y) { return kjit::rt::logaddexp2(x, y); }
float kjit_f32_logaddexp2(float x, float y) { return kjit::rt::logaddexp2(x, y); }
double kjit_f64_sinc(double x) { return kjit::rt::sinc(x); }
float kjit_f32_sinc(float x) { return kjit::rt::sinc(x); }

}  // extern "C"
