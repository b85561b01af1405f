// Indentation, joined lines, strings and numbers; see KjitLexer.g4 for the tokens themselves.
#include "parse/lexer_base.h"

#include <CommonToken.h>
#include <CommonTokenFactory.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "KjitLexer.h"
#include "parse/identifier.h"
#include "source/utf8.h"

namespace kjit::parse {

using generated::KjitLexer;
using source::Diag;
using source::Span;

namespace {

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

bool is_name_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::string_view word_at(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && is_name_byte(text[end])) ++end;
  return text.substr(at, end - at);
}

// Keywords that begin a statement and never stand inside brackets.
constexpr auto kStatementWords = std::to_array<std::string_view>(
    {"assert", "break", "class", "continue", "def", "del", "elif", "except", "finally", "global", "import", "nonlocal",
     "pass", "raise", "return", "try", "while", "with"});

// Words that may follow a number without a space ("1if x else 2").
constexpr auto kAfterNumber = std::to_array<std::string_view>({"and", "else", "for", "if", "in", "is", "not", "or"});

template <size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

void LexerBase::start(const source::SourceFile& file, Span range, Findings& findings, bool fragment) {
  removeErrorListeners();
  file_ = &file, findings_ = &findings, fragment_ = fragment;
  text_ = file.text(), end_ = range.end;
  if (!fragment_) begin_line();
}

std::unique_ptr<antlr4::Token> LexerBase::make_token(size_t type, size_t begin, size_t end) {
  // An empty token has its last byte before its first.
  return std::make_unique<antlr4::CommonToken>(std::make_pair(static_cast<antlr4::TokenSource*>(this), _input), type,
                                               antlr4::Token::DEFAULT_CHANNEL, begin, end - 1);
}

void LexerBase::queue(size_t type, size_t begin, size_t end) { queue_.push_back(make_token(type, begin, end)); }

std::unique_ptr<antlr4::Token> LexerBase::nextToken() {
  std::unique_ptr<antlr4::Token> next;
  if (queue_.empty()) {
    next = Lexer::nextToken();
    if (next->getType() == antlr4::Token::EOF && !finished_) {
      finished_ = true;
      end_of_text();
    }
    if (next->getType() == antlr4::Token::EOF) next = make_token(antlr4::Token::EOF, end_, end_);
    if (!queue_.empty() && next->getType() == antlr4::Token::EOF) {
      queue_.push_back(std::move(next));
    } else {
      last_type_ = next->getType();
      return next;
    }
  }
  next = std::move(queue_.front());
  queue_.pop_front();
  last_type_ = next->getType();
  return next;
}

void LexerBase::end_of_text() {
  if (fragment_) return;
  if (!brackets_.empty()) {
    report_unclosed();
    findings_->set_ends_open();
  }
  const bool line_open = last_type_ != 0 && last_type_ != KjitLexer::NEWLINE && last_type_ != KjitLexer::DEDENT;
  if (line_open) queue(KjitLexer::NEWLINE, end_, end_);
  for (; indents_.size() > 1; indents_.pop_back()) {
    if (!indents_.back().phantom) queue(KjitLexer::DEDENT, end_, end_);
  }
}

void LexerBase::report_unclosed() {
  if (fragment_ && brackets_.empty()) return;
  const Bracket& bracket = brackets_.back();
  findings_->add(Diag::syntax_error, {bracket.offset, bracket.offset + 1},
                 fmt::format("'{}' was never closed", bracket.open));
  brackets_.clear();
}

bool LexerBase::next_line_is_statement() {
  size_t at = _input->index();
  while (at < end_ && (text_[at] == ' ' || text_[at] == '\t')) ++at;
  const std::string_view word = word_at(text_.substr(0, end_), at);
  if (!contains(kStatementWords, word)) return false;
  // A keyword argument misspelt as a keyword is not the start of a statement.
  size_t after = at + word.size();
  while (after < end_ && text_[after] == ' ') ++after;
  return peek(after) != '=' && peek(after) != ',' && peek(after) != ')';
}

void LexerBase::onNewline() {
  if (fragment_ || (!brackets_.empty() && !next_line_is_statement())) return skip();
  if (!brackets_.empty()) report_unclosed();
  emit(make_token(KjitLexer::NEWLINE, begin_offset(), offset()));
  begin_line();
}

// Goes on to the first line that has more than blanks and a comment, and compares its indentation with that of the
// blocks.
void LexerBase::begin_line() {
  size_t line_start = _input->index();
  size_t column = 0, characters = 0, at = line_start;
  while (at < end_) {
    const char c = text_[at];
    if (c == ' ') {
      ++column, ++characters;
    } else if (c == '\t') {
      column = (column / 8 + 1) * 8, ++characters;
    } else if (c == '\f') {
      column = characters = 0;
    } else if (c == '#') {
      while (at < end_ && !is_line_end(text_[at])) ++at;
      continue;
    } else if (is_line_end(c)) {
      line_start = at + 1, column = characters = 0;
    } else {
      break;
    }
    ++at;
  }
  _input->seek(at);
  if (at < end_) set_indentation(line_start, at, column, characters);
}

void LexerBase::set_indentation(size_t line_start, size_t at, size_t column, size_t characters) {
  const Span place{static_cast<uint32_t>(line_start), static_cast<uint32_t>(at)};
  const Indent& current = indents_.back();
  if ((column == current.column && characters != current.characters) ||
      (column > current.column && characters <= current.characters)) {
    findings_->add(Diag::bad_indentation, place, "inconsistent use of tabs and spaces in indentation");
  }
  if (column > current.column) {
    if (indents_.size() > kMaxBlocks) {
      findings_->too_deep(place, kMaxBlocks);
      throw GiveUp{};
    }
    indents_.push_back({column, characters, false});
    return queue(KjitLexer::INDENT, line_start, at);
  }
  while (column < indents_.back().column) {
    if (!indents_.back().phantom) queue(KjitLexer::DEDENT, at, at);
    indents_.pop_back();
  }
  if (column != indents_.back().column) {
    findings_->add(Diag::bad_indentation, place, "unindent does not match any outer indentation level");
    indents_.push_back({column, characters, true});
  } else if (characters != indents_.back().characters) {
    findings_->add(Diag::bad_indentation, place, "inconsistent use of tabs and spaces in indentation");
  }
}

void LexerBase::onOpen() {
  if (brackets_.size() >= kMaxBrackets) {
    findings_->too_deep({begin_offset(), begin_offset() + 1}, kMaxBrackets);
    throw GiveUp{};
  }
  brackets_.push_back({text_[begin_offset()], begin_offset()});
}

void LexerBase::onClose() {
  const char close = text_[begin_offset()];
  const Span place{begin_offset(), begin_offset() + 1};
  if (brackets_.empty()) {
    findings_->add(Diag::syntax_error, place, fmt::format("unmatched '{}'", close));
    return skip();
  }
  const Bracket open = brackets_.back();
  brackets_.pop_back();
  const char wanted = open.open == '(' ? ')' : open.open == '[' ? ']' : '}';
  if (close == wanted) return;
  findings_->add(Diag::syntax_error, place, fmt::format("closing '{}' does not match opening '{}'", close, open.open))
      .notes.push_back({{open.offset, open.offset + 1}, fmt::format("'{}' was opened here", open.open)});
}

// The prefix and the first quote have been matched; goes on to the closing quote.
void LexerBase::onString() {
  const uint32_t first = offset() - 1;
  const char quote = text_[first];
  const bool triple = peek(first + 1) == quote && peek(first + 2) == quote;
  const size_t length = triple ? 3 : 1;
  for (size_t at = first + length; at < end_; ++at) {
    const char c = text_[at];
    if (c == '\\') {
      if (peek(at + 1) == '\r' && peek(at + 2) == '\n') ++at;
      ++at;
    } else if (c == quote && (!triple || (peek(at + 1) == quote && peek(at + 2) == quote))) {
      return _input->seek(at + length);
    } else if (is_line_end(c) && !triple) {
      findings_->add(Diag::syntax_error, {begin_offset(), static_cast<uint32_t>(at)}, "unterminated string");
      return _input->seek(at);
    }
  }
  findings_->add(Diag::syntax_error, {begin_offset(), first + static_cast<uint32_t>(length)},
                 triple ? "unterminated triple-quoted string" : "unterminated string");
  findings_->set_ends_open();
  _input->seek(end_);
}

void LexerBase::onNumber() {
  const uint32_t end = offset();
  if (!is_name_byte(peek(end)) || contains(kAfterNumber, word_at(text_.substr(0, end_), end))) return;
  bad_number(end);
}

void LexerBase::bad_number(uint32_t end) {
  const std::string_view matched = text_.substr(begin_offset(), end - begin_offset());
  const std::string_view rest = word_at(text_.substr(0, end_), end);
  _input->seek(end + rest.size());
  const Span all{begin_offset(), end + static_cast<uint32_t>(rest.size())};
  const Span wrong{end, end + source::decode_utf8(text_, end).size};
  const char base = static_cast<char>(std::tolower(matched.size() > 1 ? matched[1] : rest[0]));
  const std::string_view kind = base == 'x'   ? "hexadecimal"
                                : base == 'o' ? "octal"
                                : base == 'b' ? "binary"
                                              : "decimal";
  const bool zeros = matched.find_first_not_of("0_") == std::string_view::npos;
  const bool digit = std::isdigit(static_cast<unsigned char>(rest[0])) != 0;
  if (rest[0] == '_') {
    findings_->add(Diag::bad_literal, wrong, "'_' in a number must stand between two digits");
  } else if (digit && zeros) {
    findings_->add(Diag::bad_literal, all, "an integer must not begin with 0", "write 0o for an octal number");
  } else if (digit) {
    findings_->add(Diag::bad_literal, wrong, fmt::format("invalid digit '{}' in {} number", rest[0], kind));
  } else if (matched == "0" && kind != "decimal") {
    findings_->add(Diag::bad_literal, all, fmt::format("{} number without digits", kind));
  } else {
    findings_->add(Diag::bad_literal, all, fmt::format("invalid {} number", kind));
  }
}

void LexerBase::onUnicodeName() {
  const uint32_t end = offset();
  for (size_t at = begin_offset(); at < end;) {
    const source::CodePoint point = source::decode_utf8(text_, at);
    const bool fine = at == begin_offset() ? starts_identifier(point.value) : continues_identifier(point.value);
    if (!fine) {
      const char32_t c = point.value;
      const bool quote = (c >= 0x2018 && c <= 0x201F) || c == 0xAB || c == 0xBB;
      const bool dash = c == 0x2212 || (c >= 0x2010 && c <= 0x2015);
      const bool space = c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x3000 || c == 0xFEFF;
      const Span place{static_cast<uint32_t>(at), static_cast<uint32_t>(at + point.size)};
      findings_->add(Diag::syntax_error, place,
                     space || c < 0xA0 ? fmt::format("invalid character U+{:04X}", static_cast<uint32_t>(c))
                                       : fmt::format("invalid character '{}' (U+{:04X})", text_.substr(at, point.size),
                                                     static_cast<uint32_t>(c)),
                     quote   ? "use ' or \""
                     : dash  ? "use '-'"
                     : space ? "use a plain space"
                             : "");
      return;
    }
    at += point.size;
  }
}

void LexerBase::onJoinedLine() {
  if (offset() < end_) return;
  findings_->add(Diag::syntax_error, {begin_offset(), begin_offset() + 1}, "no line follows '\\'");
  findings_->set_ends_open();
}

void LexerBase::onUnknown() {
  const char c = text_[begin_offset()];
  const Span place{begin_offset(), begin_offset() + 1};
  skip();
  if (c == '\\') {
    findings_->add(Diag::syntax_error, place, "only the end of the line may follow '\\'");
    size_t at = offset();  // what follows is of no use
    while (at < end_ && !is_line_end(text_[at])) ++at;
    return _input->seek(at);
  }
  if (c >= 0x20 && c < 0x7F) {
    findings_->add(Diag::syntax_error, place, fmt::format("invalid character '{}'", c), c == '!' ? "use 'not'" : "");
  } else {
    findings_->add(Diag::syntax_error, place,
                   fmt::format("invalid character U+{:04X}", static_cast<uint32_t>(c & 0xFF)));
  }
}

}  // namespace kjit::parse
