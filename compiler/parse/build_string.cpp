// Strings: escape sequences, adjacent literals.
#include <algorithm>
#include <cctype>

#include "parse/builder.h"
#include "parse/literals.h"
#include "source/utf8.h"

namespace kjit::parse {

using ast::ConstantKind;
using ast::ExprKind;
using source::Diag;

namespace {

constexpr std::string_view kNamed = "a character name (\\N) in a string";

}  // namespace

Builder::StringBody Builder::string_body(const Token& token, bool& named) const {
  const std::string_view all = text(token);
  const StringPrefix prefix = string_prefix(all);
  std::string_view body = all.substr(prefix.open);
  // A string that was never closed has been reported; what there is of it is its body.
  const std::string_view quotes = all.substr(prefix.open - prefix.quotes, prefix.quotes);
  if (body.ends_with(quotes)) body.remove_suffix(prefix.quotes);
  return {body, span(token).begin + prefix.open, prefix.raw, prefix.bytes, &named};
}

const ast::Expr* Builder::string(const P::AtomContext& context) {
  bool bytes = false, other = false, format = false, named = false;
  for (const Token* token : context.strings) {
    const StringPrefix prefix = string_prefix(text(*token));
    (prefix.bytes ? bytes : other) = true;
    format |= prefix.format;
  }
  if (bytes && other) error(span(context), "bytes and text cannot be joined");
  if (!format) {
    std::string value;
    for (const Token* token : context.strings) decode(string_body(*token, named), value);
    if (named) return unsupported_expr(kNamed, span(context));
    auto* node = tree_.make_expr<ast::Constant>(ExprKind::Constant, span(context));
    node->value = bytes ? ConstantKind::Bytes : ConstantKind::Str;
    node->text = tree_.copy(std::string_view(value));
    return node;
  }
  const Deeper deeper(*this, context);
  std::vector<ast::FormatPart> parts;
  for (const Token* token : context.strings) {
    const StringBody body = string_body(*token, named);
    if (token->getType() == P::FORMAT_STRING) {
      format_parts(body, 0, 0, parts);
    } else {
      std::string value;
      decode(body, value);
      add_text(value, parts);
    }
  }
  if (named) return unsupported_expr(kNamed, span(context));
  auto* node = tree_.make_expr<ast::JoinedStr>(ExprKind::JoinedStr, span(context));
  node->parts = tree_.copy(parts);
  return node;
}

void Builder::decode(const StringBody& body, std::string& out) {
  for (size_t at = 0; at < body.text.size();) {
    if (body.bytes && static_cast<unsigned char>(body.text[at]) >= 0x80) {
      findings_.add(Diag::bad_literal, body.at(at, at + source::decode_utf8(body.text, at).size),
                    "bytes hold ASCII characters only");
      return;
    }
    at = character(body, at, out);
  }
}

size_t Builder::character(const StringBody& body, size_t at, std::string& out) {
  const char c = body.text[at];
  if (c == '\r') {
    out += '\n';
    return at + (body.text.substr(at).starts_with("\r\n") ? 2 : 1);
  }
  if (c == '\\' && !body.raw) return escape(body, at, out);
  out += c;
  return at + 1;
}

size_t Builder::escape(const StringBody& body, size_t at, std::string& out) {
  const std::string_view rest = body.text.substr(at + 1);
  if (rest.empty()) return at + 1;
  const char c = rest[0];
  constexpr std::string_view kLetters = "\\'\"abfnrtv", kValues = "\\'\"\a\b\f\n\r\t\v";
  if (const size_t i = kLetters.find(c); i != std::string_view::npos) {
    out += kValues[i];
    return at + 2;
  }
  if (c == '\n') return at + 2;
  if (c == '\r') return at + (rest.starts_with("\r\n") ? 3 : 2);
  if (c >= '0' && c <= '7') {
    uint32_t value = 0;
    size_t count = 0;
    for (; count < 3 && count < rest.size() && rest[count] >= '0' && rest[count] <= '7'; ++count) {
      value = value * 8 + static_cast<uint32_t>(rest[count] - '0');
    }
    body.bytes ? out.push_back(static_cast<char>(value)) : source::append_utf8(out, value);
    return at + 1 + count;
  }
  if (c == 'x') return code_escape(body, at, 2, out);
  if (c == 'u' && !body.bytes) return code_escape(body, at, 4, out);
  if (c == 'U' && !body.bytes) return code_escape(body, at, 8, out);
  if (c == 'N' && !body.bytes && rest.starts_with("N{")) {
    *body.named = true;
    return std::min(body.text.find('}', at), body.text.size() - 1) + 1;
  }
  out += '\\';  // not an escape sequence: the backslash stays, as in Python
  return at + 1;
}

// \xhh, \uhhhh or \Uhhhhhhhh.
size_t Builder::code_escape(const StringBody& body, size_t at, size_t digits, std::string& out) {
  uint64_t value = 0;
  for (size_t i = 0; i < digits; ++i) {
    const size_t place = at + 2 + i;
    const char c = place < body.text.size() ? body.text[place] : ' ';
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) {
      findings_.add(Diag::bad_literal, body.at(at, place),
                    fmt::format("'\\{}' needs {} hexadecimal digits", body.text[at + 1], digits));
      return place;
    }
    value = value * 16 + static_cast<uint64_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  if (value > 0x10FFFF) {
    findings_.add(Diag::bad_literal, body.at(at, at + 2 + digits), "there is no character above \\U0010ffff");
  } else if (body.bytes) {
    out += static_cast<char>(value);
  } else {
    source::append_utf8(out, static_cast<char32_t>(value));
  }
  return at + 2 + digits;
}

}  // namespace kjit::parse
