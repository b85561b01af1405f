// Variables, parameters, and what the walk asks about statements and expressions already made.
#include <kjit_rt/abi.h>

#include "kir/machine_type.h"
#include "kirgen/function_gen.h"

namespace kjit::kirgen {

using kir::Stmt;
using kir::StmtKind;

FunctionGen::FunctionGen(ModuleGen& module, const sema::TypedFunction& typed, kir::Function& out)
    : m_(module), f_(typed), types_(module.types), b_(module.types, out) {}

void FunctionGen::run() {
  b_.block = &b_.function.body;
  b_.span = f_.def->name_span;
  declare_variables();
  declare_params();
  if (!b_.function.extern_symbol.empty()) return;
  body(f_.def->body);
  finish_body();
}

void FunctionGen::declare_variables() {
  for (const sema::Variable& v : f_.variables) {
    TypeRef type = v.type ? v.type : types_.none();
    vars_.push_back(b_.function.add_var(v.name, b_.machine(type), v.first_definition));
  }
  for (uint32_t i = 0; i < f_.variables.size(); ++i) {
    if (!f_.variables[i].maybe_unbound) continue;
    const VarId flag = b_.temp(types_.boolean(), "%bound");
    bound_.emplace(i, flag);
    b_.assign(flag, b_.const_bool(f_.variables[i].is_param));
  }
}

// A parameter that is never assigned again is its variable; another is copied at entry.
void FunctionGen::declare_params() {
  auto add = [this](uint32_t variable, TypeRef type) {
    TypeRef machine = b_.machine(type);
    if (variable == sema::kNone) {
      const VarId id = b_.temp(machine, "%unused");
      b_.function.vars[id].is_param = true;
      b_.function.params.push_back(id);
      return;
    }
    const sema::Variable& v = f_.variables[variable];
    kir::Var& own = b_.function.vars[vars_[variable]];
    if (v.definitions <= 1 && own.type == machine) {
      own.is_param = true;
      b_.function.params.push_back(vars_[variable]);
      return;
    }
    const VarId id = b_.function.add_var(v.name, machine, v.first_definition);
    b_.function.vars[id].is_param = true;
    b_.function.params.push_back(id);
    if (!machine->is_none()) define(variable, b_.var(id));
  };
  for (size_t i = 0; i < f_.capture_vars.size(); ++i) add(f_.capture_vars[i], f_.capture_types[i]);
  for (size_t i = 0; i < f_.param_vars.size(); ++i) add(f_.param_vars[i], f_.param_types[i]);
}

void FunctionGen::finish_body() {
  TypeRef result = b_.function.result;
  if (result->is_none() || !falls_through(b_.function.body)) return;
  b_.span = f_.def->name_span;
  if (result->is_optional()) {
    b_.stmt(StmtKind::Return)->expr = b_.node(Op::NoneValue, result, {});
    return;
  }
  // Inference proved this end to be unreachable; the IR has to end all the same.
  b_.raise(KJIT_RUNTIME_ERROR, "the end of the function was reached without a value");
}

void FunctionGen::define(uint32_t variable, ExprRef value) {
  if (variable == sema::kNone) return;
  const VarId id = vars_[variable];
  TypeRef type = b_.function.vars[id].type;
  ExprRef converted = b_.cast(value, type);
  if (!type->is_none()) b_.assign(id, converted);
  if (auto flag = bound_.find(variable); flag != bound_.end()) b_.assign(flag->second, b_.const_bool(true));
}

ExprRef FunctionGen::read(uint32_t variable) {
  const VarId id = vars_[variable];
  TypeRef type = b_.function.vars[id].type;
  return type->is_none() ? b_.node(Op::NoneValue, type, {}) : b_.var(id);
}

ExprRef FunctionGen::unsupported(Span span, std::string_view what, TypeRef type) {
  m_.diagnostics.report(source::Diag::not_supported, {&f_.globals->file(), span}, what);
  TypeRef machine = b_.machine(type ? type : types_.none());
  return b_.node(machine->is_none() ? Op::NoneValue : Op::Undef, machine, {});
}

// --- order of evaluation

bool reads_memory(ExprRef e) {
  if (e->op == Op::Load) return true;
  for (ExprRef a : e->args) {
    if (reads_memory(a)) return true;
  }
  return false;
}

bool mentions(ExprRef e, VarId var) {
  if (e->op == Op::Var && e->var == var) return true;
  for (ExprRef a : e->args) {
    if (mentions(a, var)) return true;
  }
  return false;
}

namespace {
bool any_writes(const Block& block) {
  for (const Stmt* s : block) {
    if (writes_memory(*s)) return true;
  }
  return false;
}

bool has_break(const Block& block) {
  for (const Stmt* s : block) {
    if (s->kind == StmtKind::Break) return true;
    if (s->kind == StmtKind::If && (has_break(s->body) || has_break(s->orelse))) return true;
    // A break in the else part of an inner loop leaves the outer one.
    if ((s->kind == StmtKind::For || s->kind == StmtKind::While) && has_break(s->orelse)) return true;
  }
  return false;
}
}  // namespace

bool writes_memory(const Stmt& s) {
  switch (s.kind) {
    case StmtKind::Store:
    case StmtKind::Call:
    case StmtKind::FillArray:
    case StmtKind::CopyArray:
    case StmtKind::Map:
    case StmtKind::Library:
    case StmtKind::Device:
      return true;
    default:
      return any_writes(s.head) || any_writes(s.body) || any_writes(s.orelse);
  }
}

bool falls_through(const Block& block) {
  if (block.empty()) return true;
  const Stmt& s = *block.back();
  switch (s.kind) {
    case StmtKind::Return:
    case StmtKind::Raise:
    case StmtKind::Break:
    case StmtKind::Continue:
      return false;
    case StmtKind::If:
      return falls_through(s.body) || falls_through(s.orelse);
    case StmtKind::While:
      if (has_break(s.body)) return true;
      return s.expr->op == Op::Const && s.expr->constant.i != 0 ? false : falls_through(s.orelse);
    case StmtKind::For:
      return has_break(s.body) || falls_through(s.orelse);
    default:
      return true;
  }
}

void FunctionGen::Operands::keep_order(size_t mark) {
  Block& block = *g_.b_.block;
  bool writes = false;
  for (size_t i = mark; i < block.size() && !writes; ++i) writes = writes_memory(*block[i]);
  if (!writes) return;
  Block spills;
  g_.b_.with_block(spills, [&] {
    for (ExprRef& v : values) {
      if (v && reads_memory(v)) v = g_.b_.var(g_.b_.spill(v));
    }
  });
  block.insert(block.begin() + static_cast<ptrdiff_t>(mark), spills.begin(), spills.end());
}

}  // namespace kjit::kirgen
