// Numbers from their spelling, and prefixes of strings.
#include "parse/literals.h"

#include <cctype>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>

namespace kjit::parse {

namespace {

std::string without_underscores(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '_') digits += c;
  }
  return digits;
}

// Whether a number that is out of range is too large rather than too small: where does its first digit stand?
bool above_one(std::string_view text) {
  const size_t exponent_at = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, exponent_at);
  const size_t point = std::min(mantissa.find('.'), mantissa.size());
  const size_t first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return false;
  if (exponent_at == std::string_view::npos) return first < point;
  std::string_view digits = text.substr(exponent_at + 1);
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  int64_t exponent = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (parsed.ec != std::errc{}) return !negative;
  const auto place = static_cast<int64_t>(point) - static_cast<int64_t>(first);
  return (negative ? -exponent : exponent) + place > 0;
}

}  // namespace

Integer parse_integer(std::string_view text) {
  const std::string digits = without_underscores(text);
  int base = 10;
  size_t at = 0;
  if (digits.size() > 2 && digits[0] == '0' && std::isalpha(static_cast<unsigned char>(digits[1]))) {
    const char kind = static_cast<char>(std::tolower(digits[1]));
    base = kind == 'x' ? 16 : kind == 'o' ? 8 : 2;
    at = 2;
  }
  Integer result;
  const auto parsed = std::from_chars(digits.data() + at, digits.data() + digits.size(), result.value, base);
  result.too_big = parsed.ec == std::errc::result_out_of_range;
  if (result.too_big) result.value = 0;
  return result;
}

double parse_float(std::string_view text) {
  const std::string digits = without_underscores(text);
  double value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (parsed.ec == std::errc::result_out_of_range)
    return above_one(digits) ? std::numeric_limits<double>::infinity() : 0.0;
  return value;
}

StringPrefix string_prefix(std::string_view token) {
  StringPrefix prefix;
  while (token[prefix.open] != '"' && token[prefix.open] != '\'') {
    const char c = static_cast<char>(std::tolower(token[prefix.open++]));
    prefix.raw |= c == 'r', prefix.bytes |= c == 'b', prefix.format |= c == 'f';
  }
  const std::string_view quotes = token.substr(prefix.open);
  prefix.quotes = quotes.starts_with("\"\"\"") || quotes.starts_with("'''") ? 3 : 1;
  prefix.open += prefix.quotes;
  return prefix;
}

}  // namespace kjit::parse
