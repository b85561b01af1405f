// Values that learn their type at run time: arguments and results of dynamic calls, and what scripts compute with.
//
//   kjit::Value v = kjit::Array::zeros(kjit::DType::Float64, {3, 4});
//   v.array().data<double>()[0] = 1.5;
#pragma once

#include <complex>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "kjit/export.h"

namespace kjit {

// Element types. The numbers are those of kjit_dtype in the runtime's ABI.
enum class DType : uint8_t {
  Bool,
  Int8,
  Int16,
  Int32,
  Int64,
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  Float32,
  Float64,
  Complex64,
  Complex128
};
KJIT_API int itemsize(DType dtype);      // bytes
KJIT_API const char* name(DType dtype);  // "float64"

template <typename T>
struct dtype_of;  // dtype_of<double>::value == DType::Float64
template <>
struct dtype_of<bool> {
  static constexpr DType value = DType::Bool;
};
template <>
struct dtype_of<int8_t> {
  static constexpr DType value = DType::Int8;
};
template <>
struct dtype_of<int16_t> {
  static constexpr DType value = DType::Int16;
};
template <>
struct dtype_of<int32_t> {
  static constexpr DType value = DType::Int32;
};
template <>
struct dtype_of<int64_t> {
  static constexpr DType value = DType::Int64;
};
template <>
struct dtype_of<uint8_t> {
  static constexpr DType value = DType::UInt8;
};
template <>
struct dtype_of<uint16_t> {
  static constexpr DType value = DType::UInt16;
};
template <>
struct dtype_of<uint32_t> {
  static constexpr DType value = DType::UInt32;
};
template <>
struct dtype_of<uint64_t> {
  static constexpr DType value = DType::UInt64;
};
template <>
struct dtype_of<float> {
  static constexpr DType value = DType::Float32;
};
template <>
struct dtype_of<double> {
  static constexpr DType value = DType::Float64;
};
template <>
struct dtype_of<std::complex<float>> {
  static constexpr DType value = DType::Complex64;
};
template <>
struct dtype_of<std::complex<double>> {
  static constexpr DType value = DType::Complex128;
};

// A strided array that shares its memory with its copies, as NumPy's arrays do. Shapes in elements, strides in bytes.
class KJIT_API Array {
 public:
  Array() = default;  // no array: data() is null, ndim() 0
  Array(const Array& other);
  Array(Array&& other) noexcept;
  Array& operator=(Array other) noexcept;
  ~Array();

  static Array empty(DType dtype,
                     std::span<const int64_t> shape);  // C-contiguous, not initialised; throws on negative sizes
  static Array zeros(DType dtype, std::span<const int64_t> shape);
  static Array empty(DType dtype, std::initializer_list<int64_t> shape) {
    return empty(dtype, std::span(shape.begin(), shape.size()));
  }
  static Array zeros(DType dtype, std::initializer_list<int64_t> shape) {
    return zeros(dtype, std::span(shape.begin(), shape.size()));
  }
  // Foreign memory. `release` runs once, when the last array or kernel result that refers to it goes; without it the
  // array is borrowed: the caller keeps the memory alive, and kernels cannot return views of it.
  static Array wrap(void* data, DType dtype, std::span<const int64_t> shape, std::span<const int64_t> strides,
                    std::function<void()> release = {}, bool readonly = false);
  // Takes over one reference to `owner` (a kjit_owner*; may be null).
  static Array adopt(void* data, void* owner, DType dtype, std::span<const int64_t> shape,
                     std::span<const int64_t> strides, bool readonly = false);

  DType dtype() const { return dtype_; }
  int ndim() const { return static_cast<int>(shape_.size()); }
  int64_t size() const;  // elements
  std::span<const int64_t> shape() const { return shape_; }
  std::span<const int64_t> strides() const { return strides_; }
  void* data() const { return data_; }
  template <typename T>
  T* data() const {
    return static_cast<T*>(check(dtype_of<T>::value));
  }  // throws on another dtype
  void* owner() const { return owner_; }
  bool readonly() const { return readonly_; }
  Array as_readonly() const;
  bool is_c_contiguous() const;
  bool is_f_contiguous() const;
  Array copy() const;  // C-contiguous
  // A view: same memory, other geometry. `offset` in bytes.
  Array view(int64_t offset, std::span<const int64_t> shape, std::span<const int64_t> strides) const;

 private:
  void* check(DType wanted) const;
  void* data_ = nullptr;
  void* owner_ = nullptr;
  std::vector<int64_t> shape_, strides_;
  DType dtype_ = DType::Float64;
  bool readonly_ = false;
};

// A NumPy scalar: np.float32(1.5). Its bits, low end first.
struct TypedScalar {
  DType dtype = DType::Int64;
  alignas(8) unsigned char bits[16] = {};
};

// Anything else that scripts hold: lists, functions, modules, ranges. Defined by the evaluator.
class KJIT_API Object {
 public:
  Object() = default;
  virtual ~Object();
  int tag() const { return tag_; }   // 0: of a host; others are the evaluator's
  virtual std::string repr() const;  // "<object>" unless overridden
  virtual std::string str() const;   // repr() unless overridden

 protected:
  explicit Object(int tag) : tag_(tag) {}

 private:
  int tag_ = 0;
};

struct None {
  friend bool operator==(None, None) { return true; }
};

// int64_t, double and std::complex<double> are Python's own numbers: weak in promotion. TypedScalar is strong.
class KJIT_API Value {
 public:
  // Python's tuple. BEWARE: it is std::vector<Value>, so where C++ wants a list of values a lone Tuple is that list,
  // and compilers differ on `std::vector<Value> args{tuple}`. Say Value(tuple) for the tuple as one value:
  // `std::vector<Value> args{Value(tuple)}` has one element on all of them.
  using Tuple = std::vector<Value>;
  using Data = std::variant<None, bool, int64_t, double, std::complex<double>, TypedScalar, std::string, DType,
                            std::shared_ptr<const Tuple>, Array, std::shared_ptr<Object>>;

  Value() = default;  // None
  Value(None) {}
  Value(bool v) : data_(v) {}
  Value(int v) : data_(static_cast<int64_t>(v)) {}
  Value(long v) : data_(static_cast<int64_t>(v)) {}
  Value(long long v) : data_(static_cast<int64_t>(v)) {}
  Value(double v) : data_(v) {}
  Value(std::complex<double> v) : data_(v) {}
  Value(TypedScalar v) : data_(v) {}
  Value(const char* v) : data_(std::string(v)) {}
  Value(std::string v) : data_(std::move(v)) {}
  Value(DType v) : data_(v) {}
  Value(Tuple v) : data_(std::make_shared<const Tuple>(std::move(v))) {}
  Value(Array v) : data_(std::move(v)) {}
  Value(std::shared_ptr<Object> v) : data_(std::move(v)) {}
  template <typename T>
  static Value typed(T v);  // a strong scalar

  const Data& data() const { return data_; }
  template <typename T>
  bool is() const {
    return std::holds_alternative<T>(data_);
  }
  template <typename T>
  const T* get_if() const {
    return std::get_if<T>(&data_);
  }
  bool is_none() const { return is<None>(); }

  // Conversions; std::bad_variant_access-free: each throws kjit::Error (kind TypeError) when the value is not of that
  // sort.
  bool as_bool() const;                     // bool or numpy.bool
  int64_t as_int() const;                   // any integer
  double as_double() const;                 // any real number
  std::complex<double> as_complex() const;  // any number
  const std::string& as_string() const;
  const Tuple& as_tuple() const;
  const Array& array() const;

 private:
  Data data_;
};

template <typename T>
Value Value::typed(T v) {
  TypedScalar s;
  s.dtype = dtype_of<T>::value;
  static_assert(sizeof(T) <= sizeof s.bits);
  __builtin_memcpy(s.bits, &v, sizeof v);
  return s;
}

// Text as Python's repr() and str() give for it.
KJIT_API std::string repr(const Value& value);
KJIT_API std::string str(const Value& value);

}  // namespace kjit
