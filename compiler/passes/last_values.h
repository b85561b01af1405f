// Values that variables have after a loop whose iterations run on a GPU: the last iteration stores them into arrays of
// one element, which are read behind the loop.
#pragma once

#include <vector>

#include "kirgen/builder.h"
#include "passes/region.h"

namespace kjit::passes {

struct LastValue {
  kir::VarId var, array;
};

// Whether that can be done for region.last: they are numbers, and every iteration comes to its end.
bool can_keep_last(const kir::Function& function, const kir::Stmt& loop, const Region& region);

// Appends the arrays to the block, and the stores to the loop; region.last is empty then, and the arrays are captured.
std::vector<LastValue> keep_last(kirgen::Builder& b, kir::Stmt& loop, Region& region, kir::ExprRef trips);

// Appends what reads them, for behind the loop.
void take_last(kirgen::Builder& b, const std::vector<LastValue>& lasts, kir::ExprRef trips);

}  // namespace kjit::passes
