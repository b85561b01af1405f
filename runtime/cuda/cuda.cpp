// The C interface: exceptions become statuses.
#include <kjit_rt/cuda.h>

#include <cstring>

#include "cuda/handles.h"

using kjit::rt::cuda::Context;
using kjit::rt::cuda::Driver;
using kjit::rt::cuda::DriverRef;
using kjit::rt::cuda::Grid;
using kjit::rt::cuda::guarded;
using kjit::rt::cuda::Kernel;
using kjit::rt::cuda::Module;
using kjit::rt::cuda::Stream;

extern "C" {

int32_t kjit_cuda_open(const char* library, kjit_cuda** out, kjit_error* error) {
  return guarded(error, [&] {
    DriverRef driver = Driver::open(library);
    auto context = std::make_shared<Context>(driver, 0);
    *out = new kjit_cuda(std::move(driver), std::make_shared<Stream>(std::move(context), Stream::Default{}));
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
  return guarded(error, [&] { *out = new kjit_cuda_buffer(cuda->stream, bytes); });
}

int32_t kjit_cuda_borrow(kjit_cuda* cuda, uint64_t address, uint64_t bytes, kjit_cuda_buffer** out, kjit_error* error) {
  return guarded(error, [&] {
    *out = new kjit_cuda_buffer(std::make_shared<kjit::rt::cuda::Buffer>(cuda->stream, bytes, address));
  });
}

void kjit_cuda_free(kjit_cuda_buffer* buffer) { delete buffer; }

uint64_t kjit_cuda_address(const kjit_cuda_buffer* buffer) { return buffer->buffer->address(); }

int32_t kjit_cuda_copy_in(kjit_cuda_buffer* to, const void* from, uint64_t bytes, kjit_error* error) {
  return guarded(error, [&] { to->buffer->copy_from(from, bytes, *to->buffer->stream()); });
}

int32_t kjit_cuda_copy_out(const kjit_cuda_buffer* from, void* to, uint64_t bytes, kjit_error* error) {
  return guarded(error, [&] {
    Stream& stream = *from->buffer->stream();
    from->buffer->copy_to(to, bytes, stream);
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

int32_t kjit_cuda_symbol(kjit_cuda_kernel* kernel, const char* name, uint64_t* address, uint64_t* bytes,
                         kjit_error* error) {
  return guarded(error, [&] {
    const auto place = kernel->kernel.module().variable(name);
    *address = place.address, *bytes = place.bytes;
  });
}

int32_t kjit_cuda_read(kjit_cuda* cuda, uint64_t address, void* to, uint64_t bytes, kjit_error* error) {
  return guarded(error, [&] { kjit::rt::cuda::read(*cuda->stream, address, to, bytes); });
}

int32_t kjit_cuda_write(kjit_cuda* cuda, uint64_t address, const void* from, uint64_t bytes, kjit_error* error) {
  return guarded(error, [&] { kjit::rt::cuda::write(*cuda->stream, address, from, bytes); });
}

int32_t kjit_cuda_kernel_info(kjit_cuda_kernel* kernel, uint64_t out[4], kjit_error* error) {
  return guarded(error, [&] {
    const auto info = kernel->kernel.info();
    out[0] = static_cast<uint64_t>(info.registers), out[1] = info.shared, out[2] = info.local;
    out[3] = static_cast<uint64_t>(info.max_threads);
  });
}

int32_t kjit_cuda_occupancy(kjit_cuda_kernel* kernel, int32_t threads, uint64_t shared_bytes, int32_t* out,
                            kjit_error* error) {
  return guarded(error, [&] { *out = kernel->kernel.occupancy(threads, shared_bytes); });
}

int32_t kjit_cuda_link(kjit_cuda* cuda, const char* ptx, uint64_t bytes, char** image, uint64_t* size,
                       kjit_error* error) {
  return guarded(error, [&] {
    const std::string cubin = kjit::rt::cuda::link(cuda->stream->context(), std::string(ptx, bytes));
    *image = new char[cubin.size()];
    std::memcpy(*image, cubin.data(), cubin.size());
    *size = cubin.size();
  });
}

void kjit_cuda_free_image(char* image) { delete[] image; }

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
