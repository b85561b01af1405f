#include "passes/affine.h"

#include <fmt/format.h>

#include <algorithm>

namespace kjit::passes {

namespace {

constexpr size_t kMostTerms = 24;

void add_term(Poly& p, const std::vector<AtomId>& atoms, int64_t coefficient) {
  int64_t& own = p.terms[atoms];
  if (__builtin_add_overflow(own, coefficient, &own)) p.valid = false;
  if (own == 0) p.terms.erase(atoms);
  if (p.terms.size() > kMostTerms) p.valid = false;
}

}  // namespace

Poly Poly::constant(int64_t value) {
  Poly out;
  if (value != 0) out.terms[{}] = value;
  return out;
}

Poly Poly::of(AtomId atom) {
  Poly out;
  out.terms[{atom}] = 1;
  return out;
}

std::optional<int64_t> Poly::number() const {
  if (!valid) return {};
  if (terms.empty()) return 0;
  if (terms.size() == 1 && terms.begin()->first.empty()) return terms.begin()->second;
  return {};
}

Poly sum(const Poly& a, const Poly& b, int64_t factor) {
  Poly out = a;
  out.valid = a.valid && b.valid;
  for (const auto& [atoms, coefficient] : b.terms) {
    int64_t scaled = 0;
    if (__builtin_mul_overflow(coefficient, factor, &scaled)) out.valid = false;
    add_term(out, atoms, scaled);
  }
  return out;
}

Poly product(const Poly& a, const Poly& b) {
  Poly out;
  out.valid = a.valid && b.valid;
  for (const auto& [x, n] : a.terms) {
    for (const auto& [y, m] : b.terms) {
      std::vector<AtomId> atoms = x;
      atoms.insert(atoms.end(), y.begin(), y.end());
      std::sort(atoms.begin(), atoms.end());
      int64_t both = 0;
      if (__builtin_mul_overflow(n, m, &both)) out.valid = false;
      add_term(out, atoms, both);
    }
  }
  return out;
}

Poly replaced(const Poly& p, AtomId atom, const Poly& by) {
  Poly out;
  out.valid = p.valid;
  for (const auto& [atoms, coefficient] : p.terms) {
    Poly term = Poly::constant(coefficient);
    for (AtomId a : atoms) term = product(term, a == atom ? by : Poly::of(a));
    out = sum(out, term);
  }
  return out;
}

AtomId Atoms::get(Atom atom) {
  const auto [at, is_new] = by_key_.emplace(atom.key, static_cast<AtomId>(all_.size()));
  if (is_new) all_.push_back(std::move(atom));
  return at->second;
}

std::string key(const Poly& p) {
  std::string out;
  for (const auto& [atoms, coefficient] : p.terms) {
    out += fmt::format("{:+}", coefficient);
    for (AtomId a : atoms) out += fmt::format("*{}", a);
  }
  return out;
}

std::optional<Affine> affine(const Atoms& atoms, const Poly& p) {
  if (!p.valid) return {};
  Affine out;
  for (const auto& [of, coefficient] : p.terms) {
    const auto is_iteration = [&](AtomId a) { return atoms[a].kind == Atom::Iteration; };
    const auto count = std::count_if(of.begin(), of.end(), is_iteration);
    if (count > 1) return {};
    std::vector<AtomId> others = of;
    std::erase_if(others, is_iteration);
    if (count == 1 && std::any_of(others.begin(), others.end(), [&](AtomId a) { return atoms[a].kind != Atom::Fixed; }))
      return {};
    add_term(count == 1 ? out.slope : out.rest, others, coefficient);
  }
  return out;
}

bool has(const Atoms& atoms, const Poly& p, Atom::Kind kind) {
  return std::any_of(p.terms.begin(), p.terms.end(), [&](const auto& term) {
    return std::any_of(term.first.begin(), term.first.end(), [&](AtomId a) { return atoms[a].kind == kind; });
  });
}

Poly likely(const Atoms& atoms, Poly p, bool clamps) {
  for (bool again = true; again;) {
    again = false;
    for (const auto& [of, coefficient] : p.terms) {
      const auto at = std::find_if(of.begin(), of.end(), [&](AtomId a) {
        return atoms[a].choice && atoms[a].likely && (!clamps || atoms[a].clamp);
      });
      if (at == of.end()) continue;
      p = replaced(p, *at, Poly::constant(*atoms[*at].likely));
      again = true;
      break;
    }
  }
  return p;
}

Poly bound(const Atoms& atoms, Poly p, bool least) {
  // The newest first: bounds of a loop's variable may hold those of the loops around it.
  for (int turn = 0; turn < 16 && has(atoms, p, Atom::Inner); ++turn) {
    AtomId newest = 0;
    int64_t coefficient = 0;
    for (const auto& [of, c] : p.terms) {
      for (AtomId a : of) {
        if (atoms[a].kind == Atom::Inner && (a >= newest || coefficient == 0)) newest = a, coefficient = c;
      }
    }
    const bool low = least == (coefficient > 0);
    p = replaced(p, newest, low ? atoms[newest].lo : sum(atoms[newest].hi, Poly::constant(1), -1));
  }
  if (has(atoms, p, Atom::Inner)) p.valid = false;
  return p;
}

}  // namespace kjit::passes
