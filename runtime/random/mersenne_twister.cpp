// MT19937: seeding and the recurrence, after the authors' published algorithm.
#include <algorithm>

#include "random/generator.h"

namespace kjit::rt {

void MersenneTwister::seed(uint32_t value) {
  words_[0] = value;
  for (uint32_t i = 1; i < kSize; ++i) words_[i] = 1812433253u * (words_[i - 1] ^ (words_[i - 1] >> 30)) + i;
  position_ = kSize;
}

void MersenneTwister::seed(const uint32_t* key, int64_t count) {
  const auto keys = static_cast<uint64_t>(count);
  begin_key();
  for (uint64_t k = 0; k < std::max<uint64_t>(kSize, keys); ++k)
    add_key(key[k % keys], static_cast<uint32_t>(k % keys));
  end_key();
}

void MersenneTwister::begin_key() {
  seed(19650218u);
  step_ = 1;
}

void MersenneTwister::advance() {
  if (++step_ < kSize) return;
  words_[0] = words_[kSize - 1];
  step_ = 1;
}

void MersenneTwister::add_key(uint32_t number, uint32_t place) {
  words_[step_] = (words_[step_] ^ (previous() * 1664525u)) + number + place;
  advance();
}

void MersenneTwister::end_key() {
  for (size_t k = kSize - 1; k > 0; --k) {
    words_[step_] = (words_[step_] ^ (previous() * 1566083941u)) - static_cast<uint32_t>(step_);
    advance();
  }
  words_[0] = 0x80000000u;
}

void MersenneTwister::refill() {
  constexpr size_t kShift = 397;
  auto twist = [this](size_t i, size_t next, size_t far) {
    const uint32_t y = (words_[i] & 0x80000000u) | (words_[next] & 0x7fffffffu);
    words_[i] = words_[far] ^ (y >> 1) ^ ((y & 1) ? 0x9908b0dfu : 0u);
  };
  for (size_t i = 0; i < kSize - kShift; ++i) twist(i, i + 1, i + kShift);
  for (size_t i = kSize - kShift; i < kSize - 1; ++i) twist(i, i + 1, i + kShift - kSize);
  twist(kSize - 1, 0, kShift - 1);
  position_ = 0;
}

}  // namespace kjit::rt
