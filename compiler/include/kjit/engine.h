// Engine: compiles kernel text; Module: one loaded file and its kernels. See kjit.h for an example.
#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kjit/error.h"
#include "kjit/export.h"
#include "kjit/function.h"
#include "kjit/specialisation.h"
#include "kjit/value.h"

namespace kjit {

// Text of a module that the host supplies.
struct ModuleText {
  std::string path;  // what messages show, and where its own imports are looked for
  std::string text;
};

// A C function that kernels may call: `from <module> import <name>`. The signature has Numba's form over scalars,
// "float64(float64, int64)"; the function is a plain C function of these types (bool is uint8_t; complex numbers are
// std::complex or C's own) and must not throw. Arrays are refused; making an engine with a signature that is none of
// these throws kjit::Error (Usage).
struct HostFunction {
  std::string module, name, signature;
  void* address = nullptr;
  bool pure = false;  // depends on its arguments only and has no effects: calls may be merged, moved and dropped
};
template <typename R, typename... A>
HostFunction host_function(std::string module, std::string name, std::string signature, R (*function)(A...),
                           bool pure = false) {
  return {std::move(module), std::move(name), std::move(signature), reinterpret_cast<void*>(function), pure};
}

enum class ErrorModel : uint8_t {
  Python,  // division by zero raises ZeroDivisionError
  Numpy,   // gives inf or nan
};

// A loop over prange whose iterations share what they should not (lang-spec/parallel.md, P8).
enum class Races : uint8_t {
  Warn,    // runs in order, on one thread; Options::warn is told
  Error,   // is a compile error
  Ignore,  // runs on threads, and its result may be any; nobody is told
};

// What is kept on disk, in Options::cache_directory, for later processes and engines (kjit/cache.h).
enum class Caching : uint8_t {
  Off,
  Marked,  // functions that say cache=True, and machine code of GPUs
  All,     // whatever is compiled
};

// Fixed once an engine is made with it. Callbacks may be called from any thread that compiles or calls, must not throw
// (but write, write_error and warn may), and must live as long as the engine's last handle.
struct Options {
  int opt_level = 3;         // 0 to 3
  bool debug_info = false;   // DWARF lines and variables of kernels
  bool gdb = false;          // show kernels to gdb (turns on debug_info)
  bool perf = false;         // write perf's jitdump of kernels, under $JITDUMPDIR or the home folder
  bool boundscheck = false;  // for kernels that do not say: IndexError instead of undefined behaviour
  ErrorModel error_model = ErrorModel::Python;  // for kernels that do not say
  Races races = Races::Warn;
  std::string cpu;       // LLVM's name; empty: this machine's
  std::string features;  // LLVM's list, "+avx2,-avx512f"; empty: those of the cpu
  std::string gpu_arch;  // what PTX is made for, "sm_90", where no device says; empty: sm_75, which all newer ones run
  std::string cuda_library;  // the CUDA driver; empty: libcuda.so.1
  // Where machine code is kept: a directory that is the user's alone, made when it is not there. Empty: nothing is
  // kept.
  std::string cache_directory;
  Caching caching = Caching::Marked;
  // Bytes that it may take up there; when it grows past that, what was used longest ago goes.
  int64_t cache_limit = int64_t{256} << 20;
  std::string libdevice;  // NVIDIA's libdevice.10.bc or a toolkit that has it; empty: looked for where it usually is
  bool cuda_simulator =
      false;  // kernels with @cuda.jit run on the CPU, thread by thread, with checks; no driver is used
  bool interruptible = false;  // long loops, not statements on whole arrays, look for a cancel
  int64_t memory_limit = 0;    // bytes that one call may hold at once; 0: no limit
  int threads = 0;             // most threads of a parallel region, 1 to 256; 0: as many as the process has (threads.h)
  // BLAS and LAPACK, in the Fortran ABI with 32-bit integers, safe to call from many threads: a shared library, or the
  // addresses of functions by name ("dgemm_"; null: there is none). Opened when a kernel first needs them; OSError when
  // they are not there. Empty: kjit's own private OpenBLAS, at one thread (runtime/linalg/README.md).
  std::string blas_library;
  std::function<void*(const char* name)> blas_function;
  // What kernels and scripts print; empty: dropped. What it throws comes out of the call that printed, after the kernel
  // has stopped at that print and released what it held.
  std::function<void(std::string_view)> write;
  std::function<void(std::string_view)> write_error;  // what scripts print to sys.stderr
  // Findings that are no errors, each once for its place. What it throws comes out of the call that compiled.
  std::function<void(const Finding&)> warn;
  // Text of a module that is imported; `importer` is the path of the file with the import. nullopt: look beside that
  // file.
  std::function<std::optional<ModuleText>(std::string_view name, std::string_view importer)> resolve_module;
  std::map<std::string, Value> constants;  // "module.name": what `from module import name` gives
  std::vector<HostFunction> functions;
  std::vector<std::string> argv;  // sys.argv of scripts
};

class Session;

namespace cuda {
class Device;
namespace detail {
class Code;
struct Inside;
}  // namespace detail
}  // namespace cuda

namespace detail {
class EngineState;
class ModuleState;
struct Entry {
  std::shared_ptr<const Code> code;
  void* call = nullptr;
  uint64_t engine = 0;
};
}  // namespace detail

// Milliseconds that the stages took, in order, summed over everything that an engine compiled.
struct StageTime {
  std::string stage;
  double milliseconds = 0;
  int64_t runs = 0;
};

// What the cache did for one function that was wanted.
struct CacheEvent {
  std::string function;  // "f(int64) in k.py"
  enum class Outcome : uint8_t {
    Hit,
    Miss,
    Unused,  // the cache was neither asked nor given the code
  } outcome = Outcome::Hit;
  std::string reason;  // of all but a hit, in words
  bool kept = false;   // of a miss: a later process will find it
};

// What inspect() shows of a function. Callable: goes all the way to code that can be called; its text is the signature.
enum class Stage : uint8_t {
  Tokens,
  Ast,
  Types,
  Kir,
  Passes,
  Llvm,
  LlvmOpt,
  Asm,
  Fusion,
  Parallel,
  Vectorization,
  Ptx,
  Callable
};
// "llvm-opt" is LlvmOpt. Throws kjit::Error, kind Usage, which lists the names and says which one is near.
KJIT_API Stage stage_named(std::string_view name);
// The candidate that `word` is likely to be a misspelling of, as hints of messages give it; "" when none is near.
KJIT_API std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// A loaded file: its top level has run. Cheap to copy; keeps what it needs alive. Thread-safe.
class KJIT_API Module {
 public:
  using Keywords = std::vector<std::pair<std::string, Value>>;
  Module() = default;
  explicit Module(std::shared_ptr<detail::ModuleState> state);

  // Compiles `name` for the C++ types of Signature, R(Args...). Throws kjit::Error: Compile when the kernel does not
  // take them, Usage when there is no such function, when the number of arguments or the result is another one, or when
  // the engine is gone. A kernel with explicit signatures takes what the language lets convert to one of them.
  template <typename Signature>
  Function<Signature> function(std::string_view name) const {
    using F = Function<Signature>;
    detail::Entry e = lookup(name, F::result_desc(), F::argument_descs());
    return F(std::move(e.code), e.call, e.engine);
  }
  // Calls with types found at run time; compiles when these types are new. Strong scalars in the result are
  // TypedScalar. Each item in braces is one argument: m.call("f", {Value::Tuple{1, 2}}) gives one tuple, and
  // m.call("f", {1, 2}) two integers. A function with @vectorize takes arrays and numbers, which are broadcast, with
  // keywords "out" and "where"; its methods are called by their names: m.call("f.reduce", {a}, {{"axis", 0}}).
  Value call(std::string_view name, std::initializer_list<Value> args, const Keywords& keywords = {},
             const CallOptions& options = {}) const {
    return call_list(name, std::vector<Value>(args), keywords, options);
  }
  // A vector is the list of all arguments. Value::Tuple is a vector too: without braces its elements are the arguments.
  // A template, so that braces never mean this one.
  template <std::same_as<std::vector<Value>> Arguments>
  Value call(std::string_view name, const Arguments& args, const Keywords& keywords = {},
             const CallOptions& options = {}) const {
    return call_list(name, args, keywords, options);
  }
  // Value of a global name. Usage error when there is none.
  Value global(std::string_view name) const;
  std::vector<std::string> functions() const;  // names of the functions of the module, in the order of the text
  const std::string& path() const;
  // For callers that lay out arguments and results themselves: see specialisation.h.
  std::vector<Parameter> parameters(std::string_view name) const;
  Specialisation specialise(std::string_view name, const std::vector<Value>& args, const Keywords& keywords = {}) const;
  // Text of one of the stages from Types on, for a specialisation of this module's `name`.
  std::string inspect(std::string_view name, const Specialisation& specialisation, Stage stage) const;
  int exit_status()
      const;  // what the top level gave sys.exit(); 0 when it did not call it. A module that did has no functions.

 private:
  Value call_list(std::string_view name, const std::vector<Value>& args, const Keywords& keywords,
                  const CallOptions& options) const;
  friend class cuda::detail::Code;
  friend struct cuda::detail::Inside;
  detail::Entry lookup(std::string_view name, const detail::TypeDesc& result, std::vector<detail::TypeDesc> args) const;
  std::shared_ptr<detail::ModuleState> state_;
};

// Owns types, caches and the code generator. Handles that came from an engine outlive it: what is compiled stays
// callable, and compiling something new fails with kind Usage. Two engines share nothing. Thread-safe.
class KJIT_API Engine {
 public:
  Engine();
  explicit Engine(Options options);
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  // Parses the text and runs its top level (`__name__` is the module's name). Throws kjit::Error.
  Module load_file(const std::string& path);
  Module load_string(std::string text, std::string name = "<string>");
  // A text that is part of a host's own file, `first_line` the number of its first line there. `globals` are there when
  // the top level begins; functions among them (Module::global of the same engine) keep working as long as their
  // modules live, and so do kernels compiled from this text.
  Module load_string(std::string text, std::string name, const Module::Keywords& globals, int32_t first_line = 1);
  // For people: what computes exp, sin and their like in vector lanes, "SLEEF, avx512f", or "none: " and why. Opens it.
  std::string vector_math() const;
  // Runs a file as `kjit run` does: `__name__` is "__main__".
  Module run_file(const std::string& path);
  // The same for a text; `name` is what messages show.
  Module run_string(std::string text, std::string name = "<string>");
  // module.call(...), for symmetry with hosts that hold names only.
  Value call(const Module& module, std::string_view function, std::initializer_list<Value> args) {
    check_alive();
    return module.call(function, args);
  }
  template <std::same_as<std::vector<Value>> Arguments>
  Value call(const Module& module, std::string_view function, const Arguments& args) {
    check_alive();
    return module.call(function, args);
  }

  // Text of one stage for `function` of a file, typed for `signature` ("i8, f8[:,::1]"; empty: the function's own, or
  // none). Stage::Passes shows the kernel IR after each pass; `print_after` restricts it to one.
  std::string inspect(const std::string& path, std::string_view function, std::string_view signature, Stage stage,
                      std::string_view print_after = {});
  // PTX of all kernels with @cuda.jit and a signature of a file, in the order of the text, for Options::gpu_arch. The
  // entry of a kernel has its name; that of its second signature name_2, and so on. Usage error when there is none.
  std::string build_ptx(const std::string& path);
  std::vector<StageTime> times() const;
  // In the order in which they came. Functions that are not for the cache (Options::caching) are not among them.
  std::vector<CacheEvent> cache_events() const;
  // Stops scripts and interruptible kernels of this engine soon. From any thread, or a signal handler.
  void interrupt() noexcept;

 private:
  friend class cuda::Device;
  friend class Session;
  void check_alive() const;
  std::shared_ptr<detail::EngineState> state_;
};

KJIT_API const char* version();  // "0.1.0"

}  // namespace kjit
