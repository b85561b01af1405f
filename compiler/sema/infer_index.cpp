// Types of subscripts: basic indexing of arrays, elements and slices of tuples.
#include <algorithm>

#include "sema/builtins_typing.h"
#include "sema/inference.h"
#include "sema/library.h"

namespace kjit::sema {

using ast::Expr;
using ast::ExprKind;

namespace {

// One component of an array's index.
enum class Part : uint8_t { Integer, FullSlice, RowSlice, StepSlice, NewAxis, Ellipsis, Array };

// Layout of a basic-indexed view. `parts` has one entry for each axis of the source (ellipsis expanded, no new axes).
Layout view_layout(Layout layout, std::vector<Part> parts) {
  if (layout == Layout::A) return Layout::A;
  if (layout == Layout::F) std::reverse(parts.begin(), parts.end());
  // C: integers, then at most one contiguous slice, then whole axes.
  size_t i = 0;
  while (i < parts.size() && parts[i] == Part::Integer) ++i;
  if (i < parts.size() && parts[i] == Part::RowSlice) ++i;
  for (; i < parts.size(); ++i)
    if (parts[i] != Part::FullSlice) return Layout::A;
  return layout;
}

bool is_index_array(TypeRef t) { return t->is_array() && t->rank > 0 && (is_integer(t->scalar) || is_bool(t->scalar)); }

}  // namespace

TypeRef list_index(TypeContext& types, TypeRef list) {
  const auto all = [&](bool (*accepts)(Scalar)) {
    return !list->elements.empty() && std::all_of(list->elements.begin(), list->elements.end(),
                                                  [&](TypeRef x) { return x->is_scalar() && accepts(x->scalar); });
  };
  if (all([](Scalar s) { return is_integer(s); })) return types.array(Scalar::I64, 1, Layout::C);
  if (all([](Scalar s) { return is_bool(s); })) return types.array(Scalar::Bool, 1, Layout::C);
  return nullptr;
}

TypeRef Specialization::subscript(const ast::Subscript& e) {
  TypeRef value = expr(e.value);
  if (!value || value->is_unknown()) {
    return value;
  }
  if (value->is_optional()) value = value->elements[0];
  if (value->is_array()) return index_array(e, value);
  if (value->is_tuple()) return tuple_subscript(e, value);
  const Builtin* row = value->kind == TypeKind::Builtin ? find_builtin(value->text) : nullptr;
  if (row && is_grid(*row)) return grid(e, *row);
  TypeRef index = expr(e.index);
  if (!index || index->is_unknown()) return index;
  if (value->kind == TypeKind::Flat) {
    if (index->is_scalar() && is_integer(index->scalar)) return types().scalar(value->elements[0]->scalar);
    return fail(Diag::bad_index, e.index->span, fmt::format("'.flat' takes an integer, this is {}", describe(index)));
  }
  return fail(Diag::not_subscriptable, e.span, describe(value));
}

// np.mgrid[a:b, c:d:e]: a call of the library's function with start, stop and step of each slice.
TypeRef Specialization::grid(const ast::Subscript& e, const Builtin& row) {
  const bool together = e.index->kind == ExprKind::Tuple;
  const std::string shown = typing::display_name(row);
  BoundArgument pack;
  pack.kind = BoundArgument::Kind::Pack;
  std::vector<TypeRef> pack_types;
  const auto add = [&](const Expr* part, int64_t otherwise) {
    BoundArgument b;
    TypeRef t = part ? typed->type_of(part) : types().none();
    if (t->is_none()) {
      b.kind = BoundArgument::Kind::Constant, b.type = types().py_int(), b.constant = {b.type, otherwise};
    } else if (t->is_scalar()) {
      b.kind = BoundArgument::Kind::Expr, b.expr = part, b.type = t;
    } else {
      fail(Diag::bad_index, part->span, fmt::format("a bound of {}[...] is {}, not a number", shown, describe(t)));
      return false;
    }
    pack_types.push_back(b.type);
    pack.pack.push_back(std::move(b));
    return true;
  };
  const auto items = together ? ast::as<ast::Tuple>(*e.index).elements : ast::Exprs(&e.index, 1);
  for (const Expr* item : items) {
    if (item->kind != ExprKind::Slice) {
      TypeRef t = expr(item);
      if (!t || t->is_unknown()) return t;
      return fail(Diag::bad_index, item->span, fmt::format("{}[...] takes slices, this is {}", shown, describe(t)));
    }
    const auto& s = ast::as<ast::Slice>(*item);
    for (const Expr* part : {s.lower, s.upper, s.step}) {
      TypeRef t = part ? expr(part) : types().none();
      if (!t || t->is_unknown()) return t;
    }
    if (!s.upper) return fail(Diag::bad_index, item->span, fmt::format("a slice of {}[...] needs an end", shown));
    if (!add(s.lower, 0) || !add(s.upper, 0) || !add(s.step, 1)) return nullptr;
  }
  pack.type = types().tuple(std::move(pack_types));
  BoundArgument rank;
  rank.kind = BoundArgument::Kind::Constant, rank.type = types().boolean();
  rank.constant = {rank.type, int64_t{together}};
  return call_library_function(e, program_.library().function(row), shown, {std::move(rank), std::move(pack)});
}

TypeRef Specialization::tuple_subscript(const ast::Subscript& e, TypeRef tuple) {
  int64_t count = static_cast<int64_t>(tuple->elements.size());
  if (e.index->kind == ExprKind::Slice) {
    auto& s = ast::as<ast::Slice>(*e.index);
    TypeRef slice_type = expr(e.index);
    if (!slice_type || slice_type->is_unknown()) return slice_type;
    int64_t bounds[3] = {0, 0, 1};
    bool present[3] = {};
    const Expr* parts[3] = {s.lower, s.upper, s.step};
    for (int i = 0; i < 3; ++i) {
      if (!parts[i]) continue;
      const Constant* c = constant(*parts[i]);
      if (c && c->type->is_none()) continue;
      if (!c || !c->is_int()) return fail(Diag::not_constant, parts[i]->span, "a bound of a tuple's slice");
      bounds[i] = c->as_int(), present[i] = true;
    }
    int64_t step = bounds[2];
    if (step == 0) return fail(Diag::bad_index, e.index->span, "the step of a slice is 0");
    auto clamp = [&](int64_t v) {
      if (v < 0) v += count;
      return step > 0 ? std::clamp<int64_t>(v, 0, count) : std::clamp<int64_t>(v, -1, count - 1);
    };
    int64_t from = present[0] ? clamp(bounds[0]) : step > 0 ? 0 : count - 1;
    int64_t to = present[1] ? clamp(bounds[1]) : step > 0 ? count : -1;
    std::vector<TypeRef> elements;
    ConstantTuple picked;  // the positions taken, for kirgen
    for (int64_t i = from; step > 0 ? i < to : i > to; i += step) {
      elements.push_back(tuple->elements[static_cast<size_t>(i)]);
      picked.push_back({types().py_int(), i});
    }
    if (const Constant* whole = library_ ? constant(*e.value) : nullptr) {
      ConstantTuple part;
      for (const Constant& c : picked)
        part.push_back(std::get<ConstantTuple>(whole->value)[static_cast<size_t>(c.as_int())]);
      set_constant(e, {types().tuple(elements), std::move(part)});
    }
    std::vector<TypeRef> ints(picked.size(), types().py_int());
    set_constant(*e.index, {types().tuple(ints), std::move(picked)});
    return types().tuple(std::move(elements));
  }
  TypeRef index = expr(e.index);
  if (!index || index->is_unknown()) return index;
  if (!index->is_scalar() || !(is_integer(index->scalar) || is_bool(index->scalar)))
    return fail(Diag::bad_index, e.index->span,
                fmt::format("the index of a tuple is {}, not an integer", describe(index)));
  if (const Constant* c = constant(*e.index); c && c->is_int()) {
    int64_t i = c->as_int() < 0 ? c->as_int() + count : c->as_int();
    if (i < 0 || i >= count)
      return fail(Diag::bad_index, e.index->span,
                  fmt::format("index {} is out of range for a tuple of {} elements", c->as_int(), count));
    if (const Constant* whole = constant(*e.value)) {
      Constant element = std::get<ConstantTuple>(whole->value)[static_cast<size_t>(i)];
      set_constant(e, std::move(element));
    }
    return tuple->elements[static_cast<size_t>(i)];
  }
  if (count == 0) return fail(Diag::bad_index, e.span, "the tuple is empty");
  TypeRef common = tuple->elements[0];
  for (TypeRef t : tuple->elements) {
    common = common ? unify(types(), common, t) : nullptr;
    if (!common) {
      fail(Diag::bad_index, e.index->span,
           fmt::format("a variable index into {}, whose elements have different types", to_string(tuple)));
      return hint(nullptr, "index with a constant");
    }
  }
  return common;
}

bool Specialization::is_list(const Expr& e) const {
  if (e.kind != ExprKind::Name) return e.kind == ExprKind::List;
  const auto use = webs_.uses.find(e.id);
  return use != webs_.uses.end() && lists_.contains(use->second);
}

TypeRef Specialization::index_array(const ast::Subscript& e, TypeRef array) {
  std::vector<const Expr*> items;
  if (e.index->kind == ExprKind::Tuple) {
    for (auto* x : ast::as<ast::Tuple>(*e.index).elements) items.push_back(x);
  } else {
    items.push_back(e.index);
  }
  std::vector<Part> parts;
  TypeRef waiting = nullptr;
  size_t consumed = 0;
  int array_rank = 0;  // of the arrays among the indices together; 0: there are none
  const auto add_array = [&](TypeRef t) {
    const int axes = is_bool(t->scalar) ? t->rank : 1;  // a mask stands for its indices, one array for each axis
    array_rank = std::max(array_rank, is_bool(t->scalar) ? 1 : static_cast<int>(t->rank));
    consumed += static_cast<size_t>(axes);
    parts.insert(parts.end(), static_cast<size_t>(axes), Part::Array);
  };
  for (auto* item : items) {
    TypeRef t = expr(item);
    if (!t) return nullptr;
    if (item->kind == ExprKind::List && t->is_tuple()) {
      TypeRef made = list_index(types(), t);
      if (made) {
        add_array(made);
        continue;
      }
      fail(Diag::not_supported, item->span, "this list as an index");
      return hint(nullptr, "make it an array of integers or booleans");
    }
    if (t->is_unknown()) {
      waiting = t;
      continue;
    }
    if (t->is_optional()) t = t->elements[0];
    // As indices these pick several elements of one axis; a tuple by itself is an index for each axis.
    if (is_list(*item)) {
      fail(Diag::not_supported, item->span, "a list in a variable as an index");
      return hint(nullptr, "write it within the brackets, or make it an array");
    }
    if (t->is_tuple() && !library_ && e.index->kind == ExprKind::Tuple) {
      fail(Diag::not_supported, item->span, "a tuple among the indices");
      return hint(nullptr, "make it an array");
    }
    if (t->is_none()) {
      parts.push_back(Part::NewAxis);
    } else if (t->kind == TypeKind::Ellipsis) {
      if (std::count(parts.begin(), parts.end(), Part::Ellipsis))
        return fail(Diag::bad_index, item->span, "an index has one '...' at most");
      parts.push_back(Part::Ellipsis);
    } else if (t->kind == TypeKind::Slice) {
      ++consumed;
      if (item->kind != ExprKind::Slice) {
        parts.push_back(Part::StepSlice);
        continue;
      }
      auto& s = ast::as<ast::Slice>(*item);
      auto absent = [&](const Expr* p) { return !p || (typed->type_of(p) && typed->type_of(p)->is_none()); };
      const Constant* step = s.step ? constant(*s.step) : nullptr;
      bool unit = absent(s.step) || (step && step->is_int() && step->as_int() == 1);
      parts.push_back(!unit ? Part::StepSlice : absent(s.lower) && absent(s.upper) ? Part::FullSlice : Part::RowSlice);
    } else if (t->is_scalar() && is_integer(t->scalar)) {
      ++consumed, parts.push_back(Part::Integer);
    } else if (t->is_tuple() && std::all_of(t->elements.begin(), t->elements.end(),
                                            [](TypeRef x) { return x->is_scalar() && is_integer(x->scalar); })) {
      consumed += t->elements.size();
      parts.insert(parts.end(), t->elements.size(), Part::Integer);
    } else if (t->is_array() && t->rank == 0 && is_integer(t->scalar)) {
      ++consumed, parts.push_back(Part::Integer);
    } else if (is_index_array(t)) {
      add_array(t);
    } else if (t->is_tuple() && std::all_of(t->elements.begin(), t->elements.end(), [](TypeRef x) {
                 return is_index_array(x) || (x->is_scalar() && is_integer(x->scalar));
               })) {
      for (TypeRef x : t->elements) {
        if (x->is_array()) {
          add_array(x);
        } else {
          ++consumed, parts.push_back(Part::Integer);
        }
      }
    } else if (t->is_array() && t->rank > 0) {
      return fail(Diag::bad_index, item->span,
                  fmt::format("an array of {} as an index, not of integers or booleans", name_of(t->scalar)));
    } else {
      return fail(Diag::bad_index, item->span, fmt::format("an index is {}, not an integer or a slice", describe(t)));
    }
  }
  if (waiting) return waiting;
  if (consumed > array->rank) {
    return fail(
        Diag::bad_index, e.span,
        fmt::format("{} indices for an array of {} dimension{}", consumed, array->rank, array->rank == 1 ? "" : "s"));
  }
  bool ellipsis = std::count(parts.begin(), parts.end(), Part::Ellipsis) != 0;
  if (!ellipsis) parts.push_back(Part::Ellipsis);
  std::vector<Part> axes;
  int rank = 0;
  bool all_integers = !ellipsis && consumed == array->rank;
  for (Part p : parts) {
    if (p == Part::Ellipsis) {
      axes.insert(axes.end(), array->rank - consumed, Part::FullSlice);
      rank += static_cast<int>(array->rank - consumed);
      continue;
    }
    all_integers &= p == Part::Integer;
    rank += p != Part::Integer;
    if (p != Part::NewAxis) axes.push_back(p);
  }
  if (array_rank > 0) {  // integers beside arrays count as arrays
    for (Part p : parts) rank -= p == Part::Array ? 1 : 0;
    return types().array(array->scalar, rank + array_rank, Layout::C);
  }
  if (all_integers) return types().scalar(array->scalar);
  constexpr int kMostAxes = 64;  // NumPy's
  if (rank > kMostAxes) {
    return fail(
        Diag::bad_index, e.span,
        fmt::format("number of dimensions must be within [0, {}], indexing result would have {}", kMostAxes, rank));
  }
  return types().array(array->scalar, rank, view_layout(array->layout, std::move(axes)), array->readonly);
}

}  // namespace kjit::sema
