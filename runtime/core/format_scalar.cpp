// Scalars as Python and NumPy write them.
#include "core/format_scalar.h"

#include <kjit_rt/format.h>

#include <charconv>
#include <cstring>
#include <type_traits>

namespace kjit::rt {
namespace {

// From here on NumPy and Python write an exponent. NumPy uses 10^(digits the type surely holds), at most 1e16.
template <class Float>
constexpr double kExponentFrom = std::is_same_v<Float, float> ? 1e6 : 1e16;

template <class Float>
void put_finite(NumberText& out, Float value, bool point_zero) {
  Digits digits = shortest_digits(value);
  double magnitude = std::fabs(static_cast<double>(value));
  if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= kExponentFrom<Float>)) {
    put_scientific(out, digits, false);
    return;
  }
  put_positional(out, digits, point_zero);
  if (out.text[static_cast<size_t>(out.size - 1)] == '.') out.put('0');
}

// One part of a complex number: no ".0", and a sign always when `sign`.
template <class Float>
void put_part(NumberText& out, Float value, bool sign) {
  if (sign && !std::signbit(value)) out.put('+');
  if (std::isnan(value)) {
    if (sign && std::signbit(value)) out.put('+');
    out.put("nan");
  } else if (std::isinf(value)) {
    out.put(value < 0 ? "-inf" : "inf");
  } else {
    put_finite(out, value, false);
  }
}

template <class T>
void put_integer(NumberText& out, T value) {
  char text[24];
  auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out.put({text, static_cast<size_t>(end - text)});
}

template <class T>
T load(const void* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <class Float>
void put_complex_at(NumberText& out, const void* from) {
  Float parts[2];
  std::memcpy(parts, from, sizeof parts);
  put_complex(out, parts[0], parts[1]);
}

size_t copy_out(std::string_view text, char* buffer, size_t size) {
  if (size > 0) {
    size_t count = text.size() < size ? text.size() : size - 1;
    std::memcpy(buffer, text.data(), count);
    buffer[count] = 0;
  }
  return text.size();
}

}  // namespace

template <class Float>
void put_float(NumberText& out, Float value) {
  if (std::isnan(value)) {
    out.put("nan");
  } else if (std::isinf(value)) {
    out.put(value < 0 ? "-inf" : "inf");
  } else {
    put_finite(out, value, true);
  }
}

template <class Float>
void put_complex(NumberText& out, Float re, Float im) {
  if (re == 0 && !std::signbit(re)) {
    put_part(out, im, false);
    out.put('j');
    return;
  }
  out.put('(');
  put_part(out, re, false);
  put_part(out, im, true);
  out.put("j)");
}

template void put_float<float>(NumberText&, float);
template void put_float<double>(NumberText&, double);
template void put_complex<float>(NumberText&, float, float);
template void put_complex<double>(NumberText&, double, double);

bool put_element(NumberText& out, int dtype, const void* element) {
  switch (static_cast<kjit_dtype>(dtype)) {
    case KJIT_BOOL:
      out.put(load<uint8_t>(element) ? "True" : "False");
      return true;
    case KJIT_INT8:
      put_integer(out, load<int8_t>(element));
      return true;
    case KJIT_INT16:
      put_integer(out, load<int16_t>(element));
      return true;
    case KJIT_INT32:
      put_integer(out, load<int32_t>(element));
      return true;
    case KJIT_INT64:
      put_integer(out, load<int64_t>(element));
      return true;
    case KJIT_UINT8:
      put_integer(out, load<uint8_t>(element));
      return true;
    case KJIT_UINT16:
      put_integer(out, load<uint16_t>(element));
      return true;
    case KJIT_UINT32:
      put_integer(out, load<uint32_t>(element));
      return true;
    case KJIT_UINT64:
      put_integer(out, load<uint64_t>(element));
      return true;
    case KJIT_FLOAT32:
      put_float(out, load<float>(element));
      return true;
    case KJIT_FLOAT64:
      put_float(out, load<double>(element));
      return true;
    case KJIT_COMPLEX64:
      put_complex_at<float>(out, element);
      return true;
    case KJIT_COMPLEX128:
      put_complex_at<double>(out, element);
      return true;
  }
  return false;
}

}  // namespace kjit::rt

using kjit::rt::NumberText;

extern "C" {

size_t kjit_rt_format_f64(double value, char* buffer, size_t size) {
  NumberText text;
  kjit::rt::put_float(text, value);
  return kjit::rt::copy_out(text.view(), buffer, size);
}

size_t kjit_rt_format_f32(float value, char* buffer, size_t size) {
  NumberText text;
  kjit::rt::put_float(text, value);
  return kjit::rt::copy_out(text.view(), buffer, size);
}

size_t kjit_rt_format_c128(double re, double im, char* buffer, size_t size) {
  NumberText text;
  kjit::rt::put_complex(text, re, im);
  return kjit::rt::copy_out(text.view(), buffer, size);
}

size_t kjit_rt_format_c64(float re, float im, char* buffer, size_t size) {
  NumberText text;
  kjit::rt::put_complex(text, re, im);
  return kjit::rt::copy_out(text.view(), buffer, size);
}

size_t kjit_rt_format_element(int32_t dtype, const void* element, char* buffer, size_t size) {
  NumberText text;
  kjit::rt::put_element(text, dtype, element);
  return kjit::rt::copy_out(text.view(), buffer, size);
}

}  // extern "C"
