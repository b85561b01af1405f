// Loops whose iterations may run in any order become parallel regions.
//
// Precondition: the module verifies, there are no Map and Reduce. Postcondition: it computes the same; loops marked
// `parallel` in functions that ask for it are Parallel statements, their bodies functions marked `region`.
//
// What a body reads and does not write becomes an operand. What it writes is the region's own, unless it is read later:
// folds (region.h) start anew in each chunk and are joined in the order of the chunks; a variable that every iteration
// writes keeps the last one's value. A loop that an iteration hands values to the next one in stays as it is.
// Regions inside of regions stay loops.
//
// Why here: after ranges and split, which know more about a loop where it stands; before borrow, which looks at what
// the variables of each function refer to.
#pragma once

#include "kir/kir.h"
#include "passes/remarks.h"

namespace kjit::passes {

void parallel(sema::TypeContext& types, kir::Module& module);
// The same, with a remark for each loop and statement on arrays.
void parallel(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks);

}  // namespace kjit::passes
