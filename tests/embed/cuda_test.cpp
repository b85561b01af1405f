// Kernels with @cuda.jit: their PTX, what they may contain, and launches on the fake libcuda.
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "embed/support.h"
#include "support/fake_cuda.h"

namespace kjit {
namespace {

using test::contains;
using test::error_of;

const char* const kHead =
    "import math\nimport numpy as np\nfrom numba import cuda, njit\n@cuda.jit\n";  // a kernel is at line 5

class Cuda : public ::testing::Test {
 protected:
  Cuda() : path_(std::filesystem::temp_directory_path() / ("kjit_cuda_" + std::to_string(getpid()) + ".py")) {}
  ~Cuda() override { std::filesystem::remove(path_); }

  std::string ptx(const std::string& text, const char* signature, const char* arch = "sm_90",
                  Stage stage = Stage::Ptx) {
    std::ofstream(path_) << kHead << text;
    Options options;
    options.gpu_arch = arch;
    return Engine(options).inspect(path_.string(), stage == Stage::Ptx ? "" : "k", signature, stage, "");
  }
  Error refused(const std::string& body, const char* signature = "f8[:]") {
    return error_of([&] { ptx("def k(x):\n" + body, signature); });
  }

  std::filesystem::path path_;
};

const char* const kAxpy =
    "def axpy(y, x, a):\n    i = cuda.grid(1)\n    if i < y.size:\n        y[i] = a * x[i] + y[i]\n";

TEST_F(Cuda, AKernelIsAnEntryOfPtx) {
  const std::string text = ptx(kAxpy, "f4[::1], f4[::1], f4");
  EXPECT_TRUE(contains(text, ".target sm_90")) << text;
  EXPECT_TRUE(contains(text, ".visible .entry axpy("));
  EXPECT_TRUE(contains(text, "%ctaid.x"));
  EXPECT_TRUE(contains(text, "ld.global"));
  EXPECT_TRUE(contains(text, "st.global.b32"));
  for (const char* absent : {".func", ".extern", "call", ".f64", "kjit_rt"})
    EXPECT_FALSE(contains(text, absent)) << absent << "\n" << text;
}

TEST_F(Cuda, IndicesOfThreadsNeedNoTestForNegativeOnes) {
  const std::string body = "def k(x):\n    i = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x\n    x[i] = 1\n";
  EXPECT_TRUE(contains(ptx(body, "f8[::1]", "sm_90", Stage::Passes), "x[i] = "));
  EXPECT_FALSE(contains(ptx(body, "f8[::1]"), "setp"));
}

TEST_F(Cuda, ArchitecturesAreNamed) {
  EXPECT_TRUE(contains(ptx(kAxpy, "f4[::1], f4[::1], f4", ""), ".target sm_75"));
  EXPECT_TRUE(contains(ptx(kAxpy, "f4[::1], f4[::1], f4", "sm_100"), ".target sm_100"));
  const Error typo = error_of([&] { ptx(kAxpy, "f4[::1], f4[::1], f4", "sm90"); });
  EXPECT_EQ(typo.kind(), ErrorKind::Usage);
  EXPECT_TRUE(contains(typo.message(), "'sm90'")) << typo.message();
  const Error old = error_of([&] { ptx(kAxpy, "f4[::1], f4[::1], f4", "sm_52"); });
  EXPECT_TRUE(contains(old.message(), "too old")) << old.message();
}

TEST_F(Cuda, OnlyKernelsHavePtx) {
  std::ofstream(path_) << "from numba import njit\n@njit\ndef f(x):\n    return x\n";
  const Error e = error_of([&] { Engine().inspect(path_.string(), "f", "i8", Stage::Ptx, ""); });
  EXPECT_EQ(e.kind(), ErrorKind::Usage);
}

struct Refusal {
  const char* body;
  const char* message;
  uint32_t line;
};

TEST_F(Cuda, WhatAGpuCannotDoIsAnErrorWithItsPlace) {
  const Refusal kRefusals[] = {
      {"    x[0] = math.sin(x[1])\n", "the function sin in a CUDA kernel is not supported", 6},
      {"    x[0] = x[1] ** 0.5\n", "a power of floats in a CUDA kernel is not supported", 6},
      {"    x[0] = 1\n    x[1] = x[2] % 2.0\n", "% of floats in a CUDA kernel is not supported", 7},
      {"    print(x[0])\n", "print in a CUDA kernel is not supported", 6},
      {"    a = np.zeros(3)\n    x[0] = a[1]\n", "making an array in a CUDA kernel is not supported", 6},
      {"    if x[0] > 1:\n        raise ValueError('no')\n", "raise in a CUDA kernel is not supported", 7},
      {"    assert x[0] > 1\n", "assert in a CUDA kernel is not supported", 6},
      {"    x[0] = cuda.clock()\n", "cuda.clock is not supported", 6},
      {"    x[0] = cuda.grid(4)\n", "grid() takes the number of axes, the constant 1, 2 or 3", 6},
      {"    return x[0]\n", "a CUDA kernel returns nothing, not float64", 6},
  };
  for (const Refusal& r : kRefusals) {
    const Error e = refused(r.body);
    ASSERT_EQ(e.kind(), ErrorKind::Compile) << r.body << e.message();
    EXPECT_TRUE(contains(e.findings().at(0).message, r.message)) << r.body << e.findings().at(0).message;
    EXPECT_EQ(e.findings().at(0).place.line, r.line) << r.body;
  }
}

TEST_F(Cuda, PtxIsTakenByTheAssembler) {
  const char* assembler = "/usr/local/cuda/bin/ptxas";
  if (!std::filesystem::exists(assembler)) GTEST_SKIP() << "no ptxas";
  struct Case {
    const char* text;
    const char* signature;
  };
  const Case kCases[] = {
      {kAxpy, "f4[::1], f4[::1], f4"},
      {kAxpy, "f8[:], f8[:], f8"},
      {kAxpy, "c16[::1], c16[:], c16"},
      {kAxpy, "i1[::1], u8[::1], u4"},
      {"def add(m, n):\n    i, j = cuda.grid(2)\n    if i < m.shape[0] and j < m.shape[1]:\n        s = 0.0\n"
       "        for k in range(n):\n            s += m[i, k] * m[k, j]\n        m[i, j] = math.sqrt(s) + "
       "math.floor(s)\n",
       "f8[:,::1], i8"},
      {"def \u00fcber(m, t):\n    x, y, z = cuda.grid(3)\n    for row in m:\n        if row[x] > t[0]:\n            "
       "break\n"
       "        row[y] = t[1] // 3 + x % 7 + np.int32(row[z]) + cuda.laneid + cuda.warpsize\n",
       "f4[:,:], Tuple((f8, i4))"},
  };
  for (const char* arch : {"sm_75", "sm_80", "sm_90", "sm_100"}) {
    for (const Case& c : kCases) {
      const std::string file = path_.string() + ".ptx";
      std::ofstream(file) << ptx(c.text, c.signature, arch);
      const std::string command = std::string(assembler) + " -arch=" + arch + " -o /dev/null " + file;
      EXPECT_EQ(std::system(command.c_str()), 0) << arch << "\n" << c.text;
      std::filesystem::remove(file);
    }
  }
}

TEST_F(Cuda, WithoutADriverALaunchSaysSo) {
  Options options;
  options.cuda_library = "libnosuchcuda.so.1";
  const Error e = error_of([&] {
    Engine(options).load_string(std::string(kHead) + kAxpy + "axpy[1, 32](np.zeros(3), np.ones(3), 2.0)\n", "k.py");
  });
  EXPECT_EQ(e.kind(), ErrorKind::RuntimeError);
  EXPECT_TRUE(contains(e.message(), "no CUDA device: libnosuchcuda.so.1")) << e.message();
  EXPECT_EQ(e.place().line, 9u);
}

// Launches on the fake libcuda, whose kernels are functions of this test.
class FakeLaunch : public Cuda {
 protected:
  void SetUp() override { fake.reset(); }
  void TearDown() override {
    for (const char* what : {"buffer", "stream", "module", "pool", "context"}) EXPECT_EQ(fake.live(what), 0) << what;
    EXPECT_EQ(fake.misuse(), 0) << fake.log();
  }
  std::string run(const std::string& text) {
    Options options;
    options.cuda_library = test::fake_cuda_path();
    std::string out;
    options.write = [&](std::string_view piece) { out += piece; };
    Engine engine(options);
    engine.load_string(std::string(kHead) + text, "k.py");
    return out;
  }

  const test::FakeCuda& fake = test::fake_cuda();
};

// y[i] = a * x[i] + y[i] as the kernel's parameters have it: data, shape, strides of y and x, then a.
void axpy(void** parameters, const unsigned* grid) {
  const auto number = [&](int k) { return *static_cast<const int64_t*>(parameters[k]); };
  auto* y = reinterpret_cast<double*>(number(0));
  const auto* x = reinterpret_cast<const double*>(number(3));
  const double a = *static_cast<const double*>(parameters[6]);
  ASSERT_EQ(number(2), 8);
  ASSERT_EQ(number(5), 8);
  for (int64_t i = 0; i < int64_t{grid[0]} * grid[3] && i < number(1); ++i) y[i] += a * x[i];
}

TEST_F(FakeLaunch, HostArraysGoThereAndBack) {
  fake.kernel("axpy", axpy);
  EXPECT_EQ(run(std::string(kAxpy) +
                "y = np.ones(5)\naxpy[2, 32](y, np.arange(5.0), 2.0)\nprint(y)\n"
                "m = np.zeros((3, 2))\naxpy[1, 32](m[:, 1], np.arange(3.0), 1.0)\nprint(m[:, 1], m[:, 0])\n"),
            "[1. 3. 5. 7. 9.]\n[0. 1. 2.] [0. 0. 0.]\n");
}

TEST_F(FakeLaunch, DeviceArraysStay) {
  fake.kernel("axpy", axpy);
  EXPECT_EQ(
      run(std::string(kAxpy) + "y = cuda.to_device(np.ones(3))\nx = cuda.to_device(np.arange(3.0))\n"
                               "for _ in range(3):\n    axpy[1, 32](y, x, 1.0)\nprint(y.copy_to_host(), y.shape, y)\n"),
      "[1. 4. 7.] (3,) <device array of float64, shape (3,)>\n");
  const std::string log = fake.log();
  size_t copies = 0;
  for (size_t at = 0; (at = log.find("cuMemcpy", at)) != std::string::npos; ++at) ++copies;
  EXPECT_EQ(copies, 3u) << log;
}

TEST_F(FakeLaunch, AKernelIsCompiledOnceForItsTypes) {
  run(std::string(kAxpy) +
      "y = np.ones(5)\nfor k in range(4):\n    axpy[1, 32](y, y, 2.0 * k)\naxpy[1, 32](np.ones(2, np.float32), y, "
      "1.0)\n");
  const std::string log = fake.log();
  size_t loads = 0;
  for (size_t at = 0; (at = log.find("cuModuleLoad", at)) != std::string::npos; ++at) ++loads;
  EXPECT_EQ(loads, 2u);
}

TEST_F(FakeLaunch, ErrorsOfTheDriverHaveTheLine) {
  const Error grid = error_of([&] { run(std::string(kAxpy) + "axpy[1, 2048](np.ones(5), np.ones(5), 1.0)\n"); });
  EXPECT_EQ(grid.kind(), ErrorKind::ValueError);
  EXPECT_TRUE(contains(grid.message(), "(2048, 1, 1) threads is more than the device has")) << grid.message();
  EXPECT_EQ(grid.place().line, 9u);
  const Error memory = error_of([&] { run(std::string(kAxpy) + "a = cuda.device_array(1 << 28)\n"); });
  EXPECT_EQ(memory.kind(), ErrorKind::MemoryError);
  EXPECT_TRUE(contains(memory.message(), "asked for 2.00 GiB on device 0")) << memory.message();
  fake.fail("cuStreamSynchronize", 700, 0, true);
  const Error fault = error_of([&] { run(std::string(kAxpy) + "axpy[1, 32](np.ones(5), np.ones(5), 1.0)\n"); });
  EXPECT_EQ(fault.kind(), ErrorKind::RuntimeError);
  EXPECT_TRUE(contains(fault.message(), "in kernel 'axpy'")) << fault.message();
  fake.reset();
}

TEST_F(FakeLaunch, ArgumentsThatDoNotFitAreErrors) {
  EXPECT_EQ(error_of([&] { run(std::string(kAxpy) + "axpy[1, 32](np.ones(5), np.ones(5))\n"); }).kind(),
            ErrorKind::TypeError);
  EXPECT_EQ(error_of([&] { run(std::string(kAxpy) + "axpy[1, 32]([1, 2], np.ones(5), 1.0)\n"); }).kind(),
            ErrorKind::TypeError);
  EXPECT_EQ(error_of([&] { run(std::string(kAxpy) + "axpy[(1, 1, 1, 1), 32](np.ones(5), np.ones(5), 1.0)\n"); }).kind(),
            ErrorKind::ValueError);
}

}  // namespace
}  // namespace kjit
