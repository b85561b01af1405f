// What one iteration of a parallel loop reads and writes in arrays that others see: an analysis, nothing changes.
#pragma once

#include <functional>
#include <set>

#include "passes/places.h"

namespace kjit::passes {

struct Access {
  bool store = false;
  Place place;
  source::Span where;
  std::vector<Known> facts;  // conditions that it stands behind
  std::string value;         // Store: of a value that is the same in all iterations, its key
  bool single = false;       // may happen in one iteration only
  bool sometimes = false;    // depends on a condition that is not the same in all iterations
  bool patterned = false;    // ... which picks iterations by a remainder, or pairs of two loops' variables
  bool whole = false;        // Store: by a statement on the array itself, not on a part: s += x
  size_t statement = 0;      // of the loop's body, in which it happens
};

// A variable, or a part of the tuples in it.
struct ArrayName {
  kir::VarId var;
  std::vector<uint32_t> path;
};

struct LoopAccesses {
  std::vector<Access> all;  // in the program's order
  Poly lo, hi;              // of the loop
  AtomId iteration = 0;
  std::optional<int64_t> trips, step;
  std::set<uint32_t> folded;                         // roots of the arrays in For::folds
  std::vector<std::pair<Poly, kir::VarId>> scalars;  // what variables of int64 hold before the loop
  std::map<uint32_t, ArrayName> names;               // of roots, before the loop
  const Atoms* atoms = nullptr;
  const std::vector<Root>* roots = nullptr;
  bool complete = true;  // false: too long to follow to its end
};

// Calls `decide` for each loop marked `parallel` that stands in no other: from the outermost in, in the program's
// order. Its result says whether the loop stays one; if not, loops in it are looked at. Functions that are called in a
// loop are followed, and what they do stands at the call.
void for_each_parallel_loop(const kir::Module& module, const kir::Function& function,
                            const std::function<bool(const kir::Stmt&, const LoopAccesses&)>& decide);

}  // namespace kjit::passes
