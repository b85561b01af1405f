// Operators by sort of operand.
#include "eval/operators.h"

#include <fmt/format.h>

#include "eval/array_ops.h"
#include "eval/gpu.h"
#include "eval/text.h"
#include "eval/wide_int.h"
#include "sema/library.h"
#include "sema/promotion.h"

namespace kjit::eval {

namespace {

[[noreturn]] void unsupported(BinaryOp op, const Value& a, const Value& b) {
  throw Error(ErrorKind::TypeError, fmt::format("unsupported operand type(s) for {}: '{}' and '{}'", spelling(op),
                                                type_name(a), type_name(b)));
}

// bool counts as int among Python's numbers.
Value plain(const Value& v) { return v.is<bool>() ? Value(v.as_int()) : v; }

bool may_leave_64_bits(BinaryOp op) {
  return op == BinaryOp::Add || op == BinaryOp::Sub || op == BinaryOp::Mul || op == BinaryOp::Pow ||
         op == BinaryOp::LShift || op == BinaryOp::FloorDiv;
}

bool is_bit_op(BinaryOp op) { return op == BinaryOp::BitAnd || op == BinaryOp::BitOr || op == BinaryOp::BitXor; }

// The dtype in which a number with a dtype meets another number: NumPy 2's rules, Python's own numbers being weak.
DType common_dtype(const Value& a, const Value& b) {
  const auto* x = a.get_if<TypedScalar>();
  const auto* y = b.get_if<TypedScalar>();
  const auto promote = [](DType p, DType q) {
    return static_cast<DType>(sema::promote(static_cast<sema::Scalar>(p), static_cast<sema::Scalar>(q)));
  };
  if (x && y) return promote(x->dtype, y->dtype);
  const DType strong = x ? x->dtype : y->dtype;
  const Value& weak = x ? b : a;
  if (weak.is<bool>()) return promote(strong, DType::Bool);
  if (weak.is<int64_t>()) return strong == DType::Bool ? DType::Int64 : strong;
  if (weak.is<double>()) return strong < DType::Float32 ? DType::Float64 : strong;
  if (strong >= DType::Complex64) return strong;
  return strong == DType::Float32 ? DType::Complex64 : DType::Complex128;
}

Value number_binary(BinaryOp op, const Value& a, const Value& b) {
  if (a.is<TypedScalar>() || b.is<TypedScalar>()) {
    const DType dtype = common_dtype(a, b);
    const Value x = cast(dtype, a), y = cast(dtype, b);
    return with_dtype(dtype, [&](auto left) {
      auto right = left;
      std::memcpy(&left, x.get_if<TypedScalar>()->bits, sizeof left);
      std::memcpy(&right, y.get_if<TypedScalar>()->bits, sizeof right);
      return typed_binary(op, left, right);
    });
  }
  if (a.is<bool>() && b.is<bool>() && is_bit_op(op)) return int_binary(op, a.as_int(), b.as_int()).as_int() != 0;
  if (a.is<Complex>() || b.is<Complex>()) return complex_binary(op, a.as_complex(), b.as_complex());
  if (a.is<double>() || b.is<double>()) {
    if (is_bit_op(op) || op == BinaryOp::LShift || op == BinaryOp::RShift || op == BinaryOp::MatMul)
      unsupported(op, a, b);
    return float_binary(op, a.as_double(), b.as_double());
  }
  if (may_leave_64_bits(op)) return wide_binary(op, a, b);
  return int_binary(op, plain(a).as_int(), plain(b).as_int());
}

template <typename T>
std::vector<T> repeated(const std::vector<T>& items, int64_t times) {
  std::vector<T> out;
  for (int64_t i = 0; i < times; ++i) out.insert(out.end(), items.begin(), items.end());
  return out;
}

Value repeat(const Value& sequence, int64_t times) {
  if (times > 0 && length(sequence) > (int64_t{1} << 30) / times)
    raise(ErrorKind::MemoryError, "the sequence would be too long");
  if (const auto* text = sequence.get_if<std::string>()) {
    std::string out;
    for (int64_t i = 0; i < times; ++i) out += *text;
    return out;
  }
  if (const auto* list = as<List>(sequence)) return make<List>(repeated(list->items, times));
  return Value(repeated(sequence.as_tuple(), times));
}

bool is_tuple(const Value& v) { return v.is<std::shared_ptr<const Value::Tuple>>(); }
bool is_sequence(const Value& v) { return v.is<std::string>() || as<List>(v) || is_tuple(v); }
bool is_index(const Value& v) {
  const auto* typed = v.get_if<TypedScalar>();
  return v.is<int64_t>() || v.is<bool>() || (typed && typed->dtype < DType::Float32);
}

Value concatenated(const Value& a, const Value& b) {
  const std::vector<Value> left = to_vector(a);
  std::vector<Value> items = left;
  for (const Value& item : to_vector(b)) items.push_back(item);
  return as<List>(a) ? make<List>(std::move(items)) : Value(std::move(items));
}

}  // namespace

bool is_number(const Value& v) {
  return v.is<int64_t>() || v.is<double>() || v.is<TypedScalar>() || v.is<bool>() || v.is<Complex>();
}

Value cast(DType dtype, const Value& number) {
  TypedScalar out;
  out.dtype = dtype;
  store_element(dtype, out.bits, number);
  return out;
}

Value binary(Interpreter& interpreter, BinaryOp op, const Value& a, const Value& b) {
  if (as<WideInt>(a) || as<WideInt>(b)) {
    if (is_python_int(a) && is_python_int(b)) return wide_binary(op, a, b);
    const bool with_real = a.is<double>() || b.is<double>() || a.is<Complex>() || b.is<Complex>();
    const auto other = [&](const Value& v) {
      const auto* wide = as<WideInt>(v);
      return wide && with_real ? Value(static_cast<double>(wide->value)) : without_wide(v);
    };
    return binary(interpreter, op, other(a), other(b));
  }
  if (is_number(a) && is_number(b)) {
    if ((a.is<int64_t>() || a.is<bool>()) && (b.is<int64_t>() || b.is<bool>()) && op == BinaryOp::MatMul)
      unsupported(op, a, b);
    return number_binary(op, a, b);
  }
  if (a.is<Array>() || b.is<Array>()) {
    const auto operand = [&](const Value& v) {
      return is_sequence(v) && !v.is<std::string>() ? Value(array_from(v, nullptr)) : v;
    };
    return interpreter.compiled(fmt::format("a0 {} a1", spelling(op)), {operand(a), operand(b)});
  }
  if (op == BinaryOp::Add) {
    const auto* x = a.get_if<std::string>();
    const auto* y = b.get_if<std::string>();
    if (x && y) return *x + *y;
    if ((as<List>(a) && as<List>(b)) || (is_tuple(a) && is_tuple(b))) return concatenated(a, b);
    if (x) throw Error(ErrorKind::TypeError, fmt::format("can only concatenate str (not \"{}\") to str", type_name(b)));
  }
  if (op == BinaryOp::Mul) {
    if (is_sequence(a) && is_index(b)) return repeat(a, b.as_int());
    if (is_index(a) && is_sequence(b)) return repeat(b, a.as_int());
  }
  if (op == BinaryOp::Mod && a.is<std::string>()) return percent_format(a.as_string(), b);
  unsupported(op, a, b);
}

Value binary_in_place(Interpreter& interpreter, BinaryOp op, const Value& a, const Value& b) {
  if (auto* list = as<List>(a)) {
    if (op == BinaryOp::Add) {
      for (Value& item : to_vector(b)) list->items.push_back(std::move(item));
      return a;
    }
    if (op == BinaryOp::Mul && is_index(b)) {
      list->items = repeated(list->items, b.as_int());
      return a;
    }
  }
  if (const Array* array = a.get_if<Array>()) {
    if (array->readonly()) raise(ErrorKind::ValueError, "output array is read-only");
    assign_array(*array, binary(interpreter, op, a, b));
    return a;
  }
  return binary(interpreter, op, a, b);
}

Value unary(Interpreter& interpreter, ast::UnaryOpKind op, const Value& a) {
  using Op = ast::UnaryOpKind;
  if (op == Op::Not) return !truth(a);
  if (a.is<Array>()) return interpreter.compiled(fmt::format("{}a0", spelling(op)), {a});
  if (const auto* wide = as<WideInt>(a)) {
    const __int128 v = wide->value;
    return narrowed(op == Op::Neg ? -v : op == Op::Invert ? ~v : v);
  }
  if (const auto* typed = a.get_if<TypedScalar>()) {
    return with_dtype(typed->dtype, [&](auto v) -> Value {
      using T = decltype(v);
      std::memcpy(&v, typed->bits, sizeof v);
      if (op == Op::Pos) return a;
      if constexpr (std::is_same_v<T, bool>) {
        if (op == Op::Invert) return Value::typed<bool>(!v);
        raise(ErrorKind::TypeError, "The numpy boolean negative, the `-` operator, is not supported");
      } else if constexpr (std::is_integral_v<T>) {
        return Value::typed<T>(op == Op::Neg ? static_cast<T>(0 - static_cast<std::make_unsigned_t<T>>(v))
                                             : static_cast<T>(~v));
      } else {
        if (op == Op::Neg) return Value::typed<T>(-v);
        raise(ErrorKind::TypeError, "ufunc 'invert' not supported for the input types");
      }
    });
  }
  const Value v = plain(a);
  if (const int64_t* n = v.get_if<int64_t>()) {
    if (op == Op::Neg) return narrowed(-static_cast<__int128>(*n));
    return op == Op::Invert ? ~*n : *n;
  }
  if (op != Op::Invert) {
    if (const double* x = v.get_if<double>()) return op == Op::Neg ? -*x : *x;
    if (const Complex* z = v.get_if<Complex>()) return op == Op::Neg ? -*z : *z;
  }
  throw Error(ErrorKind::TypeError, fmt::format("bad operand type for unary {}: '{}'", spelling(op), type_name(a)));
}

bool truth(const Value& value) {
  if (const bool* v = value.get_if<bool>()) return *v;
  if (const int64_t* v = value.get_if<int64_t>()) return *v != 0;
  if (const double* v = value.get_if<double>()) return *v != 0;
  if (value.is_none()) return false;
  if (is_number(value)) return value.as_complex() != Complex(0);
  if (const auto* v = value.get_if<std::string>()) return !v->empty();
  if (is_sequence(value) || as<Range>(value)) return length(value) != 0;
  if (const Array* array = value.get_if<Array>()) {
    if (array->size() != 1)
      raise(ErrorKind::ValueError,
            "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()");
    return truth(load_element(array->dtype(), array->data()));
  }
  return true;
}

// --- comparison

namespace {

Value number_compare(ast::CompareOp op, const Value& a, const Value& b) {
  if (a.is<TypedScalar>() || b.is<TypedScalar>()) {
    const auto* x = a.get_if<TypedScalar>();
    const auto* y = b.get_if<TypedScalar>();
    const bool integers = is_index(a) && is_index(b);
    const bool unsigned64 = (x && x->dtype == DType::UInt64) || (y && y->dtype == DType::UInt64);
    if (integers) {
      using Wide = __int128;
      const auto wide = [&](const Value& v, const TypedScalar* s) {
        if (s && s->dtype == DType::UInt64) return static_cast<Wide>(load_as<uint64_t>(s->dtype, s->bits));
        return static_cast<Wide>(s ? load_int(s->dtype, s->bits) : v.as_int());
      };
      if (unsigned64) return Value::typed(ordered(op, wide(a, x), wide(b, y)));
      return Value::typed(
          ordered(op, x ? load_int(x->dtype, x->bits) : a.as_int(), y ? load_int(y->dtype, y->bits) : b.as_int()));
    }
    const DType dtype = common_dtype(a, b);
    const Value left = cast(dtype, a), right = cast(dtype, b);
    return with_dtype(dtype, [&](auto p) {
      auto q = p;
      std::memcpy(&p, left.get_if<TypedScalar>()->bits, sizeof p);
      std::memcpy(&q, right.get_if<TypedScalar>()->bits, sizeof q);
      return Value::typed(ordered_as_numpy(op, p, q));
    });
  }
  if (a.is<Complex>() || b.is<Complex>()) return ordered(op, a.as_complex(), b.as_complex());
  if (a.is<double>() || b.is<double>()) {
    // An integer that no double holds exactly compares by its value: long double holds all 64 bits.
    const auto exact = [](const Value& v) -> long double {
      if (v.is<double>()) return v.as_double();
      return v.as_int();
    };
    return ordered(op, exact(a), exact(b));
  }
  return ordered(op, a.as_int(), b.as_int());
}

Value sequence_compare(Interpreter& interpreter, ast::CompareOp op, const std::vector<Value>& a,
                       const std::vector<Value>& b) {
  size_t i = 0;
  while (i < a.size() && i < b.size() && equal(interpreter, a[i], b[i])) ++i;
  if (i == a.size() || i == b.size()) return ordered(op, a.size(), b.size());
  if (op == ast::CompareOp::Eq) return false;
  if (op == ast::CompareOp::Ne) return true;
  return compare(interpreter, op, a[i], b[i]);
}

bool identical(const Value& a, const Value& b) {
  if (a.data().index() != b.data().index()) return false;
  if (const auto* x = a.get_if<std::shared_ptr<Object>>()) {
    const std::string_view name = builtin_name(a);
    return *x == *b.get_if<std::shared_ptr<Object>>() || (!name.empty() && name == builtin_name(b));
  }
  if (a.is_none()) return true;
  if (const auto* x = a.get_if<bool>()) return *x == b.as_bool();
  if (const auto* x = a.get_if<int64_t>()) return *x == b.as_int();
  if (const auto* x = a.get_if<std::string>()) return *x == b.as_string();
  if (const auto* x = a.get_if<DType>()) return *x == *b.get_if<DType>();
  if (is_tuple(a)) return &a.as_tuple() == &b.as_tuple();
  if (const auto* x = a.get_if<Array>()) return x->data() == b.array().data() && x->owner() == b.array().owner();
  return false;
}

bool contains(Interpreter& interpreter, const Value& container, const Value& item) {
  if (const auto* text = container.get_if<std::string>()) return text->find(item.as_string()) != std::string::npos;
  const auto iterator = iterate(container);
  for (Value v; iterator->next(v);)
    if (identical(v, item) || equal(interpreter, v, item)) return true;
  return false;
}

}  // namespace

Value compare(Interpreter& interpreter, ast::CompareOp op, const Value& a, const Value& b) {
  using Op = ast::CompareOp;
  if (op == Op::Is) return identical(a, b);
  if (op == Op::IsNot) return !identical(a, b);
  if (op == Op::In) return contains(interpreter, b, a);
  if (op == Op::NotIn) return !contains(interpreter, b, a);
  if (as<WideInt>(a) || as<WideInt>(b)) {
    if (is_python_int(a) && is_python_int(b)) return ordered(op, wide_value(a), wide_value(b));
    return compare(interpreter, op, without_wide(a), without_wide(b));
  }
  if (is_number(a) && is_number(b)) return number_compare(op, a, b);
  if (a.is<Array>() || b.is<Array>()) return interpreter.compiled(fmt::format("a0 {} a1", spelling(op)), {a, b});
  if (a.is<std::string>() && b.is<std::string>())
    return ordered(op, std::string_view(a.as_string()), std::string_view(b.as_string()));
  if ((as<List>(a) && as<List>(b)) || (is_tuple(a) && is_tuple(b)))
    return sequence_compare(interpreter, op, to_vector(a), to_vector(b));
  if (op == Op::Eq || op == Op::Ne) {
    const auto* x = as<Range>(a);
    const auto* y = as<Range>(b);
    const bool same = x && y ? to_vector(a).size() == to_vector(b).size() && x->start == y->start && x->step == y->step
                             : identical(a, b);
    return same == (op == Op::Eq);
  }
  throw Error(ErrorKind::TypeError, fmt::format("'{}' not supported between instances of '{}' and '{}'", spelling(op),
                                                type_name(a), type_name(b)));
}

bool equal(Interpreter& interpreter, const Value& a, const Value& b) {
  return truth(compare(interpreter, ast::CompareOp::Eq, a, b));
}
bool less(Interpreter& interpreter, const Value& a, const Value& b) {
  return truth(compare(interpreter, ast::CompareOp::Lt, a, b));
}

// --- items

namespace {

size_t position(const Value& index, size_t size, const char* sort) {
  const int64_t i = index.as_int(), n = static_cast<int64_t>(size);
  if (i < -n || i >= n) throw Error(ErrorKind::IndexError, fmt::format("{} index out of range", sort));
  return static_cast<size_t>(i < 0 ? i + n : i);
}

std::vector<Value> selected(const std::vector<Value>& items, const SliceObject& slice) {
  const auto at = slice.positions(static_cast<int64_t>(items.size()));
  std::vector<Value> out;
  out.reserve(static_cast<size_t>(at.count));
  for (int64_t i = 0; i < at.count; ++i) out.push_back(items[static_cast<size_t>(at.start + i * at.step)]);
  return out;
}

Value string_item(const std::string& text, const Value& index) {
  const std::vector<Value> characters = to_vector(text);
  const auto* slice = as<SliceObject>(index);
  if (!slice) return characters[position(index, characters.size(), "string")];
  std::string out;
  for (const Value& c : selected(characters, *slice)) out += c.as_string();
  return out;
}

void store_slice(List& list, const SliceObject& slice, const std::vector<Value>& values) {
  const auto at = slice.positions(static_cast<int64_t>(list.items.size()));
  if (at.step == 1) {
    const auto begin = list.items.begin() + at.start;
    list.items.insert(list.items.erase(begin, begin + at.count), values.begin(), values.end());
    return;
  }
  if (static_cast<size_t>(at.count) != values.size())
    throw Error(ErrorKind::ValueError, fmt::format("attempt to assign sequence of size {} to extended slice of size {}",
                                                   values.size(), at.count));
  for (int64_t i = 0; i < at.count; ++i)
    list.items[static_cast<size_t>(at.start + i * at.step)] = values[static_cast<size_t>(i)];
}

}  // namespace

Value load_item(Interpreter& interpreter, const Value& object, const Value& index) {
  if (const auto* list = as<List>(object)) {
    if (const auto* slice = as<SliceObject>(index)) return make<List>(selected(list->items, *slice));
    return list->items[position(index, list->items.size(), "list")];
  }
  if (const Array* array = object.get_if<Array>()) return index_array(interpreter, *array, index);
  if (const auto* array = as<DeviceArray>(object)) return index_device(interpreter, *array, index);
  if (is_tuple(object)) {
    const Value::Tuple& items = object.as_tuple();
    if (const auto* slice = as<SliceObject>(index)) return Value(selected(items, *slice));
    return items[position(index, items.size(), "tuple")];
  }
  if (const auto* text = object.get_if<std::string>()) return string_item(*text, index);
  if (const auto* range = as<Range>(object)) {
    const int64_t at = static_cast<int64_t>(position(index, static_cast<size_t>(range->size()), "range object"));
    return range->start + at * range->step;
  }
  if (const auto* function = as<FunctionObject>(object); function && function->cuda_kernel())
    return launcher(object, index);
  if (const auto* builtin = as<Builtin>(object)) {
    const sema::Builtin* row = sema::find_builtin(builtin->name);
    if (row && sema::is_grid(*row)) return interpreter.grid(builtin->name, index);
  }
  throw Error(ErrorKind::TypeError, fmt::format("'{}' object is not subscriptable", type_name(object)));
}

void store_item(Interpreter& interpreter, const Value& object, const Value& index, const Value& value) {
  if (auto* list = as<List>(object)) {
    if (const auto* slice = as<SliceObject>(index)) return store_slice(*list, *slice, to_vector(value));
    list->items[position(index, list->items.size(), "list assignment")] = value;
    return;
  }
  if (const Array* array = object.get_if<Array>()) return store_array(interpreter, *array, index, value);
  if (const auto* array = as<DeviceArray>(object)) return store_device(interpreter, *array, index, value);
  throw Error(ErrorKind::TypeError, fmt::format("'{}' object does not support item assignment", type_name(object)));
}

}  // namespace kjit::eval
