// From what a caller gives to what a kernel is compiled for: keywords, defaults, declared signatures, C++ types.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "driver/abi.h"
#include "driver/engine_state.h"
#include "eval/module.h"

namespace kjit::driver {

namespace {

[[noreturn]] void type_error(std::string message) { throw Error(ErrorKind::TypeError, std::move(message)); }

void place_keyword(const sema::FunctionRef& function, const std::string& name, const Value& value,
                   std::vector<std::optional<Value>>& slots) {
  const ast::Parameters& params = function.def->parameters;
  const size_t count = params.positional.size();
  for (size_t i = 0; i < slots.size(); ++i) {
    if ((i < count ? params.positional[i] : params.keyword_only[i - count]).name != name) continue;
    if (slots[i]) type_error(fmt::format("{}() got multiple values for argument '{}'", function.def->name, name));
    slots[i] = value;
    return;
  }
  type_error(fmt::format("{}() got an unexpected keyword argument '{}'", function.def->name, name));
}

}  // namespace

Bound bind_arguments(const sema::FunctionRef& function, const std::vector<Value>& args,
                     const std::vector<std::pair<std::string, Value>>& keywords) {
  const ast::Parameters& params = function.def->parameters;
  const size_t count = params.positional.size();
  if (args.size() > count && !params.vararg) {
    type_error(fmt::format("{}() takes {} positional argument{} but {} {} given", function.def->name, count,
                           count == 1 ? "" : "s", args.size(), args.size() == 1 ? "was" : "were"));
  }
  std::vector<std::optional<Value>> slots(count + params.keyword_only.size());  // keyword-only parameters at the end
  for (size_t i = 0; i < std::min(count, args.size()); ++i) slots[i] = args[i];
  for (const auto& [name, value] : keywords) place_keyword(function, name, value, slots);

  // Up to the last argument that was given, a parameter without one has its default, whose type is part of the
  // specialisation.
  size_t typed = count;
  while (typed > 0 && !slots[typed - 1]) --typed;
  if (args.size() > count) typed = count;
  const size_t first_default = count - function.defaults.size();
  Bound bound;
  std::string missing;
  for (size_t i = 0; i < count; ++i) {
    if (!slots[i] && i < first_default)
      missing += fmt::format("{}'{}'", missing.empty() ? "" : ", ", params.positional[i].name);
    if (!slots[i] && i >= first_default) slots[i] = eval::thaw(function.defaults[i - first_default]);
    if (!slots[i]) continue;
    bound.all.push_back(*slots[i]);
    if (i < typed) bound.given.push_back(std::move(*slots[i]));
  }
  if (!missing.empty()) type_error(fmt::format("{}() is missing a value for {}", function.def->name, missing));
  if (params.vararg) {
    Value::Tuple rest(args.begin() + static_cast<long>(std::min(count, args.size())), args.end());
    bound.given.insert(bound.given.end(), rest.begin(), rest.end());
    bound.all.push_back(std::move(rest));
  }
  for (size_t i = 0; i < params.keyword_only.size(); ++i) {
    auto& slot = slots[count + i];
    const bool has_default = i < function.keyword_defaults.size() && function.keyword_defaults[i].type;
    if (!slot && !has_default)
      type_error(fmt::format("{}() is missing a value for '{}'", function.def->name, params.keyword_only[i].name));
    bound.all.push_back(slot ? *slot : eval::thaw(function.keyword_defaults[i]));
  }
  if (!params.keyword_only.empty()) bound.given = bound.all;
  return bound;
}

std::string read_text(const std::string& path) {
  const auto fail = [&](std::string_view why) {
    throw Error(ErrorKind::OSError, fmt::format("cannot read '{}'{}", path, why));
  };
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) fail(": it is a directory");
  std::string text;
  try {
    std::ifstream in(path, std::ios::binary);
    if (!in) fail("");
    text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (in.bad()) fail("");
  } catch (const std::ios_base::failure&) {  // reading throws, whatever the stream's exceptions() say
    fail("");
  }
  return text;
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
