// Assignment and update of what arrays index: a[idx] = value, a[mask] op= value. The index itself: gen_fancy.cpp.
#include <kjit_rt/abi.h>

#include <algorithm>

#include "kirgen/builtins_support.h"
#include "kirgen/function_gen.h"

namespace kjit::kirgen {

using kir::StmtKind;

namespace {

bool is_new(Builder& b, ExprRef e) { return e->op == Op::Var && b.function.vars[e->var].name == "%new"; }

// `source`, or a copy where it may share memory with `target`.
ExprRef detached(Builder& b, ExprRef target, ExprRef source) {
  if (is_new(b, source)) return source;
  TypeRef any = b.types.array(source->type->scalar, source->type->rank, sema::Layout::A, source->type->readonly);
  const VarId held = b.temp(any, "%held");
  b.assign(held, b.cast(source, any));
  emit_if(b, b.node(Op::Overlaps, b.types.boolean(), {target, source}), [&] {
    const VarId copy = copy_array(b, source, b.types.array(source->type->scalar, source->type->rank, sema::Layout::C));
    b.assign(held, b.cast(b.var(copy), any));
  });
  return b.var(held);
}

}  // namespace

// What does not fit is a ValueError in NumPy's words.
void FunctionGen::check_value_fits(ExprRef value, const Fancy& index) {
  const std::vector<ExprRef> lengths = dims_of(b_, value);
  const size_t missing = index.shape.size() - lengths.size();
  ShapesOfMessage operands;
  std::string message = "shape mismatch: value array of shape " + operands.add(lengths);
  message += " could not be broadcast to indexing result of shape " + operands.add(index.shape);
  for (size_t k = 0; k < lengths.size(); ++k) {
    ExprRef to = index.shape[missing + k];
    ExprRef fits = either(b_, b_.compare(Op::Eq, lengths[k], to), b_.compare(Op::Eq, lengths[k], b_.const_int(1)));
    if (index.mask) {
      b_.check(fits, KJIT_VALUE_ERROR,
               "NumPy boolean array indexing assignment cannot assign {0} input values to the {1} output values where "
               "the mask is true",
               {lengths[k], to});
    } else {
      b_.check(fits, KJIT_VALUE_ERROR, message, operands.operands);
    }
  }
}

// array[mask] = make(old element), for a mask of the array's shape.
void FunctionGen::map_masked(const Fancy& index, const std::function<ExprRef(ExprRef)>& make) {
  kir::Stmt* s = b_.stmt(StmtKind::Map);
  s->array = index.array;
  for (uint32_t k = 0; k < index.array->type->rank; ++k) s->exprs.push_back(b_.reuse(b_.dim(index.array, k)));
  s->inputs.push_back({b_.temp(types_.scalar(index.array->type->scalar), "%x"), index.array});
  s->inputs.push_back({b_.temp(types_.boolean(), "%x"), index.mask});
  b_.with_block(s->body, [&] {
    ExprRef old = b_.var(s->inputs[0].element);
    s->expr = b_.select(b_.var(s->inputs[1].element), make(old), old);
  });
}

void FunctionGen::scatter(Fancy index, ExprRef value) {
  TypeRef element = types_.scalar(index.array->type->scalar);
  if (value->type->is_scalar()) {
    value = b_.cast(value, element);
    if (!b_.is_const(value)) value = b_.var(b_.spill(value));
    if (index.mask) return map_masked(index, [&](ExprRef) { return value; });
  } else if (!value->type->is_array()) {
    unsupported(b_.span, "storing " + type_text(value->type) + " at an index of arrays");
    return;
  } else {
    value = b_.reuse(value);
    open_mask(index);
    check_value_fits(value, index);
    value = detached(b_, index.array, value);
  }
  for (ExprRef& p : index.picks) {
    if (p && p->type->is_array() && p->type->scalar == element->scalar) p = detached(b_, index.array, p);
  }
  std::vector<ExprRef> moves;
  for (uint32_t k = 0; value->type->is_array() && k < value->type->rank; ++k) {
    ExprRef move = b_.cast(b_.compare(Op::Ne, b_.dim(value, k), b_.const_int(1)), types_.int64());
    moves.push_back(b_.var(b_.spill(move)));
  }
  for_each_pick(index, [&](const std::vector<ExprRef>& at, const std::vector<ExprRef>& place, uint32_t wrap) {
    ExprRef x = value;
    if (value->type->is_array()) {
      std::vector<ExprRef> from;
      for (size_t k = 0; k < moves.size(); ++k) {
        from.push_back(b_.binary(Op::Mul, at[at.size() - moves.size() + k], moves[k]));
      }
      x = b_.cast(b_.load(value, std::move(from)), element);
    }
    b_.store(index.array, place, x, wrap);
  });
}

// array[index] op= value: read, computed, written, so that an index that comes twice takes effect once.
void FunctionGen::aug_assign_fancy(const ast::AugAssign& s, ExprRef array, const ast::Expr* at) {
  Fancy index = fancy_index(array, at);
  TypeRef rt = operand_type(s.value);
  TypeRef element = types_.scalar(array->type->scalar);
  Block late;  // the value, evaluated after the old elements were read
  ExprRef value = nullptr;
  b_.with_block(late, [&] {
    value = operand(s.value);
    if (value->type->is_scalar()) value = b_.reuse(value);
  });
  const auto emit_value = [&] { b_.block->insert(b_.block->end(), late.begin(), late.end()); };
  const bool effects = std::any_of(late.begin(), late.end(), [](const kir::Stmt* x) { return writes_memory(*x); });
  if (index.mask && rt->is_scalar() && !effects) {
    emit_value();
    return map_masked(index,
                      [&](ExprRef old) { return b_.cast(arithmetic(s.op, old, element, value, rt, true), element); });
  }
  open_mask(index);
  index.mask = nullptr;
  ExprRef old = b_.reuse(gather(index));
  emit_value();
  TypeRef operand_element = rt->is_array() ? types_.scalar(rt->scalar) : rt;
  if (!operand_element->is_scalar() || (rt->is_array() && rt->rank > index.shape.size())) {
    unsupported(s.value->span,
                "operator '" + std::string(spelling(s.op)) + "=' of indexed elements with " + type_text(rt));
    return;
  }
  update_elements(s.op, old, value, rt);
  scatter(std::move(index), old);
}

}  // namespace kjit::kirgen
