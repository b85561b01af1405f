// Products of matrices and vectors by gemm and gemv.
#include "linalg/product.h"

namespace kjit::rt {

namespace {

// An operand as BLAS takes it: itself or a copy.
template <typename T>
class Operand {
 public:
  Operand(kjit_ctx* ctx, const kjit_location* where, const Matrix<T>& m)
      : copy_(ctx, where, needs_copy(m) ? m.rows * m.columns : 0), matrix_(m) {
    if (!copy_.data()) return;
    matrix_ = {copy_.data(), m.rows, m.columns, m.columns, 1};
    copy_matrix(m, matrix_);
  }
  bool failed() const { return copy_.failed(); }
  const Matrix<T>& matrix() const { return matrix_; }
  bool copied() const { return copy_.data() != nullptr; }

 private:
  static bool needs_copy(const Matrix<T>& m) { return !m.rows_contiguous() && !m.columns_contiguous(); }
  Work<T> copy_;
  Matrix<T> matrix_;
};

template <typename T>
Matrix<T> part(const Matrix<T>& m, int64_t i, int64_t rows, int64_t j, int64_t columns) {
  return {&m.at(i, j), rows, columns, m.row_stride, m.column_stride};
}

template <typename T>
struct AsBlas {
  explicit AsBlas(const Matrix<T>& m)
      : by_columns(m.columns_contiguous()),
        leading(static_cast<int>(by_columns ? distance(m) : distance(m.transposed()))) {}
  // Between columns; where there is only one, the least that BLAS takes.
  static int64_t distance(const Matrix<T>& m) { return m.columns > 1 ? m.column_stride : std::max<int64_t>(m.rows, 1); }
  bool by_columns;
  int leading;
};

// c = a b or, when `add`, c += a b. Sides fit BLAS; c is column-major.
template <typename T>
void gemm(const Entered<T>& blas, const Matrix<T>& a, const Matrix<T>& b, const Matrix<T>& c, bool add) {
  const AsBlas<T> x(a), y(b);
  const int m = static_cast<int>(a.rows), k = static_cast<int>(a.columns), n = static_cast<int>(b.columns);
  const int leading = static_cast<int>(AsBlas<T>::distance(c));
  const T one{1}, zero{0};
  blas->gemm(x.by_columns ? "N" : "T", y.by_columns ? "N" : "T", &m, &n, &k, &one, a.data, &x.leading, b.data,
             &y.leading, add ? &one : &zero, c.data, &leading, 1, 1);
}

// As gemm, where c is one column.
template <typename T>
void gemv(const Entered<T>& blas, const Matrix<T>& a, const Matrix<T>& b, const Matrix<T>& c, bool add) {
  const AsBlas<T> x(a);
  const int rows = static_cast<int>(x.by_columns ? a.rows : a.columns);
  const int columns = static_cast<int>(x.by_columns ? a.columns : a.rows);
  const int b_step = static_cast<int>(b.rows > 1 ? b.row_stride : 1);
  const int c_step = static_cast<int>(c.rows > 1 ? c.row_stride : 1);
  const T one{1}, zero{0};
  blas->gemv(x.by_columns ? "N" : "T", &rows, &columns, &one, a.data, &x.leading, b.data, &b_step, add ? &one : &zero,
             c.data, &c_step, 1);
}

// One side's share of a tile. Tiles are what a scheduler would spread over threads; here they only keep within BLAS'
// integers.
constexpr int64_t kTile = int64_t{1} << 30;

// c is column-major (the caller turns the product over otherwise).
template <typename T>
void product(const Entered<T>& blas, const Matrix<T>& a, const Matrix<T>& b, const Matrix<T>& c) {
  for (int64_t j = 0; j < c.columns; j += kTile) {
    for (int64_t i = 0; i < c.rows; i += kTile) {
      const int64_t rows = std::min(kTile, c.rows - i), columns = std::min(kTile, c.columns - j);
      for (int64_t k = 0; k < a.columns; k += kTile) {
        const int64_t inner = std::min(kTile, a.columns - k);
        const Matrix<T> x = part(a, i, rows, k, inner), y = part(b, k, inner, j, columns);
        const Matrix<T> z = part(c, i, rows, j, columns);
        z.columns == 1 ? gemv(blas, x, y, z, k > 0) : gemm(blas, x, y, z, k > 0);
      }
    }
  }
}

// A product of a matrix and its own transpose, as NumPy makes it: one triangle, half of the work, and its mirror image.
constexpr int64_t kLeastSymmetric = 64;

template <typename T>
bool is_symmetric(const Matrix<T>& a, const Matrix<T>& b) {
  return a.data == b.data && a.rows == b.columns && a.columns == b.rows && a.row_stride == b.column_stride &&
         a.column_stride == b.row_stride && a.rows >= kLeastSymmetric && std::max(a.rows, a.columns) <= kTile;
}

template <typename T>
void symmetric_product(const Entered<T>& blas, const Matrix<T>& a, const Matrix<T>& c) {
  const AsBlas<T> x(a);
  const int n = static_cast<int>(a.rows), k = static_cast<int>(a.columns);
  const int leading = static_cast<int>(AsBlas<T>::distance(c));
  const T one{1}, zero{0};
  blas->syrk("L", x.by_columns ? "N" : "T", &n, &k, &one, a.data, &x.leading, &zero, c.data, &leading, 1, 1);
  constexpr int64_t kBlock = 32;  // what is read and what is written fit the nearest cache
  for (int64_t j0 = 0; j0 < n; j0 += kBlock) {
    for (int64_t i0 = j0; i0 < n; i0 += kBlock) {
      const int64_t i1 = std::min<int64_t>(i0 + kBlock, n), j1 = std::min<int64_t>(j0 + kBlock, n);
      for (int64_t i = i0; i < i1; ++i)
        for (int64_t j = j0; j < std::min(j1, i); ++j) c.at(j, i) = c.at(i, j);
    }
  }
}

template <typename T>
int32_t multiply(kjit_ctx* ctx, const kjit_location* where, const Blas& blas, const Matrix<T>& x, const Matrix<T>& y,
                 const Matrix<T>& z) {
  if (z.empty()) return KJIT_OK;
  if (x.columns == 0) {
    for (int64_t i = 0; i < z.rows; ++i)
      for (int64_t j = 0; j < z.columns; ++j) z.at(i, j) = T{};
    return KJIT_OK;
  }
  const Operand<T> a(ctx, where, x), b(ctx, where, y), c(ctx, where, z);
  if (a.failed() || b.failed() || c.failed()) return KJIT_MEMORY_ERROR;
  {
    const Entered<T> entered(blas);
    const bool by_columns = c.matrix().columns == 1 || (c.matrix().rows > 1 && c.matrix().columns_contiguous());
    // A row-major result is the transposed product in column-major order; a row is a column of it.
    if (is_symmetric(a.matrix(), b.matrix())) {
      symmetric_product(entered, a.matrix(), by_columns ? c.matrix() : c.matrix().transposed());
    } else if (by_columns) {
      product(entered, a.matrix(), b.matrix(), c.matrix());
    } else {
      product(entered, b.matrix().transposed(), a.matrix().transposed(), c.matrix().transposed());
    }
  }
  if (c.copied()) copy_matrix(c.matrix(), z);
  return KJIT_OK;
}

template <typename T>
int32_t matmul(kjit_ctx* ctx, const kjit_location* where, const kjit_array& a, const kjit_array& b,
               const kjit_array& c) {
  const Blas* blas = open_blas(ctx, where);
  if (!blas) return ctx->error.kind;
  const bool row = a.rank == 1, column = b.rank == 1;
  Matrix<T> x = last_axes<T>(a, std::min(a.rank, 2));
  if (row) x = x.transposed();
  const Matrix<T> y = last_axes<T>(b, std::min(b.rank, 2));
  const int own = 2 - (row ? 1 : 0) - (column ? 1 : 0);
  Matrix<T> z = last_axes<T>(c, own);
  if (row && !column) z = z.transposed();
  const Stack stack(c.rank - own, c.shape);
  for (int64_t n = 0; n < stack.count(); ++n) {
    Matrix<T> xn = x, yn = y, zn = z;
    xn.data = stack.place(a, std::max(a.rank - 2, 0), n, x.data);
    yn.data = stack.place(b, std::max(b.rank - 2, 0), n, y.data);
    zn.data = stack.place(c, c.rank - own, n, z.data);
    const int32_t status = multiply(ctx, where, *blas, xn, yn, zn);
    if (status != KJIT_OK) return status;
  }
  return KJIT_OK;
}

}  // namespace

int32_t product(kjit_ctx* ctx, const kjit_location* where, const Matrix<double>& a, const Matrix<double>& b,
                const Matrix<double>& c) {
  const Blas* blas = open_blas(ctx, where);
  return blas ? multiply(ctx, where, *blas, a, b, c) : ctx->error.kind;
}

}  // namespace kjit::rt

extern "C" int32_t kjit_linalg_matmul(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                      const kjit_array* b, const kjit_array* c) {
  using namespace kjit::rt;
  return with_element(c->dtype, [&](auto element) { return matmul<decltype(element)>(ctx, where, *a, *b, *c); });
}
