#include "passes/origins.h"

#include <algorithm>

namespace kjit::passes {

using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;

namespace {
static bool is_view(ExprRef e) {
  return e->op == Op::Var || e->op == Op::View || e->op == Op::Transpose || e->op == Op::MakeView;
}
}  // namespace

ExprRef Origins::resolved(ExprRef e) {
  for (;;) {
    const ExprRef of = e->op == Op::Dim ? e->args[0] : e;
    const Stmt* made = of->op == Op::Var ? definitions_.only(of->var) : nullptr;
    if (!made) return e;
    ExprRef next = nullptr;
    if (e->op == Op::Dim && made->kind == StmtKind::Alloc) next = made->exprs[e->index];
    if (e->op == Op::Dim && (made->kind == StmtKind::Assign || made->kind == StmtKind::Copy) && is_view(made->expr)) {
      next = b_.dim(made->expr, e->index);
    }
    if (e->op == Op::Var && made->kind == StmtKind::Assign) next = made->expr;
    if (!next || !definitions_.is_fixed(next)) return e;
    e = next;
  }
}

ExprRef Origins::base(ExprRef e) {
  e = resolved(e);
  while (e->op == Op::View || e->op == Op::Transpose || e->op == Op::MakeView) e = resolved(e->args[0]);
  return e->op == Op::Var ? e : nullptr;
}

ExprRef Origins::length(ExprRef array, uint32_t axis) { return resolved(b_.dim(resolved(array), axis)); }

bool same(ExprRef a, ExprRef c) {
  if (a == c) return true;
  if (a->op != c->op || a->type != c->type || a->index != c->index || a->args.size() != c->args.size()) return false;
  if (a->op == Op::Const) return a->constant.i == c->constant.i && a->type->scalar == sema::Scalar::I64;
  if (a->op == Op::Var) return a->var == c->var;
  if (a->op == Op::Load || a->math != c->math || a->components != c->components || a->axes != c->axes) return false;
  return std::equal(a->args.begin(), a->args.end(), c->args.begin(), same);
}

}  // namespace kjit::passes
