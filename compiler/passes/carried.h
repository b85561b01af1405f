// Which variables of a loop may refer to arrays from outside of it: an analysis, nothing changes.
#pragma once

#include <functional>

#include "passes/liveness.h"

namespace kjit::passes {

// Of the variables that the loop assigns, arrays and tuples: those that may refer, at the start of a turn or after the
// loop, to an array that `outside` is true of: it is asked about variables as they are when the loop begins. Names that
// arrays of an iteration exchange (a, b = b, a) are followed, and functions that are called.
VarSet refer_outside(const kir::Module& module, const kir::Function& function, const kir::Stmt& loop,
                     const std::function<bool(kir::VarId)>& outside);

}  // namespace kjit::passes
