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

bool mentions(ExprRef e, VarId v) {
  if (!e) return false;
  if (e->op == Op::Var && e->var == v) return true;
  return std::any_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return mentions(a, v); });
}
bool is_var(ExprRef e, VarId v) { return e && e->op == Op::Var && e->var == v; }

bool is_order(Op op) { return op == Op::Lt || op == Op::Le || op == Op::Gt || op == Op::Ge; }
Op mirrored(Op op) {
  return op == Op::Lt ? Op::Gt : op == Op::Le ? Op::Ge : op == Op::Gt ? Op::Lt : op == Op::Ge ? Op::Le : op;
}

// How one variable is folded, from all statements that mention it. Every mention has to be a fold by one operation.
class FoldOf {
 public:
  explicit FoldOf(VarId v) : v_(v) {}

  std::optional<Fold> run(const Block& body) {
    body_ = &body;
    walk(body);
    if (!fine_ || !join_) return {};
    const bool from_value = *join_ != Op::Add && *join_ != Op::Mul && *join_ != Op::BitXor;
    return Fold{v_, *join_, from_value};
  }

 private:
  // `%t = v op x; v = %t`, which is how calls come out, is one fold when nothing else reads the temporary.
  bool through_temporary(const Stmt& s, const Stmt* next) {
    if (s.kind != StmtKind::Assign || s.var == v_ || !mentions(s.expr, v_) || !next) return false;
    if (next->kind != StmtKind::Assign || next->var != v_ || !is_var(next->expr, s.var)) return false;
    return count_reads(*body_, s.var) == 1;
  }
  static int count_reads(const Block& block, VarId v) {
    int n = 0;
    for (const Stmt* s : block) {
      n += reads(*s).contains(v) ? 1 : 0;
      n += count_reads(s->head, v) + count_reads(s->body, v) + count_reads(s->orelse, v);
    }
    return n;
  }
  void walk(const Block& block) {
    for (size_t i = 0; i < block.size(); ++i) {
      const Stmt* s = block[i];
      if (through_temporary(*s, i + 1 < block.size() ? block[i + 1] : nullptr)) {
        fold(s->expr);
        ++i;
        continue;
      }
      if (s->kind == StmtKind::Assign && s->var == v_) {
        fold(s->expr);
        continue;
      }
      if (s->kind == StmtKind::If && mentions(s->expr, v_)) {
        choice(*s);
        continue;
      }
      if ((defines(*s) && s->var == v_) || reads(*s).contains(v_)) fine_ = false;
      walk(s->head), walk(s->body), walk(s->orelse);
    }
  }
  void joined(Op op) {
    if (join_ && *join_ != op) fine_ = false;
    join_ = op;
  }
  void fold(ExprRef e) {
    if (is_var(e, v_)) return;  // v = v
    if (e->op == Op::Select) return selected(e);
    if (e->args.size() != 2) return void(fine_ = false);
    const bool left = is_var(e->args[0], v_) && !mentions(e->args[1], v_);
    const bool right = is_var(e->args[1], v_) && !mentions(e->args[0], v_);
    if (!left && !right) {  // (v + a) + b
      const bool nested =
          (e->op == Op::Add || e->op == Op::Mul) && (mentions(e->args[0], v_) != mentions(e->args[1], v_));
      if (!nested) return void(fine_ = false);
      joined(e->op);
      return fold(mentions(e->args[0], v_) ? e->args[0] : e->args[1]);
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
    if (!is_order(test->op) || (!is_var(yes, v_) && !is_var(no, v_))) return void(fine_ = false);
    const bool takes = is_var(no, v_);  // the value, where the test holds
    ExprRef value = takes ? yes : no;
    if (mentions(value, v_)) return void(fine_ = false);
    const bool value_first = equal(test->args[0], value) && is_var(test->args[1], v_);
    const bool var_first = is_var(test->args[0], v_) && equal(test->args[1], value);
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
                        last->kind == StmtKind::Assign && last->var == v_ && !mentions(last->expr, v_);
    if (!simple) return void(fine_ = false);
    if (is_var(s.expr->args[1], v_) && equal(s.expr->args[0], last->expr)) return joined(s.expr->op);
    if (is_var(s.expr->args[0], v_) && equal(s.expr->args[1], last->expr)) return joined(mirrored(s.expr->op));
    fine_ = false;
  }

  VarId v_;
  const Block* body_ = nullptr;
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
  written.erase(loop.var);  // assignments to it do not reach the next iteration
  for (VarId v : written) {
    if (before.contains(v)) {
      const std::optional<Fold> fold = f.vars[v].type->is_scalar() ? FoldOf(v).run(loop.body) : std::nullopt;
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
