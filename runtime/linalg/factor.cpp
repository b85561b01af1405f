// Square systems and factorisations: inv, solve, det, slogdet, cholesky, qr.
#include <cmath>

#include "linalg/matrix.h"

namespace kjit::rt {

namespace {

constexpr const char* kSingular = "Singular matrix";

template <typename T>
void set_identity(const Matrix<T>& m) {
  for (int64_t j = 0; j < m.columns; ++j)
    for (int64_t i = 0; i < m.rows; ++i) m.at(i, j) = i == j ? T{1} : T{0};
}

// x = a^-1 x in place, for column-major a (destroyed) and x.
template <typename T>
int32_t solve_in_place(const Call& call, const Matrix<T>& a, const Matrix<T>& x) {
  const int n = static_cast<int>(a.rows), columns = static_cast<int>(x.columns);
  const int leading = std::max(n, 1);
  int info = 0;
  const Work<int> pivots = call.work<int>(n);
  if (pivots.failed()) return KJIT_MEMORY_ERROR;
  {
    const Entered<T> blas(call.blas);
    blas->gesv(&n, &columns, a.data, &leading, pivots.data(), x.data, &leading, &info);
  }
  return info == 0 ? KJIT_OK : call.raise(KJIT_LINALG_ERROR, kSingular);
}

// By the LU factors' inverses, a quarter less work than solving for the identity.
template <typename T>
int32_t inv(const Call& call, const Matrix<T>& a, const Matrix<T>& inverse) {
  if (a.empty()) return KJIT_OK;
  const int n = static_cast<int>(a.rows);
  const Work<T> copy = call.work<T>(a.rows * a.rows);
  const Work<int> pivots = call.work<int>(n);
  if (copy.failed() || pivots.failed()) return KJIT_MEMORY_ERROR;
  const Matrix<T> x = column_major(copy.data(), a.rows, a.rows);
  copy_matrix(a, x);
  int info = 0;
  const auto invert = [&](T* memory, int64_t size) {
    const int length = static_cast<int>(size);
    const Entered<T> blas(call.blas);
    blas->getri(&n, x.data, &n, pivots.data(), memory, &length, &info);
  };
  {
    const Entered<T> blas(call.blas);
    blas->getrf(&n, &n, x.data, &n, pivots.data(), &info);
  }
  if (info != 0) return call.raise(KJIT_LINALG_ERROR, kSingular);
  T answer{};
  invert(&answer, -1);
  const int64_t size = asked(answer);
  if (size > kLargest) return too_large(call.ctx, call.where);
  const Work<T> memory = call.work<T>(size);
  if (memory.failed()) return KJIT_MEMORY_ERROR;
  invert(memory.data(), size);
  if (info != 0) return call.raise(KJIT_LINALG_ERROR, kSingular);
  std::for_each(x.data, x.data + a.rows * a.rows,
                [](T& e) { e += T{0}; });  // no zeros with a sign where NumPy has none
  copy_matrix(x, inverse);
  return KJIT_OK;
}

template <typename T>
int32_t solve(const Call& call, const Matrix<T>& a, const Matrix<T>& b, const Matrix<T>& x) {
  if (b.columns > kLargest) return too_large(call.ctx, call.where);
  if (x.empty() && a.empty()) return KJIT_OK;
  const Work<T> copy = call.work<T>(a.rows * a.rows), right = call.work<T>(b.rows * b.columns);
  if (copy.failed() || right.failed()) return KJIT_MEMORY_ERROR;
  const Matrix<T> m = column_major(copy.data(), a.rows, a.rows), y = column_major(right.data(), b.rows, b.columns);
  copy_matrix(a, m);
  copy_matrix(b, y);
  const int32_t status = solve_in_place(call, m, y);
  if (status == KJIT_OK) copy_matrix(y, x);
  return status;
}

template <typename T>
struct Determinant {
  T sign;
  Real<T> logarithm;
};

// By the diagonal of the LU factors, in logarithms: as NumPy does, so that no partial product overflows.
template <typename T>
int32_t determinant(const Call& call, const Matrix<T>& a, Determinant<T>& out) {
  out = {T{1}, 0};
  if (a.empty()) return KJIT_OK;
  const Work<T> copy = call.work<T>(a.rows * a.rows);
  const Work<int> pivots = call.work<int>(a.rows);
  if (copy.failed() || pivots.failed()) return KJIT_MEMORY_ERROR;
  const Matrix<T> lu = column_major(copy.data(), a.rows, a.rows);
  copy_matrix(a, lu);
  const int n = static_cast<int>(a.rows);
  int info = 0;
  {
    const Entered<T> blas(call.blas);
    blas->getrf(&n, &n, lu.data, &n, pivots.data(), &info);
  }
  if (info > 0) {
    out = {T{0}, -std::numeric_limits<Real<T>>::infinity()};
    return KJIT_OK;
  }
  for (int i = 0; i < n; ++i) {
    const T element = lu.at(i, i);
    const Real<T> size = std::abs(element);
    if (pivots.data()[i] != i + 1) out.sign = -out.sign;
    if constexpr (kIsComplex<T>) {
      out.sign *= element / size;
    } else if (element < 0) {
      out.sign = -out.sign;
    }
    out.logarithm += std::log(size);
  }
  return KJIT_OK;
}

template <typename T>
int32_t cholesky(const Call& call, const Matrix<T>& a, const Matrix<T>& factor, bool upper) {
  if (a.empty()) return KJIT_OK;
  const Work<T> copy = call.work<T>(a.rows * a.rows);
  if (copy.failed()) return KJIT_MEMORY_ERROR;
  const Matrix<T> c = column_major(copy.data(), a.rows, a.rows);
  copy_matrix(a, c);
  const int n = static_cast<int>(a.rows);
  int info = 0;
  {
    const Entered<T> blas(call.blas);
    blas->potrf(upper ? "U" : "L", &n, c.data, &n, &info, 1);
  }
  if (info != 0) return call.raise(KJIT_LINALG_ERROR, "Matrix is not positive definite");
  for (int64_t j = 0; j < n; ++j) {
    const int64_t first = upper ? j + 1 : 0, last = upper ? n : j;
    std::fill(&c.at(first, j), &c.at(first, j) + (last - first), T{});
  }
  copy_matrix(c, factor);
  return KJIT_OK;
}

// The columns of q from the reflectors in its first k columns.
template <typename T>
int32_t make_q(const Call& call, const Matrix<T>& q, int64_t k, const T* tau) {
  const int m = static_cast<int>(q.rows), n = static_cast<int>(q.columns), reflectors = static_cast<int>(k);
  const auto run = [&](T* memory, int64_t size) {
    const int length = static_cast<int>(size);
    int info = 0;
    const Entered<T> blas(call.blas);
    if constexpr (kIsComplex<T>) {
      blas->ungqr(&m, &n, &reflectors, q.data, &m, tau, memory, &length, &info);
    } else {
      blas->orgqr(&m, &n, &reflectors, q.data, &m, tau, memory, &length, &info);
    }
    return info;
  };
  T answer{};
  if (run(&answer, -1) != 0) return call.raise(KJIT_LINALG_ERROR, "QR factorization failed");
  const int64_t size = asked(answer);
  if (size > kLargest) return too_large(call.ctx, call.where);
  const Work<T> memory = call.work<T>(size);
  if (memory.failed()) return KJIT_MEMORY_ERROR;
  return run(memory.data(), size) == 0 ? KJIT_OK : call.raise(KJIT_LINALG_ERROR, "QR factorization failed");
}

// Column-major a becomes its QR factors as LAPACK keeps them.
template <typename T>
int32_t factor_qr(const Call& call, const Matrix<T>& a, T* tau) {
  const int m = static_cast<int>(a.rows), n = static_cast<int>(a.columns);
  const auto run = [&](T* memory, int64_t size) {
    const int length = static_cast<int>(size);
    int info = 0;
    const Entered<T> blas(call.blas);
    blas->geqrf(&m, &n, a.data, &m, tau, memory, &length, &info);
    return info;
  };
  T answer{};
  if (run(&answer, -1) != 0) return call.raise(KJIT_LINALG_ERROR, "QR factorization failed");
  const int64_t size = asked(answer);
  if (size > kLargest) return too_large(call.ctx, call.where);
  const Work<T> memory = call.work<T>(size);
  if (memory.failed()) return KJIT_MEMORY_ERROR;
  return run(memory.data(), size) == 0 ? KJIT_OK : call.raise(KJIT_LINALG_ERROR, "QR factorization failed");
}

template <typename T>
int32_t qr(const Call& call, const Matrix<T>& a, const Matrix<T>& q, const Matrix<T>& r) {
  if (a.empty()) {
    set_identity(q);
    return KJIT_OK;
  }
  const int64_t k = std::min(a.rows, a.columns), width = std::max(q.columns, a.columns);
  const Work<T> memory = call.work<T>(a.rows * width), tau = call.work<T>(k);
  if (memory.failed() || tau.failed()) return KJIT_MEMORY_ERROR;
  const Matrix<T> factors = column_major(memory.data(), a.rows, a.columns);
  copy_matrix(a, factors);
  int32_t status = factor_qr(call, factors, tau.data());
  if (status != KJIT_OK) return status;
  for (int64_t i = 0; i < r.rows; ++i)
    for (int64_t j = 0; j < r.columns; ++j) r.at(i, j) = i <= j ? factors.at(i, j) : T{};
  if (q.columns == 0) return KJIT_OK;
  const Matrix<T> columns = column_major(memory.data(), a.rows, q.columns);
  status = make_q(call, columns, k, tau.data());
  if (status == KJIT_OK) copy_matrix(columns, q);
  return status;
}

}  // namespace

}  // namespace kjit::rt

using kjit::rt::At;
using kjit::rt::Call;
using kjit::rt::Determinant;
using kjit::rt::for_each_matrix;

extern "C" {

int32_t kjit_linalg_inv(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* inverse) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    return kjit::rt::inv(call, at.matrix<T>(*a), at.matrix<T>(*inverse));
  });
}

int32_t kjit_linalg_solve(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* b,
                          const kjit_array* x) {
  const int axes = b->rank == 1 ? 1 : 2;
  return for_each_matrix(ctx, where, *a, *x, axes, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    return kjit::rt::solve(call, at.matrix<T>(*a), at.matrix<T>(*b, axes), at.matrix<T>(*x, axes));
  });
}

int32_t kjit_linalg_det(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* det) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    Determinant<T> d;
    const int32_t status = kjit::rt::determinant(call, at.matrix<T>(*a), d);
    if (status == KJIT_OK) at.element<T>(*det) = d.sign * T(std::exp(d.logarithm));
    return status;
  });
}

int32_t kjit_linalg_slogdet(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* sign,
                            const kjit_array* logdet) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    Determinant<T> d;
    const int32_t status = kjit::rt::determinant(call, at.matrix<T>(*a), d);
    if (status != KJIT_OK) return status;
    at.element<T>(*sign) = d.sign;
    at.element<kjit::rt::Real<T>>(*logdet) = d.logarithm;
    return status;
  });
}

int32_t kjit_linalg_cholesky(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* factor,
                             int64_t upper) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    return kjit::rt::cholesky(call, at.matrix<T>(*a), at.matrix<T>(*factor), upper != 0);
  });
}

int32_t kjit_linalg_qr(kjit_ctx* ctx, const kjit_location* where, const kjit_array* a, const kjit_array* q,
                       const kjit_array* r) {
  return for_each_matrix(ctx, where, *a, *a, 2, [&](const Call& call, const At& at, auto e) {
    using T = decltype(e);
    return kjit::rt::qr(call, at.matrix<T>(*a), at.matrix<T>(*q), at.matrix<T>(*r));
  });
}

}  // extern "C"
