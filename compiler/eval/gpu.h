// Launches of kernels, and arrays on a device: what the evaluator asks of whoever has the device, and what scripts
// hold.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "eval/objects.h"
#include "kjit/function.h"
#include "kjit/value.h"
#include "sema/globals.h"

namespace kjit::eval {

// Work in order. Null pointers to streams mean the default one, which waits for the others, and they for it.
class DeviceStream {
 public:
  virtual ~DeviceStream() = default;
  virtual void synchronize() = 0;
  std::vector<Array> kept;  // host arrays that copies under way write; until it is waited for
};

class DeviceEvent {
 public:
  virtual ~DeviceEvent() = default;
  virtual void record(DeviceStream* stream) = 0;
  virtual void wait(DeviceStream* stream) = 0;  // the stream's later work waits for the event
  virtual void synchronize() = 0;
  virtual bool reached() = 0;
  virtual double until(DeviceEvent& end) = 0;  // milliseconds; both recorded and reached
};

// Memory of a device, freed with the last reference.
class DeviceMemory {
 public:
  virtual ~DeviceMemory() = default;
  virtual uint64_t address() const = 0;
  // `at` bytes into it. Without a stream they return when host memory may be used again; with one, copy_out writes
  // until the stream is waited for.
  virtual void copy_in(const void* from, size_t bytes, size_t at = 0, DeviceStream* stream = nullptr) = 0;
  virtual void copy_out(void* to, size_t bytes, size_t at = 0, DeviceStream* stream = nullptr) const = 0;
  virtual void used_in(DeviceStream* /*stream*/) {}  // it is not freed before the stream's work is done
  virtual void* handle() const { return nullptr; }   // of whoever made it: the device's own
  // Of whoever calls functions that run on the device: an address of the host that stands for this memory.
  std::shared_ptr<void> shadow;
};

struct LaunchGrid {
  std::array<uint32_t, 3> blocks{1, 1, 1}, threads{1, 1, 1};
  uint32_t shared_bytes = 0;
  std::shared_ptr<DeviceStream> stream = {};
  const CancelFlag* cancel = nullptr;  // stops kernels of the simulator
};

struct DeviceFigures {
  std::string name;
  int major = 0, minor = 0;  // compute capability
  int multiprocessors = 0, max_threads = 0, devices = 1;
  uint64_t allocated = 0, max_allocated = 0, reserved = 0, max_reserved = 0, free = 0, total = 0;  // bytes
};

// A compiled kernel, as the device's driver sees it.
struct KernelFigures {
  int64_t registers = 0, shared = 0, local = 0;  // of a thread; bytes: static, of a block; of a thread
  int64_t max_threads = 0;                       // of a block
  std::string ptx;
};

// A machine's device. All throw kjit::Error: RuntimeError with the driver's text, MemoryError, ValueError for a grid
// that cannot be.
class Gpu {
 public:
  virtual ~Gpu() = default;
  virtual std::shared_ptr<DeviceMemory> allocate(size_t bytes) = 0;
  // Foreign memory of the device; `owner` goes when nobody uses it any more.
  virtual std::shared_ptr<DeviceMemory> borrow(uint64_t address, size_t bytes, std::shared_ptr<void> owner) = 0;
  // Host arrays among the arguments go to the device and come back, which waits; otherwise the kernel may still run
  // when this returns.
  virtual void launch(const sema::FunctionRef& kernel, const LaunchGrid& grid, const std::vector<Value>& args,
                      const std::vector<std::pair<std::string, Value>>& keywords) = 0;
  virtual void synchronize() = 0;
  // Of the kernel's one compiled form: with a signature it is compiled now, otherwise it has been launched, with one
  // tuple of types. Throws ValueError where there are more or none, NotImplementedError where there is no such thing.
  virtual KernelFigures figures(const sema::FunctionRef& kernel) {
    throw Error(ErrorKind::NotImplementedError,
                std::string("'") + std::string(kernel.def->name) + "' has no machine code of a GPU here");
  }
  virtual std::shared_ptr<DeviceStream> new_stream() = 0;
  virtual std::shared_ptr<DeviceEvent> new_event(bool timing) = 0;
  virtual std::shared_ptr<void> pinned(size_t bytes) = 0;  // host memory that is copied from and to without detours
  virtual DeviceFigures device_figures() = 0;
  virtual void reset_peak() = 0;
  virtual void empty_cache() = 0;
  virtual std::string memory_summary() = 0;
};

// An array on the device, or a view of one.
class DeviceArray : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::DeviceArray;
  // Row-major.
  DeviceArray(std::shared_ptr<DeviceMemory> m, DType d, std::vector<int64_t> s);
  DeviceArray(const DeviceArray& whole, const Array& geometry, int64_t offset);  // a view; bytes from the whole's start
  std::string repr() const override;
  uint64_t address() const { return memory->address() + static_cast<uint64_t>(offset); }
  int64_t size() const;  // elements
  size_t bytes() const { return static_cast<size_t>(size()) * static_cast<size_t>(itemsize(dtype)); }
  const std::vector<int64_t>& strides() const { return steps; }  // bytes
  bool is_c_contiguous() const;

  std::shared_ptr<DeviceMemory> memory;
  DType dtype;
  std::vector<int64_t> shape, steps;
  int64_t offset = 0;  // bytes into the memory
  bool whole = true;   // no view
};

// kernel[blocks, threads], to be called.
class Launcher : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Launcher;
  Launcher(Value k, LaunchGrid g) : ScriptObject(kSort), kernel(std::move(k)), grid(std::move(g)) {}
  std::string repr() const override { return "<configured CUDA kernel>"; }
  Value kernel;
  LaunchGrid grid;
};

// What scripts hold of numba.cuda's other objects. `stream` null: the default one.
class CudaStream : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::CudaStream;
  explicit CudaStream(std::shared_ptr<DeviceStream> s) : ScriptObject(kSort), stream(std::move(s)) {}
  std::string repr() const override { return stream ? "<CUDA stream>" : "<CUDA default stream>"; }
  std::shared_ptr<DeviceStream> stream;
};

class CudaEvent : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::CudaEvent;
  explicit CudaEvent(std::shared_ptr<DeviceEvent> e) : ScriptObject(kSort), event(std::move(e)) {}
  std::string repr() const override { return "<CUDA event>"; }
  std::shared_ptr<DeviceEvent> event;
};

// The device and its context, which are one here.
class CudaDevice : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::CudaDevice;
  explicit CudaDevice(DeviceFigures f) : ScriptObject(kSort), figures(std::move(f)) {}
  std::string repr() const override { return "<CUDA device 0 '" + figures.name + "'>"; }
  DeviceFigures figures;
};

// kernel[index]. Throws what Python does for a grid that is none.
Value launcher(const Value& kernel, const Value& index);
// 0, None or a CudaStream.
std::shared_ptr<DeviceStream> to_stream(const Value& value);
// shape, size, ndim, dtype, nbytes and their like; unbound for others.
Value device_attribute(const DeviceArray& array, std::string_view name);
Value device_attribute(const CudaDevice& device, std::string_view name);
// array[index]: a view, or one element, which is waited for; array[index] = value: host or device arrays and numbers.
Value index_device(Interpreter& interpreter, const DeviceArray& array, const Value& index);
void store_device(Interpreter& interpreter, const DeviceArray& array, const Value& index, const Value& value);
// A view of a row-major array in another shape; one -1 is allowed.
Value reshaped(const DeviceArray& array, std::vector<int64_t> shape);
// ufunc.reduce(array, axis) of a ufunc with target='cuda', by kernels; unbound where that is not what is asked for.
Value reduce_on_device(Interpreter& interpreter, const Value& ufunc, std::string_view method, const Args& args);
// The elements as a new array of the host, which waits.
Array host_copy(const DeviceArray& array);

}  // namespace kjit::eval
