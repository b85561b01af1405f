// Typing of math and cmath: Python's own numbers out, float64 and complex128 inside.
#include <fmt/format.h>

#include "sema/builtins_typing.h"

namespace kjit::sema::typing {

// On a GPU, where they cost half, float32 of float32 and of Python's own numbers with it, as numba-cuda has it.
TypeRef python_float(CallTyping& call) {
  if (!at_least(call, 1) || !all_real(call)) return nullptr;
  bool single = false, wide = !call.device;
  for (size_t i = 0; i < call.args.size(); ++i) {
    TypeRef t = value_type(call, i);
    if (!t || t->weak) continue;
    single |= t->scalar == Scalar::F32;
    wide |= t->scalar != Scalar::F32;
  }
  return single && !wide ? call.types.scalar(Scalar::F32) : call.types.py_float();
}

TypeRef python_complex(CallTyping& call) { return all_numbers(call) ? call.types.py_complex() : nullptr; }

TypeRef python_integer(CallTyping& call) {
  if (!all_real(call)) return nullptr;
  return value_type(call, 0)->scalar == Scalar::U64 ? call.types.scalar(Scalar::U64) : call.types.py_int();
}

// gcd, factorial ...: Python's own int, unless an argument needs all of uint64.
TypeRef integer_function(CallTyping& call) {
  if (!all_integers(call)) return nullptr;
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (value_type(call, i)->scalar == Scalar::U64) return call.types.scalar(Scalar::U64);
  }
  return call.types.py_int();
}

TypeRef float_predicate(CallTyping& call) { return all_real(call) ? call.types.boolean() : nullptr; }
TypeRef number_predicate(CallTyping& call) { return all_numbers(call) ? call.types.boolean() : nullptr; }

TypeRef close_numbers(CallTyping& call) { return all_numbers(call) ? call.types.boolean() : nullptr; }

TypeRef math_frexp(CallTyping& call) {
  TypeRef number = python_float(call);
  return number ? call.types.tuple({number, call.types.py_int()}) : nullptr;
}
TypeRef math_modf(CallTyping& call) {
  TypeRef number = python_float(call);
  return number ? call.types.homogeneous(number, 2) : nullptr;
}
TypeRef math_ldexp(CallTyping& call) {
  if (!all_real(call)) return nullptr;
  TypeRef exponent = value_type(call, 1);
  if (is_float(exponent->scalar)) return wrong_type(call, 1, "an integer exponent");
  const TypeRef x = value_type(call, 0);
  return call.device && x->scalar == Scalar::F32 && !x->weak ? x : call.types.py_float();
}

TypeRef phase(CallTyping& call) { return all_numbers(call) ? call.types.py_float() : nullptr; }
TypeRef polar(CallTyping& call) {
  return all_numbers(call) ? call.types.homogeneous(call.types.py_float(), 2) : nullptr;
}
TypeRef rect(CallTyping& call) { return all_real(call) ? call.types.py_complex() : nullptr; }

}  // namespace kjit::sema::typing
