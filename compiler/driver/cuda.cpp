// The installed classes of kjit/cuda.h.
#include "kjit/cuda.h"

#include <fmt/format.h>

#include <algorithm>

#include "driver/engine_state.h"
#include "driver/kernel_device.h"
#include "eval/gpu_random.h"

namespace kjit::cuda {

namespace {

eval::DeviceStream* raw(const Stream* stream) { return stream ? stream->raw().get() : nullptr; }

Figures figures_of(const eval::KernelFigures& f) { return {f.registers, f.shared, f.local, f.max_threads, f.ptx}; }

const driver::KernelDevice::Kernel& kernel_of(const void* kernel) {
  return *static_cast<const driver::KernelDevice::Kernel*>(kernel);
}

}  // namespace

bool is_available(const Engine& engine) {
  try {
    return Device(engine).properties().devices > 0;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::RuntimeError) throw;
    return false;
  }
}

void Stream::synchronize() {
  if (stream_) stream_->synchronize();
}

void Event::record(const Stream& stream) { event_->record(stream.raw().get()); }
void Event::wait(const Stream& stream) { event_->wait(stream.raw().get()); }
void Event::synchronize() { event_->synchronize(); }
bool Event::reached() { return event_->reached(); }
double Event::until(const Event& end) { return event_->until(*end.event_); }

Device::Device(const Engine& engine) : engine_(engine.state_) {
  if (!engine_) throw Error(ErrorKind::Usage, "the engine was moved from");
  engine_->gpu();
}

Properties Device::properties() const {
  const eval::DeviceFigures f = engine_->gpu().device_figures();
  return {f.name,      f.major,         f.minor,    f.multiprocessors, f.max_threads, f.devices,
          f.allocated, f.max_allocated, f.reserved, f.max_reserved,    f.free,        f.total};
}

void Device::synchronize() const { engine_->gpu().synchronize(); }
Stream Device::stream() const { return Stream(engine_->gpu().new_stream()); }
Event Device::event(bool timing) const { return Event(engine_->gpu().new_event(timing)); }
void Device::reset_peak() const { engine_->gpu().reset_peak(); }
void Device::empty_cache() const { engine_->gpu().empty_cache(); }
std::string Device::memory_summary() const { return engine_->gpu().memory_summary(); }
detail::Block Device::allocate(uint64_t bytes) const { return {engine_->gpu().allocate(bytes), bytes}; }
detail::Block Device::borrow(uint64_t address, uint64_t bytes, std::shared_ptr<void> owner) const {
  return {engine_->gpu().borrow(address, bytes, std::move(owner)), bytes};
}
std::shared_ptr<void> Device::pinned(uint64_t bytes) const { return engine_->gpu().pinned(bytes); }

namespace detail {

void fail(const char* what) { throw Error(ErrorKind::Usage, what); }

// A module's state, for functions that are no members of it.
struct Inside {
  static kjit::detail::ModuleState& of(const Module& module) { return kjit::detail::alive(module.state_); }
};

Block::Block(std::shared_ptr<eval::DeviceMemory> memory, uint64_t bytes)
    : memory_(std::move(memory)), address_(memory_->address()), bytes_(bytes) {}

void Block::copy_in(const void* from, uint64_t bytes, uint64_t at, const Stream* stream) const {
  memory_->copy_in(from, bytes, at, raw(stream));
}
void Block::copy_out(void* to, uint64_t bytes, uint64_t at, const Stream* stream) const {
  memory_->copy_out(to, bytes, at, raw(stream));
}
void Block::used_in(const Stream& stream) const { memory_->used_in(stream.raw().get()); }

namespace {

const sema::FunctionRef& kernel_named(const kjit::detail::ModuleState& state, std::string_view name) {
  const sema::FunctionRef& function = state.find(name);
  if (!function.options || function.options->kind != sema::FunctionOptions::Kind::Cuda)
    throw Error(ErrorKind::Usage, fmt::format("'{}' has no @cuda.jit", name));
  return function;
}

// Whether what lies in the slots of an argument of the one type is what a parameter of the other takes.
bool same_slots(sema::TypeRef given, sema::TypeRef taken) {
  if (given == taken) return true;
  return given->is_array() && taken->is_array() && given->scalar == taken->scalar && given->rank == taken->rank;
}

}  // namespace

Code::Code(const Module& module, std::string_view name, const std::vector<Value>& arguments) : module_(module.state_) {
  auto& state = kjit::detail::alive(module_);
  const sema::FunctionRef& function = kernel_named(state, name);
  std::vector<sema::TypeRef> types;
  for (const Value& value : arguments) {
    types.push_back(driver::type_on_device(state.engine->types, value));
    if (!types.back())
      throw Error(ErrorKind::TypeError, fmt::format("{}(): kernels cannot take {}", name, repr(value)));
  }
  auto& device = dynamic_cast<driver::KernelDevice&>(state.engine->gpu());
  const auto& kernel = device.prepared(function, types);
  kernel_ = &kernel, owners_ = device.owners();
  direct_ = std::equal(types.begin(), types.end(), kernel.params.begin(), kernel.params.end(), same_slots);
}

Code::Code(const Module& module, std::string_view name, const std::vector<kjit::detail::TypeDesc>& arguments)
    : module_(module.state_) {
  auto& state = kjit::detail::alive(module_);
  const sema::FunctionRef& function = kernel_named(state, name);
  std::vector<sema::TypeRef> types;
  for (const auto& desc : arguments) types.push_back(driver::to_type(state.engine->types, desc));
  auto& device = dynamic_cast<driver::KernelDevice&>(state.engine->gpu());
  const auto& kernel = device.prepared(function, types);
  if (kernel.params != types)
    throw Error(ErrorKind::Usage, fmt::format("'{}' is not for these types: its signature has others", name));
  kernel_ = &kernel, owners_ = device.owners();
}

Code::~Code() = default;
Code::Code(const Code&) = default;

Figures Code::figures() const { return figures_of(kernel_of(kernel_).figures()); }

std::vector<std::string> Code::arguments() const {
  std::vector<std::string> out;
  for (sema::TypeRef type : kernel_of(kernel_).params) out.push_back(sema::to_string(type));
  return out;
}

void Code::launch(const std::array<uint32_t, 3>& blocks, const std::array<uint32_t, 3>& threads, uint32_t shared_bytes,
                  const Stream& stream, std::vector<uint64_t>& slots, const CancelFlag* cancel) const {
  const eval::LaunchGrid grid{blocks, threads, shared_bytes, stream.raw(), cancel};
  kernel_of(kernel_).launch(grid, slots);
}

}  // namespace detail

Value to_value(const DynamicArray& array) {
  if (!array.block) throw Error(ErrorKind::ValueError, "a device array without memory");
  auto made = std::make_shared<eval::DeviceArray>(array.block.memory(), array.dtype, array.shape);
  const bool row_major = made->steps == array.strides;
  made->steps = array.strides;
  made->offset = static_cast<int64_t>(array.address - array.block.address());
  made->whole = row_major && made->offset == 0 && made->bytes() == array.block.bytes();
  return Value(std::static_pointer_cast<Object>(std::move(made)));
}

std::optional<DynamicArray> from_value(const Value& value) {
  const auto* array = eval::as<eval::DeviceArray>(value);
  if (!array) return std::nullopt;
  const uint64_t bytes = array->whole ? array->bytes() : 0;
  return DynamicArray{{array->memory, bytes}, array->address(), array->dtype, array->shape, array->steps};
}

void launch(const Module& module, std::string_view name, const Grid& grid, const std::vector<Value>& arguments,
            const Module::Keywords& keywords) {
  auto& state = detail::Inside::of(module);
  const eval::LaunchGrid given{grid.blocks, grid.threads, grid.shared_bytes, grid.stream.raw(), grid.cancel};
  state.engine->gpu().launch(detail::kernel_named(state, name), given, arguments, keywords);
}

void xoroshiro_states(uint64_t* out, int64_t n, uint64_t seed, int64_t start) {
  eval::xoroshiro_states(out, n, seed, start);
}

Figures figures(const Module& module, std::string_view name) {
  auto& state = detail::Inside::of(module);
  return figures_of(state.engine->gpu().figures(detail::kernel_named(state, name)));
}

}  // namespace kjit::cuda
