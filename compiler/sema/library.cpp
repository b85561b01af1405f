// Parsing of library files, and what names mean inside of them.
#include "sema/library.h"

#include <fmt/format.h>

#include <map>
#include <mutex>
#include <stdexcept>

#include "parse/parser.h"
#include "sema/infer.h"

namespace kjit::sema {

namespace {

// A literal default; the type is null when it is none.
Constant literal_of(TypeContext& types, const ast::Expr& e) {
  if (e.kind == ast::ExprKind::UnaryOp) {
    Constant c = literal_of(types, *ast::as<ast::UnaryOp>(e).operand);
    if (auto* i = std::get_if<int64_t>(&c.value)) *i = -*i;
    if (auto* d = std::get_if<double>(&c.value)) *d = -*d;
    return c;
  }
  if (e.kind == ast::ExprKind::Tuple) {
    ConstantTuple items;
    std::vector<TypeRef> elements;
    for (const ast::Expr* x : ast::as<ast::Tuple>(e).elements) {
      items.push_back(literal_of(types, *x));
      elements.push_back(items.back().type);
    }
    return {types.tuple(std::move(elements)), std::move(items)};
  }
  if (e.kind == ast::ExprKind::Attribute) {  // np.float64
    Constant c;
    find_module_constant(types, "numpy." + std::string(ast::as<ast::Attribute>(e).attr), c);
    return c;
  }
  if (e.kind != ast::ExprKind::Constant) return {};
  auto& c = ast::as<ast::Constant>(e);
  switch (c.value) {
    case ast::ConstantKind::None:
      return {types.none(), {}};
    case ast::ConstantKind::True:
    case ast::ConstantKind::False:
      return {types.boolean(), int64_t{c.value == ast::ConstantKind::True}};
    case ast::ConstantKind::Int:
      return {types.py_int(), static_cast<int64_t>(c.integer)};
    case ast::ConstantKind::Float:
      return {types.py_float(), c.number};
    case ast::ConstantKind::Str:
      return {types.string(c.text), {}};
    default:
      return {};
  }
}

// The library's own rules: no bounds checks (the code is ours), IEEE division, exact floats.
std::shared_ptr<const FunctionOptions> library_options() {
  auto options = std::make_shared<FunctionOptions>();
  options->kind = FunctionOptions::Kind::Jit;
  options->has_boundscheck = true;
  options->numpy_error_model = true;
  return options;
}

class LibraryFile : public Globals {
 public:
  LibraryFile(TypeContext& types, ast::AstPtr ast) : types_(types), ast_(std::move(ast)) {
    const auto options = library_options();
    for (const ast::Stmt* s : ast_->body()) {
      if (s->kind != ast::StmtKind::FunctionDef) continue;  // imports, for CPython
      auto& def = ast::as<ast::FunctionDef>(*s);
      FunctionRef& ref = functions_[def.name];
      ref.def = &def, ref.globals = this, ref.options = options;
      if (!def.decorators.empty()) ref.options = external(def);
      for (const ast::Parameter& p : def.parameters.positional) {
        if (p.default_value) ref.defaults.push_back(literal_of(types, *p.default_value));
      }
      for (const ast::Parameter& p : def.parameters.keyword_only)
        ref.keyword_defaults.push_back(p.default_value ? literal_of(types, *p.default_value) : Constant{});
    }
  }

  const source::SourceFile& file() const override { return *ast_->file(); }
  source::SourceFilePtr shared_file() const override { return ast_->file(); }
  uint32_t file_expr_count() const override { return ast_->expr_count(); }
  std::optional<Constant> lookup(std::string_view name) const override {
    if (auto found = functions_.find(name); found != functions_.end())
      return Constant{types_.function(found->second.def, this, {}), {}};
    if (name == "np") return Constant{types_.builtin("numpy"), {}};
    if (name == "math") return Constant{types_.builtin("math"), {}};
    if (name == "extern") return Constant{types_.builtin("kjit.extern"), {}};
    for (const char* prefix : {"library.", "builtins."}) {
      const std::string canonical = prefix + std::string(name);
      if (find_builtin(canonical)) return Constant{types_.builtin(canonical), {}};
    }
    return std::nullopt;
  }
  std::optional<Constant> lookup_module(std::string_view, std::string_view) const override { return std::nullopt; }
  const FunctionRef* function(const ast::FunctionDef* def) const override {
    auto found = functions_.find(def->name);
    return found != functions_.end() && found->second.def == def ? &found->second : nullptr;
  }
  std::vector<std::string> names() const override { return {}; }
  bool is_library() const override { return true; }

 private:
  // A function of the runtime: @extern(signature, symbol=..., context=True).
  std::shared_ptr<const FunctionOptions> external(const ast::FunctionDef& def) const {
    source::Diagnostics diagnostics;
    auto options = read_decorators(types_, def, *this, diagnostics);
    if (diagnostics.has_errors()) throw std::logic_error(source::render(diagnostics.all()));
    return options;
  }

  TypeContext& types_;
  ast::AstPtr ast_;
  std::map<std::string_view, FunctionRef> functions_;
};

}  // namespace

ParameterKind parameter_kind(const ast::Parameter& parameter) {
  if (!parameter.annotation || parameter.annotation->kind != ast::ExprKind::Name) return ParameterKind::Any;
  const std::string_view name = ast::as<ast::Name>(*parameter.annotation).name;
  if (name == "array") return ParameterKind::Array;
  if (name == "elements") return ParameterKind::Elements;
  if (name == "number") return ParameterKind::Number;
  if (name == "integer") return ParameterKind::Integer;
  if (name == "literal") return ParameterKind::Literal;
  return ParameterKind::Any;
}

struct Library::Impl {
  explicit Impl(TypeContext& types) : types(types) {}
  TypeContext& types;
  std::mutex mutex;
  std::map<std::string, std::unique_ptr<LibraryFile>, std::less<>> files;
};

Library::Library(TypeContext& types) : impl_(std::make_unique<Impl>(types)) {}
Library::~Library() = default;

const FunctionRef& Library::function(const Builtin& row) {
  const std::lock_guard lock(impl_->mutex);
  const std::string_view name = row.library_file();
  auto found = impl_->files.find(name);
  if (found == impl_->files.end()) {
    source::Diagnostics diagnostics;
    auto text =
        std::make_shared<source::SourceFile>(fmt::format("<library>/{}.py", name), std::string(library_text(name)));
    ast::AstPtr ast = parse::parse(text, diagnostics);
    if (!ast || diagnostics.has_errors())
      throw std::logic_error("a library file does not parse:\n" + source::render(diagnostics.all()));
    found = impl_->files.emplace(name, std::make_unique<LibraryFile>(impl_->types, std::move(ast))).first;
  }
  const std::string_view canonical = row.name;
  const auto constant = found->second->lookup(canonical.substr(canonical.rfind('.') + 1));
  const FunctionRef* ref = constant && constant->type->kind == TypeKind::Function
                               ? found->second->function(constant->type->function)
                               : nullptr;
  if (!ref) throw std::logic_error(fmt::format("library/{}.py lacks {}", name, canonical));
  return *ref;
}

}  // namespace kjit::sema
