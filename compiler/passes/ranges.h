// Index ranges: proves that indices are not negative and that checks hold.
//
// Precondition: the module verifies. Postcondition: it computes the same; `wrap` bits of indices that cannot be
// negative are clear, Checks that always hold are marked `always_taken`, and Var::nonnegative is set.
//
// What is used: bounds of loop variables (lo <= i < hi, the variable and what the bounds mention not assigned in the
// body), conditions on the way (`if`, `while`, checks, early exits), assignments, and variables all of whose
// definitions are not negative. Facts are linear inequalities; those about a variable die where it is assigned.
//
// Wrapping: an index is read as the integer that Python would compute. Where the true value of an index expression made
// of nonnegative parts leaves int64, it is out of range of every array, which the contract of kernel IR leaves
// undefined; so wrap bits may be cleared as if index arithmetic did not overflow. Checks have no such licence: they are
// only proved from strict facts, which come from comparisons of variables and lengths, without arithmetic that could
// wrap. With boundscheck every index has a Check, and that stays unless it is proved so.
//
// Why here: first of all, since whatever looks at loops afterwards wants plain indices.
#pragma once

#include "kir/kir.h"

namespace kjit::passes {

void ranges(sema::TypeContext& types, kir::Module& module);

}  // namespace kjit::passes
