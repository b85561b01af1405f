#include "lower/flatten.h"

#include <llvm/Support/MathExtras.h>

namespace kjit::lower {

namespace {

void add_numbers(Scalar s, PartList& out) {
  const Part part{PartKind::Number, sema::real_of(s)};
  out.push_back(part);
  if (sema::is_complex(s)) out.push_back(part);
}

void add_array(const sema::Type& type, Form form, PartList& out) {
  out.push_back({PartKind::Data});
  out.push_back({PartKind::Owner});
  out.append(type.rank, Part{PartKind::Shape});
  if (form == Form::Abi || type.layout == Layout::A) out.append(type.rank, Part{PartKind::Stride});
}

void add(TypeRef type, Form form, PartList& out) {
  switch (type->kind) {
    case TypeKind::Scalar:
      return add_numbers(type->scalar, out);
    case TypeKind::Array:
      return add_array(*type, form, out);
    case TypeKind::Optional:
      out.push_back({PartKind::Has, Scalar::Bool});
      [[fallthrough]];
    case TypeKind::Tuple:
    case TypeKind::Function:
    case TypeKind::Enumerate:
    case TypeKind::Zip:
    case TypeKind::Flat:
    case TypeKind::Reversed:
    case TypeKind::NdIndex:
    case TypeKind::NdEnumerate:
    case TypeKind::Generator:
      for (TypeRef e : type->elements) add(e, form, out);
      return;
    case TypeKind::Range:
      out.append(3, Part{});
      return;
    case TypeKind::Unknown:
    case TypeKind::None:
    case TypeKind::String:
    case TypeKind::DType:
    case TypeKind::Builtin:
    case TypeKind::Slice:
    case TypeKind::Ellipsis:
      return;
  }
}

}  // namespace

PartList flatten(TypeRef type, Form form) {
  PartList out;
  add(type, form, out);
  return out;
}

unsigned part_count(TypeRef type, Form form) { return static_cast<unsigned>(flatten(type, form).size()); }

bool has_owner(TypeRef type) {
  if (type->is_array()) return true;
  for (TypeRef e : type->elements) {
    if (has_owner(e)) return true;
  }
  return false;
}

bool is_bool(Part part) {
  return part.kind == PartKind::Has || (part.kind == PartKind::Number && part.scalar == Scalar::Bool);
}

int size_of(Part part) {
  if (part.kind == PartKind::Number) return sema::size_of(part.scalar);
  return part.kind == PartKind::Has ? 1 : 8;
}

llvm::Type* value_type(llvm::LLVMContext& context, Part part) {
  return is_bool(part) ? llvm::Type::getInt1Ty(context) : storage_type(context, part);
}

llvm::Type* storage_type(llvm::LLVMContext& context, Part part) {
  if (part.kind == PartKind::Data || part.kind == PartKind::Owner) return llvm::PointerType::getUnqual(context);
  if (part.kind == PartKind::Number && part.scalar == Scalar::F32) return llvm::Type::getFloatTy(context);
  if (part.kind == PartKind::Number && part.scalar == Scalar::F64) return llvm::Type::getDoubleTy(context);
  return llvm::Type::getIntNTy(context, static_cast<unsigned>(size_of(part)) * 8);
}

BufferLayout buffer_layout(const PartList& parts) {
  BufferLayout layout;
  int64_t align = 1;
  for (Part part : parts) {
    const int size = size_of(part);
    layout.size = static_cast<int64_t>(llvm::alignTo(static_cast<uint64_t>(layout.size), static_cast<uint64_t>(size)));
    layout.offsets.push_back(layout.size);
    layout.size += size;
    align = std::max<int64_t>(align, size);
  }
  layout.size = static_cast<int64_t>(llvm::alignTo(static_cast<uint64_t>(layout.size), static_cast<uint64_t>(align)));
  return layout;
}

}  // namespace kjit::lower
