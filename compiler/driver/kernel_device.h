// What the devices that scripts launch kernels on have in common: kernels are compiled once for each tuple of argument
// types, and host arrays are moved there and back.
#pragma once

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

class KernelDevice : public eval::Gpu {
 public:
  class Kernel {
   public:
    virtual ~Kernel() = default;
    // `slots`: the parameters, as f_packed has them (kjit_rt/abi.h).
    virtual void launch(const eval::LaunchGrid& grid, std::vector<uint64_t>& slots) const = 0;
    virtual eval::KernelFigures figures() const;
    std::vector<sema::TypeRef> params;
  };

  void launch(const sema::FunctionRef& kernel, const eval::LaunchGrid& grid, const std::vector<Value>& args,
              const std::vector<std::pair<std::string, Value>>& keywords) override;
  eval::KernelFigures figures(const sema::FunctionRef& kernel) override;

  // The code for these types, compiled if need be; lives as long as this. Throws kjit::Error.
  const Kernel& prepared(const sema::FunctionRef& kernel, std::vector<sema::TypeRef> arguments);
  bool owners() const { return owners_; }

 protected:
  // `owners`: the code has a parameter for the owner of each array.
  KernelDevice(detail::EngineState& engine, bool owners) : engine_(engine), owners_(owners) {}
  virtual std::unique_ptr<Kernel> compile(const sema::FunctionRef& kernel, std::vector<sema::TypeRef> arguments) = 0;

  detail::EngineState& engine_;

 private:
  using Key = std::tuple<const ast::FunctionDef*, const sema::Globals*, std::vector<sema::TypeRef>, std::string>;
  const Kernel& compiled(const sema::FunctionRef& kernel, std::vector<sema::TypeRef> arguments);

  const bool owners_;
  std::mutex mutex_;  // of what follows
  std::map<Key, std::unique_ptr<Kernel>> kernels_;
};

// The type that an argument of a launch has for a kernel: a host array comes to the device row-major. Null: kernels
// cannot take it.
sema::TypeRef type_on_device(sema::TypeContext& types, const Value& value);

}  // namespace kjit::driver
