// Loops over prange whose iterations share what they should not: told to the program's author, and run in order.
//
// Precondition: the module verifies, nothing ran before. Postcondition: it computes what its loops compute in order;
// Module::findings has a finding for each place.
//
// An element that one iteration stores and another may read or store is a race: where nothing proves that they do not
// (passes/apart.h). A loop with one is no longer marked `parallel`, so that its result is that of `range`; so is one
// that hands a variable from one iteration to the next. Nothing is said where only the data can tell: out[perm[i]] = x.
// Arrays that may be one as called are asked for when the loop begins: exprs[3] of the loop, bool, is that they are
// not.
//
// Why here: first, while places are still what the program says, before whole arrays become loops.
#pragma once

#include "kir/kir.h"
#include "passes/remarks.h"

namespace kjit::passes {

void races(sema::TypeContext& types, kir::Module& module);
// The same, with a remark for each loop that runs in order.
void races(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks);

}  // namespace kjit::passes
