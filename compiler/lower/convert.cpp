// Conversions between scalar types.
#include <limits>

#include "lower/function.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

// To int32 or int64; out of range and NaN give the least value. The bare instructions of x86, vector forms included, do
// just that, and the frozen conversion becomes one of them; only where LLVM knows the number and would fold the
// conversion to anything, is the range looked at.
V truncated(FunctionLowering& f, V x, unsigned bits) {
  auto& b = f.b;
  llvm::Type* type = b.getIntNTy(bits);
  auto constant = [&](double v) { return llvm::ConstantFP::get(x->getType(), v); };
  V least = llvm::ConstantInt::get(type, llvm::APInt::getSignedMinValue(bits));
  llvm::IRBuilderBase::FastMathFlagGuard guard(b);
  b.clearFastMathFlags();
  V fits = nullptr;
  if (bits == 32 && x->getType()->isDoubleTy()) {  // -2147483648.9 is in range
    fits = b.CreateAnd(b.CreateFCmpOGT(x, constant(-2147483649.0)), b.CreateFCmpOLT(x, constant(2147483648.0)));
  } else {  // the least value itself may count as out of range
    fits = b.CreateFCmpOLT(b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x), constant(bits == 32 ? 0x1p31 : 0x1p63));
  }
  V whole = b.CreateFPToSI(x, type);
  if (f.module.options().device) return b.CreateSelect(fits, b.CreateFreeze(whole), least);  // a GPU saturates
  V known = b.CreateIntrinsic(llvm::Intrinsic::is_constant, {x->getType()}, {x});
  return b.CreateSelect(b.CreateAnd(known, b.CreateNot(fits)), least, b.CreateFreeze(whole));
}

// The contract of Op::Cast.
V float_to_integer(FunctionLowering& f, V x, Scalar to) {
  auto& b = f.b;
  llvm::Type* type = f.type_of(to);
  if (to == Scalar::U64) {
    V top = llvm::ConstantFP::get(x->getType(), 0x1p63);
    V high = b.CreateXor(truncated(f, b.CreateFSub(x, top), 64), f.int64(std::numeric_limits<int64_t>::min()));
    return b.CreateSelect(b.CreateFCmpOGE(x, top), high, truncated(f, x, 64));
  }
  const bool wide = to == Scalar::I64 || to == Scalar::U32;
  return b.CreateTrunc(truncated(f, x, wide ? 64 : 32), type);
}

V cast_real(FunctionLowering& f, V x, Scalar from, Scalar to) {
  auto& b = f.b;
  llvm::Type* type = f.type_of(to);
  if (from == to) return x;
  if (sema::is_float(from)) {
    if (sema::is_float(to)) return b.CreateFPCast(x, type);
    if (sema::is_bool(to)) return b.CreateFCmpUNE(x, llvm::ConstantFP::get(x->getType(), 0.0));
    return float_to_integer(f, x, to);
  }
  if (sema::is_bool(to)) return b.CreateIsNotNull(x);
  const bool is_signed = sema::is_signed(from);
  if (sema::is_float(to)) return is_signed ? b.CreateSIToFP(x, type) : b.CreateUIToFP(x, type);
  return b.CreateIntCast(x, type, is_signed);
}

}  // namespace

Parts cast_scalar(FunctionLowering& f, PartsRef parts, Scalar from, Scalar to) {
  if (from == to) return Parts(parts.begin(), parts.end());
  const Scalar from_real = sema::real_of(from), to_real = sema::real_of(to);
  V real = cast_real(f, parts[0], from_real, to_real);
  if (sema::is_bool(to) && sema::is_complex(from)) {
    return {f.b.CreateOr(real, cast_real(f, parts[1], from_real, to_real))};
  }
  if (!sema::is_complex(to)) return {real};
  V imag =
      sema::is_complex(from) ? cast_real(f, parts[1], from_real, to_real) : llvm::ConstantFP::get(real->getType(), 0.0);
  return {real, imag};
}

Parts lower_convert(FunctionLowering& f, const Expr& e) {
  const Parts parts = f.value(e.args[0]);
  f.set_place(e.span);
  if (e.op == Op::Cast) return f.coerce(parts, e.args[0]->type, e.type);
  V x = parts[0];
  if (x->getType()->isIntegerTy(1)) x = f.b.CreateZExt(x, f.b.getInt8Ty());
  if (sema::is_bool(e.type->scalar)) return {f.b.CreateIsNotNull(x)};
  return {f.b.CreateBitCast(x, f.type_of(e.type->scalar))};
}

}  // namespace kjit::lower
