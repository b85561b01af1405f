// A simulated GPU: kernels are compiled for the CPU, and kjit_rt/simulator.h runs their threads. Its memory is the
// host's.
#pragma once

#include <memory>
#include <vector>

#include "driver/kernel_device.h"

namespace kjit::driver {

struct SimulatedMemoryUse;

class SimulatedGpu final : public KernelDevice {
 public:
  // Throws kjit::Error (RuntimeError) when the runtime has no simulator.
  explicit SimulatedGpu(detail::EngineState& engine);

  std::shared_ptr<eval::DeviceMemory> allocate(size_t bytes) override;
  std::shared_ptr<eval::DeviceMemory> borrow(uint64_t address, size_t bytes, std::shared_ptr<void> owner) override;
  void synchronize() override {}
  std::shared_ptr<eval::DeviceStream> new_stream() override;
  std::shared_ptr<eval::DeviceEvent> new_event(bool timing) override;
  std::shared_ptr<void> pinned(size_t bytes) override;
  eval::DeviceFigures device_figures() override;
  void reset_peak() override;
  void empty_cache() override;
  std::string memory_summary() override;

 private:
  std::unique_ptr<Kernel> compile(const sema::FunctionRef& kernel, std::vector<sema::TypeRef> arguments) override;

  std::shared_ptr<SimulatedMemoryUse> use_;
};

}  // namespace kjit::driver
