// Kernels for a GPU: what the driver launches around a function that is lowered like any other.
#pragma once

#include "lower/function.h"

namespace kjit::lower {

// A kernel `device_symbol(name)` that calls `body`, the function of the ABI. Its parameters are those of the ABI
// without owners: of an array data, shape and strides (bytes).
void add_device_kernel(ModuleLowering& module, const kir::Function& function, llvm::Function* body);

// The memory of a shared array of that many bytes, in the generic address space; `bytes` 0: what the launch gives.
llvm::Value* shared_memory(FunctionLowering& f, const std::string& name, uint64_t bytes);

// Says which thread failed where, unless one before it in the grid has (see kjit_rt/cuda.h, kjit_cuda_report).
void report_on_device(FunctionLowering& f, const Stmt& s);
// Whether it has said so of any thread of the launch, at this moment.
llvm::Value* somebody_failed(FunctionLowering& f);
void add_device_sites(llvm::Module& module, const std::string& sites);

}  // namespace kjit::lower
