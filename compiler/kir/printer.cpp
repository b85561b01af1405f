// Text of the IR. Expressions are calls by operation name except for leaves, elements (a[i, j?]) and tuple parts (t.0);
// '?' marks an index that may be negative. Variables of one name get a number from the second on (x, x.1).
#include <fmt/format.h>

#include <map>

#include "kir/kir.h"

namespace kjit::kir {

namespace {

class Printer {
 public:
  explicit Printer(const Function& f, const Module* module) : f_(f), module_(module) {
    std::map<std::string, int> seen;
    for (const Var& v : f.vars) {
      const int n = seen[v.name]++;
      names_.push_back(n == 0 && v.name[0] != '%' ? v.name : fmt::format("{}.{}", v.name, n));
    }
  }

  std::string function() {
    header();
    std::vector<bool> is_param(f_.vars.size(), false);
    for (VarId p : f_.params) is_param[p] = true;
    for (VarId v = 0; v < f_.vars.size(); ++v) {
      if (!is_param[v]) out_ += fmt::format("  var {}: {}{}\n", names_[v], text(f_.vars[v].type), marks(f_.vars[v]));
    }
    block(f_.body, 1);
    out_ += "}\n";
    return std::move(out_);
  }

  std::string expr(ExprRef e) const;

 private:
  std::string text(TypeRef type) const { return to_string(type); }
  static std::string marks(const Var& v) {
    return std::string(v.nonnegative ? " nonnegative" : "") + (v.counted ? "" : " uncounted");
  }
  std::string join(const std::vector<ExprRef>& args, size_t first = 0) const {
    std::string s;
    for (size_t i = first; i < args.size(); ++i) s += (i > first ? ", " : "") + expr(args[i]);
    return s;
  }
  std::string indices(const std::vector<ExprRef>& args, size_t first, uint32_t wrap) const {
    std::string s;
    for (size_t i = first; i < args.size(); ++i) {
      s += (i > first ? ", " : "") + expr(args[i]) + ((wrap >> (i - first)) & 1 ? "?" : "");
    }
    return s;
  }
  std::string constant(const Expr& e) const;
  std::string view(const Expr& e) const;
  void header();
  void block(const Block& block, int depth);
  void stmt(const Stmt& s, int depth);
  std::string memory(const Stmt& s);
  void line(int depth, const std::string& s) { out_ += std::string(static_cast<size_t>(depth) * 2, ' ') + s + "\n"; }
  void nested(const std::string& head, const Stmt& s, int depth);
  std::string callee(const Stmt& s) const {
    if (module_ && s.callee < module_->functions.size()) return "@" + module_->functions[s.callee]->symbol;
    return fmt::format("@{}", s.callee);
  }

  const Function& f_;
  const Module* module_;
  std::vector<std::string> names_;
  std::string out_;
};

std::string Printer::constant(const Expr& e) const {
  const Scalar s = e.type->scalar;
  if (is_bool(s)) return e.constant.i != 0 ? "true" : "false";
  std::string suffix = s == Scalar::I64 || s == Scalar::F64 || s == Scalar::C128 ? "" : fmt::format(":{}", name_of(s));
  if (is_integer(s)) {
    return (is_unsigned(s) ? fmt::format("{}", static_cast<uint64_t>(e.constant.i)) : fmt::format("{}", e.constant.i)) +
           suffix;
  }
  auto number = [](double v) {
    std::string t = fmt::format("{}", v);
    return t.find_first_of(".en") == std::string::npos ? t + ".0" : t;
  };
  if (is_float(s)) return number(e.constant.f[0]) + suffix;
  return fmt::format("({}, {}j){}", number(e.constant.f[0]), number(e.constant.f[1]), suffix);
}

std::string Printer::view(const Expr& e) const {
  std::string s;
  size_t operand = 1;
  for (Component c : e.components) {
    if (!s.empty()) s += ", ";
    switch (c) {
      case Component::Index:
        s += expr(e.args[operand]) + ((e.index >> (operand - 1)) & 1 ? "?" : "");
        operand += 1;
        break;
      case Component::Slice:
        s += fmt::format("{}:+{}:{}", expr(e.args[operand]), expr(e.args[operand + 1]), expr(e.args[operand + 2]));
        operand += 3;
        break;
      case Component::All:
        s += ":";
        break;
      case Component::NewAxis:
        s += "newaxis";
        break;
    }
  }
  return fmt::format("view({}, [{}])", expr(e.args[0]), s);
}

std::string Printer::expr(ExprRef e) const {
  if (!e) return "<null>";
  switch (e->op) {
    case Op::Const:
      return constant(*e);
    case Op::NoneValue:
      return e->type->is_none() ? "none" : fmt::format("none:{}", text(e->type));
    case Op::Undef:
      return fmt::format("undef:{}", text(e->type));
    case Op::Var:
      return e->var < names_.size() ? names_[e->var] : fmt::format("<var {}>", e->var);
    case Op::ConstArray:
      return fmt::format("constarray.{}", e->index);
    case Op::DeviceIndex:
      return info(static_cast<DeviceIndex>(e->index)).python;
    case Op::Load:
      return fmt::format("{}[{}]", expr(e->args[0]), indices(e->args, 1, e->index));
    case Op::Cast:
    case Op::Bitcast:
      return fmt::format("{}<{}>({})", info(e->op).text, text(e->type), join(e->args));
    case Op::Math:
      return fmt::format("{}({})", info(e->math).name, join(e->args));
    case Op::TupleGet:
      return fmt::format("{}.{}", expr(e->args[0]), e->index);
    case Op::Dim:
    case Op::Stride:
      return fmt::format("{}({}, {})", info(e->op).text, expr(e->args[0]), e->index);
    case Op::View:
      return view(*e);
    case Op::Transpose: {
      std::string axes;
      for (uint8_t a : e->axes) axes += fmt::format(", {}", a);
      return fmt::format("transpose({}{})", expr(e->args[0]), axes);
    }
    default:
      return fmt::format("{}({})", info(e->op).text, join(e->args));
  }
}

void Printer::header() {
  out_ += fmt::format("func @{}(", f_.symbol);
  for (size_t i = 0; i < f_.params.size(); ++i) {
    const Var& v = f_.vars[f_.params[i]];
    out_ += fmt::format("{}{}: {}{}", i > 0 ? ", " : "", names_[f_.params[i]], text(v.type), marks(v));
  }
  out_ += fmt::format(") -> {}", f_.result ? text(f_.result) : "<no type>");
  const std::pair<bool, const char*> flags[] = {
      {f_.exported, "exported"},
      {f_.recursive, "recursive"},
      {f_.boundscheck, "boundscheck"},
      {f_.poll_interrupt, "interruptible"},
      {f_.inline_always, "inline"},
      {f_.lazy, "lazy"},
      {f_.assume_no_alias, "noalias"},
      {f_.parallel, "parallel"},
      {f_.device, "device"},
      {f_.on_device.debug, "debug"},
      {f_.region, "region"},
      {f_.fastmath.reassoc, "reassoc"},
      {f_.fastmath.nnan, "nnan"},
      {f_.fastmath.ninf, "ninf"},
      {f_.fastmath.nsz, "nsz"},
      {f_.fastmath.arcp, "arcp"},
      {f_.fastmath.contract, "contract"},
      {f_.fastmath.afn, "afn"},
  };
  for (const auto& [set, name] : flags) {
    if (set) out_ += fmt::format(" {}", name);
  }
  out_ += " {\n";
}

void Printer::block(const Block& block, int depth) {
  for (const Stmt* s : block) stmt(*s, depth);
}

void Printer::nested(const std::string& head, const Stmt& s, int depth) {
  line(depth, head + " {");
  block(s.body, depth + 1);
  if (!s.orelse.empty()) {
    line(depth, "} else {");
    block(s.orelse, depth + 1);
  }
  line(depth, "}");
}

std::string quoted(const std::string& s) {
  std::string out = "\"";
  for (char c : s) out += c == '\n' ? std::string("\\n") : c == '"' ? std::string("\\\"") : std::string(1, c);
  return out + "\"";
}

std::string Printer::memory(const Stmt& s) {
  if (s.memory == Memory::Reserved) return " in " + expr(s.array);
  if (s.memory == Memory::Shared) return " shared";
  if (s.memory == Memory::Dynamic) return " dynamic";
  return s.memory == Memory::Stack ? " on stack" : "";
}

void Printer::stmt(const Stmt& s, int depth) {
  const auto name = [this](VarId v) { return v < names_.size() ? names_[v] : fmt::format("<var {}>", v); };
  switch (s.kind) {
    case StmtKind::Assign:
      return line(depth, fmt::format("{} {} {}", name(s.var), s.loose ? "=~" : "=", expr(s.expr)));
    case StmtKind::Store:
      return line(depth, fmt::format("{}[{}] = {}", expr(s.array), indices(s.exprs, 0, s.wrap), expr(s.expr)));
    case StmtKind::If:
      return nested("if " + expr(s.expr), s, depth);
    case StmtKind::For: {
      std::string folds;
      for (const ArrayFold& f : s.folds) folds += fmt::format(" fold {} {}", info(f.join).text, name(f.array));
      return nested(fmt::format("for{}{}{} {} in {}", s.parallel ? " parallel" : "", s.few ? " few" : "", folds,
                                name(s.var), join(s.exprs)),
                    s, depth);
    }
    case StmtKind::While:
      if (!s.head.empty()) {
        line(depth, "head {");
        block(s.head, depth + 1);
        line(depth, "}");
      }
      return nested("while " + expr(s.expr), s, depth);
    case StmtKind::Break:
      return line(depth, "break");
    case StmtKind::Continue:
      return line(depth, "continue");
    case StmtKind::Return:
      return line(depth, s.expr ? "return " + expr(s.expr) : "return");
    case StmtKind::Raise:
      return line(depth, fmt::format("raise {} {}", s.error, s.printed ? "message" : quoted(s.message)));
    case StmtKind::Message:
      return line(depth, "message");
    case StmtKind::Check:
      return line(depth, fmt::format("{} {} else {} {}{}{}", s.always_taken ? "proved" : "check", expr(s.expr), s.error,
                                     quoted(s.message), s.exprs.empty() ? "" : ", ", join(s.exprs)));
    case StmtKind::Call:
      return line(depth, fmt::format("{}call {}({})", s.has_var ? name(s.var) + " = " : "", callee(s), join(s.exprs)));
    case StmtKind::Parallel: {
      const std::string result = s.has_var ? name(s.var) + " = " : "";
      const std::string head = fmt::format("{}parallel{}{} {}({})", result, s.uniform ? " uniform" : "",
                                           s.divisible ? " divisible" : "", callee(s), join(s.exprs));
      return s.body.empty() ? line(depth, head) : nested(head + " then", s, depth);
    }
    case StmtKind::Transfer: {
      static constexpr const char* kTexts[] = {"to_device", "to_device made", "to_host", "to_host made",
                                               "new",       "new zeros"};
      return line(depth, fmt::format("{} {}", kTexts[static_cast<size_t>(s.transfer)], expr(s.expr)));
    }
    case StmtKind::Library:
      return line(depth, fmt::format("library {}{}({})", s.fresh ? "new " : "", info(s.library).name, join(s.exprs)));
    case StmtKind::Device: {
      const size_t axes = s.array ? s.array->type->rank : 0;
      const std::vector<ExprRef> index(s.exprs.begin(), s.exprs.begin() + static_cast<ptrdiff_t>(axes));
      const std::vector<ExprRef> rest(s.exprs.begin() + static_cast<ptrdiff_t>(axes), s.exprs.end());
      const std::string place =
          s.array ? fmt::format("{}[{}]{}", expr(s.array), indices(index, 0, s.wrap), rest.empty() ? "" : ", ") : "";
      return line(depth, fmt::format("{}cuda.{}({}{})", s.has_var ? name(s.var) + " = " : "", info(s.device).python,
                                     place, join(rest)));
    }
    case StmtKind::Alloc: {
      if (s.ahead) return line(depth, fmt::format("{} = reserve({})", name(s.var), join(s.exprs)));
      const char* fill = s.fill == Fill::Zeros ? " zeros" : "";
      return line(depth, fmt::format("{} = alloc({}){}{}", name(s.var), join(s.exprs),
                                     s.fill == Fill::Value ? " fill " + expr(s.expr) : std::string(fill), memory(s)));
    }
    case StmtKind::Copy:
      return line(depth, fmt::format("{} = copy {}{}", name(s.var), expr(s.expr), memory(s)));
    case StmtKind::FillArray:
      return line(depth, fmt::format("fill {} = {}", expr(s.array), expr(s.expr)));
    case StmtKind::CopyArray:
      return line(depth, fmt::format("elements {} = {}", expr(s.array), expr(s.expr)));
    case StmtKind::Map:
    case StmtKind::Reduce: {
      std::string inputs;
      for (const MapInput& in : s.inputs) {
        inputs += fmt::format("{}{} of {}", inputs.empty() ? "" : ", ", name(in.element), expr(in.array));
      }
      const bool map = s.kind == StmtKind::Map;
      std::string target = s.array ? expr(s.array) : name(s.var);
      if (map) {
        target = fmt::format("map {}{}{}", s.parallel ? "parallel " : "", s.fresh ? "new " : "", target);
      } else {
        target += fmt::format(" = reduce {} from {}", info(s.fold).text, expr(s.init));
        for (uint8_t axis : s.axes) target += fmt::format(" axis {}", axis);
      }
      line(depth, fmt::format("{} over ({}) with {} {{", target, join(s.exprs), inputs));
      block(s.body, depth + 1);
      line(depth + 1, "give " + expr(s.expr));
      return line(depth, "}");
    }
    case StmtKind::Print: {
      std::string items;
      for (const PrintItem& item : s.items) {
        items += (items.empty() ? "" : ", ") + (item.value ? expr(item.value) : quoted(item.text));
      }
      return line(depth, "print " + items);
    }
  }
}

}  // namespace

std::string to_string(const Function& function) { return Printer(function, nullptr).function(); }

std::string to_string(const Module& module) {
  std::string out;
  for (const auto& f : module.functions) out += (out.empty() ? "" : "\n") + Printer(*f, &module).function();
  return out;
}

std::string to_string(const Function& function, ExprRef expr) { return Printer(function, nullptr).expr(expr); }

}  // namespace kjit::kir
