// Statements with blocks.
#include <fmt/format.h>

#include <algorithm>
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
  if (context.with_ != nullptr) return with_statement(*context.with_, out);
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

namespace {

// The call of parallel_chunksize that is the head of a `with`; null where the head is anything else.
const ast::Call* chunksize(const ast::Expr& head) {
  if (head.kind != ast::ExprKind::Call) return nullptr;
  const auto& call = static_cast<const ast::Call&>(head);
  constexpr std::string_view kName = "parallel_chunksize";
  const bool name = call.func->kind == ast::ExprKind::Name && static_cast<const ast::Name*>(call.func)->name == kName;
  const bool attribute =
      call.func->kind == ast::ExprKind::Attribute && static_cast<const ast::Attribute*>(call.func)->attr == kName;
  return (name || attribute) && call.args.size() == 1 && call.keywords.empty() ? &call : nullptr;
}

// Whether a statement leads out of the block: by return, or out of a loop around it.
bool leads_out(ast::Body body, bool in_loop) {
  return std::any_of(body.begin(), body.end(), [&](const ast::Stmt* s) {
    switch (s->kind) {
      case StmtKind::Return:
        return true;
      case StmtKind::Break:
      case StmtKind::Continue:
        return !in_loop;
      case StmtKind::If: {
        const auto& node = static_cast<const ast::If&>(*s);
        return leads_out(node.body, in_loop) || leads_out(node.orelse, in_loop);
      }
      case StmtKind::While: {
        const auto& node = static_cast<const ast::While&>(*s);
        return leads_out(node.body, true) || leads_out(node.orelse, in_loop);
      }
      case StmtKind::For: {
        const auto& node = static_cast<const ast::For&>(*s);
        return leads_out(node.body, true) || leads_out(node.orelse, in_loop);
      }
      default:
        return false;
    }
  });
}

}  // namespace

// `with parallel_chunksize(n): body` is before = parallel_chunksize(n, entered=True), the body, and
// parallel_chunksize(before, entered=False). There is no other `with` in the language.
void Builder::with_statement(const P::With_statementContext& context, std::vector<S>& out) {
  const bool one = context.items.size() == 1 && context.items[0]->alias == nullptr;
  const E head = one ? expression(*context.items[0]->value) : nullptr;
  const ast::Body body = block(*context.body);
  const Span all = source::join(span(*context.start), body.back()->span);
  const ast::Call* call = head ? chunksize(*head) : nullptr;
  if (!call) return out.push_back(unsupported("'with'", all));
  if (leads_out(body, false)) return out.push_back(unsupported("'return', 'break' or 'continue' out of a 'with'", all));
  const std::string_view name = tree_.copy(fmt::format("%chunksize.{}", all.begin));
  const auto before = [&] {
    auto* made = tree_.make_expr<ast::Name>(ast::ExprKind::Name, head->span);
    made->name = name;
    return made;
  };
  const auto set = [&](E size, bool entered) {
    auto* flag = tree_.make_expr<ast::Constant>(ast::ExprKind::Constant, head->span);
    flag->value = entered ? ast::ConstantKind::True : ast::ConstantKind::False;
    auto* made = tree_.make_expr<ast::Call>(ast::ExprKind::Call, head->span);
    made->func = call->func;
    made->args = tree_.copy(std::vector<E>{size});
    made->keywords = tree_.copy(std::vector<ast::Keyword>{{"entered", flag, head->span}});
    return made;
  };
  auto* enter = tree_.make_stmt<ast::Assign>(StmtKind::Assign, head->span);
  enter->targets = tree_.copy(std::vector<E>{before()});
  enter->value = set(call->args[0], true);
  auto* leave = tree_.make_stmt<ast::ExprStmt>(StmtKind::ExprStmt, head->span);
  leave->value = set(before(), false);
  out.push_back(enter);
  out.insert(out.end(), body.begin(), body.end());
  out.push_back(leave);
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
                  : context.for_ != nullptr   ? for_statement(*context.for_)
                                              : nullptr;
  Span all = span(*context.start);
  if (inner != nullptr) all = source::join(all, inner->span);
  if (context.with_ != nullptr) {
    std::vector<S> body;
    with_statement(*context.with_, body);
    all = source::join(all, body.back()->span);
  }
  return unsupported("'async'", all);
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
