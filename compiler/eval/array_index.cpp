// Indexing: integers, slices, new axes.
#include <fmt/format.h>

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
  if (!indexer.apply(items)) return interpreter.compiled("a0[a1]", {array, index});
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
    interpreter.compiled("store", {array, index, value});
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
