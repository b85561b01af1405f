#include "passes/joinable.h"

#include <algorithm>

#include "passes/definitions.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

bool loads(ExprRef e) { return e && (e->op == Op::Load || std::any_of(e->args.begin(), e->args.end(), loads)); }
// Assignments and branches, of values that are not read from arrays.
bool is_arithmetic(const Block& block) {
  return std::all_of(block.begin(), block.end(), [](const Stmt* s) {
    return (s->kind == StmtKind::Assign || s->kind == StmtKind::If) && !loads(s->expr) && is_arithmetic(s->body) &&
           is_arithmetic(s->orelse);
  });
}

// Whether the expression mentions one of the variables, otherwise than to ask for an array's length.
bool mentions(ExprRef e, const std::set<VarId>& vars) {
  if (!e) return false;
  if (e->op == Op::Var) return vars.contains(e->var);
  if ((e->op == Op::Dim || e->op == Op::Size) && e->args[0]->op == Op::Var) return false;
  return std::any_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return mentions(a, vars); });
}
bool mentions(const Block& block, const std::set<VarId>& vars);
bool mentions(const Stmt& s, const std::set<VarId>& vars) {
  const auto in = [&](ExprRef e) { return mentions(e, vars); };
  return in(s.expr) || in(s.array) || in(s.init) || std::any_of(s.exprs.begin(), s.exprs.end(), in) ||
         std::any_of(s.inputs.begin(), s.inputs.end(), [&](const kir::MapInput& i) { return in(i.array); }) ||
         mentions(s.body, vars) || mentions(s.orelse, vars);
}
bool mentions(const Block& block, const std::set<VarId>& vars) {
  return std::any_of(block.begin(), block.end(), [&](const Stmt* s) { return mentions(*s, vars); });
}
// Any mention at all, lengths included.
bool occurs(ExprRef e, VarId v) {
  if (!e) return false;
  if (e->op == Op::Var) return e->var == v;
  return std::any_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return occurs(a, v); });
}
bool occurs(const Block& block, VarId v);
bool occurs(const Stmt& s, VarId v) {
  const auto in = [&](ExprRef e) { return occurs(e, v); };
  return in(s.expr) || in(s.array) || in(s.init) || std::any_of(s.exprs.begin(), s.exprs.end(), in) ||
         std::any_of(s.inputs.begin(), s.inputs.end(), [&](const kir::MapInput& i) { return in(i.array); }) ||
         occurs(s.body, v) || occurs(s.orelse, v);
}
bool occurs(const Block& block, VarId v) {
  return std::any_of(block.begin(), block.end(), [&](const Stmt* s) { return occurs(*s, v); });
}

}  // namespace

Joinable::Joinable(const kir::Function& f) : f_(f), mentions_(f.vars.size()), allocs_(f.vars.size()) { count(f.body); }

void Joinable::count(ExprRef e) {
  if (!e) return;
  if (e->op == Op::Var) ++mentions_[e->var];
  for (ExprRef a : e->args) count(a);
}
void Joinable::count(const Block& block) {
  for (const Stmt* s : block) {
    if (s->kind == StmtKind::Alloc && s->fill == kir::Fill::None) ++allocs_[s->var];
    if (s->kind != StmtKind::Alloc && defines(*s)) ++mentions_[s->var];
    for (const kir::MapInput& in : s->inputs) count(in.array);
    for (ExprRef e : s->exprs) count(e);
    for (const kir::PrintItem& item : s->items) count(item.value);
    count(s->expr), count(s->array), count(s->init);
    count(s->head), count(s->body), count(s->orelse);
  }
}

bool Joinable::has_form(const Stmt& s) const {
  if (s.exprs.empty() || loads(s.expr) || !is_arithmetic(s.body)) return false;
  if (s.kind == StmtKind::Map) return true;
  return s.kind == StmtKind::Reduce && !s.array && !((f_.parallel || f_.offload) && is_pairwise(s));
}

bool Joinable::is_pairwise(const Stmt& s) const {
  if (s.kind != StmtKind::Reduce || s.fold != Op::Add || f_.fastmath.reassoc) return false;
  const sema::Scalar type = s.init->type->scalar;
  return sema::is_float(type) || sema::is_complex(type);
}

bool Joinable::can_wait(const Stmt& s) {
  return s.kind == StmtKind::Assign && s.expr->type->is_scalar() && !loads(s.expr);
}

bool Joinable::depend(const Stmt& a, const Stmt& b) {
  return (defines(a) && (occurs(b, a.var) || (defines(b) && a.var == b.var))) || (defines(b) && occurs(a, b.var));
}

bool Joinable::moves(const Stmt& s, const Block& members) {
  if (s.kind != StmtKind::Assign && s.kind != StmtKind::Alloc && s.kind != StmtKind::Check) return false;
  if (loads(s.expr) || std::any_of(s.exprs.begin(), s.exprs.end(), loads) || reads_result(s, members)) return false;
  std::set<VarId> made;
  for (const Stmt* m : members) {
    if (s.kind != StmtKind::Check && occurs(*m, s.var)) return false;
    if (m->kind == StmtKind::Map && m->fresh && m->array->op == Op::Var) made.insert(m->array->var);
  }
  return !mentions(s, made);
}

bool Joinable::reads_result(const Stmt& s, const Block& members) {
  return std::any_of(members.begin(), members.end(), [&](const Stmt* m) {
    return m->kind == StmtKind::Reduce && (m->var == s.var || occurs(s, m->var));
  });
}

bool Joinable::is_private(const Stmt& member, const Block& members) const {
  if (member.kind != StmtKind::Map || !member.fresh || member.array->op != Op::Var) return false;
  const VarId v = member.array->var;
  uint32_t known = 1;
  for (const Stmt* m : members) {
    known += static_cast<uint32_t>(std::count_if(m->inputs.begin(), m->inputs.end(), [&](const kir::MapInput& in) {
      return in.array->op == Op::Var && in.array->var == v;
    }));
  }
  return v < mentions_.size() && allocs_[v] == 1 && mentions_[v] == known;
}

}  // namespace kjit::passes
