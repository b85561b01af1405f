// Compiled code of the CPU, kept on disk: what is found there is loaded without LLVM, before anything is typed.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "driver/cache_key.h"
#include "driver/cache_store.h"
#include "driver/engine_core.h"
#include "source/diagnostics.h"

namespace kjit::driver {

// One per engine. Thread-safe. Whatever is wrong with the cache is a miss, and remembered with its reason.
class CodeCache {
 public:
  CodeCache(std::shared_ptr<EngineCore> core, std::shared_ptr<const CacheStore> store);

  // What is to be compiled. `arguments` and `values` as in EngineState::compile.
  struct Wanted {
    const sema::FunctionRef& function;
    std::vector<sema::TypeRef> arguments;
    const std::vector<std::optional<sema::Constant>>* values;
    const PipelineOptions& pipeline;
  };
  // What a look-up gave: code, or the parameters whose values have to be known first, or neither, and then the key that
  // what is compiled may be kept under.
  struct Lookup {
    std::shared_ptr<detail::Code> code;
    std::vector<source::Diagnostic> findings;  // that passes had when it was compiled
    std::set<size_t> literals;
    std::optional<CacheKey> key;  // none: this code is not for the cache
    std::string why;              // there was none
  };
  // Whether the options want this function to be looked for.
  bool covers(const sema::FunctionRef& function) const;
  Lookup find(sema::TypeContext& types, const Wanted& wanted) const;

  // Code that was compiled after a look-up that found none. `refused` is not empty: why it is not to be kept.
  void keep(const Lookup& lookup, const Wanted& wanted, const detail::Code& code, const std::string& symbol,
            const std::vector<source::Diagnostic>& findings, const jit::Kept& kept, std::string refused) const;
  // The function cannot be compiled before the values of these parameters are known.
  void keep(const Lookup& lookup, const std::set<size_t>& literals) const;

  std::vector<CacheEvent> events() const;

 private:
  std::string decode(sema::TypeContext& types, const Wanted& wanted, const std::string& value, Lookup& out) const;
  void* symbol(const std::string& name) const;
  void note(const std::string& function, CacheEvent::Outcome outcome, std::string reason, bool kept = false,
            std::string key = {}) const;

  std::shared_ptr<EngineCore> core_;
  std::shared_ptr<const CacheStore> store_;
  struct Event {
    CacheEvent event;
    std::string key;  // of a miss because there was no entry; "" for all others
  };
  mutable std::mutex mutex_;
  mutable std::vector<Event> events_;
};

}  // namespace kjit::driver
