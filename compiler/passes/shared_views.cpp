#include "passes/shared_views.h"

namespace kjit::passes {

using kir::ExprRef;
using kir::Op;

namespace {
// Where the index of a view's axis is one number: which, counted from the start.
ExprRef position(kirgen::Builder& b, ExprRef view, size_t operand, uint32_t axis) {
  ExprRef at = view->args[operand + 1];
  if (((view->index >> operand) & 1) == 0) return at;
  at = b.reuse(at);
  ExprRef wrapped = b.binary(Op::Add, at, b.dim(view->args[0], axis));
  return b.select(b.compare(Op::Lt, at, b.const_int(0)), wrapped, at);
}
}  // namespace

ExprRef may_meet(kirgen::Builder& b, Origins& origins, Axes& axes, ExprRef a, ExprRef c) {
  a = origins.resolved(a), c = origins.resolved(c);
  if (a->op != Op::View || c->op != Op::View || !same(origins.resolved(a->args[0]), origins.resolved(c->args[0]))) {
    return b.const_bool(true);
  }
  ExprRef meet = b.const_bool(true);
  bool fixed = true;  // slices from constants: shifted against each other, not apart
  size_t at_a = 0, at_c = 0, i = 0, k = 0;
  const auto skip_new = [](ExprRef view, size_t& n) {
    while (n < view->components.size() && view->components[n] == kir::Component::NewAxis) ++n;
  };
  const auto operands = [](kir::Component c) {
    return c == kir::Component::Index ? 1 : c == kir::Component::Slice ? 3 : 0;
  };
  for (uint32_t axis = 0; axis < a->args[0]->type->rank; ++axis, ++i, ++k) {
    skip_new(a, i), skip_new(c, k);
    const kir::Component x = a->components[i], y = c->components[k];
    if (x == kir::Component::Index && y == kir::Component::Index) {
      meet = axes.both(meet, b.compare(Op::Eq, position(b, a, at_a, axis), position(b, c, at_c, axis)), Op::BitAnd, 1);
    } else if ((x == kir::Component::Slice && !b.is_const(origins.resolved(a->args[at_a + 1]))) ||
               (y == kir::Component::Slice && !b.is_const(origins.resolved(c->args[at_c + 1])))) {
      fixed = false;
    }
    at_a += operands(x), at_c += operands(y);
  }
  if (b.is_const(meet) && !fixed) return b.node(Op::Overlaps, b.types.boolean(), {a, c});
  return meet;
}

}  // namespace kjit::passes
