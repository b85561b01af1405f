// The C interface: exceptions become statuses.
#include <kjit_rt/cuda.h>

#include <cstdio>
#include <new>

#include "cuda/memory.h"
#include "cuda/module.h"

using kjit::rt::cuda::Buffer;
using kjit::rt::cuda::Context;
using kjit::rt::cuda::Driver;
using kjit::rt::cuda::DriverRef;
using kjit::rt::cuda::Grid;
using kjit::rt::cuda::Kernel;
using kjit::rt::cuda::Module;
using kjit::rt::cuda::OutOfDeviceMemory;
using kjit::rt::cuda::Stream;
using kjit::rt::cuda::StreamRef;

struct kjit_cuda {
  DriverRef driver;
  StreamRef stream;
};
struct kjit_cuda_buffer {
  Buffer buffer;
};
struct kjit_cuda_kernel {
  Kernel kernel;
  StreamRef stream;
};

namespace {

int32_t failed(kjit_error* error, int32_t kind, const char* text) {
  error->kind = kind;
  error->reserved = 0;
  error->location = nullptr;
  std::snprintf(error->message, sizeof error->message, "%s", text);
  return kind;
}

template <typename Action>
int32_t guarded(kjit_error* error, Action action) {
  try {
    action();
    return KJIT_OK;
  } catch (const OutOfDeviceMemory& out) {
    return failed(error, KJIT_MEMORY_ERROR, out.what());
  } catch (const std::bad_alloc&) {
    return failed(error, KJIT_MEMORY_ERROR, "out of memory");
  } catch (const std::invalid_argument& wrong) {
    return failed(error, KJIT_VALUE_ERROR, wrong.what());
  } catch (const std::exception& other) {
    return failed(error, KJIT_RUNTIME_ERROR, other.what());
  }
}

}  // namespace

extern "C" {

int32_t kjit_cuda_open(const char* library, kjit_cuda** out, kjit_error* error) {
  return guarded(error, [&] {
    DriverRef driver = Driver::open(library);
    auto context = std::make_shared<Context>(driver, 0);
    *out = new kjit_cuda{std::move(driver), std::make_shared<Stream>(std::move(context), Stream::Default{})};
  });
}

void kjit_cuda_close(kjit_cuda* cuda) { delete cuda; }

void kjit_cuda_describe(const kjit_cuda* cuda, kjit_cuda_properties* out) {
  const auto& p = cuda->stream->context().properties();
  *out = {};
  std::snprintf(out->name, sizeof out->name, "%s", p.name.c_str());
  out->memory = p.memory;
  out->devices = cuda->driver->devices(), out->driver = cuda->driver->version();
  out->major = p.major, out->minor = p.minor;
  out->multiprocessors = p.multiprocessors, out->max_threads = p.max_threads;
}

int32_t kjit_cuda_alloc(kjit_cuda* cuda, uint64_t bytes, kjit_cuda_buffer** out, kjit_error* error) {
  return guarded(error, [&] { *out = new kjit_cuda_buffer{Buffer(cuda->stream, bytes)}; });
}

void kjit_cuda_free(kjit_cuda_buffer* buffer) { delete buffer; }

uint64_t kjit_cuda_address(const kjit_cuda_buffer* buffer) { return buffer->buffer.address(); }

int32_t kjit_cuda_copy_in(kjit_cuda_buffer* to, const void* from, uint64_t bytes, kjit_error* error) {
  return guarded(error, [&] { to->buffer.copy_from(from, bytes, *to->buffer.stream()); });
}

int32_t kjit_cuda_copy_out(const kjit_cuda_buffer* from, void* to, uint64_t bytes, kjit_error* error) {
  return guarded(error, [&] {
    Stream& stream = *from->buffer.stream();
    from->buffer.copy_to(to, bytes, stream);
    stream.synchronize();
  });
}

int32_t kjit_cuda_load(kjit_cuda* cuda, const char* image, uint64_t bytes, const char* name, kjit_cuda_kernel** out,
                       kjit_error* error) {
  return guarded(error, [&] {
    auto module = std::make_shared<Module>(cuda->stream->context_ref(), std::string(image, bytes));
    *out = new kjit_cuda_kernel{Kernel(std::move(module), name), cuda->stream};
  });
}

void kjit_cuda_unload(kjit_cuda_kernel* kernel) { delete kernel; }

int32_t kjit_cuda_launch(kjit_cuda_kernel* kernel, const uint32_t grid[6], uint32_t shared_bytes, void** parameters,
                         kjit_error* error) {
  return guarded(error, [&] {
    const Grid wanted{{grid[0], grid[1], grid[2]}, {grid[3], grid[4], grid[5]}, shared_bytes};
    kernel->kernel.launch(wanted, *kernel->stream, parameters);
  });
}

int32_t kjit_cuda_synchronize(kjit_cuda* cuda, kjit_error* error) {
  return guarded(error, [&] { cuda->stream->context().synchronize(); });
}

int32_t kjit_cuda_memory(kjit_cuda* cuda, uint64_t out[4], kjit_error* error) {
  return guarded(error, [&] {
    const auto use = cuda->stream->context().memory_use();
    out[0] = use.allocated, out[1] = use.max_allocated, out[2] = use.reserved, out[3] = use.max_reserved;
  });
}
}
