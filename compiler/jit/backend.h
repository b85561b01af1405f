// The half of the compiler with LLVM, seen from the half without it: kernel IR in, callable code or text out.
// Implemented in libkjit-llvm, which the driver loads when something is first compiled.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kir/kir.h"

namespace kjit::jit {

struct BackendOptions {
  std::string cpu;       // "" or "native": the host with its features
  std::string features;  // "" : those of the cpu
  bool gdb = false;      // register code with gdb's JIT interface
  bool perf = false;     // write perf's jitdump
  // Functions that the host registered, by symbol; compiled code may call them. See driver.
  std::vector<std::pair<std::string, void*>> symbols;
};

struct CompileOptions {
  int opt_level = 3;           // 0 or 3
  bool debug_info = false;     // DWARF lines and variables
  std::string gpu_arch = {};   // of kernels for a GPU: "sm_90"; "": the oldest that is supported
  std::string libdevice = {};  // its mathematical functions: the file, or a toolkit; "": looked for
};

// Vectorization: what became of each loop, for people. Ptx: of kernels for a GPU, which have no other code.
enum class Emit : uint8_t { Llvm, LlvmOpt, Asm, Object, Vectorization, Ptx };

// Milliseconds of each step of one compilation, and LLVM pass times when asked.
struct CompileTimes {
  double lower = 0, optimize = 0, codegen = 0, link = 0;
};

struct EntryPoints {
  void* call = nullptr;    // int32_t f(kjit_ctx*, void* result, flattened arguments...)
  void* packed = nullptr;  // int32_t f(kjit_ctx*, void* result, const uint64_t* slots)
};

// Loaded machine code. Destroying it unmaps the code: keep it while something may run in it. Thread-safe.
class CompiledCode {
 public:
  virtual ~CompiledCode() = default;
  // Of an exported function, by kir::Function::symbol; {null, null} when there is none.
  virtual EntryPoints find(const std::string& symbol) const = 0;
};

// What compiled code can be loaded from again, in another process, without LLVM (load/image.h).
struct Kept {
  std::string object;  // an ELF object that refers to the symbols of load/symbols.h and those of the host
  struct Later {
    std::string symbol;    // of a function that is compiled when it is first called (lower/versions.h)
    bool general = false;  // it stands alone; all others are compiled together
  };
  std::vector<Later> later;
  std::string bitcode;  // the module that these are compiled from
  bool lanes = false;   // it may differ where there are other vector libraries (load/vector_libraries.h)
};

// A kernel for a GPU, for its driver: the text, and the kernel's name in it.
struct DeviceCode {
  std::string ptx, kernel;
};

// A function for a file: what it is called in C, and its parameters for messages.
struct CFunction {
  const kir::Module* module = nullptr;
  std::string symbol;  // kir::Function::symbol, exported
  std::string name;
  std::vector<std::string> parameters;
};

enum class FileKind : uint8_t { Object, Archive, Shared, Llvm };

class Backend {
 public:
  virtual ~Backend() = default;
  // The module is verified. Throws std::runtime_error on what LLVM reports, std::invalid_argument for what the module
  // cannot be made into, and an architecture of GPUs that nothing can be made for. Thread-safe.
  // `kept`: filled in, where it is given.
  virtual std::unique_ptr<CompiledCode> compile(const kir::Module& module, const CompileOptions& options,
                                                CompileTimes* times, Kept* kept = nullptr) = 0;
  // Functions of Kept::later, from the bitcode there.
  virtual std::unique_ptr<CompiledCode> compile_later(const std::string& bitcode,
                                                      const std::vector<std::string>& symbols,
                                                      const CompileOptions& options) = 0;
  virtual std::string emit(const kir::Module& module, const CompileOptions& options, Emit what,
                           CompileTimes* times = nullptr) = 0;
  // Of a module whose entry runs on a GPU, for options.gpu_arch.
  virtual DeviceCode compile_device(const kir::Module& module, const CompileOptions& options, CompileTimes* times) = 0;
  // PTX of several such modules in one text, for a file.
  virtual std::string build_device(const std::vector<const kir::Module*>& modules, const CompileOptions& options,
                                   CompileTimes* times) = 0;
  // A file with these functions, which stands alone but for libkjit_rt and C's libraries, and exports nothing else; the
  // same bytes for the same input. `file`: its name, without folders. Throws std::invalid_argument for a name that is
  // C's, and for what only a running kjit has.
  virtual std::string build(const std::vector<CFunction>& functions, const CompileOptions& options, FileKind kind,
                            const std::string& file, CompileTimes* times) = 0;
  virtual std::string cpu() const = 0;  // "znver4"
  virtual std::string features() const = 0;
  // The library of functions in vector lanes: "SLEEF, avx2", or "none: " and why.
  virtual std::string vector_math() const = 0;
};

// The C symbol that libkjit-llvm exports: kjit_llvm_backend_create. Returns null when abi differs from kBackendAbi,
// throws std::invalid_argument on a processor or features that cannot be compiled for.
inline constexpr int kBackendAbi = 8;
using CreateBackend = Backend* (*)(int abi, const BackendOptions* options);

}  // namespace kjit::jit
