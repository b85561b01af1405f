// Kernels for a GPU that the CPU runs: what the simulator (kjit_rt/simulator.h) is told and asked.
#pragma once

#include "lower/function.h"

namespace kjit::lower {

// DeviceIndex number `index` of the thread whose context the function has.
llvm::Value* simulated_place(FunctionLowering& f, uint32_t index);

// Says that the thread touches an element: `how` is kjit_sim_read (stands before the load), _write or _atomic (after).
void watch(FunctionLowering& f, Rt how, llvm::Value* address, Scalar element, source::Span where);

// Statement Device, atomics aside, with the values of its operands. Null: it has no result.
llvm::Value* simulated_operation(FunctionLowering& f, const Stmt& s, PartsRef operands);

// A shared array of that many bytes; 0: what the launch gives.
llvm::Value* simulated_shared(FunctionLowering& f, uint64_t bytes);

}  // namespace kjit::lower
