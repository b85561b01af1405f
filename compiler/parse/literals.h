// Values of number and string tokens.
#pragma once

#include <cstdint>
#include <string_view>

namespace kjit::parse {

struct Integer {
  uint64_t value = 0;
  bool too_big = false;  // above 2**64 - 1
};

// Decimal, 0x, 0o or 0b, with underscores between digits.
Integer parse_integer(std::string_view text);
// The nearest double, infinity above the range, zero below it. Underscores allowed; no sign.
double parse_float(std::string_view text);

struct StringPrefix {
  bool raw = false, bytes = false, format = false;
  uint32_t open = 0;    // length of the prefix and the opening quotes
  uint32_t quotes = 0;  // 1 or 3
};
StringPrefix string_prefix(std::string_view token);

}  // namespace kjit::parse
