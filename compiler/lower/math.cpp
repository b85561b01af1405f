// Scalar functions: intrinsics where the machine has an instruction, libm and the runtime otherwise.
#include <fmt/format.h>

#include <limits>

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

V number(V like, double value) { return llvm::ConstantFP::get(like->getType(), value); }

// The same with C99's infinities, NaN and zeros (G.6.3.1). Large x is moved so that exp(x) itself does not overflow:
// exp(shift) is the factor to 1e-4 ulp.
Parts exp_in_lanes(FunctionLowering& f, Scalar real, PartsRef z) {
  auto& b = f.b;
  const bool single = real == Scalar::F32;
  V x = z[0], y = z[1];
  V large = b.CreateFCmpOGT(x, number(x, single ? 85 : 700));
  V moved = b.CreateFSub(x, number(x, single ? 32.0751953125 : 305.763671875));
  V factor = b.CreateSelect(large, number(x, single ? 0x1.35b312p+46 : 0x1.16ecc87cb838ep+441), number(x, 1));
  V size = libm_call(f, "exp", real, {b.CreateSelect(large, moved, x)});
  V re = b.CreateFMul(b.CreateFMul(size, libm_call(f, "cos", real, {y})), factor);
  V im = b.CreateFMul(b.CreateFMul(size, libm_call(f, "sin", real, {y})), factor);
  V infinite = number(x, std::numeric_limits<double>::infinity());
  V no_angle = b.CreateFCmpUEQ(b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, y), infinite);  // infinite or NaN
  // exp(-inf) is 0 and exp(inf) infinite whatever the angle; a real number has a real result.
  re = b.CreateSelect(b.CreateAnd(no_angle, b.CreateFCmpOEQ(x, infinite)), infinite, re);
  V gone = b.CreateAnd(no_angle, b.CreateFCmpOEQ(x, b.CreateFNeg(infinite)));
  re = b.CreateSelect(gone, number(x, 0), re);
  im = b.CreateSelect(gone, number(x, 0), im);
  return {re, b.CreateSelect(b.CreateFCmpOEQ(y, number(y, 0)), y, im)};
}

Parts complex_function(FunctionLowering& f, const Expr& e, PartsRef args) {
  auto& b = f.b;
  const Scalar s = e.args[0]->type->scalar;
  if (f.module.options().device) return device_complex(f, e.math, sema::real_of(s), args);
  const bool finite = f.kir.fastmath.nnan && f.kir.fastmath.ninf;
  if (e.math == MathFn::exp && finite) return finite_exp(f, sema::real_of(s), args);
  if (e.math == MathFn::exp && f.in_lanes) return exp_in_lanes(f, sema::real_of(s), args);
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

// f(x), computed as f(x * scale) + offset or f(x - shift) * factor where |x| (or x) is above `limit`: SLEEF gives
// infinities there, though the results are finite.
struct Far {
  double limit;
  double scale = 1, shift = 0;
  double factor = 1, offset = 0;
};

struct Reach {
  const char* name;
  bool odd;                // f(-x) = -f(x)
  bool even;               // f(-x) = f(x)
  Far wide[2], narrow[2];  // float64 and float32, the nearer limit first
};

// asinh and acosh of what is squared beyond the largest number: log(2 x) = log(2 x 2^-k) + k log(2). log1p likewise.
// sinh and cosh near the largest number are exp(x) / 2: the shifts are such that exp(shift) is the factor to 1e-4 ulp.
constexpr double kLn2 = 0.693147180559945309417232121458;
constexpr Reach kReach[] = {
    {"asinh",
     true,
     false,
     {{0x1p500, 0x1p-300, 0, 1, 300 * kLn2}, {0x1p800, 0x1p-600, 0, 1, 600 * kLn2}},
     {{0x1p60, 0x1p-40, 0, 1, 40 * kLn2}, {0x1p90, 0x1p-70, 0, 1, 70 * kLn2}}},
    {"acosh",
     false,
     false,
     {{0x1p500, 0x1p-300, 0, 1, 300 * kLn2}, {0x1p800, 0x1p-600, 0, 1, 600 * kLn2}},
     {{0x1p60, 0x1p-40, 0, 1, 40 * kLn2}, {0x1p90, 0x1p-70, 0, 1, 70 * kLn2}}},
    {"log1p", false, false, {{0x1p1000, 0x1p-100, 0, 1, 100 * kLn2}, {}}, {{0x1p120, 0x1p-40, 0, 1, 40 * kLn2}, {}}},
    {"sinh",
     true,
     false,
     {{700, 1, 305.763671875, 0x1.16ecc87cb838ep+441, 0}, {}},
     {{85, 1, 32.0751953125, 0x1.35b312p+46, 0}, {}}},
    {"cosh",
     false,
     true,
     {{700, 1, 305.763671875, 0x1.16ecc87cb838ep+441, 0}, {}},
     {{85, 1, 32.0751953125, 0x1.35b312p+46, 0}, {}}},
};

V marked_call(FunctionLowering& f, const std::string& name, Scalar type, PartsRef args, const char* mark) {
  std::string signature(1, letter(f.type_of(type)));
  for (V a : args) signature += letter(a->getType());
  llvm::CallInst* call =
      f.b.CreateCall(f.module.pure_function(type == Scalar::F32 ? name + "f" : name, signature), args);
  if (mark) call->addFnAttr(llvm::Attribute::get(f.context(), "kjit-math", mark));
  return call;
}

V far_call(FunctionLowering& f, const Reach& reach, Scalar type, V x) {
  auto& b = f.b;
  V size = reach.odd || reach.even ? b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x) : x;
  V argument = size, factor = number(x, 1), offset = number(x, -0.0);  // a sum with -0 is the other number
  const bool log = type == Scalar::F32 ? reach.narrow[0].scale != 1 : reach.wide[0].scale != 1;
  for (const Far& far : type == Scalar::F32 ? reach.narrow : reach.wide) {
    if (far.limit == 0) continue;
    V beyond = b.CreateFCmpOGT(size, number(x, far.limit));
    V moved = log ? b.CreateFMul(size, number(x, far.scale)) : b.CreateFSub(size, number(x, far.shift));
    argument = b.CreateSelect(beyond, moved, argument);
    factor = b.CreateSelect(beyond, number(x, far.factor), factor);
    offset = b.CreateSelect(beyond, number(x, far.offset), offset);
  }
  if (reach.odd) argument = b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, argument, x);
  V result = marked_call(f, reach.name, type, {argument}, "lanes");
  if (!log) return b.CreateFMul(result, factor);
  if (reach.odd) offset = b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, offset, x);
  return b.CreateFAdd(result, offset);
}

// One step of Newton's method on SLEEF's result: cubes have exact roots, as with the runtime's function, which this is
// in lanes. Residual and cube in two numbers; beyond the middle of the range the result stays as it is.
V nearest_cbrt(FunctionLowering& f, Scalar type, V x) {
  auto& b = f.b;
  V root = marked_call(f, "cbrt", type, {x}, "lanes");
  const auto fma = [&](V p, V q, V r) { return b.CreateIntrinsic(llvm::Intrinsic::fma, {p->getType()}, {p, q, r}); };
  if (type == Scalar::F32) {
    V wide = b.CreateFPExt(x, b.getDoubleTy()), y = b.CreateFPExt(root, b.getDoubleTy());
    V square = b.CreateFMul(y, y);
    V residual = b.CreateFSub(wide, b.CreateFMul(square, y));
    V better = b.CreateFAdd(y, b.CreateFDiv(residual, b.CreateFMul(number(y, 3), square)));
    V size = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, y);
    V inside = b.CreateAnd(b.CreateFCmpOGT(size, number(y, 0)), b.CreateFCmpOLT(size, number(y, 0x1p100)));
    return b.CreateSelect(inside, b.CreateFPTrunc(better, b.getFloatTy()), root);
  }
  V square = b.CreateFMul(root, root), square_low = fma(root, root, b.CreateFNeg(square));
  V cube = b.CreateFMul(square, root), cube_low = fma(square, root, b.CreateFNeg(cube));
  V residual = b.CreateFSub(b.CreateFSub(x, cube), cube_low);
  residual = b.CreateFSub(residual, b.CreateFMul(square_low, root));
  V better = b.CreateFAdd(root, b.CreateFDiv(residual, b.CreateFMul(number(x, 3), square)));
  V size = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x);
  V inside = b.CreateAnd(b.CreateFCmpOGT(size, number(x, 0x1p-800)), b.CreateFCmpOLT(size, number(x, 0x1p1000)));
  return b.CreateSelect(inside, better, root);
}

// SLEEF's exp and expm1 overflow a little below the largest number. From there on exp(limit) (1 + d + d^2 / 2), where d
// = x - limit, is right to 3/4 ulp, and overflows where exp does.
V near_overflow(FunctionLowering& f, V x, V result) {
  constexpr double kLimit = 709.78271114955737, kExpLimit = 0x1.ffffc57ca80a9p+1023;
  auto& b = f.b;
  V d = b.CreateFSub(x, number(x, kLimit));
  V grown = b.CreateFMul(number(x, kExpLimit), b.CreateFAdd(d, b.CreateFMul(b.CreateFMul(d, d), number(x, 0.5))));
  return b.CreateSelect(b.CreateFCmpOGT(x, number(x, kLimit)), b.CreateFAdd(number(x, kExpLimit), grown), result);
}

// SLEEF gives 0 for the smallest denormal; these are x, to the last bit, for all of them.
V near_zero(FunctionLowering& f, const std::string& name, Scalar type, V x, V result) {
  if (name != "tan" && name != "log1p" && name != "asinh") return result;
  V size = f.b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x);
  return f.b.CreateSelect(f.b.CreateFCmpOLT(size, number(x, type == Scalar::F32 ? 0x1p-126 : 0x1p-1022)), x, result);
}

}  // namespace

llvm::Value* libm_call(FunctionLowering& f, const std::string& name, Scalar type, PartsRef args) {
  if (f.module.options().device) return device_function(f, name, type, args);
  if (f.kir.fastmath.afn) return marked_call(f, name, type, args, "fast");
  if (!f.in_lanes) return marked_call(f, name, type, args, nullptr);
  for (const Reach& reach : kReach) {
    if (name == reach.name) return near_zero(f, name, type, args[0], far_call(f, reach, type, args[0]));
  }
  V result = near_zero(f, name, type, args[0], marked_call(f, name, type, args, "lanes"));
  const bool own = name == "exp" && f.module.options().fma;  // codegen/lane_bodies.h
  if (type == Scalar::F64 && (name == "exp" || name == "expm1") && !own) return near_overflow(f, args[0], result);
  if (name != "pow") return result;
  // The largest number to the power of 1 is infinite there.
  return f.b.CreateSelect(f.b.CreateFCmpOEQ(args[1], number(args[1], 1)), args[0], result);
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
  if (f.module.options().device && *kir::info(e.math).libm == '\0') return {device_own_function(f, e, s, args)};
  if (f.module.options().device && e.math == MathFn::pow) return {device_power(f, s, args[0], args[1])};
  if (e.math == MathFn::cbrt && f.kir.fastmath.afn) return {libm_call(f, "cbrt", s, args)};
  if (e.math == MathFn::cbrt && f.in_lanes && f.module.options().fma) return {nearest_cbrt(f, s, args[0])};
  const std::string libm = kir::info(e.math).libm;
  if (libm.empty()) return {runtime_function(f, e, s, args)};
  return {libm_call(f, libm, s, args)};
}

}  // namespace kjit::lower
