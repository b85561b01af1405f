// round(x, digits) as Python and as NumPy do it.
#include <kjit_rt/math.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace kjit::rt {
namespace {

// With more digits every float64 is itself; rounded to a multiple of a larger power of ten every float64 is zero.
constexpr int64_t kMostDigits = 323;
constexpr int64_t kMostPlaces = 309;
constexpr int kTextSize = 768;  // sign, 309 digits, point, 323 digits

double parse(std::string_view text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range && text.find('e') != text.npos) {
    return std::numeric_limits<double>::infinity();
  }
  return value;
}

// |x| rounded to a multiple of 10^places, places > 0, on the decimal digits of its whole part.
double round_places(double magnitude, int places) {
  const double whole = std::trunc(magnitude);
  char text[kTextSize];
  text[0] = '0';  // room for a carry
  auto end = std::to_chars(text + 1, text + sizeof text, whole, std::chars_format::fixed, 0).ptr;
  const auto size = static_cast<int>(end - text);
  const int kept = size - places;  // digits kept, the leading zero included
  if (kept <= 0) return 0;
  bool rest = whole != magnitude;
  for (int i = kept + 1; i < size; ++i) rest |= text[i] != '0';
  const char next = text[kept];
  const bool odd = (text[kept - 1] - '0') % 2 != 0;
  int digits = kept;
  if (next > '5' || (next == '5' && (rest || odd))) {
    int i = kept - 1;
    while (text[i] == '9') text[i--] = '0';
    ++text[i];
  }
  text[digits++] = 'e';
  end = std::to_chars(text + digits, text + sizeof text, places).ptr;
  return parse({text, static_cast<size_t>(end - text)});
}

double round_digits(double x, int64_t digits) {
  if (!std::isfinite(x) || digits > kMostDigits) return x;
  if (digits < -kMostPlaces) return std::copysign(0.0, x);
  if (digits < 0) return std::copysign(round_places(std::fabs(x), static_cast<int>(-digits)), x);
  char text[kTextSize];
  auto end = std::to_chars(text, text + sizeof text, x, std::chars_format::fixed, static_cast<int>(digits)).ptr;
  return std::copysign(parse({text, static_cast<size_t>(end - text)}), x);
}

// 10^n by repeated multiplication, as NumPy has it: from 10^23 on not always the nearest float64.
double power_of_ten(int64_t n) {
  double power = 1;
  for (int64_t i = 0; i < n && std::isfinite(power); ++i) power *= 10;
  return power;
}

template <class Float>
Float round_digits_np(Float x, int64_t digits) {
  if (digits == 0) return std::rint(x);
  const auto power = static_cast<Float>(power_of_ten(digits > 0              ? digits
                                                     : digits < -kMostPlaces ? kMostPlaces
                                                                             : -digits));
  return digits > 0 ? std::rint(x * power) / power : std::rint(x / power) * power;
}

}  // namespace
}  // namespace kjit::rt

extern "C" {

double kjit_f64_round_digits(double x, int64_t digits) { return kjit::rt::round_digits(x, digits); }
float kjit_f32_round_digits(float x, int64_t digits) {
  return static_cast<float>(kjit::rt::round_digits(static_cast<double>(x), digits));
}
double kjit_f64_round_digits_np(double x, int64_t digits) { return kjit::rt::round_digits_np(x, digits); }
float kjit_f32_round_digits_np(float x, int64_t digits) { return kjit::rt::round_digits_np(x, digits); }

}  // extern "C"
