// Types of calls: kernels, built-ins, methods, conversions.
#include <algorithm>
#include <charconv>
#include <cstring>
#include <deque>
#include <limits>

#include "parse/literals.h"
#include "sema/builtins_typing.h"
#include "sema/elementwise.h"
#include "sema/inference.h"
#include "sema/library.h"
#include "sema/object_mode.h"

namespace kjit::sema {

using ast::Expr;
using ast::ExprKind;

namespace {

// The parameters of a built-in's row: "x, y=, *args".
struct RowParameter {
  std::string_view name;
  bool optional = false;
  bool rest = false;
};

std::vector<RowParameter> row_parameters(const char* text) {
  std::vector<RowParameter> out;
  std::string_view left = text;
  while (!left.empty()) {
    size_t comma = left.find(',');
    std::string_view item = left.substr(0, comma);
    left = comma == std::string_view::npos ? std::string_view{} : left.substr(comma + 1);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (item.empty() || item == "/" || item == "*") continue;
    RowParameter p;
    if (item.starts_with('*')) p.rest = true, item.remove_prefix(1);
    if (size_t equals = item.find('='); equals != std::string_view::npos)
      p.optional = true, item = item.substr(0, equals);
    p.name = item;
    out.push_back(p);
  }
  return out;
}

// Python's float() of a text.
bool float_of_text(std::string_view text, double& out) {
  constexpr std::string_view kSpace = " \t\n\r\f\v";
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  text = text.substr(0, text.find_last_not_of(kSpace) + 1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::string lower;
  for (char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower == "inf" || lower == "infinity") {
    out = std::numeric_limits<double>::infinity();
  } else if (lower == "nan") {
    out = std::numeric_limits<double>::quiet_NaN();
  } else {
    // Digits with single underscores between them: what is left is for from_chars to judge.
    std::string digits;
    for (size_t i = 0; i < lower.size(); ++i) {
      auto digit = [&](size_t k) { return k < lower.size() && lower[k] >= '0' && lower[k] <= '9'; };
      if (lower[i] == '_' && i > 0 && digit(i - 1) && digit(i + 1)) continue;
      if (!digit(i) && std::string_view(".e+-").find(lower[i]) == std::string_view::npos) return false;
      digits += lower[i];
    }
    double parsed = 0;
    if (digits.starts_with('-') || digits.starts_with('+')) return false;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed);
    if (end != digits.data() + digits.size() || error == std::errc::invalid_argument) return false;
    out = parse::parse_float(digits);  // infinity and zero beyond the range
  }
  if (negative) out = -out;
  return true;
}

// ufunc.outer: the first array's axes stand before those of the second, whose number is returned. Numbers are strong,
// because NumPy makes arrays of them.
int widen_outer(TypeContext& types, CallTyping& call) {
  for (TypedArgument& x : call.args) {
    if (x.type && x.type->is_scalar()) x.type = typing::strong(types, x.type);
  }
  TypeRef a = typing::value_type(call, 0), b = typing::value_type(call, 1);
  if (!a || !b || !a->is_array() || !b->is_array() || a->rank == 0 || b->rank == 0) return 0;
  call.args[0].type = types.array(a->scalar, a->rank + b->rank, Layout::A, a->readonly);
  return b->rank;
}

}  // namespace

TypeRef Specialization::call(const ast::Call& e) {
  if (e.func->kind == ExprKind::Attribute) {
    auto& attr = ast::as<ast::Attribute>(*e.func);
    TypeRef receiver = expr(attr.value);
    if (!receiver || receiver->is_unknown()) {
      std::vector<CallArgument> ignored;
      arguments(e, ignored);
      return receiver;
    }
    if (const FunctionRef* ref = vectorized(receiver)) return call_vectorized_method(e, attr, receiver, *ref);
    if (receiver->kind != TypeKind::Builtin) return call_method(e, attr, receiver);
  }
  TypeRef func = expr(e.func);
  if (!func || func->is_unknown()) {
    std::vector<CallArgument> ignored;
    arguments(e, ignored);
    return func;
  }
  if (func->kind == TypeKind::Function) return call_function(e, func);
  if (func->kind == TypeKind::DType) return call_cast(e, types().scalar(func->scalar));
  if (func->kind != TypeKind::Builtin) return fail(Diag::not_callable, e.func->span, describe(func));
  const std::string& n = func->text;
  if (n == "builtins.int") return call_cast(e, types().py_int());
  if (n == "builtins.float") return call_cast(e, types().py_float());
  if (n == "builtins.bool") return call_cast(e, types().boolean());
  if (n == "builtins.complex" && e.args.size() + e.keywords.size() < 2) return call_cast(e, types().py_complex());
  if (n == "builtins.isinstance") {
    if (e.args.size() != 2) return fail(Diag::wrong_argument_count, e.span, "isinstance() takes 2 arguments");
    TypeRef t = expr(e.args[0]);
    if (!t || t->is_unknown()) return t;
    auto answer = isinstance(t, *e.args[1]);
    if (!answer) return fail(Diag::not_constant, e.span, "the result of isinstance()");
    set_constant(e, {types().boolean(), int64_t{*answer}});
    return types().boolean();
  }
  if (n == "library.reject" || n == "library.axis_of") return library_intrinsic(e, n);
  const Builtin* row = find_builtin(n);
  if (row && is_grid(*row)) return fail(Diag::not_callable, e.func->span, describe(func));
  if (!row) {
    if (const UfuncMethod m = ufunc_method(n); m.method) return call_ufunc_method(e, m);
    if (n.ends_with("Error") || n.ends_with("Exception"))
      return fail(Diag::not_supported, e.span, "an exception as a value");
    return fail(Diag::not_callable, e.func->span, describe(func));
  }
  return call_builtin(e, *row, nullptr);
}

TypeRef Specialization::call_ufunc_method(const ast::Call& e, const UfuncMethod& m) {
  if (m.method->id == BuiltinId::ufunc_outer) return call_builtin(e, *m.ufunc, nullptr, true);
  CallArgument self;
  self.span = e.func->span, self.type = types().builtin(m.ufunc->name);
  const std::string_view method = m.method->name;
  return call_library(e, *m.method, typing::display_name(*m.ufunc) + std::string(method.substr(method.find('.'))),
                      {self});
}

TypeRef Specialization::call_cast(const ast::Call& e, TypeRef to) {
  std::vector<CallArgument> args;
  if (!arguments(e, args)) return args.empty() || args[0].type ? unknown() : nullptr;
  CallInfo c;
  c.kind = CallInfo::Kind::Cast;
  c.result = to;
  if (args.empty()) {  // int() is 0
    set_constant(e, is_complex(to->scalar) ? Constant{to, std::complex<double>(0, 0)}
                    : is_float(to->scalar) ? Constant{to, 0.0}
                                           : Constant{to, int64_t{0}});
    return to;
  }
  if (args.size() != 1 || !args[0].keyword.empty())
    return fail(Diag::wrong_argument_count, e.span,
                fmt::format("a conversion takes 1 argument, {} given", args.size()));
  TypeRef from = args[0].type->is_optional() ? args[0].type->elements[0] : args[0].type;
  if (from->kind == TypeKind::String && is_float(to->scalar)) {  // float("inf")
    double value = 0;
    if (!float_of_text(from->text, value))
      return fail(Diag::bad_argument, args[0].span, fmt::format("'{}' is not the text of a float", from->text));
    set_constant(e, {to, to->scalar == Scalar::F32 ? static_cast<double>(static_cast<float>(value)) : value});
    return to;
  }
  bool scalar = from->is_scalar() || (from->is_array() && from->rank == 0);
  if (!scalar && !to->weak && e.func->kind != ExprKind::Call) {
    if (TypeRef made = cast_array(e, from, to, args[0])) return made;
  }
  if (!scalar)
    return fail(Diag::bad_argument, args[0].span,
                fmt::format("{} cannot be converted to {}", describe(args[0].type), to_string(to)));
  if (is_complex(from->scalar) && !is_complex(to->scalar) && !is_bool(to->scalar)) {
    fail(Diag::bad_argument, args[0].span, fmt::format("a complex number cannot be converted to {}", to_string(to)));
    return hint(nullptr, "take .real or abs()");
  }
  c.args.push_back(bound(args[0]));
  info(e).call = static_cast<uint32_t>(typed->calls.size());
  typed->calls.push_back(std::move(c));
  return to;
}

// np.float32(a) of an array, or of what makes one: np.array(a, dtype=np.float32).
TypeRef Specialization::cast_array(const ast::Call& e, TypeRef from, TypeRef to, const CallArgument& given) {
  TypeRef array = from->is_tuple() ? array_of_display(types(), from) : from;
  if (!array || !array->is_array() || (is_complex(array->scalar) && !is_complex(to->scalar))) return nullptr;
  CallInfo c;
  c.kind = CallInfo::Kind::Builtin;
  c.builtin = &builtin(BuiltinId::numpy_array);
  BoundArgument dtype;
  dtype.kind = BoundArgument::Kind::Constant;
  dtype.type = types().dtype(to->scalar);
  dtype.constant = {dtype.type, {}};
  c.args = {bound(given), dtype};
  c.result = types().array(to->scalar, array->rank, array->layout == Layout::F ? Layout::F : Layout::C);
  TypeRef result = c.result;
  info(e).call = static_cast<uint32_t>(typed->calls.size());
  typed->calls.push_back(std::move(c));
  return result;
}

TypeRef Specialization::call_method(const ast::Call& e, const ast::Attribute& func, TypeRef receiver) {
  TypeRef value = receiver->is_optional() ? receiver->elements[0] : receiver;
  const char* family = value->is_array()                    ? "array"
                       : value->is_scalar()                 ? "scalar"
                       : value->is_tuple()                  ? "tuple"
                       : value->kind == TypeKind::DType     ? "dtype"
                       : value->kind == TypeKind::Generator ? "generator"
                                                            : "value";
  std::string canonical = fmt::format("{}.{}", family, func.attr);
  const Builtin* row = find_builtin(canonical);
  if (!row && value->kind == TypeKind::DType && func.attr == "type") return call_cast(e, types().scalar(value->scalar));
  if (!row) {
    fail(Diag::unknown_attribute, func.attr_span, describe(receiver), std::string(func.attr));
    std::vector<std::string> candidates;
    for (auto& n : builtin_names(std::string(family) + ".")) candidates.push_back(n.substr(n.find('.') + 1));
    std::string best = source::nearest(func.attr, candidates);
    return best.empty() ? nullptr : hint(nullptr, fmt::format("did you mean '{}'?", best));
  }
  info(*e.func).type = types().builtin(canonical);
  return call_builtin(e, *row, func.value);
}

namespace {
// The function of the library for an order of complex numbers; null: none is asked for.
const Builtin* complex_row(const Builtin& row, const std::vector<CallArgument>& given) {
  if (given.empty() || !given[0].type->is_array() || !is_complex(given[0].type->scalar)) return nullptr;
  std::string_view name = row.name;
  if (!name.starts_with("numpy.") && !name.starts_with("array.")) return nullptr;
  name.remove_prefix(6);
  if (name == "amax" || name == "amin") name.remove_prefix(1);
  if (name != "max" && name != "min" && name != "argmax" && name != "argmin") return nullptr;
  return find_builtin("library.complex_" + std::string(name));
}
}  // namespace

namespace {
// np.dot and np.inner of a number and anything else multiply.
bool is_product_with_number(const Builtin& row, const std::vector<CallArgument>& given) {
  const bool product =
      row.id == BuiltinId::numpy_dot || row.id == BuiltinId::array_dot || row.id == BuiltinId::numpy_inner;
  return product && std::any_of(given.begin(), given.end(), [](const CallArgument& a) {
           return a.keyword != "out" && (a.type->is_scalar() || (a.type->is_array() && a.type->rank == 0));
         });
}
}  // namespace

TypeRef Specialization::call_builtin(const ast::Call& e, const Builtin& scalar_row, const Expr* receiver, bool outer) {
  if (!check_on_device(e.span, scalar_row)) return nullptr;
  std::vector<CallArgument> given;
  if (receiver) {
    CallArgument self;
    self.expr = receiver, self.span = receiver->span, self.type = typed->type_of(receiver);
    given.push_back(self);
  }
  if (!scalar_row.library_file().empty())
    return call_library(e, scalar_row, typing::display_name(scalar_row), std::move(given));
  size_t before = given.size();
  if (!arguments(e, given, scalar_row.id == BuiltinId::builtins_print)) {
    bool failed = std::any_of(given.begin(), given.end(), [](auto& a) { return !a.type; });
    return failed ? nullptr : unknown();
  }
  const bool arrays = std::any_of(given.begin(), given.end(), [](auto& a) { return a.type->is_array(); });
  const Builtin& row = is_product_with_number(scalar_row, given) ? builtin(BuiltinId::numpy_multiply)
                       : arrays                                  ? array_row(scalar_row)
                                                                 : scalar_row;
  if (const Builtin* of_complex = complex_row(row, given))
    return call_library_with(e, *of_complex, typing::display_name(row), given);
  const char* short_name = std::strchr(row.name, '.') ? std::strrchr(row.name, '.') + 1 : row.name;
  auto parameters = row_parameters(row.params);
  std::vector<const CallArgument*> by_parameter(parameters.size(), nullptr);
  std::vector<const CallArgument*> rest;
  size_t next = 0;
  bool has_rest = std::any_of(parameters.begin(), parameters.end(), [](auto& p) { return p.rest; });
  for (auto& a : given) {
    if (!a.keyword.empty()) {
      auto p =
          std::find_if(parameters.begin(), parameters.end(), [&](auto& q) { return q.name == a.keyword && !q.rest; });
      if (p == parameters.end()) {
        fail(Diag::unexpected_keyword, a.span, std::string(short_name), std::string(a.keyword));
        std::vector<std::string> names;
        for (auto& q : parameters) names.emplace_back(q.name);
        std::string best = source::nearest(a.keyword, names);
        return best.empty() ? nullptr : hint(nullptr, fmt::format("did you mean '{}'?", best));
      }
      auto& slot = by_parameter[static_cast<size_t>(p - parameters.begin())];
      if (slot) return fail(Diag::bad_argument, a.span, fmt::format("'{}' is given twice", a.keyword));
      slot = &a;
    } else if (next < parameters.size() && !parameters[next].rest) {
      by_parameter[next++] = &a;
    } else if (next < parameters.size()) {
      rest.push_back(&a);
    } else {
      return fail(Diag::wrong_argument_count, e.span,
                  fmt::format("'{}' takes at most {}, {} given", short_name, count_text(parameters.size() - before),
                              given.size() - before));
    }
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (!by_parameter[i] && !parameters[i].optional && !parameters[i].rest)
      return fail(Diag::wrong_argument_count, e.span,
                  fmt::format("'{}' lacks its argument '{}'", short_name, parameters[i].name));
  }
  // In the row's order; the rest stands where its parameter does.
  std::vector<const CallArgument*> ordered;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].rest)
      ordered.insert(ordered.end(), rest.begin(), rest.end());
    else if (by_parameter[i] || !has_rest)
      ordered.push_back(by_parameter[i]);
    else
      ordered.push_back(nullptr);
  }
  std::deque<CallArgument> as_arrays;  // what stands for an array
  for (size_t i = 0; i < ordered.size(); ++i) {
    if (!ordered[i]) continue;
    TypeRef made = array_like(types(), row, parameters[std::min(i, parameters.size() - 1)].name, ordered[i]->type);
    if (!made) continue;
    as_arrays.push_back(*ordered[i]);
    as_arrays.back().made = made;
    ordered[i] = &as_arrays.back();
  }
  source::Diagnostics silent;
  CallTyping typing{types(), row, at(e.span), {}, diagnostics_ ? *diagnostics_ : silent, {}};
  typing.device = typed->options.device || typed->options.offload;
  CallInfo c;
  c.kind = CallInfo::Kind::Builtin;
  c.builtin = &row;
  c.receiver = receiver;
  std::vector<Constant> constants;  // outlive the rule
  constants.reserve(ordered.size());
  for (auto* a : ordered) {
    TypedArgument t;
    if (a) {
      t.expr = a->expr, t.type = a->made ? a->made : a->type;
      if (a->expr && !a->made && constant(*a->expr)) t.constant = &constants.emplace_back(*constant(*a->expr));
    }
    typing.args.push_back(t);
    c.args.push_back(a ? bound(*a) : BoundArgument{});
  }
  if (outer) c.outer_axes = widen_outer(types(), typing);
  TypeRef result = apply_rule(typing, c);
  if (!result) {
    failed_ = true;
    return nullptr;
  }
  if (typing.folded.type) {
    set_constant(e, typing.folded);
    c.kind = CallInfo::Kind::Fold;
  }
  c.result = result;
  info(e).call = static_cast<uint32_t>(typed->calls.size());
  typed->calls.push_back(std::move(c));
  return result;
}

TypeRef Specialization::call_function(const ast::Call& e, TypeRef function) {
  if (const FunctionRef* ufunc = vectorized(function)) return call_vectorized(e, function, *ufunc);
  std::vector<CallArgument> given;
  bool complete = arguments(e, given);
  const FunctionRef* ref = nullptr;
  std::vector<std::string_view> captures;
  std::vector<int> closure_defaults;
  if (auto it = program_.nested.find(function->function); it != program_.nested.end()) {
    ref = &it->second.ref, captures = it->second.captures, closure_defaults = it->second.defaults;
  } else {
    ref = function->globals->function(function->function);
  }
  std::string fn_name = function->function->is_lambda ? "the lambda" : fmt::format("'{}'", function->function->name);
  if (!ref) return fail(Diag::not_supported, e.span, fmt::format("a call of {} here", fn_name));
  if (ref->options && is_object_mode(*ref->options)) {
    fail(Diag::not_supported, e.span, fmt::format("a call of {}, which is in object mode, in a kernel", fn_name));
    return hint(nullptr, "only scripts call functions with forceobj=True; @njit makes a kernel of it");
  }
  if (!complete) {
    bool failed = std::any_of(given.begin(), given.end(), [](auto& a) { return !a.type; });
    return failed ? nullptr : unknown();
  }
  std::vector<BoundArgument> bounds;
  if (!bind(e, *ref, fn_name, given, &closure_defaults, function, bounds, captures.size())) return nullptr;
  if (ref->globals->is_library()) return call_library_function(e, *ref, std::string(ref->def->name), std::move(bounds));
  std::vector<TypeRef> params;
  for (auto& b : bounds) params.push_back(b.type);
  FunctionOptions options = ref->options ? *ref->options : FunctionOptions{};
  if (options.kind == FunctionOptions::Kind::Plain) {  // helpers behave as their caller does
    auto signatures = std::move(options.signatures);
    options = typed->options;
    options.signatures = std::move(signatures);
    options.locals.clear();
  }
  if (!options.has_boundscheck) options.boundscheck = program_.options.boundscheck;
  options.numpy_error_model |= program_.options.numpy_error_model;
  if (!enter_device(e, *ref, options)) return nullptr;
  std::vector<TypeRef> captured(function->elements.begin(),
                                function->elements.begin() + static_cast<long>(captures.size()));
  std::vector<std::optional<Constant>> literals;
  if (!literal_arguments(e, *ref, bounds, literals)) return nullptr;
  Specialization* callee = program_.specialize(*ref, options, captures, captured, params, literals);
  if (!callee) {
    if (program_.too_many)
      return fail(Diag::not_supported, e.span, fmt::format("{} calls itself with ever new types; this", fn_name));
    return fail(Diag::no_matching_signature, e.span, std::string(ref->def->name), type_list(params));
  }
  if (diagnostics_) {
    size_t errors = diagnostics_->error_count();
    program_.finish(*callee, *diagnostics_);
    if (diagnostics_->error_count() != errors) {
      diagnostics_->note(at(e.span), fmt::format("called here with ({})", type_list(params)));
      return nullptr;
    }
  }
  CallInfo c;
  c.kind = CallInfo::Kind::Kernel;
  c.callee = callee->typed.get();
  c.args = std::move(bounds);
  c.result = callee->result();
  info(e).call = static_cast<uint32_t>(typed->calls.size());
  typed->calls.push_back(std::move(c));
  return callee->result();
}

// What kernels of a GPU call runs there too, under their rules; what is made for a GPU is called from nowhere else.
bool Specialization::enter_device(const ast::Call& e, const FunctionRef& ref, FunctionOptions& options) {
  const FunctionOptions* own = ref.options.get();
  if (own && own->kind == FunctionOptions::Kind::Cuda) {
    fail(Diag::not_supported, e.span, fmt::format("a call of the CUDA kernel '{}' from compiled code", ref.def->name));
    hint(nullptr, "kernels are launched by scripts; give what is shared @cuda.jit(device=True)");
    return false;
  }
  if (own && own->device && !typed->options.device) {
    fail(Diag::not_supported, e.span,
         fmt::format("a call of the device function '{}' outside of CUDA kernels", ref.def->name));
    return false;
  }
  if (typed->options.device) {
    options.device = true;
    options.numpy_error_model = typed->options.numpy_error_model;
    options.boundscheck = options.debug = typed->options.debug;
    options.parallel = false;
  } else if (typed->options.offload && !options.parallel) {
    options.offload = true;  // functions of float32 as in the caller
  }
  return true;
}

std::optional<bool> Specialization::isinstance(TypeRef type, const Expr& classes) {
  if (classes.kind == ExprKind::Tuple) {
    bool any = false;
    for (auto* c : ast::as<ast::Tuple>(classes).elements) {
      auto one = isinstance(type, *c);
      if (!one) return std::nullopt;
      any |= *one;
    }
    return any;
  }
  std::string n;  // the last part of the class's name; modules do not matter
  if (classes.kind == ExprKind::Name)
    n = ast::as<ast::Name>(classes).name;
  else if (classes.kind == ExprKind::Attribute)
    n = ast::as<ast::Attribute>(classes).attr;
  else
    return std::nullopt;
  if (n == "NoneType") return type->is_none();
  if (type->is_optional()) return std::nullopt;
  bool number = type->is_scalar();
  if (n == "int") return number && !is_bool(type->scalar) && is_integer(type->scalar);
  if (n == "float") return number && is_float(type->scalar);
  if (n == "complex") return number && is_complex(type->scalar);
  if (n == "bool" || n == "bool_") return number && is_bool(type->scalar);
  if (n == "tuple" || n == "list") return type->is_tuple();
  if (n == "str") return type->kind == TypeKind::String;
  if (n == "ndarray" || n == "Array") return type->is_array();
  if (n == "integer" || n == "Integer") return number && is_integer(type->scalar);
  if (n == "floating" || n == "Float") return number && is_float(type->scalar);
  if (n == "number" || n == "Number") return number && !is_bool(type->scalar);
  if (n == "Tuple" || n == "UniTuple" || n == "BaseTuple") return type->is_tuple();
  if (n == "dict" || n == "set") return false;
  Scalar s;
  if (parse_scalar(n, s)) return number && type->scalar == s && !type->weak;
  return std::nullopt;
}

}  // namespace kjit::sema
