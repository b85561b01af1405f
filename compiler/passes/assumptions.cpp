#include "passes/assumptions.h"

#include <algorithm>

#include "passes/apart.h"
#include "passes/liveness.h"

namespace kjit::passes {

using kir::ExprRef;
using kir::Op;

namespace {

constexpr size_t kMostTests = 12;

class Assumptions {
 public:
  Assumptions(kirgen::Builder& b, const kir::Stmt& loop, const LoopAccesses& accesses)
      : b_(b), accesses_(accesses), atoms_(*accesses.atoms) {
    assigned(loop.body, written_);
  }

  ExprRef run(const Factors& factors) {
    for (const auto& factor : factors) {
      Poly p;
      p.terms[factor] = 1;
      at_least(value(p), 1);
    }
    std::set<uint32_t> stored;
    for (const Access& a : accesses_.all) {
      if (a.store && !accesses_.folded.contains(a.place.root)) stored.insert(a.place.root);
    }
    for (const Access& a : accesses_.all) {
      if (!stored.contains(a.place.root)) continue;
      for (const AxisPlace& axis : a.place.axes) {
        for (const Poly& p : axis.assumed) index(a, p);
      }
    }
    return tests_ <= kMostTests ? all_ : b_.const_bool(false);
  }
  bool all_tested() const { return all_tested_; }

 private:
  void at_least(ExprRef value, int64_t least) {
    if (!value) return void(all_tested_ = false);
    ++tests_;
    ExprRef test = b_.compare(Op::Ge, value, b_.const_int(least));
    all_ = all_ ? b_.binary(Op::AndThen, all_, test) : test;
  }

  void index(const Access& a, const Poly& p) {
    if (!p.valid) all_tested_ = false;
    if (!p.valid || !seen_.insert(key(p)).second || never_negative(accesses_, a, p)) return;
    const auto form = affine(atoms_, bound(atoms_, p, true));
    if (!form) return void(all_tested_ = false);
    for (const auto& [of, coefficient] : p.terms) all_tested_ = all_tested_ && of.size() <= 1;
    const auto slope = form->slope.number();
    if (!slope || *slope >= 0) at_least(value(form->rest), 0);
    if (slope && *slope >= 0) return;
    ExprRef last = last_iteration(), by = value(form->slope), rest = value(form->rest);
    if (!last || !by || !rest) all_tested_ = false;
    if (last && by && rest) at_least(b_.binary(Op::Add, rest, b_.binary(Op::Mul, by, last)), 0);
  }
  // The number of the last one; anything where there is none.
  ExprRef last_iteration() {
    if (!accesses_.step || *accesses_.step == 0) return nullptr;
    const int64_t step = *accesses_.step;
    const Poly span = step > 0 ? sum(accesses_.hi, accesses_.lo, -1) : sum(accesses_.lo, accesses_.hi, -1);
    ExprRef distance = value(sum(span, Poly::constant(1), -1));
    if (!distance || std::abs(step) == 1) return distance;
    return b_.binary(Op::FloorDiv, distance, b_.const_int(std::abs(step)));
  }

  // In terms of what is there before the loop; null where it cannot be said.
  ExprRef value(const Poly& p) {
    if (!p.valid) return nullptr;
    ExprRef total = nullptr;
    for (const auto& [of, coefficient] : p.terms) {
      ExprRef term = nullptr;
      for (AtomId a : of) {
        ExprRef factor = value(a);
        if (!factor) return nullptr;
        term = term ? b_.binary(Op::Mul, term, factor) : factor;
      }
      if (!term)
        term = b_.const_int(coefficient);
      else if (coefficient != 1)
        term = b_.binary(Op::Mul, term, b_.const_int(coefficient));
      total = total ? b_.binary(Op::Add, total, term) : term;
    }
    return total ? total : b_.const_int(0);
  }
  ExprRef value(AtomId atom) {
    const Poly p = Poly::of(atom);
    for (const auto& [known, v] : accesses_.scalars) {
      if (known == p && !written_.contains(v)) return b_.var(v);
    }
    for (const auto& [root, name] : accesses_.names) {
      const auto& extents = (*accesses_.roots)[root].extents;
      const auto at = std::find(extents.begin(), extents.end(), p);
      if (at == extents.end() || written_.contains(name.var)) continue;
      ExprRef array = b_.var(name.var);
      for (uint32_t k : name.path) array = b_.get(array, k);
      return b_.dim(array, static_cast<uint32_t>(at - extents.begin()));
    }
    return nullptr;
  }

  kirgen::Builder& b_;
  const LoopAccesses& accesses_;
  const Atoms& atoms_;
  VarSet written_;
  std::set<std::string> seen_;
  size_t tests_ = 0;
  ExprRef all_ = nullptr;
  bool all_tested_ = true;
};

}  // namespace

ExprRef assumptions(kirgen::Builder& b, const kir::Stmt& loop, const LoopAccesses& accesses, const Factors& factors,
                    bool* all_tested) {
  Assumptions made(b, loop, accesses);
  ExprRef condition = made.run(factors);
  if (all_tested) *all_tested = made.all_tested();
  return condition;
}

}  // namespace kjit::passes
