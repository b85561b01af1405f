// Loop nests for Map and Reduce statements.
//
// Precondition: the module verifies. Postcondition: it computes the same, without Map and Reduce.
//
// A nest has up to three forms, chosen at run time by the lengths and addresses of its arrays:
//   plain    every input has the extents of the iteration, and writing the target does not change an input: plain
//            indices, one flat loop where all arrays are contiguous in one order
//   shifted  the same, but target and an input are parts of one array (stencils in place): into a temporary
//   general  an axis of length 1 is repeated, or the target may be an input's memory: into a temporary that is copied
//            when the nest is done; a lazy function of its own (outline.h), with the checks that plain implies
// What is known when compiling leaves one form.
//
// Neighbours of one shape share a plain nest, for as long as each reads what others write at its own index only:
// several results, one loop, and an array that only they read is not made. What stands between them runs before, if it
// computes, allocates or checks. Their general forms are as many functions as there are statements, in their order.
//
// Why here: after fuse, which needs whole statements, and before ranges, which needs loops.
#pragma once

#include <vector>

#include "kir/kir.h"
#include "passes/remarks.h"

namespace kjit::passes {

void nest(sema::TypeContext& types, kir::Module& module);
// The same; says which statements share a loop, and takes back that an array is kept which only they read.
void nest(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks);

}  // namespace kjit::passes
