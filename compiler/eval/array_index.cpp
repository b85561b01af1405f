// Indexing: integers, slices, new axes; arrays by compiled operations.
#include <fmt/format.h>

#include <algorithm>

#include "eval/array_ops.h"
#include "eval/operators.h"

namespace kjit::eval {

namespace {

// A view in the making.
struct View {
  int64_t offset = 0;
  std::vector<int64_t> shape, strides;
};

bool is_integer(const Value& value) {
  if (value.is<int64_t>()) return true;
  const auto* scalar = value.get_if<TypedScalar>();
  return scalar && scalar->dtype >= DType::Int8 && scalar->dtype <= DType::UInt64;
}

// How many dimensions an index takes; false when it is none that a view can serve.
bool consumes(const Value& item, int& count) {
  if (is_integer(item) || as<SliceObject>(item)) return ++count, true;
  return item.is_none() || as<EllipsisObject>(item);
}

[[noreturn]] void too_many(const Array& array, int count) {
  throw Error(
      ErrorKind::IndexError,
      fmt::format("too many indices for array: array is {}-dimensional, but {} were indexed", array.ndim(), count));
}

class Indexer {
 public:
  explicit Indexer(const Array& array) : array_(array) {}

  // False: an index array or something else that no view can serve.
  bool apply(std::span<const Value> items) {
    int count = 0, dots = 0;
    for (const Value& item : items) {
      if (!consumes(item, count)) return false;
      dots += as<EllipsisObject>(item) != nullptr;
    }
    if (count > array_.ndim()) too_many(array_, count);
    if (dots > 1) raise(ErrorKind::IndexError, "an index can only have a single ellipsis ('...')");
    for (const Value& item : items) {
      if (as<EllipsisObject>(item)) {
        keep(array_.ndim() - count);
      } else if (item.is_none()) {
        view.shape.push_back(1);
        view.strides.push_back(0);
      } else if (const auto* slice = as<SliceObject>(item)) {
        take(*slice);
      } else {
        take(item.as_int());
      }
    }
    keep(array_.ndim() - axis_);
    return true;
  }

  View view;

 private:
  void keep(int n) {
    for (; n > 0; --n, ++axis_) {
      view.shape.push_back(array_.shape()[axis_]);
      view.strides.push_back(array_.strides()[axis_]);
    }
  }
  void take(const SliceObject& slice) {
    const auto at = slice.positions(array_.shape()[axis_]);
    view.offset += at.count > 0 ? at.start * array_.strides()[axis_] : 0;
    view.shape.push_back(at.count);
    view.strides.push_back(at.step * array_.strides()[axis_]);
    ++axis_;
  }
  void take(int64_t index) {
    const int64_t extent = array_.shape()[axis_];
    if (index < -extent || index >= extent)
      throw Error(ErrorKind::IndexError,
                  fmt::format("index {} is out of bounds for axis {} with size {}", index, axis_, extent));
    view.offset += (index < 0 ? index + extent : index) * array_.strides()[axis_];
    ++axis_;
  }

  const Array& array_;
  int axis_ = 0;
};

std::span<const Value> items_of(const Value& index) {
  if (const auto* tuple = index.get_if<std::shared_ptr<const Value::Tuple>>()) return **tuple;
  return {&index, 1};
}

bool all_integers(std::span<const Value> items) {
  for (const Value& item : items)
    if (!is_integer(item)) return false;
  return true;
}

// What the text of a compiled operation has for one item of an index; values become parameters.
std::string item_text(const Value& item, std::vector<Value>& values) {
  const auto parameter = [&](const Value& value) {
    values.push_back(value);
    return fmt::format("a{}", values.size() - 1);
  };
  if (item.is_none()) return "None";
  if (as<EllipsisObject>(item)) return "...";
  if (const auto* list = as<List>(item)) {
    const bool plain = std::all_of(list->items.begin(), list->items.end(),
                                   [](const Value& v) { return v.is<int64_t>() || v.is<bool>(); });
    if (plain) return repr(item);
  }
  const auto* slice = as<SliceObject>(item);
  if (!slice) return parameter(item);
  const auto bound = [&](const Value& value) { return value.is_none() ? std::string() : parameter(value); };
  std::string text = bound(slice->lower) + ":";
  text += bound(slice->upper);
  return slice->step.is_none() ? text : text + ":" + parameter(slice->step);
}

// a0[...] for an index that no view can serve, with a0 and what the index holds in `values`.
std::string index_text(const Value& index, std::vector<Value>& values) {
  std::string out;
  for (const Value& item : items_of(index)) out += (out.empty() ? "" : ", ") + item_text(item, values);
  return "a0[" + out + "]";
}

}  // namespace

Value load_element(DType dtype, const void* at) {
  TypedScalar out;
  out.dtype = dtype;
  std::memcpy(out.bits, at, static_cast<size_t>(itemsize(dtype)));
  return out;
}

Value element_or_row(const Array& array, int64_t index) {
  char* at = static_cast<char*>(array.data()) + index * array.strides()[0];
  if (array.ndim() == 1) return load_element(array.dtype(), at);
  return array.view(index * array.strides()[0], array.shape().subspan(1), array.strides().subspan(1));
}

Value index_array(Interpreter& interpreter, const Array& array, const Value& index) {
  const auto items = items_of(index);
  Indexer indexer(array);
  if (!indexer.apply(items)) {
    std::vector<Value> values{array};
    const std::string text = index_text(index, values);
    return interpreter.compiled(text, values);
  }
  const View& view = indexer.view;
  if (view.shape.empty() && all_integers(items))
    return load_element(array.dtype(), static_cast<char*>(array.data()) + view.offset);
  return array.view(view.offset, view.shape, view.strides);
}

void store_array(Interpreter& interpreter, const Array& array, const Value& index, const Value& value) {
  if (array.readonly()) raise(ErrorKind::ValueError, "assignment destination is read-only");
  const auto items = items_of(index);
  Indexer indexer(array);
  if (!indexer.apply(items)) {
    std::vector<Value> values{array};
    std::string text = index_text(index, values);
    text += fmt::format(" = a{}", values.size());
    values.push_back(value);
    interpreter.compiled(text, values);
    return;
  }
  const View& view = indexer.view;
  if (view.shape.empty() && is_number(value)) {
    store_element(array.dtype(), static_cast<char*>(array.data()) + view.offset, value);
  } else {
    assign_array(array.view(view.offset, view.shape, view.strides), value);
  }
}

}  // namespace kjit::eval
