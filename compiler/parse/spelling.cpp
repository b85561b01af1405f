// How operators are written.
#include <array>

#include "parse/ast.h"

namespace kjit::ast {

std::string_view spelling(BinaryOp op) {
  constexpr auto kSpellings =
      std::to_array<std::string_view>({"+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"});
  return kSpellings.at(static_cast<size_t>(op));
}

std::string_view spelling(UnaryOpKind op) {
  constexpr auto kSpellings = std::to_array<std::string_view>({"-", "+", "~", "not"});
  return kSpellings.at(static_cast<size_t>(op));
}

std::string_view spelling(CompareOp op) {
  constexpr auto kSpellings =
      std::to_array<std::string_view>({"==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"});
  return kSpellings.at(static_cast<size_t>(op));
}

}  // namespace kjit::ast
