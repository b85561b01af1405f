// What decorators say: @njit, @jit, @vectorize and their options.
#include <algorithm>

#include "sema/builtins.h"
#include "sema/infer.h"
#include "sema/signature.h"

namespace kjit::sema {

using ast::Expr;
using ast::ExprKind;
using source::Diag;
using source::Location;
using source::Span;

namespace {

class Reader {
 public:
  Reader(TypeContext& types, const ast::FunctionDef& def, const Globals& globals, source::Diagnostics& diagnostics)
      : types_(types), def_(def), globals_(globals), diagnostics_(diagnostics) {}

  std::shared_ptr<const FunctionOptions> run() {
    for (auto& d : def_.decorators) decorator(*d.expr);
    return std::make_shared<const FunctionOptions>(out_);
  }

 private:
  Location at(Span span) const { return {&globals_.file(), span}; }

  // "numba.njit" for njit, nb.njit, numba.njit; "" when it cannot be told.
  std::string canonical(const Expr& e) const {
    if (e.kind == ExprKind::Name) {
      auto value = globals_.lookup(ast::as<ast::Name>(e).name);
      return value && value->type && value->type->kind == TypeKind::Builtin ? value->type->text : "";
    }
    if (e.kind == ExprKind::Attribute) {
      std::string base = canonical(*ast::as<ast::Attribute>(e).value);
      return base.empty() ? "" : base + "." + std::string(ast::as<ast::Attribute>(e).attr);
    }
    return "";
  }

  void decorator(const Expr& e) {
    const ast::Call* call = e.kind == ExprKind::Call ? &ast::as<ast::Call>(e) : nullptr;
    const Expr& func = call ? *call->func : e;
    std::string n = canonical(func);
    std::string_view text = globals_.file().text(func.span);
    size_t dot = n.rfind('.');
    std::string module = dot == std::string::npos ? "" : n.substr(0, dot);
    name_ = dot == std::string::npos ? std::string(text) : n.substr(dot + 1);
    if (n == "numba.cuda.jit") {
      name_ = "cuda.jit";
      out_.kind = FunctionOptions::Kind::Cuda;
      out_.device = out_.numpy_error_model = out_.has_boundscheck = true;
      arguments(call);
      if (fma_) out_.fastmath |= kFastContract;
      if (out_.debug) out_.numpy_error_model = false;
      return;
    }
    if (n == "numba.cuda.reduce" || n == "numba.cuda.Reduce") {  // called by scripts with the function
      if (call || def_.decorators.size() > 1)
        diagnostics_.report(Diag::bad_decorator, at(e.span), "@cuda.reduce stands alone, and takes no arguments");
      return;
    }
    if (module != "numba" && module != "kjit") {
      if (n.starts_with("numba.") || n.starts_with("kjit."))
        diagnostics_.report(Diag::not_supported, at(func.span), fmt::format("the decorator @{}", text));
      else
        diagnostics_
            .report(Diag::bad_decorator, at(func.span), fmt::format("@{} is not a decorator that kjit knows", text))
            .hint = "use @njit, @jit or none";
      return;
    }
    if (name_ == "jit" || name_ == "njit") {
      out_.kind = FunctionOptions::Kind::Jit;
    } else if (name_ == "vectorize") {
      out_.kind = FunctionOptions::Kind::Vectorize;
      out_.numpy_error_model = true;  // as Numba: the loops of a ufunc do not raise ZeroDivisionError
      if (!check_scalar_parameters(e)) return;
    } else if (module == "kjit" && name_ == "extern" && call) {
      return external(*call);
    } else {
      diagnostics_.report(Diag::not_supported, at(func.span), fmt::format("the decorator @{}", text));
      return;
    }
    arguments(call);
  }

  void arguments(const ast::Call* call) {
    if (!call) return;
    for (size_t i = 0; i < call->args.size(); ++i) {
      if (i > 0) {
        diagnostics_.report(Diag::bad_decorator, at(call->args[i]->span),
                            fmt::format("@{} takes one signature or a list of them by position", name_));
        return;
      }
      signatures(*call->args[i]);
    }
    for (auto& k : call->keywords) option(k);
    check_target();
    if (forceobj_) object_mode(*call);
  }

  // A ufunc takes its operands by position, one for each parameter.
  bool check_scalar_parameters(const Expr& e) {
    const ast::Parameters& p = def_.parameters;
    if (!p.positional.empty() && !p.vararg && !p.kwarg && p.keyword_only.empty()) return true;
    diagnostics_.report(
        Diag::bad_decorator, at(e.span),
        fmt::format("@vectorize wants a function of one or more parameters by position; '{}' {}", def_.name,
                    p.vararg || p.kwarg      ? "has starred ones"
                    : p.keyword_only.empty() ? "has none"
                                             : "has keyword-only ones"));
    return false;
  }

  // target='cpu' | 'parallel' | 'cuda'; of a kernel 'cpu' | 'cuda'.
  void target(const ast::Keyword& k, bool vectorize) {
    auto* c = literal(*k.value);
    const std::string_view text = c && c->value == ast::ConstantKind::Str ? std::string_view(c->text) : "";
    if (vectorize && (text == "parallel" || text == "cuda")) out_.parallel = true;
    out_.offload = text == "cuda";
    if (out_.offload) target_ = k.span;
    if (text == "cpu" || text == "cuda" || (vectorize && text == "parallel")) return;
    auto& d =
        diagnostics_.report(Diag::bad_option, at(k.span),
                            vectorize ? "'target' is 'cpu', 'parallel' or 'cuda'" : "'target' is 'cpu' or 'cuda'");
    std::string best = source::nearest(text, {"cpu", "parallel", "cuda"});
    if (!best.empty() && (vectorize || best != "parallel")) d.hint = fmt::format("did you mean '{}'?", best);
  }

  // What a GPU runs of a kernel with @njit are its parallel loops.
  void check_target() {
    if (!out_.offload || out_.parallel) return;
    diagnostics_.report(Diag::bad_option, at(target_), "target='cuda' of a kernel goes with parallel=True").hint =
        "a kernel that says itself what each thread does is one with @cuda.jit";
  }

  // @jit(forceobj=True): a function for scripts. What says how to compile it has nothing to say.
  void object_mode(const ast::Call& call) {
    const auto fail = [&](std::string_view text) { diagnostics_.report(Diag::bad_option, at(*forceobj_), text); };
    const bool nopython = std::any_of(call.keywords.begin(), call.keywords.end(), [&](const ast::Keyword& k) {
      bool b = false;
      return k.name == "nopython" && boolean(k, b) && b;
    });
    if (nopython || name_ == "njit")
      return fail("a function is either in nopython or in object mode: @jit(forceobj=True)");
    if (!out_.signatures.empty()) return fail("a function in object mode takes any types: it has no signature");
    if (out_.parallel) return fail("a function in object mode has no parallel loops");
    out_ = FunctionOptions{};
    out_.nopython = false;
  }

  // identity=0 | 1 | None | 'reorderable'.
  void identity(const ast::Keyword& k) {
    auto* c = literal(*k.value);
    if (c && c->value == ast::ConstantKind::None) return;
    if (c && c->value == ast::ConstantKind::Str && c->text == "reorderable") {
      out_.reorderable = true;
    } else if (c && c->value == ast::ConstantKind::Int && c->integer <= 1) {
      out_.identity = static_cast<int64_t>(c->integer);
      out_.reorderable = true;
    } else {
      diagnostics_.report(Diag::bad_option, at(k.span), "'identity' is 0, 1, None or 'reorderable'");
    }
  }

  // @extern("float64(float64)", symbol="...", pure=True): written by the engine for the functions that a host
  // registers.
  void external(const ast::Call& call) {
    out_.kind = FunctionOptions::Kind::Extern;
    for (auto* argument : call.args) signatures(*argument);
    for (auto& k : call.keywords) {
      bool b = false;
      if (k.name == "symbol" && literal(*k.value))
        out_.extern_symbol = literal(*k.value)->text;
      else if (k.name == "pure" && boolean(k, b))
        out_.pure = b;
      else if (k.name == "context" && boolean(k, b))
        out_.context = b;
    }
    auto scalar = [](TypeRef t) { return t && t->is_scalar(); };
    bool fits = out_.signatures.size() == 1 && !out_.extern_symbol.empty();
    if (fits) {
      auto& s = out_.signatures[0];
      fits = std::all_of(s.params.begin(), s.params.end(), scalar) && s.result &&
             (s.result->is_none() || scalar(s.result));
    }
    if (!fits && !diagnostics_.has_errors())
      diagnostics_.report(Diag::bad_signature, at(call.span),
                          fmt::format("'{}' of the host needs one signature over numbers, with its result", def_.name));
  }

  void signatures(const Expr& e) {
    if (e.kind == ExprKind::List) {
      for (auto* item : ast::as<ast::ListExpr>(e).elements) signature(*item);
    } else if (e.kind == ExprKind::Tuple && out_.kind == FunctionOptions::Kind::Vectorize) {
      for (auto* item : ast::as<ast::Tuple>(e).elements) signature(*item);
    } else {
      signature(e);
    }
  }

  void signature(const Expr& e) {
    FunctionOptions::Signature s;
    if (e.kind == ExprKind::Constant && ast::as<ast::Constant>(e).value == ast::ConstantKind::Str) {
      if (!parse_signature(types_, ast::as<ast::Constant>(e).text, at(e.span), s, diagnostics_)) return;
    } else {
      std::string error;
      if (!read_signature(types_, e, &globals_, error, s)) {
        diagnostics_.report(Diag::bad_signature, at(e.span), "signature: " + error);
        return;
      }
    }
    size_t count = def_.parameters.positional.size();
    if (s.params.size() != count) {
      diagnostics_.report(Diag::bad_signature, at(e.span),
                          fmt::format("the signature has {} parameter{}, '{}' has {}", s.params.size(),
                                      s.params.size() == 1 ? "" : "s", def_.name, count));
      return;
    }
    const auto is_number = [](TypeRef t) { return t->is_scalar(); };
    if (out_.kind == FunctionOptions::Kind::Vectorize &&
        (!std::all_of(s.params.begin(), s.params.end(), is_number) || (s.result && !is_number(s.result)))) {
      diagnostics_.report(
          Diag::bad_signature, at(e.span),
          fmt::format("a signature of @vectorize is over numbers: '{}' is called for each element", def_.name));
      return;
    }
    out_.signatures.push_back(std::move(s));
  }

  const ast::Constant* literal(const Expr& e) const {
    return e.kind == ExprKind::Constant ? &ast::as<ast::Constant>(e) : nullptr;
  }

  bool boolean(const ast::Keyword& k, bool& out) {
    if (auto* c = literal(*k.value);
        c && (c->value == ast::ConstantKind::True || c->value == ast::ConstantKind::False)) {
      out = c->value == ast::ConstantKind::True;
      return true;
    }
    if (k.value->kind == ExprKind::Name) {
      auto value = globals_.lookup(ast::as<ast::Name>(*k.value).name);
      if (value && value->type && value->type->is_scalar() && value->is_int()) return out = value->as_int() != 0, true;
    }
    diagnostics_.report(Diag::bad_option, at(k.span), fmt::format("'{}' is True or False", k.name));
    return false;
  }

  void option(const ast::Keyword& k) {
    bool b = false;
    const bool vectorize = out_.kind == FunctionOptions::Kind::Vectorize;
    if (out_.device && cuda_option(k)) return;
    if (k.name == "target" && out_.kind != FunctionOptions::Kind::Cuda) {
      target(k, vectorize);
    } else if (vectorize && k.name == "identity") {
      identity(k);
    } else if (vectorize && (k.name == "ftylist_or_function" || k.name == "ftylist")) {
      signatures(*k.value);
    } else if (k.name == "nopython") {
      if (boolean(k, b)) out_.nopython = b;
    } else if (k.name == "parallel" && !vectorize) {
      if (k.value->kind == ExprKind::Unsupported) {
        parallel_parts(k);
      } else if (boolean(k, b)) {
        out_.parallel = b;
      }
    } else if (k.name == "fastmath") {
      fastmath(k);
    } else if (k.name == "cache") {
      if (boolean(k, b)) out_.cache = b;
    } else if (k.name == "nogil") {
      if (boolean(k, b)) out_.nogil = b;
    } else if (k.name == "boundscheck") {
      auto* c = literal(*k.value);
      if (c && c->value == ast::ConstantKind::None) return;
      if (boolean(k, b)) out_.boundscheck = b, out_.has_boundscheck = true;
    } else if (k.name == "error_model") {
      auto* c = literal(*k.value);
      if (c && c->value == ast::ConstantKind::Str && (c->text == "numpy" || c->text == "python"))
        out_.numpy_error_model = c->text == "numpy";
      else
        diagnostics_.report(Diag::bad_option, at(k.span), "'error_model' is 'python' or 'numpy'");
    } else if (k.name == "inline") {
      auto* c = literal(*k.value);
      if (c && c->value == ast::ConstantKind::Str && (c->text == "always" || c->text == "never"))
        out_.inline_always = c->text == "always";
      else
        diagnostics_.report(Diag::bad_option, at(k.span), "'inline' is 'always' or 'never'");
    } else if (k.name == "forceobj" && out_.kind == FunctionOptions::Kind::Jit) {
      if (boolean(k, b) && b) forceobj_ = k.span;
    } else if (k.name == "forceobj" || k.name == "looplift") {
      if (boolean(k, b) && b) diagnostics_.report(Diag::not_supported, at(k.span), fmt::format("'{}'", k.name));
    } else if (k.name == "debug" || k.name == "no_cpython_wrapper" || k.name == "no_cfunc_wrapper" ||
               k.name == "no_rewrites") {
      boolean(k, b);  // accepted: nothing to do
    } else if (k.name == "locals") {
      locals(k);
    } else if (k.name == "signature" || k.name == "signature_or_function") {
      signatures(*k.value);
    } else {
      auto& d = diagnostics_.report(Diag::unknown_option, at(k.span), std::string(k.name), name_);
      std::string best = source::nearest(k.name, {"nopython", "parallel", "fastmath", "cache", "nogil", "boundscheck",
                                                  "error_model", "inline", "forceobj", "debug", "locals", "target"});
      if (vectorize && best.empty()) best = source::nearest(k.name, {"target", "identity"});
      if (!best.empty()) d.hint = fmt::format("did you mean '{}'?", best);
    }
  }

  // What @cuda.jit has and @jit has not, or means otherwise. False: it is neither.
  bool cuda_option(const ast::Keyword& k) {
    bool b = false;
    if (k.name == "device") {  // a function that kernels call
      if (boolean(k, b) && b) out_.kind = FunctionOptions::Kind::Jit;
      return true;
    }
    if (k.name == "debug") {
      if (boolean(k, b)) out_.debug = b;
      return true;
    }
    if (k.name == "lineinfo") {
      if (boolean(k, b)) out_.lineinfo = b;
      return true;
    }
    if (k.name == "opt") {  // what is made is optimised either way
      boolean(k, b);
      return true;
    }
    if (k.name == "fma") {
      if (boolean(k, b)) fma_ = b;
      return true;
    }
    if (k.name == "boundscheck") {  // numba-cuda has it for debug alone
      auto* c = literal(*k.value);
      if ((c && c->value == ast::ConstantKind::None) || (boolean(k, b) && !b)) return true;
      diagnostics_.report(Diag::not_supported, at(k.span), "boundscheck=True in @cuda.jit").hint =
          "debug=True checks indices and assertions";
      return true;
    }
    if (k.name == "max_registers") {
      if (const auto n = positive(*k.value)) {
        out_.max_registers = *n;
      } else {
        diagnostics_.report(Diag::bad_option, at(k.span), "'max_registers' is a positive number");
      }
      return true;
    }
    if (k.name == "launch_bounds") {
      launch_bounds(k);
      return true;
    }
    if (k.name == "link" || k.name == "lto") {
      const bool nothing = k.value->kind == ExprKind::List && ast::as<ast::ListExpr>(*k.value).elements.empty();
      auto* c = literal(*k.value);
      const bool off = c && (c->value == ast::ConstantKind::False || c->value == ast::ConstantKind::None);
      if (!nothing && !off)
        diagnostics_.report(Diag::not_supported, at(k.span), fmt::format("'{}' in @cuda.jit", k.name));
      return true;
    }
    if (k.name == "fastmath" || k.name == "inline" || k.name == "cache" || k.name == "nopython" ||
        k.name.starts_with("signature"))
      return false;
    auto& d = diagnostics_.report(Diag::unknown_option, at(k.span), std::string(k.name), name_);
    const std::string best = source::nearest(k.name, {"device", "fastmath", "inline", "cache", "debug", "lineinfo",
                                                      "opt", "max_registers", "launch_bounds"});
    if (!best.empty()) d.hint = fmt::format("did you mean '{}'?", best);
    return true;
  }

  // A number above 0, or a global name for one.
  std::optional<int> positive(const Expr& e) const {
    int64_t n = 0;
    if (auto* c = literal(e); c && c->value == ast::ConstantKind::Int) {
      n = static_cast<int64_t>(std::min<decltype(c->integer)>(c->integer, 1 << 20));
    } else if (e.kind == ExprKind::Name) {
      const auto value = globals_.lookup(ast::as<ast::Name>(e).name);
      if (value && value->is_int()) n = value->as_int();
    }
    return n > 0 && n < (1 << 20) ? std::optional<int>(static_cast<int>(n)) : std::nullopt;
  }

  // launch_bounds=256 | (256, 2): threads of a block at most, blocks on a multiprocessor at least.
  void launch_bounds(const ast::Keyword& k) {
    std::vector<const Expr*> parts{k.value};
    if (k.value->kind == ExprKind::Tuple) {
      const auto& elements = ast::as<ast::Tuple>(*k.value).elements;
      parts.assign(elements.begin(), elements.end());
    }
    const auto threads = parts.empty() ? std::nullopt : positive(*parts[0]);
    const auto blocks = parts.size() == 2 ? positive(*parts[1]) : std::optional<int>(0);
    if (!threads || !blocks || parts.size() > 2) {
      diagnostics_.report(Diag::bad_option, at(k.span),
                          "'launch_bounds' is the threads of a block at most, or these and the blocks of a "
                          "multiprocessor at least");
      return;
    }
    out_.max_threads = *threads, out_.min_blocks = *blocks;
  }

  // parallel={'prange': True, 'reduction': False}: parts that are not named are on.
  void parallel_parts(const ast::Keyword& k) {
    struct Part {
      std::string_view name;
      uint8_t bit;  // 0: nothing of kjit's
    };
    constexpr Part kParts[] = {{"prange", kPartPrange},
                               {"numpy", kPartNumpy},
                               {"reduction", kPartReduction},
                               {"setitem", kPartSetitem},
                               {"inplace_binop", kPartInplace},
                               {"comprehension", 0},
                               {"fusion", 0},
                               {"stencil", 0}};
    out_.parallel = true;
    auto& dict = ast::as<ast::Unsupported>(*k.value);
    const bool plain = dict.what == "a dict" && (dict.keys.size() > 0 || globals_.file().text(dict.span) == "{}");
    if (!plain) diagnostics_.report(Diag::bad_option, at(k.span), "'parallel' is True, False or a dictionary of parts");
    for (size_t i = 0; i < dict.keys.size(); ++i) {
      auto* key = literal(*dict.keys[i]);
      const std::string_view name = key && key->value == ast::ConstantKind::Str ? std::string_view(key->text) : "";
      const auto part =
          std::find_if(std::begin(kParts), std::end(kParts), [&](const Part& p) { return p.name == name; });
      if (part == std::end(kParts)) {
        auto& d = diagnostics_.report(Diag::bad_option, at(dict.keys[i]->span), "'parallel' has no such part");
        std::string best = source::nearest(
            name, {"prange", "numpy", "reduction", "setitem", "inplace_binop", "comprehension", "fusion", "stencil"});
        if (!best.empty()) d.hint = fmt::format("did you mean '{}'?", best);
        continue;
      }
      bool on = true;
      ast::Keyword value = k;
      value.name = name, value.value = dict.values[i], value.span = dict.values[i]->span;
      if (boolean(value, on) && !on) out_.serial_parts |= part->bit;
    }
  }

  // locals={'x': float64, 'y': 'int32'} or locals=dict(x=float64).
  void locals(const ast::Keyword& k) {
    if (k.value->kind == ExprKind::Unsupported && ast::as<ast::Unsupported>(*k.value).what == "a dict") {
      auto& dict = ast::as<ast::Unsupported>(*k.value);
      bool named = dict.keys.size() > 0 ||
                   globals_.file().text(dict.span).find_first_not_of("{} \t\n") == std::string_view::npos;
      for (size_t i = 0; i < dict.keys.size(); ++i) {
        auto* key = literal(*dict.keys[i]);
        if (key && key->value == ast::ConstantKind::Str)
          local(key->text, *dict.values[i]);
        else
          named = false;
      }
      if (named) return;
    } else if (k.value->kind == ExprKind::Call) {
      auto& call = ast::as<ast::Call>(*k.value);
      bool named = globals_.file().text(call.func->span) == "dict" && call.args.empty();
      for (auto& pair : call.keywords) named = named && !pair.name.empty();
      if (named) {
        for (auto& pair : call.keywords) local(pair.name, *pair.value);
        return;
      }
    }
    diagnostics_.report(Diag::bad_option, at(k.span), "'locals' is a dict of names and types, such as {'x': float64}");
  }

  void local(std::string_view name, const Expr& e) {
    TypeRef type = nullptr;
    if (auto* c = literal(e); c && c->value == ast::ConstantKind::Str) {
      FunctionOptions::Signature s;
      if (!parse_signature(types_, c->text, at(e.span), s, diagnostics_)) return;
      if (s.params.size() == 1 && !s.result) type = s.params[0];
      if (!type) diagnostics_.report(Diag::bad_option, at(e.span), fmt::format("'{}' is not one type", c->text));
    } else {
      std::string error;
      type = read_type(types_, e, &globals_, error);
      if (!type) diagnostics_.report(Diag::bad_option, at(e.span), fmt::format("the type of '{}': {}", name, error));
    }
    if (type) out_.locals.emplace_back(name, type);
  }

  void flag(const ast::Constant* c, Span where) {
    static const std::pair<const char*, uint8_t> kFlags[] = {
        {"reassoc", kFastReassoc}, {"nnan", kFastNnan},         {"ninf", kFastNinf}, {"nsz", kFastNsz},
        {"arcp", kFastArcp},       {"contract", kFastContract}, {"afn", kFastAfn},   {"fast", kFastAll}};
    std::vector<std::string> names;
    for (auto& [name, bit] : kFlags) {
      if (c && c->value == ast::ConstantKind::Str && c->text == name) {
        out_.fastmath |= bit;
        return;
      }
      names.emplace_back(name);
    }
    auto& d = diagnostics_.report(Diag::bad_option, at(where),
                                  "a fastmath flag is one of reassoc nnan ninf nsz arcp contract afn fast");
    std::string best = c ? source::nearest(c->text, names) : "";
    if (!best.empty()) d.hint = fmt::format("did you mean '{}'?", best);
  }

  void fastmath(const ast::Keyword& k) {
    if (k.value->kind == ExprKind::Unsupported) {  // a set display: its text holds the flags
      set_of_flags(k.value->span);
      return;
    }
    if (auto* c = literal(*k.value); c && c->value == ast::ConstantKind::Str) return flag(c, k.value->span);
    bool b = false;
    if (boolean(k, b)) out_.fastmath = b ? kFastAll : 0;
  }

  void set_of_flags(Span span) {
    std::string_view text = globals_.file().text(span);
    size_t i = 0;
    while ((i = text.find_first_of("'\"", i)) != std::string_view::npos) {
      size_t end = text.find(text[i], i + 1);
      if (end == std::string_view::npos) break;
      ast::Constant c{};
      c.value = ast::ConstantKind::Str;
      c.text = text.substr(i + 1, end - i - 1);
      flag(&c, Span{span.begin + static_cast<uint32_t>(i), span.begin + static_cast<uint32_t>(end) + 1});
      i = end + 1;
    }
  }

  TypeContext& types_;
  const ast::FunctionDef& def_;
  const Globals& globals_;
  source::Diagnostics& diagnostics_;
  FunctionOptions out_;
  bool fma_ = true;  // Cuda: products that are added may be rounded once
  std::string name_;
  Span target_{};  // of target='cuda'
  std::optional<Span> forceobj_;
};

}  // namespace

std::shared_ptr<const FunctionOptions> read_decorators(TypeContext& types, const ast::FunctionDef& def,
                                                       const Globals& globals, source::Diagnostics& diagnostics) {
  return Reader(types, def, globals, diagnostics).run();
}

}  // namespace kjit::sema
