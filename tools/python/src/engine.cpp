#include "engine.h"

#include <frameobject.h>

#include <csignal>

namespace kjit::python {

namespace {

PyObject* exception_arguments = nullptr;
PyObject* compilation_error = nullptr;
PyObject* readonly_error = nullptr;
PyObject* signature_error = nullptr;
PyObject* compilation_warning = nullptr;

struct CudaOptions {
  bool is_used = false, simulator = false;
  std::string library, cache_directory, libdevice;
};
CudaOptions cuda_options;

// Set by the handler of SIGINT while the main thread is inside of a kernel.
CancelFlag cancel;
volatile sig_atomic_t depth = 0;
void (*previous_handler)(int) = nullptr;
thread_local bool is_main_thread = false;

void on_interrupt(int signal) {
  if (depth > 0) cancel.cancel();
  previous_handler(signal);
}

void write_to(const char* stream, std::string_view text) {
  WithGil gil;
  PyObject* file = PySys_GetObject(stream);  // borrowed
  if (!file || file == Py_None) return;
  const Ref held = Ref::borrow(file);
  const Ref string(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
  if (!string) throw PythonError{};
  const Ref done(PyObject_CallMethod(held.get(), "write", "O", string.get()));
  if (!done) throw PythonError{};
}

// Python's warning at the kernel's line; an error where the program's filters say so.
void warn(const Finding& finding) {
  WithGil gil;
  const std::string text = finding.hint.empty() ? finding.message : finding.message + "; " + finding.hint;
  PyObject* category = compilation_warning ? compilation_warning : PyExc_UserWarning;
  const std::string& file = finding.place.file;
  if (PyErr_WarnExplicit(category, text.c_str(), file.c_str(), static_cast<int>(finding.place.line), nullptr, nullptr) <
      0)
    throw PythonError{};
}

Options options() {
  Options out;
  out.interruptible = true;
  out.write = [](std::string_view text) { write_to("stdout", text); };
  out.warn = warn;
  cuda_options.is_used = true;
  out.cuda_simulator = cuda_options.simulator;
  out.cuda_library = cuda_options.library;
  out.cache_directory = cuda_options.cache_directory;
  out.libdevice = cuda_options.libdevice;
  out.write_error = [](std::string_view text) { write_to("stderr", text); };
  return out;
}

Ref linalg_error() {
  const Ref module(PyImport_ImportModule("numpy.linalg"));
  Ref found(module ? PyObject_GetAttrString(module.get(), "LinAlgError") : nullptr);
  if (!found) PyErr_Clear();
  return found;
}

PyObject* exception_of(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::Compile: {
      const std::string id = error.findings().empty() ? "" : error.findings().front().id;
      if (id == "readonly-array" && readonly_error) return readonly_error;
      if (id == "no-matching-signature" && signature_error) return signature_error;
      return compilation_error ? compilation_error : PyExc_TypeError;
    }
    case ErrorKind::Exception:
      return PyExc_Exception;
    case ErrorKind::ValueError:
    case ErrorKind::UnownedResult:
      return PyExc_ValueError;
    case ErrorKind::TypeError:
      return PyExc_TypeError;
    case ErrorKind::IndexError:
      return PyExc_IndexError;
    case ErrorKind::KeyError:
      return PyExc_KeyError;
    case ErrorKind::ZeroDivisionError:
      return PyExc_ZeroDivisionError;
    case ErrorKind::OverflowError:
      return PyExc_OverflowError;
    case ErrorKind::FloatingPointError:
      return PyExc_FloatingPointError;
    case ErrorKind::ArithmeticError:
      return PyExc_ArithmeticError;
    case ErrorKind::AssertionError:
      return PyExc_AssertionError;
    case ErrorKind::NotImplementedError:
      return PyExc_NotImplementedError;
    case ErrorKind::MemoryError:
      return PyExc_MemoryError;
    case ErrorKind::RecursionError:
      return PyExc_RecursionError;
    case ErrorKind::StopIteration:
      return PyExc_StopIteration;
    case ErrorKind::NameError:
      return PyExc_UnboundLocalError;
    case ErrorKind::Interrupted:
      return PyExc_KeyboardInterrupt;
    case ErrorKind::AttributeError:
      return PyExc_AttributeError;
    case ErrorKind::OSError:
      return PyExc_OSError;
    case ErrorKind::RuntimeError:
    case ErrorKind::LinAlgError:
    case ErrorKind::Usage:
    case ErrorKind::Internal:
      break;
  }
  return PyExc_RuntimeError;
}

// As if the kernel's line were a frame of Python: its file, line and function stand in the traceback.
void add_traceback(const Place& place) {
  if (place.file.empty() || place.line == 0) return;
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  const Ref code(reinterpret_cast<PyObject*>(
      PyCode_NewEmpty(place.file.c_str(), place.function.c_str(), static_cast<int>(place.line))));
  const Ref globals(PyDict_New());
  Ref frame;
  if (code && globals)
    frame = Ref(reinterpret_cast<PyObject*>(
        PyFrame_New(PyThreadState_Get(), reinterpret_cast<PyCodeObject*>(code.get()), globals.get(), nullptr)));
  if (!frame) PyErr_Clear();
  PyErr_Restore(type, value, trace);
  if (frame) PyTraceBack_Here(reinterpret_cast<PyFrameObject*>(frame.get()));
}

}  // namespace

Engine& engine() {
  static Engine* one = new Engine(options());  // never destroyed: arrays and threads may outlive the interpreter
  return *one;
}

bool set_cuda_options(bool simulator, const std::string& library, const std::string& cache_directory,
                      const std::string& libdevice) {
  const bool was_used = cuda_options.is_used;
  if (!was_used) cuda_options = {false, simulator, library, cache_directory, libdevice};
  return !was_used;
}

bool simulates_cuda() { return cuda_options.simulator; }

void set_exception_types(PyObject* base, PyObject* readonly, PyObject* signature, PyObject* warning) {
  Py_INCREF(base), Py_INCREF(readonly), Py_INCREF(signature), Py_INCREF(warning);
  compilation_error = base, readonly_error = readonly, signature_error = signature, compilation_warning = warning;
}

void set_exception_arguments(PyObject* function) {
  Py_INCREF(function);
  exception_arguments = function;
}

namespace {

// What the kernel's statement gave the exception; null: the text alone.
Ref arguments_of(const Error& error, const std::string& text) {
  const std::string& line = error.place().source_line;
  if (!exception_arguments || error.kind() == ErrorKind::Compile || line.find("raise") == std::string::npos) return {};
  Ref arguments(PyObject_CallFunction(exception_arguments, "s#s#", text.data(), static_cast<Py_ssize_t>(text.size()),
                                      line.data(), static_cast<Py_ssize_t>(line.size())));
  if (!arguments) PyErr_Clear();
  return arguments;
}

}  // namespace

void set_error(const Error& error) {
  if (error.kind() == ErrorKind::Interrupted) {
    // What the program made of the signal is what its handler raises.
    if (PyErr_CheckSignals() == 0) PyErr_SetNone(PyExc_KeyboardInterrupt);
  } else if (error.kind() == ErrorKind::LinAlgError) {
    const Ref type = linalg_error();
    PyErr_SetString(type ? type.get() : PyExc_RuntimeError, error.message().c_str());
  } else {
    std::string text = error.kind() == ErrorKind::Compile ? error.what() : error.message();
    while (text.ends_with('\n')) text.pop_back();
    if (const Ref arguments = arguments_of(error, text)) {
      PyErr_SetObject(exception_of(error), arguments.get());
    } else {
      PyErr_SetString(exception_of(error), text.c_str());
    }
  }
  if (error.kind() != ErrorKind::Compile) add_traceback(error.place());
}

void watch_interrupts() {
  is_main_thread = true;  // of the module's import; a thread that is not the main one gets no signals
  PyOS_sighandler_t now = PyOS_getsig(SIGINT);
  if (previous_handler || now == SIG_DFL || now == SIG_IGN || now == SIG_ERR) return;
  previous_handler = now;
  PyOS_setsig(SIGINT, on_interrupt);
}

Interruptible::Interruptible() : main_(is_main_thread) {
  if (!main_) return;
  if (depth == 0) cancel.reset();
  depth = depth + 1;
}

Interruptible::~Interruptible() {
  if (main_) depth = depth - 1;
}

const CancelFlag* Interruptible::flag() const { return main_ ? &cancel : nullptr; }

}  // namespace kjit::python
