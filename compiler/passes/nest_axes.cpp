#include "passes/nest_axes.h"

#include <algorithm>

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;

namespace {
bool is_int(ExprRef e) { return e->op == Op::Const && e->type->scalar == sema::Scalar::I64; }
}  // namespace

// A length of 0 makes the iteration empty, so that index 0 is never asked for. Slices as x[:, 1:2]:
// max(min(2, n) - min(1, n), 0), the minima maybe in variables.
bool Axes::at_most_one(ExprRef n) {
  if (n->op == Op::Max && is_int(n->args[1]) && n->args[1]->constant.i <= 1) n = origins_.resolved(n->args[0]);
  const auto limit = [](ExprRef e) -> ExprRef {
    if (is_int(e)) return e;
    if (e->op != Op::Min) return nullptr;
    return is_int(e->args[0]) ? e->args[0] : is_int(e->args[1]) ? e->args[1] : nullptr;
  };
  if (const ExprRef most = limit(n)) return most->constant.i >= 0 && most->constant.i <= 1;
  if (n->op != Op::Sub) return false;
  const ExprRef end = origins_.resolved(n->args[0]), start = origins_.resolved(n->args[1]);
  const ExprRef a = limit(end), c = limit(start);
  if (!a || !c || end->op != Op::Min || start->op != Op::Min) return false;
  const auto other = [](ExprRef min, ExprRef than) { return min->args[min->args[0] == than ? 1 : 0]; };
  const int64_t distance = a->constant.i - c->constant.i;
  return distance >= 0 && distance <= 1 && same(other(end, a), other(start, c));
}

// Whether the expression is the length of every input's axis as soon as those are equal: one of them, or NumPy's
// broadcast length of such.
bool Axes::in_axis(ExprRef e, const Axis& axis) {
  std::map<ExprRef, bool> known;  // lengths that many others are made of are looked into once
  return in_axis(e, axis, known);
}

bool Axes::in_axis(ExprRef e, const Axis& axis, std::map<ExprRef, bool>& known) {
  if (same(e, axis.extent)) return true;
  if (std::any_of(axis.lengths.begin(), axis.lengths.end(), [&](ExprRef n) { return same(e, n); })) return true;
  const ExprRef value = origins_.resolved(e);
  if (value->op == Op::Var && value != e) return in_axis(value, axis, known);
  if (value->op != Op::Select || value->args[0]->op != Op::Eq || !same(value->args[0]->args[0], value->args[2])) {
    return value != e && (same(value, origins_.resolved(axis.extent)) ||
                          std::any_of(axis.lengths.begin(), axis.lengths.end(),
                                      [&](ExprRef n) { return same(value, origins_.resolved(n)); }));
  }
  const auto [at, is_new] = known.emplace(value, false);
  if (is_new) at->second = in_axis(value->args[1], axis, known) && in_axis(value->args[2], axis, known);
  return at->second;
}

std::vector<Axis> Axes::of(const Stmt& s, const std::vector<NestInput>& inputs) {
  std::vector<Axis> out;
  for (size_t axis = 0; axis < s.exprs.size(); ++axis) {
    Axis made{s.exprs[axis], {}};
    for (size_t i = 0; i < inputs.size(); ++i) {
      const size_t missing = s.exprs.size() - inputs[i].array->type->rank;
      if (axis < missing || inputs[i].repeated[axis - missing]) continue;
      ExprRef n = b_.dim(origins_.resolved(s.inputs[i].array), static_cast<uint32_t>(axis - missing));
      const bool known = std::any_of(made.lengths.begin(), made.lengths.end(),
                                     [&](ExprRef m) { return same(origins_.resolved(m), origins_.resolved(n)); });
      if (!known) made.lengths.push_back(n);
    }
    // The broadcast length of the inputs is any of theirs, when those are equal.
    if (!made.lengths.empty() && in_axis(s.exprs[axis], {made.lengths[0], made.lengths})) made.extent = made.lengths[0];
    std::erase_if(made.lengths, [&](ExprRef n) { return same(origins_.resolved(n), origins_.resolved(made.extent)); });
    out.push_back(std::move(made));
  }
  return out;
}

ExprRef Axes::is_plain(const std::vector<Axis>& axes) {
  ExprRef plain = b_.const_bool(true);
  for (const Axis& axis : axes) {
    for (ExprRef n : axis.lengths) plain = both(plain, b_.compare(Op::Eq, n, axis.extent), Op::BitAnd, 1);
  }
  return plain;
}

bool Axes::implies(const std::vector<Axis>& axes, const Stmt& check) {
  const ExprRef equal = check.expr->op == Op::OrElse ? check.expr->args[0] : check.expr;
  return equal->op == Op::Eq && std::any_of(axes.begin(), axes.end(), [&](const Axis& axis) {
           return in_axis(equal->args[0], axis) && in_axis(equal->args[1], axis);
         });
}

ExprRef Axes::both(ExprRef a, ExprRef b, Op op, int64_t neutral) {
  if (b_.is_const(a) && a->constant.i == neutral) return b;
  return b_.is_const(b) && b->constant.i == neutral ? a : b_.binary(op, a, b);
}

bool Axes::meet(const Axis& a, const Axis& c) {
  const auto in = [&](ExprRef n) { return in_axis(n, a); };
  return in(c.extent) || std::any_of(c.lengths.begin(), c.lengths.end(), in);
}

void Axes::merge(std::vector<Axis>& axes, const std::vector<Axis>& more, const Block& members) {
  for (size_t k = 0; k < axes.size(); ++k) {
    std::vector<ExprRef> lengths = more[k].lengths;
    lengths.push_back(more[k].extent);
    for (ExprRef n : lengths) {
      const bool own = n->op == Op::Dim && std::any_of(members.begin(), members.end(), [&](const Stmt* m) {
                         return m->kind == StmtKind::Map && m->fresh && same(m->array, n->args[0]);
                       });
      const auto is_n = [&](ExprRef m) { return same(origins_.resolved(m), origins_.resolved(n)); };
      if (own || is_n(axes[k].extent) || std::any_of(axes[k].lengths.begin(), axes[k].lengths.end(), is_n)) continue;
      axes[k].lengths.push_back(n);
    }
  }
}

}  // namespace kjit::passes
