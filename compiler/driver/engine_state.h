// An engine and its modules from inside. ModuleState is the evaluator's host: it types, compiles and calls for its
// module.
#pragma once

#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "driver/adapter.h"
#include "driver/code_cache.h"
#include "driver/engine_core.h"
#include "driver/pipeline.h"
#include "driver/reads.h"
#include "driver/specialisations.h"
#include "eval/errors.h"
#include "eval/gpu.h"
#include "eval/host.h"
#include "kjit/engine.h"

namespace kjit::eval {
class Interpreter;
}

namespace kjit::driver {

// The arguments of one call. `given` is what types the specialisation (by position, *args at its end); `all` is one
// value for each parameter of the compiled function: defaults filled in, *args as one tuple, keyword-only parameters
// last. Both are the same where there are keyword-only parameters.
struct Bound {
  std::vector<Value> given, all;
};

}  // namespace kjit::driver

namespace kjit::detail {

// While it lives, kernels that scripts launch on this thread do nothing, and need no device: only text is wanted.
class IgnoreLaunches {
 public:
  IgnoreLaunches();
  ~IgnoreLaunches();
  IgnoreLaunches(const IgnoreLaunches&) = delete;
  IgnoreLaunches& operator=(const IgnoreLaunches&) = delete;
};

class EngineState {
 public:
  explicit EngineState(Options options);

  std::shared_ptr<driver::EngineCore> core;
  sema::TypeContext types;
  driver::Timing timing;
  driver::PipelineOptions pipeline;
  std::shared_ptr<const driver::CacheStore> store;
  driver::CodeCache code_cache;

  // Types and compiles. Throws kjit::Error. `values`: of arguments, for literal_parameters(); null when there are types
  // only. A null result asks for values of more of them.
  using Literal = std::optional<sema::Constant>;
  std::shared_ptr<const Code> compile(const sema::FunctionRef& function, std::vector<sema::TypeRef> arguments,
                                      const std::vector<Literal>* values = nullptr);
  // The same for code of any kind, by `options`. Throws what stages throw.
  std::shared_ptr<const Code> generate(const sema::FunctionRef& function, std::vector<sema::TypeRef> arguments,
                                       const driver::PipelineOptions& options,
                                       const std::vector<Literal>* values = nullptr);
  // The parameters of this function whose values are part of what it is compiled for, as far as is known.
  std::set<size_t> literal_parameters(const sema::FunctionRef& function);
  // What compile() and others learn and use; merged, as several may be at it.
  sema::Literals literals(const std::vector<Literal>* values);
  void learn(const sema::Literals& literals);
  // Whether any of them was not known.
  bool learn(const sema::FunctionRef& function, const std::set<size_t>& parameters);
  // Tells the host what passes found, what it was told before aside.
  void warn(const std::vector<source::Diagnostic>& findings);
  // The device, or the simulator; opened when first asked for. Throws kjit::Error (RuntimeError) where there is none.
  eval::Gpu& gpu();

 private:
  std::mutex literals_mutex_;
  sema::LiteralParameters literal_parameters_;
  std::mutex gpu_mutex_;
  std::unique_ptr<eval::Gpu> gpu_, no_gpu_;
  std::mutex warned_mutex_;
  std::set<std::string> warned_;
};

// One call on its way: arguments bound to parameters, their types, those that are compiled for, and the code.
struct Prepared {
  driver::Bound bound;
  std::vector<sema::TypeRef> given, arguments;
  std::vector<std::optional<sema::Constant>> literals;  // by parameter: arguments whose values are compiled in
  std::shared_ptr<const Code> code;
};

class ModuleState final : public eval::Host {
 public:
  explicit ModuleState(std::shared_ptr<EngineState> engine);
  ~ModuleState() override;

  std::shared_ptr<EngineState> engine;
  driver::AdapterTable adapters;
  driver::Specialisations specialisations;
  std::unique_ptr<eval::Interpreter> interpreter;
  std::unique_ptr<driver::Reads> reads;  // of a session; null: what is compiled stays as it is
  eval::ModuleObject* object = nullptr;  // the interpreter's; null when the script called sys.exit()
  source::SourceFilePtr file;
  int exit_status = 0;

  void load(source::SourceFilePtr file, bool is_main, const Module::Keywords& globals = {});
  // Usage error when there is none of this name.
  const sema::FunctionRef& find(std::string_view name) const;
  // What hosts call with `arity` arguments by position: the function, or of a ufunc a kernel that calls it with arrays.
  const sema::FunctionRef& entry(const sema::FunctionRef& function, size_t arity);
  // A call of a function with @vectorize, or of a method of it ("reduce").
  Value call_vectorized(const Value& function, std::string_view method, const std::vector<Value>& args,
                        const Module::Keywords& keywords, const CallOptions& options);
  // Throws kjit::Error: TypeError when the arguments do not fit, Compile when the kernel does not take their types.
  Prepared prepare(const sema::FunctionRef& function, const std::vector<Value>& args, const Module::Keywords& keywords);
  // Null only when `literals` are given and more of them are wanted.
  std::shared_ptr<const Code> specialise(const sema::FunctionRef& function, std::vector<sema::TypeRef> arguments,
                                         const std::vector<EngineState::Literal>* literals = nullptr);
  // Arrays of the device among the arguments of a function with target='cuda' stay there, and so do its results then.
  Value call(const sema::FunctionRef& function, const std::vector<Value>& args, const Module::Keywords& keywords,
             const CallOptions& options, bool typed);
  Value call_here(const sema::FunctionRef& function, const std::vector<Value>& args, const Module::Keywords& keywords,
                  const CallOptions& options, bool typed);

  // eval::Host
  sema::TypeContext& types() override { return engine->types; }
  sema::Library& library() override { return *engine->pipeline.infer.library; }
  Value call(const sema::FunctionRef& function, const std::vector<Value>& args,
             const std::vector<std::pair<std::string, Value>>& keywords) override;
  bool resolve_module(const std::string& name, const source::SourceFile& importer, std::string& path,
                      std::string& text) override;
  bool resolve_constant(const std::string& name, Value& out) override;
  void write(std::string_view text) override;
  void write_error(std::string_view text) override;
  const std::vector<std::string>& argv() override { return engine->core->options.argv; }
  bool interrupted() override;
  kjit_random* random() override;
  eval::Gpu& gpu() override { return engine->gpu(); }
};

// Usage error when there is none.
ModuleState& alive(const std::shared_ptr<ModuleState>& state);

inline bool is_vectorized(const sema::FunctionRef& function) {
  return function.options && function.options->kind == sema::FunctionOptions::Kind::Vectorize;
}

// A finding about a call from outside. There is no place of the call in kernel text, so it points at the function.
[[noreturn]] void fail_no_signature(const sema::FunctionRef& function, const std::vector<sema::TypeRef>& arguments);

}  // namespace kjit::detail

namespace kjit::driver {

// An exception of the host's own, on its way out through guarded(). A kjit::Error goes as it is.
struct HostThrew {
  std::exception_ptr exception;
};
template <typename F>
void call_host(F call) {
  try {
    call();
  } catch (const Error&) {
    throw;
  } catch (...) {
    throw HostThrew{std::current_exception()};
  }
}

// Runs `stage`, turning what stages throw into kjit::Error.
template <typename F>
auto guarded(F stage) -> decltype(stage()) {
  try {
    return stage();
  } catch (const HostThrew& host) {
    std::rethrow_exception(host.exception);
  } catch (const source::CompileFailure& failure) {
    throw eval::compile_error(failure.diagnostics());
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::MemoryError, "the compiler is out of memory");
  } catch (const std::exception& other) {
    throw Error(ErrorKind::Internal, other.what());
  }
}

// Throws TypeError as Python does.
Bound bind_arguments(const sema::FunctionRef& function, const std::vector<Value>& args,
                     const std::vector<std::pair<std::string, Value>>& keywords);

// The text of a module made of what the host registered under its name; false: nothing is.
bool host_module(const Options& options, std::string_view name, std::string& text);

// The whole of a file. Throws kjit::Error (OSError).
std::string read_text(const std::string& path);

// C++ types of a typed handle as types of the language, and whether a kernel's result is what the handle wants.
sema::TypeRef to_type(sema::TypeContext& types, const detail::TypeDesc& desc);
bool result_fits(sema::TypeRef kernel, sema::TypeRef handle);

}  // namespace kjit::driver
