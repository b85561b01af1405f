#include "passes/parallel_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

const char* sign(Op join) {
  switch (join) {
    case Op::Mul:
      return "*";
    case Op::BitAnd:
      return "&";
    case Op::BitOr:
      return "|";
    case Op::BitXor:
      return "^";
    case Op::Min:
    case Op::Minimum:
    case Op::Lt:
    case Op::Le:
      return "min";
    case Op::Max:
    case Op::Maximum:
    case Op::Gt:
    case Op::Ge:
      return "max";
    default:
      return "+";
  }
}

// The number that multiplies the trip count, where the estimate is no more than that.
std::optional<double> each(ExprRef nanoseconds, ExprRef trips) {
  if (nanoseconds->op == Op::Add) {  // of loops that share the region
    const auto a = each(nanoseconds->args[0], trips), c = each(nanoseconds->args[1], trips);
    return a && c ? std::optional(*a + *c) : std::nullopt;
  }
  if (nanoseconds->op != Op::Mul) return {};
  const bool first = nanoseconds->args[0]->op == Op::Const;
  ExprRef number = nanoseconds->args[first ? 0 : 1], count = nanoseconds->args[first ? 1 : 0];
  if (number->op != Op::Const || count->op != Op::Cast) return {};
  ExprRef of = count->args[0];
  if (of != trips && !(of->op == Op::Var && trips->op == Op::Var && of->var == trips->var)) return {};
  return number->constant.f[0];
}

// How many iterations a loop has, where its head is of numbers.
std::optional<int64_t> count(const Stmt& loop) {
  for (ExprRef e : loop.exprs) {
    if (e->op != Op::Const) return {};
  }
  const int64_t lo = loop.exprs[0]->constant.i, hi = loop.exprs[1]->constant.i, step = loop.exprs[2]->constant.i;
  if (step == 0) return {};
  return std::max<int64_t>(0, (hi - lo + step - (step > 0 ? 1 : -1)) / step);
}

std::string when(const Stmt& loop, ExprRef nanoseconds, ExprRef trips) {
  const std::optional<double> ns = each(nanoseconds, trips);
  if (nanoseconds->op == Op::Const || (ns && count(loop))) {
    const double all =
        nanoseconds->op == Op::Const ? nanoseconds->constant.f[0] : *ns * static_cast<double>(*count(loop));
    return all >= kir::kWorthThreads
               ? fmt::format("runs on threads: some {:.0f} us of work", all / 1000)
               : fmt::format("runs on the calling thread: some {:.2g} us of work, and threads pay from {:.0f} us on",
                             all / 1000, kir::kWorthThreads / 1000);
  }
  if (ns && *ns > 0) {
    return fmt::format("runs on threads from some {:.0f} iterations on, at {:.2g} ns each",
                       std::ceil(kir::kWorthThreads / *ns), *ns);
  }
  return fmt::format("runs on threads when its work, estimated from the lengths of its loops, is above {:.0f} us",
                     kir::kWorthThreads / 1000);
}

}  // namespace

std::string ParallelReport::named(VarId v) const {
  const std::string& text = f_.vars[v].name;
  return text.starts_with('%') ? "its result" : fmt::format("'{}'", text);
}
std::string ParallelReport::name(const Stmt& loop) const {
  if (loop.brief) return "this statement on arrays";
  return f_.vars[loop.var].name.starts_with('%') ? "this loop" : fmt::format("the loop over {}", named(loop.var));
}

void ParallelReport::say(Remark::Kind kind, const Stmt& s, std::string text) {
  remarks_->push_back({kind, f_.file, s.span, std::move(text)});
}

void ParallelReport::analysed(const Stmt& loop, const Region& region) {
  if (!remarks_ || quiet_ || region.obstacle.empty()) return;
  const uint32_t line = f_.file->line_column(region.where.begin).line;
  const bool here = f_.file->line_column(loop.span.begin).line == line;
  say(Remark::Serial, loop,
      fmt::format("{} runs in order, on one thread: {}{}; {}", name(loop), region.obstacle,
                  here ? "" : fmt::format(" (line {})", line), region.advice));
}

void ParallelReport::region(const Stmt& loop, const Region& region, ExprRef nanoseconds, ExprRef trips) {
  if (!remarks_ || quiet_) return;
  if (!loop.brief) inside(loop.body);
  const bool told = std::any_of(remarks_->begin(), remarks_->end(), [&](const Remark& r) {
    return loop.brief && r.kind == Remark::Threads && r.span == loop.span && r.file == f_.file;
  });
  if (told) return;  // another form of the statement
  say(Remark::Threads, loop, fmt::format("{} {}", name(loop), when(loop, nanoseconds, trips)) + variables(region));
}

void ParallelReport::merged(const Stmt& loop, const Stmt& first, const Region& region) {
  if (!remarks_ || quiet_) return;
  inside(loop.body);
  say(Remark::Merged, loop,
      fmt::format("{} is merged with the region of line {}", name(loop), f_.file->line_column(first.span.begin).line) +
          variables(region));
}

std::string ParallelReport::variables(const Region& region) const {
  std::string text;
  for (const Fold& fold : region.folds) text += fmt::format("; {} is folded by {}", named(fold.var), sign(fold.join));
  for (const kir::ArrayFold& fold : region.array_folds)
    text += fmt::format("; {} is folded by {} through copies", named(fold.array), sign(fold.join));
  for (VarId v : region.last) {
    if (!f_.vars[v].name.starts_with('%')) text += fmt::format("; {} keeps its last value", named(v));
  }
  return text;
}

void ParallelReport::collapsed(const Stmt& loop, const Stmt& inner) {
  if (!remarks_ || quiet_ || loop.brief) return;
  say(Remark::Inside, inner,
      fmt::format("{} is what threads take parts of, where the one around it has few iterations", name(inner)));
}

void ParallelReport::inside(const Block& body) {
  for (const Stmt* s : body) {
    if (s->kind == StmtKind::For && s->parallel)
      say(Remark::Inside, *s, fmt::format("{} runs in the thread of the region around it", name(*s)));
    if (s->kind == StmtKind::For && s->brief) continue;  // its inner loops are the same statement
    inside(s->head), inside(s->body), inside(s->orelse);
  }
}

void ParallelReport::left(const Stmt& s) {
  if (!remarks_ || s.kind != StmtKind::For || !s.brief || s.parallel) return;
  serial_.push_back({Remark::Serial, f_.file, s.span,
                     "this statement on arrays runs on one thread: its outermost loop folds values, or its arrays may "
                     "overlap"});
}

void ParallelReport::finish() {
  if (!remarks_) return;
  for (Remark& r : serial_) {
    const auto same = [&](const Remark& other) { return other.file == r.file && other.span == r.span; };
    if (std::none_of(remarks_->begin(), remarks_->end(), same)) remarks_->push_back(std::move(r));
  }
}

}  // namespace kjit::passes
