// Functions and lambdas with their parameters.
#include <set>

#include "parse/builder.h"

namespace kjit::parse {

using ast::ExprKind;
using ast::StmtKind;

namespace {

// Annotations exist for functions only.
const generated::KjitParser::ExpressionContext* annotation_of(const generated::KjitParser::ParameterContext& item) {
  return item.annotation;
}
const generated::KjitParser::ExpressionContext* annotation_of(const generated::KjitParser::Lambda_parameterContext&) {
  return nullptr;
}
const generated::KjitParser::Star_expressionContext* star_annotation_of(
    const generated::KjitParser::ParameterContext& item) {
  return item.star_annotation;
}
const generated::KjitParser::Star_expressionContext* star_annotation_of(
    const generated::KjitParser::Lambda_parameterContext&) {
  return nullptr;
}

}  // namespace

template <typename ParameterContext>
ast::Parameters Builder::parameters(const std::vector<ParameterContext*>& items) {
  ast::Parameters made;
  std::vector<ast::Parameter> positional, keyword_only;
  std::set<std::string_view> names;
  const ParameterContext *star = nullptr, *bare_star = nullptr;
  bool slash = false, defaults = false;
  for (const auto* item : items) {
    const size_t kind = item->kind != nullptr ? item->kind->getType() : 0;
    if (made.kwarg != nullptr) error(span(*item), "no parameter can follow '**'");
    if (kind == P::SLASH) {
      if (slash || star != nullptr || positional.empty()) {
        error(span(*item), slash             ? "'/' may appear only once"
                           : star != nullptr ? "'/' must come before '*'"
                                             : "at least one parameter must come before '/'");
      }
      slash = true;
      made.positional_only = static_cast<uint32_t>(positional.size());
      continue;
    }
    if (kind == P::STAR) {
      if (star != nullptr) error(span(*item), "'*' may appear only once");
      star = item;
      bare_star = item->name == nullptr ? item : nullptr;
      if (item->name == nullptr) continue;
    }
    ast::Parameter parameter;
    parameter.name = text(*item->name);
    parameter.span = span(*item->name);
    if (!names.insert(parameter.name).second) {
      error(parameter.span, fmt::format("parameter '{}' appears twice", parameter.name));
    }
    if (annotation_of(*item) != nullptr) parameter.annotation = no_walrus(*annotation_of(*item));
    if (star_annotation_of(*item) != nullptr) parameter.annotation = star_expression(*star_annotation_of(*item));
    if (item->default_ != nullptr) parameter.default_value = no_walrus(*item->default_);
    if (kind != 0) {
      (kind == P::STAR ? made.vararg : made.kwarg) = tree_.copy(std::vector{parameter}).data();
    } else if (star != nullptr) {
      keyword_only.push_back(parameter);
      bare_star = nullptr;
    } else {
      if (defaults && item->default_ == nullptr)
        error(span(*item), "a parameter without default follows one with a default");
      defaults |= item->default_ != nullptr;
      positional.push_back(parameter);
    }
  }
  if (bare_star != nullptr) error(span(*bare_star), "at least one named parameter must follow '*'");
  made.positional = tree_.copy(positional);
  made.keyword_only = tree_.copy(keyword_only);
  return made;
}

const ast::Stmt* Builder::function(const P::Function_definitionContext& context, ast::List<ast::Decorator> decorators,
                                   bool async) {
  auto* node = tree_.make_stmt<ast::FunctionDef>(StmtKind::FunctionDef, span(*context.start));
  node->name = text(*context.name);
  node->name_span = span(*context.name);
  node->decorators = decorators;
  if (context.parameters != nullptr) node->parameters = parameters(context.parameters->items);
  if (context.result != nullptr) node->returns = no_walrus(*context.result);
  node->body = block(*context.body, {.function = true, .loop = false, .async = async});
  node->span.end = node->body.back()->span.end;
  if (node->body[0]->kind == StmtKind::ExprStmt) {
    const ast::Expr& first = *ast::as<ast::ExprStmt>(*node->body[0]).value;
    if (first.kind == ExprKind::Constant && ast::as<ast::Constant>(first).value == ast::ConstantKind::Str) {
      node->docstring = ast::as<ast::Constant>(first).text;
    }
  }
  return node;
}

const ast::Expr* Builder::lambda(const P::Lambda_expressionContext& context) {
  auto* function = tree_.make_stmt<ast::FunctionDef>(StmtKind::FunctionDef, span(context));
  function->name = "<lambda>";
  function->name_span = span(*context.start);
  function->is_lambda = true;
  if (context.parameters != nullptr) function->parameters = parameters(context.parameters->items);
  const Surroundings outside = std::exchange(around_, {.function = true, .loop = false, .async = false});
  auto* result = tree_.make_stmt<ast::Return>(StmtKind::Return, span(*context.body));
  result->value = no_walrus(*context.body);
  around_ = outside;
  function->body = tree_.copy(std::vector<S>{result});
  auto* node = tree_.make_expr<ast::Lambda>(ExprKind::Lambda, span(context));
  node->function = function;
  return node;
}

}  // namespace kjit::parse
