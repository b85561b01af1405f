#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "cuda/ptx_program.h"

namespace kjit::test {

namespace {

template <typename T>
uint64_t of_floats(const Instruction& i, uint64_t ra, uint64_t rb, uint64_t rc) {
  const T a = as<T>(ra), b = as<T>(rb), c = as<T>(rc);
  switch (i.code) {
    case kAdd:
      return raw(static_cast<T>(a + b));
    case kSub:
      return raw(static_cast<T>(a - b));
    case kMul:
      return raw(static_cast<T>(a * b));
    case kMad:
    case kFma:
      return raw(static_cast<T>(std::fma(a, b, c)));
    case kDiv:
      return raw(static_cast<T>(a / b));
    case kMin:
      return raw(i.has("NaN") && (std::isnan(a) || std::isnan(b)) ? std::numeric_limits<T>::quiet_NaN()
                                                                  : std::fmin(a, b));
    case kMax:
      return raw(i.has("NaN") && (std::isnan(a) || std::isnan(b)) ? std::numeric_limits<T>::quiet_NaN()
                                                                  : std::fmax(a, b));
    case kNeg:
      return raw(static_cast<T>(-a));
    case kAbs:
      return raw(std::fabs(a));
    case kSqrt:
      return raw(std::sqrt(a));
    case kRcp:
      return raw(static_cast<T>(1 / a));
    case kRsqrt:
      return raw(static_cast<T>(1 / std::sqrt(a)));
    case kEx2:
      return raw(std::exp2(a));
    case kLg2:
      return raw(std::log2(a));
    case kSin:
      return raw(std::sin(a));
    case kCos:
      return raw(std::cos(a));
    case kTanh:
      return raw(std::tanh(a));
    case kCopysign:
      return raw(std::copysign(b, a));
    default:
      throw std::runtime_error("PTX: no " + i.words[0] + " of floats");
  }
}
uint64_t of_integers(const Instruction& i, uint64_t a, uint64_t b, uint64_t c) {
  const int bits = i.type.bits;
  const bool is_signed = i.type.kind == 's';
  const uint64_t ua = a & mask(bits), ub = b & mask(bits);
  const int64_t sa = sign_extended(a, bits), sb = sign_extended(b, bits);
  const auto product = [&]() -> uint64_t {
    if (i.has("wide")) return is_signed ? static_cast<uint64_t>(sa * sb) : ua * ub;
    if (!i.has("hi")) return ua * ub;
    const auto wide = is_signed ? static_cast<unsigned __int128>(static_cast<__int128>(sa) * sb)
                                : static_cast<unsigned __int128>(ua) * ub;
    return static_cast<uint64_t>(wide >> bits);
  };
  switch (i.code) {
    case kAdd:
      return a + b;
    case kSub:
      return a - b;
    case kMul:
      return product();
    case kMad:
      return product() + c;
    case kDiv:
      return ub == 0 ? ~uint64_t{0} : is_signed ? sb == -1 ? -ua : static_cast<uint64_t>(sa / sb) : ua / ub;
    case kRem:
      return ub == 0 ? ua : is_signed ? sb == -1 ? 0 : static_cast<uint64_t>(sa % sb) : ua % ub;
    case kMin:
      return is_signed ? static_cast<uint64_t>(std::min(sa, sb)) : std::min(ua, ub);
    case kMax:
      return is_signed ? static_cast<uint64_t>(std::max(sa, sb)) : std::max(ua, ub);
    case kNeg:
      return -a;
    case kAbs:
      return static_cast<uint64_t>(sa < 0 ? -sa : sa);
    case kNot:
      return i.type.kind == 'p' ? !(a & 1) : ~a;
    case kAnd:
      return a & b;
    case kOr:
      return a | b;
    case kXor:
      return a ^ b;
    case kShl:
      return (b & 0xffffffff) >= static_cast<uint64_t>(bits) ? 0 : a << (b & 63);
    case kShr: {
      const uint64_t n = std::min<uint64_t>(b & 0xffffffff, 63);
      return is_signed ? static_cast<uint64_t>(sa >> n) : (b & 0xffffffff) >= static_cast<uint64_t>(bits) ? 0 : ua >> n;
    }
    case kPopc:
      return static_cast<uint64_t>(std::popcount(ua));
    case kClz:
      return static_cast<uint64_t>(std::countl_zero(ua) - (64 - bits));
    case kBrev: {
      uint64_t out = 0;
      for (int k = 0; k < bits; ++k) out |= ((ua >> k) & 1) << (bits - 1 - k);
      return out;
    }
    case kBfe: {
      const int from = static_cast<int>(b & 255), length = static_cast<int>(c & 255);
      if (length == 0) return 0;
      const uint64_t field = from >= bits ? 0 : (ua >> from) & mask(length);
      return is_signed ? static_cast<uint64_t>(sign_extended(field, std::min(length, bits))) : field;
    }
    default:
      throw std::runtime_error("PTX: no " + i.words[0] + " of integers");
  }
}
template <typename T>
T rounded(const Instruction& i, T v) {
  if (i.has("rni")) return std::nearbyint(v);
  if (i.has("rzi")) return std::trunc(v);
  if (i.has("rmi")) return std::floor(v);
  if (i.has("rpi")) return std::ceil(v);
  return v;
}
uint64_t to_integer(double v, Type to) {
  if (std::isnan(v)) return to.bits == 64 ? uint64_t{1} << 63 : 0;
  const double low = to.kind == 's' ? -std::ldexp(1.0, to.bits - 1) : 0;
  const double high = std::ldexp(1.0, to.kind == 's' ? to.bits - 1 : to.bits);
  if (v <= low) return to.kind == 's' ? static_cast<uint64_t>(static_cast<int64_t>(low)) : 0;
  if (v >= high) return to.kind == 's' ? mask(to.bits - 1) : mask(to.bits);
  return to.kind == 's' ? static_cast<uint64_t>(static_cast<int64_t>(v)) : static_cast<uint64_t>(v);
}
}  // namespace

bool compared(const Instruction& i, uint64_t a, uint64_t b) {
  const std::string& how = i.words[1];
  const auto by = [&](auto x, auto y) -> bool {
    if (how.starts_with("eq")) return x == y;
    if (how.starts_with("ne")) return x != y;
    if (how.starts_with("lt") || how == "lo") return x < y;
    if (how.starts_with("le") || how == "ls") return x <= y;
    if (how.starts_with("gt") || how == "hi") return x > y;
    return x >= y;
  };
  if (i.type.kind == 'f') {
    const double x = i.type.bits == 32 ? static_cast<double>(as<float>(a)) : as<double>(a);
    const double y = i.type.bits == 32 ? static_cast<double>(as<float>(b)) : as<double>(b);
    const bool nan = std::isnan(x) || std::isnan(y);
    if (how == "num") return !nan;
    if (how == "nan") return nan;
    if (nan) return how.size() == 3;  // equ, neu, ltu ...
    return by(x, y);
  }
  if (i.type.kind == 's') return by(sign_extended(a, i.type.bits), sign_extended(b, i.type.bits));
  return by(a & mask(i.type.bits), b & mask(i.type.bits));
}
uint64_t converted(const Instruction& i, uint64_t v) {
  const Type to = i.from, from = i.type;  // cvt.to.from
  if (from.kind == 'f') {
    const double x = from.bits == 32 ? static_cast<double>(as<float>(v)) : as<double>(v);
    const double r = rounded(i, x);
    if (to.kind != 'f') return to_integer(r, to);
    return to.bits == 32 ? raw(static_cast<float>(r)) : raw(r);
  }
  const bool is_signed = from.kind == 's';
  const int64_t s = sign_extended(v, from.bits);
  const uint64_t u = v & mask(from.bits);
  if (to.kind == 'f') {
    if (to.bits == 32) return raw(is_signed ? static_cast<float>(s) : static_cast<float>(u));
    return raw(is_signed ? static_cast<double>(s) : static_cast<double>(u));
  }
  const uint64_t wide = is_signed ? static_cast<uint64_t>(s) : u;
  return to.kind == 's' ? static_cast<uint64_t>(sign_extended(wide, to.bits)) : wide & mask(to.bits);
}
uint64_t arithmetic(const Instruction& i, uint64_t a, uint64_t b, uint64_t c) {
  uint64_t out = i.type.kind != 'f'  ? of_integers(i, a, b, c)
                 : i.type.bits == 32 ? of_floats<float>(i, a, b, c)
                                     : of_floats<double>(i, a, b, c);
  const int bits = i.type.kind == 'p' ? 1 : i.has("wide") ? 2 * i.type.bits : i.type.bits;
  return out & mask(bits);
}
}  // namespace kjit::test
