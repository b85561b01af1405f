// The rules of mixed operands: NumPy 2 promotion with weak Python scalars, integer scalars widened to 64 bits.
#pragma once

#include "parse/ast.h"
#include "sema/types.h"

namespace kjit::sema {

struct BinaryTyping {
  TypeRef operand = nullptr;  // both operands are cast to this scalar type; null: the operator does not take them
  TypeRef result = nullptr;
  // Comparison of a signed integer with uint64: exact, as NumPy's. A signed operand known to be >= 0 is cast to
  // `operand` (uint64); otherwise its sign is looked at first.
  bool mixed_sign = false;
};

// Operators on scalars (weak or strong, bool included). A bool is a weak int in arithmetic: True + True and
// flag + 1 are pyint, flag * x32 is float32. Pow: integers stay integers (a negative exponent raises).
// Shifts have the type of the left operand; both operands are cast to it.
BinaryTyping binary_typing(TypeContext& types, ast::BinaryOp op, TypeRef left, TypeRef right);
// == != < <= > >= on scalars; == and != on complex numbers too. The result is bool.
BinaryTyping compare_typing(TypeContext& types, ast::CompareOp op, TypeRef left, TypeRef right);
// Null when the operator does not take the operand. The operand is cast to the result first (not: to bool).
TypeRef unary_typing(TypeContext& types, ast::UnaryOpKind op, TypeRef operand);

// The common type of two definitions that meet (variables, ternaries, returns); null when there is none.
// Layouts C and A give A; None and T give optional(T); weak and strong numbers give the strong 64-bit type of the kind
// (a weak int and uint64: uint64; a weak int and bool: weak int). Unknown and T give T.
TypeRef unify(TypeContext& types, TypeRef a, TypeRef b);

// The common type of the operands of a named function (np.maximum, max): as NumPy promotes, without widening of two
// strong integers; a strong integer with a weak one has 64 bits. Weak when all are weak; bool stays bool.
TypeRef common_type(TypeContext& types, TypeRef a, TypeRef b);

// NumPy's result_type of two dtypes (no weakness): int32 with float32 is float64.
Scalar promote(Scalar a, Scalar b);

// How a value of type `from` is given where `to` is declared (an explicit signature), from best to worst; kirgen
// casts. Exact: the same, and a weak number for its strong type. Promote: more room, the same kind. Safe: another kind
// that holds it. Unsafe: may lose digits or the sign.
enum class Conversion : uint8_t { Exact, Promote, Safe, Unsafe, None };

// Numbers convert as in Numba, complex ones not to real ones; an array to the same dtype and rank, to layout A from
// any layout, to read-only from writable (safe); None (promote) and T to optional(T); tuples element by element (the
// worst); Unknown to anything.
Conversion conversion(TypeRef from, TypeRef to);
bool can_convert(TypeRef from, TypeRef to);  // conversion() is not None

// The type of x.dtype. That of np.float64 is TypeContext::dtype: they differ in their text alone.
TypeRef dtype_object(TypeContext& types, Scalar s);

}  // namespace kjit::sema
