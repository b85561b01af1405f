#include "passes/region_shape.h"

#include <algorithm>

#include "passes/collapse.h"
#include "passes/definitions.h"
#include "passes/liveness.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using kirgen::Builder;

namespace {

bool loads(ExprRef e) { return e && (e->op == Op::Load || std::any_of(e->args.begin(), e->args.end(), loads)); }

// Whether a loop in a region folds the elements of a row, or of a column, into one variable, so that threads may take
// turns: what it does besides is each iteration's own, and what comes after it does not ask for that.
class Row {
 public:
  Row(const kir::Function& region, const Stmt& outer, const Stmt& row) : f_(region), outer_(outer), row_(row) {}

  bool fits(const Builder& b) {
    if (row_.body.empty() || !b.is_const_int(row_.exprs[2], 1) || !row_.orelse.empty()) return false;
    if (b.is_const(row_.exprs[1]) && row_.exprs[1]->constant.i < kLeast) return false;
    assigned(row_.body, own_);
    own_.insert(row_.var);
    VarSet so_far{row_.var};
    for (const Stmt* s : row_.body) {
      if (s->kind != StmtKind::Assign || !s->expr->type->is_scalar()) return false;
      if (s == row_.body.back()) break;
      if (!known(s->expr, so_far)) return false;
      so_far.insert(s->var);
    }
    const Stmt& last = *row_.body.back();
    if (so_far.contains(last.var) || !folds(last, so_far)) return false;
    own_.erase(last.var);
    return rows_ != columns_ && around();
  }
  // Neighbouring iterations of the outer loop fold elements that lie beside each other.
  bool down() const { return columns_; }

 private:
  static constexpr int64_t kLeast = 32;

  bool known(ExprRef e, const VarSet& so_far) {
    if (e->op == Op::Var && own_.contains(e->var) && !so_far.contains(e->var)) return false;
    if (e->op == Op::Load) {
      const ExprRef last = e->args.back();
      if (last->op == Op::Var && last->var == row_.var) rows_ = true;
      if (last->op == Op::Var && last->var == outer_.var) columns_ = true;
    }
    return std::all_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return known(a, so_far); });
  }
  bool folds(const Stmt& s, const VarSet& so_far) {
    const sema::Scalar type = s.expr->type->scalar;
    const bool moves = type == sema::Scalar::I32 || type == sema::Scalar::I64 || type == sema::Scalar::F32 ||
                       type == sema::Scalar::F64;
    const bool number = sema::is_float(type);
    const bool sum = s.expr->op == Op::Add || s.expr->op == Op::Mul;
    const bool order =
        s.expr->op == Op::Min || s.expr->op == Op::Max || s.expr->op == Op::Minimum || s.expr->op == Op::Maximum;
    if (!moves || (!sum && !order) || (sum && number && !row_.brief && !f_.fastmath.reassoc)) return false;
    const ExprRef a = s.expr->args[0], value = s.expr->args[1];
    return a->op == Op::Var && a->var == s.var && known(value, so_far);
  }
  // The statements beside it: assignments, and after it stores of what the whole warp knows.
  bool around() {
    bool after = false;
    for (const Stmt* s : outer_.body) {
      if (s == &row_) {
        after = true;
        continue;
      }
      const bool store = s->kind == StmtKind::Store && after;
      if (!store && (s->kind != StmtKind::Assign || !s->expr->type->is_scalar())) return false;
      VarSet needed;
      for (ExprRef e : {s->expr, s->array}) mentioned(e, needed);
      for (ExprRef e : s->exprs) mentioned(e, needed);
      if (after && std::any_of(needed.begin(), needed.end(), [&](VarId v) { return own_.contains(v); })) return false;
      if (after && loads(s->expr)) return false;
    }
    return after;
  }
  const kir::Function& f_;
  const Stmt &outer_, &row_;
  VarSet own_;
  bool rows_ = false, columns_ = false;
};

// The number of elements that 16 bytes hold, of the smallest that are accessed in a row by iterations in a row.
class Beside {
 public:
  static int64_t of(const Stmt& loop) {
    Beside all(loop.var);
    all.walk(loop.body);
    return all.brief() && all.smallest_ <= 8 ? std::min(16 / all.smallest_, kMost) : 1;
  }
  // Few statements that run one after the other.
  static bool brief(const Stmt& loop) {
    Beside all(loop.var);
    all.walk(loop.body);
    return all.brief();
  }

 private:
  static constexpr int64_t kMost = 8, kMostStatements = 64;
  explicit Beside(VarId var) : var_(var) {}
  bool brief() const { return fine_ && count_ <= kMostStatements; }
  void access(ExprRef array, ExprRef last) {
    const bool row = array->type->layout == sema::Layout::C && last->op == Op::Var && last->var == var_;
    if (array->type->rank == 1 && row) smallest_ = std::min<int64_t>(smallest_, sema::size_of(array->type->scalar));
  }
  void walk(ExprRef e) {
    if (!e) return;
    if (e->op == Op::Load) access(e->args[0], e->args.back());
    for (ExprRef a : e->args) walk(a);
  }
  void walk(const Block& block) {
    for (const Stmt* s : block) {
      ++count_;
      fine_ = fine_ && s->kind != StmtKind::For && s->kind != StmtKind::While && s->kind != StmtKind::Continue;
      if (s->kind == StmtKind::Store && !s->exprs.empty()) access(s->array, s->exprs.back());
      for (ExprRef e : {s->expr, s->array, s->init}) walk(e);
      for (ExprRef e : s->exprs) walk(e);
      walk(s->head), walk(s->body), walk(s->orelse);
    }
  }

  VarId var_;
  int64_t smallest_ = 16, count_ = 0;
  bool fine_ = true;
};

// Whether all iterations of the outer loop have the same columns.
bool same_columns(const Stmt& outer, const Stmt& inner) {
  VarSet varies{outer.var};
  for (const Stmt* s : outer.body) {
    if (s == &inner) break;
    VarSet needed;
    mentioned(s->expr, needed);
    if (std::any_of(needed.begin(), needed.end(), [&](VarId v) { return varies.contains(v); })) varies.insert(s->var);
  }
  VarSet bounds;
  for (size_t k = 0; k < 2; ++k) mentioned(inner.exprs[k], bounds);
  return std::none_of(bounds.begin(), bounds.end(), [&](VarId v) { return varies.contains(v); });
}

constexpr int64_t kTall = 4;
constexpr size_t kMostTiles = 2;

// Loads whose neighbours in memory belong to neighbouring rows of the iterations, where all else goes along the
// columns.
class Across {
 public:
  Across(const Stmt& outer, const Stmt& inner) : outer_(outer.var), inner_(inner.var) {
    for (const Stmt* s : inner.body) {
      const bool store = s->kind == StmtKind::Store;
      if (!store && (s->kind != StmtKind::Assign || !s->expr->type->is_scalar())) fine_ = false;
      walk(s->expr);
      for (ExprRef e : s->exprs) walk(e);
      if (store) fine_ = fine_ && s->array->op == Op::Var && goes(s->array, s->exprs, false);
      if (store) stored_.insert(s->array->var);
    }
  }
  std::vector<ExprRef> loads() const {
    const bool other =
        std::none_of(found_.begin(), found_.end(), [&](ExprRef e) { return stored_.contains(e->args[0]->var); });
    return fine_ && other && found_.size() <= kMostTiles ? found_ : std::vector<ExprRef>{};
  }

 private:
  bool is(ExprRef e, VarId v) const { return e->op == Op::Var && e->var == v; }
  template <typename Indices>
  bool goes(ExprRef array, const Indices& at, bool across) const {
    if (array->type->rank != 2 || at.size() != 2) return false;
    const auto layout = array->type->layout;
    const bool straight = is(at[0], outer_) && is(at[1], inner_), turned = is(at[0], inner_) && is(at[1], outer_);
    return (layout == sema::Layout::C && (across ? turned : straight)) ||
           (layout == sema::Layout::F && (across ? straight : turned));
  }
  void walk(ExprRef e) {
    if (!e) return;
    if (e->op == Op::Load && e->args[0]->op == Op::Var && e->index == 0) {
      const std::vector<ExprRef> at(e->args.begin() + 1, e->args.end());
      if (goes(e->args[0], at, true)) found_.push_back(e);
    }
    for (ExprRef a : e->args) walk(a);
  }

  VarId outer_, inner_;
  std::vector<ExprRef> found_;
  VarSet stored_;
  bool fine_ = true;
};

}  // namespace

RegionShape region_shape(const Builder& b, const kir::Function& region) {
  RegionShape out;
  for (const Stmt* s : region.body) {
    VarSet in_head;
    if (s->kind == StmtKind::For) mentioned(s->exprs[0], in_head);
    if (in_head.contains(region.params[0])) out.loop = s;
  }
  if (!out.loop) return out;
  const ExprRef lo = out.loop->exprs[0];
  if (lo->op == Op::Var) out.beside = Beside::of(*out.loop);
  const Block& body = out.loop->body;
  for (const Stmt* s : body) {
    if (s->kind != StmtKind::For || !region.result->is_none()) continue;
    Row row(region, *out.loop, *s);
    if (row.fits(b)) out.row = s, out.down = row.down();
  }
  if (out.row) return out;
  if (body.empty() || body.back()->kind != StmtKind::For || !b.is_const_int(body.back()->exprs[2], 1)) return out;
  const Stmt& inner = *body.back();
  VarSet changed;
  assigned(inner.body, changed);
  for (const Stmt* s : body) {  // numbers for its head, which every thread computes
    const bool number = s->kind == StmtKind::Assign && s->expr->type->is_scalar() && !loads(s->expr);
    if (s != &inner && (!number || changed.contains(s->var))) return out;
  }
  Definitions definitions(region);
  const bool alone = inner.brief && inner.parallel;
  if (alone || own_elements(definitions, out.loop->var, inner.var, inner.body)) out.inner = &inner;
  if (out.inner && region.result->is_none() && Beside::brief(inner) && same_columns(*out.loop, inner)) out.tall = kTall;
  if (out.tall > 1) out.across = Across(*out.loop, inner).loads();
  return out;
}

}  // namespace kjit::passes
