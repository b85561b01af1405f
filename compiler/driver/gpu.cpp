#include "driver/gpu.h"

#include <fmt/format.h>

#include <cstring>
#include <filesystem>

#include "driver/engine_state.h"

namespace kjit::driver {

namespace {

// Architectures that code is made for; PTX for one runs on all that are newer.
constexpr int kArchitectures[] = {75, 80, 86, 87, 89, 90, 100, 103, 120, 121};

class Stream final : public eval::DeviceStream {
 public:
  Stream(kjit_cuda* cuda, std::shared_ptr<Reports> reports) : cuda_(cuda), reports_(std::move(reports)) {
    checked(kjit_cuda_stream_new, cuda, &stream_);
  }
  ~Stream() override { kjit_cuda_stream_free(stream_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  void synchronize() override {
    checked(kjit_cuda_stream_synchronize, cuda_, stream_);
    reports_->check();
  }
  kjit_cuda_stream* raw() const { return stream_; }

 private:
  kjit_cuda* cuda_;
  std::shared_ptr<Reports> reports_;
  kjit_cuda_stream* stream_ = nullptr;
};

kjit_cuda_stream* raw(eval::DeviceStream* stream) { return stream ? static_cast<Stream*>(stream)->raw() : nullptr; }

class Event final : public eval::DeviceEvent {
 public:
  Event(kjit_cuda* cuda, bool timing) : cuda_(cuda) { checked(kjit_cuda_event_new, cuda, timing ? 1 : 0, &event_); }
  ~Event() override { kjit_cuda_event_free(event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  void record(eval::DeviceStream* stream) override { checked(kjit_cuda_event_record, cuda_, event_, raw(stream)); }
  void wait(eval::DeviceStream* stream) override { checked(kjit_cuda_event_wait, cuda_, event_, raw(stream)); }
  void synchronize() override { checked(kjit_cuda_event_synchronize, event_); }
  bool reached() override {
    int32_t is = 0;
    checked(kjit_cuda_event_reached, event_, &is);
    return is != 0;
  }
  double until(eval::DeviceEvent& end) override {
    float milliseconds = 0;
    checked(kjit_cuda_event_elapsed, event_, static_cast<Event&>(end).event_, &milliseconds);
    return static_cast<double>(milliseconds);
  }

 private:
  kjit_cuda* cuda_;
  kjit_cuda_event* event_ = nullptr;
};

class Memory final : public eval::DeviceMemory {
 public:
  Memory(kjit_cuda* cuda, std::shared_ptr<Reports> reports, size_t bytes) : cuda_(cuda), reports_(std::move(reports)) {
    checked(kjit_cuda_alloc, cuda, bytes, &buffer_);
  }
  Memory(kjit_cuda* cuda, kjit_cuda_buffer* taken) : cuda_(cuda), buffer_(taken) {}
  // Foreign memory.
  Memory(kjit_cuda* cuda, std::shared_ptr<Reports> reports, uint64_t address, size_t bytes, std::shared_ptr<void> owner)
      : cuda_(cuda), reports_(std::move(reports)), owner_(std::move(owner)) {
    checked(kjit_cuda_borrow, cuda, address, bytes, &buffer_);
  }
  ~Memory() override { kjit_cuda_free(buffer_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  uint64_t address() const override { return kjit_cuda_address(buffer_); }
  void copy_in(const void* from, size_t bytes, size_t at, eval::DeviceStream* stream) override {
    if (!stream && at == 0) return checked(kjit_cuda_copy_in, buffer_, from, bytes);
    checked(kjit_cuda_copy_in_at, cuda_, buffer_, at, from, bytes, raw(stream));
    if (!stream) checked(kjit_cuda_stream_synchronize, cuda_, nullptr);
  }
  void copy_out(void* to, size_t bytes, size_t at, eval::DeviceStream* stream) const override {
    if (stream || at > 0) {
      checked(kjit_cuda_copy_out_at, cuda_, buffer_, at, to, bytes, raw(stream));
      if (stream) return;
      checked(kjit_cuda_stream_synchronize, cuda_, nullptr);
    } else {
      checked(kjit_cuda_copy_out, buffer_, to, bytes);
    }
    if (reports_) reports_->check();
  }
  void* handle() const override { return buffer_; }
  void used_in(eval::DeviceStream* stream) override { kjit_cuda_used_in(buffer_, raw(stream)); }

 private:
  kjit_cuda* cuda_;
  std::shared_ptr<Reports> reports_;
  kjit_cuda_buffer* buffer_ = nullptr;
  std::shared_ptr<void> owner_;  // of foreign memory
};

class CudaKernel final : public KernelDevice::Kernel {
 public:
  // `reports`: of kernels with debug=True; null for others.
  CudaKernel(kjit_cuda_kernel* loaded, std::string ptx, std::shared_ptr<Reports> reports)
      : kernel_(loaded), ptx_(std::move(ptx)), reports_(std::move(reports)) {}
  ~CudaKernel() override { kjit_cuda_unload(kernel_); }
  CudaKernel(const CudaKernel&) = delete;
  CudaKernel& operator=(const CudaKernel&) = delete;
  void launch(const eval::LaunchGrid& grid, std::vector<uint64_t>& slots) const override {
    const uint32_t shape[] = {grid.blocks[0],  grid.blocks[1],  grid.blocks[2],
                              grid.threads[0], grid.threads[1], grid.threads[2]};
    std::vector<void*> parameters;
    for (uint64_t& slot : slots) parameters.push_back(&slot);
    if (reports_) reports_->launched(kernel_);
    checked(kjit_cuda_launch_in, kernel_, shape, grid.shared_bytes, parameters.data(), raw(grid.stream.get()));
  }
  eval::KernelFigures figures() const override {
    uint64_t of[4] = {};
    checked(kjit_cuda_kernel_info, kernel_, of);
    return {static_cast<int64_t>(of[0]), static_cast<int64_t>(of[1]), static_cast<int64_t>(of[2]),
            static_cast<int64_t>(of[3]), ptx_};
  }

 private:
  kjit_cuda_kernel* kernel_;
  std::string ptx_;
  std::shared_ptr<Reports> reports_;
};

// All that the machine code of a kernel follows from; "" where it should not be kept: places are no part of it.
std::string cache_key(const kir::Module& module, const jit::CompileOptions& options, int driver) {
  std::string key = fmt::format("{}driver {}\narch {}\n-O{}\nlibdevice {}\n", build_identity(), driver,
                                options.gpu_arch, options.opt_level, options.libdevice);
  if (options.debug_info || build_identity().empty()) return {};
  for (const auto& f : module.functions) {
    const kir::DeviceOptions& said = f->on_device;
    if (said.debug || said.lineinfo) return {};
    key += fmt::format("{} {} {} {}\n", f->name, said.max_threads, said.min_blocks, said.max_registers);
  }
  key += kir::to_string(module);
  for (const auto& array : module.constant_arrays)
    key.append(reinterpret_cast<const char*>(array->data.data()), array->data.size());
  return key;
}

}  // namespace

std::shared_ptr<eval::DeviceMemory> device_memory(kjit_cuda* cuda, kjit_cuda_buffer* buffer) {
  return std::make_shared<Memory>(cuda, buffer);
}

CudaGpu::CudaGpu(detail::EngineState& engine) : KernelDevice(engine, false), cache_(engine.store) {
  const Options& options = engine.core->options;
  kjit_cuda* opened = nullptr;
  checked(kjit_cuda_open, options.cuda_library.empty() ? nullptr : options.cuda_library.c_str(), &opened);
  cuda_ = engine.core->cuda = opened;
  reports_ = std::make_shared<Reports>(opened);
  kjit_cuda_properties device;
  kjit_cuda_describe(opened, &device);
  driver_ = device.driver;
  arch_ = options.gpu_arch;
  for (const int known : kArchitectures)
    if (options.gpu_arch.empty() && known <= device.major * 10 + device.minor) arch_ = fmt::format("sm_{}", known);
  if (arch_.empty())
    throw Error(ErrorKind::RuntimeError,
                fmt::format("the device {} has compute capability {}.{}; 7.5 and newer are supported", device.name,
                            device.major, device.minor));
}

std::shared_ptr<eval::DeviceMemory> CudaGpu::allocate(size_t bytes) {
  return std::make_shared<Memory>(cuda_, reports_, bytes);
}

std::shared_ptr<eval::DeviceMemory> CudaGpu::borrow(uint64_t address, size_t bytes, std::shared_ptr<void> owner) {
  return std::make_shared<Memory>(cuda_, reports_, address, bytes, std::move(owner));
}

CudaGpu::~CudaGpu() { reports_->close(); }

void CudaGpu::synchronize() {
  checked(kjit_cuda_synchronize, cuda_);
  reports_->check();
}

// PTX as the driver's compiler sees it; PTX itself where the driver does not link.
std::string CudaGpu::linked(const std::string& ptx) {
  const Timed timed(engine_.timing, "cubin");
  char* image = nullptr;
  uint64_t bytes = 0;
  kjit_error error;
  if (kjit_cuda_link(cuda_, ptx.data(), ptx.size(), &image, &bytes, &error) != KJIT_OK) return ptx;
  std::string out(image, bytes);
  kjit_cuda_free_image(image);
  return out;
}

std::shared_ptr<eval::DeviceStream> CudaGpu::new_stream() { return std::make_shared<Stream>(cuda_, reports_); }

std::shared_ptr<eval::DeviceEvent> CudaGpu::new_event(bool timing) { return std::make_shared<Event>(cuda_, timing); }

std::shared_ptr<void> CudaGpu::pinned(size_t bytes) {
  void* data = nullptr;
  kjit_cuda_pinned* memory = nullptr;
  checked(kjit_cuda_pinned_new, cuda_, bytes, &data, &memory);
  return {data, [memory](void*) { kjit_cuda_pinned_free(memory); }};
}

eval::DeviceFigures CudaGpu::device_figures() {
  kjit_cuda_properties device;
  kjit_cuda_describe(cuda_, &device);
  uint64_t use[4], info[2];
  checked(kjit_cuda_memory, cuda_, use);
  checked(kjit_cuda_memory_info, cuda_, info);
  return {device.name,
          device.major,
          device.minor,
          device.multiprocessors,
          device.max_threads,
          device.devices,
          use[0],
          use[1],
          use[2],
          use[3],
          info[0],
          info[1]};
}

void CudaGpu::reset_peak() { checked(kjit_cuda_reset_peak, cuda_); }
void CudaGpu::empty_cache() { checked(kjit_cuda_empty_cache, cuda_); }

std::string CudaGpu::memory_summary() {
  char text[1024];
  checked(kjit_cuda_memory_summary, cuda_, text, sizeof text);
  return text;
}

std::unique_ptr<KernelDevice::Kernel> CudaGpu::compile(const sema::FunctionRef& kernel,
                                                       std::vector<sema::TypeRef> arguments) {
  PipelineOptions options = engine_.pipeline;
  options.code.gpu_arch = arch_;
  auto program = type_function(engine_.types, kernel, std::move(arguments), options, engine_.timing);
  auto module = make_kir(engine_.types, *program, options, engine_.timing);
  run_passes(engine_.types, *module, options, engine_.timing);
  engine_.warn(module->findings);
  const bool debug = program->entry->options.debug;
  const std::string key = cache_.usable() ? cache_key(*module, options.code, driver_) : "";
  const std::string subject = fmt::format("{} in {}", kernel.def->name, kernel.globals->file().path());
  std::optional<CubinCache::Entry> entry = key.empty() ? std::nullopt : cache_.find(subject, key);
  if (!entry) {
    jit::DeviceCode code = make_device_code(engine_.core->backend(), *module, options, engine_.timing);
    entry = {std::move(code.kernel), key.empty() ? code.ptx : linked(code.ptx), std::move(code.ptx)};
    if (!key.empty()) cache_.keep(subject, key, *entry);
  }
  kjit_cuda_kernel* loaded = nullptr;
  const Timed timed(engine_.timing, "load");
  checked(kjit_cuda_load, cuda_, entry->image.data(), entry->image.size(), entry->kernel.c_str(), &loaded);
  auto out = std::make_unique<CudaKernel>(loaded, std::move(entry->ptx), debug ? reports_ : nullptr);
  out->params = program->entry->param_types;
  return out;
}

}  // namespace kjit::driver
