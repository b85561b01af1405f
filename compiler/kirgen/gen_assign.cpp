// Assignment: names, unpacking, elements, slices, and the augmented forms.
#include <kjit_rt/abi.h>

#include <algorithm>

#include "kirgen/builtins_support.h"
#include "kirgen/function_gen.h"
#include "sema/elementwise.h"
#include "sema/infer.h"
#include "sema/promotion.h"

namespace kjit::kirgen {

using ast::ExprKind;
using kir::StmtKind;

void FunctionGen::assign_statement(const ast::Assign& s) {
  const bool element = s.targets.size() == 1 && s.targets[0]->kind == ExprKind::Subscript;
  if (element) return store(ast::as<ast::Subscript>(*s.targets[0]), expr(s.value));
  ExprRef v = expr(s.value);
  if (s.targets.size() > 1) v = b_.reuse(v);
  // reuse() keeps variables as they are; a target of a = b = a may be one of them.
  if (s.targets.size() > 1 && v->op != Op::Const && !v->type->is_none()) v = b_.var(b_.spill(v));
  for (const ast::Expr* target : s.targets) assign(target, v);
}

void FunctionGen::assign(const ast::Expr* target, ExprRef value) {
  switch (target->kind) {
    case ExprKind::Name:
      return define(f_.info(target).def_var, value);
    case ExprKind::Tuple:
      return unpack(ast::as<ast::Tuple>(*target).elements, value, target->span);
    case ExprKind::List:
      return unpack(ast::as<ast::ListExpr>(*target).elements, value, target->span);
    case ExprKind::Subscript:
      return store(ast::as<ast::Subscript>(*target), value);
    default:
      unsupported(target->span, "assignment to this in a kernel");
  }
}

// --- unpacking

namespace {

void collect_names(const sema::TypedFunction& f, const ast::Expr* target, std::vector<uint32_t>& out, bool& stores) {
  auto all = [&](ast::Exprs elements) {
    for (const ast::Expr* e : elements) collect_names(f, e, out, stores);
  };
  if (target->kind == ExprKind::Name) {
    if (f.info(target).def_var != sema::kNone) out.push_back(f.info(target).def_var);
  } else if (target->kind == ExprKind::Tuple) {
    all(ast::as<ast::Tuple>(*target).elements);
  } else if (target->kind == ExprKind::List) {
    all(ast::as<ast::ListExpr>(*target).elements);
  } else if (target->kind == ExprKind::Starred) {
    collect_names(f, ast::as<ast::Starred>(*target).value, out, stores);
  } else {
    stores = true;
  }
}

const ast::Expr* starred_target(ast::Exprs targets, size_t& position) {
  for (position = 0; position < targets.size(); ++position) {
    if (targets[position]->kind == ExprKind::Starred) return ast::as<ast::Starred>(*targets[position]).value;
  }
  return nullptr;
}

}  // namespace

// What each target gets; an element that an earlier target would change is held in a temporary.
std::vector<ExprRef> FunctionGen::elements_to_unpack(ast::Exprs targets, ExprRef value, Span span) {
  std::vector<ExprRef> elements;
  {
    const SpanScope scope(b_, span);
    value = b_.unwrap(value);
  }
  if (value->type->is_array()) {
    value = b_.var(b_.spill(value));
    const Sequence items = array_sequence(value);
    if (!items.length) return {};
    const auto n = static_cast<int64_t>(targets.size());
    b_.check(b_.compare(Op::Ge, items.length, b_.const_int(n)), KJIT_VALUE_ERROR,
             "not enough values to unpack (expected " + std::to_string(n) + ", got {0})", {items.length});
    b_.check(b_.compare(Op::Le, items.length, b_.const_int(n)), KJIT_VALUE_ERROR,
             "too many values to unpack (expected " + std::to_string(n) + ")");
    for (int64_t k = 0; k < n; ++k) elements.push_back(items.element(b_.const_int(k)));
  } else if (value->type->is_tuple()) {
    if (value->op != Op::MakeTuple) value = b_.var(b_.spill(value));
    for (uint32_t k = 0; k < value->type->elements.size(); ++k) elements.push_back(b_.get(value, k));
  } else {
    unsupported(span, "unpacking of " + type_text(value->type));
    return {};
  }
  std::vector<uint32_t> names;
  bool stores = false;
  for (const ast::Expr* t : targets) collect_names(f_, t, names, stores);
  for (ExprRef& e : elements) {
    bool changes = stores && reads_memory(e);
    for (uint32_t v : names) changes = changes || mentions(e, vars_[v]);
    if (changes) e = b_.var(b_.spill(e));
  }
  return elements;
}

void FunctionGen::unpack(ast::Exprs targets, ExprRef value, Span span) {
  std::vector<ExprRef> elements = elements_to_unpack(targets, value, span);
  size_t star = 0;
  if (const ast::Expr* rest = starred_target(targets, star); rest && elements.size() + 1 >= targets.size()) {
    const size_t count = elements.size() + 1 - targets.size();
    const auto begin = elements.begin() + static_cast<ptrdiff_t>(star);
    std::vector<ExprRef> middle(begin, begin + static_cast<ptrdiff_t>(count));
    elements.erase(begin, begin + static_cast<ptrdiff_t>(count));
    for (size_t i = 0; i < star; ++i) assign(targets[i], elements[i]);
    assign(rest, b_.tuple(std::move(middle)));
    for (size_t i = star + 1; i < targets.size(); ++i) assign(targets[i], elements[i - 1]);
    return;
  }
  if (elements.size() != targets.size()) {
    if (!elements.empty()) unsupported(span, "unpacking into another number of targets");
    return;
  }
  for (size_t i = 0; i < targets.size(); ++i) assign(targets[i], elements[i]);
}

// --- elements and slices

// Python evaluates the value first, then the array, then the index.
void FunctionGen::store(const ast::Subscript& target, ExprRef value) {
  const SpanScope scope(b_, target.span);
  if (value->type->is_tuple()) {  // a[...] = [1, 2, 3]
    if (TypeRef made = sema::array_of_display(types_, value->type)) value = array_of_display(b_, value, made);
  }
  ExprRef array = nullptr;
  Index index;
  Operands operands(*this);
  operands.values.push_back(value);
  operands.add([&] { return this->value(target.value); });
  TypeRef type = f_.type_of(target.value);
  if (operands.values[1]->type->is_array() && type->kind == sema::TypeKind::Flat) {
    return store_flat(target, operands.values[1], number(b_.unwrap(operands.values[0])));
  }
  if (!operands.values[1]->type->is_array()) {
    unsupported(target.span, "assignment to elements of " + type_text(type));
    return;
  }
  if (operands.values[1]->op != Op::View) operands.values[1] = b_.reuse(operands.values[1]);
  if (has_index_arrays(target.index)) {
    Fancy fancy;
    operands.values[1] = b_.reuse(operands.values[1]);
    operands.add([&] {
      fancy = fancy_index(operands.values[1], target.index);
      return fancy.array;
    });
    return scatter(std::move(fancy), number(b_.unwrap(operands.values[0])));
  }
  operands.add([&] {
    array = operands.values[1];
    index = array_index(array, target.index);
    return array;
  });
  value = operands.values[0];
  array = operands.values[1];
  if (index.element) {
    TypeRef element = types_.scalar(array->type->scalar);
    value = number(b_.unwrap(value));
    if (!value->type->is_scalar()) {
      unsupported(target.span, "storing " + type_text(value->type) + " in an element");
      return;
    }
    b_.store(array, index.operands, b_.cast(value, element), index.wrap);
    return;
  }
  store_view(index_view(array, index), number(b_.unwrap(value)));
}

void FunctionGen::store_flat(const ast::Subscript& target, ExprRef array, ExprRef value) {
  value = b_.reuse(b_.cast(value, types_.scalar(array->type->scalar)));
  ExprRef at = flat_position(target, array);
  const std::vector<ExprRef> place = flat_places(array)(at);
  b_.store(array, place, value);
}

void FunctionGen::store_view(ExprRef view, ExprRef value) {
  TypeRef element = types_.scalar(view->type->scalar);
  if (value->type->is_scalar()) {
    if (b_.is_const(value) && is_integer(value->type->scalar)) check_python_int(value, types_.py_int(), element);
    kir::Stmt* s = b_.stmt(StmtKind::FillArray);
    s->array = view;
    s->expr = b_.cast(value, element);
    return;
  }
  if (value->type->is_tuple() && view->type->rank == 1) {
    const auto n = static_cast<int64_t>(value->type->elements.size());
    view = b_.var(b_.spill(view));
    value = b_.var(b_.spill(value));
    b_.check(b_.compare(Op::Eq, b_.dim(view, 0), b_.const_int(n)), KJIT_VALUE_ERROR,
             "could not broadcast input array from shape (" + std::to_string(n) + ",) into shape ({0},)",
             {b_.dim(view, 0)});
    for (int64_t k = 0; k < n; ++k) {
      b_.store(view, {b_.const_int(k)}, b_.cast(b_.get(value, static_cast<uint32_t>(k)), element));
    }
    return;
  }
  if (value->type->is_array() && value->type->rank > view->type->rank) {
    view = b_.var(b_.spill(view));
    return copy_elements(view, without_leading_axes(b_.var(b_.spill(value)), view));
  }
  if (!value->type->is_array()) {
    unsupported(b_.span, "assigning " + type_text(value->type) + " to a slice of " + std::to_string(view->type->rank) +
                             " dimensions");
    return;
  }
  // What an expression has just made is written in place when that pays; other arrays are copied as blocks.
  const bool temporary = value->op == Op::Var && b_.function.vars[value->var].name == "%new";
  temporary ? assign_elements(view, value) : copy_elements(view, value);
}

namespace {

// `source` seen with the shape of `target`: axes of length 1, and missing leading ones, do not move.
ExprRef broadcast_view(Builder& b, ExprRef source, ExprRef target) {
  const uint32_t rank = target->type->rank;
  const uint32_t missing = rank - source->type->rank;
  std::vector<ExprRef> args{source, b.const_int(0)};
  for (uint32_t k = 0; k < rank; ++k) args.push_back(b.dim(target, k));
  for (uint32_t k = 0; k < rank; ++k) {
    if (k < missing) {
      args.push_back(b.const_int(0));
      continue;
    }
    kir::Expr* stride = b.node(Op::Stride, b.types.int64(), {source});
    stride->index = k - missing;
    ExprRef same = b.compare(Op::Eq, b.dim(source, k - missing), b.dim(target, k));
    args.push_back(b.select(same, stride, b.const_int(0)));
  }
  TypeRef type = b.types.array(source->type->scalar, static_cast<int>(rank), sema::Layout::A, true);
  return b.node(Op::MakeView, type, std::move(args));
}

}  // namespace

void FunctionGen::copy_elements(ExprRef view, ExprRef source) {
  view = b_.var(b_.spill(view));
  source = b_.var(b_.spill(source));
  ExprRef same = b_.const_bool(view->type->rank == source->type->rank);
  for (uint32_t k = 0; k < source->type->rank && view->type->rank == source->type->rank; ++k) {
    same = b_.binary(Op::AndThen, same, b_.compare(Op::Eq, b_.dim(source, k), b_.dim(view, k)));
  }
  auto copy = [&](ExprRef from) {
    kir::Stmt* s = b_.stmt(StmtKind::CopyArray);
    s->array = view;
    s->expr = from;
  };
  auto broadcast = [&] {
    check_fits(source, dims_of(b_, view));
    copy(broadcast_view(b_, source, view));
  };
  if (b_.is_const(same)) return same->constant.i != 0 ? copy(source) : broadcast();
  kir::Stmt* s = b_.stmt(StmtKind::If);
  s->expr = same;
  b_.with_block(s->body, [&] { copy(source); });
  b_.with_block(s->orelse, broadcast);
}

// --- augmented assignment

void FunctionGen::aug_assign(const ast::AugAssign& s) {
  if (s.target->kind == ExprKind::Name) {
    if (f_.info(s.target).call != sema::kNone) {  // a number that becomes an array
      Operands parts(*this);
      parts.add([&] { return b_.unwrap(name(ast::as<ast::Name>(*s.target))); });
      parts.add([&] { return value(s.value); });
      const sema::CallInfo& call = f_.call_of(s.target);
      if (!sema::is_elementwise(*call.builtin)) {  // a product takes the place of the elements
        const ExprRef into = b_.reuse(parts.values[0]);
        CallEmitter emitter{b_, f_, call, {into, b_.reuse(parts.values[1])}, b_.machine(call.result), s.span};
        return define(f_.info(s.target).def_var,
                      copied_into(b_, into, b_.reuse(find_emitter(call.builtin->id)(emitter))));
      }
      ExprRef made = elementwise_call(s.target, f_.call_of(s.target), std::move(parts.values));
      return define(f_.info(s.target).def_var, made);
    }
    Operands operands(*this);
    operands.add([&] { return number(b_.unwrap(name(ast::as<ast::Name>(*s.target)))); });
    if (operands.values[0]->type->is_array()) {
      aug_assign_array(s, operands.values[0]);
      return define(f_.info(s.target).def_var, operands.values[0]);  // the same array under its next version
    }
    operands.add([&] { return operand(s.value); });
    TypeRef lt = operand_type(s.target);
    TypeRef rt = operand_type(s.value);
    ExprRef result = nullptr;
    if (lt->is_tuple() && rt->is_tuple() && s.op == ast::BinaryOp::Add) {
      std::vector<ExprRef> elements;
      for (ExprRef t : {b_.reuse(operands.values[0]), b_.reuse(operands.values[1])}) {
        for (uint32_t k = 0; k < t->type->elements.size(); ++k) elements.push_back(b_.get(t, k));
      }
      result = b_.tuple(std::move(elements));
    } else if (lt->is_scalar() && rt->is_scalar()) {
      result = arithmetic(s.op, operands.values[0], lt, operands.values[1], rt);
    } else {
      unsupported(s.span, "operator '" + std::string(spelling(s.op)) + "=' on " + type_text(lt->is_scalar() ? rt : lt));
      return;
    }
    return define(f_.info(s.target).def_var, result);
  }
  if (s.target->kind != ExprKind::Subscript) {
    unsupported(s.target->span, "augmented assignment to this");
    return;
  }
  const auto& target = ast::as<ast::Subscript>(*s.target);
  ExprRef array = value(target.value);
  if (!array->type->is_array() || f_.type_of(target.value)->kind == sema::TypeKind::Flat) {
    unsupported(target.span, "assignment to elements of " + type_text(f_.type_of(target.value)));
    return;
  }
  if (array->op != Op::View || reads_memory(array)) array = b_.reuse(array);
  const SpanScope scope(b_, target.span);
  if (has_index_arrays(target.index)) return aug_assign_fancy(s, b_.reuse(array), target.index);
  Index index = array_index(array, target.index);
  if (index.element) return aug_assign_element(s, array, std::move(index));
  aug_assign_array(s, index_view(array, index));
}

void FunctionGen::aug_assign_element(const ast::AugAssign& s, ExprRef array, Index index) {
  for (ExprRef& at : index.operands) at = b_.reuse(at);
  Operands operands(*this);
  operands.add([&] { return b_.load(array, index.operands, index.wrap); });
  operands.add([&] { return operand(s.value); });
  TypeRef element = types_.scalar(array->type->scalar);
  TypeRef rt = operand_type(s.value);
  if (!rt->is_scalar()) {
    unsupported(s.value->span, "operator '" + std::string(spelling(s.op)) + "=' of an element with " + type_text(rt));
    return;
  }
  const SpanScope scope(b_, s.span);
  ExprRef result = arithmetic(s.op, operands.values[0], element, operands.values[1], rt);
  b_.store(array, index.operands, b_.cast(result, element), index.wrap);
}

// a[lo:hi] += value: element by element. An array on the right that shares memory with the target is copied first, so
// that every element sees the old values; lengths of 1 are repeated.
void FunctionGen::aug_assign_array(const ast::AugAssign& s, ExprRef view) {
  const ExprRef dst = b_.var(b_.spill(view));
  ExprRef src = operand(s.value);
  TypeRef rt = operand_type(s.value);
  TypeRef operand = rt->is_array() ? types_.scalar(rt->scalar) : rt;
  if (!operand->is_scalar() || (rt->is_array() && rt->rank > dst->type->rank)) {
    unsupported(s.value->span, "operator '" + std::string(spelling(s.op)) + "=' of an array with " + type_text(rt));
    return;
  }
  if (b_.is_const(src) && is_integer(src->type->scalar))
    check_python_int(src, types_.py_int(), types_.scalar(dst->type->scalar));
  update_elements(s.op, dst, src, rt);
}

}  // namespace kjit::kirgen
