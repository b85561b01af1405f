#include "passes/carried.h"

#include <algorithm>
#include <map>

#include "passes/definitions.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

constexpr int kDeepCalls = 6;

bool holds_arrays(sema::TypeRef type) {
  return type->is_array() ||
         (type->is_tuple() && std::any_of(type->elements.begin(), type->elements.end(), holds_arrays));
}

// What refers to what, without regard to the order of statements: only more variables come of that.
class Carried {
 public:
  Carried(const kir::Module& module, const kir::Function& function, int depth)
      : module_(module), function_(function), depth_(depth) {}

  // Adds to `out` what is assigned in the block from what is in `out`, or from what `outside` is true of.
  void spread(const Block& block, const std::function<bool(VarId)>& outside, VarSet& out) const {
    for (size_t before = out.size() + 1; before != out.size();) {
      before = out.size();
      pass(block, outside, out);
    }
  }
  // Whether the function may give back what its parameters refer to.
  bool gives_back() const {
    const VarSet params(function_.params.begin(), function_.params.end());
    VarSet made;
    const auto of_caller = [&](VarId v) { return params.contains(v); };
    spread(function_.body, of_caller, made);
    return returns(function_.body, of_caller, made);
  }

 private:
  static bool refers(ExprRef e, const std::function<bool(VarId)>& outside, const VarSet& made) {
    if (!holds_arrays(e->type)) return false;
    if (e->op == kir::Op::Var) return made.contains(e->var) || outside(e->var);
    return std::any_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return refers(a, outside, made); });
  }
  bool defines_outside(const Stmt& s, const std::function<bool(VarId)>& outside, const VarSet& made) const {
    if (s.kind == StmtKind::Assign) return refers(s.expr, outside, made);
    if (s.kind != StmtKind::Call) return false;  // a new array
    const kir::Function& callee = *module_.functions[s.callee];
    if (!callee.extern_symbol.empty()) return false;
    const bool given = std::any_of(s.exprs.begin(), s.exprs.end(), [&](ExprRef e) { return refers(e, outside, made); });
    if (!given || depth_ >= kDeepCalls || callee.recursive) return given;
    return Carried(module_, callee, depth_ + 1).gives_back();
  }
  void pass(const Block& block, const std::function<bool(VarId)>& outside, VarSet& out) const {
    for (const Stmt* s : block) {
      if (defines(*s) && holds_arrays(function_.vars[s->var].type) && !out.contains(s->var) &&
          defines_outside(*s, outside, out)) {
        out.insert(s->var);
      }
      pass(s->head, outside, out), pass(s->body, outside, out), pass(s->orelse, outside, out);
    }
  }
  static bool returns(const Block& block, const std::function<bool(VarId)>& outside, const VarSet& made) {
    return std::any_of(block.begin(), block.end(), [&](const Stmt* s) {
      if (s->kind == StmtKind::Return && s->expr && refers(s->expr, outside, made)) return true;
      return returns(s->head, outside, made) || returns(s->body, outside, made) || returns(s->orelse, outside, made);
    });
  }

  const kir::Module& module_;
  const kir::Function& function_;
  int depth_;
};

}  // namespace

VarSet refer_outside(const kir::Module& module, const kir::Function& function, const Stmt& loop,
                     const std::function<bool(VarId)>& outside) {
  Block turn = loop.head;
  turn.insert(turn.end(), loop.body.begin(), loop.body.end());
  VarSet written;
  assigned(turn, written), assigned(loop.orelse, written);
  const VarSet read_first = exposed(turn);
  // A variable that a turn assigns before it reads it does not hand on what it was before the loop.
  const auto handed_on = [&](VarId v) { return (!written.contains(v) || read_first.contains(v)) && outside(v); };
  VarSet out;
  const Carried carried(module, function, 0);
  carried.spread(turn, handed_on, out), carried.spread(loop.orelse, handed_on, out);
  for (VarId v : written) {
    if (holds_arrays(function.vars[v].type) && outside(v)) out.insert(v);
  }
  return out;
}

}  // namespace kjit::passes
