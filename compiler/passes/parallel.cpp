#include "passes/parallel.h"

#include <algorithm>
#include <limits>

#include "passes/collapse.h"
#include "passes/cost.h"
#include "passes/origins.h"
#include "passes/outline.h"
#include "passes/parallel_report.h"
#include "passes/region.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using kirgen::Builder;
using sema::Layout;
using sema::TypeRef;

namespace {

constexpr int64_t kMostChunks = 256;
// Chunks that have arrays of their own: each costs memory, and some 2 ns an element to make, fill and join.
constexpr int64_t kMostCopies = 32;
constexpr double kShortCopy = 500;  // elements: the work on copies does not show beside a chunk's own

bool has_identity(Op join) { return join == Op::Add || join == Op::Mul || join == Op::BitXor; }

bool has_parallel_loop(const Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Stmt* s) {
    return (s->kind == StmtKind::For && s->parallel) || has_parallel_loop(s->body) || has_parallel_loop(s->orelse) ||
           has_parallel_loop(s->head);
  });
}

// The body of one region, as a function.
class RegionBody {
 public:
  // `views`: assignments of views to be made again in the body, each after those that it needs.
  RegionBody(sema::TypeContext& types, const kir::Function& from, const Stmt& loop, const Region& region,
             const std::vector<const Stmt*>& views, std::string symbol)
      : from_(from),
        loop_(loop),
        region_(region),
        views_(views),
        made_(part_of(from, std::move(symbol))),
        b_(types, *made_),
        mover_(from, *made_) {}

  std::unique_ptr<kir::Function> run() {
    made_->region = true;
    made_->span = loop_.span;
    b_.span = loop_.span;
    b_.block = &made_->body;
    const VarId lo = parameter("%lo"), hi = parameter("%hi");
    parameter("%chunk");
    ExprRef first = operand(loop_.exprs[0], "%first");
    ExprRef step = operand(loop_.exprs[2], "%step");
    for (VarId v : region_.captured) pass(v);
    for (const Stmt* view : views_) b_.assign(mover_.moved(view->var), mover_.copy(view->expr));
    for (const kir::ArrayFold& fold : region_.array_folds) start(fold);
    for (const Fold& fold : region_.folds) start(fold);
    for (VarId v : region_.last) {
      if (v != loop_.var) b_.assign(mover_.moved(v), b_.var(pass_value(v)));
    }
    const bool last_index = std::find(region_.last.begin(), region_.last.end(), loop_.var) != region_.last.end();
    if (last_index) b_.assign(mover_.moved(loop_.var), b_.var(pass_value(loop_.var)));
    loop(lo, hi, first, step);
    results();
    return std::move(made_);
  }
  // Operands for the parameters after the first three, in terms of the function that the loop stands in.
  std::vector<ExprRef> operands(Builder& outer) {
    std::vector<ExprRef> out = expressions_;
    for (VarId v : captured_) out.push_back(outer.var(v));
    return out;
  }
  const std::vector<std::pair<VarId, VarId>>& arrays() const { return arrays_; }

 private:
  VarId parameter(const char* name) {
    const VarId v = made_->add_var(name, b_.types.int64(), loop_.span);
    made_->vars[v].is_param = true;
    made_->vars[v].nonnegative = true;
    made_->params.push_back(v);
    return v;
  }
  // A number of the loop's head: a constant, or a parameter.
  ExprRef operand(ExprRef e, const char* name) {
    if (e->op == Op::Const) return b_.const_int(e->constant.i);
    expressions_.push_back(e);
    const VarId v = parameter(name);
    made_->vars[v].nonnegative = e->op == Op::Var && from_.vars[e->var].nonnegative;
    return b_.var(v);
  }
  void pass(VarId v) {
    const VarId made = mover_.moved(v);
    made_->params.push_back(made);
    made_->vars[made].is_param = true;
    captured_.push_back(v);
    if (from_.vars[v].type->is_array()) arrays_.emplace_back(v, made);
  }
  VarId pass_value(VarId v) {
    captured_.push_back(v);
    return mover_.parameter(v);
  }
  void start(const Fold& fold) {
    const VarId v = mover_.moved(fold.var);
    made_->vars[v].nonnegative = false;
    if (fold.from_value) return b_.assign(v, b_.var(pass_value(fold.var)));
    b_.assign(v, identity(fold.join, made_->vars[v].type));
  }
  ExprRef identity(Op join, TypeRef type) {
    const int value = join == Op::Mul ? 1 : 0;
    const bool number = sema::is_float(type->scalar) || sema::is_complex(type->scalar);
    return number ? b_.constant(type, static_cast<double>(value)) : b_.constant(type, value);
  }
  // The chunk's own array, which stands for the other one in the body.
  void start(const kir::ArrayFold& fold) {
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

  void loop(VarId lo, VarId hi, ExprRef first, ExprRef step) {
    Stmt* s = b_.stmt(StmtKind::For);
    const bool zero = b_.is_const_int(first, 0);
    s->few = loop_.few, s->brief = loop_.brief;
    if (b_.is_const_int(step, 1)) {
      s->var = mover_.moved(loop_.var);
      s->exprs = {zero ? b_.var(lo) : b_.binary(Op::Add, first, b_.var(lo)),
                  zero ? b_.var(hi) : b_.binary(Op::Add, first, b_.var(hi)), b_.const_int(1)};
      s->body = mover_.copy(loop_.body);
      return;
    }
    s->var = b_.temp(b_.types.int64(), "%k");
    s->exprs = {b_.var(lo), b_.var(hi), b_.const_int(1)};
    b_.with_block(s->body, [&] {
      b_.assign(mover_.moved(loop_.var), b_.binary(Op::Add, first, b_.binary(Op::Mul, b_.var(s->var), step)));
      for (Stmt* each : mover_.copy(loop_.body)) b_.block->push_back(each);
    });
  }

  void results() {
    std::vector<ExprRef> values;
    for (const kir::ArrayFold& fold : region_.array_folds) values.push_back(b_.var(mover_.moved(fold.array)));
    for (const Fold& fold : region_.folds) values.push_back(b_.var(mover_.moved(fold.var)));
    for (VarId v : region_.last) values.push_back(b_.var(mover_.moved(v)));
    ExprRef value = values.empty() ? nullptr : values.size() == 1 ? values[0] : b_.tuple(values);
    made_->result = value ? value->type : b_.types.none();
    if (value) b_.stmt(StmtKind::Return)->expr = value;
  }

  const kir::Function& from_;
  const Stmt& loop_;
  const Region& region_;
  const std::vector<const Stmt*>& views_;
  std::unique_ptr<kir::Function> made_;
  Builder b_;
  Mover mover_;
  std::vector<ExprRef> expressions_;             // operands that are not variables: the loop's head
  std::vector<VarId> captured_;                  // operands that are variables
  std::vector<std::pair<VarId, VarId>> arrays_;  // captured, and their parameters
};

class Parallel {
 public:
  Parallel(sema::TypeContext& types, kir::Module& module, uint32_t index, std::vector<Remark>* remarks)
      : b_(types, *module.functions[index]),
        module_(module),
        index_(index),
        live_(live_after_loops(b_.function)),
        report_(b_.function, remarks) {}

  void run() {
    walk(b_.function.body);
    report_.finish();
  }

 private:
  void walk(Block& block) {
    Block out;
    for (Stmt* s : block) {
      b_.block = &out;
      if (s->kind == StmtKind::For && s->parallel && make(*s)) continue;
      report_.left(*s);
      walk(s->head), walk(s->body), walk(s->orelse);
      out.push_back(s);
    }
    block = std::move(out);
  }

  // The number of iterations of `for` over lo, hi, step.
  ExprRef trip_count(ExprRef lo, ExprRef hi, ExprRef step) {
    if (b_.is_const_int(lo, 0) && b_.is_const_int(step, 1)) return b_.reuse(b_.binary(Op::Max, hi, b_.const_int(0)));
    ExprRef up = b_.compare(Op::Gt, step, b_.const_int(0));
    ExprRef distance = b_.select(up, b_.binary(Op::Sub, hi, lo), b_.binary(Op::Sub, lo, hi));
    ExprRef size = b_.is_const(step) ? b_.const_int(std::abs(step->constant.i)) : b_.unary(Op::Abs, step);
    // (distance - 1) // size + 1 in uint64, where the distance always fits; loops of 2**63 iterations do not end anyway
    const TypeRef wide = b_.types.scalar(sema::Scalar::U64);
    const auto number = [&](int64_t v) { return b_.cast(b_.const_int(v), wide); };
    ExprRef count = b_.cast(distance, wide);
    if (!b_.is_const_int(size, 1)) {
      ExprRef whole = b_.binary(Op::FloorDiv, b_.binary(Op::Sub, count, number(1)), b_.cast(size, wide));
      count = b_.binary(Op::Add, whole, number(1));
    }
    count = b_.cast(b_.binary(Op::Min, count, number(std::numeric_limits<int64_t>::max())), b_.types.int64());
    ExprRef any = b_.select(up, b_.compare(Op::Lt, lo, hi), b_.compare(Op::Lt, hi, lo));
    return b_.reuse(b_.select(any, count, b_.const_int(0)));
  }

  // What the loop becomes, alone or with the one that is its body.
  Region analysed(Stmt& loop) {
    const Stmt alone = loop;
    const Stmt inner = loop.body.size() == 1 ? *loop.body[0] : loop;
    if (collapse(b_, passed_all(), loop)) {
      Region region = analyse_region(b_.function, loop, live_[&loop]);
      if (region.obstacle.empty()) {
        report_.collapsed(loop, inner);
        return region;
      }
      loop = alone;
      *loop.body[0] = inner;
    }
    return analyse_region(b_.function, loop, live_[&loop]);
  }

  bool make(Stmt& loop) {
    Region region = analysed(loop);
    report_.analysed(loop, region);
    if (!region.obstacle.empty()) return false;
    b_.span = loop.span;
    ExprRef lo = head(loop.exprs[0]), hi = head(loop.exprs[1]), step = head(loop.exprs[2]);
    ExprRef condition = loop.exprs.size() > 3 ? loop.exprs[3] : nullptr;
    loop.exprs = {lo, hi, step};
    ExprRef trips = trip_count(lo, hi, step);
    Cost cost = estimate(b_, module_, loop, trips);
    report_.region(loop, region, cost.nanoseconds, trips);
    if (condition) cost.nanoseconds = b_.select(condition, cost.nanoseconds, b_.const_float(0));
    const Definitions definitions = passed_all();
    std::vector<const Stmt*> views;
    for (VarId v : VarSet(region.captured)) take_along(v, definitions, region.captured, views);
    RegionBody body(b_.types, b_.function, loop, region, views,
                    b_.function.symbol + ".region." + std::to_string(++made_));
    std::unique_ptr<kir::Function> f = body.run();
    f->from = index_;
    set_apart(*f, body.arrays(), definitions);
    Block otherwise = std::move(loop.orelse);
    loop.orelse.clear();
    if (region.array_folds.empty()) {
      start(body, std::move(f), region, trips, cost);
    } else {  // in order, and without copies of the arrays, where those do not pay
      cost.nanoseconds = b_.var(b_.spill(without_copies(cost.nanoseconds, region)));
      Stmt* choice = b_.stmt(StmtKind::If);
      choice->expr = b_.compare(Op::Ge, cost.nanoseconds, b_.const_float(kir::kWorthThreads));
      loop.parallel = false;
      choice->orelse.push_back(&loop);
      b_.with_block(choice->body, [&] { start(body, std::move(f), region, trips, cost); });
    }
    for (Stmt* each : otherwise) b_.block->push_back(each);
    return true;
  }

  void start(RegionBody& body, std::unique_ptr<kir::Function> f, const Region& region, ExprRef trips,
             const Cost& cost) {
    Stmt* s = b_.stmt(StmtKind::Parallel);
    s->callee = static_cast<uint32_t>(module_.functions.size());
    s->uniform = cost.uniform;
    s->most = region.array_folds.empty() ? kMostChunks : kMostCopies;
    s->exprs = {trips, cost.nanoseconds};
    for (ExprRef e : body.operands(b_)) s->exprs.push_back(e);
    if (!f->result->is_none()) {
      s->has_var = true;
      s->var = b_.temp(f->result, "%chunk");
      b_.with_block(s->body, [&] { take(region, b_.var(s->var)); });
    }
    module_.functions.push_back(std::move(f));
  }

  // The cost as a multiple of what the copies of the arrays cost a chunk: so that each chunk does much more than that.
  ExprRef without_copies(ExprRef cost, const Region& region) {
    for (const kir::ArrayFold& fold : region.array_folds) {
      ExprRef elements = b_.cast(b_.size(b_.var(fold.array)), b_.types.float64());
      ExprRef times =
          b_.binary(Op::Add, b_.binary(Op::Mul, elements, b_.const_float(1 / kShortCopy)), b_.const_float(1));
      cost = b_.binary(Op::Div, cost, times);
    }
    return cost;
  }
  ExprRef head(ExprRef e) { return b_.is_const(e) || e->op == Op::Var ? e : b_.var(b_.spill(e)); }

  void take(const Region& region, ExprRef result) {
    const size_t count = region.array_folds.size() + region.folds.size() + region.last.size();
    const auto part = [&](size_t k) { return count == 1 ? result : b_.get(result, static_cast<uint32_t>(k)); };
    size_t k = 0;
    for (const kir::ArrayFold& fold : region.array_folds) join(fold, part(k++));
    for (const Fold& fold : region.folds) {
      ExprRef value = part(k++);
      const bool order = fold.join == Op::Lt || fold.join == Op::Le || fold.join == Op::Gt || fold.join == Op::Ge;
      ExprRef joined = order ? b_.select(b_.compare(fold.join, value, b_.var(fold.var)), value, b_.var(fold.var))
                             : b_.binary(fold.join, b_.var(fold.var), value);
      b_.assign(fold.var, joined);
    }
    for (VarId v : region.last) b_.assign(v, part(k++));
  }

  // array = array join chunk's, element by element
  void join(const kir::ArrayFold& fold, ExprRef chunk) {
    chunk = b_.var(b_.spill(chunk));
    ExprRef array = b_.var(fold.array);
    std::vector<ExprRef> at;
    const auto along = [&](auto& self) -> void {
      if (at.size() == array->type->rank) {
        return b_.store(array, at, b_.binary(fold.join, b_.load(array, at), b_.load(chunk, at)));
      }
      b_.for_range(b_.const_int(0), b_.dim(array, static_cast<uint32_t>(at.size())), b_.const_int(1), [&](VarId i) {
        at.push_back(b_.var(i));
        self(self);
        at.pop_back();
      });
    };
    along(along);
  }

  // A view is made again inside of the region rather than handed over: there it is known what it is a view of, and so
  // its strides, and that it shares no memory with others.
  static void take_along(VarId v, const Definitions& definitions, VarSet& captured, std::vector<const Stmt*>& views) {
    const Stmt* made = definitions.only(v);
    if (!made || made->kind != StmtKind::Assign || !made->expr->type->is_array() || !definitions.is_fixed(made->expr)) {
      return;
    }
    const Op op = made->expr->op;
    if (op != Op::View && op != Op::Transpose && op != Op::MakeView && op != Op::Var) return;
    captured.erase(v);
    if (std::find(views.begin(), views.end(), made) != views.end()) return;
    VarSet needed;
    mentioned(made->expr, needed);
    for (VarId w : needed) {
      const bool known = std::any_of(views.begin(), views.end(), [&](const Stmt* s) { return s->var == w; });
      if (known) continue;
      captured.insert(w);
      take_along(w, definitions, captured, views);
    }
    views.push_back(made);
  }

  // Parameters whose array is the only one with its base: known when the base is an argument or a new array.
  void set_apart(kir::Function& f, const std::vector<std::pair<VarId, VarId>>& arrays, const Definitions& definitions) {
    Origins origins(b_, definitions);
    std::vector<ExprRef> bases;
    for (const auto& [outer, inner] : arrays) {
      ExprRef base = origins.base(b_.var(outer));
      if (!base || (!definitions.is_param(base->var) && !is_new(definitions, base->var))) return;
      bases.push_back(base);
    }
    for (size_t i = 0; i < arrays.size(); ++i) {
      const auto same_base = [&](ExprRef other) { return other->var == bases[i]->var; };
      if (std::count_if(bases.begin(), bases.end(), same_base) == 1) f.apart.push_back(arrays[i].second);
    }
  }
  static bool is_new(const Definitions& definitions, VarId v) {
    const Stmt* made = definitions.only(v);
    return made && (made->kind == StmtKind::Alloc || made->kind == StmtKind::Copy);
  }
  // Every definition counts: a region stands after those of what it captures.
  Definitions passed_all() {
    Definitions out(b_.function);
    const auto scan = [&](auto& self, const Block& block) -> void {
      for (const Stmt* s : block) {
        out.pass(*s);
        self(self, s->head), self(self, s->body), self(self, s->orelse);
      }
    };
    scan(scan, b_.function.body);
    scan(scan, *b_.block);
    return out;
  }

  Builder b_;
  kir::Module& module_;
  uint32_t index_;
  std::map<const Stmt*, VarSet> live_;
  ParallelReport report_;
  int made_ = 0;
};

}  // namespace

static void run(sema::TypeContext& types, kir::Module& module, std::vector<Remark>* remarks) {
  const size_t count = module.functions.size();
  for (size_t i = 0; i < count; ++i) {
    const bool asked = remarks && module.functions[i]->parallel;
    if (asked || has_parallel_loop(module.functions[i]->body))
      Parallel(types, module, static_cast<uint32_t>(i), remarks).run();
  }
}

void parallel(sema::TypeContext& types, kir::Module& module) { run(types, module, nullptr); }
void parallel(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks) {
  run(types, module, &remarks);
}

}  // namespace kjit::passes
