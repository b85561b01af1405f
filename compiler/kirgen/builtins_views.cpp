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

namespace {

// The integers of argument i: a tuple, or one alone.
std::vector<ExprRef> integers_of(CallEmitter& call, size_t i) {
  Builder& b = call.b;
  ExprRef given = value(call, i);
  std::vector<ExprRef> out;
  if (!given->type->is_tuple()) return {b.reuse(b.cast(given, b.types.int64()))};
  given = b.reuse(given);
  for (uint32_t k = 0; k < given->type->elements.size(); ++k)
    out.push_back(b.reuse(b.cast(b.get(given, k), b.types.int64())));
  return out;
}

ExprRef stride_of(Builder& b, ExprRef array, uint32_t axis) {
  kir::Expr* e = b.node(Op::Stride, b.types.int64(), {array});
  e->index = axis;
  return b.reuse(e);
}

ExprRef view_of(Builder& b, TypeRef type, ExprRef array, const std::vector<ExprRef>& shape,
                const std::vector<ExprRef>& strides) {
  std::vector<ExprRef> args = {array, b.const_int(0)};
  args.insert(args.end(), shape.begin(), shape.end());
  args.insert(args.end(), strides.begin(), strides.end());
  return b.node(Op::MakeView, type, std::move(args));
}

ExprRef array_argument(CallEmitter& call, size_t i) {
  Builder& b = call.b;
  ExprRef array = value(call, i);
  if (!array->type->is_array()) array = array_of_display(b, array, b.types.array(array->type->scalar, 0, Layout::C));
  return b.reuse(array);
}

// The shape of arrays of these shapes together; ValueError when there is none.
std::vector<ExprRef> shape_together(Builder& b, const std::vector<std::vector<ExprRef>>& shapes) {
  size_t rank = 0;
  for (const auto& shape : shapes) rank = std::max(rank, shape.size());
  ExprRef one = b.const_int(1);
  std::vector<ExprRef> out(rank, one);
  for (const auto& shape : shapes) {
    for (size_t k = 0; k < shape.size(); ++k) {
      ExprRef& length = out[rank - shape.size() + k];
      ExprRef fits = either(b, b.compare(Op::Eq, shape[k], one),
                            either(b, b.compare(Op::Eq, length, one), b.compare(Op::Eq, length, shape[k])));
      b.check(fits, KJIT_VALUE_ERROR, "shape mismatch: objects cannot be broadcast to a single shape");
      length = b.reuse(b.select(b.compare(Op::Eq, length, one), shape[k], length));
    }
  }
  return out;
}

// The array with the lengths of `shape`, which is at least as long as the array's own.
ExprRef broadcast_view(Builder& b, TypeRef type, ExprRef array, std::vector<ExprRef> shape);

}  // namespace

ExprRef broadcast_to(CallEmitter& call) {
  ExprRef array = array_argument(call, 0);
  return broadcast_view(call.b, call.result, array, integers_of(call, 1));
}

ExprRef broadcast_shapes(CallEmitter& call) {
  std::vector<std::vector<ExprRef>> shapes;
  for (size_t i = 0; i < call.args.size(); ++i) shapes.push_back(integers_of(call, i));
  return call.b.tuple(shape_together(call.b, shapes));
}

ExprRef broadcast_arrays(CallEmitter& call) {
  Builder& b = call.b;
  std::vector<ExprRef> arrays, views;
  std::vector<std::vector<ExprRef>> shapes;
  for (size_t i = 0; i < call.args.size(); ++i) {
    arrays.push_back(array_argument(call, i));
    shapes.push_back(lengths_of(b, arrays.back()));
  }
  const std::vector<ExprRef> shape = shape_together(b, shapes);
  for (size_t i = 0; i < arrays.size(); ++i)
    views.push_back(broadcast_view(b, b.machine(call.result->elements[i]), arrays[i], shape));
  return b.tuple(std::move(views));
}

ExprRef as_strided(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  const std::vector<ExprRef> shape = integers_of(call, 1);
  for (ExprRef n : shape)
    b.check(b.compare(Op::Ge, n, b.const_int(0)), KJIT_VALUE_ERROR, "negative dimensions are not allowed");
  return view_of(b, call.result, array, shape, integers_of(call, 2));
}

ExprRef sliding_window_view(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  const uint32_t rank = array->type->rank;
  std::vector<ExprRef> window = integers_of(call, 1), shape = lengths_of(b, array), strides;
  for (uint32_t k = 0; k < rank; ++k) strides.push_back(stride_of(b, array, k));
  sema::Axes axes;
  if (absent(call, 2)) {
    for (uint32_t k = 0; k < rank; ++k) axes.push_back(static_cast<uint8_t>(k));
  } else {
    axes = axes_of(call, 2, static_cast<int>(rank));
  }
  for (size_t k = 0; k < axes.size(); ++k) {
    b.check(b.compare(Op::Ge, window[k], b.const_int(0)), KJIT_VALUE_ERROR,
            "`window_shape` cannot contain negative values");
    ExprRef& length = shape[axes[k]];
    b.check(b.compare(Op::Le, window[k], length), KJIT_VALUE_ERROR,
            "window shape cannot be larger than input array shape");
    length = b.reuse(b.binary(Op::Add, b.binary(Op::Sub, length, window[k]), b.const_int(1)));
    shape.push_back(window[k]);
    strides.push_back(strides[axes[k]]);
  }
  return view_of(b, call.result, array, shape, strides);
}

ExprRef view_as(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  TypeRef from = array->type;
  TypeRef to = call.result;
  if (from->scalar == to->scalar) return array;
  std::vector<ExprRef> shape = dims_of(b, array), strides;
  for (uint32_t k = 0; k < from->rank; ++k) strides.push_back(stride_of(b, array, k));
  const int64_t old_size = size_of(from->scalar);
  const int64_t new_size = size_of(to->scalar);
  if (old_size != new_size) {
    ExprRef& last = shape.back();
    ExprRef one = b.const_int(1);
    ExprRef contiguous = b.compare(Op::Eq, strides.back(), b.const_int(old_size));
    b.check(either(b, contiguous, b.compare(Op::Le, last, one)), KJIT_VALUE_ERROR,
            "To change to a dtype of a different size, the last axis must be contiguous");
    ExprRef bytes = b.reuse(b.binary(Op::Mul, last, b.const_int(old_size)));
    if (new_size > old_size) {
      b.check(
          b.compare(Op::Eq, b.binary(Op::Mod, bytes, b.const_int(new_size)), b.const_int(0)), KJIT_VALUE_ERROR,
          "When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis of "
          "the array.");
    }
    last = b.reuse(b.binary(Op::FloorDiv, bytes, b.const_int(new_size)));
    strides.back() = b.const_int(new_size);
  }
  return view_of(b, to, array, shape, strides);
}

namespace {

ExprRef broadcast_view(Builder& b, TypeRef type, ExprRef array, std::vector<ExprRef> shape) {
  const uint32_t rank = array->type->rank;
  const auto extra = static_cast<uint32_t>(shape.size()) - rank;
  std::vector<ExprRef> strides;
  for (uint32_t k = 0; k < shape.size(); ++k) {
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
    strides.push_back(b.reuse(b.select(same, stride_of(b, array, k - extra), b.const_int(0))));
  }
  return view_of(b, type, array, shape, strides);
}

}  // namespace

ExprRef diagonal(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  const uint32_t rank = array->type->rank;
  ExprRef zero = b.const_int(0);
  ExprRef offset = absent(call, 1) ? zero : number(call, 1, b.types.int64());
  const uint32_t first = call.given(2) ? axes_of(call, 2, static_cast<int>(rank))[0] : 0;
  const uint32_t second = call.given(3) ? axes_of(call, 3, static_cast<int>(rank))[0] : 1;
  const auto stride = [&](uint32_t axis) { return stride_of(b, array, axis); };
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
