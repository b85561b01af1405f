// The tokens of a text in a vector: what ANTLR's parser reads, and what repairs edit after a syntax error.
#pragma once

#include <Token.h>
#include <TokenStream.h>

#include <memory>
#include <vector>

#include "parse/findings.h"
#include "source/source_file.h"

namespace kjit::parse {

class TokenList final : public antlr4::TokenStream {
 public:
  using Tokens = std::vector<std::unique_ptr<antlr4::Token>>;

  // Ends with an EOF token.
  explicit TokenList(Tokens tokens) : tokens_(std::move(tokens)) { number(); }

  size_t type(size_t index) const { return tokens_[index]->getType(); }
  source::Span span(size_t index) const;
  size_t count() const { return tokens_.size(); }
  // Replaces tokens [begin, end) by empty ones of the given types, placed where the first of them was.
  void replace(size_t begin, size_t end, const std::vector<size_t>& types);

  antlr4::Token* LT(ssize_t k) override;
  antlr4::Token* get(size_t index) const override { return tokens_[index].get(); }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  size_t LA(ssize_t k) override;
  void consume() override {
    if (position_ + 1 < tokens_.size()) ++position_;
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  size_t index() override { return position_; }
  void seek(size_t index) override { position_ = index; }
  size_t size() override { return tokens_.size(); }
  std::string getSourceName() const override { return "text"; }
  std::string getText(const antlr4::misc::Interval&) override { return ""; }
  std::string getText() override { return ""; }
  std::string getText(antlr4::RuleContext*) override { return ""; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return ""; }

 private:
  void number();

  Tokens tokens_;
  size_t position_ = 0;
};

source::Span span_of(const antlr4::Token& token);

// As in KjitLexer.g4: "NAME", "INDENT".
std::string token_name(size_t type);

// All tokens of `range`; throws GiveUp when nothing useful can follow. A fragment is the inside of brackets.
TokenList tokenize(const source::SourceFile& file, source::Span range, Findings& findings, bool fragment);

}  // namespace kjit::parse
