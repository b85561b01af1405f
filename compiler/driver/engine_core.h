// What compiled code needs of its engine for as long as a handle lives, and the compiled code itself.
#pragma once

#include <kjit_rt/cuda.h>
#include <kjit_rt/linalg.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "jit/backend.h"
#include "kjit/engine.h"
#include "sema/types.h"
#include "source/source_file.h"

namespace kjit::driver {

// The part of an engine that handles share. Never refers back to the engine, so that there is no cycle.
struct EngineCore {
  explicit EngineCore(Options given);
  ~EngineCore() { kjit_cuda_close(cuda); }
  EngineCore(const EngineCore&) = delete;
  EngineCore& operator=(const EngineCore&) = delete;

  const uint64_t id;  // unique in the process, never 0
  const Options options;
  std::atomic<bool> closed{false};  // the engine is gone: nothing new is compiled
  int32_t interrupt = 0;            // a word that code polls; atomic accesses only

  kjit_cuda* cuda = nullptr;  // the device, which compiled code finds here; owned, set once

  kjit_blas* blas() const { return blas_.get(); }  // what the host has given; null: nothing

  // Opened when something is first compiled. Throws kjit::Error (Internal).
  jit::Backend& backend();

 private:
  std::mutex mutex_;
  std::shared_ptr<jit::Backend> backend_;
  struct FreeBlas {
    void operator()(kjit_blas* blas) const { kjit_blas_free(blas); }
  };
  std::unique_ptr<kjit_blas, FreeBlas> blas_;
};

// What compiled code calls a registered function by; no name of C can be the same.
inline std::string host_symbol(const HostFunction& f) { return "host." + f.module + "." + f.name; }

}  // namespace kjit::driver

namespace kjit::detail {

// The calling thread's context of an engine.
kjit_ctx* context_of(const std::shared_ptr<driver::EngineCore>& core);

class Code {
 public:
  std::shared_ptr<driver::EngineCore> core;  // before `machine`: outlives it
  std::unique_ptr<jit::CompiledCode> machine;
  jit::EntryPoints entry;
  std::string name;                   // the kernel's, for messages
  std::vector<sema::TypeRef> params;  // as compiled; valid while the engine's types are
  sema::TypeRef result = nullptr;
  bool brief = false;                        // see passes/brevity.h
  std::vector<source::SourceFilePtr> files;  // for the source lines of errors
};

}  // namespace kjit::detail
