// Whole arrays, element by element: calls of ufuncs, operators, and assignment of arrays to parts of arrays.
#include <kjit_rt/abi.h>

#include <algorithm>

#include "kirgen/builtins_support.h"
#include "kirgen/function_gen.h"

namespace kjit::kirgen {

using kir::StmtKind;

namespace {

bool is_whole_array(ExprRef e) { return e && e->type->is_array() && e->type->rank > 0; }

// The common length of an axis, or an exception: a length of 1 gives way to the other.
ExprRef meet_lengths(Builder& b, ExprRef known, ExprRef length, const std::string& message,
                     const std::vector<ExprRef>& operands) {
  if (b.is_const_int(known, 1)) return length;
  if (b.is_const_int(length, 1)) return known;
  ExprRef one = b.const_int(1);
  ExprRef same = b.compare(Op::Eq, known, length);
  ExprRef fits =
      b.binary(Op::OrElse, same, b.binary(Op::OrElse, b.compare(Op::Eq, known, one), b.compare(Op::Eq, length, one)));
  b.check(fits, KJIT_VALUE_ERROR, message, operands);
  return b.reuse(b.select(b.compare(Op::Eq, known, one), length, known));
}

}  // namespace

// The shape that the arrays have together, in variables; raises ValueError when they do not fit. The message shows that
// of `out` too, where there is one.
std::vector<ExprRef> FunctionGen::common_shape(const std::vector<ExprRef>& arrays, ExprRef out) {
  size_t rank = 0;
  std::vector<std::vector<ExprRef>> shapes;
  ShapesOfMessage operands;
  std::string message = "operands could not be broadcast together with shapes";
  for (ExprRef a : arrays) {
    rank = std::max<size_t>(rank, a->type->rank);
    std::vector<ExprRef>& lengths = shapes.emplace_back(dims_of(b_, a));
    for (ExprRef& length : lengths) length = b_.reuse(length);
    message += " " + operands.add(lengths);
  }
  if (out) message += " " + operands.add(dims_of(b_, out));
  std::vector<ExprRef> shape(rank, nullptr);
  for (const std::vector<ExprRef>& lengths : shapes) {
    for (size_t k = 0; k < lengths.size(); ++k) {
      ExprRef& known = shape[rank - lengths.size() + k];
      known = known ? meet_lengths(b_, known, lengths[k], message, operands.operands) : lengths[k];
    }
  }
  for (ExprRef& length : shape) length = b_.var(b_.spill(length));
  return shape;
}

// `array` fits into `shape`: each of its lengths is that of the shape's axis, or 1.
void FunctionGen::check_fits(ExprRef array, const std::vector<ExprRef>& shape) {
  const std::vector<ExprRef> lengths = dims_of(b_, array);
  const size_t missing = shape.size() - lengths.size();
  ShapesOfMessage operands;
  std::string message = "could not broadcast input array from shape " + operands.add(lengths);
  message += " into shape " + operands.add(shape);
  for (size_t k = 0; k < lengths.size(); ++k) {
    ExprRef fits = b_.binary(Op::OrElse, b_.compare(Op::Eq, lengths[k], shape[missing + k]),
                             b_.compare(Op::Eq, lengths[k], b_.const_int(1)));
    b_.check(fits, KJIT_VALUE_ERROR, message, operands.operands);
  }
}

// As check_fits, for an operand of what goes into an array of shape `own`, with the errors of NumPy's functions:
// `shown` are the shapes of all operands.
void FunctionGen::check_operand_fits(ExprRef array, const std::vector<ExprRef>& own,
                                     const std::vector<ExprRef>& shown) {
  const std::vector<ExprRef> lengths = dims_of(b_, array);
  const size_t missing = own.size() - lengths.size();
  ExprRef one = b_.const_int(1);
  ShapesOfMessage all, two;
  std::string differ = "operands could not be broadcast together with shapes";
  for (ExprRef a : shown) differ += " " + all.add(dims_of(b_, a));
  std::vector<ExprRef> wide = own;
  for (size_t k = 0; k < lengths.size(); ++k) {
    ExprRef& axis = wide[missing + k];
    axis = b_.select(b_.compare(Op::Eq, axis, one), lengths[k], axis);
  }
  std::string narrow = "non-broadcastable output operand with shape " + two.add(own);
  narrow += " doesn't match the broadcast shape " + two.add(wide);
  for (size_t k = 0; k < lengths.size(); ++k) {
    ExprRef fits =
        b_.binary(Op::OrElse, b_.compare(Op::Eq, lengths[k], own[missing + k]), b_.compare(Op::Eq, lengths[k], one));
    if (b_.is_const(fits) && fits->constant.i != 0) continue;
    b_.check(b_.binary(Op::OrElse, fits, b_.compare(Op::Eq, own[missing + k], one)), KJIT_VALUE_ERROR, differ,
             all.operands);
    b_.check(fits, KJIT_VALUE_ERROR, narrow, two.operands);
  }
}

// The array with as many axes as the target that it goes into; those in front have to be of length 1.
ExprRef FunctionGen::without_leading_axes(ExprRef array, ExprRef target) {
  const std::vector<ExprRef> lengths = dims_of(b_, array), shape = dims_of(b_, target);
  const size_t extra = lengths.size() - shape.size();
  ShapesOfMessage operands;
  std::string message = "could not broadcast input array from shape " + operands.add(lengths);
  message += " into shape " + operands.add(shape);
  for (size_t k = 0; k < extra; ++k) {
    b_.check(b_.compare(Op::Eq, lengths[k], b_.const_int(1)), KJIT_VALUE_ERROR, message, operands.operands);
  }
  std::vector<kir::Component> components(extra, kir::Component::Index);
  components.insert(components.end(), shape.size(), kir::Component::All);
  TypeRef type =
      types_.array(array->type->scalar, target->type->rank,
                   array->type->layout == sema::Layout::C ? sema::Layout::C : sema::Layout::A, array->type->readonly);
  return b_.view(array, type, components, std::vector<ExprRef>(extra, b_.const_int(0)));
}

// The elements of `target` = `make` of the elements of `inputs`.
kir::Stmt* FunctionGen::map_into(ExprRef target, std::vector<ExprRef> shape, const std::vector<ExprRef>& inputs,
                                 const MakeElement& make) {
  kir::Stmt* s = b_.stmt(StmtKind::Map);
  s->array = target;
  s->exprs = std::move(shape);
  std::vector<ExprRef> elements;
  for (ExprRef array : inputs) {
    const VarId element = b_.temp(types_.scalar(array->type->scalar), "%x");
    s->inputs.push_back({element, array});
    elements.push_back(b_.var(element));
  }
  b_.with_block(s->body, [&] { s->expr = b_.cast(make(elements), types_.scalar(target->type->scalar)); });
  return s;
}

// Raises OverflowError where one of Python's own integers, of type `from`, does not fit the integer type `to`.
void FunctionGen::check_python_int(ExprRef value, TypeRef from, TypeRef to) {
  if (!from || from != types_.py_int() || !to->is_scalar() || to->weak || !is_integer(to->scalar)) return;
  if (to->scalar == Scalar::I64) return;
  const int bits = size_of(to->scalar) * 8;
  const bool no_sign = is_unsigned(to->scalar);
  const int64_t low = no_sign ? 0 : -(int64_t{1} << (bits - 1));
  const int64_t high = bits == 64 ? INT64_MAX : (int64_t{1} << (no_sign ? bits : bits - 1)) - 1;
  const std::string message = "Python integer {0} out of bounds for " + std::string(name_of(to->scalar));
  if (b_.is_const(value)) {
    const bool fits = value->constant.i >= low && value->constant.i <= high;
    return b_.check(b_.const_bool(fits), KJIT_OVERFLOW_ERROR, message, {value});
  }
  ExprRef fits = b_.compare(Op::Ge, value, b_.const_int(low));
  if (bits < 64) fits = b_.binary(Op::AndThen, fits, b_.compare(Op::Le, value, b_.const_int(high)));
  b_.check(fits, KJIT_OVERFLOW_ERROR, message, {value});
}

// Operands of an operation element by element: arrays as inputs of a Map, numbers once before it.
FunctionGen::ElementOperands FunctionGen::element_operands(const sema::CallInfo& info, std::vector<ExprRef> args) {
  ElementOperands out;
  out.input.assign(args.size(), -1);
  for (size_t i = 0; i < args.size(); ++i) {
    if (is_whole_array(args[i])) {
      out.seen.push_back(args[i]);
      args[i] = b_.reuse(args[i]);
      out.input[i] = static_cast<int>(out.arrays.size());
      out.arrays.push_back(args[i]);
    } else if (args[i] && info.elements[i] && info.elements[i]->is_scalar()) {
      args[i] = number(args[i]);
      check_python_int(args[i], info.args[i].type, info.elements[i]);
      args[i] = b_.cast(args[i], b_.machine(info.elements[i]));
      if (!b_.is_const(args[i])) args[i] = b_.reuse(args[i]);
    }
  }
  out.values = std::move(args);
  return out;
}

std::vector<ExprRef> FunctionGen::ElementOperands::at(const std::vector<ExprRef>& elements) const {
  std::vector<ExprRef> out = values;
  for (size_t i = 0; i < out.size(); ++i) {
    if (input[i] >= 0) out[i] = elements[static_cast<size_t>(input[i])];
  }
  return out;
}

ExprRef FunctionGen::elementwise_call(const ast::Expr* e, const sema::CallInfo& info, std::vector<ExprRef> args) {
  ExprRef out = nullptr;
  if (info.has_out) {
    out = b_.reuse(args.back());
    args.pop_back();
  }
  sema::CallInfo scalar_info = info;
  scalar_info.has_out = false;
  scalar_info.args.resize(args.size());
  for (size_t i = 0; i < args.size(); ++i) scalar_info.args[i].type = info.elements[i];
  const ElementOperands operands = element_operands(info, std::move(args));
  std::vector<ExprRef> shape = common_shape(operands.seen, out);
  if (out) {
    std::vector<ExprRef> own, shown = operands.seen;
    shown.push_back(out);
    for (uint32_t k = 0; k < out->type->rank; ++k) own.push_back(b_.reuse(b_.dim(out, k)));
    for (ExprRef a : operands.arrays) check_operand_fits(a, own, shown);
    shape = std::move(own);
  }
  const auto part = [&](ExprRef target, int which) {
    kir::Stmt* map = map_into(target, shape, operands.arrays, [&](const std::vector<ExprRef>& elements) {
      CallEmitter emitter{b_, f_, scalar_info, operands.at(elements), b_.machine(info.element_result), e->span};
      ExprRef value = find_emitter(info.builtin->id)(emitter);
      return which < 0 ? value : b_.get(value, static_cast<uint32_t>(which));
    });
    map->fresh = !out;
    return target;
  };
  if (out) return part(out, -1);
  if (!info.element_result->is_tuple()) return part(b_.var(b_.alloc(info.result, shape, kir::Fill::None)), -1);
  std::vector<ExprRef> parts;
  for (TypeRef type : info.result->elements) {
    parts.push_back(part(b_.var(b_.alloc(type, shape, kir::Fill::None)), static_cast<int>(parts.size())));
  }
  return b_.tuple(std::move(parts));
}

// view[...] = source, lengths of 1 repeated.
void FunctionGen::assign_elements(ExprRef view, ExprRef source) {
  view = b_.reuse(view);
  std::vector<ExprRef> shape;
  for (uint32_t k = 0; k < view->type->rank; ++k) shape.push_back(b_.reuse(b_.dim(view, k)));
  check_fits(source, shape);
  map_into(view, std::move(shape), {source}, [](const std::vector<ExprRef>& elements) { return elements[0]; });
}

// view op= value.
void FunctionGen::update_elements(ast::BinaryOp op, ExprRef view, ExprRef value, TypeRef value_type) {
  view = b_.reuse(view);
  TypeRef element = types_.scalar(view->type->scalar);
  std::vector<ExprRef> shape;
  for (uint32_t k = 0; k < view->type->rank; ++k) shape.push_back(b_.reuse(b_.dim(view, k)));
  std::vector<ExprRef> inputs{view};
  TypeRef operand = value_type;
  if (is_whole_array(value)) {
    value = b_.reuse(value);
    check_operand_fits(value, shape, {view, value, view});
    inputs.push_back(value);
    operand = types_.scalar(value_type->scalar);
  } else {
    value = b_.reuse(value);
  }
  map_into(view, std::move(shape), inputs, [&](const std::vector<ExprRef>& elements) {
    return b_.cast(arithmetic(op, elements[0], element, elements.size() > 1 ? elements[1] : value, operand, true),
                   element);
  });
}

}  // namespace kjit::kirgen
