// Complex numbers: parts, and arithmetic as NumPy and CPython do it.
#include "lower/function.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

Parts multiply(FunctionLowering& f, const Parts& x, const Parts& y) {
  auto& b = f.b;
  return {b.CreateFSub(b.CreateFMul(x[0], y[0]), b.CreateFMul(x[1], y[1])),
          b.CreateFAdd(b.CreateFMul(x[0], y[1]), b.CreateFMul(x[1], y[0]))};
}

V magnitude(FunctionLowering& f, V x) { return f.b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x); }

// Smith's algorithm. NumPy multiplies by the reciprocal of the denominator, CPython divides by it: `reciprocal` says
// which. By 0: NumPy's x / |0| by parts.
Parts divide(FunctionLowering& f, const Parts& x, const Parts& y, bool reciprocal) {
  auto& b = f.b;
  V by_real = b.CreateFCmpOGE(magnitude(f, y[0]), magnitude(f, y[1]));
  V large = b.CreateSelect(by_real, y[0], y[1]);
  V small = b.CreateSelect(by_real, y[1], y[0]);
  V ratio = b.CreateFDiv(small, large);
  V denominator = b.CreateFAdd(large, b.CreateFMul(small, ratio));
  // by_real: (a + b r), (b - a r); else (a r + b), (b r - a)
  V a_r = b.CreateFMul(x[0], ratio);
  V b_r = b.CreateFMul(x[1], ratio);
  V real = b.CreateSelect(by_real, b.CreateFAdd(x[0], b_r), b.CreateFAdd(a_r, x[1]));
  V imag = b.CreateSelect(by_real, b.CreateFSub(x[1], a_r), b.CreateFSub(b_r, x[0]));
  if (reciprocal) {
    V scale = b.CreateFDiv(llvm::ConstantFP::get(large->getType(), 1.0), denominator);
    real = b.CreateFMul(real, scale);
    imag = b.CreateFMul(imag, scale);
  } else {
    real = b.CreateFDiv(real, denominator);
    imag = b.CreateFDiv(imag, denominator);
  }
  V by_zero = b.CreateFCmpOEQ(large, llvm::ConstantFP::get(large->getType(), 0.0));
  V zero = magnitude(f, y[0]);
  return {b.CreateSelect(by_zero, b.CreateFDiv(x[0], zero), real),
          b.CreateSelect(by_zero, b.CreateFDiv(x[1], zero), imag)};
}

Parts power(FunctionLowering& f, const Expr& e, const Parts& x, const Parts& y) {
  auto& b = f.b;
  if (f.module.options().device)
    return device_complex(f, kir::MathFn::pow, sema::real_of(e.type->scalar), {x[0], x[1], y[0], y[1]});
  const bool single = e.type->scalar == Scalar::C64;
  const Part part{PartKind::Number, sema::real_of(e.type->scalar)};
  llvm::Type* real = storage_type(f.context(), part);
  V out = f.entry_alloca(llvm::ArrayType::get(real, 2), "complex");
  b.CreateCall(f.module.complex_function(single ? "kjit_c64_pow" : "kjit_c128_pow", single ? "vffffp" : "vddddp"),
               {x[0], x[1], y[0], y[1], out});
  return {f.load_part(out, part), f.load_part(b.CreateConstInBoundsGEP1_64(real, out, 1), part)};
}

// hypot of the parts, which is right where their squares are too large or too small for a number. As with GCC, that is
// not asked for under fastmath, whose loops are then vectorised.
V modulus(FunctionLowering& f, const Expr& e, const Parts& x) {
  auto& b = f.b;
  if (f.kir.fastmath.afn && f.kir.fastmath.ninf) {
    V square = b.CreateFAdd(b.CreateFMul(x[0], x[0]), b.CreateFMul(x[1], x[1]));
    return b.CreateUnaryIntrinsic(llvm::Intrinsic::sqrt, square);
  }
  return libm_call(f, "hypot", sema::real_of(e.args[0]->type->scalar), {x[0], x[1]});
}

}  // namespace

Parts lower_complex_arith(FunctionLowering& f, const Expr& e) {
  auto& b = f.b;
  const Parts x = f.value(e.args[0]);
  const Parts y = e.args.size() > 1 ? f.value(e.args[1]) : Parts{};
  f.set_place(e.span);
  switch (e.op) {
    case Op::Neg:
      return {b.CreateFNeg(x[0]), b.CreateFNeg(x[1])};
    case Op::Add:
      return {b.CreateFAdd(x[0], y[0]), b.CreateFAdd(x[1], y[1])};
    case Op::Sub:
      return {b.CreateFSub(x[0], y[0]), b.CreateFSub(x[1], y[1])};
    case Op::Mul:
      return multiply(f, x, y);
    case Op::Div:
      return divide(f, x, y, !e.type->weak);
    case Op::Pow:
      return power(f, e, x, y);
    case Op::Abs:
      return {modulus(f, e, x)};
    default:
      f.fail("this operation on complex numbers", e.span);
  }
}

Parts lower_complex(FunctionLowering& f, const Expr& e) {
  Parts x = f.value(e.args[0]);
  switch (e.op) {
    case Op::MakeComplex:
      return {x[0], f.scalar(e.args[1])};
    case Op::Real:
      return {x[0]};
    case Op::Imag:
      return {x.size() > 1 ? x[1] : llvm::Constant::getNullValue(x[0]->getType())};
    default:  // Conj
      if (x.size() == 1) return x;
      return {x[0], f.b.CreateFNeg(x[1])};
  }
}

}  // namespace kjit::lower
