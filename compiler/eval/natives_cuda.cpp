// numba.cuda of scripts: arrays on the device, launches.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "eval/array_ops.h"
#include "eval/gpu.h"
#include "eval/natives.h"

namespace kjit::eval {

namespace {

uint32_t dimension(const Value& value, const char* what) {
  const int64_t n = value.as_int();
  if (n < 0 || n > std::numeric_limits<uint32_t>::max())
    throw Error(ErrorKind::ValueError, fmt::format("{} of {} cannot be launched", n, what));
  return static_cast<uint32_t>(n);
}

// A number or a tuple of one to three.
std::array<uint32_t, 3> dimensions(const Value& value, const char* what) {
  std::array<uint32_t, 3> out{1, 1, 1};
  if (!value.is<std::shared_ptr<const Value::Tuple>>() && !as<List>(value)) {
    out[0] = dimension(value, what);
    return out;
  }
  const std::vector<Value> items = to_vector(value);
  if (items.empty() || items.size() > 3)
    throw Error(ErrorKind::ValueError, fmt::format("{} have 1 to 3 axes, {} given", what, items.size()));
  for (size_t i = 0; i < items.size(); ++i) out[i] = dimension(items[i], what);
  return out;
}

Value new_device_array(Interpreter& interpreter, DType dtype, std::vector<int64_t> shape) {
  auto array = std::make_shared<DeviceArray>(nullptr, dtype, std::move(shape));
  array->memory = interpreter.host().gpu().allocate(array->bytes());
  return Value(std::static_pointer_cast<Object>(array));
}

Value to_device(Interpreter& interpreter, Args& args) {
  Value given = args.need(0, "obj");
  args.expect("to_device", 0, 1);
  if (as<DeviceArray>(given)) return given;
  const Array source = given.is<Array>() ? given.array() : array_from(given, nullptr);
  const Array rows = source.is_c_contiguous() ? source : source.copy();
  Value out = new_device_array(interpreter, source.dtype(), {source.shape().begin(), source.shape().end()});
  auto* array = as<DeviceArray>(out);
  array->memory->copy_in(rows.data(), array->bytes());
  return out;
}

Value device_array(Interpreter& interpreter, Args& args) {
  const std::vector<int64_t> shape = to_shape(args.need(0, "shape"));
  const Value* dtype = args.get(1, "dtype");
  const DType element = dtype && !dtype->is_none() ? to_dtype(*dtype) : DType::Float64;
  args.expect("device_array", 0, 2);
  return new_device_array(interpreter, element, shape);
}

Value device_array_like(Interpreter& interpreter, Args& args) {
  const Value model = args.need(0, "ary");
  args.expect("device_array_like", 0, 1);
  if (const auto* array = as<DeviceArray>(model)) return new_device_array(interpreter, array->dtype, array->shape);
  const Array& array = model.array();
  return new_device_array(interpreter, array.dtype(), {array.shape().begin(), array.shape().end()});
}

Value copy_to_host(Interpreter&, Args& args) {
  const Value self = args.need(0, "self");
  const auto* array = as<DeviceArray>(self);
  const Value* to = args.get(1, "ary");
  if (!to || to->is_none()) {
    args.expect("copy_to_host", 0, 2);
    Array out = Array::empty(array->dtype, array->shape);
    array->memory->copy_out(out.data(), array->bytes());
    return out;
  }
  Value result = *to;
  const Array& out = result.array();
  args.expect("copy_to_host", 0, 2);
  const bool fits = out.dtype() == array->dtype &&
                    std::equal(out.shape().begin(), out.shape().end(), array->shape.begin(), array->shape.end());
  if (!fits || out.readonly())
    throw Error(ErrorKind::ValueError, "copy_to_host: the array has another shape or dtype, or cannot be written");
  Array rows = out.is_c_contiguous() ? out : Array::empty(array->dtype, array->shape);
  array->memory->copy_out(rows.data(), array->bytes());
  if (rows.data() != out.data()) assign_array(out, rows);
  return result;
}

Value synchronize(Interpreter& interpreter, Args& args) {
  args.expect("synchronize", 0, 0);
  interpreter.host().gpu().synchronize();
  return {};
}

Value is_available(Interpreter& interpreter, Args& args) {
  args.expect("is_available", 0, 0);
  try {
    interpreter.host().gpu();
    return true;
  } catch (const Error&) {
    return false;
  }
}

constexpr NativeRow kRows[] = {
    {"numba.cuda.to_device", to_device},
    {"numba.cuda.device_array", device_array},
    {"numba.cuda.device_array_like", device_array_like},
    {"numba.cuda.synchronize", synchronize},
    {"numba.cuda.is_available", is_available},
    {"devicearray.copy_to_host", copy_to_host},
};

}  // namespace

std::span<const NativeRow> cuda_natives() { return kRows; }

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

std::vector<int64_t> DeviceArray::strides() const {
  std::vector<int64_t> out(shape.size());
  int64_t step = itemsize(dtype);
  for (size_t i = shape.size(); i-- > 0; step *= shape[i]) out[i] = step;
  return out;
}

Value device_attribute(const DeviceArray& array, std::string_view name) {
  if (name == "shape") return Value(Value::Tuple(array.shape.begin(), array.shape.end()));
  if (name == "size") return array.size();
  if (name == "ndim") return static_cast<int64_t>(array.shape.size());
  if (name == "dtype") return array.dtype;
  if (name == "nbytes") return static_cast<int64_t>(array.bytes());
  return unbound();
}

Value launcher(const Value& kernel, const Value& index) {
  const std::vector<Value> parts =
      index.is<std::shared_ptr<const Value::Tuple>>() ? index.as_tuple() : std::vector<Value>{index};
  if (parts.size() < 2 || parts.size() > 4)
    throw Error(ErrorKind::ValueError, "a kernel is launched as kernel[blocks, threads](arguments)");
  const bool default_stream =
      parts.size() < 3 || parts[2].is_none() || (parts[2].is<int64_t>() && parts[2].as_int() == 0);
  if (!default_stream) throw Error(ErrorKind::NotImplementedError, "launches in a stream are not supported");
  LaunchGrid grid{dimensions(parts[0], "blocks"), dimensions(parts[1], "threads"), 0};
  if (parts.size() == 4) grid.shared_bytes = dimension(parts[3], "bytes of shared memory");
  return make<Launcher>(kernel, grid);
}

}  // namespace kjit::eval
