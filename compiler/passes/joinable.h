// Which statements on whole arrays may share a loop nest with an earlier one, as far as statements alone tell: what may
// be moved over them, and which of their results nobody else reads. Lengths and memory are asked for in nest.cpp.
#pragma once

#include <set>
#include <vector>

#include "kir/kir.h"

namespace kjit::passes {

class Joinable {
 public:
  explicit Joinable(const kir::Function& f);

  // A Map, or a Reduce of all axes to a number, whose elements are made by arithmetic alone.
  bool has_form(const kir::Stmt& s) const;
  // Whether it is a sum of floats, which is added pairwise: a loop of its own sort.
  bool is_pairwise(const kir::Stmt& s) const;
  // Whether it is an assignment of a number that may as well run later, where nothing between depends on it.
  static bool can_wait(const kir::Stmt& s);
  // Whether one mentions what the other gives a value to, or both give one to the same variable.
  static bool depend(const kir::Stmt& a, const kir::Stmt& b);
  // Whether `s`, which stands behind the members, may run before them: it computes, allocates or checks, without what
  // they make. A check only moves over stores that others could see when `nest` proves it for the fast path.
  static bool moves(const kir::Stmt& s, const kir::Block& members);
  // Whether a member asks for what another one, a Reduce, has for a result.
  static bool reads_result(const kir::Stmt& s, const kir::Block& members);
  // Whether the new array that the member makes is read by the elements of members only.
  bool is_private(const kir::Stmt& member, const kir::Block& members) const;

 private:
  void count(kir::ExprRef e);
  void count(const kir::Block& block);

  const kir::Function& f_;
  std::vector<uint32_t> mentions_;  // by variable, of its elements or of the array
  std::vector<uint32_t> allocs_;
};

}  // namespace kjit::passes
