// Emitters of reductions over all elements.
//
// Sums of floats: each stretch of up to 128 elements along the last axis (of all elements where the array is
// contiguous) is summed in eight interleaved parts that are added pairwise, as NumPy does; the stretches' sums are
// added in order, where NumPy adds them pairwise. So results of up to 128 elements are NumPy's to the bit, others
// differ in last bits.
#include <kjit_rt/abi.h>

#include <algorithm>
#include <array>
#include <limits>

#include "kirgen/builtins_support.h"
#include "kirgen/stretches.h"
#include "sema/builtins_typing.h"

namespace kjit::kirgen::emit {

namespace {

TypeRef result_type(CallEmitter& call) { return call.b.machine(call.result); }

// What a reduction made, or `out`, which then holds it.
ExprRef done(CallEmitter& call, ExprRef made) {
  const int out = sema::typing::parameter_number(*call.call.builtin, "out");
  return out < 0 ? made : result_into(call, static_cast<size_t>(out), made);
}

void accumulate_into(Builder& b, VarId total, Op op, ExprRef x) { b.assign(total, b.binary(op, b.var(total), x)); }

}  // namespace

kir::Stmt* sum_stretches(Builder& b, std::span<const VarId> totals, ExprRef n,
                         const std::function<std::vector<ExprRef>(ExprRef)>& at) {
  constexpr int64_t kStretch = 128;
  constexpr size_t kParts = 8;
  const auto minus_zeros = [&] {
    std::vector<VarId> out;
    for (VarId total : totals) {
      TypeRef t = b.function.vars[total].type;
      out.push_back(b.spill(b.constant(t, -0.0, is_complex(t->scalar) ? -0.0 : 0.0)));
    }
    return out;
  };
  const auto accumulate = [&](const std::vector<VarId>& into, ExprRef position) {
    const std::vector<ExprRef> values = at(position);
    for (size_t k = 0; k < into.size(); ++k) accumulate_into(b, into[k], Op::Add, values[k]);
  };
  return b.for_range(b.const_int(0), n, b.const_int(kStretch), [&](VarId base) {
    ExprRef left = b.binary(Op::Sub, n, b.var(base));
    ExprRef end = b.reuse(b.binary(Op::Add, b.var(base), b.binary(Op::Minimum, left, b.const_int(kStretch))));
    ExprRef parts_left = b.binary(Op::Sub, end, b.var(base));
    ExprRef whole = b.binary(Op::BitAnd, parts_left, b.const_int(-static_cast<int64_t>(kParts)));
    ExprRef middle = b.reuse(b.binary(Op::Add, b.var(base), whole));
    const std::vector<VarId> stretch = minus_zeros();
    emit_if(b, b.compare(Op::Gt, middle, b.var(base)), [&] {
      std::array<std::vector<VarId>, kParts> part;
      for (auto& p : part) p = minus_zeros();
      b.for_range(b.var(base), middle, b.const_int(kParts), [&](VarId i) {
        for (size_t k = 0; k < kParts; ++k)
          accumulate(part[k], b.binary(Op::Add, b.var(i), b.const_int(static_cast<int64_t>(k))));
      });
      auto add = [&](ExprRef x, ExprRef y) { return b.binary(Op::Add, x, y); };
      for (size_t m = 0; m < totals.size(); ++m) {
        auto pair = [&](size_t k) { return add(b.var(part[k][m]), b.var(part[k + 1][m])); };
        b.assign(stretch[m], add(add(pair(0), pair(2)), add(pair(4), pair(6))));
      }
    });
    b.for_range(middle, end, b.const_int(1), [&](VarId i) { accumulate(stretch, b.var(i)); });
    for (size_t m = 0; m < totals.size(); ++m) accumulate_into(b, totals[m], Op::Add, b.var(stretch[m]));
  });
}

kir::Stmt* sum_stretches(Builder& b, VarId total, ExprRef n, const std::function<ExprRef(ExprRef)>& at) {
  return sum_stretches(b, {&total, 1}, n, [&](ExprRef i) { return std::vector<ExprRef>{at(i)}; });
}

namespace {

// What a reduction folds: all elements of `array`, or along `axes`.
struct Folded {
  ExprRef array = nullptr;
  std::vector<uint8_t> axes;
  bool keepdims = false;
  bool whole() const { return axes.size() == array->type->rank && (!keepdims || axes.empty()); }
};

Folded folded_of(CallEmitter& call) {
  Builder& b = call.b;
  Folded out;
  out.array = b.reuse(value(call, 0));
  const sema::Builtin& row = *call.call.builtin;
  const int keep = sema::typing::parameter_number(row, "keepdims");
  out.keepdims = keep >= 0 && int_constant(call, static_cast<size_t>(keep), 0) != 0;
  const int rank = out.array->type->rank;
  std::vector<bool> taken(static_cast<size_t>(rank), false);
  const auto at = static_cast<size_t>(sema::typing::parameter_number(row, "axis"));
  const sema::Constant* given = absent(call, at) ? nullptr : call.constant(at);
  const auto take = [&](int64_t k) { taken[static_cast<size_t>(k < 0 ? k + rank : k)] = true; };
  if (!given) {
    taken.assign(taken.size(), true);
  } else if (given->is_int()) {
    take(given->as_int());
  } else {
    for (const sema::Constant& k : std::get<sema::ConstantTuple>(given->value)) take(k.as_int());
  }
  for (int k = 0; k < rank; ++k) {
    if (taken[static_cast<size_t>(k)]) out.axes.push_back(static_cast<uint8_t>(k));
  }
  return out;
}

// The number of elements folded together.
ExprRef fold_count(Builder& b, const Folded& x) {
  ExprRef n = b.const_int(1);
  for (uint8_t k : x.axes) n = b.is_const_int(n, 1) ? b.dim(x.array, k) : b.binary(Op::Mul, n, b.dim(x.array, k));
  return b.reuse(n);
}

// Fold of `of(element)`; a statement that may take in the expression that made the array. A scalar, or a new array.
ExprRef fold_array(Builder& b, const Folded& x, Op fold, ExprRef init, const std::function<ExprRef(ExprRef)>& of) {
  ExprRef array = x.array;
  if (x.whole() && array->type->layout == Layout::F && array->type->rank > 1) {  // in memory order, as NumPy does
    TypeRef type = b.types.array(array->type->scalar, array->type->rank, Layout::C, array->type->readonly);
    kir::Expr* e = b.node(Op::Transpose, type, {array});
    for (uint8_t k = array->type->rank; k-- > 0;) e->axes.push_back(k);
    array = b.reuse(e);
  }
  std::vector<ExprRef> shape;
  for (uint32_t k = 0; k < array->type->rank; ++k) shape.push_back(b.var(b.spill(b.dim(array, k))));
  ExprRef made = nullptr;
  if (!x.whole()) {
    std::vector<ExprRef> left;
    for (uint8_t k = 0; k < array->type->rank; ++k) {
      const bool taken = std::find(x.axes.begin(), x.axes.end(), k) != x.axes.end();
      if (!taken) left.push_back(shape[k]);
      if (taken && x.keepdims) left.push_back(b.const_int(1));
    }
    const int rank = static_cast<int>(left.size());
    made = b.var(b.alloc(b.types.array(init->type->scalar, rank, Layout::C), std::move(left), kir::Fill::None));
  }
  kir::Stmt* s = b.stmt(kir::StmtKind::Reduce);
  s->fold = fold;
  s->init = init;
  s->array = made;
  if (made) s->axes = x.axes;
  if (!made) s->var = b.temp(init->type, "%fold");
  s->exprs = std::move(shape);
  s->inputs.push_back({b.temp(b.types.scalar(array->type->scalar), "%x"), array});
  b.with_block(s->body, [&] { s->expr = b.cast(of(b.var(s->inputs[0].element)), init->type); });
  return made ? made : b.var(s->var);
}

// `of` of a scalar, or of each element of an array, which is new and is overwritten.
ExprRef apply_to(Builder& b, ExprRef x, const std::function<ExprRef(ExprRef)>& of) {
  if (!x->type->is_array()) return b.reuse(of(x));
  std::vector<ExprRef> shape;
  for (uint32_t k = 0; k < x->type->rank; ++k) shape.push_back(b.var(b.spill(b.dim(x, k))));
  kir::Stmt* s = b.stmt(kir::StmtKind::Map);
  s->array = x;
  s->exprs = std::move(shape);
  s->inputs.push_back({b.temp(b.types.scalar(x->type->scalar), "%x"), x});
  b.with_block(s->body, [&] { s->expr = of(b.var(s->inputs[0].element)); });
  return x;
}

TypeRef element_type(CallEmitter& call) {
  TypeRef t = result_type(call);
  return t->is_array() ? call.b.types.scalar(t->scalar) : t;
}

ExprRef mean_of(Builder& b, const Folded& x, TypeRef t) {
  ExprRef total = fold_array(b, x, Op::Add, b.zero(t), [&](ExprRef e) { return b.cast(e, t); });
  ExprRef n = b.reuse(b.cast(fold_count(b, x), t));
  return apply_to(b, total, [&](ExprRef sum) { return b.binary(Op::Div, sum, n); });
}

void check_not_empty(Builder& b, ExprRef array, const char* message) {
  b.check(b.compare(Op::Gt, b.size(array), b.const_int(0)), KJIT_VALUE_ERROR, message);
}

ExprRef first_element(Builder& b, ExprRef array) {
  return b.load(array, std::vector<ExprRef>(array->type->rank, b.const_int(0)));
}

// What every element beats or equals.
ExprRef weakest(Builder& b, TypeRef t, bool least) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  if (is_float(t->scalar)) return b.constant(t, least ? kInf : -kInf);
  if (is_bool(t->scalar)) return b.const_bool(least);
  const int bits = size_of(t->scalar) * 8;
  if (is_unsigned(t->scalar)) {
    return b.constant(t, least ? static_cast<int64_t>(~uint64_t{0} >> (64 - bits)) : int64_t{0});
  }
  const auto largest = static_cast<int64_t>(~uint64_t{0} >> (65 - bits));
  return b.constant(t, least ? largest : -largest - 1);
}

ExprRef extremum(CallEmitter& call, Op op, Op of_bools, const char* empty) {
  Builder& b = call.b;
  const Folded x = folded_of(call);
  if (!x.axes.empty()) b.check(b.compare(Op::Gt, fold_count(b, x), b.const_int(0)), KJIT_VALUE_ERROR, empty);
  TypeRef t = b.types.scalar(x.array->type->scalar);
  const Op used = is_bool(t->scalar) ? of_bools : op;
  return fold_array(b, x, used, weakest(b, t, op == Op::Minimum), [](ExprRef e) { return e; });
}

// `best`, found at `found`, gives way to the element at `position` where that is better; the first nan wins and stays.
void take_better(Builder& b, Op better, ExprRef element, VarId best, VarId found, VarId position) {
  TypeRef t = b.function.vars[best].type;
  ExprRef x = b.var(b.spill(b.cast(element, t)));
  ExprRef wins = b.compare(better, x, b.var(best));
  if (is_float(t->scalar)) {
    ExprRef nan = b.unary(Op::IsNan, x, b.types.boolean());
    ExprRef best_nan = b.unary(Op::IsNan, b.var(best), b.types.boolean());
    wins = either(b, wins, both(b, nan, b.unary(Op::Not, best_nan)));
  }
  emit_if(b, wins, [&] {
    b.assign(best, x);
    b.assign(found, b.var(position));
  });
}

// Positions along one axis, for each place in the others.
ExprRef positions_along(CallEmitter& call, const Folded& folded, TypeRef t, Op better) {
  Builder& b = call.b;
  ExprRef array = folded.array;
  const uint32_t axis = folded.axes[0];
  std::vector<ExprRef> lengths, left;
  for (uint32_t k = 0; k < array->type->rank; ++k) {
    lengths.push_back(b.var(b.spill(b.dim(array, k))));
    if (k != axis) left.push_back(lengths.back());
    if (k == axis && folded.keepdims) left.push_back(b.const_int(1));
  }
  const int rank = static_cast<int>(left.size());
  VarId made = b.alloc(b.types.array(Scalar::I64, rank, Layout::C), std::move(left), kir::Fill::None);
  std::vector<ExprRef> at(lengths.size(), b.const_int(0)), to;
  const std::function<void(uint32_t)> from_axis = [&](uint32_t k) {
    if (k == axis) {
      if (folded.keepdims) to.push_back(b.const_int(0));
      from_axis(k + 1);
      if (folded.keepdims) to.pop_back();
      return;
    }
    if (k < lengths.size()) {
      b.for_range(b.const_int(0), lengths[k], b.const_int(1), [&](VarId i) {
        at[k] = b.var(i);
        to.push_back(at[k]);
        from_axis(k + 1);
        to.pop_back();
      });
      return;
    }
    at[axis] = b.const_int(0);
    VarId best = b.spill(b.cast(b.load(array, at), t));
    VarId found = b.spill(b.const_int(0));
    b.for_range(b.const_int(1), lengths[axis], b.const_int(1), [&](VarId i) {
      at[axis] = b.var(i);
      take_better(b, better, b.load(array, at), best, found, i);
    });
    b.store(b.var(made), to, b.var(found));
  };
  from_axis(0);
  return b.var(made);
}

ExprRef extremum_position(CallEmitter& call, Op better, const char* empty) {
  Builder& b = call.b;
  const Folded folded = folded_of(call);
  ExprRef array = folded.array;
  TypeRef t = b.types.scalar(is_bool(array->type->scalar) ? Scalar::U8 : array->type->scalar);
  if (folded.axes.size() < array->type->rank) {
    const uint32_t axis = folded.axes[0];
    b.check(b.compare(Op::Gt, b.dim(array, axis), b.const_int(0)), KJIT_VALUE_ERROR, empty);
    return positions_along(call, folded, t, better);
  }
  check_not_empty(b, array, empty);
  VarId best = b.spill(b.cast(first_element(b, array), t));
  VarId found = b.spill(b.const_int(0));
  VarId position = b.spill(b.const_int(0));
  for_each_element(b, array, [&](ExprRef element) {
    take_better(b, better, element, best, found, position);
    accumulate_into(b, position, Op::Add, b.const_int(1));
  });
  if (!folded.keepdims) return b.var(found);
  const std::vector<ExprRef> ones(array->type->rank, b.const_int(1)), zeros(array->type->rank, b.const_int(0));
  VarId made = b.alloc(b.types.array(Scalar::I64, array->type->rank, Layout::C), ones, kir::Fill::None);
  b.store(b.var(made), zeros, b.var(found));
  return b.var(made);
}

ExprRef truth_of_array(CallEmitter& call, bool all) {
  Builder& b = call.b;
  return fold_array(b, folded_of(call), all ? Op::BitAnd : Op::BitOr, b.const_bool(all),
                    [&](ExprRef x) { return truth(b, x); });
}

// Sum of squared distances from the mean / (n - ddof). The mean is kept with axes of length 1, so that it broadcasts.
ExprRef variance(CallEmitter& call, bool root) {
  Builder& b = call.b;
  const Folded x = folded_of(call);
  TypeRef t = element_type(call);
  TypeRef wide = is_complex(x.array->type->scalar) ? b.types.scalar(x.array->type->scalar) : t;
  Folded centre = x;
  centre.keepdims = !x.whole();
  ExprRef mean = mean_of(b, centre, wide);
  const auto square = [&](ExprRef e, ExprRef m) {
    ExprRef d = b.reuse(b.binary(Op::Sub, b.cast(e, wide), m));
    if (!is_complex(wide->scalar)) return b.binary(Op::Mul, d, d);
    ExprRef re = b.reuse(real(b, d));
    ExprRef im = b.reuse(imag(b, d));
    return b.binary(Op::Add, b.binary(Op::Mul, re, re), b.binary(Op::Mul, im, im));
  };
  ExprRef total = nullptr;
  if (!mean->type->is_array()) {
    total = fold_array(b, x, Op::Add, b.zero(t), [&](ExprRef e) { return square(e, mean); });
  } else {
    total = fold_array(b, x, Op::Add, b.zero(t), [&](ExprRef e) { return e; });
    kir::Stmt* s = b.block->back();
    s->inputs.push_back({b.temp(wide, "%m"), mean});
    b.with_block(s->body, [&] { s->expr = square(b.var(s->inputs[0].element), b.var(s->inputs[1].element)); });
  }
  const int ddof = sema::typing::parameter_number(*call.call.builtin, "ddof");
  ExprRef n = b.cast(fold_count(b, x), t);
  if (ddof >= 0 && !absent(call, static_cast<size_t>(ddof))) {
    n = b.binary(Op::Maximum, b.binary(Op::Sub, n, number(call, static_cast<size_t>(ddof), t)), b.zero(t));
  }
  n = b.reuse(n);
  return apply_to(b, total, [&](ExprRef sum) {
    ExprRef v = b.binary(Op::Div, sum, n);
    return root ? b.math(kir::MathFn::sqrt, t, {v}) : v;
  });
}

}  // namespace

ExprRef reduce_sum(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = element_type(call);
  if (is_bool(t->scalar)) return done(call, truth_of_array(call, false));
  return done(call, fold_array(b, folded_of(call), Op::Add, b.zero(t), [&](ExprRef x) { return b.cast(x, t); }));
}

ExprRef reduce_prod(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = element_type(call);
  if (is_bool(t->scalar)) return done(call, truth_of_array(call, true));
  return done(call, fold_array(b, folded_of(call), Op::Mul, b.constant(t, int64_t{1}),
                               [&](ExprRef x) { return b.cast(x, t); }));
}

ExprRef reduce_min(CallEmitter& call) {
  return done(call, extremum(call, Op::Minimum, Op::BitAnd,
                             "zero-size array to reduction operation minimum which has no identity"));
}
ExprRef reduce_max(CallEmitter& call) {
  return done(call, extremum(call, Op::Maximum, Op::BitOr,
                             "zero-size array to reduction operation maximum which has no identity"));
}

ExprRef extremum_of(Builder& b, ExprRef array, Op op, TypeRef t) {
  Folded x;
  x.array = array;
  for (uint8_t k = 0; k < array->type->rank; ++k) x.axes.push_back(k);
  return fold_array(b, x, op, weakest(b, t, op == Op::Minimum), [&](ExprRef e) { return b.cast(e, t); });
}

ExprRef reduce_mean(CallEmitter& call) { return done(call, mean_of(call.b, folded_of(call), element_type(call))); }
ExprRef reduce_var(CallEmitter& call) { return done(call, variance(call, false)); }
ExprRef reduce_std(CallEmitter& call) { return done(call, variance(call, true)); }

ExprRef reduce_any(CallEmitter& call) { return done(call, truth_of_array(call, false)); }
ExprRef reduce_all(CallEmitter& call) { return done(call, truth_of_array(call, true)); }

ExprRef reduce_argmin(CallEmitter& call) {
  return done(call, extremum_position(call, Op::Lt, "attempt to get argmin of an empty sequence"));
}
ExprRef reduce_argmax(CallEmitter& call) {
  return done(call, extremum_position(call, Op::Gt, "attempt to get argmax of an empty sequence"));
}

ExprRef reduce_count(CallEmitter& call) {
  Builder& b = call.b;
  return fold_array(b, folded_of(call), Op::Add, b.const_int(0),
                    [&](ExprRef x) { return b.cast(truth(b, x), b.types.int64()); });
}

namespace {

ExprRef inner_product(CallEmitter& call, bool conjugated) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  const auto all_of = [&](size_t i) {
    ExprRef a = value(call, i);
    return b.reuse(a->type->rank == 1 ? a : flat_view(b, b.reuse(row_major(b, a))));
  };
  ExprRef x = all_of(0);
  ExprRef y = all_of(1);
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
  b.block->back()->parallel = products_on_threads(b);
  return b.var(total);
}

}  // namespace

ExprRef dot(CallEmitter& call) { return inner_product(call, false); }
ExprRef vdot(CallEmitter& call) { return inner_product(call, true); }

}  // namespace kjit::kirgen::emit
