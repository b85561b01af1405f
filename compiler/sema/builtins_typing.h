// What the typing rules of built-ins share. The rules stand in builtins_<family>.cpp, one function each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sema/builtins.h"

namespace kjit::sema::typing {

#define BUILTIN(id, name, params, rule, emitter, doc) TypeRef rule(CallTyping& call);
#include "sema/builtins.def"
#undef BUILTIN

// "np.sqrt" for "numpy.sqrt", "abs" for "builtins.abs", "copy" for "array.copy".
std::string display_name(const Builtin& row);
// "an integer", "an array": what a type is, for messages.
std::string sort_of(TypeRef type);

// The type of argument i: that of the value when it is optional (the emitter unwraps it, which raises for None). Null
// when the argument was not given or is the literal None.
TypeRef value_type(const CallTyping& call, size_t i);

// Reports that argument i is not `wanted` ("a number"); for an array that whole-array expressions are not supported.
TypeRef wrong_type(CallTyping& call, size_t i, const char* wanted);
// Each of the arguments given is a number (or bool); otherwise reports and returns false.
bool all_numbers(CallTyping& call);
bool all_real(CallTyping& call);                // no complex
bool all_integers(CallTyping& call);            // integers and bools
bool at_least(CallTyping& call, size_t count);  // reports wrong_argument_count

// The common type of all arguments given (promotion.h, common_type).
TypeRef common_of(CallTyping& call);
// int64, float64, complex128 for Python's own numbers; other types as they are.
TypeRef strong(TypeContext& types, TypeRef type);

// An array of numbers; `shape_of` reads a shape argument: its rank, or -1 after a report.
int shape_rank(CallTyping& call, size_t i);
// The dtype that argument i names: a dtype, or a string; false after a report. Absent or None: `otherwise`.
bool dtype_argument(CallTyping& call, size_t i, Scalar otherwise, Scalar& out);
// The value of a bool, int or string argument that must be known when compiling; false after a report.
bool constant_bool(CallTyping& call, size_t i, bool otherwise, bool& out);
// order='C' or 'F'; 'A' and 'K' give `otherwise`.
bool order_argument(CallTyping& call, size_t i, Layout otherwise, Layout& out);

// The number of a row's parameter; -1 when it has none of that name.
int parameter_number(const Builtin& row, std::string_view name);
// The axes of argument 0 (an array) that a reduction takes together, ascending: all, or those that `axis` names.
// False after a report.
bool reduced_axes(CallTyping& call, std::vector<uint8_t>& axes, bool& keepdims);

Constant bool_constant(TypeContext& types, bool value);

}  // namespace kjit::sema::typing
