// Typing of numba.cuda: where a thread stands in its grid, memory that threads share, what they do together.
#include <fmt/format.h>

#include "sema/builtins_typing.h"
#include "sema/promotion.h"

namespace kjit::sema::typing {

TypeRef cuda_index(CallTyping& call) { return call.types.scalar(Scalar::I32); }

TypeRef cuda_grid(CallTyping& call) {
  const Constant* axes = call.args[0].constant;
  if (!axes || !axes->is_int() || axes->as_int() < 1 || axes->as_int() > 3)
    return call.fail(source::Diag::bad_argument, call.place(0),
                     fmt::format("{}() takes the number of axes, the constant 1, 2 or 3", display_name(call.builtin)));
  const int64_t count = axes->as_int();
  TypeRef number = call.types.int64();
  return count == 1 ? number : call.types.homogeneous(number, static_cast<size_t>(count));
}

namespace {

// A 32- or 64-bit number that is not complex: what warps hand on and atomics work with.
bool is_word(Scalar s) { return !is_bool(s) && !is_complex(s) && size_of(s) >= 4; }

TypeRef needs_constant(CallTyping& call, size_t i) {
  call.diagnostics
      .report(source::Diag::not_constant, call.place(i), fmt::format("the shape of {}()", display_name(call.builtin)))
      .hint = "write numbers, or global names for them";
  return nullptr;
}

}  // namespace

// The rank of a shape that is known; every length is positive, or it is 0 for an array that lies in what the launch
// gave.
TypeRef cuda_array(CallTyping& call) {
  const int rank = shape_rank(call, 0);
  Scalar element{};
  if (rank < 0 || !dtype_argument(call, 1, Scalar::F64, element)) return nullptr;
  const Constant* shape = call.args[0].constant;
  if (!shape) return needs_constant(call, 0);
  std::vector<Constant> lengths{*shape};
  if (const auto* tuple = std::get_if<ConstantTuple>(&shape->value)) lengths = *tuple;
  const bool dynamic =
      call.builtin.id == BuiltinId::cuda_shared_array && rank == 1 && lengths[0].is_int() && lengths[0].as_int() == 0;
  for (const Constant& n : lengths) {
    if (!n.is_int()) return needs_constant(call, 0);
    if (n.as_int() > 0 || dynamic) continue;
    return call.fail(source::Diag::bad_argument, call.place(0),
                     fmt::format("{}() makes no array of length {}", display_name(call.builtin), n.as_int()));
  }
  return call.types.array(element, rank, Layout::C);
}

TypeRef cuda_const_array_like(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (!t || !t->is_array()) return wrong_type(call, 0, "an array");
  if (!call.args[0].constant)
    return call.fail(source::Diag::not_constant, call.place(0),
                     fmt::format("the array of {}()", display_name(call.builtin)));
  return t;
}

TypeRef cuda_this_grid(CallTyping& call) { return call.types.builtin("numba.cuda.cg.grid"); }
TypeRef cuda_effect(CallTyping& call) { return all_integers(call) ? call.types.none() : nullptr; }
TypeRef cuda_int32(CallTyping& call) { return all_real(call) ? call.types.scalar(Scalar::I32) : nullptr; }
TypeRef cuda_bool(CallTyping& call) { return all_real(call) ? call.types.boolean() : nullptr; }
TypeRef cuda_mask(CallTyping& call) { return call.types.scalar(Scalar::U32); }

TypeRef cuda_match_all(CallTyping& call) {
  if (!all_real(call)) return nullptr;
  return call.types.tuple({call.types.scalar(Scalar::I32), call.types.boolean()});
}

// What is handed on: the value, as an int32 where it is narrower.
TypeRef cuda_shuffle(CallTyping& call) {
  if (!all_real(call)) return nullptr;
  TypeRef value = strong(call.types, value_type(call, 1));
  return is_word(value->scalar) ? value : call.types.scalar(Scalar::I32);
}

TypeRef cuda_atomic(CallTyping& call) {
  TypeRef array = value_type(call, 0);
  if (!array || !array->is_array()) return wrong_type(call, 0, "an array");
  const std::string name = display_name(call.builtin);
  if (array->readonly)
    return call.fail(source::Diag::bad_argument, call.place(0), name + "() writes the array, which is read-only");
  const BuiltinId id = call.builtin.id;
  const bool unsigned_only = id == BuiltinId::cuda_atomic_inc || id == BuiltinId::cuda_atomic_dec;
  const bool integers_only =
      id == BuiltinId::cuda_atomic_and || id == BuiltinId::cuda_atomic_or || id == BuiltinId::cuda_atomic_xor;
  const Scalar s = array->scalar;
  const char* wanted = unsigned_only   ? "uint32 or uint64"
                       : integers_only ? "int32, uint32, int64 or uint64"
                                       : "int32, uint32, int64, uint64, float32 or float64";
  if (!is_word(s) || (unsigned_only && !is_unsigned(s)) || (integers_only && !is_integer(s)))
    return call.fail(source::Diag::bad_argument, call.place(0),
                     fmt::format("{}() works on arrays of {}, not of {}", name, wanted, name_of(s)));
  size_t next = 1;
  if (id == BuiltinId::cuda_atomic_compare_and_swap) {
    if (array->rank != 1) return wrong_type(call, 0, "an array of one axis");
  } else {
    TypeRef index = value_type(call, 1);
    const bool tuple = index && index->is_tuple();
    const size_t given = tuple ? index->elements.size() : 1;
    const auto whole = [](TypeRef t) { return t && t->is_scalar() && (is_integer(t->scalar) || is_bool(t->scalar)); };
    bool fine = tuple || whole(index);
    for (size_t k = 0; tuple && k < given; ++k) fine = fine && whole(index->elements[k]);
    if (!fine) return wrong_type(call, 1, "an integer or a tuple of integers as index");
    if (given != array->rank)
      return call.fail(
          source::Diag::bad_argument, call.place(1),
          fmt::format("{}() wants an index for each of the {} axes, {} given", name, int{array->rank}, given));
    next = 2;
  }
  for (; next < call.args.size(); ++next) {
    TypeRef t = value_type(call, next);
    if (!t || !t->is_scalar() || is_complex(t->scalar)) return wrong_type(call, next, "a real number");
  }
  return call.types.scalar(s);
}

TypeRef cuda_bits(CallTyping& call) {
  if (!all_integers(call)) return nullptr;
  TypeRef t = strong(call.types, value_type(call, 0));
  return is_word(t->scalar) ? t : call.types.scalar(is_unsigned(t->scalar) ? Scalar::U32 : Scalar::I32);
}

TypeRef cuda_fma(CallTyping& call) {
  if (!all_real(call)) return nullptr;
  TypeRef t = strong(call.types, common_of(call));
  return is_float(t->scalar) ? t : call.types.scalar(Scalar::F64);
}

TypeRef cuda_selp(CallTyping& call) {
  if (!all_real(call)) return nullptr;
  return strong(call.types, common_type(call.types, value_type(call, 1), value_type(call, 2)));
}

}  // namespace kjit::sema::typing
