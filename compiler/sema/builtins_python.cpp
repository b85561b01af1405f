// Typing of Python's own functions and of methods of numbers.
#include <fmt/format.h>

#include "sema/builtins_typing.h"
#include "sema/promotion.h"

namespace kjit::sema::typing {

namespace {

bool is_integral(TypeRef t) { return t && t->is_scalar() && (is_integer(t->scalar) || is_bool(t->scalar)); }

TypeRef iterator(TypeContext& types, TypeKind kind, std::vector<TypeRef> over) {
  Type t;
  t.kind = kind;
  t.elements = std::move(over);
  return types.intern(std::move(t));
}

// What a loop over a tuple of numbers or a 1-d array gives, as a list of types; false after a report.
bool number_elements(CallTyping& call, size_t i, std::vector<TypeRef>& out) {
  TypeRef t = value_type(call, i);
  if (t && t->is_array() && t->rank == 1) {
    out.push_back(call.types.scalar(t->scalar));
    return true;
  }
  if (t && t->kind == TypeKind::Range) {
    out.push_back(call.types.py_int());
    return true;
  }
  if (t && t->is_tuple()) {
    for (TypeRef e : t->elements) {
      if (!e->is_scalar()) {
        call.fail(source::Diag::bad_argument, call.place(i),
                  fmt::format("{}() takes numbers, not a tuple that holds {}", display_name(call.builtin), sort_of(e)));
        return false;
      }
      out.push_back(e);
    }
    return true;
  }
  if (t && t->is_array()) {
    call.fail(source::Diag::not_supported, call.place(i),
              fmt::format("{}() of {}", display_name(call.builtin), sort_of(t)));
  } else {
    call.fail(source::Diag::not_iterable, call.place(i), t ? sort_of(t) : "None");
  }
  return false;
}

}  // namespace

// abs(bool) is an int in Python; narrow integers keep their type.
TypeRef absolute(CallTyping& call) {
  if (!all_numbers(call)) return nullptr;
  TypeRef t = value_type(call, 0);
  if (is_bool(t->scalar)) return call.types.py_int();
  if (!is_complex(t->scalar)) return t;
  return t->weak ? call.types.py_float() : call.types.scalar(real_of(t->scalar));
}

TypeRef truth_of_all(CallTyping& call) {
  std::vector<TypeRef> elements;
  return number_elements(call, 0, elements) ? call.types.boolean() : nullptr;
}

// complex(re, im); of one argument it is a conversion.
TypeRef make_complex(CallTyping& call) {
  if (!all_numbers(call)) return nullptr;
  for (size_t i = 0; i < call.args.size(); ++i) {
    TypeRef t = value_type(call, i);
    if (t && is_complex(t->scalar) && call.args.size() > 1) return wrong_type(call, i, "real numbers");
  }
  return call.types.py_complex();
}

TypeRef python_divmod(CallTyping& call) {
  if (!all_real(call)) return nullptr;
  TypeRef t = binary_typing(call.types, ast::BinaryOp::FloorDiv, value_type(call, 0), value_type(call, 1)).result;
  return call.types.homogeneous(t, 2);
}

TypeRef enumerate(CallTyping& call) {
  if (call.given(1) && !is_integral(value_type(call, 1))) return wrong_type(call, 1, "an integer for start");
  TypeRef t = value_type(call, 0);
  if (!t || t->is_scalar() || (t->is_array() && t->rank == 0)) {
    return call.fail(source::Diag::not_iterable, call.place(0), t ? sort_of(t) : "None");
  }
  return iterator(call.types, TypeKind::Enumerate, {t});
}

TypeRef zip(CallTyping& call) {
  std::vector<TypeRef> elements;
  for (size_t i = 0; i < call.args.size(); ++i) {
    TypeRef t = value_type(call, i);
    if (!t || t->is_scalar() || (t->is_array() && t->rank == 0)) {
      return call.fail(source::Diag::not_iterable, call.place(i), t ? sort_of(t) : "None");
    }
    elements.push_back(t);
  }
  return iterator(call.types, TypeKind::Zip, std::move(elements));
}

TypeRef range(CallTyping& call) {
  if (!at_least(call, 1)) return nullptr;
  if (call.args.size() > 3) {
    return call.fail(
        source::Diag::wrong_argument_count, call.where,
        fmt::format("{}() takes at most 3 arguments, {} given", display_name(call.builtin), call.args.size()));
  }
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (!is_integral(value_type(call, i))) return wrong_type(call, i, "integers");
  }
  return iterator(call.types, TypeKind::Range, {});
}

TypeRef length(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  TypeRef result = call.types.py_int();
  if (t && t->is_tuple()) {
    call.folded = {result, static_cast<int64_t>(t->elements.size())};
    return result;
  }
  if (t && t->kind == TypeKind::String) {
    int64_t characters = 0;
    for (char c : t->text) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    call.folded = {result, characters};
    return result;
  }
  if (t && ((t->is_array() && t->rank > 0) || t->kind == TypeKind::Range || t->kind == TypeKind::Flat)) return result;
  return wrong_type(call, 0, "an array, a tuple, a range or a string");
}

TypeRef reversed(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (t && ((t->is_array() && t->rank > 0) || t->is_tuple() || t->kind == TypeKind::Range))
    return iterator(call.types, TypeKind::Reversed, {t});
  return wrong_type(call, 0, "an array, a tuple or a range");
}

// np.ndindex(2, 3) and np.ndindex((2, 3)).
TypeRef ndindex(CallTyping& call) {
  int rank = static_cast<int>(call.args.size());
  if (rank == 1) {
    rank = shape_rank(call, 0);
    if (rank < 0) return nullptr;
  } else if (!all_integers(call)) {
    return nullptr;
  }
  return iterator(call.types, TypeKind::NdIndex, {call.types.homogeneous(call.types.py_int(), rank)});
}

TypeRef ndenumerate(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (!t || !t->is_array()) return wrong_type(call, 0, "an array");
  return iterator(call.types, TypeKind::NdEnumerate, {t});
}

TypeRef extremum(CallTyping& call) {
  if (!at_least(call, 1)) return nullptr;
  TypeRef common = nullptr;
  if (call.args.size() == 1) {
    std::vector<TypeRef> elements;
    if (!number_elements(call, 0, elements)) return nullptr;
    if (elements.empty()) {
      return call.fail(source::Diag::bad_argument, call.place(0),
                       fmt::format("{}() of an empty tuple", display_name(call.builtin)));
    }
    for (TypeRef e : elements) common = common ? common_type(call.types, common, e) : e;
  } else {
    if (!all_numbers(call)) return nullptr;
    common = common_of(call);
  }
  if (!is_complex(common->scalar)) return common;
  return call.fail(source::Diag::bad_argument, call.where,
                   fmt::format("{}() does not take complex numbers", display_name(call.builtin)));
}

// pow(a, b) is a ** b. A negative constant exponent of integers makes floats, as for the operator.
TypeRef python_pow(CallTyping& call) {
  if (call.given(2) && !call.args[2].type->is_none()) {
    if (!all_integers(call)) return nullptr;
    return call.types.py_int();
  }
  if (call.given(2)) call.args[2].type = nullptr;
  if (!all_numbers(call)) return nullptr;
  TypeRef t = binary_typing(call.types, ast::BinaryOp::Pow, value_type(call, 0), value_type(call, 1)).result;
  const Constant* exponent = call.args[1].constant;
  if (is_integer(t->scalar) && exponent && exponent->is_int() && exponent->as_int() < 0) {
    return t->weak ? call.types.py_float() : call.types.float64();
  }
  return t;
}

TypeRef print(CallTyping& call) {
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (!call.given(i)) continue;
    TypeRef t = call.args[i].type;
    if (t->kind == TypeKind::Function || t->kind == TypeKind::Builtin || t->kind == TypeKind::Slice ||
        t->is_iterator()) {
      return call.fail(source::Diag::not_supported, call.place(i), fmt::format("print() of {}", sort_of(t)));
    }
  }
  return call.types.none();
}

TypeRef python_round(CallTyping& call) {
  if (!all_real(call)) return nullptr;
  TypeRef t = value_type(call, 0);
  TypeRef digits = value_type(call, 1);
  if (digits && !is_integral(digits)) return wrong_type(call, 1, "an integer for ndigits");
  if (digits) return is_bool(t->scalar) ? call.types.py_int() : t;
  return t->scalar == Scalar::U64 ? t : call.types.py_int();
}

TypeRef sum(CallTyping& call) {
  std::vector<TypeRef> elements;
  if (!number_elements(call, 0, elements)) return nullptr;
  TypeRef total = call.given(1) ? value_type(call, 1) : call.types.py_int();
  if (!total || !total->is_scalar()) return wrong_type(call, 1, "a number for start");
  auto add = [&](TypeRef t, TypeRef e) { return binary_typing(call.types, ast::BinaryOp::Add, t, e).result; };
  bool many = !value_type(call, 0)->is_tuple();
  for (TypeRef e : elements) total = add(total, e);
  if (many) total = add(total, elements[0]);
  return total;
}

// --- methods of numbers

TypeRef same_number(CallTyping& call) { return value_type(call, 0); }

TypeRef item_of_scalar(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  if (is_bool(t->scalar) || t->scalar == Scalar::U64) return t;
  if (is_integer(t->scalar)) return call.types.py_int();
  return is_float(t->scalar) ? call.types.py_float() : call.types.py_complex();
}

TypeRef scalar_astype(CallTyping& call) {
  Scalar s{};
  if (!dtype_argument(call, 1, Scalar::F64, s)) return nullptr;
  TypeRef t = value_type(call, 0);
  if (is_complex(t->scalar) && !is_complex(s) && !is_bool(s)) {
    return call.fail(source::Diag::bad_argument, call.where,
                     std::string("a complex number has no real type; take .real"));
  }
  return call.types.scalar(s);
}

TypeRef scalar_view(CallTyping& call) {
  TypeRef t = value_type(call, 0);
  Scalar s{};
  if (t->weak) return wrong_type(call, 0, "a number of NumPy (np.int64(x).view(...))");
  if (!dtype_argument(call, 1, t->scalar, s)) return nullptr;
  if (s == t->scalar) return t;
  const auto plain = [](Scalar x) { return is_integer(x) || is_float(x); };
  if (plain(s) && plain(t->scalar) && size_of(s) == size_of(t->scalar)) return call.types.scalar(s);
  return wrong_type(call, 1, "a dtype of the same size");
}

TypeRef bit_count(CallTyping& call) { return all_integers(call) ? call.types.py_int() : nullptr; }

}  // namespace kjit::sema::typing
