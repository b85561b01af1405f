// Kernels from text for tests of the middle of the compiler: a module of functions, literal constants and imports,
// without the evaluator.
#pragma once

#include <map>
#include <string>

#include "parse/parser.h"
#include "sema/builtins.h"
#include "sema/infer.h"

namespace kjit::test {

class KernelText : public sema::Globals {
 public:
  explicit KernelText(std::string text)
      : file_(std::make_shared<const source::SourceFile>("test.py", std::move(text))) {
    ast_ = parse::parse(file_, diagnostics);
    if (!ast_) return;
    for (auto* s : ast_->body()) statement(*s);
  }

  sema::TypeContext types;
  source::Diagnostics diagnostics;

  // "i8, f8[:]" -> types; empty text: no arguments.
  std::vector<sema::TypeRef> arguments(const std::string& signature) {
    sema::FunctionOptions::Signature s;
    sema::parse_signature(types, signature, {}, s, diagnostics);
    return s.params;
  }

  std::unique_ptr<sema::TypedProgram> infer(const std::string& function, const std::string& signature) {
    return infer(function, arguments(signature));
  }
  std::unique_ptr<sema::TypedProgram> infer(const std::string& function, std::vector<sema::TypeRef> given) {
    if (!ast_ || diagnostics.has_errors()) return nullptr;
    return sema::infer(types, functions_.at(function), std::move(given), {}, diagnostics);
  }
  // The result's type as text, or the messages when there are some.
  std::string result(const std::string& function, const std::string& signature) {
    auto program = infer(function, signature);
    return program ? sema::to_string(program->entry->result) : messages();
  }
  std::string messages() const {
    std::string out;
    for (auto& d : diagnostics.all()) {
      out += fmt::format("{}:{}: {} [{}]{}\n", d.line, d.column, d.message, source::diag_name(d.kind),
                         d.hint.empty() ? "" : " (" + d.hint + ")");
    }
    return out;
  }

  const ast::Ast* tree() const { return ast_.get(); }
  const std::map<std::string, sema::FunctionRef>& functions() const { return functions_; }

  // --- sema::Globals
  const source::SourceFile& file() const override { return *file_; }
  uint32_t file_expr_count() const override { return ast_->expr_count(); }
  std::optional<sema::Constant> lookup(std::string_view name) const override {
    auto it = values_.find(std::string(name));
    return it == values_.end() ? std::nullopt : std::optional(it->second);
  }
  std::optional<sema::Constant> lookup_module(std::string_view, std::string_view) const override {
    return std::nullopt;
  }
  const sema::FunctionRef* function(const ast::FunctionDef* def) const override {
    for (auto& [name, ref] : functions_)
      if (ref.def == def) return &ref;
    return nullptr;
  }
  std::vector<std::string> names() const override {
    std::vector<std::string> out;
    for (auto& [name, value] : values_) out.push_back(name);
    return out;
  }

 private:
  bool literal(const ast::Expr& e, sema::Constant& out) {
    if (e.kind != ast::ExprKind::Constant) return false;
    auto& c = ast::as<ast::Constant>(e);
    switch (c.value) {
      case ast::ConstantKind::None:
        out = {types.none(), {}};
        return true;
      case ast::ConstantKind::True:
        out = {types.boolean(), int64_t{1}};
        return true;
      case ast::ConstantKind::False:
        out = {types.boolean(), int64_t{0}};
        return true;
      case ast::ConstantKind::Int:
        out = {types.py_int(), static_cast<int64_t>(c.integer)};
        return true;
      case ast::ConstantKind::Float:
        out = {types.py_float(), c.number};
        return true;
      default:
        return false;
    }
  }
  void import(const std::string& canonical, std::string_view as) {
    sema::Constant value;
    if (!sema::find_module_constant(types, canonical, value)) value = {types.builtin(canonical), {}};
    values_[std::string(as)] = value;
  }
  void statement(const ast::Stmt& s) {
    if (s.kind == ast::StmtKind::Import) {
      for (auto& a : ast::as<ast::Import>(s).names) import(std::string(a.name), a.as.empty() ? a.name : a.as);
    } else if (s.kind == ast::StmtKind::ImportFrom) {
      auto& i = ast::as<ast::ImportFrom>(s);
      for (auto& a : i.names) import(std::string(i.module) + "." + std::string(a.name), a.as.empty() ? a.name : a.as);
    } else if (s.kind == ast::StmtKind::Assign) {
      auto& a = ast::as<ast::Assign>(s);
      sema::Constant value;
      if (a.targets[0]->kind == ast::ExprKind::Name && literal(*a.value, value))
        values_[std::string(ast::as<ast::Name>(*a.targets[0]).name)] = value;
    } else if (s.kind == ast::StmtKind::FunctionDef) {
      auto& def = ast::as<ast::FunctionDef>(s);
      sema::FunctionRef ref;
      ref.def = &def, ref.globals = this;
      for (auto& p : def.parameters.positional) {
        sema::Constant value;
        if (p.default_value && literal(*p.default_value, value)) ref.defaults.push_back(value);
      }
      ref.options = sema::read_decorators(types, def, *this, diagnostics);
      functions_[std::string(def.name)] = ref;
      values_[std::string(def.name)] = {types.function(&def, this, {}), {}};
    }
  }

  source::SourceFilePtr file_;
  ast::AstPtr ast_;
  std::map<std::string, sema::Constant> values_;
  std::map<std::string, sema::FunctionRef> functions_;
};

}  // namespace kjit::test
