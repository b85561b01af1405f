// Simple statements.
#include "parse/builder.h"

namespace kjit::parse {

using ast::StmtKind;
using source::Span;

const ast::Stmt* Builder::unsupported(std::string_view what, Span span) {
  auto* node = tree_.make_stmt<ast::UnsupportedStmt>(StmtKind::UnsupportedStmt, span);
  node->what = what;
  return node;
}

void Builder::simple_line(const P::Simple_lineContext& context, std::vector<S>& out) {
  for (const auto* item : context.items) out.push_back(simple(*item));
}

const ast::Stmt* Builder::simple(const P::Simple_statementContext& context) {
  return context.expression_ != nullptr ? expression_statement(*context.expression_) : keyword_statement(context);
}

const ast::Stmt* Builder::keyword_statement(const P::Simple_statementContext& context) {
  switch (context.kind->getType()) {
    case P::RETURN: {
      if (!around_.function && !repaired_) error(span(context), "'return' outside a function");
      auto* node = tree_.make_stmt<ast::Return>(StmtKind::Return, span(context));
      if (context.value != nullptr) node->value = star_expressions(*context.value);
      return node;
    }
    case P::PASS:
      return tree_.make_stmt<ast::Pass>(StmtKind::Pass, span(context));
    case P::BREAK:
      return jump(StmtKind::Break, context);
    case P::CONTINUE:
      return jump(StmtKind::Continue, context);
    case P::RAISE:
    case P::ASSERT:
      return raise_or_assert(context);
    case P::IMPORT:
      return import_modules(context);
    case P::FROM:
      return import_from(context);
    case P::DEL:
      target_list(*context.targets);
      return unsupported("'del'", span(context));
    case P::GLOBAL:
      return unsupported("'global'", span(context));
    default:
      return unsupported("'nonlocal'", span(context));
  }
}

const ast::Stmt* Builder::jump(StmtKind kind, const P::Simple_statementContext& context) {
  if (!around_.loop && !repaired_) error(span(context), fmt::format("'{}' outside a loop", text(*context.kind)));
  if (kind == StmtKind::Break) return tree_.make_stmt<ast::Break>(kind, span(context));
  return tree_.make_stmt<ast::Continue>(kind, span(context));
}

const ast::Stmt* Builder::raise_or_assert(const P::Simple_statementContext& context) {
  const E first = context.test != nullptr ? no_walrus(*context.test) : nullptr;
  const E second = context.second != nullptr ? no_walrus(*context.second) : nullptr;
  if (context.kind->getType() == P::RAISE) {
    auto* node = tree_.make_stmt<ast::Raise>(StmtKind::Raise, span(context));
    node->exception = first;
    node->cause = second;
    return node;
  }
  auto* node = tree_.make_stmt<ast::Assert>(StmtKind::Assert, span(context));
  node->test = first;
  node->message = second;
  return node;
}

namespace {

// "a.b.c" as one view of the text, or a copy when there are blanks between the parts.
std::string_view dotted(ast::Ast& tree, const source::SourceFile& file, const std::vector<antlr4::Token*>& parts) {
  const Span whole{span_of(*parts.front()).begin, span_of(*parts.back()).end};
  std::string joined;
  for (const antlr4::Token* part : parts) {
    if (!joined.empty()) joined += '.';
    joined += file.text(span_of(*part));
  }
  return joined.size() == whole.end - whole.begin ? file.text(whole) : tree.copy(std::string_view(joined));
}

}  // namespace

const ast::Stmt* Builder::import_modules(const P::Simple_statementContext& context) {
  auto* node = tree_.make_stmt<ast::Import>(StmtKind::Import, span(context));
  std::vector<ast::Alias> names;
  for (const auto* item : context.modules) {
    const std::string_view as = item->as != nullptr ? text(*item->as) : std::string_view();
    names.push_back({dotted(tree_, file_, item->name->parts), as, span(*item)});
  }
  node->names = tree_.copy(names);
  return node;
}

const ast::Stmt* Builder::import_from(const P::Simple_statementContext& context) {
  const P::Import_fromContext& from = *context.from;
  auto* node = tree_.make_stmt<ast::ImportFrom>(StmtKind::ImportFrom, span(context));
  for (const Token* dot : from.dots) node->level += dot->getType() == P::ELLIPSIS ? 3 : 1;
  if (from.module != nullptr) node->module = dotted(tree_, file_, from.module->parts);
  if (from.module == nullptr && from.dots.empty()) error(span(from), "expected a module name after 'from'");
  std::vector<ast::Alias> names;
  if (from.star != nullptr) {
    names.push_back({text(*from.star), {}, span(*from.star)});
    if (around_.function && !repaired_) error(span(*from.star), "'import *' inside a function");
  }
  for (const auto* item : from.names) {
    const std::string_view as = item->as != nullptr ? text(*item->as) : std::string_view();
    names.push_back({text(*item->name), as, span(*item)});
  }
  node->names = tree_.copy(names);
  return node;
}

const ast::Expr* Builder::assigned(const P::AssignedContext& context) {
  return context.yield_ != nullptr ? yield(*context.yield_) : star_expressions(*context.items);
}

const ast::Stmt* Builder::expression_statement(const P::Expression_statementContext& context) {
  if (context.colon != nullptr) return annotated(context);
  if (context.op != nullptr) return augmented(context);
  if (context.more.empty()) {
    auto* node = tree_.make_stmt<ast::ExprStmt>(StmtKind::ExprStmt, span(context));
    node->value = assigned(*context.first);
    return node;
  }
  auto* node = tree_.make_stmt<ast::Assign>(StmtKind::Assign, span(context));
  std::vector<E> targets;
  for (size_t i = 0; i < context.more.size(); ++i) {
    const P::AssignedContext& target = i == 0 ? *context.first : *context.more[i - 1];
    targets.push_back(target.yield_ != nullptr ? yield(*target.yield_)
                                               : star_expressions(*target.items, /*star_alone=*/true));
    check_target(*targets.back(), TargetUse::Assign);
  }
  node->targets = tree_.copy(targets);
  node->value = assigned(*context.more.back());
  return node;
}

const ast::Stmt* Builder::annotated(const P::Expression_statementContext& context) {
  auto* node = tree_.make_stmt<ast::AnnAssign>(StmtKind::AnnAssign, span(context));
  node->target = assigned(*context.first);
  check_target(*node->target, TargetUse::Annotated);
  node->annotation = no_walrus(*context.annotation);
  if (context.value != nullptr) node->value = assigned(*context.value);
  return node;
}

const ast::Stmt* Builder::augmented(const P::Expression_statementContext& context) {
  auto* node = tree_.make_stmt<ast::AugAssign>(StmtKind::AugAssign, span(context));
  node->target = assigned(*context.first);
  check_target(*node->target, TargetUse::Augmented);
  switch (context.op->getType()) {
    case P::PLUS_ASSIGN:
      node->op = ast::BinaryOp::Add;
      break;
    case P::MINUS_ASSIGN:
      node->op = ast::BinaryOp::Sub;
      break;
    case P::STAR_ASSIGN:
      node->op = ast::BinaryOp::Mul;
      break;
    case P::SLASH_ASSIGN:
      node->op = ast::BinaryOp::Div;
      break;
    case P::DOUBLE_SLASH_ASSIGN:
      node->op = ast::BinaryOp::FloorDiv;
      break;
    case P::PERCENT_ASSIGN:
      node->op = ast::BinaryOp::Mod;
      break;
    case P::AT_ASSIGN:
      node->op = ast::BinaryOp::MatMul;
      break;
    case P::POWER_ASSIGN:
      node->op = ast::BinaryOp::Pow;
      break;
    case P::LEFT_SHIFT_ASSIGN:
      node->op = ast::BinaryOp::LShift;
      break;
    case P::RIGHT_SHIFT_ASSIGN:
      node->op = ast::BinaryOp::RShift;
      break;
    case P::AND_ASSIGN:
      node->op = ast::BinaryOp::BitAnd;
      break;
    case P::OR_ASSIGN:
      node->op = ast::BinaryOp::BitOr;
      break;
    default:
      node->op = ast::BinaryOp::BitXor;
  }
  node->value = assigned(*context.value);
  return node;
}

}  // namespace kjit::parse
