// Launches of kernels, and arrays on a device: what the evaluator asks of whoever has the device, and what scripts
// hold.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "eval/objects.h"
#include "kjit/value.h"
#include "sema/globals.h"

namespace kjit::eval {

// Memory of a device, freed with the last reference.
class DeviceMemory {
 public:
  virtual ~DeviceMemory() = default;
  virtual uint64_t address() const = 0;
  virtual void copy_in(const void* from, size_t bytes) = 0;  // both return when host memory may be used again
  virtual void copy_out(void* to, size_t bytes) const = 0;
};

struct LaunchGrid {
  std::array<uint32_t, 3> blocks{1, 1, 1}, threads{1, 1, 1};
  uint32_t shared_bytes = 0;
};

// A machine's device. All throw kjit::Error: RuntimeError with the driver's text, MemoryError, ValueError for a grid
// that cannot be.
class Gpu {
 public:
  virtual ~Gpu() = default;
  virtual std::shared_ptr<DeviceMemory> allocate(size_t bytes) = 0;
  // Host arrays among the arguments go to the device and come back, which waits; otherwise the kernel may still run
  // when this returns.
  virtual void launch(const sema::FunctionRef& kernel, const LaunchGrid& grid, const std::vector<Value>& args,
                      const std::vector<std::pair<std::string, Value>>& keywords) = 0;
  virtual void synchronize() = 0;
};

// An array on the device, row-major.
class DeviceArray : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::DeviceArray;
  DeviceArray(std::shared_ptr<DeviceMemory> m, DType d, std::vector<int64_t> s)
      : ScriptObject(kSort), memory(std::move(m)), dtype(d), shape(std::move(s)) {}
  std::string repr() const override;
  int64_t size() const;  // elements
  size_t bytes() const { return static_cast<size_t>(size()) * static_cast<size_t>(itemsize(dtype)); }
  std::vector<int64_t> strides() const;  // bytes

  std::shared_ptr<DeviceMemory> memory;
  DType dtype;
  std::vector<int64_t> shape;
};

// kernel[blocks, threads], to be called.
class Launcher : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Launcher;
  Launcher(Value k, LaunchGrid g) : ScriptObject(kSort), kernel(std::move(k)), grid(g) {}
  std::string repr() const override { return "<configured CUDA kernel>"; }
  Value kernel;
  LaunchGrid grid;
};

// kernel[index]. Throws what Python does for a grid that is none.
Value launcher(const Value& kernel, const Value& index);
// shape, size, ndim, dtype, nbytes; unbound for others.
Value device_attribute(const DeviceArray& array, std::string_view name);

}  // namespace kjit::eval
