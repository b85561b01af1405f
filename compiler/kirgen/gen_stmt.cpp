// Statements without assignment and loops over sequences.
#include <kjit_rt/abi.h>

#include "kirgen/exceptions.h"
#include "kirgen/function_gen.h"

namespace kjit::kirgen {

using ast::StmtKind;
using sema::Branch;
using sema::TypeKind;

void FunctionGen::body(ast::Body statements) {
  for (const ast::Stmt* s : statements) {
    if (f_.dead.contains(s->id)) continue;
    const SpanScope scope(b_, s->span);
    statement(s);
  }
}

void FunctionGen::statement(const ast::Stmt* s) {
  switch (s->kind) {
    case StmtKind::Assign:
      return assign_statement(ast::as<ast::Assign>(*s));
    case StmtKind::AnnAssign: {
      const auto& a = ast::as<ast::AnnAssign>(*s);
      if (a.value) assign(a.target, expr(a.value));
      return;
    }
    case StmtKind::AugAssign:
      return aug_assign(ast::as<ast::AugAssign>(*s));
    case StmtKind::If:
      return if_statement(ast::as<ast::If>(*s));
    case StmtKind::While:
      return while_statement(ast::as<ast::While>(*s));
    case StmtKind::For:
      return for_statement(ast::as<ast::For>(*s));
    case StmtKind::Return:
      return return_statement(ast::as<ast::Return>(*s));
    case StmtKind::Raise:
      return raise_statement(ast::as<ast::Raise>(*s));
    case StmtKind::Assert:
      return assert_statement(ast::as<ast::Assert>(*s));
    case StmtKind::ExprStmt: {
      const ast::Expr* e = ast::as<ast::ExprStmt>(*s).value;
      if (e->kind != ast::ExprKind::Constant && f_.type_of(e)) expr(e);  // a constant here is a docstring
      return;
    }
    case StmtKind::Break:
      b_.stmt(kir::StmtKind::Break);
      return;
    case StmtKind::Continue:
      b_.stmt(kir::StmtKind::Continue);
      return;
    case StmtKind::FunctionDef:
      return nested_def(ast::as<ast::FunctionDef>(*s));
    case StmtKind::Pass:
    case StmtKind::Import:
    case StmtKind::ImportFrom:
      return;
    case StmtKind::UnsupportedStmt:
      unsupported(s->span, ast::as<ast::UnsupportedStmt>(*s).what);
      return;
  }
}

void FunctionGen::if_statement(const ast::If& s) {
  auto pruned = f_.branches.find(s.id);
  if (pruned != f_.branches.end() && pruned->second != Branch::Both) {
    return body(pruned->second == Branch::Then ? s.body : s.orelse);
  }
  ExprRef cond = test(s.test);
  kir::Stmt* out = b_.stmt(kir::StmtKind::If);
  out->expr = cond;
  b_.with_block(out->body, [&] { body(s.body); });
  b_.with_block(out->orelse, [&] { body(s.orelse); });
}

void FunctionGen::while_statement(const ast::While& s) {
  auto pruned = f_.branches.find(s.id);
  const Branch branch = pruned == f_.branches.end() ? Branch::Both : pruned->second;
  if (branch == Branch::Else) return body(s.orelse);
  kir::Stmt* out = b_.stmt(kir::StmtKind::While);
  if (branch == Branch::Then) {
    out->expr = b_.const_bool(true);
  } else {
    b_.with_block(out->head, [&] { out->expr = test(s.test); });
  }
  b_.with_block(out->body, [&] { body(s.body); });
  b_.with_block(out->orelse, [&] { body(s.orelse); });
}

void FunctionGen::return_statement(const ast::Return& s) {
  TypeRef result = b_.function.result;
  ExprRef v = s.value ? expr(s.value) : b_.node(Op::NoneValue, types_.none(), {});
  if (result->is_none()) {
    b_.stmt(kir::StmtKind::Return);
    return;
  }
  v = b_.cast(v, result);
  b_.stmt(kir::StmtKind::Return)->expr = v;
}

// --- exceptions

namespace {
std::string_view class_name(const ast::Expr* e) {
  if (e->kind == ast::ExprKind::Call) e = ast::as<ast::Call>(*e).func;
  if (e->kind == ast::ExprKind::Attribute) return ast::as<ast::Attribute>(*e).attr;
  return e->kind == ast::ExprKind::Name ? ast::as<ast::Name>(*e).name : std::string_view();
}
}  // namespace

// The text of a constant that is the only argument of an exception.
std::string FunctionGen::message_of(const ast::Expr* e) {
  if (e->kind == ast::ExprKind::Constant) {
    const auto& c = ast::as<ast::Constant>(*e);
    if (c.value == ast::ConstantKind::Str) return std::string(c.text);
    if (c.value == ast::ConstantKind::Int) return std::string(c.text);
  }
  const sema::ExprInfo& info = f_.info(e);
  if (info.type && info.type->kind == TypeKind::String) return info.type->text;
  if (const sema::Constant* c = f_.constant_of(e); c && c->is_int() && !is_bool(c->type->scalar)) {
    return std::to_string(c->as_int());
  }
  unsupported(e->span, "an exception's argument that is not a constant text");
  return "";
}

void FunctionGen::raise_statement(const ast::Raise& s) {
  if (!s.exception) {
    unsupported(s.span, "'raise' without an exception");
    return;
  }
  const int32_t status = exception_status(class_name(s.exception));
  if (status == 0) {
    unsupported(s.exception->span, "raising this in a kernel");
    return;
  }
  std::string text;
  if (s.exception->kind == ast::ExprKind::Call) {
    const auto& call = ast::as<ast::Call>(*s.exception);
    if (!call.keywords.empty()) unsupported(s.exception->span, "an exception with keyword arguments");
    // As str() shows an exception: of several arguments the tuple.
    for (size_t i = 0; i < call.args.size() && call.args.size() > 1; ++i) {
      const bool string = f_.type_of(call.args[i]) && f_.type_of(call.args[i])->kind == TypeKind::String;
      const std::string part = message_of(call.args[i]);
      text += (i == 0 ? "(" : ", ") + (string ? "'" + part + "'" : part);
    }
    if (call.args.size() > 1) text += ")";
    if (call.args.size() == 1) text = message_of(call.args[0]);
  }
  b_.raise(status, std::move(text));
}

void FunctionGen::assert_statement(const ast::Assert& s) {
  std::string text = s.message ? message_of(s.message) : "";
  ExprRef cond = test(s.test);
  const SpanScope scope(b_, s.test->span);
  b_.check(cond, KJIT_ASSERTION_ERROR, std::move(text));
}

void FunctionGen::nested_def(const ast::FunctionDef& s) {
  auto variable = f_.def_vars.find(s.id);
  if (variable == f_.def_vars.end()) return;
  auto captures = f_.def_captures.find(s.id);
  define(variable->second, closure(s, captures == f_.def_captures.end() ? std::vector<uint32_t>() : captures->second));
}

}  // namespace kjit::kirgen
