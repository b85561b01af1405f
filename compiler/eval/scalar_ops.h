// Operators on numbers, for the evaluator and for constant folding. Weak numbers (int64_t, double, complex) follow
// Python, an int that leaves 64 bits included (OverflowError); typed ones wrap and divide as NumPy's scalars do.
#pragma once

#include <cmath>
#include <complex>
#include <cstring>
#include <limits>
#include <type_traits>

#include "kjit/error.h"
#include "kjit/value.h"
#include "parse/ast.h"

namespace kjit::eval {

std::string type_name(const Value& value);  // "int", "numpy.float32", "list"; see objects.cpp

using ast::BinaryOp;
using Complex = std::complex<double>;

// Calls f with a value of the C++ type of `dtype`.
template <typename F>
decltype(auto) with_dtype(DType dtype, F&& f) {
  switch (dtype) {
    case DType::Bool:
      return f(bool{});
    case DType::Int8:
      return f(int8_t{});
    case DType::Int16:
      return f(int16_t{});
    case DType::Int32:
      return f(int32_t{});
    case DType::Int64:
      return f(int64_t{});
    case DType::UInt8:
      return f(uint8_t{});
    case DType::UInt16:
      return f(uint16_t{});
    case DType::UInt32:
      return f(uint32_t{});
    case DType::UInt64:
      return f(uint64_t{});
    case DType::Float32:
      return f(float{});
    case DType::Float64:
      return f(double{});
    case DType::Complex64:
      return f(std::complex<float>{});
    default:
      return f(std::complex<double>{});
  }
}

template <typename T>
inline constexpr bool kIsComplex = std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;

// Conversion of one number as astype() does it. Floats out of range: see kir/ops.def, Cast.
template <typename To, typename From>
To convert(From v) {
  if constexpr (kIsComplex<To>) {
    using Part = typename To::value_type;
    if constexpr (kIsComplex<From>) {
      return To(static_cast<Part>(v.real()), static_cast<Part>(v.imag()));
    } else {
      return To(static_cast<Part>(v), Part(0));
    }
  } else if constexpr (std::is_same_v<To, bool>) {
    return v != From{};
  } else if constexpr (kIsComplex<From>) {
    return convert<To>(v.real());
  } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
    if constexpr (std::is_same_v<To, uint64_t>) {
      if (v >= From(9223372036854775808.0)) return v < From(18446744073709551616.0) ? static_cast<uint64_t>(v) : 0;
    }
    const bool fits = v >= From(-9223372036854775808.0) && v < From(9223372036854775808.0);
    const int64_t whole = fits ? static_cast<int64_t>(v) : std::numeric_limits<int64_t>::min();
    if constexpr (sizeof(To) > 4 || std::is_same_v<To, uint32_t>) return static_cast<To>(whole);
    const bool narrow = whole == static_cast<int32_t>(whole);  // smaller types wrap what fits 32 bits
    return static_cast<To>(narrow ? static_cast<int32_t>(whole) : std::numeric_limits<int32_t>::min());
  } else {
    return static_cast<To>(v);
  }
}

template <typename T>
T load_as(DType dtype, const void* from) {
  return with_dtype(dtype, [&](auto sample) {
    decltype(sample) v;
    std::memcpy(&v, from, sizeof v);
    return convert<T>(v);
  });
}
inline int64_t load_int(DType dtype, const void* from) { return load_as<int64_t>(dtype, from); }
inline double load_double(DType dtype, const void* from) { return load_as<double>(dtype, from); }
inline Complex load_complex(DType dtype, const void* from) { return load_as<Complex>(dtype, from); }

template <typename From>
void store_as(DType dtype, void* to, From value) {
  with_dtype(dtype, [&](auto sample) {
    const auto v = convert<decltype(sample)>(value);
    std::memcpy(to, &v, sizeof v);
  });
}

// --- Python's own numbers

[[noreturn]] inline void raise(ErrorKind kind, const char* message) { throw Error(kind, message); }
[[noreturn]] inline void int_overflow() {
  raise(ErrorKind::OverflowError, "the result does not fit into a 64-bit integer");
}

inline int64_t int_add(int64_t a, int64_t b) {
  int64_t r;
  if (__builtin_add_overflow(a, b, &r)) int_overflow();
  return r;
}
inline int64_t int_sub(int64_t a, int64_t b) {
  int64_t r;
  if (__builtin_sub_overflow(a, b, &r)) int_overflow();
  return r;
}
inline int64_t int_mul(int64_t a, int64_t b) {
  int64_t r;
  if (__builtin_mul_overflow(a, b, &r)) int_overflow();
  return r;
}
// Quotients and remainders of typed integers too; b is not 0. The most negative number by -1 wraps.
template <typename T>
T floor_div(T a, T b) {
  if constexpr (std::is_signed_v<T>) {
    if (b == T(-1)) return static_cast<T>(0 - static_cast<std::make_unsigned_t<T>>(a));
    const T q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
  } else {
    return a / b;
  }
}
template <typename T>
T floor_mod(T a, T b) {
  if constexpr (std::is_signed_v<T>) {
    if (b == T(-1)) return 0;
    const T r = a % b;
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
  } else {
    return a % b;
  }
}
// CPython's float_divmod: the remainder has the divisor's sign, the quotient is exact where it can be. b is not 0.
template <typename T>
void float_divmod(T a, T b, T& quotient, T& remainder) {
  T mod = std::fmod(a, b);
  T div = (a - mod) / b;
  if (mod != 0) {
    if ((b < 0) != (mod < 0)) mod += b, div -= 1;
  } else {
    mod = std::copysign(T(0), b);
  }
  if (div != 0) {
    T floored = std::floor(div);
    if (div - floored > T(0.5)) floored += 1;
    div = floored;
  } else {
    div = std::copysign(T(0), a / b);
  }
  quotient = div, remainder = mod;
}
inline int64_t int_pow(int64_t base, int64_t exponent) {
  int64_t result = 1;
  while (exponent > 0) {
    if (exponent & 1) result = int_mul(result, base);
    exponent >>= 1;
    if (exponent > 0) base = int_mul(base, base);
  }
  return result;
}
template <typename T>
T wrapping_pow(T base, T exponent) {
  uint64_t result = 1, b = static_cast<uint64_t>(+base), e = static_cast<uint64_t>(+exponent);
  for (; e > 0; e >>= 1, b *= b)
    if (e & 1) result *= b;
  return static_cast<T>(result);
}
// Python's quotient of complex numbers (Smith's method).
template <typename T>
std::complex<T> complex_div(std::complex<T> a, std::complex<T> b) {
  const T re = b.real(), im = b.imag();
  if (std::fabs(re) >= std::fabs(im)) {
    const T ratio = im / re, denominator = re + im * ratio;
    return {(a.real() + a.imag() * ratio) / denominator, (a.imag() - a.real() * ratio) / denominator};
  }
  const T ratio = re / im, denominator = re * ratio + im;
  return {(a.real() * ratio + a.imag()) / denominator, (a.imag() * ratio - a.real()) / denominator};
}
template <typename T>
std::complex<T> complex_mul(std::complex<T> a, std::complex<T> b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}
// Small whole exponents by squaring, as CPython; else through polar form.
inline Complex complex_pow(Complex a, Complex b) {
  if (b == Complex(0)) return 1;
  if (a == Complex(0)) {
    if (b.imag() != 0 || b.real() < 0) raise(ErrorKind::ZeroDivisionError, "zero to a negative or complex power");
    return 0;
  }
  if (b.imag() == 0 && b.real() == std::floor(b.real()) && std::fabs(b.real()) <= 100) {
    Complex result = 1, factor = a;
    for (auto n = static_cast<int64_t>(std::fabs(b.real())); n > 0; n >>= 1, factor = complex_mul(factor, factor))
      if (n & 1) result = complex_mul(result, factor);
    return b.real() < 0 ? complex_div(Complex(1), result) : result;
  }
  const double magnitude = std::hypot(a.real(), a.imag()), angle = std::atan2(a.imag(), a.real());
  double length = std::pow(magnitude, b.real()), phase = angle * b.real();
  if (b.imag() != 0) length *= std::exp(-angle * b.imag()), phase += b.imag() * std::log(magnitude);
  return {length * std::cos(phase), length * std::sin(phase)};
}

inline Value int_binary(BinaryOp op, int64_t a, int64_t b) {
  switch (op) {
    case BinaryOp::Add:
      return int_add(a, b);
    case BinaryOp::Sub:
      return int_sub(a, b);
    case BinaryOp::Mul:
      return int_mul(a, b);
    case BinaryOp::Div:
      if (b == 0) raise(ErrorKind::ZeroDivisionError, "division by zero");
      return static_cast<double>(a) / static_cast<double>(b);
    case BinaryOp::FloorDiv:
      if (b == 0) raise(ErrorKind::ZeroDivisionError, "integer division or modulo by zero");
      if (b == -1) return int_sub(0, a);
      return floor_div(a, b);
    case BinaryOp::Mod:
      if (b == 0) raise(ErrorKind::ZeroDivisionError, "integer modulo by zero");
      return floor_mod(a, b);
    case BinaryOp::Pow:
      if (b >= 0) return int_pow(a, b);
      if (a == 0) raise(ErrorKind::ZeroDivisionError, "0.0 cannot be raised to a negative power");
      return std::pow(static_cast<double>(a), static_cast<double>(b));
    case BinaryOp::LShift:
      if (b < 0) raise(ErrorKind::ValueError, "negative shift count");
      if (a == 0) return int64_t{0};
      if (b > 62 || (a << b) >> b != a) int_overflow();
      return a << b;
    case BinaryOp::RShift:
      if (b < 0) raise(ErrorKind::ValueError, "negative shift count");
      return a >> (b > 63 ? 63 : b);
    case BinaryOp::BitAnd:
      return a & b;
    case BinaryOp::BitOr:
      return a | b;
    case BinaryOp::BitXor:
      return a ^ b;
    case BinaryOp::MatMul:
      break;
  }
  raise(ErrorKind::TypeError, "unsupported operand type(s) for @: 'int' and 'int'");
}

inline Value float_binary(BinaryOp op, double a, double b) {
  double quotient, remainder;
  switch (op) {
    case BinaryOp::Add:
      return a + b;
    case BinaryOp::Sub:
      return a - b;
    case BinaryOp::Mul:
      return a * b;
    case BinaryOp::Div:
      if (b == 0) raise(ErrorKind::ZeroDivisionError, "float division by zero");
      return a / b;
    case BinaryOp::FloorDiv:
    case BinaryOp::Mod:
      if (b == 0)
        raise(ErrorKind::ZeroDivisionError, op == BinaryOp::Mod ? "float modulo" : "float floor division by zero");
      float_divmod(a, b, quotient, remainder);
      return op == BinaryOp::Mod ? remainder : quotient;
    case BinaryOp::Pow: {
      if (a == 0 && b < 0) raise(ErrorKind::ZeroDivisionError, "0.0 cannot be raised to a negative power");
      if (a < 0 && std::isfinite(a) && std::isfinite(b) && b != std::floor(b)) return complex_pow(a, b);
      const double result = std::pow(a, b);
      if (std::isinf(result) && std::isfinite(a) && std::isfinite(b))
        raise(ErrorKind::OverflowError, "(34, 'Numerical result out of range')");
      return result;
    }
    default:
      throw Error(ErrorKind::TypeError, "unsupported operand type(s) for " + std::string(spelling(op)) + ": 'float'");
  }
}

inline Value complex_binary(BinaryOp op, Complex a, Complex b) {
  switch (op) {
    case BinaryOp::Add:
      return a + b;
    case BinaryOp::Sub:
      return a - b;
    case BinaryOp::Mul:
      return complex_mul(a, b);
    case BinaryOp::Div:
      if (b == Complex(0)) raise(ErrorKind::ZeroDivisionError, "complex division by zero");
      return complex_div(a, b);
    case BinaryOp::Pow:
      return complex_pow(a, b);
    default:
      throw Error(ErrorKind::TypeError, "unsupported operand type(s) for " + std::string(spelling(op)) + ": 'complex'");
  }
}

// --- numbers with a dtype: both operands have it already. Division by zero gives 0, inf or nan, as NumPy's scalars.

template <typename T>
Value typed_binary(BinaryOp op, T a, T b) {
  using std::pow;
  const auto no_such = [&]() -> Value {
    throw Error(ErrorKind::TypeError, std::string("numpy.") + name(dtype_of<T>::value) +
                                          " does not support the operator " + std::string(spelling(op)));
  };
  if constexpr (kIsComplex<T>) {
    switch (op) {
      case BinaryOp::Add:
        return Value::typed<T>(a + b);
      case BinaryOp::Sub:
        return Value::typed<T>(a - b);
      case BinaryOp::Mul:
        return Value::typed<T>(complex_mul(a, b));
      case BinaryOp::Div:
        return Value::typed<T>(complex_div(a, b));
      case BinaryOp::Pow:
        return Value::typed<T>(convert<T>(complex_pow(convert<Complex>(a), convert<Complex>(b))));
      default:
        return no_such();
    }
  } else if constexpr (std::is_floating_point_v<T>) {
    T quotient = a / b, remainder = std::numeric_limits<T>::quiet_NaN();
    switch (op) {
      case BinaryOp::Add:
        return Value::typed<T>(a + b);
      case BinaryOp::Sub:
        return Value::typed<T>(a - b);
      case BinaryOp::Mul:
        return Value::typed<T>(a * b);
      case BinaryOp::Div:
        return Value::typed<T>(a / b);
      case BinaryOp::FloorDiv:
      case BinaryOp::Mod:
        if (b != 0) float_divmod(a, b, quotient, remainder);
        return Value::typed<T>(op == BinaryOp::Mod ? remainder : quotient);
      case BinaryOp::Pow:
        return Value::typed<T>(pow(a, b));
      default:
        return no_such();
    }
  } else if constexpr (std::is_same_v<T, bool>) {
    switch (op) {
      case BinaryOp::Add:
      case BinaryOp::BitOr:
        return Value::typed<bool>(a || b);
      case BinaryOp::Mul:
      case BinaryOp::BitAnd:
        return Value::typed<bool>(a && b);
      case BinaryOp::BitXor:
        return Value::typed<bool>(a != b);
      case BinaryOp::Div:
        return Value::typed<double>(double(a) / double(b));
      case BinaryOp::Sub:
        return no_such();
      default:
        return typed_binary<int8_t>(op, a, b);
    }
  } else {
    using U = std::make_unsigned_t<T>;
    constexpr T kBits = static_cast<T>(8 * sizeof(T));
    const U ua = static_cast<U>(a), ub = static_cast<U>(b);
    switch (op) {
      case BinaryOp::Add:
        return Value::typed<T>(static_cast<T>(ua + ub));
      case BinaryOp::Sub:
        return Value::typed<T>(static_cast<T>(ua - ub));
      case BinaryOp::Mul:
        return Value::typed<T>(static_cast<T>(uint64_t(ua) * ub));
      case BinaryOp::Div:
        return Value::typed<double>(static_cast<double>(a) / static_cast<double>(b));
      case BinaryOp::FloorDiv:
        return Value::typed<T>(b == 0 ? T(0) : floor_div<T>(a, b));
      case BinaryOp::Mod:
        return Value::typed<T>(b == 0 ? T(0) : floor_mod<T>(a, b));
      case BinaryOp::Pow:
        if constexpr (std::is_signed_v<T>)
          if (b < 0) raise(ErrorKind::ValueError, "Integers to negative integer powers are not allowed.");
        return Value::typed<T>(wrapping_pow<T>(a, b));
      case BinaryOp::LShift:
        return Value::typed<T>(ub >= U(kBits) ? T(0) : static_cast<T>(uint64_t(ua) << ub));
      case BinaryOp::RShift:
        return Value::typed<T>(ub >= U(kBits) ? (a < T(0) ? T(-1) : T(0)) : static_cast<T>(a >> b));
      case BinaryOp::BitAnd:
        return Value::typed<T>(a & b);
      case BinaryOp::BitOr:
        return Value::typed<T>(a | b);
      case BinaryOp::BitXor:
        return Value::typed<T>(a ^ b);
      case BinaryOp::MatMul:
        return no_such();
    }
    return no_such();
  }
}

// --- order. Exact for integers of both signs and for integers with floats where a double holds them.
template <typename T>
bool ordered(ast::CompareOp op, T a, T b) {
  switch (op) {
    case ast::CompareOp::Eq:
      return a == b;
    case ast::CompareOp::Ne:
      return a != b;
    default:
      break;
  }
  if constexpr (!kIsComplex<T>) {
    switch (op) {
      case ast::CompareOp::Lt:
        return a < b;
      case ast::CompareOp::Le:
        return a <= b;
      case ast::CompareOp::Gt:
        return a > b;
      case ast::CompareOp::Ge:
        return a >= b;
      default:
        break;
    }
  }
  throw Error(ErrorKind::TypeError, "'" + std::string(spelling(op)) + "' not supported between complex numbers");
}

// NumPy's order, which complex numbers have too: by real, then by imaginary part.
template <typename T>
bool ordered_as_numpy(ast::CompareOp op, T a, T b) {
  if constexpr (kIsComplex<T>) {
    if (op == ast::CompareOp::Eq || op == ast::CompareOp::Ne) return ordered(op, a, b);
    if (a.real() == b.real()) return ordered(op, a.imag(), b.imag());
    return ordered(op, a.real(), b.real()) && !std::isnan(a.imag()) && !std::isnan(b.imag());
  } else {
    return ordered(op, a, b);
  }
}

}  // namespace kjit::eval
