// Object code to callable addresses: one ORC execution session with JITLink; a JITDylib of its own for each object.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ExecutionEngine/Orc/Core.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/Support/Error.h>

#include <atomic>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "codegen/vector_math.h"
#include "jit/backend.h"

namespace kjit::jit {

// Throws std::runtime_error with LLVM's words when there is an error.
void check(llvm::Error error);
template <typename T>
T check(llvm::Expected<T> value) {
  if (!value) check(value.takeError());
  return std::move(*value);
}

class Session {
 public:
  Session(const BackendOptions& options, std::shared_ptr<const codegen::VectorMath> math);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Links the object and looks up `symbols`. Thread-safe.
  struct Loaded {
    llvm::orc::JITDylib* dylib = nullptr;
    std::unordered_map<std::string, void*> addresses;
  };
  Loaded load(llvm::ArrayRef<char> object, const std::string& name, const std::vector<std::string>& symbols);
  void unload(llvm::orc::JITDylib& dylib);

 private:
  void define_runtime(const BackendOptions& options);
  void add_plugins(const BackendOptions& options);

  std::unique_ptr<llvm::orc::ExecutionSession> session_;
  std::unique_ptr<llvm::orc::ObjectLinkingLayer> linking_;
  llvm::orc::JITDylib* runtime_ = nullptr;
  std::atomic<uint64_t> serial_{0};
};

}  // namespace kjit::jit
