// From what a caller gives to what a kernel is compiled for: keywords, defaults, declared signatures, C++ types.
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "driver/abi.h"
#include "driver/engine_state.h"

namespace kjit::driver {

namespace {

Value to_value(const sema::Constant& constant) {
  const sema::TypeRef type = constant.type;
  switch (type->kind) {
    case sema::TypeKind::String:
      return type->text;
    case sema::TypeKind::DType:
      return static_cast<DType>(type->scalar);
    case sema::TypeKind::Tuple: {
      Value::Tuple elements;
      for (const sema::Constant& e : std::get<sema::ConstantTuple>(constant.value)) elements.push_back(to_value(e));
      return elements;
    }
    case sema::TypeKind::Scalar:
      if (sema::is_bool(type->scalar)) return constant.as_int() != 0;
      if (auto* i = std::get_if<int64_t>(&constant.value)) return *i;
      if (auto* f = std::get_if<double>(&constant.value)) return *f;
      if (auto* c = std::get_if<std::complex<double>>(&constant.value)) return *c;
      return None{};
    default:
      return None{};
  }
}

[[noreturn]] void type_error(std::string message) { throw Error(ErrorKind::TypeError, std::move(message)); }

}  // namespace

std::vector<Value> bind_arguments(const sema::FunctionRef& function, const std::vector<Value>& args,
                                  const std::vector<std::pair<std::string, Value>>& keywords) {
  const ast::Parameters& params = function.def->parameters;
  const size_t count = params.positional.size();
  if (args.size() > count && !params.vararg)
    type_error(fmt::format("{}() takes {} positional argument{} but {} {} given", function.def->name, count,
                           count == 1 ? "" : "s", args.size(), args.size() == 1 ? "was" : "were"));
  std::vector<Value> out = args;
  std::vector<bool> given(count, false);
  for (size_t i = 0; i < std::min(count, args.size()); ++i) given[i] = true;
  size_t last = out.size();
  if (!keywords.empty() && out.size() < count) out.resize(count);
  for (const auto& [name, value] : keywords) {
    size_t at = 0;
    while (at < count && params.positional[at].name != name) ++at;
    if (at == count) {
      for (const ast::Parameter& p : params.keyword_only)
        if (p.name == name)
          throw Error(ErrorKind::NotImplementedError,
                      fmt::format("{}(): the keyword-only argument '{}' cannot be given from outside of kernels",
                                  function.def->name, name));
      type_error(fmt::format("{}() got an unexpected keyword argument '{}'", function.def->name, name));
    }
    if (given[at]) type_error(fmt::format("{}() got multiple values for argument '{}'", function.def->name, name));
    out[at] = value, given[at] = true;
    last = std::max(last, at + 1);
  }
  out.resize(std::max(last, args.size()));
  const size_t first_default = count - function.defaults.size();
  std::string missing;
  for (size_t i = 0; i < count; ++i) {
    if (given[i]) continue;
    if (i < first_default) {
      missing += fmt::format("{}'{}'", missing.empty() ? "" : ", ", params.positional[i].name);
    } else if (i < out.size()) {
      out[i] = to_value(function.defaults[i - first_default]);
    }
  }
  if (!missing.empty()) type_error(fmt::format("{}() is missing a value for {}", function.def->name, missing));
  return out;
}

const sema::FunctionOptions::Signature* choose_signature(const sema::FunctionOptions& options,
                                                         const std::vector<sema::TypeRef>& arguments) {
  const sema::FunctionOptions::Signature* best = nullptr;
  int best_cost = 0;
  for (const auto& signature : options.signatures) {
    if (signature.params.size() != arguments.size()) continue;
    int cost = 0;
    for (size_t i = 0; i < arguments.size() && cost >= 0; ++i) {
      const int one = conversion_cost(arguments[i], signature.params[i]);
      cost = one < 0 ? -1 : cost + one;
    }
    if (cost >= 0 && (!best || cost < best_cost)) best = &signature, best_cost = cost;
  }
  return best;
}

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf() || in.eof())) throw Error(ErrorKind::OSError, fmt::format("cannot read '{}'", path));
  return std::move(text).str();
}

sema::TypeRef to_type(sema::TypeContext& types, const detail::TypeDesc& desc) {
  using Kind = detail::TypeDesc::Kind;
  switch (desc.kind) {
    case Kind::None:
      return types.none();
    case Kind::Scalar:
      return types.scalar(static_cast<sema::Scalar>(desc.dtype));
    case Kind::Array: {
      // In one axis, and none, row-major and column-major are the same.
      const sema::Layout layout = desc.layout == Layout::Strided              ? sema::Layout::A
                                  : desc.layout == Layout::F && desc.rank > 1 ? sema::Layout::F
                                                                              : sema::Layout::C;
      return types.array(static_cast<sema::Scalar>(desc.dtype), desc.rank, layout, desc.readonly);
    }
    case Kind::Optional:
      return types.optional(to_type(types, desc.elements[0]));
    case Kind::Tuple:
      break;
  }
  std::vector<sema::TypeRef> elements;
  for (const auto& e : desc.elements) elements.push_back(to_type(types, e));
  return types.tuple(std::move(elements));
}

bool result_fits(sema::TypeRef kernel, sema::TypeRef handle) {
  if (kernel->kind != handle->kind) return false;
  switch (kernel->kind) {
    case sema::TypeKind::None:
      return true;
    case sema::TypeKind::Scalar:
      return kernel->scalar == handle->scalar;
    case sema::TypeKind::Array:
      return kernel->scalar == handle->scalar && kernel->rank == handle->rank &&
             (handle->readonly || !kernel->readonly);
    case sema::TypeKind::Optional:
      return result_fits(kernel->elements[0], handle->elements[0]);
    case sema::TypeKind::Tuple:
      if (kernel->elements.size() != handle->elements.size()) return false;
      for (size_t i = 0; i < kernel->elements.size(); ++i)
        if (!result_fits(kernel->elements[i], handle->elements[i])) return false;
      return true;
    default:
      return false;
  }
}

}  // namespace kjit::driver
