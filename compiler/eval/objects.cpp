// Text, length and iteration of the evaluator's objects.
#include "eval/objects.h"

#include <fmt/format.h>

#include "eval/array_ops.h"
#include "eval/gpu.h"
#include "eval/module.h"

namespace kjit::eval {

std::string type_name(const Value& value) {
  struct Visitor {
    std::string operator()(None) const { return "NoneType"; }
    std::string operator()(bool) const { return "bool"; }
    std::string operator()(int64_t) const { return "int"; }
    std::string operator()(double) const { return "float"; }
    std::string operator()(Complex) const { return "complex"; }
    std::string operator()(const TypedScalar& v) const { return fmt::format("numpy.{}", name(v.dtype)); }
    std::string operator()(const std::string&) const { return "str"; }
    std::string operator()(DType) const { return "type"; }
    std::string operator()(const std::shared_ptr<const Value::Tuple>&) const { return "tuple"; }
    std::string operator()(const Array&) const { return "numpy.ndarray"; }
    std::string operator()(const std::shared_ptr<Object>& v) const {
      if (!v) return "unbound";
      switch (static_cast<Sort>(v->tag())) {
        case Sort::List:
          return "list";
        case Sort::Function:
          return "function";
        case Sort::BoundMethod:
          return "method";
        case Sort::Module:
        case Sort::Package:
          return "module";
        case Sort::Builtin:
          return "builtin_function_or_method";
        case Sort::Range:
          return "range";
        case Sort::Slice:
          return "slice";
        case Sort::Iterator:
          return static_cast<Iterator&>(*v).name;
        case Sort::Ellipsis:
          return "ellipsis";
        case Sort::Exception:
          return kjit::name(static_cast<ExceptionObject&>(*v).kind);
        case Sort::Cell:
          return "cell";
        case Sort::Stream:
          return "TextIOWrapper";
        case Sort::WideInt:
          return "int";
        case Sort::DeviceArray:
          return "DeviceNDArray";
        case Sort::Launcher:
          return "kernel";
        case Sort::Generator:
          return "Generator";
        case Sort::CudaStream:
          return "Stream";
        case Sort::CudaEvent:
          return "Event";
        case Sort::CudaDevice:
          return "Device";
        case Sort::Unknown:
          return "unknown";
      }
      return "object";
    }
  };
  return std::visit(Visitor{}, value.data());
}

std::string List::repr() const {
  if (printing_) return "[...]";
  printing_ = true;
  std::string out = "[";
  for (size_t i = 0; i < items.size(); ++i) out += (i ? ", " : "") + kjit::repr(items[i]);
  printing_ = false;
  return out + "]";
}

std::string FunctionObject::repr() const { return fmt::format("<function {}>", def->name); }

std::string Builtin::repr() const {
  const bool plain = name.starts_with("builtins.");
  const std::string shown = plain ? name.substr(9) : name;
  static constexpr std::string_view kTypes[] = {"int",  "float", "bool",  "complex", "str",
                                                "list", "tuple", "range", "slice"};
  for (const std::string_view type : kTypes)
    if (plain && shown == type) return fmt::format("<class '{}'>", shown);
  return fmt::format("<built-in function {}>", shown);
}

std::string Range::repr() const {
  return step == 1 ? fmt::format("range({}, {})", start, stop) : fmt::format("range({}, {}, {})", start, stop, step);
}

int64_t Range::size() const {
  const auto distance = [](int64_t from, int64_t to) {
    return static_cast<uint64_t>(to) - static_cast<uint64_t>(from);
  };
  uint64_t n = 0;
  if (step > 0 && start < stop) n = (distance(start, stop) - 1) / static_cast<uint64_t>(step) + 1;
  if (step < 0 && start > stop) n = (distance(stop, start) - 1) / (0 - static_cast<uint64_t>(step)) + 1;
  if (n > static_cast<uint64_t>(INT64_MAX)) raise(ErrorKind::OverflowError, "the range has too many elements");
  return static_cast<int64_t>(n);
}

std::string SliceObject::repr() const {
  return fmt::format("slice({}, {}, {})", kjit::repr(lower), kjit::repr(upper), kjit::repr(step));
}

SliceObject::Positions SliceObject::positions(int64_t length) const {
  const auto given = [](const Value& v, int64_t otherwise) { return v.is_none() ? otherwise : v.as_int(); };
  const int64_t by = given(step, 1);
  if (by == 0) raise(ErrorKind::ValueError, "slice step cannot be zero");
  const int64_t low = by > 0 ? 0 : -1, high = by > 0 ? length : length - 1;
  const auto clamp = [&](int64_t at) {
    if (at < 0) at += length;
    return at < low ? low : at > high ? high : at;
  };
  const int64_t from = lower.is_none() ? (by > 0 ? low : high) : clamp(lower.as_int());
  const int64_t to = upper.is_none() ? (by > 0 ? high : low) : clamp(upper.as_int());
  return {from, by, Range(from, to, by).size()};
}

std::string ExceptionObject::str() const {
  if (args.empty()) return "";
  if (kind == ErrorKind::KeyError && args.size() == 1) return kjit::repr(args[0]);  // as CPython shows a key
  return args.size() == 1 ? kjit::str(args[0]) : kjit::repr(Value(args));
}

std::string ExceptionObject::repr() const {
  std::string out = std::string(kjit::name(kind)) + "(";
  for (size_t i = 0; i < args.size(); ++i) out += (i ? ", " : "") + kjit::repr(args[i]);
  return out + ")";
}

const sema::FunctionRef* function_ref(const Value& value) {
  auto* function = as<FunctionObject>(value);
  return function ? &function->ref() : nullptr;
}

std::string_view builtin_name(const Value& value) {
  if (const auto* builtin = as<Builtin>(value)) return builtin->name;
  if (const auto* package = as<Package>(value)) return package->name;
  return {};
}

namespace {

// One character of UTF-8 text from `at` on, which moves past it.
std::string next_character(const std::string& text, size_t& at) {
  size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  std::string out = text.substr(at, end - at);
  at = end;
  return out;
}

std::function<bool(Value&)> stepper(const Value& value) {
  if (as<List>(value)) {
    return [keep = value, list = as<List>(value), i = size_t{0}](Value& out) mutable {
      if (i >= list->items.size()) return false;
      out = list->items[i++];
      return true;
    };
  }
  if (const auto* range = as<Range>(value)) {
    return [at = range->start, step = range->step, left = range->size()](Value& out) mutable {
      if (left == 0) return false;
      out = at;
      if (--left > 0) at += step;
      return true;
    };
  }
  if (const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>()) {
    return [keep = *tuple, i = size_t{0}](Value& out) mutable {
      if (i >= keep->size()) return false;
      out = (*keep)[i++];
      return true;
    };
  }
  if (const auto* text = value.get_if<std::string>()) {
    return [keep = *text, at = size_t{0}](Value& out) mutable {
      if (at >= keep.size()) return false;
      out = next_character(keep, at);
      return true;
    };
  }
  if (const Array* array = value.get_if<Array>()) {
    if (array->ndim() == 0) raise(ErrorKind::TypeError, "iteration over a 0-d array");
    return [keep = *array, i = int64_t{0}](Value& out) mutable {
      if (i >= keep.shape()[0]) return false;
      out = element_or_row(keep, i++);
      return true;
    };
  }
  throw Error(ErrorKind::TypeError, fmt::format("'{}' object is not iterable", type_name(value)));
}

}  // namespace

std::shared_ptr<Iterator> iterate(const Value& value) {
  if (as<Iterator>(value)) return std::static_pointer_cast<Iterator>(*value.get_if<std::shared_ptr<Object>>());
  return std::make_shared<Iterator>("iterator", stepper(value));
}

std::vector<Value> to_vector(const Value& value) {
  if (const auto* list = as<List>(value)) return list->items;
  if (const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>()) return **tuple;
  const std::shared_ptr<Iterator> iterator = iterate(value);
  std::vector<Value> out;
  for (Value item; iterator->next(item);) out.push_back(item);
  return out;
}

int64_t length(const Value& value) {
  if (const auto* list = as<List>(value)) return static_cast<int64_t>(list->items.size());
  if (const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>())
    return static_cast<int64_t>((*tuple)->size());
  if (const auto* range = as<Range>(value)) return range->size();
  if (const auto* text = value.get_if<std::string>()) {
    int64_t n = 0;
    for (const char c : *text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return n;
  }
  if (const Array* array = value.get_if<Array>()) {
    if (array->ndim() == 0) raise(ErrorKind::TypeError, "len() of unsized object");
    return array->shape()[0];
  }
  if (const auto* array = as<DeviceArray>(value)) {
    if (array->shape.empty()) raise(ErrorKind::TypeError, "len() of unsized object");
    return array->shape[0];
  }
  throw Error(ErrorKind::TypeError, fmt::format("object of type '{}' has no len()", type_name(value)));
}

}  // namespace kjit::eval
