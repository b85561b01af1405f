// Makes kernel IR: expressions with folding of the trivial cases, statements appended to the current block.
// Core of kirgen; the emitters of built-ins use it too.
#pragma once

#include "kir/kir.h"
#include "sema/typed.h"

namespace kjit::kirgen {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::VarId;
using sema::Scalar;
using sema::TypeRef;
using source::Span;

class Builder {
 public:
  Builder(sema::TypeContext& types, kir::Function& function) : types(types), function(function) {}

  sema::TypeContext& types;
  kir::Function& function;
  Block* block = nullptr;  // where statements go
  Span span;               // of what is being emitted

  // --- expressions
  ExprRef const_int(int64_t value);  // strong int64
  ExprRef const_bool(bool value);
  ExprRef const_float(double value);                // float64
  ExprRef constant(TypeRef scalar, int64_t value);  // an integer or bool type
  ExprRef constant(TypeRef scalar, int value) { return constant(scalar, int64_t{value}); }
  ExprRef constant(TypeRef scalar, double re, double im = 0);  // a float or complex type
  ExprRef zero(TypeRef scalar);
  ExprRef unary(Op op, ExprRef a, TypeRef type = nullptr);  // type: that of a unless given
  ExprRef binary(Op op, ExprRef a, ExprRef b);              // arithmetic and bits: common type
  ExprRef compare(Op op, ExprRef a, ExprRef b);             // bool
  ExprRef select(ExprRef cond, ExprRef a, ExprRef b);
  // Scalars; also None/T to optional(T), optional(T) to T (checked), tuples element by element, layouts.
  ExprRef cast(ExprRef value, TypeRef type);
  TypeRef machine(TypeRef type);  // kir::machine_type: what every type below goes through
  ExprRef math(kir::MathFn fn, TypeRef type, std::vector<ExprRef> args);
  ExprRef var(VarId id);
  ExprRef dim(ExprRef array, uint32_t axis);
  ExprRef tuple(std::vector<ExprRef> elements);
  ExprRef get(ExprRef tuple, uint32_t index);
  ExprRef load(ExprRef array, std::vector<ExprRef> indices, uint32_t wrap = 0);
  ExprRef size(ExprRef array);  // number of elements
  // Basic indexing: operands as the components need them (see kir::Component).
  ExprRef view(ExprRef array, TypeRef type, std::vector<kir::Component> components, std::vector<ExprRef> operands,
               uint32_t wrap = 0);
  bool is_const(ExprRef e) const { return e->op == Op::Const; }
  bool is_const_int(ExprRef e, int64_t value) const;  // an integer constant of that value
  kir::Expr* node(Op op, TypeRef type, std::vector<ExprRef> args);

  // --- statements
  VarId temp(TypeRef type, const char* name = "%t");
  VarId spill(ExprRef value);           // a temporary that holds the value from here on
  ExprRef reuse(ExprRef value);         // for a value used more than once: itself when trivial, else spilled
  ExprRef unwrap(ExprRef value);        // optional(T) to T: TypeError when None; other values as they are
  kir::Stmt* stmt(kir::StmtKind kind);  // appended to the block
  void assign(VarId var, ExprRef value);
  void store(ExprRef array, std::vector<ExprRef> indices, ExprRef value, uint32_t wrap = 0);
  void check(ExprRef condition, int32_t error, std::string message, std::vector<ExprRef> operands = {});
  // Unless `allowed`: ZeroDivisionError(message) where `divisor` is zero.
  void check_divisor(ExprRef divisor, bool allowed, const char* message);
  void raise(int32_t error, std::string message);
  VarId alloc(TypeRef array, std::vector<ExprRef> shape, kir::Fill fill, ExprRef value = nullptr);
  // for i in range(lo, hi, step): the body is emitted by `body` into a block of its own.
  template <typename F>
  kir::Stmt* for_range(ExprRef lo, ExprRef hi, ExprRef step, F body) {
    auto* s = stmt(kir::StmtKind::For);
    s->var = temp(types.int64(), "%i");
    s->exprs = {lo, hi, step};
    with_block(s->body, [&] { body(s->var); });
    return s;
  }
  template <typename F>
  void with_block(Block& inner, F body) {
    Block* outer = block;
    block = &inner;
    body();
    block = outer;
  }
};

// One call of a built-in under emission. Arguments are evaluated, in Python's order, before the emitter runs.
struct CallEmitter {
  Builder& b;
  const sema::TypedFunction& function;  // options such as the error model
  const sema::CallInfo& call;
  std::vector<ExprRef> args;  // by the row's parameters; null: not given
  TypeRef result;             // what the value must have (see Builder::cast)
  Span span;

  bool given(size_t i) const { return i < args.size() && args[i] != nullptr; }
  const sema::Constant* constant(size_t i) const;  // the value of an argument when known
};
using Emitter = ExprRef (*)(CallEmitter& call);
Emitter find_emitter(sema::BuiltinId id);

}  // namespace kjit::kirgen
