// The emitter of each built-in: one table made from sema/builtins.def. The emitters stand in builtins_*.cpp.
#include "kirgen/builtins_support.h"

namespace kjit::kirgen {

Emitter find_emitter(sema::BuiltinId id) {
  static constexpr Emitter kTable[] = {
#define BUILTIN(id, name, params, typing, emitter, doc) emit::emitter,
#include "sema/builtins.def"
#undef BUILTIN
  };
  return kTable[static_cast<size_t>(id)];
}

const sema::Constant* CallEmitter::constant(size_t i) const {
  if (i >= call.args.size()) return nullptr;
  const sema::BoundArgument& arg = call.args[i];
  if (arg.kind == sema::BoundArgument::Kind::Constant) return &arg.constant;
  if (arg.kind == sema::BoundArgument::Kind::Expr) return function.constant_of(arg.expr);
  return nullptr;
}

}  // namespace kjit::kirgen
