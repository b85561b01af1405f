// Emitters of matrix products: BLAS where that pays, else loops in the order that suits the operands' layouts.
#include <fmt/format.h>
#include <kjit_rt/abi.h>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen::emit {

namespace {

using At = std::function<ExprRef(ExprRef position)>;

// The loop just made, whose iterations are independent or only add up.
void spread(const Product& p) { p.b.block->back()->parallel = products_on_threads(p.b); }

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

// The axes that are summed over have one length; the error is NumPy's, whose `@` and np.matmul differ from np.dot.
void check_inner(CallEmitter& call, ExprRef x, ExprRef y) {
  Builder& b = call.b;
  const std::vector<ExprRef> left = dims_of(b, x), right = dims_of(b, y);
  const size_t axis = right.size() == 1 ? 0 : right.size() - 2;
  ExprRef equal = b.compare(Op::Eq, left.back(), right[axis]);
  if (call.call.builtin && call.call.builtin->id == sema::BuiltinId::numpy_matmul) {
    b.check(equal, KJIT_VALUE_ERROR,
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
            "(n?,k),(k,m?)->(n?,m?) (size {1} is different from {0})",
            {left.back(), right[axis]});
    return;
  }
  ShapesOfMessage shapes;
  std::string message = "shapes " + shapes.add(left) + " and ";
  const size_t first = shapes.operands.size();
  message += shapes.add(right) + fmt::format(" not aligned: {{{}}} (dim {}) != {{{}}} (dim {})", first - 1,
                                             left.size() - 1, first + axis, axis);
  b.check(equal, KJIT_VALUE_ERROR, message, shapes.operands);
}

ExprRef lines(const Product& p, ExprRef x, ExprRef y) {
  Builder& b = p.b;
  ExprRef n = b.reuse(b.dim(x, 0));
  const VarId total = sum_of(p, n, [&](ExprRef k) { return p.times(b.load(x, {k}), b.load(y, {k})); });
  spread(p);
  return b.var(total);
}

// Whether BLAS has a product of these operands.
bool in_blas(const Product& p, ExprRef x, ExprRef y) {
  const Scalar s = p.t->scalar;
  return (is_float(s) || is_complex(s)) && x->type->scalar == s && y->type->scalar == s;
}

void set_few(kir::Block& block) {
  for (kir::Stmt* s : block) {
    s->few = s->kind == kir::StmtKind::For;
    set_few(s->body);
  }
}

// A function of the runtime where the product of `lengths` is at least `least`, else the loops of `own`, which are kept
// small: they are part of every kernel with a product.
void by_size(const Product& p, std::vector<ExprRef> operands, kir::LibraryFn function,
             const std::vector<ExprRef>& lengths, int64_t least, const std::function<void()>& own) {
  Builder& b = p.b;
  ExprRef work = lengths[0];
  for (size_t k = 1; k < lengths.size(); ++k) work = b.binary(Op::Mul, work, lengths[k]);
  kir::Stmt* choice =
      emit_if(b, b.compare(Op::Ge, work, b.const_int(least)), [&] { call_library(b, function, std::move(operands)); });
  b.with_block(choice->orelse, [&] { own(); });
  set_few(choice->orelse);
}

// Multiplications from which on a call of the runtime is faster than the loops here, as tests/perf/linalg measures.
constexpr int64_t kLeastMatrices = 256;
constexpr int64_t kLeastLine = 48;

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

// y[i] = a[i, :] x.
void dot_rows(const Product& p, ExprRef a, ExprRef x, ExprRef y) {
  Builder& b = p.b;
  ExprRef n = b.reuse(b.dim(a, 1));
  b.for_range(b.const_int(0), b.reuse(b.dim(a, 0)), b.const_int(1), [&](VarId i) {
    VarId total = sum_of(p, n, [&](ExprRef k) { return p.times(b.load(a, {b.var(i), k}), b.load(x, {k})); });
    b.store(y, {b.var(i)}, b.var(total));
  });
}

// Along memory: rows of `a` are summed up, unless its columns are the ones that lie together.
void line_by_loops(const Product& p, ExprRef a, ExprRef x, ExprRef y) {
  Builder& b = p.b;
  if (a->type->layout == Layout::F) return add_columns(p, a, x, y);
  if (a->type->layout == Layout::C) {
    dot_rows(p, a, x, y);
    return spread(p);
  }
  const auto step = [&](uint32_t axis) {
    kir::Expr* e = b.node(Op::Stride, b.types.int64(), {a});
    e->index = axis;
    return b.unary(Op::Abs, e);
  };
  kir::Stmt* choice = emit_if(b, b.compare(Op::Lt, step(0), step(1)), [&] { add_columns(p, a, x, y); });
  b.with_block(choice->orelse, [&] { dot_rows(p, a, x, y); });
}

ExprRef transposed(Builder& b, ExprRef a) {
  const Layout layout = a->type->layout == Layout::C ? Layout::F : a->type->layout == Layout::F ? Layout::C : Layout::A;
  kir::Expr* e = b.node(Op::Transpose, b.types.array(a->type->scalar, 2, layout, a->type->readonly), {a});
  e->axes = {1, 0};
  return b.reuse(e);
}

ExprRef matrix_line(const Product& p, ExprRef a, ExprRef x) {
  Builder& b = p.b;
  ExprRef m = b.reuse(b.dim(a, 0)), n = b.reuse(b.dim(a, 1));
  ExprRef y = new_array(p, {m}, kir::Fill::None);
  if (in_blas(p, a, x)) {
    by_size(p, {a, x, y}, kir::LibraryFn::matvec, {m, n}, kLeastLine, [&] { dot_rows(p, a, x, y); });
  } else {
    line_by_loops(p, a, x, y);
  }
  return y;
}

// Each element of c is a sum of products along k.
void by_elements(const Product& p, ExprRef x, ExprRef y, ExprRef c) {
  Builder& b = p.b;
  ExprRef inner = b.reuse(b.dim(x, 1));
  for_each_index(b, lengths_of(b, c), [&](const std::vector<ExprRef>& at) {
    VarId total = sum_of(p, inner, [&](ExprRef k) { return p.times(b.load(x, {at[0], k}), b.load(y, {k, at[1]})); });
    b.store(c, at, b.var(total));
  });
}

// c[i, :] += x[i, k] * y[k, :].
void by_rows(const Product& p, ExprRef x, ExprRef y, ExprRef c) {
  Builder& b = p.b;
  kir::Stmt* clear = b.stmt(kir::StmtKind::FillArray);
  clear->array = c, clear->expr = p.zero();
  ExprRef n = b.reuse(b.dim(c, 1));
  for_each_index(b, lengths_of(b, x), [&](const std::vector<ExprRef>& at) {
    ExprRef scale = b.var(b.spill(b.cast(b.load(x, at), p.t)));
    b.for_range(b.const_int(0), n, b.const_int(1), [&](VarId j) {
      ExprRef term = p.times(scale, b.load(y, {at[1], b.var(j)}));
      b.store(c, {at[0], b.var(j)}, p.plus(b.load(c, {at[0], b.var(j)}), term));
    });
  });
}

void by_loops(const Product& p, ExprRef x, ExprRef y, ExprRef c) {
  if (y->type->layout == Layout::F && x->type->layout != Layout::F) {
    by_elements(p, x, y, c);
  } else {
    by_rows(p, x, y, c);
  }
  spread(p);
}

ExprRef matrices(const Product& p, ExprRef x, ExprRef y) {
  Builder& b = p.b;
  ExprRef m = b.reuse(b.dim(x, 0));
  ExprRef inner = b.reuse(b.dim(x, 1));
  ExprRef n = b.reuse(b.dim(y, 1));
  ExprRef c = new_array(p, {m, n}, kir::Fill::None);
  if (in_blas(p, x, y)) {
    by_size(p, {x, y, c}, kir::LibraryFn::matmul, {m, n, inner}, kLeastMatrices, [&] { by_elements(p, x, y, c); });
  } else {
    by_loops(p, x, y, c);
  }
  return c;
}

// The matrix of a stack at an index of the stack that the result has: further axes to the left, axes of length 1 stay.
ExprRef matrix_at(Builder& b, ExprRef stack, const std::vector<ExprRef>& index) {
  const uint32_t axes = stack->type->rank - 2;
  std::vector<kir::Component> components(axes, kir::Component::Index);
  components.insert(components.end(), 2, kir::Component::All);
  std::vector<ExprRef> operands;
  for (uint32_t k = 0; k < axes; ++k) {
    ExprRef single = b.compare(Op::Eq, b.dim(stack, k), b.const_int(1));
    operands.push_back(b.select(single, b.const_int(0), index[index.size() - axes + k]));
  }
  TypeRef type = b.types.array(stack->type->scalar, 2, Layout::A, stack->type->readonly);
  return b.var(b.spill(b.view(stack, type, components, operands)));
}

// A vector as a matrix of one row or one column.
ExprRef as_matrix(Builder& b, ExprRef a, bool row) {
  if (a->type->rank > 1) return a;
  std::vector<kir::Component> components{kir::Component::All, kir::Component::All};
  components[row ? 0 : 1] = kir::Component::NewAxis;
  TypeRef type = b.types.array(a->type->scalar, 2, Layout::A, a->type->readonly);
  return b.var(b.spill(b.view(a, type, components, {})));
}

ExprRef stacks(const Product& p, ExprRef x, ExprRef y) {
  Builder& b = p.b;
  const std::vector<ExprRef> left = lengths_of(b, x), right = lengths_of(b, y);
  const bool row = left.size() == 1, column = right.size() == 1;
  const std::vector<ExprRef> none;
  std::vector<ExprRef> shape = broadcast_stacks(b, row ? none : std::vector(left.begin(), left.end() - 2),
                                                column ? none : std::vector(right.begin(), right.end() - 2));
  const std::vector<ExprRef> stack = shape;
  if (!row) shape.push_back(left[left.size() - 2]);
  if (!column) shape.push_back(right.back());
  ExprRef c = new_array(p, shape, kir::Fill::None);
  if (in_blas(p, x, y)) {
    call_library(b, kir::LibraryFn::matmul, {x, y, c});
    return c;
  }
  ExprRef whole = c;
  if (row || column) {  // with the axis that the result lacks
    std::vector<kir::Component> components(stack.size() + 2, kir::Component::All);
    components[stack.size() + (row ? 0 : 1)] = kir::Component::NewAxis;
    TypeRef type = b.types.array(p.t->scalar, static_cast<int>(stack.size()) + 2, Layout::A);
    whole = b.var(b.spill(b.view(c, type, components, {})));
  }
  ExprRef wide_x = as_matrix(b, x, true), wide_y = as_matrix(b, y, false);
  for_each_index(b, stack, [&](const std::vector<ExprRef>& index) {
    by_rows(p, matrix_at(b, wide_x, index), matrix_at(b, wide_y, index), matrix_at(b, whole, index));
  });
  return c;
}

ExprRef product(const Product& p, ExprRef x, ExprRef y) {
  const int left = x->type->rank;
  const int right = y->type->rank;
  if (left > 2 || right > 2) return stacks(p, x, y);
  if (left == 1 && right == 1) return lines(p, x, y);
  if (left == 2 && right == 1) return matrix_line(p, x, y);
  if (left == 1) return matrix_line(p, transposed(p.b, y), x);
  return matrices(p, x, y);
}

Product product_of(CallEmitter& call) {
  TypeRef result = call.b.machine(call.result);
  return {call.b, result->is_array() ? call.b.types.scalar(result->scalar) : result};
}

}  // namespace

ExprRef matrix_product(const Product& p, ExprRef x, ExprRef y) { return product(p, x, y); }

ExprRef matmul(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = b.reuse(value(call, 0));
  ExprRef y = b.reuse(value(call, 1));
  check_inner(call, x, y);
  return result_into(call, 2, product(product_of(call), x, y));
}

ExprRef inner(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = b.reuse(value(call, 0));
  ExprRef y = b.reuse(value(call, 1));
  if (y->type->rank == 2) y = transposed(b, y);
  check_inner(call, x, y);
  return product(product_of(call), x, y);
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
