// One walk over the syntax.
#include "sema/walk.h"

#include "sema/scope.h"

namespace kjit::sema {

void walk(ast::Body body, const Visitor& visitor) {
  for (const ast::Stmt* s : body) {
    if (!visitor.statement(*s)) continue;
    for_each_part(*s, [&](const ast::Expr& e) { walk(e, visitor); }, [&](ast::Body inner) { walk(inner, visitor); });
    if (s->kind == ast::StmtKind::FunctionDef) walk(ast::as<ast::FunctionDef>(*s).body, visitor);
  }
}

void walk(const ast::Expr& e, const Visitor& visitor) {
  visitor.expression(e);
  for_each_child(e, [&](const ast::Expr& child) { walk(child, visitor); });
  if (e.kind == ast::ExprKind::Lambda) walk(ast::as<ast::Lambda>(e).function->body, visitor);
}

}  // namespace kjit::sema
