// Asks the lexer and the grammar where the text ends.
#include "parse/completeness.h"

#include <algorithm>

#include "parse/findings.h"
#include "parse/grammar_parse.h"
#include "parse/token_list.h"
#include "source/utf8.h"

namespace kjit::parse {

namespace {

using P = generated::KjitParser;

struct End {
  bool any = false;    // tokens other than marks of blocks
  bool block = false;  // the last statement is one with a block, "if x: y" too
};

bool begins_compound(size_t type) {
  switch (type) {
    case P::IF:
    case P::FOR:
    case P::WHILE:
    case P::DEF:
    case P::CLASS:
    case P::TRY:
    case P::WITH:
    case P::ASYNC:
    case P::MATCH:
    case P::AT:
      return true;
    default:
      return false;
  }
}

End end_of(const TokenList& tokens) {
  End end;
  size_t depth = 0;
  bool line_begins = true;
  for (size_t i = 0; i < tokens.count(); ++i) {
    const size_t type = tokens.type(i);
    if (type == antlr4::Token::EOF) break;
    if (type == P::INDENT || type == P::DEDENT) {
      depth = type == P::INDENT ? depth + 1 : depth - std::min<size_t>(depth, 1);
    } else if (type == P::NEWLINE) {
      line_begins = true;
    } else {
      // A block that has ended goes on with `else` and its like only.
      if (line_begins && depth == 0)
        end.block = begins_compound(type) ||
                    (end.block && (type == P::ELSE || type == P::ELIF || type == P::EXCEPT || type == P::FINALLY));
      line_begins = false;
      end.any = true;
    }
  }
  return end;
}

}  // namespace

Form form_of(std::string_view text) {
  if (text.size() > kMaxBytes || source::find_invalid_utf8(text) != std::string_view::npos) return Form::Complete;
  const source::SourceFile file("<input>", std::string(text) + (text.ends_with('\n') ? "" : "\n"));
  Findings findings;
  try {
    TokenList tokens = tokenize(file, {0, static_cast<uint32_t>(file.text().size())}, findings, /*fragment=*/false);
    if (findings.ends_open()) return Form::Open;
    if (!findings.empty()) return Form::Complete;
    const End end = end_of(tokens);
    if (!end.any) return Form::Empty;
    const GrammarParse parsed(tokens, GrammarParse::Start::File, findings);
    if (!parsed.failure()) return end.block ? Form::Block : Form::Complete;
    // Only marks of blocks follow what the grammar could not go on with: another line could.
    for (size_t i = parsed.failure()->token; i < tokens.count(); ++i)
      if (tokens.type(i) != P::DEDENT && tokens.type(i) != antlr4::Token::EOF) return Form::Complete;
    return Form::Started;
  } catch (const GiveUp&) {
    return Form::Complete;
  }
}

}  // namespace kjit::parse
