// Finds and opens libkjit-llvm, the half of the compiler with LLVM.
#pragma once

#include <memory>

#include "jit/backend.h"

namespace kjit::driver {

// The library is looked for beside libkjit (or the program that holds the driver), then in ../lib, then on the loader's
// path; it is opened once per process and stays. Throws std::runtime_error.
std::shared_ptr<jit::Backend> load_backend(const jit::BackendOptions& options);

}  // namespace kjit::driver
