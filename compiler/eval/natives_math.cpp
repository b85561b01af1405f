// math and cmath, and NumPy's functions of one number. Arrays go to compiled code.
#include <fmt/format.h>
#include <kjit_rt/math.h>

#include <cmath>

#include "eval/array_ops.h"
#include "eval/natives.h"
#include "eval/operators.h"

namespace kjit::eval {

namespace {

double number(const Args& args, size_t i) {
  const Value& v = args.values[i];
  if (!is_number(v) || v.is<Complex>())
    throw Error(ErrorKind::TypeError, fmt::format("must be real number, not {}", type_name(v)));
  return v.as_double();
}

// A result as math gives it: nan from a number is a domain error, inf from a finite one a range error.
Value checked(double result, bool from_nan, bool from_inf, bool may_overflow) {
  if (std::isnan(result) && !from_nan) raise(ErrorKind::ValueError, "math domain error");
  if (std::isinf(result) && !from_inf && !from_nan) {
    if (may_overflow) raise(ErrorKind::OverflowError, "math range error");
    raise(ErrorKind::ValueError, "math domain error");
  }
  return result;
}

template <typename F>
Value real1(const char* name, Args& args, bool may_overflow, F f) {
  args.expect(name, 1, 1);
  const double x = number(args, 0);
  return checked(f(x), std::isnan(x), std::isinf(x), may_overflow);
}

template <typename F>
Value real2(const char* name, Args& args, bool may_overflow, F f) {
  args.expect(name, 2, 2);
  const double x = number(args, 0), y = number(args, 1);
  return checked(f(x, y), std::isnan(x) || std::isnan(y), std::isinf(x) || std::isinf(y), may_overflow);
}

// A function of NumPy: float32 stays, other real numbers go through float64; complex numbers and arrays are compiled.
template <typename F>
Value numpy1(Interpreter& interpreter, const char* name, Args& args, F f) {
  if (args.values.size() != 1 || !args.keywords.empty())  // out=
    return interpreter.call_compiled(fmt::format("numpy.{}", name), args);
  const Value& v = args.values[0];
  const auto* typed = v.get_if<TypedScalar>();
  const bool complex = v.is<Complex>() || (typed && typed->dtype >= DType::Complex64);
  if (!is_number(v) || complex) {
    const Value operand = is_number(v) || v.is<Array>() ? v : Value(array_from(v, nullptr));
    return interpreter.compiled("F(a0)", {operand}, fmt::format("numpy.{}", name));
  }
  if (typed && typed->dtype == DType::Float32)
    return Value::typed(static_cast<float>(f(load_as<float>(typed->dtype, typed->bits))));
  return Value::typed(static_cast<double>(f(v.as_double())));
}

template <typename F>
Value numpy_test(Interpreter& interpreter, const char* name, Args& args, F f) {
  if (args.values.size() != 1 || !args.keywords.empty() || !is_number(args.values[0]))
    return interpreter.call_compiled(fmt::format("numpy.{}", name), args);
  const Value& v = args.values[0];
  const Complex z = v.as_complex();
  return Value::typed<bool>(f(z.real(), z.imag()));
}

Value complex1(const char* name, Args& args, void (*f)(double, double, double*)) {
  args.expect(name, 1, 1);
  const Complex z = args.values[0].as_complex();
  double out[2];
  f(z.real(), z.imag(), out);
  return Complex(out[0], out[1]);
}

int64_t integer(const Value& v) {
  if (v.is<double>()) raise(ErrorKind::TypeError, "'float' object cannot be interpreted as an integer");
  return v.as_int();
}

Value to_whole(double x) { return to_int_number(x); }

Value floor(Interpreter&, Args& args) {
  args.expect("floor", 1, 1);
  return args.values[0].is<int64_t>() ? args.values[0] : to_whole(std::floor(number(args, 0)));
}
Value ceil(Interpreter&, Args& args) {
  args.expect("ceil", 1, 1);
  return args.values[0].is<int64_t>() ? args.values[0] : to_whole(std::ceil(number(args, 0)));
}
Value trunc(Interpreter&, Args& args) {
  args.expect("trunc", 1, 1);
  return args.values[0].is<int64_t>() ? args.values[0] : to_whole(std::trunc(number(args, 0)));
}
Value log(Interpreter&, Args& args) {
  args.expect("log", 1, 2);
  const auto one = [&](size_t i) {
    const double x = number(args, i);
    if (x <= 0) raise(ErrorKind::ValueError, "math domain error");
    return std::log(x);
  };
  if (args.size() == 1) return one(0);
  const double base = one(1);
  if (base == 0) raise(ErrorKind::ZeroDivisionError, "float division by zero");
  return one(0) / base;
}
Value hypot(Interpreter&, Args& args) {
  args.expect("hypot", 0, SIZE_MAX);
  if (args.size() == 2) return std::hypot(number(args, 0), number(args, 1));
  double sum = 0;
  for (size_t i = 0; i < args.size(); ++i) sum = std::hypot(sum, number(args, i));
  return sum;
}
Value gcd(Interpreter&, Args& args) {
  args.expect("gcd", 0, SIZE_MAX);
  int64_t out = 0;
  for (const Value& v : args.values) out = kjit_i64_gcd(out, integer(v));
  return out;
}
Value lcm(Interpreter&, Args& args) {
  args.expect("lcm", 0, SIZE_MAX);
  int64_t out = 1;
  for (const Value& v : args.values) {
    const int64_t n = integer(v);
    out = n == 0 || out == 0 ? 0 : std::abs(int_mul(out / kjit_i64_gcd(out, n), n));
  }
  return out;
}
Value factorial(Interpreter&, Args& args) {
  args.expect("factorial", 1, 1);
  const int64_t n = integer(args.values[0]);
  if (n < 0) raise(ErrorKind::ValueError, "factorial() not defined for negative values");
  int64_t out = 1;
  for (int64_t i = 2; i <= n; ++i) out = int_mul(out, i);
  return out;
}
Value comb(Interpreter&, Args& args) {
  args.expect("comb", 2, 2);
  const int64_t n = integer(args.values[0]);
  int64_t k = integer(args.values[1]);
  if (n < 0 || k < 0) raise(ErrorKind::ValueError, "n and k must be non-negative integers");
  if (k > n) return 0;
  k = std::min(k, n - k);
  __int128 out = 1;
  for (int64_t i = 1; i <= k; ++i) {
    out = out * (n - k + i) / i;
    if (out > INT64_MAX) int_overflow();
  }
  return static_cast<int64_t>(out);
}
Value isqrt(Interpreter&, Args& args) {
  args.expect("isqrt", 1, 1);
  const int64_t n = integer(args.values[0]);
  if (n < 0) raise(ErrorKind::ValueError, "isqrt() argument must be nonnegative");
  auto root = static_cast<int64_t>(std::sqrt(static_cast<long double>(n)));
  return root;
}
Value frexp(Interpreter&, Args& args) {
  args.expect("frexp", 1, 1);
  const double x = number(args, 0);
  return Value(Value::Tuple{kjit_f64_frexp_mantissa(x), static_cast<int64_t>(kjit_f64_frexp_exponent(x))});
}
Value modf(Interpreter&, Args& args) {
  args.expect("modf", 1, 1);
  double whole;
  const double part = std::modf(number(args, 0), &whole);
  return Value(Value::Tuple{part, whole});
}
Value isclose(Interpreter&, Args& args) {
  const Value* rel = args.get(SIZE_MAX, "rel_tol");
  const double relative = rel ? rel->as_double() : 1e-9;
  const Value* abs_tol = args.get(SIZE_MAX, "abs_tol");
  const double absolute = abs_tol ? abs_tol->as_double() : 0;
  args.expect("isclose", 2, 2);
  const double a = number(args, 0), b = number(args, 1);
  if (a == b) return true;
  if (std::isinf(a) || std::isinf(b)) return false;
  return std::fabs(a - b) <= std::max(relative * std::max(std::fabs(a), std::fabs(b)), absolute);
}
Value prod(Interpreter& interpreter, Args& args) {
  args.expect("prod", 1, 1);
  Value out = 1;
  for (const Value& v : to_vector(args.values[0])) out = binary(interpreter, BinaryOp::Mul, out, v);
  return out;
}
// Shewchuk's exact partial sums.
Value fsum(Interpreter&, Args& args) {
  args.expect("fsum", 1, 1);
  std::vector<double> partials;
  for (const Value& v : to_vector(args.values[0])) {
    double x = v.as_double();
    size_t kept = 0;
    for (double y : partials) {
      if (std::fabs(x) < std::fabs(y)) std::swap(x, y);
      const double high = x + y, low = y - (high - x);
      if (low != 0) partials[kept++] = low;
      x = high;
    }
    partials.resize(kept);
    partials.push_back(x);
  }
  long double total = 0;
  for (const double p : partials) total += p;
  return static_cast<double>(total);
}
Value phase(Interpreter&, Args& args) {
  args.expect("phase", 1, 1);
  const Complex z = args.values[0].as_complex();
  return std::atan2(z.imag(), z.real());
}

#define REAL(name, may_overflow, expression) \
  {"math." #name,                            \
   [](Interpreter&, Args& args) { return real1(#name, args, may_overflow, [](double x) { return expression; }); }}
#define REAL2(name, may_overflow, expression)                                                \
  {"math." #name, [](Interpreter&, Args& args) {                                             \
     return real2(#name, args, may_overflow, [](double x, double y) { return expression; }); \
   }}
#define TEST(name, expression)                                                                          \
  {"math." #name,                                                                                       \
   [](Interpreter&, Args& args) -> Value {                                                              \
     args.expect(#name, 1, 1);                                                                          \
     const double x = number(args, 0);                                                                  \
     return expression;                                                                                 \
   }},                                                                                                  \
  {                                                                                                     \
    "numpy." #name, [](Interpreter& i, Args& args) {                                                    \
      return numpy_test(i, #name, args, [](double re, double im) { return kjit_test_##name(re, im); }); \
    }                                                                                                   \
  }
#define NUMPY(name, expression) \
  {"numpy." #name, [](Interpreter& i, Args& args) { return numpy1(i, #name, args, [](auto x) { return expression; }); }}
#define COMPLEX(name) {"cmath." #name, [](Interpreter&, Args& args) { return complex1(#name, args, kjit_c128_##name); }}

bool kjit_test_isnan(double re, double im) { return std::isnan(re) || std::isnan(im); }
bool kjit_test_isinf(double re, double im) { return std::isinf(re) || std::isinf(im); }
bool kjit_test_isfinite(double re, double im) { return std::isfinite(re) && std::isfinite(im); }

double cube_root(double x) { return kjit_f64_cbrt(x); }
float cube_root(float x) { return kjit_f32_cbrt(x); }

constexpr double kPi = 3.14159265358979323846;

// clang-format off
constexpr NativeRow kRows[] = {
    REAL(sqrt, false, std::sqrt(x)), REAL(cbrt, false, kjit_f64_cbrt(x)), REAL(exp, true, std::exp(x)),
    REAL(exp2, true, std::exp2(x)), REAL(expm1, true, std::expm1(x)), REAL(log2, false, std::log2(x)),
    REAL(log10, false, std::log10(x)), REAL(log1p, false, std::log1p(x)), REAL(sin, false, std::sin(x)),
    REAL(cos, false, std::cos(x)), REAL(tan, false, std::tan(x)), REAL(asin, false, std::asin(x)),
    REAL(acos, false, std::acos(x)), REAL(atan, false, std::atan(x)), REAL(sinh, true, std::sinh(x)),
    REAL(cosh, true, std::cosh(x)), REAL(tanh, false, std::tanh(x)), REAL(asinh, false, std::asinh(x)),
    REAL(acosh, false, std::acosh(x)), REAL(atanh, false, std::atanh(x)), REAL(fabs, false, std::fabs(x)),
    REAL(erf, false, std::erf(x)), REAL(erfc, false, std::erfc(x)), REAL(gamma, true, std::tgamma(x)),
    REAL(lgamma, true, std::lgamma(x)), REAL(degrees, true, x * (180.0 / kPi)), REAL(radians, true, x * (kPi / 180.0)),
    REAL2(atan2, false, std::atan2(x, y)), REAL2(fmod, false, std::fmod(x, y)), REAL2(pow, true, std::pow(x, y)),
    REAL2(copysign, false, std::copysign(x, y)), REAL2(nextafter, false, std::nextafter(x, y)),
    REAL2(ldexp, true, kjit_f64_ldexp(x, static_cast<int64_t>(y))), REAL2(remainder, false, std::remainder(x, y)),
    TEST(isnan, std::isnan(x)), TEST(isinf, std::isinf(x)), TEST(isfinite, std::isfinite(x)),
    {"math.floor", floor}, {"math.ceil", ceil}, {"math.trunc", trunc}, {"math.log", log}, {"math.hypot", hypot},
    {"math.gcd", gcd}, {"math.lcm", lcm}, {"math.factorial", factorial}, {"math.comb", comb}, {"math.isqrt", isqrt},
    {"math.frexp", frexp}, {"math.modf", modf}, {"math.isclose", isclose}, {"math.prod", prod}, {"math.fsum", fsum},
    NUMPY(sqrt, std::sqrt(x)), NUMPY(cbrt, cube_root(x)), NUMPY(exp, std::exp(x)), NUMPY(exp2, std::exp2(x)),
    NUMPY(expm1, std::expm1(x)), NUMPY(log, std::log(x)), NUMPY(log2, std::log2(x)), NUMPY(log10, std::log10(x)),
    NUMPY(log1p, std::log1p(x)), NUMPY(sin, std::sin(x)), NUMPY(cos, std::cos(x)), NUMPY(tan, std::tan(x)),
    NUMPY(arcsin, std::asin(x)), NUMPY(arccos, std::acos(x)), NUMPY(arctan, std::atan(x)), NUMPY(sinh, std::sinh(x)),
    NUMPY(cosh, std::cosh(x)), NUMPY(tanh, std::tanh(x)), NUMPY(arcsinh, std::asinh(x)), NUMPY(arccosh, std::acosh(x)),
    NUMPY(arctanh, std::atanh(x)),
    COMPLEX(sqrt), COMPLEX(exp), COMPLEX(log10), COMPLEX(sin), COMPLEX(cos), COMPLEX(tan), COMPLEX(asin), COMPLEX(acos),
    COMPLEX(atan), COMPLEX(sinh), COMPLEX(cosh), COMPLEX(tanh), COMPLEX(asinh), COMPLEX(acosh), COMPLEX(atanh), COMPLEX(log),
    {"cmath.phase", phase},
};
// clang-format on

}  // namespace

std::span<const NativeRow> math_natives() { return kRows; }

}  // namespace kjit::eval
