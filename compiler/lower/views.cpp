// Array expressions: properties and views. A view is a new descriptor of the same memory with the same owner.
#include "lower/arrays.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

V int64_value(FunctionLowering& f, ExprRef e) { return cast_scalar(f, f.value(e), e->type->scalar, Scalar::I64)[0]; }

Parts descriptor(const sema::Type& type, V data, V owner, const Parts& shape, const Parts& strides) {
  Parts out{data, owner};
  out.append(shape);
  if (type.layout == Layout::A) out.append(strides);
  return out;
}

// Basic indexing. The offset of plain indices stays in bounds; a slice may begin past the end when it is empty.
Parts view(FunctionLowering& f, const Expr& e) {
  auto& b = f.b;
  ArrayOperand a(f, e.args[0]);
  const bool result_strided = e.type->layout == Layout::A;
  const V bytes = f.int64(sema::size_of(a.type().scalar));
  const bool by_element = a.type().layout != Layout::A;
  auto unit_stride = [&](int axis) { return by_element ? a.stride_elements(axis) : a.stride_bytes(axis); };
  auto byte_stride = [&](int axis) { return result_strided ? a.stride_bytes(axis) : nullptr; };
  V offset = nullptr;
  bool in_bounds = true;
  auto advance = [&](V index, int axis) {
    V term = in_bounds ? b.CreateNSWMul(index, unit_stride(axis)) : b.CreateMul(index, unit_stride(axis));
    offset = offset ? b.CreateAdd(offset, term, "", false, in_bounds) : term;
  };
  for (kir::Component c : e.components) in_bounds = in_bounds && c != kir::Component::Slice;
  Parts shape, strides;
  size_t arg = 1;
  int axis = 0;
  for (kir::Component c : e.components) {
    switch (c) {
      case kir::Component::Index: {
        V index = int64_value(f, e.args[arg]);
        if (e.index >> (arg - 1) & 1) index = wrapped(f, index, a.shape(axis));
        advance(index, axis);
        ++arg, ++axis;
        break;
      }
      case kir::Component::Slice: {
        advance(int64_value(f, e.args[arg]), axis);
        shape.push_back(int64_value(f, e.args[arg + 1]));
        if (result_strided) strides.push_back(b.CreateMul(byte_stride(axis), int64_value(f, e.args[arg + 2])));
        arg += 3, ++axis;
        break;
      }
      case kir::Component::All:
        shape.push_back(a.shape(axis));
        strides.push_back(byte_stride(axis));
        ++axis;
        break;
      case kir::Component::NewAxis:
        shape.push_back(f.int64(1));
        strides.push_back(bytes);
        break;
    }
  }
  for (; axis < a.rank(); ++axis) {
    shape.push_back(a.shape(axis));
    strides.push_back(byte_stride(axis));
  }
  V data = a.data();
  if (offset) {
    llvm::Type* unit = by_element ? element_storage(f, a.type().scalar) : b.getInt8Ty();
    data = in_bounds ? b.CreateInBoundsGEP(unit, data, offset) : b.CreateGEP(unit, data, offset);
  }
  return descriptor(*e.type, data, a.owner(), shape, strides);
}

Parts transpose(FunctionLowering& f, const Expr& e) {
  ArrayOperand a(f, e.args[0]);
  Parts shape, strides;
  for (uint8_t axis : e.axes) {
    shape.push_back(a.shape(axis));
    if (e.type->layout == Layout::A) strides.push_back(a.stride_bytes(axis));
  }
  return descriptor(*e.type, a.data(), a.owner(), shape, strides);
}

Parts make_view(FunctionLowering& f, const Expr& e) {
  ArrayOperand a(f, e.args[0]);
  const unsigned rank = e.type->rank;
  V data = f.b.CreateGEP(f.b.getInt8Ty(), a.data(), int64_value(f, e.args[1]));
  Parts shape, strides;
  for (unsigned k = 0; k < rank; ++k) shape.push_back(int64_value(f, e.args[2 + k]));
  if (e.type->layout == Layout::A) {
    for (unsigned k = 0; k < rank; ++k) strides.push_back(int64_value(f, e.args[2 + rank + k]));
  }
  return descriptor(*e.type, data, a.owner(), shape, strides);
}

// The bytes [low, high) that an array's elements lie in.
struct Bytes {
  V low, high;
};
Bytes byte_range(FunctionLowering& f, ArrayOperand& a) {
  auto& b = f.b;
  V item = f.int64(sema::size_of(a.type().scalar));
  V base = b.CreatePtrToInt(a.data(), b.getInt64Ty());
  if (a.type().layout != Layout::A) return {base, b.CreateAdd(base, b.CreateMul(a.size(), item))};
  V low = base, high = b.CreateAdd(base, item);
  for (int k = 0; k < a.rank(); ++k) {
    V last = b.CreateMul(b.CreateSub(a.shape(k), f.int64(1)), a.stride_bytes(k));
    V negative = b.CreateICmpSLT(last, f.int64(0));
    low = b.CreateSelect(negative, b.CreateAdd(low, last), low);
    high = b.CreateSelect(negative, high, b.CreateAdd(high, last));
  }
  V empty = b.CreateICmpEQ(a.size(), f.int64(0));
  return {low, b.CreateSelect(empty, low, high)};
}

}  // namespace

llvm::Value* arrays_overlap(FunctionLowering& f, ArrayOperand& x, ArrayOperand& y) {
  auto& b = f.b;
  const Bytes p = byte_range(f, x), q = byte_range(f, y);
  V low = b.CreateBinaryIntrinsic(llvm::Intrinsic::umax, p.low, q.low);
  V high = b.CreateBinaryIntrinsic(llvm::Intrinsic::umin, p.high, q.high);
  return b.CreateICmpULT(low, high);
}

Parts lower_array(FunctionLowering& f, const Expr& e) {
  switch (e.op) {
    case Op::View:
      return view(f, e);
    case Op::Transpose:
      return transpose(f, e);
    case Op::MakeView:
      return make_view(f, e);
    case Op::Overlaps: {
      ArrayOperand x(f, e.args[0]), y(f, e.args[1]);
      return {arrays_overlap(f, x, y)};
    }
    default:
      break;
  }
  ArrayOperand a(f, e.args[0]);
  switch (e.op) {
    case Op::Dim:
      return {a.shape(static_cast<int>(e.index))};
    case Op::Stride:
      return {a.stride_bytes(static_cast<int>(e.index))};
    case Op::Size:
      return {a.size()};
    default:  // OwnerOf
      return {f.b.CreateIsNotNull(a.owner())};
  }
}

}  // namespace kjit::lower
