// Expressions: operators, calls, subscripts.
#include <set>

#include "parse/builder.h"

namespace kjit::parse {

using ast::ExprKind;
using source::Span;

Builder::Deeper::Deeper(Builder& builder, const Context& at, size_t levels) : builder_(builder), levels_(levels) {
  builder_.depth_ += levels;
  if (builder_.depth_ > kMaxTreeDepth) {
    builder_.findings_.too_deep(span_of(*at.start), kMaxTreeDepth);
    throw GiveUp{};
  }
}

const ast::Expr* Builder::unsupported_expr(std::string_view what, Span span) {
  auto* node = tree_.make_expr<ast::Unsupported>(ExprKind::Unsupported, span);
  node->what = what;
  return node;
}

const ast::Expr* Builder::tuple(const std::vector<E>& elements, Span span) {
  auto* node = tree_.make_expr<ast::Tuple>(ExprKind::Tuple, span);
  node->elements = tree_.copy(elements);
  return node;
}

const ast::Expr* Builder::starred(const Token& star, const P::OperationContext& operand) {
  auto* node = tree_.make_expr<ast::Starred>(ExprKind::Starred, source::join(span(star), span(operand)));
  node->value = operation(operand);
  return node;
}

const ast::Expr* Builder::star_expression(const P::Star_expressionContext& context) {
  return context.star != nullptr ? starred(*context.star, *context.operand) : expression(*context.value);
}

const ast::Expr* Builder::star_expressions(const P::Star_expressionsContext& context, bool star_alone) {
  std::vector<E> items;
  for (const auto* item : context.items) {
    if (item->value != nullptr && item->value->walrus != nullptr) {
      error(span(*item), "':=' needs parentheses here");
    }
    items.push_back(star_expression(*item));
  }
  if (!context.commas.empty()) return tuple(items, span(context));
  if (items[0]->kind == ExprKind::Starred && !star_alone)
    error(items[0]->span, "a starred expression cannot stand alone here");
  return items[0];
}

const ast::Expr* Builder::yield(const P::Yield_expressionContext& context) {
  if (context.from != nullptr) expression(*context.from);
  if (context.value != nullptr) star_expressions(*context.value);
  if (!around_.function && !repaired_) error(span(context), "'yield' outside a function");
  return unsupported_expr("'yield'", span(context));
}

const ast::Expr* Builder::no_walrus(const P::ExpressionContext& context) {
  if (context.walrus != nullptr) error(span(context), "':=' needs parentheses here");
  return expression(context);
}

const ast::Expr* Builder::expression(const P::ExpressionContext& context) {
  const bool node_here = context.lambda_ != nullptr || context.walrus != nullptr || context.test != nullptr;
  const Deeper deeper(*this, context, node_here ? 1 : 0);
  if (context.lambda_ != nullptr) return lambda(*context.lambda_);
  if (context.walrus != nullptr) {
    no_walrus(*context.walrus);
    return unsupported_expr("':='", span(context));
  }
  if (context.test == nullptr) return logical(*context.value);
  auto* node = tree_.make_expr<ast::IfExp>(ExprKind::IfExp, span(context));
  node->body = logical(*context.value);
  node->test = logical(*context.test);
  node->orelse = no_walrus(*context.orelse);
  return node;
}

const ast::Expr* Builder::logical(const P::LogicalContext& context) {
  std::vector<const P::LogicalContext*> chain;
  const P::LogicalContext* leaf = &context;
  for (; leaf->left != nullptr; leaf = leaf->left) chain.push_back(leaf);
  if (leaf->op != nullptr && chain.empty()) {
    const Deeper deeper(*this, context);
    auto* node = tree_.make_expr<ast::UnaryOp>(ExprKind::UnaryOp, span(context));
    node->op = ast::UnaryOpKind::Not;
    node->operand = logical(*leaf->right);
    return node;
  }
  if (chain.empty()) return operation(*leaf->value);
  size_t groups = 1;
  for (size_t i = 1; i < chain.size(); ++i) groups += chain[i]->op->getType() != chain[i - 1]->op->getType();
  const Deeper deeper(*this, context, groups);
  E value = logical(*leaf);
  for (size_t i = chain.size(); i > 0;) {
    const size_t op = chain[i - 1]->op->getType();
    std::vector<E> values{value};
    const P::LogicalContext* last = nullptr;
    for (; i > 0 && chain[i - 1]->op->getType() == op; --i) {
      last = chain[i - 1];
      values.push_back(logical(*last->right));
    }
    auto* node = tree_.make_expr<ast::BoolOp>(ExprKind::BoolOp, span(*last));
    node->op = op == P::AND ? ast::BoolOpKind::And : ast::BoolOpKind::Or;
    node->values = tree_.copy(values);
    value = node;
  }
  return value;
}

namespace {

bool is_comparison(const generated::KjitParser::OperationContext& context) {
  using P = generated::KjitParser;
  switch (context.op->getType()) {
    case P::LESS:
    case P::GREATER:
    case P::LESS_EQUAL:
    case P::GREATER_EQUAL:
    case P::EQUAL:
    case P::NOT_EQUAL:
    case P::IN:
    case P::IS:
    case P::NOT:
      return true;
    default:
      return false;
  }
}

ast::CompareOp compare_op(const generated::KjitParser::OperationContext& context) {
  using P = generated::KjitParser;
  switch (context.op->getType()) {
    case P::LESS:
      return ast::CompareOp::Lt;
    case P::GREATER:
      return ast::CompareOp::Gt;
    case P::LESS_EQUAL:
      return ast::CompareOp::Le;
    case P::GREATER_EQUAL:
      return ast::CompareOp::Ge;
    case P::EQUAL:
      return ast::CompareOp::Eq;
    case P::NOT_EQUAL:
      return ast::CompareOp::Ne;
    case P::IN:
      return ast::CompareOp::In;
    case P::NOT:
      return ast::CompareOp::NotIn;
    default:
      return context.second != nullptr ? ast::CompareOp::IsNot : ast::CompareOp::Is;
  }
}

ast::BinaryOp binary_op(size_t token) {
  using P = generated::KjitParser;
  switch (token) {
    case P::PLUS:
      return ast::BinaryOp::Add;
    case P::MINUS:
      return ast::BinaryOp::Sub;
    case P::STAR:
      return ast::BinaryOp::Mul;
    case P::SLASH:
      return ast::BinaryOp::Div;
    case P::DOUBLE_SLASH:
      return ast::BinaryOp::FloorDiv;
    case P::PERCENT:
      return ast::BinaryOp::Mod;
    case P::POWER:
      return ast::BinaryOp::Pow;
    case P::LEFT_SHIFT:
      return ast::BinaryOp::LShift;
    case P::RIGHT_SHIFT:
      return ast::BinaryOp::RShift;
    case P::AMPERSAND:
      return ast::BinaryOp::BitAnd;
    case P::BAR:
      return ast::BinaryOp::BitOr;
    case P::CARET:
      return ast::BinaryOp::BitXor;
    default:
      return ast::BinaryOp::MatMul;
  }
}

}  // namespace

const ast::Expr* Builder::operation_leaf(const P::OperationContext& context) {
  if (context.base == nullptr) {
    const Deeper deeper(*this, context);
    auto* node = tree_.make_expr<ast::UnaryOp>(ExprKind::UnaryOp, span(context));
    const size_t op = context.op->getType();
    node->op = op == P::MINUS  ? ast::UnaryOpKind::Neg
               : op == P::PLUS ? ast::UnaryOpKind::Pos
                               : ast::UnaryOpKind::Invert;
    node->operand = operation(*context.right);
    return node;
  }
  const Deeper deeper(*this, context, context.trailers.size());
  const E value = with_trailers(atom(*context.base), span(*context.base).begin, context.trailers);
  if (context.await == nullptr) return value;
  if (!around_.async && !repaired_) error(span(context), "'await' outside an async function");
  return unsupported_expr("'await'", span(context));
}

// Walks down the left operands, which may be many, without recursion, and builds upwards.
const ast::Expr* Builder::operation(const P::OperationContext& context) {
  if (context.left == nullptr) return operation_leaf(context);
  std::vector<const P::OperationContext*> chain;
  const P::OperationContext* leaf = &context;
  for (; leaf->left != nullptr; leaf = leaf->left) chain.push_back(leaf);
  size_t levels = 0;
  for (size_t i = 0; i < chain.size(); ++i)
    levels += i == 0 || !is_comparison(*chain[i]) || !is_comparison(*chain[i - 1]);
  const Deeper deeper(*this, context, levels);
  E value = operation_leaf(*leaf);
  for (size_t i = chain.size(); i > 0;) {
    if (is_comparison(*chain[i - 1])) {
      value = compare(value, chain, i);
      continue;
    }
    const P::OperationContext& at = *chain[--i];
    auto* node = tree_.make_expr<ast::BinOp>(ExprKind::BinOp, span(at));
    node->op = binary_op(at.op->getType());
    node->op_span = span(*at.op);
    node->left = value;
    node->right = operation(*at.right);
    value = node;
  }
  return value;
}

// Joins neighbouring comparisons, a < b < c, into one node; `next` counts down through the chain.
const ast::Expr* Builder::compare(E first, const std::vector<const P::OperationContext*>& chain, size_t& next) {
  std::vector<ast::CompareOp> ops;
  std::vector<E> comparators;
  const P::OperationContext* last = nullptr;
  for (; next > 0 && is_comparison(*chain[next - 1]); --next) {
    last = chain[next - 1];
    ops.push_back(compare_op(*last));
    comparators.push_back(operation(*last->right));
  }
  auto* node = tree_.make_expr<ast::Compare>(ExprKind::Compare, span(*last));
  node->left = first;
  node->ops = tree_.copy(ops);
  node->comparators = tree_.copy(comparators);
  return node;
}

// The nodes of a chain a.b[i](c) all begin where the text of its base does, parentheses included.
const ast::Expr* Builder::with_trailers(E base, uint32_t begin, const std::vector<P::TrailerContext*>& trailers) {
  for (const auto* trailer : trailers) {
    const Span whole{begin, span(*trailer).end};
    if (trailer->kind->getType() == P::DOT) {
      auto* node = tree_.make_expr<ast::Attribute>(ExprKind::Attribute, whole);
      node->value = base;
      node->attr = text(*trailer->name);
      node->attr_span = span(*trailer->name);
      base = node;
    } else if (trailer->kind->getType() == P::LEFT_BRACKET) {
      auto* node = tree_.make_expr<ast::Subscript>(ExprKind::Subscript, whole);
      node->value = base;
      node->index = subscript_list(*trailer->index);
      base = node;
    } else {
      auto* node = const_cast<ast::Expr*>(call(base, *trailer));
      node->span = whole;
      base = node;
    }
  }
  return base;
}

void Builder::check_arguments(const P::Argument_listContext& list) {
  std::set<std::string_view> names;
  bool keyword = false, double_star = false;
  for (const auto* item : list.items) {
    const bool star = item->kind != nullptr && item->kind->getType() == P::STAR;
    if (item->name != nullptr) {
      keyword = true;
      if (!names.insert(text(*item->name)).second) {
        error(span(*item->name), fmt::format("keyword argument '{}' is given twice", text(*item->name)));
      }
    } else if (item->kind != nullptr && !star) {
      double_star = true;
    } else if (double_star) {
      error(span(*item), star ? "'*' argument after '**' argument" : "positional argument after '**' argument");
    } else if (keyword && !star) {
      error(span(*item), "positional argument after keyword argument");
    }
    if (!item->loops.empty() && list.items.size() > 1)
      error(span(*item), "a generator expression needs parentheses here");
  }
}

const ast::Expr* Builder::call(E function, const P::TrailerContext& trailer) {
  auto* node = tree_.make_expr<ast::Call>(ExprKind::Call, span(trailer));
  node->func = function;
  if (trailer.arguments == nullptr) return node;
  check_arguments(*trailer.arguments);
  std::vector<E> args;
  std::vector<ast::Keyword> keywords;
  for (const auto* item : trailer.arguments->items) {
    const bool bare = item->name == nullptr && item->kind == nullptr;
    const E value = bare ? expression(*item->value) : no_walrus(*item->value);
    if (item->name != nullptr) {
      keywords.push_back({text(*item->name), value, span(*item)});
    } else if (item->kind == nullptr) {
      if (!item->loops.empty()) loops(item->loops);
      // The parentheses of the call are those of the generator expression.
      const Span around = source::join(span(*trailer.kind), span(*trailer.close));
      args.push_back(item->loops.empty() ? value : unsupported_expr("a generator expression", around));
    } else if (item->kind->getType() == P::STAR) {
      auto* star = tree_.make_expr<ast::Starred>(ExprKind::Starred, span(*item));
      star->value = value;
      args.push_back(star);
    } else {
      keywords.push_back({"", value, span(*item)});
    }
  }
  node->args = tree_.copy(args);
  node->keywords = tree_.copy(keywords);
  return node;
}

const ast::Expr* Builder::subscript_list(const P::Subscript_listContext& context) {
  std::vector<E> items;
  for (const auto* item : context.items) items.push_back(subscript(*item));
  if (context.commas.empty() && items[0]->kind != ExprKind::Starred) return items[0];
  return tuple(items, span(context));
}

const ast::Expr* Builder::subscript(const P::SubscriptContext& context) {
  if (context.star != nullptr) return starred(*context.star, *context.operand);
  if (context.slice == nullptr) return expression(*context.value);
  auto* node = tree_.make_expr<ast::Slice>(ExprKind::Slice, span(context));
  node->lower = context.value != nullptr ? no_walrus(*context.value) : nullptr;
  node->upper = context.slice->upper != nullptr ? no_walrus(*context.slice->upper) : nullptr;
  node->step = context.slice->step != nullptr ? no_walrus(*context.slice->step) : nullptr;
  return node;
}

}  // namespace kjit::parse
