#include "values.h"

#include <kjit_rt/core.h>

#include <cstring>

#include "device.h"
#include "dispatcher.h"

namespace kjit::python {

namespace {

constexpr const char* kOwner = "kjit.memory";

void release_capsule(PyObject* capsule) { kjit_rt_release(PyCapsule_GetPointer(capsule, kOwner)); }

Array to_array(PyObject* object, const std::string& what, bool owned) {
  auto* a = reinterpret_cast<PyArrayObject*>(object);
  const std::string wrong = why_not(a);
  if (!wrong.empty()) {
    PyErr_Format(PyExc_TypeError, "%s: %s", what.c_str(), wrong.c_str());
    throw PythonError{};
  }
  DType dtype{};
  dtype_of_number(PyArray_TYPE(a), dtype);
  const auto rank = static_cast<size_t>(PyArray_NDIM(a));
  const std::vector<int64_t> shape(PyArray_DIMS(a), PyArray_DIMS(a) + rank);
  const std::vector<int64_t> strides(PyArray_STRIDES(a), PyArray_STRIDES(a) + rank);
  std::function<void()> release;
  if (owned) {
    Py_INCREF(object);
    release = [object] {
      WithGil gil;
      Py_DECREF(object);
    };
  }
  return Array::wrap(PyArray_DATA(a), dtype, shape, strides, std::move(release), !PyArray_ISWRITEABLE(a));
}

}  // namespace

bool dtype_of_number(int type_number, DType& out) {
  switch (type_number) {
    case NPY_BOOL:
      return out = DType::Bool, true;
    case NPY_BYTE:
      return out = DType::Int8, true;
    case NPY_SHORT:
      return out = DType::Int16, true;
    case NPY_INT:
      return out = DType::Int32, true;
    case NPY_LONG:
    case NPY_LONGLONG:
      return out = DType::Int64, true;
    case NPY_UBYTE:
      return out = DType::UInt8, true;
    case NPY_USHORT:
      return out = DType::UInt16, true;
    case NPY_UINT:
      return out = DType::UInt32, true;
    case NPY_ULONG:
    case NPY_ULONGLONG:
      return out = DType::UInt64, true;
    case NPY_FLOAT:
      return out = DType::Float32, true;
    case NPY_DOUBLE:
      return out = DType::Float64, true;
    case NPY_CFLOAT:
      return out = DType::Complex64, true;
    case NPY_CDOUBLE:
      return out = DType::Complex128, true;
    default:
      return false;
  }
}

int number_of_dtype(DType dtype) {
  static constexpr int kNumbers[] = {NPY_BOOL,    NPY_INT8,      NPY_INT16,     NPY_INT32,  NPY_INT64,
                                     NPY_UINT8,   NPY_UINT16,    NPY_UINT32,    NPY_UINT64, NPY_FLOAT32,
                                     NPY_FLOAT64, NPY_COMPLEX64, NPY_COMPLEX128};
  return kNumbers[static_cast<int>(dtype)];
}

bool dtype_of_object(PyObject* object, DType& out) {
  if (PyArray_DescrCheck(object)) {
    auto* descr = reinterpret_cast<PyArray_Descr*>(object);
    return PyArray_ISNBO(descr->byteorder) && dtype_of_number(descr->type_num, out);
  }
  if (!PyType_Check(object)) return false;
  if (object == reinterpret_cast<PyObject*>(&PyFloat_Type)) return out = DType::Float64, true;
  if (object == reinterpret_cast<PyObject*>(&PyLong_Type)) return out = DType::Int64, true;
  if (object == reinterpret_cast<PyObject*>(&PyBool_Type)) return out = DType::Bool, true;
  if (object == reinterpret_cast<PyObject*>(&PyComplex_Type)) return out = DType::Complex128, true;
  if (!PyType_IsSubtype(reinterpret_cast<PyTypeObject*>(object), &PyGenericArrType_Type)) return false;
  const Ref descr(reinterpret_cast<PyObject*>(PyArray_DescrFromTypeObject(object)));
  if (!descr) PyErr_Clear();
  return descr && dtype_of_number(reinterpret_cast<PyArray_Descr*>(descr.get())->type_num, out);
}

bool numpy_scalar(PyObject* object, DType& out, unsigned char (&bits)[16]) {
  if (!PyObject_TypeCheck(object, &PyGenericArrType_Type)) return false;
  const Ref descr(reinterpret_cast<PyObject*>(PyArray_DescrFromScalar(object)));
  if (!descr) PyErr_Clear();
  if (!descr || !dtype_of_number(reinterpret_cast<PyArray_Descr*>(descr.get())->type_num, out)) return false;
  PyArray_ScalarAsCtype(object, bits);
  return true;
}

bool has_other_operators(PyObject* array) {
  static PyObject* classes = [] {
    const Ref numpy(PyImport_ImportModule("numpy")), masked(PyImport_ImportModule("numpy.ma"));
    if (!numpy || !masked) throw PythonError{};
    const Ref first(PyObject_GetAttrString(masked.get(), "MaskedArray")),
        second(PyObject_GetAttrString(numpy.get(), "matrix"));
    PyObject* pair = first && second ? PyTuple_Pack(2, first.get(), second.get()) : nullptr;
    if (!pair) throw PythonError{};
    return pair;
  }();
  const int is = PyObject_IsInstance(array, classes);
  if (is < 0) throw PythonError{};
  return is != 0;
}

std::string why_not(PyArrayObject* array) {
  DType dtype{};
  if (!PyArray_CheckExact(array) && has_other_operators(reinterpret_cast<PyObject*>(array)))
    return std::string("kernels do not take ") + Py_TYPE(array)->tp_name + ": np.asarray(a) is an array";
  if (!dtype_of_number(PyArray_TYPE(array), dtype)) {
    const Ref name(PyObject_Str(reinterpret_cast<PyObject*>(PyArray_DESCR(array))));
    const char* text = name ? PyUnicode_AsUTF8(name.get()) : nullptr;
    if (!text) PyErr_Clear();
    return std::string("kernels do not take arrays of ") + (text ? text : "this dtype") +
           ": bool, int8 to int64, uint8 to uint64, float32, float64, complex64 or complex128 is expected";
  }
  if (!PyArray_ISNOTSWAPPED(array))
    return std::string("the array is not in this machine's byte order: a.astype('") + name(dtype) + "') is";
  if (!PyArray_ISALIGNED(array)) return "the array is not aligned for its elements: a.copy() is";
  if (PyArray_NDIM(array) > 32) return "the array has more than 32 axes";
  return {};
}

Value to_value(PyObject* object, const std::string& what, bool owned) {
  const auto fail = [&](PyObject* type, const char* why) {
    PyErr_Format(type, "%s: %s", what.c_str(), why);
    throw PythonError{};
  };
  if (object == Py_None) return None{};
  if (PyBool_Check(object)) return object == Py_True;
  if (PyArray_Check(object)) return to_array(object, what, owned);
  TypedScalar typed;
  if (numpy_scalar(object, typed.dtype, typed.bits)) return typed;  // before float: np.float64 is one
  if (PyFloat_Check(object)) return PyFloat_AS_DOUBLE(object);
  if (PyLong_Check(object)) {
    int overflow = 0;
    const long long v = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow) fail(PyExc_OverflowError, "the integer does not fit in 64 bits");
    return v;
  }
  if (PyComplex_Check(object))
    return std::complex<double>(PyComplex_RealAsDouble(object), PyComplex_ImagAsDouble(object));
  if (PyUnicode_Check(object)) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(object, &size);
    if (!text) throw PythonError{};
    return std::string(text, static_cast<size_t>(size));
  }
  if (PyTuple_Check(object)) {
    Value::Tuple items;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i)
      items.push_back(to_value(PyTuple_GET_ITEM(object, i), what, owned));
    return Value(std::move(items));
  }
  DType dtype{};
  if (dtype_of_object(object, dtype)) return dtype;
  if (is_dispatcher(object)) return function_value(object);
  if (const DeviceArray* array = device_array(object)) return cuda::to_value(array->alive());
  if (const Ref own = adopted_array(object)) return cuda::to_value(device_array(own.get())->alive());
  const char* hint = "";
  if (PyList_Check(object)) hint = "; a tuple or np.array of it works";
  if (PyFunction_Check(object)) hint = "; a function decorated with njit works";
  const Ref text(PyUnicode_FromFormat("kernels do not take %s%s", Py_TYPE(object)->tp_name, hint));
  fail(PyExc_TypeError, text ? PyUnicode_AsUTF8(text.get()) : "kernels do not take this");
  return {};
}

Ref make_view(DType dtype, int rank, const int64_t* shape, const int64_t* strides, void* data, PyObject* base,
              bool readonly) {
  npy_intp dims[NPY_MAXDIMS], steps[NPY_MAXDIMS];
  for (int k = 0; k < rank; ++k) dims[k] = shape[k], steps[k] = strides[k];
  Ref array(PyArray_NewFromDescr(&PyArray_Type, PyArray_DescrFromType(number_of_dtype(dtype)), rank, dims, steps, data,
                                 readonly ? 0 : NPY_ARRAY_WRITEABLE, nullptr));
  if (!array) throw PythonError{};
  Py_INCREF(base);
  if (PyArray_SetBaseObject(reinterpret_cast<PyArrayObject*>(array.get()), base) != 0) throw PythonError{};
  return array;
}

Ref make_array(DType dtype, int rank, const int64_t* shape, const int64_t* strides, void* data, void* owner,
               bool readonly) {
  if (!owner) {
    PyErr_SetString(PyExc_RuntimeError, "a kernel returned memory without an owner");
    throw PythonError{};
  }
  const Ref capsule(PyCapsule_New(owner, kOwner, release_capsule));
  if (!capsule) {
    kjit_rt_release(owner);
    throw PythonError{};
  }
  return make_view(dtype, rank, shape, strides, data, capsule.get(), readonly);
}

namespace {

Ref typed_object(const TypedScalar& s) {
  Ref out(PyArray_Scalar(const_cast<unsigned char*>(s.bits), PyArray_DescrFromType(number_of_dtype(s.dtype)), nullptr));
  if (!out) throw PythonError{};
  // As Numba's: a kernel gives Python's own numbers.
  Ref plain(PyObject_CallMethod(out.get(), "item", nullptr));
  if (!plain) throw PythonError{};
  return plain;
}

struct ObjectOf {
  Ref checked(PyObject* object) const {
    if (!object) throw PythonError{};
    return Ref(object);
  }
  Ref operator()(None) const { return Ref::borrow(Py_None); }
  Ref operator()(bool v) const { return Ref::borrow(v ? Py_True : Py_False); }
  Ref operator()(int64_t v) const { return checked(PyLong_FromLongLong(v)); }
  Ref operator()(double v) const { return checked(PyFloat_FromDouble(v)); }
  Ref operator()(std::complex<double> v) const { return checked(PyComplex_FromDoubles(v.real(), v.imag())); }
  Ref operator()(const TypedScalar& v) const { return typed_object(v); }
  Ref operator()(const std::string& v) const {
    return checked(PyUnicode_FromStringAndSize(v.data(), static_cast<Py_ssize_t>(v.size())));
  }
  Ref operator()(DType v) const {
    return checked(reinterpret_cast<PyObject*>(PyArray_DescrFromType(number_of_dtype(v))));
  }
  Ref operator()(const std::shared_ptr<const Value::Tuple>& v) const {
    Ref out = checked(PyTuple_New(static_cast<Py_ssize_t>(v->size())));
    for (size_t i = 0; i < v->size(); ++i)
      PyTuple_SET_ITEM(out.get(), static_cast<Py_ssize_t>(i), to_object((*v)[i]).release());
    return out;
  }
  Ref operator()(const Array& v) const {
    void* owner = v.owner();
    kjit_rt_retain(owner);
    return make_array(v.dtype(), v.ndim(), v.shape().data(), v.strides().data(), v.data(), owner, v.readonly());
  }
  Ref operator()(const std::shared_ptr<Object>& v) const {
    if (const auto array = cuda::from_value(Value(v))) return device_object(*array);
    PyErr_Format(PyExc_TypeError, "%s has no form in Python", v ? v->repr().c_str() : "nothing");
    throw PythonError{};
  }
};

}  // namespace

Ref to_object(const Value& value) { return std::visit(ObjectOf{}, value.data()); }

}  // namespace kjit::python
