// Specialisations for callers that lay out arguments and results themselves.
#include "kjit/specialisation.h"

#include <fmt/format.h>

#include <algorithm>

#include "driver/abi.h"
#include "driver/engine_state.h"
#include "driver/inspect.h"
#include "eval/module.h"
#include "sema/promotion.h"
#include "sema/signature.h"

namespace kjit::detail {

struct CallTypes {
  std::vector<sema::TypeRef> arguments;
  std::vector<EngineState::Literal> literals;
};

}  // namespace kjit::detail

namespace kjit::driver {

namespace {

using detail::TypeDesc;
using sema::TypeKind;
using sema::TypeRef;

// False: a type that TypeDesc cannot tell.
bool describe(TypeRef type, TypeDesc& out) {
  switch (type->kind) {
    case TypeKind::None:
      out.kind = TypeDesc::Kind::None;
      return true;
    case TypeKind::Scalar:
      out.kind = TypeDesc::Kind::Scalar;
      out.dtype = static_cast<DType>(type->scalar);
      return true;
    case TypeKind::Array:
      out.kind = TypeDesc::Kind::Array;
      out.dtype = static_cast<DType>(type->scalar), out.rank = type->rank, out.readonly = type->readonly;
      out.layout = type->layout == sema::Layout::C   ? Layout::C
                   : type->layout == sema::Layout::F ? Layout::F
                                                     : Layout::Strided;
      return true;
    case TypeKind::Tuple:
    case TypeKind::Optional:
      out.kind = type->is_tuple() ? TypeDesc::Kind::Tuple : TypeDesc::Kind::Optional;
      for (TypeRef e : type->elements)
        if (!describe(e, out.elements.emplace_back())) return false;
      return true;
    default:
      return false;
  }
}

// Whether values of these types have the same slots.
bool same_slots(TypeRef given, TypeRef wanted) {
  if (given == wanted) return true;
  if (given->kind != wanted->kind) return false;
  switch (given->kind) {
    case TypeKind::Scalar:
      return given->scalar == wanted->scalar;
    case TypeKind::Array:
      return given->scalar == wanted->scalar && given->rank == wanted->rank;
    case TypeKind::Generator:
      return true;
    case TypeKind::Tuple:
      if (given->elements.size() != wanted->elements.size()) return false;
      for (size_t i = 0; i < given->elements.size(); ++i)
        if (!same_slots(given->elements[i], wanted->elements[i])) return false;
      return true;
    default:
      return false;
  }
}

// Whether the slots of the arguments come first, in order, and nothing of them is converted.
bool is_direct(const ast::Parameters& params, const std::vector<TypeRef>& given, const std::vector<TypeRef>& wanted,
               bool keywords) {
  if (keywords || !params.keyword_only.empty()) return false;
  const size_t count = params.positional.size();
  for (size_t i = 0; i < given.size(); ++i) {
    TypeRef to = i < count ? wanted[i] : wanted[count]->elements[i - count];
    if (!same_slots(given[i], to)) return false;
  }
  return true;
}

// Makes a constant one of the parameter's type; false where its value is none of integers and bools.
bool give_type(sema::Constant& c, TypeRef type) {
  if (!c.type) return false;
  if (type->is_scalar()) {
    if (!c.is_int() || !(sema::is_integer(type->scalar) || sema::is_bool(type->scalar))) return false;
    c.type = type;
    return true;
  }
  auto* tuple = type->is_tuple() ? std::get_if<sema::ConstantTuple>(&c.value) : nullptr;
  if (!tuple || tuple->size() != type->elements.size()) return false;
  for (size_t i = 0; i < tuple->size(); ++i)
    if (!give_type((*tuple)[i], type->elements[i])) return false;
  c.type = type;
  return true;
}

// The arguments that are compiled in, where they are integers, bools, or tuples of them.
std::vector<detail::EngineState::Literal> literals_of(detail::EngineState& engine, const sema::FunctionRef& function,
                                                      const detail::Prepared& call) {
  std::vector<detail::EngineState::Literal> out;
  for (const size_t k : engine.literal_parameters(function)) {
    if (k >= call.arguments.size() || k >= call.bound.all.size()) continue;
    sema::Constant c = eval::freeze(engine.types, call.bound.all[k]);
    if (!give_type(c, call.arguments[k])) continue;
    out.resize(call.arguments.size());
    out[k] = std::move(c);
  }
  return out;
}

}  // namespace
}  // namespace kjit::driver

namespace kjit::detail {

Prepared ModuleState::prepare(const sema::FunctionRef& function, const std::vector<Value>& args,
                              const Module::Keywords& keywords) {
  Prepared out{driver::bind_arguments(function, args, keywords), {}, {}, {}, nullptr};
  for (const Value& value : out.bound.given) {
    out.given.push_back(driver::type_of(engine->types, value));
    if (!out.given.back())
      throw Error(ErrorKind::TypeError, fmt::format("{}(): kernels cannot take {}", function.def->name, repr(value)));
  }
  out.arguments = out.given;
  if (function.options && !function.options->signatures.empty()) {
    const auto* signature = sema::choose_signature(*function.options, out.given);
    if (!signature) fail_no_signature(function, out.given);
    out.arguments = signature->params;
  }
  do {  // each turn knows of more parameters that have to be constants
    out.literals = driver::literals_of(*engine, function, out);
    out.code = specialise(function, out.arguments, &out.literals);
  } while (!out.code);
  return out;
}

}  // namespace kjit::detail

namespace kjit {

std::vector<Parameter> Module::parameters(std::string_view name) const {
  return driver::guarded([&] {
    const sema::FunctionRef& function = detail::alive(state_).find(name);
    const ast::Parameters& params = function.def->parameters;
    std::vector<Parameter> out;
    const size_t first_default = params.positional.size() - function.defaults.size();
    for (size_t i = 0; i < params.positional.size(); ++i) {
      Parameter& p = out.emplace_back();
      p.name = params.positional[i].name;
      p.has_default = i >= first_default;
      if (p.has_default) p.value = eval::thaw(function.defaults[i - first_default]);
    }
    if (params.vararg) {
      Parameter& p = out.emplace_back();
      p.kind = Parameter::Kind::Rest;
      p.name = params.vararg->name;
    }
    for (size_t i = 0; i < params.keyword_only.size(); ++i) {
      Parameter& p = out.emplace_back();
      p.kind = Parameter::Kind::Keyword;
      p.name = params.keyword_only[i].name;
      p.has_default = i < function.keyword_defaults.size() && function.keyword_defaults[i].type;
      if (p.has_default) p.value = eval::thaw(function.keyword_defaults[i]);
    }
    return out;
  });
}

Specialisation Module::specialise(std::string_view name, const std::vector<Value>& args,
                                  const Keywords& keywords) const {
  detail::ModuleState& state = detail::alive(state_);
  return driver::guarded([&] {
    const sema::FunctionRef& function = state.entry(state.find(name), args.size());
    const detail::Prepared prepared = state.prepare(function, args, keywords);
    const detail::Code& code = *prepared.code;
    Specialisation out;
    out.code = prepared.code;
    out.call = reinterpret_cast<Specialisation::Pointer>(code.entry.packed);
    out.engine = code.core->options.memory_limit > 0 ? 0 : code.core->id;
    out.brief = code.brief;
    out.direct = prepared.literals.empty() && driver::describe(code.result, out.result) &&
                 driver::is_direct(function.def->parameters, prepared.given, code.params, !keywords.empty());
    for (size_t i = args.size(); out.direct && i < code.params.size(); ++i)
      out.direct = driver::flatten(prepared.bound.all[i], code.params[i], out.rest);
    out.result_size = driver::result_size(code.result);
    for (sema::TypeRef t : prepared.given) out.arguments.push_back(sema::to_string(t));
    out.result_type = sema::to_string(code.result);
    out.types = std::make_shared<const detail::CallTypes>(detail::CallTypes{prepared.arguments, prepared.literals});
    return out;
  });
}

std::string Module::inspect(std::string_view name, const Specialisation& specialisation, Stage stage) const {
  detail::ModuleState& state = detail::alive(state_);
  if (!specialisation.types) throw Error(ErrorKind::Usage, "the specialisation is empty");
  if (stage < Stage::Types) throw Error(ErrorKind::Usage, "tokens and trees are those of a file: Engine::inspect");
  return driver::guarded([&] {
    const std::vector<sema::TypeRef>& arguments = specialisation.types->arguments;
    return driver::emit(*state.engine, state.entry(state.find(name), arguments.size()), arguments, stage, {},
                        &specialisation.types->literals);
  });
}

}  // namespace kjit
