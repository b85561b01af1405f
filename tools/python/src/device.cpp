// Arrays are made, copied and described here; kjit/cuda/_array.py has the rest.
#include "device.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "engine.h"
#include "guarded.h"
#include "values.h"

namespace nb = nanobind;

namespace kjit::python {

namespace {

PyTypeObject* base_class = nullptr;
PyObject* array_class = nullptr;  // kjit.cuda's
PyObject* adopt = nullptr;        // a function of objects

bool follows(const std::vector<int64_t>& shape, const std::vector<int64_t>& strides, int64_t step, bool last_first) {
  const size_t rank = shape.size();
  for (const int64_t n : shape)
    if (n == 0) return true;
  for (size_t k = 0; k < rank; ++k) {
    const size_t axis = last_first ? rank - 1 - k : k;
    if (shape[axis] == 1) continue;
    if (strides[axis] != step) return false;
    step *= shape[axis];
  }
  return true;
}

cuda::Stream stream_of(const nb::object& given) {
  if (given.is_none()) return {};
  return nb::cast<cuda::Stream>(given);
}

DType dtype_from(const nb::object& dtype) {
  DType out{};
  if (!dtype_of_object(dtype.ptr(), out)) {
    PyErr_Format(PyExc_TypeError, "arrays of a device cannot have the dtype %S", dtype.ptr());
    throw PythonError{};
  }
  return out;
}

// strides empty: row-major.
DeviceArray described(cuda::detail::Block block, uint64_t address, DType dtype, std::vector<int64_t> shape,
                      std::vector<int64_t> strides) {
  if (strides.empty()) {
    strides.resize(shape.size());
    int64_t step = itemsize(dtype);
    for (size_t k = shape.size(); k-- > 0; step *= shape[k]) strides[k] = step;
  }
  return DeviceArray({std::move(block), address, dtype, std::move(shape), std::move(strides)});
}

DeviceArray allocate(std::vector<int64_t> shape, const nb::object& dtype, std::vector<int64_t> strides) {
  return translated([&] {
    const DType element = dtype_from(dtype);
    auto bytes = static_cast<uint64_t>(itemsize(element));
    for (const int64_t n : shape) {
      if (n < 0) throw Error(ErrorKind::ValueError, "negative dimensions are not allowed");
      if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(n), &bytes) || bytes >> 62)
        throw Error(ErrorKind::MemoryError, "the array is too large for any device");
    }
    cuda::detail::Block block = device().allocate(bytes);
    const uint64_t address = block.address();
    return described(std::move(block), address, element, std::move(shape), std::move(strides));
  });
}

DeviceArray borrow(uint64_t address, std::vector<int64_t> shape, const nb::object& dtype, std::vector<int64_t> strides,
                   nb::object owner) {
  return translated([&] {
    const DType element = dtype_from(dtype);
    std::shared_ptr<void> held(owner.release().ptr(), [](void* object) {
      if (Py_IsInitialized() == 0) return;
      const WithGil gil;
      Py_DECREF(static_cast<PyObject*>(object));
    });
    return borrowed_array(described({}, address, element, std::move(shape), std::move(strides)).of, std::move(held));
  });
}

DeviceArray view(const DeviceArray& whole, uint64_t address, std::vector<int64_t> shape, std::vector<int64_t> strides,
                 const nb::object& dtype) {
  return translated([&] {
    const cuda::DynamicArray& of = whole.alive();
    return DeviceArray(
        {of.block, address, dtype.is_none() ? of.dtype : dtype_from(dtype), std::move(shape), std::move(strides)});
  });
}

// The bytes that an array of the host has, which is contiguous: nothing moves otherwise.
void* host_bytes(PyObject* host, uint64_t bytes, bool written) {
  auto* array = reinterpret_cast<PyArrayObject*>(host);
  const bool fits = PyArray_Check(host) && (PyArray_IS_C_CONTIGUOUS(array) || PyArray_IS_F_CONTIGUOUS(array)) &&
                    static_cast<uint64_t>(PyArray_NBYTES(array)) == bytes;
  if (!fits || (written && !PyArray_ISWRITEABLE(array)))
    throw Error(ErrorKind::ValueError, "the array of the host has another size, is not contiguous or read-only");
  return PyArray_DATA(array);
}

// Bytes of the block, `at` from its start, to or from an array of the host.
void copy_in(const DeviceArray& to, uint64_t address, nb::handle host, uint64_t bytes, const nb::object& stream) {
  translated([&] {
    const cuda::detail::Block& block = to.alive().block;
    const void* from = host_bytes(host.ptr(), bytes, false);
    const cuda::Stream in = stream_of(stream);
    const WithoutGil free;
    block.copy_in(from, bytes, address - block.address(), in.raw() ? &in : nullptr);
  });
}
void copy_out(const DeviceArray& from, uint64_t address, nb::handle host, uint64_t bytes, const nb::object& stream) {
  translated([&] {
    const cuda::detail::Block& block = from.alive().block;
    void* to = host_bytes(host.ptr(), bytes, true);
    const cuda::Stream in = stream_of(stream);
    const WithoutGil free;
    block.copy_out(to, bytes, address - block.address(), in.raw() ? &in : nullptr);
  });
}

nb::object dtype_object(const DeviceArray& array) {
  return nb::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromType(number_of_dtype(array.of.dtype))));
}

nb::tuple numbers(const std::vector<int64_t>& of) {
  PyObject* out = PyTuple_New(static_cast<Py_ssize_t>(of.size()));
  for (size_t i = 0; i < of.size(); ++i) PyTuple_SET_ITEM(out, static_cast<Py_ssize_t>(i), PyLong_FromLongLong(of[i]));
  return nb::steal<nb::tuple>(out);
}

// Host memory that copies use without detours, as an array of bytes.
nb::object pinned(uint64_t bytes) {
  return translated([&] {
    auto made = device().pinned_array<unsigned char>(bytes);
    auto* kept = new cuda::PinnedArray<unsigned char>(made);
    const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<cuda::PinnedArray<unsigned char>*>(p); });
    const auto length = static_cast<int64_t>(bytes);
    const int64_t stride = 1;
    return nb::steal(make_view(DType::UInt8, 1, &length, &stride, made.data(), owner.ptr(), false).release());
  });
}

nb::dict properties() {
  return translated([&] {
    const cuda::Properties p = device().properties();
    nb::dict out;
    out["name"] = p.name, out["compute_capability"] = nb::make_tuple(p.major, p.minor);
    out["multiprocessors"] = p.multiprocessors, out["max_threads"] = p.max_threads, out["devices"] = p.devices;
    out["allocated"] = p.allocated, out["max_allocated"] = p.max_allocated;
    out["reserved"] = p.reserved, out["max_reserved"] = p.max_reserved;
    out["free"] = p.free, out["total"] = p.total;
    return out;
  });
}

template <typename F>
auto waiting(F f) {
  return translated([&] {
    const WithoutGil free;
    return f();
  });
}

void add_streams(nb::module_& m) {
  nb::class_<cuda::Stream>(m, "CudaStream", "Work in an order of its own.")
      .def(nb::init<const cuda::Stream&>())
      .def("_synchronize", [](cuda::Stream& s) { waiting([&] { s.synchronize(); }); })
      .def_prop_ro("_is_default", [](const cuda::Stream& s) { return !s.raw(); });
  nb::class_<cuda::Event>(m, "CudaEvent", "A place in the work of a stream.")
      .def(nb::init<const cuda::Event&>())
      .def("_record", [](cuda::Event& e, const nb::object& s) { translated([&] { e.record(stream_of(s)); }); })
      .def("_wait", [](cuda::Event& e, const nb::object& s) { translated([&] { e.wait(stream_of(s)); }); })
      .def("synchronize", [](cuda::Event& e) { waiting([&] { e.synchronize(); }); })
      .def("query", [](cuda::Event& e) { return translated([&] { return e.reached(); }); })
      .def("elapsed_time", [](cuda::Event& e, cuda::Event& end) { return translated([&] { return e.until(end); }); });
  m.def("cuda_stream", [] { return translated([] { return device().stream(); }); });
  m.def("cuda_default_stream", [] { return cuda::Stream(); });
  m.def("cuda_event", [](bool timing) { return translated([&] { return device().event(timing); }); });
}

}  // namespace

DeviceArray::DeviceArray(cuda::DynamicArray given) : of(std::move(given)) {
  row_major = follows(of.shape, of.strides, itemsize(of.dtype), true);
  column_major = follows(of.shape, of.strides, itemsize(of.dtype), false);
}

int64_t DeviceArray::size() const {
  int64_t n = 1;
  for (const int64_t along : of.shape) n *= along;
  return n;
}

uint64_t DeviceArray::bytes() const {
  return static_cast<uint64_t>(size()) * static_cast<uint64_t>(itemsize(of.dtype));
}

const cuda::DynamicArray& DeviceArray::alive() const {
  if (!of.block) throw Error(ErrorKind::RuntimeError, "the memory of this device array has been freed");
  return of;
}

cuda::Device& device() {
  static auto* one = new cuda::Device(engine());
  return *one;
}

const DeviceArray* device_array(PyObject* object) {
  return PyObject_TypeCheck(object, base_class) ? nb::inst_ptr<DeviceArray>(object) : nullptr;
}

DeviceArray borrowed_array(cuda::DynamicArray array, std::shared_ptr<void> owner) {
  DeviceArray out(std::move(array));
  uint64_t low = out.of.address, bytes = out.size() ? static_cast<uint64_t>(itemsize(out.of.dtype)) : 0;
  for (size_t k = 0; k < out.of.shape.size() && bytes; ++k) {
    const int64_t reach = (out.of.shape[k] - 1) * out.of.strides[k];
    if (reach < 0) low += static_cast<uint64_t>(reach);
    bytes += static_cast<uint64_t>(reach < 0 ? -reach : reach);
  }
  out.of.block = device().borrow(low, bytes, std::move(owner));
  return out;
}

bool holds_device_array(PyObject* object) {
  if (device_array(object)) return true;
  if (!PyTuple_Check(object)) return static_cast<bool>(adopted_array(object));
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i)
    if (holds_device_array(PyTuple_GET_ITEM(object, i))) return true;
  return false;
}

Ref device_object(const cuda::DynamicArray& array) {
  const nb::object raw = nb::cast(DeviceArray(array));
  Ref made(PyObject_CallOneArg(array_class, raw.ptr()));
  if (!made) throw PythonError{};
  return made;
}

Ref adopted_array(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  for (PyTypeObject* known : {&PyFloat_Type, &PyLong_Type, &PyBool_Type, &PyUnicode_Type, &PyTuple_Type, &PyArray_Type})
    if (type == known) return {};
  if (object == Py_None || PyType_Check(object)) return {};
  Ref made(PyObject_CallOneArg(adopt, object));
  if (!made) throw PythonError{};
  return made.get() == Py_None ? Ref() : made;
}

void add_device(nb::module_& m) {
  auto array = nb::class_<DeviceArray>(m, "DeviceArray", "Memory of a device with a shape, strides and a dtype.");
  base_class = reinterpret_cast<PyTypeObject*>(array.ptr());
  array.def(nb::init<const DeviceArray&>())
      .def_prop_ro("shape", [](const DeviceArray& a) { return numbers(a.of.shape); })
      .def_prop_ro("strides", [](const DeviceArray& a) { return numbers(a.of.strides); })
      .def_prop_ro("dtype", &dtype_object)
      .def_prop_ro("ndim", [](const DeviceArray& a) { return a.of.shape.size(); })
      .def_prop_ro("size", &DeviceArray::size)
      .def_prop_ro("nbytes", &DeviceArray::bytes)
      .def_prop_ro("_address", [](const DeviceArray& a) { return translated([&] { return a.alive().address; }); })
      .def("is_c_contiguous", [](const DeviceArray& a) { return a.row_major; })
      .def("is_f_contiguous", [](const DeviceArray& a) { return a.column_major; })
      .def("_view", &view, nb::arg("address"), nb::arg("shape"), nb::arg("strides"),
           nb::arg("dtype").none() = nb::none())
      .def("_copy_in", &copy_in, nb::arg("address"), nb::arg("host"), nb::arg("bytes"), nb::arg("stream").none())
      .def("_copy_out", &copy_out, nb::arg("address"), nb::arg("host"), nb::arg("bytes"), nb::arg("stream").none())
      .def("_used_in", [](const DeviceArray& a, const cuda::Stream& s) { a.of.block.used_in(s); })
      .def("_free", [](DeviceArray& a) { translated([&] { a.alive(), a.of.block = {}; }); });
  m.def("set_cuda_classes", [](nb::object classed, nb::object function) {
    array_class = classed.release().ptr(), adopt = function.release().ptr();
  });
  m.def("cuda_allocate", &allocate, nb::arg("shape"), nb::arg("dtype"), nb::arg("strides"));
  m.def("cuda_borrow", &borrow, nb::arg("address"), nb::arg("shape"), nb::arg("dtype"), nb::arg("strides"),
        nb::arg("owner").none());
  m.def("cuda_random_states", [](nb::handle words, uint64_t seed, int64_t start) {
    translated([&] {
      auto* array = reinterpret_cast<PyArrayObject*>(words.ptr());
      const auto bytes = static_cast<uint64_t>(PyArray_Check(words.ptr()) ? PyArray_NBYTES(array) : 0);
      auto* out = static_cast<uint64_t*>(host_bytes(words.ptr(), bytes, true));
      const WithoutGil free;
      cuda::xoroshiro_states(out, static_cast<int64_t>(bytes / (2 * sizeof(uint64_t))), seed, start);
    });
  });
  m.def("cuda_pinned", &pinned);
  m.def("cuda_properties", &properties);
  m.def("cuda_synchronize", [] { waiting([] { device().synchronize(); }); });
  m.def("cuda_reset_peak", [] { waiting([] { device().reset_peak(); }); });
  m.def("cuda_empty_cache", [] { waiting([] { device().empty_cache(); }); });
  m.def("cuda_memory_summary", [] { return waiting([] { return device().memory_summary(); }); });
  add_streams(m);
}

}  // namespace kjit::python
