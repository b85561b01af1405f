// Emitters of what only library files can name.
#include <stdexcept>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen::emit {

ExprRef library(CallEmitter& call) { throw std::logic_error(std::string("no emitter of ") + call.call.builtin->name); }

ExprRef library_along(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef i64 = b.types.int64();
  const auto bound = [&](size_t i) { return absent(call, i) ? nullptr : number(call, i, i64); };
  ExprRef array = b.reuse(value(call, 0));
  const auto axis = static_cast<uint32_t>(int_constant(call, 1, 0));
  std::vector<kir::Component> components(array->type->rank, kir::Component::All);
  std::vector<ExprRef> operands;
  components[axis] = slice_axis(b, array, axis, bound(2), bound(3), bound(4), operands);
  return b.view(array, call.result, std::move(components), std::move(operands));
}

ExprRef library_same(CallEmitter& call) { return value(call, 0); }

ExprRef library_blocks(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef array = row_major(b, value(call, 0));
  const auto axis = static_cast<uint32_t>(int_constant(call, 1, 0));
  std::vector<ExprRef> shape(3, b.const_int(1));
  for (uint32_t k = 0; k < array->type->rank; ++k) {
    ExprRef& length = shape[k < axis ? 0 : k == axis ? 1 : 2];
    length = b.binary(Op::Mul, length, b.dim(array, k));
  }
  for (ExprRef& length : shape) length = b.reuse(length);
  return contiguous_view(b, array, b.machine(call.result), shape);
}

}  // namespace kjit::kirgen::emit
