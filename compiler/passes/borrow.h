// Array variables that need no reference of their own: clears Var::counted.
//
// Precondition: the module verifies. Postcondition: the same, with fewer counted variables.
//
// A variable is a safe root when what it refers to is alive from its definition to the exit of the function: a
// parameter (the caller keeps it), a constant array, or a counted variable with one definition that stands outside of
// every loop (its reference is given up by the exit block, after every use, and by nothing else). Views, casts, tuples
// and selections refer to what their operands refer to. So a variable is uncounted when each of its definitions is an
// assignment whose array operands are safe roots or uncounted variables themselves: whatever it holds at any time is
// some view of a safe root. The largest such set is taken (a = a[1:] in a loop refers to what it referred to before).
// Results of Alloc, Copy and Call are references that someone has to give up, so their variables stay counted; but not
// those of an Alloc or Copy that storage.h gave a place to, which no reference comes with. A returned value is retained
// before the exit block runs.
//
// Why here: after everything that adds or splits variables.
#pragma once

#include "kir/kir.h"

namespace kjit::passes {

void borrow(sema::TypeContext& types, kir::Module& module);

}  // namespace kjit::passes
