// What compiled code may refer to: the runtime, libm, and the few C functions that LLVM itself emits calls to.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kjit::load {

// Names and addresses. The addresses come from the libraries that this one is linked with, never from a search of the
// process, so that a host's function of the same name is not picked up.
std::vector<std::pair<std::string, void*>> runtime_symbols();

// One of them, or a function of a vector library (vector_libraries.h); null: there is none. Thread-safe.
void* find_symbol(const std::string& name);

}  // namespace kjit::load
