// DLPack both ways: the structures of its header (dmlc/dlpack, versions 0.x and 1.x) and capsules of them.
#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <vector>

#include "device.h"
#include "guarded.h"
#include "values.h"

namespace nb = nanobind;

namespace kjit::python {

namespace {

enum DeviceType : int32_t { kCpu = 1, kCuda = 2, kCudaManaged = 13 };
enum TypeCode : uint8_t { kInt = 0, kUInt = 1, kFloat = 2, kComplex = 5, kBool = 6 };
struct DataType {
  uint8_t code, bits;
  uint16_t lanes;
};
struct Tensor {
  void* data;
  int32_t device_type, device_id;
  int32_t ndim;
  DataType dtype;
  int64_t *shape, *strides;  // strides in elements; null: row-major
  uint64_t byte_offset;
};
struct Managed {
  Tensor tensor;
  void* context;
  void (*deleter)(Managed*);
};
struct Versioned {
  uint32_t major, minor;
  void* context;
  void (*deleter)(Versioned*);
  uint64_t flags;
  Tensor tensor;
};
constexpr uint64_t kReadOnly = 1;
constexpr const char* kName = "dltensor";
constexpr const char* kVersionedName = "dltensor_versioned";

[[noreturn]] void fail(PyObject* type, const char* text) {
  PyErr_SetString(type, text);
  throw PythonError{};
}

DataType described(DType dtype) {
  const auto bits = static_cast<uint8_t>(itemsize(dtype) * 8);
  switch (dtype) {
    case DType::Bool:
      return {kBool, bits, 1};
    case DType::Int8:
    case DType::Int16:
    case DType::Int32:
    case DType::Int64:
      return {kInt, bits, 1};
    case DType::UInt8:
    case DType::UInt16:
    case DType::UInt32:
    case DType::UInt64:
      return {kUInt, bits, 1};
    case DType::Float32:
    case DType::Float64:
      return {kFloat, bits, 1};
    case DType::Complex64:
    case DType::Complex128:
      break;
  }
  return {kComplex, bits, 1};
}

DType element_of(const DataType& given) {
  for (int i = 0; i <= static_cast<int>(DType::Complex128); ++i) {
    const auto dtype = static_cast<DType>(i);
    const DataType known = described(dtype);
    if (known.code == given.code && known.bits == given.bits && given.lanes == 1) return dtype;
  }
  fail(PyExc_TypeError, "kernels do not know the element type of this DLPack array");
}

// What a tensor that has been handed out refers to.
template <typename Record>
struct Held {
  Record record{};
  cuda::DynamicArray array;
  std::vector<int64_t> strides;
};

template <typename Record>
void let_go(Record* record) {
  delete static_cast<Held<Record>*>(record->context);
}

template <typename Record>
void drop_unused(PyObject* capsule, const char* name) {
  if (!PyCapsule_IsValid(capsule, name)) return;  // used: its consumer has it
  auto* record = static_cast<Record*>(PyCapsule_GetPointer(capsule, name));
  if (record->deleter) record->deleter(record);
}
void drop_managed(PyObject* capsule) { drop_unused<Managed>(capsule, kName); }
void drop_versioned(PyObject* capsule) { drop_unused<Versioned>(capsule, kVersionedName); }

template <typename Record>
Record* handed_out(const cuda::DynamicArray& array) {
  auto held = std::make_unique<Held<Record>>();
  held->array = array;
  for (const int64_t bytes : array.strides) held->strides.push_back(bytes / itemsize(array.dtype));
  Tensor& tensor = held->record.tensor;
  tensor.data = reinterpret_cast<void*>(array.address);
  tensor.device_type = simulates_cuda() ? kCpu : kCuda;
  tensor.ndim = static_cast<int32_t>(array.shape.size());
  tensor.dtype = described(array.dtype);
  tensor.shape = held->array.shape.data(), tensor.strides = held->strides.data();
  held->record.context = held.get();
  held->record.deleter = let_go<Record>;
  return &held.release()->record;
}

nb::object capsule_of(void* record, const char* name, void (*drop)(PyObject*)) {
  PyObject* capsule = PyCapsule_New(record, name, drop);
  if (!capsule) throw PythonError{};
  return nb::steal(capsule);
}

nb::object to_dlpack(const DeviceArray& array, bool versioned) {
  return translated([&] {
    const cuda::DynamicArray& of = array.alive();
    for (const int64_t bytes : of.strides)
      if (bytes % itemsize(of.dtype) != 0) throw Error(ErrorKind::ValueError, "DLPack: strides are whole elements");
    if (!versioned) return capsule_of(handed_out<Managed>(of), kName, drop_managed);
    auto* record = handed_out<Versioned>(of);
    record->major = 1;
    return capsule_of(record, kVersionedName, drop_versioned);
  });
}

// The tensor of a capsule, which is used from here on: its deleter runs when `owner` goes.
template <typename Record>
Tensor used(PyObject* capsule, const char* name, const char* used_name, std::shared_ptr<void>& owner) {
  auto* record = static_cast<Record*>(PyCapsule_GetPointer(capsule, name));
  if (!record || PyCapsule_SetName(capsule, used_name) != 0) throw PythonError{};
  owner = std::shared_ptr<void>(record, [](void* given) {
    auto* gone = static_cast<Record*>(given);
    if (!gone->deleter || Py_IsInitialized() == 0) return;
    const WithGil gil;
    gone->deleter(gone);
  });
  return record->tensor;
}

DeviceArray from_dlpack(nb::handle capsule) {
  return translated([&] {
    std::shared_ptr<void> owner;
    Tensor tensor{};
    if (PyCapsule_IsValid(capsule.ptr(), kVersionedName)) {
      const auto* record = static_cast<Versioned*>(PyCapsule_GetPointer(capsule.ptr(), kVersionedName));
      if (record->major != 1) fail(PyExc_BufferError, "DLPack of a version that is not known");
      if (record->flags & kReadOnly) fail(PyExc_BufferError, "read-only DLPack arrays of a device are not supported");
      tensor = used<Versioned>(capsule.ptr(), kVersionedName, "used_dltensor_versioned", owner);
    } else if (PyCapsule_IsValid(capsule.ptr(), kName)) {
      tensor = used<Managed>(capsule.ptr(), kName, "used_dltensor", owner);
    } else {
      fail(PyExc_ValueError, "this is no DLPack capsule, or one that was used before");
    }
    const bool fits =
        simulates_cuda() ? tensor.device_type == kCpu
                         : (tensor.device_type == kCuda && tensor.device_id == 0) || tensor.device_type == kCudaManaged;
    if (!fits) fail(PyExc_BufferError, "the DLPack array is not on the device that kernels run on");
    const DType dtype = element_of(tensor.dtype);
    const auto rank = static_cast<size_t>(tensor.ndim);
    cuda::DynamicArray out{{}, reinterpret_cast<uint64_t>(tensor.data) + tensor.byte_offset, dtype, {}, {}};
    out.shape.assign(tensor.shape, tensor.shape + rank);
    out.strides.resize(rank);
    int64_t step = 1;
    for (size_t k = rank; k-- > 0; step *= out.shape[k])
      out.strides[k] = (tensor.strides ? tensor.strides[k] : step) * itemsize(dtype);
    return borrowed_array(std::move(out), std::move(owner));
  });
}

}  // namespace

void add_dlpack(nb::module_& m) {
  m.def("cuda_to_dlpack", &to_dlpack, nb::arg("array"), nb::arg("versioned"));
  m.def("cuda_from_dlpack", &from_dlpack, nb::arg("capsule"));
}

}  // namespace kjit::python
