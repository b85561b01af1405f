// What a host gives: print, modules, constants, functions, limits, cancellation.
#include <chrono>
#include <thread>

#include "embed/support.h"

namespace kjit {
namespace {

using test::contains;
using test::error_of;
using test::kernel;

TEST(HostTest, PrintGoesToTheHost) {
  std::string out;
  Options options;
  options.write = [&](std::string_view text) { out += text; };
  Engine engine(std::move(options));
  Module m = engine.load_string(kernel("print('top', 1)\n@njit\ndef f(x):\n    print('in', x, (x, 1.5))\n"), "test.py");
  EXPECT_EQ(out, "top 1\n");
  out.clear();
  m.function<void(int64_t)>("f")(3);
  EXPECT_EQ(out, "in 3 (3, 1.5)\n");
}

TEST(HostTest, WithoutACallbackPrintIsDropped) {
  Engine engine;
  ::testing::internal::CaptureStdout();
  engine.load_string("print('nobody hears')\n");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
}

TEST(HostTest, WhatACallbackThrowsComesOutOfTheCall) {
  Options options;
  options.write = [](std::string_view) { throw 1; };
  Engine engine(std::move(options));
  Module m = engine.load_string(kernel("@njit\ndef f():\n    print('x')\n    return 5\n"));
  EXPECT_THROW(m.function<int64_t()>("f")(), int);
}

TEST(HostTest, AKernelMayBeCalledFromACallback) {
  Function<int64_t(int64_t)> inner;
  int64_t seen = 0;
  Options options;
  options.write = [&](std::string_view) {
    seen = inner(20);
    EXPECT_EQ(error_of([&] { inner(-1); }).kind(), ErrorKind::ValueError);
  };
  Engine engine(std::move(options));
  Module m =
      engine.load_string(kernel("@njit\ndef inner(x):\n    if x < 0:\n        raise ValueError('negative')\n    return "
                                "x + 1\n@njit\ndef outer(x):\n    print('')\n    return x\n"));
  inner = m.function<int64_t(int64_t)>("inner");
  EXPECT_EQ(m.function<int64_t(int64_t)>("outer")(3), 3);
  EXPECT_EQ(seen, 21);
}

const char* const kInverse =
    "@njit\ndef f(n):\n    return np.linalg.inv(np.eye(n))[0, 0]\n@njit\ndef small(n):\n    a = np.eye(n)\n"
    "    return (a @ a)[0, 0]\n";

TEST(HostTest, BlasComesFromTheHost) {
  int asked = 0;
  Options options;
  options.blas_function = [&](const char*) -> void* {
    ++asked;
    return nullptr;
  };
  Engine engine(std::move(options));
  Module m = engine.load_string(kernel(kInverse), "test.py");
  EXPECT_EQ(m.function<double(int64_t)>("small")(2), 1.0);  // loops: none is needed
  EXPECT_EQ(asked, 0);
  const Error e = error_of([&] { m.function<double(int64_t)>("f")(3); });
  EXPECT_EQ(e.kind(), ErrorKind::OSError);
  EXPECT_TRUE(contains(e.message(), "given by the host have no function sgemm_")) << e.message();
  EXPECT_GT(e.place().line, 0u);
  EXPECT_EQ(asked, 1);
}

TEST(HostTest, ABlasLibraryThatIsNotThereIsNamed) {
  Options options;
  options.blas_library = "/nowhere/libblas.so";
  Engine engine(std::move(options));
  Module m = engine.load_string(kernel(kInverse), "test.py");
  const Error e = error_of([&] { m.function<double(int64_t)>("f")(3); });
  EXPECT_EQ(e.kind(), ErrorKind::OSError);
  EXPECT_TRUE(contains(e.message(), "/nowhere/libblas.so")) << e.message();
}

TEST(HostTest, ModulesComeFromTheResolver) {
  Options options;
  options.resolve_module = [](std::string_view name, std::string_view importer) -> std::optional<ModuleText> {
    EXPECT_EQ(importer, "main.py");
    if (name == "common")
      return ModuleText{"common.py", kernel("LIMIT = 3\n@njit\ndef clamp(x):\n    return min(x, LIMIT)\n")};
    return std::nullopt;
  };
  Engine engine(std::move(options));
  Module m = engine.load_string(
      kernel("from common import clamp\nimport common\n@njit\ndef f(x):\n    return clamp(x) + common.clamp(1)\n"),
      "main.py");
  EXPECT_EQ(m.function<int64_t(int64_t)>("f")(10), 4);
  EXPECT_EQ(error_of([&] { engine.load_string("import nothing_like_it\n", "main.py"); }).findings().at(0).id,
            "unknown-module");
}

TEST(HostTest, ConstantsAreImported) {
  Options options;
  options.constants["host.scale"] = 2.5;
  options.constants["host.size"] = 4;
  Engine engine(std::move(options));
  Module m = engine.load_string(
      kernel("from host import scale\nimport host\n@njit\ndef f(x):\n    return x * scale + host.size\n"));
  EXPECT_EQ(m.function<double(double)>("f")(2), 9);
}

double triple(double x) { return 3 * x; }
int64_t calls = 0;
int64_t count(int64_t by) { return calls += by; }
uint8_t is_small(float x) { return x < 1 ? 1 : 0; }
void tick(int32_t n) { calls += n; }

TEST(HostTest, FunctionsAreCalledFromKernels) {
  Options options;
  options.functions = {host_function("host", "triple", "float64(float64)", triple, true),
                       host_function("host", "count", "int64(int64)", count),
                       host_function("host", "is_small", "bool(float32)", is_small, true),
                       host_function("other", "tick", "void(int32)", tick)};
  Engine engine(std::move(options));
  Module m = engine.load_string(kernel(R"(
from host import triple
import host
from other import tick
@njit
def f(n):
    s = 0.0
    for i in range(n):
        s += triple(i)          # the argument is converted
        host.count(2)
        tick(1)
    return s
@njit
def g(x):
    return host.is_small(x)
)"));
  calls = 0;
  EXPECT_EQ(m.function<double(int64_t)>("f")(4), 18);
  EXPECT_EQ(calls, 12) << "functions with effects are called each time";
  EXPECT_TRUE(m.function<bool(float)>("g")(0.5f));
  EXPECT_FALSE(m.function<bool(float)>("g")(1.5f));
}

using C128 = std::complex<double>;
using C64 = std::complex<float>;
C128 rotate(C128 z, double by) { return z * C128(0, by); }
C64 mix(int32_t n, C64 a, float x, C64 b) { return a * x + C64(static_cast<float>(n), 0) * std::conj(b); }
double many(C128 a, C128 b, C128 c, double x, double y) { return (a + b + c).real() * x + (a * b).imag() * y; }
double too_many(double, C128 a, C128 b, C128 c, C128) { return (a + b + c).real(); }

TEST(HostTest, FunctionsOfComplexNumbers) {
  Options options;
  options.functions = {
      host_function("host", "rotate", "complex128(complex128, float64)", rotate, true),
      host_function("host", "mix", "complex64(int32, complex64, float32, complex64)", mix),
      host_function("host", "many", "float64(complex128, complex128, complex128, float64, float64)", many),
      host_function("host", "too_many", "float64(float64, c16, c16, c16, c16)", too_many)};
  Engine engine(std::move(options));
  Module m = engine.load_string(kernel(R"(
from host import rotate, mix, many, too_many
@njit
def f(z, w):
    return rotate(z, 2.0) + rotate(w, -1), rotate(3, 1.0)
@njit
def g(a, b):
    return mix(2, a, 0.5, b)
@njit
def h(a, b, c):
    return many(a, b, c, 10.0, 0.5)
@njit
def k(a):
    return too_many(1.0, a, a, a, a)
)"));
  EXPECT_EQ(m.call("f", {C128(1, 2), C128(3, -4)}).as_tuple().at(0).as_complex(), C128(-8, -1));
  EXPECT_EQ(m.call("f", {C128(1, 2), C128(3, -4)}).as_tuple().at(1).as_complex(), C128(0, 3));
  EXPECT_EQ(m.function<C64(C64, C64)>("g")(C64(2, 4), C64(1, 3)), C64(3, -4));
  EXPECT_EQ(m.function<double(C128, C128, C128)>("h")(C128(1, 2), C128(3, 4), C128(5, 6)), 95.0);
  EXPECT_TRUE(contains(error_of([&] { m.call("k", {C128(1, 2)}); }).what(), "at most eight"));
}

TEST(HostTest, ABadSignatureOfAHostFunctionIsRefusedAtOnce) {
  const auto refused = [](const char* signature) {
    Options options;
    options.functions = {host_function("host", "triple", signature, triple)};
    return error_of([&] { Engine engine(std::move(options)); });
  };
  for (const char* signature : {"float64(float64", "float64(float6)", "float64(float64[:])", "float64, float64", "",
                                "(float64)", "float64(float64))", "1 + 2", "float64(float64)\nx = 1"}) {
    const Error e = refused(signature);
    EXPECT_EQ(e.kind(), ErrorKind::Usage) << signature;
    EXPECT_TRUE(contains(e.message(), "host.triple")) << e.message();
    EXPECT_TRUE(contains(e.message(), "signature \"" + std::string(signature))) << e.message();
  }
  EXPECT_TRUE(contains(refused("float64(float64[:])").message(), "needs one over numbers"));
}

TEST(HostTest, AHandleOfAHostFunctionWithAnotherNumberOfArgumentsNamesBothSignatures) {
  Options options;
  options.functions = {host_function("host", "triple", "float64(float64)", triple)};
  Engine engine(std::move(options));
  Module m = engine.load_string("from host import triple\n");
  const Error e = error_of([&] { m.function<double(double, double)>("triple"); });
  EXPECT_EQ(e.kind(), ErrorKind::Usage);
  EXPECT_EQ(e.message(),
            "the handle is float64 triple(float64, float64), with 2 arguments; the function of the host is float64 "
            "triple(float64)");
  EXPECT_EQ(m.function<double(double)>("triple")(2), 6);
}

TEST(HostTest, AResolverWithoutAnEndIsAnError) {
  int asked = 0;
  Options options;
  options.resolve_module = [&](std::string_view, std::string_view) -> std::optional<ModuleText> {
    const std::string number = std::to_string(++asked);
    return ModuleText{"m" + number + ".py", "import n" + number + "\n"};
  };
  Engine engine(std::move(options));
  const Error e = error_of([&] { engine.load_string("import first\n", "main.py"); });
  EXPECT_EQ(e.kind(), ErrorKind::RecursionError);
  EXPECT_TRUE(contains(e.message(), "imports are nested too deep")) << e.message();
  EXPECT_LE(asked, 1001);
  EXPECT_EQ(engine.load_string("x = 1\n").global("x").as_int(), 1) << "the engine is as good as before";
}

TEST(HostTest, TheMemoryLimitHoldsForACall) {
  Engine engine;
  Module m = engine.load_string(kernel("@njit\ndef f(n):\n    return np.zeros(n)\n"));
  auto f = m.function<OwnedArray<double, 1>(int64_t)>("f");
  EXPECT_EQ(f.call({.memory_limit = 1 << 20}, 1000).size(), 1000);
  EXPECT_EQ(error_of([&] { f.call({.memory_limit = 1 << 20}, 1 << 20); }).kind(), ErrorKind::MemoryError);
  EXPECT_EQ(f(1 << 20).size(), 1 << 20) << "the next call has no limit";
}

TEST(HostTest, TheEnginesMemoryLimitHoldsForEachCall) {
  Options options;
  options.memory_limit = 1 << 20;
  Engine engine(std::move(options));
  Module m = engine.load_string(kernel("@njit\ndef f(n):\n    return np.zeros(n)\n"));
  auto f = m.function<OwnedArray<double, 1>(int64_t)>("f");
  std::vector<OwnedArray<double, 1>> kept;
  for (int i = 0; i < 4; ++i) kept.push_back(f(100000));  // each below the limit, together above
  EXPECT_EQ(error_of([&] { f(200000); }).kind(), ErrorKind::MemoryError);
}

const char* const kForever = "@njit\ndef f(x):\n    n = 0\n    while x[0] >= 0.0:\n        n += 1\n    return n\n";

TEST(HostTest, ACallIsCancelledFromAnotherThread) {
  Options options;
  options.interruptible = true;
  Engine engine(std::move(options));
  auto f = engine.load_string(kernel(kForever)).function<int64_t(std::span<const double>)>("f");
  const std::vector<double> one{1.0};
  CancelFlag flag;
  std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    flag.cancel();
  });
  EXPECT_EQ(error_of([&] { f.call({.cancel = &flag}, one); }).kind(), ErrorKind::Interrupted);
  std::stop_source source;
  std::jthread third([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    source.request_stop();
  });
  EXPECT_EQ(error_of([&] { f.call({.stop = source.get_token()}, one); }).kind(), ErrorKind::Interrupted);
}

// What runs for years: loops without a loop inside, counting up, down, by a step, with an allocation; a recursion.
const char* const kLongLoops = R"(
@njit
def up(n, x):
    for i in range(n):
        x ^= x << 13
        x ^= x >> 7
        x ^= x << 17
    return x
@njit
def down(n, x):
    for i in range(n, 0, -1):
        x = (x ^ (x << 13)) + i
    return x
@njit
def by(n, x):
    for i in range(0, n, x):
        x ^= (x << 13) ^ i
    return x
@njit
def allocates(n, x):
    for i in range(n):
        a = np.zeros(100000)
        x += int(a[i % 100000]) + 1
    return x
@njit
def tree(n, x):
    if n < 2:
        return x
    return tree(n - 1, x) + tree(n - 2, x)
@njit
def recurses(n, x):
    return tree(min(n >> 40, 80), x)
)";

TEST(HostTest, ALongInnermostLoopIsCancelled) {
  Options options;
  options.interruptible = true;
  Engine engine(std::move(options));
  Module module = engine.load_string(kernel(kLongLoops));
  for (const char* name : {"up", "down", "by", "allocates", "recurses"}) {
    auto f = module.function<int64_t(int64_t, int64_t)>(name);
    EXPECT_NE(f(1000, 3), 0) << name;  // compiled before the clock runs
    CancelFlag flag;
    std::chrono::steady_clock::time_point asked;
    std::jthread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      asked = std::chrono::steady_clock::now();
      flag.cancel();
    });
    EXPECT_EQ(error_of([&] { f.call({.cancel = &flag}, int64_t{1} << 53, 3); }).kind(), ErrorKind::Interrupted) << name;
    const auto stopped = std::chrono::steady_clock::now();
    other.join();
    EXPECT_LT(stopped - asked, std::chrono::seconds(2)) << name;
  }
}

TEST(HostTest, InterruptibleLoopsDoEachIterationOnce) {
  const char* source = R"(
@njit
def total(lo, hi, step):
    count = 0
    last = -1
    s = 0
    for i in range(lo, hi, step):
        count += 1
        last = i
        s += i % 1000
    else:
        s += 1
    return count, last, s
@njit
def up(lo, hi):
    count = 0
    for i in range(lo, hi):
        if i < lo or i >= hi:
            return -1
        count += 1
    return count
@njit
def down(hi, lo):
    s = 0
    for i in range(hi, lo, -1):
        if i % 7 == 0:
            continue
        if i == 5:
            break
        s += i % 1000
    return s
)";
  Options options;
  options.interruptible = true;
  Engine stops(std::move(options)), plain;
  Module a = stops.load_string(kernel(source)), b = plain.load_string(kernel(source));
  using Total = std::tuple<int64_t, int64_t, int64_t>(int64_t, int64_t, int64_t);
  using Two = int64_t(int64_t, int64_t);
  const int64_t strip = int64_t{1} << 18, top = INT64_MAX;
  for (const int64_t n : {int64_t{0}, int64_t{1}, strip - 1, strip, strip + 1, 2 * strip, 3 * strip + 17}) {
    for (const int64_t step : {1, 3, -1, -5})
      EXPECT_EQ(a.function<Total>("total")(-9, -9 + n * step, step),
                b.function<Total>("total")(-9, -9 + n * step, step))
          << n << " by " << step;
    EXPECT_EQ(a.function<Two>("up")(-n, n), 2 * n);
    EXPECT_EQ(a.function<Two>("up")(top - n, top), n);
    EXPECT_EQ(a.function<Two>("up")(INT64_MIN, INT64_MIN + n), n);
    EXPECT_EQ(a.function<Two>("down")(n, -n), b.function<Two>("down")(n, -n)) << n;
    EXPECT_EQ(a.function<Two>("down")(INT64_MIN + n, INT64_MIN), b.function<Two>("down")(INT64_MIN + n, INT64_MIN))
        << n;
  }
}

TEST(HostTest, TheEngineInterruptsItsCalls) {
  Options options;
  options.interruptible = true;
  Engine engine(std::move(options));
  auto f = engine.load_string(kernel(kForever)).function<int64_t(std::span<const double>)>("f");
  const std::vector<double> one{1.0};
  std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    engine.interrupt();
  });
  EXPECT_EQ(error_of([&] { f(one); }).kind(), ErrorKind::Interrupted);
}

TEST(HostTest, CancellingNeedsAnInterruptibleEngine) {
  Engine engine;
  auto f = engine.load_string(kernel("@njit\ndef f():\n    return 1\n")).function<int64_t()>("f");
  CancelFlag flag;
  EXPECT_EQ(error_of([&] { f.call({.cancel = &flag}); }).kind(), ErrorKind::Usage);
}

}  // namespace
}  // namespace kjit
