// The syntax tree as text. tests/parse/python_ast.py writes the same form from CPython's tree.
#include <cmath>
#include <utility>

#include "parse/parser.h"
#include "source/utf8.h"

namespace kjit::parse {

using ast::ExprKind;
using ast::StmtKind;

namespace {

constexpr std::string_view kExprNames[] = {
#define X(n) #n,
    KJIT_EXPR_KINDS(X)
#undef X
};
constexpr std::string_view kStmtNames[] = {
#define X(n) #n,
    KJIT_STMT_KINDS(X)
#undef X
};

// Printable ASCII as it is, everything else as \xhh of its bytes.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\', out += c;
    } else if (byte >= 0x20 && byte < 0x7F) {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", byte);
    }
  }
  return out + '"';
}

// Bit for bit, so that two dumps agree exactly when the values do.
std::string exact(double value) { return std::isinf(value) ? "inf" : fmt::format("{:a}", value); }

class Dumper {
 public:
  explicit Dumper(const ast::Ast& tree) : tree_(tree) {}

  std::string dump() {
    out_ = "Module\n";
    ++depth_;
    body("body", tree_.body());
    return std::move(out_);
  }

 private:
  std::string place(ast::Span span) const {
    const auto begin = tree_.file()->line_column(span.begin), end = tree_.file()->line_column(span.end);
    return fmt::format("@{}:{}-{}:{}", begin.line, begin.column, end.line, end.column);
  }
  void line(std::string_view label, const std::string& text) {
    out_.append(depth_ * 2, ' ');
    out_ += fmt::format("{}: {}\n", label, text);
  }
  void body(std::string_view label, ast::Body statements) {
    for (const ast::Stmt* statement : statements) stmt(label, *statement);
  }
  void list(std::string_view label, ast::Exprs items) {
    for (const ast::Expr* item : items) expr(label, item);
  }

  void expr(std::string_view label, const ast::Expr* node) {
    if (node == nullptr) return;
    const std::string details = detail(*node);
    line(label, fmt::format("{}{}{} {}", kExprNames[static_cast<size_t>(node->kind)], details.empty() ? "" : " ",
                            details, place(node->span)));
    ++depth_;
    children(*node);
    --depth_;
  }

  static std::string detail(const ast::Expr& node) {
    switch (node.kind) {
      case ExprKind::Name:
        return std::string(ast::as<ast::Name>(node).name);
      case ExprKind::Constant:
        return constant(ast::as<ast::Constant>(node));
      case ExprKind::BinOp:
        return std::string(ast::spelling(ast::as<ast::BinOp>(node).op));
      case ExprKind::UnaryOp:
        return std::string(ast::spelling(ast::as<ast::UnaryOp>(node).op));
      case ExprKind::BoolOp:
        return ast::as<ast::BoolOp>(node).op == ast::BoolOpKind::And ? "and" : "or";
      case ExprKind::Compare: {
        std::string ops;
        for (const ast::CompareOp op : ast::as<ast::Compare>(node).ops) {
          ops += ops.empty() ? "" : ", ";
          ops += ast::spelling(op);
        }
        return ops;
      }
      case ExprKind::Attribute:
        return std::string(ast::as<ast::Attribute>(node).attr);
      case ExprKind::Unsupported:
        return quoted(ast::as<ast::Unsupported>(node).what);
      default:
        return "";
    }
  }

  static std::string constant(const ast::Constant& node) {
    switch (node.value) {
      case ast::ConstantKind::None:
        return "None";
      case ast::ConstantKind::True:
        return "True";
      case ast::ConstantKind::False:
        return "False";
      case ast::ConstantKind::Ellipsis:
        return "...";
      case ast::ConstantKind::Int:
        return node.too_big ? "int too big" : fmt::format("int {}", node.integer);
      case ast::ConstantKind::Float:
        return fmt::format("float {}", exact(node.number));
      case ast::ConstantKind::Imag:
        return fmt::format("imag {}", exact(node.number));
      case ast::ConstantKind::Str:
        return "str " + quoted(node.text);
      case ast::ConstantKind::Bytes:
        return "bytes " + quoted(node.text);
    }
    return "";
  }

  void children(const ast::Expr& node) {
    switch (node.kind) {
      case ExprKind::JoinedStr:
        return format_parts(ast::as<ast::JoinedStr>(node));
      case ExprKind::BinOp:
        expr("left", ast::as<ast::BinOp>(node).left);
        return expr("right", ast::as<ast::BinOp>(node).right);
      case ExprKind::UnaryOp:
        return expr("operand", ast::as<ast::UnaryOp>(node).operand);
      case ExprKind::BoolOp:
        return list("value", ast::as<ast::BoolOp>(node).values);
      case ExprKind::Compare:
        expr("left", ast::as<ast::Compare>(node).left);
        return list("right", ast::as<ast::Compare>(node).comparators);
      case ExprKind::IfExp:
        expr("test", ast::as<ast::IfExp>(node).test);
        expr("body", ast::as<ast::IfExp>(node).body);
        return expr("orelse", ast::as<ast::IfExp>(node).orelse);
      case ExprKind::Call:
        return call(ast::as<ast::Call>(node));
      case ExprKind::Attribute:
        return expr("value", ast::as<ast::Attribute>(node).value);
      case ExprKind::Subscript:
        expr("value", ast::as<ast::Subscript>(node).value);
        return expr("index", ast::as<ast::Subscript>(node).index);
      case ExprKind::Slice:
        expr("lower", ast::as<ast::Slice>(node).lower);
        expr("upper", ast::as<ast::Slice>(node).upper);
        return expr("step", ast::as<ast::Slice>(node).step);
      case ExprKind::Tuple:
        return list("element", ast::as<ast::Tuple>(node).elements);
      case ExprKind::List:
        return list("element", ast::as<ast::ListExpr>(node).elements);
      case ExprKind::Starred:
        return expr("value", ast::as<ast::Starred>(node).value);
      case ExprKind::Lambda: {
        const ast::FunctionDef& function = *ast::as<ast::Lambda>(node).function;
        parameters(function.parameters);
        return expr("body", ast::as<ast::Return>(*function.body[0]).value);
      }
      case ExprKind::ListComp:
        return comprehension(ast::as<ast::ListComp>(node));
      default:
        return;
    }
  }

  void call(const ast::Call& node) {
    expr("func", node.func);
    list("arg", node.args);
    for (const ast::Keyword& keyword : node.keywords) {
      expr(keyword.name.empty() ? "**" : fmt::format("keyword {}", keyword.name), keyword.value);
    }
  }

  void comprehension(const ast::ListComp& node) {
    expr("element", node.element);
    for (const ast::Comprehension& loop : node.generators) {
      expr("target", loop.target);
      expr("iter", loop.iter);
      list("if", loop.conditions);
    }
  }

  void format_parts(const ast::JoinedStr& node) {
    std::string text;  // what {x=} writes before its value counts as text
    for (const ast::FormatPart& part : node.parts) {
      text.append(part.text).append(part.debug_text);
      if (part.value == nullptr) continue;
      if (!text.empty()) line("text", quoted(std::exchange(text, {})));
      expr(part.conversion == 0 ? "field" : fmt::format("field !{}", part.conversion), part.value);
      if (part.format == nullptr) continue;
      line("format", "JoinedStr");
      ++depth_;
      format_parts(ast::as<ast::JoinedStr>(*part.format));
      --depth_;
    }
    if (!text.empty()) line("text", quoted(text));
  }

  void parameter(std::string_view label, const ast::Parameter& node) {
    line(label, fmt::format("{} {}", node.name, place(node.span)));
    ++depth_;
    expr("annotation", node.annotation);
    expr("default", node.default_value);
    --depth_;
  }

  void parameters(const ast::Parameters& all) {
    for (size_t i = 0; i < all.positional.size(); ++i) {
      parameter(i < all.positional_only ? "positional" : "parameter", all.positional[i]);
    }
    if (all.vararg != nullptr) parameter("*", *all.vararg);
    for (const ast::Parameter& item : all.keyword_only) parameter("keyword", item);
    if (all.kwarg != nullptr) parameter("**", *all.kwarg);
  }

  void stmt(std::string_view label, const ast::Stmt& node) {
    const std::string details = detail(node);
    line(label, fmt::format("{}{}{} {}", kStmtNames[static_cast<size_t>(node.kind)], details.empty() ? "" : " ",
                            details, place(node.span)));
    ++depth_;
    children(node);
    --depth_;
  }

  static std::string detail(const ast::Stmt& node) {
    switch (node.kind) {
      case StmtKind::FunctionDef:
        return std::string(ast::as<ast::FunctionDef>(node).name);
      case StmtKind::AugAssign:
        return fmt::format("{}=", ast::spelling(ast::as<ast::AugAssign>(node).op));
      case StmtKind::Import:
        return aliases(ast::as<ast::Import>(node).names);
      case StmtKind::ImportFrom: {
        const auto& from = ast::as<ast::ImportFrom>(node);
        return fmt::format("{}{}: {}", std::string(static_cast<size_t>(from.level), '.'), from.module,
                           aliases(from.names));
      }
      case StmtKind::UnsupportedStmt:
        return quoted(ast::as<ast::UnsupportedStmt>(node).what);
      default:
        return "";
    }
  }

  static std::string aliases(ast::List<ast::Alias> names) {
    std::string out;
    for (const ast::Alias& alias : names) {
      if (!out.empty()) out += ", ";
      out += alias.name;
      if (!alias.as.empty()) out += fmt::format(" as {}", alias.as);
    }
    return out;
  }

  void children(const ast::Stmt& node) {
    switch (node.kind) {
      case StmtKind::FunctionDef:
        return function(ast::as<ast::FunctionDef>(node));
      case StmtKind::Return:
        return expr("value", ast::as<ast::Return>(node).value);
      case StmtKind::Assign:
        list("target", ast::as<ast::Assign>(node).targets);
        return expr("value", ast::as<ast::Assign>(node).value);
      case StmtKind::AugAssign:
        expr("target", ast::as<ast::AugAssign>(node).target);
        return expr("value", ast::as<ast::AugAssign>(node).value);
      case StmtKind::AnnAssign:
        expr("target", ast::as<ast::AnnAssign>(node).target);
        expr("annotation", ast::as<ast::AnnAssign>(node).annotation);
        return expr("value", ast::as<ast::AnnAssign>(node).value);
      case StmtKind::For:
        expr("target", ast::as<ast::For>(node).target);
        expr("iter", ast::as<ast::For>(node).iter);
        body("body", ast::as<ast::For>(node).body);
        return body("orelse", ast::as<ast::For>(node).orelse);
      case StmtKind::While:
        expr("test", ast::as<ast::While>(node).test);
        body("body", ast::as<ast::While>(node).body);
        return body("orelse", ast::as<ast::While>(node).orelse);
      case StmtKind::If:
        expr("test", ast::as<ast::If>(node).test);
        body("body", ast::as<ast::If>(node).body);
        return body("orelse", ast::as<ast::If>(node).orelse);
      case StmtKind::ExprStmt:
        return expr("value", ast::as<ast::ExprStmt>(node).value);
      case StmtKind::Raise:
        expr("exception", ast::as<ast::Raise>(node).exception);
        return expr("cause", ast::as<ast::Raise>(node).cause);
      case StmtKind::Assert:
        expr("test", ast::as<ast::Assert>(node).test);
        return expr("message", ast::as<ast::Assert>(node).message);
      default:
        return;
    }
  }

  void function(const ast::FunctionDef& node) {
    for (const ast::Decorator& decorator : node.decorators) expr("decorator", decorator.expr);
    parameters(node.parameters);
    expr("returns", node.returns);
    body("body", node.body);
  }

  const ast::Ast& tree_;
  std::string out_;
  size_t depth_ = 0;
};

}  // namespace

std::string dump_ast(const ast::Ast& tree) { return Dumper(tree).dump(); }

}  // namespace kjit::parse
