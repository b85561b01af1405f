// Folding of operations on constants and of the neutral elements. Used by Builder and by the fold pass' callers.
#pragma once

#include "kirgen/builder.h"

namespace kjit::kirgen {

// The value as a variable of that integer or bool type holds it: wrapped, sign- or zero-extended.
int64_t wrap_to(Scalar scalar, int64_t value);

// Null when there is nothing to fold. Operands have one type.
ExprRef fold_binary(Builder& b, Op op, ExprRef x, ExprRef y);
ExprRef fold_compare(Builder& b, Op op, ExprRef x, ExprRef y);
ExprRef fold_cast(Builder& b, ExprRef value, TypeRef to);

}  // namespace kjit::kirgen
