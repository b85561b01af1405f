// What all functions of one LLVM module share: declarations of runtime functions, constants, the table of callees.
#pragma once

#include <llvm/IR/DIBuilder.h>
#include <llvm/IR/Module.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "kir/kir.h"
#include "lower/lanes.h"
#include "lower/lower.h"

namespace kjit::lower {

constexpr size_t kConstantMemory = 60 << 10;  // of a GPU, for constant arrays: 64 KiB hold the driver's own too

enum class Rt : uint8_t {
#define RUNTIME(name, signature, traits) name,
#include "lower/runtime.def"
#undef RUNTIME
};

class DebugInfo;

class ModuleLowering {
 public:
  ModuleLowering(const kir::Module& kir, llvm::Module& module, const Options& options);
  ~ModuleLowering();
  void run();
  // See versions.h and Options.
  std::vector<Later> add_versions(const std::function<void()>& before);

  llvm::Module& module() { return module_; }
  llvm::LLVMContext& context() { return module_.getContext(); }
  const kir::Module& kir() const { return kir_; }
  DebugInfo* debug() { return debug_.get(); }
  const Lanes& lanes() const { return lanes_; }
  const Options& options() const { return options_; }

  llvm::Function* runtime(Rt fn);
  // A function that reads and writes no memory (libm's and kjit's own scalar functions). Signature as in runtime.def.
  llvm::Function* pure_function(const std::string& name, std::string_view signature);
  // void name(numbers..., number out[2]): writes its last argument only.
  llvm::Function* complex_function(const std::string& name, std::string_view signature);
  llvm::Constant* text(std::string_view text);  // zero-terminated
  llvm::Constant* location(const kir::Function& function, source::Span span);
  llvm::Constant* constant_array(uint32_t index);  // the elements of kir::Module::constant_arrays[index]
  uint32_t device_site(const std::string& text);   // where it begins among those of the module (device_report.cpp)
  // The text of kernels for a GPU that Options brought.
  llvm::Constant* gpu_image();
  llvm::Constant* zero_word();  // an int32 that is 0: what is polled when there is nothing to poll
  // The function that other kernels of the module call.
  llvm::Function* callee(uint32_t index) { return callees_[index]; }
  // {status, value}(ctx, args...) of a function in a call cycle whose result fits a register; null for others.
  llvm::Function* by_value(uint32_t index) { return by_value_[index]; }

 private:
  llvm::FunctionType* parse_signature(std::string_view signature);
  llvm::Function* declare(const kir::Function& function, const std::string& symbol, bool exported);
  void add_packed(const kir::Function& function, llvm::Function* target);
  void set_apart(const kir::Function& region);
  void find_called();
  void find_wanted();
  bool returns_by_value(const kir::Function& function) const;
  llvm::Function* declare_by_value(const kir::Function& function, llvm::Function* body);
  void add_by_value(llvm::Function* body, llvm::Function* twin);
  void add_entry_by_value(llvm::Function* entry, llvm::Function* twin);

  const kir::Module& kir_;
  llvm::Module& module_;
  const Options& options_;
  Lanes lanes_;
  std::unique_ptr<DebugInfo> debug_;
  std::vector<llvm::Function*> callees_, by_value_;
  std::vector<bool> called_;
  std::vector<bool> wanted_;  // functions of this module, the host's or the device's
  llvm::GlobalVariable* gpu_image_ = nullptr;
  std::map<Rt, llvm::Function*> runtime_;
  std::map<std::string, llvm::Constant*, std::less<>> texts_;
  std::map<std::string, llvm::Constant*> locations_;
  std::map<uint32_t, llvm::Constant*> constant_arrays_;
  llvm::Constant* zero_word_ = nullptr;
  std::string device_sites_;
  size_t constant_bytes_ = 0;  // of a GPU's constant memory
};

// The body of a function that is a C function of the host: converts nothing, stores the result, never fails.
void lower_extern(ModuleLowering& module, const kir::Function& kir, llvm::Function* function);

}  // namespace kjit::lower
