// Value numbering of lengths, bounds and views.
//
// Precondition: the module verifies. Postcondition: it computes the same. A temporary that holds what another one holds
// already is gone, as are checks, branches and selections that are decided by that; a length that is asked of a view, a
// copy or a new array is the expression that made it.
//
// How: one walk in the program's order. Each variable has a version, which changes where it may be assigned, and an
// expression without loads is numbered by its operation and its operands' numbers (B. Alpern, M. Wegman, F. Zadeck,
// "Detecting equality of variables in programs", POPL 1988, on structured code instead of SSA). What a temporary holds
// is known from its assignment to the end of the block that it stands in.
//
// Why here: first of all. Statements on whole arrays repeat the arithmetic of their slices; with one name for one
// value, fuse and nest see that extents agree, and less reaches LLVM.
#pragma once

#include "kir/kir.h"

namespace kjit::passes {

void values(sema::TypeContext& types, kir::Module& module);

}  // namespace kjit::passes
