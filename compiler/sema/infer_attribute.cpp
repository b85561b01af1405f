// Types of attributes: of modules, arrays, numbers and dtypes.
#include "sema/elementwise.h"
#include "sema/inference.h"

namespace kjit::sema {

using ast::Expr;

TypeRef Specialization::member(const std::string& canonical, const Expr& e, Span where) {
  Constant value;
  if (find_module_constant(types(), canonical, value)) {
    set_constant(e, value);
    return value.type;
  }
  if (const Builtin* row = find_builtin(canonical); row && is_device_index(*row)) return device_index(e, *row);
  if (find_builtin(canonical) || is_device_triple(canonical) || ufunc_method(canonical).method ||
      is_known_module(canonical) || canonical == "numpy.linalg.LinAlgError")
    return types().builtin(canonical);
  size_t dot = canonical.rfind('.');
  std::string module = canonical.substr(0, dot), attr = canonical.substr(dot + 1);
  if (module == "numba.cuda") {
    fail(Diag::not_supported, where, fmt::format("cuda.{}", attr));
  } else {
    fail(Diag::unknown_function, where, canonical);
  }
  std::vector<std::string> candidates;
  const std::string family = ufunc_method(module + ".outer").method ? "ufunc" : module;
  for (auto& n : builtin_names(family + ".")) candidates.push_back(n.substr(family.size() + 1));
  std::string best = source::nearest(attr, candidates);
  return best.empty() ? nullptr : hint(nullptr, fmt::format("did you mean '{}'?", best));
}

// Read by every thread anew: a call without arguments.
TypeRef Specialization::device_index(const Expr& e, const Builtin& row) {
  if (!check_on_device(e.span, row)) return nullptr;
  CallInfo c;
  c.builtin = &row;
  c.result = types().scalar(Scalar::I32);
  info(e).call = static_cast<uint32_t>(typed->calls.size());
  typed->calls.push_back(std::move(c));
  return types().scalar(Scalar::I32);
}

bool Specialization::check_on_device(Span where, const Builtin& row) {
  const std::string_view name = row.name;
  if (typed->options.device || !name.starts_with("numba.cuda.")) return true;
  fail(Diag::not_supported, where, fmt::format("{} outside of kernels with @cuda.jit", name.substr(6)));
  return false;
}

// a.flags.c_contiguous and its like; `flags` by itself is no value. Kirgen finds the array where `flags` stands.
TypeRef Specialization::attribute_of_flags(const ast::Attribute& e, const ast::Attribute& flags, TypeRef array) {
  info(flags).type = array;
  if (e.attr == "c_contiguous" || e.attr == "f_contiguous" || e.attr == "contiguous" || e.attr == "forc" ||
      e.attr == "fnc")
    return types().boolean();
  if (e.attr == "writeable") {
    set_constant(e, {types().boolean(), int64_t{!array->readonly}});
    return types().boolean();
  }
  return fail(Diag::unknown_attribute, e.attr_span, "the flags of an array", std::string(e.attr));
}

TypeRef Specialization::attribute(const ast::Attribute& e) {
  if (e.value->kind == ast::ExprKind::Attribute && ast::as<ast::Attribute>(*e.value).attr == "flags") {
    const auto& flags = ast::as<ast::Attribute>(*e.value);
    TypeRef array = expr(flags.value);
    if (array && array->is_optional()) array = array->elements[0];
    if (array && array->is_array()) return attribute_of_flags(e, flags, array);
  }
  TypeRef value = expr(e.value);
  if (!value || value->is_unknown()) return value;
  if (value->kind == TypeKind::Builtin) {
    if (value->text.starts_with("module:")) {
      auto found = globals_.lookup_module(value->text.substr(7), e.attr);
      if (!found) return fail(Diag::unknown_attribute, e.attr_span, describe(value), std::string(e.attr));
      if (!found->type) return fail(Diag::not_supported, e.span, fmt::format("'{}' in a kernel", e.attr));
      if (!found->type->is_unknown()) set_constant(e, *found);
      return found->type;
    }
    if (library_ && e.attr == "__name__") {  // of a function that was handed on
      TypeRef name = types().string(value->text.substr(value->text.rfind('.') + 1));
      set_constant(e, {name, {}});
      return name;
    }
    return member(value->text + "." + std::string(e.attr), e, e.span);
  }
  if (const FunctionRef* ref = vectorized(value)) return attribute_of_ufunc(e, *ref);
  return attribute_of_value(e, value->is_optional() ? value->elements[0] : value);
}

// nin, nout, nargs; identity of a function with @vectorize.
TypeRef Specialization::attribute_of_ufunc(const ast::Attribute& e, const FunctionRef& ref) {
  const auto inputs = static_cast<int64_t>(ref.def->parameters.positional.size());
  const auto integer = [&](int64_t v) {
    set_constant(e, {types().py_int(), v});
    return types().py_int();
  };
  if (e.attr == "nin") return integer(inputs);
  if (e.attr == "nout") return integer(1);
  if (e.attr == "nargs") return integer(inputs + 1);
  if (e.attr == "identity" && ref.options->identity) return integer(*ref.options->identity);
  if (e.attr == "identity") {
    set_constant(e, {types().none(), {}});
    return types().none();
  }
  if (library_ && e.attr == "__name__") {  // none of NumPy's: see ufunc.py
    const FunctionOptions& options = *ref.options;
    std::string name = "vectorized";
    if (options.identity) {
      name += fmt::format(" {}", *options.identity);
    } else if (options.reorderable) {
      name += " reorderable";
    }
    set_constant(e, {types().string(name), {}});
    return types().string(name);
  }
  fail(Diag::unknown_attribute, e.attr_span, fmt::format("ufunc '{}'", ref.def->name), std::string(e.attr));
  std::string best =
      source::nearest(e.attr, {"nin", "nout", "nargs", "identity", "reduce", "accumulate", "reduceat", "outer", "at"});
  return best.empty() ? nullptr : hint(nullptr, fmt::format("did you mean '{}'?", best));
}

TypeRef Specialization::attribute_of_value(const ast::Attribute& e, TypeRef value) {
  auto& t = types();
  std::string_view a = e.attr;
  auto constant_int = [&](int64_t v) {
    set_constant(e, {t.py_int(), v});
    return t.py_int();
  };
  if (value->is_array()) {
    if (a == "shape" || a == "strides") return t.homogeneous(t.py_int(), value->rank);
    if (a == "ndim") return constant_int(value->rank);
    if (a == "itemsize") return constant_int(size_of(value->scalar));
    if (a == "size" || a == "nbytes") return t.py_int();
    if (a == "dtype") {
      set_constant(e, {dtype_object(t, value->scalar), {}});
      return dtype_object(t, value->scalar);
    }
    if (a == "T") {
      Layout layout = value->rank <= 1             ? value->layout
                      : value->layout == Layout::C ? Layout::F
                      : value->layout == Layout::F ? Layout::C
                                                   : Layout::A;
      return t.array(value->scalar, value->rank, layout, value->readonly);
    }
    if (a == "flat") {
      Type flat;
      flat.kind = TypeKind::Flat;
      flat.elements = {value};
      return t.intern(flat);
    }
    if (a == "real" || a == "imag") {
      if (is_complex(value->scalar)) return t.array(real_of(value->scalar), value->rank, Layout::A, value->readonly);
      if (a == "real") return value;
      return t.array(value->scalar, value->rank, Layout::C, true);  // zeros that nobody can write, as NumPy's
    }
  } else if (value->is_scalar()) {
    if (a == "real" || a == "imag") {
      if (value->weak) return is_complex(value->scalar) ? t.py_float() : value;
      return t.scalar(is_bool(value->scalar) ? Scalar::Bool : real_of(value->scalar));
    }
    if (!value->weak && a == "dtype") {
      set_constant(e, {dtype_object(t, value->scalar), {}});
      return dtype_object(t, value->scalar);
    }
    if (!value->weak && a == "itemsize") return constant_int(size_of(value->scalar));
    if (!value->weak && a == "ndim") return constant_int(0);
    if (!value->weak && a == "size") return constant_int(1);
  } else if (value->kind == TypeKind::DType) {
    if (a == "itemsize") return constant_int(size_of(value->scalar));
    if (a == "type") {
      set_constant(e, {t.dtype(value->scalar), {}});
      return t.dtype(value->scalar);
    }
    if (a == "kind" || a == "name") {
      std::string text = a == "name"                  ? std::string(name_of(value->scalar))
                         : is_bool(value->scalar)     ? "b"
                         : is_signed(value->scalar)   ? "i"
                         : is_unsigned(value->scalar) ? "u"
                         : is_float(value->scalar)    ? "f"
                                                      : "c";
      set_constant(e, {t.string(text), {}});
      return t.string(text);
    }
  }
  fail(Diag::unknown_attribute, e.attr_span, describe(value), std::string(a));
  std::vector<std::string> candidates;
  if (value->is_array()) {
    candidates = {"shape", "strides", "ndim", "itemsize", "size", "nbytes", "dtype", "T", "flat", "real", "imag"};
    for (auto& n : builtin_names("array.")) candidates.push_back(n.substr(6));
  }
  std::string best = source::nearest(a, candidates);
  return best.empty() ? nullptr : hint(nullptr, fmt::format("did you mean '{}'?", best));
}

}  // namespace kjit::sema
