// Moves statements that seldom run into a function of their own.
//
// The function is marked `lazy`: where code is made at run time, it is compiled when it is first called
// (lower/versions.h), so that what nobody needs costs nothing.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>

#include "kir/kir.h"

namespace kjit::passes {

// Copies statements from one function into another, whose variables it makes as they come up.
class Mover {
 public:
  Mover(const kir::Function& from, kir::Function& to) : from_(from), to_(to) {}
  // Parameters for what the statements mention and do not define; returns them as variables of `from`.
  std::vector<kir::VarId> parameters(const kir::Block& statements);
  // One more parameter, the value of a variable of `from` before the statements; returns it as a variable of `to`.
  kir::VarId parameter(kir::VarId v);
  kir::Block copy(const kir::Block& block);
  kir::ExprRef copy(kir::ExprRef e);
  // All that is copied from here on stands at `place`: for text of another file.
  void set_place(kir::Span place) { place_ = place; }
  // The variable of `to` for one of `from`.
  kir::VarId moved(kir::VarId v);

 private:
  void scan(kir::ExprRef e);
  void scan(const kir::Block& block);

  const kir::Function& from_;
  kir::Function& to_;
  std::set<kir::VarId> used_, defined_;
  std::map<kir::VarId, kir::VarId> moved_;
  std::optional<kir::Span> place_;
};

// A function with the place and the options of another.
std::unique_ptr<kir::Function> part_of(const kir::Function& from, std::string symbol);

// A function of the statements: its parameters are the variables that they mention and do not define, its result is
// `result`, which they define, or nothing. `symbol` is its symbol. The statements must not jump out of the block; what
// else they define is not asked for outside.
struct Outlined {
  std::unique_ptr<kir::Function> function;
  std::vector<kir::VarId> arguments;  // variables of the function that the statements came from
};
Outlined outline(sema::TypeContext& types, const kir::Function& from, std::string symbol, const kir::Block& statements,
                 std::optional<kir::VarId> result);

}  // namespace kjit::passes
