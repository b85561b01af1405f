// Kernel IR of a kernel for a GPU to text: LLVM IR or PTX.
#pragma once

#include <string>
#include <vector>

#include "jit/backend.h"

namespace kjit::jit {

// Whether the module's entry runs on a GPU.
bool is_device(const kir::Module& module);

// Whether regions of the module's functions have kernels for a GPU.
bool has_device_regions(const kir::Module& module);

// The name of the module's kernel in PTX.
std::string device_entry(const kir::Module& module);

// `what`: Llvm, LlvmOpt, or PTX for all others. Throws std::invalid_argument on an architecture that code cannot be
// made for.
// `others`: modules whose kernels stand in the same text; a name that is there already gets a number.
std::string emit_device(const kir::Module& module, const CompileOptions& options, Emit what, CompileTimes& times,
                        const std::vector<const kir::Module*>& others = {});

}  // namespace kjit::jit
