// New arrays, and whole-array fills and copies.
#include <kjit_rt/abi.h>

#include <algorithm>
#include <utility>

#include "lower/arrays.h"
#include "lower/device.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

V int64_value(FunctionLowering& f, ExprRef e) { return cast_scalar(f, f.value(e), e->type->scalar, Scalar::I64)[0]; }

// Bytes of an array of this shape; -1 when the number does not fit (the runtime raises MemoryError on it).
V byte_count(FunctionLowering& f, const sema::Type& type, PartsRef shape) {
  auto& b = f.b;
  V bytes = f.int64(sema::size_of(type.scalar));
  V overflow = b.getFalse();
  for (V dim : shape) {
    V both = b.CreateBinaryIntrinsic(llvm::Intrinsic::smul_with_overflow, bytes, dim);
    bytes = b.CreateExtractValue(both, 0);
    overflow = b.CreateOr(overflow, b.CreateExtractValue(both, 1));
  }
  return b.CreateSelect(overflow, f.int64(-1), bytes);
}

// The descriptor of a contiguous array.
Parts described(FunctionLowering& f, const sema::Type& type, V data, V owner, PartsRef shape) {
  Parts parts{data, owner};
  parts.append(shape.begin(), shape.end());
  if (type.layout == Layout::A) parts.append(contiguous_strides(f, type, shape));
  return parts;
}

V no_owner(FunctionLowering& f) { return llvm::ConstantPointerNull::get(f.b.getPtrTy()); }

// {data, owner}; null when there is no memory, which is then recorded as the context's error.
std::pair<V, V> new_block(FunctionLowering& f, const sema::Type& type, PartsRef shape, bool zero, source::Span span) {
  V slot = f.entry_alloca(f.b.getPtrTy(), "new.owner");
  V data = f.call(Rt::kjit_rt_alloc,
                  {f.ctx(), byte_count(f, type, shape), f.b.getInt32(zero ? 1 : 0), slot, f.location(span)});
  return {data, f.b.CreateLoad(f.b.getPtrTy(), slot)};
}

void leave_without(FunctionLowering& f, V data) {
  llvm::BasicBlock* cold = f.new_block("no_memory");
  f.branch_cold(f.b.CreateIsNull(data), cold);
  llvm::BasicBlock* go_on = f.b.GetInsertBlock();
  f.start(cold);
  f.leave(f.b.getInt32(KJIT_MEMORY_ERROR));
  f.start(go_on);
}

// {data, owner, shape...}. Leaves with MemoryError when there is none.
Parts allocate(FunctionLowering& f, const sema::Type& type, PartsRef shape, bool zero, source::Span span) {
  const auto [data, owner] = new_block(f, type, shape, zero, span);
  leave_without(f, data);
  return described(f, type, data, owner, shape);
}

// The memory of an Alloc or Copy, where it says.
Parts memory_for(FunctionLowering& f, const Stmt& s, const sema::Type& type, PartsRef shape, bool zero) {
  auto& b = f.b;
  if (s.memory == kir::Memory::Own) return allocate(f, type, shape, zero, s.span);
  const llvm::Align align(static_cast<uint64_t>(sema::size_of(sema::real_of(type.scalar))));
  V data = nullptr, bytes = nullptr;
  if (s.memory == kir::Memory::Dynamic) {
    data = shared_memory(f, {}, 0);
    bytes = byte_count(f, type, shape);
  } else if (s.memory == kir::Memory::Stack || s.memory == kir::Memory::Shared) {
    uint64_t size = static_cast<uint64_t>(sema::size_of(type.scalar));
    for (V n : shape) size *= llvm::cast<llvm::ConstantInt>(n)->getZExtValue();
    if (s.memory == kir::Memory::Shared)
      return described(f, type, shared_memory(f, f.kir.vars[s.var].name, std::max<uint64_t>(size, 1)), no_owner(f),
                       shape);
    data = f.entry_alloca(llvm::ArrayType::get(b.getInt8Ty(), std::max<uint64_t>(size, 1)), f.kir.vars[s.var].name,
                          size >= 32 ? 32 : 16);
    bytes = f.int64(static_cast<int64_t>(size));
  } else {
    data = f.var_part(s.array->var, 0);
    leave_without(f, data);
    bytes = byte_count(f, type, shape);
  }
  if (zero) b.CreateMemSet(data, b.getInt8(0), bytes, align);
  return described(f, type, data, no_owner(f), shape);
}

// for k in range(n): body(k); in rotated form.
template <typename Body>
void counted(FunctionLowering& f, V n, Body body) {
  auto& b = f.b;
  llvm::BasicBlock* before = b.GetInsertBlock();
  llvm::BasicBlock* loop = f.new_block("each");
  llvm::BasicBlock* after = f.new_block("each.after");
  b.CreateCondBr(b.CreateICmpSGT(n, f.int64(0)), loop, after);
  f.start(loop);
  llvm::PHINode* k = b.CreatePHI(b.getInt64Ty(), 2);
  k->addIncoming(f.int64(0), before);
  body(k);
  V next = b.CreateAdd(k, f.int64(1), "", true, true);
  k->addIncoming(next, b.GetInsertBlock());
  b.CreateCondBr(b.CreateICmpSLT(next, n), loop, after);
  f.start(after);
}

// Visits every index of an array, the axis that is innermost in memory innermost.
template <typename Body>
void each_index(FunctionLowering& f, ArrayOperand& a, Body body) {
  Parts index(static_cast<size_t>(a.rank()), nullptr);
  auto nest = [&](auto& self, int depth) -> void {
    if (depth == a.rank()) return body(PartsRef(index));
    const int axis = a.type().layout == Layout::F ? a.rank() - 1 - depth : depth;
    counted(f, a.shape(axis), [&](V k) {
      index[static_cast<size_t>(axis)] = k;
      self(self, depth + 1);
    });
  };
  nest(nest, 0);
}

void fill(FunctionLowering& f, ArrayOperand& a, PartsRef value) {
  a.parts();  // fetched before the loops
  const Scalar element = a.type().scalar;
  if (a.type().layout != Layout::A) {  // one flat loop
    counted(f, a.size(), [&](V k) {
      store_element(f, f.b.CreateInBoundsGEP(element_storage(f, element), a.data(), k), value, element);
    });
    return;
  }
  each_index(f, a, [&](PartsRef index) { store_element(f, element_address(f, a, index, 0), value, element); });
}

bool same_form(const sema::Type& x, const sema::Type& y) {
  return x.scalar == y.scalar && x.layout == y.layout && x.layout != Layout::A;
}

V byte_size(FunctionLowering& f, ArrayOperand& a) {
  return f.b.CreateMul(a.size(), f.int64(sema::size_of(a.type().scalar)), "", true, true);
}

// Element by element; the two do not overlap, or are the same memory in the same order.
void copy_elements(FunctionLowering& f, ArrayOperand& to, ArrayOperand& from) {
  to.parts();
  from.parts();
  const Scalar target = to.type().scalar, source = from.type().scalar;
  const llvm::Align align(static_cast<uint64_t>(sema::size_of(sema::real_of(target))));
  if (same_form(to.type(), from.type())) {
    f.b.CreateMemCpy(to.data(), align, from.data(), align, byte_size(f, to));
    return;
  }
  each_index(f, to, [&](PartsRef index) {
    const Parts value = load_element(f, element_address(f, from, index, 0), source);
    store_element(f, element_address(f, to, index, 0), cast_scalar(f, value, source, target), target);
  });
}

}  // namespace

void lower_alloc(FunctionLowering& f, const Stmt& s) {
  const TypeRef type = f.kir.vars[s.var].type;
  Parts shape;
  for (ExprRef e : s.exprs) shape.push_back(int64_value(f, e));
  if (s.ahead) {
    f.set_place(s.span);
    const auto [data, owner] = new_block(f, *type, shape, false, s.span);
    return f.take_over(s.var, described(f, *type, data, owner, shape));
  }
  Parts value;
  if (s.fill == kir::Fill::Value) {
    value = cast_scalar(f, f.value(s.expr), s.expr->type->scalar, type->scalar);
  }
  f.set_place(s.span);
  const Parts parts = memory_for(f, s, *type, shape, s.fill == kir::Fill::Zeros);
  s.memory == kir::Memory::Own ? f.take_over(s.var, parts) : f.give(s.var, parts);
  if (s.fill == kir::Fill::Value) {
    ArrayOperand array(f, parts, type);
    fill(f, array, value);
  }
}

void lower_copy(FunctionLowering& f, const Stmt& s) {
  const TypeRef type = f.kir.vars[s.var].type;
  ArrayOperand from(f, s.expr);
  from.parts();
  Parts shape;
  for (int k = 0; k < from.rank(); ++k) {
    const bool known = s.memory == kir::Memory::Stack;
    shape.push_back(known ? int64_value(f, s.exprs[static_cast<size_t>(k)]) : from.shape(k));
  }
  const Parts parts = memory_for(f, s, *type, shape, false);
  ArrayOperand to(f, parts, type);
  copy_elements(f, to, from);
  // Last: the old value may be what was copied.
  s.memory == kir::Memory::Own ? f.take_over(s.var, parts) : f.give(s.var, parts);
}

void lower_fill_array(FunctionLowering& f, const Stmt& s) {
  ArrayOperand a(f, s.array);
  const Parts value = cast_scalar(f, f.value(s.expr), s.expr->type->scalar, a.type().scalar);
  f.set_place(s.span);
  fill(f, a, value);
}

// Where the two overlap, the source is copied first. Contiguous arrays of one type are one memmove.
void lower_copy_array(FunctionLowering& f, const Stmt& s) {
  auto& b = f.b;
  ArrayOperand to(f, s.array), from(f, s.expr);
  to.parts();
  from.parts();
  f.set_place(s.span);
  if (same_form(to.type(), from.type())) {
    const llvm::Align align(static_cast<uint64_t>(sema::size_of(sema::real_of(to.type().scalar))));
    b.CreateMemMove(to.data(), align, from.data(), align, byte_size(f, to));
    return;
  }
  if (s.fresh) return copy_elements(f, to, from);
  llvm::BasicBlock* shared = f.new_block("copy.shared");
  llvm::BasicBlock* after = llvm::BasicBlock::Create(f.context(), "copy.after");
  f.branch_cold(arrays_overlap(f, to, from), shared);
  copy_elements(f, to, from);
  b.CreateBr(after);
  f.start(shared);
  sema::Type plain = from.type();
  plain.layout = Layout::C;
  Parts shape;
  for (int k = 0; k < from.rank(); ++k) shape.push_back(from.shape(k));
  const Parts parts = allocate(f, plain, shape, false, s.span);
  ArrayOperand copy(f, parts, &plain);
  copy_elements(f, copy, from);
  copy_elements(f, to, copy);
  f.release(parts, &plain);
  b.CreateBr(after);
  after->insertInto(shared->getParent());
  f.start(after);
}

}  // namespace kjit::lower
