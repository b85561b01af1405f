// UTF-8, one code point at a time, strict as the standard has it (no overlong forms, no surrogates, at most U+10FFFF).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kjit::source {

struct CodePoint {
  char32_t value = 0;
  uint32_t size = 1;  // bytes; 1 for a byte that starts no valid sequence
  bool valid = false;
};

// The code point at `offset`, which must be inside `text`.
CodePoint decode_utf8(std::string_view text, size_t offset);
// Appends the UTF-8 form of a code point (at most U+10FFFF; a surrogate is written in the three-byte form).
void append_utf8(std::string& text, char32_t value);
// Every invalid byte counts as one.
size_t count_code_points(std::string_view text);
// Offset of the first byte that is not valid UTF-8; npos when all is well.
size_t find_invalid_utf8(std::string_view text);
// Columns a terminal needs: 2 for East Asian wide characters and emoji, 0 for combining marks, else 1.
int display_width(char32_t value);

}  // namespace kjit::source
