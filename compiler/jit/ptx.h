// Kernel IR of a kernel for a GPU to text: LLVM IR or PTX.
#pragma once

#include <string>

#include "jit/backend.h"

namespace kjit::jit {

// Whether the module's entry runs on a GPU.
bool is_device(const kir::Module& module);

// The name of the module's kernel in PTX.
std::string device_entry(const kir::Module& module);

// `what`: Llvm, LlvmOpt, or PTX for all others. Throws std::invalid_argument on an architecture that code cannot be
// made for.
std::string emit_device(const kir::Module& module, const CompileOptions& options, Emit what, CompileTimes& times);

}  // namespace kjit::jit
