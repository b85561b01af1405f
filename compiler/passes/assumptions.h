// What the proofs of a loop over prange take for granted, as a condition to be tested when the loop begins.
#pragma once

#include <set>

#include "kirgen/builder.h"
#include "passes/accesses.h"

namespace kjit::passes {

using Factors = std::set<std::vector<AtomId>>;

// True where each of `factors` is at least 1, and no index of what the loop stores to, and reads of that, counts from
// the end without having been seen to. Null: there is nothing to test. What is not made of numbers and lengths that are
// known before the loop stays untested.
// `all_tested`: becomes false then.
kir::ExprRef assumptions(kirgen::Builder& b, const kir::Stmt& loop, const LoopAccesses& accesses,
                         const Factors& factors, bool* all_tested = nullptr);

}  // namespace kjit::passes
