// Decimal digits of floating-point numbers, shortest or correctly rounded, without locale and without allocation.
#pragma once

#include <array>
#include <cmath>
#include <string>
#include <string_view>

namespace kjit::rt {

// |value| = 0.d1 d2 d3 ... times 10^(exponent + 1), that is, d1.d2d3... times 10^exponent. Zero is one digit, "0".
struct Digits {
  std::array<char, 32> text;
  int count = 0;
  int exponent = 0;
  bool negative = false;

  std::string_view view() const { return {text.data(), static_cast<size_t>(count)}; }
};

// The shortest digits that read back as `value`. `value` is finite.
template <class Float>
Digits shortest_digits(Float value);

// `value` rounded to `count` significant digits (1 to 30), ties of the exact value to even. `value` is finite.
Digits rounded_digits(double value, int count);

// The longest text of one number: sign, 309 digits, point, 30 digits.
inline constexpr int kNumberText = 352;

// A text of bounded length, built in place.
struct NumberText {
  std::array<char, kNumberText> text;
  int size = 0;

  void put(char c) { text[static_cast<size_t>(size++)] = c; }
  void put(std::string_view piece) {
    for (char c : piece) put(c);
  }
  void fill(int count, char c) {
    for (int i = 0; i < count; ++i) put(c);
  }
  std::string_view view() const { return {text.data(), static_cast<size_t>(size)}; }
};

// "[-]d.dddde+dd" with at least two digits in the exponent; no point when there is one digit and `point` is false.
void put_scientific(NumberText& out, const Digits& digits, bool point);
// "[-]ddd.ddd"; `point`: "3." rather than "3" when nothing follows the point.
void put_positional(NumberText& out, const Digits& digits, bool point);

}  // namespace kjit::rt
