// Linear forms over integer expressions, and proofs that one is not negative from facts of the same kind.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "kir/kir.h"

namespace kjit::passes {

// constant + sum of coefficient * atom. An atom is an expression that is not taken apart (a variable, a length, a
// product of variables), named by its structure; equal names mean equal values as long as no variable in them is
// assigned.
struct Linear {
  struct Term {
    int64_t coefficient = 0;
    kir::ExprRef atom = nullptr;
  };
  int64_t constant = 0;
  std::map<std::string, Term> terms;
  bool valid = true;  // false: a number too large for this arithmetic took part

  void add(const Linear& other, int64_t factor);
};

// Of an int64 expression, read as an integer without wrapping. Reads of memory are atoms too: see reads_memory below.
Linear linear(kir::ExprRef e);

// `form` >= 0. Strict: nothing in it was computed with arithmetic that may have wrapped.
struct Fact {
  Linear form;
  bool strict = false;
};

// What is known at one place.
class Facts {
 public:
  // Variables that are never negative wherever they are read.
  Facts(kir::Function& f, const std::vector<bool>& nonnegative) : f_(&f), nonnegative_(&nonnegative) {}

  void add(Linear form, bool strict);
  // What follows from a condition being true (or false).
  void assume(kir::ExprRef condition, bool truth);
  // Drops the facts about a variable that gets another value.
  void forget(kir::VarId var);
  // var = value: the facts about the old value carry over when the value is the old one plus something.
  void assign(kir::VarId var, kir::ExprRef value);

  bool proves_nonnegative(kir::ExprRef e) const { return proves(linear(e), false); }
  // e <= some length of an array, by facts alone.
  bool below_a_length(kir::ExprRef e) const;
  // `strict`: from strict facts only, for conclusions that must hold for wrapped values too.
  bool proves(const Linear& form, bool strict) const {
    budget_ = 2000;
    return search(form, strict, 5);
  }

 private:
  bool search(const Linear& form, bool strict, int depth) const;
  bool atom_is_nonnegative(kir::ExprRef e, bool strict, int depth) const;
  void assume_less(kir::ExprRef a, kir::ExprRef b, int64_t distance);

  kir::Function* f_;
  const std::vector<bool>* nonnegative_;
  mutable int budget_ = 0;  // steps that a proof may still take
  std::vector<Fact> facts_;
};

// An int64 variable as an expression.
kir::ExprRef variable(kir::Function& f, kir::VarId var);
bool reads_memory(kir::ExprRef e);
bool mentions(kir::ExprRef e, kir::VarId var);

}  // namespace kjit::passes
