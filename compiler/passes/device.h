// What cannot run on a GPU is an error: arrays made in kernels, printing, exceptions that the program raises, functions
// of the runtime and of libm, recursion. A module without functions for a GPU is left alone.
//
// Precondition: the module verifies, and whole-array statements have become loops. Postcondition: the same; findings of
// severity Error where lowering for a GPU has nothing to offer. What is found in the library's functions is shown at
// the call.
//
// Why here: last. What passes have taken apart (a sum of a row, a view) runs as what it has become.
#pragma once

#include "kir/kir.h"

namespace kjit::passes {

void device(sema::TypeContext& types, kir::Module& module);

}  // namespace kjit::passes
