// PTX: the text that a GPU's driver compiles further.
#pragma once

#include <llvm/IR/Module.h>

#include <string>

#include "codegen/target.h"

namespace kjit::codegen {

// "sm_90": that architecture, and newer ones, run the PTX. "": the oldest that kjit makes code for, sm_75. Throws
// std::invalid_argument, with a hint, on one that LLVM does not know or that is older.
TargetSpec resolve_gpu(const std::string& arch);

// Only kernels stay visible. Throws std::runtime_error when something is called that no GPU has: the driver could not
// link it, and LLVM would end the process on some of it.
void prepare_for_gpu(llvm::Module& module);

}  // namespace kjit::codegen
