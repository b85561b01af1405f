// Makes one loop of two that stand one in the other, where both may run in any order.
//
// Threads take parts of the outer loop. Where that one has few iterations, they take parts of the inner one instead,
// each for all iterations of the outer one. Which it is, is found at run time, from the numbers of iterations alone.
#pragma once

#include "kirgen/builder.h"
#include "passes/definitions.h"

namespace kjit::passes {

// Rewrites `loop`, marked `parallel`, when its body is another such loop and nothing else, both go up by ones from 0,
// and iterations of the inner one share no element with each other. Appends what has to stand before the loop. Returns
// whether it did.
bool collapse(kirgen::Builder& b, const Definitions& definitions, kir::Stmt& loop);

// Whether each iteration of two loops, one the body of the other, touches elements of its own as far as it stores any.
bool own_elements(const Definitions& definitions, kir::VarId outer, kir::VarId inner, const kir::Block& body);

}  // namespace kjit::passes
