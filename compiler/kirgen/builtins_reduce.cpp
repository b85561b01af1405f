// Emitters of reductions over all elements and of running sums.
//
// Sums of floats: each stretch of up to 128 elements along the last axis (of all elements where the array is
// contiguous) is summed in eight interleaved parts that are added pairwise, as NumPy does; the stretches' sums are
// added in order, where NumPy adds them pairwise. So results of up to 128 elements are NumPy's to the bit, others
// differ in last bits.
#include <kjit_rt/abi.h>

#include <array>
#include <limits>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen::emit {

namespace {

using ElementAt = std::function<ExprRef(ExprRef position)>;

TypeRef result_type(CallEmitter& call) { return call.b.machine(call.result); }

void accumulate_into(Builder& b, VarId total, Op op, ExprRef x) { b.assign(total, b.binary(op, b.var(total), x)); }

// total += the elements at [0, n), in stretches.
void sum_stretches(Builder& b, VarId total, ExprRef n, const ElementAt& at) {
  TypeRef t = b.function.vars[total].type;
  constexpr int64_t kStretch = 128;
  constexpr int kParts = 8;
  b.for_range(b.const_int(0), n, b.const_int(kStretch), [&](VarId base) {
    ExprRef left = b.binary(Op::Sub, n, b.var(base));
    ExprRef end = b.reuse(b.binary(Op::Add, b.var(base), b.binary(Op::Minimum, left, b.const_int(kStretch))));
    ExprRef parts_left = b.binary(Op::Sub, end, b.var(base));
    ExprRef whole = b.binary(Op::BitAnd, parts_left, b.const_int(-kParts));
    ExprRef middle = b.reuse(b.binary(Op::Add, b.var(base), whole));
    ExprRef minus_zero = b.constant(t, -0.0, is_complex(t->scalar) ? -0.0 : 0.0);
    VarId stretch = b.spill(minus_zero);
    emit_if(b, b.compare(Op::Gt, middle, b.var(base)), [&] {
      std::array<VarId, kParts> part{};
      for (VarId& p : part) p = b.spill(minus_zero);
      b.for_range(b.var(base), middle, b.const_int(kParts), [&](VarId i) {
        for (int k = 0; k < kParts; ++k) {
          accumulate_into(b, part[static_cast<size_t>(k)], Op::Add, at(b.binary(Op::Add, b.var(i), b.const_int(k))));
        }
      });
      auto add = [&](ExprRef x, ExprRef y) { return b.binary(Op::Add, x, y); };
      auto pair = [&](size_t k) { return add(b.var(part[k]), b.var(part[k + 1])); };
      b.assign(stretch, add(add(pair(0), pair(2)), add(pair(4), pair(6))));
    });
    b.for_range(middle, end, b.const_int(1), [&](VarId i) { accumulate_into(b, stretch, Op::Add, at(b.var(i))); });
    accumulate_into(b, total, Op::Add, b.var(stretch));
  });
}

// Sum of `of(element)` over an array. Column-major arrays are summed in memory order, as NumPy does.
ExprRef sum_array(Builder& b, ExprRef array, TypeRef t, const std::function<ExprRef(ExprRef)>& of) {
  array = b.reuse(array);
  VarId total = b.spill(b.zero(t));
  if (!is_float(t->scalar) && !is_complex(t->scalar)) {
    for_each_element(b, array, [&](ExprRef x) { accumulate_into(b, total, Op::Add, of(x)); });
    return b.var(total);
  }
  TypeRef type = array->type;
  if (type->layout == Layout::F && type->rank > 1) {
    kir::Expr* e = b.node(Op::Transpose, b.types.array(type->scalar, type->rank, Layout::C, type->readonly), {array});
    for (uint8_t k = type->rank; k-- > 0;) e->axes.push_back(k);
    array = b.reuse(e);
  }
  if (array->type->layout == Layout::C && type->rank > 1) array = b.reuse(flat_view(b, array));
  std::vector<ExprRef> indices;
  std::function<void()> along = [&] {
    const uint32_t axis = static_cast<uint32_t>(indices.size());
    if (array->type->rank == 0) {
      accumulate_into(b, total, Op::Add, of(b.load(array, {})));
    } else if (axis + 1 == array->type->rank) {
      sum_stretches(b, total, b.reuse(b.dim(array, axis)), [&](ExprRef i) {
        std::vector<ExprRef> all = indices;
        all.push_back(i);
        return of(b.load(array, std::move(all)));
      });
    } else {
      b.for_range(b.const_int(0), b.dim(array, axis), b.const_int(1), [&](VarId i) {
        indices.push_back(b.var(i));
        along();
        indices.pop_back();
      });
    }
  };
  along();
  return b.var(total);
}

ExprRef mean_of(Builder& b, ExprRef array, TypeRef t) {
  ExprRef total = sum_array(b, array, t, [&](ExprRef x) { return b.cast(x, t); });
  return b.reuse(b.binary(Op::Div, total, b.cast(b.size(array), t)));
}

void check_not_empty(Builder& b, ExprRef array, const char* message) {
  b.check(b.compare(Op::Gt, b.size(array), b.const_int(0)), KJIT_VALUE_ERROR, message);
}

ExprRef first_element(Builder& b, ExprRef array) {
  return b.load(array, std::vector<ExprRef>(array->type->rank, b.const_int(0)));
}

ExprRef extremum(CallEmitter& call, Op op, Op of_bools, const char* empty) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  check_not_empty(b, array, empty);
  VarId best = b.spill(first_element(b, array));
  const Op used = is_bool(array->type->scalar) ? of_bools : op;
  for_each_element(b, array, [&](ExprRef x) { accumulate_into(b, best, used, x); });
  return b.var(best);
}

ExprRef extremum_position(CallEmitter& call, Op better, const char* empty) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  check_not_empty(b, array, empty);
  TypeRef t = b.types.scalar(is_bool(array->type->scalar) ? Scalar::U8 : array->type->scalar);
  VarId best = b.spill(b.cast(first_element(b, array), t));
  VarId found = b.spill(b.const_int(0));
  VarId position = b.spill(b.const_int(0));
  for_each_element(b, array, [&](ExprRef element) {
    ExprRef x = b.var(b.spill(b.cast(element, t)));
    ExprRef wins = b.compare(better, x, b.var(best));
    if (is_float(t->scalar)) {  // the first nan wins and stays
      ExprRef nan = b.unary(Op::IsNan, x, b.types.boolean());
      ExprRef best_nan = b.unary(Op::IsNan, b.var(best), b.types.boolean());
      wins = either(b, wins, both(b, nan, b.unary(Op::Not, best_nan)));
    }
    emit_if(b, wins, [&] {
      b.assign(best, x);
      b.assign(found, b.var(position));
    });
    accumulate_into(b, position, Op::Add, b.const_int(1));
  });
  return b.var(found);
}

ExprRef truth_of_array(CallEmitter& call, bool all) {
  Builder& b = call.b;
  VarId result = b.spill(b.const_bool(all));
  for_each_element(b, value(call, 0),
                   [&](ExprRef x) { accumulate_into(b, result, all ? Op::BitAnd : Op::BitOr, truth(b, x)); });
  return b.var(result);
}

ExprRef variance(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  TypeRef t = result_type(call);
  TypeRef wide = is_complex(array->type->scalar) ? b.types.scalar(array->type->scalar) : t;
  ExprRef mean = mean_of(b, array, wide);
  ExprRef total = sum_array(b, array, t, [&](ExprRef x) {
    ExprRef d = b.reuse(b.binary(Op::Sub, b.cast(x, wide), mean));
    if (!is_complex(wide->scalar)) return b.binary(Op::Mul, d, d);
    ExprRef re = b.reuse(real(b, d));
    ExprRef im = b.reuse(imag(b, d));
    return b.binary(Op::Add, b.binary(Op::Mul, re, re), b.binary(Op::Mul, im, im));
  });
  return b.binary(Op::Div, total, b.cast(b.size(array), t));
}

}  // namespace

ExprRef reduce_sum(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  return sum_array(b, value(call, 0), t, [&](ExprRef x) { return b.cast(x, t); });
}

ExprRef reduce_prod(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  VarId product = b.spill(b.constant(t, int64_t{1}));
  for_each_element(b, value(call, 0), [&](ExprRef x) { accumulate_into(b, product, Op::Mul, b.cast(x, t)); });
  return b.var(product);
}

ExprRef reduce_min(CallEmitter& call) {
  return extremum(call, Op::Minimum, Op::BitAnd,
                  "zero-size array to reduction operation minimum which has no identity");
}
ExprRef reduce_max(CallEmitter& call) {
  return extremum(call, Op::Maximum, Op::BitOr, "zero-size array to reduction operation maximum which has no identity");
}

ExprRef reduce_mean(CallEmitter& call) {
  ExprRef array = call.b.reuse(value(call, 0));
  return mean_of(call.b, array, result_type(call));
}

ExprRef reduce_var(CallEmitter& call) { return variance(call); }
ExprRef reduce_std(CallEmitter& call) { return call.b.math(kir::MathFn::sqrt, result_type(call), {variance(call)}); }

ExprRef reduce_any(CallEmitter& call) { return truth_of_array(call, false); }
ExprRef reduce_all(CallEmitter& call) { return truth_of_array(call, true); }

ExprRef reduce_argmin(CallEmitter& call) {
  return extremum_position(call, Op::Lt, "attempt to get argmin of an empty sequence");
}
ExprRef reduce_argmax(CallEmitter& call) {
  return extremum_position(call, Op::Gt, "attempt to get argmax of an empty sequence");
}

ExprRef reduce_count(CallEmitter& call) {
  Builder& b = call.b;
  VarId count = b.spill(b.const_int(0));
  for_each_element(b, value(call, 0),
                   [&](ExprRef x) { accumulate_into(b, count, Op::Add, b.cast(truth(b, x), b.types.int64())); });
  return b.var(count);
}

namespace {

ExprRef inner_product(CallEmitter& call, bool conjugated) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  ExprRef x = b.reuse(value(call, 0));
  ExprRef y = b.reuse(value(call, 1));
  ExprRef n = b.dim(x, 0);
  b.check(b.compare(Op::Eq, n, b.dim(y, 0)), KJIT_VALUE_ERROR, "shapes ({0},) and ({1},) not aligned",
          {n, b.dim(y, 0)});
  const bool bools = is_bool(t->scalar);
  auto at = [&](ExprRef i) {
    ExprRef a = b.cast(b.load(x, {i}), t);
    if (conjugated && is_complex(t->scalar)) a = b.unary(Op::Conj, a);
    return b.binary(bools ? Op::BitAnd : Op::Mul, a, b.cast(b.load(y, {i}), t));
  };
  VarId total = b.spill(b.zero(t));
  if (is_float(t->scalar) || is_complex(t->scalar)) {
    sum_stretches(b, total, b.reuse(n), at);
  } else {
    b.for_range(b.const_int(0), n, b.const_int(1),
                [&](VarId i) { accumulate_into(b, total, bools ? Op::BitOr : Op::Add, at(b.var(i))); });
  }
  return b.var(total);
}

ExprRef running(CallEmitter& call, Op op, int64_t start) {
  Builder& b = call.b;
  TypeRef type = result_type(call);
  TypeRef t = b.types.scalar(type->scalar);
  ExprRef array = b.reuse(value(call, 0));
  ExprRef n = b.dim(array, 0);
  VarId made = b.alloc(type, {n}, kir::Fill::None);
  VarId total = b.spill(b.constant(t, start));
  b.for_range(b.const_int(0), n, b.const_int(1), [&](VarId i) {
    accumulate_into(b, total, op, b.cast(b.load(array, {b.var(i)}), t));
    b.store(b.var(made), {b.var(i)}, b.var(total));
  });
  return b.var(made);
}

}  // namespace

ExprRef dot(CallEmitter& call) { return inner_product(call, false); }
ExprRef vdot(CallEmitter& call) { return inner_product(call, true); }
ExprRef cumsum(CallEmitter& call) { return running(call, Op::Add, 0); }
ExprRef cumprod(CallEmitter& call) { return running(call, Op::Mul, 1); }

}  // namespace kjit::kirgen::emit
