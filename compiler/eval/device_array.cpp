// Arrays on a device: geometry, views, elements there and back.
#include <fmt/format.h>

#include <algorithm>

#include "eval/array_ops.h"
#include "eval/gpu.h"

namespace kjit::eval {

namespace {

// Views are made of an array of the same geometry whose elements nobody looks at: it begins at this address.
char* const kNowhere = reinterpret_cast<char*>(uintptr_t{1} << 46);

Array geometry_of(const DeviceArray& array) {
  return Array::wrap(kNowhere + array.offset, array.dtype, array.shape, array.steps);
}

DeviceArray view_of(const DeviceArray& whole, const Array& geometry) {
  return {whole, geometry, static_cast<char*>(geometry.data()) - kNowhere};
}

Value new_view(const DeviceArray& whole, const Array& geometry) { return make<DeviceArray>(view_of(whole, geometry)); }

std::vector<Value> parts_of(const Value& index) {
  return index.is<std::shared_ptr<const Value::Tuple>>() ? index.as_tuple() : std::vector<Value>{index};
}

// A position on every axis: one element.
bool names_element(const DeviceArray& array, const Value& index) {
  const std::vector<Value> parts = parts_of(index);
  const auto position = [](const Value& v) { return v.is<int64_t>() || v.is<TypedScalar>(); };
  return parts.size() == array.shape.size() && std::all_of(parts.begin(), parts.end(), position);
}

DeviceArray element_of(const DeviceArray& array, const Value& index) {
  const std::vector<Value> parts = parts_of(index);
  DeviceArray out = array;
  for (size_t axis = 0; axis < parts.size(); ++axis) {
    const int64_t given = to_python(parts[axis]).as_int(), n = array.shape[axis];
    const int64_t at = given < 0 ? given + n : given;
    if (at < 0 || at >= n)
      throw Error(ErrorKind::IndexError,
                  fmt::format("index {} is out of bounds for axis {} with size {}", given, axis, n));
    out.offset += at * array.steps[axis];
  }
  out.shape = {1}, out.steps = {itemsize(array.dtype)}, out.whole = false;
  return out;
}

DeviceArray selected(Interpreter& interpreter, const DeviceArray& array, const Value& index) {
  if (names_element(array, index)) return element_of(array, index);
  for (const Value& part : parts_of(index))
    if (part.is<Array>() || part.is<bool>() || as<List>(part) || as<DeviceArray>(part))
      throw Error(ErrorKind::NotImplementedError, "arrays on a device are indexed by numbers and slices");
  const Value view = index_array(interpreter, geometry_of(array), index);
  return view_of(array, view.array());
}

// The bytes of the memory that the elements lie in: from, count.
std::pair<int64_t, size_t> range_of(const DeviceArray& array) {
  if (array.size() == 0) return {array.offset, 0};
  int64_t low = array.offset, high = array.offset + itemsize(array.dtype);
  for (size_t k = 0; k < array.shape.size(); ++k) {
    const int64_t reach = (array.shape[k] - 1) * array.steps[k];
    (reach < 0 ? low : high) += reach;
  }
  return {low, static_cast<size_t>(high - low)};
}

// The range's bytes on the host, and the array in them.
std::pair<Array, Array> fetched(const DeviceArray& array) {
  const auto [low, bytes] = range_of(array);
  const int64_t count = static_cast<int64_t>(bytes);
  Array block = Array::empty(DType::UInt8, {count});
  array.memory->copy_out(block.data(), bytes, static_cast<size_t>(low));
  Array in_it =
      Array::wrap(static_cast<char*>(block.data()) + (array.offset - low), array.dtype, array.shape, array.steps);
  return {block, in_it};
}

}  // namespace

DeviceArray::DeviceArray(std::shared_ptr<DeviceMemory> m, DType d, std::vector<int64_t> s)
    : ScriptObject(kSort), memory(std::move(m)), dtype(d), shape(std::move(s)), steps(shape.size()) {
  int64_t step = itemsize(dtype);
  for (size_t i = shape.size(); i-- > 0; step *= shape[i]) steps[i] = step;
}

DeviceArray::DeviceArray(const DeviceArray& whole, const Array& geometry, int64_t at)
    : ScriptObject(kSort),
      memory(whole.memory),
      dtype(geometry.dtype()),
      shape(geometry.shape().begin(), geometry.shape().end()),
      steps(geometry.strides().begin(), geometry.strides().end()),
      offset(at),
      whole(false) {}

std::string DeviceArray::repr() const {
  std::string text;
  for (const int64_t n : shape) text += (text.empty() ? "" : ", ") + std::to_string(n);
  return fmt::format("<device array of {}, shape ({}{})>", name(dtype), text, shape.size() == 1 ? "," : "");
}

int64_t DeviceArray::size() const {
  int64_t n = 1;
  for (const int64_t along : shape) n *= along;
  return n;
}

bool DeviceArray::is_c_contiguous() const { return geometry_of(*this).is_c_contiguous(); }

Array host_copy(const DeviceArray& array) {
  if (!array.is_c_contiguous()) return fetched(array).second.copy();
  Array out = Array::empty(array.dtype, array.shape);
  array.memory->copy_out(out.data(), array.bytes(), static_cast<size_t>(array.offset));
  return out;
}

Value index_device(Interpreter& interpreter, const DeviceArray& array, const Value& index) {
  const bool element = names_element(array, index);
  DeviceArray out = selected(interpreter, array, index);
  if (!element) return make<DeviceArray>(std::move(out));
  const Array one = host_copy(out);
  return load_element(out.dtype, one.data());
}

void store_device(Interpreter& interpreter, const DeviceArray& array, const Value& index, const Value& value) {
  const DeviceArray to = selected(interpreter, array, index);
  const auto* there = as<DeviceArray>(value);
  const Value from = there ? Value(host_copy(*there)) : value;
  if (to.is_c_contiguous()) {
    const Array rows = Array::empty(to.dtype, to.shape);
    assign_array(rows, from);
    to.memory->copy_in(rows.data(), to.bytes(), static_cast<size_t>(to.offset));
    return;
  }
  const auto [block, in_it] = fetched(to);
  assign_array(in_it, from);
  to.memory->copy_in(block.data(), static_cast<size_t>(block.size()), static_cast<size_t>(range_of(to).first));
}

Value device_attribute(const DeviceArray& array, std::string_view name) {
  if (name == "shape") return Value(Value::Tuple(array.shape.begin(), array.shape.end()));
  if (name == "strides") return Value(Value::Tuple(array.steps.begin(), array.steps.end()));
  if (name == "size") return array.size();
  if (name == "ndim") return static_cast<int64_t>(array.shape.size());
  if (name == "dtype") return array.dtype;
  if (name == "nbytes" || name == "alloc_size") return static_cast<int64_t>(array.bytes());
  if (name == "T") {
    std::vector<int64_t> axes(array.shape.size());
    for (size_t k = 0; k < axes.size(); ++k) axes[k] = static_cast<int64_t>(axes.size() - 1 - k);
    return new_view(array, transpose(geometry_of(array), axes));
  }
  return unbound();
}

Value reshaped(const DeviceArray& array, std::vector<int64_t> shape) {
  if (!array.is_c_contiguous())
    throw Error(ErrorKind::NotImplementedError, "only row-major arrays on a device can be reshaped");
  return new_view(array, reshape(geometry_of(array), std::move(shape)));
}

}  // namespace kjit::eval
