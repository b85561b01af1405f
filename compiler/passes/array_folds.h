// Arrays that the iterations of a parallel loop only fold values into: marks them in For::folds.
//
// Precondition: the module verifies. Postcondition: the same, with For::folds set.
//
// An array from outside of the loop is such a one when every mention of it in the body is an update by one operation of
// a place that does not follow from the loop's variable: `h += row`, `h[k] += v`, `h[:, j] -= w`, `h[cell[i]] += 1`.
// Those places may be the same in two iterations. What each iteration updates at a place of its own (`h[i] += v`) is
// left alone. Chunks can then work on arrays of their own, which are joined in order.
//
// Why here: first of all, while updates still look as they were written.
#pragma once

#include "kir/kir.h"

namespace kjit::passes {

void array_folds(sema::TypeContext& types, kir::Module& module);

}  // namespace kjit::passes
