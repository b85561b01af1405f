#include "codegen/pipeline.h"

#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/VirtualFileSystem.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/IPO/AlwaysInliner.h>
#include <llvm/Transforms/IPO/GlobalDCE.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>

#include <optional>
#include <stdexcept>

#include "codegen/inline_limit.h"
#include "codegen/race_checks.h"

namespace kjit::codegen {

namespace {

// Stands before the vectorisers: until then the calls are libm's, which LLVM knows how to simplify.
class ResolveMath : public llvm::PassInfoMixin<ResolveMath> {
 public:
  explicit ResolveMath(const VectorMath& math) : math_(&math) {}
  llvm::PreservedAnalyses run(llvm::Function& function, llvm::FunctionAnalysisManager& /*analyses*/) {
    math_->resolve(function, true);
    return llvm::PreservedAnalyses::all();
  }

 private:
  const VectorMath* math_;
};

// Bodies of functions that stand in the loop, after all other passes.
void define_math(llvm::Module& module, llvm::ModuleAnalysisManager& modules, const VectorMath& math) {
  VectorMath::restore(module);
  if (!math.define(module)) return;
  llvm::ModulePassManager inlining;
  inlining.addPass(llvm::AlwaysInlinerPass());
  llvm::FunctionPassManager tidying;
  tidying.addPass(llvm::EarlyCSEPass());
  tidying.addPass(llvm::InstCombinePass());
  tidying.addPass(llvm::SimplifyCFGPass());
  inlining.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(tidying)));
  inlining.addPass(llvm::GlobalDCEPass());
  inlining.run(module, modules);
}

}  // namespace

void optimize(llvm::Module& module, llvm::TargetMachine& machine, int opt_level, const VectorMath* math) {
  if (math && !VectorMath::wanted(module)) math = nullptr;
  const bool checked = wants_race_checks(module);
  if (opt_level == 0) {
    if (math) {
      for (llvm::Function& f : module) math->resolve(f, false);
      math->define(module);
    }
    if (checked) add_race_checks(module);
    return;
  }
  limit_inlining(module);
  llvm::PipelineTuningOptions tuning;
  // A GPU's lanes are its threads. ThreadSanitizer knows reads and writes of at most 16 bytes.
  const bool vectors = !machine.getTargetTriple().isNVPTX() && !checked;
  tuning.LoopVectorization = vectors;
  tuning.LoopInterleaving = vectors;
  tuning.SLPVectorization = vectors;
  tuning.LoopUnrolling = true;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager call_graph;
  llvm::ModuleAnalysisManager modules;
  // A file system of its own: the default is one object that all threads count references of.
  const llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files(llvm::vfs::createPhysicalFileSystem());
  llvm::PassBuilder builder(&machine, tuning, std::nullopt, nullptr, files);
  llvm::TargetLibraryInfoImpl library(machine.getTargetTriple());
  if (machine.getTargetTriple().isNVPTX()) library.disableAllFunctions();  // there is no libm to call
  if (math) {
    math->describe(library);
    builder.registerVectorizerStartEPCallback(
        [math](llvm::FunctionPassManager& passes, llvm::OptimizationLevel) { passes.addPass(ResolveMath(*math)); });
  }
  functions.registerPass([&] { return llvm::TargetLibraryAnalysis(library); });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(call_graph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, call_graph, modules);
  llvm::ModulePassManager passes;
  passes.addPass(llvm::GlobalDCEPass());  // of a module that was saved only a function or two are wanted
  passes.addPass(builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3));
  passes.run(module, modules);
  if (math) define_math(module, modules, *math);
  if (checked) add_race_checks(module);
}

llvm::SmallVector<char, 0> generate(llvm::Module& module, llvm::TargetMachine& machine, FileType type) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  llvm::legacy::PassManager passes;
  passes.add(new llvm::TargetLibraryInfoWrapperPass(machine.getTargetTriple()));
  const auto kind = type == FileType::Object ? llvm::CodeGenFileType::ObjectFile : llvm::CodeGenFileType::AssemblyFile;
  if (machine.addPassesToEmitFile(passes, out, nullptr, kind, /*DisableVerify=*/true)) {
    throw std::runtime_error("LLVM cannot write this kind of file for the target");
  }
  passes.run(module);
  return bytes;
}

std::string verify(const llvm::Module& module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  return llvm::verifyModule(module, &out) ? text : "";
}

}  // namespace kjit::codegen
