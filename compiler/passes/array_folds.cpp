#include "passes/array_folds.h"

#include <algorithm>
#include <map>
#include <optional>

#include "passes/definitions.h"
#include "passes/liveness.h"
#include "passes/region.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

// The body of one loop: who is assigned where.
class Body {
 public:
  explicit Body(const Stmt& loop) : loop_(loop) { collect(loop.body); }

  bool writes(VarId v) const { return count_.contains(v); }
  // The expression behind a variable with one assignment in the body.
  ExprRef resolved(ExprRef e) const {
    for (int depth = 0; e->op == Op::Var && depth < 16; ++depth) {
      const auto known = made_.find(e->var);
      if (known == made_.end() || count_.at(e->var) != 1 || !known->second->expr) break;
      e = known->second->expr;
    }
    return e;
  }
  // Whether the index moves with the loop's variable in equal steps.
  bool moves(ExprRef e, int depth = 0) const {
    if (depth > 16) return false;  // k = k + 1 leads back to itself
    e = resolved(e);
    switch (e->op) {
      case Op::Var:
        return e->var == loop_.var;
      case Op::Add:
      case Op::Sub:
        return moves(e->args[0], depth + 1) != moves(e->args[1], depth + 1) && (fixed(e->args[0]) || fixed(e->args[1]));
      case Op::Mul:
        return (fixed(e->args[1]) && moves(e->args[0], depth + 1)) ||
               (fixed(e->args[0]) && moves(e->args[1], depth + 1));
      case Op::Cast:
        return moves(e->args[0], depth + 1);
      default:
        return false;
    }
  }

 private:
  bool fixed(ExprRef e) const {
    VarSet all;
    mentioned(e, all);
    return std::none_of(all.begin(), all.end(), [&](VarId v) { return v == loop_.var || writes(v); });
  }
  void collect(const Block& block) {
    for (const Stmt* s : block) {
      if (defines(*s)) {
        ++count_[s->var];
        if (s->kind == StmtKind::Assign) made_[s->var] = s;
      }
      collect(s->head), collect(s->body), collect(s->orelse);
    }
  }
  const Stmt& loop_;
  std::map<VarId, int> count_;
  std::map<VarId, const Stmt*> made_;
};

// Whether one array is folded into, from all statements that mention it.
class ArrayFoldOf {
 public:
  ArrayFoldOf(const Body& body, VarId array) : body_(body), array_(array) { names_.insert(array); }

  std::optional<Op> run(const Block& block) {
    walk(block);
    return fine_ && loads_.empty() ? join_ : std::nullopt;
  }

 private:
  // The array, or a view of it.
  bool is_view(ExprRef e) const {
    while (e->op == Op::View || e->op == Op::Transpose) e = e->args[0];
    return e->op == Op::Var && names_.contains(e->var);
  }
  // A mention that is more than a length.
  bool mentions(ExprRef e) const {
    if (!e || e->op == Op::Dim || e->op == Op::Size) return false;
    if (e->op == Op::Var) return names_.contains(e->var);
    return std::any_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return mentions(a); });
  }
  bool own_place(ExprRef view) const {
    if (view->op == Op::View) {
      for (size_t k = 1; k < view->args.size(); ++k) {
        if (body_.moves(view->args[k])) return true;
      }
    }
    return view->op != Op::Var && own_place(view->args[0]);
  }

  void walk(const Block& block) {
    for (const Stmt* s : block) {
      statement(*s);
      if (!fine_) return;
      if (s->kind != StmtKind::Map && s->kind != StmtKind::Reduce) walk(s->head), walk(s->body), walk(s->orelse);
    }
  }
  void refuse() { fine_ = false; }

  void statement(const Stmt& s) {
    switch (s.kind) {
      case StmtKind::Assign:
        if (!mentions(s.expr)) return;
        if (s.expr->op == Op::Load)
          return void(loads_.insert(s.var));  // h[k] of an update, before the call of a function
        if (!is_view(s.expr) || own_place(s.expr)) return refuse();
        if (s.var == array_ && s.expr->op != Op::Var) return refuse();  // h = h stays what it is
        names_.insert(s.var);
        return;
      case StmtKind::Store:
        if (is_view(s.array)) return store(s);
        break;
      case StmtKind::Map:
        if (is_view(s.array)) return map(s);
        break;
      default:
        break;
    }
    if (defines(s) && names_.contains(s.var)) return refuse();
    const auto any = [&](ExprRef e) { return mentions(e); };
    bool seen = any(s.expr) || any(s.array) || any(s.init) || std::any_of(s.exprs.begin(), s.exprs.end(), any);
    for (const kir::PrintItem& item : s.items) seen = seen || any(item.value);
    for (const kir::MapInput& in : s.inputs) seen = seen || any(in.array);
    if (s.kind == StmtKind::Map || s.kind == StmtKind::Reduce) {
      for (const Stmt* inner : s.body) seen = seen || any(inner->expr);
    }
    if (seen) refuse();
  }

  static ExprRef without_casts(ExprRef e) {
    const auto is_number = [](ExprRef x) { return x->type->is_scalar() && sema::is_float(x->type->scalar); };
    while (e->op == Op::Cast && is_number(e) && is_number(e->args[0])) e = e->args[0];
    return e;
  }
  // `value` joins what `is_old` recognises with something else.
  template <typename IsOld>
  void joined(ExprRef value, IsOld is_old) {
    value = without_casts(value);
    if (value->args.size() != 2) return refuse();
    ExprRef left = without_casts(value->args[0]), right = without_casts(value->args[1]);
    const bool first = is_old(left);
    if (first == is_old(right) || mentions(first ? right : left)) return refuse();
    Op op = value->op;
    if (op == Op::Sub && first) op = Op::Add;
    if (op == Op::Div && first) op = Op::Mul;
    constexpr Op kJoins[] = {Op::Add, Op::Mul, Op::BitAnd,  Op::BitOr,  Op::BitXor,
                             Op::Min, Op::Max, Op::Minimum, Op::Maximum};
    if (std::find(std::begin(kJoins), std::end(kJoins), op) == std::end(kJoins)) return refuse();
    if (join_ && *join_ != op) return refuse();
    join_ = op;
  }
  void store(const Stmt& s) {
    if (own_place(s.array)) return refuse();
    for (ExprRef at : s.exprs) {
      if (mentions(at) || body_.moves(at)) return refuse();
    }
    joined(s.expr, [&](ExprRef e) {
      const ExprRef load = e->op == Op::Var && loads_.contains(e->var) ? body_.resolved(e) : e;
      if (load->op != Op::Load || !equal(load->args[0], s.array) || load->index != s.wrap ||
          !std::equal(s.exprs.begin(), s.exprs.end(), load->args.begin() + 1, load->args.end(), equal)) {
        return false;
      }
      if (load != e) loads_.erase(e->var);
      return true;
    });
  }
  void map(const Stmt& s) {
    if (own_place(s.array)) return refuse();
    std::optional<VarId> old;
    for (const kir::MapInput& in : s.inputs) {
      if (!mentions(in.array)) continue;
      if (old || !equal(in.array, s.array)) return refuse();
      old = in.element;
    }
    if (!old) return refuse();
    for (const Stmt* inner : s.body) {
      if (inner->kind != StmtKind::Assign || reads(*inner).contains(*old)) return refuse();
    }
    joined(s.expr, [&](ExprRef e) { return e->op == Op::Var && e->var == *old; });
    VarSet other;
    for (ExprRef a : without_casts(s.expr)->args) {
      if (without_casts(a)->op != Op::Var) mentioned(a, other);
    }
    if (other.contains(*old)) refuse();
  }

  const Body& body_;
  VarId array_;
  VarSet names_;  // the array and its views
  VarSet loads_;  // elements that were read for an update still to come
  std::optional<Op> join_;
  bool fine_ = true;
};

// Which variables are views of one array, or the array, by the assignments of the function; calls aside.
class Relatives {
 public:
  explicit Relatives(const kir::Function& f) : f_(f) { collect(f.body); }
  bool related(VarId a, VarId c) const { return eldest(a) == eldest(c); }

 private:
  VarId eldest(VarId v) const {
    for (auto at = parent_.find(v); at != parent_.end(); at = parent_.find(v)) v = at->second;
    return v;
  }
  void unite(VarId v, ExprRef e) {
    if (!e || e->op == Op::Dim || e->op == Op::Size || e->op == Op::Load) return;
    if (e->op == Op::Var && f_.vars[e->var].type->is_array() && !related(v, e->var))
      parent_[eldest(v)] = eldest(e->var);
    for (ExprRef a : e->args) unite(v, a);
  }
  void collect(const Block& block) {
    for (const Stmt* s : block) {
      if (s->kind == StmtKind::Assign && f_.vars[s->var].type->is_array()) unite(s->var, s->expr);
      collect(s->head), collect(s->body), collect(s->orelse);
    }
  }
  const kir::Function& f_;
  std::map<VarId, VarId> parent_;
};

void mark(Stmt& loop, const kir::Function& f, const Relatives& relatives) {
  const Body body(loop);
  VarSet arrays;
  const auto scan = [&](auto& self, const Block& block) -> void {
    for (const Stmt* s : block) {
      for (VarId v : reads(*s)) {
        if (f.vars[v].type->is_array()) arrays.insert(v);
      }
      self(self, s->head), self(self, s->body), self(self, s->orelse);
    }
  };
  scan(scan, loop.body);
  const VarSet before = exposed(loop.body);
  for (VarId v : arrays) {
    if (!before.contains(v) || f.vars[v].type->readonly) continue;  // an iteration's own
    const auto other_name = [&](VarId w) { return w != v && before.contains(w) && relatives.related(v, w); };
    if (std::any_of(arrays.begin(), arrays.end(), other_name)) continue;  // it would not see what goes to copies
    if (const std::optional<Op> join = ArrayFoldOf(body, v).run(loop.body)) loop.folds.push_back({v, *join});
  }
}

void walk(const Block& block, const kir::Function& f, const Relatives& relatives) {
  for (Stmt* s : block) {
    if (s->kind == StmtKind::For && s->parallel) {
      mark(*s, f, relatives);
      continue;  // loops inside run in order
    }
    walk(s->head, f, relatives), walk(s->body, f, relatives), walk(s->orelse, f, relatives);
  }
}

}  // namespace

void array_folds(sema::TypeContext&, kir::Module& module) {
  for (auto& f : module.functions) {
    if (f->parallel) walk(f->body, *f, Relatives(*f));
  }
}

}  // namespace kjit::passes
