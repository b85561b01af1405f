// Expressions: constants, names, boolean operators, ternaries, displays, attributes, lambdas.
#include <kjit_rt/abi.h>

#include "kirgen/function_gen.h"

namespace kjit::kirgen {

using ast::ExprKind;
using sema::Branch;
using sema::TypeKind;

ExprRef FunctionGen::expr(const ast::Expr* e) {
  const SpanScope scope(b_, e->span);
  const sema::ExprInfo& info = f_.info(e);
  if (info.constant != sema::kNone) return b_.cast(constant(f_.constants[info.constant]), info.type);
  if (info.call != sema::kNone) return b_.cast(call(e), info.type);
  switch (e->kind) {
    case ExprKind::Name:
      return name(ast::as<ast::Name>(*e));
    case ExprKind::BinOp:
      return bin_op(ast::as<ast::BinOp>(*e));
    case ExprKind::UnaryOp:
      return unary_op(ast::as<ast::UnaryOp>(*e));
    case ExprKind::BoolOp:
      return bool_op(ast::as<ast::BoolOp>(*e));
    case ExprKind::Compare:
      return compare_op(ast::as<ast::Compare>(*e));
    case ExprKind::IfExp:
      return if_exp(ast::as<ast::IfExp>(*e));
    case ExprKind::Attribute:
      return b_.cast(attribute(ast::as<ast::Attribute>(*e)), info.type);
    case ExprKind::Subscript:
      return b_.cast(subscript(ast::as<ast::Subscript>(*e)), info.type);
    case ExprKind::Tuple:
      return b_.cast(tuple_display(ast::as<ast::Tuple>(*e).elements), info.type);
    case ExprKind::List:
      return b_.cast(tuple_display(ast::as<ast::ListExpr>(*e).elements), info.type);
    case ExprKind::Lambda:
      return lambda(ast::as<ast::Lambda>(*e));
    default:
      // A literal always has a constant; the other kinds are rejected by inference.
      return unsupported(e->span, "this expression in a kernel", info.type);
  }
}

ExprRef FunctionGen::constant(const sema::Constant& c) {
  TypeRef type = c.type;
  if (auto* i = std::get_if<int64_t>(&c.value)) return b_.constant(type, *i);
  if (auto* d = std::get_if<double>(&c.value)) return b_.constant(type, *d);
  if (auto* z = std::get_if<std::complex<double>>(&c.value)) return b_.constant(type, z->real(), z->imag());
  if (auto* elements = std::get_if<sema::ConstantTuple>(&c.value)) {
    std::vector<ExprRef> values;
    for (const sema::Constant& element : *elements) values.push_back(constant(element));
    return b_.tuple(std::move(values));
  }
  if (auto* array = std::get_if<std::shared_ptr<const sema::ConstantArray>>(&c.value)) {
    auto [it, added] = m_.arrays.emplace(array->get(), static_cast<uint32_t>(m_.module.constant_arrays.size()));
    if (added) m_.module.constant_arrays.push_back(*array);
    kir::Expr* e = b_.node(Op::ConstArray, type, {});
    e->index = it->second;
    return e;
  }
  return b_.node(Op::NoneValue, type, {});
}

ExprRef FunctionGen::name(const ast::Name& e) {
  const sema::ExprInfo& info = f_.info(&e);
  if (info.var == sema::kNone)
    return b_.node(Op::NoneValue, types_.none(), {});  // a function or module: nothing at run time
  if (auto flag = bound_.find(info.var); flag != bound_.end() && info.maybe_unbound) {
    b_.check(b_.var(flag->second), KJIT_NAME_ERROR,
             "cannot access local variable '" + std::string(e.name) + "' where it is not associated with a value");
  }
  return b_.cast(read(info.var), info.type);
}

TypeRef FunctionGen::operand_type(TypeRef type) {
  if (type->is_optional()) type = type->elements[0];
  return type->is_array() && type->rank == 0 ? types_.scalar(type->scalar) : type;
}

// --- truth

ExprRef FunctionGen::truth(ExprRef value) {
  value = number(value);
  TypeRef type = value->type;
  switch (type->kind) {
    case TypeKind::Scalar:
      return is_bool(type->scalar) ? value : b_.cast(value, types_.boolean());
    case TypeKind::Tuple:
      return b_.const_bool(!type->elements.empty());
    case TypeKind::Optional: {
      value = b_.reuse(value);
      ExprRef has = b_.node(Op::HasValue, types_.boolean(), {value});
      return short_circuit(Op::AndThen, has, [&] { return truth(b_.node(Op::Unwrap, type->elements[0], {value})); });
    }
    case TypeKind::None:
      return b_.const_bool(false);
    default:
      return unsupported(b_.span, "the truth of " + type_text(type), types_.boolean());
  }
}

ExprRef FunctionGen::test(const ast::Expr* e) {
  const sema::ExprInfo& info = f_.info(e);
  const SpanScope scope(b_, e->span);
  if (info.constant != sema::kNone && info.type->kind == TypeKind::String) {
    return b_.const_bool(!info.type->text.empty());
  }
  if (info.constant == sema::kNone && info.call == sema::kNone) {
    if (e->kind == ExprKind::BoolOp) {
      const auto& b = ast::as<ast::BoolOp>(*e);
      return bool_test(b, bool_operands(b));
    }
    if (e->kind == ExprKind::UnaryOp && ast::as<ast::UnaryOp>(*e).op == ast::UnaryOpKind::Not) {
      return b_.unary(Op::Not, test(ast::as<ast::UnaryOp>(*e).operand));
    }
  }
  return truth(expr(e));
}

// --- and, or

// The operands that take part: inference decides some before (x is not None), and nothing follows one that settles it.
std::vector<const ast::Expr*> FunctionGen::bool_operands(const ast::BoolOp& e) {
  std::vector<const ast::Expr*> out;
  for (const ast::Expr* v : e.values) {
    if (!f_.type_of(v)) break;
    const bool decided = f_.expr_branches.contains(v->id);
    const sema::Constant* c = f_.constant_of(v);
    const bool truth = decided && c && c->is_int() && c->as_int() != 0;
    if (decided && truth != (e.op == ast::BoolOpKind::Or)) continue;
    out.push_back(v);
    if (decided) break;
  }
  return out;
}

ExprRef FunctionGen::bool_test(const ast::BoolOp& e, std::span<const ast::Expr* const> values) {
  if (values.empty()) return b_.const_bool(e.op == ast::BoolOpKind::And);
  ExprRef left = test(values[0]);
  if (values.size() == 1) return left;
  const Op op = e.op == ast::BoolOpKind::And ? Op::AndThen : Op::OrElse;
  return short_circuit(op, left, [&] { return bool_test(e, values.subspan(1)); });
}

ExprRef FunctionGen::bool_op(const ast::BoolOp& e) {
  TypeRef type = b_.machine(f_.type_of(&e));
  const std::vector<const ast::Expr*> values = bool_operands(e);
  if (values.empty() || (type->is_scalar() && is_bool(type->scalar))) return b_.cast(bool_test(e, values), type);
  return bool_chain(e, values);
}

// Python's value semantics: the operand that decided.
ExprRef FunctionGen::bool_chain(const ast::BoolOp& e, std::span<const ast::Expr* const> values) {
  TypeRef type = b_.machine(f_.type_of(&e));
  ExprRef left = expr(values[0]);
  if (values.size() == 1) return b_.cast(left, type);
  left = b_.reuse(left);
  ExprRef decided = truth(left);
  if (e.op == ast::BoolOpKind::And) decided = b_.unary(Op::Not, decided);
  return choose(decided, type, [&] { return left; }, [&] { return bool_chain(e, values.subspan(1)); });
}

ExprRef FunctionGen::if_exp(const ast::IfExp& e) {
  TypeRef type = b_.machine(f_.type_of(&e));
  auto pruned = f_.expr_branches.find(e.id);
  if (pruned != f_.expr_branches.end() && pruned->second != Branch::Both) {
    return b_.cast(expr(pruned->second == Branch::Then ? e.body : e.orelse), type);
  }
  ExprRef cond = test(e.test);
  return choose(cond, type, [&] { return expr(e.body); }, [&] { return expr(e.orelse); });
}

// --- displays

ExprRef FunctionGen::tuple_display(ast::Exprs elements) {
  Operands operands(*this);
  std::vector<bool> starred;
  for (const ast::Expr* e : elements) {
    const bool star = e->kind == ExprKind::Starred;
    starred.push_back(star);
    operands.add([&] { return star ? value(ast::as<ast::Starred>(*e).value) : expr(e); });
  }
  std::vector<ExprRef> values;
  for (size_t i = 0; i < operands.values.size(); ++i) {
    ExprRef v = operands.values[i];
    if (!starred[i]) {
      values.push_back(v);
      continue;
    }
    if (v->op != Op::MakeTuple) v = b_.reuse(v);
    for (uint32_t k = 0; k < v->type->elements.size(); ++k) values.push_back(b_.get(v, k));
  }
  return b_.tuple(std::move(values));
}

ExprRef FunctionGen::lambda(const ast::Lambda& e) {
  auto captures = f_.lambda_captures.find(e.id);
  return b_.cast(
      closure(*e.function, captures == f_.lambda_captures.end() ? std::vector<uint32_t>() : captures->second),
      f_.type_of(&e));
}

ExprRef FunctionGen::closure(const ast::FunctionDef& def, const std::vector<uint32_t>& captures) {
  Operands defaults(*this);
  if (auto found = f_.closure_defaults.find(&def); found != f_.closure_defaults.end()) {
    for (const ast::Expr* e : found->second) defaults.add([&] { return expr(e); });
  }
  std::vector<ExprRef> values;
  for (uint32_t v : captures) values.push_back(read(v));
  values.insert(values.end(), defaults.values.begin(), defaults.values.end());
  return values.empty() ? b_.node(Op::NoneValue, types_.none(), {}) : b_.tuple(std::move(values));
}

// --- attributes

namespace {

// The real or the imaginary parts of a complex array: a view of every other number.
ExprRef part_of_array(Builder& b, ExprRef array, TypeRef type, bool imag) {
  const int64_t offset = imag ? size_of(real_of(array->type->scalar)) : 0;
  std::vector<ExprRef> args{array, b.const_int(offset)};
  for (uint32_t k = 0; k < array->type->rank; ++k) args.push_back(b.dim(array, k));
  for (uint32_t k = 0; k < array->type->rank; ++k) {
    kir::Expr* stride = b.node(Op::Stride, b.types.int64(), {array});
    stride->index = k;
    args.push_back(stride);
  }
  TypeRef real = b.types.array(real_of(array->type->scalar), array->type->rank, sema::Layout::A, type->readonly);
  return b.node(Op::MakeView, real, std::move(args));
}

}  // namespace

// Whether the elements lie one after the other, the last axis fastest (the first with `by_columns`).
ExprRef FunctionGen::is_contiguous(ExprRef array, bool by_columns) {
  const uint32_t rank = array->type->rank;
  if (rank == 0 || array->type->layout == (by_columns ? sema::Layout::F : sema::Layout::C)) return b_.const_bool(true);
  array = b_.reuse(array);
  ExprRef expected = b_.const_int(size_of(array->type->scalar));
  ExprRef fits = b_.const_bool(true);
  for (uint32_t k = 0; k < rank; ++k) {
    const uint32_t axis = by_columns ? k : rank - 1 - k;
    kir::Expr* stride = b_.node(Op::Stride, types_.int64(), {array});
    stride->index = axis;
    ExprRef length = b_.reuse(b_.dim(array, axis));
    ExprRef here =
        b_.binary(Op::BitOr, b_.compare(Op::Eq, length, b_.const_int(1)), b_.compare(Op::Eq, stride, expected));
    fits = b_.binary(Op::BitAnd, fits, here);
    expected = b_.reuse(b_.binary(Op::Mul, expected, length));
  }
  return b_.binary(Op::BitOr, fits, b_.compare(Op::Eq, b_.size(array), b_.const_int(0)));
}

// a.flags.c_contiguous and its like.
ExprRef FunctionGen::flag(const ast::Attribute& e, ExprRef array) {
  array = b_.reuse(array);
  if (e.attr == "f_contiguous") return is_contiguous(array, true);
  ExprRef rows = is_contiguous(array, false);
  if (e.attr == "forc") return b_.binary(Op::BitOr, rows, is_contiguous(array, true));
  if (e.attr == "fnc") return b_.binary(Op::BitAnd, b_.unary(Op::Not, rows), is_contiguous(array, true));
  return rows;
}

ExprRef FunctionGen::attribute(const ast::Attribute& e) {
  if (e.value->kind == ast::ExprKind::Attribute && ast::as<ast::Attribute>(*e.value).attr == "flags") {
    ExprRef array = value(ast::as<ast::Attribute>(*e.value).value);
    if (array->type->is_array()) return flag(e, array);
  }
  if (f_.type_of(&e)->kind == TypeKind::Builtin) return b_.node(Op::NoneValue, types_.none(), {});  // math.sqrt
  ExprRef v = value(e.value);
  TypeRef type = v->type;
  const std::string_view attr = e.attr;
  if (type->is_scalar()) {
    const bool complex = is_complex(type->scalar);
    TypeRef real = types_.scalar(real_of(type->scalar));
    if (attr == "real") return complex ? b_.unary(Op::Real, v, real) : v;
    if (attr == "imag") return complex ? b_.unary(Op::Imag, v, real) : b_.zero(real);
  }
  if (f_.type_of(e.value)->kind == TypeKind::Range) {
    if (attr == "start") return b_.get(v, 0);
    if (attr == "stop") return b_.get(v, 1);
    if (attr == "step") return b_.get(v, 2);
  }
  if (!type->is_array()) return unsupported(e.attr_span, "this attribute in a kernel", f_.type_of(&e));
  const uint32_t rank = type->rank;
  const int64_t item = size_of(type->scalar);
  if (v->op != Op::View) v = b_.reuse(v);
  if (attr == "shape" || attr == "strides") {
    std::vector<ExprRef> values;
    for (uint32_t k = 0; k < rank; ++k) {
      kir::Expr* stride = b_.node(Op::Stride, types_.int64(), {v});
      stride->index = k;
      values.push_back(attr == "shape" ? b_.dim(v, k) : stride);
    }
    return b_.tuple(std::move(values));
  }
  if (attr == "ndim") return b_.const_int(rank);
  if (attr == "size") return b_.size(v);
  if (attr == "itemsize") return b_.const_int(item);
  if (attr == "nbytes") return b_.binary(Op::Mul, b_.size(v), b_.const_int(item));
  if (attr == "flat") return v;
  if (attr == "T") {
    if (rank < 2) return v;
    kir::Expr* t = b_.node(Op::Transpose, f_.type_of(&e), {v});
    for (uint32_t k = rank; k > 0; --k) t->axes.push_back(static_cast<uint8_t>(k - 1));
    return t;
  }
  if (attr == "real" && !is_complex(type->scalar)) return v;
  if (attr == "imag" && !is_complex(type->scalar)) {
    std::vector<ExprRef> shape;
    for (uint32_t k = 0; k < rank; ++k) shape.push_back(b_.dim(v, k));
    TypeRef zeros = types_.array(type->scalar, static_cast<int>(rank), sema::Layout::C);
    return b_.cast(b_.var(b_.alloc(zeros, std::move(shape), kir::Fill::Zeros)), b_.machine(f_.type_of(&e)));
  }
  if ((attr == "real" || attr == "imag") && is_complex(type->scalar)) {
    return part_of_array(b_, v, f_.type_of(&e), attr == "imag");
  }
  return unsupported(e.attr_span, "this attribute of arrays in a kernel", f_.type_of(&e));
}

}  // namespace kjit::kirgen
