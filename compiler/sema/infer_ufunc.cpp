// Calls of functions with @vectorize: NumPy's ufuncs made of one function of numbers. Which loop runs, what the result
// is, and what out= and where= take.
#include <algorithm>

#include "sema/elementwise.h"
#include "sema/inference.h"
#include "sema/library.h"

namespace kjit::sema {

namespace {

TypeRef without_optional(TypeRef t) { return t->is_optional() ? t->elements[0] : t; }

int kind_of(Scalar s) { return is_bool(s) ? 0 : is_integer(s) ? 1 : 2; }

// Whether Python's own numbers give way: an operand of NumPy's is of their kind or above it.
bool has_weak(const std::vector<TypeRef>& elements) {
  int strong = -1, weak = -1;
  for (TypeRef t : elements) (t->weak ? weak : strong) = std::max(t->weak ? weak : strong, kind_of(t->scalar));
  return strong >= weak;
}

// NumPy's casting "safe"; a number of Python's that gives way goes wherever its kind does.
bool goes_safely(TypeRef from, TypeRef to, bool weak) {
  if (!from->weak || !weak) return promote(from->scalar, to->scalar) == to->scalar;
  if (is_complex(from->scalar)) return is_complex(to->scalar);
  if (is_float(from->scalar)) return is_float(to->scalar) || is_complex(to->scalar);
  return !is_bool(to->scalar);
}

std::string shapes_of(const std::vector<TypeRef>& elements) {
  std::string out;
  for (TypeRef t : elements) out += (out.empty() ? "" : ", ") + std::string(t ? to_string(t) : "?");
  return elements.size() == 1 ? "(" + out + ",)" : "(" + out + ")";
}

// What NumPy's ufuncs take besides, and what does the same here.
const char* hint_of_keyword(std::string_view keyword) {
  static constexpr std::pair<std::string_view, const char*> kHints[] = {
      {"dtype", "convert an operand, which chooses the loop: a.astype(np.float32), or the result"},
      {"casting", "convert what does not go by 'same_kind': out[...] = f(a).astype(out.dtype)"},
      {"order", "results are C-ordered; copy one with np.asfortranarray(), or give an array with out="},
      {"subok", "arrays in kernels have no subclasses: leave it out"},
      {"signature", "convert the operands, which chooses the loop: a.astype(np.float32)"},
      {"sig", "convert the operands, which chooses the loop: a.astype(np.float32)"},
  };
  for (const auto& [name, hint] : kHints) {
    if (name == keyword) return hint;
  }
  return "a ufunc takes its operands by position, and 'out' and 'where'";
}

}  // namespace

const FunctionRef* Specialization::vectorized(TypeRef function) const {
  if (!function || function->kind != TypeKind::Function || !function->globals) return nullptr;
  if (program_.nested.contains(function->function)) return nullptr;
  const FunctionRef* ref = function->globals->function(function->function);
  return ref && ref->options && ref->options->kind == FunctionOptions::Kind::Vectorize ? ref : nullptr;
}

// Sorts the arguments; the operands' element types and the rank of the result. False after a report.
bool Specialization::bind_ufunc(const ast::Call& e, const FunctionRef& ref, const std::vector<CallArgument>& given,
                                UfuncArguments& out) {
  const size_t inputs = ref.def->parameters.positional.size();
  const auto set = [&](const CallArgument*& slot, const CallArgument& a) {
    if (slot) return fail(Diag::bad_argument, a.span, fmt::format("'{}' is given twice", a.keyword)), false;
    if (!a.type->is_none()) slot = &a;
    return true;
  };
  for (const CallArgument& a : given) {
    if (a.keyword == "out" || (a.keyword.empty() && out.operands.size() == inputs)) {
      if (a.keyword.empty() && out.out) break;
      if (!set(out.out, a)) return false;
    } else if (a.keyword == "where") {
      if (!set(out.where, a)) return false;
    } else if (a.keyword.empty()) {
      out.operands.push_back(&a);
    } else {
      fail(Diag::unexpected_keyword, a.span, std::string(ref.def->name), std::string(a.keyword));
      return hint(nullptr, hint_of_keyword(a.keyword)), false;
    }
  }
  const auto by_position =
      static_cast<size_t>(std::count_if(given.begin(), given.end(), [](auto& a) { return a.keyword.empty(); }));
  if (by_position < inputs || by_position > inputs + 1) {
    fail(Diag::wrong_argument_count, e.span,
         fmt::format("{}() takes from {} to {} positional arguments but {} {} given", ref.def->name, inputs, inputs + 1,
                     by_position, by_position == 1 ? "was" : "were"));
    return false;
  }
  for (const CallArgument* a : out.operands) {
    TypeRef t = without_optional(a->type);
    if (!t->is_scalar() && !t->is_array())
      return fail(Diag::bad_argument, a->span,
                  fmt::format("{}() takes numbers and arrays, not {}", ref.def->name, describe(a->type))),
             false;
    if (t->is_array()) out.rank = std::max<int>(out.rank, t->rank);
    out.elements.push_back(t->is_array() ? types().scalar(t->scalar) : t);
  }
  if (!out.where) return true;
  TypeRef where = without_optional(out.where->type);
  if ((!where->is_scalar() && !where->is_array()) || !is_bool(where->scalar))
    return fail(Diag::bad_argument, out.where->span,
                fmt::format("'where' of {}() is a bool or an array of bools, not {}", ref.def->name,
                            describe(out.where->type))),
           false;
  if (where->is_array()) out.rank = std::max<int>(out.rank, where->rank);
  return true;
}

// The first declared loop that takes the operands safely; without any, the function of just their types.
Specialization* Specialization::ufunc_loop(const ast::Call& e, const FunctionRef& ref, UfuncArguments& a) {
  FunctionOptions options = *ref.options;
  const bool weak = has_weak(a.elements);
  const auto takes = [&](const FunctionOptions::Signature& s) {
    for (size_t i = 0; i < a.elements.size(); ++i)
      if (!goes_safely(a.elements[i], s.params[i], weak)) return false;
    return true;
  };
  if (!options.signatures.empty()) {
    const auto loop = std::find_if(options.signatures.begin(), options.signatures.end(), takes);
    if (loop == options.signatures.end()) {
      fail(Diag::bad_argument, e.span,
           fmt::format("ufunc '{}' did not contain a loop with signature matching types {} -> None", ref.def->name,
                       shapes_of(a.elements)));
      std::string loops;
      for (const auto& s : options.signatures) loops += (loops.empty() ? "" : ", ") + shapes_of(s.params);
      return hint(nullptr, "its loops take " + loops), nullptr;
    }
    options.signatures = {*loop};
    a.elements = options.signatures[0].params;
  }
  if (!options.has_boundscheck) options.boundscheck = program_.options.boundscheck;
  Specialization* callee = program_.specialize(ref, options, {}, {}, a.elements);
  if (!callee)
    fail(Diag::not_supported, e.span, fmt::format("'{}' calls itself with ever new types; this", ref.def->name));
  return callee;
}

bool Specialization::check_ufunc_result(const ast::Call& e, const FunctionRef& ref, const UfuncArguments& a,
                                        TypeRef result) {
  const auto name = ref.def->name;
  if (!result->is_scalar())
    return fail(Diag::bad_argument, e.span,
                fmt::format("a ufunc gives one number for each element; '{}' returns {}", name, describe(result))),
           false;
  if (!a.out) return true;
  TypeRef out = a.out->type;
  if (!out->is_array())
    return fail(Diag::bad_argument, a.out->span,
                fmt::format("{}() takes an array for 'out', not {}", name, describe(out))),
           false;
  if (out->readonly) return fail(Diag::readonly_array, a.out->span, "'out'"), false;
  if (out->rank < a.rank)
    return fail(Diag::bad_argument, a.out->span,
                fmt::format("'out' of {}() has {} dimensions, the result has {}", name, out->rank, a.rank)),
           false;
  if (is_same_kind(result->scalar, out->scalar)) return true;
  fail(Diag::bad_argument, a.out->span,
       fmt::format("Cannot cast ufunc '{}' output from dtype('{}') to dtype('{}') with casting rule 'same_kind'", name,
                   name_of(result->scalar), name_of(out->scalar)));
  return false;
}

TypeRef Specialization::call_vectorized(const ast::Call& e, TypeRef, const FunctionRef& ref, bool outer) {
  std::vector<CallArgument> given;
  if (!arguments(e, given)) {
    const bool failed = std::any_of(given.begin(), given.end(), [](auto& a) { return !a.type; });
    return failed ? nullptr : unknown();
  }
  UfuncArguments a;
  if (!bind_ufunc(e, ref, given, a)) return nullptr;
  CallInfo c;
  if (outer && a.operands.size() == 2) {
    TypeRef x = without_optional(a.operands[0]->type), y = without_optional(a.operands[1]->type);
    c.outer_axes = x->is_array() && y->is_array() && x->rank > 0 ? y->rank : 0;
    if (c.outer_axes > 0) a.rank = std::max<int>(a.rank, x->rank + y->rank);
  }
  Specialization* callee = ufunc_loop(e, ref, a);
  if (!callee) return nullptr;
  if (diagnostics_) {
    const size_t errors = diagnostics_->error_count();
    program_.finish(*callee, *diagnostics_);
    if (diagnostics_->error_count() != errors) {
      diagnostics_->note(at(e.span), fmt::format("called here with ({})", type_list(a.elements)));
      return nullptr;
    }
  }
  TypeRef result = callee->result();
  if (result->is_unknown()) return result;
  if (!check_ufunc_result(e, ref, a, result)) return nullptr;
  c.kind = CallInfo::Kind::Ufunc;
  c.callee = callee->typed.get();
  for (const CallArgument* x : a.operands) c.args.push_back(bound(*x));
  c.has_out = a.out != nullptr, c.has_where = a.where != nullptr;
  if (a.out) c.args.push_back(bound(*a.out));
  if (a.where) c.args.push_back(bound(*a.where));
  c.elements = a.elements;
  if (a.rank > 0 || a.out || a.where) c.element_result = result;
  c.result = a.out ? a.out->type : c.element_result ? types().array(result->scalar, a.rank, Layout::C) : result;
  TypeRef type = c.result;
  info(e).call = static_cast<uint32_t>(typed->calls.size());
  typed->calls.push_back(std::move(c));
  return type;
}

TypeRef Specialization::call_vectorized_method(const ast::Call& e, const ast::Attribute& func, TypeRef function,
                                               const FunctionRef& ref) {
  const std::string shown = fmt::format("{}.{}", ref.def->name, func.attr);
  const Builtin* row = find_builtin(fmt::format("ufunc.{}", func.attr));
  if (!row) {
    if (!attribute_of_ufunc(func, ref)) return nullptr;
    return fail(Diag::not_callable, e.func->span, fmt::format("'{}' of a ufunc", func.attr));
  }
  const size_t inputs = ref.def->parameters.positional.size();
  const bool at = row->id == BuiltinId::ufunc_at;
  if (at ? inputs > 2 : inputs != 2)
    return fail(Diag::bad_argument, e.span,
                at ? std::string("Only unary and binary ufuncs supported at this time")
                   : fmt::format("{} only supported for binary functions",
                                 row->id == BuiltinId::ufunc_outer ? "outer product" : std::string(func.attr)));
  if (row->id == BuiltinId::ufunc_outer) return call_vectorized(e, function, ref, true);
  CallArgument self;
  self.span = e.func->span, self.type = function;
  return call_library(e, *row, shown, {self});
}

}  // namespace kjit::sema
