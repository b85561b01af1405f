// The loops of kernels.py as one writes them in C with OpenMP. Compiled with clang -O3 -march=native -fopenmp; those of
// twins_fast.c with -ffast-math too.
#include "twins.h"

#include <math.h>
void omp_set_num_threads(int);  // omp.h comes with another package than the runtime

void omp_threads(int count) { omp_set_num_threads(count); }

void omp_mandelbrot(double* R out, int64_t rows, int64_t columns, double x0, double y0, double step, int64_t limit) {
#pragma omp parallel for schedule(static, 4)
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) {
      double cr = x0 + (double)c * step, ci = y0 + (double)r * step, zr = 0, zi = 0;
      int64_t n = 0;
      while (n < limit && zr * zr + zi * zi <= 4.0) {
        double t = zr * zr - zi * zi + cr;
        zi = 2.0 * zr * zi + ci;
        zr = t;
        ++n;
      }
      out[r * columns + c] = (double)n;
    }
  }
}

void omp_matmul(const double* R a, const double* R b, double* R c, int64_t n) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) c[i * n + j] = 0;
    for (int64_t k = 0; k < n; ++k)
      for (int64_t j = 0; j < n; ++j) c[i * n + j] += a[i * n + k] * b[k * n + j];
  }
}

void omp_triad(double* R a, const double* R b, const double* R c, double k, int64_t n) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; ++i) a[i] = b[i] + k * c[i];
}

static void sweep(const double* R a, double* R b, int64_t n) {
#pragma omp parallel for
  for (int64_t i = 1; i < n - 1; ++i)
    for (int64_t j = 1; j < n - 1; ++j)
      b[i * n + j] =
          0.2 * (a[i * n + j] + a[i * n + j - 1] + a[i * n + j + 1] + a[(i + 1) * n + j] + a[(i - 1) * n + j]);
}
void omp_jacobi(double* R a, double* R b, int64_t n, int64_t steps) {
  for (int64_t t = 0; t < steps; ++t) sweep(a, b, n), sweep(b, a, n);
}
