// Innermost loops from a start of unknown sign, in two forms: one for starts that are not negative, where indices need
// no wrap, and the loop as it was.
//
// Precondition: the module verifies. Postcondition: it computes the same. A `for` with a positive constant step whose
// body has indices that only the sign of the start keeps from being plain becomes `if start >= 0: loop else: loop`. The
// bodies share their expressions, statements are copied.
//
// Why here: after ranges, which leaves the wrap bits that matter, and before it runs again on what was split: the
// condition is all that it needs.
#pragma once

#include "kir/kir.h"

namespace kjit::passes {

void split(sema::TypeContext& types, kir::Module& module);

}  // namespace kjit::passes
