// Which memory the array variables of a function may refer to: an analysis, nothing changes.
//
// Each allocation in the text of the function is one root; all that comes from outside (parameters, constant arrays,
// results of calls) is another. Views, casts, tuples and choices refer to what their operands refer to. The order of
// statements is not looked at.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "kir/kir.h"

namespace kjit::passes {

// Whether a value of this type refers to memory of arrays.
bool holds_array(sema::TypeRef type);

class Points {
 public:
  explicit Points(const kir::Function& f);

  // Whether the two may refer to one allocation, or both to something outside. True for variables made since.
  bool may_share(kir::VarId a, kir::VarId c) const;
  // The same of what two expressions refer to.
  bool may_share(kir::ExprRef a, kir::ExprRef c) const;
  // Whether the value may refer to the memory that an Alloc or Copy of the function made.
  bool refers(kir::ExprRef e, const kir::Stmt* made) const;
  // The variables that may do so.
  std::set<kir::VarId> referring(const kir::Stmt* made) const;

 private:
  using Roots = std::set<uint32_t>;
  static constexpr uint32_t kOutside = 0;

  void collect(const kir::Block& block);
  Roots roots(kir::ExprRef e) const;

  std::map<const kir::Stmt*, uint32_t> made_;  // from 1
  std::vector<Roots> of_;                      // by variable
  struct Definition {
    kir::VarId var;
    std::vector<kir::ExprRef> values;
  };
  std::vector<Definition> definitions_;
};

}  // namespace kjit::passes
