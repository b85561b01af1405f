// Typing of functions that pick, join, order and count elements of arrays.
#include <fmt/format.h>

#include <algorithm>

#include "sema/builtins_typing.h"
#include "sema/promotion.h"

namespace kjit::sema::typing {

namespace {

// The array argument i with at least `least` axes; null after a report.
TypeRef whole_array(CallTyping& call, size_t i, int least = 1) {
  TypeRef t = value_type(call, i);
  if (t && t->is_array() && t->rank >= least) return t;
  const char* wanted = least > 1 ? "an array of at least 2 dimensions" : "an array of at least 1 dimension";
  return call.fail(source::Diag::bad_argument, call.place(i),
                   fmt::format("{}() takes {}, not {}", display_name(call.builtin), wanted, t ? sort_of(t) : "None"));
}

bool integer_argument(CallTyping& call, size_t i) {
  if (!call.given(i)) return true;
  TypeRef t = value_type(call, i);
  if (t && t->is_scalar() && is_integer(t->scalar)) return true;
  call.fail(source::Diag::bad_argument, call.place(i),
            fmt::format("{}() takes an integer here, not {}", display_name(call.builtin), t ? sort_of(t) : "None"));
  return false;
}

// An axis known when compiling, in [0, rank); `otherwise` where it is not given. False after a report.
bool axis_argument(CallTyping& call, size_t i, int rank, int otherwise, int& out) {
  out = otherwise;
  if (!call.given(i)) return true;
  const Constant* c = call.args[i].constant;
  if (!c || !c->is_int()) {
    call.fail(source::Diag::not_constant, call.place(i), fmt::format("axis of {}()", display_name(call.builtin)));
    return false;
  }
  const int64_t axis = c->as_int();
  if (axis < -rank || axis >= rank) {
    call.fail(source::Diag::bad_argument, call.place(i),
              fmt::format("axis {} is out of bounds for array of dimension {}", axis, rank));
    return false;
  }
  out = static_cast<int>(axis < 0 ? axis + rank : axis);
  return true;
}

bool is_absent(CallTyping& call, size_t i) { return !call.given(i) || call.args[i].type->is_none(); }

}  // namespace

TypeRef nonzero(CallTyping& call) {
  TypeRef t = whole_array(call, 0);
  return t ? call.types.homogeneous(call.types.array(Scalar::I64, 1, Layout::C), t->rank) : nullptr;
}

TypeRef flatnonzero(CallTyping& call) {
  return whole_array(call, 0) ? call.types.array(Scalar::I64, 1, Layout::C) : nullptr;
}

TypeRef take(CallTyping& call) {
  TypeRef t = whole_array(call, 0);
  if (!t) return nullptr;
  TypeRef at = value_type(call, 1);
  if (!at || !(at->is_scalar() || at->is_array()) || !is_integer(at->scalar)) {
    return call.fail(source::Diag::bad_argument, call.place(1),
                     fmt::format("{}() takes an integer or an array of integers, not {}", display_name(call.builtin),
                                 at ? sort_of(at) : "None"));
  }
  const int picked = at->is_array() ? at->rank : 0;
  int axis = 0;
  int rank = picked;
  if (!is_absent(call, 2)) {
    if (!axis_argument(call, 2, t->rank, 0, axis)) return nullptr;
    rank += t->rank - 1;
  }
  return rank == 0 ? call.types.scalar(t->scalar) : call.types.array(t->scalar, rank, Layout::C);
}

TypeRef histogram(CallTyping& call) {
  TypeRef t = whole_array(call, 0);
  if (!t) return nullptr;
  if (is_complex(t->scalar)) return wrong_type(call, 0, "real numbers");
  TypeRef bins = value_type(call, 1);
  if (bins && !(bins->is_scalar() && is_integer(bins->scalar))) {
    return call.fail(source::Diag::not_supported, call.place(1),
                     fmt::format("bins of {}() that are {}", display_name(call.builtin), sort_of(bins)));
  }
  if (!is_absent(call, 2)) {
    TypeRef range = value_type(call, 2);
    const bool pair = range->is_tuple() && range->elements.size() == 2 &&
                      std::all_of(range->elements.begin(), range->elements.end(),
                                  [](TypeRef x) { return x->is_scalar() && !is_complex(x->scalar); });
    if (!pair) {
      return call.fail(
          source::Diag::bad_argument, call.place(2),
          fmt::format("range of {}() is a pair of numbers, not {}", display_name(call.builtin), sort_of(range)));
    }
  }
  bool density = false;
  if (!is_absent(call, 3) && !constant_bool(call, 3, false, density)) return nullptr;
  if (density) return call.fail(source::Diag::not_supported, call.place(3), std::string("density of histogram()"));
  Scalar counts = Scalar::I64;
  if (!is_absent(call, 4)) {
    TypeRef w = whole_array(call, 4);
    if (!w) return nullptr;
    if (is_complex(w->scalar) || is_bool(w->scalar) || w->rank != t->rank) {
      return call.fail(source::Diag::not_supported, call.place(4),
                       fmt::format("weights of histogram() that are {}", sort_of(w)));
    }
    counts = w->scalar;
  }
  const Scalar edges = t->scalar == Scalar::F32 ? Scalar::F32 : Scalar::F64;
  return call.types.tuple({call.types.array(counts, 1, Layout::C), call.types.array(edges, 1, Layout::C)});
}

TypeRef cov(CallTyping& call) {
  TypeRef t = whole_array(call, 0, 2);
  if (!t) return nullptr;
  if (t->rank > 2) return wrong_type(call, 0, "an array of 2 dimensions");
  if (is_complex(t->scalar))
    return call.fail(source::Diag::not_supported, call.place(0), std::string("cov() of complex numbers"));
  bool flag = false;
  for (size_t i : {2, 3}) {
    if (!constant_bool(call, i, false, flag)) return nullptr;
  }
  if (!is_absent(call, 4) && !integer_argument(call, 4)) return nullptr;
  return call.types.array(Scalar::F64, 2, Layout::C);
}

namespace {

// The element type of the arrays of the tuple, which all have one rank (below `lift` counts as that many); false after
// a report.
bool joined(CallTyping& call, int least, Scalar& element, int& rank, int lift = 0) {
  TypeRef t = value_type(call, 0);
  const bool arrays =
      t && t->is_tuple() && !t->elements.empty() &&
      std::all_of(t->elements.begin(), t->elements.end(), [&](TypeRef x) { return x->is_array() && x->rank >= least; });
  if (!arrays) {
    call.fail(
        source::Diag::bad_argument, call.place(0),
        fmt::format("{}() takes a tuple of arrays, not {}", display_name(call.builtin), t ? to_string(t) : "None"));
    return false;
  }
  element = t->elements[0]->scalar;
  rank = std::max<int>(t->elements[0]->rank, lift);
  for (TypeRef x : t->elements) {
    element = promote(element, x->scalar);
    if (std::max<int>(x->rank, lift) == rank) continue;
    call.fail(source::Diag::bad_argument, call.place(0),
              fmt::format("{}() takes arrays of one rank, not of {} and {} dimensions", display_name(call.builtin),
                          t->elements[0]->rank, x->rank));
    return false;
  }
  return true;
}

}  // namespace

TypeRef concatenate(CallTyping& call) {
  Scalar element{};
  int rank = 0, axis = 0;
  if (call.given(1) && call.args[1].type->is_none()) {
    TypeRef t = value_type(call, 0);
    int most = 1;
    if (t && t->is_tuple()) {
      for (TypeRef x : t->elements) most = std::max<int>(most, x->is_array() ? x->rank : 0);
    }
    return joined(call, 1, element, rank, most) ? call.types.array(element, 1, Layout::C) : nullptr;
  }
  if (!joined(call, 1, element, rank) || !axis_argument(call, 1, rank, 0, axis)) return nullptr;
  return call.types.array(element, rank, Layout::C);
}

TypeRef hstack(CallTyping& call) {
  Scalar element{};
  int rank = 0;
  return joined(call, 1, element, rank) ? call.types.array(element, rank, Layout::C) : nullptr;
}

namespace {

TypeRef lifted(CallTyping& call, int lift) {
  Scalar element{};
  int rank = 0;
  return joined(call, 1, element, rank, lift) ? call.types.array(element, rank, Layout::C) : nullptr;
}

}  // namespace

TypeRef vstack(CallTyping& call) { return lifted(call, 2); }
TypeRef column_stack(CallTyping& call) { return lifted(call, 2); }
TypeRef dstack(CallTyping& call) { return lifted(call, 3); }

TypeRef stack(CallTyping& call) {
  Scalar element{};
  int rank = 0, axis = 0;
  if (!joined(call, 0, element, rank) || !axis_argument(call, 1, rank + 1, 0, axis)) return nullptr;
  return call.types.array(element, rank + 1, Layout::C);
}

namespace {

TypeRef sorted(CallTyping& call) {
  TypeRef t = whole_array(call, 0);
  if (!t) return nullptr;
  if (is_complex(t->scalar)) {
    return call.fail(source::Diag::not_supported, call.place(0),
                     fmt::format("{}() of complex numbers", display_name(call.builtin)));
  }
  return t;
}

}  // namespace

TypeRef sort(CallTyping& call) {
  TypeRef t = sorted(call);
  return t ? call.types.array(t->scalar, t->rank, Layout::C) : nullptr;
}
TypeRef sort_in_place(CallTyping& call) {
  TypeRef t = sorted(call);
  if (t && t->readonly) return call.fail(source::Diag::readonly_array, call.place(0), std::string("the array"));
  return t ? call.types.none() : nullptr;
}
TypeRef argsort(CallTyping& call) {
  TypeRef t = sorted(call);
  return t ? call.types.array(Scalar::I64, t->rank, Layout::C) : nullptr;
}

TypeRef diag(CallTyping& call) {
  TypeRef t = whole_array(call, 0);
  if (!t || !integer_argument(call, 1)) return nullptr;
  if (t->rank > 2) return wrong_type(call, 0, "an array of 1 or 2 dimensions");
  return call.types.array(t->scalar, t->rank == 1 ? 2 : 1, Layout::C);
}

TypeRef triangle(CallTyping& call) {
  TypeRef t = whole_array(call, 0, 2);
  return t && integer_argument(call, 1) ? call.types.array(t->scalar, t->rank, Layout::C) : nullptr;
}

TypeRef trace(CallTyping& call) {
  TypeRef t = whole_array(call, 0, 2);
  if (!t || !integer_argument(call, 1)) return nullptr;
  if (t->rank > 2)
    return call.fail(source::Diag::not_supported, call.place(0), std::string("trace() of more than 2 dimensions"));
  const Scalar s = t->scalar;
  return call.types.scalar(is_bool(s) || is_signed(s) ? Scalar::I64 : is_unsigned(s) ? Scalar::U64 : s);
}

}  // namespace kjit::sema::typing
