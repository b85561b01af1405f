#include "passes/parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "passes/collapse.h"
#include "passes/cost.h"
#include "passes/device_folds.h"
#include "passes/draws.h"
#include "passes/last_values.h"
#include "passes/neighbours.h"
#include "passes/origins.h"
#include "passes/parallel_report.h"
#include "passes/region_body.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using kirgen::Builder;
using sema::TypeRef;

namespace {

constexpr int64_t kMostChunks = 256;
// Chunks that have arrays of their own: each costs memory, and some 2 ns an element to make, fill and join.
constexpr int64_t kMostCopies = 32;
constexpr int64_t kMostBlocks = 1024;  // of a GPU, each of which has a result of its own
constexpr double kShortCopy = 500;     // elements: the work on copies does not show beside a chunk's own

bool has_parallel_loop(const Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Stmt* s) {
    return (s->kind == StmtKind::For && s->parallel) || has_parallel_loop(s->body) || has_parallel_loop(s->orelse) ||
           has_parallel_loop(s->head);
  });
}

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
    BlockValues values;
    for (size_t k = 0; k < block.size(); ++k) {
      Stmt* s = block[k];
      b_.block = &out;
      if (s->kind == StmtKind::For && s->parallel) {
        const size_t last = merged(block, k, values);
        for (; k < last; ++k) values.pass(*block[k]);
        values.pass(*block[k]);
        if (block[k] != s || make(*s)) continue;
      } else {
        values.pass(*s);
      }
      report_.left(*s);
      walk(s->head), walk(s->body), walk(s->orelse);
      out.push_back(s);
    }
    block = std::move(out);
  }

  // Makes one region of the loop at `at` and those of its neighbours that may share it: the place of the last one; `at`
  // where there is none.
  size_t merged(const Block& block, size_t at, BlockValues values) {
    LoopGroup group = group_of(block[at]);
    std::vector<Region> regions{analyse_region(b_.function, *block[at], live_[block[at]])};
    if (!may_share(*block[at], regions[0])) return at;
    size_t last = at, between = 0;
    values.pass(*block[at]);
    for (size_t k = at + 1; k < block.size(); values.pass(*block[k++])) {
      Stmt* s = block[k];
      if (s->kind != StmtKind::For) {
        if (!takes_ahead(group, s, values)) break;
        continue;
      }
      if (!s->parallel || s->exprs.size() != 5 || !apart_by_variables(b_.function, values, group, *s).empty()) break;
      Region region = analyse_region(b_.function, *s, live_[s]);
      if (!may_share(*s, region)) break;
      passes::join(group, s);
      regions.push_back(std::move(region));
      last = k, between = group.between.size();
    }
    group.between.resize(between);
    if (last != at) make(group, regions);
    return last;
  }
  bool may_share(const Stmt& loop, const Region& region) const {
    return !b_.function.offload && loop.orelse.empty() && region.obstacle.empty() && region.array_folds.empty();
  }

  // All of them in one region, where the elements that they use allow it.
  void make(const LoopGroup& group, std::vector<Region>& regions) {
    for (Stmt* s : group.between) b_.block->push_back(s);
    Stmt& first = *group.loops[0];
    b_.span = first.span;
    ExprRef apart = nullptr, condition = nullptr;
    const auto both = [&](ExprRef& all, ExprRef e) {
      if (!b_.is_const(e)) all = all ? b_.binary(Op::AndThen, all, e) : e;
    };
    for (const Stmt* s : group.loops) {
      if (s->exprs.size() > 3) both(condition, s->exprs[3]);
      if (s != &first) both(apart, s->exprs[4]);
    }
    const std::vector<ExprRef> head{this->head(first.exprs[0]), this->head(first.exprs[1]), this->head(first.exprs[2])};
    ExprRef trips = trip_count(head[0], head[1], head[2]);
    Region all;
    std::optional<Cost> cost;
    for (size_t k = 0; k < regions.size(); ++k) {
      Stmt& loop = *group.loops[k];
      const Cost own = estimate(b_, module_, loop, trips);
      if (k > 0) report_.merged(loop, first, regions[k]);
      cost = cost ? Cost{b_.binary(Op::Add, cost->nanoseconds, own.nanoseconds), cost->uniform && own.uniform} : own;
      all.captured.insert(regions[k].captured.begin(), regions[k].captured.end());
      all.folds.insert(all.folds.end(), regions[k].folds.begin(), regions[k].folds.end());
      for (VarId v : regions[k].last) {
        if (std::find(all.last.begin(), all.last.end(), v) == all.last.end()) all.last.push_back(v);
      }
    }
    report_.region(first, regions[0], cost->nanoseconds, trips);
    if (condition) cost->nanoseconds = b_.select(condition, cost->nanoseconds, b_.const_float(0));
    const auto merge = [&] {
      Stmt shared = first;
      shared.exprs = head;
      std::vector<const Stmt*> loops(group.loops.begin(), group.loops.end());
      loops[0] = &shared;
      make(loops, all, trips, *cost);
    };
    if (!apart) return merge();
    Stmt* choice = b_.stmt(StmtKind::If);
    choice->expr = apart;
    b_.with_block(choice->body, merge);
    b_.with_block(choice->orelse, [&] {
      report_.quiet(true);
      for (Stmt* s : group.loops) {
        if (!make(*s)) b_.block->push_back(s);
      }
      report_.quiet(false);
    });
  }
  // One region that is nothing but itself.
  void make(const std::vector<const Stmt*>& loops, Region& region, ExprRef trips, const Cost& cost) {
    const Definitions definitions = passed_all();
    std::vector<const Stmt*> views;
    for (VarId v : VarSet(region.captured)) take_along(v, definitions, region.captured, views);
    RegionBody body(b_.types, b_.function, loops, region, views,
                    b_.function.symbol + ".region." + std::to_string(++made_));
    std::unique_ptr<kir::Function> f = body.run();
    f->from = index_;
    set_apart(*f, body.arrays(), definitions);
    start(body, std::move(f), region, trips, cost);
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
    if (!b_.function.offload && collapse(b_, passed_all(), loop)) {
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
    if (b_.function.offload && region.obstacle.empty()) fold_by_atomics(loop, region);
    const bool keeps_last = b_.function.offload && can_keep_last(b_.function, loop, region);
    if (b_.function.offload && !loop.brief) refuse(loop, region, keeps_last);
    if (!region.obstacle.empty()) return false;
    if (b_.function.offload && (!region.array_folds.empty() || (!region.last.empty() && !keeps_last))) return false;
    b_.span = loop.span;
    ExprRef lo = head(loop.exprs[0]), hi = head(loop.exprs[1]), step = head(loop.exprs[2]);
    ExprRef condition = loop.exprs.size() > 3 && !b_.is_const(loop.exprs[3]) ? loop.exprs[3] : nullptr;
    loop.exprs = {lo, hi, step};
    ExprRef trips = trip_count(lo, hi, step);
    const std::vector<LastValue> lasts = keeps_last ? keep_last(b_, loop, region, trips) : std::vector<LastValue>{};
    Cost cost = estimate(b_, module_, loop, trips);
    report_.region(loop, region, cost.nanoseconds, trips);
    if (condition) cost.nanoseconds = b_.select(condition, cost.nanoseconds, b_.const_float(0));
    const Definitions definitions = passed_all();
    std::vector<const Stmt*> views;
    for (VarId v : VarSet(region.captured)) take_along(v, definitions, region.captured, views);
    RegionBody body(b_.types, b_.function, {&loop}, region, views,
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
    take_last(b_, lasts, trips);
    for (Stmt* each : otherwise) b_.block->push_back(each);
    return true;
  }

  // The threads of a GPU have no copies of arrays that they fold into: they update them by atomic operations.
  void fold_by_atomics(const Stmt& loop, Region& region) {
    VarSet arrays;
    for (const kir::ArrayFold& fold : region.array_folds) arrays.insert(fold.array);
    if (arrays.empty() || !has_atomic_updates(b_.function, loop.body, arrays)) return;
    region.captured.insert(arrays.begin(), arrays.end());
    region.array_folds.clear();
  }

  // What the threads of a GPU cannot do, which threads here can.
  void refuse(const Stmt& loop, const Region& region, bool keeps_last) {
    std::string what, advice;
    source::Span where = loop.span;
    if (!region.obstacle.empty()) {
      what = fmt::format("a parallel loop on a GPU that has to run in order ({})", region.obstacle);
      advice = region.advice, where = region.where;
    } else if (!region.array_folds.empty()) {
      what = fmt::format("a reduction into the array '{}' in a parallel loop on a GPU",
                         b_.function.vars[region.array_folds[0].array].name);
      advice =
          "integers of 32 and 64 bits can be added up there, compared and joined bit by bit; floats with "
          "fastmath=True, "
          "since the threads come in any order";
    } else if (!region.last.empty() && !keeps_last) {
      what = fmt::format("the value of '{}' after a parallel loop on a GPU", b_.function.vars[region.last[0]].name);
      advice = "let the iterations store to an array what is wanted of them";
    }
    if (what.empty()) return;
    source::Diagnostics out;
    out.report(source::Diag::not_supported, {b_.function.file.get(), where}, what).hint = advice;
    module_.findings.push_back(out.take().front());
  }

  // (a, b) -> the two joined: for results of threads of a GPU.
  uint32_t add_join(const kir::Function& body, const Region& region) {
    auto f = part_of(b_.function, body.symbol + ".join");
    f->device = true, f->offload = false, f->result = body.result;
    Builder b(b_.types, *f);
    b.block = &f->body;
    b.span = body.span;
    ExprRef given[2];
    for (ExprRef& e : given) {
      const VarId v = f->add_var("%given", body.result, body.span);
      f->params.push_back(v), f->vars[v].is_param = true;
      e = b.var(v);
    }
    const size_t count = region.folds.size();
    std::vector<ExprRef> joined;
    for (size_t k = 0; k < count; ++k) {
      const auto part = [&](ExprRef e) { return count == 1 ? e : b.get(e, static_cast<uint32_t>(k)); };
      joined.push_back(join(b, region.folds[k], part(given[0]), part(given[1])));
    }
    kir::Stmt* s = b.stmt(StmtKind::Return);
    s->expr = count == 1 ? joined[0] : b.tuple(std::move(joined));
    module_.functions.push_back(std::move(f));
    return static_cast<uint32_t>(module_.functions.size() - 1);
  }
  static ExprRef join(Builder& b, const Fold& fold, ExprRef so_far, ExprRef value) {
    const bool order = fold.join == Op::Lt || fold.join == Op::Le || fold.join == Op::Gt || fold.join == Op::Ge;
    return order ? b.select(b.compare(fold.join, value, so_far), value, so_far) : b.binary(fold.join, so_far, value);
  }

  void start(RegionBody& body, std::unique_ptr<kir::Function> f, const Region& region, ExprRef trips,
             const Cost& cost) {
    Stmt* s = b_.stmt(StmtKind::Parallel);
    if (b_.function.offload && !region.folds.empty()) f->join = add_join(*f, region);
    s->callee = static_cast<uint32_t>(module_.functions.size());
    s->uniform = cost.uniform;
    s->divisible = f->result->is_none() && region.array_folds.empty() && !may_draw(module_, *f);
    s->most = b_.function.offload ? kMostBlocks : region.array_folds.empty() ? kMostChunks : kMostCopies;
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
      b_.assign(fold.var, join(b_, fold, b_.var(fold.var), part(k++)));
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
