// One run of the grammar over a token list, in two stages: fast SLL prediction first, full LL when that fails.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "KjitParser.h"
#include "parse/token_list.h"

namespace kjit::parse {

// Where the grammar could not go on.
struct SyntaxFailure {
  size_t token = 0;              // index of the token that does not fit
  std::vector<size_t> expected;  // token types that would have fitted; empty when that is not known
  std::vector<size_t> rules;     // rules under way, innermost first
};

// A parse with its tree. The tree lives as long as this object, the tokens must live as long.
class GrammarParse {
 public:
  enum class Start { File, Field };

  GrammarParse(TokenList& tokens, Start start, Findings& findings);

  generated::KjitParser::FileContext* file() const { return file_; }  // null after a failure
  generated::KjitParser::FieldContext* field() const { return field_; }
  bool fell_back() const { return fell_back_; }  // the fast stage failed
  const std::optional<SyntaxFailure>& failure() const { return failure_; }

 private:
  bool run(Start start);

  TokenList& tokens_;
  generated::KjitParser parser_;
  generated::KjitParser::FileContext* file_ = nullptr;
  generated::KjitParser::FieldContext* field_ = nullptr;
  bool fell_back_ = false;
  std::optional<SyntaxFailure> failure_;
};

}  // namespace kjit::parse
