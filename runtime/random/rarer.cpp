// Distributions on the circle, of first passages, of ranks, and of draws without replacement, by the methods of NumPy's
// legacy generator.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "random/distributions.h"

namespace kjit::rt {

namespace {

// The parameter of the wrapped Cauchy distribution that stands above von Mises'.
double envelope(double kappa) {
  if (kappa < 1e-5) return 1. / kappa + kappa;
  const double r = 1 + std::sqrt(1 + 4 * kappa * kappa);
  const double rho = (r - std::sqrt(2 * r)) / (2 * kappa);
  return (1 + rho * rho) / (2 * rho);
}

}  // namespace

// Best and Fisher (1979).
double vonmises(kjit_random& random, double mean, double kappa) {
  constexpr double kPi = std::numbers::pi;
  if (std::isnan(kappa)) return std::numeric_limits<double>::quiet_NaN();
  if (kappa < 1e-8) return kPi * (2 * random.bits.next_double() - 1);
  const double s = envelope(kappa);
  double cosine = 0;
  for (bool found = false; !found;) {
    const double z = std::cos(kPi * random.bits.next_double());
    cosine = (1 + s * z) / (s + z);
    const double y = kappa * (s - cosine);
    const double v = random.bits.next_double();
    found = y * (2 - y) - v >= 0 || std::log(y / v) + 1 - y >= 0;
  }
  const bool left = random.bits.next_double() < 0.5;
  const double angle = (left ? -std::acos(cosine) : std::acos(cosine)) + mean;
  const double turned = std::fmod(std::fabs(angle) + kPi, 2 * kPi) - kPi;
  return angle < 0 ? -turned : turned;
}

// Michael, Schucany and Haas (1976).
double wald(kjit_random& random, double mean, double scale) {
  const double part = mean / (2 * scale);
  const double normal = gauss(random);
  const double y = mean * normal * normal;
  const double x = mean + part * (y - std::sqrt(4 * scale * y + y * y));
  return random.bits.next_double() <= mean / (mean + x) ? x : mean * mean / x;
}

// Rejection from a continuous distribution (Devroye, 1986). Ranks beyond int64 are drawn again.
int64_t zipf(kjit_random& random, double a) {
  const double exponent = a - 1.0;
  const double b = std::pow(2.0, exponent);
  for (;;) {
    const double u = 1.0 - random.bits.next_double();
    const double v = random.bits.next_double();
    const double x = std::floor(std::pow(u, -1.0 / exponent));
    if (x > static_cast<double>(std::numeric_limits<int64_t>::max()) || x < 1.0) continue;
    const double t = std::pow(1.0 + 1.0 / x, exponent);
    if (v * x * (t - 1.0) / (b - 1.0) <= t / b) return static_cast<int64_t>(x);
  }
}

// Kemp (1981).
int64_t logseries(kjit_random& random, double p) {
  const double r = std::log(1.0 - p);
  for (;;) {
    const double v = random.bits.next_double();
    if (v >= p) return 1;
    const double q = 1.0 - std::exp(r * random.bits.next_double());
    if (v > q * q) return v >= q ? 1 : 2;
    const double rank = std::floor(1 + std::log(v) / std::log(q));
    if (v != 0.0 && rank >= 1) return static_cast<int64_t>(rank);
  }
}

namespace {

// One after the other: whether each of the sample belongs to the rarer kind.
int64_t hypergeometric_by_steps(kjit_random& random, int64_t good, int64_t bad, int64_t sample) {
  const int64_t others = bad + good - sample;
  const auto rarer = static_cast<double>(std::min(bad, good));
  double left = rarer;
  for (int64_t k = sample; left > 0.0 && k > 0; --k)
    left -= std::floor(random.bits.next_double() + left / static_cast<double>(others + k));
  const auto drawn = static_cast<int64_t>(rarer - left);
  return good > bad ? sample - drawn : drawn;
}

// HRUA* (Stadlober, 1990): ratio of uniforms.
int64_t hypergeometric_by_ratio(kjit_random& random, int64_t good, int64_t bad, int64_t sample) {
  const int64_t rarer = std::min(good, bad);
  const int64_t commoner = std::max(good, bad);
  const int64_t all = good + bad;
  const int64_t m = std::min(sample, all - sample);
  const double part = static_cast<double>(rarer) / static_cast<double>(all);
  const double centre = static_cast<double>(m) * part + 0.5;
  const double spread = std::sqrt(static_cast<double>(all - m) * static_cast<double>(sample) * part * (1.0 - part) /
                                      static_cast<double>(all - 1) +
                                  0.5);
  const double width = 1.7155277699214135 * spread + 0.8989161620588988;  // 2 sqrt(2 / e), 3 - 2 sqrt(3 / e)
  const auto mode = static_cast<int64_t>(
      std::floor(static_cast<double>(m + 1) * static_cast<double>(rarer + 1) / static_cast<double>(all + 2)));
  const auto weight = [&](int64_t z) {
    const auto term = [](int64_t x) { return log_gamma(static_cast<double>(x)); };
    return term(z + 1) + term(rarer - z + 1) + term(m - z + 1) + term(commoner - m + z + 1);
  };
  const double at_mode = weight(mode);
  const double end = std::min(static_cast<double>(std::min(m, rarer)) + 1.0, std::floor(centre + 16 * spread));
  for (;;) {
    const double x = random.bits.next_double();
    const double y = random.bits.next_double();
    const double w = centre + width * (y - 0.5) / x;
    if (w < 0.0 || w >= end) continue;
    auto z = static_cast<int64_t>(std::floor(w));
    const double t = at_mode - weight(z);
    const bool accepted = x * (4.0 - x) - 3.0 <= t || (x * (x - t) < 1 && 2.0 * std::log(x) <= t);
    if (!accepted) continue;
    if (good > bad) z = m - z;
    return m < sample ? good - z : z;
  }
}

}  // namespace

int64_t hypergeometric(kjit_random& random, int64_t good, int64_t bad, int64_t sample) {
  if (sample > 10) return hypergeometric_by_ratio(random, good, bad, sample);
  return sample > 0 ? hypergeometric_by_steps(random, good, bad, sample) : 0;
}

}  // namespace kjit::rt
