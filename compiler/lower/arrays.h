// Array operands: the parts of a descriptor, fetched when they are needed, and the arithmetic of strides and addresses.
#pragma once

#include "lower/function.h"

namespace kjit::lower {

// An array expression. Of a variable, only the parts that are asked for are loaded.
class ArrayOperand {
 public:
  ArrayOperand(FunctionLowering& f, ExprRef e);
  ArrayOperand(FunctionLowering& f, PartsRef parts, TypeRef type);  // a computed one

  const sema::Type& type() const { return *type_; }
  int rank() const { return type_->rank; }
  llvm::Value* data() { return part(0); }
  llvm::Value* owner() { return part(1); }
  llvm::Value* shape(int axis) { return part(2 + static_cast<unsigned>(axis)); }
  llvm::Value* stride_bytes(int axis);     // computed for C and F
  llvm::Value* stride_elements(int axis);  // C and F only
  llvm::Value* size();                     // number of elements
  Parts parts();

 private:
  llvm::Value* part(unsigned k);

  FunctionLowering& f_;
  TypeRef type_;
  bool is_var_ = false;
  VarId var_ = 0;
  Parts parts_;  // null where not fetched yet
};

// Byte strides of a C or F array of this shape.
Parts contiguous_strides(FunctionLowering& f, const sema::Type& type, PartsRef shape);
llvm::Type* element_storage(FunctionLowering& f, Scalar element);
// Address of an element. `wrap`: bit k set when index k may be negative.
llvm::Value* element_address(FunctionLowering& f, ArrayOperand& array, PartsRef indices, uint32_t wrap);
Parts load_element(FunctionLowering& f, llvm::Value* address, Scalar element);
void store_element(FunctionLowering& f, llvm::Value* address, PartsRef value, Scalar element);
// The byte ranges of two arrays meet (an empty array meets nothing).
llvm::Value* arrays_overlap(FunctionLowering& f, ArrayOperand& x, ArrayOperand& y);
// Index k of an axis, with the axis length added when it is negative.
llvm::Value* wrapped(FunctionLowering& f, llvm::Value* index, llvm::Value* dim);

}  // namespace kjit::lower
