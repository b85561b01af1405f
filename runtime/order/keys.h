// Numbers as unsigned keys of the same order.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace kjit::rt::order {

template <size_t kBytes>
struct UnsignedOf;
template <>
struct UnsignedOf<1> {
  using Type = uint8_t;
};
template <>
struct UnsignedOf<2> {
  using Type = uint16_t;
};
template <>
struct UnsignedOf<4> {
  using Type = uint32_t;
};
template <>
struct UnsignedOf<8> {
  using Type = uint64_t;
};
template <typename T>
using Key = typename UnsignedOf<sizeof(T)>::Type;

template <typename T>
constexpr Key<T> kTop = static_cast<Key<T>>(Key<T>{1} << (8 * sizeof(T) - 1));

// Of floats: bits in the order of magnitude, turned round below zero; every nan is the largest key.
template <typename T>
Key<T> key_of(T x) {
  const auto bits = std::bit_cast<Key<T>>(x);
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(x)) return std::numeric_limits<Key<T>>::max();
    return (bits & kTop<T>) != 0 ? static_cast<Key<T>>(~bits) : static_cast<Key<T>>(bits | kTop<T>);
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<Key<T>>(bits ^ kTop<T>);
  } else {
    return bits;
  }
}

// Not of a nan, which has no key of its own.
template <typename T>
T number_of(Key<T> key) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::bit_cast<T>((key & kTop<T>) != 0 ? static_cast<Key<T>>(key & ~kTop<T>) : static_cast<Key<T>>(~key));
  } else if constexpr (std::is_signed_v<T>) {
    return std::bit_cast<T>(static_cast<Key<T>>(key ^ kTop<T>));
  } else {
    return key;
  }
}

}  // namespace kjit::rt::order
