// Emitters of comparisons, predicates, parts of numbers and choices between numbers.
#include <limits>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen::emit {

namespace {

ExprRef comparison(CallEmitter& call, Op op) {
  Builder& b = call.b;
  return compare_mixed(b, op, b.reuse(value(call, 0)), b.reuse(value(call, 1)));
}

// A test of a float, of a part of a complex number; integers have a known answer.
ExprRef float_test(CallEmitter& call, Op op, bool of_integers, bool all_parts) {
  Builder& b = call.b;
  ExprRef x = b.reuse(value(call, 0));
  TypeRef boolean = b.types.boolean();
  if (is_float(x->type->scalar)) return b.unary(op, x, boolean);
  if (!is_complex(x->type->scalar)) return b.const_bool(of_integers);
  ExprRef re = b.unary(op, real(b, x), boolean);
  ExprRef im = b.unary(op, imag(b, x), boolean);
  return all_parts ? both(b, re, im) : either(b, re, im);
}

ExprRef is_signed_infinity(CallEmitter& call, double which) {
  Builder& b = call.b;
  ExprRef x = value(call, 0);
  return is_float(x->type->scalar) ? b.compare(Op::Eq, x, b.constant(x->type, which)) : b.const_bool(false);
}

constexpr double kInf = std::numeric_limits<double>::infinity();

}  // namespace

ExprRef equal(CallEmitter& call) { return comparison(call, Op::Eq); }
ExprRef not_equal(CallEmitter& call) { return comparison(call, Op::Ne); }
ExprRef less(CallEmitter& call) { return comparison(call, Op::Lt); }
ExprRef less_equal(CallEmitter& call) { return comparison(call, Op::Le); }
ExprRef greater(CallEmitter& call) { return comparison(call, Op::Gt); }
ExprRef greater_equal(CallEmitter& call) { return comparison(call, Op::Ge); }

ExprRef logical_and(CallEmitter& call) {
  return both(call.b, truth(call.b, value(call, 0)), truth(call.b, value(call, 1)));
}
ExprRef logical_or(CallEmitter& call) {
  return either(call.b, truth(call.b, value(call, 0)), truth(call.b, value(call, 1)));
}
ExprRef logical_xor(CallEmitter& call) {
  return call.b.binary(Op::BitXor, truth(call.b, value(call, 0)), truth(call.b, value(call, 1)));
}
ExprRef logical_not(CallEmitter& call) { return call.b.unary(Op::Not, truth(call.b, value(call, 0))); }

ExprRef isfinite(CallEmitter& call) { return float_test(call, Op::IsFinite, true, true); }
ExprRef isinf(CallEmitter& call) { return float_test(call, Op::IsInf, false, false); }
ExprRef isnan(CallEmitter& call) { return float_test(call, Op::IsNan, false, false); }
ExprRef isposinf(CallEmitter& call) { return is_signed_infinity(call, kInf); }
ExprRef isneginf(CallEmitter& call) { return is_signed_infinity(call, -kInf); }

ExprRef iscomplex(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = value(call, 0);
  return is_complex(x->type->scalar) ? truth(b, imag(b, x)) : b.const_bool(false);
}
ExprRef isreal(CallEmitter& call) { return call.b.unary(Op::Not, iscomplex(call)); }

ExprRef signbit(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = value(call, 0);
  if (is_float(x->type->scalar)) return b.unary(Op::SignBit, x, b.types.boolean());
  return is_signed(x->type->scalar) ? b.compare(Op::Lt, x, b.zero(x->type)) : b.const_bool(false);
}

ExprRef is_integer(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = b.reuse(value(call, 0));
  if (!sema::is_float(x->type->scalar)) return b.const_bool(true);
  ExprRef finite = b.unary(Op::IsFinite, x, b.types.boolean());
  return both(b, finite, b.compare(Op::Eq, b.math(kir::MathFn::trunc, x->type, {x}), x));
}

namespace {

TypeRef as_floating(Builder& b, TypeRef t) {
  return is_float(t->scalar) || is_complex(t->scalar) ? t : b.types.float64();
}

// |x|, real.
ExprRef magnitude(Builder& b, ExprRef x) { return b.unary(Op::Abs, x, b.types.scalar(real_of(x->type->scalar))); }

// Of the first two arguments.
TypeRef pair_operand(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef l = as_floating(b, b.machine(argument_type(call, 0)));
  TypeRef r = as_floating(b, b.machine(argument_type(call, 1)));
  if (argument_type(call, 0)->weak && !is_complex(l->scalar)) return r;
  if (argument_type(call, 1)->weak && !is_complex(r->scalar)) return l;
  return b.types.scalar(is_complex(l->scalar) || is_complex(r->scalar) ? Scalar::C128
                        : l == r                                       ? l->scalar
                                                                       : Scalar::F64);
}

}  // namespace

// a == b, or |a - b| within the larger of the tolerances; infinities only equal themselves.
ExprRef math_isclose(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t =
      b.types.scalar(std::string_view(call.call.builtin->name).starts_with("cmath") ? Scalar::C128 : Scalar::F64);
  TypeRef f = b.types.float64();
  TypeRef boolean = b.types.boolean();
  ExprRef x = number(call, 0, t);
  ExprRef y = number(call, 1, t);
  ExprRef relative = number_or(call, 2, f, 1e-9);
  ExprRef absolute = number_or(call, 3, f, 0);
  ExprRef distance = b.reuse(magnitude(b, b.binary(Op::Sub, x, y)));
  ExprRef mx = b.reuse(magnitude(b, x));
  ExprRef my = b.reuse(magnitude(b, y));
  auto within = [&](ExprRef tolerance) { return b.compare(Op::Le, distance, tolerance); };
  ExprRef near = either(b, within(b.binary(Op::Mul, relative, my)), within(b.binary(Op::Mul, relative, mx)));
  near = either(b, near, within(absolute));
  ExprRef finite = b.unary(Op::Not, either(b, b.unary(Op::IsInf, mx, boolean), b.unary(Op::IsInf, my, boolean)));
  return either(b, b.compare(Op::Eq, x, y), both(b, finite, near));
}

ExprRef np_isclose(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = pair_operand(call);
  TypeRef f = b.types.scalar(real_of(t->scalar));
  TypeRef boolean = b.types.boolean();
  ExprRef x = number(call, 0, t);
  ExprRef y = number(call, 1, t);
  ExprRef my = b.reuse(magnitude(b, y));
  ExprRef tolerance =
      b.binary(Op::Add, number_or(call, 3, f, 1e-8), b.binary(Op::Mul, number_or(call, 2, f, 1e-5), my));
  ExprRef near = b.compare(Op::Le, magnitude(b, b.binary(Op::Sub, x, y)), tolerance);
  near = either(b, both(b, near, b.unary(Op::IsFinite, my, boolean)), b.compare(Op::Eq, x, y));
  if (absent(call, 4)) return near;
  ExprRef nans = both(b, b.compare(Op::Ne, x, x), b.compare(Op::Ne, y, y));
  return either(b, near, both(b, number(call, 4, boolean), nans));
}

// Inference folds these calls; no argument is evaluated.
ExprRef folded(CallEmitter& call) { return call.b.zero(call.b.types.int64()); }

// --- parts

ExprRef make_complex(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef f = b.types.float64();
  return make_complex_of(b, b.types.scalar(Scalar::C128), number_or(call, 0, f, 0), number_or(call, 1, f, 0));
}

ExprRef where(CallEmitter& call) {
  Builder& b = call.b;
  if (!call.given(1)) return nonzero(call);
  ExprRef cond = truth(b, value(call, 0));
  return b.select(cond, number(call, 1, call.result), number(call, 2, call.result));
}

ExprRef nan_to_num(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = b.machine(call.result);
  ExprRef x = number(call, 0, t);
  if (!is_float(t->scalar) && !is_complex(t->scalar)) return x;
  TypeRef f = b.types.scalar(real_of(t->scalar));
  const double largest =
      f->scalar == Scalar::F32 ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  ExprRef nan = number_or(call, 2, f, 0);
  ExprRef positive = number_or(call, 3, f, largest);
  ExprRef negative = number_or(call, 4, f, -largest);
  auto part = [&](ExprRef p) {
    p = b.reuse(p);
    ExprRef infinite = b.select(b.compare(Op::Gt, p, b.zero(f)), positive, negative);
    ExprRef number = b.select(b.unary(Op::IsInf, p, b.types.boolean()), infinite, p);
    return b.select(b.unary(Op::IsNan, p, b.types.boolean()), nan, number);
  };
  return is_complex(t->scalar) ? make_complex_of(b, t, part(real(b, x)), part(imag(b, x))) : part(x);
}

}  // namespace kjit::kirgen::emit
