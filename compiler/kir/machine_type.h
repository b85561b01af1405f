// Types as kernel IR knows them: what a value is in the machine, without what only inference needs.
#pragma once

#include "sema/types.h"

namespace kjit::kir {

// Weak scalars become strong. What has no run-time part (strings, dtypes, plain functions, ...) is None. And
//   range      tuple(start, stop, step), int64 each       enumerate   tuple(iterable, start: int64)
//   zip        tuple of the iterables                     closure     tuple of the captured values
//   a.flat     the array a
// Idempotent. Every type in kernel IR is a machine type.
sema::TypeRef machine_type(sema::TypeContext& types, sema::TypeRef type);

// Whether `type` is a machine type.
bool is_machine_type(sema::TypeRef type);

}  // namespace kjit::kir
