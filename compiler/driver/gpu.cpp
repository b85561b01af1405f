#include "driver/gpu.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "driver/abi.h"
#include "driver/engine_state.h"
#include "sema/signature.h"

namespace kjit::driver {

namespace {

// Architectures that code is made for; PTX for one runs on all that are newer.
constexpr int kArchitectures[] = {75, 80, 86, 87, 89, 90, 100, 103, 120, 121};

[[noreturn]] void fail(const kjit_error& error) {
  const ErrorKind kind = error.kind == KJIT_MEMORY_ERROR  ? ErrorKind::MemoryError
                         : error.kind == KJIT_VALUE_ERROR ? ErrorKind::ValueError
                                                          : ErrorKind::RuntimeError;
  throw Error(kind, error.message);
}

template <typename F, typename... A>
void checked(F function, A... args) {
  kjit_error error;
  if (function(args..., &error) != KJIT_OK) fail(error);
}

class Memory final : public eval::DeviceMemory {
 public:
  Memory(kjit_cuda* cuda, size_t bytes) {
    kjit_cuda_buffer* made = nullptr;
    checked(kjit_cuda_alloc, cuda, bytes, &made);
    buffer_ = made;
  }
  ~Memory() override { kjit_cuda_free(buffer_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  uint64_t address() const override { return kjit_cuda_address(buffer_); }
  void copy_in(const void* from, size_t bytes) override { checked(kjit_cuda_copy_in, buffer_, from, bytes); }
  void copy_out(void* to, size_t bytes) const override { checked(kjit_cuda_copy_out, buffer_, to, bytes); }

 private:
  kjit_cuda_buffer* buffer_ = nullptr;
};

// A host array that a kernel is given: its copy on the device, and where the elements go afterwards.
struct Moved {
  Array host, rows;  // rows: row-major, of the same elements; the host's own memory where that is so
  std::shared_ptr<Memory> memory;
};

// action(address in a, address in b) for the elements of arrays of one shape.
template <typename Action>
void for_each_pair(const Array& a, const Array& b, Action action) {
  const auto rank = static_cast<size_t>(a.ndim());
  std::vector<int64_t> at(rank, 0);
  for (int64_t left = a.size(); left > 0; --left) {
    int64_t in_a = 0, in_b = 0;
    for (size_t k = 0; k < rank; ++k) in_a += at[k] * a.strides()[k], in_b += at[k] * b.strides()[k];
    action(static_cast<char*>(a.data()) + in_a, static_cast<char*>(b.data()) + in_b);
    for (size_t k = rank; k-- > 0;) {
      if (++at[k] < a.shape()[k]) break;
      at[k] = 0;
    }
  }
}

void copy_elements(const Array& from, const Array& to) {
  const auto item = static_cast<size_t>(itemsize(from.dtype()));
  for_each_pair(from, to, [&](const char* a, char* b) { std::memcpy(b, a, item); });
}

// Whether the byte ranges of the two meet.
bool overlap(const Array& a, const Array& b) {
  const auto range = [](const Array& x) {
    auto low = reinterpret_cast<uintptr_t>(x.data()), high = low;
    if (x.size() == 0) return std::pair(low, low);
    for (size_t k = 0; k < x.shape().size(); ++k) {
      const int64_t reach = (x.shape()[k] - 1) * x.strides()[k];
      (reach < 0 ? low : high) += static_cast<uintptr_t>(reach);
    }
    return std::pair(low, high + static_cast<uintptr_t>(itemsize(x.dtype())));
  };
  const auto [a_low, a_high] = range(a);
  const auto [b_low, b_high] = range(b);
  return a_low < b_high && b_low < a_high;
}

// The slots of one launch: the kernel's parameters, which have no owners.
class Arguments {
 public:
  explicit Arguments(kjit_cuda* cuda) : cuda_(cuda) {}

  // False: the value does not fit the type.
  bool add(const Value& value, sema::TypeRef type) {
    if (const auto* array = eval::as<eval::DeviceArray>(value)) {
      if (!type->is_array()) return false;
      add_array(array->memory->address(), array->shape, array->strides());
      return true;
    }
    if (type->is_array() && value.is<Array>()) {
      add_host(value.array(), type->readonly);
      return true;
    }
    return !has_arrays(type) && flatten(value, type, slots_);
  }
  std::vector<void*> parameters() {
    std::vector<void*> out;
    for (uint64_t& slot : slots_) out.push_back(&slot);
    return out;
  }
  // What kernels have written to host arrays.
  void bring_back() {
    bool shared = false;
    for (size_t i = 0; i < moved_.size(); ++i)
      for (size_t k = 0; k < i; ++k) shared |= overlap(moved_[i].host, moved_[k].host);
    if (shared) return bring_back_changes();
    for (const Moved& m : moved_) {
      m.memory->copy_out(m.rows.data(), bytes_of(m.rows));
      if (m.rows.data() != m.host.data()) copy_elements(m.rows, m.host);
    }
  }

 private:
  // Arrays that share memory on the host do not on the device: only elements that the kernel has changed are written.
  void bring_back_changes() {
    std::vector<Array> now;
    for (const Moved& m : moved_) {
      now.push_back(Array::empty(m.host.dtype(), m.host.shape()));
      m.memory->copy_out(now.back().data(), bytes_of(now.back()));
    }
    struct Change {
      char* to;
      const char* from;
      size_t bytes;
    };
    std::vector<Change> changes;
    for (size_t i = 0; i < moved_.size(); ++i) {
      const auto item = static_cast<size_t>(itemsize(now[i].dtype()));
      for_each_pair(moved_[i].host, now[i], [&](char* host, const char* made) {
        if (std::memcmp(host, made, item) != 0) changes.push_back({host, made, item});
      });
    }
    for (const Change& c : changes) std::memcpy(c.to, c.from, c.bytes);
  }
  static size_t bytes_of(const Array& array) {
    return static_cast<size_t>(array.size()) * static_cast<size_t>(itemsize(array.dtype()));
  }
  static bool has_arrays(sema::TypeRef type) {
    return type->is_array() || std::any_of(type->elements.begin(), type->elements.end(), has_arrays);
  }
  template <typename Lengths>
  void add_array(uint64_t address, const Lengths& shape, const std::vector<int64_t>& strides) {
    slots_.push_back(address);
    for (const int64_t n : shape) slots_.push_back(static_cast<uint64_t>(n));
    for (const int64_t n : strides) slots_.push_back(static_cast<uint64_t>(n));
  }
  // One array that is given twice is one array on the device.
  void add_host(const Array& host, bool readonly) {
    const auto same = [&](const Moved& m) {
      return m.host.data() == host.data() && m.host.dtype() == host.dtype() &&
             std::equal(m.host.shape().begin(), m.host.shape().end(), host.shape().begin(), host.shape().end()) &&
             std::equal(m.host.strides().begin(), m.host.strides().end(), host.strides().begin(), host.strides().end());
    };
    auto found = std::find_if(moved_.begin(), moved_.end(), same);
    std::shared_ptr<Memory> memory;
    const Array rows = host.is_c_contiguous() ? host : host.copy();
    const size_t bytes = bytes_of(host);
    if (found != moved_.end()) {
      memory = found->memory;
    } else {
      memory = std::make_shared<Memory>(cuda_, bytes);
      memory->copy_in(rows.data(), bytes);
      if (readonly || host.readonly()) {
        kept_.push_back(memory);
      } else {
        moved_.push_back({host, rows, memory});
      }
    }
    const eval::DeviceArray geometry(memory, host.dtype(), {host.shape().begin(), host.shape().end()});
    add_array(memory->address(), host.shape(), geometry.strides());
  }

  kjit_cuda* cuda_;
  std::vector<uint64_t> slots_;
  std::vector<Moved> moved_;
  std::vector<std::shared_ptr<Memory>> kept_;  // until the kernel has been launched: freed in the stream's order
};

// A host array comes to the device row-major.
sema::TypeRef type_on_device(sema::TypeContext& types, const Value& value) {
  if (const auto* array = eval::as<eval::DeviceArray>(value))
    return types.array(static_cast<sema::Scalar>(array->dtype), static_cast<int>(array->shape.size()), sema::Layout::C);
  sema::TypeRef type = type_of(types, value);
  if (type && type->is_array()) return types.array(type->scalar, type->rank, sema::Layout::C, type->readonly);
  return type;
}

}  // namespace

CudaGpu::CudaGpu(detail::EngineState& engine) : engine_(engine) {
  const Options& options = engine.core->options;
  kjit_cuda* opened = nullptr;
  checked(kjit_cuda_open, options.cuda_library.empty() ? nullptr : options.cuda_library.c_str(), &opened);
  cuda_.reset(opened);
  kjit_cuda_properties device;
  kjit_cuda_describe(opened, &device);
  arch_ = options.gpu_arch;
  for (const int known : kArchitectures)
    if (options.gpu_arch.empty() && known <= device.major * 10 + device.minor) arch_ = fmt::format("sm_{}", known);
  if (arch_.empty())
    throw Error(ErrorKind::RuntimeError,
                fmt::format("the device {} has compute capability {}.{}; 7.5 and newer are supported", device.name,
                            device.major, device.minor));
}

std::shared_ptr<eval::DeviceMemory> CudaGpu::allocate(size_t bytes) {
  return std::make_shared<Memory>(cuda_.get(), bytes);
}

void CudaGpu::synchronize() { checked(kjit_cuda_synchronize, cuda_.get()); }

std::unique_ptr<CudaGpu::Compiled> CudaGpu::compile(const sema::FunctionRef& kernel,
                                                    std::vector<sema::TypeRef> arguments) {
  PipelineOptions options = engine_.pipeline;
  options.code.gpu_arch = arch_;
  auto program = type_function(engine_.types, kernel, std::move(arguments), options, engine_.timing);
  auto module = make_kir(engine_.types, *program, options, engine_.timing);
  run_passes(engine_.types, *module, options, engine_.timing);
  engine_.warn(module->findings);
  auto out = std::make_unique<Compiled>();
  out->params = program->entry->param_types;
  const jit::DeviceCode code = make_device_code(engine_.core->backend(), *module, options, engine_.timing);
  kjit_cuda_kernel* loaded = nullptr;
  const Timed timed(engine_.timing, "load");
  checked(kjit_cuda_load, cuda_.get(), code.ptx.data(), code.ptx.size(), code.kernel.c_str(), &loaded);
  out->code.reset(loaded);
  return out;
}

const CudaGpu::Compiled& CudaGpu::compiled(const sema::FunctionRef& kernel, std::vector<sema::TypeRef> arguments) {
  std::string defaults = sema::literals_text(sema::omitted_defaults(kernel, arguments.size()));
  const std::lock_guard lock(mutex_);
  auto& known = kernels_[Key{kernel.def, kernel.globals, arguments, std::move(defaults)}];
  if (!known) known = compile(kernel, std::move(arguments));
  return *known;
}

void CudaGpu::launch(const sema::FunctionRef& kernel, const eval::LaunchGrid& grid, const std::vector<Value>& args,
                     const std::vector<std::pair<std::string, Value>>& keywords) {
  const Bound bound = bind_arguments(kernel, args, keywords);
  std::vector<sema::TypeRef> types;
  for (const Value& value : bound.given) {
    types.push_back(type_on_device(engine_.types, value));
    if (!types.back())
      throw Error(ErrorKind::TypeError, fmt::format("{}(): kernels cannot take {}", kernel.def->name, repr(value)));
  }
  if (kernel.options && !kernel.options->signatures.empty()) {
    const auto* signature = sema::choose_signature(*kernel.options, types);
    if (!signature) detail::fail_no_signature(kernel, types);
    types = signature->params;
  }
  const Compiled& code = guarded([&]() -> const Compiled& { return compiled(kernel, std::move(types)); });
  Arguments arguments(cuda_.get());
  for (size_t i = 0; i < code.params.size(); ++i) {
    if (i < bound.all.size() && arguments.add(bound.all[i], code.params[i])) continue;
    throw Error(ErrorKind::TypeError,
                fmt::format("{}(): {} is not {}", kernel.def->name,
                            i < bound.all.size() ? repr(bound.all[i]) : "nothing", sema::to_string(code.params[i])));
  }
  const uint32_t shape[] = {grid.blocks[0],  grid.blocks[1],  grid.blocks[2],
                            grid.threads[0], grid.threads[1], grid.threads[2]};
  std::vector<void*> parameters = arguments.parameters();
  checked(kjit_cuda_launch, code.code.get(), shape, grid.shared_bytes, parameters.data());
  arguments.bring_back();
}

}  // namespace kjit::driver
