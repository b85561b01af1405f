// Targets of assignments and loops, and what may not be one.
#include "parse/builder.h"

namespace kjit::parse {

using ast::ExprKind;

std::string describe(const ast::Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Name:
      return fmt::format("'{}'", ast::as<ast::Name>(expr).name);
    case ExprKind::Constant:
      switch (ast::as<ast::Constant>(expr).value) {
        case ast::ConstantKind::None:
          return "None";
        case ast::ConstantKind::True:
          return "True";
        case ast::ConstantKind::False:
          return "False";
        case ast::ConstantKind::Ellipsis:
          return "'...'";
        case ast::ConstantKind::Str:
        case ast::ConstantKind::Bytes:
          return "a string";
        default:
          return "a number";
      }
    case ExprKind::JoinedStr:
      return "an f-string";
    case ExprKind::BinOp:
    case ExprKind::UnaryOp:
    case ExprKind::BoolOp:
      return "an expression";
    case ExprKind::Compare:
      return "a comparison";
    case ExprKind::IfExp:
      return "a conditional expression";
    case ExprKind::Call:
      return "a call";
    case ExprKind::Attribute:
      return "an attribute";
    case ExprKind::Subscript:
      return "an element";
    case ExprKind::Slice:
      return "a slice";
    case ExprKind::Tuple:
      return "a tuple";
    case ExprKind::List:
      return "a list";
    case ExprKind::Starred:
      return "a starred expression";
    case ExprKind::Lambda:
      return "a lambda";
    case ExprKind::ListComp:
      return "a list comprehension";
    case ExprKind::Unsupported:
      return std::string(ast::as<ast::Unsupported>(expr).what);
  }
  return "an expression";
}

const ast::Expr* Builder::target_list(const P::Target_listContext& context) {
  std::vector<E> items;
  for (const auto* item : context.items) {
    const Deeper deeper(*this, *item, item->trailers.size() + 1);
    E made = with_trailers(atom(*item->base), span(*item->base).begin, item->trailers);
    if (item->star != nullptr) {
      auto* star = tree_.make_expr<ast::Starred>(ExprKind::Starred, span(*item));
      star->value = made;
      made = star;
    }
    items.push_back(made);
  }
  const E target = context.commas.empty() ? items[0] : tuple(items, span(context));
  const bool deleted = context.parent != nullptr &&
                       static_cast<const Context*>(context.parent)->getRuleIndex() == P::RuleSimple_statement;
  check_target(*target, deleted ? TargetUse::Delete : TargetUse::Loop);
  return target;
}

void Builder::check_target(const ast::Expr& target, TargetUse use) {
  const bool nested = use != TargetUse::Augmented && use != TargetUse::Annotated;
  switch (target.kind) {
    case ExprKind::Name:
    case ExprKind::Attribute:
    case ExprKind::Subscript:
      return;
    case ExprKind::Tuple:
    case ExprKind::List: {
      if (!nested) break;
      const bool is_tuple = target.kind == ExprKind::Tuple;
      const ast::Exprs elements =
          is_tuple ? ast::as<ast::Tuple>(target).elements : ast::as<ast::ListExpr>(target).elements;
      int stars = 0;
      for (const ast::Expr* element : elements) {
        const bool star = element->kind == ExprKind::Starred;
        if (star && ++stars == 2) error(element->span, "only one starred target is allowed in an assignment");
        check_target(star ? *ast::as<ast::Starred>(*element).value : *element, use);
      }
      return;
    }
    case ExprKind::Starred:
      error(target.span, "a starred target must be in a list or a tuple");
      return;
    default:
      break;
  }
  if (use == TargetUse::Annotated) {
    error(target.span,
          fmt::format("{} cannot be annotated: only a single name, attribute or element can", describe(target)));
    return;
  }
  const std::string_view verb = use == TargetUse::Delete ? "delete" : "assign to";
  const bool hint = use == TargetUse::Assign;
  error(target.span, fmt::format("cannot {} {}", verb, describe(target)),
        hint ? "did you mean '==' instead of '='?" : "");
}

}  // namespace kjit::parse
