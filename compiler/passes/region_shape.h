// What a region of a function with target='cuda' is to a grid of threads: which of its loops lie along which axes.
#pragma once

#include <vector>

#include "kirgen/builder.h"

namespace kjit::passes {

// What the loop of a region's body is to a grid of threads.
struct RegionShape {
  const kir::Stmt* loop = nullptr;
  const kir::Stmt* inner = nullptr;  // the loop that is its body, where the two may be spread over two axes
  int64_t beside = 1;  // iterations that a thread does one after the other, so that it moves 16 bytes at once
  int64_t tall = 1;    // of two axes: rows that a thread does together, so that what they share is loaded once
  std::vector<kir::ExprRef> across;  // of two axes: loads along columns, by way of tiles in shared memory
  bool down = false;                 // `row` goes down a column: as many warps of a block do it together
  const kir::Stmt* row = nullptr;    // a loop in it that a warp does together: it folds values into a variable
};

// Without a loop where the region has none over the parameters that pass parallel gives it.
RegionShape region_shape(const kirgen::Builder& b, const kir::Function& region);

}  // namespace kjit::passes
