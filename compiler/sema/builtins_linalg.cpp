// Typing of numpy.linalg. Integers become float64; results are C arrays.
#include <fmt/format.h>

#include "sema/builtins_typing.h"
#include "sema/promotion.h"

namespace kjit::sema::typing {

namespace {

Scalar element_of(Scalar s) { return is_float(s) || is_complex(s) ? s : Scalar::F64; }

// Argument i: an array of at least 2 axes; null after a report.
TypeRef matrices(CallTyping& call, size_t i) {
  TypeRef t = value_type(call, i);
  if (t && t->is_array() && t->rank >= 2) return t;
  return call.fail(source::Diag::bad_argument, call.place(i),
                   fmt::format("{}() takes an array of at least 2 dimensions, not {}", display_name(call.builtin),
                               t ? sort_of(t) : "None"));
}

// An array in place of a stack's matrices: `axes` axes for each; a number when there is no stack and no axis.
TypeRef for_each(CallTyping& call, TypeRef a, Scalar element, int axes) {
  const int rank = a->rank - 2 + axes;
  return rank == 0 ? call.types.scalar(element) : call.types.array(element, rank, Layout::C);
}

// A text known when compiling that is one of the choices; false after a report.
bool choice_argument(CallTyping& call, size_t i, std::initializer_list<const char*> choices, std::string& out) {
  out = *choices.begin();
  if (!call.given(i)) return true;
  TypeRef t = call.args[i].type;
  std::string list;
  for (const char* c : choices) {
    if (t->kind == TypeKind::String && t->text == c) {
      out = c;
      return true;
    }
    list += fmt::format("{}'{}'", list.empty() ? "" : ", ", c);
  }
  call.fail(source::Diag::bad_argument, call.place(i),
            fmt::format("{}() takes one of {} here", display_name(call.builtin), list));
  return false;
}

}  // namespace

TypeRef linalg_square(CallTyping& call) {
  TypeRef a = matrices(call, 0);
  return a ? for_each(call, a, element_of(a->scalar), 2) : nullptr;
}

TypeRef linalg_solve(CallTyping& call) {
  TypeRef a = matrices(call, 0);
  TypeRef b = value_type(call, 1);
  if (!a) return nullptr;
  if (!b || !b->is_array() || b->rank == 0) return wrong_type(call, 1, "an array");
  const Scalar element = element_of(promote(element_of(a->scalar), b->scalar));
  const int rank = b->rank == 1 ? a->rank - 1 : std::max(a->rank, b->rank);
  return call.types.array(element, rank, Layout::C);
}

TypeRef linalg_det(CallTyping& call) {
  TypeRef a = matrices(call, 0);
  return a ? for_each(call, a, element_of(a->scalar), 0) : nullptr;
}

TypeRef linalg_slogdet(CallTyping& call) {
  TypeRef a = matrices(call, 0);
  if (!a) return nullptr;
  const Scalar s = element_of(a->scalar);
  return call.types.tuple({for_each(call, a, s, 0), for_each(call, a, real_of(s), 0)});
}

TypeRef linalg_cholesky(CallTyping& call) {
  bool upper = false;
  return constant_bool(call, 1, false, upper) ? linalg_square(call) : nullptr;
}

TypeRef linalg_qr(CallTyping& call) {
  TypeRef a = matrices(call, 0);
  std::string mode;
  if (!a || !choice_argument(call, 1, {"reduced", "complete", "r"}, mode)) return nullptr;
  TypeRef factor = for_each(call, a, element_of(a->scalar), 2);
  return mode == "r" ? factor : call.types.tuple({factor, factor});
}

TypeRef linalg_svdvals(CallTyping& call) {
  TypeRef a = matrices(call, 0);
  return a ? for_each(call, a, real_of(element_of(a->scalar)), 1) : nullptr;
}

TypeRef linalg_svd(CallTyping& call) {
  bool full = true, vectors = true;
  if (!constant_bool(call, 1, true, full) || !constant_bool(call, 2, true, vectors)) return nullptr;
  TypeRef values = linalg_svdvals(call);
  TypeRef factor = values ? linalg_square(call) : nullptr;
  if (!factor) return nullptr;
  return vectors ? call.types.tuple({factor, values, factor}) : values;
}

TypeRef linalg_eigvalsh(CallTyping& call) {
  std::string triangle;
  return choice_argument(call, 1, {"L", "U", "l", "u"}, triangle) ? linalg_svdvals(call) : nullptr;
}

TypeRef linalg_eigh(CallTyping& call) {
  TypeRef values = linalg_eigvalsh(call);
  return values ? call.types.tuple({values, linalg_square(call)}) : nullptr;
}

TypeRef linalg_eigvals(CallTyping& call) {
  TypeRef a = matrices(call, 0);
  return a ? for_each(call, a, element_of(a->scalar), 1) : nullptr;
}

TypeRef linalg_eig(CallTyping& call) {
  TypeRef values = linalg_eigvals(call);
  return values ? call.types.tuple({values, linalg_square(call)}) : nullptr;
}

TypeRef linalg_lstsq(CallTyping& call) {
  TypeRef a = matrices(call, 0);
  TypeRef b = value_type(call, 1);
  if (!a) return nullptr;
  if (a->rank > 2) return wrong_type(call, 0, "an array of 2 dimensions");
  if (!b || !b->is_array() || b->rank == 0 || b->rank > 2) {
    return wrong_type(call, 1, "an array of 1 or 2 dimensions");
  }
  TypeRef rcond = value_type(call, 2);
  if (rcond && !(rcond->is_scalar() && !is_complex(rcond->scalar))) return wrong_type(call, 2, "a number");
  const Scalar element = element_of(promote(element_of(a->scalar), b->scalar));
  TypeRef reals = call.types.array(real_of(element), 1, Layout::C);
  return call.types.tuple(
      {call.types.array(element, b->rank, Layout::C), reals, call.types.scalar(Scalar::I64), reals});
}

}  // namespace kjit::sema::typing
