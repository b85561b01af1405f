// import and from ... import.
#include <fmt/format.h>

#include "eval/errors.h"
#include "eval/evaluator.h"
#include "eval/natives.h"
#include "sema/builtins.h"

namespace kjit::eval {

namespace {
// Nothing of these is needed here; annotations are not looked at.
bool is_for_checkers(std::string_view module) { return module == "__future__" || module == "typing"; }
}  // namespace

std::shared_ptr<ModuleObject> Evaluator::import_file(const std::string& name, source::Span span) {
  std::shared_ptr<ModuleObject> module;
  try {
    module = interpreter_.import_file(name, *module_.ast()->file());
  } catch (const Error& error) {
    throw_through(span, error);
  }
  if (!module) fail(source::Diag::unknown_module, span, name);
  return module;
}

void Evaluator::import(const ast::Import& stmt) {
  for (const ast::Alias& alias : stmt.names) {
    const std::string name(alias.name);
    if (is_for_checkers(name)) continue;
    if (is_package(name)) {
      const std::string shown = alias.as.empty() ? name.substr(0, name.find('.')) : name;
      bind(alias.as.empty() ? std::string_view(shown) : alias.as, interpreter_.builtin(shown));
      continue;
    }
    const auto module = import_file(name, alias.span);
    bind(alias.as.empty() ? alias.name : alias.as, Value(std::static_pointer_cast<Object>(module)));
  }
}

void Evaluator::import_package_names(const std::string& package, const ast::ImportFrom& stmt) {
  const Value object = interpreter_.builtin(package);
  for (const ast::Alias& alias : stmt.names) {
    if (alias.name == "*") fail(source::Diag::not_supported, alias.span, "import * of a built-in module");
    placed(alias.span,
           [&] { bind(alias.as.empty() ? alias.name : alias.as, interpreter_.attribute(object, alias.name)); });
  }
}

void Evaluator::import_from(const ast::ImportFrom& stmt) {
  const std::string name(stmt.module);
  if (stmt.level == 0 && is_for_checkers(name)) {
    if (name == "typing")  // names of annotations, which nothing evaluates
      for (const ast::Alias& alias : stmt.names) bind(alias.as.empty() ? alias.name : alias.as, Value());
    return;
  }
  if (stmt.level == 0 && is_package(name)) return import_package_names(name, stmt);
  if (name.empty()) {  // from . import a, b
    for (const ast::Alias& alias : stmt.names) {
      const auto module = import_file(std::string(alias.name), alias.span);
      bind(alias.as.empty() ? alias.name : alias.as, Value(std::static_pointer_cast<Object>(module)));
    }
    return;
  }
  const auto module = import_file(name, stmt.span);
  for (const ast::Alias& alias : stmt.names) {
    if (alias.name == "*") {
      for (const std::string& n : module->names())
        if (const Value* value = module->find(n); value && !n.starts_with('_')) bind(n, *value);
      continue;
    }
    const Value* value = module->find(alias.name);
    if (!value) {
      source::Diagnostics diagnostics;
      auto& finding = diagnostics.report(source::Diag::unknown_attribute, at(alias.span),
                                         fmt::format("module '{}'", name), alias.name);
      const std::string nearest = source::nearest(alias.name, module->names());
      if (!nearest.empty()) finding.hint = fmt::format("did you mean '{}'?", nearest);
      throw compile_error(diagnostics.all());
    }
    bind(alias.as.empty() ? alias.name : alias.as, *value);
  }
}

}  // namespace kjit::eval
