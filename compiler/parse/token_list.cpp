// Tokens in a vector.
#include "parse/token_list.h"

#include <CommonToken.h>

#include "KjitLexer.h"
#include "parse/byte_stream.h"

namespace kjit::parse {

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
  const auto at = tokens_.erase(tokens_.begin() + static_cast<ptrdiff_t>(begin), tokens_.begin() + static_cast<ptrdiff_t>(end));
  Tokens made;
  for (const size_t type : types) {
    made.push_back(std::make_unique<antlr4::CommonToken>(source, type, antlr4::Token::DEFAULT_CHANNEL, offset, offset - 1));
  }
  tokens_.insert(at, std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
  number();
  position_ = 0;
}

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
  return TokenList(std::move(tokens));
}

}  // namespace kjit::parse
