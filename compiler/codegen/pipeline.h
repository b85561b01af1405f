// LLVM IR to better LLVM IR, and to object code or assembly text.
#pragma once

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <string>

#include "codegen/vector_math.h"

namespace kjit::codegen {

// opt_level 0 gives functions in loops their library and does nothing else. The module's triple and data layout are the
// machine's; `math` is for that machine, null: libm's functions, scalar.
void optimize(llvm::Module& module, llvm::TargetMachine& machine, int opt_level, const VectorMath* math = nullptr);

enum class FileType : uint8_t { Assembly, Object };
llvm::SmallVector<char, 0> generate(llvm::Module& module, llvm::TargetMachine& machine, FileType type);

// LLVM's own checks; "" when the module is sound, else what is wrong. For tests and debug builds.
std::string verify(const llvm::Module& module);

}  // namespace kjit::codegen
