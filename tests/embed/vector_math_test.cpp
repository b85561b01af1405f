// Functions of real numbers in vector lanes, at each vector width that this machine has: how near they come to the true
// values, what they make of special ones, and that a result depends neither on the length nor on the start of an array.
#include <bit>
#include <cmath>
#include <cstring>
#include <random>

#include "embed/support.h"

namespace kjit {
namespace {

struct Row {
  const char* call;  // over x and y
  long double (*one)(long double);
  long double (*two)(long double, long double);
};

#define ONE(numpy, c)                                                    \
  Row {                                                                  \
    "np." #numpy "(x)", [](long double x) { return std::c(x); }, nullptr \
  }
#define TWO(numpy, c)                                                                         \
  Row {                                                                                       \
    "np." #numpy "(x, y)", nullptr, [](long double x, long double y) { return std::c(x, y); } \
  }
const Row kRows[] = {
    ONE(exp, exp),
    ONE(exp2, exp2),
    ONE(expm1, expm1),
    ONE(log, log),
    ONE(log2, log2),
    ONE(log10, log10),
    ONE(log1p, log1p),
    ONE(sin, sin),
    ONE(cos, cos),
    ONE(tan, tan),
    ONE(arcsin, asin),
    ONE(arccos, acos),
    ONE(arctan, atan),
    ONE(sinh, sinh),
    ONE(cosh, cosh),
    ONE(tanh, tanh),
    ONE(arcsinh, asinh),
    ONE(arccosh, acosh),
    ONE(arctanh, atanh),
    ONE(cbrt, cbrt),
    TWO(arctan2, atan2),
    TWO(power, pow),
    TWO(hypot, hypot),
    Row{"math.erf(x)", [](long double x) { return std::erf(x); }, nullptr},
    Row{"math.erfc(x)", [](long double x) { return std::erfc(x); }, nullptr},
};
#undef ONE
#undef TWO

struct Width {
  const char* cpu;
  bool fast;
};
std::vector<Width> widths() {
  std::vector<Width> out{{"x86-64", false}, {"x86-64", true}};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    out.insert(out.end(), {{"x86-64-v3", false}, {"x86-64-v3", true}});
  if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    out.insert(out.end(), {{"x86-64-v4", false}, {"x86-64-v4", true}});
  return out;
}

template <typename T>
std::vector<T> points(int random) {
  using L = std::numeric_limits<T>;
  std::vector<T> out{0, L::infinity(), L::quiet_NaN(), L::max(), L::min(), L::denorm_min(), L::epsilon()};
  for (const double x :
       {1.0,   2.0,   3.0, 0.5,  1.0 / 3, 0.99999, 1.00001, 1e-8, 10.0,  88.5,  89.2,  104.0, 709.5,  709.7827125,
        710.3, 746.0, 1e5, 1e10, 1e19,    1e22,    1e30,    3e37, 1e154, 1e200, 1e300, 1e-40, 1e-300, 27.0})
    out.push_back(static_cast<T>(x));
  for (size_t k = out.size(); k-- > 0;) out.push_back(-out[k]);
  std::mt19937_64 bits(7);  // NOLINT(bugprone-random-generator-seed): the same numbers in each run
  std::uniform_real_distribution<double> near(-20, 20);
  for (int k = 0; k < random; ++k) out.push_back(static_cast<T>(near(bits)));
  return out;
}

template <typename T>
Array array_of(const std::vector<T>& values) {
  Array a = Array::zeros(sizeof(T) == 8 ? DType::Float64 : DType::Float32, {static_cast<int64_t>(values.size())});
  std::copy(values.begin(), values.end(), a.data<T>());
  return a;
}

// In units of the last place of the true value; 1e9 for the wrong kind of value. A zero's sign counts.
template <typename T>
double distance(T got, long double want) {
  if (std::isnan(got) || std::isnan(want)) return std::isnan(got) && std::isnan(want) ? 0 : 1e9;
  const T rounded = static_cast<T>(want);
  if (got == rounded) return std::signbit(got) == std::signbit(rounded) ? 0.5 : 1e9;
  if (std::isinf(got) || std::isinf(rounded)) return 1e9;
  int exponent = 0;
  std::frexp(rounded, &exponent);
  const int place = std::max(exponent, std::numeric_limits<T>::min_exponent) - std::numeric_limits<T>::digits;
  return static_cast<double>(std::fabs(got - want) * std::pow(2.0L, -place));
}

class VectorMath : public ::testing::TestWithParam<Width> {
 protected:
  static Options options() {
    Options o;
    o.cpu = GetParam().cpu;
    return o;
  }
  Engine engine{options()};
  // A loop, and a statement on arrays.
  Module kernels(const std::string& call) {
    const std::string flags = GetParam().fast ? "(fastmath={'afn', 'contract'})" : "";
    std::string text = "import math\nimport numpy as np\nfrom numba import njit\n@njit" + flags +
                       "\ndef loop(a, b, out):\n    for i in range(a.size):\n        x = a[i]\n        y = b[i]\n"
                       "        out[i] = " +
                       call + "\n";
    return engine.load_string(text, "lanes.py");
  }
  double limit() const { return GetParam().fast ? 4 : 1; }
};

template <typename T>
void sweep(Module& m, const Row& row, double limit, const std::vector<T>& x, const std::vector<T>& y) {
  Array a = array_of(x), b = array_of(y), out = array_of(x);
  m.call("loop", {a, b, out});
  int shown = 0;
  for (size_t k = 0; k < x.size(); ++k) {
    const long double want = row.one ? row.one(x[k]) : row.two(x[k], y[k]);
    const double off = distance(out.data<T>()[k], want);
    if (off <= limit || shown++ > 4) continue;
    ADD_FAILURE() << row.call << " of float" << 8 * sizeof(T) << " at " << x[k] << ", " << y[k] << ": "
                  << out.data<T>()[k] << ", not " << static_cast<double>(want) << " (" << off << " ulp)";
  }
}

// Every pair of special values, and random ones.
template <typename T>
void sweep_all(Module& m, const Row& row, double limit) {
  if (row.one) return sweep<T>(m, row, limit, points<T>(500), points<T>(500));
  const std::vector<T> some = points<T>(4);
  std::vector<T> x, y;
  for (const T p : some) {
    for (const T q : some) x.push_back(p), y.push_back(q);
  }
  sweep<T>(m, row, limit, x, y);
}

TEST_P(VectorMath, StaysWithinItsBound) {
  for (const Row& row : kRows) {
    Module m = kernels(row.call);
    double limit = this->limit();
    // Without fused multiply-add SLEEF's are at most 1.5 ulp (erf, erfc, atan2 in float32, denormals).
    if (std::string(GetParam().cpu) == "x86-64" && limit == 1) limit = 1.5;
    sweep_all<double>(m, row, limit);
    if (std::string(row.call).starts_with("np.")) sweep_all<float>(m, row, limit);
  }
}

template <typename T>
void same_at_all_lengths(Module& m, const char* call) {
  const std::vector<T> x = points<T>(100);
  const std::vector<T> y(x.rbegin(), x.rend());
  Array all = array_of(x);
  m.call("loop", {array_of(x), array_of(y), all});
  for (size_t n = 1; n <= 67; ++n) {
    for (const size_t start : {size_t{0}, size_t{1}, 3 * n % 31}) {
      const std::vector<T> p(x.begin() + start, x.begin() + start + n), q(y.begin() + start, y.begin() + start + n);
      Array out = array_of(p);
      m.call("loop", {array_of(p), array_of(q), out});
      ASSERT_EQ(std::memcmp(out.data<T>(), all.data<T>() + start, n * sizeof(T)), 0)
          << call << " n " << n << " from " << start;
    }
  }
}

TEST_P(VectorMath, LengthAndStartDoNotMatter) {
  if (GetParam().fast) GTEST_SKIP() << "fastmath does not promise it";
  for (const Row& row : kRows) {
    Module m = kernels(row.call);
    same_at_all_lengths<double>(m, row.call);
    if (std::string(row.call).starts_with("np.")) same_at_all_lengths<float>(m, row.call);
  }
}

// exp, and float32's sin and cos, stand in the loop itself where there is fused multiply-add: from all over the range
// of bit patterns, more than the sweep above takes.
TEST_P(VectorMath, FloatsOfAllSizesStayWithinTheBound) {
  if (std::string(GetParam().cpu) == "x86-64") GTEST_SKIP() << "no fused multiply-add";
  std::vector<float> x;
  for (uint64_t bits = 0; bits < uint64_t{1} << 32; bits += 9973) x.push_back(std::bit_cast<float>(uint32_t(bits)));
  for (int k = 1; k < 60000; ++k) x.push_back(static_cast<float>(k * 1.57079632679489661923));  // sines of next to none
  for (const Row& row : {Row{"np.exp(x)", [](long double v) { return std::exp(v); }, nullptr},
                         Row{"np.sin(x)", [](long double v) { return std::sin(v); }, nullptr},
                         Row{"np.cos(x)", [](long double v) { return std::cos(v); }, nullptr}}) {
    Module m = kernels(row.call);
    sweep<float>(m, row, 1, x, x);
  }
  std::vector<double> wide;
  std::mt19937_64 random(5);  // NOLINT(bugprone-random-generator-seed): the same numbers in each run
  for (int k = 0; k < 50000; ++k) wide.push_back(std::bit_cast<double>(random()));
  for (const auto& [low, high] :
       {std::pair(-750.0, 712.0), std::pair(-1.0, 1.0), std::pair(709.7, 709.7827128933840)}) {
    std::uniform_real_distribution<double> within(low, high);
    for (int k = 0; k < 50000; ++k) wide.push_back(within(random));
  }
  Module m = kernels("np.exp(x)");
  sweep<double>(m, Row{"np.exp(x)", [](long double v) { return std::exp(v); }, nullptr}, 1, wide, wide);
}

TEST_P(VectorMath, ShortFunctionsStandInTheLoop) {
  const std::string cpu = GetParam().cpu;
  if (cpu == "x86-64") GTEST_SKIP() << "no fused multiply-add";
  Module m = kernels("np.exp(x)");
  const Array a = array_of(points<float>(10));
  const std::string text = m.inspect("loop", m.specialise("loop", {a, a, a}), Stage::LlvmOpt);
  EXPECT_EQ(text.find("expf"), std::string::npos) << text;
  EXPECT_NE(text.find("@llvm.fma.v8f32"), std::string::npos) << text;
  const Array d = array_of(points<double>(10));
  EXPECT_NE(m.inspect("loop", m.specialise("loop", {d, d, d}), Stage::LlvmOpt).find("f64(<"), std::string::npos);
}

TEST(VectorMathForms, GiveTheSameBitsWithAvx2AndAvx512) {
  const std::vector<Width> all = widths();
  if (all.back().cpu != std::string("x86-64-v4")) GTEST_SKIP() << "no AVX-512";
  std::vector<Array> results;
  std::vector<float> x = points<float>(2000);
  for (uint64_t bits = 0; bits < uint64_t{1} << 32; bits += 99991) x.push_back(std::bit_cast<float>(uint32_t(bits)));
  for (const char* cpu : {"x86-64-v3", "x86-64-v4"}) {
    Options options;
    options.cpu = cpu;
    Engine engine(options);
    Module m = engine.load_string(
        "import numpy as np\nfrom numba import njit\n@njit\ndef loop(a, out):\n    for i in range(a.size):\n"
        "        out[0, i] = np.exp(a[i])\n        out[1, i] = np.sin(a[i])\n        out[2, i] = np.cos(a[i])\n",
        "forms.py");
    results.push_back(Array::zeros(DType::Float32, {3, static_cast<int64_t>(x.size())}));
    m.call("loop", {array_of(x), results.back()});
  }
  const auto* wide = reinterpret_cast<const uint32_t*>(results[1].data<float>());
  const auto* narrow = reinterpret_cast<const uint32_t*>(results[0].data<float>());
  for (size_t k = 0; k < 3 * x.size(); ++k)
    ASSERT_TRUE(wide[k] == narrow[k] || std::isnan(std::bit_cast<float>(wide[k]))) << k << " " << x[k % x.size()];
}

TEST_P(VectorMath, LoopsCallVectorFunctions) {
  Module m = kernels("np.log(x) * np.tan(y)");
  const Array a = array_of(points<float>(10));
  const std::string text = m.inspect("loop", m.specialise("loop", {a, a, a}), Stage::LlvmOpt);
  if (text.find("Sleef_") == std::string::npos && text.find("_ZGV") == std::string::npos)
    GTEST_SKIP() << "no vector library here";
  const std::string cpu = GetParam().cpu;
  const int lanes = cpu == "x86-64" ? 4 : cpu == "x86-64-v3" ? 8 : 16;
  EXPECT_NE(text.find("> @" + std::string(GetParam().fast ? "_ZGV" : "Sleef_")), std::string::npos) << text;
  EXPECT_NE(text.find("<" + std::to_string(lanes) + " x float> @"), std::string::npos) << text;
}

std::string name_of(const ::testing::TestParamInfo<Width>& info) {
  std::string name = std::string(info.param.cpu) + (info.param.fast ? "_fast" : "");
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Widths, VectorMath, ::testing::ValuesIn(widths()), name_of);

}  // namespace
}  // namespace kjit
