// Creating and reshaping arrays.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "eval/array_ops.h"
#include "eval/natives.h"
#include "eval/operators.h"
#include "eval/wide_int.h"

namespace kjit::eval {

namespace {

const DType* dtype_argument(Args& args, size_t position, DType& out) {
  const Value* v = args.get(position, "dtype");
  if (!v || v->is_none()) return nullptr;
  out = to_dtype(*v);
  return &out;
}

// order='C' or 'F'; the geometry of a new array.
Array new_array(Args& args, size_t order_at, DType dtype, const std::vector<int64_t>& shape, bool zero) {
  const Value* order = args.get(order_at, "order");
  const bool fortran = order && order->is<std::string>() && order->as_string() == "F";
  if (!fortran) return zero ? Array::zeros(dtype, shape) : Array::empty(dtype, shape);
  const std::vector<int64_t> reversed(shape.rbegin(), shape.rend());
  const Array base = zero ? Array::zeros(dtype, reversed) : Array::empty(dtype, reversed);
  const std::vector<int64_t> strides(base.strides().rbegin(), base.strides().rend());
  return base.view(0, shape, strides);
}

Array filled(Args& args, size_t dtype_at, DType otherwise, const Value& value) {
  const std::vector<int64_t> shape = to_shape(args.need(0, "shape"));
  DType dtype = otherwise;
  dtype_argument(args, dtype_at, dtype);
  Array out = new_array(args, dtype_at + 1, dtype, shape, value.is_none());
  if (!value.is_none()) assign_array(out, value);
  args.expect("array function", 0, dtype_at + 2);
  return out;
}

Value empty(Interpreter&, Args& args) { return filled(args, 1, DType::Float64, None{}); }
Value zeros(Interpreter&, Args& args) { return filled(args, 1, DType::Float64, None{}); }
Value ones(Interpreter&, Args& args) { return filled(args, 1, DType::Float64, 1.0); }
Value full(Interpreter&, Args& args) {
  const Value value = args.need(1, "fill_value");
  return filled(args, 2, is_number(value) ? dtype_of_number(value) : array_from(value, nullptr).dtype(), value);
}

Array like(Args& args, size_t dtype_at, const Value& value) {
  const Value prototype = args.need(0, "a");
  const Array model = prototype.is<Array>() ? prototype.array() : array_from(prototype, nullptr);
  DType dtype = model.dtype();
  dtype_argument(args, dtype_at, dtype);
  const Value* shape = args.get(SIZE_MAX, "shape");
  std::vector<int64_t> extents(model.shape().begin(), model.shape().end());
  if (shape && !shape->is_none()) extents = to_shape(*shape);
  args.expect("like", 0, dtype_at + 1);
  Array out;
  if (!model.is_c_contiguous() && model.is_f_contiguous()) {
    const std::vector<int64_t> reversed(extents.rbegin(), extents.rend());
    const Array base = Array::zeros(dtype, reversed);
    out = base.view(0, extents, std::vector<int64_t>(base.strides().rbegin(), base.strides().rend()));
  } else {
    out = Array::zeros(dtype, extents);
  }
  if (!value.is_none()) assign_array(out, value);
  return out;
}
Value zeros_like(Interpreter&, Args& args) { return like(args, 1, None{}); }
Value ones_like(Interpreter&, Args& args) { return like(args, 1, 1); }
Value full_like(Interpreter&, Args& args) {
  const Value value = args.need(1, "fill_value");
  return like(args, 2, value);
}

Value identity(Interpreter&, Args& args) {
  const int64_t n = args.need(0, "N").as_int();
  const Value* columns = args.get(1, "M");
  const int64_t m = columns && !columns->is_none() ? columns->as_int() : n;
  const Value* diagonal = args.get(2, "k");
  const int64_t k = diagonal ? diagonal->as_int() : 0;
  DType dtype = DType::Float64;
  dtype_argument(args, 3, dtype);
  const Array out = Array::zeros(dtype, {n, m});
  for (int64_t i = 0; i < n; ++i)
    if (i + k >= 0 && i + k < m)
      store_element(dtype, static_cast<char*>(out.data()) + i * out.strides()[0] + (i + k) * out.strides()[1], 1);
  return out;
}

Value square_identity(Interpreter& interpreter, Args& args) {
  Args eye({args.need(0, "n")});
  if (const Value* dtype = args.get(1, "dtype")) eye.keywords.emplace_back("dtype", *dtype);
  args.expect("identity", 0, 2);
  return identity(interpreter, eye);
}

bool is_real(const Value& v) {
  const auto* typed = v.get_if<TypedScalar>();
  return v.is<double>() || (typed && typed->dtype >= DType::Float32);
}

// NumPy's arange: the first two elements give the step, which for floats is not the step asked for.
Value arange(Interpreter&, Args& args) {
  DType dtype = DType::Int64;
  const DType* given = dtype_argument(args, 3, dtype);
  const Value* start_argument = args.get(SIZE_MAX, "start");
  const Value* stop_argument = args.get(SIZE_MAX, "stop");
  const Value* step_argument = args.get(2, "step");
  const Value step = step_argument ? *step_argument : Value(1);
  Value start = start_argument ? *start_argument : Value(0), stop = stop_argument ? *stop_argument : Value();
  args.expect("arange", 0, 4);
  if (args.size() == 1 && !stop_argument)
    stop = args.values[0];
  else if (args.size() >= 1)
    start = args.values[0];
  if (args.size() >= 2) stop = args.values[1];
  if (stop.is_none()) raise(ErrorKind::TypeError, "arange() requires stop to be specified.");
  const bool real = is_real(start) || is_real(stop) || is_real(step);
  if (!given && real) dtype = DType::Float64;
  if (real ? step.as_double() == 0 : step.as_int() == 0) raise(ErrorKind::ZeroDivisionError, "division by zero");
  if (!real) {
    const int64_t first = start.as_int(), by = step.as_int();
    const Array out = Array::empty(dtype, {Range(first, stop.as_int(), by).size()});
    for (int64_t i = 0; i < out.size(); ++i)
      store_as(dtype, static_cast<char*>(out.data()) + i * itemsize(dtype), first + i * by);
    return out;
  }
  const double first = start.as_double(), by = step.as_double();
  const double count = std::ceil((stop.as_double() - first) / by);
  if (!(count < 9e18)) raise(ErrorKind::ValueError, "Maximum allowed size exceeded");
  const Array out = Array::empty(dtype, {count > 0 ? static_cast<int64_t>(count) : 0});
  const double delta = (first + by) - first;
  for (int64_t i = 0; i < out.size(); ++i)
    store_as(dtype, static_cast<char*>(out.data()) + i * itemsize(dtype),
             i == 1 ? first + by : first + static_cast<double>(i) * delta);
  return out;
}

Value linspace(Interpreter&, Args& args) {
  const double start = args.need(0, "start").as_double(), stop = args.need(1, "stop").as_double();
  const Value* count_argument = args.get(2, "num");
  const int64_t count = count_argument ? count_argument->as_int() : 50;
  const Value* endpoint_argument = args.get(3, "endpoint");
  const bool endpoint = !endpoint_argument || truth(*endpoint_argument);
  DType dtype = DType::Float64;
  dtype_argument(args, 5, dtype);
  const Value* with_step = args.get(4, "retstep");
  const bool retstep = with_step && truth(*with_step);
  args.expect("linspace", 0, 6);
  if (count < 0) throw Error(ErrorKind::ValueError, fmt::format("Number of samples, {}, must be non-negative.", count));
  const Array out = Array::empty(dtype, {count});
  const auto pieces = static_cast<double>(endpoint ? count - 1 : count);
  const double delta = stop - start, step = delta / pieces;
  for (int64_t i = 0; i < count; ++i) {
    double v = pieces > 0 ? (step == 0 ? static_cast<double>(i) / pieces * delta : static_cast<double>(i) * step)
                          : static_cast<double>(i) * delta;
    v += start;
    if (endpoint && count > 1 && i == count - 1) v = stop;
    if (dtype < DType::Float32) v = std::floor(v);
    store_as(dtype, static_cast<char*>(out.data()) + i * itemsize(dtype), v);
  }
  if (!retstep) return out;
  TypedScalar apart;
  apart.dtype = DType::Float64;
  store_as(apart.dtype, apart.bits, pieces > 0 ? step : std::nan(""));
  return Value(std::vector<Value>{out, apart});
}

Value array(Interpreter&, Args& args) {
  const Value value = args.need(0, "object");
  DType dtype;
  const DType* given = dtype_argument(args, 1, dtype);
  args.get(SIZE_MAX, "copy");
  const Value* order = args.get(SIZE_MAX, "order");
  const bool fortran = order && order->is<std::string>() && order->as_string() == "F";
  args.expect("array", 0, 2);
  const Array out =
      value.is<Array>() ? cast_array(value.array(), given ? *given : value.array().dtype()) : array_from(value, given);
  if (!fortran) return out;
  const std::vector<int64_t> reversed(out.shape().rbegin(), out.shape().rend());
  const Array base = Array::empty(out.dtype(), reversed);
  const Array view = base.view(0, out.shape(), std::vector<int64_t>(base.strides().rbegin(), base.strides().rend()));
  assign_array(view, out);
  return view;
}

Value as_array(Interpreter& interpreter, Args& args) {
  if (!args.values.empty() && args.values[0].is<Array>()) {
    DType dtype = args.values[0].array().dtype();
    dtype_argument(args, 1, dtype);
    if (dtype == args.values[0].array().dtype()) return args.values[0];
    return cast_array(args.values[0].array(), dtype);
  }
  return array(interpreter, args);
}
Value ascontiguousarray(Interpreter& interpreter, Args& args) {
  const Value out = as_array(interpreter, args);
  return out.array().is_c_contiguous() ? out : Value(out.array().copy());
}
Value asfortranarray(Interpreter& interpreter, Args& args) {
  const Array source = as_array(interpreter, args).array();
  if (source.is_f_contiguous()) return source;
  std::vector<int64_t> reversed(source.shape().rbegin(), source.shape().rend());
  const Array base = Array::empty(source.dtype(), reversed);
  const Array view = base.view(0, source.shape(), std::vector<int64_t>(base.strides().rbegin(), base.strides().rend()));
  assign_array(view, source);
  return view;
}

Value copy(Interpreter&, Args& args) { return args.need(0, "a").array().copy(); }
Value astype(Interpreter&, Args& args) { return cast_array(args.values[0].array(), to_dtype(args.need(1, "dtype"))); }

Value nested_list(const Array& array) {
  if (array.ndim() == 0) return to_python(load_element(array.dtype(), array.data()));
  std::vector<Value> out;
  for (int64_t i = 0; i < array.shape()[0]; ++i) {
    const Value item = element_or_row(array, i);
    out.push_back(item.is<Array>() ? nested_list(item.array()) : to_python(item));
  }
  return make<List>(std::move(out));
}
Value tolist(Interpreter&, Args& args) { return nested_list(args.values[0].array()); }
Value array_item(Interpreter& interpreter, Args& args) {
  const Array& array = args.values[0].array();
  if (args.size() == 1) {
    if (array.size() != 1) raise(ErrorKind::ValueError, "can only convert an array of size 1 to a Python scalar");
    return to_python(load_element(array.dtype(), array.data()));
  }
  if (args.size() == 2 && array.ndim() != 1)
    return to_python(index_array(interpreter, reshape(array, {-1}), args.values[1]));
  return to_python(index_array(interpreter, array, Value(Value::Tuple(args.values.begin() + 1, args.values.end()))));
}
Value scalar_item(Interpreter&, Args& args) { return to_python(args.values[0]); }
Value conjugate(Interpreter&, Args& args) {
  const Value& v = args.values[0];
  if (const auto* z = v.get_if<Complex>()) return std::conj(*z);
  const auto* typed = v.get_if<TypedScalar>();
  if (typed && typed->dtype >= DType::Complex64)
    return cast(typed->dtype, std::conj(load_complex(typed->dtype, typed->bits)));
  return v;
}
Value is_integer(Interpreter&, Args& args) {
  const double x = args.values[0].as_double();
  return std::isfinite(x) && x == std::floor(x);
}

Value fill(Interpreter&, Args& args) {
  args.expect("fill", 2, 2);
  const Array& array = args.values[0].array();
  if (array.readonly()) raise(ErrorKind::ValueError, "assignment destination is read-only");
  assign_array(array, args.values[1]);
  return {};
}
Value reshape_method(Interpreter&, Args& args) {
  args.expect("reshape", 2, SIZE_MAX);
  const bool separate = args.size() > 2 || is_number(args.values[1]);
  return reshape(args.values[0].array(),
                 to_shape(separate ? Value(Value::Tuple(args.values.begin() + 1, args.values.end())) : args.values[1]));
}
Value ravel(Interpreter&, Args& args) { return reshape(args.values[0].array(), {-1}); }
Value flatten(Interpreter&, Args& args) { return reshape(args.values[0].array().copy(), {-1}); }
Value transpose_method(Interpreter&, Args& args) {
  const Array& array = args.values[0].array();
  if (args.size() == 1) return array_attribute(array, "T");
  const bool separate = args.size() > 2 || is_number(args.values[1]);
  return transpose(
      array, to_shape(separate ? Value(Value::Tuple(args.values.begin() + 1, args.values.end())) : args.values[1]));
}

// Gives the indices of an array of this shape, in row-major order; false at the end.
std::function<bool(Value::Tuple&)> indices_of(std::vector<int64_t> shape) {
  const bool any = std::find(shape.begin(), shape.end(), 0) == shape.end();
  std::vector<int64_t> first(shape.size());
  return [shape = std::move(shape), at = std::move(first), more = any](Value::Tuple& out) mutable {
    if (!more) return false;
    out.assign(at.begin(), at.end());
    size_t axis = shape.size();
    while (axis > 0 && ++at[axis - 1] == shape[axis - 1]) at[--axis] = 0;
    more = axis > 0;
    return true;
  };
}
Value ndindex(Interpreter&, Args& args) {
  const bool separate = args.size() != 1 || is_number(args.values[0]);
  std::vector<int64_t> shape = to_shape(separate ? Value(Value::Tuple(args.values)) : args.values[0]);
  for (int64_t n : shape)
    if (n < 0) raise(ErrorKind::ValueError, "negative dimensions are not allowed");
  return make<Iterator>("ndindex", [next = indices_of(std::move(shape))](Value& out) {
    Value::Tuple index;
    if (!next(index)) return false;
    out = Value(std::move(index));
    return true;
  });
}
Value ndenumerate(Interpreter& interpreter, Args& args) {
  const Array array = args.need(0, "arr").array();
  return make<Iterator>("ndenumerate", [&interpreter, array,
                                        next = indices_of({array.shape().begin(), array.shape().end()})](Value& out) {
    Value::Tuple index;
    if (!next(index)) return false;
    Value element = index_array(interpreter, array, Value(index));
    out = Value(Value::Tuple{Value(std::move(index)), std::move(element)});
    return true;
  });
}

// The limits of a dtype: a package whose attributes limits_attribute() knows. Kernels know it by the same name.
Value iinfo(Interpreter&, Args& args) {
  args.expect("iinfo", 1, 1);
  const Value& v = args.values[0];
  const DType dtype = is_number(v) ? dtype_of_number(v) : to_dtype(v);
  if (dtype < DType::Int8 || dtype > DType::UInt64) raise(ErrorKind::ValueError, "Invalid integer data type");
  return make<Package>(fmt::format("numpy.iinfo.{}", name(dtype)));
}
Value finfo(Interpreter&, Args& args) {
  args.expect("finfo", 1, 1);
  const Value& v = args.values[0];
  const DType dtype = is_number(v) ? dtype_of_number(v) : to_dtype(v);
  if (dtype < DType::Float32) raise(ErrorKind::ValueError, "data type is not inexact");
  const bool single = dtype == DType::Float32 || dtype == DType::Complex64;
  return make<Package>(single ? "numpy.finfo.float32" : "numpy.finfo.float64");
}

template <typename T>
Value float_limit(std::string_view name) {
  using Limits = std::numeric_limits<T>;
  if (name == "eps") return Value::typed(Limits::epsilon());
  if (name == "max") return Value::typed(Limits::max());
  if (name == "min") return Value::typed(Limits::lowest());
  if (name == "tiny" || name == "smallest_normal") return Value::typed(Limits::min());
  if (name == "resolution") return Value::typed(static_cast<T>(sizeof(T) == 4 ? 1e-6 : 1e-15));
  if (name == "bits") return static_cast<int64_t>(8 * sizeof(T));
  return unbound();
}

constexpr NativeRow kRows[] = {
    {"numpy.iinfo", iinfo},
    {"numpy.finfo", finfo},
    {"numpy.empty", empty},
    {"numpy.zeros", zeros},
    {"numpy.ones", ones},
    {"numpy.full", full},
    {"numpy.empty_like", zeros_like},
    {"numpy.zeros_like", zeros_like},
    {"numpy.ones_like", ones_like},
    {"numpy.full_like", full_like},
    {"numpy.eye", identity},
    {"numpy.identity", square_identity},
    {"numpy.arange", arange},
    {"numpy.linspace", linspace},
    {"numpy.array", array},
    {"numpy.asarray", as_array},
    {"numpy.ascontiguousarray", ascontiguousarray},
    {"numpy.asfortranarray", asfortranarray},
    {"numpy.copy", copy},
    {"array.copy", copy},
    {"array.astype", astype},
    {"array.tolist", tolist},
    {"array.item", array_item},
    {"array.fill", fill},
    {"array.reshape", reshape_method},
    {"array.ravel", ravel},
    {"array.flatten", flatten},
    {"array.transpose", transpose_method},
    {"numpy.ndindex", ndindex},
    {"numba.pndindex", ndindex},
    {"kjit.pndindex", ndindex},
    {"numpy.ndenumerate", ndenumerate},
    {"numpy.reshape", reshape_method},
    {"numpy.ravel", ravel},
    {"numpy.transpose", transpose_method},
    {"scalar.item", scalar_item},
    {"scalar.tolist", scalar_item},
    {"scalar.conjugate", conjugate},
    {"scalar.is_integer", is_integer},
};

}  // namespace

std::span<const NativeRow> array_natives() { return kRows; }

Value limits_attribute(std::string_view package, std::string_view attribute) {
  if (package == "numpy.finfo.float32") return float_limit<float>(attribute);
  if (package == "numpy.finfo.float64") return float_limit<double>(attribute);
  constexpr std::string_view kIntegers = "numpy.iinfo.";
  sema::Scalar scalar;
  if (!package.starts_with(kIntegers) || !sema::parse_scalar(package.substr(kIntegers.size()), scalar))
    return unbound();
  return with_dtype(static_cast<DType>(scalar), [&](auto sample) -> Value {
    using T = decltype(sample);
    if constexpr (std::is_integral_v<T>) {
      if (attribute == "bits") return static_cast<int64_t>(8 * sizeof(T));
      if (attribute == "min") return static_cast<int64_t>(std::numeric_limits<T>::min());
      if (attribute == "max" && sizeof(T) == 8 && std::is_unsigned_v<T>) return make<WideInt>(UINT64_MAX);
      if (attribute == "max") return static_cast<int64_t>(std::numeric_limits<T>::max());
    }
    return unbound();
  });
}

Value to_python(const Value& number) {
  const auto* typed = number.get_if<TypedScalar>();
  if (!typed) return number;
  if (typed->dtype == DType::Bool) return typed->bits[0] != 0;
  if (typed->dtype >= DType::Complex64) return load_complex(typed->dtype, typed->bits);
  if (typed->dtype >= DType::Float32) return load_double(typed->dtype, typed->bits);
  if (typed->dtype == DType::UInt64) return narrowed(load_as<uint64_t>(typed->dtype, typed->bits));
  return number.as_int();
}

}  // namespace kjit::eval
