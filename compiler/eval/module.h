// An executed module: its tree, its globals, and how compiled code sees them.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "eval/host.h"
#include "eval/objects.h"
#include "eval/resolve.h"
#include "eval/variables.h"

namespace kjit::eval {

class ModuleObject : public ScriptObject, public sema::Globals {
 public:
  static constexpr Sort kSort = Sort::Module;
  // `variables`: those of the scope that the text is a part of; null: the module has its own.
  ModuleObject(Interpreter& interpreter, ast::AstPtr ast, std::string name,
               const std::shared_ptr<Variables>& variables = nullptr);
  ~ModuleObject() override;
  std::string repr() const override { return "<module '" + name_ + "'>"; }

  const std::string& name() const { return name_; }
  const ast::AstPtr& ast() const { return ast_; }
  Interpreter& interpreter() const { return interpreter_; }
  Names& resolved() { return resolved_; }

  using Slot = Variables::Slot;
  uint32_t slot(std::string_view name) { return variables_->slot(name); }
  Slot& at(uint32_t index) { return variables_->at(index); }
  const Value* find(std::string_view name) const { return variables_->find(name); }  // null: not defined
  void set(std::string_view name, Value value) { variables_->set(name, std::move(value)); }
  const std::shared_ptr<Variables>& variables() const { return variables_; }

  void add_function(std::shared_ptr<FunctionObject> function);
  // A function defined in this file by its def; null when its def did not run.
  FunctionObject* function_object(const ast::FunctionDef* def) const;

  // sema::Globals
  const source::SourceFile& file() const override { return *ast_->file(); }
  source::SourceFilePtr shared_file() const override { return ast_->file(); }
  uint32_t file_expr_count() const override { return ast_->expr_count(); }
  std::optional<sema::Constant> lookup(std::string_view name) const override;
  std::optional<sema::Constant> lookup_module(std::string_view module, std::string_view name) const override;
  const sema::FunctionRef* function(const ast::FunctionDef* def) const override;
  std::vector<std::string> names() const override { return variables_->names(); }

 private:
  friend class Interpreter;
  friend class Declarer;
  Interpreter& interpreter_;
  ast::AstPtr ast_;
  std::string name_;
  std::shared_ptr<Variables> variables_;
  std::unordered_map<const ast::FunctionDef*, std::shared_ptr<FunctionObject>> functions_;
  Names resolved_;
};

// The globals of a closure that is compiled: its captured variables, then the module's.
class ClosureGlobals : public sema::Globals {
 public:
  ClosureGlobals(FunctionObject& function);
  const source::SourceFile& file() const override { return module_.file(); }
  source::SourceFilePtr shared_file() const override { return module_.shared_file(); }
  uint32_t file_expr_count() const override { return module_.file_expr_count(); }
  std::optional<sema::Constant> lookup(std::string_view name) const override;
  std::optional<sema::Constant> lookup_module(std::string_view module, std::string_view name) const override;
  const sema::FunctionRef* function(const ast::FunctionDef* def) const override;
  std::vector<std::string> names() const override;
  void set_self(const sema::FunctionRef* self) { self_ = self; }

 private:
  ModuleObject& module_;
  std::vector<std::pair<std::string_view, std::shared_ptr<Cell>>> captured_;
  const sema::FunctionRef* self_ = nullptr;
};

// A value as compiled code knows it; its type is null when kernels cannot use it.
sema::Constant freeze(sema::TypeContext& types, const Value& value);
// The other way round: constants of modules ("numpy.pi") as values.
Value thaw(const sema::Constant& constant);

}  // namespace kjit::eval
