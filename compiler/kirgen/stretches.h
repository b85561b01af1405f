// Sums of floats in NumPy's order (see builtins_reduce.cpp).
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "kirgen/builder.h"

namespace kjit::kirgen::emit {

// totals[k] += at(0)[k], ..., at(n - 1)[k]: stretches of 128 in eight parts, added pairwise. `at` is called once for
// each position that is written down, in order.
kir::Stmt* sum_stretches(Builder& b, std::span<const VarId> totals, ExprRef n,
                         const std::function<std::vector<ExprRef>(ExprRef position)>& at);

}  // namespace kjit::kirgen::emit
