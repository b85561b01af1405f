#include "passes/last_values.h"

#include <algorithm>

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using kirgen::Builder;

namespace {

bool leaves_early(const Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Stmt* s) {
    const bool loop = s->kind == StmtKind::For || s->kind == StmtKind::While;
    return s->kind == StmtKind::Continue || (!loop && (leaves_early(s->body) || leaves_early(s->orelse)));
  });
}

}  // namespace

bool can_keep_last(const kir::Function& function, const Stmt& loop, const Region& region) {
  return !leaves_early(loop.body) && std::all_of(region.last.begin(), region.last.end(),
                                                 [&](VarId v) { return function.vars[v].type->is_scalar(); });
}

std::vector<LastValue> keep_last(Builder& b, Stmt& loop, Region& region, ExprRef trips) {
  std::vector<LastValue> out;
  if (region.last.empty()) return out;
  const ExprRef steps = b.binary(Op::Sub, trips, b.const_int(1));
  const VarId index = b.spill(b.binary(Op::Add, loop.exprs[0], b.binary(Op::Mul, steps, loop.exprs[2])));
  region.captured.insert(index);
  Stmt* last = b.function.new_stmt(StmtKind::If, loop.span);
  last->expr = b.compare(Op::Eq, b.var(loop.var), b.var(index));
  for (const VarId v : region.last) {
    Stmt* alloc = b.stmt(StmtKind::Alloc);
    alloc->var = b.temp(b.types.array(b.function.vars[v].type->scalar, 1, sema::Layout::C), "%last");
    alloc->exprs = {b.const_int(1)};
    region.captured.insert(alloc->var);
    out.push_back({v, alloc->var});
    b.with_block(last->body, [&] { b.store(b.var(alloc->var), {b.const_int(0)}, b.var(v)); });
  }
  loop.body.push_back(last);
  region.last.clear();
  return out;
}

void take_last(Builder& b, const std::vector<LastValue>& lasts, ExprRef trips) {
  if (lasts.empty()) return;
  Stmt* any = b.stmt(StmtKind::If);
  any->expr = b.compare(Op::Gt, trips, b.const_int(0));
  b.with_block(any->body, [&] {
    for (const LastValue& each : lasts) b.assign(each.var, b.load(b.var(each.array), {b.const_int(0)}));
  });
}

}  // namespace kjit::passes
