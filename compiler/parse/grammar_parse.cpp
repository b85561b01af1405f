// Two-stage parsing, and an error strategy that stops at the first error and says where the grammar stood.
#include "parse/grammar_parse.h"

#include "parse/prediction.h"

#include <ANTLRErrorStrategy.h>
#include <RecognitionException.h>
#include <atn/ParserATNSimulator.h>

namespace kjit::parse {

namespace {

// The fast stage does not fit the text.
struct Misfit {};

// Neither recovers nor prints: leaves the parse at the first error. It never asks a token for its text, which only the
// lexer, gone by then, could give.
class FirstError final : public antlr4::ANTLRErrorStrategy {
 public:
  struct Found {
    SyntaxFailure failure;
  };

  explicit FirstError(bool explain) : explain_(explain) {}

  void reset(antlr4::Parser*) override {}
  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    if (!explain_) throw Misfit{};
    leave(parser, parser->getCurrentToken(), parser->getExpectedTokens());
  }
  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override {
    if (!explain_) throw Misfit{};
    leave(parser, error.getOffendingToken(), error.getExpectedTokens());
  }
  void recover(antlr4::Parser*, std::exception_ptr) override {}
  void sync(antlr4::Parser*) override {}
  bool inErrorRecoveryMode(antlr4::Parser*) override { return false; }
  void reportMatch(antlr4::Parser*) override {}

 private:
  [[noreturn]] static void leave(antlr4::Parser* parser, const antlr4::Token* token,
                                 const antlr4::misc::IntervalSet& expected) {
    SyntaxFailure failure;
    failure.token = token->getTokenIndex();
    // What is known to fit belongs to the token that prediction began with, not to one it looked ahead at.
    if (failure.token == parser->getCurrentToken()->getTokenIndex()) {
      for (const ssize_t type : expected.toList()) failure.expected.push_back(static_cast<size_t>(type));
    }
    for (const antlr4::RuleContext* rule = parser->getContext(); rule != nullptr;
         rule = static_cast<const antlr4::RuleContext*>(rule->parent)) {
      failure.rules.push_back(rule->getRuleIndex());
    }
    throw Found{std::move(failure)};
  }

  bool explain_;
};

}  // namespace

GrammarParse::GrammarParse(TokenList& tokens, Start start, Findings& findings) : tokens_(tokens), parser_(&tokens) {
  parser_.removeErrorListeners();
  parser_.setBuildParseTree(false);  // labels hold all that is needed
  auto* interpreter = parser_.getInterpreter<antlr4::atn::ParserATNSimulator>();
  try {
    tokens_.seek(0);
    interpreter->setPredictionMode(antlr4::atn::PredictionMode::SLL);
    parser_.setErrorHandler(std::make_shared<FirstError>(/*explain=*/false));
    if (run(start)) return;
    fell_back_ = true;
    tokens_.seek(0);
    parser_.reset();
    interpreter->setPredictionMode(antlr4::atn::PredictionMode::LL);
    parser_.setErrorHandler(std::make_shared<FirstError>(/*explain=*/true));
    run(start);
  } catch (const TooDeep& deep) {
    findings.too_deep(span_of(*deep.at), kMaxTreeDepth);
    throw GiveUp{};
  }
}

bool GrammarParse::run(Start start) {
  try {
    if (start == Start::File) {
      file_ = parser_.file();
    } else {
      field_ = parser_.field();
    }
    return true;
  } catch (const Misfit&) {
    return false;
  } catch (const FirstError::Found& found) {
    failure_ = found.failure;
    return false;
  }
}

bool needs_full_prediction(const source::SourceFile& file) {
  Findings findings;
  try {
    TokenList tokens = tokenize(file, {0, static_cast<uint32_t>(file.text().size())}, findings, /*fragment=*/false);
    const GrammarParse parsed(tokens, GrammarParse::Start::File, findings);
    return parsed.fell_back() && !parsed.failure();
  } catch (const GiveUp&) {
    return false;
  }
}

}  // namespace kjit::parse
