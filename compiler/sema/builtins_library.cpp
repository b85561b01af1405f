// Typing of what only library files can name.
#include "sema/builtins_typing.h"

namespace kjit::sema::typing {

// Rows of the library have a file instead (see Specialization::call_library).
TypeRef library(CallTyping& call) {
  return call.fail(source::Diag::not_supported, call.where, display_name(call.builtin) + "() here");
}

// The layout stays where the first axis of its order keeps whole rows.
TypeRef library_along(CallTyping& call) {
  TypeRef t = call.args[0].type;
  const int64_t axis = call.args[1].constant->as_int();
  const Constant* step = call.given(4) ? call.args[4].constant : nullptr;
  const bool unit = !call.given(4) || call.args[4].type->is_none() || (step && step->is_int() && step->as_int() == 1);
  const bool outer = (t->layout == Layout::C && axis == 0) || (t->layout == Layout::F && axis == t->rank - 1);
  return call.types.array(t->scalar, t->rank, unit && outer ? t->layout : Layout::A, t->readonly);
}

TypeRef library_as_generator(CallTyping& call) { return call.types.generator(); }

TypeRef library_state_of(CallTyping& call) {
  if (call.args[0].type->kind == TypeKind::Generator) return call.args[0].type->elements[0];
  return wrong_type(call, 0, "a generator");
}

TypeRef library_blocks(CallTyping& call) {
  TypeRef t = call.args[0].type;
  return call.types.array(t->scalar, 3, Layout::C, t->readonly && t->layout == Layout::C);
}

}  // namespace kjit::sema::typing
