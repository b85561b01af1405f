// Signatures as expressions, and the choice among several.
#pragma once

#include "sema/infer.h"

namespace kjit::sema {

// Reads a signature object: float64(float64[:], int64), (int64, int64), float64[:, ::1]. Names are looked up in
// `globals` when given, then among the names of the scalar types. False: `error` says why.
bool read_signature(TypeContext& types, const ast::Expr& e, const Globals* globals, std::string& error,
                    FunctionOptions::Signature& out);

// The declared signature that takes `arguments` best, as Numba chooses: the fewest unsafe conversions, then the fewest
// safe ones, then the fewest promotions; the first listed where several are as good. Null when none takes them.
const FunctionOptions::Signature* choose_signature(const FunctionOptions& options,
                                                   const std::vector<TypeRef>& arguments);

// Reads one type in the same way; null: `error` says why.
TypeRef read_type(TypeContext& types, const ast::Expr& e, const Globals* globals, std::string& error);

}  // namespace kjit::sema
