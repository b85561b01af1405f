// Arguments of calls: their types, and how they bind to the parameters of functions.
#include <algorithm>

#include "sema/inference.h"

namespace kjit::sema {

using ast::Expr;
using ast::ExprKind;

std::string count_text(size_t n) { return fmt::format("{} argument{}", n, n == 1 ? "" : "s"); }

bool Specialization::arguments(const ast::Call& e, std::vector<CallArgument>& out, bool is_text) {
  bool complete = true;
  for (auto* a : e.args) {
    if (a->kind == ExprKind::Starred) {
      const Expr* value = ast::as<ast::Starred>(*a).value;
      TypeRef t = expr(value);
      info(*a).type = t;
      if (t && t->is_optional()) t = t->elements[0];
      if (!t || t->is_unknown()) {
        complete = false;
      } else if (!t->is_tuple()) {
        fail(Diag::bad_unpack, a->span, fmt::format("{} cannot be unpacked into arguments", describe(t)));
        complete = false;
      } else {
        for (uint32_t i = 0; i < t->elements.size(); ++i) {
          CallArgument c;
          c.starred = value, c.element = i, c.type = t->elements[i], c.span = a->span;
          out.push_back(c);
        }
      }
      continue;
    }
    CallArgument c;
    c.expr = a, c.span = a->span;
    c.type = is_text ? text(*a) : expr(a);
    complete &= c.type && !c.type->is_unknown();
    out.push_back(c);
  }
  for (auto& k : e.keywords) {
    CallArgument c;
    c.expr = k.value, c.keyword = k.name, c.span = k.span;
    if (k.name.empty()) {
      fail(Diag::not_supported, k.span, "'**' in a call");
      complete = false;
    }
    c.type = expr(k.value);
    complete &= c.type && !c.type->is_unknown();
    out.push_back(c);
  }
  return complete;
}

BoundArgument Specialization::bound(const CallArgument& a) const {
  BoundArgument b;
  b.type = a.made ? a.made : a.type;
  b.made = a.made;
  if (a.starred)
    b.kind = BoundArgument::Kind::Element, b.expr = a.starred, b.element = a.element;
  else if (!a.expr)
    b.kind = BoundArgument::Kind::Constant, b.constant = {a.type, {}};
  else
    b.kind = BoundArgument::Kind::Expr, b.expr = a.expr;
  return b;
}

bool Specialization::bind(const ast::Call& e, const FunctionRef& ref, const std::string& shown,
                          const std::vector<CallArgument>& given, const std::vector<int>* closure_defaults,
                          TypeRef closure, std::vector<BoundArgument>& bounds, size_t captures) {
  auto& p = ref.def->parameters;
  if (p.kwarg) return fail(Diag::not_supported, e.span, fmt::format("'**{}' as a parameter", p.kwarg->name)), false;
  auto parameters = all_parameters(*ref.def);
  size_t positional = p.positional.size();
  size_t vararg = p.vararg ? positional : parameters.size();
  bounds.resize(parameters.size());
  BoundArgument pack;
  pack.kind = BoundArgument::Kind::Pack;
  std::vector<TypeRef> pack_types;
  size_t next = 0;
  for (auto& a : given) {
    if (a.keyword.empty()) {
      if (next < positional) {
        bounds[next++] = bound(a);
      } else if (p.vararg) {
        pack.pack.push_back(bound(a));
        pack_types.push_back(a.type);
      } else {
        size_t count =
            static_cast<size_t>(std::count_if(given.begin(), given.end(), [](auto& x) { return x.keyword.empty(); }));
        fail(Diag::wrong_argument_count, e.span,
             fmt::format("{} takes {}, {} given", shown, count_text(positional), count));
        if (diagnostics_ && !ref.globals->is_library())
          diagnostics_->note({&ref.globals->file(), ref.def->name_span}, "defined here");
        return false;
      }
      continue;
    }
    size_t i = 0;
    while (i < parameters.size() && (parameters[i]->name != a.keyword || i == vararg)) ++i;
    if (i == parameters.size()) {
      fail(Diag::unexpected_keyword, a.span, std::string(ref.def->name), std::string(a.keyword));
      std::vector<std::string> names;
      for (auto* q : parameters) names.emplace_back(q->name);
      std::string best = source::nearest(a.keyword, names);
      if (!best.empty()) hint(nullptr, fmt::format("did you mean '{}'?", best));
      return false;
    }
    if (bounds[i].kind != BoundArgument::Kind::Absent)
      return fail(Diag::bad_argument, a.span, fmt::format("'{}' is given twice", a.keyword)), false;
    bounds[i] = bound(a);
  }
  if (p.vararg) {
    pack.type = types().tuple(std::move(pack_types));
    bounds[vararg] = std::move(pack);
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (bounds[i].kind != BoundArgument::Kind::Absent) continue;
    if (closure && i < closure_defaults->size() && (*closure_defaults)[i] >= 0) {
      bounds[i].kind = BoundArgument::Kind::Default;
      bounds[i].element = static_cast<uint32_t>(captures) + static_cast<uint32_t>((*closure_defaults)[i]);
      bounds[i].type = closure->elements[bounds[i].element];
      continue;
    }
    const Constant* value = nullptr;
    if (i < positional && i + ref.defaults.size() >= positional)
      value = &ref.defaults[i + ref.defaults.size() - positional];
    size_t k = i - positional - (p.vararg ? 1 : 0);
    if (i >= positional && k < ref.keyword_defaults.size() && ref.keyword_defaults[k].type)
      value = &ref.keyword_defaults[k];
    if (!value || !value->type) {
      fail(Diag::wrong_argument_count, e.span, fmt::format("{} lacks its argument '{}'", shown, parameters[i]->name));
      if (diagnostics_ && !ref.globals->is_library())
        diagnostics_->note({&ref.globals->file(), ref.def->name_span}, "defined here");
      return false;
    }
    bounds[i].kind = BoundArgument::Kind::Constant;
    bounds[i].constant = *value;
    bounds[i].type = value->type;
  }
  return true;
}

}  // namespace kjit::sema
