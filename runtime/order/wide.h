// Sorting in vector lanes: Highway's vqsort, opened when first needed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kjit::rt::order {

// Compared as one number of 128 bits.
struct alignas(16) KeyAndPlace {
  uint64_t place;
  uint64_t key;
};

// Sort ascending, where the library is there (else false, and nothing is done). Not stable: equal keys are the same.
bool sort_wide(uint16_t* keys, size_t n);
bool sort_wide(uint32_t* keys, size_t n);
bool sort_wide(uint64_t* keys, size_t n);
bool sort_wide(KeyAndPlace* keys, size_t n);

}  // namespace kjit::rt::order
