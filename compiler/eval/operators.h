// Operators, truth and indexing of values of every sort. All throw kjit::Error without a place.
#pragma once

#include "eval/objects.h"

namespace kjit::eval {

Value binary(Interpreter& interpreter, BinaryOp op, const Value& a, const Value& b);
// a op= b: changes lists and arrays in place.
Value binary_in_place(Interpreter& interpreter, BinaryOp op, const Value& a, const Value& b);
Value unary(Interpreter& interpreter, ast::UnaryOpKind op, const Value& a);
Value compare(Interpreter& interpreter, ast::CompareOp op, const Value& a, const Value& b);
bool equal(Interpreter& interpreter, const Value& a, const Value& b);
bool less(Interpreter& interpreter, const Value& a, const Value& b);
bool truth(const Value& value);
bool is_number(const Value& value);  // bool, int, float, complex, NumPy scalar

Value load_item(Interpreter& interpreter, const Value& object, const Value& index);
void store_item(Interpreter& interpreter, const Value& object, const Value& index, const Value& value);

// A number as one of that dtype: what np.float32(x) gives.
Value cast(DType dtype, const Value& number);

}  // namespace kjit::eval
