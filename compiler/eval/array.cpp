// Arrays of hosts and scripts: a block of the runtime, or foreign memory, with shape and strides.
#include <fmt/format.h>
#include <kjit_rt/core.h>

#include <cstring>
#include <utility>

#include "kjit/error.h"
#include "kjit/value.h"

namespace kjit {

namespace {

std::vector<int64_t> c_strides(DType dtype, std::span<const int64_t> shape) {
  std::vector<int64_t> strides(shape.size());
  int64_t step = itemsize(dtype);
  for (size_t i = shape.size(); i-- > 0;) {
    strides[i] = step;
    step *= shape[i] > 0 ? shape[i] : 1;
  }
  return strides;
}

int64_t byte_count(DType dtype, std::span<const int64_t> shape) {
  int64_t bytes = itemsize(dtype);
  bool zero = false;
  for (const int64_t n : shape) {
    if (n < 0) throw Error(ErrorKind::ValueError, "negative dimensions are not allowed");
    zero |= n == 0;
    if (n != 0 && __builtin_mul_overflow(bytes, n, &bytes))
      throw Error(ErrorKind::ValueError, "Maximum allowed dimension exceeded");
  }
  return zero ? 0 : bytes;
}

Array allocate(DType dtype, std::span<const int64_t> shape, bool zero) {
  const int64_t bytes = byte_count(dtype, shape);
  kjit_ctx context{};
  void* owner = nullptr;
  void* data = kjit_rt_alloc(&context, bytes, zero, &owner, nullptr);
  if (!data) throw Error(ErrorKind::MemoryError, fmt::format("Unable to allocate an array of {} bytes", bytes));
  return Array::adopt(data, owner, dtype, shape, c_strides(dtype, shape));
}

// Copies a strided block to `out`, C order; returns the end of what was written.
char* gather(char* out, const char* data, std::span<const int64_t> shape, std::span<const int64_t> strides,
             int64_t item) {
  if (shape.empty()) return static_cast<char*>(memcpy(out, data, item)) + item;
  if (shape.size() == 1 && strides[0] == item)
    return static_cast<char*>(memcpy(out, data, shape[0] * item)) + shape[0] * item;
  for (int64_t i = 0; i < shape[0]; ++i)
    out = gather(out, data + i * strides[0], shape.subspan(1), strides.subspan(1), item);
  return out;
}

}  // namespace

Array::Array(const Array& other)
    : data_(other.data_),
      owner_(other.owner_),
      shape_(other.shape_),
      strides_(other.strides_),
      dtype_(other.dtype_),
      readonly_(other.readonly_) {
  kjit_rt_retain(owner_);
}

Array::Array(Array&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      owner_(std::exchange(other.owner_, nullptr)),
      shape_(std::exchange(other.shape_, {})),
      strides_(std::exchange(other.strides_, {})),
      dtype_(other.dtype_),
      readonly_(other.readonly_) {}

Array& Array::operator=(Array other) noexcept {
  std::swap(data_, other.data_);
  std::swap(owner_, other.owner_);
  shape_.swap(other.shape_);
  strides_.swap(other.strides_);
  dtype_ = other.dtype_;
  readonly_ = other.readonly_;
  return *this;
}

Array::~Array() { kjit_rt_release(owner_); }

Array Array::empty(DType dtype, std::span<const int64_t> shape) { return allocate(dtype, shape, false); }
Array Array::zeros(DType dtype, std::span<const int64_t> shape) { return allocate(dtype, shape, true); }

Array Array::wrap(void* data, DType dtype, std::span<const int64_t> shape, std::span<const int64_t> strides,
                  std::function<void()> release, bool readonly) {
  void* owner = nullptr;
  if (release) {
    auto* user = new std::function<void()>(std::move(release));
    owner = kjit_rt_wrap(
        [](void* pointer) {
          auto* function = static_cast<std::function<void()>*>(pointer);
          (*function)();
          delete function;
        },
        user);
    if (!owner) {
      delete user;
      throw Error(ErrorKind::MemoryError, "out of memory");
    }
  }
  return adopt(data, owner, dtype, shape, strides, readonly);
}

Array Array::adopt(void* data, void* owner, DType dtype, std::span<const int64_t> shape,
                   std::span<const int64_t> strides, bool readonly) {
  Array out;
  out.data_ = data;
  out.owner_ = owner;
  out.dtype_ = dtype;
  out.readonly_ = readonly;
  if (shape.size() != strides.size()) throw Error(ErrorKind::Usage, "an array needs as many strides as dimensions");
  out.shape_.assign(shape.begin(), shape.end());
  out.strides_.assign(strides.begin(), strides.end());
  return out;
}

int64_t Array::size() const {
  if (!data_) return 0;
  int64_t n = 1;
  for (const int64_t extent : shape_) n *= extent;
  return n;
}

Array Array::as_readonly() const {
  Array out = *this;
  out.readonly_ = true;
  return out;
}

// Strides of dimensions of one element say nothing, and an array without elements is contiguous both ways.
bool Array::is_c_contiguous() const {
  int64_t step = itemsize(dtype_);
  for (const int64_t n : shape_)
    if (n == 0) return true;
  for (size_t i = shape_.size(); i-- > 0;) {
    if (shape_[i] != 1 && strides_[i] != step) return false;
    step *= shape_[i];
  }
  return true;
}

bool Array::is_f_contiguous() const {
  int64_t step = itemsize(dtype_);
  for (const int64_t n : shape_)
    if (n == 0) return true;
  for (size_t i = 0; i < shape_.size(); ++i) {
    if (shape_[i] != 1 && strides_[i] != step) return false;
    step *= shape_[i];
  }
  return true;
}

Array Array::copy() const {
  Array out = empty(dtype_, shape_);
  if (out.size() != 0)
    gather(static_cast<char*>(out.data_), static_cast<const char*>(data_), shape_, strides_, itemsize(dtype_));
  return out;
}

Array Array::view(int64_t offset, std::span<const int64_t> shape, std::span<const int64_t> strides) const {
  kjit_rt_retain(owner_);
  return adopt(static_cast<char*>(data_) + offset, owner_, dtype_, shape, strides, readonly_);
}

void* Array::check(DType wanted) const {
  if (dtype_ != wanted)
    throw Error(ErrorKind::TypeError, fmt::format("the array holds {}, not {}", name(dtype_), name(wanted)));
  return data_;
}

}  // namespace kjit
