#include "passes/offload.h"

#include <algorithm>
#include <map>
#include <set>

#include "passes/liveness.h"
#include "passes/region_kernel.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::Transfer;
using kir::VarId;
using kirgen::Builder;

namespace {

// An array whose elements a statement touches here.
struct Touch {
  ExprRef array;
  bool made;  // written, too
};

// Which parameters of a region hold arrays that it stores to.
class StoredTo {
 public:
  explicit StoredTo(const kir::Function& f) {
    scan(f.body);
    for (bool grown = true; grown;) {
      grown = false;
      for (const auto& [var, from] : views_) {
        if (!stored_.contains(var)) continue;
        for (VarId v : from) grown |= stored_.insert(v).second;
      }
    }
  }
  bool has(VarId v) const { return stored_.contains(v); }

 private:
  void add(ExprRef e, VarSet& out) {
    if (!e) return;
    if (e->op == Op::Var && !e->type->is_scalar()) out.insert(e->var);
    for (ExprRef a : e->args) add(a, out);
  }
  void scan(const Block& block) {
    for (const Stmt* s : block) {
      if (s->array) add(s->array, stored_);
      if (s->kind == StmtKind::FillArray || s->kind == StmtKind::Library) add(s->expr, stored_);
      if (s->kind == StmtKind::Call || s->kind == StmtKind::Library)
        for (ExprRef e : s->exprs) add(e, stored_);
      if (s->kind == StmtKind::Assign && !s->expr->type->is_scalar()) add(s->expr, views_[s->var]);
      scan(s->head), scan(s->body), scan(s->orelse);
    }
  }

  VarSet stored_;
  std::map<VarId, VarSet> views_;
};

class Offload {
 public:
  Offload(sema::TypeContext& types, kir::Module& module, kir::Function& f) : b_(types, f), module_(module) {}

  void run() { walk(b_.function.body); }

 private:
  void walk(Block& block) {
    Block out;
    for (Stmt* s : block) {
      b_.block = &out;
      b_.span = s->span;
      const bool loop = s->kind == StmtKind::For || s->kind == StmtKind::While;
      if (s->kind == StmtKind::Parallel) {
        launch(*s);
      } else if (loop && !launches(*s)) {
        std::vector<Touch> touches;
        collect(*s, touches);
        Block body{s};
        for (const Touch& t : touches) bring_outside(t, body);
      } else {
        std::vector<Touch> touches;
        of_statement(*s, touches);
        for (const Touch& t : touches) bring(t.array, t.made ? Transfer::ToHostMade : Transfer::ToHost);
        walk(s->head);
        if (s->kind == StmtKind::While) at_end_of_head(*s);
        walk(s->body), walk(s->orelse);
        b_.block = &out;
      }
      out.push_back(s);
      if (s->kind == StmtKind::Alloc && !s->ahead && s->fill != kir::Fill::Value)
        bring(b_.var(s->var), s->fill == kir::Fill::Zeros ? Transfer::NewZeros : Transfer::New);
    }
    block = std::move(out);
  }

  void launch(Stmt& s) {
    kir::Function& region = *module_.functions[s.callee];
    const StoredTo stored(region);
    for (size_t k = 2; k < s.exprs.size(); ++k) {
      const bool made = stored.has(region.params[k + 1]);
      arrays_in(s.exprs[k], [&](ExprRef e) { bring(e, made ? Transfer::ToDeviceMade : Transfer::ToDevice); });
    }
    const RegionShape shape = region_shape(b_, region);
    if (!shape.loop) return;  // pass parallel makes no such region
    if (shape.inner) s.init = inner_trips(s, region, shape);
    if (region.kernel) return;
    for (VarId p : region.params)
      if (stored.has(p)) region.stored.push_back(p);
    region.kernel = add_kernel(region, shape, false);
    if (!shape.row && (shape.inner ? shape.tall : shape.beside) > 1) region.fast = add_kernel(region, shape, true);
  }
  uint32_t add_kernel(const kir::Function& region, const RegionShape& shape, bool fast) {
    const auto number = static_cast<uint32_t>(module_.functions.size());
    module_.functions.push_back(region_kernel(b_.types, region, shape, number, fast));
    return number;
  }

  // The number of iterations of the inner loop, as far as it is known before the region; else a guess.
  ExprRef inner_trips(const Stmt& s, const kir::Function& region, const RegionShape& shape) {
    const Stmt& inner = *shape.inner;
    ExprRef lo = outside(inner.exprs[0], s, region, shape), hi = outside(inner.exprs[1], s, region, shape);
    return b_.reuse(lo && hi ? b_.binary(Op::Sub, hi, lo) : b_.const_int(kGuess));
  }
  static constexpr int64_t kGuess = 1024;
  static constexpr int kDeepest = 32;
  // An expression of a region in terms of its operands; null when it is more than that.
  ExprRef outside(ExprRef e, const Stmt& s, const kir::Function& region, const RegionShape& shape, int depth = 0) {
    if (depth > kDeepest) return nullptr;
    if (e->op == Op::Var) {
      for (size_t k = 3; k < region.params.size(); ++k)
        if (region.params[k] == e->var) return s.exprs[k - 1];
      for (const Stmt* made : shape.loop->body)
        if (made->kind == StmtKind::Assign && made->var == e->var)
          return outside(made->expr, s, region, shape, depth + 1);
      return nullptr;
    }
    if (e->op == Op::Load) return nullptr;
    kir::Expr* made = b_.function.new_expr(e->op, e->type, e->span);
    *made = *e;
    for (ExprRef& a : made->args) {
      a = outside(a, s, region, shape, depth + 1);
      if (!a) return nullptr;
    }
    return made;
  }

  // The arrays of a value: itself, or elements of a tuple.
  template <typename Each>
  void arrays_in(ExprRef e, Each each) {
    if (e->type->is_array()) return each(e);
    if (!e->type->is_tuple()) return;
    for (uint32_t k = 0; k < e->type->elements.size(); ++k) {
      if (holds_array(e->type->elements[k])) arrays_in(b_.get(e, k), each);
    }
  }
  static bool holds_array(sema::TypeRef t) {
    return t->is_array() || std::any_of(t->elements.begin(), t->elements.end(), holds_array);
  }

  void bring(ExprRef array, Transfer where) {
    if (array->op == Op::ConstArray) return;
    Stmt* s = b_.stmt(StmtKind::Transfer);
    s->expr = array, s->transfer = where;
  }

  // Whether something in the statement runs on the device, so that what is valid here changes.
  bool launches(const Stmt& s) const {
    if (s.kind == StmtKind::Parallel) return true;
    if (s.kind == StmtKind::Call && module_.functions[s.callee]->offload) return true;
    for (const Block* block : {&s.head, &s.body, &s.orelse})
      if (std::any_of(block->begin(), block->end(), [&](const Stmt* each) { return launches(*each); })) return true;
    return false;
  }

  void of_expr(ExprRef e, std::vector<Touch>& out) {
    if (!e) return;
    if (e->op == Op::Load) out.push_back({e->args[0], false});
    for (ExprRef a : e->args) of_expr(a, out);
  }
  // Of the statement itself, not of those in its blocks.
  void of_statement(const Stmt& s, std::vector<Touch>& out) {
    for (ExprRef e : {s.expr, s.array, s.init}) of_expr(e, out);
    for (ExprRef e : s.exprs) of_expr(e, out);
    for (const kir::PrintItem& item : s.items) {
      if (!item.value) continue;
      of_expr(item.value, out);
      arrays_in(item.value, [&](ExprRef e) { out.push_back({e, false}); });
    }
    if (s.array) out.push_back({s.array, true});
    const bool copies = s.kind == StmtKind::Copy || s.kind == StmtKind::CopyArray;
    if (copies && s.expr->type->is_array()) out.push_back({s.expr, false});
    if (s.kind == StmtKind::Call && !module_.functions[s.callee]->offload) {
      for (ExprRef each : s.exprs) arrays_in(each, [&](ExprRef e) { out.push_back({e, !e->type->readonly}); });
    }
    if (s.kind == StmtKind::Library) {
      for (size_t k = 0; k < s.exprs.size(); ++k) {
        if (s.exprs[k]->type->is_array()) out.push_back({s.exprs[k], kir::info(s.library).params[k] == 'w'});
      }
    }
  }
  void collect(const Stmt& s, std::vector<Touch>& out) {
    of_statement(s, out);
    for (const Block* block : {&s.head, &s.body, &s.orelse})
      for (const Stmt* each : *block) collect(*each, out);
  }
  // What the condition of a while loop reads.
  void at_end_of_head(Stmt& s) {
    std::vector<Touch> touches;
    of_expr(s.expr, touches);
    b_.with_block(s.head, [&] {
      for (const Touch& t : touches) bring(t.array, Transfer::ToHost);
    });
  }

  // An array that a loop touches, before the loop: what is made in it of arrays outside stands for those.
  void bring_outside(const Touch& t, const Block& loop) {
    std::set<VarId> seen;
    std::vector<ExprRef> pending{t.array};
    while (!pending.empty()) {
      ExprRef e = pending.back();
      pending.pop_back();
      VarSet needed, inside;
      mentioned(e, needed);
      assigned(loop, inside);
      const bool fixed = std::none_of(needed.begin(), needed.end(), [&](VarId v) { return inside.contains(v); });
      if (fixed) {
        arrays_in(e, [&](ExprRef a) { bring_once(a, t.made ? Transfer::ToHostMade : Transfer::ToHost); });
        continue;
      }
      if (e->op != Op::Var) {
        for (ExprRef a : e->args)
          if (holds_array(a->type)) pending.push_back(a);
        continue;
      }
      if (!seen.insert(e->var).second) continue;
      definitions(e->var, loop, pending);
      if (e->type->is_array()) bring_once(e, t.made ? Transfer::ToHostMade : Transfer::ToHost);  // before the loop
    }
  }
  void bring_once(ExprRef array, Transfer where) {
    for (size_t k = b_.block->size(); k-- > 0;) {
      const Stmt& s = *(*b_.block)[k];
      if (s.kind != StmtKind::Transfer) break;
      if (array->op == Op::Var && s.expr->op == Op::Var && s.expr->var == array->var &&
          (s.transfer == where || s.transfer == Transfer::ToHostMade))
        return;
    }
    bring(array, where);
  }
  // What the assignments of `v` in the block take their arrays from. If it has a value before, too, that is one.
  void definitions(VarId v, const Block& block, std::vector<ExprRef>& out) {
    for (const Stmt* s : block) {
      if (s->kind == StmtKind::Assign && s->var == v) out.push_back(s->expr);
      definitions(v, s->head, out), definitions(v, s->body, out), definitions(v, s->orelse, out);
    }
  }

  Builder b_;
  kir::Module& module_;
};

}  // namespace

void offload(sema::TypeContext& types, kir::Module& module) {
  const size_t count = module.functions.size();
  for (size_t k = 0; k < count; ++k) {
    kir::Function& f = *module.functions[k];
    if (f.offload && !f.device) Offload(types, module, f).run();
  }
}

}  // namespace kjit::passes
