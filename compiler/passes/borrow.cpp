// The largest set of variables that only ever refer to what outlives them.
#include "passes/borrow.h"

#include "passes/points.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

struct Definitions {
  std::vector<ExprRef> values;  // of assignments
  int count = 0;
  bool in_loop = false;
  bool owns = false;  // Alloc, Copy, Call or Parallel defines it, and a reference comes with it
};

void collect(const Block& block, bool in_loop, std::vector<Definitions>& out) {
  for (const Stmt* s : block) {
    const bool called = (s->kind == StmtKind::Call || s->kind == StmtKind::Parallel) && s->has_var;
    const bool makes = s->kind == StmtKind::Alloc || s->kind == StmtKind::Copy;
    const bool owns = (makes && s->memory == kir::Memory::Own) || called;
    if (makes || owns || s->kind == StmtKind::Assign) {
      Definitions& d = out[s->var];
      ++d.count;
      d.in_loop = d.in_loop || in_loop;
      d.owns = d.owns || owns;
      if (s->kind == StmtKind::Assign) d.values.push_back(s->expr);
    }
    const bool loop = s->kind == StmtKind::For || s->kind == StmtKind::While || s->kind == StmtKind::Parallel;
    collect(s->head, in_loop || loop, out);
    collect(s->body, in_loop || loop, out);
    collect(s->orelse, in_loop, out);
  }
}

class Borrow {
 public:
  explicit Borrow(kir::Function& f) : f_(f), definitions_(f.vars.size()), borrowed_(f.vars.size()) {}

  void run() {
    collect(f_.body, false, definitions_);
    for (VarId v = 0; v < f_.vars.size(); ++v) {
      borrowed_[v] = !f_.vars[v].is_param && holds_array(f_.vars[v].type) && !definitions_[v].owns;
    }
    for (bool changed = true; changed;) {
      changed = false;
      for (VarId v = 0; v < f_.vars.size(); ++v) {
        if (!borrowed_[v]) continue;
        bool fine = true;
        for (ExprRef e : definitions_[v].values) fine = fine && refers_to_safe(e);
        if (fine) continue;
        borrowed_[v] = false;
        changed = true;
      }
    }
    for (VarId v = 0; v < f_.vars.size(); ++v) {
      if (borrowed_[v]) f_.vars[v].counted = false;
    }
  }

 private:
  bool safe(VarId v) const {
    if (f_.vars[v].is_param || borrowed_[v]) return true;
    return definitions_[v].count == 1 && !definitions_[v].in_loop;
  }
  bool refers_to_safe(ExprRef e) const {
    if (!holds_array(e->type)) return true;  // lengths, elements: nothing is referred to
    if (e->op == Op::Var) return safe(e->var);
    for (ExprRef a : e->args) {
      if (!refers_to_safe(a)) return false;
    }
    return true;
  }

  kir::Function& f_;
  std::vector<Definitions> definitions_;
  std::vector<bool> borrowed_;
};

}  // namespace

void borrow(sema::TypeContext&, kir::Module& module) {
  for (auto& f : module.functions) Borrow(*f).run();
}

}  // namespace kjit::passes
