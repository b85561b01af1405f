// Kernels for a GPU: what the driver launches around a function that is lowered like any other.
#pragma once

#include "lower/module.h"

namespace kjit::lower {

// A kernel `device_symbol(name)` that calls `body`, the function of the ABI. Its parameters are those of the ABI
// without owners: of an array data, shape and strides (bytes).
void add_device_kernel(ModuleLowering& module, const kir::Function& function, llvm::Function* body);

}  // namespace kjit::lower
