// Names, literals and displays.
#include "parse/builder.h"
#include "parse/literals.h"

namespace kjit::parse {

using ast::ConstantKind;
using ast::ExprKind;
using source::Span;

const ast::Expr* Builder::constant(const Token& token) {
  auto* node = tree_.make_expr<ast::Constant>(ExprKind::Constant, span(token));
  const std::string_view spelled = text(token);
  switch (token.getType()) {
    case P::NONE:
      node->value = ConstantKind::None;
      break;
    case P::TRUE:
      node->value = ConstantKind::True;
      break;
    case P::FALSE:
      node->value = ConstantKind::False;
      break;
    case P::ELLIPSIS:
      node->value = ConstantKind::Ellipsis;
      break;
    case P::INTEGER: {
      const Integer integer = parse_integer(spelled);
      node->value = ConstantKind::Int;
      node->integer = integer.value, node->too_big = integer.too_big, node->text = spelled;
      break;
    }
    case P::FLOAT:
      node->value = ConstantKind::Float;
      node->number = parse_float(spelled);
      break;
    default:
      node->value = ConstantKind::Imag;
      node->number = parse_float(spelled.substr(0, spelled.size() - 1));
  }
  return node;
}

const ast::Expr* Builder::atom(const P::AtomContext& context) {
  if (context.name != nullptr) {
    auto* node = tree_.make_expr<ast::Name>(ExprKind::Name, span(context));
    node->name = text(*context.name);
    return node;
  }
  if (context.constant != nullptr) return constant(*context.constant);
  if (context.open == nullptr) return string(context);
  const bool plain =
      context.open->getType() == P::LEFT_PAREN && context.list != nullptr && context.list->commas.empty();
  const Deeper deeper(*this, context, plain ? 0 : 1);
  switch (context.open->getType()) {
    case P::LEFT_PAREN:
      return parenthesised(context);
    case P::LEFT_BRACKET:
      return bracketed(context);
    default:
      return braced(context);
  }
}

std::vector<const ast::Expr*> Builder::display_items(const P::DisplayContext& context) {
  std::vector<E> items;
  for (const auto* item : context.items) items.push_back(star_expression(*item));
  return items;
}

const ast::Expr* Builder::parenthesised(const P::AtomContext& context) {
  if (context.yield_ != nullptr) return yield(*context.yield_);
  if (context.list == nullptr) return tuple({}, span(context));
  const P::DisplayContext& list = *context.list;
  if (!list.loops.empty()) {
    list_comprehension(list, span(context));  // for its checks
    return unsupported_expr("a generator expression", span(context));
  }
  std::vector<E> items = display_items(list);
  if (!list.commas.empty()) return tuple(items, span(context));
  if (items[0]->kind == ExprKind::Starred) error(items[0]->span, "a starred expression cannot stand alone here");
  return items[0];
}

const ast::Expr* Builder::bracketed(const P::AtomContext& context) {
  if (context.list != nullptr && !context.list->loops.empty()) return list_comprehension(*context.list, span(context));
  auto* node = tree_.make_expr<ast::ListExpr>(ExprKind::List, span(context));
  if (context.list != nullptr) node->elements = tree_.copy(display_items(*context.list));
  return node;
}

const ast::Expr* Builder::list_comprehension(const P::DisplayContext& context, Span span) {
  auto* node = tree_.make_expr<ast::ListComp>(ExprKind::ListComp, span);
  node->element = star_expression(*context.items[0]);
  if (node->element->kind == ExprKind::Starred) error(node->element->span, "a comprehension cannot unpack its element");
  node->generators = loops(context.loops);
  for (const auto* loop : context.loops) {
    if (loop->async != nullptr) return unsupported_expr("an asynchronous comprehension", span);
  }
  return node;
}

ast::List<ast::Comprehension> Builder::loops(const std::vector<P::Comprehension_loopContext*>& contexts) {
  std::vector<ast::Comprehension> made;
  for (const auto* context : contexts) {
    ast::Comprehension& loop = made.emplace_back();
    loop.target = target_list(*context->targets);
    loop.iter = logical(*context->iter);
    std::vector<E> conditions;
    for (const auto* condition : context->conditions) conditions.push_back(logical(*condition));
    loop.conditions = tree_.copy(conditions);
  }
  return tree_.copy(made);
}

const ast::Expr* Builder::braced(const P::AtomContext& context) {
  if (context.braces == nullptr) return unsupported_expr("a dict", span(context));
  bool dict = false, set = false;
  std::vector<E> keys, values;
  for (const auto* item : context.braces->items) {
    (item->kind != nullptr ? dict : set) = true;
    if (item->operand != nullptr) operation(*item->operand);
    E key = item->key != nullptr ? star_expression(*item->key) : nullptr;
    if (item->value != nullptr) {
      keys.push_back(key), values.push_back(no_walrus(*item->value));
      if (item->key->star != nullptr) error(span(*item->key), "a starred expression cannot be a key");
    }
    if (dict && set) {
      error(span(*item), "a dict display has ':' in every element, a set display in none");
      break;
    }
  }
  loops(context.braces->loops);
  const bool comprehension = !context.braces->loops.empty();
  auto* node = tree_.make_expr<ast::Unsupported>(ExprKind::Unsupported, span(context));
  node->what = comprehension ? (dict ? "a dict comprehension" : "a set comprehension") : dict ? "a dict" : "a set";
  if (dict && !comprehension && keys.size() == context.braces->items.size())
    node->keys = tree_.copy(keys), node->values = tree_.copy(values);
  return node;
}

}  // namespace kjit::parse
