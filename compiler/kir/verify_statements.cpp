// Invariants of statements; verifier.cpp lists them.
#include "kir/verifier.h"

namespace kjit::kir {

void Verifier::block(const Block& b, int loops) {
  for (const Stmt* s : b) {
    if (!s || !seen_.insert(s).second) {
      report(19, "a statement is missing or stands in two places");
      continue;
    }
    stmt(*s, loops);
  }
}

void Verifier::assigned(const Stmt& s) {
  require(s.var < f_.vars.size() && !f_.vars[s.var].is_param && !f_.vars[s.var].type->is_none(), 7, s, "assignment");
}

void Verifier::stmt(const Stmt& s, int loops) {
  if (s.expr) expr(s.expr);
  if (s.array) expr(s.array);
  for (ExprRef e : s.exprs) expr(e);
  const size_t violations = out_.size();
  switch (s.kind) {
    case StmtKind::Assign:
      assigned(s);
      if (out_.size() == violations) require(s.expr && s.expr->type == f_.vars[s.var].type, 8, s, "assignment");
      return;
    case StmtKind::If:
      require(is_boolean(s.expr), 13, s, "if");
      block(s.body, loops);
      return block(s.orelse, loops);
    case StmtKind::For: {
      assigned(s);
      bool fine = s.var < f_.vars.size() && is_scalar_of(f_.vars[s.var].type, Scalar::I64) &&
                  (s.exprs.size() == 3 || (s.parallel && s.exprs.size() <= 5));
      for (size_t k = 0; fine && k < 3; ++k) fine = is_int64(s.exprs[k]);
      for (size_t k = 3; fine && k < s.exprs.size(); ++k) fine = is_boolean(s.exprs[k]);
      fine = fine && !(s.exprs[2]->op == Op::Const && s.exprs[2]->constant.i == 0);
      require(fine, 13, s, "for");
      block(s.body, loops + 1);
      return block(s.orelse, loops);
    }
    case StmtKind::While:
      require(is_boolean(s.expr), 13, s, "while");
      block(s.head, loops);
      block(s.body, loops + 1);
      return block(s.orelse, loops);
    case StmtKind::Break:
    case StmtKind::Continue:
      require(loops > 0, 14, s, "outside of a loop");
      return;
    case StmtKind::Return:
      require(f_.result->is_none() ? s.expr == nullptr : s.expr && s.expr->type == f_.result, 15, s, "return");
      return;
    case StmtKind::Raise:
    case StmtKind::Check: {
      bool fine = s.error > 0 && s.exprs.size() <= 100;
      for (ExprRef e : s.exprs) fine = fine && is_int64(e);
      require(fine, 17, s, "raise or check");
      if (s.kind == StmtKind::Check) require(is_boolean(s.expr), 13, s, "check");
      return;
    }
    case StmtKind::Call:
      return call(s);
    case StmtKind::Parallel:
      parallel(s);
      return block(s.body, 0);
    case StmtKind::Device:
      return device(s);
    case StmtKind::Library:
      return library(s);
    case StmtKind::Transfer:
      require(f_.offload && s.expr && s.expr->type->is_array(), 24, s, "transfer");
      return;
    case StmtKind::Message:
      return;
    case StmtKind::Map:
    case StmtKind::Reduce:
      return map(s);
    case StmtKind::Print:
      for (const PrintItem& item : s.items) {
        if (item.value) expr(item.value);
      }
      return;
    default:
      return array_stmt(s);
  }
}

void Verifier::map(const Stmt& s) {
  bool fine = s.expr != nullptr && s.head.empty() && s.orelse.empty();
  for (ExprRef e : s.exprs) fine = fine && is_int64(e);
  for (const MapInput& in : s.inputs) {
    if (in.array) expr(in.array);
    fine = fine && in.array && in.array->type->is_array() && in.array->type->rank <= s.exprs.size() &&
           in.element < f_.vars.size() && is_scalar_of(f_.vars[in.element].type, in.array->type->scalar);
  }
  if (s.kind == StmtKind::Map) {
    fine = fine && s.array && s.array->type->is_array() && !s.array->type->readonly &&
           s.array->type->rank == s.exprs.size() && is_scalar_of(s.expr->type, s.array->type->scalar);
  } else {
    fine = fine && s.init && s.init->type == s.expr->type && s.expr->type->is_scalar() && info(s.fold).arity == 2;
    if (s.init) expr(s.init);
    if (s.array) {
      const size_t rank = s.array->type->is_array() ? s.array->type->rank : 0;
      fine = fine && s.expr && is_scalar_of(s.expr->type, s.array->type->scalar) && !s.axes.empty() &&
             (rank == s.exprs.size() || rank == s.exprs.size() - s.axes.size());
      for (uint8_t axis : s.axes) fine = fine && axis < s.exprs.size();
    } else {
      fine = fine && s.var < f_.vars.size() && f_.vars[s.var].type == s.expr->type && s.axes.empty();
    }
  }
  require(fine, 20, s, "map or reduce");
  block(s.body, 0);
}

void Verifier::call(const Stmt& s) {
  if (!require(s.callee < module_.functions.size(), 16, s, "call of a function that is not there")) return;
  const Function& callee = *module_.functions[s.callee];
  bool fine = s.exprs.size() == callee.params.size();
  for (size_t i = 0; fine && i < s.exprs.size(); ++i) fine = s.exprs[i]->type == callee.vars[callee.params[i]].type;
  require(fine, 16, s, ("arguments of @" + callee.symbol).c_str());
  if (!s.has_var) return;
  assigned(s);
  require(s.var < f_.vars.size() && f_.vars[s.var].type == callee.result, 16, s, "result of a call");
}

void Verifier::parallel(const Stmt& s) {
  if (!require(s.callee < module_.functions.size(), 22, s, "a region that is not there")) return;
  const Function& region = *module_.functions[s.callee];
  bool fine = region.region && region.params.size() >= 3 && s.exprs.size() == region.params.size() - 1 && s.most > 0 &&
              is_int64(s.exprs[0]) && is_scalar_of(s.exprs[1]->type, Scalar::F64);
  for (size_t i = 0; fine && i < region.params.size(); ++i) {
    TypeRef type = region.vars[region.params[i]].type;
    fine = i < 3 ? is_scalar_of(type, Scalar::I64) : s.exprs[i - 1]->type == type;
  }
  require(fine && s.has_var == !region.result->is_none(), 22, s, ("operands of @" + region.symbol).c_str());
  if (s.init) expr(s.init), fine = is_int64(s.init);
  for (const auto& made : {region.kernel, region.fast}) {
    if (!made) continue;
    const Function* kernel = *made < module_.functions.size() ? module_.functions[*made].get() : nullptr;
    fine = fine && kernel && kernel->device && kernel->exported && kernel->result == region.result &&
           kernel->params.size() + 2 == region.params.size() && (kernel->result->is_none() || kernel->join);
    for (size_t i = 0; fine && i < kernel->params.size(); ++i)
      fine = kernel->vars[kernel->params[i]].type == region.vars[region.params[i == 0 ? 1 : i + 2]].type;
    require(fine, 24, s, ("the kernel of @" + region.symbol).c_str());
  }
  if (!s.has_var) return;
  assigned(s);
  require(s.var < f_.vars.size() && f_.vars[s.var].type == region.result, 22, s, "result of a region");
}

void Verifier::library(const Stmt& s) {
  const std::string_view params = info(s.library).params;
  bool fine = s.exprs.size() == params.size();
  for (size_t i = 0; fine && i < params.size(); ++i) {
    const TypeRef t = s.exprs[i] ? s.exprs[i]->type : nullptr;
    fine = params[i] == 'i' || params[i] == 't' ? is_int64(s.exprs[i])
           : params[i] == 'd'                   ? is_scalar_of(t, Scalar::F64)
                                                : t && t->is_array() && (params[i] == 'r' || !t->readonly);
  }
  require(fine, 21, s, info(s.library).name);
}

void Verifier::device(const Stmt& s) {
  const DeviceFnInfo& row = info(s.device);
  TypeRef number = nullptr;
  const auto fits = [&](TypeRef t, char letter) {
    switch (letter) {
      case 'u':
        return is_scalar_of(t, Scalar::U32);
      case 'i':
        return is_scalar_of(t, Scalar::I32);
      case 'b':
        return is_scalar_of(t, Scalar::Bool);
      case 'v':
        if (!number && t && t->is_scalar() && size_of(t->scalar) >= 4 && !is_complex(t->scalar)) number = t;
        return number && t == number;
      default:
        return number && is_scalar_of(t, number->scalar);
    }
  };
  bool fine = f_.device && row.atomic() == (s.array != nullptr);
  size_t first = 0;
  if (fine && s.array) {
    const TypeRef array = s.array->type;
    fine = array && array->is_array() && !array->readonly && s.exprs.size() >= array->rank;
    for (; fine && first < array->rank; ++first) fine = is_int64(s.exprs[first]);
    const Scalar element = fine ? s.array->type->scalar : Scalar::Bool;
    fine = fine && sema::size_of(element) >= 4 && !sema::is_complex(element);
    if (fine) number = s.array->type;
  }
  const std::string_view operands = row.operands;
  fine = fine && s.exprs.size() == first + operands.size();
  for (size_t k = 0; fine && k < operands.size(); ++k)
    fine = s.exprs[first + k] && fits(s.exprs[first + k]->type, operands[k]);
  require(fine && !(s.has_var && row.result == '0'), 23, s, row.python);
  if (!fine || !s.has_var) return;
  assigned(s);
  require(s.var < f_.vars.size() && fits(f_.vars[s.var].type, row.result), 23, s, "result");
}

void Verifier::array_stmt(const Stmt& s) {
  const bool defines = s.kind == StmtKind::Alloc || s.kind == StmtKind::Copy;
  TypeRef target = nullptr;
  if (defines) {
    assigned(s);
    if (s.var < f_.vars.size()) target = f_.vars[s.var].type;
  } else if (s.array) {
    target = s.array->type;
    require(target && !target->readonly, 10, s, "a read-only array is written");
  }
  if (!require(target && target->is_array(), 12, s, "no array")) return;
  const bool element = s.expr && is_scalar_of(s.expr->type, target->scalar);
  bool integers = true;
  for (ExprRef e : s.exprs) integers = integers && is_int64(e);
  if (defines) {
    bool fine = true;
    if (s.memory == Memory::Shared || s.memory == Memory::Dynamic) {
      fine = f_.device && s.kind == StmtKind::Alloc && s.fill == Fill::None && !s.ahead;
    }
    if (s.memory == Memory::Stack || s.memory == Memory::Shared) {
      fine = fine && s.exprs.size() == target->rank;
      for (ExprRef e : s.exprs) fine = fine && e->op == Op::Const && e->constant.i >= 0;
    } else if (s.memory == Memory::Reserved) {
      fine = s.array && s.array->op == Op::Var && s.array->var != s.var && s.array->type == target;
    }
    require(fine, 12, s, "memory of an array");
  }
  switch (s.kind) {
    case StmtKind::Store:
      require(s.exprs.size() == target->rank && integers && element && (s.wrap >> target->rank) == 0, 10, s, "store");
      return;
    case StmtKind::Alloc:
      require(s.exprs.size() == target->rank && integers && (s.fill != Fill::Value || element), 12, s, "alloc");
      return;
    case StmtKind::Copy:
      require(s.expr && s.expr->type->is_array() && s.expr->type->rank == target->rank && target->layout != Layout::A,
              12, s, "copy");
      return;
    case StmtKind::FillArray:
      require(element, 12, s, "fill");
      return;
    default:
      require(s.expr && s.expr->type->is_array() && s.expr->type->rank == target->rank, 12, s, "copy of elements");
  }
}

bool Verifier::breaks(const Block& b) {
  for (const Stmt* s : b) {
    if (!s) continue;
    if (s->kind == StmtKind::Break) return true;
    if (s->kind == StmtKind::If && (breaks(s->body) || breaks(s->orelse))) return true;
    if ((s->kind == StmtKind::For || s->kind == StmtKind::While) && breaks(s->orelse)) return true;
  }
  return false;
}

bool Verifier::reaches_end(const Block& b) const {
  for (const Stmt* s : b) {
    if (!s) continue;
    switch (s->kind) {
      case StmtKind::Return:
      case StmtKind::Raise:
      case StmtKind::Break:
      case StmtKind::Continue:
        return false;
      case StmtKind::If:
        if (!reaches_end(s->body) && !reaches_end(s->orelse)) return false;
        break;
      case StmtKind::While:
        if (!breaks(s->body) && s->expr && s->expr->op == Op::Const && s->expr->constant.i != 0) return false;
        [[fallthrough]];
      case StmtKind::For:
        if (!breaks(s->body) && !reaches_end(s->orelse)) return false;
        break;
      default:
        break;
    }
  }
  return true;
}

}  // namespace kjit::kir
