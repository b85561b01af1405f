#include "passes/values.h"

#include <algorithm>
#include <unordered_map>

#include "kirgen/builder.h"
#include "passes/definitions.h"

namespace kjit::passes {

using kir::Block;
using kir::Expr;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

using Number = uint32_t;  // of a value; 0: nothing is known

bool is_integer_or_bool(ExprRef e) {
  return e->type->is_scalar() && (sema::is_integer(e->type->scalar) || sema::is_bool(e->type->scalar));
}

class Values {
 public:
  Values(sema::TypeContext& types, kir::Function& f)
      : b_(types, f), f_(without_idle(f)), definitions_(f), vars_(f.vars.size()) {}

  void run() {
    walk(f_.body);
    remove_unused();
  }

 private:
  struct Variable {
    Number version = 0;         // changes wherever it may be assigned
    ExprRef same_as = nullptr;  // what stands in its place
    int uses = 0;
  };

  // Takes away `v = v`, which is how updates in place (a += b) come out: v then has one definition less.
  static kir::Function& without_idle(kir::Function& f) {
    const auto clean = [](auto& self, Block& block) -> void {
      std::erase_if(block, [](const Stmt* s) {
        return s->kind == StmtKind::Assign && s->expr->op == Op::Var && s->expr->var == s->var;
      });
      for (Stmt* s : block) self(self, s->head), self(self, s->body), self(self, s->orelse);
    };
    clean(clean, f.body);
    return f;
  }
  bool is_temporary(VarId v) const { return f_.vars[v].name.starts_with('%'); }

  // --- numbers

  void renew(VarId v) { vars_[v].version = ++versions_; }
  void renew_assigned(const Block& block) {
    for (const Stmt* s : block) {
      if (defines(*s)) renew(s->var);
      for (const kir::MapInput& in : s->inputs) renew(in.element);
      renew_assigned(s->head), renew_assigned(s->body), renew_assigned(s->orelse);
    }
  }

  Number number(ExprRef e) {
    if (e->op == Op::Load || e->op == Op::Undef) return 0;
    std::string key;
    const auto add = [&key](auto v) { key.append(reinterpret_cast<const char*>(&v), sizeof v); };
    add(e->op), add(reinterpret_cast<uintptr_t>(e->type)), add(e->index), add(e->math);
    if (e->op == Op::Const) add(e->constant);
    if (e->op == Op::Var) add(e->var), add(vars_[e->var].version);
    for (kir::Component c : e->components) add(c);
    for (uint8_t a : e->axes) add(a);
    for (ExprRef a : e->args) {
      const Number n = number(a);
      if (n == 0) return 0;
      add(n);
    }
    return numbers_.try_emplace(std::move(key), static_cast<Number>(numbers_.size() + 1)).first->second;
  }
  bool same(ExprRef a, ExprRef b) {
    const Number n = number(a);
    return n != 0 && n == number(b);
  }

  // --- expressions

  // The length of an axis, as far back as it can be followed.
  ExprRef length(ExprRef array, uint32_t axis) {
    ExprRef n = b_.dim(array, axis);
    while (n->op == Op::Dim && n->args[0]->op == Op::Var) {
      const Stmt* only = definitions_.only(n->args[0]->var);
      if (!only) break;
      const Stmt& made = *only;
      ExprRef next = nullptr;
      if (made.kind == StmtKind::Alloc) next = made.exprs[n->index];
      if (made.kind == StmtKind::Assign || made.kind == StmtKind::Copy) next = length_of_value(made.expr, n->index);
      if (!next || !definitions_.is_fixed(next)) break;
      n = next;
    }
    return n;
  }
  ExprRef length_of_value(ExprRef array, uint32_t axis) {
    const bool known =
        array->op == Op::Var || array->op == Op::View || array->op == Op::Transpose || array->op == Op::MakeView;
    return known ? b_.dim(array, axis) : nullptr;
  }

  // The expression in terms of the first temporary that holds each value; folded where that decides it.
  ExprRef rewritten(ExprRef e) {
    if (!e) return e;
    if (e->op == Op::Const) return e;
    if (e->op == Op::Var) return vars_[e->var].same_as ? vars_[e->var].same_as : e;
    const source::Span outer = b_.span;
    b_.span = e->span;
    ExprRef out = rebuilt(e);
    b_.span = outer;
    if (out->op == Op::Var || out->op == Op::Const || out->args.empty()) return out;
    if (out->op == Op::Dim && out->args[0]->op == Op::Var) return out;
    if (!is_integer_or_bool(out) && !out->type->is_array()) return out;  // arithmetic of the program: left to LLVM
    if (auto known = available_.find(number(out)); known != available_.end()) return b_.var(known->second);
    return out;
  }
  ExprRef rebuilt(ExprRef e) {
    std::vector<ExprRef> args = e->args;
    for (ExprRef& a : args) a = rewritten(a);
    if (e->op == Op::Dim) {
      ExprRef n = length(args[0], e->index);
      return n->op == Op::Dim ? n : rewritten(n);
    }
    if (ExprRef element = element_of_tuple(e->op, args, e->index)) return element;
    if (ExprRef decided = folded(e->op, args)) return decided;
    if (args == e->args) return e;
    Expr* copy = f_.new_expr(e->op, e->type, e->span);
    *copy = *e;
    copy->args = std::move(args);
    return copy;
  }
  ExprRef element_of_tuple(Op op, const std::vector<ExprRef>& args, uint32_t index) const {
    const Stmt* made = op == Op::TupleGet && args[0]->op == Op::Var ? definitions_.only(args[0]->var) : nullptr;
    if (!made || made->kind != StmtKind::Assign || made->expr->op != Op::MakeTuple) return nullptr;
    ExprRef element = made->expr->args[index];
    return definitions_.is_fixed(element) && element->args.size() <= 1 ? element : nullptr;
  }
  ExprRef folded(Op op, const std::vector<ExprRef>& args) {
    if (op == Op::Select) {
      if (b_.is_const(args[0])) return args[0]->constant.i != 0 ? args[1] : args[2];
      return same(args[1], args[2]) ? args[1] : nullptr;
    }
    if (op == Op::Not && b_.is_const(args[0])) return b_.const_bool(args[0]->constant.i == 0);
    if (args.size() != 2 || !is_integer_or_bool(args[0]) || args[0]->type != args[1]->type) return nullptr;
    const bool decides = b_.is_const(args[0]) || b_.is_const(args[1]);
    switch (op) {
      case Op::Eq:
      case Op::Le:
      case Op::Ge:
        if (same(args[0], args[1])) return b_.const_bool(true);
        return decides ? b_.compare(op, args[0], args[1]) : nullptr;
      case Op::Ne:
      case Op::Lt:
      case Op::Gt:
        if (same(args[0], args[1])) return b_.const_bool(false);
        return decides ? b_.compare(op, args[0], args[1]) : nullptr;
      case Op::AndThen:
      case Op::OrElse: {
        const int64_t neutral = op == Op::AndThen ? 1 : 0;
        for (size_t k : {0, 1}) {
          if (b_.is_const(args[k])) return args[k]->constant.i == neutral ? args[1 - k] : args[k];
        }
        return same(args[0], args[1]) ? args[0] : nullptr;
      }
      case Op::Min:
      case Op::Max:
      case Op::BitAnd:
      case Op::BitOr:
        if (same(args[0], args[1])) return args[0];
        [[fallthrough]];
      case Op::Add:
      case Op::Sub:
      case Op::Mul:
        return decides ? b_.binary(op, args[0], args[1]) : nullptr;
      default:
        return nullptr;
    }
  }

  // --- statements

  static bool leaves(const Stmt& s) {
    return s.kind == StmtKind::Return || s.kind == StmtKind::Raise || s.kind == StmtKind::Break ||
           s.kind == StmtKind::Continue;
  }
  void walk(Block& block) {
    std::vector<Number> entered;
    std::swap(entered, entered_);
    const size_t checked = checked_.size();
    const size_t block_start = definitions_.enter_block();
    Block out;
    for (Stmt* s : block) {
      statement(s, out);
      if (!out.empty() && leaves(*out.back())) break;  // the rest of a branch that was decided
    }
    block = std::move(out);
    for (Number n : entered_) available_.erase(n);
    checked_.resize(checked);
    definitions_.leave_block(block_start);
    std::swap(entered, entered_);
  }

  void statement(Stmt* s, Block& out) {
    const bool value_of_body = s->kind == StmtKind::While || s->kind == StmtKind::Map || s->kind == StmtKind::Reduce;
    if (!value_of_body) s->expr = rewritten(s->expr);
    s->array = rewritten(s->array);
    s->init = rewritten(s->init);
    for (ExprRef& e : s->exprs) e = rewritten(e);
    for (kir::MapInput& in : s->inputs) in.array = rewritten(in.array);
    for (kir::PrintItem& item : s->items) item.value = rewritten(item.value);
    switch (s->kind) {
      case StmtKind::Assign:
        if (assign(*s)) out.push_back(s);
        return;
      case StmtKind::Check:
        if (holds(s->expr)) return;
        break;
      case StmtKind::If:
        return branch(s, out);
      case StmtKind::For:
      case StmtKind::While:
      case StmtKind::Map:
      case StmtKind::Reduce:
        loop(*s);
        break;
      default:
        break;
    }
    if (defines(*s)) renew(s->var);
    definitions_.pass(*s);
    out.push_back(s);
  }

  // Whether the statement is still wanted.
  bool assign(Stmt& s) {
    Variable& v = vars_[s.var];
    const bool temporary = definitions_.count(s.var) == 1 && !definitions_.is_param(s.var) && is_temporary(s.var);
    const bool plain = s.expr->op == Op::Const || (s.expr->op == Op::Var && definitions_.is_fixed(s.expr->var));
    if (temporary && plain && s.expr->type == f_.vars[s.var].type) {
      v.same_as = s.expr;
      return false;
    }
    const Number n = temporary && !s.expr->args.empty() ? number(s.expr) : 0;
    if (auto known = n != 0 ? available_.find(n) : available_.end(); known != available_.end()) {
      v.same_as = b_.var(known->second);
      return false;
    }
    renew(s.var);
    definitions_.pass(s);
    if (n != 0) available_.emplace(n, s.var), entered_.push_back(n);
    return true;
  }

  // Whether the condition of a Check is true here; from here on it is.
  bool holds(ExprRef condition) {
    if (b_.is_const(condition)) return condition->constant.i != 0;
    const Number n = number(condition);
    if (n == 0 || std::find(checked_.begin(), checked_.end(), n) != checked_.end()) return n != 0;
    checked_.push_back(n);
    return false;
  }

  void branch(Stmt* s, Block& out) {
    if (b_.is_const(s->expr)) {
      Block& taken = s->expr->constant.i != 0 ? s->body : s->orelse;
      for (Stmt* each : taken) statement(each, out);
      return;
    }
    walk(s->body), walk(s->orelse);
    renew_assigned(s->body), renew_assigned(s->orelse);
    out.push_back(s);
  }

  // The condition of a While belongs to its head, the value of a Map or Reduce to its body.
  void loop(Stmt& s) {
    const auto everything = [&] {
      if (s.kind == StmtKind::For) renew(s.var);
      for (const kir::MapInput& in : s.inputs) renew(in.element);
      renew_assigned(s.head), renew_assigned(s.body);
    };
    everything();
    if (s.kind == StmtKind::For || !s.inputs.empty()) definitions_.pass(s);
    walk(s.head);
    if (s.kind == StmtKind::While) s.expr = rewritten(s.expr);
    walk(s.body);
    if (s.kind == StmtKind::Map || s.kind == StmtKind::Reduce) s.expr = rewritten(s.expr);
    everything();
    walk(s.orelse);
    renew_assigned(s.orelse);
  }

  // --- temporaries that nothing asks for

  void count_uses(ExprRef e, int by) {
    if (!e) return;
    if (e->op == Op::Var) vars_[e->var].uses += by;
    for (ExprRef a : e->args) count_uses(a, by);
  }
  void count_uses(const Block& block) {
    for (const Stmt* s : block) {
      for (ExprRef e : {s->expr, s->array, s->init}) count_uses(e, 1);
      for (ExprRef e : s->exprs) count_uses(e, 1);
      for (const kir::MapInput& in : s->inputs) count_uses(in.array, 1);
      for (const kir::PrintItem& item : s->items) count_uses(item.value, 1);
      count_uses(s->head), count_uses(s->body), count_uses(s->orelse);
    }
  }
  bool is_unused(const Stmt& s) const {
    return s.kind == StmtKind::Assign && is_temporary(s.var) && !definitions_.is_param(s.var) && vars_[s.var].uses == 0;
  }
  // From the end, so that what only an unused one asks for goes too.
  void remove(Block& block) {
    for (size_t i = block.size(); i-- > 0;) {
      Stmt* s = block[i];
      remove(s->orelse), remove(s->body), remove(s->head);
      if (!is_unused(*s)) continue;
      count_uses(s->expr, -1);
      block.erase(block.begin() + static_cast<ptrdiff_t>(i));
    }
  }
  void remove_unused() {
    count_uses(f_.body);
    remove(f_.body);
  }

  kirgen::Builder b_;
  kir::Function& f_;
  Definitions definitions_;
  std::vector<Variable> vars_;
  Number versions_ = 0;
  std::unordered_map<std::string, Number> numbers_;
  std::unordered_map<Number, VarId> available_;  // the temporary that holds a value
  std::vector<Number> entered_;                  // by the block that is walked
  std::vector<Number> checked_;                  // conditions of checks that were passed
};

}  // namespace

void values(sema::TypeContext& types, kir::Module& module) {
  for (auto& f : module.functions) Values(types, *f).run();
}

}  // namespace kjit::passes
