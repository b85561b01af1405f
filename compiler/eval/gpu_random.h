// Generators of a kernel's threads, as numba.cuda.random has them.
#pragma once

#include <cstdint>

namespace kjit::eval {

// States of xoroshiro128+ (Blackman and Vigna, 2018), two words each: splitmix64 of the seed, `start` jumps later, then
// each 2^64 numbers behind the one before.
void xoroshiro_states(uint64_t* out, int64_t n, uint64_t seed, int64_t start);

}  // namespace kjit::eval
