// Arrays in scripts: views, element access, conversion and creation. Everything else is compiled when first used.
#pragma once

#include "eval/interpreter.h"

namespace kjit::eval {

// a[i] along the first axis: a NumPy scalar of a one-dimensional array, else a view. No bounds check.
Value element_or_row(const Array& array, int64_t index);
Value load_element(DType dtype, const void* at);
void store_element(DType dtype, void* at, const Value& number);  // converts; TypeError for what is no number

// a[index] and a[index] = value for integers, slices, None, Ellipsis and tuples of them. Index arrays go to compiled
// code.
Value index_array(Interpreter& interpreter, const Array& array, const Value& index);
void store_array(Interpreter& interpreter, const Array& array, const Value& index, const Value& value);

// Writes a number, or an array or nested sequence that broadcasts, into `to`. An overlap behaves as if copied first.
void assign_array(const Array& to, const Value& from);
Array broadcast(const Array& array, std::span<const int64_t> shape);  // a view; ValueError where the shapes do not fit
Array cast_array(const Array& array, DType dtype);                    // a C-contiguous copy
Array reshape(const Array& array, std::vector<int64_t> shape);        // one -1 allowed; a view where that can be
Array transpose(const Array& array, std::span<const int64_t> axes);

// Nested sequences, numbers and arrays as one new array. `dtype` null: the common one of the elements.
Array array_from(const Value& value, const DType* dtype);
DType dtype_of_number(const Value& number);  // float64 for a Python float, and so on
Value to_python(const Value& number);        // a NumPy scalar as Python's own number; others as they are
DType to_dtype(const Value& value);          // np.float32, float, "f4" as a dtype
std::vector<int64_t> to_shape(const Value& value);

Value array_attribute(const Array& array, std::string_view name);              // unbound: none
Value number_attribute(const Value& number, std::string_view name);            // unbound: none
Value limits_attribute(std::string_view package, std::string_view attribute);  // of np.finfo(t) and np.iinfo(t)
Value make_scalar(Interpreter& interpreter, DType dtype, Args& args);          // np.float32(x)

}  // namespace kjit::eval
