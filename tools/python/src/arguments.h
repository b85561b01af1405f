// The arguments of one call: their types as a short key, and their slots. The way of every call, so nothing is
// allocated.
#pragma once

#include <kjit/kjit.h>

#include <algorithm>
#include <cstring>

#include "numpy_api.h"

namespace kjit::python {

class Arguments {
 public:
  enum class Target : uint8_t { Host, Device, DeviceWithOwners };
  // Device: of launches, whose arrays are those of a device, with or without a slot for an owner.
  explicit Arguments(Target target = Target::Host) : target_(target) {}
  Arguments(const Arguments&) = delete;

  // False: there is no room, or the object is not of the usual sorts; the slow way says what is wrong with it, if
  // anything.
  bool add(PyObject* object);
  // Slots that are no argument's.
  bool add_slots(const std::vector<uint64_t>& slots) {
    if (slot_count_ + slots.size() > kSlots) return false;
    for (uint64_t s : slots) slots_[slot_count_++] = s;
    return true;
  }

  const uint64_t* key() const { return key_; }
  size_t key_size() const { return key_size_; }
  const uint64_t* slots() const { return slots_; }
  bool has_host_arrays() const { return has_host_arrays_; }  // of launches: in the key, not in the slots
  size_t slot_count() const { return slot_count_; }
  size_t array_count() const { return array_count_; }
  PyObject* array(size_t index) const { return arrays_[index]; }
  bool has_key(const std::vector<uint64_t>& key) const {
    // Not memcmp: of no bytes at no address, the C library's costs more than the rest of such a call.
    return std::equal(key.begin(), key.end(), key_, key_ + key_size_);
  }
  // The array that an owner in a result stands for: the kernel returned a view of it. Null: the memory is a kernel's.
  PyObject* array_of(void* owner) const {
    const auto* o = static_cast<kjit_owner*>(owner);
    return o >= owners_ && o < owners_ + array_count_ ? arrays_[o - owners_] : nullptr;
  }

 private:
  bool add_key(uint64_t part) {
    if (key_size_ == kKey) return false;
    key_[key_size_++] = part;
    return true;
  }
  bool add_slot(uint64_t slot) {
    if (slot_count_ == kSlots) return false;
    slots_[slot_count_++] = slot;
    return true;
  }
  bool add_number(uint64_t key, uint64_t slot) { return add_key(key) && add_slot(slot); }
  bool add_array(PyArrayObject* array);
  bool add_host_array(PyArrayObject* array);
  bool add_device_array(PyObject* object);
  bool add_typed(PyObject* object);
  bool add_constant(PyObject* object);

  static constexpr size_t kKey = 64, kSlots = 512, kArrays = 64;
  Target target_;
  bool has_host_arrays_ = false;
  size_t key_size_ = 0, slot_count_ = 0, array_count_ = 0;
  uint64_t key_[kKey];
  uint64_t slots_[kSlots];
  // Arrays are borrowed for the call. A kernel that returns a view of one retains its owner: the result then names it.
  kjit_owner owners_[kArrays];
  PyObject* arrays_[kArrays];
};

}  // namespace kjit::python
