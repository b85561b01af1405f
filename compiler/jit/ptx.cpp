#include "jit/ptx.h"

#include <fmt/format.h>
#include <kjit_rt/cuda.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <stdexcept>

#include "codegen/device_library.h"
#include "codegen/pipeline.h"
#include "codegen/ptx.h"
#include "jit/stopwatch.h"
#include "lower/lower.h"

namespace kjit::jit {

namespace {

void collect(const llvm::DiagnosticInfo* info, void* errors) {
  if (info->getSeverity() != llvm::DS_Error) return;
  llvm::raw_string_ostream out(*static_cast<std::string*>(errors));
  llvm::DiagnosticPrinterRawOStream printer(out);
  info->print(printer);
}

std::string text_of(const llvm::Module& module) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  module.print(stream, nullptr);
  return out;
}

bool has_lines(const kir::Module& module, const CompileOptions& options) {
  return options.debug_info || std::any_of(module.functions.begin(), module.functions.end(),
                                           [](auto& f) { return f->on_device.lineinfo || f->on_device.debug; });
}

void lower_into(llvm::Module& ir, const kir::Module& module, const CompileOptions& options,
                const llvm::TargetMachine& machine) {
  ir.setTargetTriple(machine.getTargetTriple());
  ir.setDataLayout(machine.createDataLayout());
  const bool lines = has_lines(module, options);
  lower::lower(module, ir,
               {.debug_info = lines, .places_only = lines, .optimized = options.opt_level > 0, .device = true});
}

// Adds the kernel of another module.
void add(llvm::Module& ir, const kir::Module& module, const CompileOptions& options,
         const llvm::TargetMachine& machine) {
  auto next = std::make_unique<llvm::Module>(module.name, ir.getContext());
  lower_into(*next, module, options, machine);
  const std::string name = device_entry(module);
  if (ir.getNamedValue(KJIT_CUDA_REPORT) && next->getNamedValue(KJIT_CUDA_REPORT))
    throw std::invalid_argument("one file holds one kernel with debug=True at most");
  if (llvm::Function* known = next->getFunction(name); known && ir.getFunction(name)) {
    int number = 2;
    while (ir.getFunction(fmt::format("{}_{}", name, number))) ++number;
    known->setName(fmt::format("{}_{}", name, number));
  }
  if (llvm::GlobalVariable* word = next->getNamedGlobal(KJIT_CUDA_GRID_BARRIER);
      word && ir.getNamedValue(KJIT_CUDA_GRID_BARRIER))
    word->setInitializer(nullptr);  // one for all
  if (llvm::Linker::linkModules(ir, std::move(next))) throw std::runtime_error("kernels cannot be put into one file");
}

// Comments that name the kernels of regions whose threads may report exceptions: kjit_rt/offload.h.
std::string failing(const kir::Module& module, const llvm::Module& ir) {
  std::string out;
  for (const auto& f : module.functions) {
    if (!f->device || !f->exported || !f->offload) continue;
    const std::string name = lower::device_symbol(f->name);
    const llvm::Function* kernel = ir.getFunction(name);
    if (kernel && !kernel->getArg(0)->use_empty()) out += fmt::format("// {} may fail\n", name);
  }
  return out;
}

}  // namespace

bool is_device(const kir::Module& module) {
  return std::any_of(module.functions.begin(), module.functions.end(),
                     [](const auto& f) { return f->device && f->exported && !f->offload; });
}

bool has_device_regions(const kir::Module& module) {
  return std::any_of(module.functions.begin(), module.functions.end(),
                     [](const auto& f) { return f->device && f->exported && f->offload; });
}

std::string device_entry(const kir::Module& module) {
  const auto entry =
      std::find_if(module.functions.begin(), module.functions.end(), [](const auto& f) { return f->exported; });
  if (entry == module.functions.end()) throw std::runtime_error("the module has no kernel");
  return lower::device_symbol((*entry)->name);
}

std::string emit_device(const kir::Module& module, const CompileOptions& options, Emit what, CompileTimes& times,
                        const std::vector<const kir::Module*>& others) {
  const codegen::TargetSpec spec = codegen::resolve_gpu(options.gpu_arch);
  std::string errors;
  const auto check = [&](const llvm::Module& ir, const char* after) {
    if (errors.empty()) errors = codegen::verify(ir);
    if (!errors.empty()) throw std::runtime_error(fmt::format("LLVM, after {}: {}", after, errors));
  };
  Stopwatch watch;
  llvm::LLVMContext context;
  context.setDiagnosticHandlerCallBack(collect, &errors);
  const auto machine = codegen::make_target_machine(spec, options.opt_level);
  llvm::Module ir(module.name.empty() ? "kernel" : module.name, context);
  lower_into(ir, module, options, *machine);
  for (const kir::Module* other : others) add(ir, *other, options, *machine);
  check(ir, "lowering");  // LLVM ends the process on what it cannot select
  times.lower = watch.lap();
  if (what == Emit::Llvm) return text_of(ir);
  codegen::link_device_library(ir, options.libdevice);
  times.link = watch.lap();
  codegen::optimize(ir, *machine, std::max(options.opt_level, 1));  // calls have to be inlined
  codegen::prepare_for_gpu(ir);
  check(ir, "optimisation");
  times.optimize = watch.lap();
  if (what == Emit::LlvmOpt) return text_of(ir);
  const auto bytes = codegen::generate(ir, *machine, codegen::FileType::Assembly);
  if (!errors.empty()) throw std::runtime_error("LLVM: " + errors);
  times.codegen = watch.lap();
  return std::string(bytes.begin(), bytes.end()) + failing(module, ir);
}

}  // namespace kjit::jit
