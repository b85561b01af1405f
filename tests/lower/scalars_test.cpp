// Scalar operations against plain C++ with Python's and NumPy's rules, over all types and awkward values.
#include <cmath>
#include <complex>
#include <cstring>
#include <limits>

#include "support/kir_kernels.h"

namespace kjit::test {
namespace {

class Scalars : public KernelTest {
 protected:
  // k(a, b) = op(a, b) for scalars of type `s`.
  void binary(const std::string& name, Op op, Scalar s, bool is_compare = false) {
    Kernel k(types, module, name);
    k.f->result = is_compare ? types.boolean() : types.scalar(s);
    ExprRef a = k.param("a", types.scalar(s)), b = k.param("b", types.scalar(s));
    k.ret(k.node(op, k.f->result, {a, b}));
  }
  void unary(const std::string& name, Op op, Scalar from, Scalar to) {
    Kernel k(types, module, name);
    k.f->result = types.scalar(to);
    k.ret(k.node(op, k.f->result, {k.param("a", types.scalar(from))}));
  }
};
KJIT_KERNEL_TESTS(Scalars);

template <typename T>
struct ScalarOf;
#define SCALAR(type, s)                        \
  template <>                                  \
  struct ScalarOf<type> {                      \
    static constexpr Scalar value = Scalar::s; \
  };
SCALAR(int8_t, I8)
SCALAR(int16_t, I16)
SCALAR(int32_t, I32)
SCALAR(int64_t, I64)
SCALAR(uint8_t, U8)
SCALAR(uint16_t, U16)
SCALAR(uint32_t, U32)
SCALAR(uint64_t, U64)
SCALAR(float, F32)
SCALAR(double, F64)

template <typename T>
std::vector<T> awkward_integers() {
  using L = std::numeric_limits<T>;
  std::vector<T> out = {T(0),     T(1),           T(2), T(3), T(7), T(10), T(63), T(100), L::max(), T(L::max() - 1),
                        L::min(), T(L::min() + 1)};
  if (L::is_signed) out.insert(out.end(), {T(-1), T(-2), T(-3), T(-7), T(-64), T(-100)});
  return out;
}

// Exact in 128 bits, then wrapped.
template <typename T>
T floor_div(T a, T b) {
  __int128 x = +a, y = +b, q = x / y;
  if (x % y != 0 && ((x < 0) != (y < 0))) --q;
  return static_cast<T>(q);
}
template <typename T>
T python_mod(T a, T b) {
  __int128 x = +a, y = +b, r = x % y;
  if (r != 0 && ((r < 0) != (y < 0))) r += y;
  return static_cast<T>(r);
}
template <typename T>
T shl(T a, T n) {
  using U = std::make_unsigned_t<T>;
  return static_cast<U>(n) < sizeof(T) * 8 ? static_cast<T>(static_cast<uint64_t>(static_cast<U>(a)) << n) : T(0);
}
template <typename T>
T shr(T a, T n) {
  using U = std::make_unsigned_t<T>;
  if (static_cast<U>(n) < sizeof(T) * 8) return static_cast<T>(a >> n);
  return a < 0 ? T(-1) : T(0);
}
template <typename T>
T power(T a, T n) {
  using U = std::make_unsigned_t<T>;
  uint64_t result = 1, square = static_cast<uint64_t>(+a);
  for (uint64_t e = static_cast<U>(n); e; e >>= 1, square *= square) {
    if (e & 1) result *= square;
  }
  return static_cast<T>(result);
}

class Integers : public Scalars {
 protected:
  template <typename T>
  void check_type() {
    const std::string p = std::string(sema::name_of(ScalarOf<T>::value)) + "_";
    const Scalar s = ScalarOf<T>::value;
    struct Row {
      const char* name;
      Op op;
      T (*expected)(T, T);
      bool divides, nonnegative;
    };
    const Row rows[] = {
        {"floordiv", Op::FloorDiv, floor_div<T>, true, false},
        {"mod", Op::Mod, python_mod<T>, true, false},
        {"truncrem", Op::TruncRem, [](T a, T b) { return static_cast<T>(__int128(a) % __int128(b)); }, true, false},
        {"add", Op::Add, [](T a, T b) { return static_cast<T>(uint64_t(a) + uint64_t(b)); }, false, false},
        {"sub", Op::Sub, [](T a, T b) { return static_cast<T>(uint64_t(a) - uint64_t(b)); }, false, false},
        {"mul", Op::Mul, [](T a, T b) { return static_cast<T>(uint64_t(a) * uint64_t(b)); }, false, false},
        {"shl", Op::Shl, shl<T>, false, false},
        {"shr", Op::Shr, shr<T>, false, false},
        {"pow", Op::Pow, power<T>, false, true},
        {"min", Op::Min, [](T a, T b) { return b < a ? b : a; }, false, false},
        {"max", Op::Maximum, [](T a, T b) { return b > a ? b : a; }, false, false},
        {"xor", Op::BitXor, [](T a, T b) { return static_cast<T>(a ^ b); }, false, false},
    };
    for (const Row& row : rows) binary(p + row.name, row.op, s);
    binary(p + "lt", Op::Lt, s, true);
    for (const Row& row : rows) {
      auto kernel = compile<T, T>((p + row.name).c_str());
      for (T a : awkward_integers<T>()) {
        for (T b : awkward_integers<T>()) {
          if ((row.divides && b == 0) || (row.nonnegative && b < 0)) continue;
          T result{};
          ASSERT_EQ(kernel(ctx.get(), &result, a, b), KJIT_OK);
          EXPECT_EQ(result, row.expected(a, b)) << p << row.name << ' ' << +a << ' ' << +b;
        }
      }
    }
    auto less = compile<T, T>((p + "lt").c_str());
    for (T a : awkward_integers<T>()) {
      for (T b : awkward_integers<T>()) {
        uint8_t result = 9;
        ASSERT_EQ(less(ctx.get(), &result, a, b), KJIT_OK);
        EXPECT_EQ(result, a < b) << p << "lt " << +a << ' ' << +b;
      }
    }
  }
};
KJIT_KERNEL_TESTS(Integers);

TEST_P(Integers, Int8) { check_type<int8_t>(); }
TEST_P(Integers, Int16) { check_type<int16_t>(); }
TEST_P(Integers, Int32) { check_type<int32_t>(); }
TEST_P(Integers, Int64) { check_type<int64_t>(); }
TEST_P(Integers, Uint8) { check_type<uint8_t>(); }
TEST_P(Integers, Uint16) { check_type<uint16_t>(); }
TEST_P(Integers, Uint32) { check_type<uint32_t>(); }
TEST_P(Integers, Uint64) { check_type<uint64_t>(); }

TEST_P(Scalars, DivisionByConstants) {
  for (int64_t c : {1, 2, 8, 10, -1, -2, -8, -10}) {
    for (Op op : {Op::FloorDiv, Op::Mod}) {
      Kernel k(types, module, (op == Op::Mod ? "mod" : "div") + std::to_string(c + 100));
      k.f->result = types.int64();
      k.ret(k.op(op, k.param("a", types.int64()), k.integer(c)));
    }
  }
  for (int64_t c : {1, 2, 8, 10, -1, -2, -8, -10}) {
    for (int64_t a : awkward_integers<int64_t>()) {
      EXPECT_EQ((run<int64_t, int64_t>(("div" + std::to_string(c + 100)).c_str(), a)), floor_div<int64_t>(a, c))
          << a << c;
      EXPECT_EQ((run<int64_t, int64_t>(("mod" + std::to_string(c + 100)).c_str(), a)), python_mod<int64_t>(a, c))
          << a << c;
    }
  }
}

// The same bits, or both NaN.
template <typename T>
bool same(T a, T b) {
  return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

template <typename T>
std::vector<T> awkward_floats() {
  using L = std::numeric_limits<T>;
  std::vector<T> out;
  for (T v : {T(0), T(0.1), T(0.5), T(1), T(1.5), T(2), T(3), T(7.3), T(1e10), L::max(), L::min(), L::denorm_min(),
              L::infinity()}) {
    out.push_back(v);
    out.push_back(-v);
  }
  out.push_back(L::quiet_NaN());
  return out;
}

template <typename T>
T float_mod(T a, T b) {
  T m = std::fmod(a, b);
  if (b == 0) return m;
  if (m != 0) return (b < 0) != (m < 0) ? m + b : m;
  return std::copysign(T(0), b);
}
template <typename T>
T float_floor_div(T a, T b) {
  if (b == 0) return a / b;
  T m = std::fmod(a, b), d = (a - m) / b;
  if (m != 0 && (b < 0) != (m < 0)) d -= 1;
  if (d == 0) return std::copysign(T(0), a / b);
  T f = std::floor(d);
  return d - f > T(0.5) ? f + 1 : f;
}

class Floats : public Scalars {
 protected:
  template <typename T>
  void check_type() {
    const Scalar s = ScalarOf<T>::value;
    struct Row {
      const char* name;
      Op op;
      T (*expected)(T, T);
    };
    const Row rows[] = {
        {"div", Op::Div, [](T a, T b) { return a / b; }},
        {"mod", Op::Mod, float_mod<T>},
        {"floordiv", Op::FloorDiv, float_floor_div<T>},
        {"min", Op::Min, [](T a, T b) { return b < a ? b : a; }},
        {"max", Op::Max, [](T a, T b) { return b > a ? b : a; }},
        {"minimum", Op::Minimum, [](T a, T b) { return a < b || std::isnan(a) ? a : b; }},
        {"maximum", Op::Maximum, [](T a, T b) { return a > b || std::isnan(a) ? a : b; }},
        {"fmin", Op::FMin, [](T a, T b) { return a <= b || std::isnan(b) ? a : b; }},
        {"fmax", Op::FMax, [](T a, T b) { return a >= b || std::isnan(b) ? a : b; }},
        {"pow", Op::Pow, [](T a, T b) { return std::pow(a, b); }},
    };
    for (const Row& row : rows) binary(row.name, row.op, s);
    for (const Row& row : rows) {
      auto kernel = compile<T, T>(row.name);
      for (T a : awkward_floats<T>()) {
        for (T b : awkward_floats<T>()) {
          T result{};
          ASSERT_EQ(kernel(ctx.get(), &result, a, b), KJIT_OK);
          EXPECT_TRUE(same(result, row.expected(a, b)))
              << row.name << ' ' << a << ' ' << b << ": " << result << " not " << row.expected(a, b);
        }
      }
    }
  }
};
KJIT_KERNEL_TESTS(Floats);
TEST_P(Floats, Float32) { check_type<float>(); }
TEST_P(Floats, Float64) { check_type<double>(); }

TEST_P(Floats, ClassificationAndSign) {
  unary("isnan", Op::IsNan, Scalar::F64, Scalar::Bool);
  unary("isinf", Op::IsInf, Scalar::F64, Scalar::Bool);
  unary("isfinite", Op::IsFinite, Scalar::F64, Scalar::Bool);
  unary("signbit", Op::SignBit, Scalar::F64, Scalar::Bool);
  for (double v : awkward_floats<double>()) {
    EXPECT_EQ((run<uint8_t, double>("isnan", v)), std::isnan(v)) << v;
    EXPECT_EQ((run<uint8_t, double>("isinf", v)), std::isinf(v)) << v;
    EXPECT_EQ((run<uint8_t, double>("isfinite", v)), std::isfinite(v)) << v;
    EXPECT_EQ((run<uint8_t, double>("signbit", v)), std::signbit(v)) << v;
  }
}

TEST_P(Floats, IsNanUnderFastmath) {
  Kernel k(types, module, "isnan");
  k.f->fastmath = {true, true, true, true, true, true, true};
  k.f->result = types.boolean();
  k.ret(k.test(Op::IsNan, k.param("a", types.float64())));
  EXPECT_EQ((run<uint8_t, double>("isnan", std::nan(""))), 1);
  EXPECT_EQ((run<uint8_t, double>("isnan", 1.0)), 0);
}

TEST_P(Scalars, Casts) {
  auto cast = [&](const char* name, Scalar from, Scalar to) { unary(name, Op::Cast, from, to); };
  cast("f8_i8", Scalar::F64, Scalar::I64);
  cast("f8_i1", Scalar::F64, Scalar::I8);
  cast("f8_u4", Scalar::F64, Scalar::U32);
  cast("f8_f4", Scalar::F64, Scalar::F32);
  cast("i8_i1", Scalar::I64, Scalar::I8);
  cast("i1_u8", Scalar::I8, Scalar::U64);
  cast("u8_f8", Scalar::U64, Scalar::F64);
  cast("i8_f4", Scalar::I64, Scalar::F32);
  cast("f8_b", Scalar::F64, Scalar::Bool);
  cast("b_f8", Scalar::Bool, Scalar::F64);
  cast("f8_c16", Scalar::F64, Scalar::C128);
  EXPECT_EQ((run<int64_t, double>("f8_i8", -2.9)), -2);
  EXPECT_EQ((run<int64_t, double>("f8_i8", 1e300)), INT64_MIN);
  EXPECT_EQ((run<int64_t, double>("f8_i8", std::nan(""))), INT64_MIN);
  EXPECT_EQ((run<int8_t, double>("f8_i1", -1000)), 24);
  EXPECT_EQ((run<int8_t, double>("f8_i1", 3e9)), 0);
  EXPECT_EQ((run<uint32_t, double>("f8_u4", -5)), 4294967291u);
  EXPECT_EQ((run<float, double>("f8_f4", 0.1)), 0.1f);
  EXPECT_EQ((run<int8_t, int64_t>("i8_i1", 300)), 44);
  EXPECT_EQ((run<uint64_t, int8_t>("i1_u8", -1)), UINT64_MAX);
  EXPECT_EQ((run<double, uint64_t>("u8_f8", UINT64_MAX)), 18446744073709551616.0);
  EXPECT_EQ((run<float, int64_t>("i8_f4", 16777217)), 16777216.0f);
  EXPECT_EQ((run<uint8_t, double>("f8_b", std::nan(""))), 1);
  EXPECT_EQ((run<uint8_t, double>("f8_b", -0.0)), 0);
  EXPECT_EQ((run<double, uint8_t>("b_f8", 1)), 1.0);
  EXPECT_EQ((run<std::complex<double>, double>("f8_c16", 3.5)), std::complex<double>(3.5, 0));
}

TEST_P(Scalars, CountingBits) {
  unary("pop", Op::PopCount, Scalar::U32, Scalar::U32);
  unary("clz", Op::CountLeadingZeros, Scalar::I64, Scalar::I64);
  unary("ctz", Op::CountTrailingZeros, Scalar::U8, Scalar::U8);
  unary("invert", Op::Invert, Scalar::Bool, Scalar::Bool);
  EXPECT_EQ((run<uint32_t, uint32_t>("pop", 0xF0F0u)), 8u);
  EXPECT_EQ((run<int64_t, int64_t>("clz", 1)), 63);
  EXPECT_EQ((run<uint8_t, uint8_t>("ctz", 0)), 8);
  EXPECT_EQ((run<uint8_t, uint8_t>("invert", 1)), 0);
}

TEST_P(Scalars, MathFunctionsAreLibms) {
  for (const char* name : {"d", "f"}) {
    Kernel k(types, module, name);
    const TypeRef t = types.scalar(*name == 'd' ? Scalar::F64 : Scalar::F32);
    k.f->result = t;
    ExprRef x = k.param("x", t);
    ExprRef sum = k.math(kir::MathFn::sin, {x});
    for (kir::MathFn fn :
         {kir::MathFn::cos, kir::MathFn::exp, kir::MathFn::erf, kir::MathFn::expm1, kir::MathFn::gamma}) {
      sum = k.op(Op::Add, sum, k.math(fn, {x}));
    }
    k.ret(k.op(Op::Add, sum, k.math(kir::MathFn::hypot, {x, x})));
  }
  const double d = 1.3;
  const float f = 1.3f;
  EXPECT_EQ((run<double, double>("d", d)),
            std::sin(d) + std::cos(d) + std::exp(d) + std::erf(d) + std::expm1(d) + std::tgamma(d) + std::hypot(d, d));
  EXPECT_EQ((run<float, float>("f", f)), sinf(f) + cosf(f) + expf(f) + erff(f) + expm1f(f) + tgammaf(f) + hypotf(f, f));
}

TEST_P(Scalars, FunctionsOfTheRuntime) {
  Kernel k(types, module, "round2");
  k.f->result = types.float64();
  k.ret(k.math(kir::MathFn::round_digits, {k.param("x", types.float64()), k.integer(2)}));
  Kernel m(types, module, "frexp");
  m.f->result = types.scalar(Scalar::I32);
  m.ret(m.math(kir::MathFn::frexp_exponent, {m.param("x", types.float64())}, m.f->result));
  Kernel l(types, module, "ldexp");
  l.f->result = types.float64();
  ExprRef x = l.param("x", types.float64());
  l.ret(l.math(kir::MathFn::ldexp, {x, l.param("n", types.int64())}));
  EXPECT_EQ((run<double, double>("round2", 2.675)), 2.67);
  EXPECT_EQ((run<int32_t, double>("frexp", 8.0)), 4);
  EXPECT_EQ((run<double, double, int64_t>("ldexp", 0.75, 4)), 12.0);
  EXPECT_EQ((run<double, double, int64_t>("ldexp", 0.75, INT64_MAX)), std::numeric_limits<double>::infinity());
}

using Complex = std::complex<double>;

TEST_P(Scalars, ComplexArithmetic) {
  const TypeRef c = types.scalar(Scalar::C128);
  for (auto [name, op] : {std::pair{"add", Op::Add}, {"mul", Op::Mul}, {"div", Op::Div}, {"pow", Op::Pow}}) {
    Kernel k(types, module, name);
    k.f->result = c;
    ExprRef a = k.param("a", c);
    k.ret(k.op(op, a, k.param("b", c)));
  }
  Kernel k(types, module, "abs");
  k.f->result = types.float64();
  k.ret(k.node(Op::Abs, types.float64(), {k.param("a", c)}));
  Kernel e(types, module, "exp");
  e.f->result = c;
  e.ret(e.math(kir::MathFn::exp, {e.param("a", c)}));
  auto binary_op = [&](const char* name, Complex a, Complex b) {
    return run<Complex, double, double, double, double>(name, a.real(), a.imag(), b.real(), b.imag());
  };
  EXPECT_EQ(binary_op("add", {1, 2}, {3, -5}), Complex(4, -3));
  EXPECT_EQ(binary_op("mul", {1, 2}, {3, -5}), Complex(13, 1));
  EXPECT_EQ(binary_op("div", {13, 1}, {3, -5}), Complex(1, 2));
  EXPECT_EQ(binary_op("div", {4, 2}, {0, 2}), Complex(1, -2));
  EXPECT_TRUE(std::isinf(binary_op("div", {4, 0}, {0, 0}).real()));
  EXPECT_TRUE(std::isnan(binary_op("div", {4, 0}, {0, 0}).imag()));
  EXPECT_EQ(binary_op("div", {1e300, 1e300}, {1e300, 1e300}), Complex(1, 0));  // the plain formula overflows
  EXPECT_EQ(binary_op("pow", {2, 0}, {3, 0}), Complex(8, 0));
  EXPECT_EQ((run<double, double, double>("abs", 3.0, -4.0)), 5.0);
  EXPECT_EQ((run<Complex, double, double>("exp", 0.0, 0.0)), Complex(1, 0));
}

TEST_P(Scalars, SmallTypesPassAsTheAbiSays) {
  Kernel k(types, module, "f");
  k.f->result = types.tuple({types.boolean(), types.scalar(Scalar::I16), types.scalar(Scalar::C64), types.float64()});
  ExprRef b = k.param("b", types.boolean()), i = k.param("i", types.scalar(Scalar::I16)),
          c = k.param("c", types.scalar(Scalar::C64)), d = k.param("d", types.float64());
  k.ret(k.node(Op::MakeTuple, k.f->result, {k.test(Op::Not, b), k.op(Op::Neg, i), c, d}));
  struct Result {
    uint8_t b;
    int16_t i;
    float re, im;
    double d;
  };
  const auto r = run<Result, uint8_t, int16_t, float, float, double>("f", 0, 300, 1.5f, 2.5f, 9.0);
  EXPECT_EQ(r.b, 1);
  EXPECT_EQ(r.i, -300);
  EXPECT_EQ(r.re, 1.5f);
  EXPECT_EQ(r.im, 2.5f);
  EXPECT_EQ(r.d, 9.0);
}

}  // namespace
}  // namespace kjit::test
