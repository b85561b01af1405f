// Subscripts: elements, views by basic indexing, tuples, ranges.
#include <kjit_rt/abi.h>

#include "kirgen/builtins_support.h"
#include "kirgen/function_gen.h"

namespace kjit::kirgen {

using ast::ExprKind;
using kir::Component;
using sema::TypeKind;

ExprRef FunctionGen::subscript(const ast::Subscript& e) {
  TypeRef type = f_.type_of(e.value);
  if (type->is_optional()) type = type->elements[0];
  if (type->kind == TypeKind::Builtin) return call(&e);  // np.mgrid[...]
  if (!type->is_array()) {
    ExprRef base = value(e.value);
    if (type->kind == TypeKind::Range) return range_subscript(e, base);
    if (base->type->is_tuple()) return tuple_subscript(e, base);
    if (type->kind != TypeKind::Flat) return unsupported(e.span, "indexing of " + type_text(type), f_.type_of(&e));
    ExprRef at = flat_position(e, base);
    const std::vector<ExprRef> place = flat_places(base)(at);
    return b_.load(base, place);
  }
  ExprRef array = nullptr;
  Index index;
  Operands operands(*this);
  operands.add([&] { return array_base(e.value); });
  if (has_index_arrays(e.index)) {
    array = b_.reuse(operands.values[0]);
    return gather(fancy_index(array, e.index));
  }
  operands.add([&] {
    array = operands.values[0];
    index = array_index(array, e.index);
    return array;
  });
  array = operands.values[0];  // spilled when an index has effects
  if (index.element) return b_.load(array, index.operands, index.wrap);
  return index_view(array, index, f_.type_of(&e));
}

// A view or a variable: its lengths are cheap to ask for more than once.
ExprRef FunctionGen::array_base(const ast::Expr* e) {
  ExprRef array = value(e);
  return array->op == Op::View || array->op == Op::Transpose ? array : b_.reuse(array);
}

ExprRef FunctionGen::whole_number(ExprRef position) {
  if (!position->type->is_scalar() || !is_integer(position->type->scalar)) {
    return unsupported(b_.span, "an index of type " + type_text(position->type), types_.int64());
  }
  return b_.cast(position, types_.int64());
}

namespace {

bool may_be_negative(ExprRef position) {
  switch (position->op) {
    case Op::Const:
      return position->constant.i < 0;
    case Op::Dim:
    case Op::Size:
      return false;
    case Op::Cast:
      return !sema::is_unsigned(position->args[0]->type->scalar);
    default:
      return true;
  }
}

}  // namespace

void FunctionGen::add_index(Index& out, ExprRef array, uint32_t axis, ExprRef position) {
  ExprRef at = whole_number(position);
  const bool wrap = may_be_negative(at);
  if (b_.function.boundscheck) {
    at = b_.reuse(at);
    ExprRef length = b_.reuse(b_.dim(array, axis));
    ExprRef below = b_.compare(Op::Lt, at, length);
    ExprRef above = wrap ? b_.compare(Op::Ge, at, b_.unary(Op::Neg, length)) : b_.const_bool(true);
    b_.check(b_.binary(Op::AndThen, above, below), KJIT_INDEX_ERROR,
             "index {0} is out of bounds for axis {1} with size {2}", {at, b_.const_int(axis), length});
  }
  if (wrap) out.wrap |= 1u << out.operands.size();
  out.operands.push_back(at);
  out.components.push_back(Component::Index);
}

// --- slices

ExprRef FunctionGen::slice_bound(const ast::Expr* e) {
  if (!e) return nullptr;
  ExprRef v = expr(e);
  if (v->type->is_none()) return nullptr;
  v = number(b_.unwrap(v));
  if (v->type->is_scalar() && is_bool(v->type->scalar)) v = b_.cast(v, types_.int64());
  return b_.reuse(whole_number(v));
}

namespace {

// Python's rule: a negative bound counts from the end; then it is kept within [low, high].
ExprRef clamp_bound(Builder& b, ExprRef bound, ExprRef length, ExprRef low, ExprRef high) {
  if (b.is_const(bound)) {
    return bound->constant.i >= 0 ? b.binary(Op::Min, bound, high)
                                  : b.binary(Op::Max, b.binary(Op::Add, length, bound), low);
  }
  ExprRef from_end = b.binary(Op::Max, b.binary(Op::Add, bound, length), low);
  return b.select(b.compare(Op::Lt, bound, b.const_int(0)), from_end, b.binary(Op::Min, bound, high));
}

// a[2:-1] and the like: there is one form for the length of all such slices, so that equal lengths are seen.
bool from_constant_to_end(Builder& b, ExprRef lower, ExprRef upper, ExprRef step) {
  constexpr int64_t kFar = int64_t{1} << 40;
  const bool from = !lower || (b.is_const(lower) && lower->constant.i >= 0 && lower->constant.i < kFar);
  const bool to = !upper || (b.is_const(upper) && upper->constant.i < 0 && upper->constant.i > -kFar);
  return b.is_const_int(step, 1) && from && to;
}

// How many steps there are in a span. One that is empty may give a negative number.
ExprRef steps_in(Builder& b, ExprRef span, ExprRef step, ExprRef up) {
  ExprRef one = b.const_int(1);
  constexpr int64_t kFar = int64_t{1} << 40;
  if (b.is_const(step) && step->constant.i > -kFar && step->constant.i < kFar) {
    ExprRef size = b.const_int(std::abs(step->constant.i));
    return b.binary(Op::FloorDiv, b.binary(Op::Add, span, b.binary(Op::Sub, size, one)), size);
  }
  // A step as large as an int64 goes: the sum above would wrap around.
  ExprRef down = b.unary(Op::Neg, b.binary(Op::Max, step, b.const_int(-INT64_MAX)));
  ExprRef size = b.select(up, step, down);
  return b.binary(Op::Add, b.binary(Op::FloorDiv, b.binary(Op::Sub, span, one), size), one);
}

}  // namespace

kir::Component slice_axis(Builder& b, ExprRef array, uint32_t axis, ExprRef lower, ExprRef upper, ExprRef step,
                          std::vector<ExprRef>& operands) {
  if (!step) step = b.const_int(1);
  if (!lower && !upper && b.is_const_int(step, 1)) return Component::All;
  b.check(b.compare(Op::Ne, step, b.const_int(0)), KJIT_VALUE_ERROR, "slice step cannot be zero");
  ExprRef zero = b.const_int(0);
  ExprRef n = b.reuse(b.dim(array, axis));
  ExprRef last = b.binary(Op::Sub, n, b.const_int(1));
  ExprRef before = b.const_int(-1);
  ExprRef up = b.compare(Op::Gt, step, zero);  // folds when the step is a constant
  ExprRef low = b.select(up, zero, before);
  ExprRef high = b.select(up, n, last);
  ExprRef start = lower ? clamp_bound(b, lower, n, low, high) : b.select(up, zero, last);
  ExprRef stop = upper ? clamp_bound(b, upper, n, low, high) : b.select(up, n, before);
  start = b.reuse(start);
  ExprRef span = b.select(up, b.binary(Op::Sub, stop, start), b.binary(Op::Sub, start, stop));
  if (!b.is_const_int(step, 1) && !b.is_const_int(step, -1)) span = steps_in(b, span, step, up);
  const bool canonical = from_constant_to_end(b, lower, upper, step);
  if (canonical) {
    span = b.binary(Op::Sub, n, b.const_int((lower ? lower->constant.i : 0) - (upper ? upper->constant.i : 0)));
  }
  // With one bound only, and upwards, the length cannot be negative: start <= n, and 0 <= stop.
  const bool natural = !canonical && b.is_const(step) && step->constant.i > 0 && (!lower || !upper);
  ExprRef length = b.reuse(natural ? span : b.binary(Op::Max, span, zero));
  operands.insert(operands.end(), {start, length, step});
  return Component::Slice;
}

void FunctionGen::add_slice(Index& out, ExprRef array, uint32_t axis, const ast::Slice& slice) {
  ExprRef lower = slice_bound(slice.lower);
  ExprRef upper = slice_bound(slice.upper);
  ExprRef step = slice_bound(slice.step);
  out.components.push_back(slice_axis(b_, array, axis, lower, upper, step, out.operands));
}

// --- arrays

FunctionGen::Index FunctionGen::array_index(ExprRef array, const ast::Expr* index) {
  struct Item {
    enum { Position, Slice, Ellipsis, NewAxis } kind;
    const ast::Expr* expr;
    ExprRef position;
  };
  std::vector<Item> items;
  uint32_t consumed = 0;
  const std::vector<const ast::Expr*> parts =
      index->kind == ExprKind::Tuple
          ? std::vector(ast::as<ast::Tuple>(*index).elements.begin(), ast::as<ast::Tuple>(*index).elements.end())
          : std::vector{index};
  Operands positions(*this);  // keeps the order of evaluation among the scalar positions
  std::vector<size_t> slots;
  for (const ast::Expr* part : parts) {
    TypeRef type = f_.type_of(part);
    if (part->kind == ExprKind::Slice) {
      items.push_back({Item::Slice, part, nullptr});
      ++consumed;
    } else if (type && type->kind == TypeKind::Ellipsis) {
      items.push_back({Item::Ellipsis, part, nullptr});
    } else if (type && type->is_none()) {
      items.push_back({Item::NewAxis, part, nullptr});
    } else if (type && type->kind == TypeKind::Slice) {
      unsupported(part->span, "a slice object as an index");
    } else {
      positions.add([&] { return operand(part); });
      ExprRef v = positions.values.back();
      if (v->type->is_tuple() && v->op != Op::MakeTuple) v = b_.reuse(v);
      const size_t count = v->type->is_tuple() ? v->type->elements.size() : 1;
      for (uint32_t k = 0; k < count; ++k) {
        slots.push_back(positions.values.size() - 1);
        items.push_back({Item::Position, part, v->type->is_tuple() ? b_.get(v, k) : nullptr});
      }
      consumed += static_cast<uint32_t>(count);
    }
  }
  Index out;
  const uint32_t rank = array->type->rank;
  if (consumed > rank) {
    unsupported(index->span, "more indices than the array has dimensions");
    return out;
  }
  bool expanded = false;
  uint32_t axis = 0;
  size_t slot = 0;
  auto whole_axes = [&] {
    for (; axis < rank && rank - axis > consumed; ++axis) out.components.push_back(Component::All);
  };
  for (const Item& item : items) {
    const SpanScope scope(b_, item.expr->span);
    switch (item.kind) {
      case Item::Ellipsis:
        if (!expanded) whole_axes();
        expanded = true;
        break;
      case Item::NewAxis:
        out.components.push_back(Component::NewAxis);
        break;
      case Item::Slice:
        add_slice(out, array, axis++, ast::as<ast::Slice>(*item.expr));
        --consumed;
        break;
      case Item::Position:
        add_index(out, array, axis++, item.position ? item.position : positions.values[slots[slot]]);
        ++slot;
        --consumed;
        break;
    }
  }
  whole_axes();
  for (const Item& item : items) out.element = out.element && item.kind != Item::Ellipsis;  // a[...] is a view
  for (Component c : out.components) {
    out.element = out.element && c == Component::Index;
    out.rank += c == Component::Index ? 0 : 1;
  }
  return out;
}

ExprRef FunctionGen::index_view(ExprRef array, const Index& index, TypeRef type) {
  if (!type) {  // to be written
    const bool whole = index.rank == array->type->rank && index.operands.empty() &&
                       std::all_of(index.components.begin(), index.components.end(),
                                   [](kir::Component c) { return c == kir::Component::All; });
    if (whole) return array;
    type = types_.array(array->type->scalar, index.rank, sema::Layout::A, array->type->readonly);
  }
  return b_.view(array, type, index.components, index.operands, index.wrap);
}

// The position in a.flat, from the start.
ExprRef FunctionGen::flat_position(const ast::Subscript& e, ExprRef array) {
  ExprRef at = b_.reuse(whole_number(operand(e.index)));
  ExprRef size = b_.reuse(b_.size(array));
  at = b_.reuse(b_.select(b_.compare(Op::Lt, at, b_.const_int(0)), b_.binary(Op::Add, at, size), at));
  if (b_.function.boundscheck) {
    ExprRef inside = b_.binary(Op::AndThen, b_.compare(Op::Ge, at, b_.const_int(0)), b_.compare(Op::Lt, at, size));
    b_.check(inside, KJIT_INDEX_ERROR, "index {0} is out of bounds for size {1}", {at, size});
  }
  return at;
}

// --- tuples and ranges

ExprRef FunctionGen::tuple_subscript(const ast::Subscript& e, ExprRef tuple) {
  const auto n = static_cast<int64_t>(tuple->type->elements.size());
  if (e.index->kind == ExprKind::Slice) {  // inference leaves the positions taken
    const sema::Constant* positions = f_.constant_of(e.index);
    const auto* taken = positions ? std::get_if<sema::ConstantTuple>(&positions->value) : nullptr;
    if (!taken) return unsupported(e.span, "this slice of a tuple", f_.type_of(&e));
    if (tuple->op != Op::MakeTuple) tuple = b_.reuse(tuple);
    std::vector<ExprRef> elements;
    for (const sema::Constant& k : *taken) elements.push_back(b_.get(tuple, static_cast<uint32_t>(k.as_int())));
    return b_.tuple(std::move(elements));
  }
  if (const sema::Constant* c = f_.constant_of(e.index); c && c->is_int()) {
    const int64_t k = c->as_int() < 0 ? c->as_int() + n : c->as_int();
    if (k >= 0 && k < n) return b_.get(tuple, static_cast<uint32_t>(k));
    b_.raise(KJIT_INDEX_ERROR, "tuple index out of range");
    return b_.node(Op::Undef, f_.type_of(&e), {});
  }
  ExprRef at = b_.reuse(whole_number(value(e.index)));
  at = b_.reuse(b_.select(b_.compare(Op::Lt, at, b_.const_int(0)), b_.binary(Op::Add, at, b_.const_int(n)), at));
  ExprRef inside =
      b_.binary(Op::AndThen, b_.compare(Op::Ge, at, b_.const_int(0)), b_.compare(Op::Lt, at, b_.const_int(n)));
  b_.check(inside, KJIT_INDEX_ERROR, "tuple index out of range");
  TypeRef element = b_.machine(f_.type_of(&e));
  tuple = b_.cast(tuple, types_.homogeneous(element, static_cast<int>(n)));
  return b_.node(Op::TupleAt, element, {b_.reuse(tuple), at});
}

ExprRef FunctionGen::range_subscript(const ast::Subscript& e, ExprRef range) {
  const Sequence items = range_sequence(range);
  ExprRef at = b_.reuse(whole_number(value(e.index)));
  ExprRef n = b_.reuse(items.length);
  at = b_.reuse(b_.select(b_.compare(Op::Lt, at, b_.const_int(0)), b_.binary(Op::Add, at, n), at));
  ExprRef inside = b_.binary(Op::AndThen, b_.compare(Op::Ge, at, b_.const_int(0)), b_.compare(Op::Lt, at, n));
  b_.check(inside, KJIT_INDEX_ERROR, "range object index out of range");
  return items.element(at);
}

}  // namespace kjit::kirgen
