#include "codegen/target.h"

#include <fmt/format.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/SubtargetFeature.h>

#include <mutex>
#include <stdexcept>
#include <vector>

#include "source/diagnostics.h"

namespace kjit::codegen {

namespace {

// LLVM is private to this library, so its global options are too. An option that this LLVM does not have is left out.
void set_option(const char* name, const char* value) {
  auto& options = llvm::cl::getRegisteredOptions();
  auto found = options.find(name);
  if (found == options.end()) return;
  found->second->addOccurrence(0, name, value);  // some are looked at only when they were given
}

const llvm::Target& find_target(const llvm::Triple& triple) {
  std::string error;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (target == nullptr) throw std::runtime_error(fmt::format("no code generator for {}: {}", triple.str(), error));
  return *target;
}

using Subtarget = std::unique_ptr<llvm::MCSubtargetInfo>;

Subtarget subtarget(const TargetSpec& spec) {
  const llvm::Triple triple(spec.triple);
  Subtarget info(find_target(triple).createMCSubtargetInfo(triple, spec.cpu, spec.features));
  if (!info) throw std::runtime_error(fmt::format("LLVM has no tables for {}", spec.triple));
  return info;
}

// What the calls of kernels rest on: without it LLVM ends the process, or has no registers for float64.
bool makes_kernels(const llvm::MCSubtargetInfo& info) {
  return info.checkFeatures("+64bit,+64bit-mode,+sse2") && info.checkFeatures("-32bit-mode,-16bit-mode,-soft-float");
}

std::string hint(std::string_view word, const std::vector<std::string>& names) {
  const std::string near = source::nearest(word, names);
  return near.empty() ? "" : fmt::format(": did you mean '{}'?", near);
}

void check_cpu(const TargetSpec& spec) {
  const Subtarget known = subtarget({spec.triple, "", ""});
  const auto usable = [&](llvm::StringRef cpu) { return makes_kernels(*subtarget({spec.triple, cpu.str(), ""})); };
  if (known->isCPUStringValid(spec.cpu)) {
    if (usable(spec.cpu)) return;
    throw std::invalid_argument(fmt::format("the processor '{}' has no 64-bit mode", spec.cpu));
  }
  std::vector<std::string> names;
  for (const auto& each : known->getAllProcessorDescriptions())
    if (usable(each.Key)) names.emplace_back(each.Key);
  throw std::invalid_argument(fmt::format("LLVM knows no processor '{}'{}", spec.cpu, hint(spec.cpu, names)));
}

void check_features(const TargetSpec& spec) {
  const Subtarget known = subtarget({spec.triple, "", ""});
  std::vector<std::string> names;
  for (const auto& each : known->getAllProcessorFeatures()) names.emplace_back(each.Key);
  llvm::SmallVector<llvm::StringRef> list;
  llvm::StringRef(spec.features).split(list, ',');
  for (const llvm::StringRef feature : list) {
    const std::string name = feature.drop_front(feature.empty() ? 0 : 1).str();
    if (!feature.starts_with("+") && !feature.starts_with("-"))
      throw std::invalid_argument(
          fmt::format("the features \"{}\" are not a list like \"+avx2,-avx512f\"", spec.features));
    if (!llvm::is_contained(names, name))
      throw std::invalid_argument(fmt::format("LLVM knows no feature '{}'{}", name, hint(name, names)));
  }
  if (!makes_kernels(*subtarget(spec)))
    throw std::invalid_argument(
        fmt::format("the features \"{}\" take away what kernels need: 64-bit mode and SSE2", spec.features));
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
    set_option("force-ordered-reductions", "true");
    // A version of a loop for rows of one element, which hides that the loop could be vectorised for all others.
    set_option("enable-mem-access-versioning", "false");
    // Half of code generation, and worth under 1% of run time on x86 (figures in README.md).
    set_option("disable-lsr", "true");
    // Longer loops of a constant length are not written out: sums over some hundred elements took seconds.
    set_option("unroll-full-max-count", "64");
    // Each block is compared with so many others for a common end: a hundred shifts of arrays in one function, 6.1 s to
    // compile with 150, take 3.4 s.
    set_option("tail-merge-threshold", "16");
  });
}

TargetSpec resolve(const std::string& cpu, const std::string& features) {
  initialize();
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
  } else {
    check_cpu(spec);
  }
  if (!features.empty()) {
    check_features(spec);
  } else if (!subtarget(spec)->checkFeatures("+fast-gather")) {
    // Where gathers are slow (AMD), eight loads are faster: LLVM takes any AVX-512 for a fast one.
    spec.features += std::string(spec.features.empty() ? "" : ",") + "+prefer-no-gather,+prefer-no-scatter";
  }
  if (features.empty() && subtarget(spec)->checkFeatures("+avx512fp16")) {
    // Since Sapphire Rapids 512 bits cost Intel's processors no clock worth speaking of (figures in README.md); LLVM
    // takes 256 bits for all of them.
    spec.features += std::string(spec.features.empty() ? "" : ",") + "-prefer-256-bit";
  }
  return spec;
}

bool has_features(const TargetSpec& spec, const std::string& features) {
  return subtarget(spec)->checkFeatures(features);
}

std::unique_ptr<llvm::TargetMachine> make_target_machine(const TargetSpec& spec, int opt_level) {
  initialize();
  const llvm::Triple triple(spec.triple);
  llvm::TargetOptions options;
  options.EmulatedTLS = false;
  const auto level = opt_level == 0 ? llvm::CodeGenOptLevel::None : llvm::CodeGenOptLevel::Aggressive;
  std::unique_ptr<llvm::TargetMachine> machine(find_target(triple).createTargetMachine(
      triple, spec.cpu, spec.features, options, llvm::Reloc::PIC_, llvm::CodeModel::Small, level, /*JIT=*/false));
  if (!machine) throw std::runtime_error(fmt::format("LLVM cannot generate code for {}", spec.triple));
  return machine;
}

}  // namespace kjit::codegen
