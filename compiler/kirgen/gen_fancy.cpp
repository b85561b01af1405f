// Arrays as indices: a[idx], a[mask], a[i, j] and what is assigned there. Integers beside arrays count as arrays; a
// mask stands for the indices of its true elements, one array for each of its axes (NumPy's advanced indexing).
#include <kjit_rt/abi.h>

#include <algorithm>

#include "kirgen/builtins_support.h"
#include "kirgen/function_gen.h"
#include "sema/infer.h"

namespace kjit::kirgen {

using ast::ExprKind;
using kir::Component;
using kir::StmtKind;
using sema::TypeKind;

namespace {

bool is_index_array(TypeRef t) {
  return t && t->is_array() && t->rank > 0 && (is_integer(t->scalar) || is_bool(t->scalar));
}

std::vector<const ast::Expr*> index_parts(const ast::Expr* index) {
  if (index->kind != ExprKind::Tuple) return {index};
  const auto& elements = ast::as<ast::Tuple>(*index).elements;
  return {elements.begin(), elements.end()};
}

TypeRef index_type(const sema::TypedFunction& f, const ast::Expr* part) {
  TypeRef t = f.type_of(part);
  return t && t->is_optional() ? t->elements[0] : t;
}

// for each index of `shape`, row-major, the last axes inside; `at_depth` runs as soon as that many are known.
void for_each_index(Builder& b, const std::vector<ExprRef>& shape, std::vector<ExprRef>& index,
                    const std::function<void(size_t)>& at_depth) {
  at_depth(index.size());
  if (index.size() == shape.size()) return;
  b.for_range(b.const_int(0), shape[index.size()], b.const_int(1), [&](VarId i) {
    index.push_back(b.var(i));
    for_each_index(b, shape, index, at_depth);
    index.pop_back();
  });
}

}  // namespace

bool FunctionGen::has_index_arrays(const ast::Expr* index) {
  for (const ast::Expr* part : index_parts(index)) {
    TypeRef t = index_type(f_, part);
    if (!t) continue;
    if (part->kind == ExprKind::List && t->is_tuple()) return true;
    if (is_index_array(t)) return true;
    if (t->is_tuple() && std::any_of(t->elements.begin(), t->elements.end(), is_index_array)) return true;
  }
  return false;
}

// [2, 0, 1] as an index.
ExprRef FunctionGen::list_as_array(ExprRef list) {
  TypeRef type = sema::list_index(types_, list->type);
  const auto n = static_cast<uint32_t>(list->type->elements.size());
  list = list->op == Op::MakeTuple ? list : b_.reuse(list);
  const VarId made = b_.alloc(type, {b_.const_int(n)}, kir::Fill::None);
  for (uint32_t k = 0; k < n; ++k) {
    b_.store(b_.var(made), {b_.const_int(k)}, b_.cast(b_.get(list, k), types_.scalar(type->scalar)));
  }
  return b_.var(made);
}

// The number of true elements.
ExprRef count_true(Builder& b, ExprRef mask) {
  kir::Stmt* s = b.stmt(StmtKind::Reduce);
  s->fold = Op::Add;
  s->init = b.const_int(0);
  s->var = b.temp(b.types.int64(), "%fold");
  for (uint32_t k = 0; k < mask->type->rank; ++k) s->exprs.push_back(b.reuse(b.dim(mask, k)));
  s->inputs.push_back({b.temp(b.types.scalar(mask->type->scalar), "%x"), mask});
  b.with_block(s->body, [&] { s->expr = b.cast(truth(b, b.var(s->inputs[0].element)), b.types.int64()); });
  return b.var(s->var);
}

// The indices of the elements that are true, row-major, one array for each axis.
std::vector<ExprRef> nonzero_arrays(Builder& b, ExprRef mask) {
  mask = b.reuse(mask);
  ExprRef n = count_true(b, mask);
  std::vector<ExprRef> made;
  std::vector<ExprRef> shape;
  for (uint32_t k = 0; k < mask->type->rank; ++k) {
    made.push_back(b.var(b.alloc(b.types.array(Scalar::I64, 1, sema::Layout::C), {n}, kir::Fill::None)));
    shape.push_back(b.reuse(b.dim(mask, k)));
  }
  const VarId place = b.spill(b.const_int(0));
  std::vector<ExprRef> index;
  for_each_index(b, shape, index, [&](size_t depth) {
    if (depth < shape.size()) return;
    emit_if(b, truth(b, b.load(mask, index)), [&] {
      for (size_t k = 0; k < made.size(); ++k) b.store(made[k], {b.var(place)}, index[k]);
      b.assign(place, b.binary(Op::Add, b.var(place), b.const_int(1)));
    });
  });
  return made;
}

// --- the index

void FunctionGen::check_mask(ExprRef array, uint32_t axis, ExprRef mask) {
  for (uint32_t k = 0; k < mask->type->rank; ++k) {
    ExprRef have = b_.reuse(b_.dim(array, axis + k));
    ExprRef want = b_.reuse(b_.dim(mask, k));
    b_.check(b_.compare(Op::Eq, have, want), KJIT_INDEX_ERROR,
             "boolean index did not match indexed array along axis {0}; size of axis is {1} but size of corresponding "
             "boolean axis is {2}",
             {b_.const_int(axis + k), have, want});
  }
}

// With boundscheck: every index lies within the axis.
void FunctionGen::check_picks(ExprRef array, uint32_t axis, ExprRef picks) {
  if (!b_.function.boundscheck) return;
  std::vector<ExprRef> shape;
  for (uint32_t k = 0; k < picks->type->rank; ++k) shape.push_back(b_.reuse(b_.dim(picks, k)));
  ExprRef length = b_.reuse(b_.dim(array, axis));
  std::vector<ExprRef> index;
  for_each_index(b_, shape, index, [&](size_t depth) {
    if (depth < shape.size()) return;
    ExprRef at = b_.reuse(b_.cast(b_.load(picks, index), types_.int64()));
    ExprRef above = b_.compare(Op::Ge, at, b_.unary(Op::Neg, length));
    b_.check(both(b_, above, b_.compare(Op::Lt, at, length)), KJIT_INDEX_ERROR,
             "index {0} is out of bounds for axis {1} with size {2}", {at, b_.const_int(axis), length});
  });
}

namespace {

// The shape of the index arrays together; IndexError when they do not fit.
std::vector<ExprRef> broadcast_picks(Builder& b, const std::vector<ExprRef>& picks) {
  size_t rank = 0;
  std::vector<std::vector<ExprRef>> shapes;
  ShapesOfMessage operands;
  std::string message = "shape mismatch: indexing arrays could not be broadcast together with shapes";
  for (ExprRef p : picks) {
    rank = std::max<size_t>(rank, p->type->rank);
    message += " " + operands.add(shapes.emplace_back(lengths_of(b, p)));
  }
  std::vector<ExprRef> shape(rank, nullptr);
  ExprRef one = b.const_int(1);
  for (const std::vector<ExprRef>& lengths : shapes) {
    for (size_t k = 0; k < lengths.size(); ++k) {
      ExprRef& known = shape[rank - lengths.size() + k];
      if (!known) {
        known = lengths[k];
        continue;
      }
      ExprRef fits = either(b, b.compare(Op::Eq, known, lengths[k]),
                            either(b, b.compare(Op::Eq, known, one), b.compare(Op::Eq, lengths[k], one)));
      b.check(fits, KJIT_INDEX_ERROR, message, operands.operands);
      known = b.var(b.spill(b.select(b.compare(Op::Eq, known, one), lengths[k], known)));
    }
  }
  return shape;
}

}  // namespace

FunctionGen::Fancy FunctionGen::fancy_index(ExprRef array, const ast::Expr* index) {
  struct Item {
    enum { Pick, Slice, Ellipsis, NewAxis } kind;
    const ast::Expr* expr;
    size_t value = 0;  // Pick: the operand, and which element where it is a tuple
    int element = -1;
  };
  std::vector<Item> items;
  Operands operands(*this);
  const auto axes_of = [](TypeRef t) { return is_index_array(t) && is_bool(t->scalar) ? uint32_t{t->rank} : 1U; };
  uint32_t consumed = 0;
  for (const ast::Expr* part : index_parts(index)) {
    TypeRef type = index_type(f_, part);
    if (part->kind == ExprKind::Slice) {
      items.push_back({Item::Slice, part});
      ++consumed;
    } else if (type && type->kind == TypeKind::Ellipsis) {
      items.push_back({Item::Ellipsis, part});
    } else if (type && type->is_none()) {
      items.push_back({Item::NewAxis, part});
    } else if (type && type->kind == TypeKind::Slice) {
      unsupported(part->span, "a slice object as an index");
    } else {
      operands.add([&] { return part->kind == ExprKind::List ? list_as_array(operand(part)) : operand(part); });
      const size_t value = operands.values.size() - 1;
      TypeRef t = operands.values.back()->type;
      if (!t->is_tuple()) {
        items.push_back({Item::Pick, part, value});
        consumed += axes_of(t);
        continue;
      }
      operands.values.back() = b_.reuse(operands.values.back());
      for (size_t k = 0; k < t->elements.size(); ++k) {
        items.push_back({Item::Pick, part, value, static_cast<int>(k)});
        consumed += axes_of(t->elements[k]);
      }
    }
  }
  Fancy out;
  out.array = array;
  Index basic;
  const uint32_t rank = array->type->rank;
  uint32_t axis = 0;
  int group = 0;               // 0: before the first pick, 1: within, 2: after, 3: apart
  std::vector<ExprRef> picks;  // arrays only
  const auto whole_axes = [&] {
    for (; axis < rank && rank - axis > consumed; ++axis) {
      basic.components.push_back(Component::All);
      out.picks.push_back(nullptr);
    }
  };
  bool views = false;
  bool expanded = false;
  for (const Item& item : items) {
    const SpanScope scope(b_, item.expr->span);
    if (item.kind != Item::Pick && group == 1) group = 2;
    switch (item.kind) {
      case Item::Ellipsis:
        if (!expanded) whole_axes();
        expanded = true;
        break;
      case Item::NewAxis:
        basic.components.push_back(Component::NewAxis);
        out.picks.push_back(nullptr);
        views = true;
        break;
      case Item::Slice:
        add_slice(basic, array, axis++, ast::as<ast::Slice>(*item.expr));
        views = views || basic.components.back() != Component::All;
        out.picks.push_back(nullptr);
        --consumed;
        break;
      case Item::Pick: {
        if (group == 0) out.place = out.picks.size();
        group = group == 0 ? 1 : group == 2 ? 3 : group;
        ExprRef v = operands.values[item.value];
        if (item.element >= 0) v = number(b_.get(v, static_cast<uint32_t>(item.element)));
        if (!is_index_array(v->type)) {
          Index scalar;
          add_index(scalar, array, axis++, v);
          basic.components.push_back(Component::All);
          v = scalar.operands[0];
          out.picks.push_back(b_.is_const(v) ? v : b_.var(b_.spill(v)));
          --consumed;
          break;
        }
        v = b_.reuse(v);
        if (is_bool(v->type->scalar)) {
          check_mask(array, axis, v);
          const bool only = items.size() == 1 && v->type->rank == rank;
          if (only) out.mask = v;
          for (uint32_t k = 0; k < v->type->rank; ++k) {
            basic.components.push_back(Component::All);
            out.picks.push_back(v);  // replaced below
          }
          axis += v->type->rank;
          consumed -= v->type->rank;
          if (only) break;
          std::vector<ExprRef> found = nonzero_arrays(b_, v);
          for (size_t k = 0; k < found.size(); ++k) {
            out.picks[out.picks.size() - found.size() + k] = found[k];
          }
          picks.push_back(found[0]);
        } else {
          check_picks(array, axis, v);
          basic.components.push_back(Component::All);
          out.picks.push_back(v);
          picks.push_back(v);
          ++axis;
          --consumed;
        }
        break;
      }
    }
  }
  whole_axes();
  if (group == 3) out.place = 0;
  if (views) {
    basic.rank = static_cast<int>(out.picks.size());
    out.array = b_.var(b_.spill(index_view(array, basic)));
  }
  if (out.mask) return out;
  out.plain = picks.size() == 1;
  finish_shape(out, broadcast_picks(b_, picks));
  return out;
}

void FunctionGen::finish_shape(Fancy& out, std::vector<ExprRef> together) {
  out.together = together.size();
  out.shape.clear();
  for (uint32_t k = 0; k < out.picks.size(); ++k) {
    if (!out.picks[k]) out.shape.push_back(b_.var(b_.spill(b_.dim(out.array, k))));
  }
  // Where the picks stand among the axes that are left.
  size_t before = 0;
  for (size_t k = 0; k < out.place; ++k) before += out.picks[k] ? 0 : 1;
  out.place = before;
  out.shape.insert(out.shape.begin() + static_cast<ptrdiff_t>(before), together.begin(), together.end());
}

// Full masks: from the mask to the indices of its elements.
void FunctionGen::open_mask(Fancy& index) {
  if (!index.mask) return;
  std::vector<ExprRef> found = nonzero_arrays(b_, index.mask);
  index.picks = found;
  index.plain = true;
  finish_shape(index, {b_.reuse(b_.dim(found[0], 0))});
}

// --- loops

// For every index of the result: `body` with that index and the place in the array.
void FunctionGen::for_each_pick(
    const Fancy& index,
    const std::function<void(const std::vector<ExprRef>&, const std::vector<ExprRef>&, uint32_t)>& body) {
  std::vector<std::vector<ExprRef>> moves(index.picks.size());
  for (size_t k = 0; k < index.picks.size(); ++k) {
    ExprRef p = index.picks[k];
    if (!p || !p->type->is_array()) continue;
    for (uint32_t a = 0; a < p->type->rank && !index.plain; ++a) {
      ExprRef move = b_.cast(b_.compare(Op::Ne, b_.dim(p, a), b_.const_int(1)), types_.int64());
      moves[k].push_back(b_.var(b_.spill(move)));
    }
  }
  std::vector<ExprRef> at;
  std::vector<ExprRef> positions(index.picks.size(), nullptr);
  for_each_index(b_, index.shape, at, [&](size_t depth) {
    if (depth == index.place + index.together) {
      for (size_t k = 0; k < index.picks.size(); ++k) {
        ExprRef p = index.picks[k];
        if (!p) continue;
        positions[k] = p;
        if (!p->type->is_array()) continue;
        std::vector<ExprRef> from;
        const size_t missing = index.together - p->type->rank;
        for (uint32_t a = 0; a < p->type->rank; ++a) {
          ExprRef i = at[index.place + missing + a];
          from.push_back(index.plain ? i : b_.binary(Op::Mul, i, moves[k][a]));
        }
        positions[k] = b_.var(b_.spill(b_.cast(b_.load(p, std::move(from)), types_.int64())));
      }
    }
    if (depth < index.shape.size()) return;
    std::vector<ExprRef> place;
    uint32_t wrap = 0;
    size_t left = 0;  // of the axes that are not picked
    for (size_t k = 0; k < index.picks.size(); ++k) {
      if (index.picks[k]) {
        if (may_wrap(index.picks[k])) wrap |= 1U << k;
        place.push_back(positions[k]);
        continue;
      }
      place.push_back(at[left < index.place ? left : left + index.together]);
      ++left;
    }
    body(at, place, wrap);
  });
}

bool FunctionGen::may_wrap(ExprRef pick) {
  return !is_unsigned(pick->type->scalar) && !(b_.is_const(pick) && pick->constant.i >= 0);
}

// --- reading

ExprRef FunctionGen::gather(const Fancy& index) {
  TypeRef element = types_.scalar(index.array->type->scalar);
  if (index.mask) return gather_mask(index);
  TypeRef type = types_.array(element->scalar, static_cast<int>(index.shape.size()), sema::Layout::C);
  ExprRef made = b_.var(b_.alloc(type, index.shape, kir::Fill::None));
  const bool all_picked = std::all_of(index.picks.begin(), index.picks.end(), [](ExprRef p) { return p != nullptr; });
  if (!all_picked) {
    for_each_pick(index, [&](const std::vector<ExprRef>& at, const std::vector<ExprRef>& place, uint32_t wrap) {
      b_.store(made, at, b_.load(index.array, place, wrap));
    });
    return made;
  }
  kir::Stmt* s = b_.stmt(StmtKind::Map);
  s->array = made;
  s->exprs = index.shape;
  s->fresh = true;
  std::vector<ExprRef> place;
  uint32_t wrap = 0;
  for (size_t k = 0; k < index.picks.size(); ++k) {
    ExprRef p = index.picks[k];
    if (may_wrap(p)) wrap |= 1U << k;
    if (p->type->is_array()) {
      s->inputs.push_back({b_.temp(types_.scalar(p->type->scalar), "%x"), p});
      p = b_.cast(b_.var(s->inputs.back().element), types_.int64());
    }
    place.push_back(p);
  }
  b_.with_block(s->body, [&] { s->expr = b_.load(index.array, place, wrap); });
  return made;
}

ExprRef FunctionGen::gather_mask(const Fancy& index) {
  ExprRef array = index.array;
  ExprRef n = count_true(b_, index.mask);
  ExprRef made = b_.var(b_.alloc(types_.array(array->type->scalar, 1, sema::Layout::C), {n}, kir::Fill::None));
  std::vector<ExprRef> shape;
  for (uint32_t k = 0; k < array->type->rank; ++k) shape.push_back(b_.reuse(b_.dim(array, k)));
  const VarId place = b_.spill(b_.const_int(0));
  std::vector<ExprRef> at;
  for_each_index(b_, shape, at, [&](size_t depth) {
    if (depth < shape.size()) return;
    emit_if(b_, b_.load(index.mask, at), [&] {
      b_.store(made, {b_.var(place)}, b_.load(array, at));
      b_.assign(place, b_.binary(Op::Add, b_.var(place), b_.const_int(1)));
    });
  });
  return made;
}

}  // namespace kjit::kirgen
