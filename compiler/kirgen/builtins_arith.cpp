// Emitters of NumPy's arithmetic, rounding and bit functions of scalars.
#include <kjit_rt/abi.h>

#include <limits>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen::emit {

namespace {

using kir::MathFn;

TypeRef result_type(CallEmitter& call) { return call.b.machine(call.result); }

ExprRef binary(CallEmitter& call, Op op) {
  TypeRef t = result_type(call);
  return call.b.binary(op, number(call, 0, t), number(call, 1, t));
}

ExprRef one(Builder& b, TypeRef t) { return b.constant(t, int64_t{1}); }

ExprRef is_positive(Builder& b, ExprRef x) { return b.compare(Op::Gt, x, b.zero(x->type)); }
ExprRef is_negative(Builder& b, ExprRef x) { return b.compare(Op::Lt, x, b.zero(x->type)); }

// f of a float, or of both parts of a complex number.
template <typename F>
ExprRef by_parts(Builder& b, ExprRef x, F f) {
  if (!is_complex(x->type->scalar)) return f(x);
  x = b.reuse(x);
  return make_complex_of(b, x->type, f(b.reuse(real(b, x))), f(b.reuse(imag(b, x))));
}

}  // namespace

ExprRef cast_first(CallEmitter& call) { return call.b.cast(value(call, 0), call.result); }

ExprRef add(CallEmitter& call) { return binary(call, is_bool(result_type(call)->scalar) ? Op::BitOr : Op::Add); }
ExprRef subtract(CallEmitter& call) { return binary(call, Op::Sub); }
ExprRef multiply(CallEmitter& call) { return binary(call, is_bool(result_type(call)->scalar) ? Op::BitAnd : Op::Mul); }
ExprRef divide(CallEmitter& call) { return binary(call, Op::Div); }

ExprRef floor_divide(CallEmitter& call) {
  TypeRef t = result_type(call);
  return divide_or_zero(call.b, Op::FloorDiv, number(call, 0, t), number(call, 1, t));
}

ExprRef remainder(CallEmitter& call) {
  TypeRef t = result_type(call);
  return divide_or_zero(call.b, Op::Mod, number(call, 0, t), number(call, 1, t));
}

ExprRef fmod(CallEmitter& call) {
  TypeRef t = result_type(call);
  ExprRef x = number(call, 0, t);
  ExprRef y = number(call, 1, t);
  return is_float(t->scalar) ? call.b.math(MathFn::fmod, t, {x, y}) : divide_or_zero(call.b, Op::TruncRem, x, y);
}

ExprRef np_divmod(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = result_type(call)->elements[0];
  ExprRef x = number(call, 0, t);
  ExprRef y = number(call, 1, t);
  return b.tuple({divide_or_zero(b, Op::FloorDiv, x, y), divide_or_zero(b, Op::Mod, x, y)});
}

ExprRef power(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  ExprRef x = number(call, 0, t);
  ExprRef y = number(call, 1, t);
  if (is_signed(t->scalar)) {
    b.check(b.compare(Op::Ge, y, b.zero(t)), KJIT_VALUE_ERROR, "Integers to negative integer powers are not allowed.");
  }
  return b.binary(Op::Pow, x, y);
}

ExprRef negative(CallEmitter& call) { return call.b.unary(Op::Neg, number(call, 0, result_type(call))); }

ExprRef absolute(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = value(call, 0);
  if (is_complex(x->type->scalar)) {
    return b.cast(b.unary(Op::Abs, x, b.types.scalar(real_of(x->type->scalar))), call.result);
  }
  x = b.cast(x, call.result);
  return is_signed(x->type->scalar) || is_float(x->type->scalar) ? b.unary(Op::Abs, x) : x;
}

ExprRef square(CallEmitter& call) {
  ExprRef x = number(call, 0, result_type(call));
  return call.b.binary(Op::Mul, x, x);
}

// Of integers: only 1 and -1 have one; of 0 it is what the machine's conversion of infinity gives NumPy.
ExprRef reciprocal(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  ExprRef x = number(call, 0, t);
  if (!is_integer(t->scalar)) return b.binary(Op::Div, b.constant(t, 1.0), x);
  ExprRef of_zero = b.zero(t);
  if (t->scalar == Scalar::I64) of_zero = b.constant(t, std::numeric_limits<int64_t>::min());
  if (t->scalar == Scalar::I32) of_zero = b.constant(t, int64_t{std::numeric_limits<int32_t>::min()});
  ExprRef is_one = b.compare(Op::Eq, x, one(b, t));
  if (is_signed(t->scalar)) is_one = either(b, is_one, b.compare(Op::Eq, x, b.constant(t, int64_t{-1})));
  return b.select(is_one, x, b.select(b.compare(Op::Eq, x, b.zero(t)), of_zero, b.zero(t)));
}

namespace {

// z / |z|, with NumPy's treatment of infinities.
ExprRef complex_sign(Builder& b, ExprRef z) {
  TypeRef t = b.types.scalar(real_of(z->type->scalar));
  TypeRef boolean = b.types.boolean();
  ExprRef re = b.reuse(real(b, z));
  ExprRef im = b.reuse(imag(b, z));
  ExprRef size = b.reuse(b.unary(Op::Abs, z, t));
  ExprRef nan = b.constant(t, std::numeric_limits<double>::quiet_NaN());
  auto unit = [&](ExprRef x) { return b.math(MathFn::copysign, t, {b.constant(t, 1.0), x}); };
  ExprRef re_inf = b.reuse(b.unary(Op::IsInf, re, boolean));
  ExprRef im_inf = b.reuse(b.unary(Op::IsInf, im, boolean));
  ExprRef size_nan = b.reuse(b.unary(Op::IsNan, size, boolean));
  auto part = [&](ExprRef x, ExprRef own_inf, ExprRef other_inf) {
    ExprRef at_infinity = b.select(own_inf, b.select(other_inf, nan, unit(x)), b.zero(t));
    ExprRef finite = b.select(b.compare(Op::Eq, size, b.zero(t)), b.zero(t), b.binary(Op::Div, x, size));
    return b.select(size_nan, nan, b.select(either(b, own_inf, other_inf), at_infinity, finite));
  };
  return make_complex_of(b, z->type, part(re, re_inf, im_inf), part(im, im_inf, re_inf));
}

}  // namespace

ExprRef sign(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  ExprRef x = number(call, 0, t);
  if (is_complex(t->scalar)) return complex_sign(b, x);
  if (is_unsigned(t->scalar)) return b.select(is_positive(b, x), one(b, t), b.zero(t));
  ExprRef rest = b.zero(t);
  if (is_float(t->scalar)) rest = b.select(b.unary(Op::IsNan, x, b.types.boolean()), x, rest);
  return b.select(is_positive(b, x), one(b, t), b.select(is_negative(b, x), b.constant(t, int64_t{-1}), rest));
}

ExprRef conjugate(CallEmitter& call) {
  ExprRef x = call.b.cast(value(call, 0), call.result);
  return is_complex(x->type->scalar) ? call.b.unary(Op::Conj, x) : x;
}

ExprRef heaviside(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  ExprRef x = number(call, 0, t);
  ExprRef at_zero = number(call, 1, t);
  ExprRef rest = b.select(b.compare(Op::Eq, x, b.zero(t)), at_zero, x);  // nan stays
  return b.select(is_positive(b, x), one(b, t), b.select(is_negative(b, x), b.zero(t), rest));
}

namespace {

// The larger (`op` Ge) or smaller (Le) of complex numbers: nan where one is; with `numbers` only where both are.
ExprRef complex_choice(Builder& b, Op op, ExprRef z, ExprRef w, bool numbers) {
  ExprRef deciding = numbers ? w : z;
  ExprRef is_nan = either(b, b.unary(Op::IsNan, real(b, deciding), b.types.boolean()),
                          b.unary(Op::IsNan, imag(b, deciding), b.types.boolean()));
  return b.select(either(b, is_nan, compare_complex(b, op, z, w)), z, w);
}

ExprRef choose(CallEmitter& call, Op of_numbers, Op of_bools) {
  TypeRef t = result_type(call);
  if (!is_complex(t->scalar)) return binary(call, is_bool(t->scalar) ? of_bools : of_numbers);
  const bool largest = of_numbers == Op::Maximum || of_numbers == Op::FMax;
  const bool numbers = of_numbers == Op::FMax || of_numbers == Op::FMin;
  ExprRef z = number(call, 0, t);
  return complex_choice(call.b, largest ? Op::Ge : Op::Le, z, number(call, 1, t), numbers);
}

}  // namespace

ExprRef np_maximum(CallEmitter& call) { return choose(call, Op::Maximum, Op::BitOr); }
ExprRef np_minimum(CallEmitter& call) { return choose(call, Op::Minimum, Op::BitAnd); }
ExprRef np_fmax(CallEmitter& call) { return choose(call, Op::FMax, Op::BitOr); }
ExprRef np_fmin(CallEmitter& call) { return choose(call, Op::FMin, Op::BitAnd); }

ExprRef clip(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  const bool bools = is_bool(t->scalar);
  ExprRef x = number(call, 0, t);
  const auto limited = [&](size_t i, Op op, Op of_bools, Op order) {
    if (absent(call, i)) return;
    ExprRef limit = number(call, i, t);
    x = is_complex(t->scalar) ? complex_choice(b, order, b.reuse(x), limit, false)
                              : b.binary(bools ? of_bools : op, x, limit);
  };
  limited(1, Op::Maximum, Op::BitOr, Op::Ge);
  limited(2, Op::Minimum, Op::BitAnd, Op::Le);
  return x;
}

// --- rounding

namespace {

ExprRef rounded(CallEmitter& call, MathFn fn) {
  ExprRef x = call.b.cast(value(call, 0), call.result);
  return is_float(x->type->scalar) ? call.b.math(fn, x->type, {x}) : x;
}

}  // namespace

ExprRef floor(CallEmitter& call) { return rounded(call, MathFn::floor); }
ExprRef ceil(CallEmitter& call) { return rounded(call, MathFn::ceil); }
ExprRef trunc(CallEmitter& call) { return rounded(call, MathFn::trunc); }

ExprRef rint(CallEmitter& call) {
  Builder& b = call.b;
  return by_parts(b, number(call, 0, result_type(call)), [&](ExprRef x) { return b.math(MathFn::rint, x->type, {x}); });
}

ExprRef np_round(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  ExprRef x = number(call, 0, t);
  ExprRef digits = absent(call, 1) ? b.const_int(0) : number(call, 1, b.types.int64());
  if (is_integer(t->scalar)) return round_integer(b, x, digits);
  const bool whole = b.is_const_int(digits, 0);
  return by_parts(b, x, [&](ExprRef part) {
    return whole ? b.math(MathFn::rint, part->type, {part})
                 : b.math(MathFn::round_digits_np, part->type, {part, digits});
  });
}

// --- bits

ExprRef bit_and(CallEmitter& call) { return binary(call, Op::BitAnd); }
ExprRef bit_or(CallEmitter& call) { return binary(call, Op::BitOr); }
ExprRef bit_xor(CallEmitter& call) { return binary(call, Op::BitXor); }
ExprRef invert(CallEmitter& call) { return call.b.unary(Op::Invert, number(call, 0, result_type(call))); }

namespace {

// In 64 bits: a count of the type's width or more shifts everything out.
ExprRef shift(CallEmitter& call, Op op) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  TypeRef wide = b.types.scalar(is_unsigned(t->scalar) ? Scalar::U64 : Scalar::I64);
  ExprRef x = b.cast(number(call, 0, t), wide);
  ExprRef count = b.cast(number(call, 1, t), wide);
  return b.cast(b.binary(op, x, count), t);
}

}  // namespace

ExprRef left_shift(CallEmitter& call) { return shift(call, Op::Shl); }
ExprRef right_shift(CallEmitter& call) { return shift(call, Op::Shr); }

namespace {

ExprRef unsigned_magnitude(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = value(call, 0);
  TypeRef wide = b.types.scalar(is_unsigned(x->type->scalar) ? Scalar::U64 : Scalar::I64);
  x = b.cast(x, wide);
  if (is_signed(wide->scalar)) x = b.unary(Op::Abs, x);
  return b.reuse(b.cast(x, b.types.scalar(Scalar::U64)));
}

}  // namespace

ExprRef bit_count(CallEmitter& call) {
  return call.b.cast(call.b.unary(Op::PopCount, unsigned_magnitude(call)), call.result);
}

ExprRef scalar_view(CallEmitter& call) {
  ExprRef x = value(call, 0);
  return x->type == call.result ? x : call.b.unary(Op::Bitcast, x, call.result);
}

ExprRef bit_length(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = unsigned_magnitude(call);
  ExprRef leading = b.cast(b.unary(Op::CountLeadingZeros, x), b.types.int64());
  ExprRef length = b.binary(Op::Sub, b.const_int(64), leading);
  return b.cast(b.select(b.compare(Op::Eq, x, b.zero(x->type)), b.const_int(0), length), call.result);
}

}  // namespace kjit::kirgen::emit
