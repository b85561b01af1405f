// Exceptions of kjit on their way through nanobind.
#pragma once

#include <nanobind/nanobind.h>

#include "engine.h"

namespace kjit::python {

// What `f` throws becomes Python's error.
template <typename F>
auto translated(F f) -> decltype(f()) {
  try {
    return f();
  } catch (const PythonError&) {
    throw nanobind::python_error();
  } catch (const Error& error) {
    set_error(error);
    throw nanobind::python_error();
  }
}

}  // namespace kjit::python
