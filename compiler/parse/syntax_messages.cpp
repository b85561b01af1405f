// Syntax errors in words. The grammar says which token does not fit; the tokens around it say what was probably meant.
#include "parse/syntax_messages.h"

#include <algorithm>
#include <array>
#include <optional>

namespace kjit::parse {

using P = generated::KjitParser;
using source::Diag;
using source::Span;

namespace {

constexpr size_t kEof = antlr4::Token::EOF;

bool is_keyword(size_t type) { return type >= P::FALSE && type <= P::YIELD; }
bool is_value(size_t type) {
  return (type >= P::NAME && type <= P::FORMAT_STRING) || type == P::NONE || type == P::TRUE || type == P::FALSE ||
         type == P::ELLIPSIS;
}
bool opens(size_t type) { return type == P::LEFT_PAREN || type == P::LEFT_BRACKET || type == P::LEFT_BRACE; }
bool closes(size_t type) { return type == P::RIGHT_PAREN || type == P::RIGHT_BRACKET || type == P::RIGHT_BRACE; }
bool begins_expression(size_t type) {
  return is_value(type) || opens(type) || type == P::LAMBDA || type == P::NOT || type == P::AWAIT || type == P::TILDE;
}
bool is_operator(size_t type) { return type >= P::PLUS && type <= P::NOT_EQUAL; }
bool ends_line(size_t type) { return type == P::NEWLINE || type == P::SEMICOLON || type == kEof; }
bool is_block_mark(size_t type) { return type == P::NEWLINE || type == P::INDENT || type == P::DEDENT; }

// After these an expression must follow.
bool wants_expression(size_t type) {
  switch (type) {
    case P::IF:
    case P::ELIF:
    case P::WHILE:
    case P::IN:
    case P::IS:
    case P::NOT:
    case P::AND:
    case P::OR:
    case P::ASSERT:
    case P::AWAIT:
    case P::WITH:
    case P::ASSIGN:
    case P::WALRUS:
    case P::ARROW:
    case P::AT:
    case P::COMMA:
    case P::DEL:
    case P::RETURN:
    case P::RAISE:
    case P::YIELD:
    case P::LEFT_PAREN:
    case P::LEFT_BRACKET:
    case P::LEFT_BRACE:
      return true;
    default:
      return is_operator(type) || (type >= P::PLUS_ASSIGN && type <= P::XOR_ASSIGN);
  }
}

// What a name must follow.
std::optional<std::string_view> wanted_name(size_t type) {
  switch (type) {
    case P::DEF:
      return "the name of a function";
    case P::CLASS:
      return "the name of a class";
    case P::IMPORT:
      return "a name";
    case P::FROM:
      return "the name of a module";
    case P::AS:
    case P::DOT:
    case P::GLOBAL:
    case P::NONLOCAL:
      return "a name";
    case P::FOR:
      return "a variable";
    default:
      return std::nullopt;
  }
}

class Describer {
 public:
  Describer(const source::SourceFile& file, const TokenList& tokens, const SyntaxFailure& failure)
      : file_(file), tokens_(tokens), failure_(failure), at_(failure.token), line_(logical_line(tokens, at_)) {
    type_ = tokens.type(at_);
    before_ = at_ > 0 ? tokens.type(at_ - 1) : kEof;
    first_ = at_ == line_.begin;
    find_bracket();
  }

  Finding describe() {
    if (auto found = indentation()) return *found;
    if (auto found = missing_part()) return *found;
    if (auto found = stray_clause()) return *found;
    if (auto found = misspelt_statement()) return *found;
    if (auto found = missing_name()) return *found;
    if (auto found = missing_expression()) return *found;
    if (auto found = missing_word()) return *found;
    if (auto found = assignment_in_expression()) return *found;
    if (auto found = header()) return *found;
    if (auto found = inside_brackets()) return *found;
    if (expects(P::NEWLINE) && (begins_expression(type_) || is_keyword(type_))) {
      const std::string_view wanted = names_only() ? "','" : "an operator";
      return make(fmt::format("expected {} or the end of the line before {}", wanted, word(at_)));
    }
    if (expects(kEof) && within(P::RuleField))
      return make(fmt::format("expected an operator or '}}' before {}", word(at_)));
    return make(fmt::format("unexpected {}", word(at_)));
  }

 private:
  using Maybe = std::optional<Finding>;

  Finding make(std::string message, std::string hint = "", Diag kind = Diag::syntax_error) const {
    return {kind, place(at_), std::move(message), std::move(hint), {}};
  }
  std::string_view text(size_t index) const { return file_.text(tokens_.span(index)); }
  size_t line_of(size_t index) const { return file_.line_column(tokens_.span(index).begin).line; }
  bool expects(size_t type) const {
    return std::find(failure_.expected.begin(), failure_.expected.end(), type) != failure_.expected.end();
  }
  bool within(size_t rule) const {
    return std::find(failure_.rules.begin(), failure_.rules.end(), rule) != failure_.rules.end();
  }

  // Where to point: the token, or for the end of a line the place behind the last token on it.
  Span place(size_t index) const {
    const size_t type = tokens_.type(index);
    if ((type == P::NEWLINE || type == kEof) && index > 0 && !is_block_mark(tokens_.type(index - 1))) {
      const uint32_t end = tokens_.span(index - 1).end;
      return {end, end};
    }
    const Span span = tokens_.span(index);
    return type == P::INDENT || type == P::DEDENT ? place(index + 1) : span;
  }

  static constexpr size_t kLongestWord = 40;
  static std::string_view shortened(std::string_view word) {
    if (word.size() <= kLongestWord) return word;
    size_t end = kLongestWord;
    while (end > 0 && (word[end] & 0xC0) == 0x80) --end;  // not inside a character
    return word.substr(0, end);
  }

  std::string word(size_t index) const {
    const size_t type = tokens_.type(index);
    if (type == P::NEWLINE) return "end of the line";
    if (type == kEof) return within(P::RuleField) ? "end of the field" : "end of the text";
    if (type == P::INDENT) return "indentation";
    if (type == P::DEDENT) return "end of the block";
    if (type == P::STRING || type == P::FORMAT_STRING) return "string";
    const std::string_view spelled = text(index);
    return fmt::format("'{}{}'", shortened(spelled), spelled.size() > kLongestWord ? "..." : "");
  }

  // The innermost bracket of this line that is open at the token.
  void find_bracket() {
    std::vector<size_t> open;
    for (size_t i = line_.begin; i < at_; ++i) {
      if (opens(tokens_.type(i))) open.push_back(i);
      if (closes(tokens_.type(i)) && !open.empty()) open.pop_back();
    }
    if (!open.empty()) bracket_ = open.back();
  }

  Maybe indentation() const {
    if (type_ == P::INDENT) return make("unexpected indent", "", Diag::bad_indentation);
    if (!expects(P::INDENT) || at_ == 0) return std::nullopt;
    const LogicalLine head = logical_line(tokens_, at_ - 1);
    Finding found =
        make(fmt::format("expected an indented block after '{}' on line {}", text(head.begin), line_of(head.begin)), "",
             Diag::bad_indentation);
    if (type_ == P::DEDENT || type_ == kEof) found.span = place(head.end);
    return found;
  }

  // Statements of several parts of which one is not there.
  Maybe missing_part() const {
    if (expects(P::EXCEPT) && expects(P::FINALLY) && !expects(P::EQUAL)) {
      return make("expected 'except' or 'finally' after the block of 'try'");
    }
    if (!failure_.rules.empty() && failure_.rules[0] == P::RuleDecorated_definition && first_) {
      return make("expected a function after the decorator");
    }
    return std::nullopt;
  }

  Maybe stray_clause() const {
    if (!first_) return std::nullopt;
    switch (type_) {
      case P::ELIF:
        return make("'elif' without an 'if' before it");
      case P::ELSE:
        return make("'else' without an 'if', 'for', 'while' or 'try' before it");
      case P::EXCEPT:
      case P::FINALLY:
        return make(fmt::format("'{}' without a 'try' before it", text(at_)));
      default:
        return std::nullopt;
    }
  }

  // A line that begins with a name where a keyword or a call was meant.
  Maybe misspelt_statement() const {
    if (bracket_ || tokens_.type(line_.begin) != P::NAME || at_ != line_.begin + 1) return std::nullopt;
    const std::string_view head = text(line_.begin);
    const bool colon = line_.end > line_.begin && tokens_.type(line_.end - 1) == P::COLON;
    if (!begins_expression(type_) && type_ != P::COLON && !is_keyword(type_)) return std::nullopt;
    Finding found = make("");
    found.span = tokens_.span(line_.begin);
    if ((head == "print" || head == "exec") && !colon) {
      found.message = fmt::format("'{}' is a function: its arguments need parentheses", head);
      return found;
    }
    static const std::vector<std::string> kWords{"assert", "async",  "class",   "continue", "def",   "elif",
                                                 "else",   "except", "finally", "for",      "from",  "if",
                                                 "import", "raise",  "return",  "try",      "while", "with"};
    const std::string near = source::nearest(head, kWords);
    if (near.empty()) return std::nullopt;
    found.message = fmt::format("'{}' does not begin a statement", head);
    found.hint = fmt::format("did you mean '{}'?", near);
    return found;
  }

  // Whether the line is a list of names: an import or a declaration.
  bool names_only() const {
    const size_t head = tokens_.type(line_.begin);
    return head == P::IMPORT || head == P::FROM || head == P::GLOBAL || head == P::NONLOCAL;
  }

  std::string keyword_as_name() const { return fmt::format("'{}' is a keyword and cannot be a name", text(at_)); }

  Maybe missing_name() const {
    if (at_ == line_.begin) return std::nullopt;
    const bool parameter =
        (before_ == P::LEFT_PAREN || before_ == P::COMMA || before_ == P::STAR || before_ == P::POWER) &&
        !failure_.rules.empty() &&
        (failure_.rules[0] == P::RuleParameter || failure_.rules[0] == P::RuleParameter_list ||
         failure_.rules[0] == P::RuleFunction_definition);
    std::optional<std::string_view> wanted = parameter ? "a parameter" : wanted_name(before_);
    if (before_ == P::FROM && at_ != line_.begin + 1) wanted = std::nullopt;  // `raise ... from`
    if (before_ == P::COMMA && names_only()) wanted = "a name";
    if (!wanted) return std::nullopt;
    const bool clause = (before_ == P::FOR && type_ == P::IN) || (before_ == P::FROM && type_ == P::IMPORT);
    if (is_keyword(type_) && !clause) return make(keyword_as_name());
    return make(fmt::format("expected {} after '{}'", *wanted, text(at_ - 1)));
  }

  Maybe missing_expression() const {
    const bool after_lambda = before_ == P::COLON && !failure_.rules.empty() && failure_.rules[0] != P::RuleBlock &&
                              within(P::RuleLambda_expression);
    const bool after_else = before_ == P::ELSE && at_ != line_.begin + 1;
    const bool after_colon = before_ == P::COLON && (bracket_ || type_ == P::ASSIGN);
    const bool after_from = before_ == P::FROM && at_ != line_.begin + 1;
    const bool wanted = wants_expression(before_) || after_lambda || after_else || after_colon || after_from;
    if (before_ == P::STAR && names_only()) return std::nullopt;
    if (at_ == line_.begin || !wanted) return std::nullopt;
    if (type_ == P::NOT && is_operator(before_)) return make("'not' needs parentheses here");
    if (begins_expression(type_)) return std::nullopt;
    if (within(P::RuleParameter_list) || within(P::RuleLambda_parameters)) {
      if (before_ != P::ASSIGN && before_ != P::COLON) return std::nullopt;
    }
    const std::string_view previous = text(at_ - 1);
    const bool adjacent = at_ >= line_.begin + 2 && tokens_.span(at_ - 2).end == tokens_.span(at_ - 1).begin;
    const std::string_view pair =
        adjacent ? file_.text(source::join(tokens_.span(at_ - 2), tokens_.span(at_ - 1))) : "";
    const std::string_view next = file_.text(source::join(tokens_.span(at_ - 1), tokens_.span(at_)));
    std::string hint;
    if (pair == "++" || pair == "--") hint = fmt::format("write 'x {}= 1' for '{}'", pair[0], pair);
    if (next == "&&") hint = "use 'and'";
    if (next == "||") hint = "use 'or'";
    if (next == "<>") hint = "use '!='";
    if (type_ == P::ASSIGN && is_operator(before_)) hint = fmt::format("did you mean '{}='?", previous);
    if (is_keyword(type_) && !is_block_mark(type_) && type_ != P::IF && type_ != P::ELSE && type_ != P::FOR &&
        type_ != P::IN && type_ != P::IS && type_ != P::AND && type_ != P::OR) {
      return make(keyword_as_name());
    }
    return make(fmt::format("expected an expression after '{}'", previous), hint);
  }

  // A keyword in the middle of a construct.
  Maybe missing_word() const {
    if (before_ == P::ASYNC) return make("expected 'def', 'for' or 'with' after 'async'");
    if (expects(P::ELSE) && !expects(P::IF) && within(P::RuleExpression)) {
      return make("expected 'else': a conditional expression is written 'a if condition else b'");
    }
    if (expects(P::IN) && !expects(P::COLON) && !expects(P::AND) &&
        (within(P::RuleFor_statement) || within(P::RuleComprehension_loop))) {
      return make("expected 'in' after the variable of 'for'");
    }
    return std::nullopt;
  }

  Maybe assignment_in_expression() const {
    if (type_ != P::ASSIGN) return std::nullopt;
    return make("'=' in an expression: did you mean '=='?");
  }

  // Whether the colon of the line's head stands before the token.
  bool head_is_complete() const {
    size_t brackets = 0, lambdas = 0;
    for (size_t i = line_.begin; i < at_; ++i) {
      const size_t type = tokens_.type(i);
      brackets += opens(type);
      brackets -= closes(type) && brackets > 0;
      lambdas += type == P::LAMBDA && brackets == 0;
      if (type == P::COLON && brackets == 0 && lambdas-- == 0) return true;
    }
    return false;
  }

  // The colon, and what else the head of a statement with a block needs.
  Maybe header() const {
    if (bracket_) return std::nullopt;
    if (expects(P::LEFT_PAREN) && !expects(P::PLUS) && before_ == P::NAME && tokens_.type(line_.begin) == P::DEF) {
      return make("expected '(' after the name of the function");
    }
    if (!expects(P::COLON)) return std::nullopt;
    bool later = false;
    for (size_t i = at_; i < line_.end; ++i) later |= tokens_.type(i) == P::COLON;
    if (head_is_complete()) return std::nullopt;
    const bool full_stop = ends_line(type_) || type_ == P::COMMA || !later;
    std::string_view what;
    switch (tokens_.type(line_.begin)) {
      case P::IF:
        what = "the condition of 'if'";
        break;
      case P::ELIF:
        what = "the condition of 'elif'";
        break;
      case P::WHILE:
        what = "the condition of 'while'";
        break;
      case P::FOR:
        what = "what 'for' runs over";
        break;
      case P::DEF:
        what = "the head of the function";
        break;
      case P::CLASS:
        what = "the head of the class";
        break;
      case P::WITH:
        what = "the head of 'with'";
        break;
      case P::ELSE:
        return make("expected ':' after 'else'", type_ == P::IF ? "use 'elif'" : "");
      case P::TRY:
        what = "'try'";
        break;
      case P::FINALLY:
        what = "'finally'";
        break;
      case P::EXCEPT:
        what = "'except'";
        break;
      default:
        return std::nullopt;
    }
    if (!full_stop) return std::nullopt;
    return make(fmt::format("expected ':' after {}", what));
  }

  Maybe inside_brackets() const {
    if (!bracket_) return std::nullopt;
    const std::string_view open = text(*bracket_);
    const std::string_view close = open == "(" ? ")" : open == "[" ? "]" : "}";
    if (begins_expression(type_)) {
      return make(fmt::format("expected ',' or '{}' before {}", close, word(at_)), "is a comma missing?");
    }
    return make(fmt::format("unexpected {} inside '{}'", word(at_), open));
  }

  const source::SourceFile& file_;
  const TokenList& tokens_;
  const SyntaxFailure& failure_;
  size_t at_;
  LogicalLine line_;
  size_t type_ = 0, before_ = 0;
  bool first_ = false;  // the first token of its line
  std::optional<size_t> bracket_;
};

}  // namespace

LogicalLine logical_line(const TokenList& tokens, size_t index) {
  size_t begin = index, end = index;
  while (begin > 0 && !is_block_mark(tokens.type(begin - 1))) --begin;
  while (end + 1 < tokens.count() && tokens.type(end) != P::NEWLINE) ++end;
  return {begin, end};
}

void describe_failure(const source::SourceFile& file, const TokenList& tokens, const SyntaxFailure& failure,
                      Findings& findings) {
  const Finding found = Describer(file, tokens, failure).describe();
  Finding& added = findings.add(found.kind, found.span, found.message, found.hint);
  added.notes = found.notes;
}

}  // namespace kjit::parse
