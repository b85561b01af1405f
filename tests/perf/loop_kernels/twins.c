// Twins of the kernels without fastmath; compiled with -O3 -march=native -ffp-contract=off.
#include "twins.h"

#include <math.h>

#define MIN(a, b) ((a) < (b) ? (a) : (b))

void mandelbrot(double* R out, int64_t rows, int64_t columns, double x0, double y0, double step, int64_t limit) {
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

void spmv(const int64_t* R start, const int64_t* R column, const double* R value, const double* R x, double* R y,
          int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    double s = 0;
    for (int64_t k = start[i]; k < start[i + 1]; ++k) s += value[k] * x[column[k]];
    y[i] = s;
  }
}

void matmul(const double* R a, const double* R b, double* R c, int64_t n, int64_t m, int64_t p) {
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < p; ++j) {
      double s = 0;
      for (int64_t k = 0; k < m; ++k) s += a[i * m + k] * b[k * p + j];
      c[i * p + j] = s;
    }
}

void matmul_blocked(const double* R a, const double* R b, double* R c, int64_t n, int64_t block) {
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j) c[i * n + j] = 0;
  for (int64_t ii = 0; ii < n; ii += block)
    for (int64_t kk = 0; kk < n; kk += block)
      for (int64_t jj = 0; jj < n; jj += block)
        for (int64_t i = ii; i < MIN(ii + block, n); ++i)
          for (int64_t k = kk; k < MIN(kk + block, n); ++k) {
            double t = a[i * n + k];
            for (int64_t j = jj; j < MIN(jj + block, n); ++j) c[i * n + j] += t * b[k * n + j];
          }
}

void jacobi_2d(double* R a, double* R b, int64_t n, int64_t steps) {
  for (int64_t t = 0; t < steps; ++t) {
    for (int64_t i = 1; i < n - 1; ++i)
      for (int64_t j = 1; j < n - 1; ++j)
        b[i * n + j] =
            0.2 * (a[i * n + j] + a[i * n + j - 1] + a[i * n + j + 1] + a[(i + 1) * n + j] + a[(i - 1) * n + j]);
    for (int64_t i = 1; i < n - 1; ++i)
      for (int64_t j = 1; j < n - 1; ++j)
        a[i * n + j] =
            0.2 * (b[i * n + j] + b[i * n + j - 1] + b[i * n + j + 1] + b[(i + 1) * n + j] + b[(i - 1) * n + j]);
  }
}

void floyd_warshall(int64_t* R path, int64_t n) {
  for (int64_t k = 0; k < n; ++k)
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = 0; j < n; ++j) {
        int64_t through = path[i * n + k] + path[k * n + j];
        path[i * n + j] = through < path[i * n + j] ? through : path[i * n + j];
      }
}

void black_scholes(const double* R spot, const double* R strike, const double* R time, double rate, double sigma,
                   double* R call, double* R put, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    double root = sqrt(time[i]);
    double d1 = (log(spot[i] / strike[i]) + (rate + 0.5 * sigma * sigma) * time[i]) / (sigma * root);
    double d2 = d1 - sigma * root;
    double n1 = 0.5 + 0.5 * erf(d1 * 0.7071067811865476), n2 = 0.5 + 0.5 * erf(d2 * 0.7071067811865476);
    double discounted = strike[i] * exp(-rate * time[i]);
    call[i] = spot[i] * n1 - discounted * n2;
    put[i] = discounted * (1.0 - n2) - spot[i] * (1.0 - n1);
  }
}

int64_t crc32(const uint8_t* R data, const uint32_t* R table, int64_t n) {
  uint32_t crc = 0xFFFFFFFFu;
  for (int64_t i = 0; i < n; ++i) crc = table[(crc ^ data[i]) & 0xFF] ^ (crc >> 8);
  return (int64_t)(crc ^ 0xFFFFFFFFu);
}

void histogram(const double* R x, int64_t n, double lo, double hi, int64_t* R bins, int64_t count) {
  double scale = (double)count / (hi - lo);
  for (int64_t i = 0; i < n; ++i) {
    int64_t b = (int64_t)((x[i] - lo) * scale);
    if (0 <= b && b < count) bins[b] += 1;
  }
}

void lu(double* R a, int64_t n) {
  for (int64_t k = 0; k < n; ++k)
    for (int64_t i = k + 1; i < n; ++i) {
      a[i * n + k] /= a[k * n + k];
      for (int64_t j = k + 1; j < n; ++j) a[i * n + j] -= a[i * n + k] * a[k * n + j];
    }
}

void fft(double* R re, double* R im, const double* R wr, const double* R wi, int64_t n) {
  int64_t j = 0;
  for (int64_t i = 1; i < n; ++i) {
    int64_t bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      double t = re[i];
      re[i] = re[j], re[j] = t;
      t = im[i], im[i] = im[j], im[j] = t;
    }
  }
  for (int64_t half = 1; half < n; half *= 2) {
    int64_t step = n / (2 * half);
    for (int64_t s = 0; s < n; s += 2 * half)
      for (int64_t k = 0; k < half; ++k) {
        double c = wr[k * step], d = wi[k * step];
        double tr = re[s + k + half] * c - im[s + k + half] * d, ti = re[s + k + half] * d + im[s + k + half] * c;
        re[s + k + half] = re[s + k] - tr;
        im[s + k + half] = im[s + k] - ti;
        re[s + k] += tr;
        im[s + k] += ti;
      }
  }
}

int64_t levenshtein(const uint8_t* R a, int64_t na, const uint8_t* R b, int64_t nb, int64_t* R row) {
  for (int64_t j = 0; j < nb + 1; ++j) row[j] = j;
  for (int64_t i = 0; i < na; ++i) {
    int64_t diagonal = row[0];
    row[0] = i + 1;
    for (int64_t j = 0; j < nb; ++j) {
      int64_t cost = a[i] == b[j] ? 0 : 1;
      int64_t best = diagonal + cost;
      if (row[j] + 1 < best) best = row[j] + 1;
      if (row[j + 1] + 1 < best) best = row[j + 1] + 1;
      diagonal = row[j + 1];
      row[j + 1] = best;
    }
  }
  return row[nb];
}
