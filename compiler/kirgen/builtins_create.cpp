// Emitters of array creation.
#include <kjit_rt/abi.h>

#include <limits>

#include "kirgen/builtins_support.h"
#include "sema/promotion.h"

namespace kjit::kirgen::emit {

namespace {

using kir::Fill;
using kir::MathFn;

// The lengths of a shape argument, each >= 0 (checked) and safe to use again.
std::vector<ExprRef> shape_argument(CallEmitter& call, size_t i) {
  Builder& b = call.b;
  std::vector<ExprRef> shape;
  ExprRef x = value(call, i);
  if (x->type->is_tuple()) {
    x = b.reuse(x);
    for (uint32_t k = 0; k < x->type->elements.size(); ++k) shape.push_back(b.get(x, k));
  } else {
    shape.push_back(x);
  }
  for (ExprRef& n : shape) {
    n = b.reuse(b.cast(n, b.types.int64()));
    if (b.is_const(n) && n->constant.i >= 0) continue;
    b.check(b.compare(Op::Ge, n, b.const_int(0)), KJIT_VALUE_ERROR, "negative dimensions are not allowed");
  }
  return shape;
}

std::vector<ExprRef> shape_of(CallEmitter& call, size_t i) {
  Builder& b = call.b;
  std::vector<ExprRef> shape;
  if (!argument_type(call, i)->is_array()) return shape;
  ExprRef array = b.reuse(value(call, i));
  for (uint32_t k = 0; k < array->type->rank; ++k) shape.push_back(b.dim(array, k));
  return shape;
}

ExprRef make(CallEmitter& call, std::vector<ExprRef> shape, Fill fill, ExprRef filler = nullptr) {
  return call.b.var(call.b.alloc(call.b.machine(call.result), std::move(shape), fill, filler));
}

TypeRef element_type(CallEmitter& call) { return call.b.types.scalar(call.result->scalar); }

ExprRef one(CallEmitter& call) { return call.b.constant(element_type(call), int64_t{1}); }

}  // namespace

ExprRef create_empty(CallEmitter& call) { return make(call, shape_argument(call, 0), Fill::None); }
ExprRef create_zeros(CallEmitter& call) { return make(call, shape_argument(call, 0), Fill::Zeros); }
ExprRef create_ones(CallEmitter& call) { return make(call, shape_argument(call, 0), Fill::Value, one(call)); }
ExprRef create_full(CallEmitter& call) {
  ExprRef filler = number(call, 1, element_type(call));
  return make(call, shape_argument(call, 0), Fill::Value, filler);
}

ExprRef empty_like(CallEmitter& call) { return make(call, shape_of(call, 0), Fill::None); }
ExprRef zeros_like(CallEmitter& call) { return make(call, shape_of(call, 0), Fill::Zeros); }
ExprRef ones_like(CallEmitter& call) { return make(call, shape_of(call, 0), Fill::Value, one(call)); }
ExprRef full_like(CallEmitter& call) {
  ExprRef filler = number(call, 1, element_type(call));
  return make(call, shape_of(call, 0), Fill::Value, filler);
}

// As NumPy: the first two values are found in the operands' type and converted; the others follow from their
// difference.
ExprRef arange(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef work = nullptr;
  for (size_t i = 0; i < 3; ++i) {
    if (absent(call, i)) continue;
    const Scalar s = argument_type(call, i)->scalar;
    TypeRef t = is_float(s) ? b.types.float64() : s == Scalar::U64 ? b.types.scalar(s) : b.types.int64();
    work = !work || t == work ? t : b.types.float64();
  }
  if (work->scalar == Scalar::U64) work = b.types.float64();
  const bool only_stop = absent(call, 1);
  ExprRef start = only_stop ? b.zero(work) : number(call, 0, work);
  ExprRef stop = number(call, only_stop ? 0 : 1, work);
  ExprRef step = absent(call, 2) ? b.constant(work, int64_t{1}) : number(call, 2, work);
  b.check(b.compare(Op::Ne, step, b.zero(work)), KJIT_ZERO_DIVISION_ERROR, "division by zero");
  ExprRef length = nullptr;
  if (is_float(work->scalar)) {
    ExprRef count = b.binary(Op::Div, b.binary(Op::Sub, stop, start), step);
    count = b.reuse(b.math(MathFn::ceil, work, {count}));
    b.check(b.compare(Op::Lt, count, b.constant(work, 0x1p62)), KJIT_VALUE_ERROR, "Maximum allowed size exceeded");
    length = b.binary(Op::Maximum, b.cast(count, b.types.int64()), b.const_int(0));
  } else {
    length = range_length(b, b.tuple({start, stop, step}));
  }
  length = b.reuse(length);
  TypeRef t = element_type(call);
  if (is_bool(t->scalar)) t = b.types.int64();
  ExprRef first = b.reuse(b.cast(start, t));
  ExprRef delta = b.reuse(b.binary(Op::Sub, b.cast(b.binary(Op::Add, start, step), t), first));
  ExprRef array = make(call, {length}, Fill::None);
  b.for_range(b.const_int(0), length, b.const_int(1), [&](VarId i) {
    ExprRef x = b.binary(Op::Add, first, b.binary(Op::Mul, b.cast(b.var(i), t), delta));
    b.store(array, {b.var(i)}, b.cast(x, element_type(call)));
  });
  return array;
}

namespace {

ExprRef linspace_array(CallEmitter& call, TypeRef array_type, TypeRef work, ExprRef& step) {
  Builder& b = call.b;
  TypeRef element = b.types.scalar(array_type->scalar);
  const bool endpoint = int_constant(call, 3, 1) != 0;
  ExprRef start = number(call, 0, work);
  ExprRef stop = number(call, 1, work);
  ExprRef count = absent(call, 2) ? b.const_int(50) : number(call, 2, b.types.int64());
  if (!b.is_const(count) || count->constant.i < 0) {
    b.check(b.compare(Op::Ge, count, b.const_int(0)), KJIT_VALUE_ERROR, "Number of samples, {0}, must be non-negative.",
            {count});
  }
  ExprRef parts = b.reuse(endpoint ? b.binary(Op::Sub, count, b.const_int(1)) : count);
  ExprRef some = b.reuse(b.compare(Op::Gt, parts, b.const_int(0)));
  ExprRef delta = b.reuse(b.binary(Op::Sub, stop, start));
  ExprRef divisor = b.reuse(b.cast(b.select(some, parts, b.const_int(1)), work));
  step = b.reuse(b.binary(Op::Div, delta, divisor));
  ExprRef tiny = b.reuse(b.compare(Op::Eq, step, b.zero(work)));  // then delta / divisor underflowed
  VarId made = b.alloc(array_type, {count}, kir::Fill::None);
  auto converted = [&](ExprRef x) {
    if (is_integer(element->scalar)) x = b.math(MathFn::floor, work, {x});
    return b.cast(x, element);
  };
  b.for_range(b.const_int(0), count, b.const_int(1), [&](VarId i) {
    ExprRef k = b.cast(b.var(i), work);
    ExprRef scaled =
        b.select(tiny, b.binary(Op::Mul, b.binary(Op::Div, k, divisor), delta), b.binary(Op::Mul, k, step));
    b.store(b.var(made), {b.var(i)}, converted(b.binary(Op::Add, scaled, start)));
  });
  if (endpoint) {
    emit_if(b, some, [&] { b.store(b.var(made), {parts}, converted(stop)); });
  } else {
    step = b.select(some, step, b.constant(work, std::numeric_limits<double>::quiet_NaN()));
  }
  return b.var(made);
}

}  // namespace

ExprRef linspace(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef result = b.machine(call.result);
  auto floating = [&](size_t i) {
    TypeRef t = argument_type(call, i);
    if (is_float(t->scalar) || is_complex(t->scalar)) return t;
    return t->weak ? b.types.py_float() : b.types.float64();
  };
  ExprRef step = nullptr;
  TypeRef work = b.machine(sema::common_type(b.types, floating(0), floating(1)));
  if (!result->is_tuple()) return linspace_array(call, result, work, step);
  ExprRef array = linspace_array(call, result->elements[0], work, step);
  return b.tuple({array, b.cast(step, result->elements[1])});
}

// eye(N, M, k, dtype) and identity(n, dtype).
ExprRef eye(CallEmitter& call) {
  Builder& b = call.b;
  const bool full = call.args.size() > 2;
  TypeRef i64 = b.types.int64();
  ExprRef zero = b.const_int(0);
  ExprRef rows = number(call, 0, i64);
  ExprRef columns = full && !absent(call, 1) ? number(call, 1, i64) : rows;
  ExprRef k = full && !absent(call, 2) ? number(call, 2, i64) : zero;
  for (ExprRef n : {rows, columns}) {
    if (b.is_const(n) && n->constant.i >= 0) continue;
    b.check(b.compare(Op::Ge, n, zero), KJIT_VALUE_ERROR, "negative dimensions are not allowed");
  }
  ExprRef array = make(call, {rows, columns}, Fill::Zeros);
  ExprRef first = b.binary(Op::Maximum, b.unary(Op::Neg, k), zero);
  ExprRef last = b.binary(Op::Minimum, rows, b.binary(Op::Sub, columns, k));
  b.for_range(first, last, b.const_int(1),
              [&](VarId i) { b.store(array, {b.var(i), b.binary(Op::Add, b.var(i), k)}, one(call)); });
  return array;
}

namespace {

// An array within a list: its elements, where its shape is that of the first one.
void store_part(Builder& b, ExprRef array, ExprRef part, const std::vector<ExprRef>& indices) {
  part = b.var(b.spill(part));
  std::vector<ExprRef> lengths = lengths_of(b, part);
  for (uint32_t k = 0; k < lengths.size(); ++k) {
    const auto axis = static_cast<uint32_t>(indices.size()) + k;
    b.check(b.compare(Op::Eq, lengths[k], b.dim(array, axis)), KJIT_VALUE_ERROR,
            "arrays of length {0} and {1} along axis {2} do not make one array",
            {b.dim(array, axis), lengths[k], b.const_int(axis)});
  }
  for_each_index(b, lengths, [&](const std::vector<ExprRef>& index) {
    std::vector<ExprRef> to = indices;
    to.insert(to.end(), index.begin(), index.end());
    b.store(array, std::move(to), b.cast(b.load(part, index), b.types.scalar(array->type->scalar)));
  });
}

void store_literal(Builder& b, ExprRef array, ExprRef x, std::vector<ExprRef>& indices) {
  if (x->type->is_array()) {
    store_part(b, array, x, indices);
    return;
  }
  if (!x->type->is_tuple()) {
    b.store(array, indices, b.cast(x, b.types.scalar(array->type->scalar)));
    return;
  }
  for (uint32_t k = 0; k < x->type->elements.size(); ++k) {
    indices.push_back(b.const_int(k));
    store_literal(b, array, b.get(x, k), indices);
    indices.pop_back();
  }
}

}  // namespace

ExprRef array_of(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = value(call, 0);
  if (x->type->is_array()) return b.var(copy_array(b, x, b.machine(call.result)));
  return array_of_display(b, x, b.machine(call.result));
}

ExprRef as_array(CallEmitter& call) { return argument_type(call, 0) == call.result ? value(call, 0) : array_of(call); }

ExprRef copy(CallEmitter& call) { return call.b.var(copy_array(call.b, value(call, 0), call.b.machine(call.result))); }

ExprRef fill(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = value(call, 0);
  kir::Stmt* s = b.stmt(kir::StmtKind::FillArray);
  s->array = array;
  s->expr = b.cast(value(call, 1), b.types.scalar(array->type->scalar));
  return b.node(Op::NoneValue, b.types.none(), {});
}

}  // namespace kjit::kirgen::emit

namespace kjit::kirgen {

ExprRef array_of_display(Builder& b, ExprRef x, TypeRef type) {
  if (type->is_tuple()) {
    x = x->op == Op::MakeTuple ? x : b.reuse(x);
    std::vector<ExprRef> parts;
    for (uint32_t k = 0; k < type->elements.size(); ++k) {
      ExprRef part = b.get(x, k);
      TypeRef wanted = type->elements[k];
      parts.push_back(part->type->is_array() ? part : array_of_display(b, part, wanted));
    }
    return b.tuple(std::move(parts));
  }
  if (x->type->is_scalar() && type->rank == 1) x = b.tuple({x});
  x = x->op == Op::MakeTuple ? x : b.reuse(x);
  std::vector<ExprRef> shape;
  ExprRef first = x;
  while (first->type->is_tuple()) {
    shape.push_back(b.const_int(static_cast<int64_t>(first->type->elements.size())));
    if (first->type->elements.empty()) break;
    first = b.get(first, 0);
  }
  if (first->type->is_array()) {
    first = b.reuse(first);
    for (ExprRef length : lengths_of(b, first)) shape.push_back(length);
  }
  while (shape.size() < type->rank) shape.push_back(b.const_int(0));
  ExprRef array = b.var(b.alloc(type, std::move(shape), kir::Fill::None));
  std::vector<ExprRef> indices;
  emit::store_literal(b, array, x, indices);
  return array;
}

}  // namespace kjit::kirgen
