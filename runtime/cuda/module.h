// Code on a device: modules made of PTX or cubins, their kernels, and launches.
#pragma once

#include <memory>
#include <mutex>

#include "cuda/stream.h"

namespace kjit::rt::cuda {

struct Grid {
  std::array<unsigned, 3> blocks{1, 1, 1}, threads{1, 1, 1};
  unsigned shared_bytes = 0;  // dynamic shared memory of a block
};

struct KernelInfo {
  int registers = 0;
  size_t shared = 0, local = 0;  // bytes: static, of a block; of a thread
  int max_threads = 0;           // of a block
};

class Kernel;

class Module {
 public:
  // `image`: PTX text, a cubin or a fat binary. Throws DriverError with the driver's log.
  Module(ContextRef context, const std::string& image);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  Context& context() const { return *context_; }
  const ContextRef& context_ref() const { return context_; }
  RawModule* raw() const { return raw_; }
  // Of modules with a barrier of the grid: the word that its blocks meet at. Launches that share it follow each other.
  struct GridBarrier {
    Address word = 0;
    std::mutex mutex;
    std::unique_ptr<Event> done;  // the last launch; null before the first
  };
  GridBarrier* grid_barrier() const { return grid_barrier_.get(); }  // null: it has none

  struct Variable {
    Address address;
    size_t bytes;
  };
  // Throws std::invalid_argument when the module has none of that name.
  Variable variable(const std::string& name) const;

 private:
  ContextRef context_;
  RawModule* raw_ = nullptr;
  std::unique_ptr<GridBarrier> grid_barrier_;
};

using ModuleRef = std::shared_ptr<Module>;

// PTX to a cubin for the context's device. Throws DriverError with the driver's log.
std::string link(Context& context, const std::string& ptx);
// Between the host and an address on the device; both wait.
void read(Stream& stream, Address from, void* to, size_t bytes);
void write(Stream& stream, Address to, const void* from, size_t bytes);

class Kernel {
 public:
  // Throws DriverError when the module has no such kernel.
  Kernel(ModuleRef module, std::string name);

  const std::string& name() const { return name_; }
  Module& module() const { return *module_; }
  KernelInfo info() const;
  // Blocks that a multiprocessor holds at once.
  int occupancy(int threads, size_t shared_bytes) const;
  // Blocks that the device holds at once: the largest grid of a kernel with a barrier of the grid.
  int64_t resident_blocks(int threads, size_t shared_bytes) const;
  // `parameters`: the address of each parameter's value, read before the call returns. Throws std::invalid_argument for
  // a grid that the device cannot have, DriverError for other failures; what goes wrong in the kernel appears later,
  // where the stream is waited for.
  void launch(const Grid& grid, Stream& stream, void** parameters) const;

 private:
  void check(const Grid& grid) const;
  void launch_together(const Grid& grid, Stream& stream, void** parameters, Module::GridBarrier& barrier) const;

  ModuleRef module_;
  std::string name_;
  RawFunction* raw_ = nullptr;
};

}  // namespace kjit::rt::cuda
