// Finding the slot of every name.
#include "eval/resolve.h"

#include "eval/module.h"
#include "eval/wide_int.h"

namespace kjit::eval {

namespace {

// Calls f(name) for every name that the statements of a function bind, those of nested functions apart.
template <typename F>
void each_target(const ast::Expr* target, F& f) {
  if (!target) return;
  switch (target->kind) {
    case ast::ExprKind::Name:
      f(ast::as<ast::Name>(*target).name);
      break;
    case ast::ExprKind::Tuple:
      for (const ast::Expr* e : ast::as<ast::Tuple>(*target).elements) each_target(e, f);
      break;
    case ast::ExprKind::List:
      for (const ast::Expr* e : ast::as<ast::ListExpr>(*target).elements) each_target(e, f);
      break;
    case ast::ExprKind::Starred:
      each_target(ast::as<ast::Starred>(*target).value, f);
      break;
    default:
      break;
  }
}

std::string_view first_part(std::string_view dotted) { return dotted.substr(0, dotted.find('.')); }

template <typename F>
void each_binding(ast::Body body, F& f) {
  for (const ast::Stmt* stmt : body) {
    switch (stmt->kind) {
      case ast::StmtKind::FunctionDef:
        f(ast::as<ast::FunctionDef>(*stmt).name);
        break;
      case ast::StmtKind::Assign:
        for (const ast::Expr* target : ast::as<ast::Assign>(*stmt).targets) each_target(target, f);
        break;
      case ast::StmtKind::AugAssign:
        each_target(ast::as<ast::AugAssign>(*stmt).target, f);
        break;
      case ast::StmtKind::AnnAssign:
        each_target(ast::as<ast::AnnAssign>(*stmt).target, f);
        break;
      case ast::StmtKind::For: {
        const auto& loop = ast::as<ast::For>(*stmt);
        each_target(loop.target, f);
        each_binding(loop.body, f);
        each_binding(loop.orelse, f);
        break;
      }
      case ast::StmtKind::While:
        each_binding(ast::as<ast::While>(*stmt).body, f);
        each_binding(ast::as<ast::While>(*stmt).orelse, f);
        break;
      case ast::StmtKind::If:
        each_binding(ast::as<ast::If>(*stmt).body, f);
        each_binding(ast::as<ast::If>(*stmt).orelse, f);
        break;
      case ast::StmtKind::Import:
        for (const ast::Alias& alias : ast::as<ast::Import>(*stmt).names)
          f(alias.as.empty() ? first_part(alias.name) : alias.as);
        break;
      case ast::StmtKind::ImportFrom:
        for (const ast::Alias& alias : ast::as<ast::ImportFrom>(*stmt).names)
          f(alias.as.empty() ? alias.name : alias.as);
        break;
      default:
        break;
    }
  }
}

Value literal(const ast::Constant& constant) {
  switch (constant.value) {
    case ast::ConstantKind::None:
      return None{};
    case ast::ConstantKind::True:
      return true;
    case ast::ConstantKind::False:
      return false;
    case ast::ConstantKind::Int:
      if (constant.too_big) return unbound();
      return narrowed(constant.integer);
    case ast::ConstantKind::Float:
      return constant.number;
    case ast::ConstantKind::Imag:
      return Complex(0, constant.number);
    case ast::ConstantKind::Str:
      return std::string(constant.text);
    case ast::ConstantKind::Bytes:
      return unbound();
    case ast::ConstantKind::Ellipsis:
      return make<EllipsisObject>();
  }
  return unbound();
}

}  // namespace

class Resolver {
 public:
  explicit Resolver(Names& names) : names_(names) {}
  void top(ast::Body body);
  Scope& function(const ast::FunctionDef& def) { return function(def, nullptr); }

 private:
  struct Fn {
    Scope* scope;
    Fn* parent;
    std::vector<std::pair<uint32_t, uint32_t>> uses;                     // expression, slot
    std::vector<std::unordered_map<std::string_view, uint32_t>> hidden;  // variables of the comprehensions we are in
  };

  Scope& function(const ast::FunctionDef& def, Fn* parent);
  void finish(Fn& fn);
  void statements(Fn& fn, ast::Body body) {
    for (const ast::Stmt* stmt : body) statement(fn, *stmt);
  }
  void statement(Fn& fn, const ast::Stmt& stmt);
  void expression(Fn& fn, const ast::Expr* expr);
  void expressions(Fn& fn, ast::Exprs exprs) {
    for (const ast::Expr* expr : exprs) expression(fn, expr);
  }
  void comprehension(Fn& fn, const ast::ListComp& comp);
  void nested(Fn& fn, const ast::FunctionDef& def);
  void name(Fn& fn, const ast::Name& name);
  static bool slot_of(Fn& fn, std::string_view name, uint32_t& out);
  static uint32_t add_slot(Scope& scope, std::string_view name) {
    scope.names.push_back(name);
    scope.is_cell.push_back(false);
    return static_cast<uint32_t>(scope.names.size() - 1);
  }

  Names& names_;
};

void Resolver::top(ast::Body body) {
  names_.top_.top_level = true;
  Fn fn{&names_.top_, nullptr, {}, {}};
  statements(fn, body);
  finish(fn);
}

// Whether a variable is shared is known only when the whole function has been seen.
void Resolver::finish(Fn& fn) {
  for (const bool shared : fn.scope->is_cell) fn.scope->has_cells |= shared;
  for (const auto& [expr, slot] : fn.uses)
    names_.refs_[expr] = {fn.scope->is_cell[slot] ? NameRef::Kind::Cell : NameRef::Kind::Local, slot};
}

Scope& Resolver::function(const ast::FunctionDef& def, Fn* parent) {
  auto& owned = names_.scopes_[&def];
  owned = std::make_unique<Scope>();
  Scope& scope = *owned;
  Fn fn{&scope, parent, {}, {}};
  auto bind = [&](std::string_view name) {
    if (!scope.slots.contains(name)) scope.slots[name] = add_slot(scope, name);
  };
  for (const ast::Parameter& parameter : def.parameters.positional) bind(parameter.name);
  for (const ast::Parameter& parameter : def.parameters.keyword_only) bind(parameter.name);
  if (def.parameters.vararg) bind(def.parameters.vararg->name);
  if (def.parameters.kwarg) bind(def.parameters.kwarg->name);
  each_binding(def.body, bind);
  statements(fn, def.body);
  finish(fn);
  return scope;
}

// The slot of a variable of this function or of one around it (which then is shared); false: it is a global.
bool Resolver::slot_of(Fn& fn, std::string_view name, uint32_t& out) {
  for (size_t i = fn.hidden.size(); i-- > 0;) {
    const auto found = fn.hidden[i].find(name);
    if (found != fn.hidden[i].end()) return out = found->second, true;
  }
  const auto found = fn.scope->slots.find(name);
  if (found != fn.scope->slots.end()) return out = found->second, true;
  uint32_t outer;
  if (!fn.parent || !slot_of(*fn.parent, name, outer)) return false;
  fn.parent->scope->is_cell[outer] = true;
  out = add_slot(*fn.scope, name);
  fn.scope->is_cell[out] = true;
  fn.scope->slots[name] = out;
  fn.scope->captures.push_back({outer, out});
  return true;
}

void Resolver::name(Fn& fn, const ast::Name& name) {
  uint32_t slot;
  if (slot_of(fn, name.name, slot)) {
    fn.uses.emplace_back(name.id, slot);
  } else {
    names_.refs_[name.id] = {NameRef::Kind::Global, names_.module_.slot(name.name)};
  }
}

// A def or lambda inside `fn`: its defaults belong to `fn`, its body is resolved with it.
void Resolver::nested(Fn& fn, const ast::FunctionDef& def) {
  for (const ast::Parameter& parameter : def.parameters.positional) expression(fn, parameter.default_value);
  for (const ast::Parameter& parameter : def.parameters.keyword_only) expression(fn, parameter.default_value);
  for (const ast::Decorator& decorator : def.decorators) expression(fn, decorator.expr);
  // A def of the top level is resolved when it is first called: many are for the compiler alone.
  if (def.is_lambda || !fn.scope->top_level) function(def, &fn);
}

void Resolver::statement(Fn& fn, const ast::Stmt& stmt) {
  switch (stmt.kind) {
    case ast::StmtKind::FunctionDef:
      nested(fn, ast::as<ast::FunctionDef>(stmt));
      break;
    case ast::StmtKind::Return:
      expression(fn, ast::as<ast::Return>(stmt).value);
      break;
    case ast::StmtKind::Assign:
      expressions(fn, ast::as<ast::Assign>(stmt).targets);
      expression(fn, ast::as<ast::Assign>(stmt).value);
      break;
    case ast::StmtKind::AugAssign:
      expression(fn, ast::as<ast::AugAssign>(stmt).target);
      expression(fn, ast::as<ast::AugAssign>(stmt).value);
      break;
    case ast::StmtKind::AnnAssign:
      expression(fn, ast::as<ast::AnnAssign>(stmt).target);
      expression(fn, ast::as<ast::AnnAssign>(stmt).value);
      break;
    case ast::StmtKind::For: {
      const auto& loop = ast::as<ast::For>(stmt);
      expression(fn, loop.target);
      expression(fn, loop.iter);
      statements(fn, loop.body);
      statements(fn, loop.orelse);
      break;
    }
    case ast::StmtKind::While: {
      const auto& loop = ast::as<ast::While>(stmt);
      expression(fn, loop.test);
      statements(fn, loop.body);
      statements(fn, loop.orelse);
      break;
    }
    case ast::StmtKind::If: {
      const auto& branch = ast::as<ast::If>(stmt);
      expression(fn, branch.test);
      statements(fn, branch.body);
      statements(fn, branch.orelse);
      break;
    }
    case ast::StmtKind::ExprStmt:
      expression(fn, ast::as<ast::ExprStmt>(stmt).value);
      break;
    case ast::StmtKind::Raise:
      expression(fn, ast::as<ast::Raise>(stmt).exception);
      expression(fn, ast::as<ast::Raise>(stmt).cause);
      break;
    case ast::StmtKind::Assert:
      expression(fn, ast::as<ast::Assert>(stmt).test);
      expression(fn, ast::as<ast::Assert>(stmt).message);
      break;
    case ast::StmtKind::Pass:
    case ast::StmtKind::Break:
    case ast::StmtKind::Continue:
    case ast::StmtKind::Import:
    case ast::StmtKind::ImportFrom:
    case ast::StmtKind::UnsupportedStmt:
      break;
  }
}

void Resolver::comprehension(Fn& fn, const ast::ListComp& comp) {
  size_t opened = 0;
  for (const ast::Comprehension& generator : comp.generators) {
    expression(fn, generator.iter);
    std::unordered_map<std::string_view, uint32_t> variables;
    auto bind = [&](std::string_view name) { variables[name] = add_slot(*fn.scope, name); };
    each_target(generator.target, bind);
    fn.hidden.push_back(std::move(variables));
    ++opened;
    expression(fn, generator.target);
    expressions(fn, generator.conditions);
  }
  expression(fn, comp.element);
  fn.hidden.resize(fn.hidden.size() - opened);
}

void Resolver::expression(Fn& fn, const ast::Expr* expr) {
  if (!expr) return;
  switch (expr->kind) {
    case ast::ExprKind::Name:
      name(fn, ast::as<ast::Name>(*expr));
      break;
    case ast::ExprKind::Constant:
      names_.refs_[expr->id] = {NameRef::Kind::Constant, static_cast<uint32_t>(names_.constants_.size())};
      names_.constants_.push_back(literal(ast::as<ast::Constant>(*expr)));
      break;
    case ast::ExprKind::JoinedStr:
      for (const ast::FormatPart& part : ast::as<ast::JoinedStr>(*expr).parts) {
        expression(fn, part.value);
        expression(fn, part.format);
      }
      break;
    case ast::ExprKind::BinOp:
      expression(fn, ast::as<ast::BinOp>(*expr).left);
      expression(fn, ast::as<ast::BinOp>(*expr).right);
      break;
    case ast::ExprKind::UnaryOp:
      expression(fn, ast::as<ast::UnaryOp>(*expr).operand);
      break;
    case ast::ExprKind::BoolOp:
      expressions(fn, ast::as<ast::BoolOp>(*expr).values);
      break;
    case ast::ExprKind::Compare:
      expression(fn, ast::as<ast::Compare>(*expr).left);
      expressions(fn, ast::as<ast::Compare>(*expr).comparators);
      break;
    case ast::ExprKind::IfExp:
      expression(fn, ast::as<ast::IfExp>(*expr).test);
      expression(fn, ast::as<ast::IfExp>(*expr).body);
      expression(fn, ast::as<ast::IfExp>(*expr).orelse);
      break;
    case ast::ExprKind::Call:
      expression(fn, ast::as<ast::Call>(*expr).func);
      expressions(fn, ast::as<ast::Call>(*expr).args);
      for (const ast::Keyword& keyword : ast::as<ast::Call>(*expr).keywords) expression(fn, keyword.value);
      break;
    case ast::ExprKind::Attribute:
      names_.refs_[expr->id].index = static_cast<uint32_t>(names_.caches_.size());
      names_.caches_.emplace_back();
      expression(fn, ast::as<ast::Attribute>(*expr).value);
      break;
    case ast::ExprKind::Subscript:
      expression(fn, ast::as<ast::Subscript>(*expr).value);
      expression(fn, ast::as<ast::Subscript>(*expr).index);
      break;
    case ast::ExprKind::Slice:
      expression(fn, ast::as<ast::Slice>(*expr).lower);
      expression(fn, ast::as<ast::Slice>(*expr).upper);
      expression(fn, ast::as<ast::Slice>(*expr).step);
      break;
    case ast::ExprKind::Tuple:
      expressions(fn, ast::as<ast::Tuple>(*expr).elements);
      break;
    case ast::ExprKind::List:
      expressions(fn, ast::as<ast::ListExpr>(*expr).elements);
      break;
    case ast::ExprKind::Starred:
      expression(fn, ast::as<ast::Starred>(*expr).value);
      break;
    case ast::ExprKind::Lambda:
      nested(fn, *ast::as<ast::Lambda>(*expr).function);
      break;
    case ast::ExprKind::ListComp:
      comprehension(fn, ast::as<ast::ListComp>(*expr));
      break;
    case ast::ExprKind::Unsupported:
      break;
  }
}

Names::Names(const ast::Ast& ast, ModuleObject& module) : module_(module), refs_(ast.expr_count()) {
  Resolver(*this).top(ast.body());
}

Names::~Names() = default;

const Scope& Names::scope(const ast::FunctionDef& def) {
  const auto found = scopes_.find(&def);
  return found != scopes_.end() ? *found->second : Resolver(*this).function(def);
}

}  // namespace kjit::eval
