// Kernel IR by hand, in few words, and its compilation; for the tests of lowering, code generation and the JIT.
#pragma once

#include <gtest/gtest.h>
#include <kjit_rt/core.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "jit/backend.h"
#include "kir/kir.h"

extern "C" kjit::jit::Backend* kjit_llvm_backend_create(int abi, const kjit::jit::BackendOptions* options);

namespace kjit::test {

using kir::ExprRef;
using kir::Op;
using kir::VarId;
using sema::Layout;
using sema::Scalar;
using sema::TypeRef;

// Builds one function. Statements go to the current block; `nest` makes another block current while it runs.
class Kernel {
 public:
  Kernel(sema::TypeContext& types, kir::Module& module, const std::string& name, bool exported = true) : types(types) {
    module.functions.push_back(std::make_unique<kir::Function>());
    f = module.functions.back().get();
    index = static_cast<uint32_t>(module.functions.size() - 1);
    f->name = f->symbol = name;
    f->exported = exported;
    f->result = types.none();
    block = &f->body;
  }
  sema::TypeContext& types;
  kir::Function* f;
  uint32_t index;
  kir::Block* block;
  source::Span span;  // of what is built next

  ExprRef param(const char* name, TypeRef type) {
    const VarId v = f->add_var(name, type, span);
    f->vars[v].is_param = true;
    f->params.push_back(v);
    return var(v);
  }
  VarId local(const char* name, TypeRef type) { return f->add_var(name, type, span); }
  kir::Expr* node(Op op, TypeRef type, std::vector<ExprRef> args) {
    kir::Expr* e = f->new_expr(op, type, span);
    e->args = std::move(args);
    return e;
  }
  ExprRef var(VarId v) {
    kir::Expr* e = node(Op::Var, f->vars[v].type, {});
    e->var = v;
    return e;
  }
  ExprRef integer(int64_t value, Scalar s = Scalar::I64) {
    kir::Expr* e = node(Op::Const, types.scalar(s), {});
    e->constant.i = value;
    return e;
  }
  ExprRef real(double value, Scalar s = Scalar::F64, double imag = 0) {
    kir::Expr* e = node(Op::Const, types.scalar(s), {});
    e->constant.f[0] = value, e->constant.f[1] = imag;
    return e;
  }
  ExprRef op(Op o, ExprRef a, ExprRef b) { return node(o, a->type, {a, b}); }
  ExprRef op(Op o, ExprRef a) { return node(o, a->type, {a}); }
  ExprRef compare(Op o, ExprRef a, ExprRef b) { return node(o, types.boolean(), {a, b}); }
  ExprRef test(Op o, ExprRef a) { return node(o, types.boolean(), {a}); }
  ExprRef cast(ExprRef a, Scalar s) { return node(Op::Cast, types.scalar(s), {a}); }
  ExprRef math(kir::MathFn fn, std::vector<ExprRef> args, TypeRef type = nullptr) {
    kir::Expr* e = node(Op::Math, type ? type : args[0]->type, args);
    e->math = fn;
    return e;
  }
  ExprRef load(ExprRef array, std::vector<ExprRef> indices, uint32_t wrap = 0) {
    indices.insert(indices.begin(), array);
    kir::Expr* e = node(Op::Load, types.scalar(array->type->scalar), std::move(indices));
    e->index = wrap;
    return e;
  }
  ExprRef dim(ExprRef array, uint32_t axis) {
    kir::Expr* e = node(Op::Dim, types.int64(), {array});
    e->index = axis;
    return e;
  }
  ExprRef get(ExprRef tuple, uint32_t k) {
    kir::Expr* e = node(Op::TupleGet, tuple->type->elements[k], {tuple});
    e->index = k;
    return e;
  }
  ExprRef view(ExprRef array, TypeRef type, std::vector<kir::Component> components, std::vector<ExprRef> operands) {
    operands.insert(operands.begin(), array);
    kir::Expr* e = node(Op::View, type, std::move(operands));
    e->components = std::move(components);
    return e;
  }

  kir::Stmt* stmt(kir::StmtKind kind) {
    kir::Stmt* s = f->new_stmt(kind, span);
    block->push_back(s);
    return s;
  }
  void assign(VarId v, ExprRef value) {
    kir::Stmt* s = stmt(kir::StmtKind::Assign);
    s->var = v, s->expr = value;
  }
  void ret(ExprRef value) { stmt(kir::StmtKind::Return)->expr = value; }
  void store(ExprRef array, std::vector<ExprRef> indices, ExprRef value, uint32_t wrap = 0) {
    kir::Stmt* s = stmt(kir::StmtKind::Store);
    s->array = array, s->exprs = std::move(indices), s->expr = value, s->wrap = wrap;
  }
  void nest(kir::Block& inner, const std::function<void()>& body) {
    kir::Block* outer = block;
    block = &inner;
    body();
    block = outer;
  }
  kir::Stmt* loop(VarId v, ExprRef lo, ExprRef hi, ExprRef step, const std::function<void()>& body) {
    kir::Stmt* s = stmt(kir::StmtKind::For);
    s->var = v, s->exprs = {lo, hi, step};
    nest(s->body, body);
    return s;
  }
  kir::Stmt* loop(VarId v, ExprRef hi, const std::function<void()>& body) {
    return loop(v, integer(0), hi, integer(1), body);
  }
  kir::Stmt* loop_while(ExprRef condition, const std::function<void()>& body) {
    kir::Stmt* s = stmt(kir::StmtKind::While);
    s->expr = condition;
    nest(s->body, body);
    return s;
  }
  kir::Stmt* when(ExprRef condition, const std::function<void()>& body, const std::function<void()>& orelse = {}) {
    kir::Stmt* s = stmt(kir::StmtKind::If);
    s->expr = condition;
    nest(s->body, body);
    if (orelse) nest(s->orelse, orelse);
    return s;
  }
  void check(ExprRef condition, int32_t error, const char* message, std::vector<ExprRef> operands = {}) {
    kir::Stmt* s = stmt(kir::StmtKind::Check);
    s->expr = condition, s->error = error, s->message = message, s->exprs = std::move(operands);
  }
  void raise(int32_t error, const char* message) {
    kir::Stmt* s = stmt(kir::StmtKind::Raise);
    s->error = error, s->message = message;
  }
  void alloc(VarId v, std::vector<ExprRef> shape, kir::Fill fill = kir::Fill::None, ExprRef value = nullptr) {
    kir::Stmt* s = stmt(kir::StmtKind::Alloc);
    s->var = v, s->exprs = std::move(shape), s->fill = fill, s->expr = value;
  }
  void call(uint32_t callee, std::vector<ExprRef> args) {
    kir::Stmt* s = stmt(kir::StmtKind::Call);
    s->callee = callee, s->exprs = std::move(args);
  }
  void call_to(VarId v, uint32_t callee, std::vector<ExprRef> args) {
    kir::Stmt* s = stmt(kir::StmtKind::Call);
    s->var = v, s->has_var = true, s->callee = callee, s->exprs = std::move(args);
  }
};

// A context whose error can be read, and which notices leaks.
class Context {
 public:
  Context() : blocks_(kjit_rt_live_blocks()) { kjit_ctx_init(&ctx_); }
  ~Context() {
    EXPECT_EQ(kjit_rt_live_blocks(), blocks_) << "a kernel leaked or lost a block";
    kjit_ctx_destroy(&ctx_);
  }
  kjit_ctx* get() { return &ctx_; }
  kjit_ctx* operator->() { return &ctx_; }
  std::string message() const { return ctx_.error.message; }
  int64_t new_blocks() const { return kjit_rt_live_blocks() - blocks_; }

 private:
  kjit_ctx ctx_{};
  int64_t blocks_;
};

// Each test that uses it runs without and with optimisation.
class KernelTest : public ::testing::TestWithParam<int> {
 protected:
  sema::TypeContext types;
  kir::Module module;
  Context ctx;

  jit::Backend& backend() {
    static std::unique_ptr<jit::Backend> shared = [] {
      const jit::BackendOptions options;
      return std::unique_ptr<jit::Backend>(kjit_llvm_backend_create(jit::kBackendAbi, &options));
    }();
    return *shared;
  }
  jit::CompileOptions options() {
    jit::CompileOptions o;
    o.opt_level = GetParam();
    return o;
  }
  // The entry of `symbol`, as a function of these C arguments.
  template <typename... Args>
  auto compile(const char* symbol) {
    if (!code_) {
      EXPECT_EQ(kir::verify(module), std::vector<std::string>{});
      code_ = backend().compile(module, options(), nullptr);
    }
    void* address = code_->find(symbol).call;
    EXPECT_NE(address, nullptr) << symbol;
    return reinterpret_cast<int32_t (*)(kjit_ctx*, void*, Args...)>(address);
  }
  // Calls it and returns its result, a T.
  template <typename T, typename... Args>
  T run(const char* symbol, Args... args) {
    T result{};
    EXPECT_EQ(compile<Args...>(symbol)(ctx.get(), &result, args...), KJIT_OK) << ctx.message();
    return result;
  }

 private:
  std::unique_ptr<jit::CompiledCode> code_;
};

#define KJIT_KERNEL_TESTS(suite)                                   \
  INSTANTIATE_TEST_SUITE_P(Levels, suite, ::testing::Values(0, 3), \
                           [](const auto& info) { return "O" + std::to_string(info.param); })

}  // namespace kjit::test
