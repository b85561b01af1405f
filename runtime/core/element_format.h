// How the elements of one array are written so that they line up: chosen once from the elements shown, then applied to
// each. The choices are NumPy's with its default print options (fixed or scientific, common precision, padding).
#pragma once

#include <string>
#include <vector>

#include "core/dtype.h"

namespace kjit::rt {

// For the values of a float array, or for one part of a complex one.
class FloatFormat {
 public:
  FloatFormat() = default;
  // `single`: the values are float32. `plus`: positive numbers get a sign (imaginary parts).
  FloatFormat(const std::vector<double>& values, bool single, bool plus);
  void append(std::string& out, double value) const;

 private:
  void choose_notation(const std::vector<double>& values);
  void measure(double value);
  void append_scientific(std::string& out, double value) const;
  void append_positional(std::string& out, double value) const;

  bool single_ = false;
  bool plus_ = false;
  bool scientific_ = false;
  int precision_ = 0;      // scientific: digits after the point
  int left_ = 0;           // characters before the point, sign included
  int right_ = 0;          // characters after the point
  int exponent_size_ = 0;  // scientific: digits of the exponent
};

class ElementFormat {
 public:
  // `elements` are those that will be shown. `scalar`: the array has rank 0.
  ElementFormat(int dtype, const std::vector<const void*>& elements, bool scalar);
  void append(std::string& out, const void* element) const;

 private:
  int dtype_;
  DtypeKind kind_;
  bool scalar_;
  int width_ = 0;     // integers
  FloatFormat real_;  // floats, real parts
  FloatFormat imag_;
};

}  // namespace kjit::rt
