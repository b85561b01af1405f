// Whether a function returns after a handful of instructions, whatever its arguments are: an analysis, nothing changes.
#pragma once

#include "kir/kir.h"

namespace kjit::passes {

// True when no statement of `function`, and of the functions it calls, takes longer for larger arguments: no loops, no
// operations on whole arrays, no filling of new arrays, no output, no recursion, and no calls that leave the module but
// for pure functions of numbers; and when there are few statements in all. Meant for callers to whom the end of the
// call must be near: a binding that does not give up its interpreter's lock for it.
bool is_brief(const kir::Module& module, const kir::Function& function);

}  // namespace kjit::passes
