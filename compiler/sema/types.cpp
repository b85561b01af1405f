// Interning of types, their names, and their text.
#include "sema/types.h"

#include <fmt/format.h>

#include <deque>
#include <functional>
#include <mutex>
#include <unordered_map>

#include "parse/ast.h"

namespace kjit::sema {

namespace {

struct ScalarRow {
  std::string_view name;
  int size;
};
constexpr ScalarRow kScalars[kScalarCount] = {
    {"bool", 1},   {"int8", 1},   {"int16", 2},   {"int32", 4},   {"int64", 8},     {"uint8", 1},       {"uint16", 2},
    {"uint32", 4}, {"uint64", 8}, {"float32", 4}, {"float64", 8}, {"complex64", 8}, {"complex128", 16},
};

// Other names of NumPy and Numba. `float_` is Numba's (float32): NumPy removed its own.
struct Alias {
  std::string_view name;
  Scalar scalar;
};
constexpr Alias kAliases[] = {
    {"bool_", Scalar::Bool}, {"boolean", Scalar::Bool}, {"b1", Scalar::Bool},       {"bool8", Scalar::Bool},
    {"i1", Scalar::I8},      {"byte", Scalar::I8},      {"char", Scalar::I8},       {"i2", Scalar::I16},
    {"short", Scalar::I16},  {"i4", Scalar::I32},       {"intc", Scalar::I32},      {"i8", Scalar::I64},
    {"int_", Scalar::I64},   {"intp", Scalar::I64},     {"int", Scalar::I64},       {"long", Scalar::I64},
    {"long_", Scalar::I64},  {"longlong", Scalar::I64}, {"ssize_t", Scalar::I64},   {"u1", Scalar::U8},
    {"ubyte", Scalar::U8},   {"uchar", Scalar::U8},     {"u2", Scalar::U16},        {"ushort", Scalar::U16},
    {"u4", Scalar::U32},     {"uintc", Scalar::U32},    {"u8", Scalar::U64},        {"uint", Scalar::U64},
    {"uintp", Scalar::U64},  {"ulong", Scalar::U64},    {"ulonglong", Scalar::U64}, {"size_t", Scalar::U64},
    {"f4", Scalar::F32},     {"single", Scalar::F32},   {"float_", Scalar::F32},    {"f8", Scalar::F64},
    {"double", Scalar::F64}, {"float", Scalar::F64},    {"c8", Scalar::C64},        {"csingle", Scalar::C64},
    {"c16", Scalar::C128},   {"cdouble", Scalar::C128}, {"complex", Scalar::C128},  {"complex_", Scalar::C128},
};

std::string_view weak_name(Scalar s) {
  return s == Scalar::I64 ? "int" : s == Scalar::F64 ? "float" : s == Scalar::C128 ? "complex" : name_of(s);
}

Type make(TypeKind kind, Scalar scalar = Scalar::I64) {
  Type t;
  t.kind = kind;
  t.scalar = scalar;
  return t;
}

size_t hash_of(const Type& t) {
  size_t h = 0;
  auto mix = [&h](size_t v) { h = (h ^ v) * 0x9E3779B97F4A7C15ull + (h >> 29); };
  mix(static_cast<size_t>(t.kind));
  mix(static_cast<size_t>(t.scalar) | (t.weak ? 0x100 : 0) | (t.readonly ? 0x200 : 0));
  mix(t.rank | static_cast<size_t>(t.layout) << 8);
  for (TypeRef e : t.elements) mix(std::hash<const void*>()(e));
  mix(std::hash<const void*>()(t.function));
  mix(std::hash<const void*>()(t.globals));
  mix(std::hash<std::string>()(t.text));
  return h;
}

std::string join(const std::vector<TypeRef>& types, std::string (*text)(TypeRef)) {
  std::string out;
  for (TypeRef t : types) {
    if (!out.empty()) out += ", ";
    out += text(t);
  }
  return out;
}

std::string array_text(const Type& t) {
  const char* layout = t.layout == Layout::C ? "C" : t.layout == Layout::F ? "F" : "A";
  return fmt::format("{}array({}, {}d, {})", t.readonly ? "readonly " : "", name_of(t.scalar), t.rank, layout);
}

std::string function_name(const Type& t) { return t.function ? std::string(t.function->name) : "<lambda>"; }

std::string numba_name(TypeRef type) {
  switch (type->kind) {
    case TypeKind::Scalar:
      return type->weak ? fmt::format("py{}", weak_name(type->scalar)) : std::string(name_of(type->scalar));
    case TypeKind::None:
      return "none";
    case TypeKind::Tuple: {
      bool same = !type->elements.empty();
      for (TypeRef e : type->elements) same = same && e == type->elements[0];
      if (same) return fmt::format("UniTuple({} x {})", numba_name(type->elements[0]), type->elements.size());
      return fmt::format("Tuple({})", join(type->elements, numba_name));
    }
    case TypeKind::Optional:
      return fmt::format("OptionalType({})", numba_name(type->elements[0]));
    case TypeKind::DType:
      return fmt::format("class({})", name_of(type->scalar));
    case TypeKind::String:
      return fmt::format("Literal[str]({})", type->text);
    case TypeKind::Function:
      return type->elements.empty()
                 ? fmt::format("function({})", function_name(*type))
                 : fmt::format("closure({}; {})", function_name(*type), join(type->elements, numba_name));
    default:
      return to_string(type);
  }
}

}  // namespace

int size_of(Scalar s) { return kScalars[static_cast<int>(s)].size; }
std::string_view name_of(Scalar s) { return kScalars[static_cast<int>(s)].name; }

bool parse_scalar(std::string_view name, Scalar& out) {
  for (int i = 0; i < kScalarCount; ++i) {
    if (kScalars[i].name == name) {
      out = static_cast<Scalar>(i);
      return true;
    }
  }
  for (const Alias& alias : kAliases) {
    if (alias.name == name) {
      out = alias.scalar;
      return true;
    }
  }
  return false;
}

struct TypeContext::Impl {
  std::mutex mutex;
  std::deque<Type> types;
  std::unordered_multimap<size_t, TypeRef> by_hash;
};

TypeContext::TypeContext() : impl_(std::make_unique<Impl>()) {
  unknown_ = intern(make(TypeKind::Unknown));
  none_ = intern(make(TypeKind::None));
  for (int i = 0; i < kScalarCount; ++i) scalars_[i] = intern(make(TypeKind::Scalar, static_cast<Scalar>(i)));
  auto weak = [this](Scalar s) {
    Type t = make(TypeKind::Scalar, s);
    t.weak = true;
    return intern(std::move(t));
  };
  py_int_ = weak(Scalar::I64);
  py_float_ = weak(Scalar::F64);
  py_complex_ = weak(Scalar::C128);
}

TypeContext::~TypeContext() = default;

TypeRef TypeContext::intern(Type type) {
  const size_t hash = hash_of(type);
  const std::lock_guard lock(impl_->mutex);
  auto [begin, end] = impl_->by_hash.equal_range(hash);
  for (auto it = begin; it != end; ++it) {
    if (*it->second == type) return it->second;
  }
  impl_->types.push_back(std::move(type));
  TypeRef made = &impl_->types.back();
  impl_->by_hash.emplace(hash, made);
  return made;
}

TypeRef TypeContext::array(Scalar element, int rank, Layout layout, bool readonly) {
  if (rank == 0 || (rank == 1 && layout == Layout::F)) layout = Layout::C;
  Type t = make(TypeKind::Array, element);
  t.rank = static_cast<uint8_t>(rank);
  t.layout = layout;
  t.readonly = readonly;
  return intern(std::move(t));
}

TypeRef TypeContext::tuple(std::vector<TypeRef> elements) {
  Type t = make(TypeKind::Tuple);
  t.elements = std::move(elements);
  return intern(std::move(t));
}

TypeRef TypeContext::homogeneous(TypeRef element, int count) {
  return tuple(std::vector<TypeRef>(static_cast<size_t>(count), element));
}

TypeRef TypeContext::optional(TypeRef value) {
  if (value->is_none() || value->is_optional()) return value;
  Type t = make(TypeKind::Optional);
  t.elements = {value};
  return intern(std::move(t));
}

TypeRef TypeContext::dtype(Scalar s) { return intern(make(TypeKind::DType, s)); }

TypeRef TypeContext::string(std::string_view text) {
  Type t = make(TypeKind::String);
  t.text = text;
  return intern(std::move(t));
}

TypeRef TypeContext::generator() {
  Type t = make(TypeKind::Generator);
  t.elements = {array(Scalar::U64, 1, Layout::C)};
  return intern(std::move(t));
}

TypeRef TypeContext::builtin(std::string_view canonical_name) {
  Type t = make(TypeKind::Builtin);
  t.text = canonical_name;
  return intern(std::move(t));
}

TypeRef TypeContext::function(const ast::FunctionDef* def, const Globals* globals, std::vector<TypeRef> captures) {
  Type t = make(TypeKind::Function);
  t.elements = std::move(captures);
  t.function = def;
  t.globals = globals;
  return intern(std::move(t));
}

namespace {

constexpr int kLongestText = 120;  // characters of a type in messages; what is longer is cut short

std::string text_of(TypeRef type, int room);

// Until the room is used up: "int64, float64, ... and 12 more".
std::string list_text(const std::vector<TypeRef>& types, int room) {
  std::string out;
  for (size_t i = 0; i < types.size(); ++i) {
    if (i > 0) out += ", ";
    const int left = room - static_cast<int>(out.size());
    if (left <= 0) return out + (i > 0 ? fmt::format("... and {} more", types.size() - i) : "...");
    out += text_of(types[i], left);
  }
  return out;
}

std::string text_of(TypeRef type, int room) {
  const Type& t = *type;
  switch (t.kind) {
    case TypeKind::Unknown:
      return "unknown";
    case TypeKind::None:
      return "None";
    case TypeKind::Scalar:
      return t.weak ? fmt::format("{} (Python)", weak_name(t.scalar)) : std::string(name_of(t.scalar));
    case TypeKind::Array:
      return array_text(t);
    case TypeKind::Tuple:
      return fmt::format("tuple({})", list_text(t.elements, room - 7));
    case TypeKind::Optional:
      return fmt::format("{} or None", text_of(t.elements[0], room - 8));
    case TypeKind::String:
      return "str";
    case TypeKind::DType:
      return fmt::format("dtype({})", name_of(t.scalar));
    case TypeKind::Function:
      return fmt::format("function {}", function_name(t));
    case TypeKind::Builtin:
      return t.text;
    case TypeKind::Slice:
      return "slice";
    case TypeKind::Ellipsis:
      return "ellipsis";
    case TypeKind::Range:
      return "range";
    case TypeKind::Enumerate:
      return fmt::format("enumerate({})", text_of(t.elements[0], room - 11));
    case TypeKind::Zip:
      return fmt::format("zip({})", list_text(t.elements, room - 5));
    case TypeKind::Flat:
      return fmt::format("flat iterator of {}", to_string(t.elements[0]));
    case TypeKind::Reversed:
      return fmt::format("reversed({})", text_of(t.elements[0], room - 10));
    case TypeKind::NdIndex:
      return fmt::format("np.ndindex over {} axes", t.elements[0]->elements.size());
    case TypeKind::Generator:
      return "np.random.Generator";
    case TypeKind::NdEnumerate:
      return fmt::format("np.ndenumerate({})", to_string(t.elements[0]));
  }
  return "unknown";
}

}  // namespace

std::string to_string(TypeRef type) { return text_of(type, kLongestText); }

std::string signature_string(std::span<const TypeRef> types) {
  return fmt::format("({})", join({types.begin(), types.end()}, numba_name));
}

}  // namespace kjit::sema
