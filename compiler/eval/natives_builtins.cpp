// Python's built-in functions and types.
#include <fmt/format.h>
#include <kjit_rt/math.h>

#include <algorithm>
#include <cmath>

#include "eval/array_ops.h"
#include "eval/natives.h"
#include "eval/operators.h"
#include "eval/text.h"
#include "eval/wide_int.h"

namespace kjit::eval {

namespace {

Value print(Interpreter& interpreter, Args& args) {
  const Value* separator = args.get(SIZE_MAX, "sep");
  const Value* end = args.get(SIZE_MAX, "end");
  const Value* file = args.get(SIZE_MAX, "file");
  args.get(SIZE_MAX, "flush");
  const std::string between = separator && !separator->is_none() ? separator->as_string() : " ";
  const std::string last = end && !end->is_none() ? end->as_string() : "\n";
  args.expect("print", 0, SIZE_MAX);
  std::string text;
  for (size_t i = 0; i < args.size(); ++i) text += (i ? between : std::string()) + str(args.values[i]);
  text += last;
  const auto* stream = file ? as<Stream>(*file) : nullptr;
  if (file && !file->is_none() && !stream)
    raise(ErrorKind::TypeError, "print() writes to sys.stdout or sys.stderr only");
  if (stream && stream->error) {
    interpreter.host().write_error(text);
  } else {
    interpreter.write(text);
  }
  return {};
}

Value len(Interpreter&, Args& args) {
  args.expect("len", 1, 1);
  return length(args.values[0]);
}

Value range(Interpreter&, Args& args) {
  args.expect("range", 1, 3);
  const auto number = [&](size_t i) {
    const Value& v = args.values[i];
    if (v.is<double>()) raise(ErrorKind::TypeError, "'float' object cannot be interpreted as an integer");
    return v.as_int();
  };
  const int64_t step = args.size() == 3 ? number(2) : 1;
  if (step == 0) raise(ErrorKind::ValueError, "range() arg 3 must not be zero");
  return args.size() == 1 ? make<Range>(0, number(0), step) : make<Range>(number(0), number(1), step);
}

Value abs(Interpreter& interpreter, Args& args) {
  args.expect("abs", 1, 1);
  const Value& v = args.values[0];
  if (const int64_t* n = v.get_if<int64_t>()) return *n < 0 ? int_sub(0, *n) : *n;
  if (const double* x = v.get_if<double>()) return std::fabs(*x);
  if (v.is<bool>()) return v.as_int();
  if (const auto* z = v.get_if<Complex>()) return std::hypot(z->real(), z->imag());
  if (const auto* typed = v.get_if<TypedScalar>()) {
    return with_dtype(typed->dtype, [&](auto x) -> Value {
      using T = decltype(x);
      std::memcpy(&x, typed->bits, sizeof x);
      if constexpr (kIsComplex<T>)
        return Value::typed(std::hypot(x.real(), x.imag()));
      else if constexpr (std::is_floating_point_v<T>)
        return Value::typed(std::fabs(x));
      else
        return x < T{} ? Value::typed(static_cast<T>(0 - x)) : v;
    });
  }
  return interpreter.compiled("abs(a0)", {v});
}

// min and max of the arguments or of one iterable, with key= and default=.
Value extreme(Interpreter& interpreter, Args& args, const char* name, bool want_less) {
  const Value* key_argument = args.get(SIZE_MAX, "key");
  const Value key = key_argument ? *key_argument : Value();
  const Value* otherwise_argument = args.get(SIZE_MAX, "default");
  Value otherwise = otherwise_argument ? *otherwise_argument : unbound();
  args.expect(name, 1, SIZE_MAX);
  const std::vector<Value> items = args.size() == 1 ? to_vector(args.values[0]) : args.values;
  if (items.empty()) {
    if (!is_unbound(otherwise)) return otherwise;
    throw Error(ErrorKind::ValueError, fmt::format("{}() arg is an empty sequence", name));
  }
  const auto keyed = [&](const Value& v) { return key.is_none() ? v : interpreter.call(key, Args({v})); };
  Value best = items[0], best_key = keyed(best);
  for (size_t i = 1; i < items.size(); ++i) {
    Value k = keyed(items[i]);
    if (!(want_less ? less(interpreter, k, best_key) : less(interpreter, best_key, k))) continue;
    best = items[i];
    best_key = std::move(k);
  }
  return best;
}
Value min(Interpreter& interpreter, Args& args) { return extreme(interpreter, args, "min", true); }
Value max(Interpreter& interpreter, Args& args) { return extreme(interpreter, args, "max", false); }

Value sum(Interpreter& interpreter, Args& args) {
  const Value* start = args.get(1, "start");
  Value total = start ? *start : Value(0);
  args.expect("sum", 1, 2);
  const auto iterator = iterate(args.values[0]);
  for (Value item; iterator->next(item);) {
    interpreter.poll();
    total = binary(interpreter, BinaryOp::Add, total, item);
  }
  return total;
}

double round_digits(double x, int64_t digits) {
  const double rounded = kjit_f64_round_digits(x, digits);
  if (std::isinf(rounded) && !std::isinf(x)) raise(ErrorKind::OverflowError, "rounded value too large to represent");
  return rounded;
}

Value round(Interpreter&, Args& args) {
  const Value* digits_argument = args.get(1, "ndigits");
  const Value digits = digits_argument ? *digits_argument : Value();
  args.expect("round", 1, 2);
  const Value& v = args.values[0];
  const auto* typed = v.get_if<TypedScalar>();
  const bool whole = v.is<int64_t>() || v.is<bool>() || (typed && typed->dtype < DType::Float32);
  if (whole && (digits.is_none() || digits.as_int() >= 0)) return v.is<bool>() ? Value(v.as_int()) : v;
  const double x = v.as_double();
  if (!digits.is_none()) {
    const double rounded = round_digits(x, digits.as_int());
    if (whole) return static_cast<int64_t>(rounded);
    return typed ? cast(typed->dtype, rounded) : Value(rounded);
  }
  if (std::isnan(x)) raise(ErrorKind::ValueError, "cannot convert float NaN to integer");
  if (std::isinf(x)) raise(ErrorKind::OverflowError, "cannot convert float infinity to integer");
  const double nearest = std::nearbyint(x);
  if (std::fabs(nearest) >= 9223372036854775808.0) int_overflow();
  return static_cast<int64_t>(nearest);
}

Value pow(Interpreter& interpreter, Args& args) {
  args.expect("pow", 2, 3);
  if (args.size() == 2) return binary(interpreter, BinaryOp::Pow, args.values[0], args.values[1]);
  const int64_t modulus = args.values[2].as_int();
  int64_t exponent = args.values[1].as_int();
  if (modulus == 0) raise(ErrorKind::ValueError, "pow() 3rd argument cannot be 0");
  if (exponent < 0) raise(ErrorKind::ValueError, "pow() with a modulus and a negative exponent is not supported");
  const auto reduce = [&](__int128 v) {
    const auto r = static_cast<int64_t>(v % modulus);
    return r != 0 && (r < 0) != (modulus < 0) ? r + modulus : r;
  };
  int64_t base = reduce(args.values[0].as_int()), result = reduce(1);
  for (; exponent > 0; exponent >>= 1, base = reduce(static_cast<__int128>(base) * base))
    if (exponent & 1) result = reduce(static_cast<__int128>(result) * base);
  return result;
}

Value divmod(Interpreter& interpreter, Args& args) {
  args.expect("divmod", 2, 2);
  return Value(Value::Tuple{binary(interpreter, BinaryOp::FloorDiv, args.values[0], args.values[1]),
                            binary(interpreter, BinaryOp::Mod, args.values[0], args.values[1])});
}

Value to_list(Interpreter&, Args& args) {
  args.expect("list", 0, 1);
  return make<List>(args.values.empty() ? std::vector<Value>() : to_vector(args.values[0]));
}
Value to_tuple(Interpreter&, Args& args) {
  args.expect("tuple", 0, 1);
  return Value(args.values.empty() ? std::vector<Value>() : to_vector(args.values[0]));
}
Value slice(Interpreter&, Args& args) {
  args.expect("slice", 1, 3);
  if (args.size() == 1) return make<SliceObject>(Value(), args.values[0], Value());
  return make<SliceObject>(args.values[0], args.values[1], args.size() > 2 ? args.values[2] : Value());
}

Value lazy(const char* name, std::function<bool(Value&)> next) { return make<Iterator>(name, std::move(next)); }

Value enumerate(Interpreter&, Args& args) {
  const Value* start = args.get(1, "start");
  const int64_t from = start ? start->as_int() : 0;
  args.expect("enumerate", 1, 2);
  return lazy("enumerate", [source = iterate(args.values[0]), i = from](Value& out) mutable {
    Value item;
    if (!source->next(item)) return false;
    out = Value(Value::Tuple{Value(i++), std::move(item)});
    return true;
  });
}

Value zip(Interpreter&, Args& args) {
  const Value* strict_argument = args.get(SIZE_MAX, "strict");
  const bool strict = strict_argument && truth(*strict_argument);
  args.expect("zip", 0, SIZE_MAX);
  std::vector<std::shared_ptr<Iterator>> sources;
  for (const Value& v : args.values) sources.push_back(iterate(v));
  return lazy("zip", [sources, strict](Value& out) {
    Value::Tuple items(sources.size());
    for (size_t i = 0; i < sources.size(); ++i) {
      if (sources[i]->next(items[i])) continue;
      Value more;
      if (strict && i > 0) raise(ErrorKind::ValueError, "zip() arguments have different lengths");
      for (size_t k = 1; strict && k < sources.size(); ++k)
        if (sources[k]->next(more)) raise(ErrorKind::ValueError, "zip() arguments have different lengths");
      return false;
    }
    out = Value(std::move(items));
    return !sources.empty();
  });
}

Value map(Interpreter& interpreter, Args& args) {
  args.expect("map", 2, SIZE_MAX);
  std::vector<std::shared_ptr<Iterator>> sources;
  for (size_t i = 1; i < args.size(); ++i) sources.push_back(iterate(args.values[i]));
  return lazy("map", [&interpreter, sources, function = args.values[0]](Value& out) {
    Args call;
    call.values.resize(sources.size());
    for (size_t i = 0; i < sources.size(); ++i)
      if (!sources[i]->next(call.values[i])) return false;
    out = interpreter.call(function, std::move(call));
    return true;
  });
}

Value filter(Interpreter& interpreter, Args& args) {
  args.expect("filter", 2, 2);
  return lazy("filter", [&interpreter, function = args.values[0], source = iterate(args.values[1])](Value& out) {
    while (source->next(out))
      if (truth(function.is_none() ? out : interpreter.call(function, Args({out})))) return true;
    return false;
  });
}

Value reversed(Interpreter&, Args& args) {
  args.expect("reversed", 1, 1);
  return lazy("reversed", [items = to_vector(args.values[0])](Value& out) mutable {
    if (items.empty()) return false;
    out = std::move(items.back());
    items.pop_back();
    return true;
  });
}

Value iter(Interpreter&, Args& args) {
  args.expect("iter", 1, 1);
  return Value(std::static_pointer_cast<Object>(iterate(args.values[0])));
}
Value next(Interpreter&, Args& args) {
  args.expect("next", 1, 2);
  Value out;
  if (iterate(args.values[0])->next(out)) return out;
  if (args.size() > 1) return args.values[1];
  raise(ErrorKind::StopIteration, "");
}

Value sorted(Interpreter& interpreter, Args& args) {
  const Value* key = args.get(SIZE_MAX, "key");
  const Value* reverse = args.get(SIZE_MAX, "reverse");
  args.expect("sorted", 1, 1);
  std::vector<Value> items = to_vector(args.values[0]);
  sort_values(interpreter, items, key ? *key : Value(), reverse && truth(*reverse));
  return make<List>(std::move(items));
}

Value all(Interpreter& interpreter, Args& args) {
  args.expect("all", 1, 1);
  const auto iterator = iterate(args.values[0]);
  for (Value item; iterator->next(item); interpreter.poll())
    if (!truth(item)) return false;
  return true;
}
Value any(Interpreter& interpreter, Args& args) {
  args.expect("any", 1, 1);
  const auto iterator = iterate(args.values[0]);
  for (Value item; iterator->next(item); interpreter.poll())
    if (truth(item)) return true;
  return false;
}

bool is_instance(const Value& value, const Value& type) {
  if (const auto* tuple = type.get_if<std::shared_ptr<const Value::Tuple>>())
    return std::any_of((*tuple)->begin(), (*tuple)->end(), [&](const Value& t) { return is_instance(value, t); });
  const auto* typed = value.get_if<TypedScalar>();
  if (const DType* dtype = type.get_if<DType>()) return typed && typed->dtype == *dtype;
  std::string_view name = builtin_name(type);
  if (name == "numpy.ndarray") return value.is<Array>();
  ErrorKind kind;
  if (exception_kind(name, kind)) {
    const auto* exception = as<ExceptionObject>(value);
    return exception && (exception->kind == kind || kind == ErrorKind::Exception);
  }
  if (!name.starts_with("builtins."))
    throw Error(ErrorKind::TypeError, "isinstance() arg 2 must be a type or a tuple of types");
  name.remove_prefix(9);
  if (typed && name == "float") return typed->dtype == DType::Float64;
  if (typed && name == "complex") return typed->dtype == DType::Complex128;
  return type_name(value) == name || (name == "int" && value.is<bool>()) || name == "object";
}

Value isinstance(Interpreter&, Args& args) {
  args.expect("isinstance", 2, 2);
  return is_instance(args.values[0], args.values[1]);
}

Value type(Interpreter& interpreter, Args& args) {
  args.expect("type", 1, 1);
  const Value& v = args.values[0];
  if (const auto* typed = v.get_if<TypedScalar>()) return typed->dtype;
  if (v.is<Array>()) return make<Builtin>("numpy.ndarray", nullptr);
  const Value known = interpreter.builtin("builtins." + type_name(v));
  return is_unbound(known) ? make<Builtin>("builtins." + type_name(v), nullptr) : known;
}

Value callable(Interpreter&, Args& args) {
  args.expect("callable", 1, 1);
  const Value& v = args.values[0];
  return as<FunctionObject>(v) || as<Builtin>(v) || as<BoundMethod>(v) || v.is<DType>();
}

constexpr NativeRow kRows[] = {
    {"builtins.print", print},   {"builtins.len", len},
    {"builtins.range", range},   {"builtins.abs", abs},
    {"builtins.min", min},       {"builtins.max", max},
    {"builtins.sum", sum},       {"builtins.round", round},
    {"builtins.pow", pow},       {"builtins.divmod", divmod},
    {"builtins.list", to_list},  {"builtins.tuple", to_tuple},
    {"builtins.slice", slice},   {"builtins.enumerate", enumerate},
    {"builtins.zip", zip},       {"builtins.map", map},
    {"builtins.filter", filter}, {"builtins.reversed", reversed},
    {"builtins.iter", iter},     {"builtins.next", next},
    {"builtins.sorted", sorted}, {"builtins.all", all},
    {"builtins.any", any},       {"builtins.isinstance", isinstance},
    {"builtins.type", type},     {"builtins.callable", callable},
};

}  // namespace

std::span<const NativeRow> builtin_natives() { return kRows; }

// Stable, and safe with an order that is none (nan), which is why it is not the standard library's.
template <typename T, typename Less>
void merge_sort(std::vector<T>& items, size_t begin, size_t end, std::vector<T>& scratch, const Less& less) {
  if (end - begin < 2) return;
  const size_t middle = begin + (end - begin) / 2;
  merge_sort(items, begin, middle, scratch, less);
  merge_sort(items, middle, end, scratch, less);
  scratch.clear();
  size_t i = begin, k = middle;
  while (i < middle && k < end) scratch.push_back(std::move(less(items[k], items[i]) ? items[k++] : items[i++]));
  while (i < middle) scratch.push_back(std::move(items[i++]));
  while (k < end) scratch.push_back(std::move(items[k++]));
  std::move(scratch.begin(), scratch.end(), items.begin() + static_cast<ptrdiff_t>(begin));
}

void sort_values(Interpreter& interpreter, std::vector<Value>& items, const Value& key, bool reverse) {
  std::vector<std::pair<Value, Value>> keyed;
  for (Value& item : items) keyed.emplace_back(key.is_none() ? item : interpreter.call(key, Args({item})), item);
  if (reverse) std::reverse(keyed.begin(), keyed.end());  // equal items keep their order either way
  std::vector<std::pair<Value, Value>> scratch;
  merge_sort(keyed, 0, keyed.size(), scratch,
             [&](const auto& a, const auto& b) { return less(interpreter, a.first, b.first); });
  if (reverse) std::reverse(keyed.begin(), keyed.end());
  for (size_t i = 0; i < items.size(); ++i) items[i] = std::move(keyed[i].second);
}

Native find_native(std::string_view name) {
  for (const auto part :
       {builtin_natives(), conversion_natives(), math_natives(), list_natives(), string_natives(), array_natives(),
        file_natives(), random_natives(), system_natives(), cuda_natives(), cuda_reduce_natives()})
    for (const NativeRow& row : part)
      if (row.name == name) return row.function;
  return nullptr;
}

}  // namespace kjit::eval
