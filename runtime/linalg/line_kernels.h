// Products of a matrix, whose rows lie together, with vectors: real elements, compiled for several processors.
#pragma once

#include <cstdint>

namespace kjit::rt {

template <typename T>
struct LineKernels {
  // y[i] = sum of a[i * stride + k] x[k] over k < n, for i < m.
  void (*dot_rows)(int64_t m, int64_t n, const T* a, int64_t stride, const T* x, T* y);
  // y[k] += sum of x[i] a[i * stride + k] over i < m, for k < n. y shares no memory with a and x.
  void (*add_rows)(int64_t m, int64_t n, const T* a, int64_t stride, const T* x, T* y);
};

// The ones for this processor.
template <typename T>
const LineKernels<T>& line_kernels();

}  // namespace kjit::rt
