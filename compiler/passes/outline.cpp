#include "passes/outline.h"

#include "passes/definitions.h"

namespace kjit::passes {

using kir::Block;
using kir::Expr;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

std::vector<VarId> Mover::parameters(const Block& statements) {
  scan(statements);
  std::vector<VarId> out;
  for (VarId v : used_) {
    if (defined_.contains(v)) continue;
    out.push_back(v);
    const VarId made = moved(v);
    to_.params.push_back(made);
    to_.vars[made].is_param = true;
  }
  return out;
}

VarId Mover::parameter(VarId v) {
  const VarId made = to_.add_var(from_.vars[v].name, from_.vars[v].type, from_.vars[v].span);
  to_.params.push_back(made);
  to_.vars[made].is_param = true;
  return made;
}

Block Mover::copy(const Block& block) {
  Block out;
  for (const Stmt* s : block) {
    Stmt* made = to_.new_stmt(s->kind, s->span);
    *made = *s;
    made->span = place_.value_or(s->span);
    if (defines(*s)) made->var = moved(s->var);
    made->expr = copy(s->expr), made->array = copy(s->array), made->init = copy(s->init);
    for (ExprRef& e : made->exprs) e = copy(e);
    for (kir::PrintItem& item : made->items) item.value = copy(item.value);
    made->head = copy(s->head), made->body = copy(s->body), made->orelse = copy(s->orelse);
    out.push_back(made);
  }
  return out;
}

ExprRef Mover::copy(ExprRef e) {
  if (!e) return e;
  Expr* made = to_.new_expr(e->op, e->type, e->span);
  *made = *e;
  made->span = place_.value_or(e->span);
  if (e->op == Op::Var) made->var = moved(e->var);
  for (ExprRef& a : made->args) a = copy(a);
  return made;
}

void Mover::scan(ExprRef e) {
  if (!e) return;
  if (e->op == Op::Var) used_.insert(e->var);
  for (ExprRef a : e->args) scan(a);
}

void Mover::scan(const Block& block) {
  for (const Stmt* s : block) {
    if (defines(*s)) defined_.insert(s->var);
    for (ExprRef e : {s->expr, s->array, s->init}) scan(e);
    for (ExprRef e : s->exprs) scan(e);
    for (const kir::PrintItem& item : s->items) scan(item.value);
    scan(s->head), scan(s->body), scan(s->orelse);
  }
}

VarId Mover::moved(VarId v) {
  auto [entry, is_new] = moved_.try_emplace(v, 0);
  if (is_new) {
    entry->second = to_.add_var(from_.vars[v].name, from_.vars[v].type, place_.value_or(from_.vars[v].span));
    to_.vars.back().nonnegative = from_.vars[v].nonnegative;
  }
  return entry->second;
}

std::unique_ptr<kir::Function> part_of(const kir::Function& from, std::string symbol) {
  auto f = std::make_unique<kir::Function>();
  f->name = from.name;
  f->symbol = std::move(symbol);
  f->file = from.file;
  f->span = from.span;
  f->fastmath = from.fastmath;
  f->boundscheck = from.boundscheck;
  f->poll_interrupt = from.poll_interrupt;
  f->device = from.device;
  f->offload = from.offload;
  f->library = from.library;
  return f;
}

Outlined outline(sema::TypeContext& types, const kir::Function& from, std::string symbol, const Block& statements,
                 std::optional<VarId> result) {
  Outlined out{part_of(from, std::move(symbol)), {}};
  kir::Function& f = *out.function;
  f.result = result ? from.vars[*result].type : types.none();
  f.lazy = true;
  Mover copier(from, f);
  out.arguments = copier.parameters(statements);
  f.body = copier.copy(statements);
  if (result) {
    kir::Expr value;
    value.op = Op::Var, value.var = *result, value.type = f.result;
    Stmt* s = f.new_stmt(StmtKind::Return, from.span);
    s->expr = copier.copy(&value);
    f.body.push_back(s);
  }
  return out;
}

}  // namespace kjit::passes
