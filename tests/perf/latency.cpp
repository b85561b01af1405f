// How long things take to start: text to callable in a running engine against `clang -O3 -c` on the C twin, and `kjit
// run` of a three-line script against `python3 -c pass`. Medians of alternating repetitions in one run.
//
//   perf_latency [KJIT [CLANG [PYTHON]]]
#include <fcntl.h>
#include <kjit/kjit.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

extern char** environ;

namespace {

using Clock = std::chrono::steady_clock;

const char* const kKernel = R"(
import math
from numba import njit

@njit(error_model="numpy")
def relax(a, b, rows, weights, steps):
    n = a.shape[0]
    m = a.shape[1]
    change = 0.0
    for _ in range(steps):
        change = 0.0
        for i in range(1, n - 1):
            scale = rows[i]
            for j in range(1, m - 1):
                s = a[i, j - 1] * weights[0] + a[i, j + 1] * weights[1]
                s += a[i - 1, j] * weights[2] + a[i + 1, j] * weights[3]
                s *= scale
                if s > 1.0:
                    s = 1.0 + 0.5 * (s - 1.0)
                elif s < -1.0:
                    s = -1.0
                b[i, j] = s
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                d = b[i, j] - a[i, j]
                change += d * d
                a[i, j] = b[i, j]
        if math.sqrt(change) < 1e-9:
            break
    return math.sqrt(change)
)";

const char* const kTwin = R"(
#include <math.h>
#include <stdint.h>
double relax(double *restrict a, double *restrict b, const double *restrict rows, const double *restrict weights, int64_t n,
             int64_t m, int64_t steps) {
  double change = 0;
  for (int64_t t = 0; t < steps; ++t) {
    change = 0;
    for (int64_t i = 1; i < n - 1; ++i) {
      double scale = rows[i];
      for (int64_t j = 1; j < m - 1; ++j) {
        double s = a[i * m + j - 1] * weights[0] + a[i * m + j + 1] * weights[1];
        s += a[(i - 1) * m + j] * weights[2] + a[(i + 1) * m + j] * weights[3];
        s *= scale;
        if (s > 1.0)
          s = 1.0 + 0.5 * (s - 1.0);
        else if (s < -1.0)
          s = -1.0;
        b[i * m + j] = s;
      }
    }
    for (int64_t i = 1; i < n - 1; ++i)
      for (int64_t j = 1; j < m - 1; ++j) {
        double d = b[i * m + j] - a[i * m + j];
        change += d * d;
        a[i * m + j] = b[i * m + j];
      }
    if (sqrt(change) < 1e-9) break;
  }
  return sqrt(change);
}
)";

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

// Milliseconds that a command takes, output dropped; exits when it fails.
double run(const std::vector<std::string>& command) {
  std::vector<char*> argv;
  for (auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  auto start = Clock::now();
  pid_t pid = 0;
  int status = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  if (status == 0) waitpid(pid, &status, 0);
  double ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  posix_spawn_file_actions_destroy(&actions);
  if (status != 0) {
    std::fprintf(stderr, "%s failed\n", argv[0]);
    std::exit(1);
  }
  return ms;
}

void write(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }

}  // namespace

int main(int argc, char** argv) {
  const std::string kjit_program = argc > 1 ? argv[1] : KJIT_PERF_KJIT;
  const std::string clang = argc > 2 ? argv[2] : KJIT_PERF_CLANG;
  const std::string python = argc > 3 ? argv[3] : "/usr/bin/python3";
  const auto scratch = std::filesystem::temp_directory_path() / ("kjit-latency-" + std::to_string(getpid()));
  std::filesystem::create_directory(scratch);
  write(scratch / "twin.c", kTwin);
  write(scratch / "script.py", "x = 3\ny = [x * i for i in range(4)]\nprint(sum(y))\n");
  try {
    kjit::Engine engine;
    using Signature = double(kjit::ArrayView<double, 2>, kjit::ArrayView<double, 2>, kjit::ArrayView<const double, 1>,
                             kjit::ArrayView<const double, 1>, int64_t);
    std::vector<double> ours, theirs, script, bare;
    auto compile = [&] {
      auto start = Clock::now();
      auto module = engine.load_string(kKernel, "relax.py");
      auto f = module.function<Signature>("relax");
      return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    };
    const double first = compile();
    const std::vector<kjit::StageTime> cold = engine.times();
    const std::vector<std::string> clang_command = {clang,
                                                    "-O3",
                                                    "-march=native",
                                                    "-ffp-contract=off",
                                                    "-c",
                                                    (scratch / "twin.c").string(),
                                                    "-o",
                                                    (scratch / "twin.o").string()};
    run(clang_command);
    for (int i = 0; i < 21; ++i) {
      ours.push_back(compile());
      theirs.push_back(run(clang_command));
      script.push_back(run({kjit_program, "run", (scratch / "script.py").string()}));
      bare.push_back(run({python, "-c", "pass"}));
    }
    std::printf("%-44s %9s %9s %7s\n", "", "kjit ms", "peer ms", "ratio");
    std::printf("%-44s %9.2f %9.2f %7.2f\n", "text to callable, 30 lines / clang -O3 -c", median(ours), median(theirs),
                median(ours) / median(theirs));
    for (const auto& stage : engine.times()) {  // of the later ones, on the average
      double spent = stage.milliseconds;
      for (const auto& before : cold) spent -= before.stage == stage.stage ? before.milliseconds : 0;
      std::printf("  %-42s %9.2f\n", stage.stage.c_str(), spent / static_cast<double>(ours.size()));
    }
    std::printf("%-44s %9.2f\n", "  the first in its process (loads LLVM)", first);
    std::printf("%-44s %9.2f %9.2f %7.2f\n", "kjit run, 3 lines / python3 -c pass", median(script), median(bare),
                median(script) / median(bare));
  } catch (const kjit::Error& e) {
    std::fprintf(stderr, "%s\n", e.render().c_str());
    return 1;
  }
  std::filesystem::remove_all(scratch);
  return 0;
}
