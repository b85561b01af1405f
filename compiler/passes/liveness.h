// Which variables are read before they are written: an analysis, nothing changes.
#pragma once

#include <map>
#include <set>

#include "kir/kir.h"

namespace kjit::passes {

using VarSet = std::set<kir::VarId>;

// Every variable that the expression mentions.
void mentioned(kir::ExprRef e, VarSet& out);
// The variables mentioned by a statement itself, without its blocks.
VarSet reads(const kir::Stmt& s);
// Variables that some statement of the block assigns, blocks inside included.
void assigned(const kir::Block& block, VarSet& out);
// Variables that one run of a loop's body may read before it writes them.
VarSet exposed(const kir::Block& body);
// Variables that are written on every way through a loop's body to its next iteration.
VarSet always_assigned(const kir::Block& body);
// For each `for` marked parallel: the variables that may be read after it, before they are written again.
std::map<const kir::Stmt*, VarSet> live_after_loops(const kir::Function& function);

// Of some variables that refer to arrays: which may be read later, otherwise than for a length, before they are written
// again.
struct LivePoints {
  std::map<const kir::Stmt*, VarSet> after;   // by Alloc and Copy
  std::map<const kir::Stmt*, VarSet> before;  // by For and While
};
LivePoints live_points(const kir::Function& function, const VarSet& of);

}  // namespace kjit::passes
