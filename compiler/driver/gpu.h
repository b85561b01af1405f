// A GPU behind its driver: kernels are compiled to PTX.
#pragma once

#include <kjit_rt/cuda.h>

#include <memory>
#include <string>
#include <vector>

#include "driver/cubin_cache.h"
#include "driver/gpu_report.h"
#include "driver/kernel_device.h"

namespace kjit::driver {

// Memory that has been handed over; freed with the last reference.
std::shared_ptr<eval::DeviceMemory> device_memory(kjit_cuda* cuda, kjit_cuda_buffer* buffer);

class CudaGpu final : public KernelDevice {
 public:
  // Opens the driver. Throws kjit::Error, RuntimeError: "no CUDA device: ...".
  explicit CudaGpu(detail::EngineState& engine);
  ~CudaGpu() override;
  CudaGpu(const CudaGpu&) = delete;
  CudaGpu& operator=(const CudaGpu&) = delete;

  std::shared_ptr<eval::DeviceMemory> allocate(size_t bytes) override;
  std::shared_ptr<eval::DeviceMemory> borrow(uint64_t address, size_t bytes, std::shared_ptr<void> owner) override;
  void synchronize() override;
  const std::string& arch() const { return arch_; }  // what code is made for
  std::shared_ptr<eval::DeviceStream> new_stream() override;
  std::shared_ptr<eval::DeviceEvent> new_event(bool timing) override;
  std::shared_ptr<void> pinned(size_t bytes) override;
  eval::DeviceFigures device_figures() override;
  void reset_peak() override;
  void empty_cache() override;
  std::string memory_summary() override;

 private:
  std::unique_ptr<Kernel> compile(const sema::FunctionRef& kernel, std::vector<sema::TypeRef> arguments) override;

  std::string linked(const std::string& ptx);

  kjit_cuda* cuda_ = nullptr;         // the engine core's, which closes it
  std::shared_ptr<Reports> reports_;  // arrays of scripts may outlive the device
  CubinCache cache_;
  int driver_ = 0;  // the version of CUDA that it knows
  std::string arch_;
};

}  // namespace kjit::driver
