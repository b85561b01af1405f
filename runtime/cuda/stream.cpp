#include "cuda/stream.h"

namespace kjit::rt::cuda {

namespace {

// An answer of cuStreamQuery or cuEventQuery.
bool done(Context& context, Result code, const char* doing) {
  if (code == result::kNotReady) return false;
  context.check(code, doing);
  return true;
}

}  // namespace

Stream::Stream(ContextRef context) : context_(std::move(context)) {
  context_->check_usable();
  const Context::Current current(*context_);
  context_->check(context_->driver().stream_create(&raw_, kStreamNonBlocking), "making a stream");
}

Stream::Stream(ContextRef context, Blocking /*tag*/) : context_(std::move(context)) {
  context_->check_usable();
  const Context::Current current(*context_);
  context_->check(context_->driver().stream_create(&raw_, 0), "making a stream");
}

Stream::Stream(ContextRef context, Default /*tag*/) : context_(std::move(context)) {}

Stream::~Stream() {
  if (raw_) context_->driver().stream_destroy(raw_);
}

void Stream::synchronize() {
  context_->check_usable();
  const Context::Current current(*context_);
  context_->check(context_->driver().stream_synchronize(raw_), "waiting for a stream");
  context_->settled(raw_);
}

bool Stream::idle() {
  context_->check_usable();
  const Context::Current current(*context_);
  return done(*context_, context_->driver().stream_query(raw_), "asking for a stream's work");
}

Event::Event(ContextRef context, bool timing) : context_(std::move(context)) {
  context_->check_usable();
  const Context::Current current(*context_);
  context_->check(context_->driver().event_create(&raw_, timing ? 0 : kEventDisableTiming), "making an event");
}

Event::~Event() { context_->driver().event_destroy(raw_); }

void Event::record(Stream& stream) {
  const Context::Current current(*context_);
  context_->check(context_->driver().event_record(raw_, stream.raw()), "recording an event");
}

void Event::wait(Stream& stream) {
  const Context::Current current(stream.context());
  context_->check(context_->driver().stream_wait(stream.raw(), raw_, 0), "waiting for an event in a stream");
}

void Event::synchronize() {
  const Context::Current current(*context_);
  context_->check(context_->driver().event_synchronize(raw_), "waiting for an event");
}

bool Event::reached() {
  const Context::Current current(*context_);
  return done(*context_, context_->driver().event_query(raw_), "asking for an event");
}

float Event::since(const Event& start) const {
  float ms = 0;
  const Context::Current current(*context_);
  context_->check(context_->driver().event_elapsed(&ms, start.raw_, raw_), "measuring the time between events");
  return ms;
}

}  // namespace kjit::rt::cuda
