// What the token rules cannot say: indentation, line ends inside brackets, the ends of strings and of numbers.
#pragma once

#include <Lexer.h>

#include <deque>
#include <memory>
#include <vector>

#include "parse/findings.h"
#include "source/source_file.h"

namespace kjit::parse {

class LexerBase : public antlr4::Lexer {
 public:
  explicit LexerBase(antlr4::CharStream* input) : Lexer(input) {}

  // Must be called before the first token. A fragment is the inside of brackets: line ends mean nothing in it.
  void start(const source::SourceFile& file, source::Span range, Findings& findings, bool fragment);

  std::unique_ptr<antlr4::Token> nextToken() override;

 protected:
  // Actions of the grammar; the token's first characters have been matched.
  void onNewline();
  void onOpen();
  void onClose();
  void onString();
  void onNumber();
  void onUnicodeName();
  void onJoinedLine();
  void onUnknown();

 private:
  struct Indent {
    size_t column;      // with tab stops every eight columns
    size_t characters;  // with a tab as one, to detect lines whose order depends on the tab stop
    bool phantom;       // entered by an error; has no INDENT and no DEDENT token
  };
  struct Bracket {
    char open;
    uint32_t offset;
  };

  void begin_line();
  void set_indentation(size_t line_start, size_t at, size_t column, size_t characters);
  void end_of_text();
  bool next_line_is_statement();
  void report_unclosed();
  void bad_number(uint32_t end);
  void queue(size_t type, size_t begin, size_t end);
  std::unique_ptr<antlr4::Token> make_token(size_t type, size_t begin, size_t end);
  uint32_t begin_offset() const { return static_cast<uint32_t>(tokenStartCharIndex); }
  uint32_t offset() { return static_cast<uint32_t>(_input->index()); }
  char peek(size_t at) const { return at < end_ ? text_[at] : '\0'; }

  const source::SourceFile* file_ = nullptr;
  Findings* findings_ = nullptr;
  std::string_view text_;
  size_t end_ = 0;
  bool fragment_ = false;
  bool finished_ = false;
  size_t last_type_ = 0;
  std::vector<Indent> indents_{{0, 0, false}};
  std::vector<Bracket> brackets_;
  std::deque<std::unique_ptr<antlr4::Token>> queue_;
};

}  // namespace kjit::parse
