#include "passes/places.h"

#include <fmt/format.h>

#include <algorithm>

namespace kjit::passes {

using kir::Component;
using kir::ExprRef;
using kir::Op;
using sema::TypeRef;

namespace {

constexpr size_t kLongKey = 300;

bool is_integral(TypeRef t) { return t->is_scalar() && (is_integer(t->scalar) || t->scalar == sema::Scalar::Bool); }

Poly point_end(const Poly& p) { return sum(p, Poly::constant(1)); }

}  // namespace

std::string Places::fresh(const char* what) { return fmt::format("{}#{}", what, made_++); }

ValueRef Places::of_poly(Poly p) {
  auto out = std::make_shared<Value>();
  for (const auto& [of, coefficient] : p.terms) {
    for (AtomId a : of) {
      out->varies = out->varies || atoms[a].kind != Atom::Fixed;
      out->lossy = out->lossy || atoms[a].lossy;
      out->digits = out->digits || atoms[a].digits;
    }
  }
  if (!out->varies) out->key = key(p);
  out->poly = std::move(p);
  return out;
}

ValueRef Places::unknown(TypeRef type, bool varies, bool lossy, bool digits, const std::string& name) {
  const std::string id = name.empty() ? fresh("?") : name;
  if (is_integral(type)) {
    Atom atom;
    atom.kind = varies ? Atom::Varying : Atom::Fixed;
    atom.key = id, atom.lossy = lossy, atom.digits = digits;
    return of_poly(Poly::of(atoms.get(std::move(atom))));
  }
  if (type->is_array()) return new_array("", false, {}, type->rank);
  auto out = std::make_shared<Value>();
  out->varies = varies, out->lossy = lossy, out->digits = digits;
  if (!varies) out->key = id;
  if (type->is_tuple()) {
    for (size_t k = 0; k < type->elements.size(); ++k)
      out->parts.push_back(unknown(type->elements[k], varies, lossy, digits, fmt::format("{}.{}", id, k)));
  }
  return out;
}

ValueRef Places::new_array(std::string name, bool shared, std::vector<Poly> extents, size_t rank) {
  const auto root = static_cast<uint32_t>(roots.size());
  for (size_t k = extents.size(); k < rank; ++k) {
    Atom atom;
    atom.key = fmt::format("dim {}.{}", root, k);
    atom.kind = inside ? Atom::Varying : Atom::Fixed;
    atom.length = true;
    extents.push_back(Poly::of(atoms.get(std::move(atom))));
  }
  roots.push_back({std::move(name), shared, std::move(extents)});
  return whole(root, rank);
}

ValueRef Places::whole(uint32_t root, size_t rank) {
  auto place = std::make_shared<Place>();
  place->root = root;
  for (size_t k = 0; k < rank; ++k) {
    place->axes.push_back({{}, {}, roots[root].extents[k], 1, false});
    place->shown.push_back(static_cast<int>(k));
  }
  auto out = std::make_shared<Value>();
  out->place = std::move(place);
  return out;
}

Poly Places::length(const Place& place, uint32_t axis) {
  const int of = axis < place.shown.size() ? place.shown[axis] : -1;
  if (of < 0 && place.known) return Poly::constant(1);
  if (place.known && place.axes[of].step == 1) return sum(place.axes[of].high, place.axes[of].low, -1);
  Atom atom;
  atom.key = fresh("length");
  atom.kind = inside ? Atom::Varying : Atom::Fixed;
  return Poly::of(atoms.get(std::move(atom)));
}

bool Places::is_length(const Poly& p) const {
  return p.terms.size() == 1 && p.terms.begin()->second == 1 && p.terms.begin()->first.size() == 1 &&
         atoms[p.terms.begin()->first[0]].length;
}

ValueRef Places::evaluate(const Env& env, ExprRef e) {
  const auto at = memo_.find(e);
  if (at != memo_.end()) return at->second;
  ValueRef out = compute(env, e);
  memo_[e] = out;
  return out;
}

// An expression that is not taken apart: named by its structure, so that two of the same are seen to be equal.
ValueRef Places::opaque(ExprRef e, const std::vector<ValueRef>& args, bool lossy, bool digits) {
  bool varies = false;
  std::string name = fmt::format("{}.{}.{}(", kir::info(e->op).text, static_cast<int>(e->math), e->index);
  for (const ValueRef& a : args) {
    varies = varies || a->varies;
    lossy = lossy || a->lossy, digits = digits || a->digits;
    name += (a->poly ? passes::key(*a->poly) : !a->key.empty() ? a->key : fresh("?")) + ",";
  }
  if (name.size() > kLongKey) name = fresh("long");
  return unknown(e->type, varies, varies && lossy, varies && digits, name + (varies && lossy ? ")~" : ")"));
}

ValueRef Places::merged(const ValueRef& a, const ValueRef& b, TypeRef type, bool choice_varies) {
  if (a == b || !a || !b) return a ? a : b;
  if (a->poly && b->poly && *a->poly == *b->poly) return a;
  if (!a->varies && !b->varies && !a->key.empty() && a->key == b->key) return a;
  const bool varies = a->varies || b->varies || choice_varies;
  // Of two values that stay, two iterations have one.
  const bool lossy = a->lossy || b->lossy || (varies && !a->varies && !b->varies);
  return unknown(type, varies, lossy, a->digits || b->digits);
}

ValueRef Places::arithmetic(ExprRef e, const Value& a, const Value& c) {
  switch (e->op) {
    case Op::Add:
      return of_poly(sum(*a.poly, *c.poly));
    case Op::Sub:
      return of_poly(sum(*a.poly, *c.poly, -1));
    default:
      return of_poly(product(*a.poly, *c.poly));
  }
}

// Quotients and remainders of an iteration's number: several iterations have one value of them.
ValueRef Places::divided(ExprRef e, const Value& a, const Value& c) {
  const std::vector<ValueRef> args{std::make_shared<Value>(a), std::make_shared<Value>(c)};
  const auto divisor = c.poly->number();
  if (e->op == Op::FloorDiv && divisor && *divisor > 0) {
    const bool exact = std::all_of(a.poly->terms.begin(), a.poly->terms.end(),
                                   [&](const auto& term) { return term.second % *divisor == 0; });
    if (exact) {
      Poly quotient = *a.poly;
      for (auto& [of, coefficient] : quotient.terms) coefficient /= *divisor;
      return of_poly(std::move(quotient));
    }
  }
  if (e->op == Op::FloorDiv) {
    const auto form = affine(atoms, *a.poly);
    const auto slope = form ? form->slope.number() : std::nullopt;
    const bool close = slope && (!divisor || std::abs(*slope) < std::abs(*divisor));
    return opaque(e, args, close, close);
  }
  return opaque(e, args, true, true);
}

ValueRef Places::chosen(ExprRef e, const std::vector<ValueRef>& args) {
  if (e->op == Op::Select) {
    ExprRef test = e->args[0];
    // An index counted from the end where it is negative: taken as not negative, unless it is known to be.
    if (test->op == Op::Lt && test->args[1]->op == Op::Const && test->args[1]->constant.i == 0 &&
        is_integral(e->type) && is_integral(test->args[1]->type))
      return args[2];
    return merged(args[1], args[2], e->type, args[0]->varies);
  }
  const Value &a = *args[0], &c = *args[1];
  if (a.poly == c.poly) return args[0];
  // Bounds of slices and blocks, kept within an array or a range.
  if (is_length(*a.poly) || (!a.varies && c.varies)) return args[1];
  if (is_length(*c.poly) || (!c.varies && a.varies)) return args[0];
  if (e->op == Op::Max && c.poly->number() == 0) return args[0];
  if (a.poly->number() && c.poly->number()) {
    const int64_t x = *a.poly->number(), y = *c.poly->number();
    return of_poly(Poly::constant(e->op == Op::Max ? std::max(x, y) : std::min(x, y)));
  }
  return opaque(e, args, true, false);
}

Place Places::at(const Env& env, const Place& of, const std::vector<ExprRef>& indices) {
  Place out = of;
  out.shown.clear();
  for (size_t k = 0; k < indices.size(); ++k) {
    const ValueRef index = evaluate(env, indices[k]);
    if (!of.known || k >= of.shown.size()) continue;
    if (of.shown[k] < 0) continue;
    AxisPlace& axis = out.axes[of.shown[k]];
    const auto number = index->poly->number();
    if (axis.step == 0) axis.first.valid = false;
    axis.first = number && *number < 0 && axis.step == 1 ? sum(axis.high, *index->poly)
                                                         : sum(axis.first, *index->poly, axis.step);
    axis.low = axis.first, axis.high = point_end(axis.first);
    axis.step = 1, axis.point = true;
  }
  return out;
}

ValueRef Places::view(const Env& env, ExprRef e, const Place& of) {
  auto out = std::make_shared<Place>(of);
  out->view = true;
  out->shown.clear();
  size_t operand = 1, k = 0;
  for (Component c : e->components) {
    if (c == Component::NewAxis) {
      out->shown.push_back(-1);
      continue;
    }
    const int axis = k < of.shown.size() ? of.shown[k] : -1;
    ++k;
    if (c == Component::All) {
      out->shown.push_back(axis);
    } else if (c == Component::Index) {
      ExprRef index = e->args[operand++];
      if (axis < 0 || !of.known) {
        evaluate(env, index);
        continue;
      }
      Place one = *out;
      one.shown = {axis};
      out->axes = at(env, one, {index}).axes;
    } else {
      const ValueRef start = evaluate(env, e->args[operand]), count = evaluate(env, e->args[operand + 1]);
      const auto step = evaluate(env, e->args[operand + 2])->poly->number();
      operand += 3;
      out->shown.push_back(axis);
      if (axis < 0 || !of.known) continue;
      AxisPlace& a = out->axes[axis];
      const AxisPlace before = a;
      if (before.step == 0) a.first.valid = false;
      a.first = sum(before.first, *start->poly, before.step);
      a.step = step ? before.step * *step : 0;
      const Poly reach = sum({}, *count->poly, std::abs(a.step));
      a.low = a.first, a.high = sum(a.first, reach);
      if (a.step < 0) a.low = sum(point_end(a.first), reach, -1), a.high = point_end(a.first);
      if (a.step == 0) a.high = before.high;
    }
  }
  auto value = std::make_shared<Value>();
  value->place = std::move(out);
  return value;
}

ValueRef Places::load(const Env& env, ExprRef e) {
  const ValueRef array = evaluate(env, e->args[0]);
  const std::vector<ExprRef> indices(e->args.begin() + 1, e->args.end());
  const Place place = at(env, *array->place, indices);
  if (on_load) on_load(place, e->span);
  bool varies = inside && is_private(place);
  std::string name = fmt::format("load {}[", place.root);
  for (const AxisPlace& a : place.axes) {
    const ValueRef index = of_poly(a.first);
    varies = varies || index->varies;
    name += passes::key(a.first) + ",";
  }
  if (!place.known || name.size() > kLongKey) name = fresh("load"), varies = inside;
  return unknown(e->type, varies, varies, false, name);
}

ValueRef Places::compute(const Env& env, ExprRef e) {
  switch (e->op) {
    case Op::Const: {
      if (is_integral(e->type)) return of_poly(Poly::constant(e->constant.i));
      auto out = std::make_shared<Value>();
      out->key = fmt::format("const {} {}", e->constant.i, e->constant.f[1]);
      return out;
    }
    case Op::Var: {
      const auto at = env.find(e->var);
      return at != env.end() ? at->second : unknown(e->type, inside, false, false);
    }
    case Op::Load:
      return load(env, e);
    case Op::Dim:
      return of_poly(length(*evaluate(env, e->args[0])->place, e->index));
    case Op::View:
      return view(env, e, *evaluate(env, e->args[0])->place);
    case Op::Transpose: {
      auto place = std::make_shared<Place>(*evaluate(env, e->args[0])->place);
      const std::vector<int> shown = place->shown;
      for (size_t k = 0; k < e->axes.size() && k < shown.size(); ++k) place->shown[k] = shown[e->axes[k]];
      auto out = std::make_shared<Value>();
      out->place = std::move(place);
      return out;
    }
    case Op::ConstArray:
      return new_array("", false, {}, e->type->rank);
    default:
      break;
  }
  std::vector<ValueRef> args;
  for (ExprRef a : e->args) args.push_back(evaluate(env, a));
  if (e->op == Op::MakeView || (e->type->is_array() && !args.empty() && args[0]->place)) {
    auto out = std::make_shared<Value>();
    auto place = std::make_shared<Place>(*args[0]->place);
    place->known = false, place->view = true;
    place->shown.assign(e->type->rank, -1);
    out->place = std::move(place);
    return out;
  }
  if (e->op == Op::MakeTuple) {
    auto out = std::make_shared<Value>(*unknown(e->type, false, false, false));
    out->parts = args;
    for (const ValueRef& a : args) out->varies = out->varies || a->varies;
    return out;
  }
  if (e->op == Op::TupleGet && e->index < args[0]->parts.size()) return args[0]->parts[e->index];
  const bool numbers = is_integral(e->type) &&
                       std::all_of(args.begin(), args.end(), [](const ValueRef& a) { return a->poly.has_value(); });
  if (numbers && args.size() == 2 && (e->op == Op::Add || e->op == Op::Sub || e->op == Op::Mul))
    return arithmetic(e, *args[0], *args[1]);
  if (numbers && e->op == Op::Neg) return of_poly(sum({}, *args[0]->poly, -1));
  if (numbers && (e->op == Op::FloorDiv || e->op == Op::Mod || e->op == Op::TruncRem))
    return divided(e, *args[0], *args[1]);
  if (numbers && (e->op == Op::Min || e->op == Op::Max)) return chosen(e, args);
  if (e->op == Op::Select) return chosen(e, args);
  if (numbers && e->op == Op::Cast && e->args[0]->type->scalar != sema::Scalar::Bool) return args[0];
  const bool bits = kir::info(e->op).family == kir::Family::Bits;
  return opaque(e, args, is_integral(e->type), bits);
}

}  // namespace kjit::passes
