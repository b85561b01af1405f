// Polynomials over what indices in a loop are computed from: the iteration, values that stay, variables of inner loops.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kjit::passes {

using AtomId = uint32_t;

// Sum of coefficient * product of atoms; the product is sorted. Not valid: too large for this arithmetic.
struct Poly {
  std::map<std::vector<AtomId>, int64_t> terms;
  bool valid = true;

  static Poly constant(int64_t value);
  static Poly of(AtomId atom);
  std::optional<int64_t> number() const;  // its value, where it has no atoms
  friend bool operator==(const Poly&, const Poly&) = default;
};

Poly sum(const Poly& a, const Poly& b, int64_t factor = 1);  // a + factor * b
Poly product(const Poly& a, const Poly& b);
Poly replaced(const Poly& p, AtomId atom, const Poly& by);

// What a polynomial is not taken further apart into.
struct Atom {
  enum Kind : uint8_t {
    Iteration,  // 0, 1, 2, ... of the loop that is looked at
    Fixed,      // the same in all its iterations
    Inner,      // runs over [lo, hi) in each iteration
    Varying,    // anything else
  } kind = Fixed;
  std::string key;      // equal keys: equal values
  bool lossy = false;   // Varying: two iterations may well have one value: loaded, rounded, a remainder
  bool digits = false;  // Varying: a quotient or a remainder, by which another may be told apart from it
  bool length = false;  // Fixed: an axis's length
  Poly lo, hi;          // Inner
  bool dense = true;    // Inner: no value between is left out
};

class Atoms {
 public:
  AtomId get(Atom atom);  // by its key
  const Atom& operator[](AtomId id) const { return all_[id]; }

 private:
  std::vector<Atom> all_;
  std::map<std::string, AtomId> by_key_;
};

std::string key(const Poly& p);

// p = slope * iteration + rest. Nothing where the iteration stands in it in another way.
struct Affine {
  Poly slope, rest;
};
std::optional<Affine> affine(const Atoms& atoms, const Poly& p);
bool has(const Atoms& atoms, const Poly& p, Atom::Kind kind);

// The least (or the greatest) value over all values of inner loops' variables; slopes that are not numbers are taken as
// positive.
Poly bound(const Atoms& atoms, Poly p, bool least);

}  // namespace kjit::passes
