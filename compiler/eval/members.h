// What people may write: names of built-ins, attributes of values, signatures. For completion and help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "eval/interpreter.h"

namespace kjit::eval {

// Names of built-ins and of the language's words, sorted.
std::vector<std::string> language_names();
// Attributes and methods of a value, sorted; those that begin with '_' left out.
std::vector<std::string> members(Interpreter& interpreter, const Value& value);
// The value of "a.b.c", without calling anything; unbound: there is none.
Value find_dotted(Interpreter& interpreter, const Variables& variables, std::string_view name);
// "f(x, y=..., *rest)"; empty for what is no function.
std::string signature_of(Interpreter& interpreter, const Value& value);
std::string parameter_list(const ast::Parameters& parameters);
// What is said about a built-in in one sentence; empty: nothing.
std::string_view builtin_doc(std::string_view canonical_name);

}  // namespace kjit::eval
