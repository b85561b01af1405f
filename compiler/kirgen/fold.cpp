// Folding on constants. Integers wrap as at run time; float64 arithmetic is the machine's own.
#include "kirgen/fold.h"

#include <cmath>
#include <limits>

namespace kjit::kirgen {

int64_t wrap_to(Scalar scalar, int64_t value) {
  switch (scalar) {
    case Scalar::Bool:
      return value != 0 ? 1 : 0;
    case Scalar::I8:
      return static_cast<int8_t>(value);
    case Scalar::I16:
      return static_cast<int16_t>(value);
    case Scalar::I32:
      return static_cast<int32_t>(value);
    case Scalar::U8:
      return static_cast<uint8_t>(value);
    case Scalar::U16:
      return static_cast<uint16_t>(value);
    case Scalar::U32:
      return static_cast<uint32_t>(value);
    default:
      return value;
  }
}

namespace {

ExprRef fold_integers(Builder& b, Op op, ExprRef x, ExprRef y) {
  const uint64_t l = static_cast<uint64_t>(x->constant.i);
  const uint64_t r = static_cast<uint64_t>(y->constant.i);
  auto made = [&](uint64_t v) { return b.constant(x->type, static_cast<int64_t>(v)); };
  const bool less = is_signed(x->type->scalar) ? x->constant.i < y->constant.i : l < r;
  switch (op) {
    case Op::Min:
    case Op::Minimum:
      return less ? x : y;
    case Op::Max:
    case Op::Maximum:
      return less ? y : x;
    case Op::Add:
      return made(l + r);
    case Op::Sub:
      return made(l - r);
    case Op::Mul:
      return made(l * r);
    case Op::BitAnd:
      return made(l & r);
    case Op::BitOr:
      return made(l | r);
    case Op::BitXor:
      return made(l ^ r);
    default:
      return nullptr;
  }
}

ExprRef fold_floats(Builder& b, Op op, double l, double r) {
  switch (op) {
    case Op::Add:
      return b.const_float(l + r);
    case Op::Sub:
      return b.const_float(l - r);
    case Op::Mul:
      return b.const_float(l * r);
    case Op::Div:
      return r != 0 ? b.const_float(l / r) : nullptr;
    default:
      return nullptr;
  }
}

template <typename T>
bool compare_values(Op op, T l, T r) {
  switch (op) {
    case Op::Eq:
      return l == r;
    case Op::Ne:
      return l != r;
    case Op::Lt:
      return l < r;
    case Op::Le:
      return l <= r;
    case Op::Gt:
      return l > r;
    default:
      return l >= r;
  }
}

// As Op::Cast says.
int64_t truncate(Scalar to, double v) {
  constexpr double kTop = 9223372036854775808.0;  // 2^63
  if (to == Scalar::U64 && v >= kTop) return v < 2 * kTop ? static_cast<int64_t>(static_cast<uint64_t>(v)) : 0;
  const int64_t all = v >= -kTop && v < kTop ? static_cast<int64_t>(v) : std::numeric_limits<int64_t>::min();
  if (size_of(to) > 4 || to == Scalar::U32) return all;
  return all == static_cast<int32_t>(all) ? all : std::numeric_limits<int32_t>::min();
}

bool whole(Scalar s) { return is_bool(s) || is_integer(s); }

}  // namespace

ExprRef fold_binary(Builder& b, Op op, ExprRef x, ExprRef y) {
  if (!x->type->is_scalar() || x->type != y->type) return nullptr;
  const Scalar s = x->type->scalar;
  const bool integer = is_integer(s);
  if (b.is_const(x) && b.is_const(y)) {
    if (whole(s)) return fold_integers(b, op, x, y);
    return s == Scalar::F64 ? fold_floats(b, op, x->constant.f[0], y->constant.f[0]) : nullptr;
  }
  if (!integer) return nullptr;
  const bool length = y->op == Op::Dim || y->op == Op::Size;
  if (op == Op::Min && b.is_const_int(x, 0) && length) return x;
  const bool additive = op == Op::Add || op == Op::Sub;
  if (b.is_const_int(y, 0) && additive) return x;
  if (b.is_const_int(x, 0) && op == Op::Add) return y;
  if (b.is_const_int(y, 1) && (op == Op::Mul || op == Op::FloorDiv)) return x;
  if (b.is_const_int(x, 1) && op == Op::Mul) return y;
  // (v + c) + d is v + (c + d): index arithmetic stays short.
  if (additive && b.is_const(y) && (x->op == Op::Add || x->op == Op::Sub) && b.is_const(x->args[1])) {
    const uint64_t inner = static_cast<uint64_t>(x->args[1]->constant.i);
    const uint64_t outer = static_cast<uint64_t>(y->constant.i);
    const uint64_t sum = (x->op == Op::Add ? inner : 0 - inner) + (op == Op::Add ? outer : 0 - outer);
    return b.binary(Op::Add, x->args[0], b.constant(x->type, static_cast<int64_t>(sum)));
  }
  return nullptr;
}

ExprRef fold_compare(Builder& b, Op op, ExprRef x, ExprRef y) {
  if (!b.is_const(x) || !b.is_const(y) || x->type != y->type || is_complex(x->type->scalar)) return nullptr;
  if (op < Op::Eq || op > Op::Ge) return nullptr;
  const Scalar s = x->type->scalar;
  if (is_float(s)) return b.const_bool(compare_values(op, x->constant.f[0], y->constant.f[0]));
  if (is_signed(s)) return b.const_bool(compare_values(op, x->constant.i, y->constant.i));
  return b.const_bool(compare_values(op, static_cast<uint64_t>(x->constant.i), static_cast<uint64_t>(y->constant.i)));
}

ExprRef fold_cast(Builder& b, ExprRef value, TypeRef to) {
  if (!b.is_const(value) || !value->type->is_scalar()) return nullptr;
  const Scalar from = value->type->scalar;
  const Scalar s = to->scalar;
  if (whole(from)) {
    if (whole(s)) return b.constant(to, value->constant.i);
    const bool large = is_unsigned(from);
    if (real_of(s) == Scalar::F32) {
      const float f =
          large ? static_cast<float>(static_cast<uint64_t>(value->constant.i)) : static_cast<float>(value->constant.i);
      return b.constant(to, static_cast<double>(f));
    }
    return b.constant(to, large ? static_cast<double>(static_cast<uint64_t>(value->constant.i))
                                : static_cast<double>(value->constant.i));
  }
  const double re = value->constant.f[0];
  const double im = is_complex(from) ? value->constant.f[1] : 0.0;
  if (is_bool(s)) return b.const_bool(re != 0 || im != 0);
  if (is_integer(s)) return b.constant(to, truncate(s, re));
  return is_complex(s) ? b.constant(to, re, im) : b.constant(to, re);
}

}  // namespace kjit::kirgen
