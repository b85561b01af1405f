#include "passes/storage.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "kirgen/builder.h"
#include "passes/definitions.h"
#include "passes/liveness.h"
#include "passes/origins.h"
#include "passes/points.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Memory;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

constexpr int64_t kLargest = 1024;        // bytes of an array on the stack: its loops unroll, long ones for a long time
constexpr int64_t kOfFunction = 4 << 10;  // of all arrays of one function there
constexpr int64_t kOfRecursive = 128;     // where it calls itself, which a frame has little room for

// A statement that makes an array, and where it stands.
struct Site {
  Stmt* made = nullptr;
  std::vector<Stmt*> loops;      // from the outermost
  std::vector<ExprRef> extents;  // as far back as they can be followed
};

class Storage {
 public:
  Storage(sema::TypeContext& types, const kir::Module& module, kir::Function& f, std::vector<Remark>* remarks)
      : b_(types, f),
        module_(module),
        f_(f),
        remarks_(remarks),
        definitions_(f),
        origins_(b_, definitions_),
        points_(f) {}

  void run() {
    Block scratch;  // what asking for lengths makes
    b_.block = &scratch;
    std::vector<Stmt*> loops;
    collect(f_.body, loops);
    if (!sites_.empty()) {
      VarSet referring;
      for (const Site& site : sites_) referring.merge(points_.referring(site.made));
      live_ = live_points(f_, referring);
      room_ = f_.recursive ? kOfRecursive : kOfFunction;
      for (const Site& site : sites_) place(site);
      if (!reserved_.empty()) insert(f_.body);
    }
    mark_copies(f_.body);
  }

 private:
  void collect(Block& block, std::vector<Stmt*>& loops) {
    const size_t entered = definitions_.enter_block();
    for (Stmt* s : block) {
      const bool loop = s->kind == StmtKind::For || s->kind == StmtKind::While;
      if ((s->kind == StmtKind::Alloc || s->kind == StmtKind::Copy) && s->memory == kir::Memory::Own) {
        Site site{s, loops, {}};
        for (uint32_t k = 0; k < f_.vars[s->var].type->rank; ++k) {
          const bool copied = s->kind == StmtKind::Copy;
          site.extents.push_back(copied ? origins_.length(s->expr, k) : origins_.resolved(s->exprs[k]));
        }
        sites_.push_back(std::move(site));
      }
      if (s->kind == StmtKind::For) definitions_.pass(*s);
      if (loop) loops.push_back(s);
      collect(s->head, loops), collect(s->body, loops);
      if (loop) loops.pop_back();
      collect(s->orelse, loops);
      definitions_.pass(*s);
    }
    definitions_.leave_block(entered);
  }

  // --- what refers to the memory of a site

  // Null: none that a value may outlive the function by. Else why.
  std::optional<std::string> escape(const Block& block, const Stmt* made) const {
    for (const Stmt* s : block) {
      if (s->kind == StmtKind::Return && s->expr && points_.refers(s->expr, made)) return "it is returned";
      const bool call = s->kind == StmtKind::Call || s->kind == StmtKind::Parallel;
      const bool handed =
          call && std::any_of(s->exprs.begin(), s->exprs.end(), [&](ExprRef e) { return points_.refers(e, made); });
      if (handed) {
        const kir::Function& callee = *module_.functions[s->callee];
        if (!callee.extern_symbol.empty()) return fmt::format("the C function '{}' may keep it", callee.name);
        if (s->has_var && holds_array(callee.result)) return fmt::format("what '{}' gives may be it", callee.name);
      }
      for (const Block* inner : {&s->head, &s->body, &s->orelse}) {
        if (auto why = escape(*inner, made)) return why;
      }
    }
    return {};
  }
  // A variable that may refer to what an earlier run of the statement made, and be read later.
  std::optional<VarId> still_read(const Site& site, const VarSet& referring) const {
    const auto live = live_.after.find(site.made);
    if (live != live_.after.end()) {
      for (VarId v : live->second) {
        if (v != site.made->var && referring.contains(v)) return v;
      }
    }
    VarSet copied;
    if (site.made->kind == StmtKind::Copy) mentioned(site.made->expr, copied);
    for (VarId v : copied) {
      if (referring.contains(v)) return v;
    }
    return {};
  }
  bool is_live_before(const Stmt* loop, const VarSet& referring) const {
    const auto live = live_.before.find(loop);
    return live != live_.before.end() &&
           std::any_of(live->second.begin(), live->second.end(), [&](VarId v) { return referring.contains(v); });
  }

  // --- places

  void place(const Site& site) {
    Stmt& s = *site.made;
    const std::optional<int64_t> bytes = constant_bytes(site);
    const bool small = bytes && *bytes <= kLargest;
    if (!small && site.loops.empty()) return;
    if (const auto why = escape(f_.body, &s)) return keep(site, *why);
    const VarSet referring = points_.referring(&s);
    if (const auto reader = still_read(site, referring)) {
      return keep(site, fmt::format("{} may still be read then", name_of(*reader, "an earlier one")));
    }
    if (small && *bytes <= room_) return on_stack(site, *bytes);
    if (!site.loops.empty()) reserve(site, referring);
  }

  std::optional<int64_t> constant_bytes(const Site& site) const {
    int64_t bytes = sema::size_of(f_.vars[site.made->var].type->scalar);
    for (ExprRef n : site.extents) {
      if (n->op != Op::Const || n->constant.i < 0) return {};
      if (n->constant.i > kLargest) return {};
      bytes = std::min(bytes * n->constant.i, kLargest + 1);
    }
    return bytes;
  }
  void on_stack(const Site& site, int64_t bytes) {
    site.made->memory = Memory::Stack;
    site.made->exprs = site.extents;
    room_ -= bytes;
    say(Remark::Placed, site, fmt::format("{} is on the stack: {} bytes", title(site), bytes));
  }

  void reserve(const Site& site, const VarSet& referring) {
    const bool copied = site.made->kind == StmtKind::Copy;
    const std::vector<ExprRef>& lengths = copied ? site.extents : site.made->exprs;
    Stmt* before = nullptr;
    std::vector<ExprRef> shape;
    for (size_t k = site.loops.size(); k-- > 0;) {
      VarSet changed;
      assigned({site.loops[k]}, changed);
      std::vector<ExprRef> now;
      for (size_t axis = 0; axis < lengths.size(); ++axis) {
        for (ExprRef n : {lengths[axis], site.extents[axis]}) {
          if (now.size() == axis && stays(n, changed)) now.push_back(n);
        }
      }
      if (now.size() != lengths.size()) break;
      // Further loops around would reserve again while what the array was is still read.
      if (k == 0 || !is_live_before(site.loops[k], referring)) before = site.loops[k], shape = std::move(now);
    }
    if (!before) return keep(site, "its lengths change from one iteration to the next");
    Stmt* ahead = f_.new_stmt(StmtKind::Alloc, site.made->span);
    ahead->var = f_.add_var("%ahead", f_.vars[site.made->var].type, site.made->span);
    ahead->exprs = std::move(shape);
    ahead->ahead = true;
    reserved_.emplace_back(before, ahead);
    site.made->memory = Memory::Reserved;
    site.made->array = b_.var(ahead->var);
    say(Remark::Placed, site,
        fmt::format("{} is made once, before the loop of line {}, and reused", title(site), line(before->span)));
  }
  // Whether the value is the same in each iteration, and can be computed before the loop whether one comes or not.
  static bool stays(ExprRef e, const VarSet& changed) {
    switch (e->op) {
      case Op::Const:
      case Op::Dim:
      case Op::Size:
      case Op::Add:
      case Op::Sub:
      case Op::Mul:
      case Op::Neg:
      case Op::Min:
      case Op::Max:
      case Op::Minimum:
      case Op::Maximum:
      case Op::Select:
      case Op::Eq:
      case Op::Ne:
      case Op::Lt:
      case Op::Le:
      case Op::Gt:
      case Op::Ge:
      case Op::TupleGet:
        return std::all_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return stays(a, changed); });
      case Op::Var:
        return !changed.contains(e->var);
      default:
        return false;
    }
  }
  void insert(Block& block) {
    Block out;
    for (Stmt* s : block) {
      for (const auto& [loop, ahead] : reserved_) {
        if (loop == s) out.push_back(ahead);
      }
      insert(s->head), insert(s->body), insert(s->orelse);
      out.push_back(s);
    }
    block = std::move(out);
  }

  void mark_copies(const Block& block) {
    for (Stmt* s : block) {
      if (s->kind == StmtKind::CopyArray) s->fresh = !points_.may_share(s->array, s->expr);
      mark_copies(s->head), mark_copies(s->body), mark_copies(s->orelse);
    }
  }

  // --- for people

  uint32_t line(kir::Span span) const { return f_.file ? f_.file->line_column(span.begin).line : 0; }
  std::string name_of(VarId v, const char* otherwise) const {
    const std::string& name = f_.vars[v].name;
    return name.starts_with('%') ? otherwise : "'" + name.substr(0, name.find('.')) + "'";
  }
  // By the variable of the program that the array is assigned to.
  std::string title(const Site& site) const {
    VarId named = site.made->var;
    const auto look = [&](auto& self, const Block& block) -> void {
      for (const Stmt* s : block) {
        if (s->kind == StmtKind::Assign && s->expr->op == Op::Var && s->expr->var == site.made->var) named = s->var;
        self(self, s->head), self(self, s->body), self(self, s->orelse);
      }
    };
    if (f_.vars[named].name.starts_with('%')) look(look, f_.body);
    return name_of(named, "the array");
  }
  void keep(const Site& site, const std::string& why) {
    if (site.loops.empty()) return;
    say(Remark::Anew, site, fmt::format("{} is made anew in each iteration: {}", title(site), why));
  }
  void say(Remark::Kind kind, const Site& site, std::string text) {
    if (remarks_ && f_.file) remarks_->push_back({kind, f_.file, site.made->span, std::move(text)});
  }

  kirgen::Builder b_;
  const kir::Module& module_;
  kir::Function& f_;
  std::vector<Remark>* remarks_;  // null: nobody asks
  Definitions definitions_;
  Origins origins_;
  Points points_;
  LivePoints live_;
  std::vector<Site> sites_;
  std::vector<std::pair<const Stmt*, Stmt*>> reserved_;  // what goes before which loop
  int64_t room_ = 0;
};

}  // namespace

void storage(sema::TypeContext& types, kir::Module& module) {
  for (auto& f : module.functions) {
    if (!f->offload) Storage(types, module, *f, nullptr).run();
  }
}

void storage(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks) {
  for (auto& f : module.functions) {
    if (f->offload) continue;  // a device's copies are kept by blocks of memory
    Storage(types, module, *f, f->library || f->lazy ? nullptr : &remarks).run();
  }
}

}  // namespace kjit::passes
