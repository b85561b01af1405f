// The one-line kernel between a typed handle and a function with declared signatures.
#include "driver/adapter.h"

#include <fmt/format.h>

#include <algorithm>

#include "driver/engine_state.h"
#include "sema/signature.h"

namespace kjit::driver {

namespace {
constexpr std::string_view kCallee = "function";
}  // namespace

// Globals of the one line: the function that it calls, and nothing else.
class Adapter final : public sema::Globals {
 public:
  Adapter(sema::TypeContext& types, const sema::FunctionRef& callee, size_t arity, Timing& timing, bool returns)
      : callee_type_(types.function(callee.def, callee.globals, {})) {
    std::string list;
    for (size_t i = 0; i < arity; ++i) list += fmt::format("{}a{}", i ? ", " : "", i);
    auto file = std::make_shared<source::SourceFile>(
        fmt::format("<handle of {}>", callee.def->name),
        fmt::format("def {}({}):\n    {}{}({})\n", callee.def->name, list, returns ? "return " : "", kCallee, list));
    ast_ = parse_text(file, timing);
    ref_.def = &ast::as<ast::FunctionDef>(*ast_->body()[0]);
    ref_.globals = this;
    auto options = std::make_shared<sema::FunctionOptions>();
    options->kind = sema::FunctionOptions::Kind::Jit;
    if (detail::is_vectorized(callee)) {  // the loop around a ufunc behaves as it does
      options->fastmath = callee.options->fastmath;
      options->parallel = callee.options->parallel;
      options->offload = callee.options->offload;
    }
    ref_.options = std::move(options);
  }
  const sema::FunctionRef& ref() const { return ref_; }

  const source::SourceFile& file() const override { return *ast_->file(); }
  source::SourceFilePtr shared_file() const override { return ast_->file(); }
  uint32_t file_expr_count() const override { return ast_->expr_count(); }
  std::optional<sema::Constant> lookup(std::string_view name) const override {
    if (name != kCallee) return std::nullopt;
    return sema::Constant{callee_type_, {}};
  }
  std::optional<sema::Constant> lookup_module(std::string_view, std::string_view) const override {
    return std::nullopt;
  }
  const sema::FunctionRef* function(const ast::FunctionDef* def) const override {
    return def == ref_.def ? &ref_ : nullptr;
  }
  std::vector<std::string> names() const override { return {std::string(kCallee)}; }

 private:
  sema::TypeRef callee_type_;
  ast::AstPtr ast_;
  sema::FunctionRef ref_;
};

AdapterTable::AdapterTable() = default;
AdapterTable::~AdapterTable() = default;

const sema::FunctionRef& AdapterTable::get(sema::TypeContext& types, const sema::FunctionRef& callee, size_t arity,
                                           Timing& timing, bool returns) {
  std::lock_guard lock(mutex_);
  auto& adapter = adapters_[{&callee, arity, returns}];
  if (!adapter) adapter = std::make_unique<Adapter>(types, callee, arity, timing, returns);
  return adapter->ref();
}

std::shared_ptr<const detail::Code> specialise_for_handle(detail::ModuleState& module,
                                                          const sema::FunctionRef& function,
                                                          const std::vector<sema::TypeRef>& arguments,
                                                          sema::TypeRef wanted) {
  if (detail::is_vectorized(function))
    return module.specialise(module.adapters.get(module.engine->types, function, arguments.size(),
                                                 module.engine->timing, !wanted->is_none()),
                             arguments);
  const ast::Parameters& params = function.def->parameters;
  const bool declared = function.options && !function.options->signatures.empty();
  // Parameters that the handle leaves out are parameters of the compiled function all the same.
  bool direct = params.keyword_only.empty() && (params.vararg ? arguments.size() >= params.positional.size()
                                                              : arguments.size() == params.positional.size());
  if (declared) {
    const auto& all = function.options->signatures;
    direct &= std::any_of(all.begin(), all.end(), [&](const auto& s) { return s.params == arguments; });
    if (arguments.size() == params.positional.size() && !sema::choose_signature(*function.options, arguments))
      detail::fail_no_signature(function, arguments);
  }
  if (direct) return module.specialise(function, arguments);
  return module.specialise(module.adapters.get(module.engine->types, function, arguments.size(), module.engine->timing),
                           arguments);
}

}  // namespace kjit::driver
