// Arithmetic of real floating-point numbers.
#include "lower/function.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

V zero_of(V x) { return llvm::ConstantFP::get(x->getType(), 0.0); }

// C's fmod: what LLVM makes of it for a GPU is wrong for large quotients.
V frem(FunctionLowering& f, V x, V y) {
  if (!f.module.options().device) return f.b.CreateFRem(x, y);
  return device_function(f, "fmod", x->getType()->isFloatTy() ? Scalar::F32 : Scalar::F64, {x, y});
}

V copysign(FunctionLowering& f, V magnitude, V sign) {
  return f.b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, magnitude, sign);
}

// The remainder with the divisor's sign, and whether it was moved there; as CPython and NumPy compute it.
struct Remainder {
  V value;
  V moved;
};
Remainder python_remainder(FunctionLowering& f, V x, V y) {
  auto& b = f.b;
  V rem = frem(f, x, y);
  V nonzero = b.CreateFCmpUNE(rem, zero_of(x));
  V differ = b.CreateXor(b.CreateFCmpOLT(y, zero_of(x)), b.CreateFCmpOLT(rem, zero_of(x)));
  V moved = b.CreateAnd(nonzero, differ);
  V value = b.CreateSelect(moved, b.CreateFAdd(rem, y), b.CreateSelect(nonzero, rem, copysign(f, zero_of(x), y)));
  return {value, moved};
}

// x % 0 is C's fmod, a NaN.
V mod(FunctionLowering& f, V x, V y) {
  V by_zero = f.b.CreateFCmpOEQ(y, zero_of(y));
  return f.b.CreateSelect(by_zero, frem(f, x, y), python_remainder(f, x, y).value);
}

// x // 0 is x / 0; otherwise (x - x % y) / y, which is nearly an integer, moved to that integer.
V floor_div(FunctionLowering& f, V x, V y) {
  auto& b = f.b;
  V one = llvm::ConstantFP::get(x->getType(), 1.0);
  V rem = frem(f, x, y);
  V nonzero = b.CreateFCmpUNE(rem, zero_of(x));
  V differ = b.CreateXor(b.CreateFCmpOLT(y, zero_of(x)), b.CreateFCmpOLT(rem, zero_of(x)));
  V quotient = b.CreateFDiv(b.CreateFSub(x, rem), y);
  quotient = b.CreateSelect(b.CreateAnd(nonzero, differ), b.CreateFSub(quotient, one), quotient);
  V floor = b.CreateUnaryIntrinsic(llvm::Intrinsic::floor, quotient);
  V up = b.CreateFCmpOGT(b.CreateFSub(quotient, floor), llvm::ConstantFP::get(x->getType(), 0.5));
  floor = b.CreateSelect(up, b.CreateFAdd(floor, one), floor);
  V plain = b.CreateFDiv(x, y);
  V result = b.CreateSelect(b.CreateFCmpUNE(quotient, zero_of(x)), floor, copysign(f, zero_of(x), plain));
  return b.CreateSelect(b.CreateFCmpOEQ(y, zero_of(y)), plain, result);
}

V is_nan(FunctionLowering& f, V x) { return f.b.CreateFCmpUNO(x, x); }

// The intrinsics, not comparisons: loops over them are vectorised without fast-math flags. As in NumPy, which of two
// zeros comes out is not said; saying so spares x86 instructions.
V nan_or(FunctionLowering& f, llvm::Intrinsic::ID id, V x, V y) {
  llvm::FastMathFlags flags = f.b.getFastMathFlags();
  flags.setNoSignedZeros();
  return f.b.CreateBinaryIntrinsic(id, x, y, flags);
}

}  // namespace

llvm::Value* lower_float_arith(FunctionLowering& f, const Expr& e, llvm::Value* x, llvm::Value* y) {
  auto& b = f.b;
  switch (e.op) {
    case Op::Neg:
      return b.CreateFNeg(x);
    case Op::Add:
      return b.CreateFAdd(x, y);
    case Op::Sub:
      return b.CreateFSub(x, y);
    case Op::Mul:
      return b.CreateFMul(x, y);
    case Op::Div:
      return b.CreateFDiv(x, y);
    case Op::FloorDiv:
      return floor_div(f, x, y);
    case Op::Mod:
      return mod(f, x, y);
    case Op::TruncRem:
      return frem(f, x, y);
    case Op::Pow:
      if (f.module.options().device) return device_power(f, e.type->scalar, x, y);
      return libm_call(f, "pow", e.type->scalar, {x, y});
    case Op::Abs:
      return b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x);
    case Op::Min:
      return b.CreateSelect(b.CreateFCmpOLT(y, x), y, x);
    case Op::Max:
      return b.CreateSelect(b.CreateFCmpOGT(y, x), y, x);
    case Op::Minimum:
      return nan_or(f, llvm::Intrinsic::minimum, x, y);
    case Op::Maximum:
      return nan_or(f, llvm::Intrinsic::maximum, x, y);
    case Op::FMin:
      return b.CreateSelect(b.CreateOr(b.CreateFCmpOLE(x, y), is_nan(f, y)), x, y);
    case Op::FMax:
      return b.CreateSelect(b.CreateOr(b.CreateFCmpOGE(x, y), is_nan(f, y)), x, y);
    default:
      f.fail("this operation on floats", e.span);
  }
}

}  // namespace kjit::lower
