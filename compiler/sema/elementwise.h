// Functions and operators that work element by element on whole arrays (NumPy's ufuncs and their like). One typing rule
// per function serves scalars and arrays: of arrays it sees the element types, and the result is an array again.
#pragma once

#include "sema/builtins.h"
#include "sema/typed.h"

namespace kjit::sema {

// Whether the row takes arrays wherever it takes numbers.
bool is_elementwise(const Builtin& row);
// The row of an operator on whole arrays ("numpy.add" for +); null where there is none (@).
const Builtin* operator_row(ast::BinaryOp op);
const Builtin* operator_row(ast::UnaryOpKind op);
const Builtin* operator_row(ast::CompareOp op);
// The row that a Python built-in stands for when it is given an array (abs, round, pow, divmod); else the row itself.
const Builtin& array_row(const Builtin& row);

// A method of a function of two numbers: "numpy.add.outer" is {numpy.add, ufunc.outer}. Null where there is none.
struct UfuncMethod {
  const Builtin* ufunc = nullptr;
  const Builtin* method = nullptr;
};
UfuncMethod ufunc_method(std::string_view canonical_name);

// Applies the row's typing rule. When an argument is an array (of rank 1 or more) or `out` is given, the rule sees the
// elements' types: Python's own numbers take the type that they have beside the arrays (NumPy 2: 2.0 beside float32 is
// float32), which are left in call.args and in info.elements; the result is an array of the highest rank, layout C.
TypeRef apply_rule(CallTyping& call, CallInfo& info);

// The array that an argument of type `t` stands for where the row takes an array under this name: of a tuple or list of
// numbers, of a number (no axes; of functions that join arrays one), of a tuple that holds such. Null: it stays.
TypeRef array_like(TypeContext& types, const Builtin& row, std::string_view parameter, TypeRef t);

// NumPy's casting "same_kind": not float into int, not signed into unsigned.
bool is_same_kind(Scalar from, Scalar to);

// array op= value: whether the operator takes the two and what it gives fits into the array (NumPy's casting
// "same_kind": not float into int, not signed into unsigned). Reports otherwise.
bool check_update(TypeContext& types, ast::BinaryOp op, TypeRef array, const TypedArgument& value,
                  source::Location where, source::Diagnostics& diagnostics);

}  // namespace kjit::sema
