// Products, solutions and factors from many threads, with the host's own BLAS, without memory, without a library.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <kjit_rt/core.h>
#include <kjit_rt/linalg.h>
#include <kjit_rt/parallel.h>

#include <array>
#include <cmath>
#include <complex>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace {

constexpr const char* kDebian = "/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0";
constexpr const char* kSerial = "/usr/lib/x86_64-linux-gnu/openblas-serial/libopenblas.so.0";

struct Context : kjit_ctx {
  Context() : kjit_ctx{} { kjit_ctx_init(this); }
  ~Context() { kjit_ctx_destroy(this); }
  Context(const Context&) = delete;
};

template <typename T>
constexpr int32_t kDtype = KJIT_FLOAT64;
template <>
constexpr int32_t kDtype<std::complex<double>> = KJIT_COMPLEX128;

// A row-major matrix or, of no axes, a number.
template <typename T = double>
struct Matrix {
  Matrix(int64_t rows, int64_t columns)
      : shape{rows, columns}, strides{columns * int64_t{sizeof(T)}, int64_t{sizeof(T)}} {
    elements.resize(static_cast<size_t>(rows * columns));
  }
  T& at(int64_t i, int64_t j) { return elements[static_cast<size_t>(i * shape[1] + j)]; }
  kjit_array array(int rank = 2) { return {elements.data(), shape.data(), strides.data(), kDtype<T>, rank}; }
  std::array<int64_t, 2> shape, strides;
  std::vector<T> elements;
};

Matrix<> numbers(int64_t n, int seed) {
  Matrix<> m(n, n);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j) m.at(i, j) = double((i * 31 + j * 17 + seed) % 13) - 6 + (i == j ? 40 : 0);
  return m;
}

std::vector<double> product_by_loops(Matrix<>& a, Matrix<>& b) {
  const int64_t n = a.shape[0];
  Matrix<> c(n, n);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t k = 0; k < n; ++k)
      for (int64_t j = 0; j < n; ++j) c.at(i, j) += a.at(i, k) * b.at(k, j);
  return c.elements;
}

bool has_library() {
  Context ctx;
  Matrix<> a = numbers(4, 1), c(4, 4);
  const kjit_array x = a.array(), z = c.array();
  return kjit_linalg_matmul(&ctx, nullptr, &x, &x, &z, 0) == KJIT_OK;
}

#define NEEDS_LIBRARY() \
  if (!has_library()) GTEST_SKIP() << "no OpenBLAS here"

TEST(Linalg, ProductIsExactForIntegersInEveryOrderOfMemory) {
  NEEDS_LIBRARY();
  Context ctx;
  const int64_t n = 37;
  Matrix<> a = numbers(n, 1), b = numbers(n, 5), c(n, n), at(n, n);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j) at.at(j, i) = a.at(i, j);
  const kjit_array y = b.array(), z = c.array();
  std::swap(at.strides[0], at.strides[1]);
  for (Matrix<>* m : {&a, &at}) {
    const kjit_array x = m->array();
    ASSERT_EQ(kjit_linalg_matmul(&ctx, nullptr, &x, &y, &z, 0), KJIT_OK) << ctx.error.message;
    EXPECT_EQ(c.elements, product_by_loops(a, b));
  }
}

template <typename T>
void expect_product_with_own_transpose(int64_t m, int64_t k, int64_t threads) {
  Context ctx;
  Matrix<T> a(m, k), c(m, m), d(k, k);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < k; ++j) a.at(i, j) = T(double((i * 31 + j * 17) % 13) - 6);
  if constexpr (!std::is_same_v<T, double>)
    for (T& e : a.elements) e += T(0, e.real() + 2);  // products are not conjugated
  Matrix<T> turned = a;
  std::swap(turned.shape[0], turned.shape[1]);
  std::swap(turned.strides[0], turned.strides[1]);
  kjit_array x = a.array(), y = turned.array(), outer = c.array(), inner = d.array();
  y.data = x.data;
  ASSERT_EQ(kjit_linalg_matmul(&ctx, nullptr, &x, &y, &outer, threads), KJIT_OK) << ctx.error.message;
  ASSERT_EQ(kjit_linalg_matmul(&ctx, nullptr, &y, &x, &inner, threads), KJIT_OK) << ctx.error.message;
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < m; ++j) {
      T sum{};
      for (int64_t q = 0; q < k; ++q) sum += a.at(i, q) * a.at(j, q);
      ASSERT_EQ(c.at(i, j), sum) << i << " " << j;
    }
  for (int64_t i = 0; i < k; ++i)
    for (int64_t j = 0; j < k; ++j) {
      T sum{};
      for (int64_t q = 0; q < m; ++q) sum += a.at(q, i) * a.at(q, j);
      ASSERT_EQ(d.at(i, j), sum) << i << " " << j;
    }
}

TEST(Linalg, ProductWithItsOwnTransposeIsExactForIntegersOnBothSides) {
  NEEDS_LIBRARY();
  for (const int64_t m : {31, 32, 33, 70}) {
    for (const int64_t k : {1, 32, 45}) {
      expect_product_with_own_transpose<double>(m, k, 0);
      expect_product_with_own_transpose<std::complex<double>>(m, k, 0);
    }
  }
  expect_product_with_own_transpose<double>(430, 120, 1);
  expect_product_with_own_transpose<std::complex<double>>(90, 310, 1);
}

// A matrix whose rows lie together, or whose columns do.
template <typename T>
kjit_array filled(Matrix<T>& m, bool columns) {
  for (int64_t i = 0; i < m.shape[0]; ++i)
    for (int64_t j = 0; j < m.shape[1]; ++j) {
      const int64_t place = columns ? j * m.shape[0] + i : i * m.shape[1] + j;
      m.elements[size_t(place)] = T(double((i * 31 + j * 17) % 13) - 6);
    }
  if (columns) m.strides = {int64_t{sizeof(T)}, m.shape[0] * int64_t{sizeof(T)}};
  return m.array();
}

template <typename T>
void expect_product_in_tiles(int64_t m, int64_t n, int64_t k) {
  Context ctx;
  Matrix<T> want(m, n);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t q = 0; q < k; ++q)
      for (int64_t j = 0; j < n; ++j)
        want.at(i, j) += T(double((i * 31 + q * 17) % 13) - 6) * T(double((q * 31 + j * 17) % 13) - 6);
  for (int order = 0; order < 8; ++order) {
    Matrix<T> a(m, k), b(k, n), c(m, n);
    const kjit_array x = filled(a, order & 1), y = filled(b, order & 2), z = filled(c, order & 4);
    ASSERT_EQ(kjit_linalg_matmul(&ctx, nullptr, &x, &y, &z, 1), KJIT_OK) << ctx.error.message;
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j)
        ASSERT_EQ(c.elements[size_t(order & 4 ? j * m + i : i * n + j)], want.at(i, j)) << i << " " << j;
  }
}

TEST(Linalg, ProductInTilesIsExactForIntegersInEveryOrderOfMemory) {
  NEEDS_LIBRARY();
  for (int32_t threads : {1, 3}) {
    kjit_threads_launch(threads);
    for (const auto& [m, n, k] : {std::tuple{310, 301, 90}, {3000, 30, 70}, {20, 4000, 60}, {97, 200, 900}}) {
      expect_product_in_tiles<double>(m, n, k);
      expect_product_in_tiles<std::complex<double>>(m, n, k / 4);
    }
  }
  kjit_threads_launch(0);
}

// A line of numbers with a step, in memory of its own.
template <typename T>
struct Numbers {
  Numbers(int64_t n, int64_t step, int seed)
      : length(n), stride(step * int64_t{sizeof(T)}), elements(size_t(3 * n + 1)) {
    for (int64_t i = 0; i < n; ++i) at(i) = T(double((i * 7 + seed) % 11) - 5);
  }
  T* first() { return elements.data() + (stride < 0 ? elements.size() - 1 : 0); }
  T& at(int64_t i) { return first()[i * (stride / int64_t{sizeof(T)})]; }
  kjit_array array() { return {first(), &length, &stride, kDtype<T>, 1}; }
  int64_t length, stride;
  std::vector<T> elements;
};

template <typename T>
void expect_lines(int64_t m, int64_t n, int64_t step, bool turned, int64_t threads = 0) {
  Context ctx;
  Matrix<T> memory(turned ? n : m, turned ? m : n);
  for (size_t i = 0; i < memory.elements.size(); ++i) memory.elements[i] = T(double(i * 31 % 13) - 6);
  if (turned) std::swap(memory.shape[0], memory.shape[1]), std::swap(memory.strides[0], memory.strides[1]);
  const auto element = [&](int64_t i, int64_t k) {
    return turned ? memory.elements[size_t(k * m + i)] : memory.elements[size_t(i * n + k)];
  };
  Numbers<T> x(n, step, 1), y(m, step, 2), u(m, step, 3), v(n, step, 4), line(m, step, 5);
  const kjit_array a = memory.array(), xs = x.array(), ys = y.array(), us = u.array(), vs = v.array(),
                   ls = line.array();
  const auto dot = [&](int64_t i) {
    T sum{};
    for (int64_t k = 0; k < n; ++k) sum += element(i, k) * x.at(k);
    return sum;
  };
  const auto column = [&](int64_t k, Numbers<T>& left) {
    T sum{};
    for (int64_t i = 0; i < m; ++i) sum += left.at(i) * element(i, k);
    return sum;
  };
  ASSERT_EQ(kjit_linalg_matvec(&ctx, nullptr, &a, &xs, &ls, threads), KJIT_OK) << ctx.error.message;
  ASSERT_EQ(kjit_linalg_matvec_both(&ctx, nullptr, &a, &xs, &ys, &us, &vs, threads), KJIT_OK) << ctx.error.message;
  for (int64_t i = 0; i < m; ++i) ASSERT_TRUE(line.at(i) == dot(i) && y.at(i) == dot(i)) << i;
  for (int64_t k = 0; k < n; ++k) ASSERT_EQ(v.at(k), column(k, u)) << k;
  ASSERT_EQ(kjit_linalg_matvec_both(&ctx, nullptr, &a, &xs, &ys, &ys, &vs, threads), KJIT_OK) << ctx.error.message;
  for (int64_t i = 0; i < m; ++i) ASSERT_EQ(y.at(i), dot(i)) << i;
  for (int64_t k = 0; k < n; ++k) ASSERT_EQ(v.at(k), column(k, y)) << k;
}

TEST(Linalg, MatrixTimesVectorsIsExactForIntegersInEveryOrderOfMemory) {
  NEEDS_LIBRARY();
  for (const auto& [m, n] : {std::pair{1, 1}, {7, 5}, {3, 40}, {41, 2}, {0, 3}, {3, 0}, {203, 300}, {9, 7000}}) {
    for (const int64_t step : {1, 3, -2}) {
      for (const bool turned : {false, true}) {
        expect_lines<double>(m, n, step, turned);
        expect_lines<std::complex<double>>(m, n, step, turned);
      }
    }
  }
  for (const auto& [m, n] : {std::pair{700, 600}, {90'000, 5}, {7, 40'000}, {0, 3}, {3, 0}}) {
    for (const bool turned : {false, true}) {
      expect_lines<double>(m, n, 1, turned, 1);
      expect_lines<std::complex<double>>(m, n, -2, turned, 1);
    }
  }
}

// Sums round, so that other tiles would give other bits.
TEST(Linalg, TilesDoNotDependOnTheNumberOfThreads) {
  NEEDS_LIBRARY();
  Context ctx;
  Matrix<> a(420, 380), b(380, 450), c(420, 450), square(420, 420), y(1, 420), v(1, 380), big(900, 700);
  for (Matrix<>* m : {&a, &b, &big})
    for (size_t i = 0; i < m->elements.size(); ++i) m->elements[i] = std::sin(double(i) * 0.7);
  Matrix<> turned = a;
  std::swap(turned.shape[0], turned.shape[1]), std::swap(turned.strides[0], turned.strides[1]);
  Numbers<double> x(700, 1, 3), u(900, 1, 4), left(900, 1, 0), right(700, 1, 0);
  const kjit_array pa = a.array(), pb = b.array(), pc = c.array(), ps = square.array(), pm = big.array(),
                   xs = x.array(), us = u.array(), ls = left.array(), rs = right.array();
  kjit_array pt = turned.array();
  pt.data = pa.data;
  const auto results = [&](int32_t threads) {
    kjit_threads_launch(threads);
    EXPECT_EQ(kjit_linalg_matmul(&ctx, nullptr, &pa, &pb, &pc, 1), KJIT_OK);
    EXPECT_EQ(kjit_linalg_matmul(&ctx, nullptr, &pa, &pt, &ps, 1), KJIT_OK);
    std::vector<std::vector<double>> out{c.elements, square.elements};
    EXPECT_EQ(kjit_linalg_matvec_both(&ctx, nullptr, &pm, &xs, &ls, &us, &rs, 1), KJIT_OK);
    out.push_back(left.elements), out.push_back(right.elements);
    EXPECT_EQ(kjit_linalg_matvec(&ctx, nullptr, &pm, &xs, &ls, 1), KJIT_OK);
    out.push_back(left.elements);
    return out;
  };
  const std::vector<std::vector<double>> alone = results(1);
  for (int32_t threads : {2, 3, 7, 16}) EXPECT_EQ(results(threads), alone) << threads;
  kjit_threads_launch(0);
}

TEST(Linalg, CovariancesOfRowsAndColumnsInEveryOrderOfMemory) {
  NEEDS_LIBRARY();
  Context ctx;
  for (const auto& [variables, n] : {std::pair{1, 1}, {3, 5}, {40, 300}, {201, 150}, {33, 1}, {0, 4}}) {
    Matrix<> m(variables, n), turned(n, variables), want(variables, variables);
    std::vector<double> mean(static_cast<size_t>(variables));
    for (int64_t i = 0; i < variables; ++i) {
      for (int64_t k = 0; k < n; ++k) {
        m.at(i, k) = turned.at(k, i) = double((i * 31 + k * 17) % 13);
        mean[size_t(i)] += m.at(i, k) / double(n);
      }
    }
    for (int64_t i = 0; i < variables; ++i)
      for (int64_t j = 0; j < variables; ++j)
        for (int64_t k = 0; k < n; ++k)
          want.at(i, j) += (m.at(i, k) - mean[size_t(i)]) * (m.at(j, k) - mean[size_t(j)]) * 0.5;
    for (const bool by_rows : {true, false}) {
      for (const bool by_columns : {false, true}) {
        Matrix<>& memory = by_columns ? turned : m;
        kjit_array a = memory.array();
        const std::array<int64_t, 2> shape{a.shape[1], a.shape[0]}, strides{a.strides[1], a.strides[0]};
        if (by_columns == by_rows) a.shape = shape.data(), a.strides = strides.data();
        Matrix<> c(variables, variables);
        const kjit_array out = c.array();
        ASSERT_EQ(kjit_linalg_cov(&ctx, nullptr, &a, &out, by_rows, 0.5, variables % 2), KJIT_OK) << ctx.error.message;
        for (size_t e = 0; e < c.elements.size(); ++e) ASSERT_NEAR(c.elements[e], want.elements[e], 1e-9) << e;
      }
    }
  }
}

TEST(Linalg, SolutionsOfManyThreadsAtOnceAreThoseOfOne) {
  NEEDS_LIBRARY();
  constexpr int kThreads = 16, kRounds = 40;
  std::vector<std::thread> threads;
  std::vector<int> wrong(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([t, &wrong] {
      Context ctx;
      for (int round = 0; round < kRounds; ++round) {
        const int64_t n = 20 + (t * 7 + round * 5) % 60;
        Matrix<> a = numbers(n, t), b = numbers(n, round), c(n, n), x(n, n);
        const kjit_array pa = a.array(), pb = b.array(), pc = c.array(), px = x.array();
        if (kjit_linalg_matmul(&ctx, nullptr, &pa, &pb, &pc, 0) != KJIT_OK || c.elements != product_by_loops(a, b)) {
          ++wrong[static_cast<size_t>(t)];
        }
        if (kjit_linalg_solve(&ctx, nullptr, &pa, &pc, &px) != KJIT_OK) ++wrong[static_cast<size_t>(t)];
        for (size_t i = 0; i < x.elements.size(); ++i) {
          if (std::abs(x.elements[i] - b.elements[i]) > 1e-9) ++wrong[static_cast<size_t>(t)];
        }
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, std::vector<int>(kThreads));
}

TEST(Linalg, FactorsMultiplyToTheMatrix) {
  NEEDS_LIBRARY();
  Context ctx;
  using C = std::complex<double>;
  const int64_t m = 7, n = 5;
  Matrix<C> a(m, n), u(m, n), vt(n, n), q(m, n), r(n, n), back(m, n);
  Matrix<> s(1, n);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) a.at(i, j) = C(double((i * 5 + j * 3) % 7), double((i + j * j) % 5) - 2);
  const kjit_array pa = a.array(), pu = u.array(), pv = vt.array(), pq = q.array(), pr = r.array(), pb = back.array();
  const kjit_array ps{s.elements.data(), &s.shape[1], &s.strides[1], KJIT_FLOAT64, 1};
  ASSERT_EQ(kjit_linalg_svd(&ctx, nullptr, &pa, &pu, &ps, &pv), KJIT_OK) << ctx.error.message;
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) u.at(i, j) *= s.at(0, j);
  ASSERT_EQ(kjit_linalg_matmul(&ctx, nullptr, &pu, &pv, &pb, 0), KJIT_OK);
  for (size_t i = 0; i < a.elements.size(); ++i) EXPECT_LT(std::abs(back.elements[i] - a.elements[i]), 1e-12);
  ASSERT_EQ(kjit_linalg_qr(&ctx, nullptr, &pa, &pq, &pr), KJIT_OK) << ctx.error.message;
  ASSERT_EQ(kjit_linalg_matmul(&ctx, nullptr, &pq, &pr, &pb, 0), KJIT_OK);
  for (size_t i = 0; i < a.elements.size(); ++i) EXPECT_LT(std::abs(back.elements[i] - a.elements[i]), 1e-12);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < i; ++j) EXPECT_EQ(r.at(i, j), C(0));
}

TEST(Linalg, SingularMatrixIsAnErrorWithItsPlace) {
  NEEDS_LIBRARY();
  Context ctx;
  const kjit_location where{"k.py", "f", 3, 5, 3, 9};
  Matrix<> a(3, 3), x(3, 3);
  const kjit_array pa = a.array(), px = x.array();
  EXPECT_EQ(kjit_linalg_inv(&ctx, &where, &pa, &px), KJIT_LINALG_ERROR);
  EXPECT_STREQ(ctx.error.message, "Singular matrix");
  EXPECT_EQ(ctx.error.location, &where);
}

TEST(Linalg, EveryFailingAllocationIsMemoryErrorWithoutLeak) {
  NEEDS_LIBRARY();
  Context ctx;
  Matrix<> a = numbers(9, 1), u(9, 9), v(9, 9), s(1, 9);
  const kjit_array pa = a.array(), pu = u.array(), pv = v.array();
  const kjit_array ps{s.elements.data(), &s.shape[1], &s.strides[1], KJIT_FLOAT64, 1};
  const int64_t before = kjit_rt_live_blocks();
  int failures = 0;
  for (int64_t n = 1;; ++n) {
    kjit_rt_fail_allocation(n);
    const int32_t status = kjit_linalg_svd(&ctx, nullptr, &pa, &pu, &ps, &pv);
    kjit_rt_fail_allocation(0);
    EXPECT_EQ(kjit_rt_live_blocks(), before);
    if (status == KJIT_OK) break;
    EXPECT_EQ(status, KJIT_MEMORY_ERROR);
    ++failures;
  }
  EXPECT_GE(failures, 5);
}

TEST(Linalg, MissingLibraryAndMissingFunctionAreErrorsThatNameThem) {
  Context ctx;
  Matrix<> a = numbers(4, 1), c(4, 4);
  const kjit_array x = a.array(), z = c.array();
  ctx.blas = kjit_blas_new("/nowhere/libblas.so", nullptr, nullptr);
  EXPECT_EQ(kjit_linalg_matmul(&ctx, nullptr, &x, &x, &z, 0), KJIT_OS_ERROR);
  EXPECT_NE(std::string(ctx.error.message).find("/nowhere/libblas.so"), std::string::npos) << ctx.error.message;
  kjit_blas_free(ctx.blas);
  ctx.blas = kjit_blas_new("libm.so.6", nullptr, nullptr);
  EXPECT_EQ(kjit_linalg_inv(&ctx, nullptr, &x, &z), KJIT_OS_ERROR);
  EXPECT_NE(std::string(ctx.error.message).find("sgemm_"), std::string::npos) << ctx.error.message;
  kjit_blas_free(ctx.blas);
  ctx.blas = nullptr;
}

void* only_gemm(void* user, const char* name) {
  ++*static_cast<int*>(user);
  return std::string(name).substr(1) == "gemm_" ? user : nullptr;
}

TEST(Linalg, HostGivesFunctionsByName) {
  Context ctx;
  int asked = 0;
  Matrix<> a = numbers(4, 1), c(4, 4);
  const kjit_array x = a.array(), z = c.array();
  ctx.blas = kjit_blas_new(nullptr, only_gemm, &asked);
  EXPECT_EQ(kjit_linalg_matmul(&ctx, nullptr, &x, &x, &z, 0), KJIT_OS_ERROR);
  EXPECT_EQ(asked, 2);
  EXPECT_STREQ(ctx.error.message, "the BLAS and LAPACK given by the host have no function sgemv_");
  kjit_blas_free(ctx.blas);
  ctx.blas = nullptr;
}

TEST(Linalg, TheHostsOpenBlasKeepsItsThreads) {
  void* host = dlopen(kDebian, RTLD_LAZY | RTLD_LOCAL);
  if (!host) GTEST_SKIP() << "no OpenBLAS with threads here";
  auto* set_threads = reinterpret_cast<void (*)(int)>(dlsym(host, "openblas_set_num_threads"));
  auto* threads = reinterpret_cast<int (*)()>(dlsym(host, "openblas_get_num_threads"));
  set_threads(2);
  Context ctx;
  Matrix<> a = numbers(80, 1), c(80, 80);
  const kjit_array x = a.array(), z = c.array();
  kjit_blas* own = kjit_blas_new(nullptr, nullptr, nullptr);
  ctx.blas = own;
  EXPECT_EQ(kjit_linalg_matmul(&ctx, nullptr, &x, &x, &z, 0), KJIT_OK) << ctx.error.message;
  EXPECT_EQ(threads(), 2);
  std::array<char, 400> text{};
  kjit_blas_describe(own, text.data(), text.size());
  EXPECT_NE(std::string(text.data()).find("OpenBLAS"), std::string::npos) << text.data();
  // Whoever asks for the library by its soname gets the host's.
  EXPECT_EQ(dlopen("libopenblas.so.0", RTLD_LAZY | RTLD_NOLOAD), host);
  ctx.blas = nullptr;
  kjit_blas_free(own);
}

// OpenBLAS' builds without threads give two callers one work area now and then; kjit lets one in at a time.
TEST(Linalg, SmallProductsOfManyThreadsAreRightWithEveryBuild) {
  using C = std::complex<double>;
  for (const char* path : {kDebian, kSerial}) {
    kjit_blas* blas = kjit_blas_new(path, nullptr, nullptr);
    std::vector<std::thread> threads;
    std::vector<int64_t> wrong(4), done(4);
    for (size_t t = 0; t < wrong.size(); ++t) {
      threads.emplace_back([t, blas, &wrong, &done] {
        Context ctx;
        ctx.blas = blas;
        const int64_t n = 6;
        Matrix<C> a(n, n), b(n, n), c(n, n), want(n, n);
        for (size_t i = 0; i < a.elements.size(); ++i) {
          a.elements[i] = C(double((i * 7 + t) % 11) - 5, 1);
          b.elements[i] = C(double((i * 3 + t) % 13) - 6, double(i % 3));
        }
        for (int64_t i = 0; i < n; ++i)
          for (int64_t j = 0; j < n; ++j)
            for (int64_t k = 0; k < n; ++k) want.at(i, j) += a.at(i, k) * b.at(k, j);
        const kjit_array x = a.array(), y = b.array(), z = c.array();
        for (int round = 0; round < 50000; ++round) {
          if (kjit_linalg_matmul(&ctx, nullptr, &x, &y, &z, 0) != KJIT_OK) return;
          ++done[t];
          if (c.elements != want.elements) ++wrong[t];
        }
      });
    }
    for (std::thread& t : threads) t.join();
    EXPECT_EQ(wrong, std::vector<int64_t>(4)) << path;
    EXPECT_EQ(done[0], done[1]) << path;
    kjit_blas_free(blas);
  }
}

TEST(Linalg, LibraryThatTheHostNamesAndHasLoadedIsLeftAsItIs) {
  void* host = dlopen(kDebian, RTLD_LAZY | RTLD_LOCAL);
  if (!host) GTEST_SKIP() << "no OpenBLAS with threads here";
  reinterpret_cast<void (*)(int)>(dlsym(host, "openblas_set_num_threads"))(2);
  Context ctx;
  Matrix<> a = numbers(20, 1), c(20, 20);
  const kjit_array x = a.array(), z = c.array();
  ctx.blas = kjit_blas_new(kDebian, nullptr, nullptr);
  EXPECT_EQ(kjit_linalg_matmul(&ctx, nullptr, &x, &x, &z, 0), KJIT_OK) << ctx.error.message;
  EXPECT_EQ(c.elements, product_by_loops(a, a));
  EXPECT_EQ(reinterpret_cast<int (*)()>(dlsym(host, "openblas_get_num_threads"))(), 2);
  kjit_blas_free(ctx.blas);
  ctx.blas = nullptr;
}

}  // namespace
