// The C twins of kernels.py: the same loops with OpenMP. Arrays are dense, row-major.
#pragma once
#include <stdint.h>
#ifdef __cplusplus
#define R __restrict__
extern "C" {
#else
#define R restrict
#endif
void omp_threads(int count);
void omp_mandelbrot(double* R out, int64_t rows, int64_t columns, double x0, double y0, double step, int64_t limit);
void omp_nbody(const double* R pos, double* R force, int64_t n);
void omp_black_scholes(const double* R spot, const double* R strike, const double* R time, double rate, double sigma,
                       double* R call, double* R put, int64_t n);
void omp_matmul(const double* R a, const double* R b, double* R c, int64_t n);
double omp_exp_sum(const double* R x, int64_t n);
void omp_triad(double* R a, const double* R b, const double* R c, double k, int64_t n);
void omp_jacobi(double* R a, double* R b, int64_t n, int64_t steps);
#ifdef __cplusplus
}
#endif
