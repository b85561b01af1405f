// The spine. What happens to a kernel between its text and its machine code, in order; everything else in this folder
// is about who asks for it, and when.
#include "driver/pipeline.h"

#include <algorithm>
#include <chrono>
#include <mutex>

#include "kirgen/kirgen.h"
#include "passes/pipeline.h"

namespace kjit::driver {

struct Timing::Impl {
  mutable std::mutex mutex;
  std::vector<Row> rows;
};

Timing::Timing() : impl_(std::make_unique<Impl>()) {}
Timing::~Timing() = default;

void Timing::add(const char* stage, double milliseconds) {
  std::lock_guard lock(impl_->mutex);
  for (Row& row : impl_->rows) {
    if (row.stage != stage) continue;
    row.milliseconds += milliseconds, ++row.runs;
    return;
  }
  impl_->rows.push_back({stage, milliseconds, 1});
}

std::vector<Timing::Row> Timing::rows() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->rows;
}

Timed::~Timed() {
  timing_.add(stage_, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count());
}

namespace {

// A stage fails with findings, never silently.
[[noreturn]] void fail(source::Diagnostics& diagnostics) { throw source::CompileFailure(diagnostics.take()); }

void verify(const kir::Module& module, std::string_view after) {
  const std::vector<std::string> violations = kir::verify(module);
  if (violations.empty()) return;
  std::string text = fmt::format("the kernel IR is not valid after {}:", after);
  for (const std::string& violation : violations) text += "\n  " + violation;
  throw std::logic_error(text);
}

}  // namespace

ast::AstPtr parse_text(const source::SourceFilePtr& file, Timing& timing) {
  Timed timed(timing, "parse");
  source::Diagnostics diagnostics;
  ast::AstPtr ast = parse::parse(file, diagnostics);
  if (!ast || diagnostics.has_errors()) fail(diagnostics);
  return ast;
}

std::unique_ptr<sema::TypedProgram> type_function(sema::TypeContext& types, const sema::FunctionRef& function,
                                                  std::vector<sema::TypeRef> arguments, const PipelineOptions& options,
                                                  Timing& timing, sema::Literals* literals) {
  Timed timed(timing, "infer");
  source::Diagnostics diagnostics;
  auto program = sema::infer(types, function, std::move(arguments), options.infer, diagnostics, literals);
  if (!program && literals && literals->more) return nullptr;
  if (!program || diagnostics.has_errors()) fail(diagnostics);
  return program;
}

std::unique_ptr<kir::Module> make_kir(sema::TypeContext& types, const sema::TypedProgram& program,
                                      const PipelineOptions& options, Timing& timing) {
  Timed timed(timing, "kirgen");
  source::Diagnostics diagnostics;
  auto module = kirgen::generate(
      types, program, {.poll_interrupt = options.poll_interrupt, .races = options.races, .simulate = options.simulate},
      diagnostics);
  if (!module || diagnostics.has_errors()) fail(diagnostics);
  if (options.verify) verify(*module, "kirgen");
  return module;
}

void run_passes(sema::TypeContext& types, kir::Module& module, const PipelineOptions& options, Timing& timing,
                const PassObserver& observer) {
  Timed timed(timing, "passes");
  passes::run(types, module, [&](std::string_view pass) {
    if (options.verify) verify(module, pass);
    if (observer) observer(pass, module);
  });
  const auto is_error = [](const source::Diagnostic& d) { return d.severity == source::Severity::Error; };
  if (std::any_of(module.findings.begin(), module.findings.end(), is_error))
    throw source::CompileFailure(std::move(module.findings));
  verify(module, "the last pass");  // LLVM aborts on what it cannot select
}

jit::DeviceCode make_device_code(jit::Backend& backend, const kir::Module& module, const PipelineOptions& options,
                                 Timing& timing) {
  jit::CompileTimes times;
  auto code = backend.compile_device(module, options.code, &times);
  timing.add("lower", times.lower);
  timing.add("optimize", times.optimize);
  timing.add("codegen", times.codegen);
  return code;
}

std::unique_ptr<jit::CompiledCode> make_code(jit::Backend& backend, const kir::Module& module,
                                             const PipelineOptions& options, Timing& timing, jit::Kept* kept) {
  jit::CompileTimes times;
  auto code = backend.compile(module, options.code, &times, kept);
  timing.add("lower", times.lower);
  timing.add("optimize", times.optimize);
  timing.add("codegen", times.codegen);
  timing.add("link", times.link);
  return code;
}

}  // namespace kjit::driver
