// Base class of the generated parser: bounds its recursion.
#pragma once

#include <Parser.h>

#include "parse/findings.h"

namespace kjit::parse {

// Thrown when more than kMaxRuleDepth rules are under way.
struct TooDeep {
  antlr4::Token* at;
};

class ParserBase : public antlr4::Parser {
 public:
  explicit ParserBase(antlr4::TokenStream* input) : Parser(input) {}

  void enterRule(antlr4::ParserRuleContext* context, size_t state, size_t rule) override {
    deeper();
    Parser::enterRule(context, state, rule);
  }
  void enterRecursionRule(antlr4::ParserRuleContext* context, size_t state, size_t rule, int precedence) override {
    deeper();
    Parser::enterRecursionRule(context, state, rule, precedence);
  }
  void unrollRecursionContexts(antlr4::ParserRuleContext* parent) override {
    --depth_;
    Parser::unrollRecursionContexts(parent);
  }
  // Hides the one of ANTLR, which is not virtual; generated code calls this one.
  void exitRule() {
    --depth_;
    Parser::exitRule();
  }

 private:
  void deeper() {
    if (++depth_ > kMaxRuleDepth) throw TooDeep{getCurrentToken()};
  }

  size_t depth_ = 0;
};

}  // namespace kjit::parse
