// Arrays, streams and events of a GPU, as the classes of the module _kjit that kjit.cuda is made of.
#pragma once

#include <kjit/cuda.h>
#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <vector>

#include "numpy_api.h"

namespace kjit::python {

// An array on the device: its memory, or foreign memory that the block keeps alive.
struct DeviceArray {
  cuda::DynamicArray of;
  bool row_major = false, column_major = false;

  DeviceArray() = default;
  explicit DeviceArray(cuda::DynamicArray given);
  int64_t size() const;  // elements
  uint64_t bytes() const;
  // Throws kjit::Error where the memory has been freed.
  const cuda::DynamicArray& alive() const;
};

// Of the engine that is asked for by then; the simulator where `simulated`. Throws kjit::Error where there is none.
cuda::Device& device();

// Foreign memory, from the lowest to the highest byte that the array reaches; its block keeps `owner`.
DeviceArray borrowed_array(cuda::DynamicArray array, std::shared_ptr<void> owner);
// Null: no array of the device.
const DeviceArray* device_array(PyObject* object);
// Whether it is one, or a foreign one, or a tuple that has some in it.
bool holds_device_array(PyObject* object);
// An object of the class that kjit.cuda has set; throws PythonError.
Ref device_object(const cuda::DynamicArray& array);
// An object with __cuda_array_interface__ or DLPack's methods for memory of a device, as an array of ours; null: it has
// neither. Throws PythonError.
Ref adopted_array(PyObject* object);

void add_device(nanobind::module_& m);
void add_launch(nanobind::module_& m);
void add_dlpack(nanobind::module_& m);

}  // namespace kjit::python
