// Kernels with @cuda.jit: their PTX, what they may contain, and launches on the fake libcuda.
#include <kjit_rt/cuda.h>
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
      {"    x[0] = np.arctan(1j * x[1]).real\n",
       "the function atan of complex numbers in a CUDA kernel is not supported", 6},
      {"    x[0] = 1\n    print(x)\n", "print of array(float64, 1d, A) in a CUDA kernel is not supported", 7},
      {"    a = np.zeros(x.size)\n    x[0] = a[1]\n", "making an array in a CUDA kernel is not supported", 6},
      {"    s = cuda.shared.array(8192, np.float64)\n    s[0] = 1\n    x[0] = s[0]\n",
       "more than 48 KiB of shared arrays of constant shape in a CUDA kernel is not supported", 6},
      {"    n = x.size\n    s = cuda.shared.array(n, np.float64)\n", "the shape of cuda.shared.array()", 7},
      {"    s = cuda.local.array((4, 0), np.float64)\n", "cuda.local.array() makes no array of length 0", 6},
      {"    cuda.atomic.add(x, (0, 1), 1)\n", "cuda.atomic.add() wants an index for each of the 1 axes, 2 given", 6},
      {"    cuda.atomic.and_(x, 0, 1)\n",
       "cuda.atomic.and_() works on arrays of int32, uint32, int64 or uint64, not of float64", 6},
      {"    cuda.atomic.inc(x, 0, 1)\n", "works on arrays of uint32 or uint64, not of float64", 6},
      {"    cuda.atomic.add(1, 0, 1)\n", "cuda.atomic.add() takes an array", 6},
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

// Runs on the fake libcuda, whose modules the assembler is given.
TEST_F(Cuda, PtxOfAllProgramsIsTakenByTheAssembler) {
  const char* assembler = "/usr/local/cuda/bin/ptxas";
  if (!std::filesystem::exists(assembler)) GTEST_SKIP() << "no ptxas";
  const test::FakeCuda& fake = test::fake_cuda();
  int64_t assembled = 0;
  for (const auto& program : std::filesystem::directory_iterator("tests/lang/cuda")) {
    const std::string name = program.path().filename().string();
    if (program.path().extension() != ".py" || name.starts_with("fail_")) continue;
    for (const char* arch : {"sm_75", "sm_80", "sm_90", "sm_100"}) {
      fake.reset();
      Options options;
      options.cuda_library = test::fake_cuda_path();
      options.gpu_arch = arch;
      options.write = [](std::string_view) {};
      ASSERT_NO_THROW(Engine(options).run_file(program.path().string())) << name;
      for (int64_t k = 0; fake.image(k); ++k, ++assembled) {
        const std::string file = path_.string() + ".ptx";
        std::ofstream(file) << fake.image(k);
        const std::string command = std::string(assembler) + " -arch=" + arch + " -o /dev/null " + file;
        EXPECT_EQ(std::system(command.c_str()), 0) << arch << " " << name << "\n" << fake.image(k);
        std::filesystem::remove(file);
      }
    }
  }
  EXPECT_GT(assembled, 100);
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
  EXPECT_EQ(run(std::string(kAxpy) +
                "y = cuda.to_device(np.ones(3))\nx = cuda.to_device(np.arange(3.0))\n"
                "for _ in range(3):\n    axpy[1, 32](y, x, 1.0)\nprint(y.copy_to_host(), y.shape, len(y), y)\n"),
            "[1. 4. 7.] (3,) 3 <device array of float64, shape (3,)>\n");
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

TEST_F(FakeLaunch, WhatADebugKernelReportsIsAnErrorWhereTheDeviceIsWaitedFor) {
  const std::string kernel = "def k(x):\n    x[cuda.grid(1)] = 1\nx = cuda.to_device(np.zeros(10))\n";
  const auto debug = [&](const std::string& rest) {
    std::string text = kHead;
    text.replace(text.find("@cuda.jit"), 9, "@cuda.jit(debug=True)");
    Options options;
    options.cuda_library = test::fake_cuda_path();
    Engine(options).load_string(text + kernel + rest, "k.py");
  };
  EXPECT_NO_THROW(debug("k[1, 4](x)\ncuda.synchronize()\n"));  // nothing was reported
  kjit_cuda_report report{};
  report.status = KJIT_INDEX_ERROR, report.number = 12;
  report.block[0] = 1, report.thread[0] = 3;
  report.operands[0] = 11, report.operands[2] = 10;
  const std::string sites = std::string("unused\n\n\n\0", 10) + "k.py\n6 5 6 19\nk\nindex {0} is not below {2}";
  report.site = 10;
  fake.variable(KJIT_CUDA_REPORT, &report, sizeof report);
  fake.variable(KJIT_CUDA_SITES, sites.data(), sites.size() + 1);
  for (const char* waits : {"cuda.synchronize()\n", "x.copy_to_host()\n", "k[1, 4](np.zeros(3))\n"}) {
    const Error e = error_of([&] { debug("k[3, 4](x)\n" + std::string(waits)); });
    EXPECT_EQ(e.kind(), ErrorKind::IndexError) << waits;
    EXPECT_EQ(e.message(), "index 11 is not below 10, in thread (3, 0, 0) of block (1, 0, 0)");
    EXPECT_EQ(e.place().line, 6u);
    EXPECT_EQ(e.place().column, 5u);
  }
}

TEST_F(FakeLaunch, CubinsAreKeptForLaterProcesses) {
  namespace fs = std::filesystem;
  const fs::path directory = path_.string() + ".cache";
  const auto run_with_cache = [&](const char* text) {
    fake.reset();
    Options options;
    options.cuda_library = test::fake_cuda_path();
    options.cache_directory = directory.string();
    Engine(options).load_string(std::string(kHead) + text, "k.py");
    return contains(fake.log(), "cuLinkComplete");
  };
  const char* const kText = "def k(x, n):\n    x[cuda.grid(1)] = n\nk[1, 4](np.zeros(10), 2)\n";
  EXPECT_TRUE(run_with_cache(kText));
  EXPECT_FALSE(run_with_cache(kText)) << "compiled again";
  EXPECT_TRUE(contains(fake.image(0), "fake cubin")) << "what was kept is loaded";
  EXPECT_TRUE(run_with_cache("def k(x, n):\n    x[cuda.grid(1)] = n + 1\nk[1, 4](np.zeros(10), 2)\n"));
  for (const auto& entry : fs::directory_iterator(directory)) {
    EXPECT_EQ(entry.path().extension(), ".cubin");
    fs::resize_file(entry.path(), fs::file_size(entry.path()) - 1);
  }
  EXPECT_TRUE(run_with_cache(kText)) << "a damaged entry is a miss";
  EXPECT_FALSE(run_with_cache(kText)) << "and is replaced";
  fs::permissions(directory, fs::perms::all);
  run_with_cache(kText);
  EXPECT_FALSE(contains(fake.image(0), "fake cubin")) << "a directory that others may write to is not used";
  fs::remove_all(directory);
}

TEST_F(Cuda, FilesOfPtxHoldAllKernelsWithSignatures) {
  std::ofstream(path_) << "import numpy as np\nfrom numba import cuda, float32, float64, void\n"
                          "@cuda.jit([void(float32[::1]), void(float64[::1])])\ndef one(x):\n"
                          "    s = cuda.shared.array(0, np.int32)\n    s[0] = 1\n    cuda.syncthreads()\n"
                          "    x[cuda.grid(1)] = s[0]\n"
                          "@cuda.jit('f8[::1], f8')\ndef two(x, a):\n    x[cuda.grid(1)] = a ** 0.5\n"
                          "@cuda.jit\ndef three(x):\n    x[0] = 1\nthree[1, 1](np.zeros(3))\n";
  Options options;
  options.gpu_arch = "sm_80";
  const std::string text = Engine(options).build_ptx(path_.string());
  for (const char* entry : {".entry one(", ".entry one_2(", ".entry two("})
    EXPECT_TRUE(contains(text, entry)) << entry << "\n" << text;
  EXPECT_FALSE(contains(text, "three"));
  const char* assembler = "/usr/local/cuda/bin/ptxas";
  if (!std::filesystem::exists(assembler)) return;
  const std::string file = path_.string() + ".ptx";
  std::ofstream(file) << text;
  EXPECT_EQ(std::system((std::string(assembler) + " -arch=sm_80 -o /dev/null " + file).c_str()), 0) << text;
  std::filesystem::remove(file);
  std::ofstream(path_) << kHead << "def k(x):\n    x[0] = 1\n";
  const Error e = error_of([&] { Engine(options).build_ptx(path_.string()); });
  EXPECT_EQ(e.kind(), ErrorKind::Usage);
  EXPECT_TRUE(contains(e.message(), "has a signature")) << e.message();
}

TEST_F(Cuda, WithoutLibdeviceOrLibclcTheErrorNamesBoth) {
  if (std::filesystem::exists("/usr/local/cuda") || std::filesystem::exists("/usr/lib/clc"))
    GTEST_SKIP() << "this machine has one of them";
  const Error e = refused("    x[0] = math.sin(x[1])\n");
  EXPECT_TRUE(contains(e.message(), "libdevice.10.bc") && contains(e.message(), "libclc")) << e.message();
}

TEST_F(Cuda, MathComesFromLibdevice) {
  if (!std::filesystem::exists("/usr/local/cuda/nvvm/libdevice/libdevice.10.bc")) GTEST_SKIP() << "no libdevice";
  const std::string body = "def k(x):\n    i = cuda.grid(1)\n    x[i] = math.sin(x[i]) + x[i] ** 0.3 + x[i] % 0.7\n";
  const std::string text = ptx(body, "f8[::1]");
  for (const char* absent : {".extern", "__nv_"}) EXPECT_FALSE(contains(text, absent)) << absent;
  EXPECT_FALSE(contains(ptx("def k(x):\n    x[0] = math.exp(x[1])\n", "f4[::1]"), ".f64 ")) << "float32 stays float32";
  EXPECT_TRUE(contains(ptx("def k(x):\n    x[0] = x[1] * x[2] + x[3]\n", "f8[::1]"), "fma.rn.f64"));
}

TEST_F(Cuda, LinesAreThoseOfTheSource) {
  const std::string text = "def k(x):\n    x[0] = 1\n    x[1] = x[0] * 3\n";
  EXPECT_FALSE(contains(ptx(text, "f8[::1]"), ".loc"));
  std::ofstream(path_) << "from numba import cuda\n@cuda.jit(lineinfo=True, launch_bounds=(64, 2), max_registers=32)\n"
                       << text;
  Options options;
  const std::string lines = Engine(options).inspect(path_.string(), "k", "f8[::1]", Stage::Ptx, "");
  for (const char* wanted : {".file", ".loc\t1 4 ", ".loc\t1 5 ", ".maxntid 64", ".minnctapersm 2", ".maxnreg 32"})
    EXPECT_TRUE(contains(lines, wanted)) << wanted << "\n" << lines;
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
