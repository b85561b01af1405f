#include "passes/device_folds.h"

#include <algorithm>
#include <map>
#include <optional>

#include "passes/region.h"

namespace kjit::passes {

using kir::Block;
using kir::DeviceFn;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

struct Update {
  DeviceFn operation;
  ExprRef value;
};

std::optional<DeviceFn> atomic_of(Op op, bool old_first, sema::Scalar element, bool any_order) {
  const bool number = sema::is_float(element);
  if (number && !(any_order && sema::size_of(element) >= 4 && (op == Op::Add || op == Op::Sub))) return std::nullopt;
  if (!number && (!sema::is_integer(element) || sema::is_bool(element) || sema::size_of(element) < 4))
    return std::nullopt;
  switch (op) {
    case Op::Add:
      return DeviceFn::atomic_add;
    case Op::Sub:
      return old_first ? std::optional(DeviceFn::atomic_sub) : std::nullopt;
    case Op::Min:
    case Op::Minimum:
      return DeviceFn::atomic_min;
    case Op::Max:
    case Op::Maximum:
      return DeviceFn::atomic_max;
    case Op::BitAnd:
      return DeviceFn::atomic_and;
    case Op::BitOr:
      return DeviceFn::atomic_or;
    case Op::BitXor:
      return DeviceFn::atomic_xor;
    default:
      return std::nullopt;
  }
}

// The updates in a block, whose old values may stand in variables that nothing else reads.
class Updates {
 public:
  Updates(const kir::Function& f, const Block& block, const VarSet& arrays) : f_(f), arrays_(arrays) { collect(block); }

  bool is_update(const Stmt& s) const { return s.kind == StmtKind::Store && is_name(s.array); }
  std::optional<Update> update(const Stmt& s) const {
    if (s.expr->args.size() != 2 || s.array->op != Op::Var) return std::nullopt;
    const bool first = is_old(s, s.expr->args[0]);
    if (!first && !is_old(s, s.expr->args[1])) return std::nullopt;
    const ExprRef value = s.expr->args[first ? 1 : 0];
    const sema::Scalar element = s.array->type->scalar;
    if (!value->type->is_scalar() || value->type->scalar != element) return std::nullopt;
    const auto operation = atomic_of(s.expr->op, first, element, f_.fastmath.reassoc);
    return operation ? std::optional(Update{*operation, value}) : std::nullopt;
  }

 private:
  // The array, another name of it or a view.
  bool is_name(ExprRef e) const {
    while (e->op == Op::View || e->op == Op::Transpose || e->op == Op::MakeView) e = e->args[0];
    if (e->op != Op::Var) return false;
    if (arrays_.contains(e->var)) return true;
    const auto made = made_.find(e->var);
    return made != made_.end() && e->type->is_array() && made->second->expr != e && is_name(made->second->expr);
  }
  bool is_old(const Stmt& s, ExprRef e) const {
    if (e->op == Op::Var) {
      const auto made = made_.find(e->var);
      if (made == made_.end() || count_.at(e->var) != 1 || reads_.at(e->var) != 1) return false;
      e = made->second->expr;
    }
    return e->op == Op::Load && equal(e->args[0], s.array) && e->index == s.wrap &&
           std::equal(s.exprs.begin(), s.exprs.end(), e->args.begin() + 1, e->args.end(), equal);
  }
  void read(ExprRef e) {
    if (!e) return;
    if (e->op == Op::Var) ++reads_[e->var];
    for (ExprRef a : e->args) read(a);
  }
  void collect(const Block& block) {
    for (const Stmt* s : block) {
      for (ExprRef e : {s->expr, s->array, s->init}) read(e);
      for (ExprRef e : s->exprs) read(e);
      for (const kir::PrintItem& item : s->items) read(item.value);
      if (s->kind == StmtKind::Assign) ++count_[s->var], made_[s->var] = s;
      collect(s->head), collect(s->body), collect(s->orelse);
    }
  }

  const kir::Function& f_;
  const VarSet& arrays_;
  std::map<VarId, const Stmt*> made_;
  std::map<VarId, int> count_, reads_;
};

template <typename Each>
void each_statement(const Block& block, Each each) {
  for (Stmt* s : block) {
    each(*s);
    each_statement(s->head, each), each_statement(s->body, each), each_statement(s->orelse, each);
  }
}

}  // namespace

bool has_atomic_updates(const kir::Function& function, const Block& block, const VarSet& arrays) {
  const Updates updates(function, block, arrays);
  bool all = true;
  each_statement(block, [&](const Stmt& s) {
    if (updates.is_update(s)) all = all && updates.update(s).has_value();
  });
  return all;
}

void make_updates_atomic(kir::Function& function, Block& block, const VarSet& arrays) {
  const Updates updates(function, block, arrays);
  each_statement(block, [&](Stmt& s) {
    if (!updates.is_update(s)) return;
    const Update made = *updates.update(s);
    s.kind = StmtKind::Device;
    s.device = made.operation;
    s.exprs.push_back(made.value);
    s.expr = nullptr;
  });
}

}  // namespace kjit::passes
