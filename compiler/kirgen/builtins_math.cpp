// Emitters of elementary functions: math, cmath and NumPy's float loops.
#include <kjit_rt/abi.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen::emit {

namespace {

using kir::MathFn;

// The function of kir/math.def by the last part of a canonical name: "arcsin" is "asin", "arctan2" is "atan2".
MathFn function_named(std::string_view canonical) {
  std::string name(canonical.substr(canonical.rfind('.') + 1));
  if (name.starts_with("arc")) name = "a" + name.substr(3);
  static constexpr std::string_view kNames[] = {
#define MATH(name, arity, llvm, libm, has_complex) #name,
#include "kir/math.def"
#undef MATH
  };
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] == name) return static_cast<MathFn>(i);
  }
  return MathFn::sqrt;  // a test checks that every row with this emitter is in the table
}

TypeRef machine_result(CallEmitter& call) { return call.b.machine(call.result); }

ExprRef pi_over(CallEmitter& call, size_t i, bool to_degrees) {
  Builder& b = call.b;
  TypeRef t = machine_result(call);
  const bool single = t->scalar == Scalar::F32;
  const double factor = to_degrees ? 180.0 / std::numbers::pi : std::numbers::pi / 180.0;
  const float single_factor = to_degrees ? 180.0f / std::numbers::pi_v<float> : std::numbers::pi_v<float> / 180.0f;
  return b.binary(Op::Mul, number(call, i, t), b.constant(t, single ? static_cast<double>(single_factor) : factor));
}

ExprRef infinity(Builder& b, TypeRef t) { return b.constant(t, std::numeric_limits<double>::infinity()); }

}  // namespace

ExprRef math_function(CallEmitter& call) {
  TypeRef t = machine_result(call);
  std::vector<ExprRef> args;
  for (size_t i = 0; i < call.args.size(); ++i) args.push_back(call.b.cast(value(call, i), t));
  return call.b.math(function_named(call.call.builtin->name), t, std::move(args));
}

ExprRef degrees(CallEmitter& call) { return pi_over(call, 0, true); }
ExprRef radians(CallEmitter& call) { return pi_over(call, 0, false); }

ExprRef log_to_base(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = machine_result(call);
  ExprRef log = b.math(MathFn::log, t, {number(call, 0, t)});
  return absent(call, 1) ? log : b.binary(Op::Div, log, b.math(MathFn::log, t, {number(call, 1, t)}));
}

ExprRef hypot(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = machine_result(call);
  ExprRef norm = b.unary(Op::Abs, number(call, 0, t));
  for (size_t i = 1; i < call.args.size(); ++i) norm = b.math(MathFn::hypot, t, {norm, number(call, i, t)});
  return norm;
}

ExprRef frexp(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef pair = machine_result(call);
  TypeRef t = pair->elements[0];
  ExprRef x = number(call, 0, t);
  ExprRef exponent = b.math(MathFn::frexp_exponent, b.types.scalar(Scalar::I32), {x});
  return b.tuple({b.math(MathFn::frexp_mantissa, t, {x}), b.cast(exponent, pair->elements[1])});
}

ExprRef modf(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = machine_result(call)->elements[0];
  ExprRef x = number(call, 0, t);
  ExprRef whole = b.reuse(b.math(MathFn::trunc, t, {x}));
  ExprRef rest = b.select(b.unary(Op::IsInf, x, b.types.boolean()), b.zero(t), b.binary(Op::Sub, x, whole));
  return b.tuple({b.math(MathFn::copysign, t, {rest, x}), whole});
}

ExprRef ldexp(CallEmitter& call) {
  TypeRef t = machine_result(call);
  return call.b.math(MathFn::ldexp, t, {number(call, 0, t), number(call, 1, call.b.types.int64())});
}

namespace {

ExprRef round_to_int(CallEmitter& call, MathFn fn) {
  Builder& b = call.b;
  ExprRef x = value(call, 0);
  if (is_float(x->type->scalar)) x = b.math(fn, x->type, {x});
  return b.cast(x, call.result);
}

}  // namespace

ExprRef floor_to_int(CallEmitter& call) { return round_to_int(call, MathFn::floor); }
ExprRef ceil_to_int(CallEmitter& call) { return round_to_int(call, MathFn::ceil); }
ExprRef trunc_to_int(CallEmitter& call) { return round_to_int(call, MathFn::trunc); }

// Distance to the next float away from 0, with the sign of x; of both zeros positive.
ExprRef spacing(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = machine_result(call);
  ExprRef x = number(call, 0, t);
  ExprRef away = b.select(b.compare(Op::Lt, x, b.zero(t)), b.unary(Op::Neg, infinity(b, t)), infinity(b, t));
  return b.binary(Op::Sub, b.math(MathFn::nextafter, t, {x, away}), x);
}

ExprRef ulp(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = machine_result(call);
  ExprRef x = b.reuse(b.unary(Op::Abs, number(call, 0, t)));
  ExprRef next = b.reuse(b.math(MathFn::nextafter, t, {x, infinity(b, t)}));
  ExprRef before = b.math(MathFn::nextafter, t, {x, b.zero(t)});
  ExprRef step =
      b.select(b.unary(Op::IsInf, next, b.types.boolean()), b.binary(Op::Sub, x, before), b.binary(Op::Sub, next, x));
  return b.select(b.unary(Op::IsInf, x, b.types.boolean()), x, step);
}

// --- complex numbers in polar form

namespace {

ExprRef angle_of(Builder& b, ExprRef z, TypeRef t) {
  if (!is_complex(z->type->scalar)) return b.math(MathFn::atan2, t, {b.zero(t), b.cast(z, t)});
  z = b.reuse(z);
  return b.math(MathFn::atan2, t, {b.cast(imag(b, z), t), b.cast(real(b, z), t)});
}

}  // namespace

ExprRef angle(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = machine_result(call);
  ExprRef radians = angle_of(b, value(call, 0), t);
  if (int_constant(call, 1, 0) == 0) return radians;
  return b.binary(Op::Mul, radians, b.constant(t, 180.0 / std::numbers::pi));
}

ExprRef polar(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = machine_result(call)->elements[0];
  ExprRef z = number(call, 0, b.types.scalar(Scalar::C128));
  return b.tuple({b.unary(Op::Abs, z, t), angle_of(b, z, t)});
}

ExprRef rect(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = b.types.float64();
  ExprRef r = number(call, 0, t);
  ExprRef phi = number(call, 1, t);
  ExprRef re = b.binary(Op::Mul, r, b.math(MathFn::cos, t, {phi}));
  ExprRef im = b.binary(Op::Mul, r, b.math(MathFn::sin, t, {phi}));
  im = b.select(b.compare(Op::Eq, phi, b.zero(t)),
                b.binary(Op::Mul, b.math(MathFn::copysign, t, {b.constant(t, 1), r}), phi),
                im);  // an infinite r at angle 0 has no imaginary part
  return make_complex_of(b, b.types.scalar(Scalar::C128), re, im);
}

// --- integers

namespace {

TypeRef unsigned_twin(Builder& b, TypeRef t) {
  switch (size_of(t->scalar)) {
    case 1:
      return b.types.scalar(Scalar::U8);
    case 2:
      return b.types.scalar(Scalar::U16);
    case 4:
      return b.types.scalar(Scalar::U32);
    default:
      return b.types.scalar(Scalar::U64);
  }
}

// Euclid's algorithm on unsigned integers.
ExprRef gcd_of(Builder& b, ExprRef a, ExprRef c) {
  VarId x = b.spill(a);
  VarId y = b.spill(c);
  emit_while(
      b, [&] { return b.compare(Op::Ne, b.var(y), b.zero(a->type)); },
      [&] {
        VarId rest = b.spill(b.binary(Op::TruncRem, b.var(x), b.var(y)));
        b.assign(x, b.var(y));
        b.assign(y, b.var(rest));
      });
  return b.var(x);
}

// Combines magnitudes, in the unsigned type of the result's size, where that of the least integer fits.
template <typename F>
ExprRef fold_magnitudes(CallEmitter& call, int64_t start, F combine) {
  Builder& b = call.b;
  TypeRef t = machine_result(call);
  if (call.args.empty()) return b.constant(t, start);
  auto magnitude = [&](size_t i) {
    ExprRef x = number(call, i, t);
    return b.reuse(b.cast(is_signed(t->scalar) ? b.unary(Op::Abs, x) : x, unsigned_twin(b, t)));
  };
  ExprRef all = magnitude(0);
  for (size_t i = 1; i < call.args.size(); ++i) all = combine(all, magnitude(i));
  return b.cast(all, t);
}

}  // namespace

ExprRef gcd(CallEmitter& call) {
  return fold_magnitudes(call, 0, [&](ExprRef x, ExprRef y) { return gcd_of(call.b, x, y); });
}

ExprRef lcm(CallEmitter& call) {
  Builder& b = call.b;
  return fold_magnitudes(call, 1, [&](ExprRef x, ExprRef y) {
    return b.var(b.spill(b.binary(Op::Mul, divide_or_zero(b, Op::FloorDiv, x, gcd_of(b, x, y)), y)));
  });
}

ExprRef factorial(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = machine_result(call);
  ExprRef n = number(call, 0, t);
  if (is_signed(t->scalar)) {
    b.check(b.compare(Op::Ge, n, b.zero(t)), KJIT_VALUE_ERROR, "factorial() not defined for negative values");
  }
  b.check(b.compare(Op::Le, n, b.constant(t, int64_t{20})), KJIT_OVERFLOW_ERROR,
          "factorial() of more than 20 does not fit int64");
  VarId product = b.spill(b.constant(t, int64_t{1}));
  b.for_range(b.const_int(2), b.binary(Op::Add, b.cast(n, b.types.int64()), b.const_int(1)), b.const_int(1),
              [&](VarId i) { b.assign(product, b.binary(Op::Mul, b.var(product), b.cast(b.var(i), t))); });
  return b.var(product);
}

// The root in floating point is off by one at most; it is corrected in integers.
ExprRef isqrt(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef u = b.types.scalar(Scalar::U64);
  TypeRef t = machine_result(call);
  ExprRef n = number(call, 0, t);
  if (is_signed(t->scalar)) {
    b.check(b.compare(Op::Ge, n, b.zero(t)), KJIT_VALUE_ERROR, "isqrt() argument must be nonnegative");
  }
  n = b.reuse(b.cast(n, u));
  ExprRef root = b.math(MathFn::sqrt, b.types.float64(), {b.cast(n, b.types.float64())});
  ExprRef guess = b.binary(Op::Minimum, b.cast(root, u), b.constant(u, int64_t{0xFFFFFFFF}));
  VarId r = b.spill(guess);
  auto step = [&](ExprRef condition, Op op) {
    emit_if(b, condition, [&] { b.assign(r, b.binary(op, b.var(r), b.constant(u, int64_t{1}))); });
  };
  step(b.compare(Op::Gt, b.binary(Op::Mul, b.var(r), b.var(r)), n), Op::Sub);
  ExprRef above = b.binary(Op::Add, b.var(r), b.constant(u, int64_t{1}));
  ExprRef fits = b.compare(Op::Lt, b.var(r), b.constant(u, int64_t{0xFFFFFFFF}));
  step(both(b, fits, b.compare(Op::Le, b.binary(Op::Mul, above, above), n)), Op::Add);
  return b.cast(b.var(r), t);
}

}  // namespace kjit::kirgen::emit
