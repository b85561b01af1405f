// Products of a matrix and a vector, and both products of one matrix in one pass over it.
#include <optional>

#include "linalg/line_kernels.h"
#include "linalg/matrix.h"
#include "linalg/tiles.h"

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

// Reading the matrix takes the time: some 80 bytes in a ns from near caches, 20 from memory.
constexpr double kBytesPerNs = 40;

template <typename T>
double tiles_of_line(const Matrix<T>& a) {
  const double bytes = static_cast<double>(a.rows) * static_cast<double>(a.columns) * sizeof(T);
  return tiles_for(bytes / kBytesPerNs);
}

// y = a x. On threads: parts of y.
template <typename T>
int32_t multiply_line(kjit_ctx* ctx, const kjit_location* where, const Matrix<T>& a, const Line<T>& x, const Line<T>& y,
                      bool threads) {
  const bool dots = along_rows(a);
  const Matrix<T> m = dots ? a : a.transposed();
  const Blas* blas = nullptr;
  if (pays_in_blas(m) && (dots || kIsComplex<T>)) {
    blas = open_blas(ctx, where);
    if (!blas) return ctx->error.kind;
  }
  const bool tiled = threads && !(blas && blas->own_threads);
  constexpr int64_t kLeastRows = 4, kLeastColumns = 128;  // as the loops have them; some lines of the cache
  const Cut parts = cut(y.size(), tiled ? tiles_of_line(a) : 1, dots ? kLeastRows : kLeastColumns);
  if (parts.count() < 1) return KJIT_OK;
  return on_threads(ctx, blas, parts.count(), [&](kjit_ctx*, int64_t k) -> int32_t {
    const Rows<T> rows(blas);
    T* const to = y.data() + parts.at(k);
    if (dots) {
      rows.dot({m.data + parts.at(k) * m.row_stride, parts.size(k), m.columns, m.row_stride, m.column_stride}, x.data(),
               to);
    } else {
      std::fill(to, to + parts.size(k), T{});
      rows.add({m.data + parts.at(k) * m.column_stride, m.rows, parts.size(k), m.row_stride, m.column_stride}, x.data(),
               to);
    }
    return KJIT_OK;
  });
}

// Bytes of rows that are still in a near cache when they are asked for again.
constexpr int64_t kBlockBytes = int64_t{128} << 10;

// y = a x and v += u a, block after block of rows, so that each element of a large matrix comes from memory once. u may
// be y. Columns of a lie together.
template <typename T>
void add_both(const Rows<T>& rows, const Matrix<T>& a, const T* x, T* y, const T* u, T* v) {
  constexpr int64_t kAtOnce = 4;  // as the loops have it
  const int64_t row_bytes = std::max<int64_t>(a.columns, 1) * static_cast<int64_t>(sizeof(T));
  const int64_t count = std::max<int64_t>(kBlockBytes / row_bytes / kAtOnce, 1) * kAtOnce;
  for (int64_t i = 0; i < a.rows; i += count) {
    const Matrix<T> block{a.data + i * a.row_stride, std::min(count, a.rows - i), a.columns, a.row_stride,
                          a.column_stride};
    rows.dot(block, x, y + i);
    rows.add(block, u + i, v);
  }
}

// On threads: parts of the rows, each of which adds up a v of its own, joined in order.
template <typename T>
int32_t multiply_both(kjit_ctx* ctx, const kjit_location* where, const Matrix<T>& a, const T* x, T* y, const T* u, T* v,
                      bool threads) {
  const Blas* blas = nullptr;
  if (kIsComplex<T> && pays_in_blas(a)) {
    blas = open_blas(ctx, where);
    if (!blas) return ctx->error.kind;
  }
  const bool tiled = threads && !(blas && blas->own_threads);
  constexpr int64_t kLeastRows = 64;  // so that joining costs little beside them
  const Cut parts = cut(a.rows, tiled ? tiles_of_line(a) : 1, kLeastRows);
  const int64_t joined = std::max<int64_t>(parts.count() - 1, 0);
  const Work<T> own(ctx, where, joined * a.columns);
  if (own.failed()) return KJIT_MEMORY_ERROR;
  std::fill(v, v + a.columns, T{});
  if (parts.count() < 1) return KJIT_OK;
  const int32_t status = on_threads(ctx, blas, parts.count(), [&](kjit_ctx*, int64_t k) -> int32_t {
    const int64_t i = parts.at(k);
    T* const into = k == 0 ? v : own.data() + (k - 1) * a.columns;
    if (k > 0) std::fill(into, into + a.columns, T{});
    const Matrix<T> part{a.data + i * a.row_stride, parts.size(k), a.columns, a.row_stride, a.column_stride};
    add_both(Rows<T>(blas), part, x, y + i, u + i, into);
    return KJIT_OK;
  });
  for (int64_t k = 0; k < joined; ++k)
    for (int64_t j = 0; j < a.columns; ++j) v[j] += own.data()[k * a.columns + j];
  return status;
}

}  // namespace

}  // namespace kjit::rt

using namespace kjit::rt;

extern "C" int32_t kjit_linalg_matvec(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                      const kjit_array* x, const kjit_array* y, int64_t threads) {
  return with_element(y->dtype, [&](auto element) -> int32_t {
    using T = decltype(element);
    const Line<T> from(ctx, where, *x, false), to(ctx, where, *y, true);
    if (from.failed() || to.failed()) return KJIT_MEMORY_ERROR;
    return multiply_line(ctx, where, last_axes<T>(*a, 2), from, to, threads != 0);
  });
}

extern "C" int32_t kjit_linalg_matvec_both(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a,
                                           const kjit_array* x, const kjit_array* y, const kjit_array* u,
                                           const kjit_array* v, int64_t threads) {
  return with_element(y->dtype, [&](auto element) -> int32_t {
    using T = decltype(element);
    const Matrix<T> m = last_axes<T>(*a, 2);
    const bool chained = u->data == y->data && y->shape[0] > 0;
    const Line<T> xs(ctx, where, *x, false), ys(ctx, where, *y, true), vs(ctx, where, *v, true);
    std::optional<Line<T>> apart;
    if (!chained) apart.emplace(ctx, where, *u, false);
    if (xs.failed() || ys.failed() || vs.failed() || (apart && apart->failed())) return KJIT_MEMORY_ERROR;
    const Line<T>& us = chained ? ys : *apart;
    const bool spread = threads != 0;
    if (m.column_stride == 1) return multiply_both(ctx, where, m, xs.data(), ys.data(), us.data(), vs.data(), spread);
    if (m.row_stride == 1 && !chained) {
      return multiply_both(ctx, where, m.transposed(), us.data(), vs.data(), xs.data(), ys.data(), spread);
    }
    const int32_t status = multiply_line(ctx, where, m, xs, ys, spread);
    return status != KJIT_OK ? status : multiply_line(ctx, where, m.transposed(), us, vs, spread);
  });
}
