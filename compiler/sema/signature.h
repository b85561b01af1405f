// Signatures as expressions.
#pragma once

#include "sema/infer.h"

namespace kjit::sema {

// Reads a signature object: float64(float64[:], int64), (int64, int64), float64[:, ::1]. Names are looked up in
// `globals` when given, then among the names of the scalar types. False: `error` says why.
bool read_signature(TypeContext& types, const ast::Expr& e, const Globals* globals, std::string& error,
                    FunctionOptions::Signature& out);

}  // namespace kjit::sema
