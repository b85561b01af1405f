// Contexts of calls: one per thread and engine, made when first needed; errors of kernels as exceptions.
#include <fmt/format.h>
#include <kjit_rt/core.h>

#include <cstring>
#include <exception>
#include <utility>

#include "driver/engine_core.h"

namespace kjit::detail {

constinit thread_local ThreadSlot thread_slot{~uint64_t{0}, nullptr};

namespace {

struct Context : kjit_ctx {
  explicit Context(driver::EngineCore& core) : kjit_ctx{} {
    kjit_ctx_init(this);
    engine = &core;
    blas = core.blas();
    thread_limit = core.options.threads;
    interrupt = core.options.interruptible ? &core.interrupt : nullptr;
    if (core.options.write) write = &write_text;
    write_user = this;
  }
  ~Context() { kjit_ctx_destroy(this); }
  Context(const Context&) = delete;

  // Exceptions must not pass through compiled code: the first is kept, and thrown when the kernel has stopped.
  static void write_text(void* user, const char* text, size_t size) {
    auto* self = static_cast<Context*>(user);
    if (self->thrown_by_host) return;
    try {
      static_cast<driver::EngineCore*>(self->engine)->options.write({text, size});
    } catch (...) {
      self->thrown_by_host = std::current_exception();
      self->write_failed = 1;
    }
  }

  std::exception_ptr thrown_by_host;
};

// The contexts of one thread. An engine that is gone leaves its context behind until the next is made.
class ThreadContexts {
 public:
  ~ThreadContexts() { thread_slot = {~uint64_t{0}, nullptr}; }

  kjit_ctx* get(const std::shared_ptr<driver::EngineCore>& core) {
    for (Entry& e : entries_)
      if (e.id == core->id) return e.context.get();
    std::erase_if(entries_, [](const Entry& e) { return e.core.expired(); });
    entries_.push_back({core->id, core, std::make_unique<Context>(*core)});
    return entries_.back().context.get();
  }

 private:
  struct Entry {
    uint64_t id;
    std::weak_ptr<driver::EngineCore> core;
    std::unique_ptr<Context> context;
  };
  std::vector<Entry> entries_;
};

thread_local ThreadContexts thread_contexts;

Place place_of(const kjit_location* where, const Code& code) {
  Place place;
  if (!where) return place;
  place.file = where->file ? where->file : "";
  place.function = where->function ? where->function : "";
  place.line = static_cast<uint32_t>(where->line), place.column = static_cast<uint32_t>(where->column);
  place.end_line = static_cast<uint32_t>(where->end_line), place.end_column = static_cast<uint32_t>(where->end_column);
  for (const source::SourceFilePtr& file : code.files) {
    if (file->path() != place.file) continue;
    place.source_line = file->line(place.line);
    if (!place.source_line.empty()) break;  // several texts may be parts of one file
  }
  return place;
}

}  // namespace

kjit_ctx* bind_context(const Code* code) {
  if (!code) throw Error(ErrorKind::Usage, "the function handle is empty");
  kjit_ctx* ctx = thread_contexts.get(code->core);
  if (code->core->options.memory_limit > 0) {
    kjit_ctx_limit_memory(ctx,
                          code->core->options.memory_limit);  // each call begins at zero, so each comes through here
  } else {
    thread_slot = {code->core->id, ctx};
  }
  return ctx;
}

kjit_ctx* context_of(const std::shared_ptr<driver::EngineCore>& core) { return thread_contexts.get(core); }

void raise(const Code* code, kjit_ctx* ctx, int32_t status) {
  // Every context that kernels are called with comes from bind_context().
  if (auto thrown = std::exchange(static_cast<Context*>(ctx)->thrown_by_host, nullptr)) std::rethrow_exception(thrown);
  if (ctx->error.kind != status)
    throw Error(ErrorKind::Internal, fmt::format("'{}' failed without saying why", code->name));
  if (status < KJIT_EXCEPTION || status > KJIT_UNOWNED_RESULT)
    throw Error(ErrorKind::Internal, fmt::format("'{}' returned the unknown status {}", code->name, status));
  ctx->error.message[sizeof ctx->error.message - 1] = 0;
  throw Error(static_cast<ErrorKind>(status), ctx->error.message, place_of(ctx->error.location, *code));
}

struct CallScope::Stop {
  CancelFlag flag;
  struct Request {
    CancelFlag* flag;
    void operator()() const noexcept { flag->cancel(); }
  };
  std::stop_callback<Request> callback;
  explicit Stop(const std::stop_token& token) : callback(token, Request{&flag}) {}
};

CallScope::CallScope(const Code* code, kjit_ctx* ctx, const CallOptions& options)
    : ctx_(ctx), interrupt_(ctx->interrupt), limit_(ctx->memory_limit), limited_(options.memory_limit > 0) {
  const bool cancellable = options.cancel || options.stop.stop_possible();
  if (cancellable && !code->core->options.interruptible)
    throw Error(ErrorKind::Usage,
                fmt::format("cancelling a call of '{}' needs an engine with Options::interruptible", code->name));
  if (options.memory_limit < 0) throw Error(ErrorKind::Usage, "the memory limit of a call is negative");
  if (options.cancel) {
    ctx->interrupt = options.cancel->word();
  } else if (cancellable) {
    stop_ = std::make_unique<Stop>(options.stop);
    ctx->interrupt = stop_->flag.word();
  }
  if (limited_) kjit_ctx_limit_memory(ctx, options.memory_limit);
}

CallScope::~CallScope() {
  ctx_->interrupt = interrupt_;
  if (limited_) kjit_ctx_limit_memory(ctx_, limit_);
}

void retain(void* owner) noexcept { kjit_rt_retain(owner); }
void release(void* owner) noexcept { kjit_rt_release(owner); }

Array to_array(void* data, void* owner, DType dtype, std::span<const int64_t> shape, std::span<const int64_t> strides,
               bool readonly) {
  return Array::adopt(data, owner, dtype, shape, strides, readonly);
}

void fail_geometry(const char* what) { throw Error(ErrorKind::Usage, std::string("not an array: ") + what); }

void fail_array(const Array& array, DType wanted, int rank, Layout layout, bool readonly) {
  const char* layouts[] = {"C", "F", "A"};
  const char* have = array.is_c_contiguous() ? "C" : array.is_f_contiguous() ? "F" : "A";
  throw Error(ErrorKind::Usage,
              fmt::format("the array is array({}, {}d, {}{}), the view is array({}, {}d, {}{})",
                          kjit::name(array.dtype()), array.ndim(), have, array.readonly() ? ", readonly" : "",
                          kjit::name(wanted), rank, layouts[static_cast<int>(layout)], readonly ? ", readonly" : ""));
}

}  // namespace kjit::detail
