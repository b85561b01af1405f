// One walk over the syntax.
#include "sema/walk.h"

#include "sema/scope.h"

namespace kjit::sema {

namespace {

using ast::Expr;
using ast::Stmt;
using ast::StmtKind;

void visit(const Expr* e, const Visitor& v) {
  if (e) walk(*e, v);
}

void visit(ast::Exprs list, const Visitor& v) {
  for (const Expr* e : list) visit(e, v);
}

void statement(const Stmt& s, const Visitor& v) {
  if (!v.statement(s)) return;
  switch (s.kind) {
    case StmtKind::FunctionDef: {
      const auto& def = ast::as<ast::FunctionDef>(s);
      for_each_default(def, [&](const Expr& e) { walk(e, v); });
      walk(def.body, v);
      break;
    }
    case StmtKind::Return:
      visit(ast::as<ast::Return>(s).value, v);
      break;
    case StmtKind::Assign:
      visit(ast::as<ast::Assign>(s).targets, v), visit(ast::as<ast::Assign>(s).value, v);
      break;
    case StmtKind::AugAssign:
      visit(ast::as<ast::AugAssign>(s).target, v), visit(ast::as<ast::AugAssign>(s).value, v);
      break;
    case StmtKind::AnnAssign:
      visit(ast::as<ast::AnnAssign>(s).target, v), visit(ast::as<ast::AnnAssign>(s).value, v);
      break;
    case StmtKind::For: {
      const auto& f = ast::as<ast::For>(s);
      visit(f.target, v), visit(f.iter, v), walk(f.body, v), walk(f.orelse, v);
      break;
    }
    case StmtKind::While: {
      const auto& w = ast::as<ast::While>(s);
      visit(w.test, v), walk(w.body, v), walk(w.orelse, v);
      break;
    }
    case StmtKind::If: {
      const auto& i = ast::as<ast::If>(s);
      visit(i.test, v), walk(i.body, v), walk(i.orelse, v);
      break;
    }
    case StmtKind::ExprStmt:
      visit(ast::as<ast::ExprStmt>(s).value, v);
      break;
    case StmtKind::Raise:
      visit(ast::as<ast::Raise>(s).exception, v), visit(ast::as<ast::Raise>(s).cause, v);
      break;
    case StmtKind::Assert:
      visit(ast::as<ast::Assert>(s).test, v), visit(ast::as<ast::Assert>(s).message, v);
      break;
    case StmtKind::Pass:
    case StmtKind::Break:
    case StmtKind::Continue:
    case StmtKind::Import:
    case StmtKind::ImportFrom:
    case StmtKind::UnsupportedStmt:
      break;
  }
}

}  // namespace

void walk(ast::Body body, const Visitor& visitor) {
  for (const Stmt* s : body) statement(*s, visitor);
}

void walk(const Expr& e, const Visitor& visitor) {
  visitor.expression(e);
  for_each_child(e, [&](const Expr& child) { walk(child, visitor); });
  if (e.kind == ast::ExprKind::Lambda) walk(ast::as<ast::Lambda>(e).function->body, visitor);
}

}  // namespace kjit::sema
