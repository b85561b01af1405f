// Element formats, following the documented behaviour of NumPy's array printing.
#include "core/element_format.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/decimal.h"
#include "core/format_scalar.h"

namespace kjit::rt {
namespace {

constexpr int kPrecision = 8;  // digits after the point at most

Digits shortest(double value, bool single) {
  return single ? shortest_digits(static_cast<float>(value)) : shortest_digits(value);
}

void strip_zeros(Digits& digits) {
  while (digits.count > 1 && digits.text[static_cast<size_t>(digits.count - 1)] == '0') --digits.count;
}

// Digits to show in scientific notation: the shortest, or rounded where those are more than 1 + kPrecision.
Digits scientific_digits(double value, bool single) {
  Digits digits = shortest(value, single);
  if (digits.count > 1 + kPrecision) {
    digits = rounded_digits(value, 1 + kPrecision);
    strip_zeros(digits);
  }
  return digits;
}

// Digits to show in positional notation: the shortest, or rounded where more than kPrecision would follow the point.
Digits positional_digits(double value, bool single) {
  Digits digits = shortest(value, single);
  if (digits.count - 1 - digits.exponent > kPrecision) {
    int count = digits.exponent + 1 + kPrecision;
    // Positional notation is for values from 1e-4 on, so some digits remain, except for parts of rank-0 arrays and
    // zeros.
    digits = rounded_digits(value, std::max(count, 1));
    strip_zeros(digits);
  }
  return digits;
}

int sign_size(const Digits& digits, bool plus) { return digits.negative || plus ? 1 : 0; }

int exponent_digits(int exponent) { return std::abs(exponent) >= 100 ? 3 : 2; }

double load_real(int dtype, const void* element, int part) {
  if (dtype == KJIT_FLOAT32 || dtype == KJIT_COMPLEX64) {
    float value;
    std::memcpy(&value, static_cast<const char*>(element) + part * 4, sizeof value);
    return static_cast<double>(value);
  }
  double value;
  std::memcpy(&value, static_cast<const char*>(element) + part * 8, sizeof value);
  return value;
}

int text_size(int dtype, const void* element) {
  NumberText text;
  put_element(text, dtype, element);
  return text.size;
}

}  // namespace

void FloatFormat::choose_notation(const std::vector<double>& values) {
  double largest = 0;
  double smallest = INFINITY;
  for (double value : values) {
    if (!std::isfinite(value) || value == 0) continue;
    largest = std::max(largest, std::fabs(value));
    smallest = std::min(smallest, std::fabs(value));
  }
  if (largest == 0) return;
  const double cutoff = single_ ? 1e6 : 1e8;
  if (single_) {  // compared and divided in the arrays' own precision
    const auto small = static_cast<float>(smallest);
    scientific_ = largest >= cutoff || small < 0.0001f || static_cast<float>(largest) / small > 1000.0f;
  } else {
    scientific_ = largest >= cutoff || smallest < 0.0001 || largest / smallest > 1000.0;
  }
}

void FloatFormat::measure(double value) {
  if (scientific_) {
    Digits digits = scientific_digits(value, single_);
    precision_ = std::max(precision_, digits.count - 1);
    left_ = std::max(left_, 1 + sign_size(digits, plus_));
    exponent_size_ = std::max(exponent_size_, exponent_digits(digits.exponent));
    return;
  }
  Digits digits = positional_digits(value, single_);
  left_ = std::max(left_, std::max(digits.exponent + 1, 1) + sign_size(digits, plus_));
  if (value != 0) right_ = std::max(right_, digits.count - 1 - digits.exponent);
}

FloatFormat::FloatFormat(const std::vector<double>& values, bool single, bool plus) : single_(single), plus_(plus) {
  choose_notation(values);
  bool negative_infinity = plus;
  bool all_finite = true;
  for (double value : values) {
    if (std::isfinite(value)) {
      measure(value);
    } else {
      all_finite = false;
      negative_infinity |= std::isinf(value) && value < 0;
    }
  }
  if (scientific_) right_ = exponent_size_ + 2 + precision_;
  if (!all_finite) left_ = std::max(left_, 3 + (negative_infinity ? 1 : 0) - (right_ + 1));
}

void FloatFormat::append_scientific(std::string& out, double value) const {
  Digits digits = shortest(value, single_);
  if (digits.count != precision_ + 1) digits = rounded_digits(value, precision_ + 1);
  int sign = sign_size(digits, plus_);
  out.append(static_cast<size_t>(std::max(0, left_ - 1 - sign)), ' ');
  if (plus_ && !digits.negative) out += '+';
  NumberText text;
  put_scientific(text, digits, true);
  std::string_view view = text.view();
  size_t exponent = view.rfind('e') + 2;
  out.append(view.substr(0, exponent));
  size_t shown = view.size() - exponent;
  out.append(static_cast<size_t>(exponent_size_) - std::min(shown, static_cast<size_t>(exponent_size_)), '0');
  out.append(view.substr(exponent));
}

void FloatFormat::append_positional(std::string& out, double value) const {
  Digits digits = positional_digits(value, single_);
  int before = std::max(digits.exponent + 1, 1) + sign_size(digits, plus_);
  out.append(static_cast<size_t>(std::max(0, left_ - before)), ' ');
  if (plus_ && !digits.negative) out += '+';
  NumberText text;
  put_positional(text, digits, true);
  std::string_view view = text.view();
  out.append(view);
  size_t after = view.size() - view.find('.') - 1;
  out.append(static_cast<size_t>(right_) - std::min(after, static_cast<size_t>(right_)), ' ');
}

void FloatFormat::append(std::string& out, double value) const {
  if (std::isfinite(value)) {
    scientific_ ? append_scientific(out, value) : append_positional(out, value);
    return;
  }
  std::string_view text = std::isnan(value) ? (plus_ ? "+nan" : "nan") : value < 0 ? "-inf" : plus_ ? "+inf" : "inf";
  int width = left_ + right_ + 1;
  out.append(static_cast<size_t>(std::max(0, width - static_cast<int>(text.size()))), ' ');
  out.append(text);
}

ElementFormat::ElementFormat(int dtype, const std::vector<const void*>& elements, bool scalar)
    : dtype_(dtype), kind_(kDtypes[dtype].kind), scalar_(scalar) {
  if (kind_ == DtypeKind::kSigned || kind_ == DtypeKind::kUnsigned) {
    for (const void* element : elements) width_ = std::max(width_, text_size(dtype, element));
  }
  if (kind_ != DtypeKind::kFloat && kind_ != DtypeKind::kComplex) return;
  const bool single = dtype == KJIT_FLOAT32 || dtype == KJIT_COMPLEX64;
  std::vector<double> values(elements.size());
  for (int part = 0; part < (kind_ == DtypeKind::kComplex ? 2 : 1); ++part) {
    std::transform(elements.begin(), elements.end(), values.begin(),
                   [&](const void* element) { return load_real(dtype, element, part); });
    (part == 0 ? real_ : imag_) = FloatFormat(values, single, part == 1);
  }
}

void ElementFormat::append(std::string& out, const void* element) const {
  if (kind_ == DtypeKind::kFloat || kind_ == DtypeKind::kComplex) {
    real_.append(out, load_real(dtype_, element, 0));
    if (kind_ == DtypeKind::kFloat) return;
    std::string imaginary;
    imag_.append(imaginary, load_real(dtype_, element, 1));
    imaginary.insert(imaginary.find_last_not_of(' ') + 1, 1, 'j');
    out += imaginary;
    return;
  }
  NumberText text;
  put_element(text, dtype_, element);
  int width = kind_ == DtypeKind::kBool ? (scalar_ ? 0 : 5) : width_;
  out.append(static_cast<size_t>(std::max(0, width - text.size)), ' ');
  out.append(text.view());
}

}  // namespace kjit::rt
