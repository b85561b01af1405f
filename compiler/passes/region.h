// Whether a loop can be a parallel region, and what becomes of its variables: an analysis, nothing changes.
#pragma once

#include <string>

#include "passes/liveness.h"

namespace kjit::passes {

// A variable that iterations only fold values into: v = v op value.
struct Fold {
  kir::VarId var;
  kir::Op join;     // joins the results of chunks: Add, Mul, BitAnd, BitOr, BitXor, Min, Max, Minimum, Maximum; or
                    // Gt, Lt, Ge, Le: `if result > var: var = result`
  bool from_value;  // a chunk begins with the variable's value before the loop; else with the identity of `join`
};

struct Region {
  VarSet captured;                          // read in the body, and not written by it
  std::vector<kir::ArrayFold> array_folds;  // of the loop; not among the captured
  std::vector<Fold> folds;                  // by variable
  std::vector<kir::VarId> last;  // written in every iteration, and read after the loop: the last iteration's value
  std::string obstacle;          // not empty: the loop has to run in order, since ...
  source::Span where;            // ... of what is here
  std::string advice;            // what to change
};

// Whether two expressions have one value, where nothing is stored and assigned between them.
bool equal(kir::ExprRef a, kir::ExprRef c);

// `loop`: a `for` without break and return in its body. `live`: the variables that may be read after it.
Region analyse_region(const kir::Function& function, const kir::Stmt& loop, const VarSet& live);

}  // namespace kjit::passes
