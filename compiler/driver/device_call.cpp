#include "driver/device_call.h"

#include <fmt/format.h>
#include <kjit_rt/offload.h>
#include <sys/mman.h>

#include <algorithm>

#include "driver/gpu.h"
#include "driver/gpu_report.h"

namespace kjit::driver {

namespace {

// Addresses that nothing stands behind until somebody writes there.
std::shared_ptr<void> reserve(size_t bytes) {
  void* made = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (made == MAP_FAILED) throw Error(ErrorKind::MemoryError, fmt::format("no room for {} bytes of addresses", bytes));
  return {made, [bytes](void* p) { munmap(p, bytes); }};
}

bool holds_device_array(const Value& value) {
  if (eval::as<eval::DeviceArray>(value)) return true;
  const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>();
  return tuple && std::any_of((*tuple)->begin(), (*tuple)->end(), holds_device_array);
}

std::vector<int64_t> shape_of(const Array& array) { return {array.shape().begin(), array.shape().end()}; }

Value device_array(std::shared_ptr<eval::DeviceMemory> memory, const Array& model) {
  return Value(std::static_pointer_cast<Object>(
      std::make_shared<eval::DeviceArray>(std::move(memory), model.dtype(), shape_of(model))));
}

}  // namespace

bool DeviceCall::wanted(const std::vector<Value>& args, const Keywords& keywords) {
  return std::any_of(args.begin(), args.end(), holds_device_array) ||
         std::any_of(keywords.begin(), keywords.end(), [](const auto& k) { return holds_device_array(k.second); });
}

DeviceCall::DeviceCall(eval::Gpu& gpu, kjit_cuda* cuda) : gpu_(gpu), cuda_(cuda) {
  if (!cuda) return;
  checked(kjit_offload_open, cuda);
  open_ = true;
}

DeviceCall::~DeviceCall() {
  kjit_error ignored;
  if (open_) kjit_offload_close(&ignored);
}

Value DeviceCall::given(const Value& value) {
  if (const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>()) {
    Value::Tuple out;
    for (const Value& item : **tuple) out.push_back(given(item));
    return Value(std::move(out));
  }
  const auto* array = eval::as<eval::DeviceArray>(value);
  if (!array) return value;
  if (!array->whole)
    throw Error(ErrorKind::NotImplementedError, "functions with target='cuda' take whole arrays of a device, no views");
  const std::shared_ptr<eval::DeviceMemory>& memory = array->memory;
  const size_t bytes = array->bytes();
  if (!open_) {  // the simulator's arrays are the host's
    adopted_.push_back(memory);
    return Array::wrap(reinterpret_cast<void*>(memory->address()), array->dtype, array->shape, array->strides(),
                       [memory] { (void)memory; });
  }
  if (!memory->shadow) memory->shadow = reserve(std::max<size_t>(bytes, 1));
  if (bytes > 0 && std::find(adopted_.begin(), adopted_.end(), memory) == adopted_.end()) {
    adopted_.push_back(memory);
    checked(kjit_offload_adopt, memory->shadow.get(), bytes, static_cast<kjit_cuda_buffer*>(memory->handle()));
  }
  // Kept alive by whoever refers to it: results may be views of arguments.
  return Array::wrap(memory->shadow.get(), array->dtype, array->shape, array->strides(),
                     [keep = memory->shadow] { (void)keep; });
}

std::vector<Value> DeviceCall::given(const std::vector<Value>& args) {
  std::vector<Value> out;
  for (const Value& value : args) out.push_back(given(value));
  return out;
}

DeviceCall::Keywords DeviceCall::given(const Keywords& keywords) {
  Keywords out;
  for (const auto& [name, value] : keywords) out.emplace_back(name, given(value));
  return out;
}

Value DeviceCall::kept(const Array& array) {
  const auto bytes = static_cast<uint64_t>(array.size()) * static_cast<uint64_t>(itemsize(array.dtype()));
  if (!open_) {
    const auto same = [&](const auto& m) { return reinterpret_cast<void*>(m->address()) == array.data(); };
    const auto given = std::find_if(adopted_.begin(), adopted_.end(), same);
    if (given != adopted_.end() && array.is_c_contiguous()) return device_array(*given, array);
    const Array rows = array.is_c_contiguous() ? array : array.copy();
    auto memory = gpu_.allocate(bytes);
    memory->copy_in(rows.data(), bytes);
    return device_array(std::move(memory), array);
  }
  if (!array.is_c_contiguous()) {
    checked(kjit_offload_bring, array.data(), static_cast<int32_t>(array.ndim()), array.shape().data(),
            array.strides().data(), static_cast<int64_t>(itemsize(array.dtype())));
    return kept(array.copy());
  }
  kjit_cuda_buffer* taken = nullptr;
  void* shadow = nullptr;
  uint64_t offset = 0;
  checked(kjit_offload_take, array.data(), bytes, &taken, &shadow, &offset);
  std::shared_ptr<eval::DeviceMemory> memory;
  if (taken) {
    memory = device_memory(cuda_, taken);
  } else {
    memory = *std::find_if(adopted_.begin(), adopted_.end(), [&](const auto& m) { return m->shadow.get() == shadow; });
  }
  if (offset == 0) return device_array(std::move(memory), array);
  checked(kjit_offload_bring, array.data(), static_cast<int32_t>(array.ndim()), array.shape().data(),
          array.strides().data(), static_cast<int64_t>(itemsize(array.dtype())));
  return kept(array.copy());
}

Value DeviceCall::kept(const Value& value) {
  if (value.is<Array>()) return kept(value.array());
  const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>();
  if (!tuple) return value;
  Value::Tuple out;
  for (const Value& item : **tuple) out.push_back(kept(item));
  return Value(std::move(out));
}

Value DeviceCall::finish(const Value& made) {
  Value out = kept(made);
  if (!open_) return out;
  open_ = false;
  checked(kjit_offload_close);
  return out;
}

}  // namespace kjit::driver
