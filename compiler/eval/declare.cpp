// What the text of a top level says without running it.
#include <fmt/format.h>
#include <kjit_rt/core.h>

#include <algorithm>

#include "eval/errors.h"
#include "eval/evaluator.h"
#include "eval/natives.h"
#include "eval/operators.h"
#include "sema/scope.h"

namespace kjit::eval {

namespace {

constexpr int64_t kMostElements = 1'000'000;  // of an array that a declaration makes

// Functions whose calls have no effects and take no time, but for the size of what they make.
bool is_pure_function(std::string_view name) {
  if (name.starts_with("math.")) return true;
  for (const std::string_view pure : {"abs", "min", "max", "len", "int", "float", "bool", "complex", "round"})
    if (name == fmt::format("builtins.{}", pure)) return true;
  return false;
}
bool makes_an_array(std::string_view name) {
  for (const std::string_view maker :
       {"array", "asarray", "zeros", "ones", "empty", "full", "arange", "linspace", "eye", "identity"})
    if (name == fmt::format("numpy.{}", maker)) return true;
  return false;
}

bool is_sequence(const Value& v) {
  return v.is<std::string>() || as<List>(v) || v.is<std::shared_ptr<const Value::Tuple>>();
}

}  // namespace

class Declarer {
 public:
  Declarer(Interpreter& interpreter, ModuleObject& module, std::vector<Finding>& found)
      : module_(module),
        found_(found),
        scope_(module.resolved().top()),
        locals_(scope_.names.size(), unbound()),
        evaluator_(interpreter, module, scope_, locals_.data(), "<module>") {
    for (size_t i = 0; i < locals_.size(); ++i)
      if (scope_.is_cell[i]) locals_[i] = interpreter.new_cell();
  }

  void body(ast::Body statements) {
    for (const ast::Stmt* stmt : statements) statement(*stmt);
  }

 private:
  void statement(const ast::Stmt& stmt) {
    switch (stmt.kind) {
      case ast::StmtKind::Import:
      case ast::StmtKind::ImportFrom:
        return import(stmt);
      case ast::StmtKind::FunctionDef:
        return function(ast::as<ast::FunctionDef>(stmt));
      case ast::StmtKind::Assign:
        return assignment(stmt, *ast::as<ast::Assign>(stmt).value);
      case ast::StmtKind::AnnAssign:
        if (ast::as<ast::AnnAssign>(stmt).value) assignment(stmt, *ast::as<ast::AnnAssign>(stmt).value);
        return;
      case ast::StmtKind::AugAssign: {
        const auto& update = ast::as<ast::AugAssign>(stmt);
        const bool known = update.target->kind == ast::ExprKind::Name && is_constant(*update.target);
        return known ? assignment(stmt, *update.value) : forget_one(stmt);
      }
      case ast::StmtKind::If: {
        const auto& branch = ast::as<ast::If>(stmt);
        Value value;
        if (is_constant(*branch.test) && evaluate(*branch.test, value)) {
          bool taken = false;
          try {
            taken = truth(value);
          } catch (const Error&) {  // of an array
            return;
          }
          return body(taken ? branch.body : branch.orelse);
        }
        forget(branch.body), forget(branch.orelse);
        return;
      }
      case ast::StmtKind::For:
        sema::for_each_target(*ast::as<ast::For>(stmt).target, [&](const ast::Name& n) { set_unknown(n.name); });
        forget(ast::as<ast::For>(stmt).body), forget(ast::as<ast::For>(stmt).orelse);
        return;
      case ast::StmtKind::While:
        forget(ast::as<ast::While>(stmt).body), forget(ast::as<ast::While>(stmt).orelse);
        return;
      default:
        return;
    }
  }

  void import(const ast::Stmt& stmt) {
    run(stmt);
    const auto bound = [&](const ast::List<ast::Alias>& names) {
      for (const ast::Alias& alias : names) {
        const std::string_view name = alias.as.empty() ? alias.name.substr(0, alias.name.find('.')) : alias.as;
        if (!module_.find(name)) set_unknown(name);
      }
    };
    if (stmt.kind == ast::StmtKind::Import) bound(ast::as<ast::Import>(stmt).names);
    if (stmt.kind == ast::StmtKind::ImportFrom) bound(ast::as<ast::ImportFrom>(stmt).names);
  }

  // Whatever is wrong with the decorators, the body is looked at.
  void function(const ast::FunctionDef& def) {
    bool constant = true;
    sema::for_each_default(def, [&](const ast::Expr& e) { constant = constant && is_constant(e); });
    if (!constant) return set_unknown(def.name);
    run(def);
    if (def.decorators.empty()) return;
    const auto found = module_.functions_.find(&def);
    if (found == module_.functions_.end()) return;
    const Value* value = module_.find(def.name);
    if (value && as<FunctionObject>(*value) == found->second.get()) return;
    auto options = std::make_shared<sema::FunctionOptions>();
    options->kind = sema::FunctionOptions::Kind::Jit;
    found->second->options = std::move(options);
    module_.set(def.name, Value(std::static_pointer_cast<Object>(found->second)));
  }

  void assignment(const ast::Stmt& stmt, const ast::Expr& value) {
    if (!is_constant(value)) return forget_one(stmt);
    const ast::Stmt* one = &stmt;
    try {
      evaluator_.run({&one, 1});
    } catch (const Error&) {  // said by who looks at names, or when it runs
      forget_one(stmt);
    }
  }

  // The names that the statements bind have values that are not known; functions and imports inside are declared.
  void forget(ast::Body statements) {
    for (const ast::Stmt* stmt : statements) {
      const bool declares = stmt->kind == ast::StmtKind::FunctionDef || stmt->kind == ast::StmtKind::Import ||
                            stmt->kind == ast::StmtKind::ImportFrom;
      if (declares) {
        statement(*stmt);
        continue;
      }
      sema::for_each_assigned({&stmt, 1}, [&](std::string_view name, source::Span) { set_unknown(name); });
      if (stmt->kind == ast::StmtKind::If) forget(ast::as<ast::If>(*stmt).body), forget(ast::as<ast::If>(*stmt).orelse);
      if (stmt->kind == ast::StmtKind::For) forget(ast::as<ast::For>(*stmt).body);
      if (stmt->kind == ast::StmtKind::While) forget(ast::as<ast::While>(*stmt).body);
    }
  }
  void forget_one(const ast::Stmt& stmt) {
    const ast::Stmt* one = &stmt;
    forget({&one, 1});
  }
  void set_unknown(std::string_view name) { module_.set(name, make<UnknownObject>()); }

  void run(const ast::Stmt& stmt) {
    const ast::Stmt* one = &stmt;
    try {
      evaluator_.run({&one, 1});
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Compile && !error.findings().empty()) {
        found_.insert(found_.end(), error.findings().begin(), error.findings().end());
      } else {
        Finding& finding = found_.emplace_back();
        finding.id = source::diag_name(source::Diag::script_error);
        finding.message = fmt::format("{}: {}", name(error.kind()), error.message());
        finding.place = error.place();
        finding.notes = error.findings();
      }
    }
  }

  bool evaluate(const ast::Expr& expr, Value& out) {
    try {
      out = evaluator_.eval(expr);
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  // Whether evaluating it tells what running the file would: no effects, nothing of the process, no long loops.
  bool is_constant(const ast::Expr& e) {
    switch (e.kind) {
      case ast::ExprKind::Constant:
      case ast::ExprKind::Lambda:
        return true;
      case ast::ExprKind::Name: {
        const NameRef ref = module_.resolved().ref(e);
        if (ref.kind != NameRef::Kind::Global) return false;
        const ModuleObject::Slot& slot = module_.at(ref.index);
        const Value& value = is_unbound(slot.value) ? slot.fallback : slot.value;
        if (is_unbound(value) || as<UnknownObject>(value)) return false;
        const auto* package = as<Package>(value);
        return !package || (package->name != "sys" && package->name != "time");
      }
      case ast::ExprKind::Call:
        return is_constant_call(ast::as<ast::Call>(e));
      case ast::ExprKind::BinOp: {
        const auto& node = ast::as<ast::BinOp>(e);
        Value left, right;
        if (!is_constant(*node.left) || !is_constant(*node.right)) return false;
        if (node.op != ast::BinaryOp::Mul) return true;
        return evaluate(*node.left, left) && evaluate(*node.right, right) && !is_sequence(left) && !is_sequence(right);
      }
      case ast::ExprKind::UnaryOp:
      case ast::ExprKind::BoolOp:
      case ast::ExprKind::Compare:
      case ast::ExprKind::IfExp:
      case ast::ExprKind::Attribute:
      case ast::ExprKind::Subscript:
      case ast::ExprKind::Slice:
      case ast::ExprKind::Tuple:
      case ast::ExprKind::List: {
        bool constant = true;
        sema::for_each_child(e, [&](const ast::Expr& child) { constant = constant && is_constant(child); });
        return constant;
      }
      default:
        return false;
    }
  }

  bool is_constant_call(const ast::Call& call) {
    Value callee;
    if (!is_constant(*call.func) || !evaluate(*call.func, callee)) return false;
    const std::string_view name = builtin_name(callee);
    const bool maker = makes_an_array(name);
    if (!maker && !callee.is<DType>() && !is_pure_function(name)) return false;
    int64_t elements = 1;
    const auto argument = [&](const ast::Expr& e) {
      Value value;
      if (!is_constant(e) || !evaluate(e, value)) return false;
      if (maker) count(value, elements);
      return elements <= kMostElements;
    };
    for (const ast::Expr* e : call.args)
      if (!argument(*e)) return false;
    return std::all_of(call.keywords.begin(), call.keywords.end(),
                       [&](const ast::Keyword& k) { return !k.name.empty() && argument(*k.value); });
  }

  // An upper bound of what an array has that is made of these sizes.
  static void count(const Value& value, int64_t& elements) {
    if (const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>()) {
      for (const Value& item : **tuple) count(item, elements);
    } else if (value.is<int64_t>() || value.is<double>()) {
      const double size = std::abs(value.as_double());
      elements = size > kMostElements || elements > kMostElements
                     ? kMostElements + 1
                     : static_cast<int64_t>(static_cast<double>(elements) * std::max(1.0, size));
    }
  }

  ModuleObject& module_;
  std::vector<Finding>& found_;
  const Scope& scope_;
  std::vector<Value> locals_;
  Evaluator evaluator_;
};

ModuleObject& Interpreter::declare(ast::AstPtr ast, std::string name, std::vector<Finding>& found) {
  declaring_ = &found;
  kjit_ctx context{};
  kjit_ctx_init(&context);
  stack_limit_ = context.stack_limit;
  kjit_ctx_destroy(&context);
  ModuleObject& module = open_module(std::move(ast), std::move(name));
  Declarer(*this, module, found).body(module.ast()->body());
  return module;
}

}  // namespace kjit::eval
