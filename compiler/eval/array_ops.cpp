// Conversion, broadcasting, shape and attributes of arrays.
#include "eval/array_ops.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "eval/operators.h"
#include "eval/wide_int.h"
#include "sema/promotion.h"

namespace kjit::eval {

namespace {

std::string shape_text(std::span<const int64_t> shape) {
  return shape.size() == 1 ? fmt::format("({},)", shape[0]) : fmt::format("({})", fmt::join(shape, ","));
}

// Calls f(to, from) for each pair of elements.
template <typename F>
void each_pair(char* to, const char* from, std::span<const int64_t> shape, std::span<const int64_t> to_strides,
               std::span<const int64_t> from_strides, const F& f) {
  if (shape.empty()) return f(to, from);
  for (int64_t i = 0; i < shape[0]; ++i, to += to_strides[0], from += from_strides[0])
    each_pair(to, from, shape.subspan(1), to_strides.subspan(1), from_strides.subspan(1), f);
}

void copy_elements(const Array& to, const Array& from) {
  with_dtype(to.dtype(), [&](auto to_sample) {
    with_dtype(from.dtype(), [&](auto from_sample) {
      using To = decltype(to_sample);
      using From = decltype(from_sample);
      each_pair(static_cast<char*>(to.data()), static_cast<const char*>(from.data()), to.shape(), to.strides(),
                from.strides(), [](char* t, const char* f) {
                  From v;
                  std::memcpy(&v, f, sizeof v);
                  const To converted = convert<To>(v);
                  std::memcpy(t, &converted, sizeof converted);
                });
    });
  });
}

// The bytes that an array touches: [low, high).
std::pair<const char*, const char*> extent(const Array& array) {
  const char* low = static_cast<const char*>(array.data());
  const char* high = low + itemsize(array.dtype());
  for (int i = 0; i < array.ndim(); ++i) {
    if (array.shape()[i] == 0) return {low, low};
    const int64_t reach = (array.shape()[i] - 1) * array.strides()[i];
    (reach < 0 ? low : high) += reach;
  }
  return {low, high};
}

bool may_overlap(const Array& a, const Array& b) {
  const auto [a_low, a_high] = extent(a);
  const auto [b_low, b_high] = extent(b);
  return a_low < b_high && b_low < a_high;
}

}  // namespace

DType dtype_of_number(const Value& number) {
  if (const auto* scalar = number.get_if<TypedScalar>()) return scalar->dtype;
  if (number.is<bool>()) return DType::Bool;
  if (number.is<int64_t>()) return DType::Int64;
  if (number.is<double>()) return DType::Float64;
  if (number.is<Complex>()) return DType::Complex128;
  if (as<WideInt>(number)) return DType::UInt64;
  throw Error(ErrorKind::TypeError, fmt::format("'{}' is not a number", type_name(number)));
}

DType to_dtype(const Value& value) {
  if (const DType* dtype = value.get_if<DType>()) return *dtype;
  const std::string_view name = builtin_name(value);
  if (name == "builtins.float") return DType::Float64;
  if (name == "builtins.int") return DType::Int64;
  if (name == "builtins.bool") return DType::Bool;
  if (name == "builtins.complex") return DType::Complex128;
  sema::Scalar scalar;
  if (const auto* text = value.get_if<std::string>())
    if (sema::parse_scalar(*text, scalar)) return static_cast<DType>(scalar);
  throw Error(ErrorKind::TypeError, fmt::format("{} is not a data type that kjit knows", repr(value)));
}

std::vector<int64_t> to_shape(const Value& value) {
  std::vector<int64_t> out;
  if (is_number(value)) return {value.as_int()};
  for (const Value& item : to_vector(value)) out.push_back(item.as_int());
  return out;
}

void store_element(DType dtype, void* at, const Value& number) {
  if (const auto* v = number.get_if<double>()) return store_as(dtype, at, *v);
  if (const auto* v = number.get_if<int64_t>()) {
    if (dtype >= DType::Int8 && dtype <= DType::UInt64) {
      store_as(dtype, at, *v);
      const bool fits = load_int(dtype, at) == *v && (dtype != DType::UInt64 || *v >= 0);
      if (!fits)
        throw Error(ErrorKind::OverflowError, fmt::format("Python integer {} out of bounds for {}", *v, name(dtype)));
      return;
    }
    return store_as(dtype, at, *v);
  }
  if (const auto* v = number.get_if<bool>()) return store_as(dtype, at, *v);
  if (const auto* v = number.get_if<Complex>()) {
    if (dtype < DType::Complex64)
      raise(ErrorKind::TypeError, "float() argument must be a string or a real number, not 'complex'");
    return store_as(dtype, at, *v);
  }
  if (const auto* v = number.get_if<TypedScalar>()) {
    with_dtype(v->dtype, [&](auto sample) {
      std::memcpy(&sample, v->bits, sizeof sample);
      store_as(dtype, at, sample);
    });
    return;
  }
  if (const auto* wide = as<WideInt>(number)) {
    if (dtype < DType::Int8 || dtype >= DType::UInt64) return store_element(dtype, at, without_wide(number));
    throw Error(ErrorKind::OverflowError,
                fmt::format("Python integer {} out of bounds for {}", wide->value, name(dtype)));
  }
  if (const Array* array = number.get_if<Array>(); array && array->size() == 1)
    return store_element(dtype, at, load_element(array->dtype(), array->data()));
  throw Error(ErrorKind::TypeError,
              fmt::format("an element of type {} cannot be set to '{}'", name(dtype), type_name(number)));
}

Array broadcast(const Array& array, std::span<const int64_t> shape) {
  const int extra = static_cast<int>(shape.size()) - array.ndim();
  std::vector<int64_t> strides(shape.size(), 0);
  bool fits = extra >= 0;
  for (int i = 0; fits && i < array.ndim(); ++i) {
    const int64_t have = array.shape()[i];
    if (have == shape[i + extra]) {
      strides[i + extra] = array.strides()[i];
    } else {
      fits = have == 1;
    }
  }
  if (!fits)
    throw Error(ErrorKind::ValueError, fmt::format("could not broadcast input array from shape {} into shape {}",
                                                   shape_text(array.shape()), shape_text(shape)));
  return array.view(0, shape, strides);
}

void assign_array(const Array& to, const Value& from) {
  if (is_number(from) || as<WideInt>(from)) {
    alignas(16) unsigned char bits[16] = {};
    store_element(to.dtype(), bits, from);
    const std::vector<int64_t> zero(to.shape().size(), 0);
    const auto size = static_cast<size_t>(itemsize(to.dtype()));
    each_pair(static_cast<char*>(to.data()), reinterpret_cast<const char*>(bits), to.shape(), to.strides(), zero,
              [size](char* t, const char* f) { std::memcpy(t, f, size); });
    return;
  }
  Array source = from.is<Array>() ? from.array() : array_from(from, nullptr);
  // Leading dimensions of one element may be more than the target has.
  while (source.ndim() > to.ndim() && source.shape()[0] == 1)
    source = source.view(0, source.shape().subspan(1), source.strides().subspan(1));
  if (may_overlap(to, source)) source = source.copy();
  copy_elements(to, broadcast(source, to.shape()));
}

Array cast_array(const Array& array, DType dtype) {
  Array out = Array::empty(dtype, array.shape());
  copy_elements(out, array);
  return out;
}

Array transpose(const Array& array, std::span<const int64_t> axes) {
  std::vector<int64_t> shape, strides;
  std::vector<bool> seen(array.shape().size());
  if (axes.size() != seen.size()) raise(ErrorKind::ValueError, "axes don't match array");
  for (int64_t axis : axes) {
    const auto rank = static_cast<int64_t>(seen.size());
    if (axis < 0) axis += rank;
    if (axis < 0 || axis >= rank || seen[axis]) raise(ErrorKind::ValueError, "axes don't match array");
    seen[axis] = true;
    shape.push_back(array.shape()[axis]);
    strides.push_back(array.strides()[axis]);
  }
  return array.view(0, shape, strides);
}

Array reshape(const Array& array, std::vector<int64_t> shape) {
  int64_t known = 1, *unknown = nullptr;
  bool overflows = false;
  for (int64_t& n : shape) {
    if (n >= 0) {
      overflows |= __builtin_mul_overflow(known, n, &known);
    } else if (unknown || n != -1) {
      raise(ErrorKind::ValueError, "can only specify one unknown dimension");
    } else {
      unknown = &n;
    }
  }
  const bool fits = overflows ? false : unknown ? known != 0 && array.size() % known == 0 : known == array.size();
  if (!fits) {
    std::string wanted = shape_text(shape);
    throw Error(ErrorKind::ValueError,
                fmt::format("cannot reshape array of size {} into shape {}", array.size(), wanted));
  }
  if (unknown) *unknown = array.size() / known;
  const Array base = array.is_c_contiguous() ? array : array.copy();
  std::vector<int64_t> strides(shape.size());
  int64_t step = itemsize(array.dtype());
  for (size_t i = shape.size(); i-- > 0; step *= shape[i] > 0 ? shape[i] : 1) strides[i] = step;
  return base.view(0, shape, strides);
}

namespace {

// The shape that nested sequences have, and the common dtype of what is in them.
void survey(const Value& value, size_t depth, std::vector<int64_t>& shape, bool& any, sema::Scalar& common,
            size_t& leaf) {
  const auto add = [&](DType dtype) {
    const auto scalar = static_cast<sema::Scalar>(dtype);
    common = any ? sema::promote(common, scalar) : scalar;
    any = true;
  };
  const auto size_at = [&](int64_t n) {
    if (shape.size() == depth && leaf == SIZE_MAX) shape.push_back(n);
    if (depth >= shape.size() || shape[depth] != n)
      raise(ErrorKind::ValueError,
            "setting an array element with a sequence. The requested array has an inhomogeneous shape");
    ++depth;
  };
  const auto at_leaf = [&] {
    if (leaf == SIZE_MAX) leaf = depth;
    if (leaf != depth)
      raise(ErrorKind::ValueError,
            "setting an array element with a sequence. The requested array has an inhomogeneous shape");
  };
  if (is_number(value) || as<WideInt>(value)) {
    add(dtype_of_number(value));
    return at_leaf();
  }
  if (const Array* array = value.get_if<Array>()) {
    for (const int64_t n : array->shape()) size_at(n);
    add(array->dtype());
    return at_leaf();
  }
  if (value.is<std::string>()) raise(ErrorKind::TypeError, "arrays of strings are not supported");
  const std::vector<Value> items = to_vector(value);
  size_at(static_cast<int64_t>(items.size()));
  for (const Value& item : items) survey(item, depth, shape, any, common, leaf);
}

void fill(const Array& to, const Value& from) {
  if (is_number(from) || as<WideInt>(from)) return store_element(to.dtype(), to.data(), from);
  if (from.is<Array>()) return assign_array(to, from);
  const std::vector<Value> items = to_vector(from);
  for (size_t i = 0; i < items.size(); ++i)
    fill(to.view(static_cast<int64_t>(i) * to.strides()[0], to.shape().subspan(1), to.strides().subspan(1)), items[i]);
}

}  // namespace

Array array_from(const Value& value, const DType* dtype) {
  std::vector<int64_t> shape;
  bool any = false;
  sema::Scalar common = sema::Scalar::F64;
  size_t leaf = SIZE_MAX;
  survey(value, 0, shape, any, common, leaf);
  Array out = Array::empty(dtype ? *dtype : static_cast<DType>(common), shape);
  if (out.size() > 0) fill(out, value);
  return out;
}

Value array_attribute(const Array& array, std::string_view name) {
  const auto tuple = [](std::span<const int64_t> numbers) {
    Value::Tuple out;
    for (const int64_t n : numbers) out.emplace_back(n);
    return Value(std::move(out));
  };
  if (name == "shape") return tuple(array.shape());
  if (name == "strides") return tuple(array.strides());
  if (name == "ndim") return array.ndim();
  if (name == "size") return array.size();
  if (name == "dtype") return array.dtype();
  if (name == "itemsize") return itemsize(array.dtype());
  if (name == "nbytes") return array.size() * itemsize(array.dtype());
  if (name == "T") {
    std::vector<int64_t> axes(array.shape().size());
    for (size_t i = 0; i < axes.size(); ++i) axes[i] = static_cast<int64_t>(axes.size() - 1 - i);
    return transpose(array, axes);
  }
  if (name == "real" || name == "imag") {
    if (array.dtype() < DType::Complex64) {
      if (name == "real") return array;
      return Array::zeros(array.dtype(), array.shape());
    }
    const int part = itemsize(array.dtype()) / 2;
    const Array view = array.view(name == "real" ? 0 : part, array.shape(), array.strides());
    const DType dtype = array.dtype() == DType::Complex64 ? DType::Float32 : DType::Float64;
    return Array::wrap(view.data(), dtype, view.shape(), view.strides(), [both = array] {}, array.readonly());
  }
  return unbound();
}

Value number_attribute(const Value& number, std::string_view name) {
  const auto* scalar = number.get_if<TypedScalar>();
  if (name == "real" || name == "imag") {
    if (const auto* z = number.get_if<Complex>()) return name == "real" ? z->real() : z->imag();
    if (scalar && scalar->dtype >= DType::Complex64) {
      const Complex z = load_complex(scalar->dtype, scalar->bits);
      const double part = name == "real" ? z.real() : z.imag();
      if (scalar->dtype == DType::Complex64) return Value::typed(static_cast<float>(part));
      return Value::typed(part);
    }
    if (name == "real") return number.is<bool>() ? Value(number.as_int()) : number;
    if (scalar) return cast(scalar->dtype, 0);
    return number.is<double>() ? Value(0.0) : Value(0);
  }
  if (!scalar) return unbound();
  if (name == "dtype") return scalar->dtype;
  if (name == "itemsize" || name == "nbytes") return itemsize(scalar->dtype);
  if (name == "ndim") return 0;
  if (name == "size") return 1;
  if (name == "shape") return Value(Value::Tuple{});
  return unbound();
}

Value make_scalar(Interpreter&, DType dtype, Args& args) {
  args.expect(name(dtype), 0, 1);
  if (args.values.empty()) return cast(dtype, 0);
  const Value& value = args.values[0];
  if (is_number(value) || as<WideInt>(value)) return cast(dtype, value);
  if (const auto* text = value.get_if<std::string>()) {
    size_t used = 0;
    double number = 0;
    try {
      number = std::stod(*text, &used);
    } catch (const std::exception&) {
      used = 0;
    }
    if (used == 0 || used != text->size())
      throw Error(ErrorKind::ValueError, fmt::format("could not convert string to float: {}", repr(value)));
    return cast(dtype, number);
  }
  return array_from(value, &dtype);
}

}  // namespace kjit::eval
