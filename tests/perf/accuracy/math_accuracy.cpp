// How far functions of real numbers in loops are from the true values (MPFR), in units of the last place: the table of
// lang-spec/vector-math.md. Writes it to the file named, else to the terminal.
//   math_accuracy [--points N] [--cpu NAME] [FILE]
#include <kjit/kjit.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <limits>
#include <random>
#include <sstream>

namespace {

using One = int (*)(mpfr_t, mpfr_srcptr, mpfr_rnd_t);
using Two = int (*)(mpfr_t, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

struct Row {
  const char* call;
  double lo, hi;  // of the dense sweep; the random one takes all bit patterns
  One one;
  Two two;
};
const Row kRows[] = {
    {"np.exp(x)", -710, 710, mpfr_exp, nullptr},     {"np.exp2(x)", -1020, 1020, mpfr_exp2, nullptr},
    {"np.expm1(x)", -40, 40, mpfr_expm1, nullptr},   {"np.log(x)", 0, 20, mpfr_log, nullptr},
    {"np.log2(x)", 0, 20, mpfr_log2, nullptr},       {"np.log10(x)", 0, 20, mpfr_log10, nullptr},
    {"np.log1p(x)", -1, 20, mpfr_log1p, nullptr},    {"np.sin(x)", -100, 100, mpfr_sin, nullptr},
    {"np.cos(x)", -100, 100, mpfr_cos, nullptr},     {"np.tan(x)", -100, 100, mpfr_tan, nullptr},
    {"np.arcsin(x)", -1, 1, mpfr_asin, nullptr},     {"np.arccos(x)", -1, 1, mpfr_acos, nullptr},
    {"np.arctan(x)", -20, 20, mpfr_atan, nullptr},   {"np.sinh(x)", -80, 80, mpfr_sinh, nullptr},
    {"np.cosh(x)", -80, 80, mpfr_cosh, nullptr},     {"np.tanh(x)", -20, 20, mpfr_tanh, nullptr},
    {"np.arcsinh(x)", -20, 20, mpfr_asinh, nullptr}, {"np.arccosh(x)", 1, 20, mpfr_acosh, nullptr},
    {"np.arctanh(x)", -1, 1, mpfr_atanh, nullptr},   {"np.cbrt(x)", -20, 20, mpfr_cbrt, nullptr},
    {"math.erf(x)", -6, 6, mpfr_erf, nullptr},       {"math.erfc(x)", -6, 27, mpfr_erfc, nullptr},
    {"np.power(x, y)", 0, 20, nullptr, mpfr_pow},    {"np.arctan2(x, y)", -20, 20, nullptr, mpfr_atan2},
    {"np.hypot(x, y)", -20, 20, nullptr, mpfr_hypot}};

template <typename T>
std::vector<T> points(const Row& row, size_t count, uint64_t seed) {
  std::vector<T> out;
  std::mt19937_64 bits(seed);
  for (size_t k = 0; k < count / 2; ++k) {
    const double part = (static_cast<double>(k) + std::generate_canonical<double, 53>(bits)) / (count / 2.0);
    out.push_back(static_cast<T>(row.lo + (row.hi - row.lo) * part));
  }
  if (row.two) std::shuffle(out.begin(), out.end(), bits);
  while (out.size() < count) {
    using Bits = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
    const Bits pattern = static_cast<Bits>(bits());
    T x = 0;
    std::memcpy(&x, &pattern, sizeof x);
    out.push_back(x);
  }
  return out;
}

// The true value is not representable where it underflows or overflows: those points count when the kind is wrong.
template <typename T>
double distance(T got, mpfr_srcptr want) {
  const T rounded = static_cast<T>(mpfr_get_d(want, MPFR_RNDN));
  if (std::isnan(got) || std::isnan(rounded)) return std::isnan(got) == std::isnan(rounded) ? 0 : INFINITY;
  if (std::isinf(got) || std::isinf(rounded)) return got == rounded ? 0 : INFINITY;
  if (rounded == 0) return got == 0 ? 0 : static_cast<double>(std::fabs(got) / std::numeric_limits<T>::denorm_min());
  int exponent = 0;
  std::frexp(rounded, &exponent);
  const int place = std::max(exponent, std::numeric_limits<T>::min_exponent) - std::numeric_limits<T>::digits;
  mpfr_t off;
  mpfr_init2(off, 200);
  mpfr_sub_d(off, want, static_cast<double>(got), MPFR_RNDN);
  mpfr_mul_2si(off, off, -place, MPFR_RNDN);
  const double result = std::fabs(mpfr_get_d(off, MPFR_RNDN));
  mpfr_clear(off);
  return result;
}

template <typename T>
double worst(kjit::Engine& engine, const Row& row, bool fast, size_t count) {
  const std::string flags = fast ? "(fastmath={'afn', 'contract'})" : "";
  kjit::Module m = engine.load_string("import math\nimport numpy as np\nfrom numba import njit\n@njit" + flags +
                                          "\ndef loop(a, b, out):\n    for i in range(a.size):\n        x = a[i]\n"
                                          "        y = b[i]\n        out[i] = " +
                                          row.call + "\n",
                                      "accuracy.py");
  const std::vector<T> x = points<T>(row, count, 1), y = points<T>(row, count, 2);
  const kjit::DType dtype = sizeof(T) == 8 ? kjit::DType::Float64 : kjit::DType::Float32;
  const auto n = static_cast<int64_t>(count);
  kjit::Array a = kjit::Array::zeros(dtype, {n}), b = kjit::Array::zeros(dtype, {n}),
              out = kjit::Array::zeros(dtype, {n});
  std::copy(x.begin(), x.end(), a.template data<T>());
  std::copy(y.begin(), y.end(), b.template data<T>());
  m.call("loop", {a, b, out});
  mpfr_t p, q, want;
  mpfr_inits2(53, p, q, static_cast<mpfr_ptr>(nullptr));
  mpfr_init2(want, 120);
  double most = 0;
  for (size_t k = 0; k < count; ++k) {
    mpfr_set_d(p, x[k], MPFR_RNDN);
    mpfr_set_d(q, y[k], MPFR_RNDN);
    row.one ? row.one(want, p, MPFR_RNDN) : row.two(want, p, q, MPFR_RNDN);
    most = std::max(most, distance(out.template data<T>()[k], want));
  }
  mpfr_clears(p, q, want, static_cast<mpfr_ptr>(nullptr));
  return most;
}

std::string cell(double ulp) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", ulp);
  return std::isinf(ulp) ? "inf or finite" : text;
}

}  // namespace

int main(int argc, char** argv) {
  size_t count = 100000;
  kjit::Options options;
  std::string file;
  for (int k = 1; k < argc; ++k) {
    const std::string word = argv[k];
    if (word == "--points" && k + 1 < argc) {
      count = std::stoul(argv[++k]);
    } else if (word == "--cpu" && k + 1 < argc) {
      options.cpu = argv[++k];
    } else {
      file = word;
    }
  }
  kjit::Engine engine(options);
  std::ostringstream out;
  out << "| function | float64 | float32 | float64, fastmath | float32, fastmath |\n|---|---|---|---|---|\n";
  for (const Row& row : kRows) {
    const bool both = std::string(row.call).starts_with("np.");  // math's functions compute in float64
    out << "| `" << row.call << "` | ";
    for (const bool fast : {false, true}) {
      out << cell(worst<double>(engine, row, fast, count)) << " | ";
      out << (both ? cell(worst<float>(engine, row, fast, count)) : "-") << (fast ? " |\n" : " | ");
    }
  }
  if (file.empty()) {
    std::cout << out.str();
    return 0;
  }
  // The table stands between two marks.
  std::ifstream in(file);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const std::string begin = "<!-- table -->\n", end = "<!-- end -->";
  const size_t from = text.find(begin), to = text.find(end);
  if (from == std::string::npos || to == std::string::npos) return std::cerr << "no marks in " << file << "\n", 1;
  text.replace(from + begin.size(), to - from - begin.size(), out.str());
  std::ofstream(file) << text;
  return 0;
}
