// Covariances: the values without their means, times their own transpose.
#include "linalg/line_kernels.h"
#include "linalg/product.h"

namespace kjit::rt {

namespace {

// Multiplications from which on BLAS is worth opening.
constexpr int64_t kLeastProduct = 4096;

// As NumPy sums up: eight sums in a stretch of at most 128, stretches in pairs.
double pairwise_sum(const double* x, int64_t n) {
  if (n < 8) {
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) sum += x[i];
    return sum;
  }
  if (n > 128) {
    const int64_t half = n / 2 / 8 * 8;
    return pairwise_sum(x, half) + pairwise_sum(x + half, n - half);
  }
  double r[8];
  std::copy(x, x + 8, r);
  int64_t i = 8;
  for (; i + 8 <= n; i += 8)
    for (int k = 0; k < 8; ++k) r[k] += x[i + k];
  double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  for (; i < n; ++i) sum += x[i];
  return sum;
}

// x = m without the mean of each row; rows of x lie together.
void centre_rows(const Matrix<double>& m, const Matrix<double>& x) {
  const int64_t n = m.columns;
  for (int64_t i = 0; i < m.rows; ++i) {
    double* row = x.data + i * n;  // no row has elements when n is 0
    for (int64_t k = 0; k < m.columns; ++k) row[k] = m.at(i, k);
    const double mean = pairwise_sum(row, m.columns) / static_cast<double>(m.columns);
    for (int64_t k = 0; k < m.columns; ++k) row[k] -= mean;
  }
}

// The same where columns lie together, in m and in x.
void centre_columns(const Matrix<double>& m, const Matrix<double>& x, double* mean) {
  std::fill(mean, mean + m.rows, 0.0);
  for (int64_t k = 0; k < m.columns; ++k)
    for (int64_t i = 0; i < m.rows; ++i) mean[i] += (&m.at(0, k))[i];
  for (int64_t i = 0; i < m.rows; ++i) mean[i] /= static_cast<double>(m.columns);
  for (int64_t k = 0; k < m.columns; ++k)
    for (int64_t i = 0; i < m.rows; ++i) (&x.at(0, k))[i] = (&m.at(0, k))[i] - mean[i];
}

int32_t covariance(kjit_ctx* ctx, const kjit_location* where, const Matrix<double>& m, const Matrix<double>& c,
                   double factor, bool threads) {
  if (c.empty()) return KJIT_OK;
  const int64_t variables = m.rows, n = m.columns;
  const bool small = variables * variables * n < kLeastProduct;
  const bool by_columns = !small && m.row_stride == 1;
  const Work<double> memory(ctx, where, variables * n), mean(ctx, where, by_columns ? variables : 0);
  if (memory.failed() || mean.failed()) return KJIT_MEMORY_ERROR;
  Matrix<double> x{memory.data(), variables, n, n, 1};
  if (by_columns) {
    x = column_major(memory.data(), variables, n);
    centre_columns(m, x, mean.data());
  } else {
    centre_rows(m, x);
  }
  if (small) {
    for (int64_t i = 0; i < variables; ++i) {
      for (int64_t j = 0; j <= i; ++j) {
        line_kernels<double>().dot_rows(1, n, x.data + i * n, n, x.data + j * n, &c.at(i, j));
        c.at(j, i) = c.at(i, j);
      }
    }
  } else if (const int32_t status = product(ctx, where, x, x.transposed(), c, threads); status != KJIT_OK) {
    return status;
  }
  for (int64_t i = 0; i < variables; ++i)
    for (int64_t j = 0; j < variables; ++j) c.at(i, j) *= factor;
  return KJIT_OK;
}

}  // namespace

}  // namespace kjit::rt

extern "C" int32_t kjit_linalg_cov(kjit_ctx* ctx, const kjit_location* where, const kjit_array* m, const kjit_array* c,
                                   int64_t by_rows, double factor, int64_t threads) {
  using namespace kjit::rt;
  const Matrix<double> values = last_axes<double>(*m, 2);
  return covariance(ctx, where, by_rows ? values : values.transposed(), last_axes<double>(*c, 2), factor, threads != 0);
}
