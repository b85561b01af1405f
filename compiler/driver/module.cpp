// Module: loading a file, finding and calling its functions; the evaluator's host.
#include <fmt/format.h>
#include <kjit_rt/random.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "driver/abi.h"
#include "driver/device_call.h"
#include "driver/engine_state.h"
#include "eval/interpreter.h"
#include "sema/signature.h"

namespace kjit::detail {

namespace {

std::string listed(const std::vector<sema::TypeRef>& types) {
  std::string out;
  for (sema::TypeRef t : types) out += (out.empty() ? "" : ", ") + sema::to_string(t);
  return out;
}

}  // namespace

void fail_no_signature(const sema::FunctionRef& function, const std::vector<sema::TypeRef>& arguments) {
  source::Diagnostics found;
  found.report(source::Diag::no_matching_signature, {&function.globals->file(), function.def->name_span},
               function.def->name, listed(arguments));
  throw eval::compile_error(found.all());
}

ModuleState& alive(const std::shared_ptr<ModuleState>& state) {
  if (!state) throw Error(ErrorKind::Usage, "the module is empty");
  return *state;
}

ModuleState::ModuleState(std::shared_ptr<EngineState> state) : engine(std::move(state)) {}
ModuleState::~ModuleState() = default;

void ModuleState::load(source::SourceFilePtr text, bool is_main, const Module::Keywords& globals) {
  file = std::move(text);
  driver::guarded([&] {
    const std::string name = is_main ? "__main__" : std::filesystem::path(file->path()).stem().string();
    ast::AstPtr ast = driver::parse_text(file, engine->timing);
    interpreter = std::make_unique<eval::Interpreter>(*this);
    try {
      object = &interpreter->run(std::move(ast), name, globals);
    } catch (const eval::Exit& exit) {  // the module is not whole: it ends here
      exit_status = exit.status;
    }
  });
}

const sema::FunctionRef& ModuleState::find(std::string_view name) const {
  if (!object)
    throw Error(ErrorKind::Usage, fmt::format("{} ended with sys.exit(): it has no functions", file->path()));
  const sema::Globals& globals = *object;
  if (auto constant = globals.lookup(name)) {
    if (constant->type && constant->type->kind == sema::TypeKind::Function)
      if (const auto* ref = constant->type->globals->function(constant->type->function)) return *ref;
    throw Error(ErrorKind::Usage,
                fmt::format("'{}' in {} is not a function of kernel text", name, globals.file().path()));
  }
  const std::string near = source::nearest(name, globals.names());
  throw Error(ErrorKind::Usage, fmt::format("there is no function '{}' in {}{}", name, globals.file().path(),
                                            near.empty() ? "" : fmt::format(": did you mean '{}'?", near)));
}

const sema::FunctionRef& ModuleState::entry(const sema::FunctionRef& function, size_t arity) {
  // Functions live as long as their globals. NOLINTNEXTLINE(bugprone-return-const-ref-from-parameter)
  return is_vectorized(function) ? adapters.get(engine->types, function, arity, engine->timing) : function;
}

Value ModuleState::call_vectorized(const Value& function, std::string_view method, const std::vector<Value>& args,
                                   const Module::Keywords& keywords, const CallOptions& options) {
  eval::Args given(args);
  given.keywords = keywords;
  const eval::Interpreter::Operation operation = interpreter->vectorized_operation(function, method, given);
  return eval::Interpreter::run(operation, [&](const sema::FunctionRef& ref, const std::vector<Value>& values) {
    return call(ref, values, {}, options, true);
  });
}

std::shared_ptr<const Code> ModuleState::specialise(const sema::FunctionRef& function,
                                                    std::vector<sema::TypeRef> arguments,
                                                    const std::vector<EngineState::Literal>* literals) {
  std::string defaults = sema::literals_text(sema::omitted_defaults(function, arguments.size()));
  if (literals && !literals->empty()) defaults += "|" + sema::literals_text(*literals);
  driver::Specialisations::Key key{function.def, function.globals, std::move(arguments), std::move(defaults)};
  const auto compile = [&] { return engine->compile(function, key.arguments, literals); };
  if (!reads) return specialisations.get(key, compile);
  if (!reads->hold(key)) specialisations.forget(key);
  return specialisations.get(key, [&] { return reads->keep(key, compile); });
}

Value ModuleState::call(const sema::FunctionRef& function, const std::vector<Value>& args,
                        const Module::Keywords& keywords, const CallOptions& options, bool typed) {
  const bool offloads = function.options && function.options->offload;
  if (!offloads || !driver::DeviceCall::wanted(args, keywords))
    return call_here(function, args, keywords, options, typed);
  driver::DeviceCall device(engine->gpu(), engine->core->cuda);
  const std::vector<Value> given = device.given(args);
  const Module::Keywords named = device.given(keywords);
  const Value made = call_here(function, given, named, options, typed);
  return device.finish(made);
}

Value ModuleState::call_here(const sema::FunctionRef& function, const std::vector<Value>& args,
                             const Module::Keywords& keywords, const CallOptions& options, bool typed) {
  const Prepared prepared = prepare(function, args, keywords);
  const driver::Bound& bound = prepared.bound;
  const auto& code = prepared.code;

  std::vector<uint64_t> slots;
  for (size_t i = 0; i < code->params.size(); ++i) {
    if (i < bound.all.size() && driver::flatten(bound.all[i], code->params[i], slots)) continue;
    const std::string given = i < bound.all.size() ? repr(bound.all[i]) : "nothing";
    throw Error(ErrorKind::TypeError,
                fmt::format("{}(): {} is not {}", function.def->name, given, sema::to_string(code->params[i])));
  }
  std::vector<std::max_align_t> buffer(driver::result_size(code->result) / sizeof(std::max_align_t) + 1);
  kjit_ctx* ctx = bind_context(code.get());
  CallScope scope(code.get(), ctx, options);
  using Packed = int32_t (*)(kjit_ctx*, void*, const uint64_t*);
  const int32_t status = reinterpret_cast<Packed>(code->entry.packed)(ctx, buffer.data(), slots.data());
  if (status != KJIT_OK) driver::call_host([&] { raise(code.get(), ctx, status); });
  return driver::read_result(code->result, reinterpret_cast<const unsigned char*>(buffer.data()), typed);
}

Value ModuleState::call(const sema::FunctionRef& function, const std::vector<Value>& args,
                        const std::vector<std::pair<std::string, Value>>& keywords) {
  // As in Numba, a kernel gives a script Python's own numbers; array operations of the evaluator give NumPy's.
  const bool kernel = function.options && function.options->kind == sema::FunctionOptions::Kind::Jit;
  Value made = call(function, args, keywords, {}, !kernel);
  if (interrupted()) throw Error(ErrorKind::Interrupted, "the script was stopped");
  return made;
}

bool ModuleState::resolve_module(const std::string& name, const source::SourceFile& importer, std::string& path,
                                 std::string& text) {
  const Options& options = engine->core->options;
  if (options.resolve_module) {
    if (auto found = options.resolve_module(name, importer.path())) {
      path = std::move(found->path), text = std::move(found->text);
      return true;
    }
  }
  if (driver::host_module(options, name, text)) {
    path = fmt::format("<module {} of the host>", name);
    return true;
  }
  std::string relative = name;
  for (char& c : relative)
    if (c == '.') c = '/';
  const auto file = std::filesystem::path(importer.path()).parent_path() / (relative + ".py");
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return false;
  path = file.string();
  text = driver::read_text(path);
  return true;
}

bool ModuleState::resolve_constant(const std::string& name, Value& out) {
  const auto& constants = engine->core->options.constants;
  const auto found = constants.find(name);
  if (found == constants.end()) return false;
  out = found->second;
  return true;
}

void ModuleState::write_error(std::string_view text) {
  const Options& options = engine->core->options;
  if (options.write_error) driver::call_host([&] { options.write_error(text); });
}

void ModuleState::write(std::string_view text) {
  const Options& options = engine->core->options;
  if (options.write) driver::call_host([&] { options.write(text); });
}

kjit_random* ModuleState::random() {
  kjit_random* random = kjit_rt_random(context_of(engine->core), nullptr);
  if (random == nullptr) throw Error(ErrorKind::MemoryError, "out of memory");
  return random;
}
bool ModuleState::interrupted() { return __atomic_load_n(&engine->core->interrupt, __ATOMIC_RELAXED) != 0; }

}  // namespace kjit::detail

namespace kjit {

using detail::alive;

namespace {

// "int64 f(int64) or float64 f(float64)" where signatures are declared, else "f(x, y=..., *rest)".
std::string shown(std::string_view name, const sema::FunctionRef& function) {
  std::string out;
  if (function.options && !function.options->signatures.empty()) {
    for (const auto& s : function.options->signatures)
      out += fmt::format("{}{}{}{}", out.empty() ? "" : " or ", s.result ? sema::to_string(s.result) + " " : "", name,
                         sema::signature_string(s.params));
    return out;
  }
  const ast::Parameters& params = function.def->parameters;
  const size_t first_default = params.positional.size() - function.defaults.size();
  const auto add = [&](std::string text) { out += (out.empty() ? "" : ", ") + std::move(text); };
  for (size_t i = 0; i < params.positional.size(); ++i)
    add(std::string(params.positional[i].name) + (i < first_default ? "" : "=..."));
  if (params.vararg) add("*" + std::string(params.vararg->name));
  if (!params.vararg && !params.keyword_only.empty()) add("*");
  for (size_t i = 0; i < params.keyword_only.size(); ++i) {
    const bool has_default = i < function.keyword_defaults.size() && function.keyword_defaults[i].type;
    add(std::string(params.keyword_only[i].name) + (has_default ? "=..." : ""));
  }
  return fmt::format("{}({})", name, out);
}

// A handle gives its arguments by position.
void check_arity(std::string_view name, const sema::FunctionRef& function, sema::TypeRef result,
                 const std::vector<sema::TypeRef>& arguments) {
  const ast::Parameters& params = function.def->parameters;
  const size_t most = params.positional.size(), least = most - function.defaults.size();
  bool named = false;  // a parameter that only a keyword could give
  for (size_t i = 0; i < params.keyword_only.size(); ++i)
    named |= i >= function.keyword_defaults.size() || !function.keyword_defaults[i].type;
  if (detail::is_vectorized(function) && arguments.size() == most + 1) return;  // with out
  if (!named && arguments.size() >= least && (arguments.size() <= most || params.vararg)) return;
  throw Error(ErrorKind::Usage,
              fmt::format("the handle is {} {}{}, with {} argument{}; the {} is {}{}", sema::to_string(result), name,
                          sema::signature_string(arguments), arguments.size(), arguments.size() == 1 ? "" : "s",
                          function.options && function.options->kind == sema::FunctionOptions::Kind::Extern
                              ? "function of the host"
                              : "kernel",
                          shown(name, function), named ? ": a handle gives no keywords" : ""));
}
}  // namespace

Module::Module(std::shared_ptr<detail::ModuleState> state) : state_(std::move(state)) {}

Value Module::call_list(std::string_view name, const std::vector<Value>& args,
                        const std::vector<std::pair<std::string, Value>>& keywords, const CallOptions& options) const {
  detail::ModuleState& state = alive(state_);
  return driver::guarded([&] {
    const size_t dot = std::min(name.find('.'), name.size());
    const Value* value = state.object ? state.object->find(name.substr(0, dot)) : nullptr;
    const sema::FunctionRef* function = value ? eval::function_ref(*value) : nullptr;
    if (function && detail::is_vectorized(*function))
      return state.call_vectorized(*value, name.substr(std::min(dot + 1, name.size())), args, keywords, options);
    return state.call(state.find(name), args, keywords, options, true);
  });
}

Value Module::global(std::string_view name) const {
  detail::ModuleState& state = alive(state_);
  const Value* found = state.object ? state.object->find(name) : nullptr;
  if (!found) throw Error(ErrorKind::Usage, fmt::format("there is no '{}' in {}", name, path()));
  return *found;
}

std::vector<std::string> Module::functions() const {
  detail::ModuleState& state = alive(state_);
  std::vector<std::string> out;
  if (!state.object) return out;
  for (const ast::Stmt* stmt : state.object->ast()->body())
    if (stmt->kind == ast::StmtKind::FunctionDef) out.emplace_back(ast::as<ast::FunctionDef>(*stmt).name);
  return out;
}

const std::string& Module::path() const { return alive(state_).file->path(); }

int Module::exit_status() const { return alive(state_).exit_status; }

detail::Entry Module::lookup(std::string_view name, const detail::TypeDesc& result,
                             std::vector<detail::TypeDesc> args) const {
  detail::ModuleState& state = alive(state_);
  return driver::guarded([&] {
    const sema::FunctionRef& function = state.find(name);
    std::vector<sema::TypeRef> arguments;
    for (const detail::TypeDesc& desc : args) arguments.push_back(driver::to_type(state.engine->types, desc));
    const sema::TypeRef wanted = driver::to_type(state.engine->types, result);
    check_arity(name, function, wanted, arguments);
    const auto code = driver::specialise_for_handle(state, function, arguments, wanted);
    if (!driver::result_fits(code->result, wanted))
      throw Error(ErrorKind::Usage,
                  fmt::format("the handle is {1} {0}{2}, the kernel is {3} {0}{2}", name, sema::to_string(wanted),
                              sema::signature_string(arguments), sema::to_string(code->result)));
    return detail::Entry{code, code->entry.call, code->core->options.memory_limit > 0 ? 0 : code->core->id};
  });
}

}  // namespace kjit
