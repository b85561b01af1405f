// The interface of the half with LLVM: code that lives as long as its handle, many threads, text output, errors.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/kir_kernels.h"
#include "support/paths.h"
#include "support/skip.h"

namespace kjit::test {
namespace {

std::unique_ptr<jit::Backend> make_backend(const jit::BackendOptions& options = {}) {
  return std::unique_ptr<jit::Backend>(kjit_llvm_backend_create(jit::kBackendAbi, &options));
}

jit::BackendOptions with(std::string jit::BackendOptions::* field, const char* value) {
  jit::BackendOptions options;
  options.*field = value;
  return options;
}
jit::BackendOptions with(bool jit::BackendOptions::* field) {
  jit::BackendOptions options;
  options.*field = true;
  return options;
}

// sum(x) over a float64 vector, times `factor`.
void add_sum(sema::TypeContext& types, kir::Module& module, const std::string& name, double factor) {
  Kernel k(types, module, name);
  k.f->result = types.float64();
  ExprRef x = k.param("x", types.array(Scalar::F64, 1, Layout::C));
  const VarId s = k.local("s", types.float64()), i = k.local("i", types.int64());
  k.assign(s, k.real(0));
  k.loop(i, k.dim(x, 0), [&] { k.assign(s, k.op(Op::Add, k.var(s), k.load(x, {k.var(i)}))); });
  k.ret(k.op(Op::Mul, k.var(s), k.real(factor)));
}

double call_sum(const jit::CompiledCode& code, const std::string& name) {
  auto sum = reinterpret_cast<int32_t (*)(kjit_ctx*, void*, void*, void*, int64_t, int64_t)>(code.find(name).call);
  Context ctx;
  double data[] = {1, 2, 3}, result = 0;
  EXPECT_EQ(sum(ctx.get(), &result, data, nullptr, 3, 8), KJIT_OK);
  return result;
}

TEST(Backend, RefusesAnotherAbi) {
  const jit::BackendOptions options;
  EXPECT_EQ(kjit_llvm_backend_create(jit::kBackendAbi + 1, &options), nullptr);
}

TEST(Backend, NamesTheHost) {
  auto backend = make_backend();
  EXPECT_FALSE(backend->cpu().empty());
  EXPECT_NE(backend->features().find("+sse2"), std::string::npos);
}

TEST(Backend, UnknownSymbolsAreNull) {
  sema::TypeContext types;
  kir::Module module;
  add_sum(types, module, "sum", 1);
  auto code = make_backend()->compile(module, {}, nullptr);
  EXPECT_EQ(code->find("product").call, nullptr);
  EXPECT_NE(code->find("sum").packed, nullptr);
}

TEST(Backend, CodeOutlivesTheBackend) {
  sema::TypeContext types;
  kir::Module module;
  add_sum(types, module, "sum", 2);
  std::unique_ptr<jit::CompiledCode> code;
  {
    auto backend = make_backend();
    code = backend->compile(module, {}, nullptr);
  }
  EXPECT_EQ(call_sum(*code, "sum"), 12);
}

TEST(Backend, SameNamesDoNotMeet) {
  sema::TypeContext types;
  auto backend = make_backend();
  kir::Module a, b;
  add_sum(types, a, "sum", 1);
  add_sum(types, b, "sum", 10);
  auto first = backend->compile(a, {}, nullptr), second = backend->compile(b, {}, nullptr);
  EXPECT_EQ(call_sum(*first, "sum"), 6);
  EXPECT_EQ(call_sum(*second, "sum"), 60);
}

size_t mappings() {
  std::ifstream maps("/proc/self/maps");
  size_t n = 0;
  for (std::string line; std::getline(maps, line);) ++n;
  return n;
}

TEST(Backend, DestroyedCodeIsUnmapped) {
  sema::TypeContext types;
  auto backend = make_backend();
  size_t before = 0;
  for (int round = 0; round < 60; ++round) {
    kir::Module module;
    add_sum(types, module, "sum", round);
    auto code = backend->compile(module, {.opt_level = 0}, nullptr);
    EXPECT_EQ(call_sum(*code, "sum"), 6.0 * round);
    if (round == 10) before = mappings();
  }
  EXPECT_LE(mappings(), before + 10);
}

TEST(Backend, CompilesFromManyThreads) {
  sema::TypeContext types;
  auto backend = make_backend();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < 5; ++round) {
        kir::Module module;
        add_sum(types, module, "sum", t * 100 + round);
        auto code = backend->compile(module, {}, nullptr);
        auto sum =
            reinterpret_cast<int32_t (*)(kjit_ctx*, void*, void*, void*, int64_t, int64_t)>(code->find("sum").call);
        kjit_ctx context{};
        double data[] = {1, 1}, result = 0;
        EXPECT_EQ(sum(&context, &result, data, nullptr, 2, 8), KJIT_OK);
        EXPECT_EQ(result, 2.0 * (t * 100 + round));
      }
    });
  }
  for (auto& t : threads) t.join();
}

TEST(Backend, TimesEveryStep) {
  sema::TypeContext types;
  kir::Module module;
  add_sum(types, module, "sum", 1);
  jit::CompileTimes times;
  auto code = make_backend()->compile(module, {}, &times);
  EXPECT_GT(times.lower, 0);
  EXPECT_GT(times.optimize, 0);
  EXPECT_GT(times.codegen, 0);
  EXPECT_GT(times.link, 0);
}

TEST(Backend, EmitsEveryForm) {
  sema::TypeContext types;
  kir::Module module;
  add_sum(types, module, "sum", 1);
  auto backend = make_backend();
  EXPECT_NE(backend->emit(module, {}, jit::Emit::Llvm).find("i32 @kjit.sum(ptr"), std::string::npos);
  EXPECT_NE(backend->emit(module, {}, jit::Emit::LlvmOpt).find("phi double"), std::string::npos);
  EXPECT_NE(backend->emit(module, {}, jit::Emit::Asm).find("kjit.sum:"), std::string::npos);
  EXPECT_EQ(backend->emit(module, {}, jit::Emit::Object).substr(1, 3), "ELF");
}

TEST(Backend, OtherProcessors) {
  sema::TypeContext types;
  kir::Module module;
  Kernel k(types, module, "axpy");
  ExprRef x = k.param("x", types.array(Scalar::F64, 1, Layout::C));
  const VarId i = k.local("i", types.int64());
  k.loop(i, k.dim(x, 0), [&] { k.store(x, {k.var(i)}, k.op(Op::Add, k.load(x, {k.var(i)}), k.real(1))); });
  EXPECT_EQ(make_backend(with(&jit::BackendOptions::cpu, "x86-64"))->emit(module, {}, jit::Emit::Asm).find("ymm"),
            std::string::npos);
  EXPECT_NE(make_backend(with(&jit::BackendOptions::cpu, "haswell"))->emit(module, {}, jit::Emit::Asm).find("ymm"),
            std::string::npos);
}

TEST(Backend, GathersOnlyWhereTheyAreFast) {
  sema::TypeContext types;
  kir::Module module;
  Kernel k(types, module, "column");
  k.f->assume_no_alias = true;
  ExprRef x = k.param("x", types.array(Scalar::F64, 1, Layout::C)), y = k.param("y", x->type);
  const VarId i = k.local("i", types.int64());
  k.loop(i, k.dim(y, 0), [&] {
    ExprRef value = k.load(x, {k.op(Op::Mul, k.var(i), k.integer(10))});
    k.store(y, {k.var(i)}, k.op(Op::Add, k.op(Op::Mul, value, value), k.real(1)));
  });
  const auto gathers = [&](const char* cpu) {
    const std::string text = make_backend(with(&jit::BackendOptions::cpu, cpu))->emit(module, {}, jit::Emit::LlvmOpt);
    return text.find("masked.gather") != std::string::npos;
  };
  EXPECT_TRUE(gathers("skylake-avx512"));
  EXPECT_FALSE(gathers("znver4"));
}

class DebugInfo : public ::testing::Test {
 protected:
  // The kernel below, with places in this text.
  static constexpr const char* kText =
      "@njit\n"
      "def walk(a, n):\n"
      "    total = 0.0\n"
      "    for i in range(n):\n"
      "        total += a[i]\n"
      "    return total\n";
  static source::Span line_span(const source::SourceFile& file, uint32_t line) {
    const uint32_t start = file.line_start(line) + 4;
    return {start, start + 1};
  }
  static void build(sema::TypeContext& types, kir::Module& module, const std::string& path) {
    auto file = std::make_shared<source::SourceFile>(path, kText);
    Kernel k(types, module, "walk");
    k.f->file = file;
    k.span = k.f->span = line_span(*file, 2);
    k.f->result = types.float64();
    ExprRef a = k.param("a", types.array(Scalar::F64, 1, Layout::C)), n = k.param("n", types.int64());
    k.span = line_span(*file, 3);
    const VarId total = k.local("total", types.float64());
    k.assign(total, k.real(0));
    k.span = line_span(*file, 4);
    const VarId i = k.local("i", types.int64());
    k.loop(i, n, [&] {
      k.span = line_span(*file, 5);
      k.assign(total, k.op(Op::Add, k.var(total), k.load(a, {k.var(i)})));
    });
    k.span = line_span(*file, 6);
    k.ret(k.var(total));
  }
};

// Run by gdb in the test below; not a test of its own.
TEST_F(DebugInfo, DISABLED_Debuggee) {
  sema::TypeContext types;
  kir::Module module;
  build(types, module, "/nowhere/debuggee.py");
  auto backend = make_backend(with(&jit::BackendOptions::gdb));
  auto code = backend->compile(module, {.opt_level = 0, .debug_info = true}, nullptr);
  auto walk =
      reinterpret_cast<int32_t (*)(kjit_ctx*, void*, void*, void*, int64_t, int64_t, int64_t)>(code->find("walk").call);
  Context ctx;
  double data[] = {1, 2, 4}, result = 0;
  EXPECT_EQ(walk(ctx.get(), &result, data, nullptr, 3, 8, 3), KJIT_OK);
}

TEST_F(DebugInfo, OptimisedCodeKeepsLines) {
  sema::TypeContext types;
  kir::Module module;
  build(types, module, "/nowhere/debuggee.py");
  const std::string text = make_backend()->emit(module, {.debug_info = true}, jit::Emit::LlvmOpt);
  EXPECT_NE(text.find("!DILocation(line: 5"), std::string::npos);
  EXPECT_NE(text.find("!DILocalVariable(name: \"total\""), std::string::npos);
}

std::string output_of(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::string text;
  char buffer[4096];
  while (size_t n = fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, n);
  pclose(pipe);
  return text;
}

TEST_F(DebugInfo, GdbStopsAtKernelLines) {
  if (std::system("command -v gdb > /dev/null 2>&1") != 0) {
    KJIT_SKIP("gdb is not installed");
  }
  if (sanitized()) GTEST_SKIP() << "the sanitizer's runtime does not run under gdb";
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  const std::string text = output_of(
      "gdb -nx -batch -ex 'set debuginfod enabled off' -ex 'set breakpoint pending on' -ex 'break debuggee.py:5' -ex "
      "run "
      "-ex continue -ex continue -ex 'info locals' -ex 'info args' -ex 'print a.data[2]' -ex backtrace --args " +
      self + " --gtest_also_run_disabled_tests --gtest_filter=DebugInfo.DISABLED_Debuggee");
  if (text.find("ptrace: Operation not permitted") != std::string::npos) GTEST_SKIP() << "ptrace is not allowed here";
  EXPECT_NE(text.find("debuggee.py:5"), std::string::npos) << text;
  EXPECT_NE(text.find("total = 3"), std::string::npos) << text;
  EXPECT_NE(text.find("i = 2"), std::string::npos) << text;
  EXPECT_NE(text.find("n = 3"), std::string::npos) << text;
  EXPECT_NE(text.find("shape0 = 3"), std::string::npos) << text;
  EXPECT_NE(text.find("$1 = 4"), std::string::npos) << text;
  EXPECT_NE(text.find("DISABLED_Debuggee_Test::TestBody"), std::string::npos) << "no way back to the caller\n" << text;
}

// The jitdump is written where JITDUMPDIR says, when the process is asked to.
TEST(Backend, WritesJitdumpForPerf) {
  const auto folder = std::filesystem::temp_directory_path() / ("kjit_perf_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const pid_t child = fork();
  if (child == 0) {
    setenv("JITDUMPDIR", folder.c_str(), 1);
    sema::TypeContext types;
    kir::Module module;
    add_sum(types, module, "sum", 1);
    auto backend = make_backend(with(&jit::BackendOptions::perf));
    auto code = backend->compile(module, {}, nullptr);
    _exit(call_sum(*code, "sum") == 6 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  bool found = false;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".dump") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string dump{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    found = found || dump.find("kjit.sum") != std::string::npos;
  }
  EXPECT_TRUE(found);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kjit::test
