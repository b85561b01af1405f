// Linear forms and a small prover: Fourier-Motzkin elimination, one atom at a time, with a bound on the depth.
#include "passes/linear.h"

namespace kjit::passes {

using kir::ExprRef;
using kir::Op;
using sema::Scalar;

namespace {

constexpr int64_t kLarge = int64_t{1} << 40;  // coefficients and constants beyond this are not followed
constexpr size_t kMaxFacts = 96;

// Structure as text: what tells two expressions apart.
void append_key(std::string& out, ExprRef e) {
  auto number = [&out](uint64_t v) { out.append(reinterpret_cast<const char*>(&v), sizeof v); };
  out.push_back(static_cast<char>(e->op));
  number(reinterpret_cast<uintptr_t>(e->type));
  number(e->op == Op::Const ? static_cast<uint64_t>(e->constant.i) : (uint64_t{e->var} << 32 | e->index));
  out.push_back(static_cast<char>(e->math));
  for (kir::Component c : e->components) out.push_back(static_cast<char>(c));
  for (uint8_t a : e->axes) out.push_back(static_cast<char>(a));
  out.push_back(static_cast<char>(e->args.size()));
  for (ExprRef a : e->args) append_key(out, a);
}

std::string key(ExprRef e) {
  std::string out;
  append_key(out, e);
  return out;
}

bool is_int64(ExprRef e) { return e->type->is_scalar() && e->type->scalar == Scalar::I64; }

// A value that no arithmetic produced, or arithmetic that cannot wrap: a variable, a length, with a small constant
// added.
bool cannot_wrap(ExprRef e) {
  if (e->op == Op::Const || e->op == Op::Var || e->op == Op::Dim || e->op == Op::Size) return true;
  return (e->op == Op::Add || e->op == Op::Sub) && (e->args[0]->op == Op::Dim || e->args[0]->op == Op::Size) &&
         e->args[1]->op == Op::Const && e->args[1]->constant.i > -kLarge && e->args[1]->constant.i < kLarge;
}

}  // namespace

ExprRef variable(kir::Function& f, kir::VarId var) {
  kir::Expr* e = f.new_expr(Op::Var, f.vars[var].type, {});
  e->var = var;
  return e;
}

bool reads_memory(ExprRef e) {
  if (e->op == Op::Load) return true;
  for (ExprRef a : e->args) {
    if (reads_memory(a)) return true;
  }
  return false;
}

bool mentions(ExprRef e, kir::VarId var) {
  if (e->op == Op::Var && e->var == var) return true;
  for (ExprRef a : e->args) {
    if (mentions(a, var)) return true;
  }
  return false;
}

void Linear::add(const Linear& other, int64_t factor) {
  valid = valid && other.valid && factor > -kLarge && factor < kLarge;
  if (!valid) return;
  auto sum = [this, factor](int64_t a, int64_t b) {
    int64_t product = 0;
    int64_t result = 0;
    if (__builtin_mul_overflow(b, factor, &product) || __builtin_add_overflow(a, product, &result)) valid = false;
    return result;
  };
  constant = sum(constant, other.constant);
  for (const auto& [name, term] : other.terms) {
    Term& own = terms[name];
    own.atom = term.atom;
    own.coefficient = sum(own.coefficient, term.coefficient);
    if (own.coefficient == 0) terms.erase(name);
  }
}

Linear linear(ExprRef e) {
  Linear out;
  if (e->op == Op::Const && is_int64(e)) {
    out.constant = e->constant.i;
    out.valid = out.constant > -kLarge && out.constant < kLarge;
    return out;
  }
  if (is_int64(e) && (e->op == Op::Add || e->op == Op::Sub)) {
    out = linear(e->args[0]);
    out.add(linear(e->args[1]), e->op == Op::Add ? 1 : -1);
    return out;
  }
  if (is_int64(e) && e->op == Op::Neg) {
    out.add(linear(e->args[0]), -1);
    return out;
  }
  if (is_int64(e) && e->op == Op::Mul) {
    const bool left = e->args[0]->op == Op::Const;
    if (left || e->args[1]->op == Op::Const) {
      out.add(linear(e->args[left ? 1 : 0]), e->args[left ? 0 : 1]->constant.i);
      return out;
    }
  }
  out.terms[key(e)] = {1, e};
  return out;
}

void Facts::add(Linear form, bool strict) {
  if (!form.valid || form.terms.empty()) return;
  for (const auto& [name, term] : form.terms) {
    if (reads_memory(term.atom)) return;  // the memory may change
  }
  if (facts_.size() >= kMaxFacts) facts_.erase(facts_.begin());
  facts_.push_back({std::move(form), strict});
}

void Facts::assume_less(ExprRef a, ExprRef b, int64_t distance) {
  Linear form = linear(b);
  form.add(linear(a), -1);
  form.constant -= distance;
  add(std::move(form), cannot_wrap(a) && cannot_wrap(b));
}

void Facts::assume(ExprRef c, bool truth) {
  switch (c->op) {
    case Op::Not:
      return assume(c->args[0], !truth);
    case Op::AndThen:
    case Op::OrElse:
      if (truth != (c->op == Op::AndThen)) return;  // one of the two: nothing certain
      assume(c->args[0], truth);
      return assume(c->args[1], truth);
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
  ExprRef a = c->args[0];
  ExprRef b = c->args[1];
  if (!is_int64(a) || !is_int64(b)) return;
  if (c->op == Op::Eq || c->op == Op::Ne) {
    if (truth != (c->op == Op::Eq)) return;
    assume_less(a, b, 0);
    return assume_less(b, a, 0);
  }
  const bool less = (c->op == Op::Lt || c->op == Op::Le) == truth;  // a on the smaller side
  const bool equal_too = (c->op == Op::Le || c->op == Op::Ge) == truth;
  assume_less(less ? a : b, less ? b : a, equal_too ? 0 : 1);
}

void Facts::forget(kir::VarId var) {
  std::erase_if(facts_, [var](const Fact& fact) {
    for (const auto& [name, term] : fact.form.terms) {
      if (mentions(term.atom, var)) return true;
    }
    return false;
  });
}

void Facts::assign(kir::VarId var, ExprRef value) {
  if (!is_int64(value)) return forget(var);
  const ExprRef self = variable(*f_, var);
  const std::string name = key(self);
  Linear rest = linear(value);
  auto own = rest.terms.find(name);
  if (own == rest.terms.end()) {
    forget(var);
    if (mentions(value, var)) return;
    assume_less(self, value, 0);
    return assume_less(value, self, 0);
  }
  // The old value is the new one minus the rest: rewrite what is known.
  if (own->second.coefficient != 1 || !rest.valid) return forget(var);
  rest.terms.erase(own);
  for (const auto& [other, term] : rest.terms) {
    if (mentions(term.atom, var) || reads_memory(term.atom)) return forget(var);
  }
  std::vector<Fact> kept;
  for (Fact& fact : facts_) {
    bool fine = true;
    int64_t coefficient = 0;
    for (const auto& [other, term] : fact.form.terms) {
      if (other == name)
        coefficient = term.coefficient;
      else if (mentions(term.atom, var))
        fine = false;
    }
    if (!fine) continue;
    if (coefficient != 0) {
      fact.form.add(rest, -coefficient);
      fact.strict = false;
      if (!fact.form.valid) continue;
    }
    kept.push_back(std::move(fact));
  }
  facts_ = std::move(kept);
}

bool Facts::below_a_length(ExprRef e) const {
  std::map<std::string, ExprRef> lengths;
  for (const Fact& fact : facts_) {
    for (const auto& [name, term] : fact.form.terms) {
      if (term.atom->op == Op::Dim || term.atom->op == Op::Size) lengths.emplace(name, term.atom);
    }
  }
  for (const auto& [name, length] : lengths) {
    Linear rest = linear(length);
    rest.add(linear(e), -1);
    if (proves(rest, false)) return true;
  }
  return false;
}

bool Facts::atom_is_nonnegative(ExprRef e, bool strict, int depth) const {
  auto known = [&](ExprRef x) { return search(linear(x), strict, depth - 1); };
  const Scalar s = e->type->scalar;
  if (sema::is_unsigned(s) || sema::is_bool(s)) return true;
  if (depth <= 0) return false;
  switch (e->op) {
    case Op::Var:
      return !strict && (*nonnegative_)[e->var];
    case Op::Dim:
    case Op::Size:
    case Op::PopCount:
    case Op::CountLeadingZeros:
    case Op::CountTrailingZeros:
    case Op::DeviceIndex:
      return true;
    case Op::Abs:
      return !strict;
    case Op::Cast: {
      ExprRef from = e->args[0];
      if (!from->type->is_scalar() || sema::is_float(from->type->scalar) || sema::is_complex(from->type->scalar))
        return false;
      const bool wider = sema::size_of(from->type->scalar) < sema::size_of(s);
      if (sema::is_bool(from->type->scalar)) return true;
      if (sema::is_unsigned(from->type->scalar)) return wider || (s == Scalar::I64 && !strict);
      // Widening of a signed number keeps its sign.
      return sema::size_of(from->type->scalar) <= sema::size_of(s) && atom_is_nonnegative(from, strict, depth - 1);
    }
    case Op::Mod:  // the divisor is not 0: checked before
      return known(e->args[1]);
    case Op::BitAnd:
    case Op::Max:
      return known(e->args[0]) || known(e->args[1]);
    case Op::Min:
    case Op::BitOr:
    case Op::BitXor:
    case Op::FloorDiv:
    case Op::TruncRem:
      return known(e->args[0]) && known(e->args[1]);
    case Op::Mul:
    case Op::Pow:
    case Op::Shl:
      return !strict && known(e->args[0]) && known(e->args[1]);
    case Op::Shr:
      return known(e->args[0]);
    case Op::Select: {
      Facts yes = *this;
      Facts no = *this;
      yes.assume(e->args[0], true);
      no.assume(e->args[0], false);
      return yes.search(linear(e->args[1]), strict, depth - 1) && no.search(linear(e->args[2]), strict, depth - 1);
    }
    default:
      return false;
  }
}

// Takes a term that could make the form negative and replaces it by a bound from each fact in turn.
bool Facts::search(const Linear& form, bool strict, int depth) const {
  if (!form.valid || depth < 0 || --budget_ < 0) return false;
  const Linear::Term* open = nullptr;
  std::string name;
  for (const auto& [text, term] : form.terms) {
    if (term.coefficient > 0 && atom_is_nonnegative(term.atom, strict, depth)) continue;
    open = &term;
    name = text;
    break;
  }
  if (!open && form.constant >= 0) return true;
  for (const Fact& fact : facts_) {
    if (strict && !fact.strict) continue;
    if (open) {
      auto term = fact.form.terms.find(name);
      if (term == fact.form.terms.end() || (term->second.coefficient != 1 && term->second.coefficient != -1)) continue;
      if ((term->second.coefficient > 0) != (open->coefficient > 0)) continue;
      Linear rest = form;
      rest.add(fact.form, -(open->coefficient > 0 ? open->coefficient : -open->coefficient));
      if (search(rest, strict, depth - 1)) return true;
    } else {  // only the constant is short: a fact about a term at hand may give more than 0
      bool related = false;
      for (const auto& [text, term] : fact.form.terms) {
        auto own = form.terms.find(text);
        related = related || (own != form.terms.end() && (own->second.coefficient > 0) == (term.coefficient > 0));
      }
      if (!related || fact.form.constant >= 0) continue;
      Linear rest = form;
      rest.add(fact.form, -1);
      if (search(rest, strict, depth - 1)) return true;
    }
  }
  return false;
}

}  // namespace kjit::passes
