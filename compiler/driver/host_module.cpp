// What a host registers, as a module: the text that declares its functions and asks for its constants.
#include <fmt/format.h>

#include "driver/engine_state.h"

namespace kjit::driver {

namespace {

// How many parameters a signature has: commas outside of brackets.
int parameter_count(std::string_view signature) {
  const size_t open = signature.find('('), close = signature.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close <= open) return 0;
  const std::string_view list = signature.substr(open + 1, close - open - 1);
  if (list.find_first_not_of(" \t") == std::string_view::npos) return 0;
  int count = 1, depth = 0;
  for (char c : list) {
    depth += c == '(' || c == '[';
    depth -= c == ')' || c == ']';
    count += c == ',' && depth == 0;
  }
  return count;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + '"';
}

}  // namespace

bool host_module(const Options& options, std::string_view name, std::string& text) {
  text = "from kjit import constant, extern\n";
  bool any = false;
  for (const HostFunction& f : options.functions) {
    if (f.module != name) continue;
    any = true;
    std::string list;
    for (int i = 0; i < parameter_count(f.signature); ++i) list += fmt::format("{}a{}", i ? ", " : "", i);
    text += fmt::format("@extern({}, symbol={}, pure={})\ndef {}({}):\n    pass\n", quoted(f.signature),
                        quoted(host_symbol(f)), f.pure ? "True" : "False", f.name, list);
  }
  for (const auto& [full, value] : options.constants) {
    const size_t dot = full.rfind('.');
    if (std::string_view(full).substr(0, dot) != name) continue;
    any = true;
    text += fmt::format("{} = constant({})\n", full.substr(dot + 1), quoted(full));
  }
  return any;
}

}  // namespace kjit::driver
