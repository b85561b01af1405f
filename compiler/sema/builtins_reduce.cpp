// Typing of reductions over all elements or some axes of an array, and of products and running sums of 1-d arrays.
#include <fmt/format.h>

#include <algorithm>

#include "sema/builtins_typing.h"
#include "sema/einsum.h"
#include "sema/promotion.h"

namespace kjit::sema::typing {

namespace {

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

int parameter_number(const Builtin& row, std::string_view name) {
  int number = 0;
  std::string_view left = row.params;
  while (!left.empty()) {
    const size_t comma = left.find(',');
    std::string_view item = left.substr(0, comma);
    left = comma == std::string_view::npos ? std::string_view{} : left.substr(comma + 1);
    while (item.starts_with(' ')) item.remove_prefix(1);
    if (item.starts_with(name) && (item.size() == name.size() || item[name.size()] == '=')) return number;
    ++number;
  }
  return -1;
}

bool reduced_axes(CallTyping& call, std::vector<uint8_t>& axes, bool& keepdims) {
  axes.clear();
  keepdims = false;
  const int keep = parameter_number(call.builtin, "keepdims");
  if (keep >= 0 && !constant_bool(call, static_cast<size_t>(keep), false, keepdims)) return false;
  const auto at = static_cast<size_t>(parameter_number(call.builtin, "axis"));
  TypeRef array = value_type(call, 0);
  const int rank = array && array->is_array() ? array->rank : 0;
  if (!call.given(at) || call.args[at].type->is_none()) {
    for (int k = 0; k < rank; ++k) axes.push_back(static_cast<uint8_t>(k));
    return true;
  }
  const Constant* given = call.args[at].constant;
  std::vector<int64_t> values;
  if (given && given->is_int()) {
    values.push_back(given->as_int());
  } else if (const auto* tuple = given ? std::get_if<ConstantTuple>(&given->value) : nullptr) {
    for (const Constant& c : *tuple) {
      if (c.is_int()) values.push_back(c.as_int());
    }
    if (values.size() != tuple->size()) given = nullptr;
  } else {
    given = nullptr;
  }
  if (!given) {
    call.fail(source::Diag::not_constant, call.place(at), fmt::format("axis of {}()", display_name(call.builtin)));
    return false;
  }
  std::vector<bool> seen(static_cast<size_t>(rank), false);
  for (int64_t v : values) {
    const int64_t k = v < 0 ? v + rank : v;
    if (k < 0 || k >= rank) {
      call.fail(source::Diag::bad_argument, call.place(at),
                fmt::format("axis {} is out of bounds for array of dimension {}", v, rank));
      return false;
    }
    if (seen[static_cast<size_t>(k)]) {
      call.fail(source::Diag::bad_argument, call.place(at), std::string("duplicate value in 'axis'"));
      return false;
    }
    seen[static_cast<size_t>(k)] = true;
  }
  for (int k = 0; k < rank; ++k) {
    if (seen[static_cast<size_t>(k)]) axes.push_back(static_cast<uint8_t>(k));
  }
  return true;
}

namespace {

// A result of that rank, or the array given for it. Null after a report.
TypeRef result_or_out(CallTyping& call, size_t out, Scalar element, int rank) {
  TypeRef made = rank > 0 ? call.types.array(element, rank, Layout::C) : call.types.scalar(element);
  if (!call.given(out) || call.args[out].type->is_none()) return made;
  TypeRef given = value_type(call, out);
  if (!given || !given->is_array() || given->rank != rank || given->scalar != element) {
    return call.fail(source::Diag::bad_argument, call.place(out),
                     fmt::format("{}() takes an array of {} dimensions of {} for out, not {}",
                                 display_name(call.builtin), rank, name_of(element), given ? sort_of(given) : "None"));
  }
  if (given->readonly) return call.fail(source::Diag::readonly_array, call.place(out), std::string("out"));
  return given;
}

// The array reduced; null after a report.
TypeRef reduced(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (t && t->is_array()) return t;
  return call.fail(source::Diag::bad_argument, call.place(0),
                   fmt::format("{}() takes an array, not {}", display_name(call.builtin), t ? sort_of(t) : "None"));
}

// A scalar, or an array of the axes that are left.
TypeRef result_over_axes(CallTyping& call, Scalar element) {
  std::vector<uint8_t> axes;
  bool keepdims = false;
  if (!reduced_axes(call, axes, keepdims)) return nullptr;
  const int rank = value_type(call, 0)->rank;
  const int left = keepdims ? rank : rank - static_cast<int>(axes.size());
  const int out = parameter_number(call.builtin, "out");
  return result_or_out(call, out < 0 ? call.args.size() : static_cast<size_t>(out), element, left);
}

bool dtype_of_result(CallTyping& call, Scalar otherwise, Scalar& out) {
  const int at = parameter_number(call.builtin, "dtype");
  out = otherwise;
  return at < 0 || dtype_argument(call, static_cast<size_t>(at), otherwise, out);
}

}  // namespace

TypeRef reduce_sum(CallTyping& call) {
  TypeRef t = reduced(call);
  Scalar element = Scalar::F64;
  if (!t || !dtype_of_result(call, accumulator(t->scalar), element)) return nullptr;
  return result_over_axes(call, element);
}

TypeRef reduce_order(CallTyping& call) {
  TypeRef t = reduced(call);
  if (!t) return nullptr;
  if (!is_complex(t->scalar)) return result_over_axes(call, t->scalar);
  return call.fail(source::Diag::not_supported, call.where,
                   fmt::format("{}() of complex numbers", display_name(call.builtin)));
}

TypeRef reduce_mean(CallTyping& call) {
  TypeRef t = reduced(call);
  if (!t) return nullptr;
  Scalar element = is_float(t->scalar) || is_complex(t->scalar) ? t->scalar : Scalar::F64;
  if (!dtype_of_result(call, element, element)) return nullptr;
  if (!is_float(element) && !is_complex(element))
    return call.fail(source::Diag::not_supported, call.where,
                     fmt::format("{}() with a dtype of integers or booleans", display_name(call.builtin)));
  return result_over_axes(call, element);
}

TypeRef reduce_var(CallTyping& call) {
  TypeRef t = reduced(call);
  if (!t) return nullptr;
  const int ddof = parameter_number(call.builtin, "ddof");
  if (ddof >= 0 && call.given(static_cast<size_t>(ddof)) &&
      !(value_type(call, static_cast<size_t>(ddof)) && value_type(call, static_cast<size_t>(ddof))->is_scalar())) {
    return wrong_type(call, static_cast<size_t>(ddof), "a number for ddof");
  }
  return result_over_axes(call, is_float(t->scalar) || is_complex(t->scalar) ? real_of(t->scalar) : Scalar::F64);
}

TypeRef reduce_truth(CallTyping& call) { return reduced(call) ? result_over_axes(call, Scalar::Bool) : nullptr; }

TypeRef reduce_position(CallTyping& call) {
  TypeRef t = reduced(call);
  if (!t) return nullptr;
  if (call.given(1) && call.args[1].type->is_tuple()) return wrong_type(call, 1, "an integer for axis");
  if (!is_complex(t->scalar)) return result_over_axes(call, Scalar::I64);
  return call.fail(source::Diag::not_supported, call.where,
                   fmt::format("{}() of complex numbers", display_name(call.builtin)));
}

// np.count_nonzero
TypeRef reduce_count(CallTyping& call) { return reduced(call) ? result_over_axes(call, Scalar::I64) : nullptr; }

// np.vdot
TypeRef dot(CallTyping& call) {
  for (size_t i = 0; i < 2; ++i) {
    TypeRef t = value_type(call, i);
    if (!t || !t->is_array()) return wrong_type(call, i, "an array");
  }
  return call.types.scalar(promote(value_type(call, 0)->scalar, value_type(call, 1)->scalar));
}

namespace {

bool factors(CallTyping& call, int most) {
  for (size_t i = 0; i < 2; ++i) {
    TypeRef t = value_type(call, i);
    if (t && t->is_array() && t->rank >= 1 && t->rank <= most) continue;
    call.fail(source::Diag::not_supported, call.place(i),
              fmt::format("{}() of {}", display_name(call.builtin), t ? sort_of(t) : "None"));
    return false;
  }
  return true;
}

}  // namespace

TypeRef matmul(CallTyping& call) {
  if (!factors(call, 64)) return nullptr;
  TypeRef x = value_type(call, 0), y = value_type(call, 1);
  const bool stacks = call.builtin.id == BuiltinId::numpy_matmul;
  if (!stacks && y->rank > 2 && x->rank > 1) {
    return call.fail(
        source::Diag::not_supported, call.place(1),
        fmt::format("{}() of {} dimensions on the right of {}", display_name(call.builtin), y->rank, x->rank));
  }
  const int rank = std::max<int>({x->rank, y->rank, 2}) - (x->rank == 1 ? 1 : 0) - (y->rank == 1 ? 1 : 0);
  return result_or_out(call, 2, promote(x->scalar, y->scalar), rank);
}

TypeRef einsum(CallTyping& call) {
  using source::Diag;
  TypeRef text = call.args[0].type;
  if (text->kind != TypeKind::String)
    return call.fail(Diag::bad_argument, call.place(0),
                     std::string("np.einsum() takes subscripts known when compiling for 'subscripts'"));
  const size_t count = call.args.size() - 3;  // `out` and `optimize` stand behind the operands
  if (count == 0) return call.fail(Diag::wrong_argument_count, call.where, std::string("np.einsum() lacks operands"));
  std::vector<uint32_t> ranks;
  Scalar element = Scalar::Bool;
  for (size_t i = 1; i <= count; ++i) {
    TypeRef t = value_type(call, i);
    if (!t || !(t->is_array() || t->is_scalar())) return wrong_type(call, i, "an array");
    ranks.push_back(t->is_array() ? t->rank : 0);
    element = i == 1 ? t->scalar : promote(element, t->scalar);
  }
  Einsum spec;
  std::string error;
  if (!parse_einsum(text->text, ranks, spec, error)) return call.fail(Diag::bad_argument, call.place(0), error);
  const int rank = static_cast<int>(spec.output.size());
  TypeRef first = value_type(call, 1);
  TypeRef out = call.given(count + 1) ? value_type(call, count + 1) : nullptr;
  if (out) {
    if (!out->is_array() || out->rank != rank || out->scalar != element)
      return wrong_type(call, count + 1, "an array of the result's type");
    if (out->readonly) return call.fail(Diag::readonly_array, call.place(count + 1), "'out'");
    return out;
  }
  if (rank == 0) return call.types.scalar(element);
  return call.types.array(element, rank, Layout::A, spec.is_view() && first->readonly);
}

TypeRef inner(CallTyping& call) {
  if (!factors(call, 2)) return nullptr;
  TypeRef x = value_type(call, 0), y = value_type(call, 1);
  const int rank = x->rank + y->rank - 2;
  const Scalar element = promote(x->scalar, y->scalar);
  return rank > 0 ? call.types.array(element, rank, Layout::C) : call.types.scalar(element);
}

TypeRef outer(CallTyping& call) {
  if (!one_axis(call, 0) || !one_axis(call, 1)) return nullptr;
  return call.types.array(promote(value_type(call, 0)->scalar, value_type(call, 1)->scalar), 2, Layout::C);
}

}  // namespace kjit::sema::typing
