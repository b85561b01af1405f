// Modules, built-ins and the top level.
#include "eval/interpreter.h"

#include <fmt/format.h>
#include <kjit_rt/core.h>

#include "eval/array_ops.h"
#include "eval/errors.h"
#include "eval/evaluator.h"
#include "eval/natives.h"
#include "parse/parser.h"
#include "sema/builtins.h"

namespace kjit::eval {

namespace {

constexpr int kMaxDepth = 1000;    // of calls, as in CPython
constexpr int kMaxImports = 1000;  // one inside the other; resolvers may never come to an end

// Modules that only scripts have, and names of numba that are no functions of kernels.
constexpr std::string_view kScriptModules[] = {"time", "sys"};
constexpr std::string_view kDecorators[] = {"jit",     "njit",   "vectorize", "guvectorize",
                                            "stencil", "prange", "extern",    "cuda.jit"};

bool is_script_module(std::string_view name) {
  for (const std::string_view module : kScriptModules)
    if (name == module) return true;
  return false;
}

bool is_decorator(std::string_view name) {
  for (const std::string_view package : {"numba.", "kjit."}) {
    if (!name.starts_with(package)) continue;
    for (const std::string_view decorator : kDecorators)
      if (name.substr(package.size()) == decorator) return true;
  }
  return false;
}

}  // namespace

bool is_package(std::string_view name) { return is_script_module(name) || sema::is_known_module(name); }

bool exception_kind(std::string_view name, ErrorKind& out) {
  constexpr std::string_view kPrefix = "builtins.";
  if (!name.starts_with(kPrefix)) return false;
  name.remove_prefix(kPrefix.size());
  if (name == "FileNotFoundError" || name == "IOError") return out = ErrorKind::OSError, true;
  for (auto kind = ErrorKind::Exception; kind < ErrorKind::Interrupted;
       kind = static_cast<ErrorKind>(static_cast<int>(kind) + 1))
    if (name == kjit::name(kind)) return out = kind, true;
  for (const ErrorKind kind : {ErrorKind::AttributeError, ErrorKind::OSError})
    if (name == kjit::name(kind)) return out = kind, true;
  return false;
}

const Value* Args::get(size_t position, std::string_view keyword) {
  if (position < values.size()) return &values[position];
  for (size_t i = 0; i < keywords.size(); ++i) {
    if (keywords[i].first != keyword) continue;
    taken_.reserve(8);  // what was handed out stays where it is
    taken_.push_back(std::move(keywords[i].second));
    keywords.erase(keywords.begin() + static_cast<ptrdiff_t>(i));
    return &taken_.back();
  }
  return nullptr;
}

const Value& Args::need(size_t position, std::string_view keyword) {
  if (const Value* value = get(position, keyword)) return *value;
  throw Error(ErrorKind::TypeError, fmt::format("missing a required argument: '{}'", keyword));
}

void Args::expect(const char* function, size_t least, size_t most) {
  if (!keywords.empty())
    throw Error(ErrorKind::TypeError,
                fmt::format("{}() got an unexpected keyword argument '{}'", function, keywords[0].first));
  if (values.size() >= least && values.size() <= most) return;
  const std::string wanted = least == most ? fmt::to_string(least) : fmt::format("{} to {}", least, most);
  throw Error(ErrorKind::TypeError, fmt::format("{}() takes {} arguments ({} given)", function, wanted, values.size()));
}

Interpreter::Interpreter(Host& host) : host_(host), plain_(std::make_shared<sema::FunctionOptions>()) {}

Interpreter::~Interpreter() {
  // Modules and functions refer to each other.
  for (const auto& module : modules_) module->variables()->clear();
  for (const auto& weak : cells_)
    if (const auto cell = weak.lock()) {
      const Value kept = std::exchange(static_cast<Cell&>(*cell).value, Value());
    }
}

ModuleObject& Interpreter::open_module(ast::AstPtr ast, std::string name) {
  auto module = std::make_shared<ModuleObject>(*this, std::move(ast), std::move(name));
  modules_.push_back(module);
  by_path_[module->file().path()] = module;
  return *module;
}

ModuleObject& Interpreter::run(ast::AstPtr ast, std::string name,
                               const std::vector<std::pair<std::string, Value>>& globals) {
  if (declaring_) return declare(std::move(ast), std::move(name), *declaring_);
  ModuleObject& module = open_module(std::move(ast), std::move(name));
  for (const auto& [global, value] : globals) module.set(global, value);
  execute(module, {});
  return module;
}

void Interpreter::run_more(ModuleObject& scope, ast::AstPtr ast, const Display& display, int64_t times) {
  auto module = std::make_shared<ModuleObject>(*this, std::move(ast), scope.name(), scope.variables());
  try {
    execute(*module, display, times);
  } catch (...) {
    keep_functions(std::move(module));
    throw;
  }
  keep_functions(std::move(module));
}

// Nothing but functions refers to the text once it has run.
void Interpreter::keep_functions(std::shared_ptr<ModuleObject> text) {
  if (!text->functions_.empty() || text->resolved().any_functions()) modules_.push_back(std::move(text));
}

void Interpreter::execute(ModuleObject& module, const Display& display, int64_t times) {
  kjit_ctx context{};
  kjit_ctx_init(&context);
  stack_limit_ = context.stack_limit;
  kjit_ctx_destroy(&context);
  // What the top level cannot hold is said before anything runs, all of it at once.
  source::Diagnostics diagnostics;
  for (const ast::Stmt* stmt : module.ast()->body())
    if (stmt->kind == ast::StmtKind::UnsupportedStmt)
      diagnostics.report(source::Diag::not_supported, {&module.file(), stmt->span},
                         ast::as<ast::UnsupportedStmt>(*stmt).what);
  if (diagnostics.has_errors()) throw compile_error(diagnostics.all());
  std::vector<Value> locals(module.resolved().top().names.size(), unbound());
  const Scope& scope = module.resolved().top();
  for (size_t i = 0; i < locals.size(); ++i)
    if (scope.is_cell[i]) locals[i] = new_cell();
  Evaluator evaluator(*this, module, scope, locals.data(), "<module>");
  if (display) evaluator.show_values(display);
  for (int64_t i = 0; i < times; ++i) {
    if (i > 0) poll();
    evaluator.run(module.ast()->body());
  }
}

std::shared_ptr<ModuleObject> Interpreter::import_file(const std::string& name, const source::SourceFile& importer) {
  std::string path, text;
  if (!host_.resolve_module(name, importer, path, text)) return nullptr;
  const auto found = by_path_.find(path);
  if (found != by_path_.end()) return found->second;
  const char here = 0;
  if (imports_ >= kMaxImports || (stack_limit_ && &here < stack_limit_))
    throw Error(ErrorKind::RecursionError,
                fmt::format("imports are nested too deep: {} files, each imported by the one "
                            "before, when '{}' is imported",
                            imports_, name));
  source::Diagnostics diagnostics;
  auto file = std::make_shared<source::SourceFile>(path, std::move(text));
  ast::AstPtr ast = parse::parse(std::move(file), diagnostics);
  if (!ast) throw compile_error(diagnostics.all());
  ++imports_;
  try {
    run(std::move(ast), name);
  } catch (...) {
    --imports_;
    by_path_.erase(path);
    throw;
  }
  --imports_;
  return by_path_.at(path);
}

ModuleObject* Interpreter::find_module(std::string_view name) const {
  for (const auto& module : modules_)
    if (module->name() == name) return module.get();
  return nullptr;
}

Value Interpreter::builtin(const std::string& name) {
  const auto found = builtins_.find(name);
  if (found != builtins_.end()) return found->second;
  Value value = unbound();
  ErrorKind kind;
  sema::Constant constant;
  if (const Native native = find_native(name)) {
    value = make<Builtin>(name, native);
  } else if (is_package(name)) {
    value = make<Package>(name);
  } else if (sema::find_module_constant(host_.types(), name, constant)) {
    value = thaw(constant);
  } else if (sema::find_builtin(name) || sema::is_device_triple(name) || name == "numpy.ndarray" ||
             is_decorator(name) || exception_kind(name, kind)) {
    value = make<Builtin>(name, nullptr);
  }
  return builtins_.emplace(name, std::move(value)).first->second;
}

Value Interpreter::package_attribute(const Package& package, std::string_view attribute) {
  const std::string name = fmt::format("{}.{}", package.name, attribute);
  Value value = builtin(name);
  if (is_unbound(value) && package.name == "sys") value = script_attribute(*this, name);
  if (is_unbound(value)) value = limits_attribute(package.name, attribute);
  if (is_unbound(value)) {
    std::string message = fmt::format("module '{}' has no attribute '{}'", package.name, attribute);
    std::vector<std::string> names = sema::builtin_names(package.name + ".");
    for (std::string& n : names) n = n.substr(package.name.size() + 1);
    const std::string nearest = source::nearest(attribute, names);
    if (!nearest.empty()) message += fmt::format(" (did you mean '{}'?)", nearest);
    throw Error(ErrorKind::AttributeError, message);
  }
  return value;
}

void Interpreter::write(std::string_view text) { host_.write(text); }

void Interpreter::enter() {
  const char here = 0;
  const bool deep = depth_ >= kMaxDepth || (stack_limit_ && &here < stack_limit_);
  if (deep) raise(ErrorKind::RecursionError, "maximum recursion depth exceeded");
  ++depth_;
}

void Interpreter::check_interrupt() {
  if (host_.interrupted()) raise(ErrorKind::Interrupted, "the script was stopped");
}

Value Interpreter::new_cell() {
  if (cells_.size() >= cells_to_prune_) {
    std::erase_if(cells_, [](const std::weak_ptr<Object>& cell) { return cell.expired(); });
    cells_to_prune_ = 2 * cells_.size() + 1024;
  }
  auto cell = std::static_pointer_cast<Object>(std::make_shared<Cell>());
  cells_.push_back(cell);
  return Value(std::move(cell));
}

const ClosureGlobals& Interpreter::keep(std::unique_ptr<ClosureGlobals> globals) {
  closures_.push_back(std::move(globals));
  return *closures_.back();
}

}  // namespace kjit::eval
