// Typed program to kernel IR.
#pragma once

#include "kir/kir.h"
#include "sema/typed.h"

namespace kjit::kirgen {

struct Options {
  bool poll_interrupt = false;
  kir::RaceMode races = kir::RaceMode::Warn;
  bool simulate = false;  // kernels for a GPU are for the simulator
};

// The module's functions stand in the program's order; the entry is exported under its symbol.
// Findings that only this stage can make (a return value that cannot be converted) go to `diagnostics`; null then.
std::unique_ptr<kir::Module> generate(sema::TypeContext& types, const sema::TypedProgram& program,
                                      const Options& options, source::Diagnostics& diagnostics);

}  // namespace kjit::kirgen
