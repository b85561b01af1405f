// Emitters of views with other axes.
#include <kjit_rt/abi.h>

#include <algorithm>

#include "kirgen/builtins_support.h"
#include "sema/axes.h"

namespace kjit::kirgen::emit {

namespace {

using kir::Component;

// Axes that the typing rule has found right.
sema::Axes axes_of(const CallEmitter& call, size_t i, int rank) {
  sema::Axes axes;
  std::string problem;
  sema::read_axes(call.constant(i), rank, axes, problem);
  return axes;
}

bool contains(const sema::Axes& axes, uint32_t k) { return std::find(axes.begin(), axes.end(), k) != axes.end(); }

}  // namespace

ExprRef squeeze(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  const sema::Axes axes = axes_of(call, 1, array->type->rank);
  std::vector<Component> components;
  std::vector<ExprRef> operands;
  for (uint32_t k = 0; k < array->type->rank; ++k) {
    components.push_back(contains(axes, k) ? Component::Index : Component::All);
    if (!contains(axes, k)) continue;
    b.check(b.compare(Op::Eq, b.dim(array, k), b.const_int(1)), KJIT_VALUE_ERROR,
            "cannot select an axis to squeeze out which has size not equal to one");
    operands.push_back(b.const_int(0));
  }
  return b.view(array, call.result, std::move(components), std::move(operands));
}

ExprRef expand_dims(CallEmitter& call) {
  const sema::Axes axes = axes_of(call, 1, call.result->rank);
  std::vector<Component> components;
  for (uint32_t k = 0; k < call.result->rank; ++k)
    components.push_back(contains(axes, k) ? Component::NewAxis : Component::All);
  return call.b.view(value(call, 0), call.result, std::move(components), {});
}

ExprRef permute(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = value(call, 0);
  const sema::Constant* args[] = {call.constant(1), call.constant(2)};
  sema::Axes axes;
  std::string problem;
  sema::read_permutation(*call.call.builtin, args, array->type->rank, axes, problem);
  if (std::is_sorted(axes.begin(), axes.end())) return array;
  kir::Expr* e = b.node(Op::Transpose, call.result, {array});
  e->axes = std::move(axes);
  return e;
}

ExprRef broadcast_to(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = value(call, 0);
  if (!array->type->is_array()) array = array_of_display(b, array, b.types.array(array->type->scalar, 0, Layout::C));
  array = b.reuse(array);
  std::vector<ExprRef> shape;
  ExprRef given = value(call, 1);
  if (given->type->is_tuple()) {
    given = b.reuse(given);
    for (uint32_t k = 0; k < given->type->elements.size(); ++k) shape.push_back(b.get(given, k));
  } else {
    shape.push_back(given);
  }
  const uint32_t rank = array->type->rank;
  const auto extra = static_cast<uint32_t>(shape.size()) - rank;
  std::vector<ExprRef> strides;
  for (uint32_t k = 0; k < shape.size(); ++k) {
    shape[k] = b.reuse(b.cast(shape[k], b.types.int64()));
    if (!b.is_const(shape[k]) || shape[k]->constant.i < 0) {
      b.check(b.compare(Op::Ge, shape[k], b.const_int(0)), KJIT_VALUE_ERROR,
              "all elements of broadcast shape must be non-negative");
    }
    if (k < extra) {
      strides.push_back(b.const_int(0));
      continue;
    }
    ExprRef own = b.reuse(b.dim(array, k - extra));
    ExprRef same = b.reuse(b.compare(Op::Eq, own, shape[k]));
    b.check(either(b, same, b.compare(Op::Eq, own, b.const_int(1))), KJIT_VALUE_ERROR,
            "an axis of length {0} could not be broadcast to length {1} of the requested shape", {own, shape[k]});
    kir::Expr* stride = b.node(Op::Stride, b.types.int64(), {array});
    stride->index = k - extra;
    strides.push_back(b.reuse(b.select(same, stride, b.const_int(0))));
  }
  std::vector<ExprRef> args = {array, b.const_int(0)};
  args.insert(args.end(), shape.begin(), shape.end());
  args.insert(args.end(), strides.begin(), strides.end());
  return b.node(Op::MakeView, call.result, std::move(args));
}

ExprRef diagonal(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  const uint32_t rank = array->type->rank;
  ExprRef zero = b.const_int(0);
  ExprRef offset = absent(call, 1) ? zero : number(call, 1, b.types.int64());
  const uint32_t first = call.given(2) ? axes_of(call, 2, static_cast<int>(rank))[0] : 0;
  const uint32_t second = call.given(3) ? axes_of(call, 3, static_cast<int>(rank))[0] : 1;
  const auto stride = [&](uint32_t axis) {
    kir::Expr* e = b.node(Op::Stride, b.types.int64(), {array});
    e->index = axis;
    return b.reuse(e);
  };
  ExprRef row = b.reuse(b.binary(Op::Max, b.unary(Op::Neg, offset), zero));
  ExprRef column = b.reuse(b.binary(Op::Max, offset, zero));
  ExprRef rows = b.binary(Op::Sub, b.dim(array, first), row);
  ExprRef columns = b.binary(Op::Sub, b.dim(array, second), column);
  ExprRef length = b.reuse(b.binary(Op::Max, b.binary(Op::Min, rows, columns), zero));
  ExprRef start = b.binary(Op::Add, b.binary(Op::Mul, row, stride(first)), b.binary(Op::Mul, column, stride(second)));
  start = b.select(b.compare(Op::Eq, length, zero), zero, start);
  std::vector<ExprRef> shape, strides;
  for (uint32_t k = 0; k < rank; ++k) {
    if (k == first || k == second) continue;
    shape.push_back(b.reuse(b.dim(array, k)));
    strides.push_back(stride(k));
  }
  shape.push_back(length);
  strides.push_back(b.reuse(b.binary(Op::Add, stride(first), stride(second))));
  std::vector<ExprRef> args = {array, b.reuse(start)};
  args.insert(args.end(), shape.begin(), shape.end());
  args.insert(args.end(), strides.begin(), strides.end());
  return b.node(Op::MakeView, call.result, std::move(args));
}

ExprRef flip(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef a = b.reuse(value(call, 0));
  sema::Axes axes;
  std::string problem;
  sema::read_flipped(*call.call.builtin, absent(call, 1) ? nullptr : call.constant(1), a->type->rank, axes, problem);
  std::vector<Component> components;
  std::vector<ExprRef> operands;
  for (uint32_t k = 0; k < a->type->rank; ++k) {
    components.push_back(contains(axes, k) ? Component::Slice : Component::All);
    if (!contains(axes, k)) continue;
    ExprRef n = b.reuse(b.dim(a, k));
    operands.insert(operands.end(), {b.binary(Op::Sub, n, b.const_int(1)), n, b.const_int(-1)});
  }
  return b.view(a, call.result, std::move(components), std::move(operands));
}

}  // namespace kjit::kirgen::emit
