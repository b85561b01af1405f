// The type kjit.Dispatcher: a kernel as a callable object of Python.
#pragma once

#include <kjit/kjit.h>

#include <string>

#include "numpy_api.h"

namespace kjit::python {

// Readies the type; a borrowed reference, or null with Python's error set.
PyTypeObject* dispatcher_type();
bool is_dispatcher(PyObject* object);
uint64_t dispatcher_id(PyObject* dispatcher);  // unique in the process

// A dispatcher of a function of a loaded module.
Ref make_dispatcher(Module module, std::string name);
// The module and the name of a dispatcher's function, loaded when that has not happened. Throws.
struct Loaded {
  const Module& module;
  const std::string& name;
  std::shared_ptr<void>& launches;  // the code of a kernel with @cuda.jit: launch.cpp's
};
Loaded load_dispatcher(PyObject* dispatcher);
// An argument's name in messages: "f(): argument 'x'".
std::string argument_of(PyObject* dispatcher, size_t index);
// The function as a value that other kernels can be given. Loads it when that has not happened. Throws.
Value function_value(PyObject* dispatcher);

// The module and the function's name out of what a loader of Python returned. Throws PythonError.
std::pair<Module, std::string> loaded(PyObject* result);

}  // namespace kjit::python
