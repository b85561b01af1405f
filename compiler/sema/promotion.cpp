// The rules of mixed operands. lang-spec/types.md states them; NumPy 2 is the oracle for dtypes, Numba for integer
// widths.
#include "sema/promotion.h"

#include <algorithm>

namespace kjit::sema {

namespace {

enum class Kind : uint8_t { Bool, Int, Float, Complex };

Kind kind_of(Scalar s) {
  return is_bool(s) ? Kind::Bool : is_integer(s) ? Kind::Int : is_float(s) ? Kind::Float : Kind::Complex;
}

// Whether a scalar adapts to the other operand: Python's numbers, and bool, which is a weak int in arithmetic.
bool adapts(TypeRef t) { return t->weak || is_bool(t->scalar); }

TypeRef weak_of(TypeContext& types, Kind kind) {
  return kind == Kind::Complex ? types.py_complex() : kind == Kind::Float ? types.py_float() : types.py_int();
}

// The integer type of arithmetic on a strong integer.
Scalar widened(Scalar s) { return is_unsigned(s) ? Scalar::U64 : Scalar::I64; }

// A strong scalar with one that adapts.
Scalar with_weak(Scalar strong, Kind weak) {
  switch (kind_of(strong)) {
    case Kind::Complex:
      return strong;
    case Kind::Float:
      return weak == Kind::Complex ? complex_of(strong) : strong;
    default:
      break;
  }
  if (weak == Kind::Complex) return Scalar::C128;
  if (weak == Kind::Float) return Scalar::F64;
  return strong == Scalar::U64 ? Scalar::U64 : Scalar::I64;
}

// The common type of arithmetic; `bits`: of & | ^, where signed with uint64 stays an integer, as in Numba.
TypeRef arithmetic(TypeContext& types, TypeRef left, TypeRef right, bool bits = false) {
  Kind l = kind_of(left->scalar), r = kind_of(right->scalar);
  if (adapts(left) && adapts(right)) return weak_of(types, std::max(l, r));
  if (adapts(left)) return types.scalar(with_weak(right->scalar, l));
  if (adapts(right)) return types.scalar(with_weak(left->scalar, r));
  if (l != Kind::Int || r != Kind::Int) return types.scalar(promote(left->scalar, right->scalar));
  Scalar a = widened(left->scalar), b = widened(right->scalar);
  if (a == b) return types.scalar(a);
  bool has_u64 = left->scalar == Scalar::U64 || right->scalar == Scalar::U64;
  return types.scalar(has_u64 && !bits ? Scalar::F64 : Scalar::I64);
}

bool both_scalars(TypeRef a, TypeRef b) { return a && b && a->is_scalar() && b->is_scalar(); }

bool is_bits(ast::BinaryOp op) {
  using enum ast::BinaryOp;
  return op == BitAnd || op == BitOr || op == BitXor;
}

TypeRef unify_scalars(TypeContext& types, TypeRef a, TypeRef b) {
  if (a->weak && b->weak) return weak_of(types, std::max(kind_of(a->scalar), kind_of(b->scalar)));
  if (a->weak) std::swap(a, b);
  if (!b->weak) return types.scalar(promote(a->scalar, b->scalar));
  if (is_bool(a->scalar)) return b;
  Kind kind = std::max(kind_of(a->scalar), kind_of(b->scalar));
  if (kind == Kind::Complex) return types.scalar(Scalar::C128);
  if (kind == Kind::Float) return types.float64();
  return types.scalar(a->scalar == Scalar::U64 ? Scalar::U64 : Scalar::I64);
}

}  // namespace

BinaryTyping binary_typing(TypeContext& types, ast::BinaryOp op, TypeRef left, TypeRef right) {
  using enum ast::BinaryOp;
  if (op == MatMul || !both_scalars(left, right)) return {};
  Kind l = kind_of(left->scalar), r = kind_of(right->scalar);
  if (is_bits(op) || op == LShift || op == RShift) {
    if (l > Kind::Int || r > Kind::Int) return {};
    if (is_bits(op) && l == Kind::Bool && r == Kind::Bool) return {types.boolean(), types.boolean()};
    TypeRef t = nullptr;
    if (is_bits(op)) {
      t = arithmetic(types, left, right, true);
    } else if (adapts(left)) {
      t = adapts(right) ? types.py_int() : types.int64();
    } else {
      t = types.scalar(widened(left->scalar));
    }
    return {t, t};
  }
  if ((op == FloorDiv || op == Mod) && (l == Kind::Complex || r == Kind::Complex)) return {};
  TypeRef t = arithmetic(types, left, right);
  if (op == Div && is_integer(t->scalar)) t = t->weak ? types.py_float() : types.float64();
  return {t, t};
}

BinaryTyping compare_typing(TypeContext& types, ast::CompareOp op, TypeRef left, TypeRef right) {
  using enum ast::CompareOp;
  if (op >= Is || !both_scalars(left, right)) return {};
  Scalar l = left->scalar, r = right->scalar;
  if (is_bool(l) && is_bool(r)) return {types.boolean(), types.boolean()};
  bool equality = op == Eq || op == Ne;
  // Python's own complex numbers have no order, NumPy's have.
  if (!equality && (is_complex(l) || is_complex(r)) && left->weak && right->weak) return {};
  bool mixed = (l == Scalar::U64 && is_signed(r)) || (r == Scalar::U64 && is_signed(l));
  if (mixed) return {types.scalar(Scalar::U64), types.boolean(), true};
  return {arithmetic(types, left, right), types.boolean()};
}

TypeRef unary_typing(TypeContext& types, ast::UnaryOpKind op, TypeRef operand) {
  using enum ast::UnaryOpKind;
  if (!operand || !operand->is_scalar()) return nullptr;
  Scalar s = operand->scalar;
  if (op == Not) return types.boolean();
  if (op == Invert && !is_integer(s)) return is_bool(s) ? operand : nullptr;
  if (is_bool(s)) return types.py_int();
  if (operand->weak || !is_integer(s)) return operand;
  return types.scalar(widened(s));
}

TypeRef dtype_object(TypeContext& types, Scalar s) {
  Type type;
  type.kind = TypeKind::DType, type.scalar = s, type.weak = true;
  return types.intern(std::move(type));
}

TypeRef unify(TypeContext& types, TypeRef a, TypeRef b) {
  if (a == b || b->is_unknown()) return a;
  if (a->is_unknown()) return b;
  if (a->is_none()) return types.optional(b);
  if (b->is_none()) return types.optional(a);
  if (a->is_optional() || b->is_optional()) {
    TypeRef value = unify(types, a->is_optional() ? a->elements[0] : a, b->is_optional() ? b->elements[0] : b);
    return value ? types.optional(value) : nullptr;
  }
  if (a->kind != b->kind) return nullptr;
  if (a->is_scalar()) return unify_scalars(types, a, b);
  if (a->kind == TypeKind::DType) return a->scalar == b->scalar ? dtype_object(types, a->scalar) : nullptr;
  if (a->is_array()) {
    if (a->scalar != b->scalar || a->rank != b->rank) return nullptr;
    return types.array(a->scalar, a->rank, a->layout == b->layout ? a->layout : Layout::A, a->readonly || b->readonly);
  }
  if (a->is_tuple() && a->elements.size() == b->elements.size()) {
    std::vector<TypeRef> elements;
    for (size_t i = 0; i < a->elements.size(); ++i) {
      TypeRef e = unify(types, a->elements[i], b->elements[i]);
      if (!e) return nullptr;
      elements.push_back(e);
    }
    return types.tuple(std::move(elements));
  }
  return nullptr;
}

TypeRef common_type(TypeContext& types, TypeRef a, TypeRef b) {
  if (a->weak) std::swap(a, b);
  if (!b->weak) return types.scalar(promote(a->scalar, b->scalar));
  Kind l = kind_of(a->scalar), r = kind_of(b->scalar);
  if (a->weak || is_bool(a->scalar)) return weak_of(types, std::max(l, r));
  return types.scalar(with_weak(a->scalar, r));
}

Scalar promote(Scalar a, Scalar b) {
  if (a == b) return a;
  if (is_bool(a)) return b;
  if (is_bool(b)) return a;
  if (is_integer(a) && is_integer(b)) {
    if (is_signed(a) == is_signed(b)) return size_of(a) > size_of(b) ? a : b;
    Scalar s = is_signed(a) ? a : b, u = is_signed(a) ? b : a;
    if (size_of(s) > size_of(u)) return s;
    switch (u) {
      case Scalar::U8:
        return Scalar::I16;
      case Scalar::U16:
        return Scalar::I32;
      case Scalar::U32:
        return Scalar::I64;
      default:
        return Scalar::F64;
    }
  }
  // The real type that holds both, then complex when one is.
  auto real_need = [](Scalar s) {
    if (is_integer(s)) return size_of(s) <= 2 ? Scalar::F32 : Scalar::F64;
    return real_of(s);
  };
  Scalar real = std::max(real_need(a), real_need(b));
  return is_complex(a) || is_complex(b) ? complex_of(real) : real;
}

namespace {

// Numba's conversions of numbers (numba.core.typeconv.rules, with what follows from them): rows are `from`, columns
// `to`, in the order of Scalar. '=' exact, 'p' promote, 's' safe, 'u' unsafe, '.' none.
constexpr const char* kConversions[kScalarCount] = {
    "=ssssssssssss",  // bool
    "u=pppuuuussss",  // int8
    "uu=ppuuuussss",  // int16
    "uuu=puuuuusus",  // int32
    "uuuu=uuuuusus",  // int64
    "uusss=pppssss",  // uint8
    "uuussu=ppusus",  // uint16
    "uuuusuu=pusus",  // uint32
    "uuuuuuuu=usus",  // uint64
    "uuuuuuuuu=pss",  // float32
    "uuuuuuuuuu=us",  // float64
    "...........=p",  // complex64
    "...........u=",  // complex128
};

Conversion scalar_conversion(Scalar from, Scalar to) {
  switch (kConversions[static_cast<int>(from)][static_cast<int>(to)]) {
    case '=':
      return Conversion::Exact;
    case 'p':
      return Conversion::Promote;
    case 's':
      return Conversion::Safe;
    case 'u':
      return Conversion::Unsafe;
    default:
      return Conversion::None;
  }
}

}  // namespace

Conversion conversion(TypeRef from, TypeRef to) {
  if (from == to || from->is_unknown()) return Conversion::Exact;
  if (to->is_optional()) {
    if (from->is_none()) return Conversion::Promote;
    if (from->is_optional()) return conversion(from->elements[0], to->elements[0]);
    return std::max(conversion(from, to->elements[0]), Conversion::Promote);
  }
  if (from->kind != to->kind) return Conversion::None;
  if (from->is_scalar()) return scalar_conversion(from->scalar, to->scalar);
  if (from->is_array()) {
    bool fits = from->scalar == to->scalar && from->rank == to->rank &&
                (from->layout == to->layout || to->layout == Layout::A) && (to->readonly || !from->readonly);
    return fits ? Conversion::Safe : Conversion::None;
  }
  if (from->is_tuple() && from->elements.size() == to->elements.size()) {
    Conversion worst = Conversion::Exact;
    for (size_t i = 0; i < from->elements.size(); ++i)
      worst = std::max(worst, conversion(from->elements[i], to->elements[i]));
    return worst;
  }
  return Conversion::None;
}

bool can_convert(TypeRef from, TypeRef to) { return conversion(from, to) != Conversion::None; }

}  // namespace kjit::sema
