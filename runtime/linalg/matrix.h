// Matrices as views with strides, work memory, and the walk over stacks of matrices.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "linalg/blas.h"

namespace kjit::rt {

// Sides and distances that fit the 32-bit integers of BLAS.
constexpr int64_t kLargest = INT32_MAX;

// A matrix or, with one column, a vector. Strides in elements.
template <typename T>
struct Matrix {
  T* data = nullptr;
  int64_t rows = 0, columns = 1;
  int64_t row_stride = 0, column_stride = 0;

  T& at(int64_t i, int64_t j) const { return data[i * row_stride + j * column_stride]; }
  Matrix transposed() const { return {data, columns, rows, column_stride, row_stride}; }
  bool empty() const { return rows == 0 || columns == 0; }
  // The rows lie one after the other, each without gaps, as BLAS wants columns.
  bool rows_contiguous() const {
    return (column_stride == 1 || columns <= 1) && (rows <= 1 || (row_stride >= columns && row_stride <= kLargest));
  }
  bool columns_contiguous() const { return transposed().rows_contiguous(); }
};

// Memory for one call, out of what the call may hold. Uninitialised.
template <typename T>
class Work {
 public:
  Work(kjit_ctx* ctx, const kjit_location* where, int64_t count) {
    if (count == 0) return;
    const int64_t size = sizeof(T);
    const bool fits = count >= 0 && count <= INT64_MAX / size;
    data_ = static_cast<T*>(kjit_rt_alloc(ctx, fits ? count * size : -1, 0, &owner_, where));
    failed_ = data_ == nullptr;
  }
  ~Work() { kjit_rt_release(owner_); }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  bool failed() const { return failed_; }  // KJIT_MEMORY_ERROR is set
  T* data() const { return data_; }

 private:
  void* owner_ = nullptr;
  T* data_ = nullptr;
  bool failed_ = false;
};

// to(i, j) = from(i, j), in blocks that fit the nearest cache.
template <typename T>
void copy_matrix(const Matrix<T>& from, const Matrix<T>& to) {
  constexpr int64_t kBlock = 32;
  const bool by_rows = to.column_stride == 1;
  for (int64_t i0 = 0; i0 < from.rows; i0 += kBlock) {
    for (int64_t j0 = 0; j0 < from.columns; j0 += kBlock) {
      const int64_t i1 = std::min(i0 + kBlock, from.rows), j1 = std::min(j0 + kBlock, from.columns);
      if (by_rows) {
        for (int64_t i = i0; i < i1; ++i)
          for (int64_t j = j0; j < j1; ++j) to.at(i, j) = from.at(i, j);
      } else {
        for (int64_t j = j0; j < j1; ++j)
          for (int64_t i = i0; i < i1; ++i) to.at(i, j) = from.at(i, j);
      }
    }
  }
}

// Column-major in `memory`, without gaps.
template <typename T>
Matrix<T> column_major(T* memory, int64_t rows, int64_t columns) {
  return {memory, rows, columns, 1, std::max<int64_t>(rows, 1)};
}

// The last `axes` axes (0, 1 or 2) of an array as a matrix (one axis: a column; none: one element), at data.
template <typename T>
Matrix<T> last_axes(const kjit_array& a, int axes) {
  const int64_t size = sizeof(T);
  Matrix<T> m{static_cast<T*>(a.data), 1, 1, 0, 0};
  if (axes > 0) m.rows = a.shape[a.rank - axes], m.row_stride = a.strides[a.rank - axes] / size;
  if (axes > 1) m.columns = a.shape[a.rank - 1], m.column_stride = a.strides[a.rank - 1] / size;
  return m;
}

// Runs over the matrices of a stack: the axes of `shape`, along which several arrays move by byte strides of their own.
class Stack {
 public:
  Stack(int axes, const int64_t* shape) : axes_(axes), shape_(shape) {
    for (int k = 0; k < axes; ++k) count_ *= shape[k];
  }
  int64_t count() const { return count_; }
  // The place of matrix number n of an array whose stack has the last `have` of the axes. An axis of length 1 stays.
  template <typename T>
  T* place(const kjit_array& a, int have, int64_t n, T* data) const {
    char* p = reinterpret_cast<char*>(data);
    for (int k = axes_ - 1; k >= 0; --k) {
      const int64_t index = n % shape_[k];
      n /= shape_[k];
      const int own = k - (axes_ - have);
      if (own >= 0 && a.shape[own] != 1) p += index * a.strides[own];
    }
    return reinterpret_cast<T*>(p);
  }

 private:
  int axes_;
  const int64_t* shape_;
  int64_t count_ = 1;
};

// Matrix number n of several arrays whose stacks are broadcast to one.
class At {
 public:
  At(const Stack& stack, int64_t n) : stack_(stack), n_(n) {}
  template <typename T>
  Matrix<T> matrix(const kjit_array& a, int axes = 2) const {
    Matrix<T> m = last_axes<T>(a, axes);
    m.data = stack_.place(a, a.rank - axes, n_, m.data);
    return m;
  }
  template <typename T>
  T& element(const kjit_array& a) const {
    return *matrix<T>(a, 0).data;
  }

 private:
  const Stack& stack_;
  int64_t n_;
};

// Calls f with a value of the element type of dtype.
template <typename F>
int32_t with_element(int32_t dtype, F f) {
  switch (dtype) {
    case KJIT_FLOAT32:
      return f(float{});
    case KJIT_FLOAT64:
      return f(double{});
    case KJIT_COMPLEX64:
      return f(std::complex<float>{});
    default:
      return f(std::complex<double>{});
  }
}

// What the functions on one matrix share.
struct Call {
  kjit_ctx* ctx;
  const kjit_location* where;
  const Blas& blas;

  int32_t raise(int32_t kind, const char* message) const { return kjit_rt_raise(ctx, kind, where, message); }
  template <typename T>
  Work<T> work(int64_t count) const {
    return Work<T>(ctx, where, std::max<int64_t>(count, 1));
  }
};

inline int32_t too_large(kjit_ctx* ctx, const kjit_location* where) {
  return kjit_rt_raise(ctx, KJIT_VALUE_ERROR, where,
                       "the matrix is too large for LAPACK: no side may be above 2147483647");
}

// f(call, at, T{}) for each matrix of the stack of `over`, whose own axes are the last `axes`, in the element type of
// `a`, whose sides fit LAPACK.
template <typename F>
int32_t for_each_matrix(kjit_ctx* ctx, const kjit_location* where, const kjit_array& a, const kjit_array& over,
                        int axes, F f) {
  for (int k = std::max(a.rank - 2, 0); k < a.rank; ++k) {
    if (a.shape[k] > kLargest) return too_large(ctx, where);
  }
  const Blas* blas = open_blas(ctx, where);
  if (!blas) return ctx->error.kind;
  const Call call{ctx, where, *blas};
  const Stack stack(over.rank - axes, over.shape);
  return with_element(a.dtype, [&](auto element) -> int32_t {
    for (int64_t n = 0; n < stack.count(); ++n) {
      const int32_t status = f(call, At(stack, n), element);
      if (status != KJIT_OK) return status;
    }
    return KJIT_OK;
  });
}

// The size of work memory that LAPACK has asked for, as it says it: a number of the element's type, rounded in float32.
// Above kLargest when it does not fit.
template <typename T>
int64_t asked(const T& answer) {
  const double size = static_cast<double>(std::real(answer));
  if (!(size < static_cast<double>(kLargest))) return kLargest + 1;
  const double rounding = sizeof(Real<T>) == 4 && size > 16777216.0 ? size * 1e-7 : 0.0;
  return static_cast<int64_t>(size + rounding) + 1;
}

}  // namespace kjit::rt
