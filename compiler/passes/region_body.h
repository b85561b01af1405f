// The body of one region, as a function.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kirgen/builder.h"
#include "passes/outline.h"
#include "passes/region.h"

namespace kjit::passes {

class RegionBody {
 public:
  // `loops`: one, or several of equal heads that share the region: a chunk runs its iterations of the first, then those
  // of the second, ... `region`: what becomes of the variables of all. `views`: assignments of views to be made again
  // in the body, each after those that it needs.
  RegionBody(sema::TypeContext& types, const kir::Function& from, std::vector<const kir::Stmt*> loops,
             const Region& region, const std::vector<const kir::Stmt*>& views, std::string symbol);

  std::unique_ptr<kir::Function> run();
  // Operands for the parameters after the first three, in terms of the function that the loop stands in.
  std::vector<kir::ExprRef> operands(kirgen::Builder& outer) const;
  const std::vector<std::pair<kir::VarId, kir::VarId>>& arrays() const { return arrays_; }

 private:
  kir::VarId parameter(const char* name);
  // A number of the loop's head: a constant, or a parameter.
  kir::ExprRef operand(kir::ExprRef e, const char* name);
  void pass(kir::VarId v);
  kir::VarId pass_value(kir::VarId v);
  bool counts(kir::VarId v) const;  // the variable of one of the loops
  void start(const Fold& fold);
  kir::ExprRef identity(kir::Op join, sema::TypeRef type);
  // The chunk's own array, which stands for the other one in the body.
  void start(const kir::ArrayFold& fold);
  void loop(const kir::Stmt& loop, kir::VarId lo, kir::VarId hi, kir::ExprRef first, kir::ExprRef step);
  void results();

  const kir::Function& from_;
  std::vector<const kir::Stmt*> loops_;
  const Region& region_;
  const std::vector<const kir::Stmt*>& views_;
  std::unique_ptr<kir::Function> made_;
  kirgen::Builder b_;
  Mover mover_;
  std::vector<kir::ExprRef> expressions_;                  // operands that are not variables: the loop's head
  std::vector<kir::VarId> captured_;                       // operands that are variables
  std::vector<std::pair<kir::VarId, kir::VarId>> arrays_;  // captured, and their parameters
};

}  // namespace kjit::passes
