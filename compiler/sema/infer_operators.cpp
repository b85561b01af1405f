// Types of operators, and the constants that they fold to.
#include <algorithm>

#include "sema/elementwise.h"
#include "sema/inference.h"

namespace kjit::sema {

using ast::BinaryOp;
using ast::CompareOp;
using ast::Expr;

namespace {
bool is_whole_array(TypeRef t) {
  if (t->is_optional()) t = t->elements[0];
  return t->is_array() && t->rank > 0;
}
bool known(TypeRef t) { return t && !t->is_unknown(); }
TypeRef unwrap(TypeRef t) { return t->is_optional() ? t->elements[0] : t; }
TypeRef scalar_of(TypeContext& types, TypeRef t) {  // arrays of rank 0 are numbers here
  return t->is_array() && t->rank == 0 ? types.scalar(t->scalar) : t;
}
}  // namespace

TypeRef Specialization::operator_call(const Expr& e, const Builtin* row, std::initializer_list<const Expr*> operands,
                                      std::string_view spelled) {
  if (!row) return fail(Diag::not_supported, e.span, fmt::format("operator '{}' on arrays", spelled));
  source::Diagnostics silent;
  CallTyping typing{types(), *row, at(e.span), {}, diagnostics_ ? *diagnostics_ : silent, {}};
  CallInfo c;
  c.kind = CallInfo::Kind::Builtin;
  c.builtin = row;
  for (const Expr* operand : operands) {
    CallArgument a;
    a.expr = operand, a.span = operand->span, a.type = typed->type_of(operand);
    if (a.type->is_tuple()) a.made = array_of_display(types(), a.type);
    typing.args.push_back({operand, a.made ? a.made : a.type, a.made ? nullptr : constant(*operand)});
    c.args.push_back(bound(a));
  }
  if (is_elementwise(*row)) {  // no out
    typing.args.emplace_back();
    c.args.emplace_back();
  }
  TypeRef result = apply_rule(typing, c);
  if (!result) {
    failed_ = true;
    return nullptr;
  }
  c.result = result;
  info(e).call = static_cast<uint32_t>(typed->calls.size());
  typed->calls.push_back(std::move(c));
  return result;
}

TypeRef Specialization::binary_types(BinaryOp op, TypeRef left, TypeRef right, Span where) {
  left = scalar_of(types(), unwrap(left)), right = scalar_of(types(), unwrap(right));
  if (left->is_array() || right->is_array()) {
    fail(Diag::not_supported, where, fmt::format("'{}=' of {} with {}", spelling(op), describe(left), describe(right)));
    return hint(nullptr, fmt::format("the result is an array: give it a name of its own, x = a {} b", spelling(op)));
  }
  if (left->is_tuple() && right->is_tuple() && op == BinaryOp::Add) {
    auto elements = left->elements;
    elements.insert(elements.end(), right->elements.begin(), right->elements.end());
    return types().tuple(std::move(elements));
  }
  if (left->is_scalar() && right->is_scalar()) {
    auto typing = binary_typing(types(), op, left, right);
    if (typing.result) return typing.result;
  }
  return fail(Diag::bad_operand, where, std::string(spelling(op)),
              fmt::format("{} and {}", describe(left), describe(right)));
}

TypeRef Specialization::binary(const ast::BinOp& e) {
  TypeRef left = expr(e.left), right = expr(e.right);
  if (!known(left)) return left;
  if (!known(right)) return right;
  const bool arrays = is_whole_array(left) || is_whole_array(right);
  if (e.op == BinaryOp::Mul && !arrays && (left->is_tuple() || right->is_tuple())) {  // (a, b) * 2
    TypeRef tuple_type = left->is_tuple() ? left : right;
    const Constant* count = constant(left->is_tuple() ? *e.right : *e.left);
    if (!count || !count->is_int()) return fail(Diag::not_constant, e.span, "the number of repetitions of a tuple");
    std::vector<TypeRef> elements;
    for (int64_t i = 0; i < std::clamp<int64_t>(count->as_int(), 0, 256); ++i)
      elements.insert(elements.end(), tuple_type->elements.begin(), tuple_type->elements.end());
    return types().tuple(std::move(elements));
  }
  if (arrays) {
    return operator_call(e, operator_row(e.op), {e.left, e.right}, spelling(e.op));
  }
  const Constant* exponent = constant(*e.right);
  TypeRef type = binary_types(e.op, left, right, e.span);
  if (type && e.op == BinaryOp::Pow && type->is_scalar() && is_integer(type->scalar) && exponent &&
      exponent->is_int() && exponent->as_int() < 0 && is_signed(right->scalar)) {
    type = left->weak ? types().py_float() : types().float64();  // 2 ** -1 is 0.5
  }
  if (known(type)) fold_binary(e, type);
  return type;
}

namespace {
bool as_double(const Constant& c, double& out) {
  if (auto* d = std::get_if<double>(&c.value)) return out = *d, true;
  if (auto* i = std::get_if<int64_t>(&c.value)) {
    if (c.type->is_scalar() && c.type->scalar == Scalar::U64)
      out = static_cast<double>(static_cast<uint64_t>(*i));
    else
      out = static_cast<double>(*i);
    return true;
  }
  return false;
}

bool fold_integers(BinaryOp op, int64_t a, int64_t b, int64_t& r) {
  switch (op) {
    case BinaryOp::Add:
      return !__builtin_add_overflow(a, b, &r);
    case BinaryOp::Sub:
      return !__builtin_sub_overflow(a, b, &r);
    case BinaryOp::Mul:
      return !__builtin_mul_overflow(a, b, &r);
    case BinaryOp::FloorDiv:
      if (b == 0 || (a == INT64_MIN && b == -1)) return false;
      r = a / b - ((a % b != 0) && ((a < 0) != (b < 0)));
      return true;
    case BinaryOp::Mod:
      if (b == 0 || b == -1) return false;
      r = a % b;
      if (r != 0 && (r < 0) != (b < 0)) r += b;
      return true;
    case BinaryOp::Pow: {
      if (b < 0 || b > 64) return false;
      r = 1;
      for (int64_t i = 0; i < b; ++i)
        if (__builtin_mul_overflow(r, a, &r)) return false;
      return true;
    }
    case BinaryOp::LShift:
      return b >= 0 && b < 62 && a >= 0 && a < (int64_t{1} << (62 - b)) && ((r = a << b), true);
    case BinaryOp::RShift:
      return b >= 0 && b < 64 && ((r = a >> b), true);
    case BinaryOp::BitAnd:
      return r = a & b, true;
    case BinaryOp::BitOr:
      return r = a | b, true;
    case BinaryOp::BitXor:
      return r = a ^ b, true;
    default:
      return false;
  }
}
}  // namespace

// Folds what is exact on constants of weak types; the rest is left to later stages.
void Specialization::fold_binary(const ast::BinOp& e, TypeRef type) {
  const Constant *a = constant(*e.left), *b = constant(*e.right);
  if (!a || !b || !type->is_scalar() || !a->type->is_scalar() || !b->type->is_scalar()) return;
  if (type == types().py_int() && a->is_int() && b->is_int()) {
    int64_t r = 0;
    if (fold_integers(e.op, a->as_int(), b->as_int(), r)) set_constant(e, {type, r});
    return;
  }
  double x, y;
  if (is_float(type->scalar) && type->scalar == Scalar::F64 && as_double(*a, x) && as_double(*b, y)) {
    switch (e.op) {
      case BinaryOp::Add:
        set_constant(e, {type, x + y});
        break;
      case BinaryOp::Sub:
        set_constant(e, {type, x - y});
        break;
      case BinaryOp::Mul:
        set_constant(e, {type, x * y});
        break;
      case BinaryOp::Div:
        if (y != 0) set_constant(e, {type, x / y});
        break;
      default:
        break;
    }
  }
}

void Specialization::fold_unary(const ast::UnaryOp& e, TypeRef type) {
  const Constant* a = constant(*e.operand);
  if (!a || !type->is_scalar()) return;
  Constant r{type, {}};
  if (e.op == ast::UnaryOpKind::Not) {
    double d;
    if (!as_double(*a, d)) return;
    r.value = int64_t{d == 0};
  } else if (a->is_int() && is_integer(type->scalar)) {
    int64_t i = a->as_int();
    r.value = e.op == ast::UnaryOpKind::Neg      ? static_cast<int64_t>(-static_cast<uint64_t>(i))
              : e.op == ast::UnaryOpKind::Invert ? ~i
                                                 : i;
  } else if (auto* d = std::get_if<double>(&a->value); d && e.op != ast::UnaryOpKind::Invert) {
    r.value = e.op == ast::UnaryOpKind::Neg ? -*d : *d;
  } else if (auto* c = std::get_if<std::complex<double>>(&a->value); c && e.op != ast::UnaryOpKind::Invert) {
    r.value = e.op == ast::UnaryOpKind::Neg ? -*c : *c;
  } else {
    return;
  }
  set_constant(e, std::move(r));
}

TypeRef Specialization::unary(const ast::UnaryOp& e) {
  if (e.op == ast::UnaryOpKind::Not) {
    condition(*e.operand);
    TypeRef t = typed->type_of(e.operand);
    if (!known(t)) return t;
    if (t->is_none())
      set_constant(e, {types().boolean(), int64_t{1}});
    else
      fold_unary(e, types().boolean());
    return types().boolean();
  }
  TypeRef t = expr(e.operand);
  if (!known(t)) return t;
  if (e.op == ast::UnaryOpKind::Neg && e.operand->kind == ast::ExprKind::Constant && t == types().scalar(Scalar::U64)) {
    const uint64_t magnitude = ast::as<ast::Constant>(*e.operand).integer;
    if (magnitude > uint64_t{1} << 63)
      return fail(Diag::bad_literal, e.span, fmt::format("the integer -{} does not fit 64 bits", magnitude));
    set_constant(e, {types().py_int(), INT64_MIN});
    return types().py_int();
  }
  if (is_whole_array(t)) return operator_call(e, operator_row(e.op), {e.operand}, spelling(e.op));
  t = scalar_of(types(), unwrap(t));
  TypeRef type = t->is_scalar() ? unary_typing(types(), e.op, t) : nullptr;
  if (!type) return fail(Diag::bad_operand, e.span, std::string(spelling(e.op)), describe(t));
  fold_unary(e, type);
  return type;
}

TypeRef Specialization::bool_op(const ast::BoolOp& e) {
  TypeRef common = unknown();
  for (auto* v : e.values) {
    condition(*v);
    TypeRef t = typed->type_of(v);
    if (!known(t)) return t;
    if (decide_operand(e, *v)) {
      const bool all_decided = common->is_unknown();
      if (all_decided) set_constant(e, {types().boolean(), int64_t{e.op == ast::BoolOpKind::Or}});
      return types().boolean();
    }
    const Constant* c = constant(*v);
    bool decided = typed->expr_branches.contains(v->id);
    bool truth = decided && c && c->as_int() != 0;
    bool decisive = e.op == ast::BoolOpKind::Or;
    if (decided && truth != decisive) continue;  // a decided operand that lets the others speak has no value
    TypeRef both = common->is_unknown() ? t : unify(types(), common, t);
    if (!both) {
      return fail(Diag::type_mismatch, e.span,
                  fmt::format("the operands of '{}' are {} and {}, which have no common type", decisive ? "or" : "and",
                              describe(common), describe(t)));
    }
    common = both;
    if (decided) break;
  }
  if (common->is_unknown() && library_) set_constant(e, {types().boolean(), int64_t{e.op == ast::BoolOpKind::And}});
  return common->is_unknown() ? types().boolean() : common;
}

TypeRef Specialization::compare(const ast::Compare& e) {
  TypeRef left = expr(e.left);
  const Expr* left_expr = e.left;
  for (size_t i = 0; i < e.ops.size(); ++i) {
    TypeRef right = expr(e.comparators[i]);
    if (!known(left)) return left;
    if (!known(right)) return right;
    CompareOp op = e.ops[i];
    Span where{left_expr->span.begin, e.comparators[i]->span.end};
    TypeRef a = scalar_of(types(), unwrap(left)), b = scalar_of(types(), unwrap(right));
    if (op == CompareOp::Is || op == CompareOp::IsNot) {
      if (!left->is_none() && !right->is_none()) {
        bool same = left->is_scalar() && right->is_scalar() && is_bool(left->scalar) && is_bool(right->scalar);
        if (!same) return fail(Diag::not_supported, where, "'is' between values other than None");
      }
      TypeRef other = left->is_none() ? right : left;
      bool none_side = left->is_none() || right->is_none();
      if (none_side && e.ops.size() == 1 && !other->is_optional())
        set_constant(e, {types().boolean(), int64_t{other->is_none() == (op == CompareOp::Is)}});
    } else if (op == CompareOp::In || op == CompareOp::NotIn) {
      if (!b->is_tuple() && !(b->is_array() && b->rank > 0))
        return fail(Diag::bad_operand, where, "in", describe(right));
      if (b->is_array() && b->rank > 1)
        return fail(Diag::not_supported, where, "'in' on an array of more than one dimension");
    } else if (a->is_array() || b->is_array()) {
      if (e.ops.size() == 1) return operator_call(e, operator_row(op), {e.left, e.comparators[0]}, spelling(op));
      fail(Diag::not_supported, where, "a chain of comparisons of arrays");
      return hint(nullptr, "write (a < b) & (b < c)");
    } else if (a->is_scalar() && b->is_scalar()) {
      if (!compare_typing(types(), op, a, b).result)
        return fail(Diag::bad_operand, where, std::string(spelling(op)),
                    fmt::format("{} and {}", describe(left), describe(right)));
    } else if (a->kind == TypeKind::String && b->kind == TypeKind::String &&
               (op == CompareOp::Eq || op == CompareOp::Ne)) {
      if (e.ops.size() == 1)
        set_constant(e, {types().boolean(), int64_t{(a->text == b->text) == (op == CompareOp::Eq)}});
    } else if (a->kind == TypeKind::DType && b->kind == TypeKind::DType &&
               (op == CompareOp::Eq || op == CompareOp::Ne)) {
      if (e.ops.size() == 1)
        set_constant(e, {types().boolean(), int64_t{(a->scalar == b->scalar) == (op == CompareOp::Eq)}});
    } else if (!(a->is_tuple() && b->is_tuple())) {
      if ((op == CompareOp::Eq || op == CompareOp::Ne) && (a->is_none() || b->is_none())) {
        if (e.ops.size() == 1 && !left->is_optional() && !right->is_optional())
          set_constant(e, {types().boolean(), int64_t{(a->is_none() && b->is_none()) == (op == CompareOp::Eq)}});
      } else {
        return fail(Diag::bad_operand, where, std::string(spelling(op)),
                    fmt::format("{} and {}", describe(left), describe(right)));
      }
    }
    left = right, left_expr = e.comparators[i];
  }
  fold_compare(e);
  return types().boolean();
}

}  // namespace kjit::sema
