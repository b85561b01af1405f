// numpy.load and numpy.save; comparison of whole arrays.
#include <kjit_rt/npy.h>

#include <cmath>

#include "eval/array_ops.h"
#include "eval/natives.h"
#include "eval/operators.h"

namespace kjit::eval {

namespace {

[[noreturn]] void fail(const kjit_ctx& context, int32_t status) {
  throw Error(static_cast<ErrorKind>(status), context.error.message);  // the kinds are numbered as the statuses are
}

Value load(Interpreter&, Args& args) {
  const std::string path = args.need(0, "file").as_string();
  args.expect("load", 0, 1);
  kjit_ctx context{};
  kjit_npy_array array;
  const int32_t status = kjit_npy_load(&context, path.c_str(), &array, nullptr);
  if (status != KJIT_OK) fail(context, status);
  const auto rank = static_cast<size_t>(array.rank);
  return Array::adopt(array.data, array.owner, static_cast<DType>(array.dtype), std::span(array.shape, rank),
                      std::span(array.strides, rank));
}

Value save(Interpreter&, Args& args) {
  const std::string path = args.need(0, "file").as_string();
  const Value value = args.need(1, "arr");
  args.expect("save", 0, 2);
  const Array array = value.is<Array>() ? value.array() : array_from(value, nullptr);
  kjit_ctx context{};
  const int32_t status = kjit_npy_save(&context, path.c_str(), static_cast<int32_t>(array.dtype()), array.ndim(),
                                       array.data(), array.shape().data(), array.strides().data(), nullptr);
  if (status != KJIT_OK) fail(context, status);
  return {};
}

Array as_array(const Value& value) { return value.is<Array>() ? value.array() : array_from(value, nullptr); }

// The shape that two broadcast to; ValueError when there is none.
std::vector<int64_t> common_shape(const Array& a, const Array& b) {
  std::vector<int64_t> out(static_cast<size_t>(std::max(a.ndim(), b.ndim())));
  const auto extent = [&](const Array& v, size_t i) {
    const size_t missing = out.size() - v.shape().size();
    return i < missing ? int64_t{1} : v.shape()[i - missing];
  };
  for (size_t i = 0; i < out.size(); ++i) {
    const int64_t x = extent(a, i), y = extent(b, i);
    if (x != y && x != 1 && y != 1) raise(ErrorKind::ValueError, "operands could not be broadcast together");
    out[i] = x == 1 ? y : x;
  }
  return out;
}

template <typename F>
bool all_pairs(const Array& a, const Array& b, const F& holds) {
  const auto shape = common_shape(a, b);
  const Array x = cast_array(broadcast(a, shape), DType::Complex128),
              y = cast_array(broadcast(b, shape), DType::Complex128);
  const auto *p = x.data<Complex>(), *q = y.data<Complex>();
  for (int64_t i = 0; i < x.size(); ++i)
    if (!holds(p[i], q[i])) return false;
  return true;
}

bool is_nan(Complex z) { return std::isnan(z.real()) || std::isnan(z.imag()); }
bool is_finite(Complex z) { return std::isfinite(z.real()) && std::isfinite(z.imag()); }

Value allclose(Interpreter&, Args& args) {
  const Array a = as_array(args.need(0, "a")), b = as_array(args.need(1, "b"));
  const Value* given = args.get(2, "rtol");
  const double relative = given ? given->as_double() : 1e-5;
  given = args.get(3, "atol");
  const double absolute = given ? given->as_double() : 1e-8;
  given = args.get(4, "equal_nan");
  const bool nans = given && truth(*given);
  args.expect("allclose", 0, 5);
  return all_pairs(a, b, [&](Complex x, Complex y) {
    if (is_nan(x) || is_nan(y)) return nans && is_nan(x) && is_nan(y);
    if (!is_finite(x) || !is_finite(y)) return x == y;
    return std::abs(x - y) <= absolute + relative * std::abs(y);
  });
}

Value array_equal(Interpreter&, Args& args) {
  const Array a = as_array(args.need(0, "a1")), b = as_array(args.need(1, "a2"));
  args.expect("array_equal", 0, 2);
  if (!std::equal(a.shape().begin(), a.shape().end(), b.shape().begin(), b.shape().end())) return false;
  if (a.dtype() == b.dtype() && a.dtype() <= DType::UInt64) {  // integers beyond what a double holds
    const Array x = a.copy(), y = b.copy();
    return x.size() == 0 || std::memcmp(x.data(), y.data(), static_cast<size_t>(x.size() * itemsize(x.dtype()))) == 0;
  }
  return all_pairs(a, b, [](Complex x, Complex y) { return x == y; });
}

constexpr NativeRow kRows[] = {
    {"numpy.load", load},
    {"numpy.save", save},
    {"numpy.allclose", allclose},
    {"numpy.array_equal", array_equal},
};

}  // namespace

std::span<const NativeRow> file_natives() { return kRows; }

}  // namespace kjit::eval
