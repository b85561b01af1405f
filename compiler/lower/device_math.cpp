// Scalar functions on a GPU, by the names that libdevice has: the code generator links them (codegen/device_library.h).
#include <fmt/format.h>
#include <llvm/IR/IntrinsicsNVPTX.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "lower/function.h"

namespace kjit::lower {

namespace {

using kir::MathFn;
using V = llvm::Value*;

V number(V like, double value) { return llvm::ConstantFP::get(like->getType(), value); }
V size_of(FunctionLowering& f, V x) { return f.b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x); }
V fn(FunctionLowering& f, const char* name, Scalar real, PartsRef args) { return device_function(f, name, real, args); }

// x rounded to a multiple of 10^-digits, ties to even: scaled, rounded, scaled back, as NumPy does it. `digits` int64.
V round_digits(FunctionLowering& f, Scalar real, V x, V digits) {
  auto& b = f.b;
  V many = b.CreateBinaryIntrinsic(llvm::Intrinsic::abs, digits, b.getFalse());
  V scale = nullptr;
  if (auto* known = llvm::dyn_cast<llvm::ConstantInt>(digits)) {
    scale = number(x, std::pow(10.0, std::fabs(static_cast<double>(known->getSExtValue()))));
  } else {
    scale = fn(f, "pow", real, {number(x, 10), b.CreateSIToFP(many, x->getType())});
  }
  const auto rint = [&](V y) { return b.CreateUnaryIntrinsic(llvm::Intrinsic::rint, y); };
  V up = b.CreateFMul(x, scale);
  V small = b.CreateFCmpOLT(size_of(f, up), number(x, std::numeric_limits<double>::infinity()));
  V places = b.CreateSelect(small, b.CreateFDiv(rint(up), scale), x);
  V tens = b.CreateFMul(rint(b.CreateFDiv(x, scale)), scale);
  return b.CreateSelect(b.CreateICmpSLT(digits, f.int64(0)), tens, places);
}

// log(e^x + e^y), or to base 2.
V log_add_exp(FunctionLowering& f, Scalar real, V x, V y, bool binary) {
  auto& b = f.b;
  V apart = b.CreateFSub(x, y);
  V large = b.CreateSelect(b.CreateFCmpOGT(x, y), x, y);
  V rest = fn(f, binary ? "exp2" : "exp", real, {b.CreateFNeg(size_of(f, apart))});
  V log = fn(f, "log1p", real, {rest});
  if (binary) log = b.CreateFMul(log, number(x, 1.44269504088896340735992468100189214));
  V sum = b.CreateFAdd(large, log);
  V same = b.CreateFAdd(x, number(x, binary ? 1.0 : 0.693147180559945309417232121458176568));
  V result = b.CreateSelect(b.CreateFCmpOEQ(x, y), same, sum);  // infinities of one sign too
  return b.CreateSelect(b.CreateFCmpUNO(x, y), b.CreateFAdd(x, y), result);
}

// sin(pi x) / (pi x), 1 at 0.
V sinc(FunctionLowering& f, Scalar real, V x) {
  auto& b = f.b;
  V angle = b.CreateFMul(x, number(x, 3.14159265358979323846264338327950288));
  V at = b.CreateSelect(b.CreateFCmpOEQ(x, number(x, 0)), number(x, 1), angle);
  V value = b.CreateFDiv(fn(f, "sin", real, {at}), at);
  return b.CreateSelect(b.CreateFCmpOEQ(x, number(x, 0)), number(x, 1), value);
}

// x = mantissa * 2^exponent, the mantissa in [0.5, 1).
V frexp_part(FunctionLowering& f, Scalar real, V x, bool mantissa) {
  auto& b = f.b;
  V log = fn(f, "logb", real, {x});  // floor(log2 |x|)
  V whole = b.CreateFCmpOLT(size_of(f, x), number(x, std::numeric_limits<double>::infinity()));
  V plain = b.CreateAnd(whole, b.CreateFCmpONE(x, number(x, 0)));
  V exponent = b.CreateFPToSI(b.CreateSelect(plain, log, number(x, -1)), b.getInt32Ty());
  exponent = b.CreateAdd(exponent, b.getInt32(1));
  if (!mantissa) return exponent;
  V scaled = fn(f, "ldexp", real, {x, b.CreateNeg(exponent)});
  return b.CreateSelect(plain, scaled, x);
}

V absolute(FunctionLowering& f, Scalar real, PartsRef z) { return fn(f, "hypot", real, {z[0], z[1]}); }

Parts exponential(FunctionLowering& f, Scalar real, PartsRef z) {
  auto& b = f.b;
  V size = fn(f, "exp", real, {z[0]});
  V re = b.CreateFMul(size, fn(f, "cos", real, {z[1]}));
  V im = b.CreateFMul(size, fn(f, "sin", real, {z[1]}));
  V is_real = b.CreateFCmpOEQ(z[1], number(z[1], 0));
  return {b.CreateSelect(is_real, size, re), b.CreateSelect(is_real, z[1], im)};
}

Parts logarithm(FunctionLowering& f, Scalar real, PartsRef z) {
  return {fn(f, "log", real, {absolute(f, real, z)}), fn(f, "atan2", real, {z[1], z[0]})};
}

// sqrt((|z| + |re|) / 2) is one part, im / (2 times that) the other.
Parts square_root(FunctionLowering& f, Scalar real, PartsRef z) {
  auto& b = f.b;
  V half = b.CreateFMul(b.CreateFAdd(absolute(f, real, z), size_of(f, z[0])), number(z[0], 0.5));
  V root = b.CreateUnaryIntrinsic(llvm::Intrinsic::sqrt, half);
  V other = b.CreateFDiv(size_of(f, z[1]), b.CreateFMul(root, number(root, 2)));
  V zero = b.CreateFCmpOEQ(root, number(root, 0));
  other = b.CreateSelect(zero, root, other);
  V right = b.CreateFCmpOGE(z[0], number(z[0], 0));
  V im = b.CreateSelect(right, other, root);
  return {b.CreateSelect(right, root, other), b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, im, z[1])};
}

}  // namespace

V device_function(FunctionLowering& f, const std::string& name, Scalar real, PartsRef args) {
  constexpr const char* kFast[] = {"sin", "cos", "tan", "exp", "log", "log2", "log10", "pow"};
  const bool single = real == Scalar::F32;
  const bool fast = single && f.kir.fastmath.afn &&
                    std::any_of(std::begin(kFast), std::end(kFast), [&](const char* each) { return name == each; });
  const auto letter = [](llvm::Type* t) { return t->isFloatTy() ? 'f' : t->isDoubleTy() ? 'd' : 'i'; };
  std::string signature(1, single ? 'f' : 'd');
  for (V a : args) signature += letter(a->getType());
  return f.b.CreateCall(
      f.module.pure_function(fmt::format("__nv_{}{}{}", fast ? "fast_" : "", name, single ? "f" : ""), signature),
      args);
}

V device_power(FunctionLowering& f, Scalar real, V x, V y) {
  auto& b = f.b;
  if (auto* known = llvm::dyn_cast<llvm::ConstantFP>(y)) {  // as compilers for CPUs and GPUs do
    V square = b.CreateFMul(x, x);
    if (known->isExactlyValue(1.0)) return x;
    if (known->isExactlyValue(2.0)) return square;
    if (known->isExactlyValue(3.0)) return b.CreateFMul(square, x);
    if (known->isExactlyValue(4.0)) return b.CreateFMul(square, square);
  }
  return fn(f, "pow", real, {x, y});
}

V device_own_function(FunctionLowering& f, const Expr& e, Scalar real, PartsRef args) {
  switch (e.math) {
    case MathFn::cbrt:
      return fn(f, "cbrt", real, args);
    case MathFn::round_digits:
    case MathFn::round_digits_np:
      return round_digits(f, real, args[0], args[1]);
    case MathFn::logaddexp:
    case MathFn::logaddexp2:
      return log_add_exp(f, real, args[0], args[1], e.math == MathFn::logaddexp2);
    case MathFn::sinc:
      return sinc(f, real, args[0]);
    case MathFn::frexp_mantissa:
    case MathFn::frexp_exponent:
      return frexp_part(f, real, args[0], e.math == MathFn::frexp_mantissa);
    default:
      f.fail("this function on a GPU", e.span);
  }
}

// By the formulas of the text-books: infinities and NaN of one part may reach the other.
Parts device_complex(FunctionLowering& f, MathFn function, Scalar real, PartsRef z) {
  auto& b = f.b;
  const auto of = [&](const char* name, V x) { return fn(f, name, real, {x}); };
  switch (function) {
    case MathFn::exp:
      return exponential(f, real, z);
    case MathFn::log:
      return logarithm(f, real, z);
    case MathFn::sqrt:
      return square_root(f, real, z);
    case MathFn::pow: {  // z, then w: exp(w log z); 0 ** w is 0, or 1 where w is 0
      const Parts log = logarithm(f, real, z.take_front(2));
      V re = b.CreateFSub(b.CreateFMul(z[2], log[0]), b.CreateFMul(z[3], log[1]));
      V im = b.CreateFAdd(b.CreateFMul(z[2], log[1]), b.CreateFMul(z[3], log[0]));
      const Parts power = exponential(f, real, {re, im});
      V zero = number(z[0], 0);
      V nothing = b.CreateAnd(b.CreateFCmpOEQ(z[0], zero), b.CreateFCmpOEQ(z[1], zero));
      V none = b.CreateAnd(b.CreateFCmpOEQ(z[2], zero), b.CreateFCmpOEQ(z[3], zero));
      V at_zero = b.CreateSelect(none, number(z[0], 1), zero);
      return {b.CreateSelect(nothing, at_zero, power[0]), b.CreateSelect(nothing, zero, power[1])};
    }
    case MathFn::sin:
      return {b.CreateFMul(of("sin", z[0]), of("cosh", z[1])), b.CreateFMul(of("cos", z[0]), of("sinh", z[1]))};
    case MathFn::cos:
      return {b.CreateFMul(of("cos", z[0]), of("cosh", z[1])),
              b.CreateFNeg(b.CreateFMul(of("sin", z[0]), of("sinh", z[1])))};
    case MathFn::sinh:
      return {b.CreateFMul(of("sinh", z[0]), of("cos", z[1])), b.CreateFMul(of("cosh", z[0]), of("sin", z[1]))};
    default:  // cosh
      return {b.CreateFMul(of("cosh", z[0]), of("cos", z[1])), b.CreateFMul(of("sinh", z[0]), of("sin", z[1]))};
  }
}

}  // namespace kjit::lower
