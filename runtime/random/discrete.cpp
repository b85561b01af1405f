// The binomial and the geometric distribution, and the beta distribution, by the methods of NumPy's legacy generator.
#include <algorithm>
#include <cmath>

#include "random/distributions.h"

namespace kjit::rt {

namespace {

// Sums the probabilities of 0, 1, ... until they pass a uniform number. n p <= 30.
int64_t binomial_by_inversion(kjit_random& random, int64_t n, double p) {
  const double q = 1.0 - p;
  const auto count = static_cast<double>(n);
  const double first = std::exp(count * std::log(q));
  const double mean = count * p;
  const auto bound = static_cast<int64_t>(std::min(count, mean + 10.0 * std::sqrt(mean * q + 1)));
  int64_t x = 0;
  double px = first;
  double u = random.bits.next_double();
  while (u > px) {
    ++x;
    if (x > bound) {
      x = 0;
      px = first;
      u = random.bits.next_double();
    } else {
      u -= px;
      px = (static_cast<double>(n - x + 1) * p * px) / (static_cast<double>(x) * q);
    }
  }
  return x;
}

// A term of Stirling's series for log(x!), as BTPE sums it.
double correction(double x) {
  const double square = x * x;
  return (13680. - (462. - (132. - (99. - 140. / square) / square) / square) / square) / x / 166320.;
}

// BTPE (Kachitvichyanukul and Schmeiser, 1988). p <= 0.5, n p > 30.
class Btpe {
 public:
  Btpe(int64_t count, double probability)
      : n_(count),
        r_(probability),
        q_(1.0 - probability),
        fm_(static_cast<double>(count) * r_ + r_),
        m_(static_cast<int64_t>(std::floor(fm_))),
        nrq_(static_cast<double>(count) * r_ * q_),
        p1_(std::floor(2.195 * std::sqrt(nrq_) - 4.6 * q_) + 0.5),
        xm_(static_cast<double>(m_) + 0.5),
        xl_(xm_ - p1_),
        xr_(xm_ + p1_),
        c_(0.134 + 20.5 / (15.3 + static_cast<double>(m_))) {
    double a = (fm_ - xl_) / (fm_ - xl_ * r_);
    left_ = a * (1.0 + a / 2.0);
    a = (xr_ - fm_) / (xr_ * q_);
    right_ = a * (1.0 + a / 2.0);
    p2_ = p1_ * (1.0 + 2.0 * c_);
    p3_ = p2_ + c_ / left_;
    p4_ = p3_ + c_ / right_;
  }

  int64_t draw(kjit_random& random) const {
    int64_t y = 0;
    while (!attempt(random, y)) {
    }
    return y;
  }

 private:
  bool attempt(kjit_random& random, int64_t& y) const {
    const double u = random.bits.next_double() * p4_;
    double v = random.bits.next_double();
    if (u <= p1_) {  // the triangle
      y = static_cast<int64_t>(std::floor(xm_ - p1_ * v + u));
      return true;
    }
    if (u <= p2_) {  // the parallelogram
      const double x = xl_ + (u - p1_) / c_;
      v = v * c_ + 1.0 - std::fabs(static_cast<double>(m_) - x + 0.5) / p1_;
      if (v > 1.0) return false;
      y = static_cast<int64_t>(std::floor(x));
    } else if (u <= p3_) {  // the tail on the left
      y = static_cast<int64_t>(std::floor(xl_ + std::log(v) / left_));
      if (y < 0 || v == 0.0) return false;
      v = v * (u - p2_) * left_;
    } else {
      y = static_cast<int64_t>(std::floor(xr_ - std::log(v) / right_));
      if (y > n_ || v == 0.0) return false;
      v = v * (u - p3_) * right_;
    }
    return accepted(y, v);
  }

  bool accepted(int64_t y, double v) const {
    const int64_t distance = y > m_ ? y - m_ : m_ - y;
    const auto k = static_cast<double>(distance);
    if (distance <= 20 || k >= nrq_ / 2.0 - 1) return v <= ratio(y);
    const double rho = (k / nrq_) * ((k * (k / 3.0 + 0.625) + 0.16666666666666666) / nrq_ + 0.5);
    const double t = -k * k / (2 * nrq_);
    const double a = std::log(v);
    if (a < t - rho) return true;
    return a <= t + rho && a <= bound(y);
  }

  // The probability of y divided by that of the mode.
  double ratio(int64_t y) const {
    const double s = r_ / q_;
    const double a = s * static_cast<double>(n_ + 1);
    double f = 1.0;
    for (int64_t i = m_ + 1; i <= y; ++i) f *= a / static_cast<double>(i) - s;
    for (int64_t i = y + 1; i <= m_; ++i) f /= a / static_cast<double>(i) - s;
    return f;
  }

  double bound(int64_t y) const {
    const auto x1 = static_cast<double>(y + 1);
    const auto f1 = static_cast<double>(m_ + 1);
    const auto z = static_cast<double>(n_ + 1 - m_);
    const auto w = static_cast<double>(n_ - y + 1);
    return xm_ * std::log(f1 / x1) + (static_cast<double>(n_ - m_) + 0.5) * std::log(z / w) +
           static_cast<double>(y - m_) * std::log(w * r_ / (x1 * q_)) + correction(f1) + correction(z) +
           correction(x1) + correction(w);
  }

  int64_t n_;
  double r_, q_, fm_;
  int64_t m_;
  double nrq_, p1_, xm_, xl_, xr_, c_;
  double left_ = 0, right_ = 0, p2_ = 0, p3_ = 0, p4_ = 0;
};

int64_t binomial_low(kjit_random& random, int64_t n, double p) {
  if (p * static_cast<double>(n) <= 30.0) return binomial_by_inversion(random, n, p);
  return Btpe(n, p).draw(random);
}

}  // namespace

int64_t binomial(kjit_random& random, int64_t n, double p) {
  return p <= 0.5 ? binomial_low(random, n, p) : n - binomial_low(random, n, 1.0 - p);
}

int64_t geometric(kjit_random& random, double p) {
  if (p < 0.333333333333333333333333)
    return static_cast<int64_t>(std::ceil(std::log(1.0 - random.bits.next_double()) / std::log(1.0 - p)));
  int64_t x = 1;
  double sum = p;
  double product = p;
  const double q = 1.0 - p;
  const double u = random.bits.next_double();
  while (u > sum) {
    product *= q;
    sum += product;
    ++x;
  }
  return x;
}

// Both at most 1: Joehnk (1964); else by two gamma numbers.
double beta(kjit_random& random, double a, double b) {
  if (a > 1.0 || b > 1.0) {
    const double x = standard_gamma(random, a);
    const double y = standard_gamma(random, b);
    return x / (x + y);
  }
  for (;;) {
    const double u = random.bits.next_double();
    const double v = random.bits.next_double();
    const double x = std::pow(u, 1.0 / a);
    const double y = std::pow(v, 1.0 / b);
    if (x + y > 1.0 || u + v <= 0.0) continue;
    if (x + y > 0) return x / (x + y);
    double log_x = std::log(u) / a;
    double log_y = std::log(v) / b;
    const double high = std::max(log_x, log_y);
    log_x -= high;
    log_y -= high;
    return std::exp(log_x - std::log(std::exp(log_x) + std::exp(log_y)));
  }
}

}  // namespace kjit::rt
