// Typing of NumPy's functions of scalars: which loop of the ufunc runs. Where NumPy's loop is float16 (bool, int8 and
// uint8 arguments of elementary functions) it is float32 here.
#include <fmt/format.h>

#include <algorithm>

#include "sema/builtins_typing.h"
#include "sema/promotion.h"

namespace kjit::sema::typing {

namespace {

// The float loop that takes the type; complex stays.
TypeRef as_float(TypeContext& types, TypeRef t) {
  if (is_float(t->scalar) || is_complex(t->scalar)) return t;
  return t->weak ? types.py_float() : types.scalar(size_of(t->scalar) <= 2 ? Scalar::F32 : Scalar::F64);
}

// The float loop of all arguments: each becomes a float first (int8 with uint16 is float32, as in NumPy).
TypeRef common_float(CallTyping& call) {
  TypeRef common = nullptr;
  for (size_t i = 0; i < call.args.size(); ++i) {
    TypeRef t = value_type(call, i);
    if (!t) continue;
    // A weak int adapts to a strong integer before the loop is chosen, a weak float makes it float64.
    common = common ? common_type(call.types, common, as_float(call.types, t)) : as_float(call.types, t);
  }
  bool strong_integer = false, weak_float = false, strong_float = false;
  for (size_t i = 0; i < call.args.size(); ++i) {
    TypeRef t = value_type(call, i);
    if (!t) continue;
    strong_integer |= !t->weak && !is_float(t->scalar) && !is_complex(t->scalar);
    strong_float |= !t->weak && (is_float(t->scalar) || is_complex(t->scalar));
    weak_float |= t->weak && !is_integer(t->scalar);
  }
  if (strong_integer && weak_float && !strong_float) {
    return call.types.scalar(is_complex(common->scalar) ? Scalar::C128 : Scalar::F64);
  }
  return strong(call.types, common);
}

// The common type of all arguments as NumPy's default dtype.
TypeRef common_strong(CallTyping& call) { return strong(call.types, common_of(call)); }

TypeRef bool_is_int8(CallTyping& call) {
  TypeRef t = common_strong(call);
  return is_bool(t->scalar) ? call.types.scalar(Scalar::I8) : t;
}

TypeRef bools_not_taken(CallTyping& call) {
  return call.fail(source::Diag::bad_argument, call.where,
                   fmt::format("{}() does not take bools", display_name(call.builtin)));
}

}  // namespace

TypeRef float_loop(CallTyping& call) { return all_numbers(call) ? common_float(call) : nullptr; }
TypeRef real_float_loop(CallTyping& call) { return all_real(call) ? common_float(call) : nullptr; }

TypeRef sinc(CallTyping& call) {
  if (!all_numbers(call)) return nullptr;
  TypeRef t = common_strong(call);
  return is_float(t->scalar) || is_complex(t->scalar) ? t : call.types.float64();
}

TypeRef number_loop(CallTyping& call) { return all_numbers(call) ? common_strong(call) : nullptr; }

TypeRef no_bool_loop(CallTyping& call) {
  if (!all_numbers(call)) return nullptr;
  TypeRef t = common_strong(call);
  return is_bool(t->scalar) ? bools_not_taken(call) : t;
}

TypeRef division(CallTyping& call) {
  if (!all_numbers(call)) return nullptr;
  TypeRef t = common_strong(call);
  return is_float(t->scalar) || is_complex(t->scalar) ? t : call.types.float64();
}

TypeRef real_loop(CallTyping& call) { return all_real(call) ? bool_is_int8(call) : nullptr; }
TypeRef power_loop(CallTyping& call) { return all_numbers(call) ? bool_is_int8(call) : nullptr; }

TypeRef np_divmod(CallTyping& call) { return all_real(call) ? call.types.homogeneous(bool_is_int8(call), 2) : nullptr; }

TypeRef float_power(CallTyping& call) {
  if (!all_numbers(call)) return nullptr;
  return call.types.scalar(is_complex(common_of(call)->scalar) ? Scalar::C128 : Scalar::F64);
}

TypeRef magnitude(CallTyping& call) {
  return all_numbers(call) ? call.types.scalar(real_of(common_of(call)->scalar)) : nullptr;
}

TypeRef integer_loop(CallTyping& call) {
  if (!all_integers(call)) return nullptr;
  TypeRef t = common_strong(call);
  if (is_bool(t->scalar)) return bools_not_taken(call);
  if (is_integer(t->scalar)) return t;
  return call.fail(source::Diag::bad_argument, call.where,
                   fmt::format("{}() does not take int64 with uint64", display_name(call.builtin)));
}

TypeRef order_loop(CallTyping& call) { return all_numbers(call) ? common_strong(call) : nullptr; }

TypeRef clip(CallTyping& call) {
  for (size_t i = 1; i < call.args.size(); ++i) {
    if (call.given(i) && call.args[i].type->is_none()) call.args[i].type = nullptr;
  }
  return order_loop(call);
}

TypeRef rounding(CallTyping& call) { return all_real(call) ? common_strong(call) : nullptr; }

TypeRef np_round(CallTyping& call) {
  if (!all_numbers(call)) return nullptr;
  if (call.given(1) && !is_integer(value_type(call, 1)->scalar)) return wrong_type(call, 1, "an integer for decimals");
  TypeRef t = strong(call.types, value_type(call, 0));
  return is_bool(t->scalar) ? call.types.scalar(Scalar::F32) : t;
}

TypeRef bit_loop(CallTyping& call) {
  if (!all_integers(call)) return nullptr;
  TypeRef t = common_strong(call);
  if (is_integer(t->scalar) || is_bool(t->scalar)) return t;
  return call.types.int64();  // int64 with uint64, as the operators
}

TypeRef shift_loop(CallTyping& call) {
  if (!all_integers(call)) return nullptr;
  TypeRef t = bool_is_int8(call);
  return is_integer(t->scalar) ? t : strong(call.types, value_type(call, 0));
}

TypeRef bitwise_count(CallTyping& call) { return all_integers(call) ? call.types.scalar(Scalar::U8) : nullptr; }

TypeRef np_compare(CallTyping& call) { return all_numbers(call) ? call.types.boolean() : nullptr; }
TypeRef np_order(CallTyping& call) { return all_numbers(call) ? call.types.boolean() : nullptr; }

TypeRef np_ldexp(CallTyping& call) {
  if (!all_real(call)) return nullptr;
  if (is_float(value_type(call, 1)->scalar)) return wrong_type(call, 1, "an integer exponent");
  return strong(call.types, as_float(call.types, value_type(call, 0)));
}

TypeRef np_frexp(CallTyping& call) {
  return all_real(call) ? call.types.tuple({common_float(call), call.types.scalar(Scalar::I32)}) : nullptr;
}
TypeRef np_modf(CallTyping& call) { return all_real(call) ? call.types.homogeneous(common_float(call), 2) : nullptr; }

TypeRef np_angle(CallTyping& call) {
  bool degrees = false;
  if (!constant_bool(call, 1, false, degrees) || !all_numbers(call)) return nullptr;
  TypeRef t = strong(call.types, as_float(call.types, value_type(call, 0)));
  return is_bool(value_type(call, 0)->scalar) ? call.types.float64() : call.types.scalar(real_of(t->scalar));
}

TypeRef where(CallTyping& call) {
  if (!call.given(1) || !call.given(2)) {
    return call.fail(source::Diag::wrong_argument_count, call.where,
                     std::string("np.where() takes the condition, or the condition and two values"));
  }
  if (!all_numbers(call)) return nullptr;
  return strong(call.types, common_type(call.types, value_type(call, 1), value_type(call, 2)));
}

TypeRef nan_to_num(CallTyping& call) {
  for (size_t i = 2; i < call.args.size(); ++i) {
    if (call.given(i) && call.args[i].type->is_none()) call.args[i].type = nullptr;
  }
  return all_numbers(call) ? strong(call.types, value_type(call, 0)) : nullptr;
}

TypeRef isscalar(CallTyping& call) {
  TypeRef t = call.args[0].type;
  call.folded = bool_constant(call.types, t->is_scalar() || t->kind == TypeKind::String);
  return call.types.boolean();
}

TypeRef iscomplexobj(CallTyping& call) {
  TypeRef t = call.args[0].type;
  call.folded = bool_constant(call.types, (t->is_scalar() || t->is_array()) && is_complex(t->scalar));
  return call.types.boolean();
}

TypeRef isrealobj(CallTyping& call) {
  iscomplexobj(call);
  call.folded = bool_constant(call.types, call.folded.as_int() == 0);
  return call.types.boolean();
}

}  // namespace kjit::sema::typing
