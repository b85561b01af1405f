#include "passes/variation.h"

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

Variation variation_of(ExprRef e, const Env& env, const std::map<VarId, Variation>& known) {
  if (e->op == Op::Var) {
    if (const auto at = known.find(e->var); at != known.end()) return at->second;
    const auto at = env.find(e->var);
    return at == env.end() ? Variation{} : variation_of(*at->second);
  }
  Variation out;
  for (ExprRef a : e->args) {
    const Variation of = variation_of(a, env, known);
    out.varies = out.varies || of.varies, out.lossy = out.lossy || of.lossy, out.digits = out.digits || of.digits;
    out.data = out.data || of.data;
  }
  out.data = out.data || e->op == Op::Load;
  const bool rounds = e->op == Op::Load || e->op == Op::Mod || e->op == Op::FloorDiv || e->op == Op::BitAnd ||
                      e->op == Op::Shr || (e->op == Op::Cast && is_float(e->args[0]->type->scalar));
  if (out.varies && rounds) out.lossy = true;
  return out;
}

// Whether it goes on with the next turn of the loop that the block stands in.
bool may_continue(const Stmt& s) {
  const auto any = [](const Block& b) {
    return std::any_of(b.begin(), b.end(), [](const Stmt* x) { return may_continue(*x); });
  };
  if (s.kind == StmtKind::For || s.kind == StmtKind::While) return false;
  return s.kind == StmtKind::Continue || any(s.head) || any(s.body) || any(s.orelse);
}

}  // namespace

Variation variation_of(const Value& value) { return {value.varies, value.lossy, value.digits, value.data}; }

void vary(const Block& block, bool control, const Env& env, std::map<VarId, Variation>& known) {
  for (const Stmt* s : block) {
    bool inner = control;
    if (s->kind == StmtKind::For || s->kind == StmtKind::While) {
      for (ExprRef e : s->exprs) inner = inner || variation_of(e, env, known).varies;
      if (s->kind == StmtKind::While) inner = inner || variation_of(s->expr, env, known).varies;
    }
    if (const auto at = known.find(s->var); at != known.end()) {
      Variation of = s->expr && s->kind == StmtKind::Assign ? variation_of(s->expr, env, known) : Variation{};
      if (s->kind == StmtKind::Call || s->kind == StmtKind::Reduce) {
        for (ExprRef e : s->exprs) of.varies = of.varies || variation_of(e, env, known).varies;
        of.lossy = of.varies = of.varies || s->kind == StmtKind::Reduce;
        of.data = true;
      }
      at->second.varies = at->second.varies || of.varies || inner;
      at->second.lossy = at->second.lossy || of.lossy, at->second.digits = at->second.digits || of.digits;
      at->second.data = at->second.data || of.data;
    }
    vary(s->head, inner, env, known), vary(s->body, inner, env, known), vary(s->orelse, control, env, known);
  }
}

std::vector<Counter> counters(const Stmt& loop) {
  struct Made {
    int times = 0;
    const Stmt* by = nullptr;  // in the loop's body itself
    size_t turn = 0;           // where in the body
  };
  std::map<VarId, Made> made;
  const auto scan = [&](const auto& self, const Block& b) -> void {
    for (const Stmt* s : b) {
      if (defines(*s)) ++made[s->var].times;
      self(self, s->head), self(self, s->body), self(self, s->orelse);
    }
  };
  scan(scan, loop.head), scan(scan, loop.body);
  size_t turn = 0;
  for (const Stmt* s : loop.body) {
    if (may_continue(*s)) break;  // what follows may not run in each turn
    if (s->kind == StmtKind::Assign) made[s->var].by = s, made[s->var].turn = turn++;
  }
  const auto once = [&](VarId v) { return made.contains(v) && made[v].times == 1 && made[v].by; };
  std::vector<Counter> out;
  for (const auto& [v, of] : made) {
    if (!once(v)) continue;
    ExprRef e = of.by->expr;
    if (e->op == Op::Var && once(e->var) && made[e->var].turn < of.turn) e = made[e->var].by->expr;  // by a temporary
    if (e->op != Op::Add && e->op != Op::Sub) continue;
    const bool self = e->args[0]->op == Op::Var && e->args[0]->var == v;
    const ExprRef by = e->args[1];
    if (!self || by->op != Op::Const || !by->type->is_scalar()) continue;
    if (is_float(by->type->scalar) || is_complex(by->type->scalar)) continue;
    out.push_back({v, e->op == Op::Add ? by->constant.i : -by->constant.i});
  }
  return out;
}

}  // namespace kjit::passes
