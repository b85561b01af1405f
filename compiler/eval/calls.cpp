// Calls and attributes.
#include <fmt/format.h>

#include "eval/array_ops.h"
#include "eval/evaluator.h"
#include "eval/gpu.h"
#include "eval/natives.h"
#include "eval/operators.h"
#include "eval/wide_int.h"
#include "sema/elementwise.h"

namespace kjit::eval {

namespace {

[[noreturn]] void bad_call(const FunctionObject& function, const std::string& what) {
  throw Error(ErrorKind::TypeError, fmt::format("{}() {}", function.def->name, what));
}

// Puts the arguments of a call into the first slots of a frame, as Python binds them.
void bind_arguments(const FunctionObject& function, Args& args, Value* locals) {
  const ast::Parameters& parameters = function.def->parameters;
  const size_t count = parameters.positional.size(), named = count + parameters.keyword_only.size();
  for (size_t i = 0; i < args.values.size() && i < count; ++i) locals[i] = std::move(args.values[i]);
  if (args.values.size() > count && !parameters.vararg)
    bad_call(function, fmt::format("takes {} positional argument{} but {} {} given", count, count == 1 ? "" : "s",
                                   args.values.size(), args.values.size() == 1 ? "was" : "were"));
  if (parameters.vararg) {
    std::vector<Value> rest;
    for (size_t i = count; i < args.values.size(); ++i) rest.push_back(std::move(args.values[i]));
    locals[named] = Value(std::move(rest));
  }
  for (auto& [name, value] : args.keywords) {
    size_t at = 0;
    while (at < named && (at < count ? parameters.positional[at] : parameters.keyword_only[at - count]).name != name)
      ++at;
    if (at == named) bad_call(function, fmt::format("got an unexpected keyword argument '{}'", name));
    if (!is_unbound(locals[at])) bad_call(function, fmt::format("got multiple values for argument '{}'", name));
    locals[at] = std::move(value);
  }
  for (size_t i = 0; i < named; ++i) {
    if (!is_unbound(locals[i])) continue;
    const size_t first = count - function.defaults.size();
    if (i >= count) {
      locals[i] = function.keyword_defaults[i - count];
    } else if (i >= first) {
      locals[i] = function.defaults[i - first];
    }
    if (is_unbound(locals[i]))
      bad_call(function, fmt::format("missing required argument: '{}'",
                                     (i < count ? parameters.positional[i] : parameters.keyword_only[i - count]).name));
  }
}

}  // namespace

const char* Interpreter::method_prefix(const Value& value) {
  if (value.is<Array>()) return "array.";
  if (value.is<std::string>()) return "str.";
  if (as<List>(value)) return "list.";
  if (value.is<std::shared_ptr<const Value::Tuple>>()) return "tuple.";
  if (is_number(value)) return "scalar.";
  if (as<DeviceArray>(value)) return "devicearray.";
  if (const auto* function = as<FunctionObject>(value); function && function->cuda_kernel()) return "cudakernel.";
  if (as<GeneratorObject>(value)) return "generator.";
  if (as<CudaStream>(value)) return "cudastream.";
  if (as<CudaEvent>(value)) return "cudaevent.";
  if (as<CudaDevice>(value)) return "cudadevice.";
  return nullptr;
}

namespace {
constexpr size_t kChunk = 4096;  // values
}

Interpreter::Locals::Locals(Interpreter& interpreter, size_t count) : interpreter_(interpreter), count_(count) {
  if (count > kChunk) raise(ErrorKind::RuntimeError, "the function has too many variables");
  if (interpreter.stack_.empty() || interpreter.used_ + count > kChunk) {
    const size_t next = interpreter.stack_.empty() ? 0 : interpreter.chunk_ + 1;
    if (next == interpreter.stack_.size()) interpreter.stack_.push_back(std::make_unique<Value[]>(kChunk));
    interpreter.starts_.push_back(interpreter.used_);
    interpreter.chunk_ = next;
    interpreter.used_ = 0;
  }
  data_ = interpreter.stack_[interpreter.chunk_].get() + interpreter.used_;
  interpreter.used_ += count;
}

Interpreter::Locals::~Locals() {
  for (size_t i = 0; i < count_; ++i) data_[i] = Value();
  interpreter_.used_ -= count_;
  if (interpreter_.used_ == 0 && interpreter_.chunk_ > 0) {
    --interpreter_.chunk_;
    interpreter_.used_ = interpreter_.starts_.back();
    interpreter_.starts_.pop_back();
  }
}

const Scope& Interpreter::scope_of(FunctionObject& function) {
  if (!function.scope) function.scope = &function.module->resolved().scope(*function.def);
  return *function.scope;
}

Value Interpreter::run_function(FunctionObject& function, Value* locals) {
  const Depth depth(*this);
  const Scope& scope = *function.scope;
  if (scope.has_cells) {
    for (size_t i = 0; i < scope.names.size(); ++i) {
      if (!scope.is_cell[i]) continue;
      Value cell = new_cell();
      as<Cell>(cell)->value = std::move(locals[i]);
      locals[i] = std::move(cell);
    }
    for (size_t i = 0; i < scope.captures.size(); ++i)
      locals[scope.captures[i].slot] = Value(std::static_pointer_cast<Object>(function.cells[i]));
  }
  Evaluator evaluator(*this, *function.module, scope, locals, function.def->name);
  return evaluator.run(function.def->body) == Evaluator::Flow::Return ? evaluator.take_result() : Value();
}

Value Interpreter::call_function(FunctionObject& function, Args& args) {
  if (function.def->parameters.kwarg) bad_call(function, "has a parameter **kwargs, which is not supported");
  const size_t count = scope_of(function).names.size();
  Locals locals(*this, count);
  for (size_t i = 0; i < count; ++i) locals.data()[i] = unbound();
  bind_arguments(function, args, locals.data());
  return run_function(function, locals.data());
}

Value Interpreter::call(const Value& callee, Args args) {
  if (auto* function = as<FunctionObject>(callee)) {
    if (function->interpreted()) return call_function(*function, args);
    if (function->vectorized()) return call_vectorized(callee, {}, args);
    for (Value& value : args.values) value = without_wide(value);
    for (auto& [name, value] : args.keywords) value = without_wide(value);
    return with_wide(host_.call(function->ref(), args.values, args.keywords));
  }
  if (const auto* launch = as<Launcher>(callee)) {
    host_.gpu().launch(as<FunctionObject>(launch->kernel)->ref(), launch->grid, args.values, args.keywords);
    return {};
  }
  if (const auto* builtin = as<Builtin>(callee)) {
    if (builtin->native) return builtin->native(*this, args);
    ErrorKind kind;
    if (exception_kind(builtin->name, kind)) return make<ExceptionObject>(kind, std::move(args.values));
    return call_compiled(builtin->name, args);
  }
  if (const auto* method = as<BoundMethod>(callee)) {
    if (as<FunctionObject>(method->self)) return call_vectorized(method->self, method->name, args);
    args.values.insert(args.values.begin(), method->self);
    return method->native ? method->native(*this, args) : call_compiled(method->name, args);
  }
  if (const DType* dtype = callee.get_if<DType>()) return make_scalar(*this, *dtype, args);
  throw Error(ErrorKind::TypeError, fmt::format("'{}' object is not callable", type_name(callee)));
}

Value Interpreter::attribute(const Value& object, std::string_view name) {
  if (const auto* package = as<Package>(object)) return package_attribute(*package, name);
  if (auto* module = as<ModuleObject>(object)) {
    const Value* value = module->find(name);
    if (value) return *value;
    throw Error(ErrorKind::AttributeError, fmt::format("module '{}' has no attribute '{}'", module->name(), name));
  }
  if (const Array* array = object.get_if<Array>()) {
    Value value = array_attribute(*array, name);
    if (!is_unbound(value)) return value;
  }
  if (const auto* array = as<DeviceArray>(object)) {
    Value value = device_attribute(*array, name);
    if (!is_unbound(value)) return value;
  }
  if (const auto* device = as<CudaDevice>(object)) {
    Value value = device_attribute(*device, name);
    if (!is_unbound(value)) return value;
  }
  if (is_number(object)) {
    Value value = number_attribute(object, name);
    if (!is_unbound(value)) return value;
  }
  if (const DType* dtype = object.get_if<DType>()) {
    if (name == "itemsize") return static_cast<int64_t>(itemsize(*dtype));
    if (name == "name" || name == "__name__") return kjit::name(*dtype);
  }
  if (const auto* function = as<FunctionObject>(object)) {
    if (name == "__name__") return std::string(function->def->name);
    if (name == "__doc__")
      return function->def->docstring.empty() ? Value() : Value(std::string(function->def->docstring));
    if (name == "py_func") return python_form(*function);
    if (function->vectorized()) {
      Value value = ufunc_attribute(object, *function, name);
      if (!is_unbound(value)) return value;
    }
  }
  if (const auto* exception = as<ExceptionObject>(object))
    if (name == "args") return Value(exception->args);
  if (const auto* builtin = as<Builtin>(object)) {
    const std::string canonical = fmt::format("{}.{}", builtin->name, name);
    if (sema::ufunc_method(canonical).method) return make<Builtin>(canonical, nullptr);
  }
  if (const char* prefix = method_prefix(object)) {
    const std::string canonical = fmt::format("{}{}", prefix, name);
    const Native native = find_native(canonical);
    if (native || sema::find_builtin(canonical)) return make<BoundMethod>(object, canonical, native);
  }
  throw Error(ErrorKind::AttributeError, fmt::format("'{}' object has no attribute '{}'", type_name(object), name));
}

Value Interpreter::ufunc_attribute(const Value& object, const FunctionObject& function, std::string_view name) {
  const auto inputs = static_cast<int64_t>(function.def->parameters.positional.size());
  if (name == "nin") return inputs;
  if (name == "nout") return int64_t{1};
  if (name == "nargs") return inputs + 1;
  if (name == "ntypes") return static_cast<int64_t>(function.options->signatures.size());
  if (name == "identity") return function.options->identity ? Value(*function.options->identity) : Value();
  if (sema::find_builtin(fmt::format("ufunc.{}", name))) return make<BoundMethod>(object, std::string(name), nullptr);
  return unbound();
}

// kernel.py_func: the same function, interpreted.
Value Interpreter::python_form(const FunctionObject& kernel) {
  auto function = std::make_shared<FunctionObject>();
  function->def = kernel.def;
  function->module = kernel.module;
  function->scope = kernel.scope;
  function->defaults = kernel.defaults;
  function->keyword_defaults = kernel.keyword_defaults;
  function->cells = kernel.cells;
  function->options = plain_;
  return Value(std::static_pointer_cast<Object>(function));
}

}  // namespace kjit::eval
