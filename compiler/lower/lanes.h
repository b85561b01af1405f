// Loops whose iterations may run side by side in vector lanes. Functions of real numbers in them come from a library
// whose scalar and vector forms agree bit for bit, so that what a loop gives depends neither on its length nor on what
// LLVM makes of it; everywhere else they are the C library's. Decided from kernel IR, thus the same at every
// optimisation level.
#pragma once

#include <map>
#include <set>

#include "kir/kir.h"

namespace kjit::lower {

class Lanes {
 public:
  explicit Lanes(const kir::Module& module);
  bool has(const kir::Stmt* loop) const { return loops_.contains(loop); }
  // A small function that such a loop calls.
  bool has(const kir::Function* function) const { return functions_.contains(function); }

 private:
  void scan(const kir::Block& block);
  bool simple(const kir::Block& block);
  bool small(const kir::Function& function);
  void take_callees(const kir::Block& block);

  const kir::Module& module_;
  std::set<const kir::Stmt*> loops_;
  std::set<const kir::Function*> functions_;
  std::map<const kir::Function*, bool> small_;
};

}  // namespace kjit::lower
