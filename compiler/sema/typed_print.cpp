// Typed programs as text, for `inspect --emit=types`.
#include "sema/typed.h"

namespace kjit::sema {

namespace {

void print(const TypedFunction& f, std::string& out) {
  out += fmt::format("function {}(", f.symbol);
  for (size_t i = 0; i < f.capture_vars.size(); ++i)
    out += fmt::format("{}[{}]", i ? ", " : "", to_string(f.capture_types[i]));
  for (size_t i = 0; i < f.param_vars.size(); ++i) {
    out += fmt::format("{}{}: {}", i || !f.capture_vars.empty() ? ", " : "", f.variables[f.param_vars[i]].name,
                       to_string(f.param_types[i]));
  }
  out += fmt::format(") -> {}{}\n", to_string(f.result), f.recursive ? "  # recursive" : "");
  auto& file = f.globals->file();
  for (size_t i = 0; i < f.variables.size(); ++i) {
    auto& v = f.variables[i];
    auto place = file.line_column(v.first_definition.begin);
    out += fmt::format("  {}:{}: {}.{}: {}{}\n", place.line, place.column, v.name, i, to_string(v.type),
                       v.maybe_unbound ? "  # may be unbound" : "");
  }
  for (auto& c : f.calls) {
    if (c.kind == CallInfo::Kind::Kernel || c.kind == CallInfo::Kind::Ufunc)
      out += fmt::format("  calls {} -> {}\n", c.callee->symbol, to_string(c.callee->result));
    else if (c.kind == CallInfo::Kind::Builtin)
      out += fmt::format("  calls {} -> {}\n", c.builtin->name, to_string(c.result));
  }
}

}  // namespace

std::string to_string(const TypedProgram& program) {
  std::string out;
  for (auto& f : program.functions) print(*f, out);
  return out;
}

}  // namespace kjit::sema
