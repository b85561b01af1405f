// Types of expressions.
#include <algorithm>

#include "sema/inference.h"

namespace kjit::sema {

using ast::ConstantKind;
using ast::Expr;
using ast::ExprKind;

namespace {
bool known(TypeRef t) { return t && !t->is_unknown(); }
TypeRef unwrap(TypeRef t) { return t->is_optional() ? t->elements[0] : t; }

// Names of Python itself that are not in the language.
bool is_python_name(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "aiter",   "anext",     "ascii",      "bin",          "breakpoint", "bytearray",   "bytes",         "callable",
      "chr",     "compile",   "delattr",    "dict",         "dir",        "eval",        "exec",          "filter",
      "format",  "frozenset", "getattr",    "globals",      "hasattr",    "hash",        "help",          "hex",
      "id",      "input",     "issubclass", "iter",         "list",       "locals",      "map",           "memoryview",
      "next",    "object",    "oct",        "open",         "ord",        "property",    "repr",          "set",
      "setattr", "slice",     "sorted",     "staticmethod", "str",        "classmethod", "super",         "tuple",
      "type",    "vars",      "__import__", "__name__",     "__file__",   "__debug__",   "NotImplemented"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}
}  // namespace

TypeRef Specialization::expr(const Expr* e) {
  auto decided = typed->expr_branches.find(e->id);
  TypeRef type;
  if (decided != typed->expr_branches.end() && e->kind != ExprKind::IfExp) {
    set_constant(*e, {types().boolean(), int64_t{decided->second == Branch::Then}});
    type = types().boolean();
  } else {
    type = expr_kind(*e);
  }
  info(*e).type = type;
  return type;
}

TypeRef Specialization::expr_kind(const Expr& e) {
  switch (e.kind) {
    case ExprKind::Name:
      return name(ast::as<ast::Name>(e));
    case ExprKind::Constant:
      return literal(ast::as<ast::Constant>(e));
    case ExprKind::BinOp:
      return binary(ast::as<ast::BinOp>(e));
    case ExprKind::UnaryOp:
      return unary(ast::as<ast::UnaryOp>(e));
    case ExprKind::BoolOp:
      return bool_op(ast::as<ast::BoolOp>(e));
    case ExprKind::Compare:
      return compare(ast::as<ast::Compare>(e));
    case ExprKind::IfExp:
      return if_exp(ast::as<ast::IfExp>(e));
    case ExprKind::Call:
      return call(ast::as<ast::Call>(e));
    case ExprKind::Attribute:
      return attribute(ast::as<ast::Attribute>(e));
    case ExprKind::Subscript:
      return subscript(ast::as<ast::Subscript>(e));
    case ExprKind::Tuple:
      return tuple(ast::as<ast::Tuple>(e));
    case ExprKind::Lambda:
      return lambda(ast::as<ast::Lambda>(e));
    case ExprKind::Slice: {
      auto& s = ast::as<ast::Slice>(e);
      for (auto* part : {s.lower, s.upper, s.step}) {
        if (!part) continue;
        TypeRef t = expr(part);
        if (!known(t)) return t;
        t = unwrap(t);
        if (!t->is_none() && !(t->is_scalar() && (is_integer(t->scalar) || is_bool(t->scalar))))
          return fail(Diag::bad_index, part->span,
                      fmt::format("a bound of a slice is {}, not an integer", describe(t)));
      }
      Type slice;
      slice.kind = TypeKind::Slice;
      return types().intern(slice);
    }
    case ExprKind::JoinedStr: {
      for (auto& part : ast::as<ast::JoinedStr>(e).parts)
        if (part.value) expr(part.value);
      return fail(Diag::not_supported, e.span, "an f-string in a kernel");
    }
    case ExprKind::List: {
      std::vector<TypeRef> elements;  // lists exist as arguments of np.array and its like, typed as tuples
      for (auto* x : ast::as<ast::ListExpr>(e).elements) {
        TypeRef t = expr(x);
        if (!known(t)) return t;
        elements.push_back(t);
      }
      return types().tuple(std::move(elements));
    }
    case ExprKind::Starred:
      return fail(Diag::not_supported, e.span, "'*' here");
    case ExprKind::ListComp:
      fail(Diag::not_supported, e.span, "a list comprehension in a kernel");
      return hint(nullptr, "fill an array in a loop");
    case ExprKind::Unsupported:
      unseen_names_ |= ast::as<ast::Unsupported>(e).what == std::string_view("':='");
      return fail(Diag::not_supported, e.span, std::string(ast::as<ast::Unsupported>(e).what) + " in a kernel");
  }
  return nullptr;
}

// --- names and literals

TypeRef Specialization::name(const ast::Name& e) {
  if (auto use = webs_.uses.find(e.id); use != webs_.uses.end()) {
    auto& i = info(e);
    i.var = use->second;
    i.maybe_unbound = webs_.maybe_unbound.contains(e.id);
    if (const auto value = values_[use->second]) set_constant(e, *value);
    return typed->variables[use->second].type;
  }
  if (unseen_names_ && webs_.unbound.contains(e.id)) return failed_ = true, nullptr;
  if (webs_.unbound.contains(e.id)) return fail(Diag::unbound_local, e.span, std::string(e.name));
  return global(e.name, e);
}

TypeRef Specialization::global(std::string_view n, const Expr& e) {
  if (auto value = globals_.lookup(n)) {
    if (!value->type) {
      fail(Diag::not_supported, e.span,
           fmt::format("the global '{}' in a kernel (its value is no number, tuple, array or function)", n));
      return nullptr;
    }
    if (!value->type->is_unknown()) set_constant(e, *value);
    return value->type;
  }
  std::string canonical = "builtins." + std::string(n);
  static const char* const kCasts[] = {"int", "float", "bool", "complex", "isinstance"};
  bool is_cast = std::find(std::begin(kCasts), std::end(kCasts), n) != std::end(kCasts);
  bool is_exception = n.ends_with("Error") || n == "Exception" || n == "StopIteration";
  if (is_cast || is_exception || find_builtin(canonical)) return types().builtin(canonical);
  if (is_python_name(n)) return fail(Diag::not_supported, e.span, fmt::format("'{}' in a kernel", n));
  if (unseen_names_) return failed_ = true, nullptr;
  fail(Diag::undefined_name, e.span, std::string(n));
  auto candidates = globals_.names();
  for (auto local : scope_.locals) candidates.emplace_back(local);
  for (auto& b : builtin_names("builtins.")) candidates.push_back(b.substr(9));
  std::string best = source::nearest(n, candidates);
  return best.empty() ? nullptr : hint(nullptr, fmt::format("did you mean '{}'?", best));
}

TypeRef Specialization::literal_type(const ast::Constant& e, Constant& out) {
  switch (e.value) {
    case ConstantKind::None:
      return (out = {types().none(), {}}).type;
    case ConstantKind::True:
    case ConstantKind::False:
      return (out = {types().boolean(), int64_t{e.value == ConstantKind::True}}).type;
    case ConstantKind::Int:
      if (e.too_big) return nullptr;
      return (out = {e.integer > INT64_MAX ? types().scalar(Scalar::U64) : types().py_int(),
                     static_cast<int64_t>(e.integer)})
          .type;
    case ConstantKind::Float:
      return (out = {types().py_float(), e.number}).type;
    case ConstantKind::Imag:
      return (out = {types().py_complex(), std::complex<double>(0, e.number)}).type;
    case ConstantKind::Str:
      return (out = {types().string(e.text), {}}).type;
    default:
      return nullptr;
  }
}

TypeRef Specialization::literal(const ast::Constant& e) {
  if (e.value == ConstantKind::Ellipsis) {
    Type t;
    t.kind = TypeKind::Ellipsis;
    return types().intern(t);
  }
  Constant value;
  if (!literal_type(e, value)) {
    if (e.value == ConstantKind::Bytes) return fail(Diag::not_supported, e.span, "a bytes literal in a kernel");
    return fail(Diag::bad_literal, e.span, fmt::format("the integer {} does not fit 64 bits", e.text));
  }
  set_constant(e, value);
  return value.type;
}

void Specialization::set_constant(const Expr& e, Constant value) {
  info(e).constant = static_cast<uint32_t>(typed->constants.size());
  typed->constants.push_back(std::move(value));
}

TypeRef Specialization::if_exp(const ast::IfExp& e) {
  auto branch = typed->expr_branches.find(e.id);
  if (branch != typed->expr_branches.end()) {
    const Expr* taken = branch->second == Branch::Then ? e.body : e.orelse;
    TypeRef t = expr(taken);
    if (auto* c = constant(*taken)) set_constant(e, Constant(*c));
    return t;
  }
  condition(*e.test);
  if (auto value = decided(*e.test)) {
    typed->expr_branches[e.id] = *value ? Branch::Then : Branch::Else;
    return if_exp(e);
  }
  TypeRef a = expr(e.body), b = expr(e.orelse);
  if (!a || !b) return nullptr;
  if (a->is_unknown()) return b;
  if (b->is_unknown()) return a;
  TypeRef both = unify(types(), a, b);
  if (!both)
    return fail(Diag::type_mismatch, e.span,
                fmt::format("the two values are {} and {}, which have no common type", describe(a), describe(b)));
  return both;
}

TypeRef Specialization::tuple(const ast::Tuple& e) {
  std::vector<TypeRef> elements;
  ConstantTuple values;
  bool all = true;
  TypeRef result = nullptr;
  for (auto* x : e.elements) {
    if (x->kind == ExprKind::Starred) {
      TypeRef t = expr(ast::as<ast::Starred>(*x).value);
      if (t) t = unwrap(t);
      if (!known(t))
        result = unknown();
      else if (!t->is_tuple())
        return fail(Diag::bad_unpack, x->span, fmt::format("{} cannot be unpacked here", describe(t)));
      else
        elements.insert(elements.end(), t->elements.begin(), t->elements.end());
      all = false;
      continue;
    }
    TypeRef t = expr(x);
    if (!t) return nullptr;
    if (t->is_unknown()) result = t;
    if (auto* c = constant(*x))
      values.push_back(*c);
    else
      all = false;
    elements.push_back(t);
  }
  if (result) return result;
  if (leaf_count(elements) > kMaxLeaves) {
    return fail(Diag::not_supported, e.span,
                fmt::format("a tuple of more than {} values or {} levels", kMaxLeaves, kMaxTypeDepth));
  }
  TypeRef type = types().tuple(std::move(elements));
  if (all && !e.elements.empty()) set_constant(e, {type, std::move(values)});
  return type;
}

TypeRef Specialization::text(const Expr& e) {
  if (e.kind != ExprKind::JoinedStr) {
    TypeRef t = expr(&e);
    if (known(t) && (t->is_iterator() || t->kind == TypeKind::Function || t->kind == TypeKind::Builtin ||
                     t->kind == TypeKind::Slice || t->kind == TypeKind::Range))
      return fail(Diag::not_supported, e.span, fmt::format("the text of {}", describe(t)));
    return t;
  }
  TypeRef result = types().string("");
  for (auto& part : ast::as<ast::JoinedStr>(e).parts) {
    if (!part.value) continue;
    TypeRef t = text(*part.value);
    if (!known(t)) {
      result = t;
      continue;
    }
    if (part.format) return fail(Diag::not_supported, part.format->span, "a format specification in a kernel");
    const bool repr = part.conversion == 'r' || part.conversion == 'a' || !part.debug_text.empty();
    if (repr && !(t->is_scalar() && t->weak) && t->kind != TypeKind::String)
      return fail(Diag::not_supported, part.value->span, fmt::format("the repr() of {} in a kernel", describe(t)));
  }
  return info(e).type = result;
}

TypeRef Specialization::lambda(const ast::Lambda& e) {
  return closure(*e.function, typed->lambda_captures[e.id], e.span);
}

}  // namespace kjit::sema
