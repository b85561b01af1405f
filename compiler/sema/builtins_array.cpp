// Typing of array creation, shape functions and the dtype objects.
#include <fmt/format.h>

#include <algorithm>

#include "sema/builtins_typing.h"
#include "sema/promotion.h"

namespace kjit::sema::typing {

namespace {

constexpr int kMaxRank = 32;

TypeRef new_array(CallTyping& call, Scalar s, int rank, size_t order_at) {
  Layout layout = Layout::C;
  if (!order_argument(call, order_at, Layout::C, layout)) return nullptr;
  if (rank > kMaxRank) {
    return call.fail(source::Diag::bad_argument, call.where,
                     fmt::format("an array of rank {} (at most {})", rank, kMaxRank));
  }
  return call.types.array(s, rank, layout);
}

// The array argument i; null after a report.
TypeRef array_type(CallTyping& call, size_t i) {
  TypeRef t = value_type(call, i);
  if (t && t->is_array()) return t;
  return call.fail(source::Diag::bad_argument, call.place(i),
                   fmt::format("{}() takes an array, not {}", display_name(call.builtin), t ? sort_of(t) : "None"));
}

TypeRef number_argument(CallTyping& call, size_t i) {
  TypeRef t = value_type(call, i);
  if (t && t->is_scalar()) return t;
  return call.fail(
      source::Diag::bad_argument, call.place(i),
      fmt::format("{}() takes a number here, not {}", display_name(call.builtin), t ? sort_of(t) : "None"));
}

constexpr size_t kSeenAtRunTime = ~size_t{0};

// Shape and element type of (nested) tuples of numbers or of arrays; false when it is not rectangular or holds
// something else.
bool literal_shape(TypeContext& types, TypeRef t, std::vector<size_t>& shape, TypeRef& element, size_t depth = 0) {
  if (t->is_array()) {
    if (!element && depth == shape.size()) shape.insert(shape.end(), t->rank, kSeenAtRunTime);
    const auto own = static_cast<long>(std::min(depth, shape.size()));
    if (std::any_of(shape.begin() + own, shape.end(), [](size_t n) { return n != kSeenAtRunTime; })) return false;
    depth += t->rank;
  }
  if (t->is_scalar() || t->is_array()) {
    if (depth != shape.size()) return false;
    if (t->is_array()) t = types.scalar(t->scalar);
    TypeRef s = strong(types, t);
    element = element ? types.scalar(promote(element->scalar, s->scalar)) : s;
    return true;
  }
  if (!t->is_tuple()) return false;
  if (depth == shape.size()) {
    if (element) return false;
    shape.push_back(t->elements.size());
  } else if (shape[depth] != t->elements.size()) {
    return false;
  }
  for (TypeRef e : t->elements) {
    if (!literal_shape(types, e, shape, element, depth + 1)) return false;
  }
  return true;
}

TypeRef converted(CallTyping& call, Layout layout, bool same_when_it_fits) {
  TypeRef t = value_type(call, 0);
  Scalar s{};
  if (t && t->is_array()) {
    if (!dtype_argument(call, 1, t->scalar, s)) return nullptr;
    if (same_when_it_fits && s == t->scalar && (layout == Layout::A || t->layout == layout)) return t;
    Layout made = layout == Layout::A ? (t->layout == Layout::F ? Layout::F : Layout::C) : layout;
    return call.types.array(s, t->rank, t->rank < 2 ? Layout::C : made);
  }
  std::vector<size_t> shape;
  TypeRef element = nullptr;
  if (!t || !literal_shape(call.types, t, shape, element)) {
    return call.fail(
        source::Diag::bad_argument, call.place(0),
        fmt::format("{}() takes numbers, rectangular nested tuples or lists of numbers or arrays, or an array, not {}",
                    display_name(call.builtin), t ? to_string(t) : "None"));
  }
  if (!dtype_argument(call, 1, element ? element->scalar : Scalar::F64, s)) return nullptr;
  if (element && is_complex(element->scalar) && !is_complex(s)) {
    return call.fail(source::Diag::bad_argument, call.place(0), std::string("complex numbers have no real dtype"));
  }
  return call.types.array(s, static_cast<int>(shape.size()), layout == Layout::F ? Layout::F : Layout::C);
}

}  // namespace

TypeRef create(CallTyping& call) {
  int rank = shape_rank(call, 0);
  Scalar s{};
  if (rank < 0 || !dtype_argument(call, 1, Scalar::F64, s)) return nullptr;
  return new_array(call, s, rank, 2);
}

TypeRef create_full(CallTyping& call) {
  int rank = shape_rank(call, 0);
  TypeRef value = rank < 0 ? nullptr : number_argument(call, 1);
  Scalar s{};
  if (!value || !dtype_argument(call, 2, value->scalar, s)) return nullptr;
  return new_array(call, s, rank, 3);
}

namespace {

TypeRef like(CallTyping& call, size_t dtype_at, size_t order_at) {
  TypeRef t = value_type(call, 0);
  if (!t || (!t->is_array() && !t->is_scalar())) return array_type(call, 0);
  Scalar s{};
  if (!dtype_argument(call, dtype_at, t->scalar, s)) return nullptr;
  Layout layout = t->is_array() && t->layout == Layout::F ? Layout::F : Layout::C;
  if (!order_argument(call, order_at, layout, layout)) return nullptr;
  return call.types.array(s, t->is_array() ? t->rank : 0, layout);
}

}  // namespace

TypeRef create_like(CallTyping& call) { return like(call, 1, 2); }
TypeRef create_full_like(CallTyping& call) { return number_argument(call, 1) ? like(call, 2, 3) : nullptr; }

TypeRef arange(CallTyping& call) {
  TypeRef common = nullptr;
  for (size_t i = 0; i < 3; ++i) {
    if (!value_type(call, i)) continue;
    TypeRef t = number_argument(call, i);
    if (!t) return nullptr;
    if (is_complex(t->scalar)) return wrong_type(call, i, "real numbers");
    common = common ? common_type(call.types, common, t) : t;
  }
  Scalar s{};
  // NumPy finds the type with int64 among the operands: int8 gives int64, uint64 and float32 give float64.
  if (!dtype_argument(call, 3, promote(Scalar::I64, common->scalar), s)) return nullptr;
  return call.types.array(s, 1, Layout::C);
}

TypeRef linspace(CallTyping& call) {
  TypeRef a = number_argument(call, 0), b = a ? number_argument(call, 1) : nullptr;
  if (!b) return nullptr;
  if (TypeRef n = value_type(call, 2); n && !(n->is_scalar() && is_integer(n->scalar))) {
    return wrong_type(call, 2, "an integer for num");
  }
  bool endpoint = true, retstep = false;
  if (!constant_bool(call, 3, true, endpoint) || !constant_bool(call, 4, false, retstep)) return nullptr;
  // Both ends are multiplied by 1.0 first, which is weak.
  auto floating = [&](TypeRef t) {
    if (is_float(t->scalar) || is_complex(t->scalar)) return t;
    return t->weak ? call.types.py_float() : call.types.float64();
  };
  Scalar step = common_type(call.types, floating(a), floating(b))->scalar, s{};
  if (!dtype_argument(call, 5, step, s)) return nullptr;
  TypeRef array = call.types.array(s, 1, Layout::C);
  return retstep ? call.types.tuple({array, call.types.scalar(step)}) : array;
}

namespace {

TypeRef matrix(CallTyping& call, size_t integers, size_t dtype_at) {
  for (size_t i = 0; i < integers; ++i) {
    TypeRef t = value_type(call, i);
    if (t && !(t->is_scalar() && is_integer(t->scalar))) return wrong_type(call, i, "an integer");
  }
  Scalar s{};
  return dtype_argument(call, dtype_at, Scalar::F64, s) ? call.types.array(s, 2, Layout::C) : nullptr;
}

}  // namespace

TypeRef eye(CallTyping& call) { return matrix(call, 3, 3); }
TypeRef identity(CallTyping& call) { return matrix(call, 1, 1); }

TypeRef array_of(CallTyping& call) { return converted(call, Layout::A, false); }
TypeRef as_array(CallTyping& call) { return converted(call, Layout::A, true); }
TypeRef as_contiguous(CallTyping& call) { return converted(call, Layout::C, true); }
TypeRef as_fortran(CallTyping& call) { return converted(call, Layout::F, true); }

// a.copy() is row-major; np.copy(a) keeps a column-major layout.
TypeRef copy(CallTyping& call) {
  TypeRef t = array_type(call, 0);
  return t ? call.types.array(t->scalar, t->rank, Layout::C) : nullptr;
}
TypeRef np_copy(CallTyping& call) {
  TypeRef t = array_type(call, 0);
  return t ? call.types.array(t->scalar, t->rank, t->layout == Layout::F ? Layout::F : Layout::C) : nullptr;
}

TypeRef astype(CallTyping& call) {
  TypeRef t = array_type(call, 0);
  Scalar s{};
  if (!t || !dtype_argument(call, 1, Scalar::F64, s)) return nullptr;
  return call.types.array(s, t->rank, t->layout == Layout::F ? Layout::F : Layout::C);
}

TypeRef fill(CallTyping& call) {
  TypeRef t = array_type(call, 0), value = t ? number_argument(call, 1) : nullptr;
  if (!value) return nullptr;
  if (t->readonly) return call.fail(source::Diag::readonly_array, call.place(0), std::string("the array"));
  if (is_complex(value->scalar) && !is_complex(t->scalar)) return wrong_type(call, 1, "a real number");
  return call.types.none();
}

TypeRef item(CallTyping& call) {
  TypeRef t = array_type(call, 0);
  if (!t) return nullptr;
  size_t given = call.args.size() - 1;
  for (size_t i = 1; i < call.args.size(); ++i) {
    TypeRef k = value_type(call, i);
    if (!k || !k->is_scalar() || !is_integer(k->scalar)) return wrong_type(call, i, "integers");
  }
  if (given > 1 && given != t->rank) {
    return call.fail(source::Diag::wrong_argument_count, call.where,
                     fmt::format("item() of {} takes {} indices, {} given", sort_of(t), t->rank, given));
  }
  Scalar s = t->scalar;
  if (is_bool(s) || s == Scalar::U64) return call.types.scalar(s);
  return is_integer(s) ? call.types.py_int() : is_float(s) ? call.types.py_float() : call.types.py_complex();
}

// --- shape

TypeRef shape(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (t && t->is_scalar()) return call.types.tuple({});
  t = array_type(call, 0);
  return t ? call.types.homogeneous(call.types.py_int(), t->rank) : nullptr;
}

TypeRef ndim(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (!t || !t->is_scalar()) t = array_type(call, 0);
  if (!t) return nullptr;
  call.folded = {call.types.py_int(), int64_t{t->is_array() ? t->rank : 0}};
  return call.types.py_int();
}

TypeRef size(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (!t || !t->is_scalar()) t = array_type(call, 0);
  return t ? call.types.py_int() : nullptr;
}

TypeRef reshape(CallTyping& call) {
  TypeRef t = array_type(call, 0);
  if (!t) return nullptr;
  int rank = -1;
  if (call.args.size() == 2) {
    rank = shape_rank(call, 1);
  } else {
    rank = static_cast<int>(call.args.size()) - 1;
    for (size_t i = 1; i < call.args.size(); ++i) {
      if (shape_rank(call, i) != 1 || !value_type(call, i)->is_scalar()) return nullptr;
    }
  }
  if (rank < 0) return nullptr;
  if (!at_least(call, 2)) return nullptr;
  return call.types.array(t->scalar, rank, Layout::C, t->readonly && t->layout == Layout::C);
}

TypeRef ravel(CallTyping& call) {
  TypeRef t = array_type(call, 0);
  if (!t) return nullptr;
  bool view = t->layout == Layout::C && std::string_view(call.builtin.name) != "array.flatten";
  return call.types.array(t->scalar, 1, Layout::C, t->readonly && view);
}

TypeRef transpose(CallTyping& call) {
  TypeRef t = array_type(call, 0);
  if (!t) return nullptr;
  size_t count = call.args.size() - 1;
  bool given = count > 0 && value_type(call, 1);
  if (!given) {
    Layout l = t->layout == Layout::A ? Layout::A : t->layout == Layout::C ? Layout::F : Layout::C;
    return call.types.array(t->scalar, t->rank, t->rank < 2 ? t->layout : l, t->readonly);
  }
  std::vector<int64_t> axes;
  for (size_t i = 1; i < call.args.size(); ++i) {
    const Constant* c = call.args[i].constant;
    if (c && c->is_int()) axes.push_back(c->as_int());
    auto* tuple = c ? std::get_if<ConstantTuple>(&c->value) : nullptr;
    if (tuple && count == 1) {
      for (const Constant& e : *tuple) axes.push_back(e.is_int() ? e.as_int() : -kMaxRank - 1);
    }
    if (!c) return call.fail(source::Diag::not_constant, call.place(i), std::string("an axis of transpose()"));
  }
  std::vector<bool> seen(t->rank, false);
  for (int64_t& a : axes) {
    if (a < 0) a += t->rank;
    if (a < 0 || a >= t->rank || seen[static_cast<size_t>(a)]) {
      return call.fail(source::Diag::bad_argument, call.where,
                       std::string("the axes are not a permutation of the array's"));
    }
    seen[static_cast<size_t>(a)] = true;
  }
  if (axes.size() != t->rank) {
    return call.fail(source::Diag::bad_argument, call.where,
                     fmt::format("transpose() of {} takes {} axes, {} given", sort_of(t), t->rank, axes.size()));
  }
  return call.types.array(t->scalar, t->rank, std::is_sorted(axes.begin(), axes.end()) ? t->layout : Layout::A,
                          t->readonly);
}

// --- dtype objects

TypeRef make_dtype(CallTyping& call) {
  Scalar s{};
  if (!dtype_argument(call, 0, Scalar::F64, s)) return nullptr;
  call.folded = {dtype_object(call.types, s), {}};
  return call.folded.type;
}

TypeRef result_type(CallTyping& call) {
  if (!at_least(call, 1)) return nullptr;
  TypeRef common = nullptr;
  for (size_t i = 0; i < call.args.size(); ++i) {
    TypeRef t = value_type(call, i);
    Scalar s{};
    if (t && t->is_array()) {
      t = call.types.scalar(t->scalar);
    } else if (!t || !t->is_scalar()) {
      if (!t) return wrong_type(call, i, "arrays, numbers and dtypes");
      if (!dtype_argument(call, i, Scalar::F64, s)) return nullptr;
      t = call.types.scalar(s);
    }
    common = common ? common_type(call.types, common, t) : t;
  }
  call.folded = {dtype_object(call.types, common->scalar), {}};
  return call.folded.type;
}

namespace {

TypeRef limits(CallTyping& call, const char* of, bool floats) {
  TypeRef t = value_type(call, 0);
  Scalar s{};
  if (t && t->is_scalar())
    s = t->scalar;
  else if (!dtype_argument(call, 0, Scalar::F64, s))
    return nullptr;
  if (floats) s = real_of(s);
  if (floats ? !is_float(s) : !is_integer(s)) {
    return call.fail(source::Diag::bad_argument, call.place(0),
                     fmt::format("{}() takes {} type, not {}", display_name(call.builtin),
                                 floats ? "a float" : "an integer", name_of(s)));
  }
  call.folded = {call.types.builtin(fmt::format("{}.{}", of, name_of(s))), {}};
  return call.folded.type;
}

}  // namespace

TypeRef finfo(CallTyping& call) { return limits(call, "numpy.finfo", true); }
TypeRef iinfo(CallTyping& call) { return limits(call, "numpy.iinfo", false); }

TypeRef conjugate_array(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (!is_complex(t->scalar)) return t;
  return call.types.array(t->scalar, t->rank, t->layout == Layout::F ? Layout::F : Layout::C);
}

}  // namespace kjit::sema::typing
