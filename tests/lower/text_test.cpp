// The LLVM IR that lowering writes and what LLVM makes of it, checked with FileCheck.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "support/kir_kernels.h"
#include "support/paths.h"

namespace kjit::test {
namespace {

class Text : public ::testing::Test {
 protected:
  sema::TypeContext types;
  kir::Module module;
  TypeRef vector = types.array(Scalar::F64, 1, Layout::C);
  TypeRef matrix = types.array(Scalar::F64, 2, Layout::C);

  // Fails unless FileCheck finds `patterns` in the text.
  void check(jit::Emit what, const std::string& patterns) {
    jit::BackendOptions options;
    options.cpu = "haswell";
    std::unique_ptr<jit::Backend> backend(kjit_llvm_backend_create(jit::kBackendAbi, &options));
    EXPECT_EQ(kir::verify(module), std::vector<std::string>{});
    const std::string text = backend->emit(module, {}, what);
    const auto base = std::filesystem::temp_directory_path() / ("kjit_text_" + std::to_string(getpid()));
    std::ofstream(base.string() + ".check") << patterns;
    std::ofstream(base.string() + ".ll") << text;
    FILE* pipe =
        popen((filecheck() + " " + base.string() + ".check --input-file " + base.string() + ".ll 2>&1").c_str(), "r");
    std::string output;
    char buffer[4096];
    while (size_t n = fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, n);
    EXPECT_EQ(pclose(pipe), 0) << output << text;
    std::filesystem::remove(base.string() + ".check");
    std::filesystem::remove(base.string() + ".ll");
  }
};

TEST_F(Text, RowMajorIndexArithmetic) {
  Kernel k(types, module, "get");
  k.f->result = types.float64();
  ExprRef a = k.param("a", matrix), i = k.param("i", types.int64()), j = k.param("j", types.int64());
  k.ret(k.load(a, {i, j}));
  check(jit::Emit::Llvm, R"(
CHECK: define dso_local i32 @kjit.get(ptr nonnull {{.*}}%ctx, ptr noalias writeonly captures(none) %result, ptr align 8 %a
CHECK: [[ROW:%.*]] = mul nuw nsw i64 %i, %a
CHECK: [[AT:%.*]] = add nuw nsw i64 [[ROW]], %j
CHECK: getelementptr inbounds nuw double, ptr %a, i64 [[AT]]
CHECK-NOT: select
CHECK: store double {{.*}}, ptr %result
CHECK: define dso_local i32 @kjit.get.packed(ptr {{.*}}, ptr {{.*}}, ptr {{.*}})
)");
}

TEST_F(Text, NegativeIndicesWrapOnlyWhereAsked) {
  Kernel k(types, module, "get");
  k.f->result = types.float64();
  ExprRef a = k.param("a", vector), i = k.param("i", types.int64());
  k.ret(k.load(a, {i}, 1));
  check(jit::Emit::Llvm, R"(
CHECK: [[NEG:%.*]] = icmp slt i64 %i, 0
CHECK: [[SUM:%.*]] = add i64 %i, %a
CHECK: select i1 [[NEG]], i64 [[SUM]], i64 %i
)");
}

void add_axpy(Kernel& k, TypeRef vector) {
  ExprRef x = k.param("x", vector), y = k.param("y", vector);
  const VarId i = k.local("i", k.types.int64());
  k.loop(i, k.dim(x, 0), [&] {
    ExprRef product = k.op(Op::Mul, k.load(x, {k.var(i)}), k.real(2.5));
    k.store(y, {k.var(i)}, k.op(Op::Add, k.load(y, {k.var(i)}), product));
  });
}

TEST_F(Text, ArgumentsThatMayOverlapAreComparedAtEntry) {
  Kernel k(types, module, "axpy");
  add_axpy(k, vector);
  check(jit::Emit::LlvmOpt, R"(
CHECK: @kjit.axpy.version = {{.*}}zeroinitializer
CHECK: define internal {{.*}}@kjit.axpy.apart({{.*}}ptr noalias {{.*}}%x
CHECK-NOT: memcheck
CHECK: fmul <4 x double>
CHECK: define dso_local i32 @kjit.axpy(ptr {{.*}}ptr align 8 %x
CHECK: musttail call i32 @kjit.axpy.overlapping(
CHECK: musttail call i32 @kjit.axpy.apart(
CHECK: define internal {{.*}}@kjit.axpy.overlapping(
CHECK: load atomic ptr, ptr @kjit.axpy.version acquire
CHECK: call ptr @kjit_jit_later(ptr
)");
}

TEST_F(Text, UnaliasedLoopsVectoriseWithoutChecks) {
  Kernel k(types, module, "axpy");
  k.f->assume_no_alias = true;
  add_axpy(k, vector);
  check(jit::Emit::LlvmOpt, R"(
CHECK: @kjit.axpy({{.*}}ptr noalias {{.*}}%x
CHECK-NOT: memcheck
CHECK: fmul <4 x double>
CHECK: fadd <4 x double>
)");
}

TEST_F(Text, SumsKeepTheirOrderUnlessFast) {
  for (bool fast : {false, true}) {
    Kernel k(types, module, fast ? "fast" : "strict");
    if (fast) k.f->fastmath = {true, true, true, true, true, true, true};
    k.f->result = types.float64();
    ExprRef x = k.param("x", vector);
    const VarId s = k.local("s", types.float64()), i = k.local("i", types.int64());
    k.assign(s, k.real(0));
    k.loop(i, k.dim(x, 0), [&] { k.assign(s, k.op(Op::Add, k.var(s), k.load(x, {k.var(i)}))); });
    k.ret(k.var(s));
  }
  check(jit::Emit::LlvmOpt, R"(
CHECK-LABEL: define {{.*}}@kjit.strict(
CHECK-NOT: fadd <
CHECK: fadd double
CHECK-LABEL: define {{.*}}@kjit.fast(
CHECK: fadd fast <4 x double>
)");
}

TEST_F(Text, MathCallsMoveOutOfLoops) {
  Kernel k(types, module, "scale");
  ExprRef x = k.param("x", vector), a = k.param("a", types.float64());
  const VarId i = k.local("i", types.int64());
  k.loop(i, k.dim(x, 0),
         [&] { k.store(x, {k.var(i)}, k.op(Op::Mul, k.load(x, {k.var(i)}), k.math(kir::MathFn::sin, {a}))); });
  check(jit::Emit::LlvmOpt, R"(
CHECK-LABEL: @kjit.scale(
CHECK: call double @{{sin|Sleef_finz_sind1_u10purecfma}}(double %a)
CHECK: fmul <4 x double>
CHECK-NOT: call double @{{sin|Sleef}}
CHECK: ret i32
)");
}

TEST_F(Text, ChecksAreCold) {
  Kernel k(types, module, "checked");
  ExprRef n = k.param("n", types.int64());
  k.check(k.compare(Op::Gt, n, k.integer(0)), KJIT_VALUE_ERROR, "n must be positive");
  check(jit::Emit::Llvm, R"(
CHECK: c"n must be positive\00"
CHECK: br i1 {{.*}}, label %raise, label %ok, !prof
CHECK: call i32 @kjit_rt_raise(
CHECK: declare i32 @kjit_rt_raise({{.*}}) [[COLD:#[0-9]+]]
CHECK: attributes [[COLD]] = { cold noinline nounwind }
)");
}

TEST_F(Text, InnermostLoopsPollBetweenStrips) {
  Kernel k(types, module, "nest");
  k.f->poll_interrupt = true;
  ExprRef a = k.param("a", matrix);
  const VarId i = k.local("i", types.int64()), j = k.local("j", types.int64());
  k.loop(i, k.dim(a, 0), [&] { k.loop(j, k.dim(a, 1), [&] { k.store(a, {k.var(i), k.var(j)}, k.real(1)); }); });
  check(jit::Emit::Llvm, R"(
CHECK-LABEL: @kjit.nest(
CHECK: for.strip:
CHECK: @llvm.smin
CHECK: for{{[0-9]+}}:
CHECK-NOT: load atomic volatile
CHECK: for.strip.next:
CHECK-NEXT: load atomic volatile i32
CHECK: for.next{{[0-9]+}}:
CHECK-NEXT: load atomic volatile i32
CHECK-NOT: load atomic volatile
CHECK-LABEL: @kjit.nest.packed(
)");
}

TEST_F(Text, NewBlocksAliasNothing) {
  Kernel k(types, module, "make");
  k.f->result = vector;
  const VarId a = k.local("a", vector);
  k.alloc(a, {k.param("n", types.int64())});
  k.ret(k.var(a));
  check(jit::Emit::Llvm, R"(
CHECK: declare noalias align 64 ptr @kjit_rt_alloc({{.*}}) [[ALLOC:#[0-9]+]]
CHECK: attributes [[ALLOC]] = {{.*}}allocsize(1) memory(argmem: readwrite, inaccessiblemem: readwrite)
)");
}

TEST_F(Text, BorrowedViewsBecomePointers) {
  Kernel k(types, module, "rows");
  k.f->result = types.float64();
  ExprRef m = k.param("m", matrix);
  const VarId s = k.local("s", types.float64()), i = k.local("i", types.int64()), row = k.local("row", vector);
  k.f->vars[row].counted = false;
  k.assign(s, k.real(0));
  k.loop(i, k.dim(m, 0), [&] {
    k.assign(row, k.view(m, vector, {kir::Component::Index, kir::Component::All}, {k.var(i)}));
    k.assign(s, k.op(Op::Add, k.var(s), k.load(k.var(row), {k.integer(0)})));
  });
  k.ret(k.var(s));
  check(jit::Emit::LlvmOpt, R"(
CHECK-LABEL: @kjit.rows(
CHECK-NOT: alloca
CHECK-NOT: @kjit_rt
CHECK: ret i32 0
)");
}

}  // namespace
}  // namespace kjit::test
