#include "passes/collapse.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "passes/liveness.h"
#include "passes/origins.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using kirgen::Builder;

namespace {

constexpr int64_t kFew = 64;     // iterations of the outer loop: fewer than that are few
constexpr int64_t kPart = 1024;  // iterations of the inner loop that a part has

// Whether each iteration of the two loops touches elements of its own, as far as it stores any, and does nothing else
// that the order could matter for. Statements on arrays have that by themselves; what a program calls prange has it
// for the outer loop only.
class OwnElements {
 public:
  OwnElements(const Definitions& definitions, VarId outer, VarId inner)
      : definitions_(definitions), outer_(outer), inner_(inner) {}

  bool of(const Block& body) {
    walk(body);
    for (const auto& [array, places] : loads_) {
      const auto stored = stores_.find(array);
      if (stored == stores_.end()) continue;
      for (ExprRef place : places) fine_ = fine_ && same_place(*place, 1, stored->second->exprs, 0);
    }
    return fine_;
  }

 private:
  static bool same_place(const kir::Expr& load, size_t from, const std::vector<ExprRef>& at, size_t first) {
    if (load.args.size() - from != at.size() - first) return false;
    for (size_t k = 0; k + from < load.args.size(); ++k)
      if (!same(load.args[k + from], at[k + first])) return false;
    return true;
  }
  static bool is(ExprRef e, VarId v) { return e->op == Op::Var && e->var == v; }
  // An array that is no view of another one of this function.
  bool is_whole(ExprRef e) const {
    if (e->op == Op::ConstArray) return true;
    if (e->op != Op::Var) return false;
    if (definitions_.is_param(e->var)) return definitions_.is_fixed(e->var);
    const Stmt* made = definitions_.only(e->var);
    return made && (made->kind == StmtKind::Alloc || made->kind == StmtKind::Copy);
  }

  void walk(ExprRef e) {
    if (!e) return;
    if (e->op == Op::Dim || e->op == Op::Stride) return;
    if (e->op == Op::Load) {
      fine_ = fine_ && is_whole(e->args[0]);
      if (e->args[0]->op == Op::Var) loads_[e->args[0]->var].push_back(e);
      for (size_t k = 1; k < e->args.size(); ++k) walk(e->args[k]);
      return;
    }
    if (e->type->is_array()) fine_ = false;
    for (ExprRef a : e->args) walk(a);
  }
  void walk(const Block& block) {
    for (const Stmt* s : block) {
      switch (s->kind) {
        case StmtKind::Store:
          store(*s);
          break;
        case StmtKind::Assign:
        case StmtKind::If:
        case StmtKind::For:
        case StmtKind::While:
          walk(s->expr);
          break;
        case StmtKind::Check:
          fine_ = fine_ && s->always_taken;
          break;
        default:
          fine_ = false;
      }
      if (s->kind != StmtKind::Store && s->kind != StmtKind::Check)
        for (ExprRef e : s->exprs) walk(e);
      walk(s->head), walk(s->body), walk(s->orelse);
    }
  }
  void store(const Stmt& s) {
    const auto is_outer = [&](ExprRef e) { return is(e, outer_); };
    const auto is_inner = [&](ExprRef e) { return is(e, inner_); };
    fine_ = fine_ && is_whole(s.array) && s.array->op == Op::Var &&
            std::any_of(s.exprs.begin(), s.exprs.end(), is_outer) &&
            std::any_of(s.exprs.begin(), s.exprs.end(), is_inner);
    if (!fine_) return;
    const auto [known, first] = stores_.try_emplace(s.array->var, &s);
    if (!first && !std::equal(s.exprs.begin(), s.exprs.end(), known->second->exprs.begin(), same)) fine_ = false;
    walk(s.expr);
    for (ExprRef e : s.exprs) walk(e);
  }

  const Definitions& definitions_;
  VarId outer_, inner_;
  std::map<VarId, std::vector<ExprRef>> loads_;
  std::map<VarId, const Stmt*> stores_;
  bool fine_ = true;
};

bool is_plain(const Builder& b, const Stmt& loop) {
  return loop.kind == StmtKind::For && loop.parallel && loop.folds.empty() && loop.orelse.empty() &&
         b.is_const_int(loop.exprs[0], 0) && b.is_const_int(loop.exprs[2], 1);
}

}  // namespace

bool own_elements(const Definitions& definitions, VarId outer, VarId inner, const Block& body) {
  return OwnElements(definitions, outer, inner).of(body);
}

bool collapse(Builder& b, const Definitions& definitions, Stmt& loop) {
  if (!is_plain(b, loop) || loop.body.size() != 1 || !is_plain(b, *loop.body[0])) return false;
  Stmt& inner = *loop.body[0];
  const ExprRef end = inner.exprs[1];
  const bool simple = b.is_const(end) || end->op == Op::Var || (end->op == Op::Dim && end->args[0]->op == Op::Var);
  if (!simple) return false;
  VarSet written{loop.var, inner.var}, needed;
  assigned(inner.body, written);
  mentioned(end, needed);
  if (std::any_of(needed.begin(), needed.end(), [&](VarId v) { return written.contains(v); })) return false;
  if (b.is_const(end) && end->constant.i < 2 * kPart) return false;
  if (b.is_const(loop.exprs[1]) && loop.exprs[1]->constant.i >= kFew) return false;
  if (!loop.brief && !OwnElements(definitions, loop.var, inner.var).of(inner.body)) return false;
  b.span = loop.span;
  const ExprRef rows = b.reuse(loop.exprs[1]), columns = b.reuse(end), zero = b.const_int(0);
  const ExprRef few = b.var(b.spill(b.binary(Op::BitAnd, b.compare(Op::Lt, rows, b.const_int(kFew)),
                                             b.compare(Op::Ge, columns, b.const_int(2 * kPart)))));
  const ExprRef part = b.const_int(kPart);
  const ExprRef parts = b.binary(Op::FloorDiv, b.binary(Op::Add, columns, b.const_int(kPart - 1)), part);
  Stmt* along = b.function.new_stmt(StmtKind::For, loop.span);
  along->var = loop.var;
  along->brief = loop.brief, along->few = loop.few;
  along->body = std::move(loop.body);
  const std::string name = b.function.vars[along->var].name;  // for reports
  loop.var = b.temp(b.types.int64(), name.c_str());
  b.function.vars[loop.var].nonnegative = true;
  loop.exprs = {zero, b.reuse(b.select(few, parts, rows)), b.const_int(1)};
  loop.body.clear();
  inner.parallel = false;
  b.with_block(loop.body, [&] {
    const ExprRef t = b.var(loop.var);
    const ExprRef next = b.reuse(b.binary(Op::Add, t, b.const_int(1)));
    const ExprRef last = b.binary(Op::Min, columns, b.binary(Op::Mul, next, part));
    along->exprs = {b.reuse(b.select(few, zero, t)), b.reuse(b.select(few, rows, next)), b.const_int(1)};
    inner.exprs = {b.reuse(b.select(few, b.binary(Op::Mul, t, part), zero)), b.reuse(b.select(few, last, columns)),
                   b.const_int(1)};
    b.block->push_back(along);
  });
  return true;
}

}  // namespace kjit::passes
