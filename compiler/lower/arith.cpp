// Scalar arithmetic: the dispatch by type, and integers.
#include "lower/function.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

// True when the expression is a constant > 0 (or >= 0).
bool is_constant_at_least(ExprRef e, int64_t bound) { return e->op == Op::Const && e->constant.i >= bound; }

// Rounds towards minus infinity from C's quotient and remainder: one less where the remainder has the wrong sign.
V needs_adjustment(FunctionLowering& f, V remainder, V divisor, bool divisor_positive) {
  V zero = llvm::ConstantInt::get(remainder->getType(), 0);
  if (divisor_positive) return f.b.CreateICmpSLT(remainder, zero);
  V differ = f.b.CreateICmpSLT(f.b.CreateXor(remainder, divisor), zero);
  return f.b.CreateAnd(f.b.CreateICmpNE(remainder, zero), differ);
}

// Division by -1 is negation, which wraps; the machine instruction would trap on the smallest integer.
struct SafeDivisor {
  V divisor;
  V minus_one;  // null: cannot be -1
};
SafeDivisor safe_divisor(FunctionLowering& f, V y) {
  if (auto* c = llvm::dyn_cast<llvm::ConstantInt>(y); c && !c->isMinusOne()) return {y, nullptr};
  V is = f.b.CreateICmpEQ(y, llvm::ConstantInt::getAllOnesValue(y->getType()));
  return {f.b.CreateSelect(is, llvm::ConstantInt::get(y->getType(), 1), y), is};
}

V floor_div(FunctionLowering& f, const Expr& e, V x, V y) {
  const bool nonnegative = is_nonnegative(f.kir, e.args[0]) && is_nonnegative(f.kir, e.args[1]);
  if (nonnegative || !sema::is_signed(e.type->scalar)) return f.b.CreateUDiv(x, y);
  auto* constant = llvm::dyn_cast<llvm::ConstantInt>(y);
  if (constant && constant->getValue().isPowerOf2() && !constant->isNegative()) {
    return f.b.CreateAShr(x, constant->getValue().logBase2());
  }
  const SafeDivisor safe = safe_divisor(f, y);
  V quotient = f.b.CreateSDiv(x, safe.divisor);
  V remainder = f.b.CreateSRem(x, safe.divisor);
  V adjust = needs_adjustment(f, remainder, y, is_constant_at_least(e.args[1], 1) || is_nonnegative(f.kir, e.args[1]));
  V result = f.b.CreateAdd(quotient, f.b.CreateSExt(adjust, x->getType()));
  return safe.minus_one ? f.b.CreateSelect(safe.minus_one, f.b.CreateNeg(x), result) : result;
}

V mod(FunctionLowering& f, const Expr& e, V x, V y) {
  const bool nonnegative = is_nonnegative(f.kir, e.args[0]) && is_nonnegative(f.kir, e.args[1]);
  if (nonnegative || !sema::is_signed(e.type->scalar)) return f.b.CreateURem(x, y);
  auto* constant = llvm::dyn_cast<llvm::ConstantInt>(y);
  if (constant && constant->getValue().isPowerOf2() && !constant->isNegative()) {
    return f.b.CreateAnd(x, llvm::ConstantInt::get(x->getType(), constant->getValue() - 1));
  }
  const SafeDivisor safe = safe_divisor(f, y);  // x % -1 is x % 1
  V remainder = f.b.CreateSRem(x, safe.divisor);
  V adjust = needs_adjustment(f, remainder, y, is_constant_at_least(e.args[1], 1) || is_nonnegative(f.kir, e.args[1]));
  return f.b.CreateAdd(remainder, f.b.CreateSelect(adjust, y, llvm::ConstantInt::get(x->getType(), 0)));
}

V truncated_remainder(FunctionLowering& f, const Expr& e, V x, V y) {
  if (!sema::is_signed(e.type->scalar)) return f.b.CreateURem(x, y);
  return f.b.CreateSRem(x, safe_divisor(f, y).divisor);
}

V constant_power(FunctionLowering& f, V x, uint64_t n) {
  V result = nullptr;
  for (V square = x; n != 0; n >>= 1) {
    if (n & 1) result = result ? f.b.CreateMul(result, square) : square;
    if (n > 1) square = f.b.CreateMul(square, square);
  }
  return result ? result : llvm::ConstantInt::get(x->getType(), 1);
}

// Exponentiation by squaring.
V power(FunctionLowering& f, V x, V n) {
  if (auto* constant = llvm::dyn_cast<llvm::ConstantInt>(n)) return constant_power(f, x, constant->getZExtValue());
  auto& b = f.b;
  V one = llvm::ConstantInt::get(x->getType(), 1);
  V zero = llvm::ConstantInt::get(x->getType(), 0);
  llvm::BasicBlock* before = b.GetInsertBlock();
  llvm::BasicBlock* loop = f.new_block("pow");
  llvm::BasicBlock* after = f.new_block("pow.after");
  b.CreateBr(loop);
  f.start(loop);
  llvm::PHINode* result = b.CreatePHI(x->getType(), 2);
  llvm::PHINode* square = b.CreatePHI(x->getType(), 2);
  llvm::PHINode* rest = b.CreatePHI(x->getType(), 2);
  V odd = b.CreateICmpNE(b.CreateAnd(rest, one), zero);
  V next = b.CreateSelect(odd, b.CreateMul(result, square), result);
  V half = b.CreateLShr(rest, 1);
  result->addIncoming(one, before);
  result->addIncoming(next, loop);
  square->addIncoming(x, before);
  square->addIncoming(b.CreateMul(square, square), loop);
  rest->addIncoming(n, before);
  rest->addIncoming(half, loop);
  b.CreateCondBr(b.CreateICmpNE(half, zero), loop, after);
  f.start(after);
  return next;
}

}  // namespace

llvm::Value* lower_integer_arith(FunctionLowering& f, const Expr& e, llvm::Value* x, llvm::Value* y) {
  const bool is_signed = sema::is_signed(e.type->scalar);
  auto& b = f.b;
  auto less = [&](V l, V r) { return is_signed ? b.CreateICmpSLT(l, r) : b.CreateICmpULT(l, r); };
  switch (e.op) {
    case Op::Neg:
      return b.CreateNeg(x);
    case Op::Add:
      return b.CreateAdd(x, y);
    case Op::Sub:
      return b.CreateSub(x, y);
    case Op::Mul:
      return b.CreateMul(x, y);
    case Op::FloorDiv:
      return floor_div(f, e, x, y);
    case Op::Mod:
      return mod(f, e, x, y);
    case Op::TruncRem:
      return truncated_remainder(f, e, x, y);
    case Op::Pow:
      return power(f, x, y);
    case Op::Abs:
      return is_signed ? b.CreateBinaryIntrinsic(llvm::Intrinsic::abs, x, b.getFalse()) : x;
    case Op::Min:
    case Op::Minimum:
    case Op::FMin:
      return b.CreateSelect(less(y, x), y, x);
    case Op::Max:
    case Op::Maximum:
    case Op::FMax:
      return b.CreateSelect(less(x, y), y, x);
    default:
      f.fail("this operation on integers", e.span);
  }
}

Parts lower_arith(FunctionLowering& f, const Expr& e) {
  const Scalar s = e.args[0]->type->scalar;
  if (sema::is_complex(s)) return lower_complex_arith(f, e);
  V x = f.scalar(e.args[0]);
  V y = e.args.size() > 1 ? f.scalar(e.args[1]) : nullptr;
  f.set_place(e.span);
  if (sema::is_float(s)) return {lower_float_arith(f, e, x, y)};
  return {lower_integer_arith(f, e, x, y)};
}

// Small proofs from the shape of the expression; what passes know stands in Var::nonnegative.
bool is_nonnegative(const kir::Function& function, ExprRef e) {
  if (!e->type->is_scalar()) return false;
  if (sema::is_unsigned(e->type->scalar) || sema::is_bool(e->type->scalar)) return true;
  switch (e->op) {
    case Op::Const:
      return sema::is_integer(e->type->scalar) && e->constant.i >= 0;
    case Op::Var:
      return function.vars[e->var].nonnegative;
    case Op::Dim:
    case Op::Size:
    case Op::DeviceIndex:
      return true;
    case Op::FloorDiv:
      return sema::is_integer(e->type->scalar) && is_nonnegative(function, e->args[0]) &&
             is_nonnegative(function, e->args[1]);
    case Op::Mod:
      return sema::is_integer(e->type->scalar) && is_nonnegative(function, e->args[1]);
    default:
      return false;
  }
}

}  // namespace kjit::lower
