// Type inference: a function and argument types to a typed program.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sema/typed.h"

namespace kjit::sema {

class Library;

struct InferOptions {
  bool boundscheck = false;  // engine default
  bool numpy_error_model = false;
  std::shared_ptr<Library> library;  // the engine's; null: one for this program alone
};

// Parameters whose values have to be known when compiling, by function and position: the axis of a sum, say. Found
// while typing, when such an argument turns out to be a parameter; functions in here have a version for each value.
using LiteralParameters = std::map<const ast::FunctionDef*, std::set<size_t>>;

// What infer() knows of the values of arguments, and learns.
struct Literals {
  LiteralParameters parameters;  // what is known so far; infer() adds to it
  // Of the entry's parameters that are in `parameters`, the arguments; empty: its caller has types only, and gets an
  // error about a constant that is missing.
  std::vector<std::optional<Constant>> values;
  bool has_values = false;
  bool more = false;  // set by infer(), which gives null and reports nothing: call again with values for `parameters`
};

// Types `function` for the given argument types (one for each parameter that the caller gives by position; defaults
// fill the rest; see omitted_defaults), or for each of its parameters as in TypedFunction::param_types where some are
// keyword-only; with everything it calls. Findings go to `diagnostics`; null when there is an error.
std::unique_ptr<TypedProgram> infer(TypeContext& types, const FunctionRef& function, std::vector<TypeRef> arguments,
                                    const InferOptions& options, source::Diagnostics& diagnostics,
                                    Literals* literals = nullptr);

// A function that another one calls, and what for.
struct CalledFunction {
  const FunctionRef* function = nullptr;
  std::vector<TypeRef> params;                    // by parameter, as TypedFunction::param_types
  std::vector<std::optional<Constant>> literals;  // of literal parameters
  bool direct = false;                            // called by the caller itself
};

// The functions of modules that `caller` calls, itself or through others, with types that are known, as far as it can
// be typed: statements that cannot are passed over.
std::vector<CalledFunction> called_functions(TypeContext& types, const FunctionRef& caller,
                                             std::vector<TypeRef> arguments, const InferOptions& options);

// The defaults, by parameter, of scalar parameters that a caller who gives the first `given` leaves out: infer() takes
// them for constants, so they are part of what tells specialisations apart. Empty when there are none.
std::vector<std::optional<Constant>> omitted_defaults(const FunctionRef& function, size_t given);
// Equal texts: equal constants, where the types are equal.
std::string literals_text(const std::vector<std::optional<Constant>>& literals);

// Reads the decorators of `def`, whose names are looked up in `globals`. A function without any known decorator is
// Plain.
std::shared_ptr<const FunctionOptions> read_decorators(TypeContext& types, const ast::FunctionDef& def,
                                                       const Globals& globals, source::Diagnostics& diagnostics);

// "i8, f8[:,::1]" or "float64(float64[:], int64)" or "f8(f8), f4(f4)" without result; errors at `where`.
bool parse_signature(TypeContext& types, std::string_view text, source::Location where, FunctionOptions::Signature& out,
                     source::Diagnostics& diagnostics);

// What asarray() makes of a list or tuple; null where it takes none.
TypeRef array_of_display(TypeContext& types, TypeRef display);

// The type of the array that a list display stands for as an index: integers or booleans; else null.
TypeRef list_index(TypeContext& types, TypeRef list);

}  // namespace kjit::sema
