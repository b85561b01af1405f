// Decimal digits through std::to_chars, which is exact, shortest where asked, and knows no locale.
#include "core/decimal.h"

#include <charconv>

namespace kjit::rt {
namespace {

// Reads "[-]d[.ddd]e[+-]dd" into digits; trailing zeros stay.
Digits from_scientific(std::string_view text) {
  Digits digits;
  if (text.front() == '-') {
    digits.negative = true;
    text.remove_prefix(1);
  }
  size_t e = text.find('e');
  for (char c : text.substr(0, e)) {
    if (c != '.') digits.text[static_cast<size_t>(digits.count++)] = c;
  }
  std::string_view exponent = text.substr(e + 1);
  if (exponent.front() == '+') exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), digits.exponent);
  return digits;
}

}  // namespace

template <class Float>
Digits shortest_digits(Float value) {
  char text[48];
  auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  return from_scientific({text, static_cast<size_t>(end - text)});
}

template Digits shortest_digits<float>(float value);
template Digits shortest_digits<double>(double value);

Digits rounded_digits(double value, int count) {
  char text[48];
  auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, count - 1).ptr;
  return from_scientific({text, static_cast<size_t>(end - text)});
}

void put_scientific(NumberText& out, const Digits& digits, bool point) {
  if (digits.negative) out.put('-');
  out.put(digits.text[0]);
  if (point || digits.count > 1) out.put('.');
  out.put(digits.view().substr(1));
  out.put('e');
  out.put(digits.exponent < 0 ? '-' : '+');
  char text[8];
  int magnitude = digits.exponent < 0 ? -digits.exponent : digits.exponent;
  auto end = std::to_chars(text, text + sizeof text, magnitude).ptr;
  if (end - text < 2) out.put('0');
  out.put({text, static_cast<size_t>(end - text)});
}

void put_positional(NumberText& out, const Digits& digits, bool point) {
  if (digits.negative) out.put('-');
  const int whole = digits.exponent + 1;  // digits before the point
  if (whole <= 0) {
    out.put("0.");
    out.fill(-whole, '0');
    out.put(digits.view());
    return;
  }
  for (int i = 0; i < whole; ++i) out.put(i < digits.count ? digits.text[static_cast<size_t>(i)] : '0');
  if (point || digits.count > whole) out.put('.');
  if (digits.count > whole) out.put(digits.view().substr(static_cast<size_t>(whole)));
}

}  // namespace kjit::rt
