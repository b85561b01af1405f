#include "passes/nest.h"

#include <algorithm>
#include <map>

#include "passes/definitions.h"
#include "passes/nest_loops.h"
#include "passes/origins.h"
#include "passes/outline.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using kirgen::Builder;
using sema::Layout;
using sema::TypeRef;

namespace {

// An axis of the iteration where every input has one length: the length, and what has to be equal to it for that.
struct Axis {
  ExprRef extent;
  std::vector<ExprRef> lengths;
};

class Nest {
 public:
  Nest(sema::TypeContext& types, kir::Module& module, kir::Function& f)
      : b_(types, f), module_(module), definitions_(f), origins_(b_, definitions_) {}

  void run() {
    walk(b_.function.body);
    for (auto& f : made_) module_.functions.push_back(std::move(f));
  }

 private:
  // --- statements

  void walk(Block& block) {
    Block out;
    const size_t block_start = definitions_.enter_block();
    for (Stmt* s : block) {
      if (b_.function.parallel && !in_region_) {
        b_.block = &out;
        s = moved_by_loops(s);
      }
      if (s->kind == StmtKind::Map || s->kind == StmtKind::Reduce) {
        b_.block = &out;
        b_.span = s->span;
        definitions_.pass(*s);
        taken_ = 0;
        const size_t before = out.size();
        s->kind == StmtKind::Map ? map(*s) : reduce(*s);
        for (size_t i = before - taken_; i < out.size(); ++i) set_brief(*out[i]);
        continue;
      }
      if (s->kind == StmtKind::For) definitions_.pass(*s);
      const bool outer = in_region_;
      in_region_ = in_region_ || (s->kind == StmtKind::For && s->parallel);
      walk(s->head), walk(s->body), walk(s->orelse);
      in_region_ = outer;
      definitions_.pass(*s);
      out.push_back(s);
    }
    definitions_.leave_block(block_start);
    block = std::move(out);
  }

  // Copies and fills as statements over all elements, which may run on several threads.
  Stmt* moved_by_loops(Stmt* s) {
    const bool makes = s->kind == StmtKind::Copy || (s->kind == StmtKind::Alloc && s->fill == kir::Fill::Value);
    if (!makes && s->kind != StmtKind::CopyArray && s->kind != StmtKind::FillArray) return s;
    const TypeRef type = makes ? b_.function.vars[s->var].type : s->array->type;
    if (type->rank == 0) return s;
    b_.span = s->span;
    const bool copies = s->kind == StmtKind::Copy || s->kind == StmtKind::CopyArray;
    const ExprRef value = copies ? held(s->expr) : b_.reuse(s->expr);
    if (makes) {
      Stmt* made = b_.stmt(StmtKind::Alloc);
      made->var = s->var;
      for (uint32_t k = 0; k < type->rank; ++k) made->exprs.push_back(copies ? b_.dim(value, k) : s->exprs[k]);
      definitions_.pass(*made);
    }
    Stmt* map = b_.function.new_stmt(StmtKind::Map, s->span);
    map->array = makes ? b_.var(s->var) : s->array;
    map->fresh = makes;
    TypeRef element = b_.types.scalar(type->scalar);
    if (copies) {
      const VarId from = b_.temp(b_.types.scalar(value->type->scalar), "%x");
      map->inputs.push_back({from, value});
      map->expr = b_.cast(b_.var(from), element);
    } else {
      map->expr = b_.cast(value, element);
    }
    for (uint32_t k = 0; k < type->rank; ++k) map->exprs.push_back(b_.dim(map->array, k));
    return map;
  }

  static void set_brief(Stmt& s) {
    s.brief = s.kind == StmtKind::For;
    for (Block* block : {&s.head, &s.body, &s.orelse}) {
      for (Stmt* each : *block) set_brief(*each);
    }
  }

  ExprRef held(ExprRef array) {
    return array->op == Op::Var || array->op == Op::ConstArray ? array : b_.var(b_.spill(array));
  }

  // A length of 0 makes the iteration empty, so that index 0 is never asked for. Slices as x[:, 1:2]:
  // max(min(2, n) - min(1, n), 0), the minima maybe in variables.
  bool at_most_one(ExprRef n) {
    if (n->op == Op::Max && is_int(n->args[1]) && n->args[1]->constant.i <= 1) n = origins_.resolved(n->args[0]);
    const auto limit = [](ExprRef e) -> ExprRef {
      if (is_int(e)) return e;
      if (e->op != Op::Min) return nullptr;
      return is_int(e->args[0]) ? e->args[0] : is_int(e->args[1]) ? e->args[1] : nullptr;
    };
    if (const ExprRef most = limit(n)) return most->constant.i >= 0 && most->constant.i <= 1;
    if (n->op != Op::Sub) return false;
    const ExprRef end = origins_.resolved(n->args[0]), start = origins_.resolved(n->args[1]);
    const ExprRef a = limit(end), c = limit(start);
    if (!a || !c || end->op != Op::Min || start->op != Op::Min) return false;
    const auto other = [](ExprRef min, ExprRef than) { return min->args[min->args[0] == than ? 1 : 0]; };
    const int64_t distance = a->constant.i - c->constant.i;
    return distance >= 0 && distance <= 1 && same(other(end, a), other(start, c));
  }
  static bool is_int(ExprRef e) { return e->op == Op::Const && e->type->scalar == sema::Scalar::I64; }

  std::vector<NestInput> inputs_of(const Stmt& s) {
    std::vector<NestInput> out;
    for (const kir::MapInput& in : s.inputs) {
      NestInput input{in.element, nullptr, {}, {}};
      for (uint32_t k = 0; k < in.array->type->rank; ++k) {
        input.repeated.push_back(at_most_one(origins_.length(in.array, k)));
      }
      input.array = held(in.array);
      out.push_back(std::move(input));
    }
    return out;
  }

  // Whether the expression is the length of every input's axis as soon as those are equal: one of them, or NumPy's
  // broadcast length of such.
  bool in_axis(ExprRef e, const Axis& axis) {
    std::map<ExprRef, bool> known;  // lengths that many others are made of are looked into once
    return in_axis(e, axis, known);
  }
  bool in_axis(ExprRef e, const Axis& axis, std::map<ExprRef, bool>& known) {
    if (same(e, axis.extent)) return true;
    if (std::any_of(axis.lengths.begin(), axis.lengths.end(), [&](ExprRef n) { return same(e, n); })) return true;
    const ExprRef value = origins_.resolved(e);
    if (value->op == Op::Var && value != e) return in_axis(value, axis, known);
    if (value->op != Op::Select || value->args[0]->op != Op::Eq || !same(value->args[0]->args[0], value->args[2])) {
      return value != e && (same(value, origins_.resolved(axis.extent)) ||
                            std::any_of(axis.lengths.begin(), axis.lengths.end(),
                                        [&](ExprRef n) { return same(value, origins_.resolved(n)); }));
    }
    const auto [at, is_new] = known.emplace(value, false);
    if (is_new) at->second = in_axis(value->args[1], axis, known) && in_axis(value->args[2], axis, known);
    return at->second;
  }

  std::vector<Axis> axes_of(const Stmt& s, const std::vector<NestInput>& inputs) {
    std::vector<Axis> out;
    for (size_t axis = 0; axis < s.exprs.size(); ++axis) {
      Axis made{s.exprs[axis], {}};
      for (size_t i = 0; i < inputs.size(); ++i) {
        const size_t missing = s.exprs.size() - inputs[i].array->type->rank;
        if (axis < missing || inputs[i].repeated[axis - missing]) continue;
        ExprRef n = b_.dim(origins_.resolved(s.inputs[i].array), static_cast<uint32_t>(axis - missing));
        const bool known = std::any_of(made.lengths.begin(), made.lengths.end(),
                                       [&](ExprRef m) { return same(origins_.resolved(m), origins_.resolved(n)); });
        if (!known) made.lengths.push_back(n);
      }
      // The broadcast length of the inputs is any of theirs, when those are equal.
      if (!made.lengths.empty() && in_axis(s.exprs[axis], {made.lengths[0], made.lengths}))
        made.extent = made.lengths[0];
      std::erase_if(made.lengths,
                    [&](ExprRef n) { return same(origins_.resolved(n), origins_.resolved(made.extent)); });
      out.push_back(std::move(made));
    }
    return out;
  }
  // Whether every input has the extents.
  ExprRef is_plain(const std::vector<Axis>& axes) {
    ExprRef plain = b_.const_bool(true);
    for (const Axis& axis : axes) {
      for (ExprRef n : axis.lengths) plain = both(plain, b_.compare(Op::Eq, n, axis.extent), Op::BitAnd, 1);
    }
    return plain;
  }

  // Checks just before the statement that cannot fail where every input has the extents: taken away, in their order.
  Block take_checks(const std::vector<Axis>& axes, ExprRef target) {
    Block& block = *b_.block;
    Block taken;
    for (size_t i = block.size(); i-- > 0;) {
      const Stmt& s = *block[i];
      if (s.kind == StmtKind::Assign && b_.function.vars[s.var].name.starts_with('%')) continue;
      if (s.kind == StmtKind::Alloc && target && target->op == Op::Var && s.var == target->var) continue;
      if (s.kind != StmtKind::Check) break;
      const ExprRef equal = s.expr->op == Op::OrElse ? s.expr->args[0] : s.expr;
      const bool implied = equal->op == Op::Eq && std::any_of(axes.begin(), axes.end(), [&](const Axis& axis) {
                             return in_axis(equal->args[0], axis) && in_axis(equal->args[1], axis);
                           });
      if (!implied) break;
      taken.insert(taken.begin(), block[i]);
      block.erase(block.begin() + static_cast<ptrdiff_t>(i));
      ++taken_;
    }
    return taken;
  }

  // if condition: fast(), else general(), which goes into a function of its own and may set `result`.
  template <typename F, typename G>
  void fast_or_general(ExprRef condition, Block checks, F fast, G general, std::optional<VarId> result = {}) {
    if (b_.is_const(condition)) {
      b_.block->insert(b_.block->end(), checks.begin(), checks.end());
      return condition->constant.i != 0 ? fast() : general();
    }
    Stmt* choice = b_.stmt(StmtKind::If);
    choice->expr = condition;
    b_.with_block(choice->body, fast);
    Block moved = std::move(checks);
    b_.with_block(moved, general);
    kir::Function& f = b_.function;
    Outlined out = outline(b_.types, f, f.symbol + ".general." + std::to_string(++outlined_), moved, result);
    b_.with_block(choice->orelse, [&] {
      Stmt* call = b_.stmt(StmtKind::Call);
      call->callee = static_cast<uint32_t>(module_.functions.size() + made_.size());
      for (VarId v : out.arguments) call->exprs.push_back(b_.var(v));
      call->has_var = result.has_value();
      if (result) call->var = *result;
    });
    made_.push_back(std::move(out.function));
  }

  // a and b, or a or b; `neutral` is the constant that leaves the other.
  ExprRef both(ExprRef a, ExprRef b, Op op, int64_t neutral) {
    if (b_.is_const(a) && a->constant.i == neutral) return b;
    return b_.is_const(b) && b->constant.i == neutral ? a : b_.binary(op, a, b);
  }

  ExprRef either(ExprRef a, ExprRef b) {
    if (b_.is_const(a)) return a->constant.i != 0 ? a : b;
    if (b_.is_const(b)) return b->constant.i != 0 ? b : a;
    return b_.binary(Op::BitOr, a, b);
  }
  // The extents of a nest: where it is plain, those that are known best.
  static std::vector<ExprRef> extents_of(const Stmt& s, const std::vector<Axis>& axes, bool plain) {
    if (!plain) return s.exprs;
    std::vector<ExprRef> out;
    for (const Axis& axis : axes) out.push_back(axis.extent);
    return out;
  }

  template <typename F, typename G>
  void choose(ExprRef condition, F yes, G no) {
    if (b_.is_const(condition)) return condition->constant.i != 0 ? yes() : no();
    Stmt* s = b_.stmt(StmtKind::If);
    s->expr = condition;
    b_.with_block(s->body, yes);
    b_.with_block(s->orelse, no);
  }

  // --- Map

  // Where the index of a view's axis is one number: which, counted from the start.
  ExprRef position(ExprRef view, size_t operand, uint32_t axis) {
    ExprRef at = view->args[operand + 1];
    if (((view->index >> operand) & 1) == 0) return at;
    at = b_.reuse(at);
    ExprRef wrapped = b_.binary(Op::Add, at, b_.dim(view->args[0], axis));
    return b_.select(b_.compare(Op::Lt, at, b_.const_int(0)), wrapped, at);
  }
  // Whether two views of one array may share elements: not where they take different rows of it.
  ExprRef views_meet(ExprRef a, ExprRef c) {
    a = origins_.resolved(a), c = origins_.resolved(c);
    if (a->op != Op::View || c->op != Op::View || !same(origins_.resolved(a->args[0]), origins_.resolved(c->args[0]))) {
      return b_.const_bool(true);
    }
    ExprRef meet = b_.const_bool(true);
    bool fixed = true;  // slices from constants: shifted against each other, not apart
    size_t at_a = 0, at_c = 0, i = 0, k = 0;
    const auto skip_new = [](ExprRef view, size_t& n) {
      while (n < view->components.size() && view->components[n] == kir::Component::NewAxis) ++n;
    };
    const auto operands = [](kir::Component c) {
      return c == kir::Component::Index ? 1 : c == kir::Component::Slice ? 3 : 0;
    };
    for (uint32_t axis = 0; axis < a->args[0]->type->rank; ++axis, ++i, ++k) {
      skip_new(a, i), skip_new(c, k);
      const kir::Component x = a->components[i], y = c->components[k];
      if (x == kir::Component::Index && y == kir::Component::Index) {
        meet = both(meet, b_.compare(Op::Eq, position(a, at_a, axis), position(c, at_c, axis)), Op::BitAnd, 1);
      } else if ((x == kir::Component::Slice && !b_.is_const(origins_.resolved(a->args[at_a + 1]))) ||
                 (y == kir::Component::Slice && !b_.is_const(origins_.resolved(c->args[at_c + 1])))) {
        fixed = false;
      }
      at_a += operands(x), at_c += operands(y);
    }
    if (b_.is_const(meet) && !fixed) return b_.node(Op::Overlaps, b_.types.boolean(), {a, c});
    return meet;
  }

  void map(const Stmt& s) {
    const std::vector<NestInput> inputs = inputs_of(s);
    const ExprRef target = held(s.array);
    const std::vector<Axis> axes = axes_of(s, inputs);
    const ExprRef plain = is_plain(axes);
    const auto nest = [&](ExprRef into, bool is_plain_nest) {
      store_nest(b_, s, extents_of(s, axes, is_plain_nest), into, inputs, is_plain_nest);
    };
    if (s.fresh) {
      return fast_or_general(
          plain, take_checks(axes, target), [&] { nest(target, true); }, [&] { nest(target, false); });
    }
    ExprRef shared = b_.const_bool(false);  // with arrays that may be another's memory
    ExprRef meet = b_.const_bool(false);    // with views of the array that is written
    const ExprRef target_base = origins_.base(s.array);
    for (size_t i = 0; i < inputs.size(); ++i) {
      const ExprRef array = s.inputs[i].array;
      if (same(inputs[i].array, target) || same(origins_.resolved(array), origins_.resolved(s.array))) continue;
      const ExprRef input_base = origins_.base(array);
      if (target_base && input_base && same(target_base, input_base)) {
        meet = either(meet, views_meet(s.array, array));
      } else {
        shared = either(shared, b_.node(Op::Overlaps, b_.types.boolean(), {target, inputs[i].array}));
      }
    }
    const auto through_temporary = [&](bool is_plain_nest) {
      TypeRef type = b_.types.array(target->type->scalar, target->type->rank, Layout::C);
      const ExprRef made = b_.var(b_.alloc(type, s.exprs, kir::Fill::None));
      nest(made, is_plain_nest);
      Stmt* copy = b_.stmt(StmtKind::CopyArray);
      copy->array = target;
      copy->expr = made;
    };
    const ExprRef apart = both(plain, b_.unary(Op::Not, shared), Op::BitAnd, 1);
    fast_or_general(
        apart, take_checks(axes, target),
        [&] {
          choose(
              meet, [&] { through_temporary(true); }, [&] { nest(target, true); });
        },
        [&] { through_temporary(false); });
  }

  // --- Reduce

  void reduce(const Stmt& s) {
    const std::vector<NestInput> inputs = inputs_of(s);
    const std::vector<Axis> axes = axes_of(s, inputs);
    const auto nest = [&](bool plain) { fold_nest(b_, s, extents_of(s, axes, plain), inputs, plain); };
    fast_or_general(
        is_plain(axes), take_checks(axes, s.array), [&] { nest(true); }, [&] { nest(false); },
        s.array ? std::optional<VarId>() : s.var);
  }

  Builder b_;
  kir::Module& module_;
  std::vector<std::unique_ptr<kir::Function>> made_;  // by outlining
  int outlined_ = 0;
  bool in_region_ = false;
  size_t taken_ = 0;         // checks, for the statement at hand
  Definitions definitions_;  // of the variables that were there before
  Origins origins_;
};

}  // namespace

void nest(sema::TypeContext& types, kir::Module& module) {
  const size_t count = module.functions.size();
  for (size_t i = 0; i < count; ++i) Nest(types, module, *module.functions[i]).run();
}

}  // namespace kjit::passes
