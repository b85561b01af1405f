// The C twins of kernels.py: the same loops, int64 indices, restrict. Arrays are dense, row-major.
#pragma once
#include <stdint.h>
#ifdef __cplusplus
#define R __restrict__
extern "C" {
#else
#define R restrict
#endif
void mandelbrot(double* R out, int64_t rows, int64_t columns, double x0, double y0, double step, int64_t limit);
void nbody(double* R pos, double* R vel, const double* R mass, int64_t n, int64_t steps, double dt);
void spmv(const int64_t* R start, const int64_t* R column, const double* R value, const double* R x, double* R y,
          int64_t n);
void matmul(const double* R a, const double* R b, double* R c, int64_t n, int64_t m, int64_t p);
void matmul_blocked(const double* R a, const double* R b, double* R c, int64_t n, int64_t block);
void jacobi_2d(double* R a, double* R b, int64_t n, int64_t steps);
void floyd_warshall(int64_t* R path, int64_t n);
void black_scholes(const double* R spot, const double* R strike, const double* R time, double rate, double sigma,
                   double* R call, double* R put, int64_t n);
int64_t crc32(const uint8_t* R data, const uint32_t* R table, int64_t n);
void histogram(const double* R x, int64_t n, double lo, double hi, int64_t* R bins, int64_t count);
void lu(double* R a, int64_t n);
void fft(double* R re, double* R im, const double* R wr, const double* R wi, int64_t n);
int64_t levenshtein(const uint8_t* R a, int64_t na, const uint8_t* R b, int64_t nb, int64_t* R row);
#ifdef __cplusplus
}
#endif
