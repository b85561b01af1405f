// The module kjit._kjit: loading text, and what the Python half of the package is made with.
#define KJIT_IMPORTS_NUMPY
#include "numpy_api.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "device.h"
#include "dispatcher.h"
#include "engine.h"
#include "guarded.h"
#include "values.h"

namespace nb = nanobind;

namespace kjit::python {

namespace {

// A global that kernels cannot use; naming it is a compile error that shows what it is.
class Foreign : public Object {
 public:
  explicit Foreign(std::string text) : text_(std::move(text)) {}
  std::string repr() const override { return text_; }

 private:
  std::string text_;
};

Value global_value(PyObject* object) {
  try {
    Value value = to_value(object, "global", false);
    if (const Array* array = value.get_if<Array>()) return array->copy();  // frozen
    return value;
  } catch (const PythonError&) {
    if (is_dispatcher(object)) throw;
    PyErr_Clear();
    return Value(std::shared_ptr<Object>(std::make_shared<Foreign>(std::string("a ") + Py_TYPE(object)->tp_name)));
  }
}

Module load_text(std::string text, std::string path, const nb::dict& globals, int first_line) {
  return translated([&] {
    Module::Keywords values;
    for (const auto& [name, value] : globals)
      values.emplace_back(nb::cast<std::string>(name), global_value(value.ptr()));
    Engine& one = engine();
    const WithoutGil free;
    return one.load_string(std::move(text), std::move(path), values, first_line);
  });
}

Module load_file(const std::string& path) {
  return translated([&] {
    Engine& one = engine();
    const WithoutGil free;
    return one.load_file(path);
  });
}

bool takes_part(const Module& module, const std::string& name) {
  for (const std::string& f : module.functions())
    if (f == name) return true;
  return false;
}

// A function of the file as a kernel, any other global as its value.
nb::object attribute(const Module& module, const std::string& name) {
  return translated([&] {
    if (takes_part(module, name)) return nb::steal(make_dispatcher(module, name).release());
    try {
      return nb::steal(to_object(module.global(name)).release());
    } catch (const Error& error) {
      PyErr_SetString(PyExc_AttributeError, error.message().c_str());
      throw PythonError{};
    }
  });
}

nb::list stage_times() {
  nb::list out;
  for (const StageTime& t : engine().times()) out.append(nb::make_tuple(t.stage, t.milliseconds, t.runs));
  return out;
}

// Threads of parallel regions. The names are Numba's.
void add_threads(nb::module_& m) {
  m.def("launch_threads", [](int n) { translated([&] { launch_threads(n); }); }, nb::arg("n"));
  m.def("set_num_threads", [](int n) { translated([&] { set_num_threads(n); }); }, nb::arg("n"));
  m.def("get_num_threads", &get_num_threads);
  m.def("get_thread_id", &get_thread_id);
  m.def(
      "set_parallel_chunksize", [](int64_t n) { return translated([&] { return set_parallel_chunksize(n); }); },
      nb::arg("chunksize"));
  m.def("get_parallel_chunksize", &get_parallel_chunksize);
  m.def("threads", [] {
    const Threads found = threads();
    nb::dict out;
    out["launched"] = found.launched, out["default"] = found.by_default;
    out["parallel"] = found.parallel, out["scheduler"] = found.description;
    return out;
  });
}

void* import_numpy() {
  import_array();
  return nullptr;
}

}  // namespace

std::pair<Module, std::string> loaded(PyObject* result) {
  try {
    const auto pair = nb::cast<nb::tuple>(nb::handle(result));
    return {nb::cast<Module>(pair[0]), nb::cast<std::string>(pair[1])};
  } catch (const std::exception&) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "a loader returns a module and a name");
    throw PythonError{};
  }
}

}  // namespace kjit::python

NB_MODULE(_kjit, m) {
  using namespace kjit::python;
  import_numpy();
  if (PyErr_Occurred()) throw nb::python_error();
  nb::set_leak_warnings(false);  // dispatchers of the program's modules live until the interpreter is gone
  PyTypeObject* dispatcher = dispatcher_type();
  if (!dispatcher) throw nb::python_error();
  m.attr("Dispatcher") = nb::borrow(reinterpret_cast<PyObject*>(dispatcher));
  m.attr("__version__") = kjit::version();
  nb::class_<kjit::Module>(m, "Module", "A loaded kernel file.")
      .def("attribute", &attribute, nb::arg("name"))
      .def("functions", &kjit::Module::functions)
      .def_prop_ro("path", &kjit::Module::path);
  m.def("load_text", &load_text, nb::arg("text"), nb::arg("path"), nb::arg("globals"), nb::arg("first_line"));
  m.def("load_file", &load_file, nb::arg("path"));
  m.def("stage_times", &stage_times, "Milliseconds that the stages of compilation took so far: (stage, ms, runs).");
  m.def("set_exception_types", [](nb::handle base, nb::handle readonly, nb::handle signature, nb::handle warning) {
    set_exception_types(base.ptr(), readonly.ptr(), signature.ptr(), warning.ptr());
  });
  m.def("set_exception_arguments", [](nb::handle function) { set_exception_arguments(function.ptr()); });
  m.def("watch_interrupts", &watch_interrupts);
  add_threads(m);
  m.def("set_cuda_options", &set_cuda_options, nb::arg("simulator"), nb::arg("library"), nb::arg("cache_directory"),
        nb::arg("libdevice"));
  add_device(m);
  add_launch(m);
  add_dlpack(m);
}
