// Per axis: the set of distances d for which iteration n of the first access and n + d of the second may meet. Places
// are taken as intervals [low, high) whose ends are affine in the iteration; an axis that cannot be decided allows all.
#include "passes/meeting.h"

#include <algorithm>
#include <limits>
#include <set>

#include "passes/apart.h"

namespace kjit::passes {

namespace {

constexpr int64_t kAny = std::numeric_limits<int64_t>::max();

struct Distances {
  int64_t least = -kAny, most = kAny;
  bool exact = true;      // they do meet at each of them
  bool probable = false;  // not exact, but two iterations may well meet
  void allow_all(bool is_exact) { least = -kAny, most = kAny, exact = is_exact; }
  void none() { least = 1, most = 0; }
  bool is_empty() const { return least > most; }
};

int64_t floor_div(int64_t a, int64_t b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0)) ? 1 : 0); }
int64_t ceil_div(int64_t a, int64_t b) { return -floor_div(-a, b); }

bool equal(const AxisPlace& x, const AxisPlace& y) {
  return x.low == y.low && x.high == y.high && x.first == y.first && x.step == y.step;
}

class Meet {
 public:
  Meet(const LoopAccesses& loop, const Access& first, const Access& second)
      : loop_(loop), atoms_(*loop.atoms), first_(first), second_(second) {}

  Meeting run() {
    Meeting out = found();
    if (out.kind == Meeting::Never && !loose_) return out;
    Meeting proved{Meeting::Never};
    if (never_meet(loop_, first_, second_, proved.factors)) return proved;
    return out.kind == Meeting::Never ? Meeting{Meeting::Unknown} : out;
  }

 private:
  Meeting found() {
    if (first_.single || second_.single) return {Meeting::Unknown};
    if (!first_.place.known || !second_.place.known) return {Meeting::Unknown};
    Distances all;
    for (size_t k = 0; k < first_.place.axes.size(); ++k) {
      axis_ = k;
      const Distances d = axis(plain(first_.place.axes[k]), plain(second_.place.axes[k]));
      all.least = std::max(all.least, d.least), all.most = std::min(all.most, d.most);
      all.exact = all.exact && d.exact, all.probable = all.probable || d.probable;
      undecided_ = undecided_ || (!d.exact && !d.probable);
    }
    const int64_t reach = loop_.trips.value_or(kAny);
    if (all.is_empty() || (all.least == 0 && all.most == 0) || all.least >= reach || all.most <= -reach || reach <= 1)
      return {Meeting::Never};
    if (undecided_ || is_skewed(first_.place) || is_skewed(second_.place) || are_digits()) return {Meeting::Unknown};
    if (!all.exact) return {all.probable ? Meeting::Probable : Meeting::Unknown};
    if (first_.patterned || second_.patterned) return {Meeting::Unknown};
    Meeting out{Meeting::Proven};
    out.everywhere = all.least == -kAny && all.most == kAny;
    if (all.least == all.most) out.distance = all.least;
    return out;
  }

  // With choices taken as what is likely: what is found so is no proof.
  AxisPlace plain(const AxisPlace& a) {
    AxisPlace out = a;
    for (Poly* p : {&out.first, &out.low, &out.high}) {
      Poly taken = likely(atoms_, *p);
      loose_ = loose_ || !(taken == *p);
      // Whose sign is not known: what is found by taking it as positive is no proof either.
      for (const auto& [of, coefficient] : taken.terms) loose_ = loose_ || of.size() > 1;
      each_atom(taken, [&](AtomId at) { loose_ = loose_ || atoms_[at].loose; });
      *p = std::move(taken);
    }
    return out;
  }
  bool has(const AxisPlace& a, Atom::Kind kind) const {
    return passes::has(atoms_, a.low, kind) || passes::has(atoms_, a.high, kind);
  }
  template <typename F>
  void each_atom(const Poly& p, F f) const {
    for (const auto& [of, coefficient] : p.terms) {
      for (AtomId a : of) f(a);
    }
  }

  Distances axis(const AxisPlace& x, const AxisPlace& y) {
    Distances out;
    if (!x.first.valid || !y.first.valid || !x.high.valid || !y.high.valid || !x.low.valid || !y.low.valid) {
      out.exact = false;
      return out;
    }
    if (has(x, Atom::Varying) || has(y, Atom::Varying)) {
      out.exact = false;
      out.probable = equal(x, y) && may_repeat(x);
      return out;
    }
    const Poly low_x = bound(atoms_, x.low, true), high_x = bound(atoms_, x.high, false);
    const Poly low_y = bound(atoms_, y.low, true), high_y = bound(atoms_, y.high, false);
    const auto lx = affine(atoms_, low_x), hx = affine(atoms_, high_x);
    const auto ly = affine(atoms_, low_y), hy = affine(atoms_, high_y);
    const bool ends =
        lx && hx && ly && hy && !has({{}, low_x, high_x}, Atom::Varying) && !has({{}, low_y, high_y}, Atom::Varying);
    if (!ends) {
      out.exact = false;
      return out;
    }
    const bool still = lx->slope.terms.empty() && hx->slope.terms.empty();
    if (still && equal(x, y)) return out;
    if (x.point && y.point && never_equal(*lx, *ly, x, y)) {
      out.none();
      return out;
    }
    out.exact = is_dense(x) && is_dense(y);
    const bool one_low = low_x == low_y && lx->slope.terms.empty();
    const bool one_high = high_x == high_y && hx->slope.terms.empty();
    if (one_low || one_high) return out;  // neither place is empty
    less(*lx, *hy, false, out);
    less(*ly, *hx, true, out);
    return out;
  }

  // Whether all that an index varies by may well be the same in two iterations.
  bool may_repeat(const AxisPlace& a) const {
    bool lossy = true;
    each_atom(a.low, [&](AtomId at) {
      const Atom& atom = atoms_[at];
      if (atom.kind == Atom::Varying && !atom.lossy) lossy = false;
      if (atom.kind == Atom::Iteration) lossy = false;
      if (atom.kind == Atom::Inner && (passes::has(atoms_, atom.lo, Atom::Varying) ||
                                       passes::has(atoms_, atom.hi, Atom::Varying) || !atom.lo.valid))
        lossy = false;
    });
    return lossy && !passes::has(atoms_, sum(a.high, a.low, -1), Atom::Varying);
  }

  // 2 * i and 2 * i + 1.
  bool never_equal(const Affine& x, const Affine& y, const AxisPlace& at_x, const AxisPlace& at_y) const {
    if (has(at_x, Atom::Inner) || has(at_y, Atom::Inner)) return false;
    const auto a = x.slope.number(), c = y.slope.number(), difference = sum(x.rest, y.rest, -1).number();
    return a && c && difference && *a == *c && *a != 0 && *difference % *a != 0;
  }

  bool is_dense(const AxisPlace& a) const {
    int inner = 0;
    bool plain = true;
    for (const auto& [of, coefficient] : a.low.terms) {
      for (AtomId at : of) {
        if (atoms_[at].kind != Atom::Inner) continue;
        ++inner;
        plain = plain && of.size() == 1 && std::abs(coefficient) == 1 && atoms_[at].dense;
      }
    }
    if (inner == 0) return a.point || std::abs(a.step) == 1;
    return inner == 1 && plain && a.point;
  }

  // What a(n) < c(n + d) says of d; `swapped`: a(n + d) < c(n).
  void less(const Affine& a, const Affine& c, bool swapped, Distances& out) const {
    if (out.is_empty()) return;
    const Poly k = sum(a.rest, c.rest, -1);  // rest of a less rest of c
    const bool still_a = a.slope.terms.empty(), still_c = c.slope.terms.empty();
    if (a.slope == c.slope) {
      if (still_a) {
        if (const auto n = k.number()) return *n < 0 ? void() : out.none();
        out.exact = false;
        return;
      }
      return moving(a.slope, k, swapped, out);
    }
    if (!still_a && !still_c) return void(out.exact = false);
    if (first_.sometimes || second_.sometimes) out.exact = false;
    const auto n = k.number();
    const auto slope = (still_a ? c : a).slope.number();
    if (!n || !slope) {
      const bool far = still_c ? is_end(c.rest) : a.rest.number().value_or(1) <= 0;
      if (!far || (slope && *slope < 0)) out.exact = false;
      return;
    }
    // n + slope * i < 0, or n < slope * i: whether some iteration i does it.
    const int64_t growth = still_c ? *slope : -*slope;
    if (growth > 0 && *n >= 0) return out.none();
    if (growth < 0 && loop_.trips && *n + growth * (*loop_.trips - 1) >= 0) out.none();
  }
  // slope * d > k, and with `swapped` slope * -d > k.
  static void moving(const Poly& slope, const Poly& k, bool swapped, Distances& out) {
    int64_t from = 0;  // d >= from, for a positive slope
    if (const auto c = slope.number()) {
      const auto n = k.number();
      if (!n) return void(out.exact = false);
      if (*c < 0) {
        const int64_t to = ceil_div(*n, *c) - 1;
        swapped ? void(out.least = std::max(out.least, -to)) : void(out.most = std::min(out.most, to));
        return;
      }
      from = floor_div(*n, *c) + 1;
    } else {
      const auto& [of, coefficient] = *slope.terms.begin();
      const auto at = k.terms.find(of);
      const int64_t times = at == k.terms.end() || at->second % coefficient != 0 ? 0 : at->second / coefficient;
      const auto left = sum(k, slope, -times).number();
      if (!left) return void(out.exact = false);
      from = *left >= 0 ? times + 1 : times;
    }
    swapped ? void(out.most = std::min(out.most, -from)) : void(out.least = std::max(out.least, from));
  }
  // The end of the axis, or of the loop, or a number away from it.
  bool is_end(const Poly& p) const {
    const Poly& extent = (*loop_.roots)[first_.place.root].extents[axis_];
    return sum(p, extent, -1).number() || sum(p, loop_.hi, -1).number();
  }

  // A variable of an inner loop that moves in two axes, along with the iteration: the axes do not meet independently.
  bool is_skewed(const Place& place) const {
    std::set<AtomId> seen;
    bool twice = false, moves = false;
    for (const AxisPlace& a : place.axes) {
      std::set<AtomId> here;
      each_atom(a.low, [&](AtomId at) {
        if (atoms_[at].kind == Atom::Inner) here.insert(at);
        moves = moves || atoms_[at].kind == Atom::Iteration;
      });
      for (AtomId at : here) twice = twice || !seen.insert(at).second;
    }
    return twice && moves;
  }
  // i // n and i % n together tell iterations apart.
  bool are_digits() const {
    std::set<AtomId> digits;
    for (const AxisPlace& a : first_.place.axes) {
      each_atom(a.low, [&](AtomId at) {
        if (atoms_[at].digits) digits.insert(at);
      });
    }
    return digits.size() > 1;
  }

  const LoopAccesses& loop_;
  const Atoms& atoms_;
  const Access &first_, &second_;
  size_t axis_ = 0;
  bool undecided_ = false;
  bool loose_ = false;
};

}  // namespace

bool same_place(const Place& a, const Place& b) {
  return a.root == b.root && a.known && b.known && std::equal(a.axes.begin(), a.axes.end(), b.axes.begin(), equal);
}

Sharing sharing(const LoopAccesses& loop, uint32_t a, uint32_t b) {
  const auto& roots = *loop.roots;
  const Root &x = roots[a], &y = roots[b];
  if (x.foreign || y.foreign) return Sharing::Unknown;
  const uint32_t of_x = x.memory.value_or(a), of_y = y.memory.value_or(b);
  if (of_x == of_y) return Sharing::Unknown;
  if ((roots[of_x].fresh && (roots[of_y].fresh || of_y < of_x)) || (roots[of_y].fresh && of_x < of_y))
    return Sharing::Never;
  return loop.names.contains(a) && loop.names.contains(b) ? Sharing::AsCalled : Sharing::Unknown;
}

Meeting meet(const LoopAccesses& loop, const Access& first, const Access& second) {
  return Meet(loop, first, second).run();
}

}  // namespace kjit::passes
