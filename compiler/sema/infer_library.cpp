// Calls of library functions, and what their files may say beyond the language: literal parameters, conditions decided
// by constants, reject() and axis_of().
#include "sema/builtins_typing.h"
#include "sema/inference.h"
#include "sema/library.h"

namespace kjit::sema {

using ast::Expr;
using ast::ExprKind;

namespace {

bool is_in_the_type(TypeRef t) {
  return t->is_none() || t->kind == TypeKind::String || t->kind == TypeKind::DType || t->kind == TypeKind::Function ||
         t->kind == TypeKind::Builtin;
}

}  // namespace

TypeRef array_of_display(TypeContext& types, TypeRef t) {
  source::Diagnostics silent;
  CallTyping call{types, *find_builtin("numpy.asarray"), {}, {}, silent, {}};
  call.args = {{nullptr, t, nullptr}, {}};
  return call.builtin.typing(call);
}

TypeRef Specialization::call_library(const ast::Call& e, const Builtin& row, const std::string& shown,
                                     std::vector<CallArgument> given) {
  if (!arguments(e, given)) {
    for (auto& a : given) {
      if (!a.type) return nullptr;
    }
    return unknown();
  }
  return call_library_with(e, row, shown, given);
}

TypeRef Specialization::call_library_with(const ast::Call& e, const Builtin& row, const std::string& shown,
                                          const std::vector<CallArgument>& given) {
  const FunctionRef& ref = program_.library().function(row);
  std::vector<BoundArgument> bounds;
  if (!bind(e, ref, fmt::format("'{}'", ref.def->name), given, nullptr, nullptr, bounds)) return nullptr;
  return call_library_function(e, ref, shown, std::move(bounds));
}

// Whether the argument is what the annotation of its parameter asks for; reports otherwise.
bool Specialization::check_library_argument(const Expr& e, const std::string& shown, const ast::Parameter& parameter,
                                            BoundArgument& a, std::optional<Constant>& literal) {
  const ParameterKind kind = parameter_kind(parameter);
  const Span where = a.kind == BoundArgument::Kind::Expr ? a.expr->span : e.span;
  TypeRef t = a.type->is_optional() ? a.type->elements[0] : a.type;
  const auto takes = [&](const char* what) {
    blame(a, what, shown, parameter.name, where);
    return false;
  };
  if (kind == ParameterKind::Literal) {
    const Constant* c = a.kind == BoundArgument::Kind::Constant ? &a.constant
                        : a.kind == BoundArgument::Kind::Expr   ? constant(*a.expr)
                                                                : nullptr;
    if (c)
      literal = *c;
    else if (a.type->kind == TypeKind::String)
      literal = Constant{a.type, {}};
    if (c || is_in_the_type(a.type)) return true;
    fail(Diag::not_constant, where, fmt::format("'{}' of {}()", parameter.name, shown));
    if (parameter.name == "axis")
      hint(nullptr,
           "one call for each axis: if axis == 0: ... elif axis == 1: ...; or move it to the front of the array first");
    return false;
  }
  const bool by_default = a.kind == BoundArgument::Kind::Constant || (t->is_none() && parameter.default_value);
  if (kind == ParameterKind::Any || by_default) return true;
  if (kind == ParameterKind::Array || kind == ParameterKind::Elements) {
    TypeRef made = t->is_tuple() ? array_of_display(types(), t) : t;
    if (kind == ParameterKind::Elements && (t->is_scalar() || (t->is_array() && t->rank == 0)))
      made = types().array(t->scalar, 1, Layout::C, t->readonly);
    if (!made || !made->is_array() || made->rank == 0) return takes("an array");
    a.type = made;
    return true;
  }
  if (!t->is_scalar()) return takes(kind == ParameterKind::Integer ? "an integer" : "a number");
  if (kind == ParameterKind::Integer && !is_integer(t->scalar) && !is_bool(t->scalar)) return takes("an integer");
  return true;
}

TypeRef Specialization::call_library_function(const Expr& e, const FunctionRef& ref, const std::string& shown,
                                              std::vector<BoundArgument> bounds) {
  std::vector<TypeRef> params;
  std::vector<std::optional<Constant>> literals(bounds.size());
  const auto parameters = all_parameters(*ref.def);
  for (size_t i = 0; i < bounds.size(); ++i) {
    if (bounds[i].kind != BoundArgument::Kind::Pack &&
        !check_library_argument(e, shown, *parameters[i], bounds[i], literals[i]))
      return nullptr;
    params.push_back(bounds[i].type);
  }
  // As a helper, but for what the library's own tests for nan and infinity need.
  FunctionOptions as_caller = *ref.options;
  as_caller.device = typed->options.device;
  as_caller.offload = typed->options.offload;
  as_caller.fastmath = static_cast<uint8_t>(typed->options.fastmath & ~(kFastNnan | kFastNinf));
  Specialization* callee = program_.specialize(ref, as_caller, {}, {}, params, literals);
  if (!callee) return fail(Diag::not_supported, e.span, fmt::format("{}() of ({})", shown, type_list(params)));
  if (diagnostics_) {
    source::Diagnostics inside;
    program_.finish(*callee, inside);
    if (inside.has_errors()) return library_error(e, shown, *callee, bounds, inside);
  }
  if (const Constant* c = callee->constant_result()) {
    set_constant(e, *c);
    return c->type;
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

const Constant* Specialization::constant_result() const {
  const bool alone = library_ && def_.body.size() == 1 && def_.body[0]->kind == ast::StmtKind::Return;
  const Expr* value = alone ? ast::as<ast::Return>(*def_.body[0]).value : nullptr;
  return value ? constant(*value) : nullptr;
}

// What went wrong inside of a library function is said at its call: of an argument where the function rejected one.
TypeRef Specialization::library_error(const Expr& e, const std::string& shown, const Specialization& callee,
                                      const std::vector<BoundArgument>& bounds, const source::Diagnostics& inside) {
  if (!callee.rejection_) {
    std::string types = type_list(callee.typed->param_types);
    return fail(Diag::bad_argument, e.span,
                fmt::format("{}() of ({}): {}", shown, types, inside.all().front().message));
  }
  const auto& [parameter, text] = *callee.rejection_;
  const BoundArgument& a = bounds[parameter];
  const Span where = a.kind == BoundArgument::Kind::Expr ? a.expr->span : e.span;
  blame(a, text, shown, all_parameters(*callee.typed->def)[parameter]->name, where);
  return nullptr;
}

// Reports about an argument of a call: what is wanted instead, or a whole sentence behind '!'. Inside of the library
// that is the fault of the parameter that was handed on.
void Specialization::blame(const BoundArgument& a, const std::string& wanted, const std::string& shown,
                           std::string_view parameter, Span where) {
  if (library_ && !rejection_ && a.kind == BoundArgument::Kind::Expr && a.expr->kind == ExprKind::Name)
    set_rejection(ast::as<ast::Name>(*a.expr).name, wanted);
  fail(Diag::bad_argument, where,
       wanted.starts_with('!')
           ? wanted.substr(1)
           : fmt::format("{}() takes {} for '{}', not {}", shown, wanted, parameter, typing::sort_of(a.type)));
}

void Specialization::set_rejection(std::string_view parameter, std::string text) {
  if (!diagnostics_) return;
  const auto parameters = all_parameters(def_);
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i]->name != parameter) continue;
    rejection_ = {i, std::move(text)};
    return;
  }
}

// reject(parameter, "an array of 1 dimension"): the call is an error of that argument. axis_of(axis, rank): the axis,
// a constant, counted from the first one; an error when there is none of that number.
TypeRef Specialization::library_intrinsic(const ast::Call& e, std::string_view name) {
  if (name == "library.reject") {
    if (!rejection_) {
      set_rejection(ast::as<ast::Name>(*e.args[0]).name, std::string(ast::as<ast::Constant>(*e.args[1]).text));
    }
    return fail(Diag::bad_argument, e.span, std::string("the argument is rejected"));
  }
  TypeRef rank_type = expr(e.args[1]);
  TypeRef axis_type = expr(e.args[0]);
  if (!rank_type || !axis_type || rank_type->is_unknown() || axis_type->is_unknown()) return unknown();
  const Constant *axis = constant(*e.args[0]), *rank = constant(*e.args[1]);
  if (!axis || !axis->is_int() || !rank || !rank->is_int())
    return fail(Diag::bad_argument, e.span, std::string("axis is not an integer"));
  const int64_t n = rank->as_int(), given = axis->as_int();
  if (given < -n || given >= n) {
    const std::string message = fmt::format("axis {} is out of bounds for array of dimension {}", given, n);
    if (e.args[0]->kind == ExprKind::Name && !rejection_)
      set_rejection(ast::as<ast::Name>(*e.args[0]).name, "!" + message);
    return fail(Diag::bad_argument, e.span, message);
  }
  set_constant(e, {types().py_int(), given < 0 ? given + n : given});
  return types().py_int();
}

std::optional<bool> Specialization::decided(const Expr& test) const {
  const Constant* c = library_ ? constant(test) : nullptr;
  if (!c || !c->type) return std::nullopt;
  if (c->type->is_none()) return false;
  if (c->type->kind == TypeKind::String) return !c->type->text.empty();
  if (c->is_int()) return c->as_int() != 0;
  return std::nullopt;
}

// Comparisons of constants, which conditions of library files are made of.
void Specialization::fold_compare(const ast::Compare& e) {
  if (!library_ || e.ops.size() != 1) return;
  const Constant *a = constant(*e.left), *b = constant(*e.comparators[0]);
  if (!a || !b || !a->type || !b->type) return;
  const auto give = [&](bool value) { set_constant(e, {types().boolean(), int64_t{value}}); };
  using ast::CompareOp;
  const CompareOp op = e.ops[0];
  if (op == CompareOp::In || op == CompareOp::NotIn) {
    const auto* items = std::get_if<ConstantTuple>(&b->value);
    if (!items) return;
    bool found = false;
    for (const Constant& item : *items) {
      found |= item.type == a->type && item.value.index() == a->value.index() &&
               (!item.is_int() || item.as_int() == a->as_int());
    }
    return give(found == (op == CompareOp::In));
  }
  if (!a->is_int() || !b->is_int()) return;
  const int64_t x = a->as_int(), y = b->as_int();
  switch (op) {
    case CompareOp::Eq:
      return give(x == y);
    case CompareOp::Ne:
      return give(x != y);
    case CompareOp::Lt:
      return give(x < y);
    case CompareOp::Le:
      return give(x <= y);
    case CompareOp::Gt:
      return give(x > y);
    case CompareOp::Ge:
      return give(x >= y);
    default:
      return;
  }
}

// `and`, `or` of library files: operands that constants decide speak as pruned ones do; what follows is not looked at.
bool Specialization::decide_operand(const ast::BoolOp& e, const Expr& operand) {
  const auto value = decided(operand);
  if (!value) return false;
  typed->expr_branches[operand.id] = *value ? Branch::Then : Branch::Else;
  return *value == (e.op == ast::BoolOpKind::Or);
}

}  // namespace kjit::sema
