#include "parallel/scheduler.h"

#include <dlfcn.h>
#include <kjit_rt/parallel.h>
#include <pthread.h>

#include <atomic>
#include <cstdio>
#include <string>

namespace kjit::rt {

namespace {

enum State : int { kClosed, kOpening, kOpen, kAbsent, kForked };

// One per process, as its threads are. `state` says which of the others may be read.
constinit std::atomic<int> state{kClosed};
constinit RunOnPool run = nullptr;
constinit const char* version = "";
constinit void (*abandon)() = nullptr;
char absent_because[256];

// The child of a fork has the calling thread only. Where nothing had been opened it may open the scheduler itself.
void after_fork() {
  const int before = state.load(std::memory_order_relaxed);
  if (before == kOpen) abandon();
  if (before != kClosed) state.store(kForked, std::memory_order_relaxed);
}

[[gnu::constructor]] void watch_forks() { pthread_atfork(nullptr, nullptr, after_fork); }

// As for BLAS (linalg/blas.cpp): the host may have another oneTBB among its global symbols. Sanitizers refuse that.
#ifdef KJIT_SANITIZED
constexpr int kFlags = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;
#else
constexpr int kFlags = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE | RTLD_DEEPBIND;
#endif

void* open_library() {
  std::string folder;
  Dl_info here{};
  if (dladdr(reinterpret_cast<void*>(&kjit_threads_describe), &here) && here.dli_fname) folder = here.dli_fname;
  folder.resize(folder.rfind('/') == std::string::npos ? 0 : folder.rfind('/') + 1);
  // Beside this library, or where the build has put it when the runtime is part of a program.
  for (const char* name : {"libkjit_threads.so", "../lib/libkjit_threads.so"})
    if (void* handle = dlopen((folder + name).c_str(), kFlags)) return handle;
  return nullptr;
}

void absent(const char* why) { std::snprintf(absent_because, sizeof absent_because, "%s", why ? why : "not found"); }

int open_now() {
  try {
    void* handle = open_library();
    if (!handle) {
      absent(dlerror());
      return kAbsent;
    }
    run = reinterpret_cast<RunOnPool>(dlsym(handle, "kjit_pool_run"));
    abandon = reinterpret_cast<void (*)()>(dlsym(handle, "kjit_pool_abandon"));
    auto* about = reinterpret_cast<const char* (*)()>(dlsym(handle, "kjit_pool_version"));
    if (run && abandon && about) {
      version = about();
      return kOpen;
    }
    absent("libkjit_threads.so is not of this version of kjit");
  } catch (const std::exception&) {
    absent("out of memory");
  }
  return kAbsent;
}

int opened() {
  int now = state.load(std::memory_order_acquire);
  if (now == kClosed && state.compare_exchange_strong(now, kOpening, std::memory_order_acquire)) {
    now = open_now();
    state.store(now, std::memory_order_release);
    state.notify_all();
  }
  while (now == kOpening) {
    state.wait(kOpening, std::memory_order_acquire);
    now = state.load(std::memory_order_acquire);
  }
  return now;
}

}  // namespace

RunOnPool pool() { return opened() == kOpen ? run : nullptr; }

}  // namespace kjit::rt

extern "C" {

int32_t kjit_threads_parallel(void) { return kjit::rt::pool() != nullptr; }

void kjit_threads_describe(char* buffer, size_t size) {
  using namespace kjit::rt;
  switch (opened()) {
    case kOpen:
      std::snprintf(buffer, size, "oneTBB %s", version);
      break;
    case kForked:
      std::snprintf(buffer, size, "none: this process is the child of a fork, and its parent had run parallel regions");
      break;
    default:
      std::snprintf(buffer, size, "none: %s", absent_because);
  }
}

}  // extern "C"
