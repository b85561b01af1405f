#include "eval/gpu_random.h"

#include <initializer_list>

namespace kjit::eval {

namespace {

struct Xoroshiro {
  uint64_t a, b;
  void next() {
    const auto left = [](uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
    b ^= a;
    a = left(a, 55) ^ b ^ (b << 14);
    b = left(b, 36);
  }
  void jump() {
    uint64_t x = 0, y = 0;
    for (const uint64_t word : {0xbeac0467eba5facbULL, 0xd86b048b86aa9922ULL}) {
      for (int bit = 0; bit < 64; ++bit) {
        if ((word >> bit) & 1) x ^= a, y ^= b;
        next();
      }
    }
    a = x, b = y;
  }
};

}  // namespace

void xoroshiro_states(uint64_t* out, int64_t n, uint64_t seed, int64_t start) {
  uint64_t z = seed + 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z ^= z >> 31;
  Xoroshiro state{z, z};
  for (int64_t k = start; k > 0; --k) state.jump();
  for (int64_t i = 0; i < n; ++i, state.jump()) out[2 * i] = state.a, out[2 * i + 1] = state.b;
}

}  // namespace kjit::eval
