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

// p >= 0, or p == 0.
struct Known {
  Poly p;
  bool equal = false;
};

// What a polynomial is not taken further apart into.
struct Atom {
  enum Kind : uint8_t {
    Iteration,  // 0, 1, 2, ... of the loop that is looked at
    Fixed,      // the same in all its iterations
    Inner,      // runs over [lo, hi) in each iteration
    Varying,    // anything else
  } kind = Fixed;
  std::string key;           // equal keys: equal values
  bool lossy = false;        // Varying: two iterations may well have one value: loaded, rounded, a remainder
  bool digits = false;       // Varying: a quotient or a remainder, by which another may be told apart from it
  bool data = false;         // Varying: comes from memory, or from nobody knows where
  bool length = false;       // Fixed: an axis's length
  Poly lo, hi;               // Inner
  bool dense = true;         // Inner: no value between is left out
  bool loose = false;        // Inner: it may leave [lo, hi), and only facts hold
  std::vector<Known> facts;  // of this atom and others
  // 0 or 1, as one of two things holds: a + (b - a) * choice is min(a, b), an index that counts from the end or not,
  // ...
  bool choice = false;
  bool clamp = false;          // choice: keeps a bound of a slice within the array
  std::optional<int> likely;   // choice: what to take it as where either will do
  std::vector<Known> when[2];  // choice: what holds where it is 0, or 1
  int segment = -1;            // loaded from the one-dimensional array of that root, at the index `from`
  Poly from;
  int64_t step = 1;  // Inner: its values are from, from + step, ...
};

class Atoms {
 public:
  AtomId get(Atom atom);  // by its key
  const Atom& operator[](AtomId id) const { return all_[id]; }
  Atom& operator[](AtomId id) { return all_[id]; }

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
// With choices taken as what is likely; `clamps`: only those of slices.
Poly likely(const Atoms& atoms, Poly p, bool clamps = false);

// The least (or the greatest) value over all values of inner loops' variables; slopes that are not numbers are taken as
// positive.
Poly bound(const Atoms& atoms, Poly p, bool least);

}  // namespace kjit::passes
