// The mathematical functions of GPUs: libdevice of NVIDIA's toolkit where it is, otherwise libclc.
#pragma once

#include <llvm/IR/Module.h>

#include <string>

namespace kjit::codegen {

// Gives the module's calls of `__nv_sin` and the like their bodies, those alone that are called. `given`: the file of
// libdevice, or the directory of a toolkit; empty: looked for in the usual places. With libclc, which has other names,
// the functions get those. Throws std::runtime_error, naming both, where there is neither; nothing is looked for when
// nothing is called.
void link_device_library(llvm::Module& module, const std::string& given);

// The file that would be linked; "" where there is none.
std::string device_library(const std::string& given);

}  // namespace kjit::codegen
