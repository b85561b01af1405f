// Every statement and expression of a body, in order of evaluation: for checks that need no types.
#pragma once

#include <functional>

#include "parse/ast.h"

namespace kjit::sema {

struct Visitor {
  // False: nothing inside the statement is visited.
  std::function<bool(const ast::Stmt&)> statement = [](const ast::Stmt&) { return true; };
  std::function<void(const ast::Expr&)> expression;  // before its children
};

// Functions and lambdas inside are entered, decorators and annotations left out.
void walk(ast::Body body, const Visitor& visitor);
void walk(const ast::Expr& expression, const Visitor& visitor);

}  // namespace kjit::sema
