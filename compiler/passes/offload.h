// Regions of functions with target='cuda' become kernels for a GPU, and statements say which arrays are needed where.
//
// Precondition: the module verifies; pass parallel has run. Postcondition: it computes the same; each region of a
// function that offloads has a kernel, a function for the GPU in which every thread of a grid does some of the
// iterations; Transfer statements stand before whatever reads or writes elements of arrays in such a function, here or
// in a region.
//
// A kernel's first parameter is the number of iterations. What it returns is what one thread has folded.
//
// Why here: after parallel, whose regions it takes; before storage and borrow, which are to see the new functions.
#pragma once

#include "kirgen/builder.h"

namespace kjit::passes {

void offload(sema::TypeContext& types, kir::Module& module);

}  // namespace kjit::passes
