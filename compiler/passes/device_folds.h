// Updates of arrays that iterations of a loop fold values into (passes/array_folds.h), as atomic operations of a GPU.
#pragma once

#include "passes/liveness.h"

namespace kjit::passes {

// Whether each statement of the block that updates one of the arrays has an atomic operation: integers of 32 and 64
// bits, sums, minima, maxima and bits; sums of floats where their order does not matter.
bool has_atomic_updates(const kir::Function& function, const kir::Block& block, const VarSet& arrays);

// Makes them so. Precondition: the above.
void make_updates_atomic(kir::Function& function, kir::Block& block, const VarSet& arrays);

}  // namespace kjit::passes
