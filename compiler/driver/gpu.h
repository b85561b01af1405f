// The device that scripts launch kernels on: compiles them to PTX, once for each tuple of argument types, and moves
// host arrays.
#pragma once

#include <kjit_rt/cuda.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "driver/pipeline.h"
#include "eval/gpu.h"

namespace kjit::detail {
class EngineState;
}

namespace kjit::driver {

class CudaGpu final : public eval::Gpu {
 public:
  // Opens the driver. Throws kjit::Error, RuntimeError: "no CUDA device: ...".
  explicit CudaGpu(detail::EngineState& engine);

  std::shared_ptr<eval::DeviceMemory> allocate(size_t bytes) override;
  void launch(const sema::FunctionRef& kernel, const eval::LaunchGrid& grid, const std::vector<Value>& args,
              const std::vector<std::pair<std::string, Value>>& keywords) override;
  void synchronize() override;

 private:
  struct Close {
    void operator()(kjit_cuda* cuda) const { kjit_cuda_close(cuda); }
    void operator()(kjit_cuda_kernel* kernel) const { kjit_cuda_unload(kernel); }
  };
  struct Compiled {
    std::unique_ptr<kjit_cuda_kernel, Close> code;
    std::vector<sema::TypeRef> params;
  };
  using Key = std::tuple<const ast::FunctionDef*, const sema::Globals*, std::vector<sema::TypeRef>, std::string>;

  const Compiled& compiled(const sema::FunctionRef& kernel, std::vector<sema::TypeRef> arguments);
  std::unique_ptr<Compiled> compile(const sema::FunctionRef& kernel, std::vector<sema::TypeRef> arguments);

  detail::EngineState& engine_;
  std::unique_ptr<kjit_cuda, Close> cuda_;
  std::string arch_;
  std::mutex mutex_;  // of what follows
  std::map<Key, std::unique_ptr<Compiled>> kernels_;
};

}  // namespace kjit::driver
