// Memory: of a device, from its pool, in the order of a stream; and of the host, pinned.
#pragma once

#include "cuda/stream.h"

namespace kjit::rt::cuda {

// Device memory, allocated and freed in the order of its stream, so that neither waits.
class Buffer {
 public:
  // Throws OutOfDeviceMemory. 0 bytes: address 0.
  Buffer(StreamRef stream, size_t bytes);
  // Foreign memory, which is left as it is in the end.
  Buffer(StreamRef stream, size_t bytes, Address foreign)
      : stream_(std::move(stream)), bytes_(bytes), address_(foreign), owned_(false) {}
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  Address address() const { return address_; }
  size_t bytes() const { return bytes_; }
  const StreamRef& stream() const { return stream_; }

  // Copies between host and device, `at` bytes into the buffer, in the stream's order. Host memory that is not pinned
  // is read before copy_from returns, and written when the stream has been waited for. Throws std::out_of_range.
  void copy_from(const void* host, size_t bytes, Stream& stream, size_t at = 0);
  void copy_to(void* host, size_t bytes, Stream& stream, size_t at = 0) const;
  void fill(unsigned char value, Stream& stream);
  // Work in another stream uses the memory: it is freed after that.
  void used_in(StreamRef other);

 private:
  void check_range(size_t bytes, size_t at) const;

  StreamRef stream_;
  size_t bytes_;
  Address address_ = 0;
  bool owned_ = true;
  std::vector<StreamRef> others_;
};

// Host memory that devices copy from and to without detours.
class PinnedMemory {
 public:
  PinnedMemory(ContextRef context, size_t bytes);  // throws DriverError
  ~PinnedMemory();
  PinnedMemory(const PinnedMemory&) = delete;
  PinnedMemory& operator=(const PinnedMemory&) = delete;

  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  ContextRef context_;
  size_t bytes_;
  void* data_ = nullptr;
};

}  // namespace kjit::rt::cuda
