// Emitters of numpy.linalg: shapes are checked and results made here, the rest is the runtime's (kir/library.def).
#include <kjit_rt/abi.h>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen {

std::vector<ExprRef> broadcast_stacks(Builder& b, const std::vector<ExprRef>& x, const std::vector<ExprRef>& y) {
  const size_t rank = std::max(x.size(), y.size());
  std::vector<ExprRef> out(rank);
  ExprRef one = b.const_int(1);
  for (size_t k = 1; k <= rank; ++k) {
    ExprRef& n = out[rank - k];
    if (k > x.size() || k > y.size()) {
      n = k > x.size() ? y[y.size() - k] : x[x.size() - k];
      continue;
    }
    ExprRef p = x[x.size() - k], q = y[y.size() - k];
    b.check(either(b, b.compare(Op::Eq, p, q), either(b, b.compare(Op::Eq, p, one), b.compare(Op::Eq, q, one))),
            KJIT_VALUE_ERROR, "the stacks of matrices cannot be broadcast together: {0} and {1} along an axis", {p, q});
    n = b.reuse(b.select(b.compare(Op::Eq, p, one), q, p));
  }
  return out;
}

bool products_on_threads(const Builder& b) {
  return b.function.parallel && (b.function.serial_parts & sema::kPartNumpy) == 0;
}

void call_library(Builder& b, kir::LibraryFn function, std::vector<ExprRef> operands) {
  kir::Stmt* s = b.stmt(kir::StmtKind::Library);
  s->library = function;
  s->exprs = std::move(operands);
  s->fresh = true;
  const bool asks = std::string_view(kir::info(function).params).ends_with('t');
  if (asks) s->exprs.push_back(b.const_int(products_on_threads(b) ? 1 : 0));
}

namespace emit {

namespace {

using kir::LibraryFn;
using Shape = std::vector<ExprRef>;

// Argument i as an array of that element type.
ExprRef matrices(CallEmitter& call, size_t i, Scalar element) {
  Builder& b = call.b;
  ExprRef a = b.reuse(value(call, i));
  if (a->type->scalar == element) return a;
  return b.var(copy_array(b, a, b.types.array(element, a->type->rank, Layout::C)));
}

// The element type of an array, or of the first array of a tuple.
Scalar element_of(TypeRef type) { return type->is_tuple() ? type->elements[0]->scalar : type->scalar; }

ExprRef matrices(CallEmitter& call, size_t i = 0) { return matrices(call, i, element_of(call.b.machine(call.result))); }

// A number result is made as an array without axes.
ExprRef made(Builder& b, Scalar element, Shape shape) {
  const int rank = static_cast<int>(shape.size());
  return b.var(b.alloc(b.types.array(element, rank, Layout::C), std::move(shape), kir::Fill::None));
}
ExprRef finished(Builder& b, ExprRef array) { return array->type->rank == 0 ? b.load(array, {}) : array; }

void check_square(Builder& b, const Shape& lengths) {
  b.check(b.compare(Op::Eq, lengths[lengths.size() - 2], lengths.back()), KJIT_LINALG_ERROR,
          "Last 2 dimensions of the array must be square");
}

Shape stack_of(const Shape& lengths, std::initializer_list<ExprRef> own = {}) {
  Shape out(lengths.begin(), lengths.end() - 2);
  out.insert(out.end(), own);
  return out;
}

struct Squares {
  ExprRef array;
  Shape lengths;
  Scalar element;
  ExprRef n() const { return lengths.back(); }
};
Squares squares(CallEmitter& call) {
  Squares out{matrices(call), {}, {}};
  out.lengths = lengths_of(call.b, out.array);
  out.element = out.array->type->scalar;
  check_square(call.b, out.lengths);
  return out;
}

// A text, which is in the type alone.
std::string text_argument(const CallEmitter& call, size_t i, const char* otherwise) {
  const bool given = i < call.call.args.size() && call.call.args[i].type;
  return given && argument_type(call, i)->kind == sema::TypeKind::String ? argument_type(call, i)->text : otherwise;
}

ExprRef upper_flag(CallEmitter& call, size_t i) {
  const std::string triangle = text_argument(call, i, "L");
  return call.b.const_int(triangle == "U" || triangle == "u" ? 1 : 0);
}

}  // namespace

// The rows' covariances, the columns' unless rowvar.
ExprRef cov(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = b.types.float64();
  ExprRef m = matrices(call, 0, Scalar::F64);
  const bool by_rows = absent(call, 2) || int_constant(call, 2, 1) != 0;
  ExprRef variables = b.reuse(b.dim(m, by_rows ? 0 : 1));
  ExprRef ddof =
      !absent(call, 4) ? number(call, 4, b.types.int64()) : b.const_int(int_constant(call, 3, 0) != 0 ? 0 : 1);
  ExprRef left = b.binary(Op::Max, b.binary(Op::Sub, b.dim(m, by_rows ? 1 : 0), ddof), b.const_int(0));
  ExprRef factor = b.binary(Op::Div, b.constant(t, int64_t{1}), b.cast(left, t));
  ExprRef out = made(b, Scalar::F64, {variables, variables});
  call_library(b, LibraryFn::cov, {m, out, b.const_int(by_rows ? 1 : 0), factor});
  return out;
}

ExprRef linalg_inv(CallEmitter& call) {
  const Squares a = squares(call);
  ExprRef out = made(call.b, a.element, a.lengths);
  call_library(call.b, LibraryFn::inv, {a.array, out});
  return out;
}

ExprRef linalg_solve(CallEmitter& call) {
  Builder& b = call.b;
  const Squares a = squares(call);
  ExprRef right = matrices(call, 1);
  const Shape lengths = lengths_of(b, right);
  const bool vector = lengths.size() == 1;
  ExprRef rows = vector ? lengths[0] : lengths[lengths.size() - 2];
  b.check(b.compare(Op::Eq, rows, a.n()), KJIT_VALUE_ERROR,
          vector
              ? "solve1: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (m,m),(m)->(m) "
                "(size {0} is different from {1})"
              : "solve: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
                "(m,m),(m,n)->(m,n) (size {0} is different from {1})",
          {rows, a.n()});
  Shape shape = vector ? stack_of(a.lengths) : broadcast_stacks(b, stack_of(a.lengths), stack_of(lengths));
  shape.push_back(rows);
  if (!vector) shape.push_back(lengths.back());
  ExprRef out = made(b, a.element, shape);
  call_library(b, LibraryFn::solve, {a.array, right, out});
  return out;
}

ExprRef linalg_det(CallEmitter& call) {
  const Squares a = squares(call);
  ExprRef out = made(call.b, a.element, stack_of(a.lengths));
  call_library(call.b, LibraryFn::det, {a.array, out});
  return finished(call.b, out);
}

ExprRef linalg_slogdet(CallEmitter& call) {
  Builder& b = call.b;
  const Squares a = squares(call);
  ExprRef sign = made(b, a.element, stack_of(a.lengths));
  ExprRef logarithm = made(b, real_of(a.element), stack_of(a.lengths));
  call_library(b, LibraryFn::slogdet, {a.array, sign, logarithm});
  return b.tuple({finished(b, sign), finished(b, logarithm)});
}

ExprRef linalg_cholesky(CallEmitter& call) {
  const Squares a = squares(call);
  ExprRef out = made(call.b, a.element, a.lengths);
  call_library(call.b, LibraryFn::cholesky, {a.array, out, call.b.const_int(int_constant(call, 1, 0))});
  return out;
}

ExprRef linalg_qr(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef a = matrices(call);
  const Shape lengths = lengths_of(b, a);
  ExprRef m = lengths[lengths.size() - 2];
  ExprRef n = lengths.back();
  const std::string mode = text_argument(call, 1, "reduced");
  ExprRef k = mode == "complete" ? m : b.reuse(b.binary(Op::Minimum, m, n));
  ExprRef q = made(b, a->type->scalar, stack_of(lengths, {m, mode == "r" ? b.const_int(0) : k}));
  ExprRef r = made(b, a->type->scalar, stack_of(lengths, {k, n}));
  call_library(b, LibraryFn::qr, {a, q, r});
  return mode == "r" ? r : b.tuple({q, r});
}

ExprRef linalg_svdvals(CallEmitter& call) {
  Builder& b = call.b;
  const Scalar element = value(call, 0)->type->scalar;
  ExprRef a = matrices(call, 0, is_float(element) || is_complex(element) ? element : Scalar::F64);
  const Shape lengths = lengths_of(b, a);
  ExprRef k = b.binary(Op::Minimum, lengths[lengths.size() - 2], lengths.back());
  ExprRef s = made(b, real_of(a->type->scalar), stack_of(lengths, {k}));
  call_library(b, LibraryFn::svdvals, {a, s});
  return s;
}

ExprRef linalg_svd(CallEmitter& call) {
  if (int_constant(call, 2, 1) == 0) return linalg_svdvals(call);
  Builder& b = call.b;
  const bool full = int_constant(call, 1, 1) != 0;
  ExprRef a = matrices(call);
  const Shape lengths = lengths_of(b, a);
  ExprRef m = lengths[lengths.size() - 2];
  ExprRef n = lengths.back();
  ExprRef k = b.reuse(b.binary(Op::Minimum, m, n));
  ExprRef u = made(b, a->type->scalar, stack_of(lengths, {m, full ? m : k}));
  ExprRef s = made(b, real_of(a->type->scalar), stack_of(lengths, {k}));
  ExprRef vt = made(b, a->type->scalar, stack_of(lengths, {full ? n : k, n}));
  call_library(b, LibraryFn::svd, {a, u, s, vt});
  return b.tuple({u, s, vt});
}

namespace {

// The values are real, so the result does not say what the matrix' type is.
Squares hermitian(CallEmitter& call) {
  const Scalar element = value(call, 0)->type->scalar;
  Squares out{matrices(call, 0, is_float(element) || is_complex(element) ? element : Scalar::F64), {}, {}};
  out.lengths = lengths_of(call.b, out.array);
  out.element = out.array->type->scalar;
  check_square(call.b, out.lengths);
  return out;
}

}  // namespace

ExprRef linalg_eigvalsh(CallEmitter& call) {
  const Squares a = hermitian(call);
  ExprRef w = made(call.b, real_of(a.element), stack_of(a.lengths, {a.n()}));
  call_library(call.b, LibraryFn::eigvalsh, {a.array, w, upper_flag(call, 1)});
  return w;
}

ExprRef linalg_eigh(CallEmitter& call) {
  const Squares a = hermitian(call);
  ExprRef w = made(call.b, real_of(a.element), stack_of(a.lengths, {a.n()}));
  ExprRef v = made(call.b, a.element, a.lengths);
  call_library(call.b, LibraryFn::eigh, {a.array, w, v, upper_flag(call, 1)});
  return call.b.tuple({w, v});
}

ExprRef linalg_eigvals(CallEmitter& call) {
  const Squares a = squares(call);
  ExprRef w = made(call.b, a.element, stack_of(a.lengths, {a.n()}));
  call_library(call.b, LibraryFn::eigvals, {a.array, w});
  return w;
}

ExprRef linalg_eig(CallEmitter& call) {
  const Squares a = squares(call);
  ExprRef w = made(call.b, a.element, stack_of(a.lengths, {a.n()}));
  ExprRef v = made(call.b, a.element, a.lengths);
  call_library(call.b, LibraryFn::eig, {a.array, w, v});
  return call.b.tuple({w, v});
}

namespace {

// A vector as a column.
ExprRef as_columns(Builder& b, ExprRef array) {
  if (array->type->rank == 2) return array;
  return b.view(array, b.types.array(array->type->scalar, 2, Layout::A, array->type->readonly),
                {kir::Component::All, kir::Component::NewAxis}, {});
}

}  // namespace

ExprRef linalg_lstsq(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef a = matrices(call), right = matrices(call, 1);
  const Scalar real = real_of(a->type->scalar);
  const Shape lengths = lengths_of(b, a), right_lengths = lengths_of(b, right);
  ExprRef m = lengths[0], n = lengths[1];
  b.check(b.compare(Op::Eq, m, right_lengths[0]), KJIT_LINALG_ERROR, "Incompatible dimensions");
  Shape shape = right_lengths;
  shape[0] = n;
  ExprRef x = made(b, a->type->scalar, shape);
  ExprRef columns = shape.size() == 2 ? shape[1] : b.const_int(1);
  ExprRef residuals = made(b, real, {columns});
  ExprRef rank = made(b, Scalar::I64, {});
  ExprRef s = made(b, real, {b.binary(Op::Minimum, m, n)});
  const double eps = real == Scalar::F32 ? 0x1p-23 : 0x1p-52;
  TypeRef number_type = b.types.scalar(Scalar::F64);
  ExprRef rcond = absent(call, 2)
                      ? b.binary(Op::Mul, b.const_float(eps), b.cast(b.binary(Op::Maximum, m, n), number_type))
                      : b.cast(value(call, 2), number_type);
  call_library(b, LibraryFn::lstsq, {a, as_columns(b, right), as_columns(b, x), residuals, rank, s, rcond});
  ExprRef found = b.reuse(b.load(rank, {}));
  ExprRef determined = both(b, b.compare(Op::Eq, found, n), b.compare(Op::Gt, m, n));
  ExprRef count = b.reuse(b.select(determined, columns, b.const_int(0)));
  return b.tuple({x, contiguous_view(b, residuals, residuals->type, {count}), found, s});
}

}  // namespace emit

}  // namespace kjit::kirgen
