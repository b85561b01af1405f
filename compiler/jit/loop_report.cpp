#include "jit/loop_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <tuple>

namespace kjit::jit {

namespace {

using kir::Stmt;
using kir::StmtKind;

bool has_loop(const kir::Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Stmt* s) {
    return s->kind == StmtKind::For || s->kind == StmtKind::While || has_loop(s->body) || has_loop(s->orelse);
  });
}

void widen(source::Span& out, source::Span with) {
  if (with == source::Span{}) return;
  out = {std::min(out.begin, with.begin), std::max(out.end, with.end)};
}
void widen(source::Span& out, kir::ExprRef e) {
  if (e == nullptr) return;
  widen(out, e->span);
  for (kir::ExprRef a : e->args) widen(out, a);
}
void widen(source::Span& out, const kir::Block& block) {
  for (const Stmt* s : block) {
    widen(out, s->span);
    widen(out, s->expr), widen(out, s->array);
    for (kir::ExprRef e : s->exprs) widen(out, e);
    widen(out, s->body), widen(out, s->orelse);
  }
}

struct Reason {
  const char* name;  // of LLVM's remark
  const char* text;
};
constexpr Reason kReasons[] = {
    {"CantReorderFPOps", "its sum or product must keep the order of the elements: allow another with fastmath=True"},
    {"MissedExplicitlyDisabled",
     "its sum or product must keep the order of the elements: allow another with fastmath=True"},
    {"CantReorderMemOps", "its stores must keep their order, since the places may meet"},
    {"UnsafeDep",
     "an iteration may read what an earlier one wrote: only a loop whose iterations do not depend on each other has "
     "lanes"},
    {"UnsafeDepFactors", "an iteration may read what one shortly before it wrote"},
    {"CantIdentifyArrayBounds",
     "arrays in it may overlap, and where they end is not known before it runs: indices that depend on data, or a "
     "stride that does; copy what is read to an array of its own"},
    {"CantVectorizeCall", "it calls a function that has no vector form"},
    {"CantVectorizeLibcall", "it calls a function that has no vector form"},
    {"CantVectorizeInstruction", "it has an operation that has no vector form"},
    {"NonReductionValueUsedOutsideLoop",
     "a variable goes from one iteration to the next, other than as a sum, product, minimum or maximum"},
    {"UnsupportedPhi",
     "a variable goes from one iteration to the next, other than as a sum, product, minimum or maximum"},
    {"UnsupportedUncountableLoop",
     "the number of its iterations is not known when it begins: break, return or a check"},
    {"CantComputeNumberOfIterations",
     "the number of its iterations is not known when it begins: break, return or a check"},
    {"MultipleExitBlocks", "it may be left in the middle, by break, return or an error: check before the loop"},
    {"NoCFGForSelect", "its conditions guard something that must not happen otherwise: a load, a store or a call"},
    {"CFGNotUnderstood", "it may be left in the middle, by break, return or an error: check before the loop"},
    {"VectorizationNotBeneficial", "lanes would not make it faster: elements that are not side by side in memory"},
    {"InterleavingNotBeneficial", ""},
    {"TooManyUnknowns", "too many of its arrays may overlap: fewer arrays in one loop"},
};

std::string reason_of(llvm::StringRef name, const std::string& message) {
  for (const Reason& r : kReasons) {
    if (name == r.name) return r.text;
  }
  llvm::StringRef words = message;
  words.consume_front("loop not vectorized: ");
  if (words.starts_with("Early exit loop")) {
    return "it may be left in the middle, by break, return or an error, and stores before: find the place first";
  }
  return words == "loop not vectorized" ? "" : words.str();
}

// "vectorized loop (vectorization width: 8, interleaved count: 4)"
std::string lanes_of(const std::string& message) {
  const auto number = [&](const char* before) {
    const size_t at = message.find(before);
    return at == std::string::npos
               ? 1L
               : std::strtol(message.c_str() + at + std::char_traits<char>::length(before), nullptr, 10);
  };
  const long width = number("width: "), count = number("count: ");
  return fmt::format("{} lanes{}", width, count > 1 ? fmt::format(", unrolled {} times", count) : "");
}

}  // namespace

LoopReport::LoopReport(const kir::Module& module) {
  for (const auto& f : module.functions) {
    if (!f->library && !f->lazy && f->file) scan(*f, f->body);
  }
}

void LoopReport::scan(const kir::Function& function, const kir::Block& block) {
  for (const Stmt* s : block) {
    if ((s->kind == StmtKind::For || s->kind == StmtKind::While) && !has_loop(s->body) &&
        !(s->span == source::Span{})) {
      Loop loop{function.file, function.file->line_column(s->span.begin), s->span, s->brief, "", ""};
      widen(loop.extent, s->body);
      if (s->kind == StmtKind::While) loop.reason = "while loops run one iteration after the other: use for";
      loops_.push_back(loop);
    }
    scan(function, s->head), scan(function, s->body), scan(function, s->orelse);
  }
}

LoopReport::Loop* LoopReport::find(const std::string& path, unsigned line, unsigned column) {
  Loop* best = nullptr;
  for (Loop& loop : loops_) {
    if (loop.file->path() != path) continue;
    if (loop.at.line == line && loop.at.column == column) return &loop;
    const source::LineColumn end = loop.file->line_column(loop.extent.end);
    const auto here = std::pair(line, column);
    if (here < std::pair(loop.at.line, loop.at.column) || std::pair(end.line, end.column) < here) continue;
    if (!best || loop.extent.begin >= best->extent.begin) best = &loop;
  }
  return best;
}

void LoopReport::add(const llvm::DiagnosticInfoOptimizationBase& remark) {
  if (!remark.isLocationAvailable()) return;
  const auto place = remark.getLocation();
  Loop* loop = nullptr;
  for (const Loop& each : loops_) {  // LLVM may give the path without its folder
    if (llvm::StringRef(each.file->path()).ends_with(place.getRelativePath()))
      loop = find(each.file->path(), place.getLine(), place.getColumn());
    if (loop) break;
  }
  if (!loop) return;
  const std::string message = remark.getMsg();
  if (remark.getRemarkName() == "Vectorized") {
    if (loop->lanes.empty()) loop->lanes = lanes_of(message);
  } else if (loop->reason.empty()) {
    loop->reason = reason_of(remark.getRemarkName(), message);
  }
}

std::string LoopReport::text() const {
  std::vector<const Loop*> order;
  for (const Loop& loop : loops_) order.push_back(&loop);
  std::sort(order.begin(), order.end(), [](const Loop* a, const Loop* b) {
    return std::tuple(a->file->path(), a->at.line, a->at.column, a) <
           std::tuple(b->file->path(), b->at.line, b->at.column, b);
  });
  std::string out;
  for (size_t k = 0; k < order.size(); ++k) {
    // A statement may have several loops, a loop several forms: the best one is told.
    const Loop* best = order[k];
    for (; k + 1 < order.size() && order[k + 1]->file == best->file && order[k + 1]->at.line == best->at.line &&
           order[k + 1]->at.column == best->at.column;
         ++k) {
      if (best->lanes.empty()) best = order[k + 1]->lanes.empty() && !best->reason.empty() ? best : order[k + 1];
    }
    const std::string what = !best->lanes.empty()    ? best->lanes
                             : !best->reason.empty() ? "one element at a time: " + best->reason
                                                     : "no loop is left of it, or it is too short for lanes";
    out += fmt::format("{}:{}:{}: {}: {}\n{:5} | {}\n", best->file->path(), best->at.line, best->at.column,
                       best->statement ? "statement on arrays" : "loop", what, best->at.line,
                       best->file->line(best->at.line));
  }
  return out.empty() ? "no loops\n" : out;
}

}  // namespace kjit::jit
