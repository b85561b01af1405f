#include "codegen/ptx.h"

#include <fmt/format.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <stdexcept>

#include "source/diagnostics.h"

namespace kjit::codegen {

namespace {

constexpr const char* kTriple = "nvptx64-nvidia-cuda";
constexpr int kOldest = 75;

void initialize_nvptx() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
    LLVMInitializeNVPTXAsmPrinter();
  });
}

// The number in "sm_90" or "sm_90a"; 0 when it is no such name.
int number_of(std::string_view arch) {
  int number = 0;
  if (!arch.starts_with("sm_")) return 0;
  const auto [end, error] = std::from_chars(arch.data() + 3, arch.data() + arch.size(), number);
  return error == std::errc() && arch.data() + arch.size() - end <= 1 ? number : 0;
}

}  // namespace

TargetSpec resolve_gpu(const std::string& arch) {
  initialize();
  initialize_nvptx();
  TargetSpec spec{kTriple, arch.empty() ? fmt::format("sm_{}", kOldest) : arch, ""};
  const llvm::Triple triple(kTriple);
  std::string error;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target) throw std::runtime_error(fmt::format("no code generator for GPUs: {}", error));
  const std::unique_ptr<llvm::MCSubtargetInfo> known(target->createMCSubtargetInfo(triple, "", ""));
  std::vector<std::string> names;
  for (const auto& each : known->getAllProcessorDescriptions())
    if (number_of(each.Key) >= kOldest) names.emplace_back(each.Key);
  if (std::find(names.begin(), names.end(), spec.cpu) != names.end()) return spec;
  if (known->isCPUStringValid(spec.cpu))
    throw std::invalid_argument(
        fmt::format("the GPU architecture '{}' is too old: sm_{} is the oldest", arch, kOldest));
  const std::string near = source::nearest(arch, names);
  throw std::invalid_argument(
      fmt::format("LLVM knows no GPU architecture '{}'{}", arch,
                  near.empty() ? ": they are named like sm_90" : fmt::format(": did you mean '{}'?", near)));
}

void prepare_for_gpu(llvm::Module& module) {
  for (llvm::Function& f : module) {
    if (f.isDeclaration()) {
      if (!f.isIntrinsic() && !f.use_empty() && f.getName() != "vprintf")  // the driver's own
        throw std::runtime_error(fmt::format("a GPU has no function {}", f.getName().str()));
    } else if (f.getCallingConv() != llvm::CallingConv::PTX_Kernel) {
      f.setLinkage(llvm::GlobalValue::InternalLinkage);
    }
  }
}

}  // namespace kjit::codegen
