// Functions of numbers that a Map or Reduce calls for each element become part of its body.
//
// Precondition: the module verifies. Postcondition: it computes the same; calls are left of functions that call
// themselves, do more than compute, are large, have other fast-math flags, or are of another file and may raise (what
// goes wrong is said at its place in the file of the function around it).
//
// Why here: first of all, so that fuse sees arithmetic, and LLVM a loop without calls. Calls elsewhere are LLVM's.
#pragma once

#include "kir/kir.h"

namespace kjit::passes {

void inline_calls(sema::TypeContext& types, kir::Module& module);

}  // namespace kjit::passes
