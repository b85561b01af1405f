// The state of the legacy generator: Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998) and the spare normal
// number.
#pragma once

#include <kjit_rt/random.h>

#include <array>
#include <cstdint>

namespace kjit::rt {

class MersenneTwister {
 public:
  void seed(uint32_t value);
  void seed(const uint32_t* key, int64_t count);
  // The same in steps: max(kSize, count) times a number of the key and its place, again and again from the first one.
  void begin_key();
  void add_key(uint32_t number, uint32_t place);
  void end_key();

  uint32_t next32() {
    if (position_ == kSize) refill();
    uint32_t y = words_[position_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }
  uint64_t next64() {
    const uint64_t high = next32();
    return (high << 32) | next32();
  }
  // 53 random bits in [0, 1).
  double next_double() {
    const uint32_t high = next32() >> 5;
    const uint32_t low = next32() >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

 private:
  static constexpr size_t kSize = 624;
  void refill();
  uint32_t previous() const { return words_[step_ - 1] ^ (words_[step_ - 1] >> 30); }
  void advance();

  std::array<uint32_t, kSize> words_;
  size_t position_ = kSize;
  size_t step_ = 1;  // while a key is taken in
};

}  // namespace kjit::rt

struct kjit_random {
  kjit::rt::MersenneTwister bits;
  bool has_spare = false;  // the polar method makes two normal numbers at a time
  double spare = 0;
};
