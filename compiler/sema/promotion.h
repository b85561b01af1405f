// The rules of mixed operands: NumPy 2 promotion with weak Python scalars, integer scalars widened to 64 bits.
#pragma once

#include "parse/ast.h"
#include "sema/types.h"

namespace kjit::sema {

struct BinaryTyping {
  TypeRef operand = nullptr;  // both operands are cast to this scalar type; null: the operator does not take them
  TypeRef result = nullptr;
};

// Operators on scalars (weak or strong, bool included). Pow: integers stay integers (a negative exponent raises).
BinaryTyping binary_typing(TypeContext& types, ast::BinaryOp op, TypeRef left, TypeRef right);
// == != < <= > >= on scalars. Signed with uint64 compares as float64 unless kirgen does better (see operand null-ness).
BinaryTyping compare_typing(TypeContext& types, ast::CompareOp op, TypeRef left, TypeRef right);
TypeRef unary_typing(TypeContext& types, ast::UnaryOpKind op, TypeRef operand);

// The common type of two definitions that meet (variables, ternaries, returns); null when there is none.
// Layouts C and A give A; None and T give optional(T); weak and strong numbers give the strong 64-bit type of the kind.
TypeRef unify(TypeContext& types, TypeRef a, TypeRef b);

// NumPy's result_type of two dtypes (no weakness): int32 with float32 is float64.
Scalar promote(Scalar a, Scalar b);

// Whether a value of type `from` may be given where `to` is declared (an explicit signature); kirgen casts.
bool can_convert(TypeRef from, TypeRef to);

}  // namespace kjit::sema
