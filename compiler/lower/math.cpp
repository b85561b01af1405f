// Scalar functions: intrinsics where the machine has an instruction, libm and the runtime otherwise.
#include <fmt/format.h>

#include "lower/function.h"

namespace kjit::lower {

namespace {

using kir::MathFn;
using V = llvm::Value*;

llvm::Intrinsic::ID instruction_for(MathFn fn) {
  switch (fn) {
    case MathFn::sqrt:
      return llvm::Intrinsic::sqrt;
    case MathFn::floor:
      return llvm::Intrinsic::floor;
    case MathFn::ceil:
      return llvm::Intrinsic::ceil;
    case MathFn::trunc:
      return llvm::Intrinsic::trunc;
    case MathFn::rint:
      return llvm::Intrinsic::rint;
    case MathFn::fabs:
      return llvm::Intrinsic::fabs;
    case MathFn::copysign:
      return llvm::Intrinsic::copysign;
    case MathFn::fma:
      return llvm::Intrinsic::fma;
    default:
      return llvm::Intrinsic::not_intrinsic;
  }
}

char letter(llvm::Type* type) {
  return type->isFloatTy() ? 'f' : type->isDoubleTy() ? 'd' : type->isIntegerTy(32) ? 'i' : 'l';
}

// kjit_<type>_<name>: what libm does not have.
V runtime_function(FunctionLowering& f, const Expr& e, Scalar type, PartsRef args) {
  std::string signature(1, letter(f.type_of(e.type->scalar)));
  for (V a : args) signature += letter(a->getType());
  const std::string name = fmt::format("kjit_{}_{}", type == Scalar::F32 ? "f32" : "f64", kir::info(e.math).name);
  return f.b.CreateCall(f.module.pure_function(name, signature), args);
}

// int64 exponents are clamped to what libm's int takes; anything so large overflows or vanishes the same.
V ldexp(FunctionLowering& f, Scalar type, V x, V exponent) {
  auto& b = f.b;
  exponent = b.CreateSExtOrTrunc(exponent, b.getInt64Ty());
  exponent = b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, exponent, f.int64(-100000));
  exponent = b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, exponent, f.int64(100000));
  return libm_call(f, "ldexp", type, {x, b.CreateTrunc(exponent, b.getInt32Ty())});
}

// exp(x) (cos y + i sin y). libm's cexp spends its time on infinities and NaN, which fastmath leaves out.
Parts finite_exp(FunctionLowering& f, Scalar real, PartsRef z) {
  V size = libm_call(f, "exp", real, {z[0]});
  return {f.b.CreateFMul(size, libm_call(f, "cos", real, {z[1]})),
          f.b.CreateFMul(size, libm_call(f, "sin", real, {z[1]}))};
}

Parts complex_function(FunctionLowering& f, const Expr& e, PartsRef args) {
  auto& b = f.b;
  const Scalar s = e.args[0]->type->scalar;
  const bool finite = f.kir.fastmath.nnan && f.kir.fastmath.ninf;
  if (e.math == MathFn::exp && finite) return finite_exp(f, sema::real_of(s), args);
  const Part part{PartKind::Number, sema::real_of(s)};
  llvm::Type* real = storage_type(f.context(), part);
  const std::string name = fmt::format("kjit_{}_{}", s == Scalar::C64 ? "c64" : "c128", kir::info(e.math).name);
  std::string signature = "v" + std::string(args.size(), letter(real)) + "p";
  llvm::Value* out = f.entry_alloca(llvm::ArrayType::get(real, 2), "complex");
  Parts operands(args.begin(), args.end());
  operands.push_back(out);
  b.CreateCall(f.module.complex_function(name, signature), operands);
  llvm::Value* imag = b.CreateConstInBoundsGEP1_64(real, out, 1);
  return {f.load_part(out, part), f.load_part(imag, part)};
}

}  // namespace

llvm::Value* libm_call(FunctionLowering& f, const std::string& name, Scalar type, PartsRef args) {
  std::string signature(1, letter(f.type_of(type)));
  for (V a : args) signature += letter(a->getType());
  return f.b.CreateCall(f.module.pure_function(type == Scalar::F32 ? name + "f" : name, signature), args);
}

Parts lower_math(FunctionLowering& f, const Expr& e) {
  Parts args;
  for (ExprRef a : e.args) args.append(f.value(a));
  f.set_place(e.span);
  const Scalar s = e.args[0]->type->scalar;
  if (sema::is_complex(s)) return complex_function(f, e, args);
  if (!sema::is_float(s)) f.fail("a math function of an integer", e.span);
  if (const llvm::Intrinsic::ID id = instruction_for(e.math)) {
    return {f.b.CreateIntrinsic(id, {args[0]->getType()}, args)};
  }
  if (e.math == MathFn::ldexp) return {ldexp(f, s, args[0], args[1])};
  const std::string libm = kir::info(e.math).libm;
  if (libm.empty()) return {runtime_function(f, e, s, args)};
  return {libm_call(f, libm, s, args)};
}

}  // namespace kjit::lower
