// What the emitters of built-ins share: arguments, small expressions, loops over elements.
#include "kirgen/builtins_support.h"

#include <kjit_rt/abi.h>

#include "sema/promotion.h"

namespace kjit::kirgen {

TypeRef argument_type(const CallEmitter& call, size_t i) {
  TypeRef t = call.call.args[i].type;
  return t && t->is_optional() ? t->elements[0] : t;
}

bool absent(const CallEmitter& call, size_t i) {
  return !call.given(i) || i >= call.call.args.size() || !call.call.args[i].type || call.call.args[i].type->is_none();
}

ExprRef result_into(CallEmitter& call, size_t i, ExprRef made) {
  if (absent(call, i)) return made;
  made = call.b.reuse(made);
  return copied_into(call.b, call.b.reuse(value(call, i)), made);
}

ExprRef copied_into(Builder& b, ExprRef out, ExprRef made) {
  if (!made->type->is_array()) {
    b.store(out, {}, made);
    return out;
  }
  for (uint32_t k = 0; k < out->type->rank; ++k) {
    ExprRef n = b.dim(made, k);
    b.check(b.compare(Op::Eq, b.dim(out, k), n), KJIT_VALUE_ERROR, "out has length {0} along axis {1}, the result {2}",
            {b.dim(out, k), b.const_int(k), n});
  }
  kir::Stmt* copy = b.stmt(kir::StmtKind::CopyArray);
  copy->array = out, copy->expr = made;
  return out;
}

ExprRef value(CallEmitter& call, size_t i) { return call.b.unwrap(call.args[i]); }

ExprRef number(CallEmitter& call, size_t i, TypeRef type) {
  return call.b.reuse(call.b.cast(value(call, i), call.b.machine(type)));
}

ExprRef number_or(CallEmitter& call, size_t i, TypeRef type, double otherwise) {
  if (!absent(call, i)) return number(call, i, type);
  return call.b.cast(call.b.const_float(otherwise), type);
}

int64_t int_constant(const CallEmitter& call, size_t i, int64_t otherwise) {
  const sema::Constant* c = call.constant(i);
  return c && c->is_int() ? c->as_int() : otherwise;
}

TypeRef common_operand(CallEmitter& call) {
  TypeRef common = nullptr;
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (absent(call, i) || !argument_type(call, i)->is_scalar()) continue;
    TypeRef t = argument_type(call, i);
    common = common ? sema::common_type(call.b.types, common, t) : t;
  }
  return call.b.machine(common);
}

// --- small expressions

ExprRef both(Builder& b, ExprRef p, ExprRef q) { return b.binary(Op::BitAnd, p, q); }
ExprRef either(Builder& b, ExprRef p, ExprRef q) { return b.binary(Op::BitOr, p, q); }
ExprRef truth(Builder& b, ExprRef number) { return b.cast(number, b.types.boolean()); }
ExprRef real(Builder& b, ExprRef z) { return b.unary(Op::Real, z, b.types.scalar(real_of(z->type->scalar))); }
ExprRef imag(Builder& b, ExprRef z) { return b.unary(Op::Imag, z, b.types.scalar(real_of(z->type->scalar))); }

ExprRef make_complex_of(Builder& b, TypeRef type, ExprRef re, ExprRef im) {
  TypeRef part = b.types.scalar(real_of(type->scalar));
  return b.node(Op::MakeComplex, type, {b.cast(re, part), b.cast(im, part)});
}

ExprRef compare_mixed(Builder& b, Op op, ExprRef a, ExprRef c) {
  const Scalar l = a->type->scalar;
  const Scalar r = c->type->scalar;
  TypeRef u64 = b.types.scalar(Scalar::U64);
  if (l == Scalar::U64 && is_signed(r)) {  // c < 0 is below every a
    c = b.reuse(c);
    ExprRef below = b.const_bool(op == Op::Gt || op == Op::Ge || op == Op::Ne);
    return b.select(b.compare(Op::Lt, c, b.zero(c->type)), below, b.compare(op, a, b.cast(c, u64)));
  }
  if (r == Scalar::U64 && is_signed(l)) {
    a = b.reuse(a);
    ExprRef below = b.const_bool(op == Op::Lt || op == Op::Le || op == Op::Ne);
    return b.select(b.compare(Op::Lt, a, b.zero(a->type)), below, b.compare(op, b.cast(a, u64), c));
  }
  TypeRef common = b.types.scalar(sema::promote(l, r));
  if (is_complex(common->scalar) && op != Op::Eq && op != Op::Ne)
    return compare_complex(b, op, b.reuse(b.cast(a, common)), b.reuse(b.cast(c, common)));
  return b.compare(op, b.cast(a, common), b.cast(c, common));
}

ExprRef compare_complex(Builder& b, Op op, ExprRef z, ExprRef w) {
  const Op strict = op == Op::Le ? Op::Lt : op == Op::Ge ? Op::Gt : op;
  const auto is_number = [&](ExprRef x) { return b.compare(Op::Eq, x, x); };
  ExprRef differ =
      both(b, b.compare(strict, real(b, z), real(b, w)), both(b, is_number(imag(b, z)), is_number(imag(b, w))));
  return either(b, differ, both(b, b.compare(Op::Eq, real(b, z), real(b, w)), b.compare(op, imag(b, z), imag(b, w))));
}

ExprRef divide_or_zero(Builder& b, Op op, ExprRef x, ExprRef y) {
  if (is_float(y->type->scalar) || (b.is_const(y) && y->constant.i != 0)) return b.binary(op, x, y);
  y = b.reuse(y);
  return b.select(b.compare(Op::Eq, y, b.zero(y->type)), b.zero(x->type), b.binary(op, x, y));
}

ExprRef round_integer(Builder& b, ExprRef x, ExprRef digits) {
  if (b.is_const(digits) && digits->constant.i >= 0) return x;
  TypeRef type = x->type;
  TypeRef wide = b.types.scalar(is_unsigned(type->scalar) ? Scalar::U64 : Scalar::I64);
  x = b.reuse(b.cast(x, wide));
  ExprRef places = b.reuse(b.unary(Op::Neg, digits));
  ExprRef used = b.binary(Op::Minimum, b.binary(Op::Maximum, places, b.const_int(0)), b.const_int(18));
  ExprRef p = b.reuse(b.binary(Op::Pow, b.constant(wide, int64_t{10}), b.cast(used, wide)));
  ExprRef q = b.reuse(b.binary(Op::FloorDiv, x, p));
  ExprRef left = b.reuse(b.binary(Op::Sub, x, b.binary(Op::Mul, q, p)));
  ExprRef rest = b.binary(Op::Sub, p, left);
  ExprRef odd = truth(b, b.binary(Op::BitAnd, q, b.constant(wide, int64_t{1})));
  ExprRef up = either(b, b.compare(Op::Gt, left, rest), both(b, b.compare(Op::Eq, left, rest), odd));
  ExprRef rounded = b.binary(Op::Mul, b.binary(Op::Add, q, b.cast(up, wide)), p);
  rounded = b.select(b.compare(Op::Gt, places, b.const_int(18)), b.zero(wide), rounded);
  return b.cast(b.select(b.compare(Op::Le, places, b.const_int(0)), x, rounded), type);
}

// --- sequences

ExprRef range_length(Builder& b, ExprRef range) {
  range = b.reuse(range);
  ExprRef start = b.get(range, 0);
  ExprRef stop = b.get(range, 1);
  ExprRef step = b.get(range, 2);
  ExprRef zero = b.const_int(0);
  if (b.is_const_int(step, 1)) return b.binary(Op::Maximum, b.binary(Op::Sub, stop, start), zero);
  // ceil(a / s) is -floor(-a / s).
  ExprRef count = b.unary(Op::Neg, b.binary(Op::FloorDiv, b.binary(Op::Sub, start, stop), step));
  return b.binary(Op::Maximum, count, zero);
}

Elements elements_of(CallEmitter& call, size_t i) {
  Builder& b = call.b;
  TypeRef type = argument_type(call, i);
  ExprRef x = b.reuse(value(call, i));
  Elements out;
  if (type->is_tuple()) {
    out.is_fixed = true;
    for (uint32_t k = 0; k < type->elements.size(); ++k) out.fixed.push_back(b.get(x, k));
  } else if (type->is_array()) {
    out.length = b.dim(x, 0);
    out.at = [&b, x](ExprRef position) { return b.load(x, {position}); };
  } else {
    out.length = b.reuse(range_length(b, x));
    out.at = [&b, x](ExprRef position) {
      return b.binary(Op::Add, b.get(x, 0), b.binary(Op::Mul, position, b.get(x, 2)));
    };
  }
  return out;
}

// --- arrays

ExprRef contiguous_view(Builder& b, ExprRef array, TypeRef type, const std::vector<ExprRef>& shape) {
  std::vector<ExprRef> strides(shape.size());
  ExprRef stride = b.const_int(size_of(type->scalar));
  for (size_t k = shape.size(); k-- > 0;) {
    strides[k] = stride;
    if (k > 0) stride = b.reuse(b.binary(Op::Mul, stride, shape[k]));
  }
  std::vector<ExprRef> args = {array, b.const_int(0)};
  args.insert(args.end(), shape.begin(), shape.end());
  args.insert(args.end(), strides.begin(), strides.end());
  return b.node(Op::MakeView, type, std::move(args));
}

ExprRef flat_view(Builder& b, ExprRef array) {
  TypeRef type = array->type;
  if (type->rank == 1) return array;
  TypeRef flat = b.types.array(type->scalar, 1, Layout::C, type->readonly);
  return contiguous_view(b, array, flat, {b.reuse(b.size(array))});
}

namespace {

void axis_loops(Builder& b, ExprRef array, std::vector<ExprRef>& indices, const std::function<void(ExprRef)>& body) {
  const uint32_t axis = static_cast<uint32_t>(indices.size());
  if (axis == array->type->rank) {
    body(b.load(array, indices));
    return;
  }
  b.for_range(b.const_int(0), b.dim(array, axis), b.const_int(1), [&](VarId i) {
    indices.push_back(b.var(i));
    axis_loops(b, array, indices, body);
    indices.pop_back();
  });
}

}  // namespace

void for_each_element(Builder& b, ExprRef array, const std::function<void(ExprRef element)>& body) {
  array = b.reuse(array);
  if (array->type->layout == Layout::C && array->type->rank > 1) array = b.reuse(flat_view(b, array));
  std::vector<ExprRef> indices;
  axis_loops(b, array, indices, body);
}

VarId copy_array(Builder& b, ExprRef array, TypeRef type) {
  VarId made = b.temp(type, "%copy");
  kir::Stmt* s = b.stmt(kir::StmtKind::Copy);
  s->var = made;
  s->expr = array;
  return made;
}

}  // namespace kjit::kirgen
