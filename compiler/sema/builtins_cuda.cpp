// Typing of numba.cuda: where a thread stands in its grid.
#include <fmt/format.h>

#include "sema/builtins_typing.h"

namespace kjit::sema::typing {

TypeRef cuda_index(CallTyping& call) { return call.types.scalar(Scalar::I32); }

TypeRef cuda_grid(CallTyping& call) {
  const Constant* axes = call.args[0].constant;
  if (!axes || !axes->is_int() || axes->as_int() < 1 || axes->as_int() > 3)
    return call.fail(source::Diag::bad_argument, call.place(0),
                     fmt::format("{}() takes the number of axes, the constant 1, 2 or 3", display_name(call.builtin)));
  const int64_t count = axes->as_int();
  TypeRef number = call.types.int64();
  return count == 1 ? number : call.types.homogeneous(number, static_cast<size_t>(count));
}

}  // namespace kjit::sema::typing
