// How long a compilation takes, step by step, for a kernel of some thirty lines. Prints; fails only on gross
// regressions.
#include <algorithm>
#include <cstdio>

#include "support/kir_kernels.h"
#include "support/paths.h"

namespace kjit::test {
namespace {

// Five loop nests over two matrices and a vector: about thirty statements.
void add_kernel(sema::TypeContext& types, kir::Module& module) {
  Kernel k(types, module, "thirty");
  k.f->assume_no_alias = true;
  k.f->result = types.float64();
  const TypeRef matrix = types.array(Scalar::F64, 2, Layout::C), vector = types.array(Scalar::F64, 1, Layout::C);
  ExprRef a = k.param("a", matrix), b = k.param("b", matrix), v = k.param("v", vector);
  const VarId i = k.local("i", types.int64()), j = k.local("j", types.int64()), l = k.local("l", types.int64());
  const VarId s = k.local("s", types.float64()), t = k.local("t", types.float64()), n = k.local("n", types.int64());
  k.assign(n, k.dim(a, 0));
  k.assign(s, k.real(0));
  auto next = [&](VarId x, int d) { return k.op(Op::Add, k.var(x), k.integer(d)); };
  // jacobi
  k.loop(i, k.integer(1), next(n, -1), k.integer(1), [&] {
    k.loop(j, k.integer(1), next(n, -1), k.integer(1), [&] {
      ExprRef sum = k.op(Op::Add, k.load(a, {k.var(i), next(j, -1)}), k.load(a, {k.var(i), next(j, 1)}));
      sum = k.op(Op::Add, sum, k.load(a, {next(i, -1), k.var(j)}));
      sum = k.op(Op::Add, sum, k.load(a, {next(i, 1), k.var(j)}));
      k.store(b, {k.var(i), k.var(j)}, k.op(Op::Mul, sum, k.real(0.25)));
    });
  });
  // matrix product into a
  k.loop(i, k.var(n), [&] {
    k.loop(j, k.var(n), [&] {
      k.assign(t, k.real(0));
      k.loop(l, k.var(n), [&] {
        k.assign(t, k.op(Op::Add, k.var(t),
                         k.op(Op::Mul, k.load(b, {k.var(i), k.var(l)}), k.load(b, {k.var(l), k.var(j)}))));
      });
      k.store(a, {k.var(i), k.var(j)}, k.var(t));
    });
  });
  // row sums with a condition
  k.loop(i, k.var(n), [&] {
    k.assign(t, k.real(0));
    k.loop(j, k.var(n), [&] {
      k.when(
          k.compare(Op::Gt, k.load(a, {k.var(i), k.var(j)}), k.real(0)),
          [&] { k.assign(t, k.op(Op::Add, k.var(t), k.load(a, {k.var(i), k.var(j)}))); },
          [&] { k.assign(t, k.op(Op::Sub, k.var(t), k.real(1))); });
    });
    k.store(v, {k.var(i)}, k.math(kir::MathFn::sqrt, {k.op(Op::Abs, k.var(t))}));
  });
  // scale and reduce
  k.loop(i, k.var(n), [&] { k.store(v, {k.var(i)}, k.op(Op::Div, k.load(v, {k.var(i)}), k.real(3))); });
  k.loop(i, k.var(n), [&] { k.assign(s, k.op(Op::Add, k.var(s), k.load(v, {k.var(i)}))); });
  k.ret(k.var(s));
}

TEST(Latency, ThirtyLineKernel) {
  const jit::BackendOptions options;
  std::unique_ptr<jit::Backend> backend(kjit_llvm_backend_create(jit::kBackendAbi, &options));
  sema::TypeContext types;
  kir::Module module;
  add_kernel(types, module);
  auto measure = [&](const char* label, int level) {
    jit::CompileTimes best, t;
    double least = 1e9, first = 0;
    for (int round = 0; round < 12; ++round) {
      auto code = backend->compile(module, {.opt_level = level}, &t);
      const double total = t.lower + t.optimize + t.codegen + t.link;
      if (round == 0) first = total;
      if (total < least) least = total, best = t;
    }
    std::printf("%s: lower %.2f optimize %.2f codegen %.2f link %.2f total %.2f ms (first %.2f)\n", label, best.lower,
                best.optimize, best.codegen, best.link, least, first);
    return least;
  };
  const double quick = measure("-O0", 0), full = measure("-O3", 3);
  if (!sanitized()) {
    EXPECT_LT(quick, 100);
    EXPECT_LT(full, 500);
  }
}

}  // namespace
}  // namespace kjit::test
