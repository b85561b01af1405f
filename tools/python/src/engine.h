// The process's engine, what it prints, how calls are cancelled, and its errors as Python's exceptions.
#pragma once

#include <kjit/kjit.h>

#include "numpy_api.h"

namespace kjit::python {

// Made when first asked for; lives as long as the process. Its prints go to sys.stdout. Throws kjit::Error.
Engine& engine();
// What the engine is made with; false: it is there already. Empty texts: as Options has it.
bool set_cuda_options(bool simulator, const std::string& library, const std::string& cache_directory,
                      const std::string& libdevice);
bool simulates_cuda();

// Sets Python's exception of the same name. A kernel's exception gets a traceback entry for the kernel's line.
void set_error(const Error& error);
// Calls `f`; an exception of C++ becomes Python's, and `failed` is returned.
template <typename F, typename R>
R guarded(R failed, F f) {
  try {
    return f();
  } catch (const PythonError&) {
    return failed;
  } catch (const Error& error) {
    set_error(error);
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return failed;
}

// The exceptions of the package: `base`, the ones for arguments that are read-only or fit no signature, and warnings.
void set_exception_types(PyObject* base, PyObject* readonly, PyObject* signature, PyObject* warning);

// A function of an exception's message and the line that raised it: the exception's arguments.
void set_exception_arguments(PyObject* function);

// From here on an interrupt of the keyboard stops the kernel that the main thread runs. Chains to Python's handler.
void watch_interrupts();
// For the length of one call of a kernel: connects it with the keyboard where the thread is the main one.
class Interruptible {
 public:
  Interruptible();
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  const CancelFlag* flag() const;  // null: the thread is not the main one

 private:
  bool main_;
};

}  // namespace kjit::python
