// What this machine's processor is, without LLVM.
#pragma once

#include <string>

namespace kjit::driver {

// Equal on machines that LLVM makes the same code for when it is asked for "native": what it looks at, which is the
// processor's own account of its kind and features, and of the state that the system saves.
const std::string& processor_identity();

}  // namespace kjit::driver
