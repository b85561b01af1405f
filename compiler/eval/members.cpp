// Names for completion and help.
#include "eval/members.h"

#include <fmt/format.h>

#include <algorithm>

#include "eval/natives.h"
#include "sema/builtins.h"
#include "sema/library.h"
#include "sema/module_names.h"

namespace kjit::eval {

namespace {

constexpr std::string_view kWords[] = {"and",   "as",  "assert", "break", "continue", "def",    "elif", "else",
                                       "False", "for", "from",   "if",    "import",   "in",     "is",   "lambda",
                                       "None",  "not", "or",     "pass",  "raise",    "return", "True", "while"};
// What packages and values may have besides rows of the tables; asked for one by one.
constexpr std::string_view kOfPackages[] = {
    "pi",      "e",       "tau",       "inf",        "nan",         "newaxis", "euler_gamma", "bool_",
    "int8",    "int16",   "int32",     "int64",      "uint8",       "uint16",  "uint32",      "uint64",
    "float32", "float64", "complex64", "complex128", "ndarray",     "argv",    "stdout",      "stderr",
    "jit",     "njit",    "prange",    "vectorize",  "guvectorize", "stencil"};
constexpr std::string_view kOfValues[] = {"shape",  "strides", "ndim",   "size",     "dtype",   "itemsize",
                                          "nbytes", "T",       "real",   "imag",     "name",    "nin",
                                          "nout",   "nargs",   "ntypes", "identity", "py_func", "args"};

// The part of each name of `names` behind `prefix`, up to its next dot.
void add_parts(const std::vector<std::string>& names, std::string_view prefix, std::vector<std::string>& out) {
  for (const std::string& name : names) {
    const std::string_view rest = std::string_view(name).substr(prefix.size());
    const std::string_view part = rest.substr(0, rest.find('.'));
    if (!part.empty() && part[0] != '_') out.emplace_back(part);
  }
}

void add_table(std::string_view prefix, std::vector<std::string>& out) {
  std::vector<std::string> names = sema::builtin_names(prefix);
  for (const auto part :
       {builtin_natives(), conversion_natives(), math_natives(), list_natives(), string_natives(), array_natives(),
        file_natives(), random_natives(), system_natives(), cuda_natives(), cuda_reduce_natives()})
    for (const NativeRow& row : part)
      if (row.name.starts_with(prefix)) names.emplace_back(row.name);
  add_parts(names, prefix, out);
}

void tidy(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

bool has_attribute(Interpreter& interpreter, const Value& value, std::string_view name) {
  try {
    return !is_unbound(interpreter.attribute(value, name));
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::vector<std::string> language_names() {
  std::vector<std::string> out(std::begin(kWords), std::end(kWords));
  add_table("builtins.", out);
  for (auto kind = ErrorKind::Exception; kind < ErrorKind::Interrupted;
       kind = static_cast<ErrorKind>(static_cast<int>(kind) + 1))
    out.emplace_back(kjit::name(kind));
  tidy(out);
  return out;
}

std::vector<std::string> members(Interpreter& interpreter, const Value& value) {
  std::vector<std::string> out;
  if (const auto* module = as<ModuleObject>(value)) {
    for (const std::string& name : module->variables()->defined())
      if (name[0] != '_') out.push_back(name);
  } else if (const auto* package = as<Package>(value)) {
    const std::string prefix = package->name + ".";
    add_table(prefix, out);
    add_parts(sema::module_names(prefix), prefix, out);
    for (const std::string_view name : kOfPackages)
      if (has_attribute(interpreter, value, name)) out.emplace_back(name);
  } else {
    if (const char* prefix = Interpreter::method_prefix(value)) add_table(prefix, out);
    for (const std::string_view name : kOfValues)
      if (has_attribute(interpreter, value, name)) out.emplace_back(name);
  }
  tidy(out);
  return out;
}

Value find_dotted(Interpreter& interpreter, const Variables& variables, std::string_view name) {
  size_t dot = std::min(name.find('.'), name.size());
  const std::string first(name.substr(0, dot));
  const Value* found = variables.find(first);
  Value value = found ? *found : interpreter.builtin("builtins." + first);
  while (dot < name.size() && !is_unbound(value)) {
    const size_t begin = dot + 1;
    dot = std::min(name.find('.', begin), name.size());
    try {
      value = interpreter.attribute(value, name.substr(begin, dot - begin));
    } catch (const Error&) {
      return unbound();
    }
  }
  return value;
}

std::string parameter_list(const ast::Parameters& parameters) {
  std::string out;
  const auto add = [&](std::string_view star, const ast::Parameter& p) {
    out += fmt::format("{}{}{}{}", out.empty() ? "" : ", ", star, p.name, p.default_value ? "=..." : "");
  };
  for (const ast::Parameter& p : parameters.positional) add("", p);
  if (parameters.vararg) add("*", *parameters.vararg);
  if (!parameters.vararg && !parameters.keyword_only.empty()) out += out.empty() ? "*" : ", *";
  for (const ast::Parameter& p : parameters.keyword_only) add("", p);
  if (parameters.kwarg) add("**", *parameters.kwarg);
  return out;
}

std::string signature_of(Interpreter& interpreter, const Value& value) {
  if (const auto* function = as<FunctionObject>(value))
    return fmt::format("{}({})", function->def->name, parameter_list(function->def->parameters));
  const auto* method = as<BoundMethod>(value);
  const std::string canonical = method ? method->name : std::string(builtin_name(value));
  const sema::Builtin* row = sema::find_builtin(canonical);
  if (!row) return {};
  const std::string_view shown = std::string_view(canonical).substr(canonical.rfind('.') + 1);
  if (row->library_file().empty()) return fmt::format("{}({})", shown, row->params);
  return fmt::format("{}({})", shown, parameter_list(interpreter.host().library().function(*row).def->parameters));
}

std::string_view builtin_doc(std::string_view canonical_name) {
  const sema::Builtin* row = sema::find_builtin(canonical_name);
  return row ? row->doc : "";
}

}  // namespace kjit::eval
