#include "passes/neighbours.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "passes/assumptions.h"
#include "passes/definitions.h"
#include "passes/meeting.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

constexpr int kMostLoops = 24;  // of one function that are looked at: each look walks through all of it

bool loads(ExprRef e) {
  return e && (e->op == Op::Load || std::any_of(e->args.begin(), e->args.end(), [](ExprRef a) { return loads(a); }));
}
bool meets(const VarSet& a, const VarSet& c) {
  return std::any_of(a.begin(), a.end(), [&](VarId v) { return c.contains(v); });
}
std::optional<VarId> common(const VarSet& a, const VarSet& c) {
  const auto at = std::find_if(a.begin(), a.end(), [&](VarId v) { return c.contains(v); });
  return at == a.end() ? std::nullopt : std::optional(*at);
}
VarSet mentioned_by(const std::vector<ExprRef>& exprs) {
  VarSet out;
  for (ExprRef e : exprs) mentioned(e, out);
  return out;
}

// Why the order of what the statements do shows otherwise than in memory; empty: it does not.
class Effects {
 public:
  explicit Effects(const kir::Module& module) : module_(module) {}

  std::string of(const Block& block) {
    for (const Stmt* s : block) {
      std::string what = own(*s);
      for (const Block* inner : {&s->head, &s->body, &s->orelse}) {
        if (what.empty()) what = of(*inner);
      }
      if (!what.empty()) return what;
    }
    return "";
  }

 private:
  std::string own(const Stmt& s) {
    switch (s.kind) {
      case StmtKind::Check:
        return s.always_taken ? "" : "may raise an exception";
      case StmtKind::Raise:
      case StmtKind::Library:
        return "may raise an exception";
      case StmtKind::Print:
      case StmtKind::Message:
        return "prints";
      case StmtKind::Device:
      case StmtKind::Transfer:
        return "has effects";
      case StmtKind::Call: {
        const kir::Function& callee = *module_.functions[s.callee];
        if (!callee.extern_symbol.empty())
          return callee.extern_pure && !callee.extern_context ? "" : "calls what has effects";
        if (callee.recursive) return "may raise an exception";
        return seen_.insert(&callee).second ? of(callee.body) : "";
      }
      default:
        return "";
    }
  }

  const kir::Module& module_;
  std::set<const kir::Function*> seen_;
};

// Whether an iteration may end before its last statement.
bool may_continue(const Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Stmt* s) {
    if (s->kind == StmtKind::For || s->kind == StmtKind::While) return may_continue(s->orelse);
    return s->kind == StmtKind::Continue || may_continue(s->body) || may_continue(s->orelse);
  });
}

class Neighbours {
 public:
  Neighbours(sema::TypeContext& types, kir::Module& module, kir::Function& f, std::vector<Remark>* remarks)
      : types_(types), module_(module), f_(f), remarks_(f.file && !f.library ? remarks : nullptr) {}

  void run() { walk(f_.body); }

 private:
  void walk(Block& block) {
    BlockValues values;
    std::optional<LoopGroup> group;
    for (size_t k = 0; k < block.size(); ++k) {
      Stmt* s = block[k];
      if (s->kind == StmtKind::For && s->parallel) {
        if (!group || !joins(block, k, values, *group)) group = group_of(s);
      } else {
        walk(s->head), walk(s->body), walk(s->orelse);
        if (group && !takes_ahead(*group, s, values)) group->obstacle = group->obstacle ? group->obstacle : s;
      }
      values.pass(*s);
    }
  }

  bool joins(Block& block, size_t at, const BlockValues& values, LoopGroup& group) {
    Stmt& loop = *block[at];
    std::string why;
    if (group.obstacle) why = fmt::format("what is done in line {} stands between them", line(*group.obstacle));
    if (why.empty()) why = apart_by_effects(group, loop);
    if (why.empty()) why = apart_by_variables(f_, values, group, loop);
    ExprRef condition = nullptr;
    if (why.empty()) why = apart_by_elements(block, at, group, condition);
    if (why.empty()) {
      kirgen::Builder b(types_, f_);
      b.span = loop.span;
      if (loop.exprs.size() == 3) loop.exprs.push_back(b.const_bool(true));
      loop.exprs.push_back(condition ? condition : b.const_bool(true));
      join(group, &loop);
      return true;
    }
    if (remarks_) {
      remarks_->push_back({Remark::Apart, f_.file, loop.span,
                           fmt::format("not merged with the region of line {}: {}", line(*group.loops[0]), why)});
    }
    return false;
  }

  uint32_t line(const Stmt& s) const { return f_.file ? f_.file->line_column(s.span.begin).line : 0; }

  std::string apart_by_effects(const LoopGroup& group, const Stmt& loop) {
    for (const Stmt* s : std::initializer_list<const Stmt*>{group.loops.back(), &loop}) {
      if (!s->orelse.empty() || !s->folds.empty()) return "a loop folds values into an array, or has an else";
      std::string what = Effects(module_).of(s->body);
      if (!what.empty()) return fmt::format("the loop of line {} {}", line(*s), what);
    }
    return may_continue(group.loops.back()->body) ? "iterations of that one may end by continue" : "";
  }

  // One loop of all bodies: of the pairs of accesses in it, those of the new body and of one before it.
  std::string apart_by_elements(Block& block, size_t at, const LoopGroup& group, ExprRef& condition) {
    if (++looks_ > kMostLoops) return "the function has many loops";
    Stmt& loop = *block[at];
    Stmt& first = *group.loops[0];
    Stmt* joined = f_.new_stmt(StmtKind::For, first.span);
    *joined = first;
    joined->body.clear();
    for (const Stmt* s : group.loops) append(*joined, first, *s);
    const size_t before = joined->body.size();
    append(*joined, first, loop);
    const Block kept = block;
    std::erase_if(block, [&](const Stmt* s) {
      return std::find(group.loops.begin(), group.loops.end(), s) != group.loops.end();
    });
    *std::find(block.begin(), block.end(), &loop) = joined;
    std::string why = "it is not reached";
    for_each_parallel_loop(module_, f_, [&](const Stmt& s, const LoopAccesses& accesses) {
      if (&s == joined) why = judged(*joined, accesses, before, condition);
      return true;
    });
    block = kept;
    VarSet needed;
    mentioned(condition, needed);
    return why.empty() && meets(needed, group.written) ? "its arrays get their names in that one" : why;
  }
  void append(Stmt& joined, const Stmt& first, const Stmt& loop) {
    if (loop.var != first.var) {
      kirgen::Builder b(types_, f_);
      b.span = loop.span, b.block = &joined.body;
      b.assign(loop.var, b.var(first.var));
    }
    joined.body.insert(joined.body.end(), loop.body.begin(), loop.body.end());
  }

  std::string judged(const Stmt& joined, const LoopAccesses& accesses, size_t before, ExprRef& condition) {
    if (!accesses.complete) return "they are too long to be looked at together";
    Factors factors;
    std::set<std::pair<uint32_t, uint32_t>> shared;
    for (const Access& a : accesses.all) {
      for (const Access& c : accesses.all) {
        if (a.statement >= before || c.statement < before || (!a.store && !c.store)) continue;
        if (a.place.root != c.place.root) {
          const Sharing sharing = passes::sharing(accesses, a.place.root, c.place.root);
          if (sharing == Sharing::AsCalled) shared.insert(std::minmax(a.place.root, c.place.root));
          if (sharing == Sharing::Unknown) return uses(accesses, c, "may use");
          continue;
        }
        Meeting meeting = meet(accesses, a, c);
        if (meeting.kind != Meeting::Never || of_data(accesses, a) || of_data(accesses, c))
          return uses(accesses, c, meeting.kind == Meeting::Proven ? "uses" : "may use");
        factors.merge(meeting.factors);
      }
    }
    kirgen::Builder b(types_, f_);
    b.span = joined.span;
    bool all_tested = true;
    condition = assumptions(b, joined, accesses, factors, &all_tested);
    if (!all_tested || (condition && b.is_const_int(condition, 0))) return "its indices may count from the end";
    for (const auto& [x, y] : shared) {
      ExprRef apart = b.unary(
          Op::Not, b.node(Op::Overlaps, types_.boolean(), {array_of(b, accesses, x), array_of(b, accesses, y)}));
      condition = condition ? b.binary(Op::AndThen, condition, apart) : apart;
    }
    return "";
  }
  static ExprRef array_of(kirgen::Builder& b, const LoopAccesses& accesses, uint32_t root) {
    const ArrayName& name = accesses.names.at(root);
    ExprRef e = b.var(name.var);
    for (uint32_t k : name.path) e = b.get(e, k);
    return e;
  }
  static std::string uses(const LoopAccesses& accesses, const Access& a, const char* how) {
    const std::string& name = (*accesses.roots)[a.place.root].name;
    return fmt::format("an iteration {} elements of {} that other iterations of that one {}", how,
                       name.empty() || name.starts_with('%') ? "an array" : fmt::format("'{}'", name),
                       a.store ? "use" : "store to");
  }
  // Whether the place depends on what arrays hold, of which proofs take something for granted.
  static bool of_data(const LoopAccesses& accesses, const Access& a) {
    std::set<AtomId> seen;
    return std::any_of(a.place.axes.begin(), a.place.axes.end(), [&](const AxisPlace& axis) {
      return of_data(accesses, axis.first, seen) || of_data(accesses, axis.low, seen) ||
             of_data(accesses, axis.high, seen);
    });
  }
  static bool of_data(const LoopAccesses& accesses, const Poly& p, std::set<AtomId>& seen) {
    return std::any_of(p.terms.begin(), p.terms.end(), [&](const auto& term) {
      return std::any_of(term.first.begin(), term.first.end(), [&](AtomId id) {
        if (!seen.insert(id).second) return false;
        const Atom& atom = (*accesses.atoms)[id];
        return atom.data || atom.segment >= 0 || of_data(accesses, atom.lo, seen) || of_data(accesses, atom.hi, seen);
      });
    });
  }

  sema::TypeContext& types_;
  kir::Module& module_;
  kir::Function& f_;
  std::vector<Remark>* remarks_;
  int looks_ = 0;
};

// At least two in one block: only those can be neighbours.
bool has_parallel_loops(const Block& block) {
  const auto is = [](const Stmt* s) { return s->kind == StmtKind::For && s->parallel; };
  return std::count_if(block.begin(), block.end(), is) > 1 ||
         std::any_of(block.begin(), block.end(), [](const Stmt* s) {
           return has_parallel_loops(s->head) || has_parallel_loops(s->body) || has_parallel_loops(s->orelse);
         });
}

void run(sema::TypeContext& types, kir::Module& module, std::vector<Remark>* remarks) {
  for (auto& f : module.functions) {
    if (!f->offload && !f->device && has_parallel_loops(f->body)) Neighbours(types, module, *f, remarks).run();
  }
}

}  // namespace

void neighbours(sema::TypeContext& types, kir::Module& module) { run(types, module, nullptr); }
void neighbours(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks) {
  run(types, module, &remarks);
}

void BlockValues::pass(const Stmt& s) {
  VarSet written;
  assigned({const_cast<Stmt*>(&s)}, written);
  const auto stale = [&](VarId v, const std::vector<ExprRef>& of) {
    return written.contains(v) || meets(written, mentioned_by(of));
  };
  std::erase_if(known_, [&](const auto& entry) { return stale(entry.first, {entry.second}); });
  std::erase_if(shapes_, [&](const auto& entry) { return stale(entry.first, entry.second); });
  std::erase_if(checked_, [&](ExprRef e) { return meets(written, mentioned_by({e})); });
  if (s.kind == StmtKind::Check && !loads(s.expr)) checked_.push_back(s.expr);
  if (s.kind == StmtKind::Assign && !loads(s.expr) && !mentioned_by({s.expr}).contains(s.var)) known_[s.var] = s.expr;
  if (s.kind == StmtKind::Alloc && !std::any_of(s.exprs.begin(), s.exprs.end(), loads)) shapes_[s.var] = s.exprs;
}

ExprRef BlockValues::value(ExprRef e) const {
  for (;;) {
    if (e->op == Op::Var) {
      const auto at = known_.find(e->var);
      if (at == known_.end()) return e;
      e = at->second;
    } else if (e->op == Op::Dim && e->args[0]->op == Op::Var && shapes_.contains(e->args[0]->var)) {
      e = shapes_.at(e->args[0]->var)[e->index];
    } else {
      return e;
    }
  }
}

bool BlockValues::same(ExprRef a, ExprRef c) const {
  a = value(a), c = value(c);
  if (a == c) return true;
  if (a->op != c->op || a->type != c->type || a->index != c->index || a->args.size() != c->args.size() ||
      a->math != c->math || a->components != c->components || a->axes != c->axes || a->op == Op::Load) {
    return false;
  }
  if (a->op == Op::Const) return a->constant.i == c->constant.i && a->type->is_scalar() && is_integer(a->type->scalar);
  if (a->op == Op::Var) return a->var == c->var;
  return !a->args.empty() &&
         std::equal(a->args.begin(), a->args.end(), c->args.begin(), [&](ExprRef x, ExprRef y) { return same(x, y); });
}

bool BlockValues::checked(ExprRef condition) const {
  return std::any_of(checked_.begin(), checked_.end(), [&](ExprRef e) { return same(e, condition); });
}

LoopGroup group_of(Stmt* loop) {
  LoopGroup out;
  join(out, loop);
  return out;
}

void join(LoopGroup& group, Stmt* loop) {
  group.loops.push_back(loop);
  assigned(loop->body, group.written);
  group.written.insert(loop->var);
  VarSet read = exposed(loop->body);
  if (group.loops.size() == 1) read.merge(mentioned_by({loop->exprs[0], loop->exprs[1], loop->exprs[2]}));
  for (size_t k = 3; k < loop->exprs.size(); ++k) mentioned(loop->exprs[k], read);
  read.erase(loop->var);
  group.read.merge(read);
}

bool takes_ahead(LoopGroup& group, Stmt* s, const BlockValues& values) {
  const bool plain = s->kind == StmtKind::Assign && !loads(s->expr);
  const bool array = s->kind == StmtKind::Alloc && !s->ahead && !loads(s->expr) &&
                     !std::any_of(s->exprs.begin(), s->exprs.end(), loads);
  const bool known = s->kind == StmtKind::Check && values.checked(s->expr);
  if (!plain && !array && !known) return false;
  if (meets(reads(*s), group.written)) return false;
  if (!known && (group.written.contains(s->var) || group.read.contains(s->var))) return false;
  group.between.push_back(s);
  return true;
}

std::string apart_by_variables(const kir::Function& function, const BlockValues& values, const LoopGroup& group,
                               const Stmt& loop) {
  const Stmt& first = *group.loops[0];
  const auto named = [&](VarId v) {
    const std::string& name = function.vars[v].name;
    return name.starts_with('%') ? "a value" : fmt::format("'{}'", name);
  };
  VarSet written;
  assigned(loop.body, written);
  VarSet body_written = written;
  written.insert(loop.var);
  VarSet read = exposed(loop.body), head;
  for (size_t k = 0; k < loop.exprs.size(); ++k) mentioned(loop.exprs[k], k < 3 ? head : read);
  for (ExprRef e : {loop.exprs[0], loop.exprs[1], loop.exprs[2]}) mentioned(e, head);
  read.erase(loop.var);
  if (body_written.contains(loop.var) || std::any_of(group.loops.begin(), group.loops.end(), [&](const Stmt* s) {
        VarSet own;
        assigned(s->body, own);
        return own.contains(s->var);
      })) {
    return "an iteration changes the loop's variable";
  }
  VarSet all = read;
  all.insert(head.begin(), head.end());
  if (const auto v = common(all, group.written)) return fmt::format("it reads {}, which that one writes", named(*v));
  if (const auto v = common(written, group.read)) {
    if (*v != loop.var) return fmt::format("it writes {}, which that one reads", named(*v));
    return fmt::format("that one reads {}", named(*v));
  }
  for (size_t k = 0; k < 3; ++k) {
    if (!values.same(first.exprs[k], loop.exprs[k])) return "their iterations are not known to be the same";
  }
  return "";
}

}  // namespace kjit::passes
