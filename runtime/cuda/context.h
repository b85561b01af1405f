// A device's primary context: what streams, memory and modules of a device share.
#pragma once

#include <array>
#include <mutex>
#include <string>
#include <vector>

#include "cuda/driver.h"

namespace kjit::rt::cuda {

struct Properties {
  std::string name;
  size_t memory = 0;         // bytes
  int major = 0, minor = 0;  // compute capability
  int multiprocessors = 0;
  int warp = 32;
  int max_threads = 0;             // of a block
  std::array<int, 3> max_block{};  // threads along each axis
  std::array<int, 3> max_grid{};   // blocks along each axis
  size_t shared = 0;               // bytes of a block without asking,
  size_t max_shared = 0;           // and with
};

// Throws DriverError for a number that no device has.
Properties properties(const Driver& driver, int device);

// Memory of a device as our pool sees it, in bytes.
struct MemoryUse {
  uint64_t allocated = 0, max_allocated = 0;  // in arrays that are alive
  uint64_t reserved = 0, max_reserved = 0;    // taken from the device: allocated or cached
};

// Retained while it is alive; everything that lives on the device keeps it alive, so the order of destruction is free.
// Thread-safe.
class Context {
 public:
  Context(DriverRef driver, int device);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const Driver& driver() const { return *driver_; }
  int device() const { return device_; }
  const Properties& properties() const { return properties_; }

  // Makes the context current on this thread for as long as it lives; what was current before is so again afterwards.
  class Current {
   public:
    explicit Current(const Context& context);
    ~Current();
    Current(const Current&) = delete;
    Current& operator=(const Current&) = delete;

   private:
    const Context* context_;
  };

  // Waits for everything on the device. Errors of kernels appear here.
  void synchronize();
  // Throws unless the call went well. An error after which the context is of no use names the kernels that may have
  // caused it, and is what all later calls throw.
  void check(Result code, const char* doing) {
    if (code != result::kSuccess) fail(code, doing);
  }
  [[noreturn]] void fail(Result code, const std::string& doing);
  // Throws what made the context unusable, if something did.
  void check_usable();
  bool usable() const;
  // A kernel was launched in a stream; `settled`: all that were launched there before have ended well.
  void launched(const std::string& kernel, RawStream* stream);
  void settled(RawStream* stream);

  RawPool* pool();  // made when first asked for
  MemoryUse memory_use();
  void reset_peak();
  // Gives memory that no array uses back to the device; waits for the device.
  void empty_cache();
  std::string memory_summary();
  [[noreturn]] void out_of_memory(size_t asked);

 private:
  uint64_t pool_value(int attribute);

  DriverRef driver_;
  int device_;
  DeviceNumber number_ = 0;
  Properties properties_;
  RawContext* raw_ = nullptr;
  mutable std::mutex mutex_;  // of what follows
  RawPool* pool_ = nullptr;
  struct Running {
    std::string kernel;
    RawStream* stream;
    friend bool operator==(const Running&, const Running&) = default;
  };
  std::vector<Running> running_;  // kernels launched since their stream was last known to be idle, each once
  Result fault_ = result::kSuccess;
  std::string fault_text_;
};

using ContextRef = std::shared_ptr<Context>;

// "1.5 GiB".
std::string bytes_text(uint64_t bytes);

}  // namespace kjit::rt::cuda
