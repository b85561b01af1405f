#include "driver/simulator.h"

#include <fmt/format.h>
#include <kjit_rt/simulator.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "driver/engine_state.h"

namespace kjit::driver {

// Bytes in arrays that are alive, and most at once.
struct SimulatedMemoryUse {
  std::atomic<uint64_t> now{0}, most{0};
  void add(uint64_t bytes) {
    const uint64_t sum = now.fetch_add(bytes) + bytes;
    uint64_t known = most.load();
    while (sum > known && !most.compare_exchange_weak(known, sum)) {
    }
  }
};

namespace {

class Memory final : public eval::DeviceMemory {
 public:
  Memory(size_t bytes, std::shared_ptr<SimulatedMemoryUse> use)
      : data_(std::aligned_alloc(kAlignment, (bytes + kAlignment) / kAlignment * kAlignment)),
        bytes_(bytes),
        use_(std::move(use)) {
    if (!data_) throw Error(ErrorKind::MemoryError, "out of memory for arrays of the simulated device");
    use_->add(bytes_);
  }
  // Foreign memory.
  Memory(uint64_t address, size_t bytes, std::shared_ptr<void> owner)
      : data_(reinterpret_cast<void*>(address)), bytes_(bytes), owner_(std::move(owner)) {}
  ~Memory() override {
    if (!use_) return;
    use_->now.fetch_sub(bytes_);
    std::free(data_);
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  uint64_t address() const override { return reinterpret_cast<uint64_t>(data_); }
  void copy_in(const void* from, size_t bytes, size_t at, eval::DeviceStream*) override {
    if (bytes > 0) std::memcpy(static_cast<char*>(data_) + at, from, bytes);
  }
  void copy_out(void* to, size_t bytes, size_t at, eval::DeviceStream*) const override {
    if (bytes > 0) std::memcpy(to, static_cast<const char*>(data_) + at, bytes);
  }

 private:
  static constexpr size_t kAlignment = 256;  // as the driver's
  void* data_;
  size_t bytes_;
  std::shared_ptr<SimulatedMemoryUse> use_;  // null: foreign memory
  std::shared_ptr<void> owner_;
};

// Everything is done when the call that asks for it returns.
class Stream final : public eval::DeviceStream {
 public:
  void synchronize() override {}
};

class Event final : public eval::DeviceEvent {
 public:
  explicit Event(bool timing) : timing_(timing) {}
  void record(eval::DeviceStream*) override { at_ = Clock::now(), recorded_ = true; }
  void wait(eval::DeviceStream*) override {}
  void synchronize() override {}
  bool reached() override { return true; }
  double until(eval::DeviceEvent& other) override {
    const auto& end = static_cast<const Event&>(other);
    if (!timing_ || !end.timing_ || !recorded_ || !end.recorded_)
      throw Error(ErrorKind::RuntimeError,
                  "measuring the time between events that are not recorded, or without timing");
    return std::chrono::duration<double, std::milli>(end.at_ - at_).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool timing_, recorded_ = false;
  Clock::time_point at_;
};

class SimulatedKernel final : public KernelDevice::Kernel {
 public:
  explicit SimulatedKernel(std::shared_ptr<const detail::Code> code) : code_(std::move(code)) {}
  void launch(const eval::LaunchGrid& grid, std::vector<uint64_t>& slots) const override {
    kjit_sim_launch launch{};
    launch.kernel = reinterpret_cast<decltype(launch.kernel)>(code_->entry.packed);
    launch.slots = slots.data();
    for (size_t k = 0; k < 3; ++k) launch.blocks[k] = grid.blocks[k], launch.threads[k] = grid.threads[k];
    launch.shared_bytes = grid.shared_bytes;
    kjit_ctx* context = detail::bind_context(code_.get());
    const detail::CallScope scope(code_.get(), context, {.cancel = grid.cancel});
    if (const int32_t status = kjit_sim_run(context, &launch); status != KJIT_OK)
      detail::raise(code_.get(), context, status);
  }

 private:
  std::shared_ptr<const detail::Code> code_;
};

}  // namespace

SimulatedGpu::SimulatedGpu(detail::EngineState& engine)
    : KernelDevice(engine, true), use_(std::make_shared<SimulatedMemoryUse>()) {
  if (!kjit_sim_available())
    throw Error(ErrorKind::RuntimeError, "no CUDA simulator: kjit was built without Boost.Context");
}

std::shared_ptr<eval::DeviceMemory> SimulatedGpu::allocate(size_t bytes) {
  return std::make_shared<Memory>(bytes, use_);
}

std::shared_ptr<eval::DeviceMemory> SimulatedGpu::borrow(uint64_t address, size_t bytes, std::shared_ptr<void> owner) {
  return std::make_shared<Memory>(address, bytes, std::move(owner));
}

std::shared_ptr<eval::DeviceStream> SimulatedGpu::new_stream() { return std::make_shared<Stream>(); }
std::shared_ptr<eval::DeviceEvent> SimulatedGpu::new_event(bool timing) { return std::make_shared<Event>(timing); }

std::shared_ptr<void> SimulatedGpu::pinned(size_t bytes) {
  void* data = std::aligned_alloc(64, (bytes + 64) / 64 * 64);
  if (!data) throw Error(ErrorKind::MemoryError, "out of memory for pinned arrays");
  return {data, [](void* memory) { std::free(memory); }};
}

eval::DeviceFigures SimulatedGpu::device_figures() {
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  const uint64_t total = page * static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES));
  const uint64_t free = page * static_cast<uint64_t>(sysconf(_SC_AVPHYS_PAGES));
  const uint64_t now = use_->now, most = use_->most;
  return {"kjit's simulator", 9, 0, 1, 1024, 1, now, most, now, most, free, total};
}

void SimulatedGpu::reset_peak() { use_->most = use_->now.load(); }
void SimulatedGpu::empty_cache() {}

std::string SimulatedGpu::memory_summary() {
  return fmt::format("kjit's simulator\n  allocated {} bytes\n  most allocated {} bytes\n", use_->now.load(),
                     use_->most.load());
}

std::unique_ptr<KernelDevice::Kernel> SimulatedGpu::compile(const sema::FunctionRef& kernel,
                                                            std::vector<sema::TypeRef> arguments) {
  PipelineOptions options = engine_.pipeline;
  options.simulate = true;
  auto code = engine_.generate(kernel, std::move(arguments), options);
  auto out = std::make_unique<SimulatedKernel>(code);
  out->params = code->params;
  return out;
}

}  // namespace kjit::driver
