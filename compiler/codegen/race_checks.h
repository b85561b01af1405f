// Generated code that tells ThreadSanitizer what it reads and writes, in trees built for that.
#pragma once

#include <llvm/IR/Module.h>

namespace kjit::codegen {

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KJIT_CHECKS_RACES 1
#endif
#endif
#ifdef KJIT_CHECKS_RACES
inline constexpr bool kChecksRaces = true;
#else
inline constexpr bool kChecksRaces = false;
#endif

// Marks the module's functions, before optimisation: LLVM then adds no reads and writes that the program does not have.
void want_race_checks(llvm::Module& module);
bool wants_race_checks(const llvm::Module& module);
// After it: calls of ThreadSanitizer's functions in marked functions.
void add_race_checks(llvm::Module& module);

}  // namespace kjit::codegen
