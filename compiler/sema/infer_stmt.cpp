// Types of statements.
#include <algorithm>

#include "sema/elementwise.h"
#include "sema/inference.h"

namespace kjit::sema {

using ast::Expr;
using ast::ExprKind;
using ast::StmtKind;

bool Specialization::body(ast::Body statements) {
  bool ends = false;
  for (auto* s : statements) {
    if (ends) typed->dead.insert(s->id);
    if (!typed->dead.contains(s->id)) ends = stmt(*s) && library_;
  }
  return ends;
}

bool Specialization::if_statement(const ast::If& s) {
  auto branch = typed->branches.find(s.id);
  if (branch == typed->branches.end()) {
    condition(*s.test);
    if (library_) {
      TypeRef t = typed->type_of(s.test);
      if (t && t->is_unknown()) return false;  // a branch that is not taken must leave no types
      if (auto value = decided(*s.test))
        branch = typed->branches.emplace(s.id, *value ? Branch::Then : Branch::Else).first;
    }
  }
  const Branch taken = branch == typed->branches.end() ? Branch::Both : branch->second;
  const bool then_ends = taken == Branch::Else || body(s.body);
  const bool else_ends = taken == Branch::Then || body(s.orelse);
  return then_ends && else_ends;
}

// Whether control never goes on behind the statement.
bool Specialization::stmt(const ast::Stmt& s) {
  switch (s.kind) {
    case StmtKind::FunctionDef:
      nested_function(ast::as<ast::FunctionDef>(s));
      break;
    case StmtKind::Return:
      return_statement(ast::as<ast::Return>(s));
      return true;
    case StmtKind::Assign:
      assign(ast::as<ast::Assign>(s));
      break;
    case StmtKind::AugAssign:
      aug_assign(ast::as<ast::AugAssign>(s));
      break;
    case StmtKind::AnnAssign: {
      auto& a = ast::as<ast::AnnAssign>(s);
      if (a.value) assign_target(*a.target, expr(a.value), a.value);
      break;
    }
    case StmtKind::For:
      for_statement(ast::as<ast::For>(s));
      break;
    case StmtKind::While: {
      auto& w = ast::as<ast::While>(s);
      auto branch = typed->branches.find(s.id);
      if (branch == typed->branches.end()) condition(*w.test);
      if (branch == typed->branches.end() || branch->second == Branch::Then) body(w.body);
      body(w.orelse);
      break;
    }
    case StmtKind::If:
      return if_statement(ast::as<ast::If>(s));
    case StmtKind::ExprStmt:
      expr(ast::as<ast::ExprStmt>(s).value);
      break;
    case StmtKind::Raise:
      raise_statement(ast::as<ast::Raise>(s));
      return true;
    case StmtKind::Assert:
      assert_statement(ast::as<ast::Assert>(s));
      break;
    case StmtKind::Import:
    case StmtKind::ImportFrom:
      unseen_names_ = true;
      fail(Diag::not_supported, s.span, "an import inside a kernel");
      hint(nullptr, "import at the top of the file");
      break;
    case StmtKind::UnsupportedStmt:
      unseen_names_ = true;
      fail(Diag::not_supported, s.span, fmt::format("{} in a kernel", ast::as<ast::UnsupportedStmt>(s).what));
      break;
    case StmtKind::Pass:
    case StmtKind::Break:
    case StmtKind::Continue:
      break;
  }
  return false;
}

void Specialization::define(uint32_t var, TypeRef type, Span where) {
  if (!type || type->is_unknown()) return;
  Variable& v = typed->variables[var];
  if (v.type->is_unknown()) {
    v.type = type, first_typed_[var] = where, first_type_[var] = type, changed_ = true;
    return;
  }
  if (v.type == type) return;
  if (v.forced) {
    if (!can_convert(type, v.type))
      fail(Diag::type_mismatch, where,
           fmt::format("'{}' is {} by locals=, to which {} does not convert", v.name, to_string(v.type),
                       describe(type)));
    return;
  }
  TypeRef both = unify(types(), v.type, type);
  if (!both) {
    fail(Diag::cannot_unify, where, v.name, describe(type), describe(v.type));
    if (diagnostics_ && first_typed_[var] != where) {
      diagnostics_->note(at(first_typed_[var]), fmt::format("'{}' is {} here", v.name, describe(first_type_[var])));
    }
    return;
  }
  if (both != v.type) v.type = both, changed_ = true;
}

void Specialization::add_result(TypeRef type, Span where) {
  if (!type || type->is_unknown()) return;
  TypeRef& result = typed->result;
  if (forced_result) {
    if (!can_convert(type, forced_result)) {
      fail(Diag::bad_return, where,
           fmt::format("the signature of '{}' promises {}, this is {}", def_.name, to_string(forced_result),
                       describe(type)));
    }
    return;
  }
  if (result->is_unknown()) {
    result = type, first_return_ = where, changed_ = true;
    return;
  }
  if (result == type) return;
  TypeRef both = unify(types(), result, type);
  if (!both) {
    fail(Diag::bad_return, where,
         fmt::format("'{}' returns {} here and {} elsewhere, which have no common type", def_.name, describe(type),
                     describe(result)));
    if (diagnostics_ && first_return_) diagnostics_->note(at(*first_return_), "the other return");
    return;
  }
  if (both != result) result = both, changed_ = true;
}

void Specialization::condition(const Expr& test) {
  TypeRef type = expr(&test);
  if (!type || type->is_unknown()) return;
  if (type->is_array() && type->rank > 0) {
    fail(Diag::bad_operand, test.span, "bool()", "an array");
    hint(nullptr, "use .any() or .all(), or compare elements");
  } else if (type->kind == TypeKind::Slice || type->kind == TypeKind::Range) {
    fail(Diag::bad_operand, test.span, "bool()", describe(type));
  }
}

void Specialization::return_statement(const ast::Return& s) {
  returns_ = true;
  TypeRef type = s.value ? expr(s.value) : types().none();
  if (type && (type->is_iterator() || type->kind == TypeKind::Range || type->kind == TypeKind::Slice ||
               type->kind == TypeKind::Builtin)) {
    fail(Diag::bad_return, s.span, fmt::format("{} cannot be returned", describe(type)));
    return;
  }
  add_result(type, s.span);
}

void Specialization::assign(const ast::Assign& s) {
  TypeRef type = expr(s.value);
  for (auto* target : s.targets) assign_target(*target, type, s.value);
}

void Specialization::assign_target(const Expr& target, TypeRef type, const Expr* value) {
  switch (target.kind) {
    case ExprKind::Name: {
      uint32_t var = webs_.definitions.at(target.id);
      info(target).def_var = var;
      define(var, type, target.span);
      info(target).type = type;
      if (value && is_list(*value)) lists_.insert(var);
      if (library_ && value && constant(*value) && typed->variables[var].definitions == 1)
        values_[var] = *constant(*value);
      break;
    }
    case ExprKind::Tuple:
      unpack(ast::as<ast::Tuple>(target).elements, target, type, value);
      break;
    case ExprKind::List:
      unpack(ast::as<ast::ListExpr>(target).elements, target, type, value);
      break;
    case ExprKind::Subscript:
      store(ast::as<ast::Subscript>(target), type, value ? value->span : target.span);
      break;
    case ExprKind::Attribute:
      fail(Diag::not_supported, target.span, "assignment to an attribute");
      break;
    default:
      fail(Diag::not_supported, target.span, "this target of an assignment");
  }
}

void Specialization::unpack(ast::Exprs targets, const Expr& target, TypeRef type, const Expr* value) {
  size_t star = targets.size();
  for (size_t i = 0; i < targets.size(); ++i)
    if (targets[i]->kind == ExprKind::Starred) star = i;
  if (!type || type->is_unknown()) {  // the targets still count as defined
    for (auto* t : targets)
      assign_target(t->kind == ExprKind::Starred ? *ast::as<ast::Starred>(*t).value : *t, type, nullptr);
    return;
  }
  info(target).type = type;
  if (type->is_optional()) type = type->elements[0];  // checked at run time
  if (type->is_tuple()) {
    size_t count = type->elements.size();
    bool fits = star == targets.size() ? count == targets.size() : count + 1 >= targets.size();
    if (!fits) {
      fail(Diag::bad_unpack, target.span, fmt::format("{} values to unpack, {} expected", count, targets.size()));
      return;
    }
    size_t rest = star == targets.size() ? 0 : count + 1 - targets.size();
    size_t from = 0;
    for (size_t i = 0; i < targets.size(); ++i) {
      if (i == star) {
        std::vector<TypeRef> taken(type->elements.begin() + static_cast<long>(from),
                                   type->elements.begin() + static_cast<long>(from + rest));
        assign_target(*ast::as<ast::Starred>(*targets[i]).value, types().tuple(std::move(taken)), nullptr);
        from += rest;
      } else {
        assign_target(*targets[i], type->elements[from++], nullptr);
      }
    }
    return;
  }
  if (type->is_array() && type->rank > 0 && star == targets.size()) {
    TypeRef element = element_of(type, target.span);
    for (auto* t : targets) assign_target(*t, element, nullptr);
    return;
  }
  fail(Diag::bad_unpack, value ? value->span : target.span, fmt::format("{} cannot be unpacked", describe(type)));
}

// Whether an index is an array.
bool Specialization::picks_elements(const ast::Subscript& target) {
  const auto is_array = [&](const Expr* e) {
    TypeRef t = typed->type_of(e);
    return t && (t->is_array() || t->is_tuple()) && e->kind != ExprKind::Tuple;
  };
  if (target.index->kind != ExprKind::Tuple) return is_array(target.index);
  const auto& parts = ast::as<ast::Tuple>(*target.index).elements;
  return std::any_of(parts.begin(), parts.end(), is_array);
}

void Specialization::store(const ast::Subscript& target, TypeRef value, Span value_span) {
  TypeRef place = expr(&target);
  if (!place || place->is_unknown()) return;
  TypeRef base = typed->type_of(target.value);
  if (base->is_tuple()) {
    fail(Diag::not_supported, target.span, "assignment to an element of a tuple");
    hint(nullptr, "tuples cannot be changed: make a new one, or use an array");
    return;
  }
  if (base->kind != TypeKind::Flat && !base->is_array()) return;
  TypeRef array = base->kind == TypeKind::Flat ? base->elements[0] : base;
  if (array->readonly) {
    auto* n = target.value->kind == ExprKind::Name ? &ast::as<ast::Name>(*target.value) : nullptr;
    fail(Diag::readonly_array, target.span, n ? std::string(n->name) : "the array");
    return;
  }
  if (!value || value->is_unknown()) return;
  if (value->is_optional()) value = value->elements[0];
  if (value->is_tuple() && !place->is_scalar()) {
    if (TypeRef made = array_of_display(types(), value)) value = made;
  }
  Scalar to = array->scalar;
  bool scalar = value->is_scalar() || (value->is_array() && value->rank == 0);
  if (scalar || value->is_array()) {
    if (is_complex(value->scalar) && !is_complex(to)) {
      fail(Diag::type_mismatch, value_span,
           fmt::format("a complex number does not fit an element of {}", to_string(array)));
      hint(nullptr, "take .real, or make the array complex");
    } else if (!scalar && place->is_scalar()) {
      fail(Diag::type_mismatch, value_span,
           fmt::format("{} does not fit an element of {}", to_string(value), to_string(array)));
    } else if (!scalar && value->rank > place->rank && picks_elements(target)) {  // else leading axes may have length 1
      fail(Diag::type_mismatch, value_span, fmt::format("{} does not fit {}", to_string(value), to_string(place)));
    }
    return;
  }
  fail(Diag::type_mismatch, value_span, fmt::format("{} cannot be stored in {}", describe(value), to_string(array)));
}

void Specialization::aug_assign(const ast::AugAssign& s) {
  TypeRef left = expr(s.target);
  TypeRef right = expr(s.value);
  if (!left || !right || left->is_unknown() || right->is_unknown()) {
    if (s.target->kind == ExprKind::Name) info(*s.target).def_var = webs_.definitions.at(s.target->id);
    return;
  }
  if (left->is_array() && left->rank > 0 && s.op == ast::BinaryOp::MatMul) return matmul_assign(s, left);
  if (left->is_array() && left->rank > 0) {  // in place: the array stays what it is
    source::Diagnostics silent;
    const TypedArgument value{s.value, right, constant(*s.value)};
    if (!check_update(types(), s.op, left, value, at(s.span), diagnostics_ ? *diagnostics_ : silent)) failed_ = true;
    if (s.target->kind == ExprKind::Name) {
      uint32_t var = webs_.definitions.at(s.target->id);
      info(*s.target).def_var = var;
      define(var, left, s.target->span);
      if (left->readonly) fail(Diag::readonly_array, s.target->span, std::string(ast::as<ast::Name>(*s.target).name));
    } else if (s.target->kind == ExprKind::Subscript) {
      store(ast::as<ast::Subscript>(*s.target), right, s.value->span);
    }
    return;
  }
  const bool becomes_array = s.target->kind == ExprKind::Name && right->is_array() && right->rank > 0;
  TypeRef type = becomes_array ? operator_call(*s.target, operator_row(s.op), {s.target, s.value}, spelling(s.op))
                               : binary_types(s.op, left, right, s.span);
  if (s.target->kind == ExprKind::Name) {
    uint32_t var = webs_.definitions.at(s.target->id);
    info(*s.target).def_var = var;
    define(var, type, s.target->span);
  } else if (s.target->kind == ExprKind::Subscript) {
    store(ast::as<ast::Subscript>(*s.target), type, s.value->span);
  } else {
    fail(Diag::not_supported, s.target->span, "assignment to an attribute");
  }
}

// a @= b: the product, which takes the place of a's elements.
void Specialization::matmul_assign(const ast::AugAssign& s, TypeRef left) {
  if (s.target->kind != ExprKind::Name) {
    fail(Diag::not_supported, s.target->span, "operator '@=' on a part of an array");
    return;
  }
  TypeRef made = operator_call(*s.target, operator_row(s.op), {s.target, s.value}, spelling(s.op));
  const uint32_t var = webs_.definitions.at(s.target->id);
  info(*s.target).def_var = var;
  define(var, left, s.target->span);
  if (!made) return;
  if (!made->is_array() || made->rank != left->rank || made->scalar != left->scalar) {
    fail(Diag::bad_argument, s.span,
         fmt::format("the result of '@=' is {} and does not go into {}", describe(made), describe(left)));
  }
  if (left->readonly) fail(Diag::readonly_array, s.target->span, std::string(ast::as<ast::Name>(*s.target).name));
}

TypeRef Specialization::element_of(TypeRef iterable, Span where) {
  if (iterable->is_optional()) iterable = iterable->elements[0];  // checked at run time
  switch (iterable->kind) {
    case TypeKind::Unknown:
      return iterable;
    case TypeKind::Range:
      return types().py_int();
    case TypeKind::Flat:
      return types().scalar(iterable->elements[0]->scalar);
    case TypeKind::Array:
      if (iterable->rank == 0) break;
      if (iterable->rank == 1) return types().scalar(iterable->scalar);
      return types().array(iterable->scalar, iterable->rank - 1, iterable->layout == Layout::C ? Layout::C : Layout::A,
                           iterable->readonly);
    case TypeKind::Tuple: {
      TypeRef common = unknown();
      for (TypeRef t : iterable->elements) {
        TypeRef both = common->is_unknown() ? t : unify(types(), common, t);
        if (!both) {
          fail(Diag::not_supported, where, "a loop over a tuple whose elements have different types");
          return nullptr;
        }
        common = both;
      }
      return iterable->elements.empty() ? types().py_int() : common;
    }
    case TypeKind::Enumerate: {
      TypeRef element = element_of(iterable->elements[0], where);
      return element && !element->is_unknown() ? types().tuple({types().py_int(), element}) : element;
    }
    case TypeKind::Reversed:
      return element_of(iterable->elements[0], where);
    case TypeKind::NdIndex:
      return types().homogeneous(types().py_int(), static_cast<int>(iterable->elements[0]->elements.size()));
    case TypeKind::NdEnumerate: {
      TypeRef array = iterable->elements[0];
      return types().tuple({types().homogeneous(types().py_int(), array->rank), types().scalar(array->scalar)});
    }
    case TypeKind::Zip: {
      std::vector<TypeRef> elements;
      for (TypeRef t : iterable->elements) {
        TypeRef element = element_of(t, where);
        if (!element || element->is_unknown()) return element;
        elements.push_back(element);
      }
      return types().tuple(std::move(elements));
    }
    default:
      break;
  }
  return fail(Diag::not_iterable, where, describe(iterable));
}

void Specialization::for_statement(const ast::For& s) {
  TypeRef iterable = expr(s.iter);
  TypeRef element = iterable ? element_of(iterable, s.iter->span) : nullptr;
  assign_target(*s.target, element ? element : unknown(), nullptr);
  body(s.body);
  body(s.orelse);
}

void Specialization::raise_statement(const ast::Raise& s) {
  if (!s.exception) {
    fail(Diag::not_supported, s.span, "a bare 'raise'");
    return;
  }
  const Expr* type = s.exception;
  if (type->kind == ExprKind::Call) {
    auto& c = ast::as<ast::Call>(*type);
    for (auto* a : c.args) text(*a);
    type = c.func;
  }
  TypeRef t = expr(type);
  if (!t || t->is_unknown()) return;
  static const char* const kKnown[] = {
      "Exception",     "ValueError",         "TypeError",       "IndexError",     "KeyError",     "ZeroDivisionError",
      "OverflowError", "FloatingPointError", "ArithmeticError", "AssertionError", "RuntimeError", "NotImplementedError",
      "MemoryError",   "RecursionError",     "StopIteration",   "AttributeError", "OSError",      "LinAlgError"};
  if (t->kind == TypeKind::Builtin) {
    for (auto* k : kKnown)
      if (t->text == std::string("builtins.") + k || t->text == std::string("numpy.linalg.") + k) return;
  }
  fail(Diag::type_mismatch, type->span, fmt::format("{} is not an exception that kernels can raise", describe(t)));
}

void Specialization::assert_statement(const ast::Assert& s) {
  condition(*s.test);
  if (s.message) text(*s.message);
}

}  // namespace kjit::sema
