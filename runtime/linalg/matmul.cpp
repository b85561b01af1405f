// Products of matrices and vectors by gemm and gemv.
#include <cmath>

#include "linalg/product.h"
#include "linalg/tiles.h"

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

// The longest side within BLAS' integers, with room for sums of two.
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

// c(j, i) = c(i, j) for the places (i, j) of a part below the diagonal.
template <typename T>
void mirror(const Matrix<T>& c, int64_t first, int64_t rows, int64_t column, int64_t columns) {
  constexpr int64_t kBlock = 32;  // what is read and what is written fit the nearest cache
  for (int64_t j0 = column; j0 < column + columns; j0 += kBlock) {
    for (int64_t i0 = std::max(first, j0); i0 < first + rows; i0 += kBlock) {
      const int64_t i1 = std::min(i0 + kBlock, first + rows), j1 = std::min(j0 + kBlock, column + columns);
      for (int64_t i = i0; i < i1; ++i)
        for (int64_t j = j0; j < std::min(j1, i); ++j) c.at(j, i) = c.at(i, j);
    }
  }
}

template <typename T>
void symmetric_product(const Entered<T>& blas, const Matrix<T>& a, const Matrix<T>& c) {
  const AsBlas<T> x(a);
  const int n = static_cast<int>(a.rows), k = static_cast<int>(a.columns);
  const int leading = static_cast<int>(AsBlas<T>::distance(c));
  const T one{1}, zero{0};
  blas->syrk("L", x.by_columns ? "N" : "T", &n, &k, &one, a.data, &x.leading, &zero, c.data, &leading, 1, 1);
  mirror(c, 0, n, 0, n);
}

// --- tiles

// Multiplications and additions of BLAS in a ns, on one core: careful guesses.
template <typename T>
double nanoseconds(int64_t m, int64_t n, int64_t k) {
  const double rate = n == 1 ? 3 : sizeof(Real<T>) == 4 ? 80 : 40;
  return 2.0 * (kIsComplex<T> ? 4 : 1) * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k) /
         rate;
}
// Sides that suit the blocks of BLAS' kernels, and below which copying the operands into them shows.
constexpr int64_t kSide = 16;
constexpr double kLeastSide = 96;

// As product(), tiles of the result on threads.
template <typename T>
int32_t tiled_product(kjit_ctx* ctx, const Blas& blas, const Matrix<T>& a, const Matrix<T>& b, const Matrix<T>& c) {
  const double tiles = tiles_for(nanoseconds<T>(c.rows, c.columns, a.columns));
  const auto m = static_cast<double>(c.rows), n = static_cast<double>(c.columns);
  const double side = std::max(std::sqrt(m * n / tiles), kLeastSide);
  // Where one side is short, the other one is cut more often.
  const Cut columns = cut(c.columns, std::min(m < side ? tiles : n / side, n / kLeastSide), kSide);
  const Cut rows = cut(c.rows, std::min(n < side ? tiles : m / side, m / kLeastSide), kSide);
  return on_threads(ctx, &blas, rows.count() * columns.count(), [&](kjit_ctx*, int64_t tile) -> int32_t {
    const int64_t i = tile % rows.count(), j = tile / rows.count();
    const Entered<T> entered(blas);
    product(entered, part(a, rows.at(i), rows.size(i), 0, a.columns),
            part(b, 0, b.rows, columns.at(j), columns.size(j)),
            part(c, rows.at(i), rows.size(i), columns.at(j), columns.size(j)));
    return KJIT_OK;
  });
}

// As symmetric_product(), tiles of the lower triangle on threads.
template <typename T>
int32_t tiled_symmetric_product(kjit_ctx* ctx, const Blas& blas, const Matrix<T>& a, const Matrix<T>& c) {
  const double tiles = tiles_for(nanoseconds<T>(c.rows, c.rows, a.columns) / 2);
  const double pieces = std::min(std::sqrt(2 * tiles), static_cast<double>(c.rows) / kLeastSide);
  const Cut side = cut(c.rows, tiles < 2 ? 1 : pieces, kSide);
  const int64_t count = side.count() * (side.count() + 1) / 2;
  return on_threads(ctx, &blas, count, [&](kjit_ctx*, int64_t tile) -> int32_t {
    int64_t i = 0;  // row by row of the triangle
    for (; tile > i; ++i) tile -= i + 1;
    const int64_t j = tile;
    const Matrix<T> x = part(a, side.at(i), side.size(i), 0, a.columns);
    const Matrix<T> z = part(c, side.at(i), side.size(i), side.at(j), side.size(j));
    const Entered<T> entered(blas);
    if (i == j) {
      symmetric_product(entered, x, z);
      return KJIT_OK;
    }
    product(entered, x, part(a, side.at(j), side.size(j), 0, a.columns).transposed(), z);
    mirror(c, side.at(i), side.size(i), side.at(j), side.size(j));
    return KJIT_OK;
  });
}

template <typename T>
int32_t multiply(kjit_ctx* ctx, const kjit_location* where, const Blas& blas, const Matrix<T>& x, const Matrix<T>& y,
                 const Matrix<T>& z, bool threads) {
  if (z.empty()) return KJIT_OK;
  if (x.columns == 0) {
    for (int64_t i = 0; i < z.rows; ++i)
      for (int64_t j = 0; j < z.columns; ++j) z.at(i, j) = T{};
    return KJIT_OK;
  }
  const Operand<T> a(ctx, where, x), b(ctx, where, y), c(ctx, where, z);
  if (a.failed() || b.failed() || c.failed()) return KJIT_MEMORY_ERROR;
  const bool by_columns = c.matrix().columns == 1 || (c.matrix().rows > 1 && c.matrix().columns_contiguous());
  const bool tiled = threads && !blas.own_threads;
  int32_t status = KJIT_OK;
  // A row-major result is the transposed product in column-major order; a row is a column of it.
  const Matrix<T> result = by_columns ? c.matrix() : c.matrix().transposed();
  if (is_symmetric(a.matrix(), b.matrix())) {
    if (tiled) {
      status = tiled_symmetric_product(ctx, blas, a.matrix(), result);
    } else {
      symmetric_product(Entered<T>(blas), a.matrix(), result);
    }
  } else {
    const Matrix<T> left = by_columns ? a.matrix() : b.matrix().transposed();
    const Matrix<T> right = by_columns ? b.matrix() : a.matrix().transposed();
    if (tiled) {
      status = tiled_product(ctx, blas, left, right, result);
    } else {
      product(Entered<T>(blas), left, right, result);
    }
  }
  if (status != KJIT_OK) return status;
  if (c.copied()) copy_matrix(c.matrix(), z);
  return KJIT_OK;
}

template <typename F>
int32_t each_of(kjit_ctx* ctx, int64_t first, int64_t last, F f) {
  for (int64_t n = first; n < last; ++n) {
    const int32_t status = f(ctx, n);
    if (status != KJIT_OK) return status;
  }
  return KJIT_OK;
}

template <typename T>
int32_t matmul(kjit_ctx* ctx, const kjit_location* where, const kjit_array& a, const kjit_array& b, const kjit_array& c,
               bool threads) {
  const Blas* blas = open_blas(ctx, where);
  if (!blas) return ctx->error.kind;
  const bool row = a.rank == 1, column = b.rank == 1;
  Matrix<T> x = last_axes<T>(a, std::min(a.rank, 2));
  if (row) x = x.transposed();
  const Matrix<T> y = last_axes<T>(b, std::min(b.rank, 2));
  const int own_axes = 2 - (row ? 1 : 0) - (column ? 1 : 0);
  Matrix<T> z = last_axes<T>(c, own_axes);
  if (row && !column) z = z.transposed();
  const Stack stack(c.rank - own_axes, c.shape);
  const auto one = [&](kjit_ctx* own, int64_t n) -> int32_t {
    Matrix<T> xn = x, yn = y, zn = z;
    xn.data = stack.place(a, std::max(a.rank - 2, 0), n, x.data);
    yn.data = stack.place(b, std::max(b.rank - 2, 0), n, y.data);
    zn.data = stack.place(c, c.rank - own_axes, n, z.data);
    return multiply(own, where, *blas, xn, yn, zn, threads);
  };
  if (!threads || stack.count() < 2) return each_of(ctx, 0, stack.count(), one);
  const double all = nanoseconds<T>(z.rows, z.columns, x.columns) * static_cast<double>(stack.count());
  const Cut pieces = cut(stack.count(), tiles_for(all), 1);
  return on_threads(ctx, blas, pieces.count(), [&](kjit_ctx* own, int64_t k) {
    return each_of(own, pieces.at(k), pieces.at(k) + pieces.size(k), one);
  });
}

}  // namespace

int32_t product(kjit_ctx* ctx, const kjit_location* where, const Matrix<double>& a, const Matrix<double>& b,
                const Matrix<double>& c, bool threads) {
  const Blas* blas = open_blas(ctx, where);
  return blas ? multiply(ctx, where, *blas, a, b, c, threads) : ctx->error.kind;
}

}  // namespace kjit::rt

extern "C" int32_t kjit_linalg_matmul(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                      const kjit_array* b, const kjit_array* c, int64_t threads) {
  using namespace kjit::rt;
  return with_element(c->dtype,
                      [&](auto element) { return matmul<decltype(element)>(ctx, where, *a, *b, *c, threads != 0); });
}
