// Bit operations on integers and bool.
#include "lower/function.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

// Counts outside 0 .. bits-1 shift everything out.
V shift_left(FunctionLowering& f, V x, V count) {
  V bits = llvm::ConstantInt::get(x->getType(), x->getType()->getIntegerBitWidth());
  V in_range = f.b.CreateICmpULT(count, bits);
  V safe = f.b.CreateSelect(in_range, count, llvm::ConstantInt::get(x->getType(), 0));
  return f.b.CreateSelect(in_range, f.b.CreateShl(x, safe), llvm::ConstantInt::get(x->getType(), 0));
}

V shift_right(FunctionLowering& f, V x, V count, bool is_signed) {
  V bits = llvm::ConstantInt::get(x->getType(), x->getType()->getIntegerBitWidth());
  V last = llvm::ConstantInt::get(x->getType(), x->getType()->getIntegerBitWidth() - 1);
  V in_range = f.b.CreateICmpULT(count, bits);
  V safe = f.b.CreateSelect(in_range, count, last);
  if (is_signed) return f.b.CreateAShr(x, safe);
  return f.b.CreateSelect(in_range, f.b.CreateLShr(x, safe), llvm::ConstantInt::get(x->getType(), 0));
}

// popcount and the like: the result type is the expression's, which may be another width.
V counted(FunctionLowering& f, const Expr& e, V count) {
  return f.b.CreateZExtOrTrunc(count, f.type_of(e.type->scalar));
}

}  // namespace

Parts lower_bits(FunctionLowering& f, const Expr& e) {
  auto& b = f.b;
  V x = f.scalar(e.args[0]);
  V y = e.args.size() > 1 ? f.scalar(e.args[1]) : nullptr;
  f.set_place(e.span);
  switch (e.op) {
    case Op::BitAnd:
      return {b.CreateAnd(x, y)};
    case Op::BitOr:
      return {b.CreateOr(x, y)};
    case Op::BitXor:
      return {b.CreateXor(x, y)};
    case Op::Invert:
      return {b.CreateNot(x)};
    case Op::Shl:
      return {shift_left(f, x, y)};
    case Op::Shr:
      return {shift_right(f, x, y, sema::is_signed(e.args[0]->type->scalar))};
    case Op::PopCount:
      return {counted(f, e, b.CreateUnaryIntrinsic(llvm::Intrinsic::ctpop, x))};
    case Op::CountLeadingZeros:
      return {counted(f, e, b.CreateBinaryIntrinsic(llvm::Intrinsic::ctlz, x, b.getFalse()))};
    case Op::CountTrailingZeros:
      return {counted(f, e, b.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, x, b.getFalse()))};
    case Op::BitReverse:
      return {b.CreateUnaryIntrinsic(llvm::Intrinsic::bitreverse, x)};
    default:
      f.fail("this bit operation", e.span);
  }
}

}  // namespace kjit::lower
