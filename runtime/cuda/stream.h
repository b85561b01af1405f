// Streams, and events in them.
#pragma once

#include "cuda/context.h"

namespace kjit::rt::cuda {

// Work in order. Destroying it while work is under way lets the work finish.
class Stream {
 public:
  struct Default {};
  struct Blocking {};
  explicit Stream(ContextRef context);       // one of its own, which does not wait for the default stream
  Stream(ContextRef context, Default tag);   // the device's default stream
  Stream(ContextRef context, Blocking tag);  // one of its own; it waits for the default stream, and that for it
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  Context& context() const { return *context_; }
  const ContextRef& context_ref() const { return context_; }
  RawStream* raw() const { return raw_; }

  void synchronize();
  bool idle();  // all work is done; errors of kernels appear here too

 private:
  ContextRef context_;
  RawStream* raw_ = nullptr;
};

using StreamRef = std::shared_ptr<Stream>;

class Event {
 public:
  explicit Event(ContextRef context, bool timing = true);
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void record(Stream& stream);
  void wait(Stream& stream);  // the stream's later work waits for it; nothing when never recorded
  void synchronize();
  bool reached();
  // Milliseconds from `start` to this one; both made with timing, recorded and reached.
  float since(const Event& start) const;

 private:
  ContextRef context_;
  RawEvent* raw_ = nullptr;
};

}  // namespace kjit::rt::cuda
