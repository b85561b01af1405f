// Unary and binary operators on scalars and tuples.
#include <kjit_rt/abi.h>

#include <algorithm>

#include "kirgen/function_gen.h"
#include "sema/promotion.h"

namespace kjit::kirgen {

using ast::BinaryOp;

namespace {

Op plain_op(BinaryOp op) {
  switch (op) {
    case BinaryOp::Add:
      return Op::Add;
    case BinaryOp::Sub:
      return Op::Sub;
    case BinaryOp::Mul:
      return Op::Mul;
    case BinaryOp::LShift:
      return Op::Shl;
    case BinaryOp::RShift:
      return Op::Shr;
    case BinaryOp::BitAnd:
      return Op::BitAnd;
    case BinaryOp::BitOr:
      return Op::BitOr;
    default:
      return Op::BitXor;
  }
}

}  // namespace

ExprRef FunctionGen::unary_op(const ast::UnaryOp& e) {
  if (e.op == ast::UnaryOpKind::Not) return b_.unary(Op::Not, test(e.operand));
  if (f_.info(&e).call != sema::kNone) return call(&e);
  ExprRef x = operand(e.operand);
  TypeRef type = operand_type(e.operand);
  TypeRef result = type->is_scalar() ? unary_typing(types_, e.op, type) : nullptr;
  if (!result) return unsupported(e.span, "this operator on " + type_text(type), f_.type_of(&e));
  x = b_.cast(x, result);
  if (e.op == ast::UnaryOpKind::Neg) return b_.unary(Op::Neg, x);
  return e.op == ast::UnaryOpKind::Invert ? b_.unary(Op::Invert, x) : x;
}

// (a, b) * 2: the number of times is a constant.
ExprRef FunctionGen::repeat_tuple(const ast::BinOp& e) {
  const bool left = operand_type(e.left)->is_tuple();
  ExprRef tuple = value(left ? e.left : e.right);
  const sema::Constant* count = f_.constant_of(left ? e.right : e.left);
  if (tuple->op != Op::MakeTuple) tuple = b_.reuse(tuple);
  std::vector<ExprRef> elements;
  for (int64_t i = 0; count && count->is_int() && i < std::min<int64_t>(count->as_int(), 256); ++i) {
    for (uint32_t k = 0; k < tuple->type->elements.size(); ++k) elements.push_back(b_.get(tuple, k));
  }
  return b_.cast(b_.tuple(std::move(elements)), f_.type_of(&e));
}

ExprRef FunctionGen::bin_op(const ast::BinOp& e) {
  if (f_.info(&e).call != sema::kNone) return call(&e);
  TypeRef lt = operand_type(e.left);
  TypeRef rt = operand_type(e.right);
  if (e.op == BinaryOp::Mul && (lt->is_tuple() || rt->is_tuple())) return repeat_tuple(e);
  Operands operands(*this);
  operands.add([&] { return operand(e.left); });
  operands.add([&] { return operand(e.right); });
  ExprRef l = operands.values[0];
  ExprRef r = operands.values[1];
  if (lt->is_tuple() && rt->is_tuple() && e.op == BinaryOp::Add) {
    std::vector<ExprRef> elements;
    for (ExprRef t : {b_.reuse(l), b_.reuse(r)}) {
      for (uint32_t k = 0; k < t->type->elements.size(); ++k) elements.push_back(b_.get(t, k));
    }
    return b_.cast(b_.tuple(std::move(elements)), f_.type_of(&e));
  }
  if (!lt->is_scalar() || !rt->is_scalar()) {
    TypeRef bad = lt->is_scalar() ? rt : lt;
    return unsupported(e.span, "operator '" + std::string(spelling(e.op)) + "' on " + type_text(bad), f_.type_of(&e));
  }
  TypeRef result = f_.type_of(&e);
  if (e.op == BinaryOp::Pow && is_float(result->scalar) && !is_float(lt->scalar) && !is_float(rt->scalar)) {
    return power(b_.cast(l, result), b_.cast(r, result));  // 2 ** -1 is 0.5
  }
  return b_.cast(arithmetic(e.op, l, lt, r, rt), result);
}

ExprRef FunctionGen::arithmetic(BinaryOp op, ExprRef l, TypeRef lt, ExprRef r, TypeRef rt, bool elementwise) {
  const sema::BinaryTyping typing = binary_typing(types_, op, lt, rt);
  if (!typing.operand) {
    return unsupported(
        b_.span, "operator '" + std::string(spelling(op)) + "' on " + type_text(lt) + " and " + type_text(rt), lt);
  }
  const bool integers =
      !is_float(lt->scalar) && !is_complex(lt->scalar) && !is_float(rt->scalar) && !is_complex(rt->scalar);
  const bool allow_zero = elementwise || f_.options.numpy_error_model;
  l = b_.cast(l, typing.operand);
  r = b_.cast(r, typing.operand);
  switch (op) {
    case BinaryOp::Div:
    case BinaryOp::FloorDiv:
    case BinaryOp::Mod:
      return b_.cast(divide(op, l, r, integers, allow_zero), typing.result);
    case BinaryOp::Pow:
      return b_.cast(power(l, r), typing.result);
    default:
      return b_.cast(b_.binary(plain_op(op), l, r), typing.result);
  }
}

namespace {

// CPython's texts.
const char* zero_division_text(BinaryOp op, Scalar s, bool integers) {
  if (is_complex(s)) return "complex division by zero";
  switch (op) {
    case BinaryOp::Div:
      return integers ? "division by zero" : "float division by zero";
    case BinaryOp::FloorDiv:
      return integers ? "integer division or modulo by zero" : "float floor division by zero";
    default:
      return integers ? "integer modulo by zero" : "float modulo";
  }
}

bool is_nonzero_constant(Builder& b, ExprRef e) {
  if (!b.is_const(e)) return false;
  const Scalar s = e->type->scalar;
  return is_float(s) || is_complex(s) ? e->constant.f[0] != 0 || (is_complex(s) && e->constant.f[1] != 0)
                                      : e->constant.i != 0;
}

}  // namespace

ExprRef FunctionGen::divide(BinaryOp op, ExprRef l, ExprRef r, bool integers, bool allow_zero) {
  const Op kind = op == BinaryOp::Div ? Op::Div : op == BinaryOp::FloorDiv ? Op::FloorDiv : Op::Mod;
  if (is_nonzero_constant(b_, r)) return b_.binary(kind, l, r);
  const Scalar s = l->type->scalar;
  if (!allow_zero) {
    r = b_.reuse(r);
    b_.check_divisor(r, false, zero_division_text(op, s, integers));
    return b_.binary(kind, l, r);
  }
  if (!is_integer(s)) return b_.binary(kind, l, r);
  r = b_.reuse(r);  // NumPy: integers divided by zero give 0
  return b_.select(b_.compare(Op::Eq, r, b_.zero(r->type)), b_.zero(l->type), b_.binary(kind, l, r));
}

ExprRef FunctionGen::power(ExprRef l, ExprRef r) {
  const Scalar s = l->type->scalar;
  const bool two = b_.is_const(r) && (is_integer(s) ? r->constant.i == 2
                                                    : r->constant.f[0] == 2 && (is_float(s) || r->constant.f[1] == 0));
  if (two) {
    l = b_.reuse(l);
    return b_.binary(Op::Mul, l, l);
  }
  if (!is_integer(s)) return b_.binary(Op::Pow, l, r);
  if (is_signed(s)) {
    r = b_.reuse(r);
    b_.check(b_.compare(Op::Ge, r, b_.zero(r->type)), KJIT_VALUE_ERROR,
             "Integers to negative integer powers are not allowed.");
  }
  return b_.binary(Op::Pow, l, r);
}

}  // namespace kjit::kirgen
