// The C interface: streams, events, pinned memory, what is done in a stream; figures of memory.
#include <cstring>

#include "cuda/handles.h"

using kjit::rt::cuda::Event;
using kjit::rt::cuda::Grid;
using kjit::rt::cuda::guarded;
using kjit::rt::cuda::PinnedMemory;
using kjit::rt::cuda::Stream;
using kjit::rt::cuda::StreamRef;

namespace {

const StreamRef& chosen(const kjit_cuda* cuda, const kjit_cuda_stream* stream) {
  return stream ? stream->stream : cuda->stream;
}

}  // namespace

extern "C" {

int32_t kjit_cuda_stream_new(kjit_cuda* cuda, kjit_cuda_stream** out, kjit_error* error) {
  return guarded(error, [&] {
    *out = new kjit_cuda_stream{std::make_shared<Stream>(cuda->stream->context_ref(), Stream::Blocking{})};
  });
}

void kjit_cuda_stream_free(kjit_cuda_stream* stream) { delete stream; }

void* kjit_cuda_stream_handle(const kjit_cuda_stream* stream) { return stream ? stream->stream->raw() : nullptr; }

int32_t kjit_cuda_stream_synchronize(kjit_cuda* cuda, kjit_cuda_stream* stream, kjit_error* error) {
  return guarded(error, [&] { chosen(cuda, stream)->synchronize(); });
}

int32_t kjit_cuda_stream_idle(kjit_cuda* cuda, kjit_cuda_stream* stream, int32_t* idle, kjit_error* error) {
  return guarded(error, [&] { *idle = chosen(cuda, stream)->idle() ? 1 : 0; });
}

int32_t kjit_cuda_event_new(kjit_cuda* cuda, int32_t timing, kjit_cuda_event** out, kjit_error* error) {
  return guarded(error, [&] { *out = new kjit_cuda_event{Event(cuda->stream->context_ref(), timing != 0)}; });
}

void kjit_cuda_event_free(kjit_cuda_event* event) { delete event; }

int32_t kjit_cuda_event_record(kjit_cuda* cuda, kjit_cuda_event* event, kjit_cuda_stream* stream, kjit_error* error) {
  return guarded(error, [&] { event->event.record(*chosen(cuda, stream)); });
}

int32_t kjit_cuda_event_wait(kjit_cuda* cuda, kjit_cuda_event* event, kjit_cuda_stream* stream, kjit_error* error) {
  return guarded(error, [&] { event->event.wait(*chosen(cuda, stream)); });
}

int32_t kjit_cuda_event_synchronize(kjit_cuda_event* event, kjit_error* error) {
  return guarded(error, [&] { event->event.synchronize(); });
}

int32_t kjit_cuda_event_reached(kjit_cuda_event* event, int32_t* reached, kjit_error* error) {
  return guarded(error, [&] { *reached = event->event.reached() ? 1 : 0; });
}

int32_t kjit_cuda_event_elapsed(kjit_cuda_event* start, kjit_cuda_event* end, float* milliseconds, kjit_error* error) {
  return guarded(error, [&] { *milliseconds = end->event.since(start->event); });
}

int32_t kjit_cuda_pinned_new(kjit_cuda* cuda, uint64_t bytes, void** data, kjit_cuda_pinned** out, kjit_error* error) {
  return guarded(error, [&] {
    *out = new kjit_cuda_pinned{PinnedMemory(cuda->stream->context_ref(), bytes)};
    *data = (*out)->memory.data();
  });
}

void kjit_cuda_pinned_free(kjit_cuda_pinned* memory) { delete memory; }

int32_t kjit_cuda_copy_in_at(kjit_cuda* cuda, kjit_cuda_buffer* to, uint64_t at, const void* from, uint64_t bytes,
                             kjit_cuda_stream* stream, kjit_error* error) {
  return guarded(error, [&] {
    to->buffer->copy_from(from, bytes, *chosen(cuda, stream), at);
    if (stream) to->buffer->used_in(stream->stream);
  });
}

int32_t kjit_cuda_copy_out_at(kjit_cuda* cuda, const kjit_cuda_buffer* from, uint64_t at, void* to, uint64_t bytes,
                              kjit_cuda_stream* stream, kjit_error* error) {
  return guarded(error, [&] { from->buffer->copy_to(to, bytes, *chosen(cuda, stream), at); });
}

void kjit_cuda_used_in(kjit_cuda_buffer* buffer, kjit_cuda_stream* stream) {
  if (stream) buffer->buffer->used_in(stream->stream);
}

int32_t kjit_cuda_launch_in(kjit_cuda_kernel* kernel, const uint32_t grid[6], uint32_t shared_bytes, void** parameters,
                            kjit_cuda_stream* stream, kjit_error* error) {
  return guarded(error, [&] {
    const Grid wanted{{grid[0], grid[1], grid[2]}, {grid[3], grid[4], grid[5]}, shared_bytes};
    kernel->kernel.launch(wanted, stream ? *stream->stream : *kernel->stream, parameters);
  });
}

int32_t kjit_cuda_memory_info(kjit_cuda* cuda, uint64_t out[2], kjit_error* error) {
  return guarded(error, [&] {
    auto& context = cuda->stream->context();
    const kjit::rt::cuda::Context::Current current(context);
    size_t free = 0, total = 0;
    context.check(context.driver().memory_info(&free, &total), "asking for free memory");
    out[0] = free, out[1] = total;
  });
}

int32_t kjit_cuda_reset_peak(kjit_cuda* cuda, kjit_error* error) {
  return guarded(error, [&] { cuda->stream->context().reset_peak(); });
}

int32_t kjit_cuda_empty_cache(kjit_cuda* cuda, kjit_error* error) {
  return guarded(error, [&] { cuda->stream->context().empty_cache(); });
}

int32_t kjit_cuda_memory_summary(kjit_cuda* cuda, char* text, uint64_t size, kjit_error* error) {
  return guarded(error, [&] { std::snprintf(text, size, "%s", cuda->stream->context().memory_summary().c_str()); });
}
}
