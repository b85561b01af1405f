// Names of a function: which are local, which are free. Syntax only.
#pragma once

#include <functional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "parse/ast.h"

namespace kjit::sema {

using source::Span;

struct Scope {
  std::vector<std::string_view> locals;  // parameters first, then in order of first assignment
  std::vector<std::string_view> free;    // read here or in nested functions, assigned nowhere here

  // Position in `locals`, or -1.
  int local(std::string_view name) const;
  void add_local(std::string_view name);  // once
  void add_free(std::string_view name);   // once, unless local

 private:
  std::unordered_map<std::string_view, int> positions_;
  std::unordered_set<std::string_view> known_free_;
};

Scope analyze_scope(const ast::FunctionDef& function);

// All parameters in the order of TypedFunction::param_types: positional, *args, keyword-only.
std::vector<const ast::Parameter*> all_parameters(const ast::FunctionDef& function);

// Calls `visit` for every name that is a target of assignment in these statements (not in nested functions).
void for_each_assigned(ast::Body body, const std::function<void(std::string_view, Span)>& visit);
void for_each_target(const ast::Expr& target, const std::function<void(const ast::Name&)>& visit);

// Lowest and highest expression id in the function, parameters and decorators left out. {1, 0} when there is none.
struct IdRange {
  uint32_t low = 1, high = 0;
};
IdRange expression_ids(const ast::FunctionDef& function);

// Calls `visit` for each default of a parameter: evaluated outside of the function, when it is made.
void for_each_default(const ast::FunctionDef& function, const std::function<void(const ast::Expr&)>& visit);

// Calls `visit` for each expression of a statement and `enter` for each body in it, in order of evaluation; of a
// function's definition for its defaults only.
void for_each_part(const ast::Stmt& statement, const std::function<void(const ast::Expr&)>& visit,
                   const std::function<void(ast::Body)>& enter);

// Calls `visit` for each direct child expression, in order of evaluation.
void for_each_child(const ast::Expr& expr, const std::function<void(const ast::Expr&)>& visit);

}  // namespace kjit::sema
