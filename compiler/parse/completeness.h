// Whether more lines may, or must, follow what has been typed.
#pragma once

#include <string_view>

namespace kjit::parse {

enum class Form {
  Empty,     // nothing but blanks and comments
  Complete,  // statements; a syntax error that no further line could mend is one too
  Block,     // the last statement has a block, which may go on
  Started,   // a statement is not finished: "def f():"
  Open,      // a bracket, a string or a joined line is not finished
};
Form form_of(std::string_view text);

}  // namespace kjit::parse
