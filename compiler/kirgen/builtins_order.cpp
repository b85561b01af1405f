// Emitters of functions that order and count elements: sort, argsort, histogram, cov.
#include <kjit_rt/abi.h>

#include <algorithm>
#include <limits>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen::emit {

ExprRef sort(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  ExprRef made = b.var(b.alloc(b.machine(call.result), lengths_of(b, array), kir::Fill::None));
  call_library(b, kir::LibraryFn::sort, {array, made});
  return made;
}

ExprRef sort_in_place(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  kir::Stmt* s = b.stmt(kir::StmtKind::Library);
  s->library = kir::LibraryFn::sort;
  s->exprs = {array, array};
  return b.node(Op::NoneValue, b.types.none(), {});
}

ExprRef argsort(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = b.reuse(value(call, 0));
  ExprRef made = b.var(b.alloc(b.machine(call.result), lengths_of(b, array), kir::Fill::None));
  call_library(b, kir::LibraryFn::argsort, {array, made});
  return made;
}

// --- histogram, as NumPy computes it for bins of one width

namespace {

struct Interval {
  ExprRef first, last;  // of the type of the edges
};

Interval outer_edges(CallEmitter& call, ExprRef array, TypeRef t) {
  Builder& b = call.b;
  const VarId first = b.spill(b.zero(t));
  const VarId last = b.spill(b.constant(t, int64_t{1}));
  const bool given = !absent(call, 2);
  if (given) {
    ExprRef range = b.reuse(value(call, 2));
    b.assign(first, b.cast(b.get(range, 0), t));
    b.assign(last, b.cast(b.get(range, 1), t));
    b.check(b.unary(Op::Not, b.compare(Op::Gt, b.var(first), b.var(last))), KJIT_VALUE_ERROR,
            "max must be larger than min in range parameter.");
  } else {
    emit_if(b, b.compare(Op::Gt, b.size(array), b.const_int(0)), [&] {
      b.assign(first, extremum_of(b, array, Op::Minimum, t));
      b.assign(last, extremum_of(b, array, Op::Maximum, t));
    });
  }
  ExprRef finite = both(b, b.unary(Op::IsFinite, b.var(first), b.types.boolean()),
                        b.unary(Op::IsFinite, b.var(last), b.types.boolean()));
  b.check(finite, KJIT_VALUE_ERROR, given ? "supplied range is not finite" : "autodetected range is not finite");
  emit_if(b, b.compare(Op::Eq, b.var(first), b.var(last)), [&] {
    b.assign(first, b.binary(Op::Sub, b.var(first), b.constant(t, 0.5)));
    b.assign(last, b.binary(Op::Add, b.var(last), b.constant(t, 0.5)));
  });
  return {b.var(first), b.var(last)};
}

}  // namespace

ExprRef histogram(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef type = b.machine(call.result);
  TypeRef t = b.types.scalar(type->elements[1]->scalar);
  TypeRef counted = b.types.scalar(type->elements[0]->scalar);
  ExprRef array = b.reuse(value(call, 0));
  ExprRef n = absent(call, 1) ? b.const_int(10) : number(call, 1, b.types.int64());
  b.check(b.compare(Op::Ge, n, b.const_int(1)), KJIT_VALUE_ERROR, "`bins` must be positive, when an integer");
  ExprRef weights = absent(call, 4) ? nullptr : b.reuse(value(call, 4));
  for (uint32_t k = 0; weights && k < array->type->rank; ++k) {
    b.check(b.compare(Op::Eq, b.dim(array, k), b.dim(weights, k)), KJIT_VALUE_ERROR,
            "weights should have the same shape as a.");
  }
  const Interval range = outer_edges(call, array, t);
  ExprRef width = b.var(b.spill(b.binary(Op::Sub, range.last, range.first)));
  ExprRef parts = b.var(b.spill(b.cast(n, t)));
  ExprRef step = b.var(b.spill(b.binary(Op::Div, width, parts)));
  ExprRef one = b.const_int(1);
  ExprRef edges = b.var(b.alloc(type->elements[1], {b.reuse(b.binary(Op::Add, n, one))}, kir::Fill::None));
  b.for_range(b.const_int(0), n, one, [&](VarId i) {
    ExprRef at = b.binary(Op::Mul, b.cast(b.var(i), t), step);
    b.store(edges, {b.var(i)}, b.binary(Op::Add, at, range.first));
  });
  b.store(edges, {n}, range.last);
  const VarId grow = b.spill(b.const_bool(true));
  b.for_range(b.const_int(0), n, one, [&](VarId i) {
    ExprRef up = b.compare(Op::Lt, b.load(edges, {b.var(i)}), b.load(edges, {b.binary(Op::Add, b.var(i), one)}));
    b.assign(grow, b.binary(Op::BitAnd, b.var(grow), up));
  });
  b.check(b.var(grow), KJIT_VALUE_ERROR, "Too many bins for data range. Cannot create {0} finite-sized bins.", {n});
  // While elements are counted, the last edge is infinite: nothing lies above the last bin, and what lies on the last
  // edge, where `found` is n, goes below that.
  b.store(edges, {n}, b.constant(t, std::numeric_limits<double>::infinity()));
  ExprRef counts = b.var(b.alloc(type->elements[0], {n}, kir::Fill::Zeros));
  // Weights are summed in float64.
  TypeRef summed = weights ? b.types.float64() : counted;
  const bool direct = summed == counted;
  ExprRef sums = direct ? counts : b.var(b.alloc(b.types.array(summed->scalar, 1, Layout::C), {n}, kir::Fill::Zeros));
  for_each_index(b, lengths_of(b, array), [&](const std::vector<ExprRef>& index) {
    ExprRef x = b.var(b.spill(b.cast(b.load(array, index), t)));
    const auto add = [&] {
      ExprRef part = b.binary(Op::Div, b.binary(Op::Sub, x, range.first), width);
      ExprRef found = b.cast(b.binary(Op::Mul, part, parts), b.types.int64());
      if (t->scalar != Scalar::F64) found = b.binary(Op::Min, found, n);  // `parts` may be rounded
      const VarId bin = b.spill(found);
      const auto as_int = [&](ExprRef truth) { return b.cast(truth, b.types.int64()); };
      b.assign(bin, b.binary(Op::Sub, b.var(bin), as_int(b.compare(Op::Lt, x, b.load(edges, {b.var(bin)})))));
      ExprRef next = b.load(edges, {b.binary(Op::Add, b.var(bin), one)});
      b.assign(bin, b.binary(Op::Add, b.var(bin), as_int(b.compare(Op::Ge, x, next))));
      ExprRef more = weights ? b.cast(b.load(weights, index), summed) : b.constant(summed, int64_t{1});
      b.store(sums, {b.var(bin)}, b.binary(Op::Add, b.load(sums, {b.var(bin)}), more));
    };
    if (absent(call, 2)) return add();  // the range is that of the elements
    emit_if(b, both(b, b.compare(Op::Ge, x, range.first), b.compare(Op::Le, x, range.last)), add);
  });
  b.store(edges, {n}, range.last);
  if (!direct) {
    b.for_range(b.const_int(0), n, one,
                [&](VarId i) { b.store(counts, {b.var(i)}, b.cast(b.load(sums, {b.var(i)}), counted)); });
  }
  return b.tuple({counts, edges});
}

}  // namespace kjit::kirgen::emit
