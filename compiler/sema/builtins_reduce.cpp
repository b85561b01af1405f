// Typing of reductions over all elements of an array, and of products and running sums of 1-d arrays.
#include <fmt/format.h>

#include "sema/builtins_typing.h"
#include "sema/promotion.h"

namespace kjit::sema::typing {

namespace {

// The array or number reduced; null after a report. An axis other than None is for later.
TypeRef reduced(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (call.given(1) && !call.args[1].type->is_none()) {
    return call.fail(source::Diag::not_supported, call.place(1),
                     fmt::format("axis in {}()", display_name(call.builtin)));
  }
  if (t && t->is_array()) return t;
  return call.fail(source::Diag::bad_argument, call.place(0),
                   fmt::format("{}() takes an array, not {}", display_name(call.builtin), t ? sort_of(t) : "None"));
}

Scalar accumulator(Scalar s) {
  if (is_bool(s) || is_signed(s)) return Scalar::I64;
  return is_unsigned(s) ? Scalar::U64 : s;
}

bool one_axis(CallTyping& call, size_t i) {
  TypeRef t = value_type(call, i);
  if (t && t->is_array() && t->rank == 1) return true;
  call.fail(source::Diag::not_supported, call.place(i),
            fmt::format("{}() of {}", display_name(call.builtin), t ? sort_of(t) : "None"));
  return false;
}

}  // namespace

TypeRef reduce_sum(CallTyping& call) {
  TypeRef t = reduced(call);
  return t ? call.types.scalar(accumulator(t->scalar)) : nullptr;
}

TypeRef reduce_order(CallTyping& call) {
  TypeRef t = reduced(call);
  if (!t) return nullptr;
  if (!is_complex(t->scalar)) return call.types.scalar(t->scalar);
  return call.fail(source::Diag::not_supported, call.where,
                   fmt::format("{}() of complex numbers", display_name(call.builtin)));
}

TypeRef reduce_mean(CallTyping& call) {
  TypeRef t = reduced(call);
  if (!t) return nullptr;
  return is_float(t->scalar) || is_complex(t->scalar) ? call.types.scalar(t->scalar) : call.types.float64();
}

TypeRef reduce_var(CallTyping& call) {
  TypeRef t = reduce_mean(call);
  return t ? call.types.scalar(real_of(t->scalar)) : nullptr;
}

TypeRef reduce_truth(CallTyping& call) { return reduced(call) ? call.types.boolean() : nullptr; }

TypeRef reduce_position(CallTyping& call) { return reduce_order(call) ? call.types.int64() : nullptr; }

// np.count_nonzero gives Python's own int.
TypeRef reduce_count(CallTyping& call) { return reduced(call) ? call.types.py_int() : nullptr; }

TypeRef dot(CallTyping& call) {
  if (!one_axis(call, 0) || !one_axis(call, 1)) return nullptr;
  return call.types.scalar(promote(value_type(call, 0)->scalar, value_type(call, 1)->scalar));
}

TypeRef accumulate(CallTyping& call) {
  if (!one_axis(call, 0)) return nullptr;
  return call.types.array(accumulator(value_type(call, 0)->scalar), 1, Layout::C);
}

}  // namespace kjit::sema::typing
