// target='cuda': the PTX of regions, what is copied when, what cannot run there. Kernels run on the fake libcuda, which
// interprets their PTX.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "embed/support.h"
#include "support/fake_cuda.h"

namespace kjit {
namespace {

using test::contains;
using test::error_of;

const char* const kHead =
    "import numpy as np\nfrom numba import cuda, njit, prange, vectorize\n@njit(parallel=True, target='cuda')\n";
const char* const kAxpy = "def axpy(a, x, y):\n    for i in prange(x.size):\n        y[i] = a * x[i] + y[i]\n";

size_t count(const std::string& text, const std::string& what) {
  size_t n = 0;
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; ++at) ++n;
  return n;
}

class Offload : public ::testing::Test {
 protected:
  Offload() : path_(std::filesystem::temp_directory_path() / ("kjit_offload_" + std::to_string(getpid()) + ".py")) {}
  ~Offload() override { std::filesystem::remove(path_); }
  void SetUp() override {
    fake.reset();
    setenv("KJIT_FAKE_CUDA_RUN", "1", 1);
  }
  void TearDown() override {
    unsetenv("KJIT_FAKE_CUDA_RUN");
    for (const char* what : {"buffer", "stream", "module", "pool", "context", "event", "host"})
      EXPECT_EQ(fake.live(what), 0) << what;
    EXPECT_EQ(fake.misuse(), 0) << fake.log();
  }

  std::string inspect(const std::string& text, const char* function, const char* signature, Stage stage = Stage::Ptx,
                      const char* arch = "sm_90") {
    std::ofstream(path_) << kHead << text;
    Options options;
    options.gpu_arch = arch;
    return Engine(options).inspect(path_.string(), function, signature, stage, stage == Stage::Passes ? "device" : "");
  }
  std::string run(const std::string& text) {
    Options options;
    options.cuda_library = test::fake_cuda_path();
    std::string out;
    options.write = [&](std::string_view piece) { out += piece; };
    options.warn = [](const Finding&) {};
    Engine engine(options);
    engine.load_string(std::string(kHead) + text, "k.py");
    return out;
  }

  std::filesystem::path path_;
  const test::FakeCuda& fake = test::fake_cuda();
};

TEST_F(Offload, ALoopOverContiguousArraysAccessesSixteenBytesAtOnce) {
  const std::string text = inspect(kAxpy, "axpy", "f4, f4[::1], f4[::1]");
  EXPECT_EQ(count(text, ".visible .entry"), 2u) << text;
  EXPECT_TRUE(contains(text, "ld.global.nc.v4.b32"));
  EXPECT_TRUE(contains(text, "st.global.v4.b32"));
  EXPECT_FALSE(contains(text, "div.u64"));
  EXPECT_FALSE(contains(text, "may fail"));
  EXPECT_TRUE(contains(inspect(kAxpy, "axpy", "f8, f8[::1], f8[::1]"), "ld.global.nc.v2.b64"));
  EXPECT_FALSE(contains(inspect(kAxpy, "axpy", "f4, f4[:], f4[:]"), ".v4"));
}

TEST_F(Offload, ReductionsJoinByShuffles) {
  const std::string text = inspect("def total(x):\n    return x.sum()\n", "total", "f4[::1]");
  EXPECT_TRUE(contains(text, "shfl.sync.down"));
  EXPECT_TRUE(contains(text, "bar"));
}

TEST_F(Offload, TransfersStandBeforeWhatNeedsThem) {
  const std::string text =
      inspect(std::string(kAxpy) + "    y[0] = x[1]\n", "axpy", "f4, f4[::1], f4[::1]", Stage::Passes);
  EXPECT_LT(text.find("to_device made y"), text.find("parallel uniform"));
  EXPECT_GT(text.find("to_host x"), text.find("parallel uniform"));
  EXPECT_GT(text.find("to_host made y"), text.find("parallel uniform"));
}

TEST_F(Offload, PtxIsTakenByTheAssembler) {
  const char* assembler = "/usr/local/cuda/bin/ptxas";
  if (!std::filesystem::exists(assembler)) GTEST_SKIP() << "no ptxas";
  struct Case {
    const char* text;
    const char* signature;
  };
  const Case kCases[] = {
      {kAxpy, "f4, f4[::1], f4[::1]"},
      {kAxpy, "c16, c16[:], c16[::1]"},
      {"def axpy(m):\n    return m.sum(axis=1), m.sum(), m.max(axis=0)\n", "f4[:,::1]"},
      {"def axpy(a, b):\n    for i in prange(1, a.shape[0]):\n        for j in range(a.shape[1]):\n"
       "            b[i, j] = a[i - 1, j] // 3\n",
       "i4[:,::1], i4[:,::1]"},
      {"def axpy(z):\n    s = 1j\n    n = 0\n    for i in prange(z.size):\n        s *= z[i]\n        n ^= i\n"
       "    return s, n\n",
       "c8[::1]"},
  };
  for (const char* arch : {"sm_75", "sm_80", "sm_90", "sm_100"}) {
    for (const Case& c : kCases) {
      const std::string file = path_.string() + ".ptx";
      std::ofstream(file) << inspect(c.text, "axpy", c.signature, Stage::Ptx, arch);
      const std::string command = std::string(assembler) + " -arch=" + arch + " -o /dev/null " + file;
      EXPECT_EQ(std::system(command.c_str()), 0) << arch << "\n" << c.text;
      std::filesystem::remove(file);
    }
  }
}

TEST_F(Offload, ArraysStayOverTheRegionsOfACall) {
  EXPECT_EQ(
      run("def steps(x, y, n):\n    for _ in range(n):\n        for i in prange(x.size):\n            y[i] += x[i]\n"
          "        for i in prange(x.size):\n            x[i] *= 2\n"
          "x, y = np.arange(3.0), np.zeros(3)\nsteps(x, y, 4)\nprint(x, y)\n"),
      "[ 0. 16. 32.] [ 0. 15. 30.]\n");
  const std::string log = fake.log();
  EXPECT_EQ(count(log, "cuMemcpyHtoD"), 2u) << log;
  EXPECT_EQ(count(log, "cuMemcpyDtoH"), 2u) << log;
  EXPECT_EQ(count(log, "cuLaunchKernel"), 8u) << log;
}

TEST_F(Offload, WhatRegionsAloneUseNeverMoves) {
  EXPECT_EQ(
      run("def f(x):\n    t = np.empty_like(x)\n    for i in prange(x.size):\n        t[i] = x[i] + 1\n"
          "    u = np.zeros(x.size)\n    for i in prange(x.size - 1):\n        u[i] += t[i + 1]\n    return u.sum()\n"
          "print(f(np.arange(4.0)))\n"),
      "9.0\n");
  const std::string log = fake.log();
  EXPECT_EQ(count(log, "cuMemcpyHtoD"), 1u) << log;
  EXPECT_EQ(count(log, "cuMemcpyDtoH"), 1u) << log;  // the sum's parts
}

TEST_F(Offload, DeviceArraysStayThere) {
  EXPECT_EQ(run("def f(x):\n    return x * 2\nd = cuda.to_device(np.arange(3.0))\nfor _ in range(5):\n    d = f(d)\n"
                "print(d.copy_to_host())\n"),
            "[ 0. 32. 64.]\n");
  const std::string log = fake.log();
  EXPECT_EQ(count(log, "cuMemcpy"), 2u) << log;
}

TEST_F(Offload, LargeArraysGoInPieces) {
  EXPECT_EQ(run("def f(x):\n    for i in prange(0, x.size, 65536):\n        x[i] += 1\n"
                "x = np.arange(3000001.0)\nf(x)\nprint(x[0], x[65536], x[3000000], x.sum())\n"),
            "1.0 65537.0 3000000.0 4500001500046.0\n");
  const std::string log = fake.log();
  EXPECT_EQ(count(log, "cuMemcpyHtoD"), 6u) << log;
  EXPECT_EQ(count(log, "cuMemHostAlloc"), 6u) << log;
}

TEST_F(Offload, ExceptionsOfIterationsAreRaised) {
  const Error e = error_of([&] {
    run("def f(x, n):\n    for i in prange(x.size):\n        x[i] = 10 // (n - i)\nf(np.zeros(40, np.int64), 37)\n");
  });
  EXPECT_EQ(e.kind(), ErrorKind::ZeroDivisionError) << e.message();
  EXPECT_EQ(e.place().line, 5u);
}

TEST_F(Offload, WhatThreadsOfAGpuCannotDoIsAnErrorWithItsPlace) {
  struct Refusal {
    const char* text;
    const char* message;
    uint32_t line;
  };
  const Refusal kRefusals[] = {
      {"def f(k):\n    h = np.zeros(4)\n    for i in prange(k.size):\n        h[k[i]] += 1\n    return h\n",
       "a reduction into the array 'h'", 6},
      {"def f(k):\n    t = 0\n    for i in prange(k.size):\n        t = k[i]\n        if t > 2:\n            continue\n"
       "        k[i] = 1\n    return t\n",
       "the value of 't' after", 6},
      {"def f(k):\n    for i in prange(k.size):\n        t = np.zeros(k[i])\n        k[i] = t.size\n",
       "making an array in a CUDA kernel", 6},
  };
  for (const Refusal& r : kRefusals) {
    const Error e = error_of([&] { inspect(r.text, "f", "i8[::1]", Stage::Passes); });
    ASSERT_EQ(e.kind(), ErrorKind::Compile) << r.text << e.message();
    std::string all;
    uint32_t line = 0;
    for (const Finding& found : e.findings()) {
      all += found.message + "\n";
      if (found.severity == Finding::Severity::Error && contains(found.message, r.message)) line = found.place.line;
    }
    EXPECT_EQ(line, r.line) << r.text << all;
  }
}

TEST_F(Offload, WithoutADriverACallSaysSo) {
  Options options;
  options.cuda_library = "libnosuchcuda.so.1";
  const Error e = error_of(
      [&] { Engine(options).load_string(std::string(kHead) + kAxpy + "axpy(1.0, np.ones(3), np.ones(3))\n", "k.py"); });
  EXPECT_EQ(e.kind(), ErrorKind::RuntimeError);
  EXPECT_TRUE(contains(e.message(), "no CUDA device: libnosuchcuda.so.1")) << e.message();
}

}  // namespace
}  // namespace kjit
