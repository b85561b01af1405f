// Reads a result buffer by its type.
#include "results.h"

#include "values.h"

namespace kjit::python {

namespace {

class ResultReader {
 public:
  ResultReader(const unsigned char* at, const Arguments& arguments) : reader_(at), arguments_(arguments) {}

  Ref object(const detail::TypeDesc& type) {
    using Kind = detail::TypeDesc::Kind;
    switch (type.kind) {
      case Kind::None:
        return Ref::borrow(Py_None);
      case Kind::Scalar:
        return scalar(type.dtype);
      case Kind::Array:
        return array(type);
      case Kind::Optional: {
        const bool has = reader_.take<uint8_t>() != 0;
        Ref value = object(type.elements[0]);
        return has ? std::move(value) : Ref::borrow(Py_None);
      }
      case Kind::Tuple:
        break;
    }
    Ref out = made(PyTuple_New(static_cast<Py_ssize_t>(type.elements.size())));
    for (size_t i = 0; i < type.elements.size(); ++i)
      PyTuple_SET_ITEM(out.get(), static_cast<Py_ssize_t>(i), object(type.elements[i]).release());
    return out;
  }

 private:
  static Ref made(PyObject* object) {
    if (!object) throw PythonError{};
    return Ref(object);
  }
  template <typename T>
  Ref whole() {
    const T v = reader_.take<T>();
    if constexpr (std::is_signed_v<T>) return made(PyLong_FromLongLong(v));
    return made(PyLong_FromUnsignedLongLong(static_cast<unsigned long long>(v)));
  }
  template <typename T>
  Ref complex() {
    const T re = reader_.take<T>(), im = reader_.take<T>();
    return made(PyComplex_FromDoubles(re, im));
  }
  Ref scalar(DType dtype) {
    switch (dtype) {
      case DType::Bool:
        return Ref::borrow(reader_.take<uint8_t>() ? Py_True : Py_False);
      case DType::Int8:
        return whole<int8_t>();
      case DType::Int16:
        return whole<int16_t>();
      case DType::Int32:
        return whole<int32_t>();
      case DType::Int64:
        return whole<int64_t>();
      case DType::UInt8:
        return whole<uint8_t>();
      case DType::UInt16:
        return whole<uint16_t>();
      case DType::UInt32:
        return whole<uint32_t>();
      case DType::UInt64:
        return whole<uint64_t>();
      case DType::Float32:
        return made(PyFloat_FromDouble(reader_.take<float>()));
      case DType::Float64:
        return made(PyFloat_FromDouble(reader_.take<double>()));
      case DType::Complex64:
        return complex<float>();
      case DType::Complex128:
        return complex<double>();
    }
    return {};
  }
  Ref array(const detail::TypeDesc& type) {
    void* data = reader_.take<void*>();
    void* owner = reader_.take<void*>();
    int64_t shape[32], strides[32];
    for (int k = 0; k < type.rank; ++k) shape[k] = reader_.take<int64_t>();
    for (int k = 0; k < type.rank; ++k) strides[k] = reader_.take<int64_t>();
    if (!owner && !data) return Ref::borrow(Py_None);  // the array of an optional that is None
    if (PyObject* base = arguments_.array_of(owner))
      return make_view(type.dtype, type.rank, shape, strides, data, base, type.readonly);
    return make_array(type.dtype, type.rank, shape, strides, data, owner, type.readonly);
  }
  detail::ResultReader reader_;
  const Arguments& arguments_;
};

}  // namespace

Ref read_result(const unsigned char* buffer, const detail::TypeDesc& type, const Arguments& arguments) {
  return ResultReader(buffer, arguments).object(type);
}

}  // namespace kjit::python
