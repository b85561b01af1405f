#include "passes/split.h"

#include <algorithm>

#include "passes/linear.h"
#include "passes/ranges.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

constexpr int kMaxStatements = 40;  // in a body that is doubled

// Straight code and branches; returns the number of statements, or more than allowed when there is a loop or a call, or
// what threads of a GPU have to come to together.
int simple_size(const Block& block) {
  int n = 0;
  for (const Stmt* s : block) {
    if (s->kind == StmtKind::For || s->kind == StmtKind::While || s->kind == StmtKind::Call ||
        s->kind == StmtKind::Device)
      return kMaxStatements + 1;
    n += 1 + simple_size(s->body) + simple_size(s->orelse);
  }
  return n;
}

class Split {
 public:
  Split(sema::TypeContext& types, kir::Function& f) : types_(types), f_(f) {}

  bool run() {
    walk(f_.body);
    return changed_;
  }

 private:
  void walk(Block& block) {
    Block out;
    for (Stmt* s : block) {
      walk(s->head);
      walk(s->body);
      walk(s->orelse);
      if (s->kind == StmtKind::For && pays(*s)) {
        split(s, out);
      } else {
        out.push_back(s);
      }
    }
    block = std::move(out);
  }

  bool pays(const Stmt& s) const {
    const kir::Var& counter = f_.vars[s.var];
    const ExprRef step = s.exprs[2];
    return counter.type == types_.int64() && !counter.nonnegative && s.exprs[0]->op != Op::Const &&
           step->op == Op::Const && step->constant.i > 0 && simple_size(s.body) <= kMaxStatements &&
           wraps(s.body, s.var);
  }

  // start + (what is known to be plain) as an index: the counter with a positive factor and terms that are not
  // negative.
  bool only_sign_is_missing(ExprRef index, VarId counter) const {
    const Linear form = linear(index);
    if (!form.valid || form.constant < 0 || !mentions(index, counter)) return false;
    return std::all_of(form.terms.begin(), form.terms.end(), [&](const auto& entry) {
      const Linear::Term& term = entry.second;
      if (term.coefficient <= 0) return false;
      if (term.atom->op == Op::Dim || term.atom->op == Op::Size) return true;
      return term.atom->op == Op::Var && (term.atom->var == counter || f_.vars[term.atom->var].nonnegative);
    });
  }
  bool wraps(ExprRef e, VarId counter) const {
    if (e == nullptr) return false;
    for (size_t k = 0; (e->op == Op::Load || e->op == Op::View) && k + 1 < e->args.size(); ++k) {
      if (((e->index >> k) & 1) != 0 && only_sign_is_missing(e->args[k + 1], counter)) return true;
    }
    return std::any_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return wraps(a, counter); });
  }
  bool wraps(const Block& block, VarId counter) const {
    return std::any_of(block.begin(), block.end(), [&](const Stmt* s) {
      for (size_t k = 0; s->kind == StmtKind::Store && k < s->exprs.size(); ++k) {
        if (((s->wrap >> k) & 1) != 0 && only_sign_is_missing(s->exprs[k], counter)) return true;
      }
      const auto in = [&](ExprRef e) { return wraps(e, counter); };
      return in(s->expr) || in(s->array) || std::any_of(s->exprs.begin(), s->exprs.end(), in) ||
             wraps(s->body, counter) || wraps(s->orelse, counter);
    });
  }

  Block copy(const Block& block) {
    Block out;
    for (const Stmt* s : block) out.push_back(copy(*s));
    return out;
  }
  Stmt* copy(const Stmt& s) {
    Stmt* made = f_.new_stmt(s.kind, s.span);
    *made = s;
    made->head = copy(s.head), made->body = copy(s.body), made->orelse = copy(s.orelse);
    return made;
  }

  void split(Stmt* loop, Block& out) {
    changed_ = true;
    const kir::Span span = loop->span;
    const VarId start = f_.add_var("%start", types_.int64(), span);
    Stmt* hold = f_.new_stmt(StmtKind::Assign, span);
    hold->var = start;
    hold->expr = loop->exprs[0];
    loop->exprs[0] = variable(f_, start);
    kir::Expr* zero = f_.new_expr(Op::Const, types_.int64(), span);
    kir::Expr* plain = f_.new_expr(Op::Ge, types_.boolean(), span);
    plain->args = {variable(f_, start), zero};
    Stmt* choice = f_.new_stmt(StmtKind::If, span);
    choice->expr = plain;
    choice->body = {loop};
    choice->orelse = {copy(*loop)};
    out.push_back(hold);
    out.push_back(choice);
  }

  sema::TypeContext& types_;
  kir::Function& f_;
  bool changed_ = false;
};

}  // namespace

void split(sema::TypeContext& types, kir::Module& module) {
  bool changed = false;
  for (auto& f : module.functions) changed |= Split(types, *f).run();
  if (changed) ranges(types, module);
}

}  // namespace kjit::passes
