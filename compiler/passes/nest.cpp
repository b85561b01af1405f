#include "passes/nest.h"

#include <algorithm>

#include "kirgen/builtins_support.h"
#include "passes/definitions.h"
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

struct Input {
  VarId element;
  ExprRef array;               // a variable or a constant array
  std::vector<bool> repeated;  // by axis: known to have length 1 at most, so that index 0 is always meant
  std::vector<ExprRef> moves;  // general form, by axis: 0 where the length is 1, else 1
};

// An axis of the iteration where every input has one length: the length, and what has to be equal to it for that.
struct Axis {
  ExprRef extent;
  std::vector<ExprRef> lengths;
};

class Nest {
 public:
  Nest(sema::TypeContext& types, kir::Module& module, kir::Function& f)
      : b_(types, f), module_(module), definitions_(f) {}

  void run() {
    walk(b_.function.body);
    for (auto& f : made_) module_.functions.push_back(std::move(f));
  }

 private:
  // --- what variables are

  static bool is_view(ExprRef e) {
    return e->op == Op::Var || e->op == Op::View || e->op == Op::Transpose || e->op == Op::MakeView;
  }
  // The expression that a variable with one assignment stands for, the length that a new array was given; else the
  // expression itself.
  ExprRef resolved(ExprRef e) {
    for (;;) {
      const ExprRef of = e->op == Op::Dim ? e->args[0] : e;
      const Stmt* made = of->op == Op::Var ? definitions_.only(of->var) : nullptr;
      if (!made) return e;
      ExprRef next = nullptr;
      if (e->op == Op::Dim && made->kind == StmtKind::Alloc) next = made->exprs[e->index];
      if (e->op == Op::Dim && (made->kind == StmtKind::Assign || made->kind == StmtKind::Copy) && is_view(made->expr)) {
        next = b_.dim(made->expr, e->index);
      }
      if (e->op == Op::Var && made->kind == StmtKind::Assign) next = made->expr;
      if (!next || !definitions_.is_fixed(next)) return e;
      e = next;
    }
  }
  // The variable whose memory a chain of views looks at; null when unknown.
  ExprRef base(ExprRef e) {
    e = resolved(e);
    while (e->op == Op::View || e->op == Op::Transpose || e->op == Op::MakeView) e = resolved(e->args[0]);
    return e->op == Op::Var ? e : nullptr;
  }
  ExprRef length(ExprRef array, uint32_t axis) { return resolved(b_.dim(resolved(array), axis)); }
  static bool same(ExprRef a, ExprRef c) {
    if (a == c) return true;
    if (a->op != c->op || a->type != c->type || a->index != c->index || a->args.size() != c->args.size()) return false;
    if (a->op == Op::Const) return a->constant.i == c->constant.i && a->type->scalar == sema::Scalar::I64;
    if (a->op == Op::Var) return a->var == c->var;
    if (a->op == Op::Load || a->math != c->math || a->components != c->components || a->axes != c->axes) return false;
    return std::equal(a->args.begin(), a->args.end(), c->args.begin(), same);
  }

  // --- statements

  void walk(Block& block) {
    Block out;
    const size_t block_start = definitions_.enter_block();
    for (Stmt* s : block) {
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
      walk(s->head), walk(s->body), walk(s->orelse);
      definitions_.pass(*s);
      out.push_back(s);
    }
    definitions_.leave_block(block_start);
    block = std::move(out);
  }

  Block clone(const Block& block) {
    Block out;
    for (const Stmt* s : block) {
      Stmt* made = b_.function.new_stmt(s->kind, s->span);
      *made = *s;
      made->head = clone(s->head), made->body = clone(s->body), made->orelse = clone(s->orelse);
      out.push_back(made);
    }
    return out;
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

  // A length of 0 makes the iteration empty, so that index 0 is never asked for.
  static bool at_most_one(ExprRef n) {
    if (n->op == Op::Max && n->args[1]->op == Op::Const && n->args[1]->constant.i <= 1) n = n->args[0];
    const auto one = [](ExprRef e) { return e->op == Op::Const && e->constant.i == 1; };
    return one(n) || (n->op == Op::Min && (one(n->args[0]) || one(n->args[1])));
  }

  std::vector<Input> inputs_of(const Stmt& s) {
    std::vector<Input> out;
    for (const kir::MapInput& in : s.inputs) {
      Input input{in.element, nullptr, {}, {}};
      for (uint32_t k = 0; k < in.array->type->rank; ++k) {
        input.repeated.push_back(at_most_one(length(in.array, k)));
      }
      input.array = held(in.array);
      out.push_back(std::move(input));
    }
    return out;
  }

  // Whether the expression is the length of every input's axis as soon as those are equal: one of them, or NumPy's
  // broadcast length of such.
  bool in_axis(ExprRef e, const Axis& axis) {
    if (same(e, axis.extent)) return true;
    if (std::any_of(axis.lengths.begin(), axis.lengths.end(), [&](ExprRef n) { return same(e, n); })) return true;
    const ExprRef value = resolved(e);
    if (value->op == Op::Var && value != e) return in_axis(value, axis);
    if (value->op != Op::Select || value->args[0]->op != Op::Eq || !same(value->args[0]->args[0], value->args[2])) {
      return value != e &&
             (same(value, resolved(axis.extent)) || std::any_of(axis.lengths.begin(), axis.lengths.end(),
                                                                [&](ExprRef n) { return same(value, resolved(n)); }));
    }
    return in_axis(value->args[1], axis) && in_axis(value->args[2], axis);
  }

  std::vector<Axis> axes_of(const Stmt& s, const std::vector<Input>& inputs) {
    std::vector<Axis> out;
    for (size_t axis = 0; axis < s.exprs.size(); ++axis) {
      Axis made{s.exprs[axis], {}};
      for (size_t i = 0; i < inputs.size(); ++i) {
        const size_t missing = s.exprs.size() - inputs[i].array->type->rank;
        if (axis < missing || inputs[i].repeated[axis - missing]) continue;
        ExprRef n = b_.dim(resolved(s.inputs[i].array), static_cast<uint32_t>(axis - missing));
        const bool known = std::any_of(made.lengths.begin(), made.lengths.end(),
                                       [&](ExprRef m) { return same(resolved(m), resolved(n)); });
        if (!known) made.lengths.push_back(n);
      }
      // The broadcast length of the inputs is any of theirs, when those are equal.
      if (!made.lengths.empty() && in_axis(s.exprs[axis], {made.lengths[0], made.lengths}))
        made.extent = made.lengths[0];
      std::erase_if(made.lengths, [&](ExprRef n) { return same(resolved(n), resolved(made.extent)); });
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
    a = resolved(a), c = resolved(c);
    if (a->op != Op::View || c->op != Op::View || !same(resolved(a->args[0]), resolved(c->args[0]))) {
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
      } else if ((x == kir::Component::Slice && !b_.is_const(resolved(a->args[at_a + 1]))) ||
                 (y == kir::Component::Slice && !b_.is_const(resolved(c->args[at_c + 1])))) {
        fixed = false;
      }
      at_a += operands(x), at_c += operands(y);
    }
    if (b_.is_const(meet) && !fixed) return b_.node(Op::Overlaps, b_.types.boolean(), {a, c});
    return meet;
  }

  void map(const Stmt& s) {
    const std::vector<Input> inputs = inputs_of(s);
    const ExprRef target = held(s.array);
    const std::vector<Axis> axes = axes_of(s, inputs);
    const ExprRef plain = is_plain(axes);
    const auto nest = [&](ExprRef into, bool is_plain_nest) {
      loops(s, extents_of(s, axes, is_plain_nest), into, inputs, is_plain_nest);
    };
    if (s.fresh) {
      return fast_or_general(
          plain, take_checks(axes, target), [&] { nest(target, true); }, [&] { nest(target, false); });
    }
    ExprRef shared = b_.const_bool(false);  // with arrays that may be another's memory
    ExprRef meet = b_.const_bool(false);    // with views of the array that is written
    const ExprRef target_base = base(s.array);
    for (size_t i = 0; i < inputs.size(); ++i) {
      const ExprRef array = s.inputs[i].array;
      if (same(inputs[i].array, target) || same(resolved(array), resolved(s.array))) continue;
      const ExprRef input_base = base(array);
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
        [&] { choose(meet, [&] { through_temporary(true); }, [&] { nest(target, true); }); },
        [&] { through_temporary(false); });
  }

  static bool contiguous(ExprRef array, Layout layout, size_t rank) {
    return array->type->rank == rank &&
           (array->type->layout == layout || (rank == 1 && array->type->layout != Layout::A));
  }
  static bool one_order(ExprRef target, const std::vector<Input>& inputs, Layout layout, size_t rank) {
    if (target && !contiguous(target, layout, rank)) return false;
    return std::all_of(inputs.begin(), inputs.end(), [&](const Input& in) {
      return contiguous(in.array, layout, rank) &&
             std::none_of(in.repeated.begin(), in.repeated.end(), [](bool r) { return r; });
    });
  }
  // All elements of a contiguous array in memory order.
  ExprRef flat(ExprRef array) {
    if (array->type->rank == 1) return array;
    TypeRef line = b_.types.array(array->type->scalar, 1, Layout::C, array->type->readonly);
    return b_.var(b_.spill(kirgen::contiguous_view(b_, array, line, {b_.reuse(b_.size(array))})));
  }
  ExprRef count(const std::vector<ExprRef>& extents) {
    ExprRef n = extents[0];
    for (size_t k = 1; k < extents.size(); ++k) n = b_.binary(Op::Mul, n, extents[k]);
    return b_.reuse(n);
  }

  // The body at one index: the value, in terms of fresh assignments.
  ExprRef value_at(const Stmt& s, const std::vector<Input>& inputs, const std::vector<ExprRef>& index) {
    for (size_t n = 0; n < inputs.size(); ++n) {
      const Input& in = inputs[n];
      const auto earlier = std::find_if(inputs.begin(), inputs.begin() + static_cast<ptrdiff_t>(n),
                                        [&](const Input& other) { return same(other.array, in.array); });
      if (earlier != inputs.begin() + static_cast<ptrdiff_t>(n)) {
        b_.assign(in.element, b_.var(earlier->element));
        continue;
      }
      const size_t missing = index.size() - in.array->type->rank;
      std::vector<ExprRef> at;
      for (size_t k = 0; k < in.array->type->rank; ++k) {
        ExprRef i = index[missing + k];
        if (in.repeated[k]) {
          i = b_.const_int(0);
        } else if (!in.moves.empty()) {
          i = b_.binary(Op::Mul, i, in.moves[k]);
        }
        at.push_back(i);
      }
      b_.assign(in.element, b_.load(in.array, std::move(at)));
    }
    for (Stmt* c : clone(s.body)) b_.block->push_back(c);
    return s.expr;
  }

  void prepare_moves(std::vector<Input>& inputs) {
    for (Input& in : inputs) {
      for (uint32_t k = 0; k < in.array->type->rank; ++k) {
        ExprRef moves = b_.compare(Op::Ne, b_.dim(in.array, k), b_.const_int(1));
        in.moves.push_back(b_.var(b_.spill(b_.cast(moves, b_.types.int64()))));
      }
    }
  }

  void loops(const Stmt& s, const std::vector<ExprRef>& extents, ExprRef target, std::vector<Input> inputs,
             bool plain) {
    const size_t rank = extents.size();
    if (rank == 0) return b_.store(target, {}, value_at(s, inputs, {}));
    for (Layout layout : {Layout::C, Layout::F}) {
      if (!plain || !one_order(target, inputs, layout, rank)) continue;
      for (Input& in : inputs) in.array = flat(in.array);
      const ExprRef line = flat(target);
      b_.for_range(b_.const_int(0), count(extents), b_.const_int(1), [&](VarId i) {
        ExprRef value = value_at(s, inputs, {b_.var(i)});
        b_.store(line, {b_.var(i)}, value);
      });
      return;
    }
    if (!plain) prepare_moves(inputs);
    std::vector<ExprRef> index(rank, nullptr);
    const bool columns = target->type->layout == Layout::F;
    const auto along = [&](auto& self, size_t depth) -> void {
      if (depth == rank) return b_.store(target, index, value_at(s, inputs, index));
      const size_t axis = columns ? rank - 1 - depth : depth;
      b_.for_range(b_.const_int(0), extents[axis], b_.const_int(1), [&](VarId i) {
        index[axis] = b_.var(i);
        self(self, depth + 1);
      });
    };
    along(along, 0);
  }

  // --- Reduce

  void reduce(const Stmt& s) {
    const std::vector<Input> inputs = inputs_of(s);
    const std::vector<Axis> axes = axes_of(s, inputs);
    const auto nest = [&](bool plain) {
      const std::vector<ExprRef> extents = extents_of(s, axes, plain);
      if (s.array) return fold_axes(s, extents, inputs, plain);
      b_.assign(s.var, s.init);
      fold(s, extents, inputs, plain);
    };
    fast_or_general(
        is_plain(axes), take_checks(axes, s.array), [&] { nest(true); }, [&] { nest(false); },
        s.array ? std::optional<VarId>() : s.var);
  }

  // The place of an element in the target of a fold over axes.
  static std::vector<ExprRef> kept_index(Builder& b, const Stmt& s, const std::vector<ExprRef>& index) {
    std::vector<ExprRef> at;
    const bool keeps = s.array->type->rank == s.exprs.size();
    for (size_t k = 0; k < s.exprs.size(); ++k) {
      const bool folded = std::find(s.axes.begin(), s.axes.end(), k) != s.axes.end();
      if (!folded) at.push_back(index[k]);
      if (folded && keeps) at.push_back(b.const_int(0));
    }
    return at;
  }

  // Axes in their order, the last ones that are folded into a scalar; other folded axes go through the target's
  // elements, which hold `init` at first.
  void fold_axes(const Stmt& s, const std::vector<ExprRef>& extents, std::vector<Input> inputs, bool plain) {
    if (!plain) prepare_moves(inputs);
    const size_t rank = s.exprs.size();
    size_t inner = rank;  // axes from here on are folded
    while (inner > 0 && std::find(s.axes.begin(), s.axes.end(), inner - 1) != s.axes.end()) --inner;
    const bool once = s.axes.size() == rank - inner;  // each element is written once
    if (!once) {
      Stmt* fill = b_.stmt(StmtKind::FillArray);
      fill->array = s.array;
      fill->expr = s.init;
    }
    const sema::Scalar type = s.init->type->scalar;
    const bool pairwise =
        s.fold == Op::Add && (sema::is_float(type) || sema::is_complex(type)) && !b_.function.fastmath.reassoc;
    const VarId total = b_.temp(s.init->type, "%fold");
    std::vector<ExprRef> index;
    const auto put = [&](ExprRef value) {
      const std::vector<ExprRef> at = kept_index(b_, s, index);
      b_.store(s.array, at, once ? value : b_.binary(s.fold, b_.load(s.array, at), value));
    };
    const auto along = [&](auto& self) -> void {
      const size_t axis = index.size();
      if (axis == rank) {
        ExprRef value = value_at(s, inputs, index);
        return inner < rank ? b_.assign(total, b_.binary(s.fold, b_.var(total), value)) : put(value);
      }
      if (axis == inner) b_.assign(total, s.init);
      if (pairwise && axis >= inner && axis + 1 == rank) {
        kirgen::emit::sum_stretches(b_, total, extents[axis], [&](ExprRef i) {
          index.push_back(b_.reuse(i));
          ExprRef value = b_.var(b_.spill(value_at(s, inputs, index)));
          index.pop_back();
          return value;
        });
      } else {
        b_.for_range(b_.const_int(0), extents[axis], b_.const_int(1), [&](VarId i) {
          index.push_back(b_.var(i));
          self(self);
          index.pop_back();
        });
      }
      if (axis == inner) put(b_.var(total));
    };
    along(along);
  }

  void fold(const Stmt& s, std::vector<ExprRef> extents, std::vector<Input> inputs, bool plain) {
    if (plain && one_order(nullptr, inputs, Layout::C, extents.size()) && extents.size() > 1) {
      for (Input& in : inputs) in.array = flat(in.array);
      extents = {count(extents)};
    }
    if (!plain) prepare_moves(inputs);
    const sema::Scalar type = s.init->type->scalar;
    const bool pairwise =
        s.fold == Op::Add && (sema::is_float(type) || sema::is_complex(type)) && !b_.function.fastmath.reassoc;
    std::vector<ExprRef> index;
    const auto along = [&](auto& self) -> void {
      const size_t axis = index.size();
      if (axis == extents.size()) {
        ExprRef value = value_at(s, inputs, index);
        return b_.assign(s.var, b_.binary(s.fold, b_.var(s.var), value));
      }
      if (pairwise && axis + 1 == extents.size()) {
        return kirgen::emit::sum_stretches(b_, s.var, extents[axis], [&](ExprRef i) {
          index.push_back(b_.reuse(i));
          ExprRef value = b_.var(b_.spill(value_at(s, inputs, index)));
          index.pop_back();
          return value;
        });
      }
      b_.for_range(b_.const_int(0), extents[axis], b_.const_int(1), [&](VarId i) {
        index.push_back(b_.var(i));
        self(self);
        index.pop_back();
      });
    };
    along(along);
  }

  Builder b_;
  kir::Module& module_;
  std::vector<std::unique_ptr<kir::Function>> made_;  // by outlining
  int outlined_ = 0;
  size_t taken_ = 0;         // checks, for the statement at hand
  Definitions definitions_;  // of the variables that were there before
};

}  // namespace

void nest(sema::TypeContext& types, kir::Module& module) {
  const size_t count = module.functions.size();
  for (size_t i = 0; i < count; ++i) Nest(types, module, *module.functions[i]).run();
}

}  // namespace kjit::passes
