// Where variables get their values: what passes that walk a function in the program's order share.
#pragma once

#include <algorithm>
#include <vector>

#include "kir/kir.h"

namespace kjit::passes {

// Whether the statement gives its variable a value.
inline bool defines(const kir::Stmt& s) {
  using kir::StmtKind;
  switch (s.kind) {
    case StmtKind::Assign:
    case StmtKind::For:
    case StmtKind::Alloc:
    case StmtKind::Copy:
      return true;
    case StmtKind::Reduce:
      return s.array == nullptr;
    case StmtKind::Call:
    case StmtKind::Device:
    case StmtKind::Parallel:
      return s.has_var;
    default:
      return false;
  }
}

// The definitions of a function's variables. A pass says which of them it has come past.
class Definitions {
 public:
  explicit Definitions(const kir::Function& f) : of_(f.vars.size()) {
    for (kir::VarId p : f.params) of_[p].is_param = true;
    collect(f.body);
  }

  void pass(const kir::Stmt& s) {
    if (defines(s)) pass(s.var);
    for (const kir::MapInput& in : s.inputs) pass(in.element);
  }
  // A definition counts to the end of the block that it stands in: further on it may not have run this time.
  size_t enter_block() const { return passed_.size(); }
  void leave_block(size_t entered) {
    for (; passed_.size() > entered; passed_.pop_back()) of_[passed_.back()].passed = false;
  }
  // The one definition of a variable that has no other; null when it has several, or has not been passed, or is a
  // variable that a pass made.
  const kir::Stmt* only(kir::VarId v) const {
    return v < of_.size() && of_[v].count == 1 && !of_[v].is_param && of_[v].passed ? of_[v].made : nullptr;
  }
  int count(kir::VarId v) const { return v < of_.size() ? of_[v].count : 0; }
  bool is_param(kir::VarId v) const { return v < of_.size() && of_[v].is_param; }
  // Holds one value wherever it is looked at from here to its definition's next run: a parameter, or a variable with
  // one definition, which was passed.
  bool is_fixed(kir::VarId v) const {
    if (v >= of_.size()) return false;
    return of_[v].is_param ? of_[v].count == 0 : of_[v].count == 1 && of_[v].passed;
  }
  bool is_fixed(kir::ExprRef e) const {
    if (e->op == kir::Op::Load) return false;
    if (e->op == kir::Op::Var) return is_fixed(e->var);
    return std::all_of(e->args.begin(), e->args.end(), [&](kir::ExprRef a) { return is_fixed(a); });
  }

 private:
  struct Of {
    int count = 0;
    bool is_param = false;
    bool passed = false;
    const kir::Stmt* made = nullptr;
  };
  void pass(kir::VarId v) {
    if (v >= of_.size() || of_[v].passed) return;
    of_[v].passed = true;
    passed_.push_back(v);
  }
  void collect(const kir::Block& block) {
    for (const kir::Stmt* s : block) {
      if (defines(*s)) ++of_[s->var].count, of_[s->var].made = s;
      for (const kir::MapInput& in : s->inputs) ++of_[in.element].count;
      collect(s->head), collect(s->body), collect(s->orelse);
    }
  }

  std::vector<Of> of_;
  std::vector<kir::VarId> passed_;
};

}  // namespace kjit::passes
