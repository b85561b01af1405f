// Typed handles of functions with declared signatures: a kernel of one line that takes the handle's types and calls the
// function, so that the conversions are compiled in.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <tuple>
#include <vector>

#include "driver/pipeline.h"

namespace kjit::detail {
class Code;
class ModuleState;
}  // namespace kjit::detail

namespace kjit::driver {

class Adapter;

// The adapters of one module, by function and number of arguments. Thread-safe.
class AdapterTable {
 public:
  AdapterTable();
  ~AdapterTable();
  // `returns`: it gives what the function gives; else nothing.
  const sema::FunctionRef& get(sema::TypeContext& types, const sema::FunctionRef& callee, size_t arity, Timing& timing,
                               bool returns = true);

 private:
  std::mutex mutex_;
  std::map<std::tuple<const sema::FunctionRef*, size_t, bool>, std::unique_ptr<Adapter>> adapters_;
};

// Code that takes exactly `arguments`; `wanted` is the result. Throws kjit::Error when no declared signature does.
std::shared_ptr<const detail::Code> specialise_for_handle(detail::ModuleState& module,
                                                          const sema::FunctionRef& function,
                                                          const std::vector<sema::TypeRef>& arguments,
                                                          sema::TypeRef wanted);

}  // namespace kjit::driver
