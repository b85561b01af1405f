// Loops over rows in fours, so that the vector is read, or written, less often; one compilation for each set of
// instructions.
#include "linalg/line_kernels.h"

namespace kjit::rt {

namespace {

#define KJIT_INLINE [[gnu::always_inline]] inline

template <int kRows, typename T>
KJIT_INLINE void dot_some(int64_t n, const T* __restrict a, int64_t stride, const T* __restrict x, T* y) {
#pragma clang fp reassociate(on) contract(fast)
  T sums[kRows] = {};
  for (int64_t k = 0; k < n; ++k) {
#pragma unroll
    for (int r = 0; r < kRows; ++r) sums[r] += a[r * stride + k] * x[k];
  }
  for (int r = 0; r < kRows; ++r) y[r] = sums[r];
}

template <int kRows, typename T>
KJIT_INLINE void add_some(int64_t n, const T* __restrict a, int64_t stride, const T* __restrict x, T* __restrict y) {
#pragma clang fp reassociate(on) contract(fast)
  T scale[kRows];
  for (int r = 0; r < kRows; ++r) scale[r] = x[r];
  for (int64_t k = 0; k < n; ++k) {
    T sum = y[k];
#pragma unroll
    for (int r = 0; r < kRows; ++r) sum += a[r * stride + k] * scale[r];
    y[k] = sum;
  }
}

template <typename T>
KJIT_INLINE void dot_rows(int64_t m, int64_t n, const T* a, int64_t stride, const T* x, T* y) {
  int64_t i = 0;
  for (; i + 4 <= m; i += 4) dot_some<4>(n, a + i * stride, stride, x, y + i);
  for (; i < m; ++i) dot_some<1>(n, a + i * stride, stride, x, y + i);
}

template <typename T>
KJIT_INLINE void add_rows(int64_t m, int64_t n, const T* a, int64_t stride, const T* x, T* y) {
  int64_t i = 0;
  for (; i + 4 <= m; i += 4) add_some<4>(n, a + i * stride, stride, x + i, y);
  for (; i < m; ++i) add_some<1>(n, a + i * stride, stride, x + i, y);
}

#define KERNELS(name, ...)                                                                               \
  template <typename T>                                                                                  \
  __VA_ARGS__ void dot_rows_##name(int64_t m, int64_t n, const T* a, int64_t stride, const T* x, T* y) { \
    dot_rows(m, n, a, stride, x, y);                                                                     \
  }                                                                                                      \
  template <typename T>                                                                                  \
  __VA_ARGS__ void add_rows_##name(int64_t m, int64_t n, const T* a, int64_t stride, const T* x, T* y) { \
    add_rows(m, n, a, stride, x, y);                                                                     \
  }                                                                                                      \
  template <typename T>                                                                                  \
  constexpr LineKernels<T> k_##name{dot_rows_##name<T>, add_rows_##name<T>};

KERNELS(plain)
#if defined(__x86_64__)
KERNELS(avx2, __attribute__((target("avx2,fma"))))
KERNELS(avx512, __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))))
#endif
#undef KERNELS
#undef KJIT_INLINE

template <typename T>
const LineKernels<T>& choose() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  if (wide) return k_avx512<T>;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return k_avx2<T>;
#endif
  return k_plain<T>;
}

}  // namespace

template <>
const LineKernels<float>& line_kernels() {
  static const LineKernels<float>& chosen = choose<float>();
  return chosen;
}
template <>
const LineKernels<double>& line_kernels() {
  static const LineKernels<double>& chosen = choose<double>();
  return chosen;
}

}  // namespace kjit::rt
