// Tuples and optionals: values are the parts of their elements in order.
#include "lower/function.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

struct Place {
  unsigned first, count;
};

Place element(TypeRef tuple, size_t index) {
  Place place{tuple->is_optional() ? 1u : 0u, 0};
  for (size_t k = 0; k < index; ++k) place.first += part_count(tuple->elements[k], Form::Inner);
  place.count = part_count(tuple->elements[index], Form::Inner);
  return place;
}

Parts slice(const Parts& parts, Place place) {
  return Parts(parts.begin() + place.first, parts.begin() + place.first + place.count);
}

Parts make_tuple(FunctionLowering& f, const Expr& e) {
  Parts out;
  for (size_t k = 0; k < e.args.size(); ++k) {
    const Parts value = f.value(e.args[k]);
    const bool typed = e.type->elements.size() == e.args.size();
    out.append(typed ? f.coerce(value, e.args[k]->type, e.type->elements[k]) : value);
  }
  return out;
}

Parts get(FunctionLowering& f, const Expr& e) {
  const Expr& tuple = *e.args[0];
  if (tuple.type->elements.empty()) return {f.value(&tuple)[e.index]};  // a range
  const Place place = element(tuple.type, e.index);
  if (tuple.op != Op::Var) return slice(f.value(&tuple), place);
  Parts out;
  for (unsigned k = 0; k < place.count; ++k) out.push_back(f.var_part(tuple.var, place.first + k));
  return out;
}

// A position known only when running: the elements go through memory; LLVM removes it when the position becomes known.
Parts at(FunctionLowering& f, const Expr& e) {
  auto& b = f.b;
  const TypeRef tuple = e.args[0]->type;
  const Parts parts = f.value(e.args[0]);
  V index = cast_scalar(f, f.value(e.args[1]), e.args[1]->type->scalar, Scalar::I64)[0];
  const PartList list = flatten(e.type, Form::Inner);
  Parts out;
  for (unsigned k = 0; k < list.size(); ++k) {
    llvm::Type* type = storage_type(f.context(), list[k]);
    V table = f.entry_alloca(llvm::ArrayType::get(type, tuple->elements.size()), "tuple");
    for (size_t j = 0; j < tuple->elements.size(); ++j) {
      f.store_part(parts[j * list.size() + k], b.CreateConstInBoundsGEP1_64(type, table, j), list[k]);
    }
    out.push_back(f.load_part(b.CreateInBoundsGEP(type, table, index), list[k]));
  }
  return out;
}

}  // namespace

Parts lower_aggregate(FunctionLowering& f, const Expr& e) {
  switch (e.op) {
    case Op::MakeTuple:
      return make_tuple(f, e);
    case Op::TupleGet:
      return get(f, e);
    case Op::TupleAt:
      return at(f, e);
    case Op::MakeSome:
      return f.coerce(f.value(e.args[0]), e.args[0]->type, e.type);
    case Op::HasValue:
      if (e.args[0]->op == Op::Var) return {f.var_part(e.args[0]->var, 0)};
      return {f.value(e.args[0])[0]};
    default:  // Unwrap
      return slice(f.value(e.args[0]), element(e.args[0]->type, 0));
  }
}

}  // namespace kjit::lower
