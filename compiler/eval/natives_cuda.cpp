// numba.cuda of scripts: arrays on the device, streams, events, launches.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "eval/array_ops.h"
#include "eval/gpu.h"
#include "eval/gpu_random.h"
#include "eval/natives.h"
#include "eval/operators.h"

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

Gpu& gpu_of(Interpreter& interpreter) { return interpreter.host().gpu(); }

std::shared_ptr<DeviceStream> stream_argument(Args& args, size_t position) {
  const Value* given = args.get(position, "stream");
  return given ? to_stream(*given) : nullptr;
}

Value to_device(Interpreter& interpreter, Args& args) {
  Value given = args.need(0, "obj");
  const auto stream = stream_argument(args, 1);
  const Value* copy = args.get(2, "copy");
  const Value* to = args.get(3, "to");
  const bool wanted = !copy || truth(*copy);
  Value target = to && !to->is_none() ? *to : Value();
  args.expect("to_device", 0, 4);
  if (as<DeviceArray>(given) && target.is_none()) return given;
  const Array source = given.is<Array>() ? given.array() : array_from(given, nullptr);
  const Array rows = source.is_c_contiguous() ? source : source.copy();
  Value out = target.is_none()
                  ? new_device_array(interpreter, source.dtype(), {source.shape().begin(), source.shape().end()})
                  : target;
  auto* array = as<DeviceArray>(out);
  if (!array || array->dtype != source.dtype() ||
      !std::equal(source.shape().begin(), source.shape().end(), array->shape.begin(), array->shape.end()))
    throw Error(ErrorKind::ValueError, "to_device: 'to' is a device array of the same shape and dtype");
  if (!wanted) return out;
  if (!array->is_c_contiguous()) {
    store_device(interpreter, *array, make<EllipsisObject>(), rows);
    return out;
  }
  array->memory->copy_in(rows.data(), array->bytes(), static_cast<size_t>(array->offset), stream.get());
  if (stream) stream->kept.push_back(rows);
  return out;
}

DType dtype_argument(Args& args, size_t position) {
  const Value* dtype = args.get(position, "dtype");
  return dtype && !dtype->is_none() ? to_dtype(*dtype) : DType::Float64;
}

Value device_array(Interpreter& interpreter, Args& args) {
  const std::vector<int64_t> shape = to_shape(args.need(0, "shape"));
  const DType element = dtype_argument(args, 1);
  args.get(3, "strides"), args.get(4, "order");
  (void)stream_argument(args, 5);
  args.expect("device_array", 0, 2);
  return new_device_array(interpreter, element, shape);
}

Value device_array_like(Interpreter& interpreter, Args& args) {
  const Value model = args.need(0, "ary");
  (void)stream_argument(args, 1);
  args.expect("device_array_like", 0, 1);
  if (const auto* array = as<DeviceArray>(model)) return new_device_array(interpreter, array->dtype, array->shape);
  const Array& array = model.array();
  return new_device_array(interpreter, array.dtype(), {array.shape().begin(), array.shape().end()});
}

// Memory that copies use without detours.
Value pinned_like(Interpreter& interpreter, DType dtype, const std::vector<int64_t>& shape) {
  int64_t bytes = itemsize(dtype);
  std::vector<int64_t> strides(shape.size());
  for (size_t k = shape.size(); k-- > 0; bytes *= shape[k]) {
    if (shape[k] < 0) throw Error(ErrorKind::ValueError, "negative dimensions are not allowed");
    strides[k] = bytes;
  }
  std::shared_ptr<void> memory = gpu_of(interpreter).pinned(static_cast<size_t>(bytes));
  void* data = memory.get();
  return Array::wrap(data, dtype, shape, strides, [memory = std::move(memory)]() mutable { memory.reset(); });
}

Value pinned_array(Interpreter& interpreter, Args& args) {
  const std::vector<int64_t> shape = to_shape(args.need(0, "shape"));
  const DType element = dtype_argument(args, 1);
  args.expect("pinned_array", 0, 2);
  return pinned_like(interpreter, element, shape);
}

Value pinned_array_like(Interpreter& interpreter, Args& args) {
  const Array model = args.need(0, "ary").array();
  args.expect("pinned_array_like", 0, 1);
  return pinned_like(interpreter, model.dtype(), {model.shape().begin(), model.shape().end()});
}

Value copy_to_host(Interpreter&, Args& args) {
  const Value self = args.need(0, "self");
  const auto* array = as<DeviceArray>(self);
  const Value* to = args.get(1, "ary");
  const auto stream = stream_argument(args, 2);
  Value result = to && !to->is_none() ? *to : Value(Array::empty(array->dtype, array->shape));
  args.expect("copy_to_host", 0, 3);
  const Array& out = result.array();
  const bool fits = out.dtype() == array->dtype &&
                    std::equal(out.shape().begin(), out.shape().end(), array->shape.begin(), array->shape.end());
  if (!fits || out.readonly())
    throw Error(ErrorKind::ValueError, "copy_to_host: the array has another shape or dtype, or cannot be written");
  if (out.is_c_contiguous() && array->is_c_contiguous()) {
    array->memory->copy_out(out.data(), array->bytes(), static_cast<size_t>(array->offset), stream.get());
    if (stream) stream->kept.push_back(out);
  } else {
    if (stream) stream->synchronize();
    assign_array(out, host_copy(*array));
  }
  return result;
}

Value copy_to_device(Interpreter& interpreter, Args& args) {
  const Value self = args.need(0, "self"), from = args.need(1, "ary");
  const auto stream = stream_argument(args, 2);
  args.expect("copy_to_device", 0, 3);
  if (stream) stream->synchronize();
  store_device(interpreter, *as<DeviceArray>(self), make<EllipsisObject>(), from);
  return {};
}

Value reshape_device(Interpreter&, Args& args) {
  const Value self = args.need(0, "self");
  if (args.size() == 2) return reshaped(*as<DeviceArray>(self), to_shape(args.values[1]));
  return reshaped(*as<DeviceArray>(self), to_shape(Value(Value::Tuple(args.values.begin() + 1, args.values.end()))));
}

Value ravel_device(Interpreter&, Args& args) {
  const Value self = args.need(0, "self");
  return reshaped(*as<DeviceArray>(self), {-1});
}

Value is_c_contiguous(Interpreter&, Args& args) { return as<DeviceArray>(args.need(0, "self"))->is_c_contiguous(); }

Value synchronize(Interpreter& interpreter, Args& args) {
  args.expect("synchronize", 0, 0);
  gpu_of(interpreter).synchronize();
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

// kernel.forall(n): blocks of one axis for n threads at least, to be called.
Value forall(Interpreter&, Args& args) {
  const Value kernel = args.need(0, "self");
  const int64_t tasks = args.need(1, "ntasks").as_int();
  const Value* tpb = args.get(2, "tpb");
  const auto stream = stream_argument(args, 3);
  const Value* bytes = args.get(4, "sharedmem");
  args.expect("forall", 0, 5);
  const int64_t limit = as<FunctionObject>(kernel)->options->max_threads;
  int64_t threads = tpb && !tpb->is_none() ? tpb->as_int() : 0;
  if (threads == 0) threads = limit > 0 ? std::min<int64_t>(limit, 256) : 256;
  if (tasks < 0 || threads < 0) throw Error(ErrorKind::ValueError, "forall: negative numbers cannot be launched");
  LaunchGrid grid;
  grid.threads[0] = dimension(threads, "threads");
  grid.blocks[0] = dimension(std::max<int64_t>((tasks + threads - 1) / threads, 1), "blocks");
  if (bytes) grid.shared_bytes = dimension(*bytes, "bytes of shared memory");
  grid.stream = stream;
  return make<Launcher>(kernel, grid);
}

Value create_states(Interpreter& interpreter, Args& args) {
  const int64_t n = args.need(0, "n").as_int();
  const int64_t seed = args.need(1, "seed").as_int();
  const Value* start = args.get(2, "subsequence_start");
  args.get(3, "stream");
  args.expect("create_xoroshiro128p_states", 0, 4);
  if (n < 0) throw Error(ErrorKind::ValueError, "create_xoroshiro128p_states: a negative number of states");
  const Array words = Array::empty(DType::UInt64, {n, 2});
  xoroshiro_states(static_cast<uint64_t*>(words.data()), n, static_cast<uint64_t>(seed),
                   start && !start->is_none() ? start->as_int() : 0);
  Value states = new_device_array(interpreter, DType::UInt64, {n, 2});
  as<DeviceArray>(states)->memory->copy_in(words.data(), static_cast<size_t>(n) * 16);
  return states;
}

KernelFigures figures(Interpreter& interpreter, Args& args, const char* name) {
  const Value kernel = args.need(0, "self");
  args.get(1, "signature");
  args.expect(name, 0, 1);
  return interpreter.host().gpu().figures(as<FunctionObject>(kernel)->ref());
}
Value regs_per_thread(Interpreter& interpreter, Args& args) {
  return figures(interpreter, args, "get_regs_per_thread").registers;
}
Value shared_mem_per_block(Interpreter& interpreter, Args& args) {
  return figures(interpreter, args, "get_shared_mem_per_block").shared;
}
Value local_mem_per_thread(Interpreter& interpreter, Args& args) {
  return figures(interpreter, args, "get_local_mem_per_thread").local;
}
Value max_threads_per_block(Interpreter& interpreter, Args& args) {
  return figures(interpreter, args, "get_max_threads_per_block").max_threads;
}
Value inspect_asm(Interpreter& interpreter, Args& args) { return figures(interpreter, args, "inspect_asm").ptx; }
// --- streams and events

Value new_stream(Interpreter& interpreter, Args& args) {
  args.expect("stream", 0, 0);
  return make<CudaStream>(gpu_of(interpreter).new_stream());
}

Value default_stream(Interpreter& interpreter, Args& args) {
  args.expect("default_stream", 0, 0);
  (void)gpu_of(interpreter);
  return make<CudaStream>(nullptr);
}

Value stream_synchronize(Interpreter& interpreter, Args& args) {
  const Value self = args.need(0, "self");
  args.expect("synchronize", 1, 1);
  const auto& stream = as<CudaStream>(self)->stream;
  if (!stream) {
    gpu_of(interpreter).synchronize();
    return {};
  }
  stream->synchronize();
  stream->kept.clear();
  return {};
}

Value new_event(Interpreter& interpreter, Args& args) {
  const Value* timing = args.get(0, "timing");
  const bool timed = !timing || truth(*timing);
  args.expect("event", 0, 1);
  return make<CudaEvent>(gpu_of(interpreter).new_event(timed));
}

DeviceEvent& event_argument(const Value& value) {
  const auto* event = as<CudaEvent>(value);
  if (!event) throw Error(ErrorKind::TypeError, fmt::format("{} is no CUDA event", repr(value)));
  return *event->event;
}

Value event_record(Interpreter&, Args& args) {
  const Value self = args.need(0, "self");
  const auto stream = stream_argument(args, 1);
  args.expect("record", 1, 2);
  event_argument(self).record(stream.get());
  return {};
}

Value event_wait(Interpreter&, Args& args) {
  const Value self = args.need(0, "self");
  const auto stream = stream_argument(args, 1);
  args.expect("wait", 1, 2);
  event_argument(self).wait(stream.get());
  return {};
}

Value event_synchronize(Interpreter&, Args& args) {
  const Value self = args.need(0, "self");
  args.expect("synchronize", 1, 1);
  event_argument(self).synchronize();
  return {};
}

Value event_query(Interpreter&, Args& args) {
  const Value self = args.need(0, "self");
  args.expect("query", 1, 1);
  return event_argument(self).reached();
}

// event_elapsed_time(start, end) and start.elapsed_time(end), in milliseconds.
Value elapsed_time(Interpreter&, Args& args) {
  const Value start = args.need(0, "evtstart"), end = args.need(1, "evtend");
  args.expect("elapsed_time", 2, 2);
  return event_argument(start).until(event_argument(end));
}

// --- the device and its memory

Value device_synchronize(Interpreter& interpreter, Args&) {
  gpu_of(interpreter).synchronize();
  return {};
}

Value current_device(Interpreter& interpreter, Args& args) {
  args.expect("get_current_device", 0, 1);
  return make<CudaDevice>(gpu_of(interpreter).device_figures());
}

Value memory_info(Interpreter& interpreter, Args&) {
  const DeviceFigures now = gpu_of(interpreter).device_figures();
  return Value(Value::Tuple{static_cast<int64_t>(now.free), static_cast<int64_t>(now.total)});
}

template <uint64_t DeviceFigures::* figure>
Value memory_figure(Interpreter& interpreter, Args& args) {
  args.expect("a figure of memory", 0, 0);
  return static_cast<int64_t>(gpu_of(interpreter).device_figures().*figure);
}

Value reset_peak(Interpreter& interpreter, Args& args) {
  args.expect("reset_peak_memory_stats", 0, 0);
  gpu_of(interpreter).reset_peak();
  return {};
}

Value empty_cache(Interpreter& interpreter, Args& args) {
  args.expect("empty_cache", 0, 0);
  gpu_of(interpreter).empty_cache();
  return {};
}

Value memory_summary(Interpreter& interpreter, Args& args) {
  args.expect("memory_summary", 0, 0);
  return gpu_of(interpreter).memory_summary();
}

constexpr NativeRow kRows[] = {
    {"numba.cuda.to_device", to_device},
    {"numba.cuda.device_array", device_array},
    {"numba.cuda.device_array_like", device_array_like},
    {"numba.cuda.synchronize", synchronize},
    {"numba.cuda.is_available", is_available},
    {"numba.cuda.pinned_array", pinned_array},
    {"numba.cuda.pinned_array_like", pinned_array_like},
    {"numba.cuda.stream", new_stream},
    {"numba.cuda.default_stream", default_stream},
    {"numba.cuda.event", new_event},
    {"numba.cuda.event_elapsed_time", elapsed_time},
    {"numba.cuda.get_current_device", current_device},
    {"numba.cuda.current_context", current_device},
    {"numba.cuda.memory_allocated", memory_figure<&DeviceFigures::allocated>},
    {"numba.cuda.max_memory_allocated", memory_figure<&DeviceFigures::max_allocated>},
    {"numba.cuda.memory_reserved", memory_figure<&DeviceFigures::reserved>},
    {"numba.cuda.max_memory_reserved", memory_figure<&DeviceFigures::max_reserved>},
    {"numba.cuda.reset_peak_memory_stats", reset_peak},
    {"numba.cuda.empty_cache", empty_cache},
    {"numba.cuda.memory_summary", memory_summary},
    {"devicearray.copy_to_host", copy_to_host},
    {"numba.cuda.random.create_xoroshiro128p_states", create_states},
    {"cudakernel.forall", forall},
    {"cudakernel.get_regs_per_thread", regs_per_thread},
    {"cudakernel.get_shared_mem_per_block", shared_mem_per_block},
    {"cudakernel.get_local_mem_per_thread", local_mem_per_thread},
    {"cudakernel.get_max_threads_per_block", max_threads_per_block},
    {"cudakernel.inspect_asm", inspect_asm},
    {"devicearray.copy_to_device", copy_to_device},
    {"devicearray.reshape", reshape_device},
    {"devicearray.ravel", ravel_device},
    {"devicearray.is_c_contiguous", is_c_contiguous},
    {"cudastream.synchronize", stream_synchronize},
    {"cudaevent.record", event_record},
    {"cudaevent.wait", event_wait},
    {"cudaevent.synchronize", event_synchronize},
    {"cudaevent.query", event_query},
    {"cudaevent.elapsed_time", elapsed_time},
    {"cudadevice.get_memory_info", memory_info},
    {"cudadevice.synchronize", device_synchronize},
};

}  // namespace

std::span<const NativeRow> cuda_natives() { return kRows; }

std::shared_ptr<DeviceStream> to_stream(const Value& value) {
  if (const auto* given = as<CudaStream>(value)) return given->stream;
  if (value.is_none() || (value.is<int64_t>() && value.as_int() == 0)) return nullptr;
  throw Error(ErrorKind::TypeError, fmt::format("{} is no CUDA stream", repr(value)));
}

Value device_attribute(const CudaDevice& device, std::string_view name) {
  const DeviceFigures& f = device.figures;
  if (name == "name") return f.name;
  if (name == "compute_capability")
    return Value(Value::Tuple{static_cast<int64_t>(f.major), static_cast<int64_t>(f.minor)});
  if (name == "id") return int64_t{0};
  if (name == "MULTIPROCESSOR_COUNT") return static_cast<int64_t>(f.multiprocessors);
  if (name == "MAX_THREADS_PER_BLOCK") return static_cast<int64_t>(f.max_threads);
  if (name == "WARP_SIZE") return int64_t{32};
  if (name == "total_memory") return static_cast<int64_t>(f.total);
  return unbound();
}

Value launcher(const Value& kernel, const Value& index) {
  const std::vector<Value> parts =
      index.is<std::shared_ptr<const Value::Tuple>>() ? index.as_tuple() : std::vector<Value>{index};
  if (parts.size() < 2 || parts.size() > 4)
    throw Error(ErrorKind::ValueError, "a kernel is launched as kernel[blocks, threads](arguments)");
  LaunchGrid grid{dimensions(parts[0], "blocks"), dimensions(parts[1], "threads")};
  if (parts.size() > 2) grid.stream = to_stream(parts[2]);
  if (parts.size() == 4) grid.shared_bytes = dimension(parts[3], "bytes of shared memory");
  return make<Launcher>(kernel, grid);
}

}  // namespace kjit::eval
