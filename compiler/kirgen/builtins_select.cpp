// Emitters of functions that pick and join elements of arrays: nonzero, take, repeat, concatenate, diag, triu.
#include <kjit_rt/abi.h>

#include <algorithm>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen {

void for_each_index(Builder& b, const std::vector<ExprRef>& shape,
                    const std::function<void(const std::vector<ExprRef>&)>& body) {
  std::vector<ExprRef> index;
  const auto along = [&](auto& self) -> void {
    if (index.size() == shape.size()) return body(index);
    b.for_range(b.const_int(0), shape[index.size()], b.const_int(1), [&](VarId i) {
      index.push_back(b.var(i));
      self(self);
      index.pop_back();
    });
  };
  along(along);
}

std::vector<ExprRef> dims_of(Builder& b, ExprRef array) {
  std::vector<ExprRef> shape;
  for (uint32_t k = 0; k < array->type->rank; ++k) shape.push_back(b.dim(array, k));
  return shape;
}

std::string ShapesOfMessage::add(const std::vector<ExprRef>& shape) {
  std::string text = "(";
  for (ExprRef length : shape) {
    if (text.size() > 1) text += ',';
    text += "{" + std::to_string(operands.size()) + "}";
    operands.push_back(length);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

std::vector<ExprRef> lengths_of(Builder& b, ExprRef array) {
  std::vector<ExprRef> shape;
  for (uint32_t k = 0; k < array->type->rank; ++k) shape.push_back(b.var(b.spill(b.dim(array, k))));
  return shape;
}

namespace emit {

namespace {

ExprRef new_array(Builder& b, TypeRef type, std::vector<ExprRef> shape, kir::Fill fill = kir::Fill::None) {
  return b.var(b.alloc(type, std::move(shape), fill));
}

// All elements in one axis, row-major.
ExprRef flat_elements(Builder& b, ExprRef array) {
  TypeRef t = array->type;
  if (t->rank == 1) return b.reuse(array);
  if (t->layout != Layout::C) array = b.var(copy_array(b, array, b.types.array(t->scalar, t->rank, Layout::C)));
  return b.var(b.spill(flat_view(b, b.reuse(array))));
}

// The axis given, counted from the front; -1: none.
int axis_of(CallEmitter& call, size_t i, int rank, int otherwise) {
  if (absent(call, i)) return otherwise;
  const int64_t axis = int_constant(call, i, otherwise);
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

ExprRef offset_of(CallEmitter& call, size_t i) {
  return absent(call, i) ? call.b.const_int(0) : number(call, i, call.b.types.int64());
}

}  // namespace

ExprRef nonzero(CallEmitter& call) { return call.b.tuple(nonzero_arrays(call.b, value(call, 0))); }

ExprRef flatnonzero(CallEmitter& call) {
  Builder& b = call.b;
  return nonzero_arrays(b, flat_elements(b, value(call, 0)))[0];
}

ExprRef take(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  ExprRef picks = b.reuse(value(call, 1));
  int axis = axis_of(call, 2, array->type->rank, -1);
  if (axis < 0) {
    array = flat_elements(b, array);
    axis = 0;
  }
  const auto at_axis = static_cast<uint32_t>(axis);
  ExprRef length = b.var(b.spill(b.dim(array, at_axis)));
  const auto checked = [&](ExprRef at) {
    at = b.reuse(b.cast(at, b.types.int64()));
    b.check(both(b, b.compare(Op::Ge, at, b.unary(Op::Neg, length)), b.compare(Op::Lt, at, length)), KJIT_INDEX_ERROR,
            "index {0} is out of bounds for axis {1} with size {2}", {at, b.const_int(axis), length});
    return b.var(b.spill(b.select(b.compare(Op::Lt, at, b.const_int(0)), b.binary(Op::Add, at, length), at)));
  };
  const size_t picked = picks->type->is_array() ? picks->type->rank : 0;
  std::vector<ExprRef> own = lengths_of(b, array);
  std::vector<ExprRef> shape(own.begin(), own.begin() + axis);
  for (uint32_t k = 0; k < picked; ++k) shape.push_back(b.var(b.spill(b.dim(picks, k))));
  shape.insert(shape.end(), own.begin() + axis + 1, own.end());
  ExprRef one = picked == 0 ? checked(picks->type->is_array() ? b.load(picks, {}) : picks) : nullptr;
  if (shape.empty()) return b.load(array, {one});
  ExprRef made = new_array(b, b.machine(call.result), shape);
  for_each_index(b, shape, [&](const std::vector<ExprRef>& index) {
    const auto first = index.begin() + axis;
    std::vector<ExprRef> from(index.begin(), first);
    const auto last = first + static_cast<ptrdiff_t>(picked);
    from.push_back(one ? one : checked(b.load(picks, {first, last})));
    from.insert(from.end(), last, index.end());
    b.store(made, index, b.load(array, std::move(from)));
  });
  return made;
}

namespace {

// The arrays one after the other along `axis`; `seen` of each: the array with the rank of the result.
ExprRef join(CallEmitter& call, std::vector<ExprRef> arrays, size_t axis) {
  Builder& b = call.b;
  TypeRef type = b.machine(call.result);
  TypeRef element = b.types.scalar(type->scalar);
  std::vector<std::vector<ExprRef>> lengths;
  for (ExprRef& a : arrays) {
    a = b.var(b.spill(a));
    lengths.push_back(lengths_of(b, a));
  }
  std::vector<ExprRef> shape = lengths[0];
  for (size_t n = 1; n < arrays.size(); ++n) {
    for (size_t k = 0; k < shape.size(); ++k) {
      if (k == axis) continue;
      b.check(
          b.compare(Op::Eq, shape[k], lengths[n][k]), KJIT_VALUE_ERROR,
          "all the input array dimensions except for the concatenation axis must match exactly, but along dimension "
          "{0}, the array at index 0 has size {1} and the array at index " +
              std::to_string(n) + " has size {2}",
          {b.const_int(static_cast<int64_t>(k)), shape[k], lengths[n][k]});
    }
    shape[axis] = b.binary(Op::Add, shape[axis], lengths[n][axis]);
  }
  shape[axis] = b.var(b.spill(shape[axis]));
  ExprRef made = new_array(b, type, std::move(shape));
  ExprRef start = b.const_int(0);
  for (size_t n = 0; n < arrays.size(); ++n) {
    for_each_index(b, lengths[n], [&](const std::vector<ExprRef>& index) {
      std::vector<ExprRef> to = index;
      to[axis] = b.binary(Op::Add, start, to[axis]);
      b.store(made, std::move(to), b.cast(b.load(arrays[n], index), element));
    });
    start = b.var(b.spill(b.binary(Op::Add, start, lengths[n][axis])));
  }
  return made;
}

std::vector<ExprRef> arrays_of(CallEmitter& call) {
  ExprRef tuple = call.b.reuse(value(call, 0));
  std::vector<ExprRef> out;
  for (uint32_t k = 0; k < tuple->type->elements.size(); ++k) out.push_back(call.b.get(tuple, k));
  return out;
}

// The array with a new axis of length 1 at `axis`.
ExprRef with_axis(Builder& b, ExprRef array, size_t axis) {
  std::vector<kir::Component> components(array->type->rank, kir::Component::All);
  components.insert(components.begin() + static_cast<ptrdiff_t>(axis), kir::Component::NewAxis);
  TypeRef type = b.types.array(array->type->scalar, array->type->rank + 1, Layout::A, array->type->readonly);
  return b.view(array, type, std::move(components), {});
}

}  // namespace

ExprRef concatenate(CallEmitter& call) {
  const int rank = call.result->rank;
  const bool horizontal = call.call.builtin->id == sema::BuiltinId::numpy_hstack;
  std::vector<ExprRef> arrays = arrays_of(call);
  if (call.given(1) && absent(call, 1)) {
    for (ExprRef& a : arrays) a = flat_elements(call.b, a);
    return join(call, std::move(arrays), 0);
  }
  const int axis = horizontal ? std::min(rank - 1, 1) : axis_of(call, 1, rank, 0);
  return join(call, std::move(arrays), static_cast<size_t>(axis));
}

ExprRef vstack(CallEmitter& call) {
  std::vector<ExprRef> arrays = arrays_of(call);
  for (ExprRef& a : arrays) {
    if (a->type->rank == 1) a = with_axis(call.b, a, 0);
  }
  return join(call, std::move(arrays), 0);
}

ExprRef column_stack(CallEmitter& call) {
  std::vector<ExprRef> arrays = arrays_of(call);
  for (ExprRef& a : arrays) {
    if (a->type->rank == 1) a = with_axis(call.b, a, 1);
  }
  return join(call, std::move(arrays), 1);
}

ExprRef dstack(CallEmitter& call) {
  std::vector<ExprRef> arrays = arrays_of(call);
  for (ExprRef& a : arrays) {
    if (a->type->rank == 1) a = with_axis(call.b, a, 0);
    if (a->type->rank == 2) a = with_axis(call.b, a, 2);
  }
  return join(call, std::move(arrays), 2);
}

ExprRef stack(CallEmitter& call) {
  Builder& b = call.b;
  const auto axis = static_cast<size_t>(axis_of(call, 1, call.result->rank, 0));
  std::vector<ExprRef> arrays = arrays_of(call);
  for (size_t n = 1; n < arrays.size(); ++n) {
    for (uint32_t k = 0; k < arrays[n]->type->rank; ++k) {
      b.check(b.compare(Op::Eq, b.dim(arrays[0], k), b.dim(arrays[n], k)), KJIT_VALUE_ERROR,
              "all input arrays must have the same shape");
    }
  }
  for (ExprRef& a : arrays) a = with_axis(b, a, axis);
  return join(call, std::move(arrays), axis);
}

// --- diagonals

namespace {

// The first place on the k-th diagonal, and its length.
struct Diagonal {
  ExprRef row, column, length;
};
Diagonal diagonal_of(Builder& b, ExprRef matrix, ExprRef k) {
  ExprRef zero = b.const_int(0);
  Diagonal d;
  d.row = b.reuse(b.binary(Op::Max, b.unary(Op::Neg, k), zero));
  d.column = b.reuse(b.binary(Op::Max, k, zero));
  ExprRef rows = b.binary(Op::Sub, b.dim(matrix, 0), d.row);
  ExprRef columns = b.binary(Op::Sub, b.dim(matrix, 1), d.column);
  d.length = b.reuse(b.binary(Op::Max, b.binary(Op::Min, rows, columns), zero));
  return d;
}

std::vector<ExprRef> place_on(Builder& b, const Diagonal& d, VarId i) {
  return {b.binary(Op::Add, d.row, b.var(i)), b.binary(Op::Add, d.column, b.var(i))};
}

}  // namespace

ExprRef diag(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  ExprRef k = offset_of(call, 1);
  if (array->type->rank == 2) {
    const Diagonal d = diagonal_of(b, array, k);
    ExprRef made = new_array(b, b.machine(call.result), {d.length});
    b.for_range(b.const_int(0), d.length, b.const_int(1),
                [&](VarId i) { b.store(made, {b.var(i)}, b.load(array, place_on(b, d, i))); });
    return made;
  }
  ExprRef n = b.reuse(b.dim(array, 0));
  ExprRef size = b.reuse(b.binary(Op::Add, n, b.unary(Op::Abs, k)));
  ExprRef made = new_array(b, b.machine(call.result), {size, size}, kir::Fill::Zeros);
  const Diagonal d = diagonal_of(b, made, k);
  b.for_range(b.const_int(0), n, b.const_int(1),
              [&](VarId i) { b.store(made, place_on(b, d, i), b.load(array, {b.var(i)})); });
  return made;
}

namespace {

ExprRef triangle(CallEmitter& call, bool upper) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  ExprRef k = offset_of(call, 1);
  std::vector<ExprRef> shape = lengths_of(b, array);
  ExprRef made = new_array(b, b.machine(call.result), shape);
  for_each_index(b, shape, [&](const std::vector<ExprRef>& index) {
    ExprRef distance = b.binary(Op::Sub, index[index.size() - 1], index[index.size() - 2]);
    ExprRef kept = upper ? b.compare(Op::Ge, distance, k) : b.compare(Op::Le, distance, k);
    ExprRef x = b.reuse(b.load(array, index));
    b.store(made, index, b.select(kept, x, b.zero(x->type)));
  });
  return made;
}

}  // namespace

ExprRef triu(CallEmitter& call) { return triangle(call, true); }
ExprRef tril(CallEmitter& call) { return triangle(call, false); }

ExprRef trace(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = b.machine(call.result);
  ExprRef array = b.reuse(value(call, 0));
  const Diagonal d = diagonal_of(b, array, offset_of(call, 1));
  const VarId total = b.spill(b.zero(t));
  const auto at = [&](ExprRef i) {
    return b.cast(b.load(array, {b.binary(Op::Add, d.row, i), b.binary(Op::Add, d.column, i)}), t);
  };
  if (is_float(t->scalar) || is_complex(t->scalar)) {
    sum_stretches(b, total, d.length, at);
  } else {
    b.for_range(b.const_int(0), d.length, b.const_int(1),
                [&](VarId i) { b.assign(total, b.binary(Op::Add, b.var(total), at(b.var(i)))); });
  }
  return b.var(total);
}

}  // namespace emit
}  // namespace kjit::kirgen
