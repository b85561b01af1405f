// Python's format specification mini-language.
#include "eval/text.h"

#include <fmt/format.h>

#include <cmath>

#include "eval/array_ops.h"
#include "eval/interpreter.h"
#include "eval/operators.h"
#include "eval/wide_int.h"
#include "source/utf8.h"

namespace kjit::eval {

namespace {

struct Spec {
  std::string fill = " ";
  char align = 0, sign = '-', group = 0, type = 0;
  bool alternate = false, zero = false;
  int width = 0, precision = -1;
};

[[noreturn]] void bad_spec(std::string_view spec, const char* why = nullptr) {
  throw Error(ErrorKind::ValueError, why ? std::string(why) : fmt::format("Invalid format specifier '{}'", spec));
}

bool is_align(char c) { return c == '<' || c == '>' || c == '^' || c == '='; }

size_t character_size(std::string_view text) {
  size_t n = 1;
  while (n < text.size() && (static_cast<unsigned char>(text[n]) & 0xC0) == 0x80) ++n;
  return n;
}

int number_at(std::string_view text, size_t& at) {
  int64_t n = 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
    n = n * 10 + (text[at++] - '0');
    if (n > 1'000'000) bad_spec(text, "Too many decimal digits in format string");
  }
  return static_cast<int>(n);
}

Spec parse_spec(std::string_view text) {
  Spec out;
  size_t at = 0;
  const size_t first = text.empty() ? 0 : character_size(text);
  if (first < text.size() && is_align(text[first])) {
    out.fill = text.substr(0, first);
    out.align = text[first];
    at = first + 1;
  } else if (!text.empty() && is_align(text[0])) {
    out.align = text[at++];
  }
  const auto take = [&](char c) { return at < text.size() && text[at] == c ? (++at, true) : false; };
  if (take('+'))
    out.sign = '+';
  else if (take(' '))
    out.sign = ' ';
  else
    take('-');
  out.alternate = take('#');
  out.zero = take('0');
  if (out.zero && out.fill == " ") out.fill = "0";
  out.width = number_at(text, at);
  if (take(','))
    out.group = ',';
  else if (take('_'))
    out.group = '_';
  if (take('.')) {
    if (at >= text.size() || text[at] < '0' || text[at] > '9') bad_spec(text, "Format specifier missing precision");
    out.precision = number_at(text, at);
  }
  if (at < text.size()) out.type = text[at++];
  if (at != text.size()) bad_spec(text);
  return out;
}

std::string padded(std::string body, const Spec& spec, char align) {
  const size_t length = display_length(body);
  if (length >= static_cast<size_t>(spec.width)) return body;
  const size_t missing = static_cast<size_t>(spec.width) - length;
  const size_t left = align == '>' ? missing : align == '^' ? missing / 2 : 0;
  std::string out;
  for (size_t i = 0; i < left; ++i) out += spec.fill;
  out += body;
  for (size_t i = left; i < missing; ++i) out += spec.fill;
  return out;
}

std::string grouped(const std::string& digits, char separator, size_t every) {
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % every == 0) out += separator;
    out += digits[i];
  }
  return out;
}

// Sign, prefix, digits with separators, rest; filled to the width.
std::string number_text(const Spec& spec, bool negative, const std::string& prefix, std::string digits,
                        const std::string& rest) {
  const std::string sign = negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign);
  const size_t every = spec.type == 'x' || spec.type == 'X' || spec.type == 'b' || spec.type == 'o' ? 4 : 3;
  const auto body = [&] { return spec.group ? grouped(digits, spec.group, every) : digits; };
  const bool fill_inside = spec.zero && !spec.align;
  if (fill_inside && !digits.empty() && std::isdigit(static_cast<unsigned char>(digits[0])))
    while (sign.size() + prefix.size() + body().size() + rest.size() < static_cast<size_t>(spec.width))
      digits.insert(0, "0");
  const std::string head = sign + prefix, tail = body() + rest;
  if (spec.align != '=') return padded(head + tail, spec, spec.align ? spec.align : '>');
  Spec inner = spec;
  inner.width -= static_cast<int>(head.size());
  return head + padded(tail, inner, '>');
}

std::string format_int(__int128 value, const Spec& spec) {
  const auto magnitude = static_cast<uint64_t>(value < 0 ? -value : value);
  if (spec.precision >= 0) bad_spec("", "Precision not allowed in integer format specifier");
  switch (spec.type) {
    case 0:
    case 'd':
    case 'n':
      return number_text(spec, value < 0, "", fmt::to_string(magnitude), "");
    case 'x':
      return number_text(spec, value < 0, spec.alternate ? "0x" : "", fmt::format("{:x}", magnitude), "");
    case 'X':
      return number_text(spec, value < 0, spec.alternate ? "0X" : "", fmt::format("{:X}", magnitude), "");
    case 'o':
      return number_text(spec, value < 0, spec.alternate ? "0o" : "", fmt::format("{:o}", magnitude), "");
    case 'b':
      return number_text(spec, value < 0, spec.alternate ? "0b" : "", fmt::format("{:b}", magnitude), "");
    case 'c': {
      if (value < 0 || value > 0x7f) bad_spec("", "%c arg not in range(128)");
      return padded(std::string(1, static_cast<char>(value)), spec, spec.align ? spec.align : '<');
    }
    default:
      break;
  }
  throw Error(ErrorKind::ValueError, fmt::format("Unknown format code '{}' for object of type 'int'", spec.type));
}

// Digits of a number that is not negative.
std::string float_digits(double v, const Spec& spec) {
  const int precision = spec.precision < 0 ? 6 : spec.precision;
  const auto with = [&](char type) {
    return fmt::format(
        fmt::runtime(spec.alternate ? fmt::format("{{:#.{{}}{}}}", type) : fmt::format("{{:.{{}}{}}}", type)), v,
        precision);
  };
  switch (spec.type) {
    case 'f':
    case 'F':
      return with(spec.type);
    case 'e':
    case 'E':
      return with(spec.type);
    case 'n':
    case 'g':
      return with('g');
    case 'G':
      return with('G');
    case '%':
      return fmt::format("{:.{}f}", v * 100, precision);
    case 0: {
      if (spec.precision < 0) return str(v);
      // As g, but an exponent comes one digit earlier, and there is a digit after the point.
      std::string text = fmt::format("{:.{}g}", v, std::max(precision, 1));
      if (text.find('e') == std::string::npos && std::isfinite(v)) {
        const std::string shown = fmt::format("{:.{}e}", v, std::max(precision, 1) - 1);
        const int exponent = std::stoi(shown.substr(shown.find('e') + 1));
        if (exponent >= std::max(precision, 1) - 1) {
          std::string mantissa = shown.substr(0, shown.find('e'));
          if (mantissa.find('.') != std::string::npos) {
            mantissa.erase(mantissa.find_last_not_of('0') + 1);
            if (mantissa.back() == '.') mantissa.pop_back();
          }
          return mantissa + shown.substr(shown.find('e'));
        }
      }
      if (std::isfinite(v) && text.find_first_of(".e") == std::string::npos) text += ".0";
      return text;
    }
    default:
      break;
  }
  throw Error(ErrorKind::ValueError, fmt::format("Unknown format code '{}' for object of type 'float'", spec.type));
}

std::string format_double(double value, const Spec& spec) {
  const bool negative = std::signbit(value) && !std::isnan(value);
  std::string digits = float_digits(std::fabs(value), spec), rest;
  const size_t point = digits.find_first_of(".e");
  if (std::isfinite(value) && point != std::string::npos) rest = digits.substr(point), digits.resize(point);
  if (spec.type == '%') rest += '%';
  return number_text(spec, negative, "", digits, rest);
}

std::string format_complex(Complex value, const Spec& spec) {
  Spec part = spec;
  part.width = 0, part.align = 0, part.zero = false;
  if (spec.type == 0 && spec.precision < 0) return padded(str(Value(value)), spec, spec.align ? spec.align : '>');
  std::string text = format_double(value.real(), part);
  part.sign = '+';
  text += format_double(value.imag(), part) + "j";
  if (spec.type == 0) text = "(" + text + ")";
  return padded(text, spec, spec.align ? spec.align : '>');
}

std::string format_string(const std::string& text, const Spec& spec) {
  if (spec.type != 0 && spec.type != 's')
    throw Error(ErrorKind::ValueError, fmt::format("Unknown format code '{}' for object of type 'str'", spec.type));
  if (spec.align == '=') bad_spec("", "'=' alignment not allowed in string format specifier");
  std::string shown = text;
  if (spec.precision >= 0) {
    size_t at = 0;
    for (int i = 0; i < spec.precision && at < text.size(); ++i)
      at += character_size(std::string_view(text).substr(at));
    shown.resize(at);
  }
  return padded(shown, spec, spec.align ? spec.align : '<');
}

bool is_float_type(char type) { return type != 0 && std::string_view("eEfFgG%").find(type) != std::string_view::npos; }

std::string format_number(const Value& value, const Spec& spec) {
  if (value.is<Complex>()) return format_complex(value.as_complex(), spec);
  if (value.is<double>() || is_float_type(spec.type)) return format_double(value.as_double(), spec);
  return format_int(wide_value(value), spec);
}

}  // namespace

size_t display_length(std::string_view text) {
  size_t n = 0;
  for (const char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return n;
}

std::string format_value(const Value& value, std::string_view text) {
  // NumPy's scalars format as the Python number that they convert to: a float32 with the digits of a double.
  if (const auto* typed = value.get_if<TypedScalar>(); typed) return format_value(to_python(value), text);
  if (text.empty()) return str(value);
  const Spec spec = parse_spec(text);
  if (is_number(value) || as<WideInt>(value)) return format_number(value, spec);
  if (const auto* s = value.get_if<std::string>()) return format_string(*s, spec);
  throw Error(ErrorKind::TypeError, fmt::format("unsupported format string passed to {}.__format__", type_name(value)));
}

std::string percent_format(const std::string& text, const Value& arguments) {
  const auto* tuple = arguments.get_if<std::shared_ptr<const Value::Tuple>>();
  const std::vector<Value> values = tuple ? **tuple : std::vector<Value>{arguments};
  size_t used = 0;
  const auto next = [&]() -> const Value& {
    if (used == values.size()) raise(ErrorKind::TypeError, "not enough arguments for format string");
    return values[used++];
  };
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    Spec spec;
    bool left = false;
    for (++i; i < text.size(); ++i) {
      if (text[i] == '-')
        left = true;
      else if (text[i] == '+')
        spec.sign = '+';
      else if (text[i] == ' ' && spec.sign != '+')
        spec.sign = ' ';
      else if (text[i] == '#')
        spec.alternate = true;
      else if (text[i] == '0')
        spec.zero = true;
      else
        break;
    }
    const auto width = [&]() -> int {
      return i < text.size() && text[i] == '*' ? (++i, static_cast<int>(next().as_int())) : number_at(text, i);
    };
    spec.width = width();
    if (i < text.size() && text[i] == '.') ++i, spec.precision = width();
    if (i >= text.size()) raise(ErrorKind::ValueError, "incomplete format");
    spec.type = text[i];
    if (left) spec.align = '<', spec.zero = false;
    if (spec.type == '%') {
      out += '%';
    } else if (spec.type == 's' || spec.type == 'r') {
      const Value& value = next();
      const std::string shown = spec.type == 's' ? str(value) : repr(value);
      spec.type = 's', spec.align = left ? '<' : '>', spec.zero = false;
      out += format_string(shown, spec);
    } else if (std::string_view("diuxXo").find(spec.type) != std::string_view::npos) {
      const Value& value = next();
      const bool decimal = spec.type == 'd' || spec.type == 'i' || spec.type == 'u';
      if (decimal) spec.type = 'd';
      spec.precision = -1;
      const Value number = to_python(value);
      const bool truncate = decimal && !is_python_int(number);
      out += format_int(truncate ? static_cast<int64_t>(number.as_double()) : wide_value(number), spec);
    } else if (spec.type == 'c') {
      const Value& value = next();
      const auto* character = value.get_if<std::string>();
      const auto* typed = value.get_if<TypedScalar>();
      const bool integer = value.is<int64_t>() || value.is<bool>() || (typed && typed->dtype < DType::Float32);
      if (character ? display_length(*character) != 1 : !integer)
        raise(ErrorKind::TypeError, "%c requires int or char");
      spec.type = 's', spec.precision = -1, spec.zero = false, spec.align = left ? '<' : '>';
      const int64_t code = character ? 0 : value.as_int();
      if (code < 0 || code > 0x10ffff) raise(ErrorKind::OverflowError, "%c arg not in range(0x110000)");
      std::string shown = character ? *character : "";
      if (!character) source::append_utf8(shown, static_cast<char32_t>(code));
      out += format_string(shown, spec);
    } else if (is_float_type(spec.type)) {
      out += format_double(next().as_double(), spec);
    } else {
      throw Error(ErrorKind::ValueError, fmt::format("unsupported format character '{}'", spec.type));
    }
  }
  if (tuple && used != values.size())
    raise(ErrorKind::TypeError, "not all arguments converted during string formatting");
  return out;
}

std::string brace_format(const std::string& text, const Args& args, size_t first) {
  std::string out;
  size_t automatic = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] == '{' || text[i] == '}') && i + 1 < text.size() && text[i + 1] == text[i]) {
      out += text[i++];
      continue;
    }
    if (text[i] == '}') raise(ErrorKind::ValueError, "Single '}' encountered in format string");
    if (text[i] != '{') {
      out += text[i];
      continue;
    }
    const size_t end = text.find('}', i);
    if (end == std::string::npos) raise(ErrorKind::ValueError, "expected '}' before end of string");
    std::string_view field = std::string_view(text).substr(i + 1, end - i - 1), spec;
    i = end;
    if (const size_t colon = field.find(':'); colon != std::string_view::npos)
      spec = field.substr(colon + 1), field = field.substr(0, colon);
    char conversion = 0;
    if (const size_t mark = field.find('!'); mark != std::string_view::npos && mark + 1 < field.size())
      conversion = field[mark + 1], field = field.substr(0, mark);
    if (spec.find('{') != std::string_view::npos)
      raise(ErrorKind::ValueError, "nested format specifications are not supported by kjit");
    const Value* value = nullptr;
    if (field.empty() || std::isdigit(static_cast<unsigned char>(field[0]))) {
      size_t at = 0;
      const size_t index = first + (field.empty() ? automatic++ : static_cast<size_t>(number_at(field, at)));
      if (index >= args.values.size())
        raise(ErrorKind::IndexError, "Replacement index out of range for positional args tuple");
      value = &args.values[index];
    }
    for (const auto& [name, v] : args.keywords)
      if (name == field) value = &v;
    if (!value) throw Error(ErrorKind::KeyError, fmt::format("'{}'", field));
    out += conversion == 'r'   ? format_value(repr(*value), spec)
           : conversion == 's' ? format_value(str(*value), spec)
                               : format_value(*value, spec);
  }
  return out;
}

}  // namespace kjit::eval
