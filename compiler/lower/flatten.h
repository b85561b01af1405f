// Flattening: the machine components ("parts") of a value of a type. Two forms: Abi is the one of kjit_rt/abi.h;
// Inner is the one that lowering works with, where C and F arrays carry no strides (they follow from the shape) so that
// LLVM sees the index arithmetic.
#pragma once

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/Type.h>

#include "sema/types.h"

namespace kjit::lower {

using sema::Layout;
using sema::Scalar;
using sema::TypeKind;
using sema::TypeRef;

enum class PartKind : uint8_t { Number, Has, Data, Owner, Shape, Stride };

struct Part {
  PartKind kind = PartKind::Number;
  Scalar scalar = Scalar::I64;  // Number: never complex (a complex number is two parts)
};

enum class Form : uint8_t { Inner, Abi };

using PartList = llvm::SmallVector<Part, 8>;

PartList flatten(TypeRef type, Form form);
unsigned part_count(TypeRef type, Form form);
bool has_owner(TypeRef type);  // holds an array

bool is_bool(Part part);
int size_of(Part part);  // bytes in memory; also the natural alignment
// How a part is computed with (bool: i1) and how it is stored and passed (bool: i8).
llvm::Type* value_type(llvm::LLVMContext& context, Part part);
llvm::Type* storage_type(llvm::LLVMContext& context, Part part);

// Byte offsets of the ABI parts in the result buffer, and its size.
struct BufferLayout {
  llvm::SmallVector<int64_t, 8> offsets;
  int64_t size = 0;
};
BufferLayout buffer_layout(const PartList& parts);

}  // namespace kjit::lower
