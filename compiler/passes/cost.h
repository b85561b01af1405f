// How long a loop takes, by estimate.
#pragma once

#include "kirgen/builder.h"

namespace kjit::passes {

struct Cost {
  kir::ExprRef nanoseconds;  // of all iterations: float64, of what is known before the loop
  bool uniform;              // all iterations cost the same
};

// `trips`: the number of iterations, int64. The estimate multiplies the lengths of the loops inside, where they follow
// from what is known before the loop (for those that depend on the loop's variable, half way), with weights of the
// operations; what cannot be known counts as a few iterations. It is a function of the arguments' values and shapes.
Cost estimate(kirgen::Builder& b, const kir::Module& module, const kir::Stmt& loop, kir::ExprRef trips);

}  // namespace kjit::passes
