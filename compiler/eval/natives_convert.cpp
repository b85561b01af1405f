// Python's built-in conversions: numbers, text, characters.
#include <fmt/format.h>

#include <cmath>

#include "eval/array_ops.h"
#include "eval/natives.h"
#include "eval/operators.h"
#include "eval/text.h"
#include "eval/wide_int.h"

namespace kjit::eval {

namespace {

[[noreturn]] void bad_literal(const char* what, const Value& text) {
  throw Error(ErrorKind::ValueError, fmt::format("{}: {}", what, repr(text)));
}

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\r\n"), end = text.find_last_not_of(" \t\r\n");
  std::string out;
  if (begin != std::string::npos)
    for (const char c : text.substr(begin, end - begin + 1))
      if (c != '_') out += c;
  return out;
}

Value to_int(Interpreter&, Args& args) {
  const Value* base_argument = args.get(1, "base");
  int64_t base = base_argument ? base_argument->as_int() : 10;
  args.expect("int", 0, 2);
  if (args.values.empty()) return 0;
  const Value& v = args.values[0];
  if (const auto* text = v.get_if<std::string>()) {
    std::string digits = trimmed(*text);
    const bool prefixed = digits.size() > 2 && digits[0] == '0' && std::isalpha(static_cast<unsigned char>(digits[1]));
    if ((base == 2 || base == 8) && prefixed) digits.erase(0, 2);
    size_t used = 0;
    int64_t out = 0;
    try {
      out = std::stoll(digits, &used, static_cast<int>(base));
    } catch (const std::out_of_range&) {
      int_overflow();
    } catch (const std::exception&) {
      used = 0;
    }
    if (used == 0 || used != digits.size()) bad_literal("invalid literal for int() with base 10", v);
    return out;
  }
  const auto* typed = v.get_if<TypedScalar>();
  const auto* array = v.get_if<Array>();
  if (array && array->size() == 1) return to_int_number(load_element(array->dtype(), array->data()));
  if (as<WideInt>(v) || (typed && typed->dtype == DType::UInt64)) return to_python(v);
  if (v.is<double>() || typed || v.is<int64_t>() || v.is<bool>()) return to_int_number(v);
  throw Error(ErrorKind::TypeError,
              fmt::format("int() argument must be a string or a real number, not '{}'", type_name(v)));
}

Value to_float(Interpreter&, Args& args) {
  args.expect("float", 0, 1);
  if (args.values.empty()) return 0.0;
  const Value& v = args.values[0];
  if (const auto* text = v.get_if<std::string>()) {
    const std::string digits = trimmed(*text);
    size_t used = 0;
    double out = 0;
    try {
      if (digits.find_first_of("xX") == std::string::npos) out = std::stod(digits, &used);
    } catch (const std::exception&) {
      used = 0;
    }
    if (used == 0 || used != digits.size()) bad_literal("could not convert string to float", v);
    return out;
  }
  if (const auto* array = v.get_if<Array>(); array && array->size() == 1)
    return load_double(array->dtype(), array->data());
  return v.as_double();
}

Value to_bool(Interpreter&, Args& args) {
  args.expect("bool", 0, 1);
  return !args.values.empty() && truth(args.values[0]);
}

Value to_complex(Interpreter&, Args& args) {
  args.expect("complex", 0, 2);
  const Complex re = args.size() > 0 ? args.values[0].as_complex() : 0;
  const Complex im = args.size() > 1 ? args.values[1].as_complex() : 0;
  // Parts that are not there are not added: adding 0 would lose the sign of a zero.
  const double real = im.imag() != 0 ? re.real() - im.imag() : re.real();
  const double imag = args.size() < 2 ? re.imag() : re.imag() != 0 ? re.imag() + im.real() : im.real();
  return Complex(real, imag);
}

Value to_str(Interpreter&, Args& args) {
  args.expect("str", 0, 1);
  return args.values.empty() ? std::string() : str(args.values[0]);
}
Value to_repr(Interpreter&, Args& args) {
  args.expect("repr", 1, 1);
  return repr(args.values[0]);
}
Value format(Interpreter&, Args& args) {
  args.expect("format", 1, 2);
  return format_value(args.values[0], args.size() > 1 ? args.values[1].as_string() : "");
}

std::string in_base(const Args& args, const char* prefix, int base) {
  const int64_t v = args.values.at(0).as_int();
  const uint64_t magnitude = v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v);
  const std::string digits = base == 16  ? fmt::format("{:x}", magnitude)
                             : base == 8 ? fmt::format("{:o}", magnitude)
                                         : fmt::format("{:b}", magnitude);
  return (v < 0 ? "-" : "") + std::string(prefix) + digits;
}
Value hex(Interpreter&, Args& args) { return args.expect("hex", 1, 1), in_base(args, "0x", 16); }
Value oct(Interpreter&, Args& args) { return args.expect("oct", 1, 1), in_base(args, "0o", 8); }
Value bin(Interpreter&, Args& args) { return args.expect("bin", 1, 1), in_base(args, "0b", 2); }
Value ord(Interpreter&, Args& args) {
  args.expect("ord", 1, 1);
  const std::string& text = args.values[0].as_string();
  if (text.size() != 1 || (text[0] & 0x80)) raise(ErrorKind::TypeError, "ord() expected a character (ASCII in kjit)");
  return static_cast<int64_t>(text[0]);
}
Value chr(Interpreter&, Args& args) {
  args.expect("chr", 1, 1);
  const int64_t code = args.values[0].as_int();
  if (code < 0 || code > 127) raise(ErrorKind::ValueError, "chr() arg not in range(128)");
  return std::string(1, static_cast<char>(code));
}

constexpr NativeRow kRows[] = {
    {"builtins.int", to_int},    {"builtins.float", to_float},
    {"builtins.bool", to_bool},  {"builtins.complex", to_complex},
    {"builtins.str", to_str},    {"builtins.repr", to_repr},
    {"builtins.format", format}, {"builtins.hex", hex},
    {"builtins.oct", oct},       {"builtins.bin", bin},
    {"builtins.ord", ord},       {"builtins.chr", chr},
};

}  // namespace

std::span<const NativeRow> conversion_natives() { return kRows; }

int64_t to_int_number(const Value& v) {
  const auto* typed = v.get_if<TypedScalar>();
  if (v.is<double>() || (typed && typed->dtype >= DType::Float32)) {
    const double x = v.as_double();
    if (std::isnan(x)) raise(ErrorKind::ValueError, "cannot convert float NaN to integer");
    if (std::isinf(x)) raise(ErrorKind::OverflowError, "cannot convert float infinity to integer");
    if (x >= 9223372036854775808.0 || x < -9223372036854775808.0) int_overflow();
    return static_cast<int64_t>(x);
  }
  return v.as_int();
}

}  // namespace kjit::eval
