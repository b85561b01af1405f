// Engine: options, the code generator, compilation of one specialisation.
#include "kjit/engine.h"

#include <fmt/format.h>
#include <kjit_rt/parallel.h>

#include <algorithm>
#include <stdexcept>
#include <unordered_set>

#include "driver/backend_loader.h"
#include "driver/engine_state.h"
#include "driver/gpu.h"
#include "driver/inspect.h"
#include "driver/no_gpu.h"
#include "driver/simulator.h"
#include "passes/brevity.h"
#include "sema/library.h"

namespace kjit::driver {

namespace {
uint64_t next_engine_id() {
  static std::atomic<uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

bool is_identifier(std::string_view text) {
  auto letter = [](char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.empty() || !letter(text[0])) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// A text that is not a signature over numbers, with its result, would be found only where a script imports it.
void check_signature(const HostFunction& f, sema::TypeContext& types) {
  const auto bad = [&](std::string_view why) {
    throw Error(ErrorKind::Usage, fmt::format("the function '{}.{}': {}", f.module, f.name, why));
  };
  auto file = std::make_shared<source::SourceFile>("<signature>", f.signature);
  source::Diagnostics found;
  sema::FunctionOptions::Signature parsed;
  const source::Location where{file.get(), {0, static_cast<uint32_t>(f.signature.size())}};
  if (!sema::parse_signature(types, f.signature, where, parsed, found)) bad(found.all().front().message);
  const auto scalar = [](sema::TypeRef t) { return t && t->is_scalar(); };
  if (!parsed.result || !(parsed.result->is_none() || scalar(parsed.result)) ||
      !std::all_of(parsed.params.begin(), parsed.params.end(), scalar))
    bad(fmt::format("signature \"{}\": a function of the host needs one over numbers, with its result", f.signature));
}

void check_options(const Options& options) {
  auto usage = [](std::string message) { throw Error(ErrorKind::Usage, std::move(message)); };
  if (options.opt_level < 0 || options.opt_level > 3)
    usage(fmt::format("opt_level is {}, not 0 to 3", options.opt_level));
  if (options.memory_limit < 0) usage("memory_limit is negative");
  if (options.cache_limit < 0) usage("cache_limit is negative");
  if (options.threads < 0 || options.threads > KJIT_MOST_THREADS)
    usage(fmt::format("threads is {}, not 0 to {}", options.threads, KJIT_MOST_THREADS));
  std::optional<sema::TypeContext> types;
  for (const HostFunction& f : options.functions) {
    if (!f.address) usage(fmt::format("the function '{}.{}' has no address", f.module, f.name));
    if (!is_identifier(f.name)) usage(fmt::format("'{}' is not a name for a function", f.name));
    if (!types) types.emplace();
    check_signature(f, *types);
  }
  for (const auto& [name, value] : options.constants) {
    const size_t dot = name.rfind('.');
    if (dot == std::string::npos || !is_identifier(std::string_view(name).substr(dot + 1)))
      usage(fmt::format("the constant '{}' is not of the form \"module.name\"", name));
  }
}
}  // namespace

EngineCore::EngineCore(Options given) : id(next_engine_id()), options(std::move(given)) {
  check_options(options);
  if (options.blas_function) {
    const auto find = [](void* user, const char* name) {
      return static_cast<EngineCore*>(user)->options.blas_function(name);
    };
    blas_.reset(kjit_blas_new(nullptr, find, this));
  } else if (!options.blas_library.empty()) {
    blas_.reset(kjit_blas_new(options.blas_library.c_str(), nullptr, nullptr));
  }
}

jit::Backend& EngineCore::backend() {
  std::lock_guard lock(mutex_);
  if (!backend_) {
    jit::BackendOptions b;
    b.cpu = options.cpu, b.features = options.features, b.gdb = options.gdb, b.perf = options.perf;
    b.symbols.emplace_back("kjit_engine_cuda", &cuda);
    for (const HostFunction& f : options.functions) b.symbols.emplace_back(host_symbol(f), f.address);
    try {
      backend_ = load_backend(b);
    } catch (const std::invalid_argument& wrong) {
      throw Error(ErrorKind::Usage, wrong.what());
    }
  }
  return *backend_;
}

}  // namespace kjit::driver

namespace kjit::detail {

namespace {
driver::PipelineOptions pipeline_options(const Options& options) {
  driver::PipelineOptions p;
  p.infer.boundscheck = options.boundscheck;
  p.infer.numpy_error_model = options.error_model == ErrorModel::Numpy;
  p.code.opt_level = options.opt_level;
  p.code.debug_info = options.debug_info || options.gdb;
  p.code.gpu_arch = options.gpu_arch;
  p.code.libdevice = options.libdevice;
  p.poll_interrupt = options.interruptible;
  p.races = static_cast<kir::RaceMode>(options.races);
#ifdef NDEBUG
  p.verify = false;
#else
  p.verify = true;
#endif
  return p;
}
}  // namespace

EngineState::EngineState(Options options)
    : core(std::make_shared<driver::EngineCore>(std::move(options))),
      pipeline(pipeline_options(core->options)),
      store(std::make_shared<const driver::CacheStore>(
          core->options.caching == Caching::Off ? "" : core->options.cache_directory, core->options.cache_limit)),
      code_cache(core, store) {
  pipeline.infer.library = std::make_shared<sema::Library>(types);
}

std::shared_ptr<const Code> EngineState::compile(const sema::FunctionRef& function,
                                                 std::vector<sema::TypeRef> arguments,
                                                 const std::vector<Literal>* values) {
  if (core->closed)
    throw Error(ErrorKind::Usage,
                fmt::format("the engine that '{}' belongs to is gone: nothing new is compiled", function.def->name));
  if (function.options && function.options->kind == sema::FunctionOptions::Kind::Cuda)
    throw Error(
        ErrorKind::ValueError,
        fmt::format("'{0}' is a CUDA kernel, which is launched: {0}[blocks, threads](...)", function.def->name));
  return driver::guarded([&] { return generate(function, std::move(arguments), pipeline, values); });
}

std::shared_ptr<const Code> EngineState::generate(const sema::FunctionRef& function,
                                                  std::vector<sema::TypeRef> arguments,
                                                  const driver::PipelineOptions& options,
                                                  const std::vector<Literal>* values) {
  const driver::CodeCache::Wanted asked{function, std::move(arguments), values, options};
  driver::CodeCache::Lookup cached;
  if (code_cache.covers(function)) {
    driver::Timed timed(timing, "cache");
    cached = code_cache.find(types, asked);
  }
  if (cached.code) {
    warn(cached.findings);
    return cached.code;
  }
  if (learn(function, cached.literals)) return nullptr;
  sema::Literals known = literals(values);
  auto program = driver::type_function(types, function, asked.arguments, options, timing, &known);
  learn(known);
  if (!program) {
    code_cache.keep(cached, literal_parameters(function));
    return nullptr;
  }
  auto module = driver::make_kir(types, *program, options, timing);
  bool offloads = false;
  for (const auto& f : module->functions) {
    if (core->options.cuda_simulator) f->offload = false;  // the simulator's device is the CPU
    offloads = offloads || f->offload;
  }
  driver::run_passes(types, *module, options, timing);
  warn(module->findings);
  driver::PipelineOptions wanted = options;
  if (const auto* device = offloads ? dynamic_cast<driver::CudaGpu*>(&gpu()) : nullptr)
    wanted.code.gpu_arch = device->arch();

  auto code = std::make_shared<Code>();
  for (const auto& f : module->functions)
    if (f->symbol == program->entry->symbol) code->brief = passes::is_brief(*module, *f);
  code->core = core;
  jit::Kept kept;
  code->machine = driver::make_code(core->backend(), *module, wanted, timing, cached.key ? &kept : nullptr);
  code->entry = code->machine->find(program->entry->symbol);
  if (!code->entry.call || !code->entry.packed)
    throw std::logic_error("the code generator lost " + program->entry->symbol);
  code->name = function.def->name;
  code->params = program->entry->param_types;
  code->result = program->entry->result;
  std::unordered_set<const source::SourceFile*> seen;
  for (const auto& f : program->functions)
    if (seen.insert(&f->globals->file()).second) code->files.push_back(f->globals->shared_file());
  if (cached.key) {
    driver::Timed timed(timing, "cache");
    code_cache.keep(cached, asked, *code, program->entry->symbol, module->findings, kept,
                    offloads ? "parts of it run on a GPU" : "");
  }
  return code;
}

sema::Literals EngineState::literals(const std::vector<Literal>* values) {
  sema::Literals out;
  if (values) out.values = *values, out.has_values = true;
  const std::lock_guard lock(literals_mutex_);
  out.parameters = literal_parameters_;
  return out;
}

void EngineState::learn(const sema::Literals& literals) {
  const std::lock_guard lock(literals_mutex_);
  for (const auto& [def, parameters] : literals.parameters)
    if (!parameters.empty()) literal_parameters_[def].insert(parameters.begin(), parameters.end());
}

bool EngineState::learn(const sema::FunctionRef& function, const std::set<size_t>& parameters) {
  const std::lock_guard lock(literals_mutex_);
  bool news = false;
  for (const size_t k : parameters) news = literal_parameters_[function.def].insert(k).second || news;
  return news;
}

std::set<size_t> EngineState::literal_parameters(const sema::FunctionRef& function) {
  const std::lock_guard lock(literals_mutex_);
  const auto found = literal_parameters_.find(function.def);
  return found == literal_parameters_.end() ? std::set<size_t>() : found->second;
}

namespace {
thread_local int ignoring_launches = 0;
}
IgnoreLaunches::IgnoreLaunches() { ++ignoring_launches; }
IgnoreLaunches::~IgnoreLaunches() { --ignoring_launches; }

eval::Gpu& EngineState::gpu() {
  const std::lock_guard lock(gpu_mutex_);
  if (ignoring_launches > 0) {
    if (!no_gpu_) no_gpu_ = std::make_unique<driver::NoGpu>();
    return *no_gpu_;
  }
  if (!gpu_ && core->options.cuda_simulator) gpu_ = std::make_unique<driver::SimulatedGpu>(*this);
  if (!gpu_) gpu_ = std::make_unique<driver::CudaGpu>(*this);
  return *gpu_;
}

void EngineState::warn(const std::vector<source::Diagnostic>& findings) {
  if (!core->options.warn) return;
  for (const source::Diagnostic& found : findings) {
    const Finding finding = eval::to_finding(found);
    const Place& at = finding.place;
    const std::string key = fmt::format("{}:{}:{}:{}", at.file, at.line, at.column, finding.message);
    {
      const std::lock_guard lock(warned_mutex_);
      if (!warned_.insert(key).second) continue;
    }
    try {
      driver::call_host([&] { core->options.warn(finding); });
    } catch (...) {  // the host made an error of it, which the next compilation is to meet too
      const std::lock_guard lock(warned_mutex_);
      warned_.erase(key);
      throw;
    }
  }
}

}  // namespace kjit::detail

namespace kjit {

Engine::Engine() : Engine(Options{}) {}
Engine::Engine(Options options) : state_(std::make_shared<detail::EngineState>(std::move(options))) {}
Engine::Engine(Engine&&) noexcept = default;

Engine& Engine::operator=(Engine&& other) noexcept {
  if (this != &other) {
    if (state_) state_->core->closed = true;
    state_ = std::move(other.state_);
  }
  return *this;
}

Engine::~Engine() {
  if (state_) state_->core->closed = true;
}

namespace {
detail::EngineState& alive(const std::shared_ptr<detail::EngineState>& state) {
  if (!state) throw Error(ErrorKind::Usage, "the engine was moved from");
  return *state;
}

Module load(const std::shared_ptr<detail::EngineState>& state, source::SourceFilePtr file, bool is_main,
            const Module::Keywords& globals = {}) {
  __atomic_store_n(&alive(state).core->interrupt, 0, __ATOMIC_RELAXED);
  auto module = std::make_shared<detail::ModuleState>(state);
  module->load(std::move(file), is_main, globals);
  return Module(std::move(module));
}
Module load(const std::shared_ptr<detail::EngineState>& state, std::string text, std::string path, bool is_main) {
  return load(state, std::make_shared<source::SourceFile>(std::move(path), std::move(text)), is_main);
}
}  // namespace

Module Engine::load_file(const std::string& path) {
  alive(state_);
  return load(state_, driver::read_text(path), path, false);
}
Module Engine::load_string(std::string text, std::string name) {
  return load(state_, std::move(text), std::move(name), false);
}
Module Engine::load_string(std::string text, std::string name, const Module::Keywords& globals, int32_t first_line) {
  return load(state_, std::make_shared<source::SourceFile>(std::move(name), std::move(text), first_line), false,
              globals);
}
std::string Engine::vector_math() const {
  alive(state_);
  return driver::guarded([&] { return state_->core->backend().vector_math(); });
}
Module Engine::run_file(const std::string& path) {
  alive(state_);
  return load(state_, driver::read_text(path), path, true);
}
Module Engine::run_string(std::string text, std::string name) {
  return load(state_, std::move(text), std::move(name), true);
}

void Engine::check_alive() const { alive(state_); }

std::string Engine::inspect(const std::string& path, std::string_view function, std::string_view signature, Stage stage,
                            std::string_view print_after) {
  alive(state_);
  return driver::inspect(state_, path, function, signature, stage, print_after);
}

std::string Engine::build_ptx(const std::string& path) {
  alive(state_);
  return driver::build_ptx(state_, path);
}

std::vector<StageTime> Engine::times() const {
  std::vector<StageTime> out;
  for (const auto& row : alive(state_).timing.rows()) out.push_back({row.stage, row.milliseconds, row.runs});
  return out;
}

std::vector<CacheEvent> Engine::cache_events() const { return alive(state_).code_cache.events(); }

void Engine::interrupt() noexcept {
  if (state_) __atomic_store_n(&state_->core->interrupt, 1, __ATOMIC_RELAXED);
}

const char* version() { return "0.1.0"; }

}  // namespace kjit
