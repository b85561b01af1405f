#include "codegen/race_checks.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/VirtualFileSystem.h>
#include <llvm/Transforms/Instrumentation/ThreadSanitizer.h>

#include <algorithm>

namespace kjit::codegen {

namespace {

// ThreadSanitizer keeps the calls that a thread is in on a stack of 64K entries and does not look at its end; a
// recursion that ends with an error is deeper. Reports name the place of an access without it, generated code has no
// names for the callers in any case.
void drop_call_records(llvm::Function& f) {
  for (llvm::Instruction& i : llvm::make_early_inc_range(llvm::instructions(f))) {
    const auto* call = llvm::dyn_cast<llvm::CallInst>(&i);
    const llvm::Function* callee = call != nullptr ? call->getCalledFunction() : nullptr;
    if (callee != nullptr && (callee->getName() == "__tsan_func_entry" || callee->getName() == "__tsan_func_exit"))
      i.eraseFromParent();
  }
}

}  // namespace

void want_race_checks(llvm::Module& module) {
  for (llvm::Function& f : module) {
    if (!f.isDeclaration()) f.addFnAttr(llvm::Attribute::SanitizeThread);
  }
}

bool wants_race_checks(const llvm::Module& module) {
  return std::any_of(module.begin(), module.end(), [](const llvm::Function& f) {
    return !f.isDeclaration() && f.hasFnAttribute(llvm::Attribute::SanitizeThread);
  });
}

// Without the pass's module constructor: the process has started ThreadSanitizer.
void add_race_checks(llvm::Module& module) {
  llvm::FunctionAnalysisManager functions;
  llvm::ModuleAnalysisManager modules;
  llvm::LoopAnalysisManager loops;
  llvm::CGSCCAnalysisManager call_graph;
  // A file system of its own: the default is one object that all threads count references of.
  const llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files(llvm::vfs::createPhysicalFileSystem());
  llvm::PassBuilder builder(nullptr, llvm::PipelineTuningOptions(), std::nullopt, nullptr, files);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(call_graph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, call_graph, modules);
  llvm::ModulePassManager passes;
  passes.addPass(llvm::createModuleToFunctionPassAdaptor(llvm::ThreadSanitizerPass()));
  passes.run(module, modules);
  for (llvm::Function& f : module) drop_call_records(f);
}

}  // namespace kjit::codegen
