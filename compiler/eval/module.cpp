// Globals, and their frozen form.
#include "eval/module.h"

#include <fmt/format.h>

#include <cstring>

#include "eval/interpreter.h"
#include "eval/wide_int.h"
#include "sema/builtins.h"

namespace kjit::eval {

namespace {

sema::Scalar to_scalar(DType dtype) { return static_cast<sema::Scalar>(dtype); }
DType to_dtype(sema::Scalar scalar) { return static_cast<DType>(scalar); }

sema::Constant freeze_typed(sema::TypeContext& types, const TypedScalar& v) {
  sema::Constant out{types.scalar(to_scalar(v.dtype)), {}};
  if (v.dtype >= DType::Complex64) {
    out.value = load_complex(v.dtype, v.bits);
  } else if (v.dtype >= DType::Float32) {
    out.value = load_double(v.dtype, v.bits);
  } else {
    out.value = load_int(v.dtype, v.bits);
  }
  return out;
}

sema::Constant freeze_array(sema::TypeContext& types, const Array& array) {
  const Array copy = array.copy();
  auto frozen = std::make_shared<sema::ConstantArray>();
  frozen->scalar = to_scalar(array.dtype());
  frozen->shape.assign(array.shape().begin(), array.shape().end());
  frozen->data.resize(static_cast<size_t>(copy.size() * itemsize(copy.dtype())));
  if (!frozen->data.empty()) std::memcpy(frozen->data.data(), copy.data(), frozen->data.size());
  sema::Constant out{types.array(frozen->scalar, array.ndim(), sema::Layout::C, true), {}};
  out.value = std::shared_ptr<const sema::ConstantArray>(frozen);
  return out;
}

sema::Constant freeze_tuple(sema::TypeContext& types, const Value::Tuple& tuple) {
  sema::ConstantTuple items;
  std::vector<sema::TypeRef> elements;
  for (const Value& item : tuple) {
    items.push_back(freeze(types, item));
    if (!items.back().type) return {};
    elements.push_back(items.back().type);
  }
  return {types.tuple(std::move(elements)), std::move(items)};
}

sema::Constant freeze_object(sema::TypeContext& types, const Value& value) {
  if (auto* function = as<FunctionObject>(value)) {
    const sema::FunctionRef& ref = function->ref();
    return {types.function(ref.def, ref.globals, {}), {}};
  }
  if (const auto* module = as<ModuleObject>(value)) return {types.builtin("module:" + module->name()), {}};
  if (as<UnknownObject>(value)) return {types.unknown(), {}};
  const std::string_view builtin = builtin_name(value);
  if (!builtin.empty()) return {types.builtin(builtin), {}};
  return {};
}

}  // namespace

sema::Constant freeze(sema::TypeContext& types, const Value& value) {
  struct Visitor {
    sema::TypeContext& types;
    const Value& value;
    sema::Constant operator()(None) const { return {types.none(), {}}; }
    sema::Constant operator()(bool v) const { return {types.boolean(), int64_t{v}}; }
    sema::Constant operator()(int64_t v) const { return {types.py_int(), v}; }
    sema::Constant operator()(double v) const { return {types.py_float(), v}; }
    sema::Constant operator()(Complex v) const { return {types.py_complex(), v}; }
    sema::Constant operator()(const TypedScalar& v) const { return freeze_typed(types, v); }
    sema::Constant operator()(const std::string& v) const { return {types.string(v), {}}; }
    sema::Constant operator()(DType v) const { return {types.dtype(to_scalar(v)), {}}; }
    sema::Constant operator()(const std::shared_ptr<const Value::Tuple>& v) const { return freeze_tuple(types, *v); }
    sema::Constant operator()(const Array& v) const { return freeze_array(types, v); }
    sema::Constant operator()(const std::shared_ptr<Object>&) const {
      return as<WideInt>(value) ? freeze(types, without_wide(value)) : freeze_object(types, value);
    }
  };
  return std::visit(Visitor{types, value}, value.data());
}

Value thaw(const sema::Constant& constant) {
  const sema::Type& type = *constant.type;
  switch (type.kind) {
    case sema::TypeKind::Scalar: {
      const auto store = [&](auto v) -> Value {
        if (type.weak || type.scalar == sema::Scalar::Bool) return v;
        TypedScalar out;
        out.dtype = to_dtype(type.scalar);
        store_as(out.dtype, out.bits, v);
        return out;
      };
      if (const auto* v = std::get_if<double>(&constant.value)) return store(*v);
      if (const auto* v = std::get_if<Complex>(&constant.value)) return store(*v);
      if (type.scalar == sema::Scalar::Bool) return constant.as_int() != 0;
      return store(constant.as_int());
    }
    case sema::TypeKind::String:
      return type.text;
    case sema::TypeKind::DType:
      return to_dtype(type.scalar);
    case sema::TypeKind::Ellipsis:
      return make<EllipsisObject>();
    case sema::TypeKind::Tuple: {
      std::vector<Value> items;
      for (const sema::Constant& item : std::get<sema::ConstantTuple>(constant.value)) items.push_back(thaw(item));
      return Value(std::move(items));
    }
    case sema::TypeKind::Array: {
      const auto& frozen = *std::get<std::shared_ptr<const sema::ConstantArray>>(constant.value);
      Array out = Array::empty(to_dtype(frozen.scalar), frozen.shape);
      if (!frozen.data.empty()) std::memcpy(out.data(), frozen.data.data(), frozen.data.size());
      return out;
    }
    default:
      return None{};
  }
}

ModuleObject::ModuleObject(Interpreter& interpreter, ast::AstPtr ast, std::string name,
                           const std::shared_ptr<Variables>& variables)
    : ScriptObject(kSort),
      interpreter_(interpreter),
      ast_(std::move(ast)),
      name_(std::move(name)),
      variables_(variables ? variables : std::make_shared<Variables>(interpreter)),
      resolved_(*ast_, *this) {
  if (variables) return;
  set("__name__", name_);
  set("__file__", ast_->file()->path());
}

ModuleObject::~ModuleObject() = default;

void ModuleObject::add_function(std::shared_ptr<FunctionObject> function) {
  const ast::FunctionDef* def = function->def;
  functions_[def] = std::move(function);
}

FunctionObject* ModuleObject::function_object(const ast::FunctionDef* def) const {
  const auto found = functions_.find(def);
  return found == functions_.end() ? nullptr : found->second.get();
}

std::optional<sema::Constant> ModuleObject::lookup(std::string_view name) const {
  sema::TypeContext& types = interpreter_.host().types();
  const Value* value = find(name);
  variables_->note_read(name, value);
  if (value) return freeze(types, *value);
  const std::string canonical = "builtins." + std::string(name);
  if (sema::find_builtin(canonical)) return sema::Constant{types.builtin(canonical), {}};
  return std::nullopt;
}

std::optional<sema::Constant> ModuleObject::lookup_module(std::string_view module, std::string_view name) const {
  if (module.starts_with("module:")) module.remove_prefix(7);
  const ModuleObject* found = interpreter_.find_module(module);
  const Value* value = found ? found->find(name) : nullptr;
  if (!value) return std::nullopt;
  return freeze(interpreter_.host().types(), *value);
}

const sema::FunctionRef* ModuleObject::function(const ast::FunctionDef* def) const {
  FunctionObject* found = function_object(def);
  return found ? &found->ref() : nullptr;
}

// The reference itself is part of what compiled code is known by, so it is made once.
const sema::FunctionRef& FunctionObject::ref() {
  const std::lock_guard lock(module->interpreter().freezing());
  if (!ref_) {
    ref_ = std::make_unique<sema::FunctionRef>();
    ref_->def = def;
    ref_->globals = module;
    if (!cells.empty()) {
      auto globals = std::make_unique<ClosureGlobals>(*this);
      globals->set_self(ref_.get());
      ref_->globals = &module->interpreter().keep(std::move(globals));
    }
    sema::TypeContext& types = module->interpreter().host().types();
    for (const Value& value : defaults) ref_->defaults.push_back(freeze(types, value));
    for (const Value& value : keyword_defaults)
      ref_->keyword_defaults.push_back(is_unbound(value) ? sema::Constant{} : freeze(types, value));
  }
  if (ref_->options != options) ref_->options = options;
  return *ref_;
}

ClosureGlobals::ClosureGlobals(FunctionObject& function) : module_(*function.module) {
  for (size_t i = 0; i < function.cells.size(); ++i)
    captured_.emplace_back(function.scope->names[function.scope->captures[i].slot], function.cells[i]);
}

std::optional<sema::Constant> ClosureGlobals::lookup(std::string_view name) const {
  for (const auto& [captured, cell] : captured_)
    if (captured == name && !is_unbound(cell->value)) return freeze(module_.interpreter().host().types(), cell->value);
  return module_.lookup(name);
}

std::optional<sema::Constant> ClosureGlobals::lookup_module(std::string_view module, std::string_view name) const {
  return module_.lookup_module(module, name);
}

const sema::FunctionRef* ClosureGlobals::function(const ast::FunctionDef* def) const {
  if (self_ && self_->def == def) return self_;
  return module_.function(def);
}

std::vector<std::string> ClosureGlobals::names() const {
  std::vector<std::string> out = module_.names();
  for (const auto& [captured, cell] : captured_) out.emplace_back(captured);
  return out;
}

}  // namespace kjit::eval
