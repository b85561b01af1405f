// Moves statements that seldom run into a function of their own.
//
// The function is marked `lazy`: where code is made at run time, it is compiled when it is first called
// (lower/versions.h), so that what nobody needs costs nothing.
#pragma once

#include <memory>
#include <optional>

#include "kir/kir.h"

namespace kjit::passes {

// A function of the statements: its parameters are the variables that they mention and do not define, its result is
// `result`, which they define, or nothing. `symbol` is its symbol. The statements must not jump out of the block; what
// else they define is not asked for outside.
struct Outlined {
  std::unique_ptr<kir::Function> function;
  std::vector<kir::VarId> arguments;  // variables of the function that the statements came from
};
Outlined outline(sema::TypeContext& types, const kir::Function& from, std::string symbol, const kir::Block& statements,
                 std::optional<kir::VarId> result);

}  // namespace kjit::passes
