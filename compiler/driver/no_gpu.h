// What scripts launch kernels on where only the text of kernels is wanted: nothing runs, arrays of the device are the
// host's.
#pragma once

#include <cstring>
#include <memory>
#include <vector>

#include "eval/gpu.h"

namespace kjit::driver {

class NoGpu final : public eval::Gpu {
 public:
  std::shared_ptr<eval::DeviceMemory> allocate(size_t bytes) override { return std::make_shared<Memory>(bytes); }
  std::shared_ptr<eval::DeviceMemory> borrow(uint64_t, size_t bytes, std::shared_ptr<void>) override {
    return allocate(bytes);
  }
  void launch(const sema::FunctionRef&, const eval::LaunchGrid&, const std::vector<Value>&,
              const std::vector<std::pair<std::string, Value>>&) override {}
  void synchronize() override {}
  std::shared_ptr<eval::DeviceStream> new_stream() override { return std::make_shared<Stream>(); }
  std::shared_ptr<eval::DeviceEvent> new_event(bool) override { return std::make_shared<Event>(); }
  std::shared_ptr<void> pinned(size_t bytes) override {
    auto words = std::make_shared<std::vector<double>>(bytes / sizeof(double) + 1);
    return {words, words->data()};
  }
  eval::DeviceFigures device_figures() override { return {"none"}; }
  void reset_peak() override {}
  void empty_cache() override {}
  std::string memory_summary() override { return "no device\n"; }

 private:
  class Stream final : public eval::DeviceStream {
    void synchronize() override {}
  };
  class Event final : public eval::DeviceEvent {
    void record(eval::DeviceStream*) override {}
    void wait(eval::DeviceStream*) override {}
    void synchronize() override {}
    bool reached() override { return true; }
    double until(eval::DeviceEvent&) override { return 0; }
  };
  class Memory final : public eval::DeviceMemory {
   public:
    explicit Memory(size_t bytes) : bytes_(bytes) {}
    uint64_t address() const override { return reinterpret_cast<uint64_t>(bytes_.data()); }
    void copy_in(const void* from, size_t n, size_t at, eval::DeviceStream*) override {
      if (n > 0) std::memcpy(bytes_.data() + at, from, n);
    }
    void copy_out(void* to, size_t n, size_t at, eval::DeviceStream*) const override {
      if (n > 0) std::memcpy(to, bytes_.data() + at, n);
    }

   private:
    std::vector<char> bytes_;
  };
};

}  // namespace kjit::driver
