// Statements.
#include <fmt/format.h>

#include "eval/errors.h"
#include "eval/evaluator.h"
#include "eval/operators.h"
#include "sema/infer.h"
#include "sema/object_mode.h"

namespace kjit::eval {

namespace {
constexpr size_t kMaxNotes = 12;  // call places shown with an error
}

void Evaluator::throw_at(source::Span span, const Error& error) {
  throw Error(error.kind(), error.message(), to_place(at(span), function_), error.findings());
}

void Evaluator::throw_through(source::Span span, const Error& error) {
  if (error.kind() == ErrorKind::Compile && error.findings().empty()) throw;
  if (error.place().line == 0) throw_at(span, error);
  std::vector<Finding> findings = error.findings();
  Finding note;
  note.severity = Finding::Severity::Note;
  note.message = "called here";
  note.place = to_place(at(span), function_);
  std::vector<Finding>& list = error.kind() == ErrorKind::Compile ? findings.front().notes : findings;
  if (list.size() < kMaxNotes) list.push_back(std::move(note));
  throw Error(error.kind(), error.message(), error.place(), std::move(findings));
}

void Evaluator::fail(source::Diag kind, source::Span span, std::string_view what, std::string hint) {
  source::Diagnostics diagnostics;
  diagnostics.report(kind, at(span), what).hint = std::move(hint);
  throw compile_error(diagnostics.all());
}

Evaluator::Flow Evaluator::run(ast::Body body) {
  for (const ast::Stmt* stmt : body) {
    const Flow flow = statement(*stmt);
    if (flow != Flow::Next) return flow;
  }
  return Flow::Next;
}

Evaluator::Flow Evaluator::statement(const ast::Stmt& stmt) {
  switch (stmt.kind) {
    case ast::StmtKind::ExprStmt:
      if (const Value value = eval(*ast::as<ast::ExprStmt>(stmt).value); display_) (*display_)(value);
      return Flow::Next;
    case ast::StmtKind::Assign: {
      const auto& node = ast::as<ast::Assign>(stmt);
      Value value = eval(*node.value);
      for (size_t i = 0; i + 1 < node.targets.size(); ++i) assign(*node.targets[i], value);
      assign(*node.targets.back(), std::move(value));
      return Flow::Next;
    }
    case ast::StmtKind::AugAssign:
      augmented(ast::as<ast::AugAssign>(stmt));
      return Flow::Next;
    case ast::StmtKind::AnnAssign: {
      const auto& node = ast::as<ast::AnnAssign>(stmt);
      if (node.value) assign(*node.target, eval(*node.value));
      return Flow::Next;
    }
    case ast::StmtKind::If: {
      const auto& node = ast::as<ast::If>(stmt);
      return run(test(*node.test) ? node.body : node.orelse);
    }
    case ast::StmtKind::For:
      return for_loop(ast::as<ast::For>(stmt));
    case ast::StmtKind::While:
      return while_loop(ast::as<ast::While>(stmt));
    case ast::StmtKind::Return: {
      const auto& node = ast::as<ast::Return>(stmt);
      result_ = node.value ? eval(*node.value) : Value();
      return Flow::Return;
    }
    case ast::StmtKind::Pass:
      return Flow::Next;
    case ast::StmtKind::Break:
      return Flow::Break;
    case ast::StmtKind::Continue:
      return Flow::Continue;
    case ast::StmtKind::FunctionDef:
      define(ast::as<ast::FunctionDef>(stmt));
      return Flow::Next;
    case ast::StmtKind::Raise:
      raise_statement(ast::as<ast::Raise>(stmt));
      return Flow::Next;
    case ast::StmtKind::Assert:
      check(ast::as<ast::Assert>(stmt));
      return Flow::Next;
    case ast::StmtKind::Import:
      import(ast::as<ast::Import>(stmt));
      return Flow::Next;
    case ast::StmtKind::ImportFrom:
      import_from(ast::as<ast::ImportFrom>(stmt));
      return Flow::Next;
    case ast::StmtKind::UnsupportedStmt:
      break;
  }
  fail(source::Diag::not_supported, stmt.span, ast::as<ast::UnsupportedStmt>(stmt).what);
}

Evaluator::Flow Evaluator::for_loop(const ast::For& loop) {
  const Value iterable = eval(*loop.iter);
  bool broken = false;
  Flow flow = Flow::Next;
  const auto body = [&](Value item) {
    placed(loop.iter->span, [&] { interpreter_.poll(); });
    assign(*loop.target, std::move(item));
    flow = run(loop.body);
    broken = flow == Flow::Break;
    return flow == Flow::Next || flow == Flow::Continue;
  };
  if (const Range* range = as<Range>(iterable)) {
    int64_t at = range->start;
    for (int64_t left = range->size(); left > 0; --left, at += left > 0 ? range->step : 0)
      if (!body(at)) break;
  } else {
    const auto iterator = placed(loop.iter->span, [&] { return iterate(iterable); });
    for (bool more = true; more;) {
      Value item;
      more = placed(loop.iter->span, [&] { return iterator->next(item); }) && body(std::move(item));
    }
  }
  if (flow == Flow::Return) return flow;
  return broken ? Flow::Next : run(loop.orelse);
}

Evaluator::Flow Evaluator::while_loop(const ast::While& loop) {
  while (test(*loop.test)) {
    placed(loop.test->span, [&] { interpreter_.poll(); });
    const Flow flow = run(loop.body);
    if (flow == Flow::Break) return Flow::Next;
    if (flow == Flow::Return) return flow;
  }
  return run(loop.orelse);
}

// A function value: defaults evaluated now, captured variables shared.
Value Evaluator::closure(const ast::FunctionDef& def) {
  auto function = std::make_shared<FunctionObject>();
  function->def = &def;
  function->module = &module_;
  function->options = interpreter_.plain_options();
  for (const ast::Parameter& parameter : def.parameters.positional)
    if (parameter.default_value) function->defaults.push_back(eval(*parameter.default_value));
  for (const ast::Parameter& parameter : def.parameters.keyword_only)
    function->keyword_defaults.push_back(parameter.default_value ? eval(*parameter.default_value) : unbound());
  if (def.is_lambda || !scope_.top_level) {
    function->scope = &names_.scope(def);
    for (const Scope::Capture& capture : function->scope->captures) {
      const auto* cell = locals_[capture.parent_slot].get_if<std::shared_ptr<Object>>();
      function->cells.push_back(std::static_pointer_cast<Cell>(*cell));
    }
  }
  return Value(std::static_pointer_cast<Object>(function));
}

void Evaluator::define(const ast::FunctionDef& def) {
  Value value = closure(def);
  auto* function = as<FunctionObject>(value);
  module_.add_function(std::static_pointer_cast<FunctionObject>(*value.get_if<std::shared_ptr<Object>>()));
  if (!def.decorators.empty()) {
    source::Diagnostics diagnostics;
    // Decorators of closures may name captured variables; the closure's own globals know them.
    const sema::Globals* globals = function->cells.empty() ? &module_ : function->ref().globals;
    function->options = sema::read_decorators(interpreter_.host().types(), def, *globals, diagnostics);
    if (diagnostics.has_errors()) throw compile_error(diagnostics.all());
    const bool wrapped = function->options->kind == sema::FunctionOptions::Kind::Plain;
    if (wrapped && !sema::is_object_mode(*function->options)) {
      for (size_t i = def.decorators.size(); i-- > 0;) {
        const ast::Decorator& decorator = def.decorators[i];
        const Value wrapper = eval(*decorator.expr);
        try {
          value = interpreter_.call(wrapper, Args({value}));
        } catch (const Error& error) {
          throw_through(decorator.span, error);
        }
      }
    }
  }
  bind(def.name, std::move(value));
}

void Evaluator::raise_statement(const ast::Raise& stmt) {
  if (!stmt.exception) placed(stmt.span, [] { raise(ErrorKind::RuntimeError, "No active exception to reraise"); });
  if (stmt.cause && stmt.cause->kind != ast::ExprKind::Constant)
    fail(source::Diag::not_supported, stmt.cause->span, "the cause of an exception");
  Value value = eval(*stmt.exception);
  placed(stmt.span, [&] {
    if (as<Builtin>(value)) value = interpreter_.call(value, {});
    const auto* exception = as<ExceptionObject>(value);
    if (!exception) raise(ErrorKind::TypeError, "exceptions must derive from BaseException");
    throw Error(exception->kind, exception->str());
  });
}

void Evaluator::check(const ast::Assert& stmt) {
  if (test(*stmt.test)) return;
  const std::string message = stmt.message ? str(eval(*stmt.message)) : std::string();
  placed(stmt.span, [&] { throw Error(ErrorKind::AssertionError, message); });
}

}  // namespace kjit::eval
