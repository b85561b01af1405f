// Singular values, least squares and eigenvalues.
#include <cmath>

#include "linalg/matrix.h"

namespace kjit::rt {

namespace {

template <typename T>
void copy_line(const T* from, const Matrix<T>& to) {
  for (int64_t i = 0; i < to.rows; ++i) to.at(i, 0) = from[i];
}

// --- singular values

template <typename T>
struct Svd {
  const char* job;
  Matrix<T> a, u, vt;  // column-major; a is destroyed
  Real<T>* s;
};

template <typename T>
int32_t run_svd(const Call& call, const Svd<T>& p) {
  const int m = static_cast<int>(p.a.rows), n = static_cast<int>(p.a.columns), k = std::min(m, n);
  const int u_leading = static_cast<int>(std::max<int64_t>(p.u.rows, 1));
  const int vt_leading = static_cast<int>(std::max<int64_t>(p.vt.rows, 1));
  const Work<int> integers = call.work<int>(int64_t{8} * k);
  const int64_t wide = std::max(m, n), narrow = k;
  const Work<Real<T>> reals =
      call.work<Real<T>>(kIsComplex<T> ? narrow * std::max(5 * narrow + 7, 2 * wide + 2 * narrow + 1) : 1);
  if (integers.failed() || reals.failed()) return KJIT_MEMORY_ERROR;
  const auto run = [&](T* memory, int64_t size) {
    const int length = static_cast<int>(size);
    int info = 0;
    const Entered<T> blas(call.blas);
    if constexpr (kIsComplex<T>) {
      blas->gesdd(p.job, &m, &n, p.a.data, &m, p.s, p.u.data, &u_leading, p.vt.data, &vt_leading, memory, &length,
                  reals.data(), integers.data(), &info, 1);
    } else {
      blas->gesdd(p.job, &m, &n, p.a.data, &m, p.s, p.u.data, &u_leading, p.vt.data, &vt_leading, memory, &length,
                  integers.data(), &info, 1);
    }
    return info;
  };
  T answer{};
  if (run(&answer, -1) != 0) return call.raise(KJIT_LINALG_ERROR, "SVD did not converge");
  const int64_t size = asked(answer);
  if (size > kLargest) return too_large(call.ctx, call.where);
  const Work<T> memory = call.work<T>(size);
  if (memory.failed()) return KJIT_MEMORY_ERROR;
  return run(memory.data(), size) == 0 ? KJIT_OK : call.raise(KJIT_LINALG_ERROR, "SVD did not converge");
}

// u and vt may be null: values only.
template <typename T>
int32_t svd(const Call& call, const Matrix<T>& a, const Matrix<T>* u, const Matrix<Real<T>>& s, const Matrix<T>* vt) {
  const int64_t k = std::min(a.rows, a.columns);
  const Work<T> copy = call.work<T>(a.rows * a.columns);
  const Work<T> left = call.work<T>(u ? u->rows * u->columns : 1),
                right = call.work<T>(vt ? vt->rows * vt->columns : 1);
  const Work<Real<T>> values = call.work<Real<T>>(k);
  if (copy.failed() || left.failed() || right.failed() || values.failed()) return KJIT_MEMORY_ERROR;
  Svd<T> p{"N", column_major(copy.data(), a.rows, a.columns), {}, {}, values.data()};
  if (u && vt) {
    p.job = u->columns == a.rows && vt->rows == a.columns ? "A" : "S";
    p.u = column_major(left.data(), u->rows, u->columns), p.vt = column_major(right.data(), vt->rows, vt->columns);
  } else {
    p.u.data = left.data(), p.vt.data = right.data();
  }
  if (k > 0) {
    copy_matrix(a, p.a);
    const int32_t status = run_svd(call, p);
    if (status != KJIT_OK) return status;
  } else {
    for (const Matrix<T>* x : {&p.u, &p.vt})
      for (int64_t j = 0; x->data && j < x->columns; ++j)
        for (int64_t i = 0; i < x->rows; ++i) x->at(i, j) = i == j ? T{1} : T{};
  }
  if (u && vt) {
    copy_matrix(p.u, *u);
    copy_matrix(p.vt, *vt);
  }
  copy_line(values.data(), s);
  return KJIT_OK;
}

// --- least squares

template <typename T>
struct LeastSquares {
  Matrix<T> a, b;  // column-major, b with max(m, n) rows; both are destroyed, b by the solution
  Real<T>* s;
  Real<T> rcond;
  int rank = 0;
};

template <typename T>
int32_t run_least_squares(const Call& call, LeastSquares<T>& p) {
  const int m = static_cast<int>(p.a.rows), n = static_cast<int>(p.a.columns), columns = static_cast<int>(p.b.columns);
  const int leading = static_cast<int>(p.b.rows);
  const auto run = [&](T* memory, int64_t size, Real<T>* reals, int* integers) {
    const int length = static_cast<int>(size);
    int info = 0;
    const Entered<T> blas(call.blas);
    if constexpr (kIsComplex<T>) {
      blas->gelsd(&m, &n, &columns, p.a.data, &m, p.b.data, &leading, p.s, &p.rcond, &p.rank, memory, &length, reals,
                  integers, &info);
    } else {
      blas->gelsd(&m, &n, &columns, p.a.data, &m, p.b.data, &leading, p.s, &p.rcond, &p.rank, memory, &length, integers,
                  &info);
    }
    return info;
  };
  T answer{};
  Real<T> reals_asked{};
  int integers_asked = 0;
  constexpr const char* kFailed = "SVD did not converge in Linear Least Squares";
  if (run(&answer, -1, &reals_asked, &integers_asked) != 0) return call.raise(KJIT_LINALG_ERROR, kFailed);
  const int64_t size = asked(answer), reals_size = asked(reals_asked);
  if (size > kLargest || reals_size > kLargest) return too_large(call.ctx, call.where);
  const Work<T> memory = call.work<T>(size);
  const Work<Real<T>> reals = call.work<Real<T>>(reals_size);
  const Work<int> integers = call.work<int>(integers_asked);
  if (memory.failed() || reals.failed() || integers.failed()) return KJIT_MEMORY_ERROR;
  const int info = run(memory.data(), size, reals.data(), integers.data());
  return info == 0 ? KJIT_OK : call.raise(KJIT_LINALG_ERROR, kFailed);
}

template <typename T>
struct LeastSquaresResult {
  Matrix<T> x;
  Matrix<Real<T>> residuals, s;
  int64_t& rank;
};

template <typename T>
int32_t least_squares(const Call& call, const Matrix<T>& a, const Matrix<T>& b, double rcond,
                      const LeastSquaresResult<T>& out) {
  if (b.columns > kLargest) return too_large(call.ctx, call.where);
  const int64_t tall = std::max<int64_t>({a.rows, a.columns, 1}), columns = std::max<int64_t>(b.columns, 1);
  const int64_t k = std::min(a.rows, a.columns);
  const Work<T> copy = call.work<T>(a.rows * a.columns), right = call.work<T>(tall * columns);
  const Work<Real<T>> values = call.work<Real<T>>(k);
  if (copy.failed() || right.failed() || values.failed()) return KJIT_MEMORY_ERROR;
  LeastSquares<T> p{column_major(copy.data(), a.rows, a.columns), column_major(right.data(), tall, columns),
                    values.data(), static_cast<Real<T>>(rcond)};
  std::fill(p.b.data, p.b.data + tall * columns, T{});
  copy_matrix(a, p.a);
  copy_matrix(b, {p.b.data, b.rows, b.columns, 1, tall});
  if (k > 0) {
    const int32_t status = run_least_squares(call, p);
    if (status != KJIT_OK) return status;
  } else {
    std::fill(p.b.data, p.b.data + tall * columns, T{});
  }
  copy_matrix({p.b.data, out.x.rows, out.x.columns, 1, tall}, out.x);
  copy_line(values.data(), out.s);
  out.rank = p.rank;
  for (int64_t j = 0; p.rank == a.columns && a.rows > a.columns && j < b.columns; ++j) {
    Real<T> sum = 0;
    for (int64_t i = a.columns; i < a.rows; ++i) sum += std::norm(p.b.at(i, j));
    out.residuals.at(j, 0) = sum;
  }
  return KJIT_OK;
}

// --- eigenvalues

// Column-major a becomes its eigenvectors where `vectors`.
template <typename T>
int32_t run_eigh(const Call& call, const Matrix<T>& a, Real<T>* w, bool vectors, bool upper) {
  const int n = static_cast<int>(a.rows);
  const char* job = vectors ? "V" : "N";
  const char* triangle = upper ? "U" : "L";
  const auto run = [&](T* memory, int64_t size, Real<T>* reals, int64_t reals_size, int* integers, int integers_size) {
    const int length = static_cast<int>(size), reals_length = static_cast<int>(reals_size);
    int info = 0;
    const Entered<T> blas(call.blas);
    if constexpr (kIsComplex<T>) {
      blas->heevd(job, triangle, &n, a.data, &n, w, memory, &length, reals, &reals_length, integers, &integers_size,
                  &info, 1, 1);
    } else {
      blas->syevd(job, triangle, &n, a.data, &n, w, memory, &length, integers, &integers_size, &info, 1, 1);
    }
    return info;
  };
  T answer{};
  Real<T> reals_asked{};
  int integers_asked = 0;
  constexpr const char* kFailed = "Eigenvalues did not converge";
  if (run(&answer, -1, &reals_asked, -1, &integers_asked, -1) != 0) return call.raise(KJIT_LINALG_ERROR, kFailed);
  const int64_t size = asked(answer), reals_size = asked(reals_asked);
  if (size > kLargest || reals_size > kLargest) return too_large(call.ctx, call.where);
  const Work<T> memory = call.work<T>(size);
  const Work<Real<T>> reals = call.work<Real<T>>(reals_size);
  const Work<int> integers = call.work<int>(integers_asked);
  if (memory.failed() || reals.failed() || integers.failed()) return KJIT_MEMORY_ERROR;
  const int info = run(memory.data(), size, reals.data(), reals_size, integers.data(), std::max(integers_asked, 1));
  return info == 0 ? KJIT_OK : call.raise(KJIT_LINALG_ERROR, kFailed);
}

template <typename T>
int32_t eigh(const Call& call, const Matrix<T>& a, const Matrix<Real<T>>& w, const Matrix<T>* v, bool upper) {
  if (a.empty()) return KJIT_OK;
  const Work<T> copy = call.work<T>(a.rows * a.rows);
  const Work<Real<T>> values = call.work<Real<T>>(a.rows);
  if (copy.failed() || values.failed()) return KJIT_MEMORY_ERROR;
  const Matrix<T> m = column_major(copy.data(), a.rows, a.rows);
  copy_matrix(a, m);
  const int32_t status = run_eigh(call, m, values.data(), v != nullptr, upper);
  if (status != KJIT_OK) return status;
  if (v) copy_matrix(m, *v);
  copy_line(values.data(), w);
  return KJIT_OK;
}

template <typename T>
bool is_finite(const Matrix<T>& a) {
  for (int64_t i = 0; i < a.rows; ++i)
    for (int64_t j = 0; j < a.columns; ++j)
      if (!std::isfinite(std::real(a.at(i, j))) || !std::isfinite(std::imag(a.at(i, j)))) return false;
  return true;
}

// Column-major a is destroyed. `reals`: of a real matrix the imaginary parts, of a complex one work memory.
template <typename T>
int32_t run_eig(const Call& call, const Matrix<T>& a, T* w, Real<T>* reals, const Matrix<T>& v, bool vectors) {
  const int n = static_cast<int>(a.rows), one = 1;
  const char* job = vectors ? "V" : "N";
  const auto run = [&](T* memory, int64_t size) {
    const int length = static_cast<int>(size);
    int info = 0;
    T left{};
    const Entered<T> blas(call.blas);
    if constexpr (kIsComplex<T>) {
      blas->geev("N", job, &n, a.data, &n, w, &left, &one, v.data, &n, memory, &length, reals, &info, 1, 1);
    } else {
      blas->geev("N", job, &n, a.data, &n, w, reals, &left, &one, v.data, &n, memory, &length, &info, 1, 1);
    }
    return info;
  };
  T answer{};
  constexpr const char* kFailed = "Eigenvalues did not converge";
  if (run(&answer, -1) != 0) return call.raise(KJIT_LINALG_ERROR, kFailed);
  const int64_t size = asked(answer);
  if (size > kLargest) return too_large(call.ctx, call.where);
  const Work<T> memory = call.work<T>(size);
  if (memory.failed()) return KJIT_MEMORY_ERROR;
  return run(memory.data(), size) == 0 ? KJIT_OK : call.raise(KJIT_LINALG_ERROR, kFailed);
}

template <typename T>
int32_t eig(const Call& call, const Matrix<T>& a, const Matrix<T>& w, const Matrix<T>* v) {
  if (a.empty()) return KJIT_OK;
  if (!is_finite(a)) return call.raise(KJIT_LINALG_ERROR, "Array must not contain infs or NaNs");
  const int64_t n = a.rows;
  const Work<T> copy = call.work<T>(n * n), values = call.work<T>(n), vectors = call.work<T>(v ? n * n : 1);
  const Work<Real<T>> reals = call.work<Real<T>>(2 * n);
  if (copy.failed() || values.failed() || vectors.failed() || reals.failed()) return KJIT_MEMORY_ERROR;
  const Matrix<T> m = column_major(copy.data(), n, n), found = column_major(vectors.data(), n, n);
  copy_matrix(a, m);
  const int32_t status = run_eig(call, m, values.data(), reals.data(), found, v != nullptr);
  if (status != KJIT_OK) return status;
  for (int64_t i = 0; !kIsComplex<T> && i < n; ++i) {
    if (reals.data()[i] != 0) {
      return call.raise(KJIT_VALUE_ERROR,
                        "the eigenvalues of this real matrix are complex: convert it to a complex type first");
    }
  }
  if (v) copy_matrix(found, *v);
  copy_line(values.data(), w);
  return KJIT_OK;
}

}  // namespace

}  // namespace kjit::rt

using kjit::rt::At;
using kjit::rt::Call;
using kjit::rt::for_each_matrix;
using kjit::rt::Matrix;
using kjit::rt::Real;

extern "C" {

int32_t kjit_linalg_svd(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* u,
                        const kjit_array* s, const kjit_array* vt) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    const Matrix<T> left = at.matrix<T>(*u), right = at.matrix<T>(*vt);
    return kjit::rt::svd(call, at.matrix<T>(*a), &left, at.matrix<Real<T>>(*s, 1), &right);
  });
}

int32_t kjit_linalg_svdvals(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* s) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    const Matrix<T>* none = nullptr;
    return kjit::rt::svd(call, at.matrix<T>(*a), none, at.matrix<Real<T>>(*s, 1), none);
  });
}

int32_t kjit_linalg_lstsq(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* b,
                          const kjit_array* x, const kjit_array* residuals, const kjit_array* rank, const kjit_array* s,
                          double rcond) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    const kjit::rt::LeastSquaresResult<T> out{at.matrix<T>(*x), at.matrix<Real<T>>(*residuals, 1),
                                              at.matrix<Real<T>>(*s, 1), at.element<int64_t>(*rank)};
    return kjit::rt::least_squares(call, at.matrix<T>(*a), at.matrix<T>(*b), rcond, out);
  });
}

int32_t kjit_linalg_eigh(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* w,
                         const kjit_array* v, int64_t upper) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    const Matrix<T> vectors = at.matrix<T>(*v);
    return kjit::rt::eigh(call, at.matrix<T>(*a), at.matrix<Real<T>>(*w, 1), &vectors, upper != 0);
  });
}

int32_t kjit_linalg_eigvalsh(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* w,
                             int64_t upper) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    const Matrix<T>* none = nullptr;
    return kjit::rt::eigh(call, at.matrix<T>(*a), at.matrix<Real<T>>(*w, 1), none, upper != 0);
  });
}

int32_t kjit_linalg_eig(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* w,
                        const kjit_array* v) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    const Matrix<T> vectors = at.matrix<T>(*v);
    return kjit::rt::eig(call, at.matrix<T>(*a), at.matrix<T>(*w, 1), &vectors);
  });
}

int32_t kjit_linalg_eigvals(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* w) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    const Matrix<T>* none = nullptr;
    return kjit::rt::eig(call, at.matrix<T>(*a), at.matrix<T>(*w, 1), none);
  });
}

}  // extern "C"
