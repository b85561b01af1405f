// Modules that kernels may import, and their constants.
#include <cmath>
#include <limits>
#include <numbers>

#include "sema/builtins.h"
#include "sema/module_names.h"
#include "sema/promotion.h"

namespace kjit::sema {

namespace {

constexpr std::string_view kModules[] = {"numpy",
                                         "numpy.linalg",
                                         "numpy.random",
                                         "math",
                                         "cmath",
                                         "numba",
                                         "numba.types",
                                         "numba.core.types",
                                         "numba.cuda",
                                         "numba.cuda.shared",
                                         "numba.cuda.local",
                                         "numba.cuda.const",
                                         "numba.cuda.atomic",
                                         "numba.cuda.random",
                                         "numba.cuda.cg",
                                         "numba.cuda.types",
                                         "kjit",
                                         "numpy.lib",
                                         "numpy.lib.stride_tricks",
                                         "numpy.polynomial",
                                         "numpy.polynomial.polynomial",
                                         "numpy.polynomial.polyutils"};

struct Number {
  std::string_view name;  // without module
  double value;
};
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// Python's floats: weak.
constexpr Number kMath[] = {
    {"pi", std::numbers::pi}, {"e", std::numbers::e}, {"tau", 2 * std::numbers::pi}, {"inf", kInf}, {"nan", kNan}};
constexpr Number kNumPy[] = {{"pi", std::numbers::pi},
                             {"e", std::numbers::e},
                             {"euler_gamma", std::numbers::egamma},
                             {"inf", kInf},
                             {"nan", kNan}};

bool find_number(TypeContext& types, const auto& table, std::string_view name, Constant& out) {
  for (const Number& n : table) {
    if (n.name != name) continue;
    out = {types.py_float(), n.value};
    return true;
  }
  return false;
}

// Names of scalar types that NumPy has: not the short codes, and what NumPy 2 removed only where code still says it.
bool numpy_scalar(std::string_view name, Scalar& out) {
  constexpr std::string_view kOthers[] = {"int", "float", "complex", "boolean", "char", "long_", "size_t", "ssize_t"};
  for (std::string_view other : kOthers) {
    if (name == other) return false;
  }
  if (name == "float_") return parse_scalar("float64", out);
  return name.size() > 3 && parse_scalar(name, out);
}

template <typename T>
bool float_limit(TypeContext& types, Scalar s, std::string_view attr, Constant& out) {
  using L = std::numeric_limits<T>;
  struct Row {
    std::string_view name;
    T value;
  };
  const T precision_eps = L::epsilon();
  const Row rows[] = {{"eps", L::epsilon()},         {"max", L::max()},
                      {"min", L::lowest()},          {"tiny", L::min()},
                      {"smallest_normal", L::min()}, {"smallest_subnormal", L::denorm_min()},
                      {"epsneg", precision_eps / 2}, {"resolution", static_cast<T>(std::pow(T(10), -L::digits10))}};
  for (const Row& r : rows) {
    if (r.name != attr) continue;
    out = {types.scalar(s), static_cast<double>(r.value)};
    return true;
  }
  const std::pair<std::string_view, int> integers[] = {{"bits", static_cast<int>(sizeof(T) * 8)},
                                                       {"nmant", L::digits - 1},
                                                       {"precision", L::digits10},
                                                       {"maxexp", L::max_exponent},
                                                       {"minexp", L::min_exponent - 1}};
  for (auto& [name, value] : integers) {
    if (name != attr) continue;
    out = {types.py_int(), int64_t{value}};
    return true;
  }
  return false;
}

// "float32.eps" of np.finfo(np.float32).eps.
bool find_limit(TypeContext& types, std::string_view name, bool of_floats, Constant& out) {
  size_t dot = name.find('.');
  Scalar s{};
  if (dot == std::string_view::npos || !parse_scalar(name.substr(0, dot), s)) return false;
  std::string_view attr = name.substr(dot + 1);
  if (attr == "dtype") {
    out = {dtype_object(types, s), {}};
    return true;
  }
  if (of_floats) {
    return s == Scalar::F32 ? float_limit<float>(types, s, attr, out) : float_limit<double>(types, s, attr, out);
  }
  const int bits = size_of(s) * 8;
  if (attr == "bits") {
    out = {types.py_int(), int64_t{bits}};
    return true;
  }
  if (attr != "min" && attr != "max") return false;
  const bool max = attr == "max";
  if (s == Scalar::U64) {
    out = {max ? types.scalar(s) : types.py_int(), max ? int64_t{-1} : int64_t{0}};
  } else if (is_unsigned(s)) {
    out = {types.py_int(), max ? (int64_t{1} << bits) - 1 : 0};
  } else {
    const int64_t top = static_cast<int64_t>(~uint64_t{0} >> (65 - bits));
    out = {types.py_int(), max ? top : -top - 1};
  }
  return true;
}

}  // namespace

bool find_module_constant(TypeContext& types, std::string_view canonical_name, Constant& out) {
  auto take = [&](std::string_view prefix, std::string_view& rest) {
    if (!canonical_name.starts_with(prefix)) return false;
    rest = canonical_name.substr(prefix.size());
    return true;
  };
  std::string_view name;
  Scalar s{};
  if (take("numpy.finfo.", name)) return find_limit(types, name, true, out);
  if (take("numpy.iinfo.", name)) return find_limit(types, name, false, out);
  if (take("numpy.", name)) {
    if (name == "newaxis") {
      out = {types.none(), {}};
      return true;
    }
    if (name == "True_" || name == "False_") {
      out = {types.boolean(), int64_t{name == "True_"}};
      return true;
    }
    if (numpy_scalar(name, s)) {
      out = {types.dtype(s), {}};
      return true;
    }
    return find_number(types, kNumPy, name, out);
  }
  if (take("math.", name)) return find_number(types, kMath, name, out);
  if (take("cmath.", name)) {
    if (name == "infj" || name == "nanj") {
      out = {types.py_complex(), std::complex<double>(0, name == "infj" ? kInf : kNan)};
      return true;
    }
    return find_number(types, kMath, name, out);
  }
  if (take("numba.cuda.types.", name) || take("numba.cuda.", name) || take("numba.core.types.", name) ||
      take("numba.types.", name) || take("numba.", name)) {
    if (name == "int" || name == "float" || name == "complex" || name == "bool") return false;
    if (name == "none" || name == "void") {
      out = {types.none(), {}};
      return true;
    }
    if (!parse_scalar(name, s)) return false;
    out = {types.dtype(s), {}};
    return true;
  }
  return false;
}

bool is_known_module(std::string_view name) {
  for (std::string_view m : kModules) {
    if (m == name) return true;
  }
  return false;
}

std::vector<std::string> module_names(std::string_view prefix) {
  std::vector<std::string> out;
  for (std::string_view m : kModules)
    if (m.starts_with(prefix)) out.emplace_back(m);
  return out;
}

}  // namespace kjit::sema
