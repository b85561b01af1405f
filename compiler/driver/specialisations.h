// Compiled code by function and argument types. One thread compiles a key, others that want it wait; a failure is told
// to all who waited, and forgotten, so that the next call tries again.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "kjit/error.h"
#include "sema/globals.h"

namespace kjit::detail {
class Code;
}

namespace kjit::driver {

class Specialisations {
 public:
  struct Key {
    const ast::FunctionDef* def = nullptr;
    const sema::Globals* globals = nullptr;
    std::vector<sema::TypeRef> arguments;
    std::string defaults = {};  // constants for the arguments that are left out (sema::omitted_defaults)
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    size_t operator()(const Key& key) const;
  };
  using CodePtr = std::shared_ptr<const detail::Code>;

  // Never compiles with the lock held. A null result of `compile` is given to all who wait, and forgotten.
  CodePtr get(const Key& key, const std::function<CodePtr()>& compile);
  // What is there already; null when nothing is, or not yet.
  CodePtr find(const Key& key) const;
  // The next get() compiles again. Calls that run keep what they run.
  void forget(const Key& key);

 private:
  // An error is kept as a value, of which each thread that waited throws a copy: an exception object of several threads
  // is one whose handlers race.
  struct Outcome {
    CodePtr code;
    std::shared_ptr<const Error> error;
  };
  static CodePtr code_or_throw(const Outcome& outcome);
  mutable std::mutex mutex_;
  std::unordered_map<Key, std::shared_future<Outcome>, Hash> entries_;
};

}  // namespace kjit::driver
