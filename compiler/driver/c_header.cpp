#include "driver/c_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace kjit::driver {

namespace {

using sema::Scalar;
using sema::TypeKind;
using sema::TypeRef;

constexpr std::array<const char*, sema::kScalarCount> kTypes = {
    "bool",     "int8_t",   "int16_t", "int32_t", "int64_t",        "uint8_t",        "uint16_t",
    "uint32_t", "uint64_t", "float",   "double",  "kjit_complex64", "kjit_complex128"};
constexpr std::array<const char*, sema::kScalarCount> kShort = {"bool", "i8",  "i16", "i32", "i64", "u8",  "u16",
                                                                "u32",  "u64", "f32", "f64", "c64", "c128"};

const char* c_type(Scalar s) { return kTypes[static_cast<size_t>(s)]; }

std::string array_name(TypeRef type) {
  return fmt::format("kjit_{}_{}d", kShort[static_cast<size_t>(type->scalar)], static_cast<int>(type->rank));
}

bool has_parts(TypeRef type) {
  if (!type || type->is_none()) return false;
  return !type->is_tuple() || std::any_of(type->elements.begin(), type->elements.end(), has_parts);
}

bool known(TypeRef type) {
  switch (type->kind) {
    case TypeKind::None:
    case TypeKind::Scalar:
    case TypeKind::Array:
      return true;
    case TypeKind::Tuple:
    case TypeKind::Optional:
      return std::all_of(type->elements.begin(), type->elements.end(), known);
    default:
      return false;
  }
}

// Members of a struct, laid out as the ABI's result buffer.
void add_members(TypeRef type, const std::string& name, std::string& out) {
  if (type->is_scalar()) out += fmt::format("  {} {};\n", c_type(type->scalar), name);
  if (type->is_array()) out += fmt::format("  {} {};\n", array_name(type), name);
  if (type->is_optional()) {
    out += fmt::format("  bool has_{};\n", name);
    add_members(type->elements[0], name, out);
  }
  if (type->is_tuple())
    for (size_t k = 0; k < type->elements.size(); ++k)
      add_members(type->elements[k], fmt::format("{}_{}", name, k), out);
}

void collect_arrays(TypeRef type, std::vector<TypeRef>& out) {
  if (!type) return;
  if (type->is_array() &&
      std::none_of(out.begin(), out.end(), [&](TypeRef t) { return array_name(t) == array_name(type); }))
    out.push_back(type);
  for (TypeRef e : type->elements) collect_arrays(e, out);
}

std::string define_array(TypeRef type) {
  const std::string name = array_name(type);
  std::string guard = name;
  std::transform(guard.begin(), guard.end(), guard.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
  const int rank = type->rank;
  std::string out = fmt::format("#ifndef {0}\n#define {0}\ntypedef struct {1} {{\n  {2}* data;\n  void* owner;\n",
                                guard, name, c_type(type->scalar));
  if (rank > 0) out += fmt::format("  int64_t shape[{0}];\n  int64_t strides[{0}];\n", rank);
  out += fmt::format("}} {};\n", name);
  std::string lengths;
  for (int k = 0; k < rank; ++k) lengths += fmt::format(", int64_t n{}", k);
  for (const bool fortran : {false, true}) {
    if (fortran && rank < 2) break;
    out += fmt::format("static inline {0} {0}_{1}({2}* data{3}) {{\n  {0} a;\n  a.data = data;\n  a.owner = NULL;\n",
                       name, fortran ? "fortran" : "of", c_type(type->scalar), lengths);
    for (int k = 0; k < rank; ++k) out += fmt::format("  a.shape[{0}] = n{0};\n", k);
    for (int k = 0; k < rank; ++k) {
      const int axis = fortran ? k : rank - 1 - k, before = fortran ? axis - 1 : axis + 1;
      out += k == 0 ? fmt::format("  a.strides[{}] = (int64_t)sizeof({});\n", axis, c_type(type->scalar))
                    : fmt::format("  a.strides[{}] = a.strides[{}] * n{};\n", axis, before, before);
    }
    out += "  return a;\n}\n";
  }
  return out + "#endif\n";
}

// A name for a parameter that is none of C's, and none of ours.
std::string safe(const std::string& name) {
  return is_c_identifier(name) && name != "context" && name != "result" ? name : name + "_";
}

enum class Form : uint8_t { None, Value, Pointer };
Form form_of(TypeRef type) {
  if (!has_parts(type)) return Form::None;
  return type->is_scalar() && !sema::is_complex(type->scalar) ? Form::Value : Form::Pointer;
}

// What a parameter of this type points to.
std::string pointee(const CPrototype& f, size_t k) {
  TypeRef type = f.types[k]->is_optional() ? f.types[k]->elements[0] : f.types[k];
  if (type->is_array()) return array_name(type);
  if (type->is_scalar()) return c_type(type->scalar);
  return fmt::format("{}_{}", f.name, safe(f.parameters[k]));
}
std::string result_type(const CPrototype& f) {
  if (f.result->is_array()) return array_name(f.result);
  if (f.result->is_scalar()) return c_type(f.result->scalar);
  return f.name + "_result";
}

std::string typedefs(const CPrototype& f) {
  std::string out;
  const auto add = [&](TypeRef type, const char* first, const std::string& name) {
    std::string members;
    if (type->is_tuple()) {
      for (size_t k = 0; k < type->elements.size(); ++k)
        add_members(type->elements[k], fmt::format("item_{}", k), members);
    } else {
      add_members(type, first, members);
    }
    out += fmt::format("typedef struct {0} {{\n{1}}} {0};\n", name, members);
  };
  for (size_t k = 0; k < f.types.size(); ++k) {
    TypeRef type = f.types[k]->is_optional() ? f.types[k]->elements[0] : f.types[k];
    if (type->is_tuple() && has_parts(type)) add(type, "value", pointee(f, k));
  }
  if (f.result && has_parts(f.result) && (f.result->is_tuple() || f.result->is_optional()))
    add(f.result, "value", result_type(f));
  return out;
}

std::string comment(const CPrototype& f) {
  std::string out = fmt::format("/* {}: {}(", f.place, f.kernel);
  for (size_t k = 0; k < f.types.size(); ++k)
    out += fmt::format("{}{}: {}", k ? ", " : "", f.parameters[k], sema::to_string(f.types[k]));
  return out + fmt::format(") -> {} */\n", f.result ? sema::to_string(f.result) : "None");
}

std::string prototype(const CPrototype& f) {
  std::string out = fmt::format("int32_t {}(kjit_ctx* context", f.name);
  for (size_t k = 0; k < f.types.size(); ++k) {
    if (form_of(f.types[k]) == Form::Value)
      out += fmt::format(", {} {}", c_type(f.types[k]->scalar), safe(f.parameters[k]));
    if (form_of(f.types[k]) == Form::Pointer)
      out += fmt::format(", const {}* {}", pointee(f, k), safe(f.parameters[k]));
  }
  if (has_parts(f.result)) out += fmt::format(", {}* result", result_type(f));
  return out + ");\n";
}

std::string cpp_function(const CPrototype& f) {
  const bool gives = has_parts(f.result);
  const bool owned = gives && f.result->is_array();
  std::string list, call;
  for (size_t k = 0; k < f.types.size(); ++k) {
    const Form form = form_of(f.types[k]);
    if (form == Form::None) continue;
    const std::string name = safe(f.parameters[k]);
    const bool optional = f.types[k]->is_optional();
    list +=
        fmt::format("{}{}{} {}", list.empty() ? "" : ", ", form == Form::Value ? "" : "const ",
                    form == Form::Value ? c_type(f.types[k]->scalar) : pointee(f, k) + (optional ? "*" : "&"), name);
    call += fmt::format(", {}{}", form == Form::Pointer && !optional ? "&" : "", name);
  }
  const std::string type = gives ? result_type(f) : "void";
  std::string out =
      fmt::format("inline {} {}({}) {{\n", owned ? fmt::format("kjit::aot::Owned<{}>", type) : type, f.name, list);
  if (gives) out += fmt::format("  {} result{{}};\n", type);
  out += fmt::format("  kjit::aot::check(::{}(nullptr{}{}));\n", f.name, call, gives ? ", &result" : "");
  if (gives) out += owned ? fmt::format("  return kjit::aot::Owned<{}>(result);\n", type) : "  return result;\n";
  return out + "}\n";
}

std::string identifier_of(const std::string& file) {
  std::string out;
  for (const char c : file) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain ? c : '_';
  }
  return out.empty() || (out[0] >= '0' && out[0] <= '9') ? "_" + out : out;
}

constexpr const char* kIntroduction =
    R"(/* Made by kjit for {}; see lang-spec/ahead-of-time.md. Link with -lkjit_rt, and -lm where code is linked statically.
 *
 * Each function returns KJIT_OK (0), or a kjit_status: then `result` is not written, and kjit_error_message(context) and
 * kjit_error_describe(context, ...) give the text. `context`: NULL for the calling thread's own, or one that this thread
 * made with kjit_context_new().
 *
 * Arrays are {{data, owner, shape, strides in bytes}}. As arguments they are borrowed; `owner` is NULL unless the kernel
 * may return a view of the argument, which is an error without one. Arrays in results are the caller's: it gives them back
 * with kjit_rt_release(result.owner). kjit_f64_2d_of(data, n, m) describes memory in C's order, kjit_f64_2d_fortran(data,
 * n, m) in Fortran's. Pointers may be NULL where the type is "... or None", and nowhere else.
 */
)";

}  // namespace

std::string c_problem(const CPrototype& function) {
  for (size_t k = 0; k < function.types.size(); ++k)
    if (!known(function.types[k]))
      return fmt::format("'{}' takes {} for '{}', which C cannot give", function.kernel,
                         sema::to_string(function.types[k]), function.parameters[k]);
  if (function.result && !known(function.result))
    return fmt::format("'{}' returns {}, which C cannot take", function.kernel, sema::to_string(function.result));
  return "";
}

bool is_c_identifier(std::string_view name) {
  static constexpr std::string_view kReserved[] = {"alignas",
                                                   "alignof",
                                                   "and",
                                                   "and_eq",
                                                   "asm",
                                                   "auto",
                                                   "bitand",
                                                   "bitor",
                                                   "bool",
                                                   "break",
                                                   "case",
                                                   "catch",
                                                   "char",
                                                   "class",
                                                   "co_await",
                                                   "co_return",
                                                   "co_yield",
                                                   "compl",
                                                   "complex",
                                                   "concept",
                                                   "const",
                                                   "const_cast",
                                                   "consteval",
                                                   "constexpr",
                                                   "constinit",
                                                   "continue",
                                                   "decltype",
                                                   "default",
                                                   "delete",
                                                   "do",
                                                   "double",
                                                   "dynamic_cast",
                                                   "else",
                                                   "enum",
                                                   "explicit",
                                                   "export",
                                                   "extern",
                                                   "false",
                                                   "float",
                                                   "for",
                                                   "friend",
                                                   "goto",
                                                   "if",
                                                   "inline",
                                                   "int",
                                                   "long",
                                                   "mutable",
                                                   "namespace",
                                                   "new",
                                                   "noexcept",
                                                   "not",
                                                   "not_eq",
                                                   "nullptr",
                                                   "operator",
                                                   "or",
                                                   "or_eq",
                                                   "private",
                                                   "protected",
                                                   "public",
                                                   "register",
                                                   "reinterpret_cast",
                                                   "requires",
                                                   "restrict",
                                                   "return",
                                                   "short",
                                                   "signed",
                                                   "sizeof",
                                                   "static",
                                                   "static_assert",
                                                   "static_cast",
                                                   "struct",
                                                   "switch",
                                                   "template",
                                                   "this",
                                                   "thread_local",
                                                   "throw",
                                                   "true",
                                                   "try",
                                                   "typedef",
                                                   "typeid",
                                                   "typename",
                                                   "union",
                                                   "unsigned",
                                                   "using",
                                                   "virtual",
                                                   "void",
                                                   "volatile",
                                                   "wchar_t",
                                                   "while",
                                                   "xor",
                                                   "xor_eq"};
  const auto letter = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (name.empty() || !letter(name[0])) return false;
  if (!std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); })) return false;
  return std::find(std::begin(kReserved), std::end(kReserved), name) == std::end(kReserved);
}

std::string c_header(const std::vector<CPrototype>& functions, const std::string& file, const std::string& output) {
  const std::string base = std::filesystem::path(file).filename().string();
  std::string guard = "KJIT_" + identifier_of(base);
  std::transform(guard.begin(), guard.end(), guard.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
  std::string out = fmt::format(fmt::runtime(kIntroduction), std::filesystem::path(output).filename().string());
  out += fmt::format("#ifndef {0}\n#define {0}\n\n#include <kjit_rt/aot.h>\n\n", guard);
  std::vector<TypeRef> arrays;
  for (const CPrototype& f : functions) {
    for (TypeRef t : f.types) collect_arrays(t, arrays);
    collect_arrays(f.result, arrays);
  }
  for (TypeRef t : arrays) out += define_array(t) + "\n";
  out += "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  for (const CPrototype& f : functions) out += comment(f) + typedefs(f) + prototype(f) + "\n";
  out += "#ifdef __cplusplus\n}  // extern \"C\"\n\n";
  std::string space = identifier_of(std::filesystem::path(base).stem().string());
  if (!is_c_identifier(space)) space += "_";
  while (std::any_of(functions.begin(), functions.end(), [&](const CPrototype& f) { return f.name == space; }))
    space += "_";
  out += fmt::format(
      "// The same with the thread's own context: failures are exceptions, kjit::aot::Error.\nnamespace {} {{\n",
      space);
  for (const CPrototype& f : functions) out += cpp_function(f);
  out += fmt::format("}}  // namespace {}\n#endif\n\n#endif\n", space);
  return out;
}

}  // namespace kjit::driver
