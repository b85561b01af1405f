// kind, numbers, text behind its length, number of elements, elements: "3 10 0 2 0 0 0: 0 ". A function is "@" and
// what stands for it, which ends with a blank.
#include "driver/type_text.h"

#include <fmt/format.h>

#include <charconv>

namespace kjit::driver {

namespace {

using sema::Type;
using sema::TypeKind;
using sema::TypeRef;

void list_parts(TypeRef type, std::vector<TypeRef>& out) {
  out.push_back(type);
  for (TypeRef element : type->elements) list_parts(element, out);
}

std::vector<TypeRef> parts_of(const std::vector<TypeRef>& arguments) {
  std::vector<TypeRef> out;
  for (TypeRef type : arguments) list_parts(type, out);
  return out;
}

// Of any type but a function's.
std::string head_of(const Type& type) {
  return fmt::format("{} {} {} {} {} {} {}:{}{} ", static_cast<int>(type.kind), static_cast<int>(type.scalar),
                     static_cast<int>(type.weak), type.rank, static_cast<int>(type.layout),
                     static_cast<int>(type.readonly), type.text.size(), type.text, type.elements.size());
}

class Reader {
 public:
  Reader(sema::TypeContext& types, std::string_view text, std::vector<TypeRef> parts)
      : types_(types), text_(text), parts_(std::move(parts)) {}
  TypeRef whole() {
    TypeRef type = next(0);
    return type && text_.empty() ? type : nullptr;
  }

 private:
  static constexpr int kDeepest = 64;

  bool number(uint64_t& out, uint64_t most, char end = ' ') {
    const auto read = std::from_chars(text_.data(), text_.data() + text_.size(), out);
    const auto used = static_cast<size_t>(read.ptr - text_.data());
    if (read.ec != std::errc() || used >= text_.size() || text_[used] != end || out > most) return false;
    text_.remove_prefix(used + 1);
    return true;
  }
  TypeRef next(int depth) {
    uint64_t k = 0;
    if (text_.starts_with('@')) {
      text_.remove_prefix(1);
      return number(k, parts_.size() - 1) && !parts_.empty() ? parts_[k] : nullptr;
    }
    Type type;
    uint64_t kind = 0, scalar = 0, weak = 0, rank = 0, layout = 0, readonly = 0, size = 0, elements = 0;
    if (depth > kDeepest || !number(kind, static_cast<uint64_t>(TypeKind::Generator)) ||
        !number(scalar, sema::kScalarCount - 1) || !number(weak, 1) || !number(rank, 255) || !number(layout, 2) ||
        !number(readonly, 1) || !number(size, text_.size(), ':') || size > text_.size())
      return nullptr;
    type.text = text_.substr(0, size);
    text_.remove_prefix(size);
    if (!number(elements, text_.size()) || kind == static_cast<uint64_t>(TypeKind::Function)) return nullptr;
    for (uint64_t i = 0; i < elements; ++i) {
      TypeRef element = next(depth + 1);
      if (!element) return nullptr;
      type.elements.push_back(element);
    }
    type.kind = static_cast<TypeKind>(kind), type.scalar = static_cast<sema::Scalar>(scalar), type.weak = weak != 0;
    type.rank = static_cast<uint8_t>(rank), type.layout = static_cast<sema::Layout>(layout);
    type.readonly = readonly != 0;
    return types_.intern(std::move(type));
  }

  sema::TypeContext& types_;
  std::string_view text_;
  std::vector<TypeRef> parts_;
};

}  // namespace

std::string type_text(TypeRef type, const std::function<std::string(const Type&)>& function) {
  std::string out = type->kind == TypeKind::Function ? "@" + function(*type) + " " : head_of(*type);
  for (TypeRef element : type->elements) out += type_text(element, function);
  return out;
}

std::string type_text(TypeRef type, const std::vector<TypeRef>& arguments) {
  const std::vector<TypeRef> parts = parts_of(arguments);
  const auto place = [&](TypeRef wanted) {
    for (size_t k = 0; k < parts.size(); ++k)
      if (parts[k] == wanted) return fmt::format("@{} ", k);
    return std::string();
  };
  std::vector<TypeRef> own;
  list_parts(type, own);
  bool has_function = false;
  for (TypeRef part : own) has_function = has_function || part->kind == TypeKind::Function;
  // A type with a function in it is one of the arguments', whole or part by part.
  if (!has_function) return type_text(type, [](const Type&) { return std::string(); });
  if (const std::string whole = place(type); !whole.empty() || type->kind == TypeKind::Function) return whole;
  std::string out = head_of(*type);
  for (TypeRef element : type->elements) {
    const std::string part = type_text(element, arguments);
    if (part.empty()) return {};
    out += part;
  }
  return out;
}

TypeRef type_of_text(sema::TypeContext& types, std::string_view text, const std::vector<TypeRef>& arguments) {
  return Reader(types, text, parts_of(arguments)).whole();
}

}  // namespace kjit::driver
