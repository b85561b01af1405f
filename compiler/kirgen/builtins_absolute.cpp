// abs(): of a complex number its magnitude.
#include "kirgen/builder.h"

namespace kjit::kirgen::emit {

ExprRef absolute(CallEmitter& call);

ExprRef absolute(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = call.args[0];
  const Scalar s = x->type->scalar;
  if (is_complex(s)) return b.cast(b.unary(Op::Abs, x, b.types.scalar(real_of(s))), call.result);
  x = b.cast(x, call.result);
  return is_signed(x->type->scalar) || is_float(x->type->scalar) ? b.unary(Op::Abs, x) : x;
}

}  // namespace kjit::kirgen::emit
