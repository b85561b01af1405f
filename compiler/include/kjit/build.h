// Kernels compiled ahead of time: files for a linker, and a header for C and C++ (lang-spec/ahead-of-time.md).
//
//   kjit::Options options;
//   options.cpu = "x86-64-v3";
//   kjit::Built built = kjit::build(options, {.files = {"kernels.py"}, .output = "kernels.so", .header = "kernels.h"});
#pragma once

#include <string>
#include <vector>

#include "kjit/engine.h"

namespace kjit {

struct BuildRequest {
  std::vector<std::string> files;  // kernel files, whose top levels are run
  // "kernel(f8[:,::1], i8)": argument types beside those that decorators declare
  std::vector<std::string> signatures = {};
  // What the file will be called; its ending says what is made: .o, .a, .so, or .ll (text of the optimised LLVM IR).
  std::string output;
  std::string header = {};  // what the header will be called; empty: there is none
  std::string prefix = {};  // before the names of all functions in C
};

struct Built {
  std::string bytes, header;  // nothing is written here
  std::vector<StageTime> times;
};

// Compiles every function with signatures. The code is for Options::cpu, where empty means x86-64, which every such
// processor runs. Throws kjit::Error: Compile, with findings; Usage for a request that cannot be met. The same request
// and texts give the same bytes. Thread-safe.
KJIT_API Built build(Options options, const BuildRequest& request);

}  // namespace kjit
