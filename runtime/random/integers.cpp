// Integers in a range, by masking and rejection; shuffles.
#include <kjit_rt/core.h>

#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include "random/generator.h"

namespace {

using kjit::rt::MersenneTwister;

// Hands out 32 random bits in pieces of the width of T, lowest first; bool takes single bits.
template <class T>
class Pieces {
 public:
  explicit Pieces(MersenneTwister& bits) : bits_(bits) {}

  uint32_t next() {
    if (left_ == 0) {
      buffer_ = bits_.next32();
      left_ = 32 / kWidth;
    } else if constexpr (kWidth < 32) {
      buffer_ >>= kWidth;
    }
    --left_;
    return kWidth < 32 ? buffer_ & ((uint64_t{1} << kWidth) - 1) : buffer_;
  }

 private:
  static constexpr int kWidth = std::numeric_limits<T>::digits;
  MersenneTwister& bits_;
  uint32_t buffer_ = 0;
  int left_ = 0;
};

// The smallest 2^k - 1 that is at least `range`.
uint64_t mask_of(uint64_t range) { return range == 0 ? 0 : ~uint64_t{0} >> std::countl_zero(range); }

// Unsigned types up to 32 bits. A draw is masked and repeated until it is in range; the full range needs neither.
template <class T>
void fill_narrow(MersenneTwister& bits, uint64_t low, uint64_t range, void* out, int64_t n) {
  Pieces<T> pieces(bits);
  const uint64_t mask = mask_of(range);
  auto* values = static_cast<unsigned char*>(out);
  for (int64_t i = 0; i < n; ++i) {
    uint64_t value = 0;
    if (range != 0) {
      do {
        value = pieces.next() & mask;
      } while (value > range);
    }
    const T element = static_cast<T>(low + value);
    std::memcpy(values + i * static_cast<int64_t>(sizeof element), &element, sizeof element);
  }
}

void fill_wide(MersenneTwister& bits, uint64_t low, uint64_t range, uint64_t* out, int64_t n) {
  const uint64_t mask = mask_of(range);
  const bool half = range <= 0xFFFFFFFFu;  // 32 bits are enough
  for (int64_t i = 0; i < n; ++i) {
    uint64_t value = 0;
    if (range != 0) {
      do {
        value = (half ? bits.next32() : bits.next64()) & mask;
      } while (value > range);
    }
    out[i] = low + value;
  }
}

void swap_items(char* a, char* b, int64_t bytes) {
  char buffer[64];
  while (bytes > 0) {
    const size_t count = bytes < 64 ? static_cast<size_t>(bytes) : sizeof buffer;
    std::memcpy(buffer, a, count);
    std::memcpy(a, b, count);
    std::memcpy(b, buffer, count);
    a += count;
    b += count;
    bytes -= static_cast<int64_t>(count);
  }
}

}  // namespace

extern "C" {

uint64_t kjit_random_interval(kjit_random* random, uint64_t max) {
  uint64_t value = 0;
  fill_wide(random->bits, 0, max, &value, 1);
  return value;
}

int32_t kjit_random_fill_integers(kjit_random* random, int32_t dtype, int64_t low, uint64_t range, void* out,
                                  int64_t n) {
  const auto first = static_cast<uint64_t>(low);
  switch (dtype) {
    case KJIT_BOOL:
      fill_narrow<bool>(random->bits, first, range, out, n);
      return 1;
    case KJIT_INT8:
    case KJIT_UINT8:
      fill_narrow<uint8_t>(random->bits, first, range, out, n);
      return 1;
    case KJIT_INT16:
    case KJIT_UINT16:
      fill_narrow<uint16_t>(random->bits, first, range, out, n);
      return 1;
    case KJIT_INT32:
    case KJIT_UINT32:
      fill_narrow<uint32_t>(random->bits, first, range, out, n);
      return 1;
    case KJIT_INT64:
    case KJIT_UINT64:
      fill_wide(random->bits, first, range, static_cast<uint64_t*>(out), n);
      return 1;
    default:
      return 0;
  }
}

void kjit_random_shuffle(kjit_random* random, void* data, int64_t n, int64_t item_bytes, int64_t stride) {
  auto* items = static_cast<char*>(data);
  for (int64_t i = n - 1; i > 0; --i) {
    const auto j = static_cast<int64_t>(kjit_random_interval(random, static_cast<uint64_t>(i)));
    if (i != j) swap_items(items + i * stride, items + j * stride, item_bytes);
  }
}

void kjit_random_permutation(kjit_random* random, int64_t* out, int64_t n) {
  for (int64_t i = 0; i < n; ++i) out[i] = i;
  kjit_random_shuffle(random, out, n, sizeof *out, sizeof *out);
}

}  // extern "C"
