// Types as kernel IR knows them: what a value is in the machine, without what only inference needs.
#pragma once

#include "sema/types.h"

namespace kjit::kir {

// Weak scalars become strong; range, enumerate, zip and closures become tuples of their parts; a.flat is its array;
// what has no run-time part (strings, dtypes, plain functions, ...) is None. Idempotent. Every type in kernel IR is a
// machine type.
sema::TypeRef machine_type(sema::TypeContext& types, sema::TypeRef type);

// Whether `type` is a machine type.
bool is_machine_type(sema::TypeRef type);

}  // namespace kjit::kir
