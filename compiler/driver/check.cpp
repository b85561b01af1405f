// kjit check: every function of a file typed, nothing run.
#include "kjit/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "driver/check_names.h"
#include "driver/engine_state.h"
#include "eval/interpreter.h"
#include "passes/pipeline.h"
#include "sema/scope.h"
#include "sema/signature.h"

namespace kjit::driver {

namespace {

using sema::FunctionOptions;
using sema::TypeRef;

// The evaluator's host where nothing runs: modules are found as an engine finds them.
class CheckHost final : public eval::Host {
 public:
  explicit CheckHost(const std::shared_ptr<detail::EngineState>& engine) : engine_(engine), finder_(engine) {}
  sema::TypeContext& types() override { return engine_->types; }
  sema::Library& library() override { return *engine_->pipeline.infer.library; }
  Value call(const sema::FunctionRef&, const std::vector<Value>&,
             const std::vector<std::pair<std::string, Value>>&) override {
    not_here();
  }
  bool resolve_module(const std::string& name, const source::SourceFile& importer, std::string& path,
                      std::string& text) override {
    return finder_.resolve_module(name, importer, path, text);
  }
  bool resolve_constant(const std::string& name, Value& out) override { return finder_.resolve_constant(name, out); }
  void write(std::string_view) override {}
  const std::vector<std::string>& argv() override { return finder_.argv(); }
  bool interrupted() override { return finder_.interrupted(); }
  kjit_random* random() override { not_here(); }
  eval::Gpu& gpu() override { not_here(); }

 private:
  [[noreturn]] static void not_here() { throw Error(ErrorKind::Usage, "nothing runs in a check"); }
  std::shared_ptr<detail::EngineState> engine_;
  detail::ModuleState finder_;
};

// The argument types that a function is checked for.
struct Version {
  std::vector<TypeRef> params;
  std::vector<std::optional<sema::Constant>> literals;
  bool from_call = false;
  bool for_script = true;  // a script takes what it gives
};

class Checker {
 public:
  Checker(const std::shared_ptr<detail::EngineState>& engine, eval::ModuleObject& module)
      : engine_(*engine), module_(module), hidden_(hidden_names(*module.ast())) {
    for (const std::string& name : module.names()) {
      const Value* value = module.find(name);
      unknown_globals_ = unknown_globals_ || (value && eval::as<eval::UnknownObject>(*value));
    }
  }

  void run() {
    source::Diagnostics names;
    check_names(module_, names);
    take(names.take());
    find_calls();
    for (const ast::Stmt* stmt : module_.ast()->body())
      if (stmt->kind == ast::StmtKind::FunctionDef && !ast::as<ast::FunctionDef>(*stmt).decorators.empty())
        kernel(ast::as<ast::FunctionDef>(*stmt));
  }

  std::vector<Finding> found;
  Checked counts;

 private:
  void take(const std::vector<source::Diagnostic>& diagnostics) {
    for (const source::Diagnostic& d : diagnostics) found.push_back(eval::to_finding(d));
  }

  // Types the top level as if it were a function, and functions of scripts for arguments that are not known.
  void find_calls() {
    std::vector<const ast::Stmt*> statements;
    for (const ast::Stmt* s : module_.ast()->body())
      if (s->kind != ast::StmtKind::FunctionDef && s->kind != ast::StmtKind::Import &&
          s->kind != ast::StmtKind::ImportFrom)
        statements.push_back(s);
    ast::FunctionDef top{};
    top.kind = ast::StmtKind::FunctionDef;
    top.id = module_.ast()->stmt_count();
    top.name = "<module>";
    top.body = {statements.data(), statements.size()};
    sema::FunctionRef ref;
    ref.def = &top;
    ref.globals = &module_;
    calls_of(ref);
    for (const ast::Stmt* s : module_.ast()->body()) {
      if (s->kind != ast::StmtKind::FunctionDef) continue;
      const auto& def = ast::as<ast::FunctionDef>(*s);
      const sema::FunctionRef* function = module_.function(&def);
      if (def.decorators.empty() && function) calls_of(*function);
    }
  }

  void calls_of(const sema::FunctionRef& caller) {
    std::vector<TypeRef> unknown;
    if (!unknown_arguments(*caller.def, unknown)) return;
    for (sema::CalledFunction& call :
         sema::called_functions(engine_.types, caller, std::move(unknown), engine_.pipeline.infer)) {
      std::vector<Version>& versions = calls_[call.function->def];
      const auto known = std::find_if(versions.begin(), versions.end(), [&](const Version& v) {
        return v.params == call.params && sema::literals_text(v.literals) == sema::literals_text(call.literals);
      });
      if (known != versions.end())
        known->for_script = known->for_script || call.direct;
      else if (versions.size() < kMostVersions)
        versions.push_back({std::move(call.params), std::move(call.literals), true, call.direct});
    }
  }

  // One unknown type for each parameter; false for those that take any number of arguments.
  bool unknown_arguments(const ast::FunctionDef& def, std::vector<TypeRef>& out) {
    if (def.parameters.vararg || def.parameters.kwarg) return false;
    out.assign(sema::all_parameters(def).size(), engine_.types.unknown());
    return true;
  }

  void kernel(const ast::FunctionDef& def) {
    const sema::FunctionRef* function = module_.function(&def);
    if (!function || function->options->kind == FunctionOptions::Kind::Plain ||
        function->options->kind == FunctionOptions::Kind::Extern)
      return;
    const std::vector<Version> versions = versions_of(*function);
    for (const Version& version : versions) type(*function, version);
    if (!versions.empty()) {
      ++counts.typed;
      return;
    }
    counts.untyped.emplace_back(def.name);
    Version version;
    if (unknown_arguments(def, version.params)) without_types(*function, std::move(version.params));
  }

  std::vector<Version> versions_of(const sema::FunctionRef& function) {
    std::vector<Version> out;
    for (const auto& signature : function.options->signatures) out.push_back({signature.params, {}});
    if (!out.empty()) return out;
    if (const auto found = calls_.find(function.def); found != calls_.end()) return found->second;
    Version annotated;
    for (const ast::Parameter* p : sema::all_parameters(*function.def)) {
      annotated.params.push_back(p->annotation ? annotation(*p->annotation, function) : nullptr);
      if (!annotated.params.back()) return {};
    }
    if (!annotated.params.empty() || function.def->parameters.positional.empty()) out.push_back(std::move(annotated));
    return out;
  }

  // The type that an annotation names: float64[:], "float64[:]", int; null where it is none of kernels.
  TypeRef annotation(const ast::Expr& e, const sema::FunctionRef& function) {
    sema::TypeContext& types = engine_.types;
    if (e.kind == ast::ExprKind::Name) {
      const std::string_view name = ast::as<ast::Name>(e).name;
      if (name == "int") return types.py_int();
      if (name == "float") return types.py_float();
      if (name == "complex") return types.py_complex();
      if (name == "bool") return types.boolean();
    }
    if (e.kind == ast::ExprKind::Constant && ast::as<ast::Constant>(e).value == ast::ConstantKind::Str) {
      source::Diagnostics ignored;
      FunctionOptions::Signature read;
      const source::Location where{&function.globals->file(), e.span};
      const bool one = sema::parse_signature(types, ast::as<ast::Constant>(e).text, where, read, ignored) &&
                       read.params.size() == 1 && !read.result;
      return one ? read.params[0] : nullptr;
    }
    std::string error;
    return sema::read_type(types, e, function.globals, error);
  }

  // Whether a finding may come from what a check does not know.
  bool doubtful(const source::Diagnostic& d, bool literals_missing) const {
    if (d.kind == source::Diag::undefined_name)
      return std::any_of(hidden_.begin(), hidden_.end(), [&](std::string_view name) {
        return d.message.find(fmt::format("'{}'", name)) != std::string::npos;
      });
    if (d.kind == source::Diag::cannot_infer) return unknown_globals_;
    return d.kind == source::Diag::not_constant && literals_missing;
  }

  void type(const sema::FunctionRef& function, const Version& version) {
    source::Diagnostics diagnostics;
    sema::Literals literals;
    literals.values = version.literals;
    for (size_t i = 0; i < version.literals.size(); ++i)
      if (version.literals[i]) literals.parameters[function.def].insert(i), literals.has_values = true;
    auto program = sema::infer(engine_.types, function, version.params, engine_.pipeline.infer, diagnostics, &literals);
    if (literals.more) {  // values of more arguments would tell
      literals = {};
      program = sema::infer(engine_.types, function, version.params, engine_.pipeline.infer, diagnostics, &literals);
    }
    std::vector<source::Diagnostic> found_here = diagnostics.take();
    const bool missing = !literals.has_values && has_literals(literals);
    std::erase_if(found_here, [&](const source::Diagnostic& d) {
      const bool result = d.message.find("cannot be returned to a script") != std::string::npos;
      return doubtful(d, missing) || (result && !version.for_script);
    });
    if (program && complete(*program)) generate(*program, found_here);
    if (version.from_call)
      for (source::Diagnostic& d : found_here) say_types(function, version, d);
    take(found_here);
  }

  static bool has_literals(const sema::Literals& literals) {
    return std::any_of(literals.parameters.begin(), literals.parameters.end(),
                       [](const auto& entry) { return !entry.second.empty(); });
  }

  // Whether all is typed: what depends on a global whose value is not known is not.
  static bool complete(const sema::TypedProgram& program) {
    for (const auto& f : program.functions) {
      const auto& vars = f->variables;
      if (f->result->is_unknown() ||
          std::any_of(vars.begin(), vars.end(), [](const sema::Variable& v) { return v.type->is_unknown(); }))
        return false;
      for (const sema::ExprInfo& e : f->exprs)
        if (e.type && e.type->is_unknown()) return false;
    }
    return true;
  }

  // What only the later stages see: conversions of results, races.
  void generate(const sema::TypedProgram& program, std::vector<source::Diagnostic>& out) {
    try {
      auto module = make_kir(engine_.types, program, engine_.pipeline, engine_.timing);
      run_passes(engine_.types, *module, engine_.pipeline, engine_.timing);
      out.insert(out.end(), module->findings.begin(), module->findings.end());
    } catch (const source::CompileFailure& failure) {
      out.insert(out.end(), failure.diagnostics().begin(), failure.diagnostics().end());
    }
  }

  void say_types(const sema::FunctionRef& function, const Version& version, source::Diagnostic& d) const {
    std::string types;
    for (const TypeRef t : version.params) types += (types.empty() ? "" : ", ") + sema::to_string(t);
    source::Diagnostics with_note;
    with_note.add(d.kind, {&function.globals->file(), function.def->name_span}, "");
    with_note.note({&function.globals->file(), function.def->name_span},
                   fmt::format("'{}' is called with ({})", function.def->name, types));
    std::vector<source::Diagnostic> made = with_note.take();
    d.notes.push_back(std::move(made[0].notes[0]));
  }

  void without_types(const sema::FunctionRef& function, std::vector<TypeRef> params) {
    source::Diagnostics diagnostics;
    sema::Literals literals;
    sema::infer(engine_.types, function, std::move(params), engine_.pipeline.infer, diagnostics, &literals);
    std::vector<source::Diagnostic> found_here = diagnostics.take();
    std::erase_if(found_here, [&](const source::Diagnostic& d) {
      return doubtful(d, true) || d.kind == source::Diag::cannot_infer;
    });
    take(found_here);
  }

  static constexpr size_t kMostVersions = 16;  // of one function
  detail::EngineState& engine_;
  eval::ModuleObject& module_;
  const std::set<std::string_view> hidden_;
  bool unknown_globals_ = false;
  std::map<const ast::FunctionDef*, std::vector<Version>> calls_;
};

// In order of the text, the file itself first, each finding once.
void tidy(const std::string& path, std::vector<Finding>& findings) {
  const auto key = [&](const Finding& f) {
    return std::make_tuple(f.place.file != path, f.place.file, f.place.line, f.place.column, f.message);
  };
  std::sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
  const auto same = [&](const Finding& a, const Finding& b) { return key(a) == key(b); };
  findings.erase(std::unique(findings.begin(), findings.end(), same), findings.end());
}

}  // namespace

}  // namespace kjit::driver

namespace kjit {

Checked check_file(const std::string& path, Options options) {
  options.write = nullptr, options.warn = nullptr;
  return driver::guarded([&] {
    auto engine = std::make_shared<detail::EngineState>(std::move(options));
    auto file = std::make_shared<source::SourceFile>(path, driver::read_text(path));
    Checked out;
    try {
      ast::AstPtr ast = driver::parse_text(file, engine->timing);
      driver::CheckHost host(engine);
      eval::Interpreter interpreter(host);
      eval::ModuleObject& module = interpreter.declare(std::move(ast), "__main__", out.findings);
      driver::Checker checker(engine, module);
      checker.run();
      out.typed = checker.counts.typed;
      out.untyped = std::move(checker.counts.untyped);
      for (Finding& f : checker.found) out.findings.push_back(std::move(f));
    } catch (const source::CompileFailure& failure) {
      for (const source::Diagnostic& d : failure.diagnostics()) out.findings.push_back(eval::to_finding(d));
    }
    driver::tidy(path, out.findings);
    return out;
  });
}

}  // namespace kjit
