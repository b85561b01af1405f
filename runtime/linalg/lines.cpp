// Products of a matrix and a vector, and both products of one matrix in one pass over it.
#include <optional>

#include "linalg/line_kernels.h"
#include "linalg/matrix.h"

namespace kjit::rt {

namespace {

// Multiplications from which on BLAS is faster than the loops here, as tests/perf/linalg measures. Rows of real numbers
// it adds up no faster.
constexpr int64_t kLeastRealDots = int64_t{1} << 15;
constexpr int64_t kLeastComplex = 64;

// One after the other in memory: the elements themselves or a copy, which is written back where they are results.
template <typename T>
class Line {
 public:
  Line(kjit_ctx* ctx, const kjit_location* where, const kjit_array& a, bool result)
      : view_(last_axes<T>(a, 1)), copy_(ctx, where, is_line(view_) ? 0 : view_.rows), result_(result) {
    if (!copied() || result) return;
    for (int64_t i = 0; i < view_.rows; ++i) copy_.data()[i] = view_.at(i, 0);
  }
  ~Line() {
    for (int64_t i = 0; copied() && result_ && i < view_.rows; ++i) view_.at(i, 0) = copy_.data()[i];
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  bool failed() const { return copy_.failed(); }
  T* data() const { return copied() ? copy_.data() : view_.data; }
  int64_t size() const { return view_.rows; }

 private:
  static bool is_line(const Matrix<T>& m) { return m.rows <= 1 || m.row_stride == 1; }
  bool copied() const { return copy_.data() != nullptr; }
  Matrix<T> view_;
  Work<T> copy_;
  bool result_;
};

// Products with the rows of matrices, by BLAS or by loops.
template <typename T>
class Rows {
 public:
  // `blas` may be null.
  explicit Rows(const Blas* blas) {
    if (blas) entered_.emplace(*blas);
  }
  // y = a x
  void dot(const Matrix<T>& a, const T* x, T* y) const {
    if (entered_) return gemv("T", a, x, T{0}, y);
    if constexpr (!kIsComplex<T>) {
      if (a.column_stride == 1) return line_kernels<T>().dot_rows(a.rows, a.columns, a.data, a.row_stride, x, y);
    }
    for (int64_t i = 0; i < a.rows; ++i) {
      T sum{};
      for (int64_t k = 0; k < a.columns; ++k) sum += times(a.at(i, k), x[k]);
      y[i] = sum;
    }
  }
  // y += x a
  void add(const Matrix<T>& a, const T* x, T* y) const {
    if constexpr (!kIsComplex<T>) {
      if (a.column_stride == 1) return line_kernels<T>().add_rows(a.rows, a.columns, a.data, a.row_stride, x, y);
    }
    if (entered_) return gemv("N", a, x, T{1}, y);
    for (int64_t i = 0; i < a.rows; ++i)
      for (int64_t k = 0; k < a.columns; ++k) y[k] += times(a.at(i, k), x[i]);
  }

 private:
  // Without C++'s second look at products that are nan.
  static T times(const T& x, const T& y) {
    if constexpr (kIsComplex<T>) {
      return {x.real() * y.real() - x.imag() * y.imag(), x.real() * y.imag() + x.imag() * y.real()};
    } else {
      return x * y;
    }
  }
  // To BLAS the rows are columns.
  void gemv(const char* transposed, const Matrix<T>& a, const T* x, T beta, T* y) const {
    const int rows = static_cast<int>(a.columns), columns = static_cast<int>(a.rows), step = 1;
    const int leading = static_cast<int>(a.rows > 1 ? a.row_stride : std::max<int64_t>(a.columns, 1));
    const T one{1};
    (*entered_)->gemv(transposed, &rows, &columns, &one, a.data, &leading, x, &step, &beta, y, &step, 1);
  }
  std::optional<Entered<T>> entered_;
};

template <typename T>
bool pays_in_blas(const Matrix<T>& a) {
  const bool fits = a.rows_contiguous() && std::max(a.rows, a.columns) <= kLargest;
  return fits && a.rows * a.columns >= (kIsComplex<T> ? kLeastComplex : kLeastRealDots);
}

// Whether the rows of a are the ones to run along: its columns lie together, or are nearer to each other than the rows.
template <typename T>
bool along_rows(const Matrix<T>& a) {
  if (a.column_stride == 1 || a.columns <= 1) return true;
  return a.row_stride != 1 && std::abs(a.row_stride) >= std::abs(a.column_stride);
}

// y = a x
template <typename T>
int32_t multiply_line(kjit_ctx* ctx, const kjit_location* where, const Matrix<T>& a, const Line<T>& x,
                      const Line<T>& y) {
  const bool dots = along_rows(a);
  const Matrix<T> m = dots ? a : a.transposed();
  const Blas* blas = nullptr;
  if (pays_in_blas(m) && (dots || kIsComplex<T>)) {
    blas = open_blas(ctx, where);
    if (!blas) return ctx->error.kind;
  }
  const Rows<T> rows(blas);
  if (dots) {
    rows.dot(m, x.data(), y.data());
  } else {
    std::fill(y.data(), y.data() + y.size(), T{});
    rows.add(m, x.data(), y.data());
  }
  return KJIT_OK;
}

// Bytes of rows that are still in a near cache when they are asked for again.
constexpr int64_t kBlockBytes = int64_t{128} << 10;

// y = a x and v = u a, block after block of rows, so that each element of a large matrix comes from memory once. u may
// be y. Columns of a lie together.
template <typename T>
int32_t multiply_both(kjit_ctx* ctx, const kjit_location* where, const Matrix<T>& a, const T* x, T* y, const T* u,
                      T* v) {
  const Blas* blas = nullptr;
  if (kIsComplex<T> && pays_in_blas(a)) {
    blas = open_blas(ctx, where);
    if (!blas) return ctx->error.kind;
  }
  const Rows<T> rows(blas);
  constexpr int64_t kAtOnce = 4;  // as the loops have it
  const int64_t row_bytes = std::max<int64_t>(a.columns, 1) * static_cast<int64_t>(sizeof(T));
  const int64_t count = std::max<int64_t>(kBlockBytes / row_bytes / kAtOnce, 1) * kAtOnce;
  std::fill(v, v + a.columns, T{});
  for (int64_t i = 0; i < a.rows; i += count) {
    const Matrix<T> block{a.data + i * a.row_stride, std::min(count, a.rows - i), a.columns, a.row_stride,
                          a.column_stride};
    rows.dot(block, x, y + i);
    rows.add(block, u + i, v);
  }
  return KJIT_OK;
}

}  // namespace

}  // namespace kjit::rt

using namespace kjit::rt;

extern "C" int32_t kjit_linalg_matvec(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                      const kjit_array* x, const kjit_array* y) {
  return with_element(y->dtype, [&](auto element) -> int32_t {
    using T = decltype(element);
    const Line<T> from(ctx, where, *x, false), to(ctx, where, *y, true);
    if (from.failed() || to.failed()) return KJIT_MEMORY_ERROR;
    return multiply_line(ctx, where, last_axes<T>(*a, 2), from, to);
  });
}

extern "C" int32_t kjit_linalg_matvec_both(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                           const kjit_array* x, const kjit_array* y, const kjit_array* u,
                                           const kjit_array* v) {
  return with_element(y->dtype, [&](auto element) -> int32_t {
    using T = decltype(element);
    const Matrix<T> m = last_axes<T>(*a, 2);
    const bool chained = u->data == y->data && y->shape[0] > 0;
    const Line<T> xs(ctx, where, *x, false), ys(ctx, where, *y, true), vs(ctx, where, *v, true);
    std::optional<Line<T>> apart;
    if (!chained) apart.emplace(ctx, where, *u, false);
    if (xs.failed() || ys.failed() || vs.failed() || (apart && apart->failed())) return KJIT_MEMORY_ERROR;
    const Line<T>& us = chained ? ys : *apart;
    if (m.column_stride == 1) return multiply_both(ctx, where, m, xs.data(), ys.data(), us.data(), vs.data());
    if (m.row_stride == 1 && !chained) {
      return multiply_both(ctx, where, m.transposed(), us.data(), vs.data(), xs.data(), ys.data());
    }
    const int32_t status = multiply_line(ctx, where, m, xs, ys);
    return status != KJIT_OK ? status : multiply_line(ctx, where, m.transposed(), us, vs);
  });
}
