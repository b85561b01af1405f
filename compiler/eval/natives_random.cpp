// numpy.random: the legacy generator, as NumPy's module-level functions use it.
#include <fmt/format.h>
#include <kjit_rt/random.h>

#include "eval/array_ops.h"
#include "eval/natives.h"
#include "eval/operators.h"

namespace kjit::eval {

namespace {

// A number when `shape` is null or None, else an array of that shape filled by f(out, n).
template <typename T, typename F>
Value draw(const Value* shape, F fill) {
  if (!shape || shape->is_none()) {
    T one;
    fill(&one, int64_t{1});
    if constexpr (std::is_same_v<T, double>)
      return one;
    else
      return static_cast<int64_t>(one);
  }
  Array out = Array::empty(dtype_of<T>::value, to_shape(*shape));
  fill(static_cast<T*>(out.data()), out.size());
  return out;
}

Value shape_of_arguments(const Args& args) { return args.values.empty() ? Value() : Value(args.values); }

Value seed(Interpreter& interpreter, Args& args) {
  const Value value = args.need(0, "seed");
  if (is_number(value)) {
    const int64_t n = value.as_int();
    if (n < 0 || n > INT64_C(0xffffffff)) raise(ErrorKind::ValueError, "Seed must be between 0 and 2**32 - 1");
    kjit_random_seed(interpreter.random(), static_cast<uint32_t>(n));
    return {};
  }
  std::vector<uint32_t> key;
  for (const Value& v : to_vector(value)) {
    const int64_t n = v.as_int();
    if (n < 0 || n > INT64_C(0xffffffff)) raise(ErrorKind::ValueError, "Seed must be between 0 and 2**32 - 1");
    key.push_back(static_cast<uint32_t>(n));
  }
  if (key.empty()) raise(ErrorKind::ValueError, "Seed must be non-empty");
  kjit_random_seed_array(interpreter.random(), key.data(), static_cast<int64_t>(key.size()));
  return {};
}

Value uniform01(Interpreter& interpreter, const Value* shape) {
  return draw<double>(shape, [&](double* out, int64_t n) { kjit_random_fill_f64(interpreter.random(), out, n); });
}
Value gauss(Interpreter& interpreter, const Value* shape) {
  return draw<double>(shape, [&](double* out, int64_t n) { kjit_random_fill_gauss(interpreter.random(), out, n); });
}
Value rand(Interpreter& interpreter, Args& args) {
  args.expect("rand", 0, SIZE_MAX);
  const Value shape = shape_of_arguments(args);
  return uniform01(interpreter, &shape);
}
Value randn(Interpreter& interpreter, Args& args) {
  args.expect("randn", 0, SIZE_MAX);
  const Value shape = shape_of_arguments(args);
  return gauss(interpreter, &shape);
}
Value random(Interpreter& interpreter, Args& args) {
  const Value* shape = args.get(0, "size");
  return uniform01(interpreter, shape);
}
Value standard_normal(Interpreter& interpreter, Args& args) { return gauss(interpreter, args.get(0, "size")); }

double parameter(Args& args, size_t i, const char* name, double otherwise) {
  const Value* v = args.get(i, name);
  return v ? v->as_double() : otherwise;
}

Value uniform(Interpreter& interpreter, Args& args) {
  const double low = parameter(args, 0, "low", 0), high = parameter(args, 1, "high", 1);
  return draw<double>(args.get(2, "size"), [&](double* out, int64_t n) {
    kjit_random_fill_uniform(interpreter.random(), low, high, out, n);
  });
}
Value normal(Interpreter& interpreter, Args& args) {
  const double mean = parameter(args, 0, "loc", 0), deviation = parameter(args, 1, "scale", 1);
  if (deviation < 0) raise(ErrorKind::ValueError, "scale < 0");
  return draw<double>(args.get(2, "size"), [&](double* out, int64_t n) {
    kjit_random_fill_normal(interpreter.random(), mean, deviation, out, n);
  });
}
Value exponential(Interpreter& interpreter, Args& args) {
  const double scale = parameter(args, 0, "scale", 1);
  if (scale < 0) raise(ErrorKind::ValueError, "scale < 0");
  return draw<double>(args.get(1, "size"), [&](double* out, int64_t n) {
    kjit_random_fill_exponential(interpreter.random(), scale, out, n);
  });
}
Value gamma(Interpreter& interpreter, Args& args) {
  const double shape = args.need(0, "shape").as_double(), scale = parameter(args, 1, "scale", 1);
  if (shape < 0) raise(ErrorKind::ValueError, "shape < 0");
  if (scale < 0) raise(ErrorKind::ValueError, "scale < 0");
  return draw<double>(args.get(2, "size"), [&](double* out, int64_t n) {
    kjit_random_fill_gamma(interpreter.random(), shape, scale, out, n);
  });
}
Value poisson(Interpreter& interpreter, Args& args) {
  const double lambda = parameter(args, 0, "lam", 1);
  if (!(lambda >= 0)) raise(ErrorKind::ValueError, "lam < 0 or lam is NaN");
  return draw<int64_t>(args.get(1, "size"), [&](int64_t* out, int64_t n) {
    kjit_random_fill_poisson(interpreter.random(), lambda, out, n);
  });
}

Value randint(Interpreter& interpreter, Args& args) {
  int64_t low = args.need(0, "low").as_int(), high = 0;
  const Value* high_argument = args.get(1, "high");
  if (high_argument && !high_argument->is_none()) {
    high = high_argument->as_int();
  } else {
    high = low, low = 0;
  }
  const Value* size = args.get(2, "size");
  const Value shape = size ? *size : Value();
  const Value* dtype_argument = args.get(3, "dtype");
  const DType dtype = dtype_argument ? to_dtype(*dtype_argument) : DType::Int64;
  if (low >= high) raise(ErrorKind::ValueError, "low >= high");
  const uint64_t range = static_cast<uint64_t>(high) - static_cast<uint64_t>(low) - 1;
  Array out = Array::empty(dtype, shape.is_none() ? std::vector<int64_t>{} : to_shape(shape));
  if (!kjit_random_fill_integers(interpreter.random(), static_cast<int32_t>(dtype), low, range, out.data(), out.size()))
    throw Error(ErrorKind::TypeError, fmt::format("Unsupported dtype dtype('{}') for randint", name(dtype)));
  if (!shape.is_none()) return out;
  const Value one = load_element(dtype, out.data());
  return dtype_argument ? one : Value(one.as_int());
}

Value permutation(Interpreter& interpreter, Args& args) {
  args.expect("permutation", 1, 1);
  const Value& v = args.values[0];
  if (!is_number(v)) {
    Array out = v.is<Array>() ? v.array().copy() : array_from(v, nullptr);
    if (out.ndim() != 1)
      raise(ErrorKind::NotImplementedError, "permutation() of more than one dimension is not supported");
    kjit_random_shuffle(interpreter.random(), out.data(), out.size(), itemsize(out.dtype()), itemsize(out.dtype()));
    return out;
  }
  Array out = Array::empty(DType::Int64, {std::max<int64_t>(v.as_int(), 0)});
  kjit_random_permutation(interpreter.random(), out.data<int64_t>(), out.size());
  return out;
}

Value shuffle(Interpreter& interpreter, Args& args) {
  args.expect("shuffle", 1, 1);
  if (auto* list = as<List>(args.values[0])) {
    for (size_t i = list->items.size(); i-- > 1;)
      std::swap(list->items[i], list->items[kjit_random_interval(interpreter.random(), i)]);
    return {};
  }
  const Array& array = args.values[0].array();
  if (array.readonly()) raise(ErrorKind::ValueError, "array is read-only");
  if (array.ndim() != 1) raise(ErrorKind::NotImplementedError, "shuffle() of more than one dimension is not supported");
  kjit_random_shuffle(interpreter.random(), array.data(), array.size(), itemsize(array.dtype()), array.strides()[0]);
  return {};
}

Value choice(Interpreter& interpreter, Args& args) {
  const Value from = args.need(0, "a");
  const Value* size = args.get(1, "size");
  const Value shape = size ? *size : Value();
  const Value* replace = args.get(2, "replace");
  const bool again = !replace || truth(*replace);
  args.expect("choice", 1, 3);
  const int64_t count = is_number(from) ? from.as_int() : length(from);
  if (count <= 0) raise(ErrorKind::ValueError, "a must be greater than 0 unless no samples are taken");
  Array at = Array::empty(DType::Int64, shape.is_none() ? std::vector<int64_t>{} : to_shape(shape));
  if (again) {
    kjit_random_fill_integers(interpreter.random(), static_cast<int32_t>(DType::Int64), 0,
                              static_cast<uint64_t>(count) - 1, at.data(), at.size());
  } else {
    if (at.size() > count)
      raise(ErrorKind::ValueError, "Cannot take a larger sample than population when 'replace=False'");
    Array all = Array::empty(DType::Int64, {count});
    kjit_random_permutation(interpreter.random(), all.data<int64_t>(), count);
    std::memcpy(at.data(), all.data(), static_cast<size_t>(at.size()) * sizeof(int64_t));
  }
  const auto* indices = at.data<int64_t>();
  if (shape.is_none()) return is_number(from) ? Value(indices[0]) : load_item(interpreter, from, indices[0]);
  if (is_number(from)) return at;
  const Array source = from.is<Array>() ? from.array().copy() : array_from(from, nullptr);
  if (source.ndim() != 1) raise(ErrorKind::ValueError, "a must be 1-dimensional");
  Array out = Array::empty(source.dtype(), at.shape());
  const int item = itemsize(source.dtype());
  for (int64_t i = 0; i < out.size(); ++i)
    std::memcpy(static_cast<char*>(out.data()) + i * item, static_cast<const char*>(source.data()) + indices[i] * item,
                item);
  return out;
}

constexpr NativeRow kRows[] = {
    {"numpy.random.seed", seed},
    {"numpy.random.rand", rand},
    {"numpy.random.randn", randn},
    {"numpy.random.random", random},
    {"numpy.random.random_sample", random},
    {"numpy.random.standard_normal", standard_normal},
    {"numpy.random.uniform", uniform},
    {"numpy.random.normal", normal},
    {"numpy.random.exponential", exponential},
    {"numpy.random.gamma", gamma},
    {"numpy.random.poisson", poisson},
    {"numpy.random.randint", randint},
    {"numpy.random.permutation", permutation},
    {"numpy.random.shuffle", shuffle},
    {"numpy.random.choice", choice},
};

}  // namespace

std::span<const NativeRow> random_natives() { return kRows; }

kjit_random* Interpreter::random() { return host_.random(); }

}  // namespace kjit::eval
