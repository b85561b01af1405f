// Whether two views of one array may share elements, as far as their indices say.
#pragma once

#include "passes/nest_axes.h"
#include "passes/origins.h"

namespace kjit::passes {

// A condition for the block at hand: false where the two take different rows of the array. Slices that begin at
// constants are taken to be shifted against each other, not apart.
kir::ExprRef may_meet(kirgen::Builder& b, Origins& origins, Axes& axes, kir::ExprRef a, kir::ExprRef c);

}  // namespace kjit::passes
