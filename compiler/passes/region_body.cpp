#include "passes/region_body.h"

#include <algorithm>

namespace kjit::passes {

using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using kirgen::Builder;
using sema::Layout;
using sema::TypeRef;

namespace {
bool has_identity(Op join) { return join == Op::Add || join == Op::Mul || join == Op::BitXor; }
}  // namespace

RegionBody::RegionBody(sema::TypeContext& types, const kir::Function& from, std::vector<const Stmt*> loops,
                       const Region& region, const std::vector<const Stmt*>& views, std::string symbol)
    : from_(from),
      loops_(std::move(loops)),
      region_(region),
      views_(views),
      made_(part_of(from, std::move(symbol))),
      b_(types, *made_),
      mover_(from, *made_) {}

std::unique_ptr<kir::Function> RegionBody::run() {
  const Stmt& head = *loops_[0];
  made_->region = true;
  made_->offload = false;  // the form that runs here
  made_->span = head.span;
  b_.span = head.span;
  b_.block = &made_->body;
  const VarId lo = parameter("%lo"), hi = parameter("%hi");
  parameter("%chunk");
  ExprRef first = operand(head.exprs[0], "%first");
  ExprRef step = operand(head.exprs[2], "%step");
  for (VarId v : region_.captured) pass(v);
  for (const Stmt* view : views_) b_.assign(mover_.moved(view->var), mover_.copy(view->expr));
  for (const kir::ArrayFold& fold : region_.array_folds) start(fold);
  for (const Fold& fold : region_.folds) start(fold);
  for (const bool counting : {false, true}) {
    for (VarId v : region_.last) {
      if (counts(v) == counting) b_.assign(mover_.moved(v), b_.var(pass_value(v)));
    }
  }
  for (const Stmt* each : loops_) loop(*each, lo, hi, first, step);
  results();
  return std::move(made_);
}

std::vector<ExprRef> RegionBody::operands(Builder& outer) const {
  std::vector<ExprRef> out = expressions_;
  for (VarId v : captured_) out.push_back(outer.var(v));
  return out;
}

bool RegionBody::counts(VarId v) const {
  return std::any_of(loops_.begin(), loops_.end(), [&](const Stmt* s) { return s->var == v; });
}

VarId RegionBody::parameter(const char* name) {
  const VarId v = made_->add_var(name, b_.types.int64(), loops_[0]->span);
  made_->vars[v].is_param = true;
  made_->vars[v].nonnegative = true;
  made_->params.push_back(v);
  return v;
}

ExprRef RegionBody::operand(ExprRef e, const char* name) {
  if (e->op == Op::Const) return b_.const_int(e->constant.i);
  expressions_.push_back(e);
  const VarId v = parameter(name);
  made_->vars[v].nonnegative = e->op == Op::Var && from_.vars[e->var].nonnegative;
  return b_.var(v);
}

void RegionBody::pass(VarId v) {
  const VarId made = mover_.moved(v);
  made_->params.push_back(made);
  made_->vars[made].is_param = true;
  captured_.push_back(v);
  if (from_.vars[v].type->is_array()) arrays_.emplace_back(v, made);
}

VarId RegionBody::pass_value(VarId v) {
  captured_.push_back(v);
  return mover_.parameter(v);
}

void RegionBody::start(const Fold& fold) {
  const VarId v = mover_.moved(fold.var);
  made_->vars[v].nonnegative = false;
  if (fold.from_value) return b_.assign(v, b_.var(pass_value(fold.var)));
  b_.assign(v, identity(fold.join, made_->vars[v].type));
}

ExprRef RegionBody::identity(Op join, TypeRef type) {
  const int value = join == Op::Mul ? 1 : 0;
  const bool number = sema::is_float(type->scalar) || sema::is_complex(type->scalar);
  return number ? b_.constant(type, static_cast<double>(value)) : b_.constant(type, value);
}

void RegionBody::start(const kir::ArrayFold& fold) {
  ExprRef outer = b_.var(pass_value(fold.array));
  const TypeRef type = outer->type;
  const Layout layout = type->layout == Layout::F ? Layout::F : Layout::C;
  TypeRef own = b_.types.array(type->scalar, type->rank, layout);
  const VarId inside = mover_.moved(fold.array);
  const VarId made = own == type ? inside : b_.temp(own, "%own");
  if (has_identity(fold.join)) {
    Stmt* s = b_.stmt(StmtKind::Alloc);
    s->var = made;
    for (uint32_t k = 0; k < type->rank; ++k) s->exprs.push_back(b_.dim(outer, k));
    s->fill = fold.join == Op::Mul ? kir::Fill::Value : kir::Fill::Zeros;
    if (fold.join == Op::Mul) s->expr = identity(fold.join, b_.types.scalar(type->scalar));
  } else {
    Stmt* s = b_.stmt(StmtKind::Copy);
    s->var = made, s->expr = outer;
  }
  if (made != inside) b_.assign(inside, b_.cast(b_.var(made), type));
}

void RegionBody::loop(const Stmt& of, VarId lo, VarId hi, ExprRef first, ExprRef step) {
  Stmt* s = b_.stmt(StmtKind::For);
  const bool zero = b_.is_const_int(first, 0);
  s->few = of.few, s->brief = of.brief;
  if (region_.array_folds.empty())  // a GPU's threads update the arrays themselves
    for (const kir::ArrayFold& fold : of.folds) s->folds.push_back({mover_.moved(fold.array), fold.join});
  if (b_.is_const_int(step, 1)) {
    s->var = mover_.moved(of.var);
    s->exprs = {zero ? b_.var(lo) : b_.binary(Op::Add, first, b_.var(lo)),
                zero ? b_.var(hi) : b_.binary(Op::Add, first, b_.var(hi)), b_.const_int(1)};
    s->body = mover_.copy(of.body);
    return;
  }
  s->var = b_.temp(b_.types.int64(), "%k");
  s->exprs = {b_.var(lo), b_.var(hi), b_.const_int(1)};
  b_.with_block(s->body, [&] {
    b_.assign(mover_.moved(of.var), b_.binary(Op::Add, first, b_.binary(Op::Mul, b_.var(s->var), step)));
    for (Stmt* each : mover_.copy(of.body)) b_.block->push_back(each);
  });
}

void RegionBody::results() {
  std::vector<ExprRef> values;
  for (const kir::ArrayFold& fold : region_.array_folds) values.push_back(b_.var(mover_.moved(fold.array)));
  for (const Fold& fold : region_.folds) values.push_back(b_.var(mover_.moved(fold.var)));
  for (VarId v : region_.last) values.push_back(b_.var(mover_.moved(v)));
  ExprRef value = values.empty() ? nullptr : values.size() == 1 ? values[0] : b_.tuple(values);
  made_->result = value ? value->type : b_.types.none();
  if (value) b_.stmt(StmtKind::Return)->expr = value;
}

}  // namespace kjit::passes
