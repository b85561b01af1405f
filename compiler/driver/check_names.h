// The part of `kjit check` that needs no types.
#pragma once

#include <set>
#include <string_view>

#include "eval/interpreter.h"

namespace kjit::driver {

// Looks at the top level of a declared module and its functions without decorator: names that nothing binds, attributes
// that modules do not have, what the language does not have.
void check_names(eval::ModuleObject& module, source::Diagnostics& found);

// Names that the text may bind where the tree does not show it: all that stand in a class, a `try`, a `with`.
std::set<std::string_view> hidden_names(const ast::Ast& ast);

}  // namespace kjit::driver
