// Emitters of shape functions: shape, size, reshape, ravel, transpose, item.
#include <kjit_rt/abi.h>

#include <algorithm>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen {

ExprRef row_major(Builder& b, ExprRef array) {
  TypeRef t = array->type;
  if (t->layout == Layout::C) return b.reuse(array);
  return b.var(copy_array(b, array, b.types.array(t->scalar, t->rank, Layout::C)));
}

namespace emit {

ExprRef shape(CallEmitter& call) {
  Builder& b = call.b;
  std::vector<ExprRef> dims;
  if (argument_type(call, 0)->is_array()) {
    ExprRef array = b.reuse(value(call, 0));
    for (uint32_t k = 0; k < array->type->rank; ++k) dims.push_back(b.dim(array, k));
  }
  return b.tuple(std::move(dims));
}

ExprRef size(CallEmitter& call) {
  return argument_type(call, 0)->is_array() ? call.b.size(value(call, 0)) : call.b.const_int(1);
}

ExprRef ndindex(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef i64 = b.types.int64();
  std::vector<ExprRef> lengths;
  if (call.args.size() == 1 && argument_type(call, 0)->is_tuple()) {
    ExprRef shape = b.reuse(value(call, 0));
    for (uint32_t k = 0; k < shape->type->elements.size(); ++k)
      lengths.push_back(b.reuse(b.cast(b.get(shape, k), i64)));
  } else {
    for (size_t i = 0; i < call.args.size(); ++i) lengths.push_back(number(call, i, i64));
  }
  for (ExprRef n : lengths) {
    if (!(b.is_const(n) && n->constant.i >= 0))
      b.check(b.compare(Op::Ge, n, b.const_int(0)), KJIT_VALUE_ERROR, "negative dimensions are not allowed");
  }
  return b.tuple(std::move(lengths));
}

namespace {

// At most one length is -1: it becomes what is left of `total`. Lengths whose product leaves 64 bits are the caller's
// to find.
void fill_in_unknown(Builder& b, std::vector<ExprRef>& dims, ExprRef total) {
  ExprRef zero = b.const_int(0);
  ExprRef known = b.const_int(1);
  ExprRef unknowns = zero;
  bool any = false;
  for (ExprRef d : dims) {
    if (b.is_const(d) && d->constant.i >= 0) {
      known = b.binary(Op::Mul, known, d);
      continue;
    }
    any = true;
    ExprRef missing = b.reuse(b.compare(Op::Lt, d, zero));
    known = b.binary(Op::Mul, known, b.select(missing, b.const_int(1), d));
    unknowns = b.binary(Op::Add, unknowns, b.cast(missing, b.types.int64()));
  }
  if (!any) return;
  unknowns = b.reuse(unknowns);
  known = b.reuse(known);
  b.check(b.compare(Op::Le, unknowns, b.const_int(1)), KJIT_VALUE_ERROR, "can only specify one unknown dimension");
  b.check(either(b, b.compare(Op::Eq, unknowns, zero), b.compare(Op::Ne, known, zero)), KJIT_VALUE_ERROR,
          "cannot reshape array of size {0}: the unknown dimension beside one of length 0 may be anything", {total});
  ExprRef rest = b.reuse(b.binary(Op::FloorDiv, total, b.binary(Op::Maximum, known, b.const_int(1))));
  for (ExprRef& d : dims) {
    if (!b.is_const(d) || d->constant.i < 0) d = b.reuse(b.select(b.compare(Op::Lt, d, zero), rest, d));
  }
}

}  // namespace

ExprRef reshape(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef i64 = b.types.int64();
  ExprRef array = b.reuse(value(call, 0));
  std::vector<ExprRef> dims;
  if (argument_type(call, 1)->is_tuple()) {
    ExprRef shape = b.reuse(value(call, 1));
    for (uint32_t k = 0; k < shape->type->elements.size(); ++k) dims.push_back(b.reuse(b.cast(b.get(shape, k), i64)));
  } else {
    for (size_t i = 1; i < call.args.size(); ++i) dims.push_back(number(call, i, i64));
  }
  ExprRef total = b.reuse(b.size(array));
  ShapesOfMessage operands{{total}};
  const std::string message = "cannot reshape array of size {0} into shape " + operands.add(dims);
  fill_in_unknown(b, dims, total);
  TypeRef f64 = b.types.float64();
  ExprRef product = b.const_int(1);
  ExprRef magnitude = b.constant(f64, 1.0);  // tells where the product has left 64 bits
  for (ExprRef d : dims) {
    product = b.binary(Op::Mul, product, d);
    magnitude = b.binary(Op::Mul, magnitude, b.cast(d, f64));
  }
  ExprRef fits = b.compare(Op::Eq, product, total);
  if (dims.size() > 1) fits = both(b, fits, b.compare(Op::Lt, magnitude, b.constant(f64, 0x1p62)));
  b.check(fits, KJIT_VALUE_ERROR, message, operands.operands);
  return contiguous_view(b, row_major(b, array), b.machine(call.result), dims);
}

ExprRef ravel(CallEmitter& call) {
  Builder& b = call.b;
  return flat_view(b, row_major(b, value(call, 0)));
}

ExprRef flatten(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = value(call, 0);
  TypeRef t = array->type;
  return flat_view(b, b.var(copy_array(b, array, b.types.array(t->scalar, t->rank, Layout::C))));
}

ExprRef transpose(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = value(call, 0);
  const uint8_t rank = array->type->rank;
  std::vector<uint8_t> axes;
  auto add = [&](int64_t axis) { axes.push_back(static_cast<uint8_t>(axis < 0 ? axis + rank : axis)); };
  for (size_t i = 1; i < call.args.size(); ++i) {
    const sema::Constant* c = call.constant(i);
    if (!c) continue;
    if (c->is_int()) add(c->as_int());
    if (auto* tuple = std::get_if<sema::ConstantTuple>(&c->value)) {
      for (const sema::Constant& e : *tuple) add(e.as_int());
    }
  }
  if (axes.empty()) {
    for (uint8_t k = rank; k-- > 0;) axes.push_back(k);
  }
  if (std::is_sorted(axes.begin(), axes.end())) return array;
  kir::Expr* e = b.node(Op::Transpose, call.result, {array});
  e->axes = std::move(axes);
  return e;
}

ExprRef item(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef i64 = b.types.int64();
  ExprRef array = b.reuse(value(call, 0));
  const uint32_t rank = array->type->rank;
  const size_t given = call.args.size() - 1;
  std::vector<ExprRef> indices;
  auto checked = [&](ExprRef position, ExprRef length, const char* message) {
    position =
        b.reuse(b.select(b.compare(Op::Lt, position, b.const_int(0)), b.binary(Op::Add, position, length), position));
    b.check(both(b, b.compare(Op::Ge, position, b.const_int(0)), b.compare(Op::Lt, position, length)), KJIT_INDEX_ERROR,
            message, {position, length});
    return position;
  };
  if (given == 0) {
    b.check(b.compare(Op::Eq, b.size(array), b.const_int(1)), KJIT_VALUE_ERROR,
            "can only convert an array of size 1 to a Python scalar");
    indices.assign(rank, b.const_int(0));
  } else if (given == rank) {
    for (uint32_t k = 0; k < rank; ++k) {
      indices.push_back(checked(number(call, k + 1, i64), b.dim(array, k), "index {0} is out of bounds for size {1}"));
    }
  } else {
    ExprRef left = checked(number(call, 1, i64), b.reuse(b.size(array)), "index {0} is out of bounds for size {1}");
    indices.resize(rank);
    for (uint32_t k = rank; k-- > 0;) {
      ExprRef length = b.dim(array, k);
      indices[k] = b.reuse(k == 0 ? left : b.binary(Op::Mod, left, length));
      if (k > 0) left = b.reuse(b.binary(Op::FloorDiv, left, length));
    }
  }
  return b.cast(b.load(array, std::move(indices)), call.result);
}

ExprRef conjugate_array(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = value(call, 0);
  if (!is_complex(array->type->scalar)) return array;
  ExprRef made = b.var(copy_array(b, array, call.result));
  std::vector<ExprRef> at;
  std::function<void()> nest = [&] {
    if (at.size() == made->type->rank) return b.store(made, at, b.unary(Op::Conj, b.load(made, at)));
    b.for_range(b.const_int(0), b.dim(made, static_cast<uint32_t>(at.size())), b.const_int(1), [&](VarId i) {
      at.push_back(b.var(i));
      nest();
      at.pop_back();
    });
  };
  nest();
  return made;
}

}  // namespace emit

}  // namespace kjit::kirgen
