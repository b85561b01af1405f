#include "codegen/target.h"

#include <fmt/format.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/SubtargetFeature.h>

#include <mutex>
#include <stdexcept>

namespace kjit::codegen {

namespace {

// LLVM is private to this library, so its global options are too. An option that this LLVM does not have is left out.
void set_option(const char* name, bool value) {
  auto& options = llvm::cl::getRegisteredOptions();
  auto found = options.find(name);
  if (found != options.end()) static_cast<llvm::cl::opt<bool>*>(found->second)->setValue(value);
}

}  // namespace

void initialize() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
    // Sums keep their order and still call vector functions.
    set_option("force-ordered-reductions", true);
    // Half of code generation, and worth under 1% of run time on x86 (figures in README.md).
    set_option("disable-lsr", true);
  });
}

TargetSpec resolve(const std::string& cpu, const std::string& features) {
  TargetSpec spec;
  spec.triple = llvm::sys::getProcessTriple();
  spec.cpu = cpu;
  spec.features = features;
  if (cpu.empty() || cpu == "native") {
    spec.cpu = llvm::sys::getHostCPUName().str();
    if (features.empty()) {
      llvm::SubtargetFeatures host;
      for (const auto& feature : llvm::sys::getHostCPUFeatures()) host.AddFeature(feature.first(), feature.second);
      spec.features = host.getString();
    }
  }
  return spec;
}

std::unique_ptr<llvm::TargetMachine> make_target_machine(const TargetSpec& spec, int opt_level) {
  initialize();
  const llvm::Triple triple(spec.triple);
  std::string error;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (target == nullptr) throw std::runtime_error(fmt::format("no code generator for {}: {}", spec.triple, error));
  llvm::TargetOptions options;
  options.EmulatedTLS = false;
  const auto level = opt_level == 0 ? llvm::CodeGenOptLevel::None : llvm::CodeGenOptLevel::Aggressive;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, spec.cpu, spec.features, options, llvm::Reloc::PIC_, llvm::CodeModel::Small, level, /*JIT=*/false));
  if (!machine) throw std::runtime_error(fmt::format("LLVM cannot generate code for {}", spec.triple));
  return machine;
}

}  // namespace kjit::codegen
