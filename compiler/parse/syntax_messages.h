// Syntax errors in words.
#pragma once

#include "parse/findings.h"
#include "parse/grammar_parse.h"
#include "parse/token_list.h"

namespace kjit::parse {

// Says what is wrong at a token that the grammar does not take, as one finding.
void describe_failure(const source::SourceFile& file, const TokenList& tokens, const SyntaxFailure& failure,
                      Findings& findings);

// Edits the tokens so that parsing can go on behind the line of the failure with the same blocks around it.
void repair(TokenList& tokens, const SyntaxFailure& failure);

// Tokens [begin, end) of the logical line that holds a token; `end` is the place of its NEWLINE.
struct LogicalLine {
  size_t begin, end;
};
LogicalLine logical_line(const TokenList& tokens, size_t index);

}  // namespace kjit::parse
