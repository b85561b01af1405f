// Fusion of whole-array expressions across statements.
//
// Precondition: the module verifies. Postcondition: it computes the same; an array that a Map makes and that only one
// Map or Reduce of the same block reads is gone: its Alloc and Map are removed and the reader computes the elements.
//
// When that is right: between the two, nothing may write what the producer reads, and no variable that it mentions is
// assigned; the producer cannot raise; where it loads elements by index, the reader writes a new array only. An array
// that a statement of the function makes shares memory with its own views only; two parameters may be one array.
// Lengths of the array that are asked for elsewhere are those of its Alloc. Broadcasting composes: an axis of length 1
// of the producer's input has length 1 or the producer's extent, and that is 1 or the reader's. Work is not repeated:
// the producer has as many axes as the reader.
//
// Why here: first of all; whole-array statements do not outlive nest.
#pragma once

#include "passes/remarks.h"

namespace kjit::passes {

void fuse(sema::TypeContext& types, kir::Module& module);
// The same, and says what it did: every loop over whole arrays that there is afterwards, every array that is not made
// any more, and every array that an operation still makes, with the reason.
void fuse(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks);

}  // namespace kjit::passes
