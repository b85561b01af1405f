// A thread's session with a device: which blocks of host memory have copies there, and which copy is valid.
#pragma once

#include <kjit_rt/offload.h>

#include <map>
#include <vector>

#include "cuda/handles.h"

namespace kjit::rt::cuda {

// kir::Transfer, by number.
enum class Transfer : int32_t { ToDevice, ToDeviceMade, ToHost, ToHostMade, New, NewZeros };

// The bytes [begin, end).
struct Range {
  uintptr_t begin, end;
  bool empty() const { return begin >= end; }
};

// Of an array; empty when it has no elements.
Range range_of(const void* data, int rank, const int64_t* shape, const int64_t* strides, int64_t itemsize);

class Session {
 public:
  explicit Session(kjit_cuda& cuda) : cuda_(cuda) {}

  kjit_cuda& device() { return cuda_; }
  void transfer(Range range, Transfer what);
  // Runs the kernel; `count` results are in `results` then.
  void launch(kjit_offload_region& region, int64_t trips, int64_t inner, uint64_t* slots, void* results,
              int64_t& count);
  void bring_here(const char* kinds, const uint64_t* slots);
  void adopt(Range shadow, std::shared_ptr<Buffer> buffer);
  // See kjit_offload_take.
  std::shared_ptr<Buffer> take(const void* data, uint64_t bytes, void** shadow, uint64_t* offset);
  // The host frees memory: its copies are of no use.
  void forget(Range range);
  // Everything that is newer on the device comes back. Throws what kernels or copies have met.
  void finish();
  // What a kernel has reported, if one has; to be asked when the device has been waited for.
  int32_t failure(const kjit_offload_region** where);

 private:
  struct Block {
    uintptr_t end;
    std::shared_ptr<Buffer> buffer;  // null: none yet
    bool on_host = true, on_device = false;
    bool zeros = false;    // with neither: the elements are zeros
    bool adopted = false;  // the host's memory stands for the device's
    bool taken = false;    // somebody has the device's copy, and nobody wants the host's
  };
  using Blocks = std::map<uintptr_t, Block>;  // by begin; they do not meet

  Blocks::iterator find(uintptr_t data);
  Blocks::iterator block_for(Range range);
  template <typename Each>
  void each_in(Range range, Each each);
  void upload(Buffer& to, uintptr_t from, size_t bytes);
  void download(const Buffer& from, uintptr_t to, size_t bytes);
  void to_device(Blocks::iterator block, bool made);
  void to_host(Blocks::iterator block, bool made);
  // The addresses of arrays in the slots become those of the device; whether the fast kernel takes them.
  bool there(const char* kinds, uint64_t* slots, std::vector<void*>& parameters);
  kjit_cuda_region& loaded(kjit_offload_region& region, bool fast);
  uint64_t word();

  kjit_cuda& cuda_;
  Blocks blocks_;
  std::shared_ptr<Buffer> word_;                      // where threads report; null: no kernel yet that could
  std::vector<const kjit_offload_region*> launched_;  // those that could, by tag
};

}  // namespace kjit::rt::cuda
