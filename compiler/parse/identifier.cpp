// Tables of the characters of names.
#include "parse/identifier.h"

#include <algorithm>
#include <iterator>

namespace kjit::parse {

namespace {

struct Range {
  char32_t first, last;
};

#include "parse/identifier_ranges.inc"

template <size_t N>
bool inside(const Range (&ranges)[N], char32_t c) {
  const Range* next = std::upper_bound(std::begin(ranges), std::end(ranges), c,
                                       [](char32_t c, const Range& range) { return c < range.first; });
  return next != std::begin(ranges) && c <= next[-1].last;
}

bool letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

bool starts_identifier(char32_t c) { return c < 0x80 ? letter(c) : inside(kStart, c); }

bool continues_identifier(char32_t c) {
  if (c < 0x80) return letter(c) || (c >= '0' && c <= '9');
  return inside(kStart, c) || inside(kOnlyContinue, c);
}

}  // namespace kjit::parse
