// Generated code that tells ThreadSanitizer what it reads and writes, in trees built for that.
#pragma once

#include <llvm/IR/Module.h>

#include "source/sanitizers.h"

namespace kjit::codegen {

inline constexpr bool kChecksRaces = source::kThreadSanitizer;

// Marks the module's functions, before optimisation: LLVM then adds no reads and writes that the program does not have.
void want_race_checks(llvm::Module& module);
bool wants_race_checks(const llvm::Module& module);
// After it: calls of ThreadSanitizer's functions in marked functions.
void add_race_checks(llvm::Module& module);

}  // namespace kjit::codegen
