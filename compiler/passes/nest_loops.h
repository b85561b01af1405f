// The loops of one Map or Reduce statement, once its form is chosen (nest.h).
#pragma once

#include <vector>

#include "kirgen/builder.h"

namespace kjit::passes {

struct NestInput {
  kir::VarId element;
  kir::ExprRef array;               // a variable or a constant array
  std::vector<bool> repeated;       // by axis: known to have length 1 at most, so that index 0 is always meant
  std::vector<kir::ExprRef> moves;  // general form, by axis: 0 where the length is 1, else 1
};

// Appends the loops of a Map into `target`. `extents`: the lengths of the iteration. Plain: every input has them, or is
// repeated; else an axis of length 1 is repeated, as found at run time.
void store_nest(kirgen::Builder& b, const kir::Stmt& s, const std::vector<kir::ExprRef>& extents, kir::ExprRef target,
                std::vector<NestInput> inputs, bool plain);
// The same for a Reduce, into its variable or its array.
void fold_nest(kirgen::Builder& b, const kir::Stmt& s, const std::vector<kir::ExprRef>& extents,
               std::vector<NestInput> inputs, bool plain);

// A statement that shares its nest with others: a whole Reduce or a Map. Sums of floats share one with each other only.
struct NestMember {
  const kir::Stmt* statement;
  kir::ExprRef target;  // null: a Reduce
  std::vector<NestInput> inputs;
  std::vector<int> made_by;  // by input: the last member before this one whose target it is; -1: none
  bool stored = true;        // false: nobody else reads the target
};
// Plain nests of several statements as one. Each reads what others write at no other index than its own.
void joined_nest(kirgen::Builder& b, const std::vector<NestMember>& members, const std::vector<kir::ExprRef>& extents);

}  // namespace kjit::passes
