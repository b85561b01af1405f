#include "passes/region.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "passes/definitions.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

bool equal(ExprRef a, ExprRef c) {
  if (a == c) return true;
  if (a->op != c->op || a->type != c->type || a->index != c->index || a->args.size() != c->args.size() ||
      a->math != c->math || a->components != c->components || a->axes != c->axes) {
    return false;
  }
  if (a->op == Op::Const) return a->constant.i == c->constant.i;
  if (a->op == Op::Var) return a->var == c->var;
  return std::equal(a->args.begin(), a->args.end(), c->args.begin(), equal);
}

namespace {

bool is_var(ExprRef e, VarId v) { return e && e->op == Op::Var && e->var == v; }

bool is_order(Op op) { return op == Op::Lt || op == Op::Le || op == Op::Gt || op == Op::Ge; }
Op mirrored(Op op) {
  return op == Op::Lt ? Op::Gt : op == Op::Le ? Op::Ge : op == Op::Gt ? Op::Lt : op == Op::Ge ? Op::Le : op;
}

// How one variable is folded, from all statements that mention it. Every mention has to be a fold by one operation.
// `t = v + a; v = t + b` is one too: whatever is made of v by folds alone is v, as it was when the iteration began,
// joined with something that does not depend on it.
class FoldOf {
 public:
  explicit FoldOf(VarId v) : v_(v), carriers_{v} {}

  // `kept`: variables whose value goes from one iteration to the next, or is read after the loop.
  std::optional<Fold> run(const kir::Function& f, const Block& body, const VarSet& kept) {
    for (size_t before = 0; before != carriers_.size();) before = carriers_.size(), carry(body);
    for (VarId c : carriers_) {
      if (c != v_ && (kept.contains(c) || f.vars[c].type != f.vars[v_].type)) return {};
    }
    walk(body);
    if (!fine_ || !join_) return {};
    const bool from_value = *join_ != Op::Add && *join_ != Op::Mul && *join_ != Op::BitXor;
    return Fold{v_, *join_, from_value};
  }

 private:
  // What is assigned from the variable.
  void carry(const Block& block) {
    for (const Stmt* s : block) {
      if (s->kind == StmtKind::Assign && mentions(s->expr)) carriers_.insert(s->var);
      carry(s->head), carry(s->body), carry(s->orelse);
    }
  }
  bool is_carrier(ExprRef e) const { return e->op == Op::Var && carriers_.contains(e->var); }
  bool mentions(ExprRef e) const {
    if (!e) return false;
    return is_carrier(e) || std::any_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return mentions(a); });
  }
  bool reads_one(const Stmt& s) const {
    const VarSet all = reads(s);
    return std::any_of(all.begin(), all.end(), [&](VarId v) { return carriers_.contains(v); });
  }
  void walk(const Block& block) {
    for (const Stmt* s : block) {
      if (s->kind == StmtKind::Assign && carriers_.contains(s->var)) {
        fold(s->expr);
        continue;
      }
      if (s->kind == StmtKind::If && mentions(s->expr)) {
        choice(*s);
        continue;
      }
      if ((defines(*s) && carriers_.contains(s->var)) || reads_one(*s)) fine_ = false;
      walk(s->head), walk(s->body), walk(s->orelse);
    }
  }
  void joined(Op op) {
    if (join_ && *join_ != op) {
      const auto both = [&](Op x, Op y) { return (*join_ == x && op == y) || (*join_ == y && op == x); };
      if (both(Op::Min, Op::Lt))  // min(v, x), and `if x < v: v = x`
        op = Op::Lt;
      else if (both(Op::Max, Op::Gt))
        op = Op::Gt;
      else
        fine_ = false;
    }
    join_ = op;
  }
  void fold(ExprRef e) {
    if (is_carrier(e)) return;  // v = v
    if (e->op == Op::Select) return selected(e);
    if (e->args.size() != 2) return void(fine_ = false);
    const bool left = is_carrier(e->args[0]) && !mentions(e->args[1]);
    const bool right = is_carrier(e->args[1]) && !mentions(e->args[0]);
    if (!left && !right) {  // (v + a) + b
      const bool nested = (e->op == Op::Add || e->op == Op::Mul) && mentions(e->args[0]) != mentions(e->args[1]);
      if (!nested) return void(fine_ = false);
      joined(e->op);
      return fold(mentions(e->args[0]) ? e->args[0] : e->args[1]);
    }
    switch (e->op) {
      case Op::Sub:
        return left ? joined(Op::Add) : void(fine_ = false);
      case Op::Div:
        return left ? joined(Op::Mul) : void(fine_ = false);
      case Op::Add:
      case Op::Mul:
      case Op::BitAnd:
      case Op::BitOr:
      case Op::BitXor:
      case Op::Min:
      case Op::Max:
      case Op::Minimum:
      case Op::Maximum:
        return joined(e->op);
      default:
        fine_ = false;
    }
  }
  // x if x > v else v, v if v < x else x, ...: what min and max of Python become.
  void selected(ExprRef e) {
    ExprRef test = e->args[0], yes = e->args[1], no = e->args[2];
    if (!is_order(test->op) || (!is_carrier(yes) && !is_carrier(no))) return void(fine_ = false);
    const bool takes = is_carrier(no);  // the value, where the test holds
    ExprRef value = takes ? yes : no, kept = takes ? no : yes;
    if (mentions(value)) return void(fine_ = false);
    const bool value_first = equal(test->args[0], value) && equal(test->args[1], kept);
    const bool var_first = equal(test->args[0], kept) && equal(test->args[1], value);
    if (!value_first && !var_first) return void(fine_ = false);
    const Op op = value_first ? test->op : mirrored(test->op);  // value op v
    if (takes) return joined(op);
    // v stays where `value op v`: taken where not; with NaN the two differ, so this is a form of its own.
    fine_ = false;
  }
  // if value > v: v = value
  void choice(const Stmt& s) {
    const Stmt* last = s.body.empty() ? nullptr : s.body.back();
    const bool simple = is_order(s.expr->op) && s.orelse.empty() && s.body.size() == 1 &&
                        last->kind == StmtKind::Assign && carriers_.contains(last->var) && !mentions(last->expr);
    if (!simple) return void(fine_ = false);
    if (is_var(s.expr->args[1], last->var) && equal(s.expr->args[0], last->expr)) return joined(s.expr->op);
    if (is_var(s.expr->args[0], last->var) && equal(s.expr->args[1], last->expr)) return joined(mirrored(s.expr->op));
    fine_ = false;
  }

  VarId v_;
  VarSet carriers_;  // the variable, and what is made of it
  std::optional<Op> join_;
  bool fine_ = true;
};

// The first statement in the body that reads the variable.
source::Span place_of(const Block& block, VarId v) {
  for (const Stmt* s : block) {
    if (reads(*s).contains(v) || (defines(*s) && s->var == v)) return s->span;
    for (const Block* inner : {&s->head, &s->body, &s->orelse}) {
      const source::Span found = place_of(*inner, v);
      if (!(found == source::Span{})) return found;
    }
  }
  return {};
}

std::string described(const kir::Function& f, VarId v) {
  return f.vars[v].name.starts_with('%') ? "a value" : fmt::format("'{}'", f.vars[v].name);
}

}  // namespace

Region analyse_region(const kir::Function& f, const Stmt& loop, const VarSet& live) {
  Region out;
  VarSet written, used;
  assigned(loop.body, written);
  const VarSet before = exposed(loop.body);
  const VarSet always = always_assigned(loop.body);
  const auto scan = [&](auto& self, const Block& block) -> void {
    for (const Stmt* s : block) {
      used.merge(reads(*s));
      self(self, s->head), self(self, s->body), self(self, s->orelse);
    }
  };
  scan(scan, loop.body);
  out.array_folds = loop.folds;
  for (const kir::ArrayFold& fold : loop.folds) used.erase(fold.array), written.erase(fold.array);
  for (VarId v : used) {
    if (!written.contains(v) && v != loop.var) out.captured.insert(v);
  }
  const auto refuse = [&](VarId v, std::string text, const char* advice) {
    if (!out.obstacle.empty()) return;
    out.obstacle = std::move(text);
    out.where = place_of(loop.body, v);
    out.advice = advice;
  };
  VarSet kept = before;
  kept.insert(live.begin(), live.end());
  written.erase(loop.var);  // assignments to it do not reach the next iteration
  for (VarId v : written) {
    if (before.contains(v)) {
      const std::optional<Fold> fold = f.vars[v].type->is_scalar() ? FoldOf(v).run(f, loop.body, kept) : std::nullopt;
      if (!fold) {
        refuse(v, fmt::format("an iteration reads {}, which an earlier one has written", described(f, v)),
               "give it a value before it is read in each iteration, or only fold values into it, by one operation: "
               "s += x, s = max(s, x)");
      } else {
        out.folds.push_back(*fold);
      }
    } else if (live.contains(v)) {
      if (!always.contains(v)) {
        refuse(v, fmt::format("{} is read after the loop, and not every iteration writes it", described(f, v)),
               "give it a value in every iteration, or store it in an array");
      } else if (f.vars[v].type->is_array()) {
        refuse(v, fmt::format("{} is an array made by an iteration and read after the loop", described(f, v)),
               "make the array before the loop, and store to its elements");
      } else {
        out.last.push_back(v);
      }
    }
  }
  if (live.contains(loop.var)) out.last.push_back(loop.var);
  return out;
}

}  // namespace kjit::passes
