#include "cuda/memory.h"

#include <algorithm>

namespace kjit::rt::cuda {

Buffer::Buffer(StreamRef stream, size_t bytes) : stream_(std::move(stream)), bytes_(bytes) {
  if (bytes == 0) return;
  Context& context = stream_->context();
  context.check_usable();
  const Context::Current current(context);
  const Driver& driver = context.driver();
  Result code = driver.pool_alloc(&address_, bytes, context.pool(), stream_->raw());
  if (code == result::kOutOfMemory) {
    // Memory freed by work under way may do, and what is cached in pieces of the wrong size.
    context.empty_cache();
    code = driver.pool_alloc(&address_, bytes, context.pool(), stream_->raw());
  }
  if (code == result::kOutOfMemory) context.out_of_memory(bytes);
  context.check(code, "allocating device memory");
}

// Nothing here may throw, and nothing can be done about an answer: the context may have failed, the process may be
// about to end.
Buffer::~Buffer() {
  if (address_ == 0 || !owned_) return;
  try {
    const Context::Current current(stream_->context());
    for (const StreamRef& other : others_) {
      Event event(other->context_ref(), false);
      event.record(*other);
      event.wait(*stream_);
    }
    stream_->context().driver().pool_free(address_, stream_->raw());
  } catch (const DriverError&) {
    stream_->context().driver().pool_free(address_, stream_->raw());
  }
}

void Buffer::check_range(size_t bytes, size_t at) const {
  if (at > bytes_ || bytes > bytes_ - at)
    throw std::out_of_range("a copy of " + std::to_string(bytes) + " bytes at " + std::to_string(at) +
                            " leaves a buffer of " + std::to_string(bytes_));
}

void Buffer::copy_from(const void* host, size_t bytes, Stream& stream, size_t at) {
  check_range(bytes, at);
  if (bytes == 0) return;
  Context& context = stream.context();
  context.check_usable();
  const Context::Current current(context);
  context.check(context.driver().copy_to_device(address_ + at, host, bytes, stream.raw()), "copying to the device");
}

void Buffer::copy_to(void* host, size_t bytes, Stream& stream, size_t at) const {
  check_range(bytes, at);
  if (bytes == 0) return;
  Context& context = stream.context();
  context.check_usable();
  const Context::Current current(context);
  context.check(context.driver().copy_to_host(host, address_ + at, bytes, stream.raw()), "copying to the host");
}

void Buffer::fill(unsigned char value, Stream& stream) {
  if (bytes_ == 0) return;
  Context& context = stream.context();
  context.check_usable();
  const Context::Current current(context);
  context.check(context.driver().fill_bytes(address_, value, bytes_, stream.raw()), "filling device memory");
}

void Buffer::used_in(StreamRef other) {
  if (other->raw() == stream_->raw()) return;
  const auto same = [&](const StreamRef& s) { return s->raw() == other->raw(); };
  if (std::none_of(others_.begin(), others_.end(), same)) others_.push_back(std::move(other));
}

PinnedMemory::PinnedMemory(ContextRef context, size_t bytes) : context_(std::move(context)), bytes_(bytes) {
  context_->check_usable();
  const Context::Current current(*context_);
  context_->check(context_->driver().host_alloc(&data_, std::max<size_t>(bytes, 1), kHostAllocPortable),
                  "allocating pinned memory");
}

PinnedMemory::~PinnedMemory() { context_->driver().host_free(data_); }

}  // namespace kjit::rt::cuda
