// Continuous distributions and Poisson's, by the methods of NumPy's legacy generator.
#include <algorithm>
#include <cmath>

#include "random/distributions.h"

namespace kjit::rt {

// Marsaglia's polar method; the second number of a pair is kept for the next call.
double gauss(kjit_random& random) {
  if (random.has_spare) {
    random.has_spare = false;
    return random.spare;
  }
  double x;
  double y;
  double square;
  do {
    x = 2.0 * random.bits.next_double() - 1.0;
    y = 2.0 * random.bits.next_double() - 1.0;
    square = x * x + y * y;
  } while (square >= 1.0 || square == 0.0);
  const double factor = std::sqrt(-2.0 * std::log(square) / square);
  random.spare = factor * x;
  random.has_spare = true;
  return factor * y;
}

double standard_exponential(kjit_random& random) { return -std::log(1.0 - random.bits.next_double()); }

// shape < 1: Ahrens and Dieter's rejection; else Marsaglia and Tsang (2000).
double standard_gamma(kjit_random& random, double shape) {
  if (shape == 1.0) return standard_exponential(random);
  if (shape == 0.0) return 0.0;
  if (shape < 1.0) {
    for (;;) {
      const double u = random.bits.next_double();
      const double v = standard_exponential(random);
      if (u <= 1.0 - shape) {
        const double x = std::pow(u, 1.0 / shape);
        if (x <= v) return x;
      } else {
        const double y = -std::log((1 - u) / shape);
        const double x = std::pow(1.0 - shape + shape * y, 1.0 / shape);
        if (x <= v + y) return x;
      }
    }
  }
  const double b = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * b);
  for (;;) {
    double x;
    double v;
    do {
      x = gauss(random);
      v = 1.0 + c * x;
    } while (v <= 0.0);
    v = v * v * v;
    const double u = random.bits.next_double();
    if (u < 1.0 - 0.0331 * (x * x) * (x * x)) return b * v;
    if (std::log(u) < 0.5 * x * x + b * (1.0 - v + std::log(v))) return b * v;
  }
}

// log(gamma(x)) by Stirling's series, shifted to x >= 7 (Zhang and Jin, 1996). Not libm's: the last bits decide
// rejections.
double log_gamma(double x) {
  static constexpr double kSeries[10] = {8.333333333333333e-02,  -2.777777777777778e-03, 7.936507936507937e-04,
                                         -5.952380952380952e-04, 8.417508417508418e-04,  -1.917526917526918e-03,
                                         6.410256410256410e-03,  -2.955065359477124e-02, 1.796443723688307e-01,
                                         -1.39243221690590e+00};
  if (x == 1.0 || x == 2.0) return 0.0;
  const int64_t shift = x < 7.0 ? static_cast<int64_t>(7 - x) : 0;
  double shifted = x + static_cast<double>(shift);
  const double inverse_square = (1.0 / shifted) * (1.0 / shifted);
  constexpr double kLog2Pi = 1.8378770664093453e+00;
  double series = kSeries[9];
  for (int k = 8; k >= 0; --k) {
    series *= inverse_square;
    series += kSeries[k];
  }
  double result = series / shifted + 0.5 * kLog2Pi + (shifted - 0.5) * std::log(shifted) - shifted;
  for (int64_t k = 1; k <= shift; ++k) {
    result -= std::log(shifted - 1.0);
    shifted -= 1.0;
  }
  return result;
}

namespace {

int64_t poisson_by_product(kjit_random& random, double lambda) {
  const double limit = std::exp(-lambda);
  double product = 1.0;
  for (int64_t count = 0;; ++count) {
    product *= random.bits.next_double();
    if (product <= limit) return count;
  }
}

// Hoermann's transformed rejection (PTRS, 1993), for lambda >= 10.
int64_t poisson_by_rejection(kjit_random& random, double lambda) {
  const double log_lambda = std::log(lambda);
  const double b = 0.931 + 2.53 * std::sqrt(lambda);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double vr = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = random.bits.next_double() - 0.5;
    const double v = random.bits.next_double();
    const double us = 0.5 - std::fabs(u);
    const auto k = static_cast<int64_t>(std::floor((2 * a / us + b) * u + lambda + 0.43));
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const double left = std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b);
    if (left <= -lambda + static_cast<double>(k) * log_lambda - log_gamma(static_cast<double>(k + 1))) return k;
  }
}

}  // namespace

int64_t poisson(kjit_random& random, double lambda) {
  if (lambda >= 10) return poisson_by_rejection(random, lambda);
  return lambda == 0 ? 0 : poisson_by_product(random, lambda);
}

}  // namespace kjit::rt

namespace {

using kjit::rt::gauss;
using kjit::rt::poisson;
using kjit::rt::standard_exponential;
using kjit::rt::standard_gamma;

template <class T, class Draw>
void fill(T* out, int64_t n, Draw draw) {
  std::generate_n(out, n, draw);
}

}  // namespace

extern "C" {

double kjit_random_gauss(kjit_random* random) { return gauss(*random); }

void kjit_random_fill_f64(kjit_random* random, double* out, int64_t n) {
  fill(out, n, [random] { return random->bits.next_double(); });
}

void kjit_random_fill_gauss(kjit_random* random, double* out, int64_t n) {
  fill(out, n, [random] { return gauss(*random); });
}

void kjit_random_fill_uniform(kjit_random* random, double low, double high, double* out, int64_t n) {
  const double range = high - low;
  fill(out, n, [=] { return low + range * random->bits.next_double(); });
}

void kjit_random_fill_normal(kjit_random* random, double mean, double deviation, double* out, int64_t n) {
  fill(out, n, [=] { return mean + deviation * gauss(*random); });
}

void kjit_random_fill_exponential(kjit_random* random, double scale, double* out, int64_t n) {
  fill(out, n, [=] { return scale * standard_exponential(*random); });
}

void kjit_random_fill_gamma(kjit_random* random, double shape, double scale, double* out, int64_t n) {
  fill(out, n, [=] { return scale * standard_gamma(*random, shape); });
}

void kjit_random_fill_poisson(kjit_random* random, double lambda, int64_t* out, int64_t n) {
  fill(out, n, [=] { return poisson(*random, lambda); });
}

}  // extern "C"
