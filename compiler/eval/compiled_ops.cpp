// Operations that are not done here: a function of one line is made from text, and the host compiles and calls it. So
// there is one implementation of each, that of compiled kernels.
#include <fmt/format.h>

#include <algorithm>

#include "eval/array_ops.h"
#include "eval/gpu.h"
#include "eval/module.h"
#include "eval/natives.h"
#include "eval/operators.h"
#include "eval/wide_int.h"
#include "parse/parser.h"
#include "sema/elementwise.h"
#include "sema/library.h"
#include "sema/scope.h"

namespace kjit::eval {

// The names that such a function refers to: F, a built-in or, when `callee` is one, a function of a script.
class OperationGlobals : public sema::Globals {
 public:
  OperationGlobals(sema::TypeContext& types, ast::AstPtr ast, std::string function, Value callee)
      : types_(types), ast_(std::move(ast)), function_(std::move(function)), callee_(std::move(callee)) {
    ref.def = &ast::as<ast::FunctionDef>(*ast_->body()[0]);
    ref.globals = this;
    auto options = std::make_shared<sema::FunctionOptions>();
    options->kind = sema::FunctionOptions::Kind::Jit;
    options->has_boundscheck = options->boundscheck = true;
    options->numpy_error_model = true;
    if (const sema::FunctionRef* called = function_ref(callee_)) {  // a ufunc's loop behaves as the ufunc does
      options->kind = sema::FunctionOptions::Kind::Plain;
      options->fastmath = called->options->fastmath;
      options->parallel = called->options->parallel;
      options->offload = called->options->offload;
    }
    ref.options = std::move(options);
  }
  const source::SourceFile& file() const override { return *ast_->file(); }
  source::SourceFilePtr shared_file() const override { return ast_->file(); }
  uint32_t file_expr_count() const override { return ast_->expr_count(); }
  std::optional<sema::Constant> lookup(std::string_view name) const override {
    if (name == "F" && as<FunctionObject>(callee_)) return freeze(types_, callee_);
    const std::string canonical = name == "F" ? function_ : "builtins." + std::string(name);
    sema::Constant constant;
    if (sema::find_builtin(canonical) || sema::ufunc_method(canonical).method)
      return sema::Constant{types_.builtin(canonical), {}};
    if (sema::find_module_constant(types_, canonical, constant)) return constant;
    return std::nullopt;
  }
  std::optional<sema::Constant> lookup_module(std::string_view, std::string_view) const override {
    return std::nullopt;
  }
  const sema::FunctionRef* function(const ast::FunctionDef* def) const override {
    return def == ref.def ? &ref : nullptr;
  }
  std::vector<std::string> names() const override { return {"F"}; }

  sema::FunctionRef ref;

 private:
  sema::TypeContext& types_;
  ast::AstPtr ast_;
  std::string function_;
  Value callee_;
};

namespace {

constexpr const char* kOperationFile = "<operation>";

std::string parameter_list(size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += fmt::format("{}a{}", i ? ", " : "", i);
  return out;
}

// Whether an argument is written into the text: what must be a constant to be compiled.
bool is_literal(const Value& value) {
  if (value.is_none() || value.is<bool>() || value.is<int64_t>() || value.is<std::string>()) return true;
  const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>();
  if (!tuple) return false;
  return std::all_of((*tuple)->begin(), (*tuple)->end(), [](const Value& item) {
    return item.is<int64_t>() || (item.get_if<std::shared_ptr<const Value::Tuple>>() && is_literal(item));
  });
}

// Parameters of built-ins that say how, not what: their values are constants of the operation.
bool is_setting(std::string_view parameter) {
  for (const std::string_view name :
       {"axis", "axis1", "axis2", "subscripts", "source", "destination", "axes", "order", "keepdims", "ndim", "k",
        "ddof", "mode", "kind", "side", "indexing", "full_matrices", "compute_uv", "upper"})
    if (parameter == name) return true;
  return false;
}

// The name of the parameter at a position in a row's list "x, y=, /, *args"; empty when there is none.
std::string_view parameter_name(std::string_view list, size_t position) {
  for (size_t at = 0; at < list.size();) {
    const size_t end = std::min(list.find(',', at), list.size());
    std::string_view item = list.substr(at, end - at);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && (item.back() == ' ' || item.back() == '=')) item.remove_suffix(1);
    at = end + 1;
    if (item == "/" || item == "*") continue;
    if (item.starts_with('*')) return {};
    if (position-- == 0) return item;
  }
  return {};
}

// What the parameter at this position, or of this name, asks of its argument; a setting is a literal.
sema::ParameterKind parameter_kind_of(sema::Library& library, const sema::Builtin& row, size_t position,
                                      std::string_view keyword) {
  if (row.library_file().empty()) {
    const std::string_view name = position == SIZE_MAX ? keyword : parameter_name(row.params, position);
    return is_setting(name) ? sema::ParameterKind::Literal : sema::ParameterKind::Any;
  }
  size_t i = 0;
  for (const ast::Parameter* p : sema::all_parameters(*library.function(row).def)) {
    if (position == SIZE_MAX ? p->name == keyword : i == position) return sema::parameter_kind(*p);
    ++i;
  }
  return sema::ParameterKind::Any;
}

// Whether all that a (nested) list or tuple holds is numbers.
bool holds_numbers(const Value& value) {
  if (const auto* list = as<List>(value)) return std::all_of(list->items.begin(), list->items.end(), holds_numbers);
  if (const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>())
    return std::all_of((*tuple)->begin(), (*tuple)->end(), holds_numbers);
  return value.is<bool>() || value.is<int64_t>() || value.is<double>() || value.is<Complex>() ||
         value.is<TypedScalar>();
}

// Kernels know no lists: those of numbers become arrays, others tuples.
Value without_lists(const Value& value, bool wants_array) {
  const auto* list = as<List>(value);
  const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>();
  if (!list && !tuple) return value;
  if ((list || wants_array) && holds_numbers(value)) return array_from(value, nullptr);
  std::vector<Value> items;
  for (const Value& item : list ? list->items : **tuple) items.push_back(without_lists(item, false));
  return Value(std::move(items));
}

// A setting as a literal: a list of integers is a tuple.
Value setting(const Value& value) {
  const auto* list = as<List>(value);
  const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>();
  if (!list && !tuple) return value;
  std::vector<Value> items;
  for (const Value& item : list ? list->items : **tuple) items.push_back(setting(item));
  return Value(std::move(items));
}

}  // namespace

// Thread-safe: hosts call ufuncs from many threads.
std::shared_ptr<OperationGlobals> Interpreter::operation(const std::string& expression, size_t arguments,
                                                         const std::string& function, const Value& callee) {
  // The operation keeps `callee` alive, so that its address stays its own.
  const auto* object = callee.get_if<std::shared_ptr<Object>>();
  const std::string key =
      fmt::format("{}{}|{}|{}", function, object ? fmt::ptr(object->get()) : fmt::ptr(this), arguments, expression);
  const std::lock_guard lock(freezing_);
  std::shared_ptr<OperationGlobals>& operation = operations_[key];
  if (operation) return operation;
  const bool store = expression.starts_with("a0[") && expression.find(" = ") != std::string::npos;
  std::string text = fmt::format("def operation({}):\n    {}\n", parameter_list(arguments),
                                 store ? expression : "return " + expression);
  source::Diagnostics diagnostics;
  ast::AstPtr ast = parse::parse(std::make_shared<source::SourceFile>(kOperationFile, std::move(text)), diagnostics);
  if (!ast) throw Error(ErrorKind::Internal, "the operation '" + expression + "' does not parse");
  operation = std::make_shared<OperationGlobals>(host_.types(), std::move(ast), function, callee);
  return operation;
}

Value Interpreter::compiled(const std::string& expression, const std::vector<Value>& arguments,
                            const std::string& function) {
  return run(
      {operation(expression, arguments.size(), function, {}), arguments},
      [&](const sema::FunctionRef& ref, const std::vector<Value>& values) { return host_.call(ref, values, {}); });
}

Value Interpreter::run(
    const Operation& operation,
    const std::function<Value(const sema::FunctionRef& function, const std::vector<Value>& arguments)>& call) {
  try {
    return call(operation.globals->ref, operation.arguments);
  } catch (const Error& error) {
    std::vector<Finding> findings = error.findings();
    const bool compile = error.kind() == ErrorKind::Compile;
    const Place& place = compile && !findings.empty() ? findings[0].place : error.place();
    if (place.line != 0 && place.file != kOperationFile) {  // in a function that the operation calls
      for (Finding& f : findings)
        std::erase_if(f.notes, [](const Finding& n) { return n.place.file == kOperationFile; });
      throw Error(error.kind(), error.message(), error.place(), std::move(findings));
    }
    // The text of the operation is not the user's: what went wrong is said at the place of use.
    throw Error(error.kind() == ErrorKind::Compile ? ErrorKind::TypeError : error.kind(), error.message());
  }
}

Value Interpreter::grid(const std::string& name, const Value& index) {
  const bool together = index.get_if<std::shared_ptr<const Value::Tuple>>() != nullptr;
  std::vector<Value> values;
  std::string text;
  const auto bound = [&](const Value& value) {
    if (value.is_none()) return;
    text += fmt::format("a{}", values.size());
    values.push_back(value);
  };
  for (const Value& item : together ? index.as_tuple() : Value::Tuple{index}) {
    const auto* slice = as<SliceObject>(item);
    if (!slice) throw Error(ErrorKind::TypeError, fmt::format("{}[...] takes slices, not {}", name, type_name(item)));
    bound(slice->lower);
    text += ":";
    bound(slice->upper);
    text += ":";
    bound(slice->step);
    if (together) text += ", ";
  }
  return compiled(fmt::format("F[{}]", text), values, name);
}

// The arguments as the text of a list: literals where the row asks for them, a0, a1, ... for what goes into `values`.
// `skipped`: parameters of the row that stand before those given.
std::string Interpreter::argument_list(const sema::Builtin* row, size_t skipped, const Args& args, size_t first,
                                       std::vector<Value>& values) {
  std::string list;
  const auto add = [&](const Value& given, size_t position, std::string_view keyword) {
    const sema::ParameterKind wanted =
        row ? parameter_kind_of(host_.library(), *row, position, keyword) : sema::ParameterKind::Array;
    if (!list.empty()) list += ", ";
    if (!keyword.empty()) list += fmt::format("{}=", keyword);
    const Value value = wanted == sema::ParameterKind::Literal ? setting(given) : given;
    const bool literal = keyword.empty() ? wanted == sema::ParameterKind::Literal : !sema::is_array_parameter(wanted);
    if ((literal || value.is_none()) && is_literal(value)) {
      list += repr(value);
    } else {
      list += fmt::format("a{}", values.size());
      values.push_back(without_lists(value, sema::is_array_parameter(wanted)));
    }
  };
  for (size_t i = first; i < args.values.size(); ++i) add(args.values[i], i + skipped, {});
  for (const auto& [keyword, given] : args.keywords) add(given, SIZE_MAX, keyword);
  return list;
}

Value Interpreter::call_compiled(const std::string& name, Args& args) {
  const sema::Builtin* row = sema::find_builtin(name);
  const bool of_ufunc = !row;  // a parameter stands before those that are given: the function
  if (of_ufunc) row = sema::ufunc_method(name).method;
  if (!row) throw Error(ErrorKind::TypeError, fmt::format("{} cannot be called here", name));
  std::vector<Value> values;
  const bool method = name.starts_with("array.") || name.starts_with("scalar.") || name.starts_with("generator.");
  if (method) values.push_back(args.values[0]);
  const size_t skipped = of_ufunc && !row->library_file().empty() ? 1 : 0;
  const std::string list = argument_list(row, skipped, args, method ? 1 : 0, values);
  if (method) return compiled(fmt::format("a0.{}({})", name.substr(name.find('.') + 1), list), values);
  return compiled(fmt::format("F({})", list), values, name);
}

Interpreter::Operation Interpreter::vectorized_operation(const Value& function, std::string_view method,
                                                         const Args& args) {
  Args given;
  for (const Value& value : args.values) given.values.push_back(without_wide(value));
  for (const auto& [name, value] : args.keywords) given.keywords.emplace_back(name, without_wide(value));
  const sema::Builtin* row = method.empty() ? nullptr : sema::find_builtin(fmt::format("ufunc.{}", method));
  if (!row && !method.empty())
    throw Error(ErrorKind::AttributeError, fmt::format("a ufunc has no method '{}'", method));
  std::vector<Value> values;
  const size_t skipped = row && !row->library_file().empty() ? 1 : 0;
  const std::string list = argument_list(row, skipped, given, 0, values);
  const std::string text = method.empty() ? fmt::format("F({})", list) : fmt::format("F.{}({})", method, list);
  auto made = operation(text, values.size(), std::string(method), function);
  return {std::move(made), std::move(values)};
}

Value Interpreter::call_vectorized(const Value& function, std::string_view method, const Args& args) {
  if (Value made = reduce_on_device(*this, function, method, args); !is_unbound(made)) return made;
  return with_wide(
      run(vectorized_operation(function, method, args),
          [&](const sema::FunctionRef& ref, const std::vector<Value>& values) { return host_.call(ref, values, {}); }));
}

}  // namespace kjit::eval
