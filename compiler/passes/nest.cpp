#include "passes/nest.h"

#include <algorithm>

#include "kirgen/builtins_support.h"

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
  std::vector<bool> repeated;  // by axis: known to have length 1, so that index 0 is always meant
  std::vector<ExprRef> moves;  // general form, by axis: 0 where the length is 1, else 1
};

class Nest {
 public:
  Nest(sema::TypeContext& types, kir::Function& f) : b_(types, f) {}

  void run() {
    definitions_.assign(b_.function.vars.size(), {});
    collect(b_.function.body);
    walk(b_.function.body);
  }

 private:
  // --- what variables are

  struct Definition {
    int count = 0;
    ExprRef value = nullptr;           // of an assignment
    const Stmt* allocation = nullptr;  // of a new array
  };
  void collect(const Block& block) {
    for (const Stmt* s : block) {
      const bool defines = s->kind == StmtKind::Assign || s->kind == StmtKind::For || s->kind == StmtKind::Alloc ||
                           s->kind == StmtKind::Copy || (s->kind == StmtKind::Reduce && !s->array) ||
                           (s->kind == StmtKind::Call && s->has_var);
      if (defines) {
        ++definitions_[s->var].count;
        definitions_[s->var].value = s->kind == StmtKind::Assign ? s->expr : nullptr;
        definitions_[s->var].allocation = s->kind == StmtKind::Alloc ? s : nullptr;
      }
      collect(s->head), collect(s->body), collect(s->orelse);
    }
  }
  // Of a temporary: those are made for one statement, before which nothing assigns what they were made of (fuse sees to
  // that for statements that it brings together). Variables of the program may outlive what they were made of.
  const Definition* only_definition(ExprRef e) const {
    const bool known = e->op == Op::Var && e->var < definitions_.size() && definitions_[e->var].count == 1 &&
                       b_.function.vars[e->var].name.starts_with('%');
    return known ? &definitions_[e->var] : nullptr;
  }
  // The expression that a variable with one assignment stands for, the length that a new array was given; else the
  // expression itself.
  ExprRef resolved(ExprRef e) const {
    for (;;) {
      const Definition* d = only_definition(e->op == Op::Dim ? e->args[0] : e);
      if (d && e->op == Op::Dim && d->allocation) {
        e = d->allocation->exprs[e->index];
      } else if (d && e->op == Op::Var && d->value) {
        e = d->value;
      } else {
        return e;
      }
    }
  }
  // The variable whose memory a chain of views looks at; null when unknown.
  ExprRef base(ExprRef e) const {
    e = resolved(e);
    while (e->op == Op::View || e->op == Op::Transpose || e->op == Op::MakeView) e = resolved(e->args[0]);
    return e->op == Op::Var ? e : nullptr;
  }
  ExprRef length(ExprRef array, uint32_t axis) { return resolved(b_.dim(resolved(array), axis)); }
  static bool same(ExprRef a, ExprRef c) {
    if (a == c) return true;
    if (a->op != c->op || a->type != c->type || a->index != c->index || a->args.size() != c->args.size()) return false;
    switch (a->op) {
      case Op::Const:
        return a->constant.i == c->constant.i && a->type->scalar == sema::Scalar::I64;
      case Op::Var:
        return a->var == c->var;
      case Op::Dim:
        return same(a->args[0], c->args[0]);
      default:
        return false;
    }
  }

  // --- statements

  void walk(Block& block) {
    Block out;
    for (Stmt* s : block) {
      if (s->kind == StmtKind::Map || s->kind == StmtKind::Reduce) {
        b_.block = &out;
        b_.span = s->span;
        s->kind == StmtKind::Map ? map(*s) : reduce(*s);
        continue;
      }
      walk(s->head), walk(s->body), walk(s->orelse);
      out.push_back(s);
    }
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

  ExprRef held(ExprRef array) {
    return array->op == Op::Var || array->op == Op::ConstArray ? array : b_.var(b_.spill(array));
  }

  std::vector<Input> inputs_of(const Stmt& s) {
    std::vector<Input> out;
    for (const kir::MapInput& in : s.inputs) {
      Input input{in.element, nullptr, {}, {}};
      for (uint32_t k = 0; k < in.array->type->rank; ++k) {
        ExprRef n = length(in.array, k);
        input.repeated.push_back(n->op == Op::Const && n->constant.i == 1);
      }
      input.array = held(in.array);
      out.push_back(std::move(input));
    }
    return out;
  }

  // Whether every input has the extents.
  ExprRef is_plain(const Stmt& s, const std::vector<Input>& inputs) {
    ExprRef plain = b_.const_bool(true);
    for (size_t i = 0; i < inputs.size(); ++i) {
      const size_t missing = s.exprs.size() - inputs[i].array->type->rank;
      for (uint32_t k = 0; k < inputs[i].array->type->rank; ++k) {
        if (inputs[i].repeated[k]) continue;
        ExprRef extent = s.exprs[missing + k];
        if (same(length(s.inputs[i].array, k), resolved(extent)) || same(b_.dim(inputs[i].array, k), extent)) continue;
        plain = both(plain, b_.compare(Op::Eq, b_.dim(inputs[i].array, k), extent), Op::BitAnd, 1);
      }
    }
    return plain;
  }

  // a and b, or a or b; `neutral` is the constant that leaves the other.
  ExprRef both(ExprRef a, ExprRef b, Op op, int64_t neutral) {
    return b_.is_const(a) && a->constant.i == neutral ? b : b_.binary(op, a, b);
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

  void map(const Stmt& s) {
    const std::vector<Input> inputs = inputs_of(s);
    const ExprRef target = held(s.array);
    const ExprRef plain = is_plain(s, inputs);
    if (s.fresh) {
      return choose(plain, [&] { loops(s, target, inputs, true); }, [&] { loops(s, target, inputs, false); });
    }
    ExprRef shared = b_.const_bool(false);
    bool one_array = false;
    const ExprRef target_base = base(s.array);
    for (const Input& in : inputs) {
      if (same(in.array, target)) continue;
      shared = both(shared, b_.node(Op::Overlaps, b_.types.boolean(), {target, in.array}), Op::BitOr, 0);
      const ExprRef input_base = base(in.array);
      one_array = one_array || (target_base && input_base && same(target_base, input_base));
    }
    const auto through_temporary = [&](bool is_plain_nest) {
      TypeRef type = b_.types.array(target->type->scalar, target->type->rank, Layout::C);
      const ExprRef made = b_.var(b_.alloc(type, s.exprs, kir::Fill::None));
      loops(s, made, inputs, is_plain_nest);
      Stmt* copy = b_.stmt(StmtKind::CopyArray);
      copy->array = target;
      copy->expr = made;
    };
    const auto direct = [&] { loops(s, target, inputs, true); };
    if (!one_array) {
      ExprRef safe = b_.binary(Op::BitAnd, plain, b_.unary(Op::Not, shared));
      if (b_.is_const(shared)) safe = plain;
      return choose(safe, direct, [&] { through_temporary(false); });
    }
    choose(plain, [&] { choose(shared, [&] { through_temporary(true); }, direct); }, [&] { through_temporary(false); });
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
    for (const Input& in : inputs) {
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

  void loops(const Stmt& s, ExprRef target, std::vector<Input> inputs, bool plain) {
    const size_t rank = s.exprs.size();
    if (rank == 0) return b_.store(target, {}, value_at(s, inputs, {}));
    for (Layout layout : {Layout::C, Layout::F}) {
      if (!plain || !one_order(target, inputs, layout, rank)) continue;
      for (Input& in : inputs) in.array = flat(in.array);
      const ExprRef line = flat(target);
      b_.for_range(b_.const_int(0), count(s.exprs), b_.const_int(1), [&](VarId i) {
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
      b_.for_range(b_.const_int(0), s.exprs[axis], b_.const_int(1), [&](VarId i) {
        index[axis] = b_.var(i);
        self(self, depth + 1);
      });
    };
    along(along, 0);
  }

  // --- Reduce

  void reduce(const Stmt& s) {
    const std::vector<Input> inputs = inputs_of(s);
    if (s.array) {
      const auto into_array = [&](bool plain) { fold_axes(s, inputs, plain); };
      return choose(is_plain(s, inputs), [&] { into_array(true); }, [&] { into_array(false); });
    }
    b_.assign(s.var, s.init);
    choose(is_plain(s, inputs), [&] { fold(s, inputs, true); }, [&] { fold(s, inputs, false); });
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
  void fold_axes(const Stmt& s, std::vector<Input> inputs, bool plain) {
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
    const bool pairwise = s.fold == Op::Add && (sema::is_float(type) || sema::is_complex(type));
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
        kirgen::emit::sum_stretches(b_, total, s.exprs[axis], [&](ExprRef i) {
          index.push_back(b_.reuse(i));
          ExprRef value = b_.var(b_.spill(value_at(s, inputs, index)));
          index.pop_back();
          return value;
        });
      } else {
        b_.for_range(b_.const_int(0), s.exprs[axis], b_.const_int(1), [&](VarId i) {
          index.push_back(b_.var(i));
          self(self);
          index.pop_back();
        });
      }
      if (axis == inner) put(b_.var(total));
    };
    along(along);
  }

  void fold(const Stmt& s, std::vector<Input> inputs, bool plain) {
    std::vector<ExprRef> extents = s.exprs;
    if (plain && one_order(nullptr, inputs, Layout::C, extents.size()) && extents.size() > 1) {
      for (Input& in : inputs) in.array = flat(in.array);
      extents = {count(extents)};
    }
    if (!plain) prepare_moves(inputs);
    const sema::Scalar type = s.init->type->scalar;
    const bool pairwise = s.fold == Op::Add && (sema::is_float(type) || sema::is_complex(type));
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
  std::vector<Definition> definitions_;  // of the variables that were there before
};

}  // namespace

void nest(sema::TypeContext& types, kir::Module& module) {
  for (auto& f : module.functions) Nest(types, *f).run();
}

}  // namespace kjit::passes
