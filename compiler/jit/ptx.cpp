#include "jit/ptx.h"

#include <fmt/format.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <stdexcept>

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

}  // namespace

bool is_device(const kir::Module& module) {
  return std::any_of(module.functions.begin(), module.functions.end(), [](const auto& f) { return f->device; });
}

std::string device_entry(const kir::Module& module) {
  const auto entry =
      std::find_if(module.functions.begin(), module.functions.end(), [](const auto& f) { return f->exported; });
  if (entry == module.functions.end()) throw std::runtime_error("the module has no kernel");
  return lower::device_symbol((*entry)->name);
}

std::string emit_device(const kir::Module& module, const CompileOptions& options, Emit what, CompileTimes& times) {
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
  ir.setTargetTriple(machine->getTargetTriple());
  ir.setDataLayout(machine->createDataLayout());
  lower::lower(module, ir, {.optimized = options.opt_level > 0, .device = true});
  check(ir, "lowering");  // LLVM ends the process on what it cannot select
  times.lower = watch.lap();
  if (what == Emit::Llvm) return text_of(ir);
  codegen::optimize(ir, *machine, std::max(options.opt_level, 1));  // calls have to be inlined
  codegen::prepare_for_gpu(ir);
  check(ir, "optimisation");
  times.optimize = watch.lap();
  if (what == Emit::LlvmOpt) return text_of(ir);
  const auto bytes = codegen::generate(ir, *machine, codegen::FileType::Assembly);
  if (!errors.empty()) throw std::runtime_error("LLVM: " + errors);
  times.codegen = watch.lap();
  return {bytes.begin(), bytes.end()};
}

}  // namespace kjit::jit
