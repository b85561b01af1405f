// Names of a function: one walk over the syntax.
#include "sema/scope.h"

#include <algorithm>

namespace kjit::sema {

using ast::Body;
using ast::Expr;
using ast::ExprKind;
using ast::Stmt;
using ast::StmtKind;

namespace {

void visit_opt(const Expr* e, const std::function<void(const Expr&)>& visit) {
  if (e) visit(*e);
}

void visit_all(ast::Exprs list, const std::function<void(const Expr&)>& visit) {
  for (const Expr* e : list) visit_opt(e, visit);
}

// Statements and expressions of a body, nested functions handed to `nested` instead of entered.
struct Walker {
  std::function<void(const Expr&)> on_expr;
  std::function<void(const ast::FunctionDef&)> on_function;

  void expr(const Expr* e) {
    if (!e) return;
    on_expr(*e);
    if (e->kind == ExprKind::Lambda) on_function(*ast::as<ast::Lambda>(*e).function);
    for_each_child(*e, [&](const Expr& child) { expr(&child); });
  }
  void body(Body statements) {
    for (const Stmt* s : statements) {
      for_each_part(*s, [&](const Expr& e) { expr(&e); }, [&](Body inner) { body(inner); });
      if (s->kind == StmtKind::FunctionDef) on_function(ast::as<ast::FunctionDef>(*s));
    }
  }
};

}  // namespace

void for_each_default(const ast::FunctionDef& function, const std::function<void(const Expr&)>& visit) {
  for (auto* p : all_parameters(function)) visit_opt(p->default_value, visit);
}

void for_each_part(const Stmt& s, const std::function<void(const Expr&)>& visit,
                   const std::function<void(Body)>& enter) {
  switch (s.kind) {
    case StmtKind::FunctionDef:
      for_each_default(ast::as<ast::FunctionDef>(s), visit);
      break;
    case StmtKind::Return:
      visit_opt(ast::as<ast::Return>(s).value, visit);
      break;
    case StmtKind::Assign:
      visit_opt(ast::as<ast::Assign>(s).value, visit);
      visit_all(ast::as<ast::Assign>(s).targets, visit);
      break;
    case StmtKind::AugAssign:
      visit_opt(ast::as<ast::AugAssign>(s).target, visit);
      visit_opt(ast::as<ast::AugAssign>(s).value, visit);
      break;
    case StmtKind::AnnAssign:
      visit_opt(ast::as<ast::AnnAssign>(s).value, visit);
      visit_opt(ast::as<ast::AnnAssign>(s).target, visit);
      break;
    case StmtKind::For: {
      const auto& f = ast::as<ast::For>(s);
      visit_opt(f.iter, visit), visit_opt(f.target, visit), enter(f.body), enter(f.orelse);
      break;
    }
    case StmtKind::While: {
      const auto& w = ast::as<ast::While>(s);
      visit_opt(w.test, visit), enter(w.body), enter(w.orelse);
      break;
    }
    case StmtKind::If: {
      const auto& i = ast::as<ast::If>(s);
      visit_opt(i.test, visit), enter(i.body), enter(i.orelse);
      break;
    }
    case StmtKind::ExprStmt:
      visit_opt(ast::as<ast::ExprStmt>(s).value, visit);
      break;
    case StmtKind::Raise:
      visit_opt(ast::as<ast::Raise>(s).exception, visit), visit_opt(ast::as<ast::Raise>(s).cause, visit);
      break;
    case StmtKind::Assert:
      visit_opt(ast::as<ast::Assert>(s).test, visit), visit_opt(ast::as<ast::Assert>(s).message, visit);
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

void for_each_child(const Expr& e, const std::function<void(const Expr&)>& visit) {
  switch (e.kind) {
    case ExprKind::Name:
    case ExprKind::Constant:
    case ExprKind::Unsupported:
      break;
    case ExprKind::Lambda:
      for_each_default(*ast::as<ast::Lambda>(e).function, visit);
      break;
    case ExprKind::JoinedStr:
      for (auto& part : ast::as<ast::JoinedStr>(e).parts) visit_opt(part.value, visit), visit_opt(part.format, visit);
      break;
    case ExprKind::BinOp:
      visit(*ast::as<ast::BinOp>(e).left), visit(*ast::as<ast::BinOp>(e).right);
      break;
    case ExprKind::UnaryOp:
      visit(*ast::as<ast::UnaryOp>(e).operand);
      break;
    case ExprKind::BoolOp:
      visit_all(ast::as<ast::BoolOp>(e).values, visit);
      break;
    case ExprKind::Compare:
      visit(*ast::as<ast::Compare>(e).left);
      visit_all(ast::as<ast::Compare>(e).comparators, visit);
      break;
    case ExprKind::IfExp: {
      auto& i = ast::as<ast::IfExp>(e);
      visit(*i.test), visit(*i.body), visit(*i.orelse);
      break;
    }
    case ExprKind::Call: {
      auto& c = ast::as<ast::Call>(e);
      visit(*c.func), visit_all(c.args, visit);
      for (auto& k : c.keywords) visit_opt(k.value, visit);
      break;
    }
    case ExprKind::Attribute:
      visit(*ast::as<ast::Attribute>(e).value);
      break;
    case ExprKind::Subscript:
      visit(*ast::as<ast::Subscript>(e).value), visit(*ast::as<ast::Subscript>(e).index);
      break;
    case ExprKind::Slice: {
      auto& s = ast::as<ast::Slice>(e);
      visit_opt(s.lower, visit), visit_opt(s.upper, visit), visit_opt(s.step, visit);
      break;
    }
    case ExprKind::Tuple:
      visit_all(ast::as<ast::Tuple>(e).elements, visit);
      break;
    case ExprKind::List:
      visit_all(ast::as<ast::ListExpr>(e).elements, visit);
      break;
    case ExprKind::Starred:
      visit(*ast::as<ast::Starred>(e).value);
      break;
    case ExprKind::ListComp: {
      auto& l = ast::as<ast::ListComp>(e);
      for (auto& g : l.generators) visit(*g.iter), visit(*g.target), visit_all(g.conditions, visit);
      visit(*l.element);
      break;
    }
  }
}

void for_each_target(const Expr& target, const std::function<void(const ast::Name&)>& visit) {
  switch (target.kind) {
    case ExprKind::Name:
      visit(ast::as<ast::Name>(target));
      break;
    case ExprKind::Tuple:
      for (auto* e : ast::as<ast::Tuple>(target).elements) for_each_target(*e, visit);
      break;
    case ExprKind::List:
      for (auto* e : ast::as<ast::ListExpr>(target).elements) for_each_target(*e, visit);
      break;
    case ExprKind::Starred:
      for_each_target(*ast::as<ast::Starred>(target).value, visit);
      break;
    default:
      break;  // subscripts and attributes bind no name
  }
}

void for_each_assigned(Body body, const std::function<void(std::string_view, Span)>& visit) {
  auto target = [&](const Expr* e) { for_each_target(*e, [&](const ast::Name& n) { visit(n.name, n.span); }); };
  for (const Stmt* s : body) {
    switch (s->kind) {
      case StmtKind::FunctionDef:
        visit(ast::as<ast::FunctionDef>(*s).name, ast::as<ast::FunctionDef>(*s).name_span);
        break;
      case StmtKind::Assign:
        for (auto* t : ast::as<ast::Assign>(*s).targets) target(t);
        break;
      case StmtKind::AugAssign:
        target(ast::as<ast::AugAssign>(*s).target);
        break;
      case StmtKind::AnnAssign:
        target(ast::as<ast::AnnAssign>(*s).target);
        break;
      case StmtKind::For:
        target(ast::as<ast::For>(*s).target);
        for_each_assigned(ast::as<ast::For>(*s).body, visit);
        for_each_assigned(ast::as<ast::For>(*s).orelse, visit);
        break;
      case StmtKind::While:
        for_each_assigned(ast::as<ast::While>(*s).body, visit);
        for_each_assigned(ast::as<ast::While>(*s).orelse, visit);
        break;
      case StmtKind::If:
        for_each_assigned(ast::as<ast::If>(*s).body, visit);
        for_each_assigned(ast::as<ast::If>(*s).orelse, visit);
        break;
      default:
        break;
    }
  }
}

std::vector<const ast::Parameter*> all_parameters(const ast::FunctionDef& function) {
  std::vector<const ast::Parameter*> out;
  for (auto& p : function.parameters.positional) out.push_back(&p);
  if (function.parameters.vararg) out.push_back(function.parameters.vararg);
  for (auto& p : function.parameters.keyword_only) out.push_back(&p);
  return out;
}

int Scope::local(std::string_view name) const {
  auto it = positions_.find(name);
  return it == positions_.end() ? -1 : it->second;
}

void Scope::add_local(std::string_view name) {
  if (positions_.emplace(name, static_cast<int>(locals.size())).second) locals.push_back(name);
}

void Scope::add_free(std::string_view name) {
  if (local(name) < 0 && known_free_.insert(name).second) free.push_back(name);
}

Scope analyze_scope(const ast::FunctionDef& function) {
  Scope scope;
  for (auto* p : all_parameters(function)) scope.add_local(p->name);
  for_each_assigned(function.body, [&](std::string_view name, Span) { scope.add_local(name); });
  auto read = [&](std::string_view name) { scope.add_free(name); };
  Walker walker;
  walker.on_expr = [&](const Expr& e) {
    if (e.kind == ExprKind::Name) read(ast::as<ast::Name>(e).name);
  };
  walker.on_function = [&](const ast::FunctionDef& nested) {
    for (auto name : analyze_scope(nested).free) read(name);
  };
  walker.body(function.body);
  return scope;
}

IdRange expression_ids(const ast::FunctionDef& function) {
  IdRange range{~0u, 0};
  bool any = false;
  Walker walker;
  walker.on_expr = [&](const Expr& e) {
    any = true;
    range.low = std::min(range.low, e.id);
    range.high = std::max(range.high, e.id);
  };
  walker.on_function = [](const ast::FunctionDef&) {};
  walker.body(function.body);
  return any ? range : IdRange{};
}

}  // namespace kjit::sema
