#include "lower/lanes.h"

#include <algorithm>

namespace kjit::lower {

namespace {

using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using Vars = std::set<VarId>;

bool mentions(ExprRef e, VarId v) {
  if (e->op == Op::Var && e->var == v) return true;
  return std::any_of(e->args.begin(), e->args.end(), [v](ExprRef a) { return mentions(a, v); });
}

bool folds(Op op) {
  switch (op) {
    case Op::Add:
    case Op::Sub:
    case Op::Mul:
    case Op::Min:
    case Op::Max:
    case Op::Minimum:
    case Op::Maximum:
    case Op::FMin:
    case Op::FMax:
    case Op::BitAnd:
    case Op::BitOr:
    case Op::BitXor:
      return true;
    default:
      return false;
  }
}

// v + a, a * v, min(v + a, b): v changes by a fold, once.
bool accumulates(ExprRef e, VarId v) {
  if (e->op == Op::Var) return e->var == v;
  if (e->op == Op::Cast) return accumulates(e->args[0], v);
  if (!folds(e->op)) return false;
  const bool first = mentions(e->args[0], v), second = mentions(e->args[1], v);
  return first != second && accumulates(e->args[first ? 0 : 1], v);
}

// Whether an iteration reads a number that the one before it left, other than to add to it.
class Carried {
 public:
  explicit Carried(const Stmt& loop) {
    collect(loop.body);
    assigned_.erase(loop.var);
    Vars defined;
    walk(loop.body, defined);
  }
  bool any() const { return any_; }

 private:
  void collect(const kir::Block& block) {
    for (const Stmt* s : block) {
      if (s->kind == StmtKind::Assign || (s->kind == StmtKind::Call && s->has_var)) assigned_.insert(s->var);
      collect(s->body), collect(s->orelse);
    }
  }
  void read(ExprRef e, const Vars& defined) {
    if (e->op == Op::Var && assigned_.contains(e->var) && !defined.contains(e->var)) any_ = true;
    for (ExprRef a : e->args) read(a, defined);
  }
  // `if x > m: m = x` looks at what it replaces.
  void read_condition(const Stmt& s, const Vars& defined) {
    for (ExprRef a : s.expr->args) {
      const bool replaced = a->op == Op::Var && std::any_of(s.body.begin(), s.body.end(), [a](const Stmt* t) {
                              return t->kind == StmtKind::Assign && t->var == a->var;
                            });
      if (!replaced) read(a, defined);
    }
    if (s.expr->args.empty()) read(s.expr, defined);
  }
  void walk(const kir::Block& block, Vars& defined) {
    for (const Stmt* s : block) {
      for (ExprRef e : s->exprs) read(e, defined);
      if (s->kind == StmtKind::Assign) {
        if (!defined.contains(s->var) && mentions(s->expr, s->var) && accumulates(s->expr, s->var)) {
          for (ExprRef a : s->expr->args) read_but(a, s->var, defined);
          continue;
        }
        read(s->expr, defined);
        defined.insert(s->var);
      } else if (s->kind == StmtKind::If) {
        read_condition(*s, defined);
        Vars yes = defined, no = defined;
        walk(s->body, yes);
        walk(s->orelse, no);
        defined.clear();
        std::set_intersection(yes.begin(), yes.end(), no.begin(), no.end(), std::inserter(defined, defined.end()));
      } else {
        if (s->expr) read(s->expr, defined);
        if (s->has_var) defined.insert(s->var);
      }
    }
  }
  void read_but(ExprRef e, VarId v, Vars defined) {
    defined.insert(v);
    read(e, defined);
  }

  Vars assigned_;
  bool any_ = false;
};

}  // namespace

Lanes::Lanes(const kir::Module& module) : module_(module) {
  for (const auto& f : module.functions) scan(f->body);
}

void Lanes::scan(const kir::Block& block) {
  for (const Stmt* s : block) {
    if (s->kind == StmtKind::For && simple(s->body) && !Carried(*s).any()) {
      loops_.insert(s);
      take_callees(s->body);
    }
    scan(s->head), scan(s->body), scan(s->orelse);
  }
}

void Lanes::take_callees(const kir::Block& block) {
  for (const Stmt* s : block) {
    if (s->kind == StmtKind::Call) {
      const kir::Function* callee = module_.functions[s->callee].get();
      if (functions_.insert(callee).second) take_callees(callee->body);
    }
    take_callees(s->body), take_callees(s->orelse);
  }
}

bool Lanes::simple(const kir::Block& block) {
  return std::all_of(block.begin(), block.end(), [this](const Stmt* s) {
    switch (s->kind) {
      case StmtKind::Assign:
      case StmtKind::Store:
      case StmtKind::Check:
      case StmtKind::Raise:
      case StmtKind::Message:
      case StmtKind::Continue:
        return true;
      case StmtKind::If:
        return simple(s->body) && simple(s->orelse);
      case StmtKind::Call:
        return small(*module_.functions[s->callee]);
      default:
        return false;
    }
  });
}

// A function without loops: what LLVM takes into its caller.
bool Lanes::small(const kir::Function& f) {
  if (f.recursive || f.exported || f.lazy || f.region || !f.extern_symbol.empty()) return false;
  const auto [known, fresh] = small_.emplace(&f, false);
  if (!fresh) return known->second;
  const auto plain = [&](auto& self, const kir::Block& block) -> bool {
    return std::all_of(block.begin(), block.end(), [&](const Stmt* s) {
      if (s->kind == StmtKind::Return) return true;
      if (s->kind == StmtKind::If) return self(self, s->body) && self(self, s->orelse);
      if (s->kind == StmtKind::Call) return small(*module_.functions[s->callee]);
      return s->kind == StmtKind::Assign || s->kind == StmtKind::Store || s->kind == StmtKind::Check ||
             s->kind == StmtKind::Raise || s->kind == StmtKind::Message;
    });
  };
  return small_[&f] = plain(plain, f.body);
}

}  // namespace kjit::lower
