// Conversions between scalar types.
#include "lower/function.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

// Truncates; out of range saturates; NaN gives the smallest value.
V float_to_integer(FunctionLowering& f, V x, Scalar to) {
  auto& b = f.b;
  llvm::Type* type = f.type_of(to);
  if (!sema::is_signed(to)) return b.CreateIntrinsic(llvm::Intrinsic::fptoui_sat, {type, x->getType()}, {x});
  V value = b.CreateIntrinsic(llvm::Intrinsic::fptosi_sat, {type, x->getType()}, {x});
  V least = llvm::ConstantInt::get(type, llvm::APInt::getSignedMinValue(type->getIntegerBitWidth()));
  return b.CreateSelect(b.CreateFCmpUNO(x, x), least, value);
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
