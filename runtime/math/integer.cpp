// Integer functions: greatest common divisor, least common multiple.
#include <kjit_rt/math.h>

#include <numeric>

namespace {

uint64_t magnitude(int64_t x) { return x < 0 ? 0 - static_cast<uint64_t>(x) : static_cast<uint64_t>(x); }

// Without std::lcm's precondition that the result fits: NumPy wraps.
uint64_t lcm(uint64_t a, uint64_t b) {
  const uint64_t divisor = std::gcd(a, b);
  return divisor == 0 ? 0 : a / divisor * b;
}

}  // namespace

extern "C" {

uint64_t kjit_u64_gcd(uint64_t a, uint64_t b) { return std::gcd(a, b); }
uint64_t kjit_u64_lcm(uint64_t a, uint64_t b) { return lcm(a, b); }
int64_t kjit_i64_gcd(int64_t a, int64_t b) { return static_cast<int64_t>(std::gcd(magnitude(a), magnitude(b))); }
int64_t kjit_i64_lcm(int64_t a, int64_t b) { return static_cast<int64_t>(lcm(magnitude(a), magnitude(b))); }

}  // extern "C"
