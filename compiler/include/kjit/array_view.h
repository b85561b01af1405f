// Arrays of C++ programs as kernels see them: views of foreign memory, and arrays that kernels made.
//
//   std::vector<double> x(12);
//   kjit::ArrayView<double, 2> m(x.data(), {3, 4});          // row-major
//   kjit::ArrayView<const double, 1> v = x;                  // read-only in the kernel
//   kjit::ArrayView<double, 2, kjit::Layout::Strided> t(x.data(), {4, 3}, {8, 32});  // strides in bytes
//
// Shapes are in elements, strides in bytes. Geometry is checked on construction: kjit::Error (Usage).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "kjit/export.h"
#include "kjit/value.h"

namespace kjit {

// C: row-major without gaps. F: column-major without gaps. Strided: anything.
enum class Layout : uint8_t { C, F, Strided };

template <typename T, int N, Layout L>
class ArrayView;
template <typename T, int N>
class OwnedArray;

namespace detail {
[[noreturn]] KJIT_API void fail_geometry(const char* what);
[[noreturn]] KJIT_API void fail_array(const Array& array, DType wanted, int rank, Layout layout, bool readonly);
KJIT_API void retain(void* owner) noexcept;
KJIT_API void release(void* owner) noexcept;
KJIT_API Array to_array(void* data, void* owner, DType dtype, std::span<const int64_t> shape,
                        std::span<const int64_t> strides, bool readonly);

// The element type for C++'s arithmetic types: `long long` is int64 as `long` is.
template <typename T>
struct Element {
  static_assert(!std::is_same_v<T, char> && !std::is_same_v<T, wchar_t>,
                "characters are not numbers here: use int8_t or uint8_t");
  static constexpr DType value = [] {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      constexpr DType kSigned[] = {DType::Int8,  DType::Int16, DType::Int16, DType::Int32,
                                   DType::Int32, DType::Int32, DType::Int32, DType::Int64};
      constexpr DType kUnsigned[] = {DType::UInt8,  DType::UInt16, DType::UInt16, DType::UInt32,
                                     DType::UInt32, DType::UInt32, DType::UInt32, DType::UInt64};
      return std::is_signed_v<T> ? kSigned[sizeof(T) - 1] : kUnsigned[sizeof(T) - 1];
    } else {
      return dtype_of<T>::value;
    }
  }();
};

template <int N, Layout L>
constexpr bool contiguous(const std::array<int64_t, N>& shape, const std::array<int64_t, N>& strides, int64_t item) {
  int64_t step = item;
  for (int k = 0; k < N; ++k) {
    const int axis = L == Layout::F ? k : N - 1 - k;
    if (shape[axis] == 0) return true;
    if (shape[axis] != 1 && strides[axis] != step) return false;
    step *= shape[axis];
  }
  return true;
}
}  // namespace detail

// A view of an array of N axes, borrowed: the memory must outlive the call. T may be const: the kernel may then not
// write. A kernel that returns a view of a borrowed array fails with kind UnownedResult; a view of an OwnedArray or of
// an Array carries the owner along, and may be returned.
template <typename T, int N, Layout L = Layout::C>
class ArrayView {
  static_assert(N >= 0 && N <= 32, "arrays have 0 to 32 axes");

 public:
  using element_type = T;
  using value_type = std::remove_const_t<T>;
  using Shape = std::array<int64_t, N>;
  static constexpr int kRank = N;
  static constexpr Layout kLayout = L;
  static constexpr bool kReadonly = std::is_const_v<T>;
  static constexpr DType kDtype = detail::Element<value_type>::value;

  ArrayView() : ArrayView(nullptr, Shape{}) {}  // no elements (one axis or more)
  // Without gaps, in the order of the layout (Strided: row-major).
  ArrayView(T* data, const Shape& shape) : data_(data), shape_(shape) {
    int64_t step = sizeof(T), size = 1;
    for (int k = 0; k < N; ++k) {
      const int axis = L == Layout::F ? k : N - 1 - k;
      if (shape[axis] < 0) detail::fail_geometry("an axis has a negative length");
      if (__builtin_mul_overflow(size, shape[axis], &size))
        detail::fail_geometry("the array has more elements than memory can hold");
      strides_[axis] = step;
      step *= shape[axis] > 1 ? shape[axis] : 1;
    }
    check(size);
  }
  ArrayView(T* data, const Shape& shape, const Shape& strides_in_bytes, void* owner = nullptr)
      : data_(data), owner_(owner), shape_(shape), strides_(strides_in_bytes) {
    int64_t size = 1;
    for (int k = 0; k < N; ++k) {
      if (shape[k] < 0) detail::fail_geometry("an axis has a negative length");
      if (strides_[k] % static_cast<int64_t>(alignof(T)) != 0)
        detail::fail_geometry("a stride is not a multiple of the element's alignment");
      if (__builtin_mul_overflow(size, shape[k], &size))
        detail::fail_geometry("the array has more elements than memory can hold");
    }
    if constexpr (L != Layout::Strided) {
      if (!detail::contiguous<N, L>(shape_, strides_, sizeof(T)))
        detail::fail_geometry(L == Layout::C
                                  ? "the strides are not those of a row-major array (Layout::Strided takes any)"
                                  : "the strides are not those of a column-major array (Layout::Strided takes any)");
    }
    check(size);
  }
  template <typename U, size_t Extent>
    requires(N == 1 && std::is_convertible_v<U (*)[], T (*)[]>)
  ArrayView(std::span<U, Extent> s) : ArrayView(s.data(), Shape{static_cast<int64_t>(s.size())}) {}
  template <typename A>
    requires(N == 1 && std::is_same_v<A, std::allocator<value_type>> && !std::is_same_v<value_type, bool>)
  ArrayView(std::vector<value_type, A>& v) : ArrayView(v.data(), Shape{static_cast<int64_t>(v.size())}) {}
  template <typename A>
    requires(N == 1 && kReadonly && std::is_same_v<A, std::allocator<value_type>> && !std::is_same_v<value_type, bool>)
  ArrayView(const std::vector<value_type, A>& v) : ArrayView(v.data(), Shape{static_cast<int64_t>(v.size())}) {}
  template <typename A>
    requires(!std::is_same_v<value_type, bool> && std::is_same_v<A, std::allocator<value_type>>)
  ArrayView(std::vector<value_type, A>& v, const Shape& shape) : ArrayView(v.data(), shape) {
    check_extent(v.size());
  }
  template <typename A>
    requires(kReadonly && !std::is_same_v<value_type, bool> && std::is_same_v<A, std::allocator<value_type>>)
  ArrayView(const std::vector<value_type, A>& v, const Shape& shape) : ArrayView(v.data(), shape) {
    check_extent(v.size());
  }
  // Of a dynamic array: dtype, rank, layout and writability must fit.
  ArrayView(const Array& a) {
    if (a.dtype() != kDtype || a.ndim() != N || (a.readonly() && !kReadonly))
      detail::fail_array(a, kDtype, N, L, kReadonly);
    for (int k = 0; k < N; ++k) shape_[k] = a.shape()[k], strides_[k] = a.strides()[k];
    if constexpr (L != Layout::Strided)
      if (!detail::contiguous<N, L>(shape_, strides_, sizeof(T))) detail::fail_array(a, kDtype, N, L, kReadonly);
    data_ = static_cast<T*>(a.data());
    owner_ = a.owner();
  }
  // Of what a kernel made.
  template <typename U>
    requires(std::is_same_v<std::remove_const_t<U>, value_type> && (kReadonly || !std::is_const_v<U>))
  ArrayView(const OwnedArray<U, N>& a) : ArrayView(a.data(), a.shape(), a.strides(), a.owner()) {}
  // Writable to read-only; contiguous to strided.
  template <typename U, Layout M>
    requires(std::is_same_v<std::remove_const_t<U>, value_type> && (kReadonly || !std::is_const_v<U>) &&
             (M == L || L == Layout::Strided) && !(std::is_same_v<U, T> && M == L))
  ArrayView(const ArrayView<U, N, M>& v)
      : data_(v.data()), owner_(v.owner()), shape_(v.shape()), strides_(v.strides()) {}

  T* data() const { return data_; }
  void* owner() const { return owner_; }
  const Shape& shape() const { return shape_; }
  const Shape& strides() const { return strides_; }  // bytes
  int64_t shape(int axis) const { return shape_[axis]; }
  int64_t size() const {
    int64_t n = 1;
    for (int64_t s : shape_) n *= s;
    return n;
  }
  // Element by one index for each axis; not checked.
  template <typename... I>
    requires(sizeof...(I) == N)
  T& operator()(I... index) const {
    int64_t offset = 0;
    int k = 0;
    ((offset += static_cast<int64_t>(index) * strides_[k++]), ...);
    return *reinterpret_cast<T*>(reinterpret_cast<std::conditional_t<kReadonly, const std::byte, std::byte>*>(data_) +
                                 offset);
  }
  T& operator[](int64_t index) const
    requires(N == 1)
  {
    return (*this)(index);
  }

 private:
  void check(int64_t size) const {
    int64_t bytes;
    if (__builtin_mul_overflow(size, static_cast<int64_t>(sizeof(T)), &bytes))
      detail::fail_geometry("the array has more elements than memory can hold");
    if (data_ == nullptr && size != 0) detail::fail_geometry("the pointer is null and the shape is not empty");
    if (reinterpret_cast<uintptr_t>(data_) % alignof(T) != 0)
      detail::fail_geometry("the pointer is not aligned for the element type");
  }
  void check_extent(size_t available) const {
    if (static_cast<uint64_t>(size()) > available) detail::fail_geometry("the shape has more elements than the vector");
  }

  T* data_ = nullptr;
  void* owner_ = nullptr;
  Shape shape_{}, strides_{};
};

// An array that a kernel returned. Copies share the memory, which is freed with the last of them, also after the
// engine.
template <typename T, int N>
class OwnedArray {
 public:
  using element_type = T;
  using value_type = std::remove_const_t<T>;
  using Shape = std::array<int64_t, N>;
  static constexpr int kRank = N;
  static constexpr bool kReadonly = std::is_const_v<T>;
  static constexpr DType kDtype = detail::Element<value_type>::value;

  OwnedArray() = default;
  // Takes over one reference to `owner`.
  OwnedArray(T* data, void* owner, const Shape& shape, const Shape& strides)
      : data_(data), owner_(owner), shape_(shape), strides_(strides) {}
  OwnedArray(const OwnedArray& other)
      : data_(other.data_), owner_(other.owner_), shape_(other.shape_), strides_(other.strides_) {
    detail::retain(owner_);
  }
  OwnedArray(OwnedArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        owner_(std::exchange(other.owner_, nullptr)),
        shape_(std::exchange(other.shape_, Shape{})),
        strides_(other.strides_) {}
  OwnedArray& operator=(OwnedArray other) noexcept {
    std::swap(data_, other.data_), std::swap(owner_, other.owner_), std::swap(shape_, other.shape_),
        std::swap(strides_, other.strides_);
    return *this;
  }
  ~OwnedArray() {
    if (owner_) detail::release(owner_);
  }

  T* data() const { return data_; }
  void* owner() const { return owner_; }
  const Shape& shape() const { return shape_; }
  const Shape& strides() const { return strides_; }  // bytes
  int64_t shape(int axis) const { return shape_[axis]; }
  int64_t size() const {
    int64_t n = 1;
    for (int64_t s : shape_) n *= s;
    return n;
  }
  ArrayView<T, N, Layout::Strided> view() const { return *this; }
  template <typename... I>
    requires(sizeof...(I) == N)
  T& operator()(I... index) const {
    int64_t offset = 0;
    int k = 0;
    ((offset += static_cast<int64_t>(index) * strides_[k++]), ...);
    return *reinterpret_cast<T*>(reinterpret_cast<std::conditional_t<kReadonly, const std::byte, std::byte>*>(data_) +
                                 offset);
  }
  T& operator[](int64_t index) const
    requires(N == 1)
  {
    return (*this)(index);
  }
  bool is_c_contiguous() const { return detail::contiguous<N, Layout::C>(shape_, strides_, sizeof(T)); }
  // The same memory as a dynamic array.
  operator Array() const {
    detail::retain(owner_);
    return detail::to_array(const_cast<value_type*>(data_), owner_, kDtype, shape_, strides_, kReadonly);
  }

 private:
  T* data_ = nullptr;
  void* owner_ = nullptr;
  Shape shape_{}, strides_{};
};

}  // namespace kjit
