// Elements of arrays: addresses, loads, stores.
#include <algorithm>

#include "lower/arrays.h"
#include "lower/simulated.h"

namespace kjit::lower {

ArrayOperand::ArrayOperand(FunctionLowering& f, ExprRef e) : f_(f), type_(e->type) {
  parts_.resize(part_count(type_, Form::Inner));
  if (e->op == Op::Var) {
    is_var_ = true;
    var_ = e->var;
  } else {
    parts_ = f.value(e);
  }
}

ArrayOperand::ArrayOperand(FunctionLowering& f, PartsRef parts, TypeRef type)
    : f_(f), type_(type), parts_(parts.begin(), parts.end()) {}

llvm::Value* ArrayOperand::part(unsigned k) {
  if (parts_[k] == nullptr) parts_[k] = f_.var_part(var_, k);
  return parts_[k];
}

Parts ArrayOperand::parts() {
  for (unsigned k = 0; k < parts_.size(); ++k) part(k);
  return parts_;
}

llvm::Value* ArrayOperand::stride_elements(int axis) {
  llvm::Value* stride = nullptr;
  const bool c = type_->layout == Layout::C;
  for (int k = c ? axis + 1 : 0; k < (c ? rank() : axis); ++k) {
    stride = stride ? f_.b.CreateMul(stride, shape(k), "", true, true) : shape(k);
  }
  return stride ? stride : f_.int64(1);
}

llvm::Value* ArrayOperand::stride_bytes(int axis) {
  if (type_->layout == Layout::A) return part(2u + static_cast<unsigned>(rank() + axis));
  return f_.b.CreateMul(stride_elements(axis), f_.int64(sema::size_of(type_->scalar)), "", true, true);
}

llvm::Value* ArrayOperand::size() {
  llvm::Value* n = nullptr;
  for (int k = 0; k < rank(); ++k) n = n ? f_.b.CreateMul(n, shape(k), "", true, true) : shape(k);
  return n ? n : f_.int64(1);
}

Parts contiguous_strides(FunctionLowering& f, const sema::Type& type, PartsRef shape) {
  Parts strides(type.rank, nullptr);
  llvm::Value* next = f.int64(sema::size_of(type.scalar));
  for (unsigned k = 0; k < type.rank; ++k) {
    const unsigned axis = type.layout == Layout::F ? k : type.rank - 1 - k;
    strides[axis] = next;
    if (k + 1u < type.rank) next = f.b.CreateMul(next, shape[axis], "", true, true);
  }
  return strides;
}

llvm::Type* element_storage(FunctionLowering& f, Scalar element) {
  llvm::Type* real = storage_type(f.context(), {PartKind::Number, sema::real_of(element)});
  return sema::is_complex(element) ? llvm::StructType::get(f.context(), {real, real}) : real;
}

llvm::Value* wrapped(FunctionLowering& f, llvm::Value* index, llvm::Value* dim) {
  llvm::Value* negative = f.b.CreateICmpSLT(index, f.int64(0));
  return f.b.CreateSelect(negative, f.b.CreateAdd(index, dim), index);
}

llvm::Value* element_address(FunctionLowering& f, ArrayOperand& array, PartsRef indices, uint32_t wrap) {
  auto& b = f.b;
  const sema::Type& type = array.type();
  Parts at(indices.begin(), indices.end());
  for (unsigned k = 0; k < at.size(); ++k) {
    if (wrap >> k & 1) at[k] = wrapped(f, at[k], array.shape(static_cast<int>(k)));
  }
  if (at.empty()) return array.data();
  if (type.layout == Layout::A) {
    llvm::Value* offset = nullptr;
    for (unsigned k = 0; k < at.size(); ++k) {
      llvm::Value* term = b.CreateNSWMul(at[k], array.stride_bytes(static_cast<int>(k)));
      offset = offset ? b.CreateNSWAdd(offset, term) : term;
    }
    return b.CreateInBoundsGEP(b.getInt8Ty(), array.data(), offset);
  }
  // ((i0 * n1 + i1) * n2 + i2): what C compilers see for row-major arrays. Indices are in range, so nothing overflows.
  if (type.layout == Layout::F) std::reverse(at.begin(), at.end());
  llvm::Value* offset = at[0];
  for (unsigned k = 1; k < at.size(); ++k) {
    const int axis = type.layout == Layout::C ? static_cast<int>(k) : static_cast<int>(at.size() - 1 - k);
    offset = b.CreateAdd(b.CreateMul(offset, array.shape(axis), "", true, true), at[k], "", true, true);
  }
  return b.CreateGEP(element_storage(f, type.scalar), array.data(), offset, "",
                     llvm::GEPNoWrapFlags::inBounds() | llvm::GEPNoWrapFlags::noUnsignedWrap());
}

Parts load_element(FunctionLowering& f, llvm::Value* address, Scalar element) {
  const Part part{PartKind::Number, sema::real_of(element)};
  Parts parts{f.load_part(address, part)};
  if (sema::is_complex(element)) {
    llvm::Value* imag = f.b.CreateConstInBoundsGEP1_64(f.b.getInt8Ty(), address, static_cast<uint64_t>(size_of(part)));
    parts.push_back(f.load_part(imag, part));
  }
  return parts;
}

void store_element(FunctionLowering& f, llvm::Value* address, PartsRef value, Scalar element) {
  const Part part{PartKind::Number, sema::real_of(element)};
  f.store_part(value[0], address, part);
  if (sema::is_complex(element)) {
    llvm::Value* imag = f.b.CreateConstInBoundsGEP1_64(f.b.getInt8Ty(), address, static_cast<uint64_t>(size_of(part)));
    f.store_part(value[1], imag, part);
  }
}

namespace {

llvm::Value* index_value(FunctionLowering& f, ExprRef e) {
  return cast_scalar(f, f.value(e), e->type->scalar, Scalar::I64)[0];
}

}  // namespace

Parts lower_memory(FunctionLowering& f, const Expr& e) {
  ArrayOperand array(f, e.args[0]);
  Parts indices;
  for (size_t k = 1; k < e.args.size(); ++k) indices.push_back(index_value(f, e.args[k]));
  f.set_place(e.span);
  llvm::Value* address = element_address(f, array, indices, e.index);
  if (f.module.kir().simulated) watch(f, Rt::kjit_sim_read, address, array.type().scalar, e.span);
  return load_element(f, address, array.type().scalar);
}

void lower_store(FunctionLowering& f, const Stmt& s) {
  ArrayOperand array(f, s.array);
  Parts indices;
  for (ExprRef e : s.exprs) indices.push_back(index_value(f, e));
  const Scalar element = array.type().scalar;
  const Parts value = cast_scalar(f, f.value(s.expr), s.expr->type->scalar, element);
  f.set_place(s.span);
  llvm::Value* address = element_address(f, array, indices, s.wrap);
  store_element(f, address, value, element);
  if (f.module.kir().simulated) watch(f, Rt::kjit_sim_write, address, element, s.span);
}

}  // namespace kjit::lower
