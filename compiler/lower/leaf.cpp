// Constants, variables; values of one type seen as another.
#include "lower/arrays.h"
#include "lower/function.h"
#include "lower/simulated.h"

namespace kjit::lower {

namespace {

Parts constant(FunctionLowering& f, const Expr& e) {
  const Scalar s = e.type->scalar;
  llvm::Type* type = f.type_of(sema::real_of(s));
  if (sema::is_complex(s)) {
    return {llvm::ConstantFP::get(type, e.constant.f[0]), llvm::ConstantFP::get(type, e.constant.f[1])};
  }
  if (sema::is_float(s)) return {llvm::ConstantFP::get(type, e.constant.f[0])};
  if (s == Scalar::Bool) return {f.b.getInt1(e.constant.i != 0)};
  return {llvm::ConstantInt::get(
      f.context(), llvm::APInt(type->getIntegerBitWidth(), static_cast<uint64_t>(e.constant.i), true, true))};
}

// The elements lie in the module's constant data. Nobody owns them: they live as long as the code.
Parts constant_array(FunctionLowering& f, const Expr& e) {
  const sema::ConstantArray& array = *f.module.kir().constant_arrays[e.index];
  Parts parts{f.module.constant_array(e.index), llvm::ConstantPointerNull::get(f.b.getPtrTy())};
  for (int64_t dim : array.shape) parts.push_back(f.int64(dim));
  if (e.type->layout == Layout::A) parts.append(contiguous_strides(f, *e.type, PartsRef(parts).drop_front(2)));
  return parts;
}

PartsRef take(PartsRef& parts, TypeRef type) {
  const unsigned n = part_count(type, Form::Inner);
  PartsRef head = parts.take_front(n);
  parts = parts.drop_front(n);
  return head;
}

}  // namespace

Parts lower_leaf(FunctionLowering& f, const Expr& e) {
  switch (e.op) {
    case Op::Const:
      return constant(f, e);
    case Op::Var:
      return f.var(e.var);
    case Op::ConstArray:
      return constant_array(f, e);
    case Op::DeviceIndex: {
      if (f.module.kir().simulated) return {simulated_place(f, e.index)};
      const char* name = kir::info(static_cast<kir::DeviceIndex>(e.index)).llvm;
      return {f.b.CreateIntrinsic(llvm::Intrinsic::lookupIntrinsicID(name), {})};
    }
    default:  // NoneValue (of an optional type: absent) and Undef
      return f.zeros(e.type);
  }
}

Parts FunctionLowering::coerce(PartsRef parts, TypeRef from, TypeRef to) {
  Parts same(parts.begin(), parts.end());
  if (from == to) return same;
  if (from->is_scalar() && to->is_scalar()) return cast_scalar(*this, parts, from->scalar, to->scalar);
  if (from->is_array() && to->is_array()) {
    const unsigned head = 2u + from->rank;
    if (to->layout != Layout::A) same.truncate(head);
    if (to->layout == Layout::A && from->layout != Layout::A) {
      same.append(contiguous_strides(*this, *from, parts.slice(2, from->rank)));
    }
    return same;
  }
  if (to->is_optional()) {
    if (from->is_none()) return zeros(to);
    Parts out;
    if (from->is_optional()) {
      out.push_back(parts[0]);
      out.append(coerce(parts.drop_front(), from->elements[0], to->elements[0]));
    } else {
      out.push_back(b.getTrue());
      out.append(coerce(parts, from, to->elements[0]));
    }
    return out;
  }
  if (from->is_optional()) return coerce(parts.drop_front(), from->elements[0], to);
  if (from->elements.size() == to->elements.size() && !to->elements.empty()) {
    Parts out;
    for (size_t k = 0; k < to->elements.size(); ++k) {
      out.append(coerce(take(parts, from->elements[k]), from->elements[k], to->elements[k]));
    }
    return out;
  }
  return same;
}

}  // namespace kjit::lower
