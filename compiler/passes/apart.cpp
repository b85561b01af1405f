#include "passes/apart.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace kjit::passes {

namespace {

constexpr AtomId kPrime = AtomId{1} << 31;    // the atom as the second access's iteration has it
constexpr AtomId kElement = AtomId{1} << 30;  // an element of an axis, a step count
constexpr size_t kMostChoices = 6;
constexpr size_t kMostRows = 160;
constexpr size_t kMostRounds = 60;

using Monomial = std::vector<AtomId>;

Known at_least_zero(Poly p) { return {std::move(p), false}; }
Known zero(Poly p) { return {std::move(p), true}; }
Poly negative(const Poly& p) { return sum({}, p, -1); }

// Whether integers can fulfil the facts: false is certain.
class System {
 public:
  explicit System(std::vector<Known> facts) {
    for (Known& f : facts) {
      if (f.p.valid) (f.equal ? equal_ : rows_).push_back(std::move(f.p));
    }
  }
  bool feasible() {
    for (int round = 0; round < 8; ++round) {
      if (!substitute()) return false;
      std::vector<Poly> rows;
      for (Poly& p : rows_) {
        if (!take(std::move(p), rows)) return false;
      }
      rows_ = std::move(rows);
      if (!tighten()) break;
    }
    for (const Poly& p : stuck_) rows_.push_back(p), rows_.push_back(negative(p));
    return eliminate();
  }

 private:
  static int64_t divisor(const Poly& p) {
    int64_t g = 0;
    for (const auto& [of, c] : p.terms) {
      if (!of.empty()) g = std::gcd(g, c);
    }
    return g;
  }
  static int64_t constant(const Poly& p) {
    const auto at = p.terms.find({});
    return at == p.terms.end() ? 0 : at->second;
  }
  // An atom that stands in the equation once, alone, times 1 or -1.
  static std::optional<AtomId> lone(const Poly& p) {
    std::map<AtomId, int> count;
    for (const auto& [of, c] : p.terms) {
      for (AtomId a : std::set<AtomId>(of.begin(), of.end())) ++count[a];
    }
    std::optional<AtomId> best;
    for (const auto& [of, c] : p.terms) {
      if (of.size() == 1 && std::abs(c) == 1 && count[of[0]] == 1) best = of[0];  // the newest
    }
    return best;
  }
  bool substitute() {
    std::vector<Poly> open;
    equal_.insert(equal_.end(), stuck_.begin(), stuck_.end());
    stuck_.clear();
    for (size_t round = 0; !equal_.empty() && round < kMostRounds; ++round) {
      Poly p = std::move(equal_.back());
      equal_.pop_back();
      if (!p.valid) continue;
      const int64_t g = divisor(p);
      if (g == 0) {
        if (constant(p) != 0) return false;
        continue;
      }
      if (constant(p) % g != 0) return false;
      if (g > 1) {
        for (auto& [of, c] : p.terms) c /= g;
      }
      const auto a = lone(p);
      if (!a) {
        open.push_back(std::move(p));
        continue;
      }
      const int64_t c = p.terms[{*a}];
      p.terms.erase({*a});
      const Poly by = sum({}, p, c > 0 ? -1 : 1);
      for (auto* list : {&equal_, &open, &rows_}) {
        for (Poly& q : *list) {
          if (mentions(q, *a)) q = replaced(q, *a, by);
        }
      }
      // what was open may have come within reach
      equal_.insert(equal_.end(), open.begin(), open.end());
      open.clear();
    }
    stuck_.insert(stuck_.end(), open.begin(), open.end());
    stuck_.insert(stuck_.end(), equal_.begin(), equal_.end());
    equal_.clear();
    return true;
  }
  // p >= 0 and -p >= 0 are an equation. Whether there is one.
  bool tighten() {
    for (size_t k = 0; k < rows_.size(); ++k) {
      const auto opposite = std::find(rows_.begin() + static_cast<ptrdiff_t>(k), rows_.end(), negative(rows_[k]));
      if (opposite == rows_.end()) continue;
      equal_.push_back(rows_[k]);
      rows_.erase(opposite), rows_.erase(rows_.begin() + static_cast<ptrdiff_t>(k));
      return true;
    }
    return false;
  }
  static bool mentions(const Poly& p, AtomId a) {
    return std::any_of(p.terms.begin(), p.terms.end(), [a](const auto& term) {
      return std::find(term.first.begin(), term.first.end(), a) != term.first.end();
    });
  }

  // False: the row cannot hold. Rows that always do are left out.
  bool take(Poly p, std::vector<Poly>& into) const {
    if (!p.valid) return true;
    const int64_t g = divisor(p);
    if (g == 0) return constant(p) >= 0;
    if (g > 1) {
      const int64_t k = constant(p);
      p.terms.erase(Monomial{});
      for (auto& [of, c] : p.terms) c /= g;
      const int64_t low = k / g - (k % g < 0 ? 1 : 0);
      if (low != 0) p.terms[{}] = low;
    }
    if (std::find(into.begin(), into.end(), p) == into.end()) into.push_back(std::move(p));
    return true;
  }
  bool eliminate() {
    std::vector<Poly> rows = std::move(rows_);
    while (!rows.empty() && rows.size() < kMostRows) {
      std::map<Monomial, std::pair<size_t, size_t>> signs;
      for (const Poly& p : rows) {
        for (const auto& [of, c] : p.terms) {
          if (!of.empty()) ++(c > 0 ? signs[of].first : signs[of].second);
        }
      }
      const auto best = std::min_element(signs.begin(), signs.end(), [](const auto& a, const auto& b) {
        return a.second.first * a.second.second < b.second.first * b.second.second;
      });
      const Monomial out = best->first;
      std::vector<Poly> next;
      std::vector<const Poly*> above, below;
      for (const Poly& p : rows) {
        const auto at = p.terms.find(out);
        if (at == p.terms.end())
          next.push_back(p);
        else
          (at->second > 0 ? above : below).push_back(&p);
      }
      for (const Poly* p : above) {
        for (const Poly* q : below) {
          Poly joined = sum(sum({}, *p, -q->terms.at(out)), *q, p->terms.at(out));
          if (!take(std::move(joined), next)) return false;
          if (next.size() >= kMostRows) return true;
        }
      }
      rows = std::move(next);
    }
    return true;
  }

  std::vector<Poly> equal_, rows_;
  std::vector<Poly> stuck_;  // equations without an atom to be replaced
};

class Apart {
 public:
  Apart(const LoopAccesses& loop, const Access& first, const Access& second)
      : loop_(loop), atoms_(*loop.atoms), first_(first), second_(second) {}

  // `factors`: what of the kind was taken as at least 1.
  bool run(std::set<Monomial>& factors) {
    const bool out = ordered(false) && ordered(true);
    if (out) factors.insert(assumed_.begin(), assumed_.end());
    return out;
  }
  // Whether p, of an iteration of the first access, is at least 0.
  bool is_positive(const Poly& p) {
    const Poly n = Poly::of(loop_.iteration);
    facts_.push_back(at_least_zero(n));
    if (const auto up = slack(n)) facts_.push_back(at_least_zero(*up));
    for (const Known& f : first_.facts) facts_.push_back(f);
    facts_.push_back(at_least_zero(sum(negative(p), Poly::constant(1), -1)));
    for (size_t k = 0; k < facts_.size() && k < 400; ++k) collect(Poly(facts_[k].p));
    if (choices_.size() > kMostChoices) return false;
    return all_choices({choices_.begin(), choices_.end()}, facts_, false);
  }

 private:
  const Atom& atom(AtomId a) const { return atoms_[a & ~kPrime]; }
  bool own(AtomId a) const { return (a & kElement) != 0 && (a & kPrime) == 0; }

  Poly primed(const Poly& p) const {
    Poly out;
    out.valid = p.valid;
    for (const auto& [of, c] : p.terms) {
      Monomial moved = of;
      for (AtomId& a : moved) {
        if (atoms_[a].kind != Atom::Fixed) a |= kPrime;
      }
      std::sort(moved.begin(), moved.end());
      out.terms[moved] = c;
    }
    return out;
  }
  Poly seen(const Poly& p, bool second) const { return second ? primed(p) : p; }
  Poly element() { return Poly::of(kElement + made_++); }

  // `swapped`: the second access's iteration is the earlier one.
  bool ordered(bool swapped) {
    facts_.clear(), known_.clear(), choices_.clear();
    made_ = 0;
    const Poly n = Poly::of(loop_.iteration), m = Poly::of(loop_.iteration | kPrime);
    const Poly &early = swapped ? m : n, &late = swapped ? n : m;
    later_ = sum(sum(late, early, -1), Poly::constant(1), -1);
    facts_.push_back(at_least_zero(later_));
    for (const Poly& i : {n, m}) {
      facts_.push_back(at_least_zero(i));
      if (const auto up = slack(i)) facts_.push_back(at_least_zero(*up));
    }
    for (size_t k = 0; k < first_.place.axes.size() && k < second_.place.axes.size(); ++k) {
      const Poly a = touched(first_.place.axes[k], false), b = touched(second_.place.axes[k], true);
      if (a.valid && b.valid) facts_.push_back(zero(sum(a, b, -1)));
    }
    for (const Known& f : first_.facts) facts_.push_back(f);
    for (const Known& f : second_.facts) facts_.push_back({primed(f.p), f.equal});
    for (size_t k = 0; k < facts_.size() && k < 400; ++k) collect(Poly(facts_[k].p));
    ascending(early, late, swapped);
    early_ = early, late_ = late;
    if (choices_.size() > kMostChoices) return false;
    const std::vector<AtomId> choices(choices_.begin(), choices_.end());
    return all_choices(choices, facts_, false) || all_choices(choices, facts_, true);
  }
  // hi - 1 - (lo + step * i), which is not negative.
  std::optional<Poly> slack(const Poly& i) const {
    if (!loop_.step || *loop_.step == 0) return {};
    const Poly value = sum(loop_.lo, i, *loop_.step);
    const Poly room = *loop_.step > 0 ? sum(loop_.hi, value, -1) : sum(value, loop_.hi, -1);
    return sum(room, Poly::constant(1), -1);
  }
  // Some element that the place has on the axis; not valid: any.
  Poly touched(const AxisPlace& a, bool second) {
    Poly first = seen(a.first, second);
    if (a.point) return first;
    Poly e = element();
    if (a.step == 0 || !a.low.valid || !a.high.valid || !first.valid) {
      e.valid = false;
      return e;
    }
    if (std::abs(a.step) != 1) {
      const Poly steps = element();
      facts_.push_back(at_least_zero(steps));
      e = sum(first, steps, a.step);
    }
    facts_.push_back(at_least_zero(sum(e, seen(a.low, second), -1)));
    facts_.push_back(at_least_zero(sum(sum(seen(a.high, second), e, -1), Poly::constant(1), -1)));
    return e;
  }
  // What is known of the atoms in it.
  void collect(const Poly& p) {
    for (const auto& [of, c] : p.terms) {
      for (AtomId a : of) {
        if (own(a) || !known_.insert(a).second) continue;
        const bool second = (a & kPrime) != 0;
        const Atom& of_atom = atom(a);
        for (const Known& f : of_atom.facts) facts_.push_back({seen(f.p, second), f.equal});
        if (of_atom.length) facts_.push_back(at_least_zero(Poly::of(a)));
        if (of_atom.step > 1)
          facts_.push_back(zero(sum(sum(Poly::of(a), seen(of_atom.from, second), -1), element(), -of_atom.step)));
        if (!of_atom.choice) continue;
        choices_.insert(a);
        for (const auto& when : of_atom.when) {
          for (const Known& f : when) collect(seen(f.p, second));
        }
      }
    }
  }
  // k[x] <= k[y] where x in the earlier iteration is at most y in the later one.
  void ascending(const Poly&, const Poly&, bool swapped) {
    const std::vector<AtomId> all(known_.begin(), known_.end());
    size_t made = 0;
    for (AtomId a : all) {
      for (AtomId b : all) {
        if (own(a) || own(b)) continue;
        const Atom &x = atom(a), &y = atom(b);
        if (x.segment < 0 || x.segment != y.segment || x.kind == Atom::Fixed || y.kind == Atom::Fixed) continue;
        const bool x_second = (a & kPrime) != 0, y_second = (b & kPrime) != 0;
        if (x_second != swapped || y_second == swapped) continue;  // x of the earlier, y of the later
        std::vector<Known> question;
        for (const Known& f : facts_) question.push_back(f);
        question.push_back(at_least_zero(
            sum(sum(seen(x.from, x_second), seen(y.from, y_second), -1), Poly::constant(1), -1)));  // x > y
        if (++made > 8 || System(question).feasible()) continue;
        facts_.push_back(at_least_zero(sum(Poly::of(b), Poly::of(a), -1)));
      }
    }
  }

  // `assuming`: by what is multiplied with as well.
  bool all_choices(std::vector<AtomId> open, const std::vector<Known>& facts, bool assuming) {
    if (open.empty()) return !System(with_products(facts, assuming)).feasible();
    const AtomId z = open.back();
    open.pop_back();
    for (const int value : {0, 1}) {
      std::vector<Known> chosen;
      const auto add = [&](const Known& f) { chosen.push_back({replaced(f.p, z, Poly::constant(value)), f.equal}); };
      for (const Known& f : facts) add(f);
      for (const Known& f : atom(z).when[value]) add({seen(f.p, (z & kPrime) != 0), f.equal});
      if (!all_choices(open, chosen, assuming)) return false;
    }
    return true;
  }

  // Bounds times what the bounded atom is multiplied by somewhere.
  std::vector<Known> with_products(std::vector<Known> facts, bool assuming) {
    std::map<AtomId, std::set<Monomial>> factors;
    bool squares = false;
    for (const Known& f : facts) {
      for (const auto& [of, c] : f.p.terms) {
        if (of.size() < 2) continue;
        Monomial fixed;
        std::vector<AtomId> moving;
        for (AtomId a : of) (own(a) || atom(a).kind != Atom::Fixed ? moving : fixed).push_back(a);
        squares = squares || (moving.size() == 2 && is_iteration(moving[0]) && is_iteration(moving[1]));
        if (!fixed.empty() && moving.size() == 1) factors[moving[0]].insert(fixed);
        if (moving.empty()) factors[fixed[0]].insert(Monomial(fixed.begin() + 1, fixed.end()));
      }
    }
    std::set<Monomial> all;
    const size_t count = facts.size();
    if (!assuming) factors.clear();
    for (const auto& [a, of] : factors) {
      for (const Monomial& by : of) {
        all.insert(by);
        Poly factor;
        factor.terms[by] = 1;
        for (size_t k = 0; k < count && facts.size() < kMostRows; ++k) {
          const Known& f = facts[k];
          if (f.equal || !bounds(f.p, a)) continue;
          facts.push_back(at_least_zero(product(f.p, factor)));
        }
      }
    }
    assumed_.insert(all.begin(), all.end());
    for (const Monomial& by : all) {
      Poly factor;
      factor.terms[by] = 1;
      facts.push_back(at_least_zero(sum(factor, Poly::constant(1), -1)));
    }
    if (squares) {
      facts.push_back(at_least_zero(product(later_, sum(sum(late_, early_), Poly::constant(1)))));
      facts.push_back(at_least_zero(product(later_, early_)));
      facts.push_back(at_least_zero(product(later_, later_)));
      if (const auto up = slack(late_)) facts.push_back(at_least_zero(product(later_, *up)));
    }
    return facts;
  }
  bool is_iteration(AtomId a) const { return (a & ~kPrime) == loop_.iteration; }
  // A fact of the first degree with the atom in it.
  static bool bounds(const Poly& p, AtomId a) {
    bool found = false;
    for (const auto& [of, c] : p.terms) {
      if (of.size() > 1) return false;
      found = found || (of.size() == 1 && of[0] == a);
    }
    return found;
  }

  const LoopAccesses& loop_;
  const Atoms& atoms_;
  const Access &first_, &second_;
  std::vector<Known> facts_;
  std::set<AtomId> known_, choices_;
  std::set<Monomial> assumed_;
  Poly later_, early_, late_;  // late - early - 1
  AtomId made_ = 0;
};

}  // namespace

bool never_meet(const LoopAccesses& loop, const Access& first, const Access& second,
                std::set<std::vector<AtomId>>& factors) {
  return Apart(loop, first, second).run(factors);
}

bool never_negative(const LoopAccesses& loop, const Access& access, const Poly& p) {
  return Apart(loop, access, access).is_positive(p);
}

}  // namespace kjit::passes
