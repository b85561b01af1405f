// Methods of strings. Case and classes of characters are those of ASCII.
#include <algorithm>
#include <cctype>

#include "eval/natives.h"
#include "eval/operators.h"
#include "eval/text.h"

namespace kjit::eval {

namespace {

const std::string& self(const Args& args) { return args.values[0].as_string(); }
const std::string& text(const Args& args, size_t i) { return args.values[i].as_string(); }

Value join(Interpreter&, Args& args) {
  args.expect("join", 2, 2);
  std::string out;
  bool first = true;
  for (const Value& v : to_vector(args.values[1])) {
    if (!v.is<std::string>())
      throw Error(ErrorKind::TypeError, "sequence item: expected str instance, " + type_name(v) + " found");
    if (!first) out += self(args);
    out += v.as_string();
    first = false;
  }
  return out;
}

constexpr const char* kSpace = " \t\n\r\f\v";

Value split(Interpreter&, Args& args) {
  const Value* separator = args.get(1, "sep");
  const Value* most = args.get(2, "maxsplit");
  int64_t left = most ? most->as_int() : -1;
  const std::string& s = self(args);
  std::vector<Value> out;
  if (separator && !separator->is_none()) {
    const std::string& by = separator->as_string();
    if (by.empty()) raise(ErrorKind::ValueError, "empty separator");
    size_t at = 0;
    for (size_t next; left-- != 0 && (next = s.find(by, at)) != std::string::npos; at = next + by.size())
      out.emplace_back(s.substr(at, next - at));
    out.emplace_back(s.substr(at));
  } else {
    size_t at = s.find_first_not_of(kSpace);
    while (at != std::string::npos) {
      const size_t end = left-- == 0 ? s.find_last_not_of(kSpace) + 1 : s.find_first_of(kSpace, at);
      out.emplace_back(s.substr(at, end == std::string::npos ? end : end - at));
      at = end == std::string::npos ? end : s.find_first_not_of(kSpace, end);
    }
  }
  return make<List>(std::move(out));
}

Value splitlines(Interpreter&, Args& args) {
  args.expect("splitlines", 1, 1);
  std::vector<Value> out;
  const std::string& s = self(args);
  for (size_t at = 0; at < s.size();) {
    const size_t end = std::min(s.find('\n', at), s.size());
    out.emplace_back(s.substr(at, end - at));
    at = end + 1;
  }
  return make<List>(std::move(out));
}

std::string stripped(Args& args, bool left, bool right) {
  args.expect("strip", 1, 2);
  const std::string set = args.size() > 1 && !args.values[1].is_none() ? text(args, 1) : kSpace;
  const std::string& s = self(args);
  const size_t begin = left ? s.find_first_not_of(set) : 0;
  if (begin == std::string::npos) return "";
  const size_t end = right ? s.find_last_not_of(set) : s.size() - 1;
  return end == std::string::npos || s.empty() ? "" : s.substr(begin, end - begin + 1);
}
Value strip(Interpreter&, Args& args) { return stripped(args, true, true); }
Value lstrip(Interpreter&, Args& args) { return stripped(args, true, false); }
Value rstrip(Interpreter&, Args& args) { return stripped(args, false, true); }

template <typename F>
Value mapped(Args& args, const char* name, F f) {
  args.expect(name, 1, 1);
  std::string out = self(args);
  for (char& c : out)
    if (!(c & 0x80)) c = static_cast<char>(f(static_cast<unsigned char>(c)));
  return out;
}
Value upper(Interpreter&, Args& args) {
  return mapped(args, "upper", [](int c) { return std::toupper(c); });
}
Value lower(Interpreter&, Args& args) {
  return mapped(args, "lower", [](int c) { return std::tolower(c); });
}
Value capitalize(Interpreter&, Args& args) {
  return mapped(args, "capitalize", [first = true](int c) mutable {
    return std::exchange(first, false) ? std::toupper(c) : std::tolower(c);
  });
}
Value title(Interpreter&, Args& args) {
  return mapped(args, "title", [before = 0](int c) mutable {
    return before = std::isalpha(std::exchange(before, c)) ? std::tolower(c) : std::toupper(c);
  });
}

template <typename F>
Value all_of(Args& args, const char* name, F f) {
  args.expect(name, 1, 1);
  const std::string& s = self(args);
  return !s.empty() && std::all_of(s.begin(), s.end(), [&](unsigned char c) { return f(c) != 0; });
}
Value isdigit(Interpreter&, Args& args) {
  return all_of(args, "isdigit", [](int c) { return std::isdigit(c); });
}
Value isalpha(Interpreter&, Args& args) {
  return all_of(args, "isalpha", [](int c) { return std::isalpha(c); });
}
Value isalnum(Interpreter&, Args& args) {
  return all_of(args, "isalnum", [](int c) { return std::isalnum(c); });
}
Value isspace(Interpreter&, Args& args) {
  return all_of(args, "isspace", [](int c) { return std::isspace(c); });
}

template <typename F>
Value any_affix(Args& args, const char* name, F f) {
  args.expect(name, 2, 2);
  if (args.values[1].is<std::string>()) return f(self(args), text(args, 1));
  const Value::Tuple& options = args.values[1].as_tuple();
  return std::any_of(options.begin(), options.end(), [&](const Value& v) { return f(self(args), v.as_string()); });
}
Value startswith(Interpreter&, Args& args) {
  return any_affix(args, "startswith", [](const std::string& s, const std::string& p) { return s.starts_with(p); });
}
Value endswith(Interpreter&, Args& args) {
  return any_affix(args, "endswith", [](const std::string& s, const std::string& p) { return s.ends_with(p); });
}

int64_t found_at(Args& args, const char* name, bool last) {
  args.expect(name, 2, 2);
  const size_t at = last ? self(args).rfind(text(args, 1)) : self(args).find(text(args, 1));
  if (at == std::string::npos) return -1;
  return static_cast<int64_t>(display_length(std::string_view(self(args)).substr(0, at)));
}
Value find(Interpreter&, Args& args) { return found_at(args, "find", false); }
Value rfind(Interpreter&, Args& args) { return found_at(args, "rfind", true); }
Value index(Interpreter&, Args& args) {
  const int64_t at = found_at(args, "index", false);
  if (at < 0) raise(ErrorKind::ValueError, "substring not found");
  return at;
}

int64_t count_of(const std::string& s, const std::string& part) {
  if (part.empty()) return static_cast<int64_t>(display_length(s)) + 1;
  int64_t n = 0;
  for (size_t at = 0; (at = s.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}
Value count(Interpreter&, Args& args) {
  args.expect("count", 2, 2);
  return count_of(self(args), text(args, 1));
}

Value replace(Interpreter&, Args& args) {
  args.expect("replace", 3, 4);
  const std::string &s = self(args), &old = text(args, 1), &by = text(args, 2);
  int64_t left = args.size() > 3 ? args.values[3].as_int() : -1;
  if (old.empty()) raise(ErrorKind::ValueError, "replace() of an empty string is not supported");
  std::string out;
  size_t at = 0;
  for (size_t next; left-- != 0 && (next = s.find(old, at)) != std::string::npos; at = next + old.size())
    out.append(s, at, next - at).append(by);
  return out.append(s, at);
}

Value aligned(Args& args, const char* name, char align) {
  args.expect(name, 2, 3);
  const std::string fill = args.size() > 2 ? text(args, 2) : " ";
  if (display_length(fill) != 1) raise(ErrorKind::TypeError, "The fill character must be exactly one character long");
  const int64_t width = std::max<int64_t>(args.values[1].as_int(), 0);
  // center() puts the odd space where str.center does: on the left when the width is odd.
  const auto length = static_cast<int64_t>(display_length(self(args)));
  if (width <= length) return self(args);
  const int64_t missing = width - length;
  const int64_t left = align == '>' ? missing : align == '^' ? missing / 2 + (missing & width & 1) : 0;
  std::string out;
  for (int64_t i = 0; i < left; ++i) out += fill;
  out += self(args);
  for (int64_t i = left; i < missing; ++i) out += fill;
  return out;
}
Value ljust(Interpreter&, Args& args) { return aligned(args, "ljust", '<'); }
Value rjust(Interpreter&, Args& args) { return aligned(args, "rjust", '>'); }
Value center(Interpreter&, Args& args) { return aligned(args, "center", '^'); }
Value zfill(Interpreter&, Args& args) {
  args.expect("zfill", 2, 2);
  std::string s = self(args);
  const size_t sign = !s.empty() && (s[0] == '+' || s[0] == '-') ? 1 : 0;
  const auto width = static_cast<size_t>(std::max<int64_t>(args.values[1].as_int(), 0));
  if (s.size() < width) s.insert(sign, width - s.size(), '0');
  return s;
}

Value format(Interpreter&, Args& args) { return brace_format(self(args), args, 1); }

constexpr NativeRow kRows[] = {
    {"str.join", join},
    {"str.split", split},
    {"str.splitlines", splitlines},
    {"str.strip", strip},
    {"str.lstrip", lstrip},
    {"str.rstrip", rstrip},
    {"str.upper", upper},
    {"str.lower", lower},
    {"str.title", title},
    {"str.capitalize", capitalize},
    {"str.isdigit", isdigit},
    {"str.isalpha", isalpha},
    {"str.isalnum", isalnum},
    {"str.isspace", isspace},
    {"str.startswith", startswith},
    {"str.endswith", endswith},
    {"str.find", find},
    {"str.rfind", rfind},
    {"str.index", index},
    {"str.count", count},
    {"str.replace", replace},
    {"str.ljust", ljust},
    {"str.rjust", rjust},
    {"str.center", center},
    {"str.zfill", zfill},
    {"str.format", format},
};

}  // namespace

std::span<const NativeRow> string_natives() { return kRows; }

}  // namespace kjit::eval
