// Going on after a syntax error: the faulty line is replaced by a harmless one of the same kind, so that blocks stay
// matched.
#include <algorithm>

#include "parse/syntax_messages.h"

namespace kjit::parse {

using P = generated::KjitParser;

namespace {

bool expects(const SyntaxFailure& failure, size_t type) {
  return std::find(failure.expected.begin(), failure.expected.end(), type) != failure.expected.end();
}

// The head of a statement with a block that stands for a faulty one.
std::vector<size_t> harmless_head(size_t keyword) {
  switch (keyword) {
    case P::DEF:
      return {P::DEF, P::NAME, P::LEFT_PAREN, P::RIGHT_PAREN, P::COLON};
    case P::CLASS:
      return {P::CLASS, P::NAME, P::COLON};
    case P::FOR:
    case P::WHILE:
      return {P::WHILE, P::NAME, P::COLON};
    case P::ELSE:
      return {P::ELSE, P::COLON};
    case P::ELIF:
      return {P::ELIF, P::NAME, P::COLON};
    case P::TRY:
      return {P::TRY, P::COLON};
    case P::EXCEPT:
      return {P::EXCEPT, P::NAME, P::COLON};
    case P::FINALLY:
      return {P::FINALLY, P::COLON};
    default:
      return {P::IF, P::NAME, P::COLON};
  }
}

bool is_clause(size_t type) { return type == P::ELSE || type == P::ELIF || type == P::EXCEPT || type == P::FINALLY; }

void remove_indent(TokenList& tokens, size_t indent) {
  size_t depth = 0, at = indent;
  for (; at + 1 < tokens.count(); ++at) {
    if (tokens.type(at) == P::INDENT) ++depth;
    if (tokens.type(at) == P::DEDENT && --depth == 0) break;
  }
  if (tokens.type(at) == P::DEDENT) tokens.replace(at, at + 1, {});
  tokens.replace(indent, indent + 1, {});
}

// A block that is not indented: its first line is taken for all of it.
void indent(TokenList& tokens, size_t at) {
  const LogicalLine line = logical_line(tokens, at);
  const bool simple = line.begin == at && tokens.type(line.end) == P::NEWLINE && tokens.type(line.end + 1) != P::INDENT;
  if (!simple) return tokens.replace(at, at, {P::INDENT, P::PASS, P::NEWLINE, P::DEDENT});
  tokens.replace(line.end + 1, line.end + 1, {P::DEDENT});
  tokens.replace(at, at, {P::INDENT});
}

}  // namespace

void repair(TokenList& tokens, const SyntaxFailure& failure) {
  const size_t at = failure.token, type = tokens.type(at);
  if (type == P::INDENT) return remove_indent(tokens, at);
  if (expects(failure, P::INDENT)) return indent(tokens, at);
  if (expects(failure, P::EXCEPT) && expects(failure, P::FINALLY) && !expects(failure, P::EQUAL)) {
    return tokens.replace(at, at, {P::FINALLY, P::COLON, P::PASS, P::NEWLINE});
  }
  const LogicalLine line = logical_line(tokens, at);
  if (at == line.begin && !failure.rules.empty() && failure.rules[0] == P::RuleDecorated_definition) {
    return tokens.replace(at, at, {P::CLASS, P::NAME, P::COLON, P::PASS, P::NEWLINE});
  }
  if (type == P::DEDENT || tokens.type(line.end) != P::NEWLINE) return tokens.replace(at, at, {P::PASS, P::NEWLINE});
  size_t first = tokens.type(line.begin);
  const bool block = line.end + 1 < tokens.count() && tokens.type(line.end + 1) == P::INDENT;
  if (first == P::ASYNC && line.begin + 1 < line.end) first = tokens.type(line.begin + 1);
  if (!block && first == P::AT) return tokens.replace(line.begin, line.end, {P::AT, P::NAME});
  if (!block && !is_clause(first)) return tokens.replace(line.begin, line.end, {P::PASS});
  if (at == line.begin && is_clause(first)) first = P::IF;  // a clause that nothing precedes
  std::vector<size_t> head = harmless_head(first);
  if (!block) head.push_back(P::PASS);
  tokens.replace(line.begin, line.end, head);
}

}  // namespace kjit::parse
