// Tokens in a vector.
#include "parse/token_list.h"

#include <CommonToken.h>

#include "KjitLexer.h"
#include "parse/byte_stream.h"

namespace kjit::parse {

using P = generated::KjitLexer;

source::Span span_of(const antlr4::Token& token) {
  const auto begin = static_cast<uint32_t>(token.getStartIndex());
  return {begin, static_cast<uint32_t>(token.getStopIndex() + 1)};
}

source::Span TokenList::span(size_t index) const { return span_of(*tokens_[index]); }

void TokenList::number() {
  for (size_t i = 0; i < tokens_.size(); ++i) static_cast<antlr4::CommonToken&>(*tokens_[i]).setTokenIndex(i);
}

antlr4::Token* TokenList::LT(ssize_t k) {
  if (k < 0) return position_ >= static_cast<size_t>(-k) ? tokens_[position_ - static_cast<size_t>(-k)].get() : nullptr;
  const size_t at = position_ + static_cast<size_t>(k) - 1;
  return tokens_[at < tokens_.size() ? at : tokens_.size() - 1].get();
}

size_t TokenList::LA(ssize_t k) {
  const antlr4::Token* token = LT(k);
  return token == nullptr ? antlr4::Token::INVALID_TYPE : token->getType();
}

void TokenList::replace(size_t begin, size_t end, const std::vector<size_t>& types) {
  const size_t offset = tokens_[begin]->getStartIndex();
  const std::pair<antlr4::TokenSource*, antlr4::CharStream*> source{};
  const auto at =
      tokens_.erase(tokens_.begin() + static_cast<ptrdiff_t>(begin), tokens_.begin() + static_cast<ptrdiff_t>(end));
  Tokens made;
  for (const size_t type : types) {
    made.push_back(
        std::make_unique<antlr4::CommonToken>(source, type, antlr4::Token::DEFAULT_CHANNEL, offset, offset - 1));
  }
  tokens_.insert(at, std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
  number();
  position_ = 0;
}

namespace {

bool opens(size_t type) { return type == P::LEFT_PAREN || type == P::LEFT_BRACKET || type == P::LEFT_BRACE; }
bool closes(size_t type) { return type == P::RIGHT_PAREN || type == P::RIGHT_BRACKET || type == P::RIGHT_BRACE; }

// Marks the words of match statements as keywords and drops the patterns, so that the grammar need not know them.
class MatchMarker {
 public:
  MatchMarker(const source::SourceFile& file, TokenList::Tokens& tokens) : file_(file), tokens_(tokens) {}

  void run() {
    bool any = false;
    for (size_t i = 0; i < tokens_.size(); ++i) any |= begins_line(i) && is(i, "match") && mark(i);
    if (!any) return;
    TokenList::Tokens kept;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      kept.push_back(std::move(tokens_[i]));
      if (kept.back()->getType() != P::CASE) continue;
      const size_t colon = pattern_end(i + 1);
      if (tokens_[colon]->getType() == P::COLON) i = colon - 1;
    }
    tokens_ = std::move(kept);
  }

 private:
  size_t type(size_t i) const { return i < tokens_.size() ? tokens_[i]->getType() : antlr4::Token::EOF; }
  bool is(size_t i, std::string_view word) const {
    return type(i) == P::NAME && file_.text(span_of(*tokens_[i])) == word;
  }
  bool begins_line(size_t i) const {
    return i == 0 || type(i - 1) == P::NEWLINE || type(i - 1) == P::INDENT || type(i - 1) == P::DEDENT;
  }
  void set(size_t i, size_t type) { static_cast<antlr4::CommonToken&>(*tokens_[i]).setType(type); }

  // `match subject:` and an indented line that begins with `case`.
  bool mark(size_t at) {
    size_t end = at + 1;
    while (type(end) != P::NEWLINE && type(end) != antlr4::Token::EOF) ++end;
    if (end < at + 3 || type(end - 1) != P::COLON || type(end + 1) != P::INDENT || !is(end + 2, "case")) return false;
    set(at, P::MATCH);
    size_t depth = 1;
    for (size_t i = end + 2; depth > 0 && i < tokens_.size(); ++i) {
      if (depth == 1 && begins_line(i) && is(i, "case")) set(i, P::CASE);
      if (type(i) == P::INDENT) ++depth;
      if (type(i) == P::DEDENT) --depth;
    }
    return true;
  }

  // The colon behind a pattern, or the end of the line.
  size_t pattern_end(size_t at) const {
    size_t brackets = 0;
    for (; type(at) != P::NEWLINE && type(at) != antlr4::Token::EOF; ++at) {
      if (opens(type(at))) ++brackets;
      if (closes(type(at)) && brackets > 0) --brackets;
      if (type(at) == P::COLON && brackets == 0) break;
    }
    return at;
  }

  const source::SourceFile& file_;
  TokenList::Tokens& tokens_;
};

}  // namespace

std::string token_name(size_t type) {
  ByteStream nothing({}, {});
  const generated::KjitLexer lexer(&nothing);
  return type == antlr4::Token::EOF ? "EOF" : lexer.getVocabulary().getSymbolicName(type);
}

TokenList tokenize(const source::SourceFile& file, source::Span range, Findings& findings, bool fragment) {
  ByteStream stream(file.text(), range);
  generated::KjitLexer lexer(&stream);
  lexer.start(file, range, findings, fragment);
  TokenList::Tokens tokens;
  tokens.reserve((range.end - range.begin) / 4 + 4);
  do {
    tokens.push_back(lexer.nextToken());
  } while (tokens.back()->getType() != antlr4::Token::EOF);
  MatchMarker(file, tokens).run();
  return TokenList(std::move(tokens));
}

}  // namespace kjit::parse
