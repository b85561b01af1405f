// Erases from types what only inference needs.
#include "kir/machine_type.h"

namespace kjit::kir {

using sema::TypeContext;
using sema::TypeKind;
using sema::TypeRef;

bool is_machine_type(TypeRef type) {
  switch (type->kind) {
    case TypeKind::None:
    case TypeKind::Array:
      return true;
    case TypeKind::Scalar:
      return !type->weak;
    case TypeKind::Optional:
    case TypeKind::Tuple:
      for (TypeRef e : type->elements) {
        if (!is_machine_type(e)) return false;
      }
      return true;
    default:
      return false;
  }
}

TypeRef machine_type(TypeContext& types, TypeRef type) {
  if (is_machine_type(type)) return type;
  std::vector<TypeRef> parts;
  for (TypeRef e : type->elements) parts.push_back(machine_type(types, e));
  switch (type->kind) {
    case TypeKind::Scalar:
      return types.scalar(type->scalar);
    case TypeKind::Optional:
      // An optional without run-time part still has to say whether it is there.
      return parts[0]->is_none() ? types.optional(types.tuple({})) : types.optional(parts[0]);
    case TypeKind::Flat:
    case TypeKind::Reversed:
    case TypeKind::NdIndex:
    case TypeKind::NdEnumerate:
    case TypeKind::Generator:
      return parts[0];
    case TypeKind::Range:
      return types.homogeneous(types.int64(), 3);
    case TypeKind::Enumerate:
      return types.tuple({parts[0], types.int64()});
    case TypeKind::Function:
      if (parts.empty()) return types.none();
      [[fallthrough]];
    case TypeKind::Tuple:
    case TypeKind::Zip:
      return types.tuple(std::move(parts));
    default:
      return types.none();
  }
}

}  // namespace kjit::kir
