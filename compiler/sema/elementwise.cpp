// Typing of whole-array calls of functions that work element by element.
#include "sema/elementwise.h"

#include <fmt/format.h>

#include <algorithm>

#include "sema/builtins_typing.h"
#include "sema/infer.h"
#include "sema/promotion.h"

namespace kjit::sema {

bool is_elementwise(const Builtin& row) {
  switch (row.id) {
    case BuiltinId::numpy_isscalar:
    case BuiltinId::numpy_iscomplexobj:
    case BuiltinId::numpy_isrealobj:
      return false;
    default:
      break;
  }
  switch (row.id) {
#define BUILTIN(id, name, params, rule, emitter, doc) case BuiltinId::id:
#include "sema/builtins_numpy.def"
#undef BUILTIN
    return true;
    default:
      return false;
  }
}

const Builtin* operator_row(ast::BinaryOp op) {
  using enum ast::BinaryOp;
  switch (op) {
    case Add:
      return &builtin(BuiltinId::numpy_add);
    case Sub:
      return &builtin(BuiltinId::numpy_subtract);
    case Mul:
      return &builtin(BuiltinId::numpy_multiply);
    case Div:
      return &builtin(BuiltinId::numpy_divide);
    case FloorDiv:
      return &builtin(BuiltinId::numpy_floor_divide);
    case Mod:
      return &builtin(BuiltinId::numpy_remainder);
    case Pow:
      return &builtin(BuiltinId::numpy_power);
    case LShift:
      return &builtin(BuiltinId::numpy_left_shift);
    case RShift:
      return &builtin(BuiltinId::numpy_right_shift);
    case BitAnd:
      return &builtin(BuiltinId::numpy_bitwise_and);
    case BitOr:
      return &builtin(BuiltinId::numpy_bitwise_or);
    case BitXor:
      return &builtin(BuiltinId::numpy_bitwise_xor);
    case MatMul:
      return &builtin(BuiltinId::numpy_matmul);
  }
  return nullptr;
}

const Builtin* operator_row(ast::UnaryOpKind op) {
  using enum ast::UnaryOpKind;
  switch (op) {
    case Neg:
      return &builtin(BuiltinId::numpy_negative);
    case Invert:
      return &builtin(BuiltinId::numpy_invert);
    case Not:
      return nullptr;
    default:
      return &builtin(BuiltinId::numpy_positive);
  }
}

const Builtin* operator_row(ast::CompareOp op) {
  using enum ast::CompareOp;
  switch (op) {
    case Eq:
      return &builtin(BuiltinId::numpy_equal);
    case Ne:
      return &builtin(BuiltinId::numpy_not_equal);
    case Lt:
      return &builtin(BuiltinId::numpy_less);
    case Le:
      return &builtin(BuiltinId::numpy_less_equal);
    case Gt:
      return &builtin(BuiltinId::numpy_greater);
    case Ge:
      return &builtin(BuiltinId::numpy_greater_equal);
    default:
      return nullptr;
  }
}

const Builtin& array_row(const Builtin& row) {
  switch (row.id) {
    case BuiltinId::builtins_abs:
      return builtin(BuiltinId::numpy_absolute);
    case BuiltinId::builtins_round:
      return builtin(BuiltinId::numpy_round);
    case BuiltinId::builtins_pow:
      return builtin(BuiltinId::numpy_power);
    case BuiltinId::builtins_divmod:
      return builtin(BuiltinId::numpy_divmod);
    default:
      return builtin(row.id);
  }
}

UfuncMethod ufunc_method(std::string_view canonical_name) {
  const size_t dot = canonical_name.rfind('.');
  if (dot == std::string_view::npos) return {};
  const Builtin* ufunc = find_builtin(canonical_name.substr(0, dot));
  if (!ufunc || !is_elementwise(*ufunc) || !std::string_view(ufunc->params).starts_with("x1, x2")) return {};
  const Builtin* method = find_builtin(fmt::format("ufunc.{}", canonical_name.substr(dot + 1)));
  return method ? UfuncMethod{ufunc, method} : UfuncMethod{};
}

namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Parts of a tuple of arrays that are none yet.
TypeRef parts_as_arrays(TypeContext& types, const Builtin& row, TypeRef t) {
  std::vector<TypeRef> parts;
  for (TypeRef part : t->elements) {
    TypeRef made = part;
    if (part->is_tuple()) made = array_of_display(types, part);
    if (part->is_scalar() && row.id != BuiltinId::numpy_concatenate) {
      const int rank = row.id == BuiltinId::numpy_stack ? 0 : 1;
      made = types.array(part->scalar, rank, Layout::C);
    }
    if (!made) return nullptr;
    parts.push_back(made);
  }
  return parts == t->elements ? nullptr : types.tuple(std::move(parts));
}

}  // namespace

TypeRef array_like(TypeContext& types, const Builtin& row, std::string_view parameter, TypeRef t) {
  const std::string_view name = row.name;
  if (!name.starts_with("numpy.") || parameter == "out") return nullptr;
  if (is_elementwise(row)) return t->is_tuple() ? array_of_display(types, t) : nullptr;
  if (is_one_of(name.substr(6), {"array", "asarray", "ascontiguousarray", "asfortranarray", "result_type"}))
    return nullptr;
  if (is_one_of(parameter, {"arrays", "tup"})) return t->is_tuple() ? parts_as_arrays(types, row, t) : nullptr;
  if (!is_one_of(parameter, {"a", "b", "m", "v", "x", "x1", "x2", "array", "prototype", "indices", "operands"}))
    return nullptr;
  if (t->is_tuple()) return array_of_display(types, t);
  const bool takes_numbers = is_one_of(name.substr(6), {"shape", "ndim", "size", "zeros_like", "ones_like", "full_like",
                                                        "empty_like", "broadcast_to", "take"});
  if (!t->is_scalar() || takes_numbers || name.starts_with("numpy.linalg.")) return nullptr;
  return types.array(t->scalar, 0, Layout::C);
}

bool is_same_kind(Scalar from, Scalar to) {
  const auto kind = [](Scalar s) { return is_bool(s) ? 0 : is_integer(s) ? 1 : is_float(s) ? 2 : 3; };
  return kind(from) <= kind(to) && !(is_signed(from) && is_unsigned(to));
}

namespace {

bool is_whole_array(TypeRef t) { return t && t->is_array() && t->rank > 0; }

bool has_parameter_out(const Builtin& row) { return std::string_view(row.params).ends_with("out="); }

bool is_comparison(const Builtin& row) { return row.typing == typing::np_compare || row.typing == typing::np_order; }

// Arguments that do not take part in the promotion of the others.
bool stands_apart(const Builtin& row, size_t i) {
  switch (row.id) {
    case BuiltinId::numpy_where:
      return i == 0;
    case BuiltinId::numpy_ldexp:
    case BuiltinId::numpy_round:
    case BuiltinId::numpy_around:
    case BuiltinId::array_round:
    case BuiltinId::numpy_angle:
      return i == 1;
    case BuiltinId::numpy_nan_to_num:
      return i > 0;
    default:
      return false;
  }
}

// The type that one of Python's own numbers has beside strong operands of type `common` (null: there are none).
Scalar beside(TypeRef weak, const Scalar* common, bool comparison) {
  const Scalar own = weak->scalar;
  if (!common) return own;
  if (is_complex(own)) return is_float(*common) || is_complex(*common) ? complex_of(real_of(*common)) : own;
  if (is_float(own)) return is_float(*common) || is_complex(*common) ? *common : own;
  if (is_bool(*common) || (comparison && is_integer(*common))) return own;
  return *common;
}

// Opens the arrays: element types in call.args and in `elements`. Returns the rank of the result, -1 after a report.
int open_arrays(CallTyping& call, std::vector<TypeRef>& elements) {
  int rank = 0;
  const bool comparison = is_comparison(call.builtin);
  Scalar common = Scalar::Bool;
  bool strong = false;
  for (size_t i = 0; i < call.args.size(); ++i) {
    TypeRef t = typing::value_type(call, i);
    if (!t) continue;
    if (t->is_array()) {
      rank = std::max<int>(rank, t->rank);
      call.args[i].type = t = call.types.scalar(t->scalar);
      call.args[i].constant = nullptr;
    }
    if (!t->is_scalar() || t->weak || stands_apart(call.builtin, i)) continue;
    common = strong ? promote(common, t->scalar) : t->scalar;
    strong = true;
  }
  for (size_t i = 0; i < call.args.size(); ++i) {
    TypeRef t = typing::value_type(call, i);
    if (t && t->is_scalar() && t->weak && !stands_apart(call.builtin, i)) {
      call.args[i].type = call.types.scalar(beside(t, strong ? &common : nullptr, comparison));
    }
    elements.push_back(call.args[i].type);
  }
  return rank;
}

TypeRef array_of_results(TypeContext& types, TypeRef element, int rank) {
  if (!element->is_tuple()) return types.array(element->scalar, rank, Layout::C);
  std::vector<TypeRef> parts;
  for (TypeRef e : element->elements) parts.push_back(types.array(e->scalar, rank, Layout::C));
  return types.tuple(std::move(parts));
}

TypeRef check_out(CallTyping& call, const TypedArgument& out, TypeRef element, int rank) {
  const source::Location place = out.expr ? source::Location{call.where.file, out.expr->span} : call.where;
  const std::string name = typing::display_name(call.builtin);
  if (!is_whole_array(out.type) || element->is_tuple()) {
    return call.fail(source::Diag::bad_argument, place,
                     fmt::format("{}() takes an array for 'out', not {}", name, typing::sort_of(out.type)));
  }
  if (out.type->readonly) return call.fail(source::Diag::readonly_array, place, "'out'");
  if (out.type->rank < rank) {
    return call.fail(source::Diag::bad_argument, place,
                     fmt::format("'out' of {}() has {} dimensions, the result has {}", name, out.type->rank, rank));
  }
  const Scalar from = element->scalar, to = out.type->scalar;
  if (is_same_kind(from, to)) return out.type;
  return call.fail(
      source::Diag::bad_argument, place,
      fmt::format("the result of {}() is {} and does not go into 'out' of {}", name, name_of(from), name_of(to)));
}

}  // namespace

TypeRef apply_rule(CallTyping& call, CallInfo& info) {
  const bool condition_alone = call.builtin.id == BuiltinId::numpy_where && !call.given(1) && !call.given(2);
  if (condition_alone) return typing::nonzero(call);
  if (!is_elementwise(call.builtin)) return call.builtin.typing(call);
  TypedArgument out;
  if (has_parameter_out(call.builtin)) {
    out = call.args.back();
    if (out.type && out.type->is_none()) out.type = nullptr;
    call.args.pop_back();
    if (!out.type) info.args.pop_back();
  }
  const bool arrays = std::any_of(call.args.begin(), call.args.end(), [](const TypedArgument& a) {
    return a.type && is_whole_array(a.type->is_optional() ? a.type->elements[0] : a.type);
  });
  if (!arrays && !out.type) {
    for (TypedArgument& a : call.args) {  // an array of rank 0 is a number
      if (a.type && a.type->is_array()) a.type = call.types.scalar(a.type->scalar);
    }
    return call.builtin.typing(call);
  }
  std::vector<TypeRef> elements;
  const int rank = open_arrays(call, elements);
  TypeRef element = rank < 0 ? nullptr : call.builtin.typing(call);
  if (!element) return nullptr;
  if (!element->is_scalar() && !element->is_tuple()) return element;
  info.elements = std::move(elements);
  info.element_result = element;
  info.has_out = out.type != nullptr;
  return out.type ? check_out(call, out, element, rank) : array_of_results(call.types, element, rank);
}

bool check_update(TypeContext& types, ast::BinaryOp op, TypeRef array, const TypedArgument& value,
                  source::Location where, source::Diagnostics& diagnostics) {
  const Builtin* row = operator_row(op);
  if (!row || !is_elementwise(*row)) {
    diagnostics.report(source::Diag::not_supported, where, fmt::format("operator '{}=' on arrays", spelling(op)));
    return false;
  }
  CallTyping call{types, *row, where, {}, diagnostics, {}};
  TypedArgument target;
  target.type = array;
  call.args = {target, value};
  std::vector<TypeRef> elements;
  open_arrays(call, elements);
  TypeRef result = row->typing(call);
  if (!result || is_same_kind(result->scalar, array->scalar)) return result != nullptr;
  diagnostics.report(source::Diag::bad_argument, where,
                     fmt::format("the result of '{}=' is {} and does not go into an array of {}", spelling(op),
                                 name_of(result->scalar), name_of(array->scalar)));
  return false;
}

}  // namespace kjit::sema
