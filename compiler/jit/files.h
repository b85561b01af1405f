// From optimised modules to what is written to files: objects, archives, shared objects. Nothing is loaded.
#pragma once

#include <llvm/IR/Module.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "jit/backend.h"

namespace kjit::jit {

// One module of several, given as bitcode: what is internal in each stays apart. Throws std::runtime_error.
std::unique_ptr<llvm::Module> join_modules(llvm::LLVMContext& context, const std::vector<std::string>& bitcode);

// Throws std::invalid_argument where C's library has a function of this name, which the program would lose.
void check_c_name(const llvm::Triple& triple, const std::string& name);

// Throws std::invalid_argument when an object refers to more than the runtime, libm, and what compilers take from libc.
void check_stands_alone(std::string_view object);

// `name`: of the file, without folders.
std::string make_archive(std::string_view object, const std::string& name);
// Names libkjit_rt and the libraries of C that the object needs; these have to be here.
std::string make_shared_object(std::string_view object, const std::string& name);

}  // namespace kjit::jit
