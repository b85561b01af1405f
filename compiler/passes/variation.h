// How what a loop assigns changes from turn to turn: an analysis, nothing changes.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "passes/places.h"

namespace kjit::passes {

// Flags of a Value (places.h) without the value.
struct Variation {
  bool varies = false, lossy = false, digits = false, data = false;
  friend bool operator==(const Variation&, const Variation&) = default;
};
Variation variation_of(const Value& value);

// Adds to `known`, for the variables that stand in it, what the block's assignments to them say; `control`: whether the
// block runs is not the same in all iterations. To be repeated until nothing changes, since loops carry values on.
void vary(const kir::Block& block, bool control, const Env& env, std::map<kir::VarId, Variation>& known);

// A variable that grows by one number in each turn of a loop.
struct Counter {
  kir::VarId var;
  int64_t step;
};
std::vector<Counter> counters(const kir::Stmt& loop);

}  // namespace kjit::passes
