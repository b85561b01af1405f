// The spine: a function and argument types to typed program, kernel IR, machine code. Each stage is timed.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "jit/backend.h"
#include "kir/kir.h"
#include "parse/parser.h"
#include "sema/infer.h"

namespace kjit::driver {

// What the stages need to know; immutable, one per engine.
struct PipelineOptions {
  sema::InferOptions infer;
  jit::CompileOptions code;
  bool poll_interrupt = false;
  kir::RaceMode races = kir::RaceMode::Warn;
  bool simulate = false;  // kernels for a GPU are compiled for the CPU, for the simulator
  bool verify = false;    // the kernel IR after every pass; always before LLVM sees it
};

// Adds up the time of stages, by name, in order of first use. Thread-safe.
class Timing {
 public:
  struct Row {
    std::string stage;
    double milliseconds = 0;
    int64_t runs = 0;
  };
  void add(const char* stage, double milliseconds);
  std::vector<Row> rows() const;

  Timing();
  ~Timing();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Books the time from here to the end of the scope.
class Timed {
 public:
  Timed(Timing& timing, const char* stage) : timing_(timing), stage_(stage) {}
  ~Timed();
  Timed(const Timed&) = delete;

 private:
  Timing& timing_;
  const char* stage_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Called after each pass with the pass's name.
using PassObserver = std::function<void(std::string_view pass, const kir::Module&)>;

// Each throws source::CompileFailure with the findings of the stage.
ast::AstPtr parse_text(const source::SourceFilePtr& file, Timing& timing);
// Null only when `literals` asks for more.
std::unique_ptr<sema::TypedProgram> type_function(sema::TypeContext& types, const sema::FunctionRef& function,
                                                  std::vector<sema::TypeRef> arguments, const PipelineOptions& options,
                                                  Timing& timing, sema::Literals* literals = nullptr);
std::unique_ptr<kir::Module> make_kir(sema::TypeContext& types, const sema::TypedProgram& program,
                                      const PipelineOptions& options, Timing& timing);
// Module::findings holds warnings then.
void run_passes(sema::TypeContext& types, kir::Module& module, const PipelineOptions& options, Timing& timing,
                const PassObserver& observer = {});
jit::DeviceCode make_device_code(jit::Backend& backend, const kir::Module& module, const PipelineOptions& options,
                                 Timing& timing);
std::unique_ptr<jit::CompiledCode> make_code(jit::Backend& backend, const kir::Module& module,
                                             const PipelineOptions& options, Timing& timing, jit::Kept* kept = nullptr);

}  // namespace kjit::driver
