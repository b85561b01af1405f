// Index ranges by facts that flow forward through the statements.
#include "passes/ranges.h"

#include <set>

#include "passes/linear.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using sema::Scalar;

namespace {

bool is_integer_var(const kir::Var& v) { return v.type->is_scalar() && sema::is_integer(v.type->scalar); }

void assigned_in(const Block& block, std::set<VarId>& out) {
  for (const Stmt* s : block) {
    const bool defines = s->kind == StmtKind::Assign || s->kind == StmtKind::For || s->kind == StmtKind::Alloc ||
                         s->kind == StmtKind::Copy ||
                         ((s->kind == StmtKind::Call || s->kind == StmtKind::Device) && s->has_var);
    if (defines) out.insert(s->var);
    assigned_in(s->head, out);
    assigned_in(s->body, out);
    assigned_in(s->orelse, out);
  }
}

bool falls_through(const Block& block) {
  if (block.empty()) return true;
  const Stmt& s = *block.back();
  switch (s.kind) {
    case StmtKind::Return:
    case StmtKind::Raise:
    case StmtKind::Break:
    case StmtKind::Continue:
      return false;
    case StmtKind::If:
      return falls_through(s.body) || falls_through(s.orelse);
    default:
      return true;
  }
}

// A recurrence that grows by multiplication would need the licence for overflow in every step of a loop: refused,
// unless it doubles a number below some length. Lengths are below 2^62.
bool grows_fast(ExprRef e, VarId var) {
  const bool multiplies = e->op == Op::Mul || e->op == Op::Pow || e->op == Op::Shl;
  if (multiplies && mentions(e, var)) return true;
  for (ExprRef a : e->args) {
    if (grows_fast(a, var)) return true;
  }
  return false;
}

class Ranges {
 public:
  explicit Ranges(kir::Function& f) : f_(f), nonnegative_(f.vars.size()) {}

  void run() {
    for (VarId v = 0; v < f_.vars.size(); ++v) nonnegative_[v] = is_integer_var(f_.vars[v]) && !f_.vars[v].is_param;
    // Every variable is taken to be nonnegative until one of its definitions cannot be shown to be so.
    for (changed_ = true; changed_;) {
      changed_ = false;
      Facts facts(f_, nonnegative_);
      walk(f_.body, facts);
    }
    rewriting_ = true;
    Facts facts(f_, nonnegative_);
    walk(f_.body, facts);
    for (VarId v = 0; v < f_.vars.size(); ++v) f_.vars[v].nonnegative = nonnegative_[v];
  }

 private:
  void walk(Block& block, Facts& facts) {
    for (Stmt* s : block) stmt(*s, facts);
  }
  void stmt(Stmt& s, Facts& facts);
  void assign(Stmt& s, Facts& facts);
  void branch(Stmt& s, Facts& facts);
  void for_loop(Stmt& s, Facts& facts);
  void while_loop(Stmt& s, Facts& facts);
  void check(Stmt& s, Facts& facts);
  static bool counts_up(const Stmt& s, const Facts& facts);
  void loop_facts(const Stmt& s, const std::set<VarId>& changed, Facts& facts);
  void demand(VarId var, bool fine) {
    if (fine || !nonnegative_[var]) return;
    nonnegative_[var] = false;
    changed_ = true;
  }

  void rewrite(ExprRef& e, const Facts& facts) {
    if (rewriting_ && e) e = rewritten(e, facts);
  }
  ExprRef rewritten(ExprRef e, const Facts& facts);
  uint32_t clear_bits(uint32_t wrap, const std::vector<ExprRef>& args, size_t first, const Facts& facts) const {
    for (size_t k = 0; k + first < args.size(); ++k) {
      if (((wrap >> k) & 1) && facts.proves_nonnegative(args[k + first])) wrap &= ~(1u << k);
    }
    return wrap;
  }
  bool holds(ExprRef condition, const Facts& facts) const;

  kir::Function& f_;
  std::vector<bool> nonnegative_;
  bool changed_ = false;
  bool rewriting_ = false;
};

// A copy with fewer wrap bits; the expression itself when nothing changes, since it may stand in other places too.
ExprRef Ranges::rewritten(ExprRef e, const Facts& facts) {
  std::vector<ExprRef> args = e->args;
  bool changed = false;
  for (size_t i = 0; i < args.size(); ++i) {
    ExprRef next = nullptr;
    const bool guarded = i > 0 && (e->op == Op::AndThen || e->op == Op::OrElse || e->op == Op::Select);
    if (guarded) {
      Facts inner = facts;
      inner.assume(args[0], e->op == Op::AndThen || (e->op == Op::Select && i == 1));
      next = rewritten(args[i], inner);
    } else {
      next = rewritten(args[i], facts);
    }
    changed = changed || next != args[i];
    args[i] = next;
  }
  uint32_t index = e->index;
  if ((e->op == Op::Load || e->op == Op::View) && index != 0) index = clear_bits(index, args, 1, facts);
  if (!changed && index == e->index) return e;
  kir::Expr* copy = f_.new_expr(e->op, e->type, e->span);
  *copy = *e;
  copy->args = std::move(args);
  copy->index = index;
  return copy;
}

void Ranges::stmt(Stmt& s, Facts& facts) {
  switch (s.kind) {
    case StmtKind::Assign:
      return assign(s, facts);
    case StmtKind::If:
      return branch(s, facts);
    case StmtKind::For:
      return for_loop(s, facts);
    case StmtKind::While:
      return while_loop(s, facts);
    case StmtKind::Check:
      return check(s, facts);
    default:
      break;
  }
  rewrite(s.expr, facts);
  rewrite(s.array, facts);
  for (ExprRef& e : s.exprs) rewrite(e, facts);
  for (kir::PrintItem& item : s.items) rewrite(item.value, facts);
  if (rewriting_ && (s.kind == StmtKind::Store || s.kind == StmtKind::Device))
    s.wrap = clear_bits(s.wrap, s.exprs, 0, facts);
  const bool defines = s.kind == StmtKind::Alloc || s.kind == StmtKind::Copy ||
                       ((s.kind == StmtKind::Call || s.kind == StmtKind::Device) && s.has_var);
  if (!defines) return;
  facts.forget(s.var);
  demand(s.var, !is_integer_var(f_.vars[s.var]));
}

void Ranges::assign(Stmt& s, Facts& facts) {
  rewrite(s.expr, facts);
  if (nonnegative_[s.var]) {
    Linear form = linear(s.expr);
    const bool doubles = form.terms.size() == 1 && form.terms.begin()->second.coefficient == 2 &&
                         facts.below_a_length(variable(f_, s.var));
    bool fine = doubles || !grows_fast(s.expr, s.var);
    for (const auto& [name, term] : form.terms) {
      fine = fine && (doubles || !(term.atom->op == Op::Var && term.atom->var == s.var && term.coefficient > 1));
    }
    demand(s.var, fine && facts.proves(form, false));
  }
  facts.assign(s.var, s.expr);
}

void Ranges::branch(Stmt& s, Facts& facts) {
  rewrite(s.expr, facts);
  std::set<VarId> changed;
  assigned_in(s.body, changed);
  assigned_in(s.orelse, changed);
  Facts yes = facts;
  Facts no = facts;
  yes.assume(s.expr, true);
  no.assume(s.expr, false);
  walk(s.body, yes);
  walk(s.orelse, no);
  const bool past_body = falls_through(s.body);
  const bool past_else = falls_through(s.orelse);
  if (past_body != past_else) {  // only one way leads on, and what it knows holds
    facts = past_body ? std::move(yes) : std::move(no);
    return;
  }
  for (VarId v : changed) facts.forget(v);
}

// Whether the step is positive wherever the body runs. Where lo <= hi, a step downwards makes no iterations.
bool Ranges::counts_up(const Stmt& s, const Facts& facts) {
  const ExprRef step = s.exprs[2];
  if (step->op == Op::Const) return step->constant.i > 0;
  if (facts.proves_nonnegative(step)) return true;  // 0 is checked before
  Linear length = linear(s.exprs[1]);
  length.add(linear(s.exprs[0]), -1);
  return facts.proves(length, false);
}

void Ranges::loop_facts(const Stmt& s, const std::set<VarId>& changed, Facts& facts) {
  // Bounds of other widths are left alone.
  if (f_.vars[s.var].type->scalar != Scalar::I64 || changed.contains(s.var)) return;
  const ExprRef lo = s.exprs[0];
  const ExprRef hi = s.exprs[1];
  const ExprRef step = s.exprs[2];
  const bool up = counts_up(s, facts);
  const bool down = step->op == Op::Const && step->constant.i < 0;
  if (!up && !down) return;
  auto fixed = [&](ExprRef e) {
    if (reads_memory(e)) return false;
    for (VarId v : changed) {
      if (mentions(e, v)) return false;
    }
    return !mentions(e, s.var);
  };
  const ExprRef i = variable(f_, s.var);
  auto at_least = [&](ExprRef low, ExprRef high, int64_t distance) {  // high - low >= distance
    Linear form = linear(high);
    form.add(linear(low), -1);
    form.constant -= distance;
    auto plain = [](ExprRef e) {
      return e->op == Op::Const || e->op == Op::Var || e->op == Op::Dim || e->op == Op::Size;
    };
    facts.add(std::move(form), plain(low) && plain(high));
  };
  if (up && step->op != Op::Const && fixed(step)) {
    Linear form = linear(step);
    form.constant -= 1;
    facts.add(std::move(form), false);
  }
  if (fixed(lo)) up ? at_least(lo, i, 0) : at_least(i, lo, 0);
  if (fixed(hi)) up ? at_least(i, hi, 1) : at_least(hi, i, 1);
}

void Ranges::for_loop(Stmt& s, Facts& facts) {
  for (ExprRef& e : s.exprs) rewrite(e, facts);
  if (nonnegative_[s.var]) {
    const ExprRef step = s.exprs[2];
    const bool down = step->op == Op::Const && step->constant.i < 0;
    Linear last = linear(s.exprs[1]);
    last.constant += 1;
    demand(s.var, down ? facts.proves(last, false) : counts_up(s, facts) && facts.proves_nonnegative(s.exprs[0]));
  }
  std::set<VarId> changed;
  assigned_in(s.body, changed);
  std::set<VarId> all = changed;
  assigned_in(s.orelse, all);
  all.insert(s.var);
  for (VarId v : all) facts.forget(v);
  Facts inside = facts;
  loop_facts(s, changed, inside);
  walk(s.body, inside);
  Facts after = facts;
  walk(s.orelse, after);
}

void Ranges::while_loop(Stmt& s, Facts& facts) {
  std::set<VarId> changed;
  assigned_in(s.head, changed);
  assigned_in(s.body, changed);
  assigned_in(s.orelse, changed);
  for (VarId v : changed) facts.forget(v);
  Facts inside = facts;
  walk(s.head, inside);
  rewrite(s.expr, inside);
  Facts after = inside;
  inside.assume(s.expr, true);
  walk(s.body, inside);
  after.assume(s.expr, false);
  walk(s.orelse, after);
}

bool Ranges::holds(ExprRef c, const Facts& facts) const {
  switch (c->op) {
    case Op::Const:
      return c->constant.i != 0;
    case Op::AndThen:
      return holds(c->args[0], facts) && holds(c->args[1], facts);
    case Op::OrElse:
      return holds(c->args[0], facts) || holds(c->args[1], facts);
    case Op::Lt:
    case Op::Le:
    case Op::Gt:
    case Op::Ge:
    case Op::Ne:
      break;
    default:
      return false;
  }
  ExprRef a = c->args[0];
  ExprRef b = c->args[1];
  if (c->op == Op::Ne && a->op == Op::Cast && b->op == Op::Const && b->constant.f[0] == 0 &&
      sema::is_float(a->type->scalar)) {  // float(i) != 0.0
    Linear form = linear(a->args[0]);
    form.constant -= 1;
    const Scalar from = a->args[0]->type->scalar;
    return from == Scalar::I64 && a->args[0]->op == Op::Var && facts.proves(form, true);
  }
  if (a->type->scalar != Scalar::I64) return false;
  // Operands themselves must be plain: arithmetic in them could have wrapped. The negated length of a bounds check may
  // not.
  auto plain = [](ExprRef e) {
    return e->op == Op::Const || e->op == Op::Var || e->op == Op::Dim || e->op == Op::Size ||
           (e->op == Op::Neg && e->args[0]->op == Op::Dim);
  };
  if (!plain(a) || !plain(b)) return false;
  const bool greater = c->op == Op::Gt || c->op == Op::Ge || c->op == Op::Ne;
  Linear form = linear(greater ? a : b);
  form.add(linear(greater ? b : a), -1);
  if (c->op != Op::Le && c->op != Op::Ge) form.constant -= 1;
  return facts.proves(form, true);
}

void Ranges::check(Stmt& s, Facts& facts) {
  rewrite(s.expr, facts);
  for (ExprRef& e : s.exprs) rewrite(e, facts);
  if (rewriting_ && holds(s.expr, facts)) s.always_taken = true;
  facts.assume(s.expr, true);
}

}  // namespace

void ranges(sema::TypeContext&, kir::Module& module) {
  for (auto& f : module.functions) Ranges(*f).run();
}

}  // namespace kjit::passes
