// Expressions and statements of kernel IR, with folding of the trivial cases.
#include "kirgen/builder.h"

#include <kjit_rt/abi.h>

#include <cmath>

#include "kir/machine_type.h"
#include "kirgen/fold.h"

namespace kjit::kirgen {

using kir::Component;
using kir::Expr;
using kir::Fill;
using kir::MathFn;
using kir::Stmt;
using kir::StmtKind;

TypeRef Builder::machine(TypeRef type) { return kir::machine_type(types, type); }

Expr* Builder::node(Op op, TypeRef type, std::vector<ExprRef> args) {
  Expr* e = function.new_expr(op, machine(type), span);
  e->args = std::move(args);
  return e;
}

// --- constants

ExprRef Builder::const_int(int64_t value) { return constant(types.int64(), value); }
ExprRef Builder::const_bool(bool value) { return constant(types.boolean(), value ? 1 : 0); }
ExprRef Builder::const_float(double value) { return constant(types.float64(), value); }

ExprRef Builder::constant(TypeRef scalar, int64_t value) {
  if (!is_bool(scalar->scalar) && !is_integer(scalar->scalar)) return constant(scalar, static_cast<double>(value));
  Expr* e = node(Op::Const, scalar, {});
  e->constant.i = wrap_to(scalar->scalar, value);
  return e;
}

ExprRef Builder::constant(TypeRef scalar, double re, double im) {
  Expr* e = node(Op::Const, scalar, {});
  const bool single = real_of(scalar->scalar) == Scalar::F32;
  e->constant.f[0] = single ? static_cast<float>(re) : re;
  e->constant.f[1] = single ? static_cast<float>(im) : im;
  return e;
}

ExprRef Builder::zero(TypeRef scalar) { return constant(scalar, int64_t{0}); }

bool Builder::is_const_int(ExprRef e, int64_t value) const {
  return is_const(e) && !is_float(e->type->scalar) && !is_complex(e->type->scalar) && e->constant.i == value;
}

// --- scalar expressions

ExprRef Builder::unary(Op op, ExprRef a, TypeRef type) {
  TypeRef result = machine(type ? type : a->type);
  if (is_const(a)) {
    if (op == Op::Not) return const_bool(a->constant.i == 0);
    if (op == Op::Neg && is_integer(a->type->scalar)) {
      return constant(result, static_cast<int64_t>(0 - static_cast<uint64_t>(a->constant.i)));
    }
    if (op == Op::Neg && !is_bool(a->type->scalar)) return constant(result, -a->constant.f[0], -a->constant.f[1]);
  }
  if (op == Op::Not && a->op == Op::Not) return a->args[0];
  return node(op, result, {a});
}

ExprRef Builder::binary(Op op, ExprRef a, ExprRef b) {
  if (a->type != b->type && is_const(b)) b = cast(b, a->type);
  if (a->type != b->type && is_const(a)) a = cast(a, b->type);
  if (op == Op::AndThen || op == Op::OrElse) {
    const int64_t neutral = op == Op::AndThen ? 1 : 0;
    if (is_const(a)) return a->constant.i == neutral ? b : a;
    if (is_const_int(b, neutral)) return a;
  }
  if (ExprRef folded = fold_binary(*this, op, a, b)) return folded;
  return node(op, a->type, {a, b});
}

ExprRef Builder::compare(Op op, ExprRef a, ExprRef b) {
  if (a->type != b->type && is_const(b)) b = cast(b, a->type);
  if (a->type != b->type && is_const(a)) a = cast(a, b->type);
  if (ExprRef folded = fold_compare(*this, op, a, b)) return folded;
  return node(op, types.boolean(), {a, b});
}

ExprRef Builder::select(ExprRef cond, ExprRef a, ExprRef b) {
  if (is_const(cond)) return cond->constant.i != 0 ? a : b;
  if (a->type != b->type && is_const(b)) b = cast(b, a->type);
  if (a->type != b->type && is_const(a)) a = cast(a, b->type);
  return node(Op::Select, a->type, {cond, a, b});
}

ExprRef Builder::math(MathFn fn, TypeRef type, std::vector<ExprRef> args) {
  Expr* e = node(Op::Math, type, std::move(args));
  e->math = fn;
  return e;
}

// --- conversion

namespace {

// For messages: a machine type does not say whether a number is Python's own.
std::string kind_text(TypeRef type) {
  if (!type->is_scalar()) return to_string(type);
  const Scalar s = type->scalar;
  return is_bool(s) ? "a bool" : is_integer(s) ? "an integer" : is_float(s) ? "a float" : "a complex number";
}

}  // namespace

ExprRef Builder::unwrap(ExprRef value) {
  if (!value->type->is_optional()) return value;
  TypeRef inner = value->type->elements[0];
  if (value->op == Op::MakeSome) return value->args[0];
  value = reuse(value);
  check(node(Op::HasValue, types.boolean(), {value}), KJIT_TYPE_ERROR, "expected " + kind_text(inner) + ", got None");
  return node(Op::Unwrap, inner, {value});
}

namespace {

ExprRef cast_optional(Builder& b, ExprRef value, TypeRef to) {
  if (value->type->is_none()) return b.node(Op::NoneValue, to, {});
  if (!value->type->is_optional()) return b.node(Op::MakeSome, to, {b.cast(value, to->elements[0])});
  if (value->op == Op::NoneValue) return b.node(Op::NoneValue, to, {});
  value = b.reuse(value);
  ExprRef has = b.node(Op::HasValue, b.types.boolean(), {value});
  ExprRef inner = b.cast(b.node(Op::Unwrap, value->type->elements[0], {value}), to->elements[0]);
  return b.node(Op::Select, to, {has, b.node(Op::MakeSome, to, {inner}), b.node(Op::NoneValue, to, {})});
}

ExprRef cast_tuple(Builder& b, ExprRef value, TypeRef to) {
  if (to->elements.size() != value->type->elements.size()) return value;
  if (value->op != Op::MakeTuple) value = b.reuse(value);
  std::vector<ExprRef> elements;
  for (uint32_t i = 0; i < to->elements.size(); ++i) elements.push_back(b.cast(b.get(value, i), to->elements[i]));
  return b.node(Op::MakeTuple, to, std::move(elements));
}

}  // namespace

ExprRef Builder::cast(ExprRef value, TypeRef type) {
  TypeRef to = machine(type);
  TypeRef from = value->type;
  if (from == to) return value;
  if (to->is_optional()) return cast_optional(*this, value, to);
  if (from->is_optional()) return cast(unwrap(value), to);
  if (to->is_tuple() && from->is_tuple()) return cast_tuple(*this, value, to);
  if (to->is_array() && from->is_array()) {
    return view(value, to, std::vector<Component>(from->rank, Component::All), {});
  }
  if (!to->is_scalar() || !from->is_scalar()) return value;  // the verifier will say so
  if (ExprRef folded = fold_cast(*this, value, to)) return folded;
  return node(Op::Cast, to, {value});
}

// --- variables, tuples, arrays

ExprRef Builder::var(VarId id) {
  Expr* e = node(Op::Var, function.vars[id].type, {});
  e->var = id;
  return e;
}

ExprRef Builder::tuple(std::vector<ExprRef> elements) {
  std::vector<TypeRef> element_types;
  for (ExprRef e : elements) element_types.push_back(e->type);
  return node(Op::MakeTuple, types.tuple(std::move(element_types)), std::move(elements));
}

ExprRef Builder::get(ExprRef tuple, uint32_t index) {
  if (tuple->op == Op::MakeTuple) return tuple->args[index];
  Expr* e = node(Op::TupleGet, tuple->type->elements[index], {tuple});
  e->index = index;
  return e;
}

ExprRef Builder::dim(ExprRef array, uint32_t axis) {
  if (array->op == Op::Transpose) return dim(array->args[0], array->axes[axis]);
  if (array->op == Op::MakeView) return array->args[2 + axis];
  if (array->op == Op::View) {
    uint32_t result_axis = 0;
    uint32_t base_axis = 0;
    size_t operand = 1;
    for (Component c : array->components) {
      const bool kept = c != Component::Index;
      if (kept && result_axis == axis) {
        if (c == Component::All) return dim(array->args[0], base_axis);
        return c == Component::NewAxis ? const_int(1) : array->args[operand + 1];
      }
      result_axis += kept ? 1 : 0;
      base_axis += c == Component::NewAxis ? 0 : 1;
      operand += c == Component::Slice ? 3 : c == Component::Index ? 1 : 0;
    }
  }
  Expr* e = node(Op::Dim, types.int64(), {array});
  e->index = axis;
  return e;
}

ExprRef Builder::size(ExprRef array) {
  if (array->type->rank == 0) return const_int(1);
  if (array->type->rank == 1) return dim(array, 0);
  return node(Op::Size, types.int64(), {array});
}

namespace {

// x[i, :][j] is x[i, j]: moves the indices of a view made of indices and whole axes to those of the access.
void absorb_view(ExprRef& array, std::vector<ExprRef>& indices, uint32_t& wrap) {
  while (array->op == Op::View) {
    std::vector<ExprRef> all;
    uint32_t all_wrap = 0;
    size_t operand = 0;
    size_t next = 0;
    for (Component c : array->components) {
      if (c != Component::Index && c != Component::All) return;
      const bool own = c == Component::Index;
      const size_t bit = own ? operand++ : next++;
      if (((own ? array->index : wrap) >> bit) & 1) all_wrap |= 1u << all.size();
      all.push_back(own ? array->args[bit + 1] : indices[bit]);
    }
    indices = std::move(all);
    wrap = all_wrap;
    array = array->args[0];
  }
}

}  // namespace

ExprRef Builder::load(ExprRef array, std::vector<ExprRef> indices, uint32_t wrap) {
  absorb_view(array, indices, wrap);
  TypeRef element = types.scalar(array->type->scalar);
  indices.insert(indices.begin(), array);
  Expr* e = node(Op::Load, element, std::move(indices));
  e->index = wrap;
  return e;
}

ExprRef Builder::view(ExprRef array, TypeRef type, std::vector<Component> components, std::vector<ExprRef> operands,
                      uint32_t wrap) {
  operands.insert(operands.begin(), array);
  Expr* e = node(Op::View, type, std::move(operands));
  e->components = std::move(components);
  e->index = wrap;
  return e;
}

// --- statements

VarId Builder::temp(TypeRef type, const char* name) { return function.add_var(name, machine(type), span); }

VarId Builder::spill(ExprRef value) {
  VarId id = temp(value->type);
  assign(id, value);
  return id;
}

ExprRef Builder::reuse(ExprRef value) {
  switch (value->op) {
    case Op::Const:
    case Op::Var:
    case Op::NoneValue:
    case Op::ConstArray:
      return value;
    case Op::Cast:
    case Op::Dim:
    case Op::TupleGet:
      if (value->args[0]->op == Op::Var) return value;
      [[fallthrough]];
    default:
      return var(spill(value));
  }
}

Stmt* Builder::stmt(StmtKind kind) {
  Stmt* s = function.new_stmt(kind, span);
  block->push_back(s);
  return s;
}

void Builder::assign(VarId id, ExprRef value) {
  Stmt* s = stmt(StmtKind::Assign);
  s->var = id;
  s->expr = value;
}

void Builder::store(ExprRef array, std::vector<ExprRef> indices, ExprRef value, uint32_t wrap) {
  absorb_view(array, indices, wrap);
  Stmt* s = stmt(StmtKind::Store);
  s->array = array;
  s->exprs = std::move(indices);
  s->expr = value;
  s->wrap = wrap;
}

void Builder::check(ExprRef condition, int32_t error, std::string message, std::vector<ExprRef> operands) {
  if (is_const(condition) && condition->constant.i != 0) return;
  Stmt* s = stmt(StmtKind::Check);
  s->expr = condition;
  s->error = error;
  s->message = std::move(message);
  s->exprs = std::move(operands);
}

void Builder::check_divisor(ExprRef divisor, bool allowed, const char* message) {
  if (allowed) return;
  check(compare(Op::Ne, divisor, zero(divisor->type)), KJIT_ZERO_DIVISION_ERROR, message);
}

void Builder::raise(int32_t error, std::string message) {
  Stmt* s = stmt(StmtKind::Raise);
  s->error = error;
  s->message = std::move(message);
}

VarId Builder::alloc(TypeRef array, std::vector<ExprRef> shape, Fill fill, ExprRef value) {
  VarId id = temp(array, "%new");
  Stmt* s = stmt(StmtKind::Alloc);
  s->var = id;
  s->exprs = std::move(shape);
  s->fill = fill;
  s->expr = value;
  return id;
}

}  // namespace kjit::kirgen
