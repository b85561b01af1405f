// Comparisons: chains, identity, tuples, membership, signed with unsigned.
#include "kirgen/builtins_support.h"
#include "kirgen/function_gen.h"
#include "sema/promotion.h"

namespace kjit::kirgen {

using ast::CompareOp;
using sema::TypeKind;

namespace {

Op kir_op(CompareOp op) {
  switch (op) {
    case CompareOp::Eq:
    case CompareOp::Is:
      return Op::Eq;
    case CompareOp::Ne:
    case CompareOp::IsNot:
      return Op::Ne;
    case CompareOp::Lt:
      return Op::Lt;
    case CompareOp::Le:
      return Op::Le;
    case CompareOp::Gt:
      return Op::Gt;
    default:
      return Op::Ge;
  }
}

bool is_equality(CompareOp op) { return op == CompareOp::Eq || op == CompareOp::Ne; }
bool is_identity(CompareOp op) { return op == CompareOp::Is || op == CompareOp::IsNot; }

}  // namespace

ExprRef FunctionGen::compare_op(const ast::Compare& e) {
  if (f_.info(&e).call != sema::kNone) return call(&e);
  Operands operands(*this);
  operands.add([&] { return expr(e.left); });
  operands.add([&] { return expr(e.comparators[0]); });
  ExprRef right = operands.values[1];
  if (e.ops.size() > 1) right = b_.reuse(right);
  ExprRef first = compare(e.ops[0], operands.values[0], f_.type_of(e.left), right, f_.type_of(e.comparators[0]));
  if (e.ops.size() == 1) return first;
  return short_circuit(Op::AndThen, first, [&] { return compare_chain(e, 1, right); });
}

ExprRef FunctionGen::compare_chain(const ast::Compare& e, size_t i, ExprRef left) {
  ExprRef right = expr(e.comparators[i]);
  if (i + 1 < e.ops.size()) right = b_.reuse(right);
  TypeRef left_type = f_.type_of(e.comparators[i - 1]);
  ExprRef here = compare(e.ops[i], left, left_type, right, f_.type_of(e.comparators[i]));
  if (i + 1 == e.ops.size()) return here;
  return short_circuit(Op::AndThen, here, [&] { return compare_chain(e, i + 1, right); });
}

ExprRef FunctionGen::compare(CompareOp op, ExprRef l, TypeRef lt, ExprRef r, TypeRef rt) {
  if (op == CompareOp::In || op == CompareOp::NotIn) {
    ExprRef found = contains(l, lt, r, rt);
    return op == CompareOp::In ? found : b_.unary(Op::Not, found);
  }
  if (is_equality(op) || is_identity(op)) {
    const bool negated = op == CompareOp::Ne || op == CompareOp::IsNot;
    if (lt->is_optional() || rt->is_optional() || lt->is_none() || rt->is_none()) {
      ExprRef equal = equal_optional(l, lt, r, rt);
      return negated ? b_.unary(Op::Not, equal) : equal;
    }
  }
  l = number(b_.unwrap(l));
  r = number(b_.unwrap(r));
  lt = operand_type(lt);
  rt = operand_type(rt);
  if (lt->is_scalar() && rt->is_scalar()) return compare_scalars(op, l, lt, r, rt);
  if (lt->is_tuple() && rt->is_tuple()) return compare_tuples(op, l, lt, r, rt);
  const bool texts = lt->kind == TypeKind::String || rt->kind == TypeKind::String;
  const bool numbers = lt->is_scalar() || rt->is_scalar();
  if ((is_equality(op) || is_identity(op)) && (lt->kind == rt->kind ? texts : texts && numbers)) {
    const bool same = lt == rt;  // the type holds the text; a number is no text
    return b_.const_bool(same == (op == CompareOp::Eq || op == CompareOp::Is));
  }
  if ((is_equality(op) || is_identity(op)) && lt->kind == TypeKind::DType && rt->kind == TypeKind::DType) {
    return b_.const_bool((lt->scalar == rt->scalar) == (op == CompareOp::Eq || op == CompareOp::Is));
  }
  return unsupported(b_.span,
                     "operator '" + std::string(spelling(op)) + "' on " + type_text(lt) + " and " + type_text(rt),
                     types_.boolean());
}

// Whether two values are equal, where at least one may be None.
ExprRef FunctionGen::equal_optional(ExprRef l, TypeRef lt, ExprRef r, TypeRef rt) {
  if (lt->is_none() && rt->is_none()) return b_.const_bool(true);
  if (!lt->is_optional() || rt->is_none()) {  // the optional one to the right
    std::swap(l, r);
    std::swap(lt, rt);
  }
  if (lt->is_none()) {
    if (!rt->is_optional()) return b_.const_bool(false);
    return b_.unary(Op::Not, b_.node(Op::HasValue, types_.boolean(), {r}));
  }
  l = b_.reuse(l);
  r = b_.reuse(r);
  auto has = [&](ExprRef v) {
    return v->type->is_optional() ? b_.node(Op::HasValue, types_.boolean(), {v}) : b_.const_bool(true);
  };
  auto get = [&](ExprRef v) { return v->type->is_optional() ? b_.node(Op::Unwrap, v->type->elements[0], {v}) : v; };
  TypeRef inner_l = lt->is_optional() ? lt->elements[0] : lt;
  TypeRef inner_r = rt->is_optional() ? rt->elements[0] : rt;
  ExprRef left_has = has(l);
  ExprRef right_has = has(r);
  ExprRef both = b_.binary(Op::AndThen, left_has, right_has);
  ExprRef same =
      short_circuit(Op::AndThen, both, [&] { return compare(CompareOp::Eq, get(l), inner_l, get(r), inner_r); });
  if (!lt->is_optional() || !rt->is_optional()) return same;
  ExprRef neither = b_.unary(Op::Not, b_.binary(Op::OrElse, left_has, right_has));
  return b_.binary(Op::OrElse, neither, same);
}

ExprRef FunctionGen::compare_scalars(CompareOp op, ExprRef l, TypeRef lt, ExprRef r, TypeRef rt) {
  const CompareOp plain = op == CompareOp::Is ? CompareOp::Eq : op == CompareOp::IsNot ? CompareOp::Ne : op;
  const sema::BinaryTyping typing = compare_typing(types_, plain, lt, rt);
  const Op kind = kir_op(plain);
  if (!typing.operand) {
    return unsupported(b_.span,
                       "operator '" + std::string(spelling(op)) + "' on " + type_text(lt) + " and " + type_text(rt),
                       types_.boolean());
  }
  if (is_complex(typing.operand->scalar) && !is_equality(plain))
    return compare_complex(b_, kind, b_.reuse(b_.cast(l, typing.operand)), b_.reuse(b_.cast(r, typing.operand)));
  if (!typing.mixed_sign) return b_.compare(kind, b_.cast(l, typing.operand), b_.cast(r, typing.operand));
  // A negative number is less than every unsigned one.
  const bool left_signed = is_signed(lt->scalar);
  ExprRef& number = left_signed ? l : r;
  number = b_.reuse(number);
  ExprRef negative = b_.compare(Op::Lt, number, b_.zero(number->type));
  ExprRef plain_result = b_.compare(kind, b_.cast(l, typing.operand), b_.cast(r, typing.operand));
  const bool less = plain == CompareOp::Lt || plain == CompareOp::Le;
  const bool when_negative = plain == CompareOp::Ne || (plain != CompareOp::Eq && less == left_signed);
  return when_negative ? b_.binary(Op::OrElse, negative, plain_result)
                       : b_.binary(Op::AndThen, b_.unary(Op::Not, negative), plain_result);
}

ExprRef FunctionGen::compare_tuples(CompareOp op, ExprRef l, TypeRef lt, ExprRef r, TypeRef rt) {
  const size_t n = std::min(lt->elements.size(), rt->elements.size());
  const bool same_length = lt->elements.size() == rt->elements.size();
  if (l->op != Op::MakeTuple) l = b_.reuse(l);
  if (r->op != Op::MakeTuple) r = b_.reuse(r);
  auto pair = [&](CompareOp how, uint32_t k) {
    return compare(how, b_.get(l, k), lt->elements[k], b_.get(r, k), rt->elements[k]);
  };
  if (is_equality(op) || is_identity(op)) {
    ExprRef equal = b_.const_bool(same_length);
    for (uint32_t k = 0; k < n && same_length; ++k) {
      equal = short_circuit(Op::AndThen, equal, [&] { return pair(CompareOp::Eq, k); });
    }
    return op == CompareOp::Eq || op == CompareOp::Is ? equal : b_.unary(Op::Not, equal);
  }
  // Lexicographic: the first elements that differ decide, then the lengths.
  const bool less = op == CompareOp::Lt || op == CompareOp::Le;
  const bool or_equal = op == CompareOp::Le || op == CompareOp::Ge;
  const bool shorter = lt->elements.size() < rt->elements.size();
  ExprRef result = b_.const_bool(same_length ? or_equal : shorter == less);
  for (uint32_t k = static_cast<uint32_t>(n); k > 0; --k) {
    ExprRef rest = result;
    ExprRef equal = pair(CompareOp::Eq, k - 1);
    ExprRef strict = pair(less ? CompareOp::Lt : CompareOp::Gt, k - 1);
    result = b_.select(equal, rest, strict);
  }
  return result;
}

ExprRef FunctionGen::contains_element(ExprRef item, TypeRef item_type, ExprRef array) {
  array = b_.var(b_.spill(array));
  const VarId found = b_.spill(b_.const_bool(false));
  b_.for_range(b_.const_int(0), b_.dim(array, 0), b_.const_int(1), [&](VarId i) {
    ExprRef element = b_.load(array, {b_.var(i)});
    kir::Stmt* s = b_.stmt(kir::StmtKind::If);
    s->expr = compare(CompareOp::Eq, element, types_.scalar(array->type->scalar), item, item_type);
    b_.with_block(s->body, [&] {
      b_.assign(found, b_.const_bool(true));
      b_.stmt(kir::StmtKind::Break);
    });
  });
  return b_.var(found);
}

ExprRef FunctionGen::contains(ExprRef item, TypeRef item_type, ExprRef container, TypeRef type) {
  item = b_.reuse(number(b_.unwrap(item)));
  container = b_.unwrap(container);
  item_type = operand_type(item_type);
  type = operand_type(type);
  if (type->is_array() && type->rank == 1) return contains_element(item, item_type, container);
  if (container->op != Op::MakeTuple) container = b_.reuse(container);
  if (type->kind == TypeKind::Range && item_type->is_scalar()) {
    ExprRef i = b_.reuse(b_.cast(item, types_.int64()));
    ExprRef lo = b_.reuse(b_.get(container, 0));
    ExprRef step = b_.reuse(b_.get(container, 2));
    ExprRef hi = b_.reuse(b_.get(container, 1));
    ExprRef up = b_.binary(Op::AndThen, b_.compare(Op::Le, lo, i), b_.compare(Op::Lt, i, hi));
    ExprRef down = b_.binary(Op::AndThen, b_.compare(Op::Ge, lo, i), b_.compare(Op::Gt, i, hi));
    ExprRef inside = b_.select(b_.compare(Op::Gt, step, b_.const_int(0)), up, down);
    ExprRef distance = b_.binary(Op::Mod, b_.binary(Op::Sub, i, lo), step);
    ExprRef found = b_.binary(Op::AndThen, inside, b_.compare(Op::Eq, distance, b_.const_int(0)));
    // 2.5 is in no range.
    return b_.binary(Op::AndThen, found, compare_scalars(CompareOp::Eq, item, item_type, i, types_.py_int()));
  }
  if (!type->is_tuple()) return unsupported(b_.span, "'in' on " + type_text(type), types_.boolean());
  ExprRef found = b_.const_bool(false);
  for (uint32_t k = 0; k < type->elements.size(); ++k) {
    found = short_circuit(Op::OrElse, found, [&] {
      return compare(CompareOp::Eq, item, item_type, b_.get(container, k), type->elements[k]);
    });
  }
  return found;
}

}  // namespace kjit::kirgen
