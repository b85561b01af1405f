// Parallel loops that follow one another, and may share a region: chunks in which iterations of the first loop run,
// then those of the second with the same numbers, and so on.
//
// Precondition: as of `races`, after which this runs: bodies still are what the program says. Postcondition: it
// computes the same. A loop that may share the region of the one before it, as far as elements of arrays and effects
// go, has an exprs[4]: what has to hold for that when the first of them begins. `parallel` joins them, where their
// heads and variables still allow it.
//
// That is so where an iteration meets, of the loops before, only what the iteration of the same number does, and no
// body has effects beyond memory (exceptions, prints, draws): their order would show.
#pragma once

#include <map>
#include <string>

#include "kir/kir.h"
#include "passes/liveness.h"
#include "passes/remarks.h"

namespace kjit::passes {

void neighbours(sema::TypeContext& types, kir::Module& module);
// The same, with a remark for each loop that may not share the region of the one before it.
void neighbours(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks);

// What variables hold within one block, as far as statements that were passed say it.
class BlockValues {
 public:
  void pass(const kir::Stmt& s);
  // Whether two expressions have one value here.
  bool same(kir::ExprRef a, kir::ExprRef c) const;
  // Whether a Check of this condition was passed, and would be again.
  bool checked(kir::ExprRef condition) const;

 private:
  kir::ExprRef value(kir::ExprRef e) const;
  std::map<kir::VarId, kir::ExprRef> known_;
  std::map<kir::VarId, std::vector<kir::ExprRef>> shapes_;
  std::vector<kir::ExprRef> checked_;
};

// A run of neighbours in one block.
struct LoopGroup {
  std::vector<kir::Stmt*> loops;
  std::vector<kir::Stmt*> between;      // may run before the first loop as well
  const kir::Stmt* obstacle = nullptr;  // a statement after them that may not
  VarSet written, read;                 // by the loops, their own variables included; before they write them
};
LoopGroup group_of(kir::Stmt* loop);
// Whether the statement, which stands after the group's loops, may run before them; then it is part of the group.
bool takes_ahead(LoopGroup& group, kir::Stmt* s, const BlockValues& values);
// Why `loop` may not join the group, for its head and its variables; empty: it may.
std::string apart_by_variables(const kir::Function& function, const BlockValues& values, const LoopGroup& group,
                               const kir::Stmt& loop);
void join(LoopGroup& group, kir::Stmt* loop);

}  // namespace kjit::passes
