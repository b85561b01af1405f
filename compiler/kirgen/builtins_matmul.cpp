// Emitters of matrix products: BLAS where that pays, else loops in the order that suits the operands' layouts.
#include <kjit_rt/abi.h>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen::emit {

namespace {

struct Product {
  Builder& b;
  TypeRef t;  // of elements
  bool bools() const { return is_bool(t->scalar); }
  ExprRef zero() const { return b.zero(t); }
  ExprRef times(ExprRef x, ExprRef y) const {
    return b.binary(bools() ? Op::BitAnd : Op::Mul, b.cast(x, t), b.cast(y, t));
  }
  ExprRef plus(ExprRef x, ExprRef y) const { return b.binary(bools() ? Op::BitOr : Op::Add, x, y); }
};

using At = std::function<ExprRef(ExprRef position)>;

// Sum of at(0), ..., at(n - 1) in a new variable, added in any order, as BLAS does.
VarId sum_of(const Product& p, ExprRef n, const At& at) {
  Builder& b = p.b;
  VarId total = b.spill(p.zero());
  b.for_range(b.const_int(0), n, b.const_int(1), [&](VarId k) {
    kir::Stmt* add = b.stmt(kir::StmtKind::Assign);
    add->var = total, add->expr = p.plus(b.var(total), at(b.var(k))), add->loose = true;
  });
  return total;
}

ExprRef new_array(const Product& p, std::vector<ExprRef> shape, kir::Fill fill) {
  const int rank = static_cast<int>(shape.size());
  return p.b.var(p.b.alloc(p.b.types.array(p.t->scalar, rank, Layout::C), std::move(shape), fill));
}

void check_inner(Builder& b, ExprRef x, ExprRef y, bool lines) {
  b.check(b.compare(Op::Eq, x, y), KJIT_VALUE_ERROR,
          lines ? "shapes ({0},) and ({1},) not aligned"
                : "matmul: the last axis of the first operand has length {0}, the axis of the second that meets it {1}",
          {x, y});
}

ExprRef lines(const Product& p, ExprRef x, ExprRef y) {
  Builder& b = p.b;
  ExprRef n = b.reuse(b.dim(x, 0));
  check_inner(b, n, b.dim(y, 0), true);
  return b.var(sum_of(p, n, [&](ExprRef k) { return p.times(b.load(x, {k}), b.load(y, {k})); }));
}

// Whether BLAS has a product of these operands.
bool in_blas(const Product& p, ExprRef x, ExprRef y) {
  const Scalar s = p.t->scalar;
  return (is_float(s) || is_complex(s)) && x->type->scalar == s && y->type->scalar == s;
}

// c = x y by the runtime where the product of `lengths` is at least `least`, else by `own`.
void by_size(const Product& p, ExprRef x, ExprRef y, ExprRef c, const std::vector<ExprRef>& lengths, int64_t least,
             const std::function<void()>& own) {
  Builder& b = p.b;
  ExprRef work = lengths[0];
  for (size_t k = 1; k < lengths.size(); ++k) work = b.binary(Op::Mul, work, lengths[k]);
  kir::Stmt* choice = emit_if(b, b.compare(Op::Ge, work, b.const_int(least)),
                              [&] { call_library(b, kir::LibraryFn::matmul, {x, y, c}); });
  b.with_block(choice->orelse, own);
}

// Multiplications from which on a call of BLAS is faster than the loops here, as tests/perf/linalg measures. Loops over
// real matrices and vectors are as fast as BLAS until memory is what counts.
constexpr int64_t kLeastMatrices = 128;
constexpr int64_t kLeastRealLine = int64_t{1} << 20;
constexpr int64_t kLeastComplexLine = 64;

// y[i] += a[i, k] * x[k], a column after the other; four at a time, so that y is read and written less often.
void add_columns(const Product& p, ExprRef a, ExprRef x, ExprRef y) {
  Builder& b = p.b;
  constexpr int64_t kAtOnce = 4;
  kir::Stmt* clear = b.stmt(kir::StmtKind::FillArray);
  clear->array = y, clear->expr = p.zero();
  const auto add = [&](ExprRef first, int64_t count) {
    std::vector<ExprRef> at, scale;
    for (int64_t c = 0; c < count; ++c) {
      at.push_back(b.reuse(b.binary(Op::Add, first, b.const_int(c))));
      scale.push_back(b.var(b.spill(b.cast(b.load(x, {at.back()}), p.t))));
    }
    b.for_range(b.const_int(0), b.dim(y, 0), b.const_int(1), [&](VarId i) {
      ExprRef sum = b.load(y, {b.var(i)});
      for (size_t c = 0; c < at.size(); ++c) sum = p.plus(sum, p.times(b.load(a, {b.var(i), at[c]}), scale[c]));
      b.store(y, {b.var(i)}, sum);
    });
  };
  ExprRef n = b.reuse(b.dim(a, 1));
  ExprRef whole = b.reuse(b.binary(Op::Sub, n, b.binary(Op::BitAnd, n, b.const_int(kAtOnce - 1))));
  b.for_range(b.const_int(0), whole, b.const_int(kAtOnce), [&](VarId k) { add(b.var(k), kAtOnce); });
  b.for_range(whole, n, b.const_int(1), [&](VarId k) { add(b.var(k), 1); });
}

// y[i] = a[i, :] x, by BLAS where that pays.
void dot_rows(const Product& p, ExprRef a, ExprRef x, ExprRef y) {
  Builder& b = p.b;
  ExprRef m = b.reuse(b.dim(a, 0));
  ExprRef n = b.reuse(b.dim(a, 1));
  const auto rows = [&] {
    b.for_range(b.const_int(0), m, b.const_int(1), [&](VarId i) {
      VarId total = sum_of(p, n, [&](ExprRef k) { return p.times(b.load(a, {b.var(i), k}), b.load(x, {k})); });
      b.store(y, {b.var(i)}, b.var(total));
    });
  };
  if (!in_blas(p, a, x)) return rows();
  by_size(p, a, x, y, {m, n}, is_complex(p.t->scalar) ? kLeastComplexLine : kLeastRealLine, rows);
}

// Along memory: rows of `a` are summed up, unless its columns are the ones that lie together.
ExprRef matrix_line(const Product& p, ExprRef a, ExprRef x) {
  Builder& b = p.b;
  check_inner(b, b.reuse(b.dim(a, 1)), b.dim(x, 0), false);
  ExprRef y = new_array(p, {b.reuse(b.dim(a, 0))}, kir::Fill::None);
  if (a->type->layout == Layout::F) {
    add_columns(p, a, x, y);
  } else if (a->type->layout == Layout::C) {
    dot_rows(p, a, x, y);
  } else {
    const auto step = [&](uint32_t axis) {
      kir::Expr* e = b.node(Op::Stride, b.types.int64(), {a});
      e->index = axis;
      return b.unary(Op::Abs, e);
    };
    kir::Stmt* choice = emit_if(b, b.compare(Op::Lt, step(0), step(1)), [&] { add_columns(p, a, x, y); });
    b.with_block(choice->orelse, [&] { dot_rows(p, a, x, y); });
  }
  return y;
}

ExprRef transposed(Builder& b, ExprRef a) {
  const Layout layout = a->type->layout == Layout::C ? Layout::F : a->type->layout == Layout::F ? Layout::C : Layout::A;
  kir::Expr* e = b.node(Op::Transpose, b.types.array(a->type->scalar, 2, layout, a->type->readonly), {a});
  e->axes = {1, 0};
  return b.reuse(e);
}

// c[i, :] += a[i, k] * b[k, :]; where b is column-major, each element is a sum along k instead.
ExprRef matrices(const Product& p, ExprRef x, ExprRef y) {
  Builder& b = p.b;
  ExprRef m = b.reuse(b.dim(x, 0));
  ExprRef inner = b.reuse(b.dim(x, 1));
  ExprRef n = b.reuse(b.dim(y, 1));
  check_inner(b, inner, b.dim(y, 0), false);
  ExprRef zero = b.const_int(0);
  ExprRef one = b.const_int(1);
  ExprRef c = new_array(p, {m, n}, kir::Fill::None);
  const auto dots = [&] {
    b.for_range(zero, m, one, [&](VarId i) {
      b.for_range(zero, n, one, [&](VarId j) {
        VarId total =
            sum_of(p, inner, [&](ExprRef k) { return p.times(b.load(x, {b.var(i), k}), b.load(y, {k, b.var(j)})); });
        b.store(c, {b.var(i), b.var(j)}, b.var(total));
      });
    });
  };
  const auto rows = [&] {
    kir::Stmt* clear = b.stmt(kir::StmtKind::FillArray);
    clear->array = c, clear->expr = p.zero();
    b.for_range(zero, m, one, [&](VarId i) {
      b.for_range(zero, inner, one, [&](VarId k) {
        ExprRef scale = b.var(b.spill(b.cast(b.load(x, {b.var(i), b.var(k)}), p.t)));
        b.for_range(zero, n, one, [&](VarId j) {
          ExprRef term = p.times(scale, b.load(y, {b.var(k), b.var(j)}));
          b.store(c, {b.var(i), b.var(j)}, p.plus(b.load(c, {b.var(i), b.var(j)}), term));
        });
      });
    });
  };
  if (in_blas(p, x, y)) {
    by_size(p, x, y, c, {m, n, inner}, kLeastMatrices, dots);
  } else {
    y->type->layout == Layout::F && x->type->layout != Layout::F ? dots() : rows();
  }
  return c;
}

}  // namespace

ExprRef matmul(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef result = b.machine(call.result);
  const Product p{b, result->is_array() ? b.types.scalar(result->scalar) : result};
  ExprRef x = b.reuse(value(call, 0));
  ExprRef y = b.reuse(value(call, 1));
  const int left = x->type->rank;
  const int right = y->type->rank;
  if (left == 1 && right == 1) return lines(p, x, y);
  if (left == 2 && right == 1) return matrix_line(p, x, y);
  if (left == 1) return matrix_line(p, transposed(b, y), x);
  return matrices(p, x, y);
}

ExprRef outer(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef result = b.machine(call.result);
  const Product p{b, b.types.scalar(result->scalar)};
  ExprRef x = b.reuse(value(call, 0));
  ExprRef y = b.reuse(value(call, 1));
  ExprRef m = b.reuse(b.dim(x, 0));
  ExprRef n = b.reuse(b.dim(y, 0));
  ExprRef c = new_array(p, {m, n}, kir::Fill::None);
  kir::Stmt* s = b.stmt(kir::StmtKind::Map);
  s->array = c;
  s->fresh = true;
  s->exprs = {m, n};
  const std::vector<kir::Component> column{kir::Component::All, kir::Component::NewAxis};
  TypeRef shape = b.types.array(x->type->scalar, 2, Layout::A, x->type->readonly);
  s->inputs = {{b.temp(b.types.scalar(x->type->scalar), "%x"), b.view(x, shape, column, {})},
               {b.temp(b.types.scalar(y->type->scalar), "%x"), y}};
  b.with_block(s->body, [&] { s->expr = p.times(b.var(s->inputs[0].element), b.var(s->inputs[1].element)); });
  return c;
}

}  // namespace kjit::kirgen::emit
