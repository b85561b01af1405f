// Kernels ahead of time: every function with signatures of some files, as one file for a linker and a header.
#include "kjit/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "driver/backend_loader.h"
#include "driver/c_header.h"
#include "driver/engine_state.h"
#include "eval/interpreter.h"

namespace kjit::driver {

namespace {

using sema::TypeRef;

[[noreturn]] void usage(std::string message) { throw Error(ErrorKind::Usage, std::move(message)); }

struct Kind {
  const char* ending;
  jit::FileKind kind;
};
constexpr Kind kKinds[] = {{".o", jit::FileKind::Object},
                           {".a", jit::FileKind::Archive},
                           {".so", jit::FileKind::Shared},
                           {".ll", jit::FileKind::Llvm}};

jit::FileKind kind_of(const std::string& output) {
  const std::string ending = std::filesystem::path(output).extension().string();
  for (const Kind& k : kKinds)
    if (ending == k.ending) return k.kind;
  usage(fmt::format("'{}': what is built are .o, .a, .so, .ll and .ptx files", output));
}

// One function with one signature, on its way to a C function.
struct Wanted {
  detail::ModuleState* module;
  const sema::FunctionRef* function;
  std::vector<TypeRef> types;
};

class Builder {
 public:
  Builder(Options options, const BuildRequest& request)
      : request_(request),
        kind_(kind_of(request.output)),
        backend_(open_backend(options)),
        engine_(std::make_shared<detail::EngineState>(adjusted(std::move(options)))) {}

  Built run() {
    if (request_.files.empty()) usage("there is no file to build");
    if (!request_.prefix.empty() && !is_c_identifier(request_.prefix))
      usage(fmt::format("the prefix '{}' cannot begin a name in C", request_.prefix));
    for (const std::string& path : request_.files) load(path);
    for (const auto& module : modules_) add_declared(*module);
    for (const std::string& text : request_.signatures) add_asked(text);
    if (wanted_.empty()) fail_nothing();
    for (const Wanted& w : wanted_) compile(w);
    std::vector<jit::CFunction> functions;
    for (size_t k = 0; k < prototypes_.size(); ++k)
      functions.push_back({built_[k].get(), symbols_[k], prototypes_[k].name, prototypes_[k].parameters});
    Built out;
    jit::CompileTimes times;
    try {
      out.bytes = backend_->build(functions, engine_->pipeline.code, kind_,
                                  std::filesystem::path(request_.output).filename().string(), &times);
    } catch (const std::invalid_argument& wrong) {
      usage(wrong.what());
    }
    engine_->timing.add("lower", times.lower);
    engine_->timing.add("optimize", times.optimize);
    engine_->timing.add("codegen", times.codegen);
    engine_->timing.add("link", times.link);
    if (!request_.header.empty()) out.header = c_header(prototypes_, request_.header, request_.output);
    for (const auto& row : engine_->timing.rows()) out.times.push_back({row.stage, row.milliseconds, row.runs});
    return out;
  }

 private:
  static std::shared_ptr<jit::Backend> open_backend(const Options& options) {
    jit::BackendOptions wanted;
    wanted.cpu = options.cpu.empty() ? "x86-64" : options.cpu;
    wanted.features = options.features;
    try {
      return load_backend(wanted);
    } catch (const std::invalid_argument& wrong) {
      usage(wrong.what());
    }
  }
  static Options adjusted(Options options) {
    options.cpu.clear(), options.features.clear();  // kernels that the top levels call run here
    options.caching = Caching::Off;
    options.write = nullptr;  // what the top levels print is not asked for
    options.interruptible = false;
    return options;
  }

  void load(const std::string& path) {
    auto module = std::make_unique<detail::ModuleState>(engine_);
    const detail::IgnoreLaunches ignore;
    module->load(std::make_shared<source::SourceFile>(path, read_text(path)), false);
    modules_.push_back(std::move(module));
  }

  // The functions that the text of a file defines, in its order; where a name is defined again, the last.
  static std::vector<std::string> names_of(const detail::ModuleState& module) {
    std::vector<std::string> names;
    if (!module.object) module.find("");  // throws
    for (const ast::Stmt* stmt : module.object->ast()->body()) {
      if (stmt->kind != ast::StmtKind::FunctionDef) continue;
      std::string name(ast::as<ast::FunctionDef>(*stmt).name);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
    return names;
  }

  static bool is_cuda(const sema::FunctionRef& f) { return f.options && f.options->device; }

  void add_declared(detail::ModuleState& module) {
    for (const std::string& name : names_of(module)) {
      const auto constant = static_cast<const sema::Globals&>(*module.object).lookup(name);
      if (!constant || !constant->type || constant->type->kind != sema::TypeKind::Function) continue;
      const sema::FunctionRef& f = module.find(name);
      if (!f.options || is_cuda(f)) continue;
      for (const auto& signature : f.options->signatures) add(module, f, signature.params);
    }
  }

  // "kernel(f8[:,::1], i8)"
  void add_asked(const std::string& text) {
    const size_t open = text.find('(');
    const size_t begin = text.find_first_not_of(" \t"), end = text.find_last_not_of(" \t", open == 0 ? 0 : open - 1);
    if (open == std::string::npos || open == 0 || begin >= open)
      usage(fmt::format("--sig \"{}\": a signature is like \"kernel(f8[:,::1], i8)\"", text));
    const std::string name = text.substr(begin, end - begin + 1);
    detail::ModuleState* module = nullptr;
    std::vector<std::string> all;
    for (const auto& m : modules_) {
      const std::vector<std::string> names = names_of(*m);
      all.insert(all.end(), names.begin(), names.end());
      if (std::find(names.begin(), names.end(), name) == names.end()) continue;
      if (module)
        usage(fmt::format("--sig \"{}\": both {} and {} have a function '{}'", text, module->file->path(),
                          m->file->path(), name));
      module = m.get();
    }
    if (!module) {
      const std::string near = source::nearest(name, all);
      usage(fmt::format("--sig \"{}\": there is no function '{}'{}", text, name,
                        near.empty() ? "" : fmt::format(": did you mean '{}'?", near)));
    }
    const sema::FunctionRef& f = module->find(name);
    if (is_cuda(f))
      usage(fmt::format("--sig \"{}\": '{}' runs on a GPU: kernels with @cuda.jit go into .ptx files", text, name));
    const std::string types = text.substr(open);
    auto file = std::make_shared<source::SourceFile>("<signature>", types);
    source::Diagnostics diagnostics;
    sema::FunctionOptions::Signature parsed;
    const source::Location where{file.get(), {0, static_cast<uint32_t>(types.size())}};
    if (!sema::parse_signature(engine_->types, types, where, parsed, diagnostics))
      throw source::CompileFailure(diagnostics.take());
    add(*module, f, parsed.params);
  }

  void add(detail::ModuleState& module, const sema::FunctionRef& f, std::vector<TypeRef> types) {
    for (const Wanted& w : wanted_)
      if (w.function == &f && w.types == types) return;
    wanted_.push_back({&module, &f, std::move(types)});
  }

  [[noreturn]] void fail_nothing() {
    std::string first, cuda;
    for (const auto& module : modules_) {
      for (const std::string& name : names_of(*module)) {
        const auto constant = static_cast<const sema::Globals&>(*module->object).lookup(name);
        if (!constant || !constant->type || constant->type->kind != sema::TypeKind::Function) continue;
        const sema::FunctionRef& f = module->find(name);
        if (!f.options || f.options->kind == sema::FunctionOptions::Kind::Plain) continue;
        std::string& found = is_cuda(f) ? cuda : first;
        if (found.empty()) found = name;
      }
    }
    if (!first.empty())
      usage(
          fmt::format("no function of {} has a signature: which types is '{}' built for? Say --sig '{}(f8[:], i8)', or "
                      "declare them in its decorator",
                      request_.files[0], first, first));
    if (!cuda.empty())
      usage(fmt::format("{} has kernels with @cuda.jit alone, which go into .ptx files", request_.files[0]));
    usage(fmt::format("{} has no function with a decorator", request_.files[0]));
  }

  // The first signature has the function's name, further ones a number behind it, as in PTX.
  std::string name_for(const Wanted& w) {
    const std::string base = request_.prefix + std::string(w.function->def->name);
    const int count = ++counts_[w.function];
    std::string name = count == 1 ? base : fmt::format("{}_{}", base, count);
    if (!is_c_identifier(name))
      usage(fmt::format("'{}' cannot be the name of a function in C: give a --prefix for names", name));
    if (name.starts_with("kjit_")) usage(fmt::format("'{}': names that begin with kjit_ are the runtime's", name));
    if (!names_.emplace(name, w.function).second) usage(fmt::format("two functions would be called '{}' in C", name));
    return name;
  }

  void compile(const Wanted& w) {
    const sema::FunctionRef& f = *w.function;
    if (f.options && f.options->offload)
      usage(fmt::format("'{}' is for target='cuda': such functions are not built ahead of time", f.def->name));
    const ast::Parameters& params = f.def->parameters;
    std::vector<TypeRef> types = w.types;
    bool returns = true;
    if (detail::is_vectorized(f) && types.size() == params.positional.size() &&
        std::all_of(types.begin(), types.end(), [](TypeRef t) { return t->is_scalar(); }))
      returns = !make_elementwise(f, types);
    const bool direct = !detail::is_vectorized(f) && params.keyword_only.empty() && !params.vararg &&
                        types.size() == params.positional.size();
    check_count(f, types.size());
    const sema::FunctionRef& entry =
        direct ? f : w.module->adapters.get(engine_->types, f, types.size(), engine_->timing, returns);
    if (f.options && !f.options->signatures.empty() && direct && !sema_takes(f, types))
      detail::fail_no_signature(f, types);
    auto program = type_function(engine_->types, entry, types, engine_->pipeline, engine_->timing);
    built_.push_back(make_kir(engine_->types, *program, engine_->pipeline, engine_->timing));
    run_passes(engine_->types, *built_.back(), engine_->pipeline, engine_->timing);
    engine_->warn(built_.back()->findings);
    symbols_.push_back(program->entry->symbol);

    CPrototype& p = prototypes_.emplace_back();
    p.name = name_for(w);
    p.kernel = f.def->name;
    const source::SourceFile& file = f.globals->file();
    p.place = fmt::format("{}:{}", file.path(), file.line_column(f.def->name_span.begin).line);
    p.types = program->entry->param_types;
    p.result = program->entry->result;
    for (size_t k = 0; k < p.types.size(); ++k)
      p.parameters.push_back(k < params.positional.size() ? std::string(params.positional[k].name)
                             : detail::is_vectorized(f)   ? "out"
                                                          : fmt::format("rest_{}", k - params.positional.size()));
    const std::string problem = c_problem(p);
    if (!problem.empty()) usage(problem);
  }

  // Loops over numbers become functions over arrays of one axis with any strides, the last the one that is written.
  bool make_elementwise(const sema::FunctionRef& f, std::vector<TypeRef>& types) {
    auto program = type_function(engine_->types, f, types, engine_->pipeline, engine_->timing);
    TypeRef result = program->entry->result;
    if (!result || !result->is_scalar()) return false;
    types.push_back(result);
    for (TypeRef& t : types) t = engine_->types.array(t->scalar, 1, sema::Layout::A);
    return true;
  }

  static bool sema_takes(const sema::FunctionRef& f, const std::vector<TypeRef>& types) {
    const auto& all = f.options->signatures;
    return std::any_of(all.begin(), all.end(), [&](const auto& s) { return s.params == types; });
  }

  static void check_count(const sema::FunctionRef& f, size_t given) {
    const ast::Parameters& params = f.def->parameters;
    const size_t most = params.positional.size(), least = most - f.defaults.size();
    for (size_t i = 0; i < params.keyword_only.size(); ++i)
      if (i >= f.keyword_defaults.size() || !f.keyword_defaults[i].type)
        usage(fmt::format("'{}' has the keyword '{}' without a default, which a signature cannot give", f.def->name,
                          params.keyword_only[i].name));
    if (given >= least && (given <= most + (detail::is_vectorized(f) ? 1 : 0) || params.vararg)) return;
    usage(fmt::format("'{}' takes {} argument{}, the signature gives {}", f.def->name, most, most == 1 ? "" : "s",
                      given));
  }

  const BuildRequest& request_;
  jit::FileKind kind_;
  std::shared_ptr<jit::Backend> backend_;  // for the processor that is asked for
  std::shared_ptr<detail::EngineState> engine_;
  std::vector<std::unique_ptr<detail::ModuleState>> modules_;
  std::vector<Wanted> wanted_;
  std::vector<std::unique_ptr<kir::Module>> built_;
  std::vector<std::string> symbols_;
  std::vector<CPrototype> prototypes_;
  std::map<const sema::FunctionRef*, int> counts_;
  std::map<std::string, const sema::FunctionRef*> names_;
};

}  // namespace

}  // namespace kjit::driver

namespace kjit {

Built build(Options options, const BuildRequest& request) {
  return driver::guarded([&] { return driver::Builder(std::move(options), request).run(); });
}

}  // namespace kjit
