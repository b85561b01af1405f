// Scalar functions against values from CPython and NumPy.
#include <gtest/gtest.h>
#include <kjit_rt/math.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

template <class Float>
struct UnaryCase {
  const char* name;
  void (*function)(Float re, Float im, Float* out);
  std::vector<std::array<Float, 4>> rows;  // argument, result
};

#include "tables/math_tables.inc"

// NaN, infinities and the signs of zeros exactly; other numbers up to a few units in the last place, because libm's
// version may differ from the one that made the table.
template <class Float>
::testing::AssertionResult agrees(Float got, Float want) {
  const Float tolerance = 4 * std::numeric_limits<Float>::epsilon() * std::fabs(want);
  const bool same = std::isnan(want)                       ? std::isnan(got)
                    : std::isinf(want) || want == Float{0} ? got == want && std::signbit(got) == std::signbit(want)
                                                           : std::fabs(got - want) <= tolerance;
  if (same) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "got " << got << ", want " << want;
}

template <class Float>
void check_unary(const UnaryCase<Float>& test) {
  for (const auto& row : test.rows) {
    Float out[2];
    test.function(row[0], row[1], out);
    EXPECT_TRUE(agrees(out[0], row[2])) << test.name << "(" << row[0] << ", " << row[1] << ") real";
    EXPECT_TRUE(agrees(out[1], row[3])) << test.name << "(" << row[0] << ", " << row[1] << ") imaginary";
  }
}

TEST(ComplexMath, UnaryFunctionsAgreeWithNumPy) {
  for (const auto& test : kUnaryC128) check_unary(test);
  for (const auto& test : kUnaryC64) check_unary(test);
}

TEST(ComplexMath, PowerAgreesWithNumPy) {
  for (const auto& row : kPowersC128) {
    double out[2];
    kjit_c128_pow(row[0], row[1], row[2], row[3], out);
    EXPECT_TRUE(agrees(out[0], row[4])) << row[0] << " " << row[1] << " ** " << row[2] << " " << row[3];
    EXPECT_TRUE(agrees(out[1], row[5])) << row[0] << " " << row[1] << " ** " << row[2] << " " << row[3];
  }
  for (const auto& row : kPowersC64) {
    float out[2];
    kjit_c64_pow(row[0], row[1], row[2], row[3], out);
    EXPECT_TRUE(agrees(out[0], row[4])) << row[0] << " " << row[1] << " ** " << row[2] << " " << row[3];
    EXPECT_TRUE(agrees(out[1], row[5])) << row[0] << " " << row[1] << " ** " << row[2] << " " << row[3];
  }
}

// Rounding is exact, so its results are compared exactly.
template <class Float>
bool identical(Float a, Float b) {
  return (a == b && std::signbit(a) == std::signbit(b)) || (std::isnan(a) && std::isnan(b));
}

TEST(Round, ToDigitsIsPythons) {
  for (const auto& row : kRounds) {
    double got = kjit_f64_round_digits(row[0], static_cast<int64_t>(row[1]));
    EXPECT_TRUE(identical(got, row[2])) << "round(" << row[0] << ", " << row[1] << ") gave " << got;
  }
  EXPECT_EQ(kjit_f64_round_digits(1.7976931348623157e308, -308), static_cast<double>(kInf));  // OverflowError in Python
  EXPECT_EQ(kjit_f64_round_digits(1.5, INT64_MAX), 1.5);
  EXPECT_EQ(kjit_f64_round_digits(1.5, INT64_MIN), 0.0);
  EXPECT_EQ(kjit_f32_round_digits(2.675f, 2), 2.67f);  // the float32 lies below 2.675
  EXPECT_EQ(kjit_f32_round_digits(0.15f, 1), 0.2f);    // the float32 lies above 0.15
}

TEST(Round, ToDigitsOfNumPyScales) {
  for (const auto& row : kNumPyRounds) {
    double got = kjit_f64_round_digits_np(row[0], static_cast<int64_t>(row[1]));
    EXPECT_TRUE(identical(got, row[2])) << "round(" << row[0] << ", " << row[1] << ") gave " << got;
  }
  for (const auto& row : kNumPyRounds32) {
    float got = kjit_f32_round_digits_np(static_cast<float>(row[0]), static_cast<int64_t>(row[1]));
    EXPECT_TRUE(identical(got, static_cast<float>(row[2]))) << "round(" << row[0] << ", " << row[1] << ") gave " << got;
  }
  EXPECT_TRUE(std::isnan(kjit_f64_round_digits_np(1.5, INT64_MIN)));
}

TEST(RealMath, LogaddexpAndSincAgreeWithNumPy) {
  for (const auto& row : kLogaddexp) {
    EXPECT_TRUE(agrees(kjit_f64_logaddexp(row[0], row[1]), row[2])) << row[0] << " " << row[1];
    EXPECT_TRUE(agrees(kjit_f64_logaddexp2(row[0], row[1]), row[3])) << row[0] << " " << row[1];
    const auto x = static_cast<float>(row[0]);
    const auto y = static_cast<float>(row[1]);
    EXPECT_TRUE(agrees(kjit_f32_logaddexp(x, y), static_cast<float>(row[2]))) << row[0] << " " << row[1];
    EXPECT_TRUE(agrees(kjit_f32_logaddexp2(x, y), static_cast<float>(row[3]))) << row[0] << " " << row[1];
  }
  for (const auto& row : kSinc) EXPECT_TRUE(agrees(kjit_f64_sinc(row[0]), row[1])) << row[0];
  EXPECT_EQ(kjit_f32_sinc(0.0f), 1.0f);
  EXPECT_TRUE(agrees(kjit_f32_sinc(0.5f), 0.63661975f));
}

TEST(RealMath, CubeRootsOfCubesAreExact) {
  for (int k = -3000; k <= 3000; ++k) EXPECT_EQ(kjit_f64_cbrt(static_cast<double>(k) * k * k), k);
  for (int e = -358; e <= 341; ++e) EXPECT_EQ(kjit_f64_cbrt(std::ldexp(1.0, 3 * e)), std::ldexp(1.0, e));
  EXPECT_EQ(kjit_f64_cbrt(0.125), 0.5);
  EXPECT_EQ(kjit_f64_cbrt(2.0), 1.2599210498948732);  // NumPy's; the C library's may be one unit off
  EXPECT_EQ(kjit_f64_cbrt(std::numeric_limits<double>::max()), 5.643803094122362e+102);
  EXPECT_EQ(kjit_f64_cbrt(-std::numeric_limits<double>::denorm_min()), -std::ldexp(1.0, -358));
  EXPECT_EQ(kjit_f32_cbrt(std::numeric_limits<float>::max()), std::cbrt(std::numeric_limits<float>::max()));
  EXPECT_EQ(kjit_f32_cbrt(0.125f), 0.5f);
  EXPECT_TRUE(identical(kjit_f64_cbrt(-0.0), -0.0));
  for (double x : {static_cast<double>(kInf), static_cast<double>(-kInf), static_cast<double>(kNan)})
    EXPECT_TRUE(identical(kjit_f64_cbrt(x), x));
}

TEST(RealMath, FrexpSplitsIntoMantissaAndExponent) {
  EXPECT_EQ(kjit_f64_frexp_mantissa(-10.0), -0.625);
  EXPECT_EQ(kjit_f64_frexp_exponent(-10.0), 4);
  EXPECT_EQ(kjit_f64_frexp_mantissa(5e-324), 0.5);
  EXPECT_EQ(kjit_f64_frexp_exponent(5e-324), -1073);
  EXPECT_EQ(kjit_f32_frexp_mantissa(3.0f), 0.75f);
  EXPECT_EQ(kjit_f32_frexp_exponent(3.0f), 2);
  for (double x : {0.0, static_cast<double>(kInf), static_cast<double>(kNan)}) {
    EXPECT_TRUE(identical(kjit_f64_frexp_mantissa(x), x));
    EXPECT_EQ(kjit_f64_frexp_exponent(x), 0);
  }
}

TEST(RealMath, LdexpTakesAnyExponent) {
  EXPECT_EQ(kjit_f64_ldexp(1.5, 4), 24.0);
  EXPECT_EQ(kjit_f64_ldexp(5e-324, 2097), std::ldexp(1.0, 1023));
  EXPECT_EQ(kjit_f64_ldexp(1.0, INT64_MAX), static_cast<double>(kInf));
  EXPECT_EQ(kjit_f64_ldexp(1.0, int64_t{1} << 32), static_cast<double>(kInf));
  EXPECT_TRUE(identical(kjit_f64_ldexp(-1.0, INT64_MIN), -0.0));
  EXPECT_EQ(kjit_f32_ldexp(1.0f, -149), 1e-45f);
  EXPECT_EQ(kjit_f64_ldexp(0.0, INT64_MAX), 0.0);
}

TEST(IntegerMath, GcdAndLcmAreNumPys) {
  EXPECT_EQ(kjit_i64_gcd(12, -18), 6);
  EXPECT_EQ(kjit_i64_gcd(0, 0), 0);
  EXPECT_EQ(kjit_i64_gcd(0, -7), 7);
  EXPECT_EQ(kjit_i64_gcd(INT64_MIN, 6), 2);
  EXPECT_EQ(kjit_i64_gcd(INT64_MIN, 0), INT64_MIN);
  EXPECT_EQ(kjit_u64_gcd(UINT64_MAX, 15), 15u);
  EXPECT_EQ(kjit_i64_lcm(4, -6), 12);
  EXPECT_EQ(kjit_i64_lcm(0, 5), 0);
  EXPECT_EQ(kjit_i64_lcm(0, 0), 0);
  EXPECT_EQ(kjit_u64_lcm(21, 6), 42u);
  EXPECT_EQ(kjit_u64_lcm(uint64_t{1} << 63, 3), uint64_t{1} << 63);  // wraps
}

}  // namespace
