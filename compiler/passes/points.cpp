#include "passes/points.h"

#include <algorithm>

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

bool holds_array(sema::TypeRef type) {
  return type->is_array() || std::any_of(type->elements.begin(), type->elements.end(), holds_array);
}

Points::Points(const kir::Function& f) : of_(f.vars.size()) {
  for (VarId p : f.params) {
    if (holds_array(f.vars[p].type)) of_[p].insert(kOutside);
  }
  collect(f.body);
  for (bool changed = true; changed;) {
    changed = false;
    for (const Definition& d : definitions_) {
      const size_t before = of_[d.var].size();
      for (ExprRef e : d.values) of_[d.var].merge(roots(e));
      changed = changed || of_[d.var].size() != before;
    }
  }
}

void Points::collect(const Block& block) {
  for (const Stmt* s : block) {
    switch (s->kind) {
      case StmtKind::Alloc:
      case StmtKind::Copy: {
        const auto root = static_cast<uint32_t>(made_.size() + 1);
        made_.emplace(s, root);
        of_[s->var].insert(root);
        break;
      }
      case StmtKind::Assign:
        if (holds_array(s->expr->type)) definitions_.push_back({s->var, {s->expr}});
        break;
      case StmtKind::Call:
      case StmtKind::Parallel:
        if (!s->has_var) break;
        of_[s->var].insert(kOutside);
        definitions_.push_back({s->var, s->exprs});
        break;
      default:
        break;
    }
    collect(s->head), collect(s->body), collect(s->orelse);
  }
}

Points::Roots Points::roots(ExprRef e) const {
  if (!holds_array(e->type)) return {};  // lengths, elements: nothing is referred to
  if (e->op == Op::Var) return e->var < of_.size() ? of_[e->var] : Roots();
  Roots out;
  if (e->op == Op::ConstArray) out.insert(kOutside);
  for (ExprRef a : e->args) out.merge(roots(a));
  return out;
}

namespace {
bool meet(const std::set<uint32_t>& a, const std::set<uint32_t>& c) {
  return std::any_of(a.begin(), a.end(), [&](uint32_t root) { return c.contains(root); });
}
bool is_known(ExprRef e, size_t vars) {
  if (e->op == Op::Var) return e->var < vars;
  return std::all_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return is_known(a, vars); });
}
}  // namespace

bool Points::may_share(VarId a, VarId c) const { return a >= of_.size() || c >= of_.size() || meet(of_[a], of_[c]); }

bool Points::may_share(ExprRef a, ExprRef c) const {
  return !is_known(a, of_.size()) || !is_known(c, of_.size()) || meet(roots(a), roots(c));
}

bool Points::refers(ExprRef e, const Stmt* made) const { return roots(e).contains(made_.at(made)); }

std::set<VarId> Points::referring(const Stmt* made) const {
  std::set<VarId> out;
  const uint32_t root = made_.at(made);
  for (VarId v = 0; v < of_.size(); ++v) {
    if (of_[v].contains(root)) out.insert(v);
  }
  return out;
}

}  // namespace kjit::passes
