// Names, attributes and unsupported constructs of scripts.
#include "driver/check_names.h"

#include <fmt/format.h>

#include <cctype>

#include "sema/builtins.h"
#include "sema/object_mode.h"
#include "sema/walk.h"

namespace kjit::driver {

namespace {

class Names {
 public:
  Names(eval::ModuleObject& module, source::Diagnostics& found)
      : module_(module), found_(found), hidden_(hidden_names(*module.ast())) {}

  void run() {
    sema::Visitor visitor;
    visitor.statement = [&](const ast::Stmt& s) { return statement(s); };
    visitor.expression = [&](const ast::Expr& e) { expression(e); };
    sema::walk(module_.ast()->body(), visitor);
  }

 private:
  source::Location at(source::Span span) const { return {&module_.file(), span}; }

  bool statement(const ast::Stmt& s) {
    if (s.kind == ast::StmtKind::UnsupportedStmt)
      found_.report(source::Diag::not_supported, at(s.span), ast::as<ast::UnsupportedStmt>(s).what);
    if (s.kind != ast::StmtKind::FunctionDef) return true;
    const auto& def = ast::as<ast::FunctionDef>(s);
    const eval::FunctionObject* function = module_.function_object(&def);
    const bool in_object_mode = function && sema::is_object_mode(*function->options);
    if (!def.decorators.empty() && !in_object_mode) return false;  // a kernel: see check.cpp
    if (const ast::Parameter* p = def.parameters.kwarg)
      found_.report(source::Diag::not_supported, at(p->span), fmt::format("'**{}' as a parameter", p->name));
    module_.resolved().scope(def);  // finds what its names are
    return true;
  }

  void expression(const ast::Expr& e) {
    if (e.kind == ast::ExprKind::Unsupported)
      found_.report(source::Diag::not_supported, at(e.span), ast::as<ast::Unsupported>(e).what);
    if (e.kind == ast::ExprKind::Name) name(ast::as<ast::Name>(e));
    if (e.kind == ast::ExprKind::Attribute) attribute(ast::as<ast::Attribute>(e));
  }

  // The value of a global name; null where it has none, or none that is known.
  const Value* global(const ast::Expr& e) {
    const eval::NameRef ref = module_.resolved().ref(e);
    if (ref.kind != eval::NameRef::Kind::Global) return nullptr;
    const eval::ModuleObject::Slot& slot = module_.at(ref.index);
    const Value& value = eval::is_unbound(slot.value) ? slot.fallback : slot.value;
    return eval::is_unbound(value) ? nullptr : &value;
  }

  void name(const ast::Name& name) {
    const bool is_global = module_.resolved().ref(name).kind == eval::NameRef::Kind::Global;
    if (!is_global || global(name) || hidden_.contains(name.name) || name.name.starts_with('%')) return;
    auto& finding = found_.report(source::Diag::undefined_name, at(name.span), name.name);
    const std::string near = source::nearest(name.name, module_.names());
    if (!near.empty()) finding.hint = fmt::format("did you mean '{}'?", near);
  }

  // The module that an expression stands for: numpy, numpy.linalg, a kernel file; unbound where it is none.
  Value module_of(const ast::Expr& e) {
    if (e.kind == ast::ExprKind::Name) {
      const Value* value = global(e);
      return value && (eval::as<eval::Package>(*value) || eval::as<eval::ModuleObject>(*value)) ? *value
                                                                                                : eval::unbound();
    }
    if (e.kind != ast::ExprKind::Attribute) return eval::unbound();
    const auto& node = ast::as<ast::Attribute>(e);
    Value base = module_of(*node.value);
    if (eval::is_unbound(base)) return base;
    try {
      const Value value = module_.interpreter().attribute(base, node.attr);
      return eval::as<eval::Package>(value) || eval::as<eval::ModuleObject>(value) ? value : eval::unbound();
    } catch (const Error&) {
      return eval::unbound();
    }
  }

  void attribute(const ast::Attribute& node) {
    const Value base = module_of(*node.value);
    if (eval::is_unbound(base)) return;
    const auto* package = eval::as<eval::Package>(base);
    const auto* module = eval::as<eval::ModuleObject>(base);
    if (module && hidden_names(*module->ast()).contains(node.attr)) return;
    try {
      module_.interpreter().attribute(base, node.attr);
      return;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::AttributeError) return;
    }
    std::vector<std::string> names = module ? module->names() : sema::builtin_names(package->name + ".");
    if (package)
      for (std::string& n : names) n = n.substr(package->name.size() + 1);
    auto& finding = found_.report(source::Diag::unknown_attribute, at(node.attr_span),
                                  fmt::format("module '{}'", module ? module->name() : package->name), node.attr);
    const std::string near = source::nearest(node.attr, names);
    if (!near.empty()) finding.hint = fmt::format("did you mean '{}'?", near);
  }

  eval::ModuleObject& module_;
  source::Diagnostics& found_;
  const std::set<std::string_view> hidden_;
};

}  // namespace

std::set<std::string_view> hidden_names(const ast::Ast& ast) {
  std::set<std::string_view> out;
  const auto add_words = [&](source::Span span) {
    const std::string_view text = ast.file()->text(span);
    const auto part_of_name = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0;
    };
    for (size_t i = 0; i < text.size();) {
      size_t end = i;
      while (end < text.size() && part_of_name(text[end])) ++end;
      if (end > i) out.insert(text.substr(i, end - i));
      i = end + 1;
    }
  };
  sema::Visitor visitor;
  visitor.statement = [&](const ast::Stmt& s) {
    if (s.kind == ast::StmtKind::UnsupportedStmt) add_words(s.span);
    return true;
  };
  visitor.expression = [&](const ast::Expr& e) {  // := binds
    if (e.kind == ast::ExprKind::Unsupported) add_words(e.span);
  };
  sema::walk(ast.body(), visitor);
  return out;
}

void check_names(eval::ModuleObject& module, source::Diagnostics& found) { Names(module, found).run(); }

}  // namespace kjit::driver
