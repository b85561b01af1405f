// The table of built-ins and the look-up by name.
#include "sema/builtins.h"

#include <algorithm>
#include <unordered_map>

#include "sema/builtins_typing.h"

namespace kjit::sema {

namespace {

constexpr Builtin kBuiltins[] = {
#define BUILTIN(id, name, params, rule, emitter, doc) {BuiltinId::id, name, params, typing::rule, doc},
#include "sema/builtins.def"
#undef BUILTIN
};

}  // namespace

const Builtin* find_builtin(std::string_view canonical_name) {
  static const auto index = [] {
    std::unordered_map<std::string_view, const Builtin*> map;
    for (const Builtin& row : kBuiltins) map.emplace(row.name, &row);
    return map;
  }();
  auto it = index.find(canonical_name);
  return it == index.end() ? nullptr : it->second;
}

bool is_device_index(const Builtin& row) { return row.typing == typing::cuda_index; }

bool is_device_triple(std::string_view canonical_name) {
  const std::string first = std::string(canonical_name) + ".x";
  const Builtin* row = find_builtin(first);
  return row && is_device_index(*row);
}

const Builtin& builtin(BuiltinId id) { return kBuiltins[static_cast<size_t>(id)]; }

std::vector<std::string> builtin_names(std::string_view prefix) {
  std::vector<std::string> names;
  for (const Builtin& row : kBuiltins) {
    if (std::string_view(row.name).starts_with(prefix)) names.emplace_back(row.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace kjit::sema
