// Built-in functions: rows of one table (builtins.def), with a typing rule here and an emitter in kirgen.
#pragma once

#include <string_view>
#include <vector>

#include "parse/ast.h"
#include "sema/constant.h"
#include "sema/types.h"
#include "source/diagnostics.h"

namespace kjit::sema {

enum class BuiltinId : uint16_t {
#define BUILTIN(id, name, params, typing, emit, doc) id,
#include "sema/builtins.def"
#undef BUILTIN
  kCount
};

struct TypedArgument {
  const ast::Expr* expr = nullptr;     // null: not given (a default of the row holds) or from a starred tuple
  TypeRef type = nullptr;              // null: not given
  const Constant* constant = nullptr;  // its value when known
};

// One call under inference. All argument types are known (never Unknown).
struct CallTyping {
  TypeContext& types;
  const struct Builtin& builtin;
  source::Location where;
  std::vector<TypedArgument> args;  // by the row's parameters; for "*" rows: all that were given
  source::Diagnostics& diagnostics;
  // Set by a typing rule for a call whose value is a constant (np.finfo(np.float32).eps, len of a tuple).
  Constant folded;
  bool device = false;  // in a function for a GPU

  bool given(size_t i) const { return i < args.size() && args[i].type != nullptr; }
  source::Location place(size_t i) const {
    return i < args.size() && args[i].expr ? source::Location{where.file, args[i].expr->span} : where;
  }
  template <typename... A>
  TypeRef fail(source::Diag kind, source::Location at, const A&... a) {
    diagnostics.report(kind, at, a...);
    return nullptr;
  }
};

// Returns the result type, or null after reporting an error.
using TypingRule = TypeRef (*)(CallTyping& call);

struct Builtin {
  BuiltinId id;
  const char* name;    // canonical: "numpy.sqrt", "math.floor", "builtins.abs", "array.copy", "scalar.conjugate"
  const char* params;  // "x, y=, /, *args": names in order; '=' marks optional; '*name' takes the rest
  TypingRule typing;
  const char* doc;  // one sentence, for lang-spec's list

  // The library file (library.h) that defines the function; empty: it has a typing rule and an emitter. Such a row has
  // "@file" for its parameters, which stand in the file.
  std::string_view library_file() const { return *params == '@' ? params + 1 : ""; }
};

// A number of the table that is read, not called: cuda.threadIdx.x.
bool is_device_index(const Builtin& row);
// A name before whose attributes such rows stand: "numba.cuda.threadIdx".
bool is_device_triple(std::string_view canonical_name);

// By canonical name; null when there is none. Aliases ("numpy.arcsin" for "numpy.asin") are rows of their own.
const Builtin* find_builtin(std::string_view canonical_name);
const Builtin& builtin(BuiltinId id);
// All canonical names that begin with `prefix` ("numpy."), for suggestions and documentation.
std::vector<std::string> builtin_names(std::string_view prefix);

// Constants of modules: "numpy.pi", "math.inf", "numpy.float64" (a dtype), "numba.int64" (a dtype), "numpy.newaxis"
// (None).
bool find_module_constant(TypeContext& types, std::string_view canonical_name, Constant& out);
// Whether `name` is a module that kernels and scripts may import ("numpy", "numpy.linalg", "math", "numba", "kjit",
// ...).
bool is_known_module(std::string_view name);

}  // namespace kjit::sema
