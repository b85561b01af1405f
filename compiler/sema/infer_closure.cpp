// Types of inner functions and lambdas: what they capture, and their defaults.
#include <algorithm>

#include "sema/inference.h"

namespace kjit::sema {

using ast::Expr;
using ast::ExprKind;

void Specialization::nested_function(const ast::FunctionDef& s) {
  TypeRef type = closure(s, typed->def_captures[s.id], s.name_span);
  if (type && !type->is_unknown()) define(typed->def_vars.at(s.id), type, s.name_span);
}

// A literal default of an inner function.
bool Specialization::literal_default(const Expr& e, Constant& out) {
  if (e.kind == ExprKind::Constant) {
    TypeRef type = literal_type(ast::as<ast::Constant>(e), out);
    return type != nullptr;
  }
  if (e.kind == ExprKind::UnaryOp && ast::as<ast::UnaryOp>(e).op == ast::UnaryOpKind::Neg) {
    if (!literal_default(*ast::as<ast::UnaryOp>(e).operand, out)) return false;
    if (out.type == types().scalar(Scalar::U64)) {  // of these only -9223372036854775808 fits
      if (std::get<int64_t>(out.value) != INT64_MIN) return false;
      out.type = types().py_int();
    } else if (auto* i = std::get_if<int64_t>(&out.value))
      *i = -*i;
    else if (auto* d = std::get_if<double>(&out.value))
      *d = -*d;
    else
      return false;
    return true;
  }
  return false;
}

TypeRef Specialization::closure(const ast::FunctionDef& def, const std::vector<uint32_t>& vars, Span where) {
  auto& known = program_.nested[&def];
  if (!known.ref.def) {
    known.ref.def = &def, known.ref.globals = &globals_;
    auto options = std::make_shared<FunctionOptions>(typed->options);
    options->signatures.clear();
    options->locals.clear();
    known.ref.options = options;
    source::Diagnostics ignored;
    if (!def.decorators.empty())
      known.ref.options = read_decorators(types(), def, globals_, diagnostics_ ? *diagnostics_ : ignored);
    for (auto name : analyze_scope(def).free) {
      if (scope_.local(name) >= 0 || std::find(captures_.begin(), captures_.end(), name) != captures_.end())
        known.captures.push_back(name);
    }
  }
  known.ref.defaults.clear(), known.ref.keyword_defaults.clear(), known.defaults.clear();
  std::vector<const Expr*> evaluated;
  auto add_default = [&](const ast::Parameter& p, std::vector<Constant>& to, bool keep_place) {
    Constant value;
    bool literal = p.default_value && literal_default(*p.default_value, value);
    known.defaults.push_back(p.default_value && !literal ? static_cast<int>(evaluated.size()) : -1);
    if (p.default_value && !literal) evaluated.push_back(p.default_value);
    if (p.default_value || keep_place) to.push_back(literal ? value : Constant{});
  };
  for (auto& p : def.parameters.positional) add_default(p, known.ref.defaults, false);
  if (def.parameters.vararg) known.defaults.push_back(-1);
  for (auto& p : def.parameters.keyword_only) add_default(p, known.ref.keyword_defaults, true);
  typed->closure_defaults[&def] = evaluated;
  std::vector<TypeRef> captures;
  for (uint32_t var : vars) {
    if (var == kNone) {
      failed_closures_.push_back(where);
      return fail(Diag::not_supported, where,
                  "an inner function that calls itself or comes before the values it captures");
    }
    TypeRef t = typed->variables[var].type;
    if (t->is_unknown()) return t;
    captures.push_back(t);
  }
  for (const Expr* e : evaluated) {
    TypeRef t = expr(e);
    if (!t || t->is_unknown()) return t;
    captures.push_back(t);
  }
  return types().function(&def, &globals_, std::move(captures));
}

}  // namespace kjit::sema
