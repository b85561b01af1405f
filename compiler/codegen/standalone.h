// Optimised modules for files: code that refers to the runtime library and C's own, and to nothing else.
#pragma once

#include <llvm/IR/Module.h>

#include <string>
#include <vector>

namespace kjit::codegen {

// Calls of SLEEF's and libmvec's functions find them by the runtime (kjit_rt/aot.h) when they are first made; where the
// library is not there, libm's function is called for each lane.
void find_vector_functions_later(llvm::Module& module);

// The functions and objects that an object file refers to and does not define, sorted. Throws std::runtime_error.
std::vector<std::string> undefined_symbols(llvm::StringRef object);

}  // namespace kjit::codegen
