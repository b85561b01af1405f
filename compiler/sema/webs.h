// Variables of a function: definitions, the uses they reach, and the webs that they form. Also where static conditions
// (`x is None`, `isinstance(x, int)`, frozen flags) leave one branch only, because pruned branches define nothing.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sema/scope.h"
#include "sema/typed.h"

namespace kjit::sema {

struct Web {
  std::string_view name;
  Span first_definition;
  uint32_t definitions = 0;
  bool is_param = false;
  bool maybe_unbound = false;
};

struct Webs {
  std::vector<Web> webs;                        // one becomes one Variable
  std::vector<uint32_t> params;                 // web of each parameter (captures first)
  std::unordered_map<uint32_t, uint32_t> uses;  // Expr::id of a Name that is read -> web; absent: not local or dead
  std::unordered_map<uint32_t, uint32_t> definitions;  // Expr::id of a Name that is written -> web
  std::unordered_set<uint32_t> maybe_unbound;          // Expr::id of reads that a path without definition reaches
  std::unordered_set<uint32_t> unbound;                // Expr::id of reads that no definition reaches
  std::unordered_map<uint32_t, Branch> branches, expr_branches;
  std::unordered_set<uint32_t> dead;
  std::unordered_map<uint32_t, std::vector<uint32_t>> def_captures, lambda_captures;  // webs
  std::unordered_map<uint32_t, uint32_t> def_webs;                                    // Stmt::id of a nested def -> web
  std::vector<std::pair<Span, std::string_view>> rebound_captures;  // captured names that are assigned later (an error)
  bool falls_off_end = false;
};

// What is known of a name before inference: the type of a parameter (null: nothing known).
struct StaticFacts {
  std::vector<std::string_view> captures;                           // names of captured variables, in order
  std::vector<TypeRef> param_types;                                 // captures first, then all parameters
  std::vector<std::string_view> forced;                             // names whose values are converted when assigned
  std::function<std::optional<Constant>(std::string_view)> global;  // frozen globals
  // isinstance(<value of this type>, expr): nullopt when not decidable.
  std::function<std::optional<bool>(TypeRef, const ast::Expr&)> isinstance;
};

Webs find_webs(const ast::FunctionDef& function, const Scope& scope, const StaticFacts& facts);

}  // namespace kjit::sema
