// The lengths that a statement on whole arrays goes over: which lengths have to be equal for its fast form, and what
// that equality implies.
#pragma once

#include <map>
#include <vector>

#include "passes/nest_loops.h"
#include "passes/origins.h"

namespace kjit::passes {

// An axis of the iteration where every input has one length: the length, and what has to be equal to it for that.
struct Axis {
  kir::ExprRef extent;
  std::vector<kir::ExprRef> lengths;
};

class Axes {
 public:
  Axes(kirgen::Builder& b, Origins& origins) : b_(b), origins_(origins) {}

  // Whether a length is known to be 0 or 1, so that index 0 is always meant.
  bool at_most_one(kir::ExprRef n);
  std::vector<Axis> of(const kir::Stmt& s, const std::vector<NestInput>& inputs);
  // Whether every input has the extents, as an expression.
  kir::ExprRef is_plain(const std::vector<Axis>& axes);
  // Whether the check cannot fail where every input has the extents.
  bool implies(const std::vector<Axis>& axes, const kir::Stmt& check);
  // Whether an axis of the one has a length of the other's, so that plain operands have one length there.
  bool meet(const Axis& a, const Axis& c);
  // Adds the lengths of one of the members that are to share a nest. Those of arrays that members make are the
  // members'.
  void merge(std::vector<Axis>& axes, const std::vector<Axis>& more, const kir::Block& members);
  // a op b; `neutral` is the constant that leaves the other.
  kir::ExprRef both(kir::ExprRef a, kir::ExprRef b, kir::Op op, int64_t neutral);

 private:
  bool in_axis(kir::ExprRef e, const Axis& axis);
  bool in_axis(kir::ExprRef e, const Axis& axis, std::map<kir::ExprRef, bool>& known);

  kirgen::Builder& b_;
  Origins& origins_;
};

}  // namespace kjit::passes
