// The syntax tree. Node names follow CPython's `ast` module. Nodes live in their Ast's arena, are immutable once
// parsed, and are numbered densely per file so that later stages keep side tables in vectors.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "source/diagnostics.h"
#include "source/source_file.h"

namespace kjit::ast {

using source::Span;

// clang-format off
#define KJIT_EXPR_KINDS(X)                                                                                     \
  X(Name) X(Constant) X(JoinedStr) X(BinOp) X(UnaryOp) X(BoolOp) X(Compare) X(IfExp) X(Call) X(Attribute)      \
  X(Subscript) X(Slice) X(Tuple) X(List) X(Starred) X(Lambda) X(ListComp) X(Unsupported)
#define KJIT_STMT_KINDS(X)                                                                                     \
  X(FunctionDef) X(Return) X(Assign) X(AugAssign) X(AnnAssign) X(For) X(While) X(If) X(ExprStmt) X(Pass)       \
  X(Break) X(Continue) X(Raise) X(Assert) X(Import) X(ImportFrom) X(UnsupportedStmt)
// clang-format on

enum class ExprKind : uint8_t {
#define X(n) n,
  KJIT_EXPR_KINDS(X)
#undef X
};
enum class StmtKind : uint8_t {
#define X(n) n,
  KJIT_STMT_KINDS(X)
#undef X
};

template <typename T>
using List = std::span<T const>;  // in the arena

struct Expr {
  ExprKind kind;
  uint32_t id;  // dense, unique within the file
  Span span;
};
struct Stmt {
  StmtKind kind;
  uint32_t id;  // dense, unique within the file (its own numbering)
  Span span;
};
using Exprs = List<const Expr*>;
using Body = List<const Stmt*>;

enum class BinaryOp : uint8_t { Add, Sub, Mul, Div, FloorDiv, Mod, Pow, LShift, RShift, BitAnd, BitOr, BitXor, MatMul };
enum class UnaryOpKind : uint8_t { Neg, Pos, Invert, Not };
enum class BoolOpKind : uint8_t { And, Or };
enum class CompareOp : uint8_t { Eq, Ne, Lt, Le, Gt, Ge, Is, IsNot, In, NotIn };
std::string_view spelling(BinaryOp op);
std::string_view spelling(UnaryOpKind op);
std::string_view spelling(CompareOp op);

enum class ConstantKind : uint8_t { None, True, False, Int, Float, Imag, Str, Bytes, Ellipsis };

struct Name : Expr {
  std::string_view name;
};
struct Constant : Expr {
  ConstantKind value;
  uint64_t integer = 0;   // Int
  bool too_big = false;   // Int above 2**64 - 1: `text` holds the digits
  double number = 0;      // Float, Imag (the factor of 1j)
  std::string_view text;  // Str, Bytes: the decoded value, adjacent literals joined; Int: the spelling
};
struct FormatPart {  // of an f-string: either text, or a value
  std::string_view text;
  const Expr* value = nullptr;
  char conversion = 0;           // 'r', 's', 'a' or 0
  const Expr* format = nullptr;  // JoinedStr or null
  std::string_view debug_text;   // for f"{x=}": "x="
};
struct JoinedStr : Expr {
  List<FormatPart> parts;
};
struct BinOp : Expr {
  BinaryOp op;
  const Expr* left;
  const Expr* right;
  Span op_span;
};
struct UnaryOp : Expr {
  UnaryOpKind op;
  const Expr* operand;
};
struct BoolOp : Expr {
  BoolOpKind op;
  Exprs values;
};  // two or more values
struct Compare : Expr {
  const Expr* left;
  List<CompareOp> ops;
  Exprs comparators;
};
struct IfExp : Expr {
  const Expr* test;
  const Expr* body;
  const Expr* orelse;
};
struct Keyword {
  std::string_view name;
  const Expr* value;
  Span span;
};  // name is empty for **value
struct Call : Expr {
  const Expr* func;
  Exprs args;
  List<Keyword> keywords;
};  // args may hold Starred
struct Attribute : Expr {
  const Expr* value;
  std::string_view attr;
  Span attr_span;
};
struct Subscript : Expr {
  const Expr* value;
  const Expr* index;
};  // index may be Slice, or Tuple that holds Slices
struct Slice : Expr {
  const Expr* lower;
  const Expr* upper;
  const Expr* step;
};  // each may be null
struct Tuple : Expr {
  Exprs elements;
};
struct ListExpr : Expr {
  Exprs elements;
};  // kind List
struct Starred : Expr {
  const Expr* value;
};
struct Parameter {
  std::string_view name;
  Span span;
  const Expr* annotation = nullptr;
  const Expr* default_value = nullptr;
};
struct Parameters {
  List<Parameter> positional;         // with or without defaults; those before "/" included
  uint32_t positional_only = 0;       // how many stand before "/"
  const Parameter* vararg = nullptr;  // *args
  List<Parameter> keyword_only;
  const Parameter* kwarg = nullptr;  // **kwargs (an error later)
};
struct FunctionDef;
// A lambda is stored as a function of one return statement, so that later stages know one kind of function.
struct Lambda : Expr {
  const FunctionDef* function;
};
struct Comprehension {
  const Expr* target;
  const Expr* iter;
  Exprs conditions;
};
struct ListComp : Expr {
  const Expr* element;
  List<Comprehension> generators;
};
struct Unsupported : Expr {
  std::string_view what;
  Exprs keys = {}, values = {};  // of a dict display of plain pairs: what decorators read
};  // "a dict", "a set", "await", ...

struct Decorator {
  const Expr* expr;
  Span span;
};
struct FunctionDef : Stmt {
  std::string_view name;  // "<lambda>" for a lambda
  Span name_span;
  Parameters parameters;
  Body body;
  List<Decorator> decorators;
  const Expr* returns = nullptr;
  std::string_view docstring;
  bool is_lambda = false;
};
struct Return : Stmt {
  const Expr* value;
};  // may be null
struct Assign : Stmt {
  Exprs targets;
  const Expr* value;
};  // a = b = value has two targets
struct AugAssign : Stmt {
  const Expr* target;
  BinaryOp op;
  const Expr* value;
};
struct AnnAssign : Stmt {
  const Expr* target;
  const Expr* annotation;
  const Expr* value;
};  // value may be null
struct For : Stmt {
  const Expr* target;
  const Expr* iter;
  Body body;
  Body orelse;
};
struct While : Stmt {
  const Expr* test;
  Body body;
  Body orelse;
};
struct If : Stmt {
  const Expr* test;
  Body body;
  Body orelse;
};  // elif is an If in orelse
struct ExprStmt : Stmt {
  const Expr* value;
};
struct Pass : Stmt {};
struct Break : Stmt {};
struct Continue : Stmt {};
struct Raise : Stmt {
  const Expr* exception;
  const Expr* cause;
};  // both may be null
struct Assert : Stmt {
  const Expr* test;
  const Expr* message;
};  // message may be null
struct Alias {
  std::string_view name;
  std::string_view as;
  Span span;
};  // as is empty when there is none
struct Import : Stmt {
  List<Alias> names;
};
struct ImportFrom : Stmt {
  std::string_view module;
  int level;
  List<Alias> names;
};  // names = {"*"} for star
struct UnsupportedStmt : Stmt {
  std::string_view what;
};  // "a class", "try", "with", "del", "global", ...

// One parsed file. Owns the arena; keeps the source alive.
class Ast {
 public:
  explicit Ast(source::SourceFilePtr file) : file_(std::move(file)) {}
  Ast(const Ast&) = delete;
  Ast& operator=(const Ast&) = delete;

  const source::SourceFilePtr& file() const { return file_; }
  Body body() const { return body_; }
  uint32_t expr_count() const { return expr_count_; }
  uint32_t stmt_count() const { return stmt_count_; }

  // For the parser (and for code that builds small trees).
  void set_body(Body body) { body_ = body; }
  template <typename Node>
  Node* make_expr(ExprKind kind, Span span) {
    auto* node = new (arena_.allocate(sizeof(Node), alignof(Node))) Node{};
    node->kind = kind, node->id = expr_count_++, node->span = span;
    return node;
  }
  template <typename Node>
  Node* make_stmt(StmtKind kind, Span span) {
    auto* node = new (arena_.allocate(sizeof(Node), alignof(Node))) Node{};
    node->kind = kind, node->id = stmt_count_++, node->span = span;
    return node;
  }
  template <typename T>
  List<T> copy(const std::vector<T>& items) {
    auto* data = static_cast<T*>(arena_.allocate(items.size() * sizeof(T) + 1, alignof(T)));
    for (size_t i = 0; i < items.size(); ++i) new (data + i) T(items[i]);
    return {data, items.size()};
  }
  std::string_view copy(std::string_view text) {
    auto* data = static_cast<char*>(arena_.allocate(text.size() + 1, 1));
    text.copy(data, text.size());
    return {data, text.size()};
  }

 private:
  source::SourceFilePtr file_;
  std::pmr::monotonic_buffer_resource arena_;
  Body body_;
  uint32_t expr_count_ = 0;
  uint32_t stmt_count_ = 0;
};
using AstPtr = std::shared_ptr<const Ast>;

template <typename Node>
const Node& as(const Expr& expr) {
  return static_cast<const Node&>(expr);
}
template <typename Node>
const Node& as(const Stmt& stmt) {
  return static_cast<const Node&>(stmt);
}

}  // namespace kjit::ast
