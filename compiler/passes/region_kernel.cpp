#include "passes/region_kernel.h"

#include <fmt/format.h>
#include <kjit_rt/offload.h>

#include "passes/device_folds.h"
#include "passes/liveness.h"
#include "passes/outline.h"

namespace kjit::passes {

using kir::Block;
using kir::DeviceIndex;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using kirgen::Builder;

namespace {

class Kernel {
 public:
  Kernel(sema::TypeContext& types, const kir::Function& region, const RegionShape& shape, uint32_t number, bool fast)
      : region_(region),
        shape_(shape),
        fast_(fast),
        made_(part_of(region, region.symbol + (fast ? ".fast" : ".kernel"))),
        b_(types, *made_),
        mover_(region, *made_) {
    made_->name = fmt::format("{}_{}", region.name, number);
  }

  std::unique_ptr<kir::Function> run() {
    made_->device = made_->exported = made_->offload = true;
    made_->poll_interrupt = false;
    made_->span = region_.span;
    made_->result = region_.result;
    made_->join = region_.join;
    if (fast_)
      made_->assume_no_alias = true, made_->alignment = 16, made_->beside = shape_.inner ? shape_.tall : shape_.beside;
    b_.span = region_.span;
    b_.block = &made_->body;
    const VarId lo = mover_.moved(region_.params[0]);
    for (size_t k = 1; k < region_.params.size(); ++k) {
      if (k == 2) continue;
      const VarId p = mover_.moved(region_.params[k]);
      made_->params.push_back(p);
      made_->vars[p].is_param = true;
    }
    Block copied = mover_.copy(region_.body);
    for (size_t k = 0; k < copied.size(); ++k) {
      if (region_.body[k] != shape_.loop) {
        made_->body.push_back(copied[k]);
      } else if (fast_) {
        !shape_.inner ? beside(*copied[k], lo) : shape_.across.empty() ? tall(*copied[k], lo) : tiles(*copied[k], lo);
      } else {
        spread(*copied[k], lo);
      }
    }
    VarSet updated;
    for (const kir::ArrayFold& fold : shape_.loop->folds) updated.insert(mover_.moved(fold.array));
    if (!updated.empty()) make_updates_atomic(*made_, made_->body, updated);
    return std::move(made_);
  }

 private:
  ExprRef index(DeviceIndex which) {
    kir::Expr* e = b_.node(Op::DeviceIndex, b_.types.scalar(sema::Scalar::I32), {});
    e->index = static_cast<uint32_t>(which);
    return b_.cast(e, b_.types.int64());
  }
  ExprRef held(ExprRef e) {
    const VarId v = b_.spill(e);
    made_->vars[v].nonnegative = true;
    return b_.var(v);
  }
  ExprRef along(DeviceIndex x, bool y) {
    return index(static_cast<DeviceIndex>(static_cast<uint32_t>(x) + (y ? 1 : 0)));
  }
  // The thread's place along axis x or y of the grid, and how many there are.
  ExprRef thread(bool y = false) {
    const ExprRef before = b_.binary(Op::Mul, along(DeviceIndex::block_x, y), along(DeviceIndex::block_dim_x, y));
    return held(b_.binary(Op::Add, before, along(DeviceIndex::thread_x, y)));
  }
  ExprRef threads(bool y = false) {
    return held(b_.binary(Op::Mul, along(DeviceIndex::grid_dim_x, y), along(DeviceIndex::block_dim_x, y)));
  }

  // for var in first, hi, step, whose number of iterations nobody needs: it would take a division.
  Stmt* strided(VarId var, ExprRef first, ExprRef hi, ExprRef step, Block body) {
    const VarId next = b_.spill(first);
    made_->vars[next].nonnegative = made_->vars[var].nonnegative;
    Stmt* s = b_.stmt(StmtKind::While);
    b_.with_block(s->head, [&] {
      b_.assign(var, b_.var(next));
      b_.assign(next, b_.binary(Op::Add, b_.var(next), step));
    });
    s->expr = b_.compare(Op::Lt, b_.var(var), hi);
    s->body = std::move(body);
    return s;
  }

  // The copy of the region's loop, whose bounds mention `lo`.
  void spread(Stmt& loop, VarId lo) {
    if (shape_.row) return shape_.down ? by_columns(loop, lo) : by_warps(loop, lo);
    if (!shape_.inner) {
      b_.assign(lo, thread());
      strided(loop.var, loop.exprs[0], loop.exprs[1], threads(), std::move(loop.body));
      return;
    }
    // the inner loop along x, the outer one along y
    b_.assign(lo, thread(true));
    const ExprRef column = thread(), columns = threads(), rows = threads(true);
    strided(loop.var, loop.exprs[0], loop.exprs[1], rows, row_of_columns(std::move(loop.body), column, columns));
  }
  // The body of the outer loop, whose last statement is the inner one: the thread's columns of it.
  Block row_of_columns(Block body, ExprRef column, ExprRef columns) {
    const Stmt inner = *body.back();
    body.pop_back();
    b_.with_block(body, [&] { strided(inner.var, first_column(inner, column), inner.exprs[1], columns, inner.body); });
    return body;
  }
  ExprRef first_column(const Stmt& inner, ExprRef column) {
    return b_.is_const_int(inner.exprs[0], 0) ? column : b_.binary(Op::Add, inner.exprs[0], column);
  }

  // Some rows of a column together, as far as there are so many; the others one by one.
  void tall(Stmt& loop, VarId lo) {
    const ExprRef column = thread(), columns = threads(), group = thread(true), groups = threads(true);
    b_.assign(lo, b_.const_int(0));
    const ExprRef first = b_.reuse(loop.exprs[0]), hi = b_.reuse(loop.exprs[1]);
    const ExprRef count = b_.binary(Op::Sub, hi, first);
    const ExprRef whole = b_.reuse(b_.binary(Op::Add, first, b_.binary(Op::BitAnd, count, b_.const_int(-shape_.tall))));
    const auto in_groups = [&](ExprRef n) { return b_.binary(Op::Mul, n, b_.const_int(shape_.tall)); };
    const VarId row = b_.temp(b_.types.int64(), "%row");
    made_->vars[row].nonnegative = made_->vars[loop.var].nonnegative;
    Block rows;
    b_.with_block(rows, [&] {
      b_.assign(loop.var, b_.var(row));
      Block heads = mover_.copy(shape_.loop->body);
      const Stmt inner = *heads.back();
      heads.pop_back();
      for (Stmt* s : heads) b_.block->push_back(s);
      Block body;
      b_.with_block(body, [&] {
        b_.for_range(b_.const_int(0), b_.const_int(shape_.tall), b_.const_int(1), [&](VarId k) {
          made_->vars[k].nonnegative = true;
          b_.assign(loop.var, b_.binary(Op::Add, b_.var(row), b_.var(k)));
          Block again = mover_.copy(shape_.loop->body);
          again.pop_back();
          for (Stmt* s : again) b_.block->push_back(s);
          for (Stmt* s : inner.body) b_.block->push_back(s);
        });
      });
      strided(inner.var, first_column(inner, column), inner.exprs[1], columns, std::move(body));
    });
    strided(row, b_.binary(Op::Add, first, in_groups(group)), whole, held(in_groups(groups)), std::move(rows));
    strided(loop.var, b_.binary(Op::Add, whole, group), hi, groups,
            row_of_columns(std::move(loop.body), column, columns));
  }

  // Patches of 32 rows and columns, one after the other: what lies along columns comes through shared memory, so that
  // threads beside each other touch elements beside each other on both sides. A line has one element more than it
  // needs, by which the 32 of a column lie in as many banks.
  void tiles(Stmt& loop, VarId lo) {
    b_.assign(lo, b_.const_int(0));
    const ExprRef first = b_.reuse(loop.exprs[0]), hi = b_.reuse(loop.exprs[1]);
    const ExprRef number =
        b_.binary(Op::Add, b_.binary(Op::Mul, index(DeviceIndex::thread_y), index(DeviceIndex::block_dim_x)),
                  index(DeviceIndex::thread_x));
    const ExprRef thread = held(number);
    const ExprRef x = held(b_.binary(Op::BitAnd, thread, b_.const_int(kWarp - 1)));
    const ExprRef y = held(b_.binary(Op::Shr, thread, b_.const_int(5)));
    std::vector<VarId> shared;
    for (const ExprRef e : shape_.across) {
      Stmt* s = b_.stmt(StmtKind::Alloc);
      s->var = b_.temp(b_.types.array(e->type->scalar, 2, sema::Layout::C), "%tile");
      s->exprs = {b_.const_int(kWarp), b_.const_int(kWarp + 1)}, s->memory = kir::Memory::Shared;
      shared.push_back(s->var);
    }
    b_.assign(loop.var, first);  // the columns' bounds mention nothing of the row
    for (Stmt* s : loop.body)
      if (s != loop.body.back()) b_.block->push_back(s);
    const Stmt inner = *loop.body.back();
    const ExprRef left = b_.reuse(inner.exprs[0]), right = b_.reuse(inner.exprs[1]);
    const auto patches = [&](DeviceIndex which) { return b_.binary(Op::Mul, index(which), b_.const_int(kWarp)); };
    const VarId top = patch_variable("%top", loop.var), side = patch_variable("%side", inner.var);
    Block rows, patch;
    b_.with_block(patch, [&] {
      wait_for_block();
      for (int64_t k = 0; k < kWarp; k += kWarps)
        fill_tiles(loop.var, inner.var, top, side, x, y, k, hi, right, shared);
      wait_for_block();
      for (int64_t k = 0; k < kWarp; k += kWarps) use_tiles(loop.var, inner.var, top, side, x, y, k, hi, right, shared);
    });
    b_.with_block(rows, [&] {
      strided(side, b_.binary(Op::Add, left, patches(DeviceIndex::block_x)), right,
              held(patches(DeviceIndex::grid_dim_x)), std::move(patch));
    });
    strided(top, b_.binary(Op::Add, first, patches(DeviceIndex::block_y)), hi, held(patches(DeviceIndex::grid_dim_y)),
            std::move(rows));
  }
  VarId patch_variable(const char* name, VarId like) {
    const VarId v = b_.temp(b_.types.int64(), name);
    made_->vars[v].nonnegative = made_->vars[like].nonnegative;
    return v;
  }
  void wait_for_block() { b_.stmt(StmtKind::Device)->device = kir::DeviceFn::syncthreads; }
  // Where row and column, which are assigned, lie in the arrays.
  Stmt* where_inside(VarId row, VarId column, ExprRef hi, ExprRef right) {
    Stmt* s = b_.stmt(StmtKind::If);
    s->expr = b_.binary(Op::AndThen, b_.compare(Op::Lt, b_.var(row), hi), b_.compare(Op::Lt, b_.var(column), right));
    return s;
  }
  void fill_tiles(VarId row, VarId column, VarId top, VarId side, ExprRef x, ExprRef y, int64_t k, ExprRef hi,
                  ExprRef right, const std::vector<VarId>& shared) {
    const ExprRef line = held(b_.binary(Op::Add, y, b_.const_int(k)));
    b_.assign(row, b_.binary(Op::Add, b_.var(top), x));
    b_.assign(column, b_.binary(Op::Add, b_.var(side), line));
    b_.with_block(where_inside(row, column, hi, right)->body, [&] {
      for (size_t n = 0; n < shared.size(); ++n) b_.store(b_.var(shared[n]), {line, x}, mover_.copy(shape_.across[n]));
    });
  }
  void use_tiles(VarId row, VarId column, VarId top, VarId side, ExprRef x, ExprRef y, int64_t k, ExprRef hi,
                 ExprRef right, const std::vector<VarId>& shared) {
    const ExprRef line = held(b_.binary(Op::Add, y, b_.const_int(k)));
    b_.assign(row, b_.binary(Op::Add, b_.var(top), line));
    b_.assign(column, b_.binary(Op::Add, b_.var(side), x));
    Block body = mover_.copy(shape_.loop->body);
    const Stmt inner = *body.back();
    body.pop_back();
    body.insert(body.end(), inner.body.begin(), inner.body.end());
    size_t next = 0;  // loads come in the order in which they were found
    const auto replace = [&](auto& self, const ExprRef* original, ExprRef e) -> void {
      if (!e) return;
      if (next < shape_.across.size() && shape_.across[next] == *original) {
        *const_cast<kir::Expr*>(e) = *b_.load(b_.var(shared[next++]), {x, line});
        return;
      }
      for (size_t a = 0; a < e->args.size(); ++a) self(self, &(*original)->args[a], e->args[a]);
    };
    const Block& from = shape_.inner->body;
    for (size_t n = 0; n < from.size(); ++n) {
      replace(replace, &from[n]->expr, inner.body[n]->expr);
      for (size_t at = 0; at < from[n]->exprs.size(); ++at)
        replace(replace, &from[n]->exprs[at], inner.body[n]->exprs[at]);
    }
    where_inside(row, column, hi, right)->body = std::move(body);
  }

  // A warp does an iteration: its threads take turns in the loop that folds.
  void by_warps(Stmt& loop, VarId lo) {
    made_->beside = -kWarp;
    const ExprRef first = thread(), all = threads();
    const ExprRef lane = held(b_.binary(Op::BitAnd, first, b_.const_int(kWarp - 1)));
    b_.assign(lo, b_.binary(Op::Shr, first, b_.const_int(5)));
    const ExprRef warps = held(b_.binary(Op::Shr, all, b_.const_int(5)));
    Block body, stores;
    b_.with_block(body, [&] {
      for (size_t k = 0; k < loop.body.size(); ++k) {
        if (shape_.loop->body[k] == shape_.row) {
          folded(*loop.body[k], lane, kWarp, [&](VarId total, Op op) { join_lanes(total, op); });
        } else if (loop.body[k]->kind == StmtKind::Store) {
          Stmt* one = b_.stmt(StmtKind::If);
          one->expr = b_.compare(Op::Eq, lane, b_.const_int(0));
          one->body.push_back(loop.body[k]);
        } else {
          b_.block->push_back(loop.body[k]);
        }
      }
    });
    strided(loop.var, loop.exprs[0], loop.exprs[1], warps, std::move(body));
  }
  void join_lanes(VarId total, Op op) {
    const sema::TypeRef type = made_->vars[total].type;
    for (int64_t step = kWarp / 2; step > 0; step /= 2) {
      Stmt* s = b_.stmt(StmtKind::Device);
      s->device = kir::DeviceFn::shfl_xor_sync;
      s->var = b_.temp(type, "%other");
      s->has_var = true;
      const ExprRef everyone = b_.constant(b_.types.scalar(sema::Scalar::U32), int64_t{0xffffffff});
      s->exprs = {everyone, b_.var(total), b_.constant(b_.types.scalar(sema::Scalar::I32), step)};
      b_.assign(total, b_.binary(op, b_.var(total), b_.var(s->var)));
    }
  }

  // A block does 32 iterations beside each other: its warps take turns in the loop that folds, the first one has the
  // result. Threads behind the last iteration do that one, and store nothing.
  void by_columns(Stmt& loop, VarId lo) {
    made_->beside = -kWarps;
    const sema::TypeRef type = made_->vars[shape_total()].type;
    Stmt* tile = b_.stmt(StmtKind::Alloc);
    tile->var = b_.temp(b_.types.array(type->scalar, 2, sema::Layout::C), "%tile");
    tile->exprs = {b_.const_int(kWarps), b_.const_int(kWarp)}, tile->memory = kir::Memory::Shared;
    const ExprRef shared = b_.var(tile->var);
    const ExprRef x = held(b_.binary(Op::BitAnd, index(DeviceIndex::thread_x), b_.const_int(kWarp - 1)));
    const ExprRef y = held(b_.binary(Op::Shr, index(DeviceIndex::thread_x), b_.const_int(5)));
    const auto columns = [&](DeviceIndex which) { return b_.binary(Op::Mul, index(which), b_.const_int(kWarp)); };
    b_.assign(lo, columns(DeviceIndex::block_x));
    const ExprRef hi = b_.reuse(loop.exprs[1]);
    const VarId side = patch_variable("%side", loop.var);
    Block body;
    b_.with_block(body, [&] {
      const ExprRef mine = held(b_.binary(Op::Add, b_.var(side), x));
      b_.assign(loop.var, b_.binary(Op::Min, mine, b_.binary(Op::Sub, hi, b_.const_int(1))));
      for (size_t k = 0; k < loop.body.size(); ++k) {
        if (shape_.loop->body[k] == shape_.row) {
          folded(*loop.body[k], y, kWarps, [&](VarId total, Op op) { join_warps(total, op, shared, x, y); });
        } else if (loop.body[k]->kind == StmtKind::Store) {
          Stmt* one = b_.stmt(StmtKind::If);
          one->expr = b_.binary(Op::AndThen, b_.compare(Op::Eq, y, b_.const_int(0)), b_.compare(Op::Lt, mine, hi));
          one->body.push_back(loop.body[k]);
        } else {
          b_.block->push_back(loop.body[k]);
        }
      }
    });
    strided(side, loop.exprs[0], hi, held(columns(DeviceIndex::grid_dim_x)), std::move(body));
  }
  VarId shape_total() { return mover_.moved(shape_.row->body.back()->var); }
  void join_warps(VarId total, Op op, ExprRef shared, ExprRef x, ExprRef y) {
    wait_for_block();
    b_.store(shared, {y, x}, b_.var(total));
    wait_for_block();
    for (int64_t k = 1; k < kWarps; ++k) {
      const ExprRef other = b_.load(shared, {b_.const_int(k), x});
      b_.assign(total, k == 1 ? b_.binary(op, b_.load(shared, {b_.const_int(0), x}), other)
                              : b_.binary(op, b_.var(total), other));
    }
  }

  // `width` threads take turns in a loop that folds, of which this is number `lane`; join(total, op) joins what they
  // have.
  template <typename Join>
  void folded(Stmt& row, ExprRef lane, int64_t width, Join join) {
    const Stmt& last = *row.body.back();
    const VarId total = last.var;
    const Op op = last.expr->op;
    const sema::TypeRef type = made_->vars[total].type;
    const bool has_identity = op == Op::Add || op == Op::Mul;
    const VarId before = b_.spill(b_.var(total));
    if (has_identity) {
      const int value = op == Op::Mul ? 1 : 0;
      b_.assign(total, sema::is_float(type->scalar) ? b_.constant(type, static_cast<double>(value))
                                                    : b_.constant(type, value));
    }
    // Several rounds at once, so that their loads are under way together; then the rest.
    const ExprRef lo = b_.reuse(row.exprs[0]), hi = b_.reuse(row.exprs[1]);
    const ExprRef length = b_.binary(Op::Max, b_.binary(Op::Sub, hi, lo), b_.const_int(0));
    const ExprRef whole =
        b_.reuse(b_.binary(Op::Add, lo, b_.binary(Op::BitAnd, length, b_.const_int(-width * kRounds))));
    const VarId at = b_.temp(b_.types.int64(), "%at");
    Block rounds;
    b_.with_block(rounds, [&] {
      b_.for_range(b_.const_int(0), b_.const_int(kRounds), b_.const_int(1), [&](VarId k) {
        made_->vars[k].nonnegative = true;
        b_.assign(row.var, b_.binary(Op::Add, b_.var(at), b_.binary(Op::Mul, b_.var(k), b_.const_int(width))));
        for (Stmt* s : mover_.copy(shape_.row->body)) b_.block->push_back(s);
      });
    });
    made_->vars[at].nonnegative = made_->vars[row.var].nonnegative;
    strided(at, b_.binary(Op::Add, lo, lane), whole, b_.const_int(width * kRounds), std::move(rounds));
    strided(row.var, b_.binary(Op::Add, whole, lane), hi, b_.const_int(width), std::move(row.body));
    join(total, op);
    if (has_identity) b_.assign(total, b_.binary(op, b_.var(before), b_.var(total)));
  }
  static constexpr int64_t kWarp = 32, kRounds = 4, kWarps = KJIT_OFFLOAD_THREADS / kWarp;

  // Thread k does iterations in a row from k * beside on, as far as there are whole rows; the others one by one.
  void beside(Stmt& loop, VarId lo) {
    const ExprRef trips = loop.exprs[1], first = thread(), step = threads(), width = b_.const_int(shape_.beside);
    const ExprRef whole = held(b_.binary(Op::BitAnd, trips, b_.const_int(-shape_.beside)));
    const ExprRef stride = held(b_.binary(Op::Mul, step, width));
    const VarId row = b_.temp(b_.types.int64(), "%row");
    made_->vars[row].nonnegative = true;
    Block rows;
    b_.with_block(rows, [&] {
      b_.for_range(b_.const_int(0), width, b_.const_int(1), [&](VarId k) {
        made_->vars[k].nonnegative = true;
        b_.assign(loop.var, b_.binary(Op::Add, b_.var(row), b_.var(k)));
        for (Stmt* s : mover_.copy(shape_.loop->body)) b_.block->push_back(s);
      });
    });
    strided(row, held(b_.binary(Op::Mul, first, width)), whole, stride, std::move(rows));
    b_.assign(lo, b_.binary(Op::Add, whole, first));
    strided(loop.var, b_.var(lo), trips, step, std::move(loop.body));
  }

  const kir::Function& region_;
  const RegionShape& shape_;
  bool fast_;
  std::unique_ptr<kir::Function> made_;
  Builder b_;
  Mover mover_;
};

}  // namespace

std::unique_ptr<kir::Function> region_kernel(sema::TypeContext& types, const kir::Function& region,
                                             const RegionShape& shape, uint32_t number, bool fast) {
  return Kernel(types, region, shape, number, fast).run();
}

}  // namespace kjit::passes
