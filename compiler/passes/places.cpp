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
      out->data = out->data || atoms[a].data;
    }
  }
  if (!out->varies) out->key = key(p);
  out->poly = std::move(p);
  return out;
}

ValueRef Places::unknown(TypeRef type, bool varies, bool lossy, bool digits, const std::string& name, bool data) {
  const std::string id = name.empty() ? fresh("?") : name;
  if (is_integral(type)) {
    Atom atom;
    atom.kind = varies ? Atom::Varying : Atom::Fixed;
    atom.key = id, atom.lossy = lossy, atom.digits = digits, atom.data = data;
    return of_poly(Poly::of(atoms.get(std::move(atom))));
  }
  if (type->is_array()) return new_array("", !inside, {}, type->rank);
  auto out = std::make_shared<Value>();
  out->varies = varies, out->lossy = lossy, out->digits = digits, out->data = data;
  if (!varies) out->key = id;
  if (type->is_tuple()) {
    for (size_t k = 0; k < type->elements.size(); ++k)
      out->parts.push_back(unknown(type->elements[k], varies, lossy, digits, fmt::format("{}.{}", id, k), data));
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
  Root made;
  made.name = std::move(name), made.shared = shared, made.extents = std::move(extents);
  roots.push_back(std::move(made));
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

ValueRef Places::foreign_array(size_t rank) {
  ValueRef out = new_array("", true, {}, rank);
  roots[out->place->root].foreign = true;
  return out;
}

Poly Places::length(const Place& place, uint32_t axis) {
  const int of = axis < place.shown.size() ? place.shown[axis] : -1;
  if (of < 0 && place.known) return Poly::constant(1);
  if (place.known && std::abs(place.axes[of].step) == 1) return sum(place.axes[of].high, place.axes[of].low, -1);
  Atom atom;
  const bool named = place.known && place.axes[of].step != 0;
  atom.key =
      named ? fmt::format("length {} {} {}", key(place.axes[of].low), key(place.axes[of].high), place.axes[of].step)
            : fresh("length");
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
  if (out->poly) {
    for (ExprRef a : e->args) {
      const auto arg = memo_.find(a);
      if (arg == memo_.end() || arg->second->assumed.empty()) continue;
      auto more = std::make_shared<Value>(*out);
      more->assumed.insert(more->assumed.end(), arg->second->assumed.begin(), arg->second->assumed.end());
      out = std::move(more);
    }
  }
  memo_[e] = out;
  return out;
}

// An expression that is not taken apart: named by its structure, so that two of the same are seen to be equal.
ValueRef Places::opaque(ExprRef e, const std::vector<ValueRef>& args, bool lossy, bool digits) {
  bool varies = false, data = false;
  std::string name = fmt::format("{}.{}.{}(", kir::info(e->op).text, static_cast<int>(e->math), e->index);
  for (const ValueRef& a : args) {
    varies = varies || a->varies;
    lossy = lossy || a->lossy, digits = digits || a->digits, data = data || a->data;
    name += (a->poly ? passes::key(*a->poly) : !a->key.empty() ? a->key : fresh("?")) + ",";
  }
  if (name.size() > kLongKey) name = fresh("long");
  return unknown(e->type, varies, varies && lossy, varies && digits, name + (varies && lossy ? ")~" : ")"), data);
}

ValueRef Places::merged(const ValueRef& a, const ValueRef& b, TypeRef type, Choice choice) {
  if (a == b || !a || !b) return a ? a : b;
  if (a->poly && b->poly && *a->poly == *b->poly) return a;
  if (!a->varies && !b->varies && !a->key.empty() && a->key == b->key) return a;
  if (a->place && b->place) {
    if (is_private(*a->place) && is_private(*b->place)) return unknown(type, true, false, false);
    if (a->place->root != b->place->root) return foreign_array(type->rank);
    if (same_place(*a->place, *b->place)) return a;
    return part_of(a->place->root, type->rank);
  }
  const bool varies = a->varies || b->varies || choice.varies;
  // Of two values that stay, two iterations have one.
  const bool lossy = a->lossy || b->lossy || (varies && !a->varies && !b->varies);
  if (a->poly && b->poly && a->poly->valid && b->poly->valid) {
    Atom atom;
    atom.key = fresh("either"), atom.kind = varies ? Atom::Varying : Atom::Fixed;
    atom.lossy = lossy, atom.digits = a->digits || b->digits, atom.data = a->data || b->data;
    atom.when[1] = std::move(choice.yes), atom.when[0] = std::move(choice.no);
    return choose(*a->poly, *b->poly, std::move(atom));
  }
  return unknown(type, varies, lossy, a->digits || b->digits, {}, a->data || b->data);
}

// Some part of the root.
ValueRef Places::part_of(uint32_t root, size_t rank) {
  auto place = std::make_shared<Place>();
  place->root = root;
  for (const Poly& extent : roots[root].extents) place->axes.push_back({{}, {}, extent, 1, false});
  place->shown.assign(rank, -1);
  place->known = false, place->view = true;
  auto out = std::make_shared<Value>();
  out->place = std::move(place);
  return out;
}

ValueRef Places::choose(const Poly& yes, const Poly& no, Atom choice) {
  choice.choice = true;
  const AtomId z = atoms.get(std::move(choice));
  return of_poly(sum(no, product(sum(yes, no, -1), Poly::of(z))));
}

Atom Places::choice(std::string name, const Value& a, const Value& c) const {
  Atom out;
  out.key = std::move(name);
  out.kind = a.varies || c.varies ? Atom::Varying : Atom::Fixed;
  out.lossy = a.varies || c.varies;
  out.digits = a.digits || c.digits, out.data = a.data || c.data;
  return out;
}

// Whether some iteration is seen to have a negative value of it.
bool Places::goes_negative(const Poly& p) const {
  if (!p.valid) return false;
  const auto form = affine(atoms, has(atoms, p, Atom::Inner) ? bound(atoms, likely(atoms, p), true) : likely(atoms, p));
  if (!form) return false;
  const auto slope = form->slope.number();
  const auto rest = form->rest.number();
  if (!slope) return false;
  if (!rest) {
    return *slope >= 0 && std::all_of(form->rest.terms.begin(), form->rest.terms.end(), [&](const auto& term) {
      return term.second < 0 && (term.first.empty() || (term.first.size() == 1 && atoms[term.first[0]].length));
    });
  }
  return *rest < 0 || (*slope < 0 && (!trips || *rest + *slope * (*trips - 1) < 0));
}

bool Places::is_plainly_positive(const Poly& p) const {
  return p.valid && std::all_of(p.terms.begin(), p.terms.end(), [&](const auto& term) {
           return term.second > 0 && std::all_of(term.first.begin(), term.first.end(), [&](AtomId a) {
                    const Atom& atom = atoms[a];
                    return atom.kind == Atom::Iteration || atom.length ||
                           (atom.kind == Atom::Inner && !atom.loose && is_plainly_positive(atom.lo));
                  });
         });
}

// An index that may count from the end.
Poly Places::within(const Poly& index, const Poly& length, std::vector<Poly>& assumed) {
  if (const auto number = index.number()) return *number < 0 ? sum(length, index) : index;
  if (!goes_negative(index)) {
    if (!is_plainly_positive(index)) assumed.push_back(index);
    return index;
  }
  const Value value = *of_poly(index);
  Atom z = choice(fmt::format("wrap {} {}", key(index), key(length)), value, value);
  z.lossy = value.lossy, z.likely = 0;
  z.when[0] = {{index}, {sum(sum(length, index, -1), Poly::constant(1), -1)}};
  z.when[1] = {{sum(sum({}, index, -1), Poly::constant(1), -1)}, {sum(length, index)}};
  return *choose(sum(length, index), index, std::move(z))->poly;
}

void Places::assume(const Env& env, ExprRef e, bool truth, std::vector<Known>& facts) {
  switch (e->op) {
    case Op::Not:
      return assume(env, e->args[0], !truth, facts);
    case Op::AndThen:
    case Op::OrElse:
    case Op::BitAnd:
    case Op::BitOr:
      if (truth != (e->op == Op::AndThen || e->op == Op::BitAnd)) return;
      if (e->type->scalar != sema::Scalar::Bool) return;
      for (ExprRef part : e->args) assume(env, part, truth, facts);
      return;
    case Op::Cast: {
      if (e->type->scalar != sema::Scalar::Bool || !is_integral(e->args[0]->type)) return;
      if (e->args[0]->type->scalar == sema::Scalar::Bool) return assume(env, e->args[0], truth, facts);
      return unequal(*evaluate(env, e->args[0]), Poly::constant(0), truth, facts);
    }
    case Op::Eq:
    case Op::Ne:
    case Op::Lt:
    case Op::Le:
    case Op::Gt:
    case Op::Ge:
      break;
    default:
      return;
  }
  const ValueRef a = evaluate(env, e->args[0]), c = evaluate(env, e->args[1]);
  if (!a->poly || !c->poly) return;
  if (e->op == Op::Eq || e->op == Op::Ne) return unequal(*a, *c->poly, truth == (e->op == Op::Ne), facts);
  const bool less = (e->op == Op::Lt || e->op == Op::Le) == truth;  // a on the smaller side
  const bool equal_too = (e->op == Op::Le || e->op == Op::Ge) == truth;
  Poly distance = less ? sum(*c->poly, *a->poly, -1) : sum(*a->poly, *c->poly, -1);
  facts.push_back({sum(distance, Poly::constant(equal_too ? 0 : 1), -1)});
}

void Places::unequal(const Value& a, const Poly& c, bool different, std::vector<Known>& facts) {
  const Poly distance = sum(*a.poly, c, -1);
  if (!different) return facts.push_back({distance, true});
  // A remainder that is not 0 is at least 1.
  const auto number = c.number();
  if (number == 0 && a.poly->terms.size() == 1 && a.poly->terms.begin()->second == 1 &&
      a.poly->terms.begin()->first.size() == 1 && atoms[a.poly->terms.begin()->first[0]].digits)
    facts.push_back({sum(*a.poly, Poly::constant(1), -1)});
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
ValueRef Places::divided(Op op, ExprRef e, const Value& a, const Value& c) {
  const std::vector<ValueRef> args{std::make_shared<Value>(a), std::make_shared<Value>(c)};
  const auto divisor = c.poly->number();
  if (op == Op::FloorDiv && divisor && *divisor > 0) {
    const bool exact = std::all_of(a.poly->terms.begin(), a.poly->terms.end(),
                                   [&](const auto& term) { return term.second % *divisor == 0; });
    if (exact) {
      Poly quotient = *a.poly;
      for (auto& [of, coefficient] : quotient.terms) coefficient /= *divisor;
      return of_poly(std::move(quotient));
    }
  }
  if (op == Op::TruncRem || !a.poly->valid || !c.poly->valid) return opaque(e, args, true, true);
  const auto form = affine(atoms, *a.poly);
  const auto slope = form ? form->slope.number() : std::nullopt;
  const bool close = slope && (!divisor || std::abs(*slope) < std::abs(*divisor));
  // a == c * quotient + remainder
  const std::string of = fmt::format("({})/({})", passes::key(*a.poly), passes::key(*c.poly));
  Atom quotient = choice("quotient " + of, a, c), remainder = choice("remainder " + of, a, c);
  quotient.lossy = quotient.digits = quotient.lossy && close;
  remainder.digits = true;
  const AtomId q = atoms.get(quotient), r = atoms.get(remainder);
  if (atoms[r].facts.empty() && divisor.value_or(1) > 0) {
    const Poly whole = sum(product(*c.poly, Poly::of(q)), Poly::of(r));
    atoms[r].facts = {
        {Poly::of(r)}, {sum(sum(*c.poly, Poly::of(r), -1), Poly::constant(1), -1)}, {sum(whole, *a.poly, -1), true}};
    atoms[q].facts = atoms[r].facts;
  }
  return of_poly(Poly::of(op == Op::FloorDiv ? q : r));
}

ValueRef Places::absolute(const Value& a) {
  Atom z = choice(fmt::format("abs {}", key(*a.poly)), a, a);
  z.when[0] = {{*a.poly}};
  z.when[1] = {{sum(sum({}, *a.poly, -1), Poly::constant(1), -1)}};
  return choose(sum({}, *a.poly, -1), *a.poly, std::move(z));
}

// The bound of a slice, kept within the axis: select(x < 0, max(x + length, 0), min(x, length)).
static bool is_clamp(ExprRef e) {
  ExprRef test = e->args[0], end = e->args[1], start = e->args[2];
  return test->op == Op::Lt && test->args[1]->op == Op::Const && test->args[1]->constant.i == 0 && end->op == Op::Max &&
         end->args[0]->op == Op::Add && start->op == Op::Min;
}

ValueRef Places::chosen(const Env& env, ExprRef e, const std::vector<ValueRef>& args) {
  if (e->op != Op::Select) return extreme(e, args[0], args[1]);
  if (is_clamp(e)) {
    const ValueRef index = evaluate(env, e->args[2]->args[0]);
    const ValueRef end = evaluate(env, e->args[1]->args[0]);
    if (index->poly && end->poly) {
      std::vector<Poly> assumed;
      auto out = std::make_shared<Value>(*of_poly(within(*index->poly, sum(*end->poly, *index->poly, -1), assumed)));
      out->assumed = std::move(assumed);
      return out;
    }
  }
  Choice choice;
  choice.varies = args[0]->varies;
  assume(env, e->args[0], true, choice.yes);
  assume(env, e->args[0], false, choice.no);
  return merged(args[1], args[2], e->type, std::move(choice));
}

// min and max
ValueRef Places::extreme(ExprRef e, const ValueRef& a, const ValueRef& c) {
  if (a->poly == c->poly) return a;
  const bool max = e->op == Op::Max;
  const auto x = a->poly->number(), y = c->poly->number();
  if (x && y) return of_poly(Poly::constant(max ? std::max(*x, *y) : std::min(*x, *y)));
  Atom z = choice(fmt::format("{} {} {}", max ? "max" : "min", passes::key(*a->poly), passes::key(*c->poly)), *a, *c);
  // Bounds of slices and blocks, kept within an array or a range.
  if (is_length(*a->poly) || (!a->varies && c->varies)) z.likely = 0;
  if (is_length(*c->poly) || (!c->varies && a->varies) || (max && y == 0)) z.likely = 1;
  z.clamp = is_length(*a->poly) || is_length(*c->poly) || (max && (x == 0 || y == 0));
  const Poly first = sum(*a->poly, *c->poly, -1);
  z.when[1] = {{max ? first : sum({}, first, -1)}};
  z.when[0] = {{max ? sum({}, first, -1) : first}};
  auto out = std::make_shared<Value>(*choose(*a->poly, *c->poly, std::move(z)));
  auto& bounds = max ? out->at_least : out->at_most;
  for (const ValueRef& v : {a, c}) {
    const auto& of = max ? v->at_least : v->at_most;
    of.empty() ? bounds.push_back(*v->poly) : void(bounds.insert(bounds.end(), of.begin(), of.end()));
  }
  return out;
}

Place Places::at(const Env& env, const Place& of, const std::vector<ExprRef>& indices, uint32_t wrap) {
  Place out = of;
  out.shown.clear();
  for (size_t k = 0; k < indices.size(); ++k) {
    const ValueRef index = evaluate(env, indices[k]);
    if (k >= of.shown.size() || of.shown[k] < 0) continue;
    AxisPlace& axis = out.axes[of.shown[k]];
    if (axis.step == 0) axis.first.valid = false;
    axis.assumed.insert(axis.assumed.end(), index->assumed.begin(), index->assumed.end());
    const Poly at =
        (wrap >> k & 1) != 0 ? within(*index->poly, length(of, static_cast<uint32_t>(k)), axis.assumed) : *index->poly;
    axis.first = sum(axis.first, at, axis.step);
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
      if (axis < 0) {
        evaluate(env, index);
        continue;
      }
      Place one = *out;
      one.shown = {axis};
      out->axes = at(env, one, {index}, e->index >> (operand - 2) & 1).axes;
    } else {
      const ValueRef start = evaluate(env, e->args[operand]), count = evaluate(env, e->args[operand + 1]);
      const auto step = evaluate(env, e->args[operand + 2])->poly->number();
      operand += 3;
      out->shown.push_back(axis);
      if (axis < 0) continue;
      AxisPlace& a = out->axes[axis];
      const AxisPlace before = a;
      for (const ValueRef& v : {start, count}) a.assumed.insert(a.assumed.end(), v->assumed.begin(), v->assumed.end());
      if (before.step == 0) a.first.valid = false;
      a.first = sum(before.first, likely(atoms, *start->poly, true), before.step);
      a.step = step ? before.step * *step : 0;
      const Poly reach = sum({}, likely(atoms, *count->poly, true), std::abs(a.step));
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
  const Place place = at(env, *array->place, indices, e->index);
  if (on_load) on_load(place, e->span);
  bool varies = inside && (is_private(place) || roots[place.root].foreign);
  std::string name = fmt::format("load {}.{}.{}[", place.root, stores_[place.root], stores_before_);
  for (const AxisPlace& a : place.axes) {
    const ValueRef index = of_poly(a.first);
    varies = varies || index->varies;
    name += passes::key(a.first) + ",";
  }
  if (!place.known || name.size() > kLongKey) name = fresh("load"), varies = inside;
  ValueRef out = unknown(e->type, varies, varies, false, name, varies);
  if (out->poly && place.axes.size() == 1 && place.known && roots[place.root].shared && !roots[place.root].foreign &&
      stores_[place.root] == 0) {
    Atom& atom = atoms[out->poly->terms.begin()->first[0]];
    atom.segment = static_cast<int>(place.root), atom.from = place.axes[0].first;
  }
  return out;
}

namespace {
// Whether a cast between integers gives the same number; those that 64 bits hold stay within an int64.
bool keeps_integers(sema::Scalar from, sema::Scalar to) {
  if (!sema::is_integer(from) || !sema::is_integer(to)) return false;
  if (size_of(to) == 8) return true;
  return size_of(to) > size_of(from) ? sema::is_signed(to) || sema::is_unsigned(from)
                                     : size_of(to) == size_of(from) && sema::is_signed(to) == sema::is_signed(from);
}
}  // namespace

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
  if (e->op == Op::Cast && e->type->is_array() && args[0]->place) return args[0];
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
    return divided(e->op, e, *args[0], *args[1]);
  if (numbers && (e->op == Op::Min || e->op == Op::Max)) return chosen(env, e, args);
  if (e->op == Op::Select && (args[1]->poly || args[1]->place)) return chosen(env, e, args);
  if (numbers && e->op == Op::Cast && keeps_integers(e->args[0]->type->scalar, e->type->scalar)) return args[0];
  if (numbers && e->op == Op::Abs) return absolute(*args[0]);
  const auto bit = args.size() == 2 && numbers ? args[1]->poly->number() : std::nullopt;
  if (bit && *bit >= 0 && *bit < 40 && (e->op == Op::Shl || e->op == Op::Shr)) {
    auto power = of_poly(Poly::constant(int64_t{1} << *bit));
    if (e->op == Op::Shl) return of_poly(product(*args[0]->poly, *power->poly));
    return divided(Op::FloorDiv, e, *args[0], *power);
  }
  if (bit && *bit > 0 && e->op == Op::BitAnd && (*bit & (*bit + 1)) == 0)
    return divided(Op::Mod, e, *args[0], *of_poly(Poly::constant(*bit + 1)));
  const bool bits = kir::info(e->op).family == kir::Family::Bits;
  return opaque(e, args, is_integral(e->type), bits);
}

}  // namespace kjit::passes
