// Statements without assignment and loops over sequences.
#include <algorithm>

#include "kirgen/function_gen.h"

namespace kjit::kirgen {

using ast::StmtKind;
using sema::Branch;

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

namespace {

bool has_readonly_array(TypeRef type) {
  if (type->is_array()) return type->readonly;
  return std::any_of(type->elements.begin(), type->elements.end(), has_readonly_array);
}

bool has_array(const sema::Constant& c) {
  if (auto* elements = std::get_if<sema::ConstantTuple>(&c.value))
    return std::any_of(elements->begin(), elements->end(), has_array);
  return std::holds_alternative<std::shared_ptr<const sema::ConstantArray>>(c.value);
}

bool has_constant_array(const sema::TypedFunction& f) {
  return std::any_of(f.constants.begin(), f.constants.end(), has_array);
}

// The arrays in a value; false when there may be others (in optionals).
bool arrays_in(Builder& b, ExprRef value, std::vector<ExprRef>& out) {
  if (value->type->is_array()) out.push_back(value);
  if (value->type->is_optional()) return !value->type->elements[0]->is_array() && !value->type->elements[0]->is_tuple();
  bool all = true;
  for (uint32_t k = 0; value->type->is_tuple() && k < value->type->elements.size(); ++k)
    all &= arrays_in(b, b.get(value, k), out);
  return all;
}

}  // namespace

// A global array has no owner that a host could hold: what a function gives to its host is a copy. Arguments without
// owner stay as they are, which lowering refuses.
ExprRef FunctionGen::own_constants(ExprRef result) {
  TypeRef type = result->type;
  if (!has_readonly_array(type)) return result;
  if (type->is_tuple()) {
    if (result->op != Op::MakeTuple) result = b_.reuse(result);
    std::vector<ExprRef> elements;
    for (uint32_t k = 0; k < type->elements.size(); ++k) elements.push_back(own_constants(b_.get(result, k)));
    return b_.node(Op::MakeTuple, type, std::move(elements));
  }
  const VarId out = b_.spill(result);
  if (type->is_optional()) {
    kir::Stmt* some = b_.stmt(kir::StmtKind::If);
    some->expr = b_.node(Op::HasValue, types_.boolean(), {b_.var(out)});
    b_.with_block(some->body, [&] {
      ExprRef inner = own_constants(b_.node(Op::Unwrap, type->elements[0], {b_.var(out)}));
      b_.assign(out, b_.node(Op::MakeSome, type, {inner}));
    });
    return b_.var(out);
  }
  std::vector<ExprRef> arguments;
  for (VarId p : b_.function.params) {
    if (!arrays_in(b_, b_.var(p), arguments)) return b_.var(out);
  }
  ExprRef constant = b_.unary(Op::Not, b_.node(Op::OwnerOf, types_.boolean(), {b_.var(out)}));
  for (ExprRef a : arguments) {
    ExprRef apart = b_.unary(Op::Not, b_.node(Op::Overlaps, types_.boolean(), {b_.var(out), a}));
    constant = b_.binary(Op::AndThen, constant, apart);
  }
  kir::Stmt* choice = b_.stmt(kir::StmtKind::If);
  choice->expr = constant;
  b_.with_block(choice->body, [&] {
    const bool columns = type->layout == sema::Layout::F;
    kir::Stmt* copy = b_.stmt(kir::StmtKind::Copy);
    copy->var = b_.temp(types_.array(type->scalar, type->rank, columns ? sema::Layout::F : sema::Layout::C), "%copy");
    copy->expr = b_.var(out);
    b_.assign(out, b_.cast(b_.var(copy->var), type));
  });
  return b_.var(out);
}

void FunctionGen::return_statement(const ast::Return& s) {
  TypeRef result = b_.function.result;
  ExprRef v = s.value ? expr(s.value) : b_.node(Op::NoneValue, types_.none(), {});
  if (result->is_none()) {
    b_.stmt(kir::StmtKind::Return);
    return;
  }
  v = b_.cast(v, result);
  const auto& functions = m_.program.functions;
  if (f_.exported && std::any_of(functions.begin(), functions.end(), [](auto& f) { return has_constant_array(*f); }))
    v = own_constants(v);
  b_.stmt(kir::StmtKind::Return)->expr = v;
}

void FunctionGen::nested_def(const ast::FunctionDef& s) {
  auto variable = f_.def_vars.find(s.id);
  if (variable == f_.def_vars.end()) return;
  auto captures = f_.def_captures.find(s.id);
  define(variable->second, closure(s, captures == f_.def_captures.end() ? std::vector<uint32_t>() : captures->second));
}

}  // namespace kjit::kirgen
