// The kernel of a region of a function with target='cuda'.
#pragma once

#include <memory>

#include "passes/region_shape.h"

namespace kjit::passes {

// The region's function, where thread k of n does the iterations k, k + n, k + 2 * n ... of its loop. `fast`: for
// arrays at addresses that are multiples of 16, apart where they are written; a thread does `shape.beside` iterations
// in a row, or `shape.tall` rows of a column. `number` makes its name.
std::unique_ptr<kir::Function> region_kernel(sema::TypeContext& types, const kir::Function& region,
                                             const RegionShape& shape, uint32_t number, bool fast);

}  // namespace kjit::passes
