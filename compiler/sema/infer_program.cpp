// The fixed point over functions that call each other.
#include <algorithm>

#include "sema/inference.h"
#include "sema/library.h"
#include "sema/object_mode.h"
#include "sema/signature.h"

namespace kjit::sema {

namespace {
constexpr size_t kMaxSpecializations = 2000;
constexpr size_t kMaxDepth = 60;

// Adds the leaves of a type to `count`, up to the limit; too deep counts as too many.
void count_leaves(TypeRef type, int& count, int depth) {
  if (depth > kMaxTypeDepth) count = kMaxLeaves + 1;
  if (count > kMaxLeaves) return;
  if (type->elements.empty()) ++count;
  for (TypeRef t : type->elements) count_leaves(t, count, depth + 1);
}
// Tells literal arguments of one type apart.
std::string literal_text(const Constant& c) {
  if (c.is_int()) return fmt::format("{}", c.as_int());
  if (auto* d = std::get_if<double>(&c.value)) return fmt::format("{:a}", *d);
  if (auto* z = std::get_if<std::complex<double>>(&c.value)) return fmt::format("{:a} {:a}", z->real(), z->imag());
  std::string out = "(";
  if (auto* tuple = std::get_if<ConstantTuple>(&c.value)) {
    for (const Constant& item : *tuple) out += literal_text(item) + ",";
  }
  if (auto* array = std::get_if<std::shared_ptr<const ConstantArray>>(&c.value))
    out += fmt::format("{}", static_cast<const void*>(array->get()));
  return out + ")";
}
}  // namespace

int leaf_count(const std::vector<TypeRef>& types) {
  int count = 0;
  for (TypeRef t : types) count_leaves(t, count, 0);
  return count;
}

std::string type_list(const std::vector<TypeRef>& types) {
  std::string out;
  for (TypeRef t : types) out += (out.empty() ? "" : ", ") + (t ? to_string(t) : std::string("?"));
  return out;
}

std::string describe(TypeRef type) {
  switch (type->kind) {
    case TypeKind::None:
      return "None";
    case TypeKind::Function:
      return fmt::format("function '{}'", type->function->name);
    case TypeKind::Builtin:
      return type->text.starts_with("module:") ? "module '" + type->text.substr(7) + "'" : "'" + type->text + "'";
    case TypeKind::String:
      return "a string";
    default:
      return to_string(type);
  }
}

Specialization::Specialization(Program& program, const FunctionRef& ref, FunctionOptions options,
                               std::vector<std::string_view> captures, std::vector<TypeRef> capture_types,
                               std::vector<TypeRef> param_types, std::vector<std::optional<Constant>> literals)
    : typed(new TypedFunction),
      program_(program),
      globals_(*ref.globals),
      def_(*ref.def),
      captures_(std::move(captures)),
      scope_(analyze_scope(*ref.def)),
      library_(ref.globals->is_library()),
      literals_(std::move(literals)) {
  typed->def = ref.def;
  typed->globals = ref.globals;
  typed->options = std::move(options);
  typed->capture_types = std::move(capture_types);
  typed->param_types = std::move(param_types);
  typed->result = program.types.unknown();
  auto ids = expression_ids(def_);
  typed->expr_base = ids.low;
  typed->exprs.resize(ids.high >= ids.low ? ids.high - ids.low + 1 : 0);

  StaticFacts facts;
  facts.captures = captures_;
  facts.param_types = typed->capture_types;
  facts.param_types.insert(facts.param_types.end(), typed->param_types.begin(), typed->param_types.end());
  // A name twice: the last one counts, as in a dict.
  std::unordered_map<std::string_view, TypeRef> forced;
  for (auto& [name, type] : typed->options.locals) forced[name] = type, facts.forced.push_back(name);
  auto parameters = all_parameters(def_);
  for (size_t i = 0; i < parameters.size(); ++i)
    if (auto it = forced.find(parameters[i]->name); it != forced.end())
      facts.param_types[captures_.size() + i] = it->second;
  facts.global = [&](std::string_view n) { return globals_.lookup(n); };
  facts.isinstance = [&](TypeRef t, const ast::Expr& classes) { return isinstance(t, classes); };
  webs_ = find_webs(def_, scope_, facts);

  for (auto& web : webs_.webs) {
    Variable v;
    v.name = std::string(web.name);
    v.type = unknown();
    v.first_definition = web.first_definition;
    v.is_param = web.is_param;
    v.maybe_unbound = web.maybe_unbound;
    v.definitions = web.definitions;
    auto given = forced.find(web.name);
    if (given != forced.end() && std::find(captures_.begin(), captures_.end(), web.name) == captures_.end())
      v.type = given->second, v.forced = true;
    typed->variables.push_back(std::move(v));
  }
  values_.resize(webs_.webs.size());
  first_typed_.resize(webs_.webs.size());
  first_type_.resize(webs_.webs.size());
  size_t count = typed->capture_types.size();
  typed->capture_vars.assign(webs_.params.begin(), webs_.params.begin() + static_cast<long>(count));
  typed->param_vars.assign(webs_.params.begin() + static_cast<long>(count), webs_.params.end());
  typed->branches = webs_.branches;
  typed->dead = webs_.dead;
  typed->def_captures = webs_.def_captures;
  typed->lambda_captures = webs_.lambda_captures;
  typed->def_vars = webs_.def_webs;
  for (auto& [id, branch] : webs_.expr_branches) typed->expr_branches[id] = branch;
}

TypeRef Specialization::unknown() const { return program_.types.unknown(); }
TypeContext& Specialization::types() { return program_.types; }

bool Specialization::iterate() {
  bool any = false;
  for (int i = 0; i < 200; ++i) {
    changed_ = false;
    round();
    if (!changed_) break;
    any = true;
  }
  return any;
}

void Specialization::round() {
  returns_ = unseen_names_ = false;
  typed->calls.clear();
  typed->constants.clear();
  std::fill(typed->exprs.begin(), typed->exprs.end(), ExprInfo{});
  auto parameters = all_parameters(def_);
  for (size_t i = 0; i < typed->capture_vars.size(); ++i)
    define(typed->capture_vars[i], typed->capture_types[i], def_.name_span);
  for (size_t i = 0; i < typed->param_vars.size(); ++i)
    define(typed->param_vars[i], typed->param_types[i], parameters[i]->span);
  for (size_t i = 0; i < literals_.size(); ++i) {
    const uint32_t var = typed->param_vars[i];
    if (literals_[i] && var != kNone && typed->variables[var].definitions == 1) values_[var] = literals_[i];
  }
  if (typed->options.kind == FunctionOptions::Kind::Extern) return;  // the signature says it all
  const bool ends = body(def_.body);
  // A function that only raises has the result None: no call of it comes back.
  if ((webs_.falls_off_end && !ends) || (!returns_ && !forced_result)) add_result(types().none(), def_.name_span);
}

void Specialization::finish(source::Diagnostics& diagnostics) {
  if (finished) return;
  finished = true;
  diagnostics_ = &diagnostics;
  const size_t before = diagnostics.error_count(), first = diagnostics.all().size();
  failed_closures_.clear();
  round();
  learn_literals(diagnostics, first);
  for (auto& [span, captured] : webs_.rebound_captures) {
    if (std::find(failed_closures_.begin(), failed_closures_.end(), span) != failed_closures_.end()) continue;
    fail(Diag::not_supported, span,
         fmt::format("a new value for '{}', which an inner function has captured,", captured));
  }
  if (diagnostics.error_count() == before) {
    for (auto& v : typed->variables) {
      if (v.type->is_unknown() && library_) v.type = types().none();  // of a branch that is not taken
      if (v.type->is_unknown()) fail(Diag::cannot_infer, v.first_definition, v.name);
    }
  }
  if (diagnostics.error_count() == before && typed->result->is_unknown()) {
    fail(Diag::cannot_infer, def_.name_span, std::string(def_.name));
    hint(nullptr, "every path calls the function itself: one path has to return without doing so");
  }
  diagnostics_ = nullptr;
}

Specialization* Program::specialize(const FunctionRef& ref, const FunctionOptions& fn_options,
                                    const std::vector<std::string_view>& captures,
                                    const std::vector<TypeRef>& capture_types, std::vector<TypeRef> params,
                                    const std::vector<std::optional<Constant>>& literals) {
  TypeRef forced = nullptr;
  if (!fn_options.signatures.empty()) {
    auto* signature = choose_signature(fn_options, params);
    if (!signature) return nullptr;
    params = signature->params;
    forced = signature->result;
  }
  Key key{ref.def, ref.globals, forced};
  key.insert(key.end(), capture_types.begin(), capture_types.end());
  key.push_back(nullptr);
  key.insert(key.end(), params.begin(), params.end());
  // A helper behaves as its caller does: one version for each set of options that it is called under.
  const uintptr_t behaviour = (uintptr_t{fn_options.fastmath} << 2) | (uintptr_t{fn_options.boundscheck} << 1) |
                              uintptr_t{fn_options.numpy_error_model};
  key.push_back(reinterpret_cast<const void*>(behaviour));
  if (!literals.empty()) {
    key.push_back(literal_keys_.insert(literals_text(literals)).first->c_str());
  }
  auto& slot = all_[key];
  if (!slot) {
    if (all_.size() > kMaxSpecializations || running_.size() > kMaxDepth || leaf_count(params) > kMaxLeaves) {
      too_many = true;
      all_.erase(key);
      return nullptr;
    }
    slot = std::make_unique<Specialization>(*this, ref, fn_options, captures, capture_types, params, literals);
    slot->forced_result = forced;
    if (forced) slot->typed->result = forced;
    std::string base = ref.def->is_lambda ? "lambda" : std::string(ref.def->name);
    int number = symbols_[base]++;
    slot->typed->symbol = number ? fmt::format("{}.{}", base, number) : base;
  }
  update(*slot);
  return slot.get();
}

Library& Program::library() {
  if (!options.library) {
    options.library = std::make_shared<Library>(types);
    out->library = options.library;
  }
  return *options.library;
}

void Program::update(Specialization& s) {
  using State = Specialization::State;
  if (s.state == State::Done) return;
  auto running = std::find(running_.begin(), running_.end(), &s);
  if (running != running_.end()) {  // a cycle: everything above it waits for its result
    for (auto it = running; it != running_.end(); ++it) (*it)->typed->recursive = true;
    for (auto it = running + 1; it != running_.end(); ++it) (*it)->state = State::Tentative;
    return;
  }
  s.state = State::Running;
  running_.push_back(&s);
  bool changed = s.iterate();
  running_.pop_back();
  if (s.state == State::Tentative) {
    if (changed && !running_.empty()) running_.back()->changed_ = true;
  } else {
    s.state = State::Done;
  }
}

void Program::finish(Specialization& s, source::Diagnostics& diagnostics) {
  if (s.finished) return;
  s.state = Specialization::State::Done;
  finished_.push_back(&s);
  s.finish(diagnostics);
}

void Program::take_functions(const Specialization& entry) {
  out->entry = entry.typed.get();
  for (Specialization* s : finished_) out->functions.push_back(std::move(s->typed));
}

namespace {

// The types of all parameters, from those given by position; empty after an error.
std::optional<std::vector<TypeRef>> bind_entry(TypeContext& types, const FunctionRef& ref, std::vector<TypeRef> given,
                                               source::Diagnostics& diagnostics) {
  auto& parameters = ref.def->parameters;
  size_t positional = parameters.positional.size();
  size_t all = positional + (parameters.vararg ? 1 : 0) + parameters.keyword_only.size();
  if (!parameters.keyword_only.empty() && given.size() == all && (!parameters.vararg || given[positional]->is_tuple()))
    return given;
  std::vector<TypeRef> out(given.begin(), given.begin() + static_cast<long>(std::min(given.size(), positional)));
  Location where{&ref.globals->file(), ref.def->name_span};
  if (given.size() > positional && !parameters.vararg) {
    diagnostics.report(Diag::wrong_argument_count, where,
                       fmt::format("'{}' takes {} argument{}, {} were given", ref.def->name, positional,
                                   positional == 1 ? "" : "s", given.size()));
    return std::nullopt;
  }
  for (size_t i = out.size(); i < positional; ++i) {
    size_t first_default = positional - ref.defaults.size();
    if (i < first_default) {
      diagnostics.report(
          Diag::wrong_argument_count, where,
          fmt::format("'{}' lacks a value for its parameter '{}'", ref.def->name, parameters.positional[i].name));
      return std::nullopt;
    }
    out.push_back(ref.defaults[i - first_default].type);
  }
  if (parameters.vararg) {
    std::vector<TypeRef> rest;
    for (size_t i = positional; i < given.size(); ++i) rest.push_back(given[i]);
    out.push_back(types.tuple(std::move(rest)));
  }
  for (size_t i = 0; i < parameters.keyword_only.size(); ++i) {
    if (i >= ref.keyword_defaults.size() || !ref.keyword_defaults[i].type) {
      diagnostics.report(
          Diag::wrong_argument_count, where,
          fmt::format("'{}' lacks a value for its parameter '{}'", ref.def->name, parameters.keyword_only[i].name));
      return std::nullopt;
    }
    out.push_back(ref.keyword_defaults[i].type);
  }
  return out;
}

}  // namespace

std::vector<std::optional<Constant>> omitted_defaults(const FunctionRef& ref, size_t given) {
  const size_t positional = ref.def->parameters.positional.size();
  if (given >= positional || (ref.options && !ref.options->signatures.empty())) return {};
  const size_t without = positional - ref.defaults.size();
  std::vector<std::optional<Constant>> out(positional);
  bool any = false;
  for (size_t i = std::max(given, without); i < positional; ++i) {
    if (!ref.defaults[i - without].type->is_scalar()) continue;
    out[i] = ref.defaults[i - without];
    any = true;
  }
  return any ? out : std::vector<std::optional<Constant>>();
}

std::string literals_text(const std::vector<std::optional<Constant>>& literals) {
  std::string text;
  for (const auto& c : literals) text += c ? literal_text(*c) + ";" : ";";
  return text;
}

namespace {

// The part of a result that has no value outside of kernels; null where there is none.
TypeRef kernel_only_part(TypeRef type) {
  if (type->is_tuple() || type->is_optional()) {
    for (TypeRef element : type->elements) {
      if (TypeRef part = kernel_only_part(element)) return part;
    }
    return nullptr;
  }
  switch (type->kind) {
    case TypeKind::None:
    case TypeKind::Scalar:
    case TypeKind::Array:
    case TypeKind::String:
    case TypeKind::DType:
    case TypeKind::Generator:
      return nullptr;
    default:
      return type;
  }
}

// Whether scripts and hosts can take what the entry returns; reports otherwise.
bool check_entry_result(const Specialization& entry, const source::SourceFile& file, source::Diagnostics& diagnostics) {
  if (entry.typed->options.kind == FunctionOptions::Kind::Cuda && !entry.result()->is_none()) {
    diagnostics
        .report(Diag::bad_return, Location{&file, entry.result_place()},
                fmt::format("a CUDA kernel returns nothing, not {}", describe(entry.result())))
        .hint = "store results to an array that the kernel is given";
    return false;
  }
  TypeRef part = kernel_only_part(entry.result());
  if (!part) return true;
  const bool function = part->kind == TypeKind::Function || part->kind == TypeKind::Builtin;
  diagnostics
      .report(Diag::bad_return, Location{&file, entry.result_place()},
              fmt::format("{} cannot be returned to a script: {} stay in kernels", describe(part),
                          function ? "functions" : "iterators, ranges and slices"))
      .hint = "a kernel that only kernels call can return it";
  return false;
}

// One try: what is learned about literal parameters asks for another.
std::unique_ptr<TypedProgram> infer_once(TypeContext& types, const FunctionRef& function,
                                         const std::vector<TypeRef>& params, const InferOptions& options,
                                         LiteralParameters& known, const std::vector<std::optional<Constant>>& literals,
                                         source::Diagnostics& diagnostics, bool& learned) {
  const Location where{&function.globals->file(), function.def->name_span};
  Program program(types, options, known);
  FunctionOptions fn_options = function.options ? *function.options : FunctionOptions{};
  if (!fn_options.has_boundscheck) fn_options.boundscheck = options.boundscheck;
  fn_options.numpy_error_model |= options.numpy_error_model;
  Specialization* entry = program.specialize(function, fn_options, {}, {}, params, literals);
  if (!entry) {
    if (program.too_many)
      diagnostics.report(Diag::not_supported, where, "a function that needs so many versions of others");
    else
      diagnostics.report(Diag::no_matching_signature, where, std::string(function.def->name), type_list(params));
    return nullptr;
  }
  size_t before = diagnostics.error_count();
  program.finish(*entry, diagnostics);
  learned = program.learned;
  if (diagnostics.error_count() != before) return nullptr;
  if (!check_entry_result(*entry, function.globals->file(), diagnostics)) return nullptr;
  entry->typed->exported = true;
  program.take_functions(*entry);
  return std::move(program.out);
}

}  // namespace

std::unique_ptr<TypedProgram> infer(TypeContext& types, const FunctionRef& function, std::vector<TypeRef> arguments,
                                    const InferOptions& options, source::Diagnostics& diagnostics, Literals* literals) {
  if (function.options && is_object_mode(*function.options)) {
    diagnostics
        .report(Diag::not_supported, Location{&function.globals->file(), function.def->name_span},
                fmt::format("compiling '{}', which is in object mode,", function.def->name))
        .hint = "only scripts call functions with forceobj=True; @njit makes a kernel of it";
    return nullptr;
  }
  const size_t given = arguments.size();
  auto params = bind_entry(types, function, std::move(arguments), diagnostics);
  if (!params) return nullptr;
  std::vector<std::optional<Constant>> values = omitted_defaults(function, given);
  if (literals && literals->has_values) {
    values.resize(std::max(values.size(), literals->values.size()));
    for (size_t i = 0; i < literals->values.size(); ++i)
      if (literals->values[i]) values[i] = literals->values[i];
  }
  LiteralParameters none;
  LiteralParameters& known = literals ? literals->parameters : none;
  for (;;) {
    const std::set<size_t> entrys = known[function.def];
    source::Diagnostics found;
    bool learned = false;
    auto program = infer_once(types, function, *params, options, known, values, found, learned);
    if (literals && literals->has_values && known[function.def] != entrys) {
      literals->more = true;
      return nullptr;
    }
    if (learned) continue;
    diagnostics.append(std::move(found));
    return program;
  }
}

namespace {

// Whether a function can be typed for it alone: known, and no inner function of the caller.
bool stands_alone(TypeRef type) {
  if (!type || type->is_unknown()) return false;
  if (type->kind == TypeKind::Function && !type->globals->function(type->function)) return false;
  return std::all_of(type->elements.begin(), type->elements.end(), stands_alone);
}

}  // namespace

std::vector<CalledFunction> called_functions(TypeContext& types, const FunctionRef& caller,
                                             std::vector<TypeRef> arguments, const InferOptions& options) {
  const std::vector<TypeRef> params = std::move(arguments);
  std::vector<CalledFunction> out;
  LiteralParameters known;
  for (bool again = true; again;) {
    Program program(types, options, known);
    source::Diagnostics ignored;
    Specialization* entry = program.specialize(caller, {}, {}, {}, params);
    if (!entry) return {};
    program.finish(*entry, ignored);
    again = program.learned;
    out.clear();
    const auto& calls = entry->typed->calls;
    for (const Specialization* s : program.finished()) {
      const TypedFunction& f = *s->typed;
      const FunctionRef* ref = f.globals->is_library() ? nullptr : f.globals->function(f.def);
      const bool typed = std::all_of(f.param_types.begin(), f.param_types.end(), stands_alone);
      if (!ref || !typed || f.def == caller.def) continue;
      const bool direct = std::any_of(calls.begin(), calls.end(), [&](const CallInfo& c) { return c.callee == &f; });
      out.push_back({ref, f.param_types, s->literals(), direct});
    }
  }
  return out;
}

}  // namespace kjit::sema
