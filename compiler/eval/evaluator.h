// The walk over one body: a function's, or a module's top level.
#pragma once

#include "eval/interpreter.h"

namespace kjit::eval {

class Evaluator {
 public:
  Evaluator(Interpreter& interpreter, ModuleObject& module, const Scope& scope, Value* locals,
            std::string_view function)
      : interpreter_(interpreter),
        module_(module),
        names_(module.resolved()),
        scope_(scope),
        locals_(locals),
        function_(function) {}

  void show_values(const Interpreter::Display& display) { display_ = &display; }  // of expression statements

  enum class Flow : uint8_t { Next, Break, Continue, Return };
  Flow run(ast::Body body);
  Value eval(const ast::Expr& expr);
  Value take_result() { return std::move(result_); }

 private:
  // statements.cpp
  Flow statement(const ast::Stmt& stmt);
  Flow for_loop(const ast::For& loop);
  Flow while_loop(const ast::While& loop);
  void define(const ast::FunctionDef& def);
  void raise_statement(const ast::Raise& stmt);
  void check(const ast::Assert& stmt);
  // imports.cpp
  void import(const ast::Import& stmt);
  void import_from(const ast::ImportFrom& stmt);
  std::shared_ptr<ModuleObject> import_file(const std::string& name, source::Span span);
  void import_package_names(const std::string& package, const ast::ImportFrom& stmt);
  // assign.cpp
  void assign(const ast::Expr& target, Value value);
  void unpack(const ast::Expr& target, ast::Exprs elements, const Value& value);
  void augmented(const ast::AugAssign& stmt);
  void bind(std::string_view name, Value value);  // for def and import
  Value& variable(NameRef ref);
  // expressions.cpp
  const Value& operand(const ast::Expr& expr, Value& scratch);
  const Value& name(const ast::Name& name);
  Value binary(const ast::BinOp& expr);
  Value unary(const ast::UnaryOp& expr);
  Value logic(const ast::BoolOp& expr);
  Value compare(const ast::Compare& expr);
  bool test(const ast::Expr& expr);
  Value joined(const ast::JoinedStr& expr);
  Value slice(const ast::Slice& expr);
  std::vector<Value> elements(ast::Exprs exprs);
  void elements(ast::Exprs exprs, std::vector<Value>& out);
  Value comprehension(const ast::ListComp& comp);
  void generate(const ast::ListComp& comp, size_t level, std::vector<Value>& out);
  Value attribute(const ast::Attribute& expr);
  Value call(const ast::Call& expr);
  bool find_method(const ast::Expr& func, Args& args, Native& native, Value& callee);
  bool call_directly(const ast::Call& expr, const Value& callee, Value& result);
  Value closure(const ast::FunctionDef& def);

  // Runs f; an error without a place gets that of `span`.
  template <typename F>
  decltype(auto) placed(source::Span span, F&& f) {
    try {
      return f();
    } catch (const Error& error) {
      if (error.place().line != 0) throw;
      throw_at(span, error);
    }
  }
  [[noreturn]] void throw_at(source::Span span, const Error& error);
  // For calls, in the handler of `error`: one that has a place gets a note that says where the call was.
  [[noreturn]] void throw_through(source::Span span, const Error& error);
  [[noreturn]] void fail(source::Diag kind, source::Span span, std::string_view what, std::string hint = {});
  source::Location at(source::Span span) const { return {module_.ast()->file().get(), span}; }

  Interpreter& interpreter_;
  ModuleObject& module_;
  Names& names_;
  const Scope& scope_;
  Value* locals_;
  std::string_view function_;
  const Interpreter::Display* display_ = nullptr;
  Value result_;
};

}  // namespace kjit::eval
