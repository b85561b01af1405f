// What stands behind the handles of kjit_rt/cuda.h.
#pragma once

#include <kjit_rt/cuda.h>

#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "cuda/memory.h"
#include "cuda/module.h"
#include "cuda/staging.h"

// A kernel of a region, loaded.
struct kjit_cuda_region {
  kjit::rt::cuda::Kernel kernel;
  bool may_fail;  // its threads may report exceptions
};

struct kjit_cuda {
  kjit_cuda(kjit::rt::cuda::DriverRef d, kjit::rt::cuda::StreamRef s) : driver(std::move(d)), stream(std::move(s)) {}
  kjit::rt::cuda::DriverRef driver;
  kjit::rt::cuda::StreamRef stream;
  std::mutex mutex;                                         // of what follows
  std::map<std::string, kjit::rt::cuda::ModuleRef> images;  // by their text
  std::mutex copying;                                       // of `staging`
  std::unique_ptr<kjit::rt::cuda::Staging> staging;         // null: no large copy yet
  std::deque<kjit_cuda_region> regions;  // as long as the device is open: whoever has code may call it again
};
struct kjit_cuda_buffer {
  explicit kjit_cuda_buffer(const kjit::rt::cuda::StreamRef& stream, uint64_t bytes)
      : buffer(std::make_shared<kjit::rt::cuda::Buffer>(stream, bytes)) {}
  explicit kjit_cuda_buffer(std::shared_ptr<kjit::rt::cuda::Buffer> given) : buffer(std::move(given)) {}
  std::shared_ptr<kjit::rt::cuda::Buffer> buffer;
};
struct kjit_cuda_kernel {
  kjit::rt::cuda::Kernel kernel;
  kjit::rt::cuda::StreamRef stream;
};
struct kjit_cuda_stream {
  kjit::rt::cuda::StreamRef stream;
};
struct kjit_cuda_event {
  kjit::rt::cuda::Event event;
};
struct kjit_cuda_pinned {
  kjit::rt::cuda::PinnedMemory memory;
};

namespace kjit::rt::cuda {

// Runs the action; an exception becomes a kjit_status and a text.
template <typename Action>
int32_t status_of(Action action, std::string& text) {
  try {
    action();
    return KJIT_OK;
  } catch (const OutOfDeviceMemory& out) {
    text = out.what();
    return KJIT_MEMORY_ERROR;
  } catch (const std::bad_alloc&) {
    text = "out of memory";
    return KJIT_MEMORY_ERROR;
  } catch (const std::invalid_argument& wrong) {
    text = wrong.what();
    return KJIT_VALUE_ERROR;
  } catch (const std::exception& other) {
    text = other.what();
    return KJIT_RUNTIME_ERROR;
  }
}

inline int32_t failed(kjit_error* error, int32_t kind, const char* text) {
  error->kind = kind;
  error->reserved = 0;
  error->location = nullptr;
  std::snprintf(error->message, sizeof error->message, "%s", text);
  return kind;
}

// The same, into the caller's record.
template <typename Action>
int32_t guarded(kjit_error* error, Action action) {
  std::string text;
  const int32_t status = status_of(action, text);
  return status == KJIT_OK ? status : failed(error, status, text.c_str());
}

}  // namespace kjit::rt::cuda
