// Statements with blocks.
#include <utility>

#include "parse/builder.h"

namespace kjit::parse {

using ast::StmtKind;
using source::Span;

ast::Body Builder::file(const P::FileContext& context) {
  std::vector<S> body;
  for (const auto* item : context.body) statement(*item, body);
  return tree_.copy(body);
}

void Builder::statement(const P::StatementContext& context, std::vector<S>& out) {
  const Deeper deeper(*this, context);
  if (context.simple != nullptr) return simple_line(*context.simple, out);
  if (context.if_ != nullptr) return out.push_back(if_statement(*context.if_));
  if (context.for_ != nullptr) return out.push_back(for_statement(*context.for_));
  if (context.while_ != nullptr) return out.push_back(while_statement(*context.while_));
  if (context.function != nullptr) return out.push_back(function(*context.function, {}));
  if (context.decorated_ != nullptr) return out.push_back(decorated(*context.decorated_));
  if (context.class_ != nullptr) return out.push_back(class_definition(*context.class_));
  if (context.try_ != nullptr) return out.push_back(try_statement(*context.try_));
  if (context.with_ != nullptr) return out.push_back(with_statement(*context.with_));
  if (context.match_ != nullptr) return out.push_back(match_statement(*context.match_));
  out.push_back(async_statement(*context.async_));
}

Span Builder::span(const std::vector<S>& body, Span head) const {
  return body.empty() ? head : source::join(head, body.back()->span);
}

ast::Body Builder::block(const P::BlockContext& context) {
  std::vector<S> body;
  if (context.simple != nullptr) simple_line(*context.simple, body);
  for (const auto* item : context.body) statement(*item, body);
  return tree_.copy(body);
}

ast::Body Builder::block(const P::BlockContext& context, Surroundings inside) {
  const Surroundings outside = std::exchange(around_, inside);
  const ast::Body body = block(context);
  around_ = outside;
  return body;
}

ast::Body Builder::loop_body(const P::BlockContext& context) {
  return block(context, {.function = around_.function, .loop = true, .async = around_.async});
}

ast::Body Builder::else_clause(const P::Else_clauseContext* context) {
  return context != nullptr ? block(*context->body) : ast::Body();
}

namespace {

uint32_t end_of(ast::Body body, ast::Body orelse) { return (orelse.empty() ? body : orelse).back()->span.end; }

}  // namespace

// `elif` is an If alone in the else branch of the one before, as in CPython; the chain is built from its end.
const ast::Stmt* Builder::if_statement(const P::If_statementContext& context) {
  const Deeper deeper(*this, context, context.elifs.size());
  auto* node = tree_.make_stmt<ast::If>(StmtKind::If, span(*context.start));
  node->test = expression(*context.test);
  node->body = block(*context.body);
  std::vector<ast::If*> chain{node};
  for (const auto* clause : context.elifs) {
    auto* next = tree_.make_stmt<ast::If>(StmtKind::If, span(*clause->start));
    next->test = expression(*clause->test);
    next->body = block(*clause->body);
    chain.push_back(next);
  }
  ast::Body orelse = else_clause(context.else_);
  for (size_t i = chain.size(); i > 0; --i) {
    chain[i - 1]->orelse = orelse;
    chain[i - 1]->span.end = end_of(chain[i - 1]->body, orelse);
    orelse = tree_.copy(std::vector<S>{chain[i - 1]});
  }
  return node;
}

const ast::Stmt* Builder::while_statement(const P::While_statementContext& context) {
  auto* node = tree_.make_stmt<ast::While>(StmtKind::While, span(*context.start));
  node->test = expression(*context.test);
  node->body = loop_body(*context.body);
  node->orelse = else_clause(context.else_);
  node->span.end = end_of(node->body, node->orelse);
  return node;
}

const ast::Stmt* Builder::for_statement(const P::For_statementContext& context) {
  auto* node = tree_.make_stmt<ast::For>(StmtKind::For, span(*context.start));
  node->target = target_list(*context.targets);
  node->iter = star_expressions(*context.iter);
  node->body = loop_body(*context.body);
  node->orelse = else_clause(context.else_);
  node->span.end = end_of(node->body, node->orelse);
  return node;
}

// What follows is not in the language: its parts are built for the checks they get on the way, then dropped.

const ast::Stmt* Builder::try_statement(const P::Try_statementContext& context) {
  ast::Body last = block(*context.body);
  for (const auto* handler : context.handlers) {
    if (handler->type != nullptr) expression(*handler->type);
    if (handler->type == nullptr && handler != context.handlers.back()) {
      error(span(*handler->start), "an 'except' without a type must be the last");
    }
    last = block(*handler->body);
  }
  if (context.else_ != nullptr) last = else_clause(context.else_);
  if (context.finally_ != nullptr) last = block(*context.finally_->body);
  return unsupported("'try'", source::join(span(*context.start), last.back()->span));
}

const ast::Stmt* Builder::with_statement(const P::With_statementContext& context) {
  const ast::Body body = block(*context.body);
  return unsupported("'with'", source::join(span(*context.start), body.back()->span));
}

const ast::Stmt* Builder::match_statement(const P::Match_statementContext& context) {
  star_expressions(*context.subject);
  ast::Body last;
  for (const auto* clause : context.cases) last = block(*clause->body);
  return unsupported("'match'", source::join(span(*context.start), last.back()->span));
}

const ast::Stmt* Builder::class_definition(const P::Class_definitionContext& context) {
  if (context.arguments != nullptr) check_arguments(*context.arguments);
  const ast::Body body = block(*context.body, {});
  return unsupported("a class", source::join(span(*context.start), body.back()->span));
}

const ast::Stmt* Builder::async_statement(const P::Async_statementContext& context) {
  if (context.function == nullptr && !around_.async && !repaired_) {
    error(span(*context.start), "'async' outside an async function");
  }
  const S inner = context.function != nullptr ? function(*context.function, {}, /*async=*/true)
                  : context.with_ != nullptr  ? with_statement(*context.with_)
                                              : for_statement(*context.for_);
  return unsupported("'async'", source::join(span(*context.start), inner->span));
}

const ast::Stmt* Builder::decorated(const P::Decorated_definitionContext& context) {
  std::vector<ast::Decorator> decorators;
  for (const auto* item : context.decorators) {
    const E value = expression(*item->value);
    decorators.push_back({value, source::join(span(*item->start), span(*item->value))});
  }
  if (context.class_ != nullptr) return class_definition(*context.class_);
  if (context.async_ != nullptr) return async_statement(*context.async_);
  return function(*context.function, tree_.copy(decorators));
}

}  // namespace kjit::parse
