// A module: one kernel IR function for each typed function.
#include "kirgen/kirgen.h"

#include "kir/machine_type.h"
#include "kirgen/function_gen.h"

namespace kjit::kirgen {

namespace {

kir::FastMath fast_math(uint8_t bits) {
  kir::FastMath f;
  f.reassoc = (bits & sema::kFastReassoc) != 0;
  f.nnan = (bits & sema::kFastNnan) != 0;
  f.ninf = (bits & sema::kFastNinf) != 0;
  f.nsz = (bits & sema::kFastNsz) != 0;
  f.arcp = (bits & sema::kFastArcp) != 0;
  f.contract = (bits & sema::kFastContract) != 0;
  f.afn = (bits & sema::kFastAfn) != 0;
  return f;
}

void set_header(kir::Function& out, const sema::TypedFunction& typed, ModuleGen& m) {
  out.name = typed.def->name;
  out.symbol = typed.symbol;
  // Not owned: whoever compiles keeps the globals, and with them the file, until the module is gone.
  out.file = source::SourceFilePtr(source::SourceFilePtr(), &typed.globals->file());
  out.span = typed.def->span;
  out.result = kir::machine_type(m.types, typed.result);
  out.fastmath = fast_math(typed.options.fastmath);
  out.boundscheck = typed.options.boundscheck;
  out.poll_interrupt = m.options.poll_interrupt;
  out.races = m.options.races;
  out.parallel = typed.options.parallel;
  out.serial_parts = typed.options.serial_parts;
  out.offload = typed.options.offload && typed.options.parallel && !typed.options.device;
  out.recursive = typed.recursive;
  out.exported = typed.exported || &typed == m.program.entry;
  out.inline_always = typed.options.inline_always;
  out.library = typed.globals->is_library();
  out.device = m.program.entry->options.device;
  if (out.device) {
    const sema::FunctionOptions& said = m.program.entry->options;
    out.poll_interrupt = out.poll_interrupt && m.options.simulate;
    out.boundscheck = m.options.simulate ? !out.library : said.debug;
    out.fastmath.contract |= (said.fastmath & sema::kFastContract) != 0;
    out.on_device = {said.max_threads, said.min_blocks, said.max_registers, said.lineinfo, said.debug};
  }
  out.extern_symbol = typed.options.extern_symbol;
  out.extern_pure = typed.options.pure;
  out.extern_context = typed.options.context;
}

}  // namespace

std::unique_ptr<kir::Module> generate(sema::TypeContext& types, const sema::TypedProgram& program,
                                      const Options& options, source::Diagnostics& diagnostics) {
  auto module = std::make_unique<kir::Module>();
  ModuleGen m{types, program, options, diagnostics, *module, {}, {}};
  for (const auto& typed : program.functions) {
    m.index.emplace(typed.get(), static_cast<uint32_t>(module->functions.size()));
    module->functions.push_back(std::make_unique<kir::Function>());
    set_header(*module->functions.back(), *typed, m);
  }
  if (program.entry) module->name = program.entry->symbol;
  module->simulated = options.simulate;
  const size_t errors = diagnostics.error_count();
  for (size_t i = 0; i < program.functions.size(); ++i) {
    FunctionGen(m, *program.functions[i], *module->functions[i]).run();
  }
  return diagnostics.error_count() == errors ? std::move(module) : nullptr;
}

}  // namespace kjit::kirgen
