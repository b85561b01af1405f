// inline='always' up to a size: functions whose calls, written out, would double at every level stay calls.
#pragma once

#include <llvm/IR/Module.h>

namespace kjit::codegen {

// Takes the attribute AlwaysInline from functions that would hold more than some ten thousands of instructions with
// everything inlined, and from those that call themselves.
void limit_inlining(llvm::Module& module);

}  // namespace kjit::codegen
