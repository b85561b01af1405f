// What the typing rules of built-ins share: reading of arguments, messages.
#include "sema/builtins_typing.h"

#include <fmt/format.h>

#include "sema/promotion.h"

namespace kjit::sema::typing {

std::string display_name(const Builtin& row) {
  std::string_view name = row.name;
  if (name.starts_with("numpy.")) return "np." + std::string(name.substr(6));
  if (name.starts_with("numba.cuda.")) return std::string(name.substr(6));
  for (std::string_view prefix : {"builtins.", "array.", "scalar."}) {
    if (name.starts_with(prefix)) return std::string(name.substr(prefix.size()));
  }
  return std::string(name);
}

std::string sort_of(TypeRef type) {
  switch (type->kind) {
    case TypeKind::None:
      return "None";
    case TypeKind::String:
      return "a string";
    case TypeKind::Array:
      return fmt::format("an {}", to_string(type));
    case TypeKind::Tuple:
      return "a tuple";
    case TypeKind::Scalar:
      return fmt::format("{} {}", to_string(type).starts_with('i') ? "an" : "a", to_string(type));
    case TypeKind::Function:
      return "a function";
    case TypeKind::Builtin:
      return "a built-in";
    case TypeKind::DType:
      return "a dtype";
    default:
      return to_string(type);
  }
}

TypeRef value_type(const CallTyping& call, size_t i) {
  if (!call.given(i)) return nullptr;
  TypeRef t = call.args[i].type;
  if (t->is_none()) return nullptr;
  return t->is_optional() ? t->elements[0] : t;
}

TypeRef wrong_type(CallTyping& call, size_t i, const char* wanted) {
  TypeRef t = call.args[i].type;
  std::string name = display_name(call.builtin);
  bool ufunc = std::string_view(call.builtin.name).starts_with("numpy.") || name == "abs" || name == "round";
  if (t->is_array() && ufunc) {
    call.diagnostics
        .report(source::Diag::not_supported, call.place(i),
                fmt::format("{} of an array (a whole-array expression)", name))
        .hint = "write a loop over its elements";
    return nullptr;
  }
  return call.fail(source::Diag::bad_argument, call.place(i),
                   fmt::format("{}() takes {}, not {}", name, wanted, sort_of(t)));
}

namespace {

template <typename Accept>
bool all_scalars(CallTyping& call, const char* wanted, Accept accept) {
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (!call.given(i)) continue;
    TypeRef t = value_type(call, i);
    if (t && t->is_scalar() && accept(t->scalar)) continue;
    wrong_type(call, i, wanted);
    return false;
  }
  return true;
}

}  // namespace

bool all_numbers(CallTyping& call) {
  return all_scalars(call, "a number", [](Scalar) { return true; });
}
bool all_real(CallTyping& call) {
  return all_scalars(call, "a real number", [](Scalar s) { return !is_complex(s); });
}
bool all_integers(CallTyping& call) {
  return all_scalars(call, "an integer", [](Scalar s) { return is_integer(s) || is_bool(s); });
}

bool at_least(CallTyping& call, size_t count) {
  if (call.args.size() >= count) return true;
  call.fail(source::Diag::wrong_argument_count, call.where,
            fmt::format("{}() takes at least {} argument{}, {} given", display_name(call.builtin), count,
                        count == 1 ? "" : "s", call.args.size()));
  return false;
}

TypeRef common_of(CallTyping& call) {
  TypeRef common = nullptr;
  for (size_t i = 0; i < call.args.size(); ++i) {
    TypeRef t = value_type(call, i);
    if (t) common = common ? common_type(call.types, common, t) : t;
  }
  return common;
}

TypeRef strong(TypeContext& types, TypeRef type) { return type->weak ? types.scalar(type->scalar) : type; }

int shape_rank(CallTyping& call, size_t i) {
  auto is_integral = [](TypeRef t) { return t->is_scalar() && (is_integer(t->scalar) || is_bool(t->scalar)); };
  TypeRef t = value_type(call, i);
  if (t && is_integral(t)) return 1;
  if (t && t->is_tuple()) {
    bool ok = true;
    for (TypeRef e : t->elements) ok = ok && is_integral(e);
    if (ok) return static_cast<int>(t->elements.size());
  }
  wrong_type(call, i, "a shape: an integer or a tuple of integers");
  return -1;
}

bool dtype_argument(CallTyping& call, size_t i, Scalar otherwise, Scalar& out) {
  out = otherwise;
  TypeRef t = value_type(call, i);
  if (!t) return true;
  if (t->kind == TypeKind::DType) {
    out = t->scalar;
    return true;
  }
  if (t->kind == TypeKind::Builtin && t->text.starts_with("builtins.") && parse_scalar(t->text.substr(9), out))
    return true;
  if (t->kind == TypeKind::String) {
    std::string_view name = t->text;
    if (name.starts_with("<") || name.starts_with("=") || name.starts_with("|")) name.remove_prefix(1);
    static constexpr std::pair<std::string_view, std::string_view> kCodes[] = {
        {"?", "bool"},   {"b", "int8"},    {"h", "int16"},   {"i", "int32"},     {"l", "int64"},
        {"q", "int64"},  {"B", "uint8"},   {"H", "uint16"},  {"I", "uint32"},    {"L", "uint64"},
        {"Q", "uint64"}, {"f", "float32"}, {"d", "float64"}, {"F", "complex64"}, {"D", "complex128"}};
    for (auto& [code, full] : kCodes) {
      if (name == code) name = full;
    }
    if (name != "float_" && parse_scalar(name, out)) return true;
    call.fail(source::Diag::bad_argument, call.place(i), fmt::format("there is no dtype '{}'", t->text));
    return false;
  }
  wrong_type(call, i, "a dtype");
  return false;
}

bool constant_bool(CallTyping& call, size_t i, bool otherwise, bool& out) {
  out = otherwise;
  if (!call.given(i)) return true;
  if (call.args[i].constant && call.args[i].constant->is_int()) {
    out = call.args[i].constant->as_int() != 0;
    return true;
  }
  call.fail(source::Diag::not_constant, call.place(i),
            fmt::format("this argument of {}()", display_name(call.builtin)));
  return false;
}

bool order_argument(CallTyping& call, size_t i, Layout otherwise, Layout& out) {
  out = otherwise;
  TypeRef t = value_type(call, i);
  if (!t) return true;
  if (t->kind == TypeKind::String) {
    if (t->text == "C") out = Layout::C;
    if (t->text == "F") out = Layout::F;
    if (t->text == "C" || t->text == "F" || t->text == "A" || t->text == "K") return true;
  }
  call.fail(source::Diag::bad_argument, call.place(i), std::string("order must be 'C', 'F', 'A' or 'K'"));
  return false;
}

Constant bool_constant(TypeContext& types, bool value) { return {types.boolean(), int64_t{value}}; }

}  // namespace kjit::sema::typing
