#include "passes/races.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "kirgen/builder.h"
#include "passes/assumptions.h"
#include "passes/meeting.h"
#include "passes/region.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using source::Diag;

namespace {

constexpr size_t kMostFindings = 8;  // of one loop

class Races {
 public:
  Races(sema::TypeContext& types, kir::Module& module, kir::Function& f, std::vector<Remark>* remarks)
      : types_(types), module_(module), f_(f), remarks_(remarks), live_(live_after_loops(f)) {}

  void run() {
    for_each_parallel_loop(module_, f_, [this](const Stmt& loop, const LoopAccesses& accesses) {
      const size_t before = found_;
      std::set<std::pair<uint32_t, uint32_t>> told;
      races(loop, accesses, told);
      order(loop, told);
      if (found_ == before) return true;
      in_order_.insert(&loop);
      return false;
    });
    keep(f_.body);
  }

 private:
  void keep(Block& block) {
    Block out;
    for (Stmt* s : block) {
      keep(s->head), keep(s->body), keep(s->orelse);
      if (in_order_.contains(s)) s->parallel = false;
      if (const auto at = conditions_.find(s); at != conditions_.end() && s->parallel) s->exprs.push_back(at->second);
      if (pivots_.contains(s) && s->parallel)
        in_parts(s, out);
      else
        out.push_back(s);
    }
    block = std::move(out);
  }

  source::Diagnostic& say(Diag kind, const Stmt& loop, source::Span where, std::string text, std::string hint,
                          bool in_order = true) {
    if (in_order) ++found_;
    source::Diagnostics out;
    out.add(kind, {f_.file.get(), where}, std::move(text)).hint = std::move(hint);
    const bool error = f_.races == kir::RaceMode::Error;
    if (!error) {
      out.note({f_.file.get(), header(loop)},
               in_order     ? "this loop runs in order, on one thread"
               : f_.offload ? "this loop is right here all the same: threads update the elements by atomic operations"
                            : "this loop is right here all the same: threads update copies, which are joined in order");
    }
    if (in_order && remarks_ && f_.file) {
      const uint32_t line = out.all().front().line;
      const bool here = f_.file->line_column(loop.span.begin).line == line;
      remarks_->push_back({Remark::Serial, f_.file, header(loop),
                           fmt::format("in order, on one thread: {}{}; {}", out.all().front().message,
                                       here ? "" : fmt::format(" (line {})", line), out.all().front().hint)});
    }
    module_.findings.push_back(out.take().front());
    if (error) module_.findings.back().severity = source::Severity::Error;
    return module_.findings.back();
  }
  void note(source::Diagnostic& to, source::Span where, std::string text) {
    source::Diagnostics out;
    out.add(to.kind, {f_.file.get(), where}, to.message);
    out.note({f_.file.get(), where}, std::move(text));
    to.notes.insert(to.notes.begin(), out.take().front().notes.front());
  }
  // The first line of a loop.
  source::Span header(const Stmt& loop) const {
    if (!f_.file) return loop.span;
    const std::string_view text = f_.file->text(loop.span);
    const size_t end = std::min(text.find('\n'), text.size());
    return {loop.span.begin, loop.span.begin + static_cast<uint32_t>(end)};
  }
  std::string over(const Stmt& loop) const {
    const std::string& name = f_.vars[loop.var].name;
    return name.starts_with('%') ? "this loop" : fmt::format("the loop over '{}'", name);
  }

  // --- variables

  void order(const Stmt& loop, const std::set<std::pair<uint32_t, uint32_t>>& told) {
    const auto live = live_.find(&loop);
    const Region region = analyse_region(f_, loop, live == live_.end() ? VarSet{} : live->second);
    if (region.obstacle.empty() || told.contains({region.where.begin, region.where.end})) return;
    say(Diag::loop_order, loop, region.where,
        fmt::format("the iterations of {} depend on each other: {}", over(loop), region.obstacle), region.advice);
  }

  // --- elements

  struct Text {
    std::string message, hint;
  };
  static std::string named(const Root& root) {
    return root.name.empty() || root.name.starts_with('%') ? "an array" : fmt::format("'{}'", root.name);
  }

  void races(const Stmt& loop, const LoopAccesses& accesses, std::set<std::pair<uint32_t, uint32_t>>& told) {
    const size_t before = found_;
    for (const uint32_t root : accesses.folded) folded(loop, accesses, root);
    shared_.clear(), pivot_.reset(), factors_.clear();
    for (size_t s = 0; s < accesses.all.size() && found_ < before + kMostFindings; ++s) {
      const Access& store = accesses.all[s];
      if (!store.store || told.contains({store.where.begin, store.where.end})) continue;
      if (accesses.folded.contains(store.place.root)) {
        for (const Access& other : accesses.all) {
          if (sharing(accesses, store.place.root, other.place.root) == Sharing::AsCalled)
            shared_.insert(std::minmax(store.place.root, other.place.root));
        }
        continue;
      }
      if (one(loop, accesses, s)) told.insert({store.where.begin, store.where.end});
    }
    if (found_ != before) return;
    check_at_start(loop, accesses);
    if (pivot_) pivots_.emplace(&loop, *pivot_);
  }
  // An array that iterations only fold values into, as far as its own name goes: see passes/array_folds.h.
  void folded(const Stmt& loop, const LoopAccesses& accesses, uint32_t root) {
    const std::string array = named((*accesses.roots)[root]);
    const Access* shared = nullptr;
    bool everywhere = false;
    for (const Access& a : accesses.all) {
      if (a.place.root != root) continue;
      const bool updated = std::any_of(accesses.all.begin(), accesses.all.end(), [&](const Access& store) {
        return store.store && (same_place(store.place, a.place) || (store.place.root == root && !a.place.known));
      });
      if (!updated) {
        say(Diag::race, loop, a.where,
            fmt::format("an iteration of {} reads elements of {} that others may store to", over(loop), array),
            "store to another array than is read, or read from a copy made before the loop");
        return;
      }
      if (shared || !a.store || a.whole) continue;
      const Meeting self = meet(accesses, a, a);
      if (self.kind != Meeting::Proven && self.kind != Meeting::Probable) continue;
      shared = &a, everywhere = self.everywhere;
    }
    if (!shared) return;
    say(Diag::race, loop, shared->where,
        everywhere ? fmt::format("all iterations of {} update the same place in {}", over(loop), array)
                   : fmt::format("two iterations of {} may update the same element of {}", over(loop), array),
        everywhere ? "fold values into a variable (s += x), or into the whole array (a += row)"
                   : "give each of a few blocks of iterations an array of its own, and add those up after the loop",
        false);
  }

  // The loop runs on threads when arrays that may be one are none, and what the proofs assume holds.
  void check_at_start(const Stmt& loop, const LoopAccesses& accesses) {
    kirgen::Builder b(types_, f_);
    b.span = loop.span;
    const auto array = [&](uint32_t root) {
      const ArrayName& name = accesses.names.at(root);
      ExprRef e = b.var(name.var);
      for (uint32_t k : name.path) e = b.get(e, k);
      return e;
    };
    ExprRef all = assumptions(b, loop, accesses, factors_);
    for (const auto& [x, y] : shared_) {
      ExprRef apart = b.unary(Op::Not, b.node(Op::Overlaps, types_.boolean(), {array(x), array(y)}));
      all = all ? b.binary(Op::AndThen, all, apart) : apart;
    }
    if (all) conditions_[&loop] = all;
  }

  // Of two arrays: nothing is known of their elements.
  bool across(const Stmt& loop, const LoopAccesses& accesses, const Access& store, const Access& other) {
    switch (sharing(accesses, store.place.root, other.place.root)) {
      case Sharing::Never:
        return false;
      case Sharing::AsCalled:
        shared_.insert(std::minmax(store.place.root, other.place.root));
        return false;
      case Sharing::Unknown:
        break;
    }
    if (other.store && is_data(accesses, store) && is_data(accesses, other)) return false;
    pair(loop, store, other, {Meeting::Unknown}, named((*accesses.roots)[store.place.root]));
    return true;
  }
  // Only the data can tell which element it is.
  static bool is_data(const LoopAccesses& accesses, const Access& a) {
    return std::any_of(a.place.axes.begin(), a.place.axes.end(), [&](const AxisPlace& axis) {
      return std::any_of(axis.first.terms.begin(), axis.first.terms.end(), [&](const auto& term) {
        return std::any_of(term.first.begin(), term.first.end(),
                           [&](AtomId atom) { return (*accesses.atoms)[atom].data; });
      });
    });
  }
  // A place that stays, read by all iterations, and stored to by the one whose number it is: that number. The
  // iterations before that one, that one, and those after it share nothing among themselves.
  bool is_pivot(const LoopAccesses& accesses, const Access& store, const Access& load) {
    if (accesses.step != 1) return false;
    const Poly i = sum(accesses.lo, Poly::of(accesses.iteration));
    for (size_t k = 0; k < store.place.axes.size() && k < load.place.axes.size(); ++k) {
      const AxisPlace &x = store.place.axes[k], &y = load.place.axes[k];
      if (!x.point || !y.point || !(x.first == i)) continue;
      const auto stays = affine(*accesses.atoms, y.first);
      if (!stays || !stays->slope.terms.empty()) continue;
      const auto at = std::find_if(accesses.scalars.begin(), accesses.scalars.end(),
                                   [&](const auto& scalar) { return scalar.first == y.first; });
      const bool named = y.first.number().has_value() || at != accesses.scalars.end();
      if (!named || (pivot_ && !(pivot_->first == y.first))) continue;
      if (!pivot_)
        pivot_.emplace(y.first, named && at != accesses.scalars.end() ? std::optional(at->second) : std::nullopt);
      return true;
    }
    return false;
  }
  // for part in 0, 1, 2: the loop over that part of its iterations
  void in_parts(Stmt* loop, Block& out) {
    kirgen::Builder b(types_, f_);
    b.block = &out, b.span = loop->span;
    const auto& [place, variable] = pivots_.at(loop);
    ExprRef lo = b.var(b.spill(loop->exprs[0]));
    ExprRef hi = b.var(b.spill(b.binary(Op::Max, loop->exprs[1], lo)));
    ExprRef pivot = b.var(b.spill(variable ? b.var(*variable) : b.const_int(*place.number())));
    const auto within = [&](ExprRef e) { return b.var(b.spill(b.binary(Op::Max, b.binary(Op::Min, e, hi), lo))); };
    ExprRef first = within(pivot), second = within(b.binary(Op::Add, pivot, b.const_int(1)));
    Stmt* parts = b.for_range(b.const_int(0), b.const_int(3), b.const_int(1), [&](VarId part) {
      const auto is = [&](int64_t n) { return b.compare(Op::Eq, b.var(part), b.const_int(n)); };
      ExprRef from = b.var(b.spill(b.select(is(0), lo, b.select(is(1), first, second))));
      ExprRef to = b.var(b.spill(b.select(is(0), first, b.select(is(1), second, hi))));
      loop->exprs[0] = from, loop->exprs[1] = to;
      b.block->push_back(loop);
    });
    parts->few = true;
  }

  Meeting met(const LoopAccesses& accesses, const Access& first, const Access& second) {
    Meeting out = meet(accesses, first, second);
    factors_.insert(out.factors.begin(), out.factors.end());
    return out;
  }

  bool one(const Stmt& loop, const LoopAccesses& accesses, size_t s) {
    const Access& store = accesses.all[s];
    const std::string array = named((*accesses.roots)[store.place.root]);
    if (const Meeting self = met(accesses, store, store); self.kind == Meeting::Proven && store.value.empty()) {
      if (self.everywhere) {
        say(Diag::race, loop, store.where,
            fmt::format("all iterations of {} store to the same place in {}", over(loop), array),
            "let the index depend on the loop's variable, or fold values into a variable (s += x) and store that "
            "after the loop");
      } else {
        say(Diag::race, loop, store.where,
            fmt::format("iterations of {} store to the same elements of {}", over(loop), array),
            "let what two iterations store to have no element in common");
      }
      return true;
    } else if ((self.kind == Meeting::Unknown || self.kind == Meeting::Probable) && store.value.empty() &&
               !is_data(accesses, store)) {
      say(Diag::race, loop, store.where,
          fmt::format("iterations of {} may store to the same elements of {}", over(loop), array),
          "let the index move with the loop's variable in equal steps, so that each iteration has elements of its own");
      return true;
    }
    for (size_t k = 0; k < accesses.all.size(); ++k) {
      const Access& other = accesses.all[k];
      if (k == s || (other.store && k < s)) continue;
      if (other.store && !store.value.empty() && other.value == store.value) continue;
      if (other.place.root != store.place.root) {
        if (across(loop, accesses, store, other)) return true;
        continue;
      }
      const Meeting meeting = met(accesses, store, other);
      if (meeting.kind == Meeting::Never) continue;
      if (meeting.kind == Meeting::Unknown || other.store) {
        if (other.store && meeting.kind != Meeting::Proven && (is_data(accesses, store) || is_data(accesses, other)))
          continue;
        if (!other.store && loop.orelse.empty() && is_pivot(accesses, store, other)) continue;
      }
      pair(loop, store, other, meeting, array);
      return true;
    }
    return false;
  }

  void pair(const Stmt& loop, const Access& store, const Access& other, const Meeting& meeting,
            const std::string& array) {
    if (meeting.kind == Meeting::Probable) {
      say(Diag::race, loop, store.where,
          fmt::format("two iterations of {} may update the same element of {}: its index comes from memory or from "
                      "rounding",
                      over(loop), array),
          "give each of a few blocks of iterations an array of its own, and add those up after the loop");
      return;
    }
    const char* may = meeting.kind == Meeting::Unknown ? "may " : "";
    source::Diagnostic& made =
        other.store ? say(Diag::race, loop, other.where,
                          fmt::format("iterations of {} {}store to elements of {} that others store to", over(loop),
                                      may, array),
                          "let each element be stored by one iteration")
                    : say(Diag::race, loop, other.where,
                          fmt::format("an iteration of {} {} elements of {} that others store to{}", over(loop),
                                      *may ? "may read" : "reads", array, distance(meeting)),
                          "store to another array than is read, or read from a copy made before the loop");
    if (!(other.where == store.where)) note(made, store.where, "stored here");
  }
  static std::string distance(const Meeting& meeting) {
    if (!meeting.distance) return "";
    const int64_t by = std::abs(*meeting.distance);
    return fmt::format(" ({} iteration{} {})", by, by == 1 ? "" : "s", *meeting.distance > 0 ? "before" : "after");
  }

  sema::TypeContext& types_;
  kir::Module& module_;
  kir::Function& f_;
  std::vector<Remark>* remarks_;  // null: nobody asks
  std::map<const Stmt*, VarSet> live_;
  std::set<const Stmt*> in_order_;
  std::map<const Stmt*, ExprRef> conditions_;
  std::set<std::pair<uint32_t, uint32_t>> shared_;              // roots of the loop that is looked at
  std::optional<std::pair<Poly, std::optional<VarId>>> pivot_;  // of that loop
  std::map<const Stmt*, std::pair<Poly, std::optional<VarId>>> pivots_;
  Factors factors_;  // of that loop
  size_t found_ = 0;
};

bool has_parallel_loop(const Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Stmt* s) {
    return (s->kind == StmtKind::For && s->parallel) || has_parallel_loop(s->body) || has_parallel_loop(s->orelse) ||
           has_parallel_loop(s->head);
  });
}

}  // namespace

static void run(sema::TypeContext& types, kir::Module& module, std::vector<Remark>* remarks) {
  for (auto& f : module.functions) {
    if (f->races != kir::RaceMode::Ignore && has_parallel_loop(f->body)) Races(types, module, *f, remarks).run();
  }
}

void races(sema::TypeContext& types, kir::Module& module) { run(types, module, nullptr); }
void races(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks) {
  run(types, module, &remarks);
}

}  // namespace kjit::passes
