// Session: texts in one scope, on an interpreter that stays.
#include "kjit/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "driver/engine_state.h"
#include "driver/inspect.h"
#include "eval/interpreter.h"
#include "eval/members.h"
#include "parse/completeness.h"

namespace kjit::detail {

class SessionState {
 public:
  explicit SessionState(std::shared_ptr<EngineState> engine) : module_(std::move(engine)) {
    module_.load(std::make_shared<source::SourceFile>("<prompt>", ""), true);
    module_.reads = std::make_unique<driver::Reads>(scope().variables());
    defaults_ = scope().variables()->defined();
  }

  std::optional<int> run(std::string text, const Session::Show& show, std::string name) {
    if (name.empty()) name = fmt::format("<input {}>", ++inputs_);
    return run(std::make_shared<source::SourceFile>(std::move(name), std::move(text)), show);
  }

  std::optional<int> run(source::SourceFilePtr file, const Session::Show& show) {
    begin();
    return driver::guarded([&] {
      ast::AstPtr ast = driver::parse_text(file, engine().timing);
      return execute(std::move(ast), [&](const Value& value) {
        if (value.is_none()) return;
        scope().set("_", value);
        if (show) driver::call_host([&] { show(value); });
      });
    });
  }

  double time(std::string text, int64_t count) {
    begin();
    return driver::guarded([&] {
      const ast::AstPtr ast =
          driver::parse_text(std::make_shared<source::SourceFile>("<timed>", std::move(text)), engine().timing);
      const auto start = std::chrono::steady_clock::now();
      if (execute(ast, {}, count)) throw Error(ErrorKind::Usage, "what is timed ended with sys.exit()");
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    });
  }

  eval::ModuleObject& scope() { return *module_.object; }
  eval::Interpreter& interpreter() { return *module_.interpreter; }
  ModuleState& module() { return module_; }

  std::vector<std::string> names() {
    std::vector<std::string> out = scope().variables()->defined();
    std::erase_if(out, [&](const std::string& name) { return std::ranges::count(defaults_, name) != 0; });
    std::ranges::sort(out);
    return out;
  }
  void reset() {
    for (const std::string& name : names()) scope().variables()->forget(name);
  }

 private:
  EngineState& engine() { return *module_.engine; }

  void begin() {
    if (engine().core->closed) throw Error(ErrorKind::Usage, "the engine of this session is gone");
    __atomic_store_n(&engine().core->interrupt, 0, __ATOMIC_RELAXED);
  }

  std::optional<int> execute(ast::AstPtr ast, const eval::Interpreter::Display& display, int64_t times = 1) {
    try {
      interpreter().run_more(scope(), std::move(ast), display, times);
    } catch (const eval::Exit& exit) {
      return exit.status;
    }
    return std::nullopt;
  }

  ModuleState module_;
  int inputs_ = 0;
  std::vector<std::string> defaults_;  // __name__ and its like
};

}  // namespace kjit::detail

namespace kjit {

namespace {

detail::SessionState& alive(const std::unique_ptr<detail::SessionState>& state) {
  if (!state) throw Error(ErrorKind::Usage, "the session was moved from");
  return *state;
}

std::string kind_of(const Value& value) {
  const auto* function = eval::as<eval::FunctionObject>(value);
  if (!function) {
    if (eval::as<eval::Package>(value) || eval::as<eval::ModuleObject>(value)) return "module";
    if (eval::as<eval::Builtin>(value)) return "built-in function";
    return eval::as<eval::BoundMethod>(value) ? "method" : eval::type_name(value);
  }
  switch (function->options->kind) {
    case sema::FunctionOptions::Kind::Plain:
      return "function";
    case sema::FunctionOptions::Kind::Jit:
      return "kernel";
    case sema::FunctionOptions::Kind::Vectorize:
      return "ufunc";
    case sema::FunctionOptions::Kind::Extern:
      return "function of the host";
    case sema::FunctionOptions::Kind::Cuda:
      return function->options->device ? "device function" : "CUDA kernel";
  }
  return {};
}

}  // namespace

InputForm input_form(std::string_view text) {
  switch (parse::form_of(text)) {
    case parse::Form::Empty:
      return InputForm::Empty;
    case parse::Form::Block:
      return InputForm::Block;
    case parse::Form::Started:
      return InputForm::Started;
    case parse::Form::Open:
      return InputForm::Open;
    default:
      return InputForm::Complete;
  }
}

Session::Session(const Engine& engine) {
  engine.check_alive();
  state_ = std::make_unique<detail::SessionState>(engine.state_);
}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

std::optional<int> Session::run(std::string text, const Show& show, std::string name) {
  return alive(state_).run(std::move(text), show, std::move(name));
}

std::optional<int> Session::run_file(const std::string& path, const Show& show) {
  return alive(state_).run(std::make_shared<source::SourceFile>(path, driver::read_text(path)), show);
}

double Session::time(std::string text, int64_t count) { return alive(state_).time(std::move(text), count); }

std::vector<std::string> Session::names() const { return alive(state_).names(); }

std::optional<Value> Session::global(std::string_view name) const {
  const Value* found = alive(state_).scope().find(name);
  return found ? std::optional<Value>(*found) : std::nullopt;
}

void Session::reset() { alive(state_).reset(); }

std::vector<std::string> Session::completions(std::string_view word) const {
  detail::SessionState& state = alive(state_);
  const size_t dot = word.rfind('.');
  std::vector<std::string> found;
  if (dot == std::string_view::npos) {
    found = eval::language_names();
    for (std::string& name : state.scope().variables()->defined()) found.push_back(std::move(name));
  } else {
    const Value value = eval::find_dotted(state.interpreter(), *state.scope().variables(), word.substr(0, dot));
    if (eval::is_unbound(value)) return {};
    found = eval::members(state.interpreter(), value);
  }
  const std::string before(dot == std::string_view::npos ? "" : word.substr(0, dot + 1));
  std::vector<std::string> out;
  for (const std::string& name : found)
    if (std::string whole = before + name; whole.starts_with(word)) out.push_back(std::move(whole));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::optional<Description> Session::describe(std::string_view name) const {
  detail::SessionState& state = alive(state_);
  const Value value = eval::find_dotted(state.interpreter(), *state.scope().variables(), name);
  if (eval::is_unbound(value)) return std::nullopt;
  Description out;
  out.kind = kind_of(value);
  out.signature = eval::signature_of(state.interpreter(), value);
  if (const auto* function = eval::as<eval::FunctionObject>(value)) {
    out.doc = function->def->docstring;
    out.defined = eval::to_place({&function->module->file(), function->def->name_span});
    return out;
  }
  const auto* method = eval::as<eval::BoundMethod>(value);
  out.doc = eval::builtin_doc(method ? std::string_view(method->name) : eval::builtin_name(value));
  if (out.signature.empty()) out.value = repr(value);
  return out;
}

std::string Session::inspect(std::string_view function, std::string_view signature, Stage stage) const {
  detail::SessionState& state = alive(state_);
  if (stage < Stage::Types) throw Error(ErrorKind::Usage, "tokens and trees are those of a file: kjit inspect FILE");
  return driver::guarded([&] { return driver::inspect(state.module(), function, signature, stage, {}); });
}

}  // namespace kjit
