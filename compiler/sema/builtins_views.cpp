// Typing of views with other axes.
#include <fmt/format.h>

#include <algorithm>

#include "sema/axes.h"
#include "sema/builtins_typing.h"

namespace kjit::sema {

bool read_axes(const Constant* constant, int rank, Axes& out, std::string& problem) {
  out.clear();
  problem.clear();
  std::vector<int64_t> values;
  if (constant && constant->is_int()) {
    values.push_back(constant->as_int());
  } else if (const auto* tuple = constant ? std::get_if<ConstantTuple>(&constant->value) : nullptr) {
    for (const Constant& c : *tuple) {
      if (!c.is_int()) return false;
      values.push_back(c.as_int());
    }
  } else {
    return false;
  }
  for (int64_t v : values) {
    const int64_t k = v < 0 ? v + rank : v;
    if (k < 0 || k >= rank) {
      problem = fmt::format("axis {} is out of bounds for array of dimension {}", v, rank);
      return false;
    }
    if (std::find(out.begin(), out.end(), k) != out.end()) {
      problem = "repeated axis";
      return false;
    }
    out.push_back(static_cast<uint8_t>(k));
  }
  return true;
}

bool read_permutation(const Builtin& row, std::span<const Constant* const> args, int rank, Axes& out,
                      std::string& problem) {
  Axes from, to;
  if (!read_axes(args[0], rank, from, problem) || !read_axes(args[1], rank, to, problem)) return false;
  if (from.size() != to.size()) {
    problem = "`source` and `destination` arguments must have the same number of elements";
    return false;
  }
  out.clear();
  if (row.id != BuiltinId::numpy_moveaxis) {
    for (int k = 0; k < rank; ++k) out.push_back(static_cast<uint8_t>(k));
    if (from.size() != 1) {
      problem = "an axis is an integer";
      return false;
    }
    std::swap(out[from[0]], out[to[0]]);
    return true;
  }
  for (int k = 0; k < rank; ++k) {
    if (std::find(from.begin(), from.end(), k) == from.end()) out.push_back(static_cast<uint8_t>(k));
  }
  std::vector<std::pair<uint8_t, uint8_t>> moves;  // ascending by destination
  for (size_t i = 0; i < from.size(); ++i) moves.emplace_back(to[i], from[i]);
  std::sort(moves.begin(), moves.end());
  for (auto [place, axis] : moves) out.insert(out.begin() + place, axis);
  return true;
}

bool read_flipped(const Builtin& row, const Constant* constant, int rank, Axes& out, std::string& problem) {
  out.clear();
  const int only = row.id == BuiltinId::numpy_flipud ? 0 : row.id == BuiltinId::numpy_fliplr ? 1 : -1;
  if (only >= rank) {
    problem = fmt::format("Input must be >= {}-d.", only + 1);
    return false;
  }
  if (only >= 0) {
    out.push_back(static_cast<uint8_t>(only));
  } else if (constant) {
    return read_axes(constant, rank, out, problem);
  } else {
    for (int k = 0; k < rank; ++k) out.push_back(static_cast<uint8_t>(k));
  }
  return true;
}

namespace typing {

namespace {

TypeRef array_argument(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (t && t->is_array() && t->rank > 0) return t;
  return call.fail(source::Diag::bad_argument, call.place(0),
                   fmt::format("{}() takes an array, not {}", display_name(call.builtin), t ? sort_of(t) : "None"));
}

TypeRef bad_axes(CallTyping& call, size_t i, const std::string& problem) {
  if (!problem.empty()) return call.fail(source::Diag::bad_argument, call.place(i), problem);
  return call.fail(source::Diag::not_constant, call.place(i), fmt::format("axis of {}()", display_name(call.builtin)));
}

const Constant* constant_of(const CallTyping& call, size_t i) {
  return call.given(i) && !call.args[i].type->is_none() ? call.args[i].constant : nullptr;
}

Layout layout_without_axis(TypeRef t, int rank) { return rank == 1 && t->layout != Layout::A ? Layout::C : t->layout; }

}  // namespace

TypeRef squeeze(CallTyping& call) {
  TypeRef t = array_argument(call);
  Axes axes;
  std::string problem;
  if (!t) return nullptr;
  if (!read_axes(constant_of(call, 1), t->rank, axes, problem)) return bad_axes(call, 1, problem);
  const int rank = t->rank - static_cast<int>(axes.size());
  return call.types.array(t->scalar, rank, layout_without_axis(t, rank), t->readonly);
}

TypeRef expand_dims(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (!t || !t->is_array()) return array_argument(call);
  const Constant* c = constant_of(call, 1);
  const auto* tuple = c ? std::get_if<ConstantTuple>(&c->value) : nullptr;
  const int rank = t->rank + (tuple ? static_cast<int>(tuple->size()) : 1);
  Axes axes;
  std::string problem;
  if (!read_axes(c, rank, axes, problem)) return bad_axes(call, 1, problem);
  return call.types.array(t->scalar, rank, t->layout, t->readonly);
}

TypeRef permute(CallTyping& call) {
  TypeRef t = array_argument(call);
  if (!t) return nullptr;
  Axes axes;
  std::string problem;
  const Constant* args[] = {constant_of(call, 1), constant_of(call, 2)};
  if (!read_permutation(call.builtin, args, t->rank, axes, problem)) return bad_axes(call, args[0] ? 2 : 1, problem);
  Layout layout = Layout::A;
  if (std::is_sorted(axes.begin(), axes.end())) layout = t->layout;
  if (std::is_sorted(axes.rbegin(), axes.rend()) && t->rank > 1 && t->layout != Layout::A)
    layout = t->layout == Layout::C ? Layout::F : Layout::C;
  return call.types.array(t->scalar, t->rank, layout, t->readonly);
}

TypeRef broadcast_to(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (!t || (!t->is_array() && !t->is_scalar())) return array_argument(call);
  const int rank = shape_rank(call, 1);
  if (rank < 0) return nullptr;
  const int own = t->is_array() ? t->rank : 0;
  if (own > rank) {
    return call.fail(source::Diag::bad_argument, call.place(1),
                     fmt::format("input operand has more dimensions ({}) than the shape ({})", own, rank));
  }
  return call.types.array(t->scalar, rank, Layout::A, true);
}

TypeRef broadcast_arrays(CallTyping& call) {
  if (!at_least(call, 1)) return nullptr;
  int rank = 0;
  for (size_t i = 0; i < call.args.size(); ++i) {
    TypeRef t = value_type(call, i);
    if (!t || (!t->is_array() && !t->is_scalar())) return wrong_type(call, i, "arrays");
    rank = std::max<int>(rank, t->is_array() ? t->rank : 0);
  }
  std::vector<TypeRef> views;
  for (size_t i = 0; i < call.args.size(); ++i)
    views.push_back(call.types.array(value_type(call, i)->scalar, rank, Layout::A, true));
  return call.types.tuple(std::move(views));
}

TypeRef broadcast_shapes(CallTyping& call) {
  int rank = 0;
  for (size_t i = 0; i < call.args.size(); ++i) {
    const int own = shape_rank(call, i);
    if (own < 0) return nullptr;
    rank = std::max(rank, own);
  }
  return call.types.homogeneous(call.types.py_int(), static_cast<uint32_t>(rank));
}

TypeRef as_strided(CallTyping& call) {
  TypeRef t = array_argument(call);
  const int rank = t ? shape_rank(call, 1) : -1;
  if (rank < 0) return nullptr;
  if (shape_rank(call, 2) != rank) return wrong_type(call, 2, "as many strides as lengths");
  return call.types.array(t->scalar, rank, Layout::A, t->readonly);
}

TypeRef sliding_window_view(CallTyping& call) {
  TypeRef t = array_argument(call);
  const int window = t ? shape_rank(call, 1) : -1;
  if (window < 0) return nullptr;
  Axes axes;
  std::string problem;
  const Constant* axis = constant_of(call, 2);
  if (call.given(2) && !call.args[2].type->is_none() && !read_axes(axis, t->rank, axes, problem))
    return bad_axes(call, 2, problem);
  const size_t slid = axis ? axes.size() : t->rank;
  if (slid != static_cast<size_t>(window)) {
    return call.fail(source::Diag::bad_argument, call.place(1),
                     fmt::format("a window of {} lengths for {} axes", window, slid));
  }
  return call.types.array(t->scalar, t->rank + window, Layout::A, true);
}

TypeRef view_as(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  Scalar s{};
  if (!dtype_argument(call, 1, t->scalar, s)) return nullptr;
  if (s == t->scalar) return t;
  if (is_bool(s)) return wrong_type(call, 1, "a dtype of numbers");
  if (size_of(s) == size_of(t->scalar)) return call.types.array(s, t->rank, t->layout, t->readonly);
  if (t->rank == 0) return wrong_type(call, 1, "a dtype of the same size for an array without axes");
  return call.types.array(s, t->rank, t->layout == Layout::C || t->rank == 1 ? Layout::C : Layout::A, t->readonly);
}

TypeRef diagonal(CallTyping& call) {
  TypeRef t = array_argument(call);
  if (!t) return nullptr;
  if (t->rank < 2) return wrong_type(call, 0, "an array of at least 2 dimensions");
  if (call.given(1)) {
    TypeRef offset = value_type(call, 1);
    if (!offset || !offset->is_scalar() || !is_integer(offset->scalar)) return wrong_type(call, 1, "an integer");
  }
  Axes first{0}, second{1};
  std::string problem;
  if (call.given(2) && !read_axes(constant_of(call, 2), t->rank, first, problem)) return bad_axes(call, 2, problem);
  if (call.given(3) && !read_axes(constant_of(call, 3), t->rank, second, problem)) return bad_axes(call, 3, problem);
  if (first == second) return bad_axes(call, 3, "axis1 and axis2 cannot be the same");
  return call.types.array(t->scalar, t->rank - 1, Layout::A, true);
}

TypeRef flip(CallTyping& call) {
  TypeRef t = array_argument(call);
  if (!t) return nullptr;
  Axes axes;
  std::string problem;
  const Constant* axis = constant_of(call, 1);
  if (call.given(1) && !call.args[1].type->is_none() && !axis) return bad_axes(call, 1, "");
  if (!read_flipped(call.builtin, axis, t->rank, axes, problem)) return bad_axes(call, axis ? 1 : 0, problem);
  return call.types.array(t->scalar, t->rank, axes.empty() ? t->layout : Layout::A, t->readonly);
}

}  // namespace typing

}  // namespace kjit::sema
