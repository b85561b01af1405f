// What the emitters of built-ins share. The emitters stand in builtins_<family>.cpp, one function each; they are listed
// in sema/builtins.def. An emitter computes in the machine type of the result unless it says otherwise.
#pragma once

#include <functional>
#include <string_view>

#include "kirgen/builder.h"

namespace kjit::kirgen {

using kir::Layout;

namespace emit {
#define BUILTIN(id, name, params, typing, emitter, doc) ExprRef emitter(CallEmitter& call);
#include "sema/builtins.def"
#undef BUILTIN
// total += at(0), ..., at(n - 1), floats: stretches of 128 in eight parts, added pairwise (see builtins_reduce.cpp).
kir::Stmt* sum_stretches(Builder& b, VarId total, ExprRef n, const std::function<ExprRef(ExprRef position)>& at);
// The least (Op::Minimum) or greatest (Op::Maximum) of all elements as values of type `t`, infinity where there is
// none.
ExprRef extremum_of(Builder& b, ExprRef array, Op op, TypeRef t);
}  // namespace emit

// The type of argument i under inference (with weakness), optionals opened.
TypeRef argument_type(const CallEmitter& call, size_t i);
// Not given, or None.
bool absent(const CallEmitter& call, size_t i);
// What a function made, or the array given for its result as argument i, which then holds it. Made apart, because that
// array may be one of the operands.
ExprRef result_into(CallEmitter& call, size_t i, ExprRef made);
// Copies the elements into an array, whose lengths are checked; returns that.
ExprRef copied_into(Builder& b, ExprRef out, ExprRef made);
// The value of argument i, not optional; raises TypeError when it is None.
ExprRef value(CallEmitter& call, size_t i);
// The same, cast, and safe to use more than once.
ExprRef number(CallEmitter& call, size_t i, TypeRef type);
ExprRef number_or(CallEmitter& call, size_t i, TypeRef type, double otherwise);
int64_t int_constant(const CallEmitter& call, size_t i, int64_t otherwise);
// The machine type of the common type of the arguments given.
TypeRef common_operand(CallEmitter& call);

// --- small expressions
ExprRef both(Builder& b, ExprRef p, ExprRef q);    // p and q
ExprRef either(Builder& b, ExprRef p, ExprRef q);  // p or q
ExprRef truth(Builder& b, ExprRef number);         // != 0
ExprRef real(Builder& b, ExprRef z);               // of a complex number
ExprRef imag(Builder& b, ExprRef z);
ExprRef make_complex_of(Builder& b, TypeRef type, ExprRef re, ExprRef im);
// a OP c where the types differ, exact for signed with uint64.
ExprRef compare_mixed(Builder& b, Op op, ExprRef a, ExprRef c);
// z OP w of complex numbers of one type, by real, then by imaginary part, as NumPy orders them; nan in an imaginary
// part counts where the real parts differ. The operands are used more than once.
ExprRef compare_complex(Builder& b, Op op, ExprRef z, ExprRef w);
// Integers by zero give 0.
ExprRef divide_or_zero(Builder& b, Op op, ExprRef x, ExprRef y);
// Rounded to -digits decimal places, ties to even. digits: int64.
ExprRef round_integer(Builder& b, ExprRef x, ExprRef digits);

// --- loops
// if cond: body
template <typename F>
kir::Stmt* emit_if(Builder& b, ExprRef cond, F body) {
  kir::Stmt* s = b.stmt(kir::StmtKind::If);
  s->expr = cond;
  b.with_block(s->body, body);
  return s;
}
// while condition(): body. `condition` may emit statements.
template <typename C, typename F>
void emit_while(Builder& b, C condition, F body) {
  kir::Stmt* s = b.stmt(kir::StmtKind::While);
  b.with_block(s->head, [&] { s->expr = condition(); });
  b.with_block(s->body, body);
}

// A sequence to run through: a tuple, a range or a 1-d array.
struct Elements {
  std::vector<ExprRef> fixed;  // of a tuple
  bool is_fixed = false;
  ExprRef length = nullptr;            // int64
  std::function<ExprRef(ExprRef)> at;  // int64 position -> element
};
Elements elements_of(CallEmitter& call, size_t i);
ExprRef range_length(Builder& b, ExprRef range);

// --- arrays
// array[lower:upper:step] for one axis: the view's component, and its operands behind `operands`. Bounds and step are
// int64, null where they are not given.
kir::Component slice_axis(Builder& b, ExprRef array, uint32_t axis, ExprRef lower, ExprRef upper, ExprRef step,
                          std::vector<ExprRef>& operands);
// The array that a number or a (nested) list or tuple of numbers or arrays stands for, of the type that inference
// found; a tuple type: each part that is no array yet.
ExprRef array_of_display(Builder& b, ExprRef tuple, TypeRef array);
ExprRef row_major(Builder& b, ExprRef array);  // the array, or a row-major copy where it is not one
ExprRef flat_view(Builder& b, ExprRef array);  // of an array of layout C: one axis
// Row-major C strides in bytes.
ExprRef contiguous_view(Builder& b, ExprRef array, TypeRef type, const std::vector<ExprRef>& shape);
// One loop over an array of layout C; else one for each axis, row-major.
void for_each_element(Builder& b, ExprRef array, const std::function<void(ExprRef element)>& body);
VarId copy_array(Builder& b, ExprRef array, TypeRef type);

// The number of elements that are not 0, and their indices in row-major order, one array for each axis (gen_fancy.cpp).
ExprRef count_true(Builder& b, ExprRef mask);
std::vector<ExprRef> nonzero_arrays(Builder& b, ExprRef mask);

// Loops over all indices of a shape, row-major, and the lengths of an array's axes, in variables.
void for_each_index(Builder& b, const std::vector<ExprRef>& shape,
                    const std::function<void(const std::vector<ExprRef>& index)>& body);
std::vector<ExprRef> lengths_of(Builder& b, ExprRef array);
std::vector<ExprRef> dims_of(Builder& b, ExprRef array);  // the same as expressions

// Shapes within the message of a check: add() gives the text, "({0},{1})", whose operands it keeps.
struct ShapesOfMessage {
  std::vector<ExprRef> operands;
  std::string add(const std::vector<ExprRef>& shape);
};

// --- products
// Products and sums of elements of type t; of bools `and` and `or`.
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

namespace emit {
// x @ y of elements of type p.t; a number where both are vectors.
ExprRef matrix_product(const Product& p, ExprRef x, ExprRef y);
}  // namespace emit

// Whether products of this function may run on threads.
bool products_on_threads(const Builder& b);

// --- functions of the runtime (kir/library.def)
// The arrays written are new ones.
void call_library(Builder& b, kir::LibraryFn function, std::vector<ExprRef> operands);
// The lengths of two stacks of matrices broadcast together; ValueError when they do not fit.
std::vector<ExprRef> broadcast_stacks(Builder& b, const std::vector<ExprRef>& x, const std::vector<ExprRef>& y);

}  // namespace kjit::kirgen
