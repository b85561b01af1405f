// Code that is compiled when it is first called: lazy functions, and the second of two versions of an exported
// function.
//
// Versions: one for arguments that do not overlap, one for those that do.
//
// LLVM has to expect that a store to one array changes another; C's `restrict` says that it does not. Here a check at
// entry finds out: byte ranges of arrays that may be written against those of all others. When none meet, the version
// with `noalias` arguments runs. The other one is compiled when it is first needed, which is seldom: the entry calls
// kjit_jit_later, and the address is kept in a cell, the global `kjit.<symbol>.version`.
#pragma once

#include "lower/module.h"

namespace kjit::lower {

struct VersionPlan {
  std::vector<kir::VarId> arrays;  // the array parameters
  std::vector<std::pair<kir::VarId, kir::VarId>>
      disjoint;  // what is checked: (written, other); empty: nothing to check
};

// Whether two versions of the function pay, and what distinguishes them. A function with a plan and no pairs needs one
// version only: its arrays cannot overlap anything.
std::optional<VersionPlan> plan_versions(const kir::Module& module, const kir::Function& function);

// Turns the function, lowered, into the version without overlap and puts a new entry of the same name before it.
void add_version(ModuleLowering& module, const kir::Function& kir, llvm::Function* function, const VersionPlan& plan);

// Takes the body of a lazy function away: calls lead to what is compiled then, from the module as it was saved.
void postpone(ModuleLowering& module, const kir::Function& kir, llvm::Function* function);

}  // namespace kjit::lower
