// Text of every stage.
#include "driver/inspect.h"

#include <fmt/format.h>

#include <algorithm>

#include "eval/interpreter.h"
#include "passes/pipeline.h"

namespace kjit::driver {

namespace {

std::vector<sema::TypeRef> argument_types(detail::EngineState& engine, const sema::FunctionRef& function,
                                          std::string_view signature) {
  if (signature.empty()) {
    if (function.options && !function.options->signatures.empty()) return function.options->signatures[0].params;
    return {};
  }
  auto file = std::make_shared<source::SourceFile>("<signature>", std::string(signature));
  source::Diagnostics diagnostics;
  sema::FunctionOptions::Signature parsed;
  const source::Location where{file.get(), {0, static_cast<uint32_t>(signature.size())}};
  if (!sema::parse_signature(engine.types, signature, where, parsed, diagnostics))
    throw source::CompileFailure(diagnostics.take());
  return parsed.params;
}

void check_pass_name(std::string_view name) {
  if (name.empty()) return;
  std::vector<std::string> names;
  for (const passes::Pass& pass : passes::all()) {
    if (pass.name == name) return;
    names.emplace_back(pass.name);
  }
  const std::string near = source::nearest(name, names);
  throw Error(ErrorKind::Usage, fmt::format("there is no pass '{}'{}", name,
                                            near.empty() ? "" : fmt::format(": did you mean '{}'?", near)));
}

// The kernels for a GPU of a file, in the order of the text.
std::vector<std::string> kernels_of(const detail::ModuleState& module) {
  std::vector<std::string> names;
  for (const ast::Stmt* stmt : module.object->ast()->body()) {
    if (stmt->kind != ast::StmtKind::FunctionDef) continue;
    const auto& def = ast::as<ast::FunctionDef>(*stmt);
    if (def.decorators.empty()) continue;
    const sema::FunctionRef& ref = module.find(def.name);
    if (ref.options && ref.options->kind == sema::FunctionOptions::Kind::Cuda) names.emplace_back(def.name);
  }
  return names;
}

// The one kernel of a file, where nobody has said which function is meant.
std::string only_kernel(const detail::ModuleState& module) {
  const std::vector<std::string> names = kernels_of(module);
  if (names.size() == 1) return names[0];
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  throw Error(ErrorKind::Usage, names.empty() ? fmt::format("{} has no kernel with @cuda.jit", module.file->path())
                                              : fmt::format("say which kernel is meant: {}", list));
}

}  // namespace

std::string emit(detail::EngineState& engine, const sema::FunctionRef& function, std::vector<sema::TypeRef> arguments,
                 Stage stage, std::string_view print_after, const std::vector<detail::EngineState::Literal>* literals) {
  check_pass_name(print_after);
  if (stage == Stage::Callable) {
    const auto code = engine.compile(function, std::move(arguments), literals);
    std::string params;
    for (sema::TypeRef t : code->params) params += (params.empty() ? "" : ", ") + sema::to_string(t);
    return fmt::format("{}({}) -> {}\n", code->name, params, sema::to_string(code->result));
  }
  sema::Literals known = engine.literals(literals);
  auto program = type_function(engine.types, function, std::move(arguments), engine.pipeline, engine.timing, &known);
  if (stage == Stage::Types) return sema::to_string(*program);
  auto module = make_kir(engine.types, *program, engine.pipeline, engine.timing);
  if (stage == Stage::Kir) return kir::to_string(*module);
  if (stage == Stage::Fusion) return passes::fusion_report(engine.types, *module);
  if (stage == Stage::Parallel) return passes::parallel_report(engine.types, *module);
  std::string text = stage == Stage::Passes && print_after.empty() ? "; after kirgen\n" + kir::to_string(*module) : "";
  run_passes(engine.types, *module, engine.pipeline, engine.timing, [&](std::string_view pass, const kir::Module& now) {
    if (stage == Stage::Passes && (print_after.empty() || print_after == pass))
      text += fmt::format("; after {}\n{}", pass, kir::to_string(now));
  });
  engine.warn(module->findings);
  if (stage == Stage::Passes) return text;
  const jit::Emit what = stage == Stage::Llvm            ? jit::Emit::Llvm
                         : stage == Stage::LlvmOpt       ? jit::Emit::LlvmOpt
                         : stage == Stage::Vectorization ? jit::Emit::Vectorization
                         : stage == Stage::Ptx           ? jit::Emit::Ptx
                                                         : jit::Emit::Asm;
  jit::Backend& backend = engine.core->backend();
  jit::CompileTimes times;
  try {
    text = backend.emit(*module, engine.pipeline.code, what, &times);
  } catch (const std::invalid_argument& wrong) {
    throw Error(ErrorKind::Usage, wrong.what());
  }
  engine.timing.add("lower", times.lower);
  if (what != jit::Emit::Llvm) engine.timing.add("optimize", times.optimize);
  if (what == jit::Emit::Asm || what == jit::Emit::Ptx) engine.timing.add("codegen", times.codegen);
  return text;
}

std::string inspect(const std::shared_ptr<detail::EngineState>& engine, const std::string& path,
                    std::string_view function, std::string_view signature, Stage stage, std::string_view print_after) {
  return guarded([&]() -> std::string {
    auto file = std::make_shared<source::SourceFile>(path, read_text(path));
    if (stage == Stage::Tokens) {
      source::Diagnostics diagnostics;
      std::string text = parse::dump_tokens(file, diagnostics);
      if (diagnostics.has_errors()) throw source::CompileFailure(diagnostics.take());
      return text;
    }
    if (stage == Stage::Ast) return parse::dump_ast(*parse_text(file, engine->timing));
    auto module = std::make_shared<detail::ModuleState>(engine);
    const detail::IgnoreLaunches ignore;
    module->load(file, false);
    const std::string named = function.empty() && stage == Stage::Ptx ? only_kernel(*module) : std::string(function);
    return inspect(*module, named, signature, stage, print_after);
  });
}

std::string inspect(detail::ModuleState& module, std::string_view function, std::string_view signature, Stage stage,
                    std::string_view print_after) {
  const sema::FunctionRef& found = module.find(function);
  const std::vector<sema::TypeRef> arguments = argument_types(*module.engine, found, signature);
  const bool arrays = std::any_of(arguments.begin(), arguments.end(), [](sema::TypeRef t) { return t->is_array(); });
  return emit(*module.engine, arrays ? module.entry(found, arguments.size()) : found, arguments, stage, print_after);
}

std::string build_ptx(const std::shared_ptr<detail::EngineState>& engine, const std::string& path) {
  return guarded([&]() -> std::string {
    auto module = std::make_shared<detail::ModuleState>(engine);
    const detail::IgnoreLaunches ignore;
    module->load(std::make_shared<source::SourceFile>(path, read_text(path)), false);
    std::vector<std::unique_ptr<kir::Module>> built;
    const std::vector<std::string> names = kernels_of(*module);
    for (const std::string& name : names) {
      const sema::FunctionRef& kernel = module->find(name);
      for (const auto& signature : kernel.options->signatures) {
        auto program = type_function(engine->types, kernel, signature.params, engine->pipeline, engine->timing);
        built.push_back(make_kir(engine->types, *program, engine->pipeline, engine->timing));
        run_passes(engine->types, *built.back(), engine->pipeline, engine->timing);
        engine->warn(built.back()->findings);
      }
    }
    if (built.empty())
      throw Error(ErrorKind::Usage,
                  names.empty()
                      ? fmt::format("{} has no kernel with @cuda.jit", path)
                      : fmt::format("no kernel of {} has a signature: which types is '{}' built for?", path, names[0]));
    std::vector<const kir::Module*> modules;
    for (const auto& each : built) modules.push_back(each.get());
    try {
      return engine->core->backend().build_device(modules, engine->pipeline.code, nullptr);
    } catch (const std::invalid_argument& wrong) {
      throw Error(ErrorKind::Usage, wrong.what());
    }
  });
}

}  // namespace kjit::driver

namespace kjit {

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  return source::nearest(word, candidates);
}

Stage stage_named(std::string_view name) {
  static constexpr std::pair<std::string_view, Stage> kStages[] = {{"tokens", Stage::Tokens},
                                                                   {"ast", Stage::Ast},
                                                                   {"types", Stage::Types},
                                                                   {"kir", Stage::Kir},
                                                                   {"passes", Stage::Passes},
                                                                   {"llvm", Stage::Llvm},
                                                                   {"llvm-opt", Stage::LlvmOpt},
                                                                   {"asm", Stage::Asm},
                                                                   {"fusion", Stage::Fusion},
                                                                   {"parallel", Stage::Parallel},
                                                                   {"vectorization", Stage::Vectorization},
                                                                   {"ptx", Stage::Ptx},
                                                                   {"callable", Stage::Callable}};
  std::vector<std::string> names;
  std::string list;
  for (const auto& [known, stage] : kStages) {
    if (known == name) return stage;
    names.emplace_back(known);
    list += fmt::format("{}{}", list.empty() ? "" : ", ", known);
  }
  const std::string near = source::nearest(name, names);
  throw Error(ErrorKind::Usage, fmt::format("there is no stage '{}' to show{}; the stages are {}", name,
                                            near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near), list));
}

}  // namespace kjit
