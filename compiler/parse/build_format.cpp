// f-strings, with the rules of Python 3.11: no backslash, no comment and not the string's own quotes inside a field.
#include "parse/builder.h"
#include "parse/syntax_messages.h"

namespace kjit::parse {

using ast::ExprKind;

// Text that follows text is joined to it.
void Builder::add_text(std::string_view text, std::vector<ast::FormatPart>& parts) {
  if (text.empty()) return;
  if (parts.empty() || parts.back().value != nullptr) parts.emplace_back();
  parts.back().text = tree_.copy(std::string_view(std::string(parts.back().text).append(text)));
}

size_t Builder::format_parts(const StringBody& body, size_t at, int level, std::vector<ast::FormatPart>& parts) {
  std::string literal;
  const auto flush = [&] {
    add_text(literal, parts);
    literal.clear();
  };
  const std::string_view text = body.text;
  while (at < text.size()) {
    const char c = text[at];
    const bool doubled = level == 0 && at + 1 < text.size() && text[at + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
      literal += c;
      at += 2;
    } else if (c == '{') {
      flush();
      at = format_field(body, at, level, parts);
    } else if (c == '}' && level > 0) {
      break;
    } else if (c == '}') {
      error(body.at(at, at + 1), "a single '}' in an f-string", "write '}}' for a brace");
      ++at;
    } else {
      at = character(body, at, literal);
    }
  }
  flush();
  return at;
}

// Where the expression that begins at `at` ends: at '!', ':', '=' or '}' outside brackets and strings; the end of the
// text after an error.
size_t Builder::field_end(const StringBody& body, size_t at) {
  const std::string_view text = body.text;
  std::string brackets;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (c == '\\' || c == '#') {
      error(body.at(at, at + 1), fmt::format("'{}' cannot stand in an f-string field", c));
      return text.size();
    }
    if (c == '\'' || c == '"') {
      const size_t length = next == c && at + 2 < text.size() && text[at + 2] == c ? 3 : 1;
      const size_t close = text.find(text.substr(at, length), at + length);
      if (close == std::string_view::npos) {
        error(body.at(at, at + length), "unterminated string in an f-string field");
        return close;
      }
      if (const size_t slash = text.substr(0, close).find('\\', at); slash != std::string_view::npos) {
        error(body.at(slash, slash + 1), "'\\' cannot stand in an f-string field");
        return text.size();
      }
      at = close + length - 1;
    } else if (c == '(' || c == '[' || c == '{') {
      brackets += c == '(' ? ')' : c == '[' ? ']' : '}';
    } else if (!brackets.empty()) {
      if (c == brackets.back()) brackets.pop_back();
    } else if ((c == '=' || c == '!' || c == '<' || c == '>') && next == '=') {
      ++at;
    } else if (c == '!' || c == ':' || c == '=' || c == '}') {
      return at;
    }
  }
  return text.size();
}

size_t Builder::format_field(const StringBody& body, size_t at, int level, std::vector<ast::FormatPart>& parts) {
  const std::string_view text = body.text;
  const size_t open = at++;
  if (level > 1) {
    error(body.at(open, at), "fields of an f-string are nested too deeply");
    return text.size();
  }
  const size_t errors = findings_.size();
  const size_t end = std::min(field_end(body, at), text.size());
  if (findings_.size() != errors) return text.size();
  if (end == text.size()) {
    error(body.at(open, at), "'{' in an f-string was never closed", "write '{{' for a brace");
    return end;
  }
  if (text.substr(at, end - at).find_first_not_of(" \t\r\n\f") == std::string_view::npos) {
    error(body.at(open, end + 1), "empty field in an f-string", "write '{{}}' for braces");
  }
  if (findings_.size() != errors) return text.size();
  ast::FormatPart part;
  part.value = field_value(body.at(at, end));
  const size_t begin = at;
  at = end;
  if (text[at] == '=') {
    at = std::min(text.find_first_not_of(" \t\r\n\f", at + 1), text.size());
    part.debug_text = file_.text(body.at(begin, at));
  }
  if (at < text.size() && text[at] == '!') {
    part.conversion = at + 1 < text.size() ? text[at + 1] : ' ';
    if (part.conversion != 's' && part.conversion != 'r' && part.conversion != 'a') {
      error(body.at(at, at + 1), "'!' in an f-string is followed by 's', 'r' or 'a'");
      return text.size();
    }
    at += 2;
  }
  if (at < text.size() && text[at] == ':') {
    std::vector<ast::FormatPart> inner;
    const size_t first = at + 1;
    at = format_parts(body, first, level + 1, inner);
    auto* format = tree_.make_expr<ast::JoinedStr>(ExprKind::JoinedStr, body.at(first, at));
    format->parts = tree_.copy(inner);
    part.format = format;
  } else if (!part.debug_text.empty() && part.conversion == 0) {
    part.conversion = 'r';
  }
  if (findings_.size() != errors) return text.size();
  if (at >= text.size() || text[at] != '}') {
    error(body.at(std::min(at, text.size()), std::min(at + 1, text.size())),
          "expected '}' at the end of an f-string field");
    return text.size();
  }
  parts.push_back(part);
  return at + 1;
}

const ast::Expr* Builder::field_value(Span span) {
  const size_t errors = findings_.size();
  TokenList tokens = tokenize(file_, span, findings_, /*fragment=*/true);
  const GrammarParse parsed(tokens, GrammarParse::Start::Field, findings_);
  if (parsed.failure() && findings_.size() == errors) describe_failure(file_, tokens, *parsed.failure(), findings_);
  if (findings_.size() != errors) return unsupported_expr("this field", span);
  return assigned(*parsed.field()->value);
}

}  // namespace kjit::parse
