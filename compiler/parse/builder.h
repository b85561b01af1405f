// Parse tree to syntax tree, with the checks that a grammar cannot express.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parse/ast.h"
#include "parse/findings.h"
#include "parse/grammar_parse.h"

namespace kjit::parse {

class Builder {
 public:
  // With `repaired`, the text had syntax errors: checks that depend on what stands around a statement are left out.
  Builder(ast::Ast& tree, Findings& findings, bool repaired)
      : tree_(tree), file_(*tree.file()), findings_(findings), repaired_(repaired) {}

  // Throws GiveUp (after a finding) when the tree would be deeper than kMaxTreeDepth.
  ast::Body file(const generated::KjitParser::FileContext& context);

 private:
  using P = generated::KjitParser;
  using Token = antlr4::Token;
  using Context = antlr4::ParserRuleContext;
  using Span = source::Span;
  using E = const ast::Expr*;
  using S = const ast::Stmt*;
  enum class Loop : bool { Outside, Inside };

  // Counts nodes above the one being built.
  class Deeper {
   public:
    Deeper(Builder& builder, const Context& at, size_t levels = 1);
    ~Deeper() { builder_.depth_ -= levels_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Builder& builder_;
    size_t levels_;
  };
  // What surrounds the statements being built.
  struct Surroundings {
    bool function = false;
    bool loop = false;
    bool async = false;
  };

  // build_statement.cpp
  void statement(const P::StatementContext& context, std::vector<S>& out);
  void simple_line(const P::Simple_lineContext& context, std::vector<S>& out);
  S simple(const P::Simple_statementContext& context);
  S keyword_statement(const P::Simple_statementContext& context);
  S jump(ast::StmtKind kind, const P::Simple_statementContext& context);
  S raise_or_assert(const P::Simple_statementContext& context);
  S import_modules(const P::Simple_statementContext& context);
  S import_from(const P::Simple_statementContext& context);
  S expression_statement(const P::Expression_statementContext& context);
  S annotated(const P::Expression_statementContext& context);
  S augmented(const P::Expression_statementContext& context);
  E assigned(const P::AssignedContext& context);
  ast::Body block(const P::BlockContext& context);
  ast::Body block(const P::BlockContext& context, Surroundings inside);
  ast::Body loop_body(const P::BlockContext& context);
  ast::Body else_clause(const P::Else_clauseContext* context);
  S if_statement(const P::If_statementContext& context);
  S while_statement(const P::While_statementContext& context);
  S for_statement(const P::For_statementContext& context);
  S try_statement(const P::Try_statementContext& context);
  void with_statement(const P::With_statementContext& context, std::vector<S>& out);
  S match_statement(const P::Match_statementContext& context);
  S class_definition(const P::Class_definitionContext& context);
  S async_statement(const P::Async_statementContext& context);
  S decorated(const P::Decorated_definitionContext& context);
  S unsupported(std::string_view what, source::Span span);

  // build_function.cpp
  S function(const P::Function_definitionContext& context, ast::List<ast::Decorator> decorators, bool async = false);
  E lambda(const P::Lambda_expressionContext& context);
  template <typename ParameterContext>
  ast::Parameters parameters(const std::vector<ParameterContext*>& items);

  // build_expr.cpp
  E expression(const P::ExpressionContext& context);
  E no_walrus(const P::ExpressionContext& context);  // an expression where ':=' cannot stand bare
  E star_expression(const P::Star_expressionContext& context);
  E star_expressions(const P::Star_expressionsContext& context, bool star_alone = false);
  E starred(const Token& star, const P::OperationContext& operand);
  E yield(const P::Yield_expressionContext& context);
  E logical(const P::LogicalContext& context);
  E operation(const P::OperationContext& context);
  E operation_leaf(const P::OperationContext& context);
  E compare(E first, const std::vector<const P::OperationContext*>& chain, size_t& next);
  E with_trailers(E base, uint32_t begin, const std::vector<P::TrailerContext*>& trailers);
  E call(E function, const P::TrailerContext& trailer);
  void check_arguments(const P::Argument_listContext& list);
  E subscript_list(const P::Subscript_listContext& context);
  E subscript(const P::SubscriptContext& context);
  E unsupported_expr(std::string_view what, source::Span span);
  E tuple(const std::vector<E>& elements, source::Span span);

  // build_atom.cpp
  E atom(const P::AtomContext& context);
  E constant(const Token& token);
  E parenthesised(const P::AtomContext& context);
  E bracketed(const P::AtomContext& context);
  E braced(const P::AtomContext& context);
  std::vector<E> display_items(const P::DisplayContext& context);
  E list_comprehension(const P::DisplayContext& context, source::Span span);
  ast::List<ast::Comprehension> loops(const std::vector<P::Comprehension_loopContext*>& contexts);

  // build_target.cpp
  E target_list(const P::Target_listContext& context);
  enum class TargetUse { Assign, Loop, Delete, Augmented, Annotated };
  void check_target(const ast::Expr& target, TargetUse use);

  // build_string.cpp, build_format.cpp
  E string(const P::AtomContext& context);
  // Text between the quotes with its place in the file.
  struct StringBody {
    std::string_view text;
    uint32_t offset;
    bool raw, bytes;
    bool* named = nullptr;  // set when a \N{...} is met
    Span at(size_t begin, size_t end) const {
      return {offset + static_cast<uint32_t>(begin), offset + static_cast<uint32_t>(end)};
    }
  };
  StringBody string_body(const Token& token, bool& named) const;
  void decode(const StringBody& body, std::string& out);
  // Appends what the escape sequence or the line end at `at` stands for; returns the place behind it.
  size_t character(const StringBody& body, size_t at, std::string& out);
  size_t escape(const StringBody& body, size_t at, std::string& out);
  size_t code_escape(const StringBody& body, size_t at, size_t digits, std::string& out);
  // Reads text and fields up to the end, or, in a format specification (level above 0), up to the '}' that ends it.
  size_t format_parts(const StringBody& body, size_t at, int level, std::vector<ast::FormatPart>& parts);
  size_t format_field(const StringBody& body, size_t at, int level, std::vector<ast::FormatPart>& parts);
  void add_text(std::string_view text, std::vector<ast::FormatPart>& parts);
  size_t field_end(const StringBody& body, size_t at);
  E field_value(source::Span span);

  source::Span span(const Token& token) const { return span_of(token); }
  source::Span span(const Context& context) const {
    return {span_of(*context.start).begin, span_of(*context.stop).end};
  }
  source::Span span(const std::vector<S>& body, source::Span head) const;
  std::string_view text(const Token& token) const { return file_.text(span_of(token)); }
  Finding& error(source::Span span, std::string message, std::string hint = "") {
    return findings_.add(source::Diag::syntax_error, span, std::move(message), std::move(hint));
  }

  ast::Ast& tree_;
  const source::SourceFile& file_;
  Findings& findings_;
  bool repaired_;
  Surroundings around_;
  size_t depth_ = 0;
};

// What a node is called in messages: "a call", "a number", "an f-string" ...
std::string describe(const ast::Expr& expr);

}  // namespace kjit::parse
