// Those twins whose kernels have fastmath=True.
#include <math.h>

#include "twins.h"

void omp_nbody(const double* R pos, double* R force, int64_t n) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) {
    double fx = 0, fy = 0, fz = 0;
    for (int64_t j = 0; j < n; ++j) {
      double dx = pos[j * 3] - pos[i * 3], dy = pos[j * 3 + 1] - pos[i * 3 + 1], dz = pos[j * 3 + 2] - pos[i * 3 + 2];
      double d = dx * dx + dy * dy + dz * dz + 1e-9, f = 1.0 / (d * sqrt(d));
      fx += dx * f, fy += dy * f, fz += dz * f;
    }
    force[i * 3] = fx, force[i * 3 + 1] = fy, force[i * 3 + 2] = fz;
  }
}

static double normal(double x) { return 0.5 + 0.5 * erf(x * 0.7071067811865476); }

void omp_black_scholes(const double* R spot, const double* R strike, const double* R time, double rate, double sigma,
                       double* R call, double* R put, int64_t n) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) {
    double root = sigma * sqrt(time[i]);
    double d1 = (log(spot[i] / strike[i]) + (rate + 0.5 * sigma * sigma) * time[i]) / root, d2 = d1 - root;
    double discounted = strike[i] * exp(-rate * time[i]);
    call[i] = spot[i] * normal(d1) - discounted * normal(d2);
    put[i] = discounted * normal(-d2) - spot[i] * normal(-d1);
  }
}

double omp_exp_sum(const double* R x, int64_t n) {
  double s = 0;
#pragma omp parallel for reduction(+ : s)
  for (int64_t i = 0; i < n; ++i) s += exp(x[i]);
  return s;
}
