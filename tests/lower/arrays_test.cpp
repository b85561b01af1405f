// Arrays: elements, views, allocation, and the counting of owners on every way out.
#include <cstring>
#include <numeric>

#include "support/kir_kernels.h"

namespace kjit::test {
namespace {

struct Array1 {
  void* data = nullptr;
  void* owner = nullptr;
  int64_t shape[1] = {0};
  int64_t strides[1] = {0};
  template <typename T = double>
  T* as() {
    return static_cast<T*>(data);
  }
};
struct Array2 {
  void* data = nullptr;
  void* owner = nullptr;
  int64_t shape[2] = {0, 0};
  int64_t strides[2] = {0, 0};
};

class Arrays : public KernelTest {
 protected:
  TypeRef vector = types.array(Scalar::F64, 1, Layout::C);
  TypeRef strided = types.array(Scalar::F64, 1, Layout::A);
  TypeRef matrix = types.array(Scalar::F64, 2, Layout::C);
};
KJIT_KERNEL_TESTS(Arrays);

TEST_P(Arrays, ElementsOfEveryLayout) {
  for (Layout layout : {Layout::C, Layout::F, Layout::A}) {
    Kernel k(types, module, layout == Layout::C ? "c" : layout == Layout::F ? "f" : "a");
    k.f->result = types.scalar(Scalar::I32);
    ExprRef a = k.param("a", types.array(Scalar::I32, 3, layout));
    ExprRef i = k.param("i", types.int64()), j = k.param("j", types.int64()), l = k.param("l", types.int64());
    k.ret(k.load(a, {i, j, l}, 7));
  }
  int32_t data[2 * 3 * 4];
  std::iota(std::begin(data), std::end(data), 0);
  auto at = [&](const char* name, int64_t s0, int64_t s1, int64_t s2, int64_t i, int64_t j, int64_t l) {
    return run<int32_t, void*, void*, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t>(name, data, nullptr, 2, 3,
                                                                                            4, s0, s1, s2, i, j, l);
  };
  EXPECT_EQ(at("c", 48, 16, 4, 1, 2, 3), 23);
  EXPECT_EQ(at("c", 48, 16, 4, -1, -3, -1), 12 + 3);
  EXPECT_EQ(at("f", 4, 8, 24, 1, 2, 3), 1 + 2 * 2 + 3 * 6);
  EXPECT_EQ(at("a", 4, 8, 24, 1, -1, 3), 1 + 2 * 2 + 3 * 6);
}

TEST_P(Arrays, ComplexAndBoolElements) {
  Kernel k(types, module, "k");
  ExprRef c = k.param("c", types.array(Scalar::C64, 1, Layout::C));
  ExprRef b = k.param("b", types.array(Scalar::Bool, 1, Layout::C));
  ExprRef x = k.load(c, {k.integer(1)});
  k.store(c, {k.integer(0)}, k.op(Op::Mul, x, x));
  k.store(b, {k.integer(1)}, k.test(Op::Not, k.load(b, {k.integer(0)})));
  float data[] = {0, 0, 1, 2};
  uint8_t flags[] = {0, 0};
  EXPECT_EQ((compile<void*, void*, int64_t, int64_t, void*, void*, int64_t, int64_t>("k")(
                ctx.get(), nullptr, data, nullptr, 2, 8, flags, nullptr, 2, 1)),
            KJIT_OK);
  EXPECT_EQ(data[0], -3);
  EXPECT_EQ(data[1], 4);
  EXPECT_EQ(flags[1], 1);
}

TEST_P(Arrays, NewArrayIsOwnedByTheCaller) {
  Kernel k(types, module, "squares");
  k.f->result = vector;
  ExprRef n = k.param("n", types.int64());
  const VarId a = k.local("a", vector), i = k.local("i", types.int64());
  k.alloc(a, {n});
  k.loop(i, n, [&] {
    ExprRef x = k.cast(k.var(i), Scalar::F64);
    k.store(k.var(a), {k.var(i)}, k.op(Op::Mul, x, x));
  });
  k.ret(k.var(a));
  auto r = run<Array1, int64_t>("squares", 5);
  EXPECT_EQ(ctx.new_blocks(), 1);
  EXPECT_EQ(r.shape[0], 5);
  EXPECT_EQ(r.strides[0], 8);
  EXPECT_EQ(r.as()[4], 16);
  kjit_rt_release(r.owner);
}

TEST_P(Arrays, FilledArrays) {
  Kernel k(types, module, "full");
  k.f->result = types.tuple({matrix, types.array(Scalar::I16, 1, Layout::C)});
  ExprRef n = k.param("n", types.int64());
  const VarId a = k.local("a", matrix), b = k.local("b", k.f->result->elements[1]);
  k.alloc(a, {n, k.integer(3)}, kir::Fill::Value, k.real(2.5));
  k.alloc(b, {n}, kir::Fill::Zeros);
  k.ret(k.node(Op::MakeTuple, k.f->result, {k.var(a), k.var(b)}));
  struct Result {
    Array2 a;
    Array1 b;
  };
  auto r = run<Result, int64_t>("full", 2);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(static_cast<double*>(r.a.data)[i], 2.5);
  EXPECT_EQ(r.a.strides[0], 24);
  EXPECT_EQ(r.b.as<int16_t>()[1], 0);
  kjit_rt_release(r.a.owner);
  kjit_rt_release(r.b.owner);
}

TEST_P(Arrays, ViewsKeepTheBlockAlive) {
  Kernel k(types, module, "tail");
  k.f->result = strided;
  const VarId a = k.local("a", matrix), i = k.local("i", types.int64()), j = k.local("j", types.int64());
  k.alloc(a, {k.integer(4), k.integer(5)});
  k.loop(i, k.integer(4), [&] {
    k.loop(j, k.integer(5), [&] {
      ExprRef x = k.op(Op::Add, k.op(Op::Mul, k.var(i), k.integer(10)), k.var(j));
      k.store(k.var(a), {k.var(i), k.var(j)}, k.cast(x, Scalar::F64));
    });
  });
  // a[3:0:-2, 1] as a view of a view
  const VarId column = k.local("c", strided);
  k.assign(column, k.view(k.var(a), strided, {kir::Component::All, kir::Component::Index}, {k.integer(1)}));
  k.ret(k.view(k.var(column), strided, {kir::Component::Slice}, {k.integer(3), k.integer(2), k.integer(-2)}));
  auto r = run<Array1>("tail");
  EXPECT_EQ(ctx.new_blocks(), 1);
  EXPECT_EQ(r.shape[0], 2);
  EXPECT_EQ(r.strides[0], -80);
  EXPECT_EQ(r.as()[0], 31);
  EXPECT_EQ(r.as()[-10], 11);
  kjit_rt_release(r.owner);
}

TEST_P(Arrays, RowsAndTransposes) {
  Kernel k(types, module, "k");
  k.f->result = types.float64();
  ExprRef m = k.param("m", matrix);
  kir::Expr* t = k.node(Op::Transpose, types.array(Scalar::F64, 2, Layout::F), {m});
  t->axes = {1, 0};
  ExprRef row = k.view(m, vector, {kir::Component::Index, kir::Component::All}, {k.integer(1)});
  ExprRef wide = k.view(m, types.array(Scalar::F64, 3, Layout::C),
                        {kir::Component::NewAxis, kir::Component::All, kir::Component::All}, {});
  ExprRef sum =
      k.op(Op::Add, k.load(row, {k.integer(2)}), k.op(Op::Mul, k.load(t, {k.integer(2), k.integer(0)}), k.real(100)));
  k.ret(k.op(Op::Add, sum, k.op(Op::Mul, k.load(wide, {k.integer(0), k.integer(1), k.integer(0)}), k.real(10000))));
  double data[] = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ((run<double, void*, void*, int64_t, int64_t, int64_t, int64_t>("k", data, nullptr, 2, 3, 24, 8)), 40306);
}

TEST_P(Arrays, ResultsWithoutOwnerAreErrors) {
  Kernel g(types, module, "row");
  g.f->result = vector;
  ExprRef m = g.param("m", matrix);
  const VarId v = g.local("v", vector);
  g.assign(v, g.view(m, vector, {kir::Component::Index, kir::Component::All}, {g.integer(0)}));
  g.ret(g.var(v));
  Kernel k(types, module, "first");
  k.f->result = types.float64();
  ExprRef n = k.param("n", matrix);
  const VarId r = k.local("r", vector);
  k.call_to(r, g.index, {n});
  k.ret(k.load(k.var(r), {k.integer(0)}));
  double data[] = {7, 8};
  Array1 out;
  EXPECT_EQ(
      (compile<void*, void*, int64_t, int64_t, int64_t, int64_t>("row")(ctx.get(), &out, data, nullptr, 1, 2, 16, 8)),
      KJIT_UNOWNED_RESULT);
  EXPECT_NE(ctx.message().find("'m'"), std::string::npos) << ctx.message();
  // Between kernels it is fine.
  EXPECT_EQ((run<double, void*, void*, int64_t, int64_t, int64_t, int64_t>("first", data, nullptr, 1, 2, 16, 8)), 7);
  // And so it is with an owner, which then has one more reference.
  void* owner = kjit_rt_wrap(nullptr, nullptr);
  auto owned = run<Array1, void*, void*, int64_t, int64_t, int64_t, int64_t>("row", data, owner, 1, 2, 16, 8);
  EXPECT_EQ(owned.owner, owner);
  EXPECT_EQ(static_cast<kjit_owner*>(owner)->references, 2);
  kjit_rt_release(owner);
  kjit_rt_release(owner);
}

// Rebinds, breaks, leaves early and fails with blocks alive; the Context notices any leak.
class Ownership : public Arrays {
 protected:
  void build() {
    Kernel g(types, module, "make", false);
    g.f->result = vector;
    ExprRef size = g.param("n", types.int64());
    const VarId made = g.local("made", vector);
    g.alloc(made, {size}, kir::Fill::Zeros);
    g.check(g.compare(Op::Ne, size, g.integer(13)), KJIT_VALUE_ERROR, "thirteen");
    g.ret(g.var(made));
    Kernel k(types, module, "churn");
    k.f->result = types.int64();
    ExprRef mode = k.param("mode", types.int64());
    const VarId a = k.local("a", vector), b = k.local("b", vector), i = k.local("i", types.int64());
    const TypeRef maybe = types.optional(vector);
    const VarId o = k.local("o", maybe), t = k.local("t", types.tuple({types.int64(), vector}));
    k.loop(i, k.integer(10), [&] {
      k.call_to(a, g.index, {k.op(Op::Add, k.var(i), mode)});
      k.assign(b, k.var(a));
      k.alloc(a, {k.integer(3)});
      k.assign(o, k.node(Op::MakeSome, maybe, {k.var(b)}));
      k.assign(t, k.node(Op::MakeTuple, k.f->vars[t].type, {k.var(i), k.node(Op::Unwrap, vector, {k.var(o)})}));
      k.assign(o, k.node(Op::NoneValue, maybe, {}));
      k.when(k.compare(Op::Eq, mode, k.integer(1)), [&] { k.stmt(kir::StmtKind::Break); });
      k.when(k.compare(Op::Eq, mode, k.integer(2)), [&] { k.ret(k.dim(k.get(k.var(t), 1), 0)); });
      k.when(k.compare(Op::Eq, mode, k.integer(3)), [&] { k.raise(KJIT_RUNTIME_ERROR, "stop"); });
      k.call(g.index, {k.integer(1)});  // a result that nobody wants
      k.assign(b, k.var(b));
    });
    k.ret(k.dim(k.var(a), 0));
  }
};
KJIT_KERNEL_TESTS(Ownership);

TEST_P(Ownership, NothingLeaksOnAnyWayOut) {
  build();
  EXPECT_EQ((run<int64_t, int64_t>("churn", 1)), 3);
  EXPECT_EQ(ctx.new_blocks(), 0);
  EXPECT_EQ((run<int64_t, int64_t>("churn", 2)), 2);
  EXPECT_EQ(ctx.new_blocks(), 0);
  int64_t r = 0;
  EXPECT_EQ(compile<int64_t>("churn")(ctx.get(), &r, 3), KJIT_RUNTIME_ERROR);
  EXPECT_EQ(ctx.new_blocks(), 0);
  EXPECT_EQ(compile<int64_t>("churn")(ctx.get(), &r, 8), KJIT_VALUE_ERROR);  // make(13) in the sixth iteration
  EXPECT_EQ(ctx.message(), "thirteen");
  EXPECT_EQ(ctx.new_blocks(), 0);
}

TEST_P(Ownership, EveryFailingAllocationIsSurvived) {
  build();
  auto churn = compile<int64_t>("churn");
  int64_t r = 0;
  for (int n = 1; n < 40; ++n) {
    kjit_rt_fail_allocation(n);
    const int32_t status = churn(ctx.get(), &r, 20);
    kjit_rt_fail_allocation(0);
    EXPECT_EQ(ctx.new_blocks(), 0);
    if (status == KJIT_OK) return;
    EXPECT_EQ(status, KJIT_MEMORY_ERROR) << n;
  }
  FAIL() << "more allocations than expected";
}

TEST_P(Ownership, BorrowedVariablesCountNothing) {
  Kernel k(types, module, "k");
  k.f->result = types.float64();
  ExprRef m = k.param("m", matrix);
  const VarId row = k.local("row", vector);
  k.f->vars[row].counted = false;
  k.assign(row, k.view(m, vector, {kir::Component::Index, kir::Component::All}, {k.integer(1)}));
  k.ret(k.load(k.var(row), {k.integer(0)}));
  const std::string text = backend().emit(module, options(), jit::Emit::Llvm);
  EXPECT_EQ(text.find("kjit_rt_retain"), std::string::npos);
  double data[] = {1, 2};
  EXPECT_EQ((run<double, void*, void*, int64_t, int64_t, int64_t, int64_t>("k", data, nullptr, 2, 1, 8, 8)), 2);
}

// The load must not sink out of the loop, below the release of the block that it reads.
TEST_P(Ownership, LoadsStayAboveTheReleaseOfTheirBlock) {
  Kernel k(types, module, "last");
  k.f->result = types.float64();
  ExprRef n = k.param("n", types.int64());
  const VarId a = k.local("a", vector), i = k.local("i", types.int64()), x = k.local("x", types.float64());
  k.assign(x, k.real(0));
  k.loop(i, n, [&] {
    k.alloc(a, {k.integer(4)}, kir::Fill::Value, k.cast(k.var(i), Scalar::F64));
    k.assign(x, k.load(k.var(a), {k.integer(3)}));
    k.alloc(a, {k.integer(1)});
  });
  k.ret(k.var(x));
  EXPECT_EQ((run<double, int64_t>("last", 50)), 49);
}

TEST_P(Ownership, HugeArraysAreMemoryErrors) {
  Kernel k(types, module, "huge");
  k.f->result = matrix;
  ExprRef n = k.param("n", types.int64());
  const VarId a = k.local("a", matrix);
  k.alloc(a, {n, n});
  k.ret(k.var(a));
  Array2 out;
  EXPECT_EQ(compile<int64_t>("huge")(ctx.get(), &out, int64_t{1} << 40), KJIT_MEMORY_ERROR);
}

TEST_P(Arrays, GlobalArraysAreConstantData) {
  auto table = std::make_shared<sema::ConstantArray>();
  table->scalar = Scalar::I32;
  table->shape = {2, 3};
  const int32_t values[] = {1, 2, 3, 4, 5, 6};
  table->data.resize(sizeof values);
  std::memcpy(table->data.data(), values, sizeof values);
  module.constant_arrays.push_back(table);
  Kernel k(types, module, "k");
  k.f->result = types.scalar(Scalar::I32);
  ExprRef i = k.param("i", types.int64()), j = k.param("j", types.int64());
  kir::Expr* a = k.node(Op::ConstArray, types.array(Scalar::I32, 2, Layout::C, true), {});
  a->index = 0;
  k.ret(k.load(a, {i, j}, 3));
  Kernel g(types, module, "itself");
  g.f->result = a->type;
  kir::Expr* b = g.node(Op::ConstArray, a->type, {});
  b->index = 0;
  g.ret(b);
  EXPECT_EQ((run<int32_t, int64_t, int64_t>("k", 1, -1)), 6);
  Array2 out;
  EXPECT_EQ(compile<>("itself")(ctx.get(), &out), KJIT_UNOWNED_RESULT);
  EXPECT_NE(ctx.message().find("a global array"), std::string::npos) << ctx.message();
}

TEST_P(Arrays, CopiesConvertAndReorder) {
  Kernel k(types, module, "k");
  const TypeRef f32 = types.array(Scalar::F32, 2, Layout::F);
  k.f->result = f32;
  ExprRef m = k.param("m", types.array(Scalar::F64, 2, Layout::A));
  const VarId c = k.local("c", f32);
  kir::Stmt* s = k.stmt(kir::StmtKind::Copy);
  s->var = c, s->expr = m;
  k.ret(k.var(c));
  double data[] = {1, 2, 3, 4, 5, 6};
  auto r = run<Array2, void*, void*, int64_t, int64_t, int64_t, int64_t>("k", data, nullptr, 2, 3, 24, 8);
  EXPECT_EQ(r.strides[0], 4);
  EXPECT_EQ(r.strides[1], 8);
  EXPECT_EQ(static_cast<float*>(r.data)[1], 4);
  EXPECT_EQ(static_cast<float*>(r.data)[2], 2);
  kjit_rt_release(r.owner);
}

TEST_P(Arrays, OverlappingAssignmentReadsFirst) {
  // a[1:] = a[:-1], both as contiguous and as strided views; then a[::-1] over a
  for (Layout layout : {Layout::C, Layout::A}) {
    Kernel k(types, module, layout == Layout::C ? "c" : "a");
    const TypeRef t = types.array(Scalar::F64, 1, layout);
    ExprRef a = k.param("a", t);
    ExprRef rest = k.op(Op::Sub, k.dim(a, 0), k.integer(1));
    kir::Stmt* s = k.stmt(kir::StmtKind::CopyArray);
    s->array = k.view(a, t, {kir::Component::Slice}, {k.integer(1), rest, k.integer(1)});
    s->expr = k.view(a, t, {kir::Component::Slice}, {k.integer(0), rest, k.integer(1)});
  }
  Kernel k(types, module, "reverse");
  ExprRef a = k.param("a", strided);
  kir::Stmt* s = k.stmt(kir::StmtKind::CopyArray);
  s->array = a;
  s->expr = k.view(a, strided, {kir::Component::Slice},
                   {k.op(Op::Sub, k.dim(a, 0), k.integer(1)), k.dim(a, 0), k.integer(-1)});
  for (const char* name : {"c", "a"}) {
    double data[] = {1, 2, 3, 4};
    EXPECT_EQ((compile<void*, void*, int64_t, int64_t>(name)(ctx.get(), nullptr, data, nullptr, 4, 8)), KJIT_OK);
    EXPECT_EQ(std::vector<double>(data, data + 4), (std::vector<double>{1, 1, 2, 3})) << name;
  }
  double data[] = {1, 2, 3, 4};
  EXPECT_EQ((compile<void*, void*, int64_t, int64_t>("reverse")(ctx.get(), nullptr, data, nullptr, 4, 8)), KJIT_OK);
  EXPECT_EQ(std::vector<double>(data, data + 4), (std::vector<double>{4, 3, 2, 1}));
}

TEST_P(Arrays, OverlapsLooksAtBytes) {
  Kernel k(types, module, "k");
  k.f->result = types.boolean();
  ExprRef a = k.param("a", strided);
  k.ret(k.test(Op::Overlaps, a));
  const_cast<kir::Expr*>(k.f->body[0]->expr)->args.push_back(k.param("b", strided));
  double data[8] = {};
  auto overlaps = [&](double* p, int64_t n, int64_t ps, double* q, int64_t m, int64_t qs) {
    return run<uint8_t, void*, void*, int64_t, int64_t, void*, void*, int64_t, int64_t>("k", p, nullptr, n, ps, q,
                                                                                        nullptr, m, qs);
  };
  EXPECT_TRUE(overlaps(data, 4, 8, data + 3, 4, 8));
  EXPECT_FALSE(overlaps(data, 4, 8, data + 4, 4, 8));
  EXPECT_TRUE(overlaps(data + 7, 8, -8, data, 1, 8));
  EXPECT_FALSE(overlaps(data, 0, 8, data, 4, 8));
}

TEST_P(Arrays, PackedTwinTakesSlots) {
  Kernel k(types, module, "k");
  k.f->result = types.float64();
  ExprRef b = k.param("b", types.boolean()), i = k.param("i", types.scalar(Scalar::I8)), v = k.param("v", vector),
          x = k.param("x", types.scalar(Scalar::F32));
  ExprRef sum = k.op(Op::Add, k.load(v, {k.integer(1)}), k.cast(x, Scalar::F64));
  sum = k.op(Op::Add, sum, k.cast(i, Scalar::F64));
  k.ret(k.op(Op::Add, sum, k.cast(b, Scalar::F64)));
  auto code = backend().compile(module, options(), nullptr);
  auto packed = reinterpret_cast<int32_t (*)(kjit_ctx*, void*, const uint64_t*)>(code->find("k").packed);
  double data[] = {1, 2};
  uint64_t slots[7] = {1, static_cast<uint64_t>(-3), reinterpret_cast<uint64_t>(data), 0, 2, 8, 0x3FC00000};  // 1.5f
  double result = 0;
  EXPECT_EQ(packed(ctx.get(), &result, slots), KJIT_OK);
  EXPECT_EQ(result, 1 - 3 + 2 + 1.5);
}

TEST_P(Arrays, TuplesByPosition) {
  Kernel k(types, module, "pick");
  k.f->result = types.float64();
  const TypeRef pair = types.homogeneous(types.float64(), 3);
  ExprRef t = k.param("t", pair), i = k.param("i", types.int64());
  k.ret(k.node(Op::TupleAt, types.float64(), {t, i}));
  EXPECT_EQ((run<double, double, double, double, int64_t>("pick", 1.0, 2.0, 4.0, 2)), 4.0);
  EXPECT_EQ((run<double, double, double, double, int64_t>("pick", 1.0, 2.0, 4.0, 0)), 1.0);
}

TEST_P(Arrays, OptionalArguments) {
  Kernel k(types, module, "or_one");
  k.f->result = types.float64();
  ExprRef o = k.param("o", types.optional(types.float64()));
  ExprRef has = k.test(Op::HasValue, o);
  k.ret(k.node(Op::Select, types.float64(), {has, k.node(Op::Unwrap, types.float64(), {o}), k.real(1)}));
  EXPECT_EQ((run<double, uint8_t, double>("or_one", 1, 5.0)), 5.0);
  EXPECT_EQ((run<double, uint8_t, double>("or_one", 0, 0.0)), 1.0);
}

TEST_P(Arrays, PrintsTuplesAsPython) {
  Kernel k(types, module, "show");
  ExprRef n = k.param("n", types.int64());
  const TypeRef pair = types.tuple({types.int64(), types.float64()});
  const TypeRef outer = types.tuple({pair});
  kir::Stmt* s = k.stmt(kir::StmtKind::Print);
  s->items.push_back({k.node(Op::MakeTuple, outer, {k.node(Op::MakeTuple, pair, {n, k.real(0.5)})}), ""});
  s->items.push_back({nullptr, " ok\n"});
  std::string text;
  ctx->write = [](void* user, const char* p, size_t size) { static_cast<std::string*>(user)->append(p, size); };
  ctx->write_user = &text;
  EXPECT_EQ(compile<int64_t>("show")(ctx.get(), nullptr, 7), KJIT_OK);
  EXPECT_EQ(text, "((7, 0.5),) ok\n");
}

}  // namespace
}  // namespace kjit::test
