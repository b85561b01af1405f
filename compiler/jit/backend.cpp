// Backend: lower, optimise, generate, link; each step timed.
#include "jit/backend.h"

#include <fmt/format.h>
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/IR/DiagnosticHandler.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/Support/raw_ostream.h>

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>

#include "codegen/pipeline.h"
#include "codegen/race_checks.h"
#include "codegen/standalone.h"
#include "codegen/target.h"
#include "jit/files.h"
#include "jit/loop_report.h"
#include "jit/ptx.h"
#include "jit/session.h"
#include "jit/stopwatch.h"
#include "load/versions.h"
#include "lower/c_entry.h"
#include "lower/lower.h"

namespace kjit::jit {

namespace {

// LLVM's default handler prints and exits; this one remembers errors.
class Collect : public llvm::DiagnosticHandler {
 public:
  Collect(std::string& errors, LoopReport* loops) : errors_(errors), loops_(loops) {}
  bool isAnalysisRemarkEnabled(llvm::StringRef pass) const override { return about_loops(pass); }
  bool isMissedOptRemarkEnabled(llvm::StringRef pass) const override { return about_loops(pass); }
  bool isPassedOptRemarkEnabled(llvm::StringRef pass) const override { return about_loops(pass); }
  bool isAnyRemarkEnabled() const override { return loops_ != nullptr; }
  bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
    if (loops_ && llvm::isa<llvm::DiagnosticInfoOptimizationBase>(info))
      loops_->add(llvm::cast<llvm::DiagnosticInfoOptimizationBase>(info));
    if (info.getSeverity() != llvm::DS_Error) return true;
    llvm::raw_string_ostream out(errors_);
    llvm::DiagnosticPrinterRawOStream printer(out);
    info.print(printer);
    return true;
  }

 private:
  bool about_loops(llvm::StringRef pass) const { return loops_ && pass == "loop-vectorize"; }

  std::string& errors_;
  LoopReport* loops_;
};

// Target machines that no compilation uses now. Making one costs half a millisecond, most of it for the list of
// features.
class MachinePool {
 public:
  explicit MachinePool(codegen::TargetSpec spec)
      : spec_(std::move(spec)), math_(std::make_shared<codegen::VectorMath>(spec_)) {}
  std::unique_ptr<llvm::TargetMachine> take(int opt_level) {
    {
      const std::lock_guard lock(mutex_);
      auto& free = free_[opt_level > 0];
      if (!free.empty()) {
        auto machine = std::move(free.back());
        free.pop_back();
        return machine;
      }
    }
    return codegen::make_target_machine(spec_, opt_level);
  }
  void give_back(std::unique_ptr<llvm::TargetMachine> machine, int opt_level) {
    const std::lock_guard lock(mutex_);
    free_[opt_level > 0].push_back(std::move(machine));
  }
  const codegen::TargetSpec& spec() const { return spec_; }
  const std::shared_ptr<const codegen::VectorMath>& math() const { return math_; }

 private:
  codegen::TargetSpec spec_;
  std::shared_ptr<const codegen::VectorMath> math_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<llvm::TargetMachine>> free_[2];
};

// One compilation: its own context and module, and a target machine to itself, so that compilations do not meet.
class Compilation {
 public:
  // `loops` is told what becomes of loops.
  Compilation(MachinePool& pool, const CompileOptions& options, LoopReport* loops = nullptr)
      : pool_(pool), options_(options), loops_(loops), machine_(pool.take(options.opt_level)) {
    context_.setDiagnosticHandler(std::make_unique<Collect>(errors_, loops), /*RespectFilters=*/true);
    context_.setDiscardValueNames(false);
  }

  ~Compilation() {
    module_.reset();
    pool_.give_back(std::move(machine_), options_.opt_level);
  }
  Compilation(const Compilation&) = delete;
  Compilation& operator=(const Compilation&) = delete;

  // `versions`: with code that asks the session for more, so not for objects that stand alone.
  void lower(const kir::Module& kir, bool versions) {
    std::string gpu_image;
    CompileTimes spent;
    if (has_device_regions(kir)) gpu_image = emit_device(kir, options_, Emit::Ptx, spent);
    module_ = std::make_unique<llvm::Module>(kir.name.empty() ? "kernel" : kir.name, context_);
    module_->setTargetTriple(machine_->getTargetTriple());
    module_->setDataLayout(machine_->createDataLayout());
    lower::Options options{.debug_info = options_.debug_info || loops_, .optimized = options_.opt_level > 0};
    options.places_only = loops_ != nullptr;
    options.fma = pool_.math()->has_fma();
    options.gpu_image = std::move(gpu_image);
    options.versions = versions && options_.opt_level > 0 && !kir.simulated;
    options.before_versions = [this] { save(); };
    later_ = lower::lower(kir, *module_, options);
    verify("lowering");
  }
  // A module that was saved.
  void read(const std::string& bitcode) { module_ = check(llvm::parseBitcodeFile({bitcode, "kernel"}, context_)); }
  void read(std::unique_ptr<llvm::Module> module) { module_ = std::move(module); }
  // Only this function is wanted, with C's interface.
  void make_c_entry(const CFunction& f) {
    for (const auto& kir : f.module->functions)
      if (kir->symbol == f.symbol) lower::add_c_entry(*module_, *kir, f.name, f.parameters);
    keep({f.name});
    verify("adding C's interface");
  }
  // Only these functions are wanted, and what they call.
  void keep(const std::vector<std::string>& names) {
    for (llvm::Function& f : *module_) {
      const bool wanted = std::find(names.begin(), names.end(), f.getName()) != names.end();
      if (!f.isDeclaration() && !wanted) f.setLinkage(llvm::GlobalValue::InternalLinkage);
    }
  }
  // `runs`: the code is for this process.
  void optimize(bool runs = false) {
    if (runs && codegen::kChecksRaces) codegen::want_race_checks(*module_);
    codegen::optimize(*module_, *machine_, options_.opt_level, pool_.math().get());
    verify("optimisation");
    report();
  }
  llvm::SmallVector<char, 0> generate(codegen::FileType type) {
    auto bytes = codegen::generate(*module_, *machine_, type);
    report();
    return bytes;
  }
  bool wants_lanes() const { return codegen::VectorMath::wanted(*module_); }
  const std::vector<lower::Later>& later() const { return later_; }
  std::string take_bitcode() { return std::move(bitcode_); }
  llvm::LLVMContext& context() { return context_; }
  // Of code that stands alone: the module as it is now.
  std::string finish() {
    codegen::find_vector_functions_later(*module_);
    save();
    return take_bitcode();
  }
  std::string text() const {
    std::string out;
    llvm::raw_string_ostream stream(out);
    module_->print(stream, nullptr);
    return out;
  }

 private:
  void save() {
    llvm::raw_string_ostream out(bitcode_);
    llvm::WriteBitcodeToFile(*module_, out);
  }
  void verify([[maybe_unused]] const char* after) {
#ifndef NDEBUG
    const std::string problem = codegen::verify(*module_);
    if (!problem.empty()) throw std::runtime_error(fmt::format("LLVM IR is not sound after {}: {}", after, problem));
#endif
  }
  void report() {
    if (!errors_.empty()) throw std::runtime_error("LLVM: " + errors_);
  }

  MachinePool& pool_;
  CompileOptions options_;
  LoopReport* loops_;
  std::string errors_;
  std::vector<lower::Later> later_;
  std::string bitcode_;
  llvm::LLVMContext context_;
  std::unique_ptr<llvm::TargetMachine> machine_;
  std::unique_ptr<llvm::Module> module_;
};

// Compiled code, and the source of what is compiled when it is first called.
class Code : public CompiledCode, private load::VersionSource {
 public:
  Code(std::shared_ptr<Session> session, Session::Loaded loaded)
      : session_(std::move(session)), loaded_(std::move(loaded)) {}
  ~Code() override {
    session_->unload(*loaded_.dylib);
    for (const Part& part : parts_) {
      if (part.code.dylib) session_->unload(*part.code.dylib);
    }
  }
  EntryPoints find(const std::string& symbol) const override {
    return {address(loaded_, lower::entry_symbol(symbol)), address(loaded_, lower::packed_symbol(symbol))};
  }

  // `bitcode` is the module as it was before anything was put off; `compile` makes an object of the named functions.
  using Names = std::vector<std::string>;
  using Compile = std::function<llvm::SmallVector<char, 0>(const std::string& bitcode, const Names& names)>;
  void add_later(const std::vector<lower::Later>& functions, std::string bitcode, Compile compile) {
    bitcode_ = std::move(bitcode), compile_ = std::move(compile);
    for (const lower::Later& f : functions) {
      auto* cell = static_cast<load::VersionCell*>(address(loaded_, lower::version_symbol(f.symbol)));
      cell->source = this;
      Part& part = f.general ? parts_.emplace_back() : parts_.front();
      part.names.push_back(lower::entry_symbol(f.symbol));
      cells_.emplace(cell, std::pair(&part, part.names.back()));
    }
  }

 private:
  // Functions that are compiled together, when one of them is first called.
  struct Part {
    Names names;
    Session::Loaded code;
  };
  static void* address(const Session::Loaded& loaded, const std::string& name) {
    auto found = loaded.addresses.find(name);
    return found == loaded.addresses.end() ? nullptr : found->second;
  }
  void* later(load::VersionCell& cell) noexcept override {
    try {
      const std::lock_guard lock(mutex_);
      const auto& [part, name] = cells_.at(&cell);
      if (!part->code.dylib) part->code = session_->load(compile_(bitcode_, part->names), "later", part->names);
      void* entry = address(part->code, name);
      cell.entry.store(entry, std::memory_order_release);
      return entry;
    } catch (...) {
      return nullptr;  // the kernel raises
    }
  }

  std::shared_ptr<Session> session_;
  Session::Loaded loaded_;
  std::deque<Part> parts_{1};  // the versions for overlapping arguments; each lazy function
  std::map<load::VersionCell*, std::pair<Part*, std::string>> cells_;
  std::string bitcode_;
  Compile compile_;
  std::mutex mutex_;
};

// The named functions of a module that was saved.
llvm::SmallVector<char, 0> compile_saved(MachinePool& machines, const std::string& bitcode, const Code::Names& names,
                                         const CompileOptions& options) {
  Compilation compilation(machines, options);
  compilation.read(bitcode);
  compilation.keep(names);
  compilation.optimize(true);
  return compilation.generate(codegen::FileType::Object);
}

class LlvmBackend : public Backend {
 public:
  explicit LlvmBackend(const BackendOptions& options)
      : options_(options), machines_(std::make_shared<MachinePool>(codegen::resolve(options.cpu, options.features))) {}

  std::unique_ptr<CompiledCode> compile(const kir::Module& module, const CompileOptions& options, CompileTimes* times,
                                        Kept* kept) override {
    if (is_device(module) && !module.simulated) throw std::invalid_argument("a CUDA kernel does not run on the CPU");
    CompileTimes spent;
    Stopwatch watch;
    Compilation compilation(*machines_, options);
    compilation.lower(module, true);
    spent.lower = watch.lap();
    if (kept) kept->lanes = compilation.wants_lanes();
    compilation.optimize(true);
    spent.optimize = watch.lap();
    const auto object = compilation.generate(codegen::FileType::Object);
    spent.codegen = watch.lap();
    std::vector<std::string> symbols;
    for (const auto& f : module.functions) {
      if (!f->exported || (f->device && !module.simulated)) continue;
      symbols.push_back(lower::entry_symbol(f->symbol));
      symbols.push_back(lower::packed_symbol(f->symbol));
    }
    for (const lower::Later& f : compilation.later()) symbols.push_back(lower::version_symbol(f.symbol));
    const std::shared_ptr<Session> linker = session();
    auto code = std::make_unique<Code>(linker, linker->load(object, module.name, symbols));
    if (kept) {
      kept->object.assign(object.begin(), object.end());
      for (const lower::Later& f : compilation.later()) kept->later.push_back({f.symbol, f.general});
    }
    if (!compilation.later().empty()) {
      std::string bitcode = compilation.take_bitcode();
      if (kept) kept->bitcode = bitcode;
      code->add_later(compilation.later(), std::move(bitcode),
                      [machines = machines_, options](const std::string& saved, const Code::Names& names) {
                        return compile_saved(*machines, saved, names, options);
                      });
    }
    spent.link = watch.lap();
    if (times) *times = spent;
    return code;
  }

  std::unique_ptr<CompiledCode> compile_later(const std::string& bitcode, const std::vector<std::string>& symbols,
                                              const CompileOptions& options) override {
    std::vector<std::string> names;
    for (const std::string& symbol : symbols) names.push_back(lower::entry_symbol(symbol));
    const std::shared_ptr<Session> linker = session();
    const auto object = compile_saved(*machines_, bitcode, names, options);
    return std::make_unique<Code>(linker, linker->load(object, "later", names));
  }

  std::string emit(const kir::Module& module, const CompileOptions& options, Emit what, CompileTimes* times) override {
    CompileTimes unwanted;
    CompileTimes& spent = times ? *times : unwanted;
    if (is_device(module)) return emit_device(module, options, what, spent);
    if (what == Emit::Ptx) {
      if (has_device_regions(module)) return emit_device(module, options, what, spent);
      throw std::invalid_argument("only kernels with @cuda.jit, and functions with target='cuda', have PTX");
    }
    Stopwatch watch;
    LoopReport loops(module);
    const bool report = what == Emit::Vectorization;
    Compilation compilation(*machines_, options, report ? &loops : nullptr);
    compilation.lower(module, report || what == Emit::LlvmOpt || what == Emit::Asm);
    spent.lower = watch.lap();
    if (what == Emit::Llvm) return compilation.text();
    const bool functions = report && compilation.wants_lanes();
    compilation.optimize();
    spent.optimize = watch.lap();
    if (report) return loops.text() + (functions ? missing_library() : "");
    if (what == Emit::LlvmOpt) return compilation.text();
    const auto bytes =
        compilation.generate(what == Emit::Asm ? codegen::FileType::Assembly : codegen::FileType::Object);
    spent.codegen = watch.lap();
    return {bytes.begin(), bytes.end()};
  }

  DeviceCode compile_device(const kir::Module& module, const CompileOptions& options, CompileTimes* times) override {
    CompileTimes unwanted;
    return {emit_device(module, options, Emit::Ptx, times ? *times : unwanted), device_entry(module)};
  }

  std::string build_device(const std::vector<const kir::Module*>& modules, const CompileOptions& options,
                           CompileTimes* times) override {
    CompileTimes unwanted;
    if (modules.empty()) throw std::invalid_argument("there is no kernel to build");
    return emit_device(*modules[0], options, Emit::Ptx, times ? *times : unwanted,
                       {modules.begin() + 1, modules.end()});
  }

  std::string build(const std::vector<CFunction>& functions, const CompileOptions& options, FileKind kind,
                    const std::string& file, CompileTimes* times) override {
    CompileTimes spent;
    Stopwatch watch;
    std::vector<std::string> parts;
    for (const CFunction& f : functions) {
      check_c_name(llvm::Triple(machines_->spec().triple), f.name);
      Compilation compilation(*machines_, options);
      compilation.lower(*f.module, false);
      compilation.make_c_entry(f);
      spent.lower += watch.lap();
      compilation.optimize();
      parts.push_back(compilation.finish());
      spent.optimize += watch.lap();
    }
    Compilation whole(*machines_, options);
    whole.read(join_modules(whole.context(), parts));
    spent.link += watch.lap();
    std::string out = kind == FileKind::Llvm ? whole.text() : "";
    if (kind != FileKind::Llvm) {
      const auto bytes = whole.generate(codegen::FileType::Object);
      const std::string_view object(bytes.data(), bytes.size());
      check_stands_alone(object);
      spent.codegen += watch.lap();
      out = kind == FileKind::Shared    ? make_shared_object(object, file)
            : kind == FileKind::Archive ? make_archive(object, file.substr(0, file.rfind('.')) + ".o")
                                        : std::string(object);
      spent.link += watch.lap();
    }
    if (times) *times = spent;
    return out;
  }

  std::string cpu() const override { return machines_->spec().cpu; }
  std::string features() const override { return machines_->spec().features; }
  std::string vector_math() const override { return machines_->math()->about(); }

 private:
  std::string missing_library() const {
    const std::string about = vector_math();
    if (!about.starts_with("none: ")) return "";
    return fmt::format(
        "note: exp, sin and their like are computed one at a time here, for want of SLEEF ({}): install it "
        "(libsleef3)\n",
        about.substr(6));
  }
  // Made when something is first loaded: text output needs none.
  std::shared_ptr<Session> session() {
    const std::lock_guard lock(mutex_);
    if (!session_) session_ = std::make_shared<Session>(options_, machines_->math());
    return session_;
  }

  BackendOptions options_;
  std::shared_ptr<MachinePool> machines_;  // outlives the backend while code may want another version
  std::mutex mutex_;
  std::shared_ptr<Session> session_;
};

}  // namespace

}  // namespace kjit::jit

extern "C" __attribute__((visibility("default"))) kjit::jit::Backend* kjit_llvm_backend_create(
    int abi, const kjit::jit::BackendOptions* options) {
  if (abi != kjit::jit::kBackendAbi) return nullptr;
  return new kjit::jit::LlvmBackend(*options);
}
