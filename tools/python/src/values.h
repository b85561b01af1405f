// Python's objects as kjit's values, and results as Python's objects. Everything here is called with the GIL held.
#pragma once

#include <kjit/kjit.h>

#include "numpy_api.h"

namespace kjit::python {

// NumPy's type number as kjit's; false: kernels do not know it.
bool dtype_of_number(int type_number, DType& out);
int number_of_dtype(DType dtype);
// What a dtype, a scalar type of NumPy, or Python's float, int, complex and bool stand for; false: nothing of kjit's.
bool dtype_of_object(PyObject* object, DType& out);
// A scalar of NumPy; false: it is none, or of a type that kernels do not know.
bool numpy_scalar(PyObject* object, DType& out, unsigned char (&bits)[16]);

// Whether an array's class means something else by the same operators: masked arrays, matrices.
bool has_other_operators(PyObject* array);
// Why kernels cannot take this array (its dtype, byte order, alignment); empty: they can.
std::string why_not(PyArrayObject* array);

// Throws PythonError: TypeError, OverflowError. Arrays share their memory; with `owned`, values keep the array alive
// (results may then be views of it), otherwise the caller does. `what` names it in messages: "argument 'x'".
Value to_value(PyObject* object, const std::string& what, bool owned);
// A new reference. Throws PythonError.
Ref to_object(const Value& value);

// An array over memory that kjit owns: takes over one reference to `owner`.
Ref make_array(DType dtype, int rank, const int64_t* shape, const int64_t* strides, void* data, void* owner,
               bool readonly);
// The same with memory that `base` keeps alive.
Ref make_view(DType dtype, int rank, const int64_t* shape, const int64_t* strides, void* data, PyObject* base,
              bool readonly);

}  // namespace kjit::python
