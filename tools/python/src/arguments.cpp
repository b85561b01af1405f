#include "arguments.h"

#include "device.h"
#include "dispatcher.h"
#include "values.h"

namespace kjit::python {

namespace {

// The low byte of a part of the key; what is above it depends on the sort.
enum Sort : uint64_t {
  kNone,
  kBool,
  kInt,
  kFloat,
  kComplex,
  kScalar,
  kArray,
  kTuple,
  kText,
  kDType,
  kFunction,
  kDevice
};

uint64_t bits_of(double v) {
  uint64_t bits;
  std::memcpy(&bits, &v, sizeof bits);
  return bits;
}

constexpr int kTypeNumbers = 24;
struct DTypes {
  int8_t of[kTypeNumbers];
  DTypes() {
    for (int i = 0; i < kTypeNumbers; ++i) {
      DType dtype{};
      of[i] = dtype_of_number(i, dtype) ? static_cast<int8_t>(dtype) : int8_t{-1};
    }
  }
};
const DTypes dtypes;

void keep(kjit_owner*) {}  // the array is the caller's

}  // namespace

bool Arguments::add_array(PyArrayObject* a) {
  if (target_ != Target::Host) return add_host_array(a);
  const auto rank = static_cast<size_t>(PyArray_NDIM(a));
  const PyArray_Descr* descr = PyArray_DESCR(a);
  const int number = descr->type_num, flags = PyArray_FLAGS(a);
  if (number < 0 || number >= kTypeNumbers || dtypes.of[number] < 0 || !(flags & NPY_ARRAY_ALIGNED) ||
      !PyArray_ISNBO(descr->byteorder) || rank > 32)
    return false;
  if (array_count_ == kArrays || slot_count_ + 2 + 2 * rank > kSlots) return false;
  const uint64_t layout = flags & NPY_ARRAY_C_CONTIGUOUS ? 0 : flags & NPY_ARRAY_F_CONTIGUOUS ? 1 : 2;
  const uint64_t readonly = flags & NPY_ARRAY_WRITEABLE ? 0 : 1;
  if (!add_key(kArray | static_cast<uint64_t>(dtypes.of[number]) << 8 | rank << 16 | layout << 24 | readonly << 32))
    return false;
  kjit_owner* owner = &owners_[array_count_];
  owner->references = 1, owner->release = keep;
  arrays_[array_count_++] = reinterpret_cast<PyObject*>(a);
  uint64_t* slot = slots_ + slot_count_;
  *slot++ = reinterpret_cast<uint64_t>(PyArray_DATA(a));
  *slot++ = reinterpret_cast<uint64_t>(owner);
  const npy_intp *shape = PyArray_DIMS(a), *strides = PyArray_STRIDES(a);
  for (size_t k = 0; k < rank; ++k)
    slot[k] = static_cast<uint64_t>(shape[k]), slot[rank + k] = static_cast<uint64_t>(strides[k]);
  slot_count_ += 2 + 2 * rank;
  return true;
}

// It goes to the device row-major.
bool Arguments::add_host_array(PyArrayObject* a) {
  DType dtype{};
  if (!why_not(a).empty() || !dtype_of_number(PyArray_TYPE(a), dtype)) return false;
  has_host_arrays_ = true;
  const uint64_t readonly = PyArray_ISWRITEABLE(a) ? 0 : 1;
  return add_key(kArray | static_cast<uint64_t>(dtype) << 8 | static_cast<uint64_t>(PyArray_NDIM(a)) << 16 |
                 readonly << 32);
}

bool Arguments::add_device_array(PyObject* object) {
  const DeviceArray* array = device_array(object);
  if (!array) return false;
  const cuda::DynamicArray& of = array->alive();
  const size_t rank = of.shape.size();
  const uint64_t layout = array->row_major ? 0 : 2;
  if (array_count_ == kArrays || slot_count_ + 2 + 2 * rank > kSlots) return false;
  if (!add_key(kDevice | static_cast<uint64_t>(of.dtype) << 8 | rank << 16 | layout << 24)) return false;
  arrays_[array_count_++] = object;
  slots_[slot_count_++] = of.address;
  if (target_ == Target::DeviceWithOwners) slots_[slot_count_++] = 0;
  for (const int64_t n : of.shape) slots_[slot_count_++] = static_cast<uint64_t>(n);
  for (const int64_t n : of.strides) slots_[slot_count_++] = static_cast<uint64_t>(n);
  return true;
}

bool Arguments::add_typed(PyObject* object) {
  DType dtype{};
  alignas(16) unsigned char bits[16] = {};
  if (!numpy_scalar(object, dtype, bits) || !add_key(kScalar | static_cast<uint64_t>(dtype) << 8)) return false;
  const auto as = [&]<typename T>(T v) {
    std::memcpy(&v, bits, sizeof v);
    return v;
  };
  const auto whole = [&](auto v) { return add_slot(static_cast<uint64_t>(as(v))); };  // sign- or zero-extended
  switch (dtype) {
    case DType::Bool:
      return add_slot(bits[0] != 0);
    case DType::Int8:
      return whole(int8_t{});
    case DType::Int16:
      return whole(int16_t{});
    case DType::Int32:
      return whole(int32_t{});
    case DType::Int64:
      return whole(int64_t{});
    case DType::UInt8:
      return whole(uint8_t{});
    case DType::UInt16:
      return whole(uint16_t{});
    case DType::UInt32:
    case DType::Float32:
      return whole(uint32_t{});
    case DType::UInt64:
    case DType::Float64:
      return whole(uint64_t{});
    case DType::Complex64: {
      const auto both = as(uint64_t{});
      return add_slot(both & 0xffffffffu) && add_slot(both >> 32);
    }
    case DType::Complex128: {
      uint64_t parts[2];
      std::memcpy(parts, bits, sizeof parts);
      return add_slot(parts[0]) && add_slot(parts[1]);
    }
  }
  return false;
}

// Text, dtypes and functions: part of the type, no slots.
bool Arguments::add_constant(PyObject* object) {
  if (PyUnicode_CheckExact(object))  // equal texts are one object when interned; the entry that has this key keeps it
    return PyUnicode_CHECK_INTERNED(object) && add_key(kText) && add_key(reinterpret_cast<uint64_t>(object));
  if (is_dispatcher(object)) return add_key(kFunction) && add_key(dispatcher_id(object));
  DType dtype{};
  return dtype_of_object(object, dtype) && add_key(kDType | static_cast<uint64_t>(dtype) << 8);
}

bool Arguments::add(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  if (type == &PyArray_Type) return add_array(reinterpret_cast<PyArrayObject*>(object));
  if (type == &PyFloat_Type) return add_number(kFloat, bits_of(PyFloat_AS_DOUBLE(object)));
  if (type == &PyLong_Type) {
    int overflow = 0;
    const long long v = PyLong_AsLongLongAndOverflow(object, &overflow);
    return overflow == 0 && add_number(kInt, static_cast<uint64_t>(v));
  }
  if (type == &PyBool_Type) return add_number(kBool, object == Py_True);
  if (object == Py_None) return add_key(kNone);
  if (type == &PyComplex_Type) {
    const Py_complex v = PyComplex_AsCComplex(object);
    return add_number(kComplex, bits_of(v.real)) && add_slot(bits_of(v.imag));
  }
  if (type == &PyTuple_Type) {
    const Py_ssize_t count = PyTuple_GET_SIZE(object);
    if (!add_key(kTuple | static_cast<uint64_t>(count) << 8)) return false;
    for (Py_ssize_t i = 0; i < count; ++i)
      if (!add(PyTuple_GET_ITEM(object, i))) return false;
    return true;
  }
  if (target_ != Target::Host && add_device_array(object)) return true;
  if (PyArray_Check(object)) return !has_other_operators(object) && add_array(reinterpret_cast<PyArrayObject*>(object));
  if (PyObject_TypeCheck(object, &PyGenericArrType_Type)) return add_typed(object);
  return add_constant(object);
}

}  // namespace kjit::python
