// Large copies between a device and host memory that is not pinned: through pinned pieces, which threads fill or empty
// while the device copies others.
#pragma once

#include <vector>

#include "cuda/memory.h"

namespace kjit::rt::cuda {

// One copy at a time: callers take turns (handles.h).
class Staging {
 public:
  // Copies of fewer bytes go the driver's own way.
  static constexpr size_t kLeast = size_t{1} << 20;

  explicit Staging(ContextRef context) : context_(std::move(context)) {}

  // The host's memory has been read when it returns; the device's is written in the stream's order.
  void upload(Buffer& to, const void* from, size_t bytes, Stream& stream);
  // Waits for what the stream does; the host's memory has been written when it returns.
  void download(const Buffer& from, void* to, size_t bytes, Stream& stream);

 private:
  struct Piece {
    explicit Piece(const ContextRef& context) : memory(context, kPiece), done(context, false) {}
    PinnedMemory memory;
    Event done;  // the device is through with it
  };
  static constexpr size_t kPiece = size_t{4} << 20, kPieces = 6;
  void prepare();

  ContextRef context_;
  std::vector<std::unique_ptr<Piece>> pieces_;  // made when first needed
};

}  // namespace kjit::rt::cuda
