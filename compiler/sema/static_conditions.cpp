// Values of conditions that are known before inference.
#include "sema/static_conditions.h"

#include <algorithm>

namespace kjit::sema {

using ast::CompareOp;
using ast::Expr;
using ast::ExprKind;

namespace {

// What is known about an operand of a static condition.
struct Known {
  TypeRef type = nullptr;
  bool none = false;
  std::optional<int64_t> integer;
  std::optional<std::string_view> text;
};

class Conditions {
 public:
  Conditions(const StaticFacts& facts, const NameLookup& lookup) : facts_(facts), lookup_(lookup) {}

  std::optional<bool> truth(const Expr& e) const {
    switch (e.kind) {
      case ExprKind::UnaryOp: {
        auto& u = ast::as<ast::UnaryOp>(e);
        if (u.op != ast::UnaryOpKind::Not) return std::nullopt;
        auto inner = truth(*u.operand);
        return inner ? std::optional(!*inner) : std::nullopt;
      }
      case ExprKind::BoolOp: {  // decided when the decisive operand stands behind decided ones only
        auto& b = ast::as<ast::BoolOp>(e);
        bool decisive = b.op == ast::BoolOpKind::Or;
        for (auto* v : b.values) {
          auto value = truth(*v);
          if (!value) return std::nullopt;
          if (*value == decisive) return decisive;
        }
        return !decisive;
      }
      case ExprKind::Compare: {
        auto& c = ast::as<ast::Compare>(e);
        if (c.ops.size() != 1) return std::nullopt;
        return compare(c.ops[0], known(*c.left), known(*c.comparators[0]));
      }
      case ExprKind::Call: {
        auto& c = ast::as<ast::Call>(e);
        if (c.func->kind != ExprKind::Name || ast::as<ast::Name>(*c.func).name != "isinstance" || c.args.size() != 2 ||
            lookup_("isinstance").local || !facts_.isinstance)
          return std::nullopt;
        Known k = known(*c.args[0]);
        return k.type && !k.type->is_unknown() ? facts_.isinstance(k.type, *c.args[1]) : std::nullopt;
      }
      default: {
        Known k = known(e);
        if (k.none) return false;
        if (k.integer) return *k.integer != 0;
        if (k.text) return !k.text->empty();
        return std::nullopt;
      }
    }
  }

 private:
  Known known(const Expr& e) const {
    Known k;
    if (e.kind == ExprKind::Constant) {
      auto& c = ast::as<ast::Constant>(e);
      if (c.value == ast::ConstantKind::None) k.none = true;
      if (c.value == ast::ConstantKind::Str) k.text = c.text;
      if (c.value == ast::ConstantKind::Int && !c.too_big && c.integer <= INT64_MAX)
        k.integer = static_cast<int64_t>(c.integer);
      if (c.value == ast::ConstantKind::True) k.integer = 1;
      if (c.value == ast::ConstantKind::False) k.integer = 0;
    } else if (e.kind == ExprKind::Name) {
      auto& name = ast::as<ast::Name>(e);
      if (const KnownName def = lookup_(name.name); def.local) {
        if (def.param) {
          k.type = facts_.param_types[*def.param];
          k.none = k.type && k.type->is_none();
          if (k.type && k.type->kind == TypeKind::String) k.text = k.type->text;
        } else if (std::find(facts_.forced.begin(), facts_.forced.end(), name.name) != facts_.forced.end()) {
          return k;
        } else if (def.value && def.value->kind == ExprKind::Constant) {
          k = known(*def.value);
        }
      } else if (auto constant = facts_.global(name.name); constant && constant->type) {
        k.type = constant->type;
        k.none = k.type->is_none();
        if (k.type->kind == TypeKind::String) k.text = k.type->text;
        if (constant->is_int()) k.integer = constant->as_int();
      }
    } else if (e.kind == ExprKind::Attribute && ast::as<ast::Attribute>(e).attr == "ndim") {
      Known base = known(*ast::as<ast::Attribute>(e).value);
      if (base.type && base.type->is_array()) k.integer = base.type->rank;
    } else if (e.kind == ExprKind::UnaryOp && ast::as<ast::UnaryOp>(e).op == ast::UnaryOpKind::Neg) {
      Known base = known(*ast::as<ast::UnaryOp>(e).operand);
      if (base.integer && *base.integer != INT64_MIN) k.integer = -*base.integer;
    }
    return k;
  }

  std::optional<bool> compare(CompareOp op, const Known& a, const Known& b) const {
    if (op == CompareOp::Is || op == CompareOp::IsNot) {
      if (!a.none && !b.none) return std::nullopt;
      const Known& other = a.none ? b : a;
      bool same;
      if (other.none)
        same = true;
      else if (other.integer || other.text || (other.type && !other.type->is_optional() && !other.type->is_unknown()))
        same = false;
      else
        return std::nullopt;
      return same == (op == CompareOp::Is);
    }
    if (a.text && b.text && (op == CompareOp::Eq || op == CompareOp::Ne))
      return (*a.text == *b.text) == (op == CompareOp::Eq);
    if (!a.integer || !b.integer) return std::nullopt;
    switch (op) {
      case CompareOp::Eq:
        return *a.integer == *b.integer;
      case CompareOp::Ne:
        return *a.integer != *b.integer;
      case CompareOp::Lt:
        return *a.integer < *b.integer;
      case CompareOp::Le:
        return *a.integer <= *b.integer;
      case CompareOp::Gt:
        return *a.integer > *b.integer;
      case CompareOp::Ge:
        return *a.integer >= *b.integer;
      default:
        return std::nullopt;
    }
  }

  const StaticFacts& facts_;
  const NameLookup& lookup_;
};

}  // namespace

std::optional<bool> static_bool(const Expr& e, const StaticFacts& facts, const NameLookup& lookup) {
  return Conditions(facts, lookup).truth(e);
}

bool bool_valued(const Expr& e) {
  switch (e.kind) {
    case ExprKind::Compare:
      return true;
    case ExprKind::UnaryOp:
      return ast::as<ast::UnaryOp>(e).op == ast::UnaryOpKind::Not;
    case ExprKind::Call:
      return true;  // isinstance() is the only call that is decided
    case ExprKind::Constant: {
      auto value = ast::as<ast::Constant>(e).value;
      return value == ast::ConstantKind::True || value == ast::ConstantKind::False;
    }
    case ExprKind::BoolOp:
      for (auto* v : ast::as<ast::BoolOp>(e).values)
        if (!bool_valued(*v)) return false;
      return true;
    default:
      return false;
  }
}

}  // namespace kjit::sema
