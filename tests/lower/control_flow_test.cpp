// Loops, branches, calls, exceptions: what the machine code does is what kernel IR says.
#include "support/kir_kernels.h"

namespace kjit::test {
namespace {

class ControlFlow : public KernelTest {};
KJIT_KERNEL_TESTS(ControlFlow);

TEST_P(ControlFlow, SumOfARange) {
  Kernel k(types, module, "sum");
  k.f->result = types.int64();
  ExprRef n = k.param("n", types.int64());
  const VarId s = k.local("s", types.int64()), i = k.local("i", types.int64());
  k.assign(s, k.integer(0));
  k.loop(i, n, [&] { k.assign(s, k.op(Op::Add, k.var(s), k.var(i))); });
  k.ret(k.var(s));
  EXPECT_EQ((run<int64_t, int64_t>("sum", 101)), 5050);
  EXPECT_EQ((run<int64_t, int64_t>("sum", -3)), 0);
}

// The values that the loop variable takes, in base 100, then 1 for the else block; and its value after the loop.
struct Trace {
  int64_t visited, last;
};

TEST_P(ControlFlow, RangesOfAnyStep) {
  Kernel k(types, module, "trace");
  k.f->result = types.homogeneous(types.int64(), 2);
  ExprRef lo = k.param("lo", types.int64()), hi = k.param("hi", types.int64()), step = k.param("step", types.int64());
  const VarId t = k.local("t", types.int64()), i = k.local("i", types.int64());
  k.assign(t, k.integer(0));
  k.assign(i, k.integer(-77));
  auto* loop = k.loop(i, lo, hi, step, [&] {
    k.assign(t, k.op(Op::Add, k.op(Op::Mul, k.var(t), k.integer(100)), k.var(i)));
    k.when(k.compare(Op::Eq, k.var(i), k.integer(7)), [&] { k.stmt(kir::StmtKind::Break); });
  });
  k.nest(loop->orelse, [&] { k.assign(t, k.op(Op::Add, k.op(Op::Mul, k.var(t), k.integer(100)), k.integer(1))); });
  k.ret(k.node(Op::MakeTuple, k.f->result, {k.var(t), k.var(i)}));
  auto trace = [&](int64_t a, int64_t b, int64_t c) { return run<Trace>("trace", a, b, c); };
  EXPECT_EQ(trace(1, 4, 1).visited, 1020301);
  EXPECT_EQ(trace(1, 4, 1).last, 3);
  EXPECT_EQ(trace(1, 6, 2).visited, 1030501);
  EXPECT_EQ(trace(6, 1, -2).visited, 6040201);
  EXPECT_EQ(trace(3, 3, 1).visited, 1);
  EXPECT_EQ(trace(3, 3, 1).last, -77);
  EXPECT_EQ(trace(5, 9, 1).visited, 50607);  // left by break: no else
  EXPECT_EQ(trace(5, 9, -1).visited, 1);
  EXPECT_EQ(trace(INT64_MAX - 1, INT64_MAX, 5).last, INT64_MAX - 1);
  EXPECT_EQ(trace(INT64_MIN, INT64_MAX, INT64_MAX).last, INT64_MAX - 1);
  EXPECT_EQ(trace(INT64_MAX, INT64_MIN, INT64_MIN).last, -1);
}

TEST_P(ControlFlow, ConstantSteps) {
  for (int64_t step : {1, -1, 3, -3}) {
    Kernel k(types, module, "f" + std::to_string(step + 10));
    k.f->result = types.int64();
    ExprRef lo = k.param("lo", types.int64()), hi = k.param("hi", types.int64());
    const VarId s = k.local("s", types.int64()), i = k.local("i", types.int64());
    k.assign(s, k.integer(0));
    k.loop(i, lo, hi, k.integer(step), [&] {
      k.when(k.compare(Op::Eq, k.var(i), k.integer(4)), [&] { k.stmt(kir::StmtKind::Continue); });
      k.assign(s, k.op(Op::Add, k.op(Op::Mul, k.var(s), k.integer(10)), k.var(i)));
    });
    k.ret(k.var(s));
  }
  EXPECT_EQ((run<int64_t, int64_t, int64_t>("f11", 1, 7)), 12356);
  EXPECT_EQ((run<int64_t, int64_t, int64_t>("f9", 7, 1)), 76532);
  EXPECT_EQ((run<int64_t, int64_t, int64_t>("f13", 1, 9)), 17);
  EXPECT_EQ((run<int64_t, int64_t, int64_t>("f7", 9, 1)), 963);
  EXPECT_EQ((run<int64_t, int64_t, int64_t>("f7", 1, 9)), 0);
}

TEST_P(ControlFlow, WhileWithHeadAndElse) {
  Kernel k(types, module, "collatz");
  k.f->result = types.int64();
  ExprRef n = k.param("n", types.int64());
  const VarId x = k.local("x", types.int64()), c = k.local("c", types.int64()), go = k.local("%go", types.boolean());
  k.assign(x, n);
  k.assign(c, k.integer(0));
  auto* loop = k.loop_while(k.var(go), [&] {
    k.assign(c, k.op(Op::Add, k.var(c), k.integer(1)));
    k.when(k.compare(Op::Eq, k.op(Op::Mod, k.var(x), k.integer(2)), k.integer(0)), [&] {
      k.assign(x, k.op(Op::FloorDiv, k.var(x), k.integer(2)));
      k.stmt(kir::StmtKind::Continue);
    });
    k.assign(x, k.op(Op::Add, k.op(Op::Mul, k.var(x), k.integer(3)), k.integer(1)));
  });
  k.nest(loop->head, [&] { k.assign(go, k.compare(Op::Ne, k.var(x), k.integer(1))); });
  k.nest(loop->orelse, [&] { k.assign(c, k.op(Op::Add, k.var(c), k.integer(1000))); });
  k.ret(k.var(c));
  EXPECT_EQ((run<int64_t, int64_t>("collatz", 27)), 1111);
}

TEST_P(ControlFlow, ExceptionsPassThroughCalls) {
  Kernel g(types, module, "g", false);
  g.f->result = types.float64();
  ExprRef x = g.param("x", types.float64());
  g.check(g.compare(Op::Ge, x, g.real(0)), KJIT_VALUE_ERROR, "negative: {0}", {g.cast(x, Scalar::I64)});
  g.ret(g.math(kir::MathFn::sqrt, {x}));
  Kernel k(types, module, "k");
  k.f->result = types.float64();
  ExprRef y = k.param("y", types.float64());
  const VarId r = k.local("r", types.float64());
  k.call_to(r, g.index, {y});
  k.ret(k.op(Op::Add, k.var(r), k.real(1)));
  EXPECT_EQ((run<double, double>("k", 9.0)), 4.0);
  double untouched = 42;
  EXPECT_EQ(compile<double>("k")(ctx.get(), &untouched, -4.0), KJIT_VALUE_ERROR);
  EXPECT_EQ(ctx.message(), "negative: -4");
  EXPECT_EQ(untouched, 42);
  EXPECT_STREQ(ctx->error.location->function, "g");
}

TEST_P(ControlFlow, RecursionStopsAtTheStackLimit) {
  Kernel k(types, module, "depth");
  k.f->result = types.int64();
  k.f->recursive = true;
  ExprRef n = k.param("n", types.int64());
  const VarId r = k.local("r", types.int64());
  k.when(k.compare(Op::Eq, n, k.integer(0)), [&] { k.ret(k.integer(0)); });
  k.call_to(r, k.index, {k.op(Op::Sub, n, k.integer(1))});
  k.ret(k.op(Op::Add, k.var(r), k.integer(1)));
  EXPECT_EQ((run<int64_t, int64_t>("depth", 1000)), 1000);
  int64_t r2 = 0;
  EXPECT_EQ(compile<int64_t>("depth")(ctx.get(), &r2, -1), KJIT_RECURSION_ERROR);
  EXPECT_EQ(ctx.message(), "maximum recursion depth exceeded");
}

// A call in the last place stays a call: recursion without end is an error, not a loop without end.
TEST_P(ControlFlow, ResultsOfRecursionComeInRegisters) {
  Kernel k(types, module, "count");
  k.f->result = types.boolean();
  k.f->recursive = true;
  ExprRef n = k.param("n", types.int64());
  const VarId r = k.local("r", types.boolean());
  k.when(k.compare(Op::Eq, n, k.integer(0)), [&] { k.ret(k.integer(1, Scalar::Bool)); });
  k.call_to(r, k.index, {k.op(Op::Sub, n, k.integer(1))});
  k.ret(k.var(r));
  EXPECT_EQ((run<uint8_t, int64_t>("count", 1000)), 1);
  uint8_t result = 0;
  EXPECT_EQ(compile<int64_t>("count")(ctx.get(), &result, -1), KJIT_RECURSION_ERROR);
}

TEST_P(ControlFlow, LongLoopsStopWhenAsked) {
  Kernel k(types, module, "forever");
  k.f->poll_interrupt = true;
  k.loop_while(k.integer(1, Scalar::Bool), [] {});
  int32_t flag = 1;
  ctx->interrupt = &flag;
  EXPECT_EQ(compile<>("forever")(ctx.get(), nullptr), KJIT_INTERRUPTED);
}

TEST_P(ControlFlow, ShortCircuitGuardsLoads) {
  Kernel k(types, module, "find");
  k.f->result = types.int64();
  ExprRef a = k.param("a", types.array(Scalar::I32, 1, Layout::C));
  const VarId i = k.local("i", types.int64());
  k.assign(i, k.integer(0));
  ExprRef inside = k.compare(Op::Lt, k.var(i), k.dim(a, 0));
  ExprRef differs = k.compare(Op::Ne, k.load(a, {k.var(i)}), k.integer(3, Scalar::I32));
  k.loop_while(k.op(Op::AndThen, inside, differs), [&] { k.assign(i, k.op(Op::Add, k.var(i), k.integer(1))); });
  k.ret(k.var(i));
  auto find = [&](int32_t* data, int64_t n) {
    return run<int64_t, void*, void*, int64_t, int64_t>("find", data, nullptr, n, 4);
  };
  int32_t data[] = {5, 4, 3, 2};
  EXPECT_EQ(find(data, 4), 2);
  EXPECT_EQ(find(data, 2), 2);
  EXPECT_EQ(find(nullptr, 0), 0);  // would fault if the load ran
}

}  // namespace
}  // namespace kjit::test
