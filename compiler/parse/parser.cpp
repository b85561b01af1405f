// The stage: text to tokens to parse tree to syntax tree, and what was found wrong on the way.
#include "parse/parser.h"

#include "parse/builder.h"
#include "parse/findings.h"
#include "parse/grammar_parse.h"
#include "parse/syntax_messages.h"
#include "parse/token_list.h"
#include "source/utf8.h"

namespace kjit::parse {

using source::Diag;
using source::Span;

namespace {

constexpr size_t kMaxFindings = 5;   // shown; later ones are seldom worth more
constexpr size_t kMaxAttempts = 16;  // at parsing a text with errors

Span whole(const source::SourceFile& file) { return {0, static_cast<uint32_t>(file.text().size())}; }

bool readable(const source::SourceFile& file, Findings& findings) {
  if (file.text().size() > kMaxBytes) {
    findings.add(Diag::syntax_error, {}, "the text is too long");
    return false;
  }
  const size_t invalid = source::find_invalid_utf8(file.text());
  if (invalid == std::string_view::npos) return true;
  const auto at = static_cast<uint32_t>(invalid);
  findings.add(Diag::invalid_utf8, {at, at + 1}, std::string(source::diag_text(Diag::invalid_utf8)));
  return false;
}

// The part of the text that the logical line around a token covers.
Span line_span(const TokenList& tokens, size_t index) {
  const LogicalLine line = logical_line(tokens, index);
  return source::join(tokens.span(line.begin), tokens.span(line.end));
}

std::shared_ptr<ast::Ast> parse_text(const source::SourceFilePtr& file, Findings& findings) {
  TokenList tokens = tokenize(*file, whole(*file), findings, /*fragment=*/false);
  for (size_t attempt = 0; attempt < kMaxAttempts; ++attempt) {
    const GrammarParse parsed(tokens, GrammarParse::Start::File, findings);
    if (!parsed.failure()) {
      auto tree = std::make_shared<ast::Ast>(file);
      Builder builder(*tree, findings, /*repaired=*/!findings.empty());
      tree->set_body(builder.file(*parsed.file()));
      return tree;
    }
    // One error a line: the first explains the others.
    const SyntaxFailure& failure = *parsed.failure();
    if (!findings.any_within(line_span(tokens, failure.token))) describe_failure(*file, tokens, failure, findings);
    if (findings.size() >= kMaxFindings) break;
    repair(tokens, failure);
  }
  return nullptr;
}

}  // namespace

ast::AstPtr parse(const source::SourceFilePtr& file, source::Diagnostics& diagnostics) {
  Findings findings;
  std::shared_ptr<ast::Ast> tree;
  try {
    if (readable(*file, findings)) tree = parse_text(file, findings);
  } catch (const GiveUp&) {
    tree = nullptr;
  }
  if (findings.empty()) return tree;
  findings.report(*file, diagnostics, kMaxFindings);
  return nullptr;
}

std::string dump_tokens(const source::SourceFilePtr& file, source::Diagnostics& diagnostics) {
  Findings findings;
  std::string out;
  try {
    if (readable(*file, findings)) {
      const TokenList tokens = tokenize(*file, whole(*file), findings, /*fragment=*/false);
      for (size_t i = 0; i < tokens.count(); ++i) {
        const source::LineColumn place = file->line_column(tokens.span(i).begin);
        const std::string kind = token_name(tokens.type(i));
        const bool marks = kind == "NEWLINE" || kind == "INDENT" || kind == "DEDENT" || kind == "EOF";
        out += fmt::format("{}:{} {}{}{}\n", place.line, place.column, kind, marks ? "" : " ",
                           marks ? "" : file->text(tokens.span(i)));
      }
    }
  } catch (const GiveUp&) {
    out.clear();  // the findings say why
  }
  findings.report(*file, diagnostics, kMaxFindings);
  return out;
}

}  // namespace kjit::parse
