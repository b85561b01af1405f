// Backwards over the structure: sets of live variables, loops twice, which reaches the fixed point of a loop.
#include "passes/liveness.h"

#include <algorithm>
#include <optional>

#include "passes/definitions.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;

namespace {
template <typename Read>
void each_operand(const Stmt& s, Read read) {
  for (ExprRef e : {s.expr, s.array, s.init}) read(e);
  for (ExprRef e : s.exprs) read(e);
  for (const kir::PrintItem& item : s.items) read(item.value);
  for (const kir::MapInput& in : s.inputs) read(in.array);
}
}  // namespace

void mentioned(ExprRef e, VarSet& out) {
  if (!e) return;
  if (e->op == Op::Var) out.insert(e->var);
  for (ExprRef a : e->args) mentioned(a, out);
}

VarSet reads(const Stmt& s) {
  VarSet out;
  each_operand(s, [&](ExprRef e) { mentioned(e, out); });
  return out;
}

void assigned(const Block& block, VarSet& out) {
  for (const Stmt* s : block) {
    if (defines(*s)) out.insert(s->var);
    for (const kir::MapInput& in : s->inputs) out.insert(in.element);
    assigned(s->head, out), assigned(s->body, out), assigned(s->orelse, out);
  }
}

namespace {

class Liveness {
 public:
  explicit Liveness(const VarSet* of = nullptr) : of_(of) {}

  VarSet block(const Block& b, VarSet live) {
    for (size_t i = b.size(); i-- > 0;) live = stmt(*b[i], std::move(live));
    return live;
  }
  std::map<const Stmt*, VarSet> after;
  LivePoints points;  // where some variables are asked for
  VarSet on_break, on_continue;

 private:
  static void unite(VarSet& into, const VarSet& more) { into.insert(more.begin(), more.end()); }
  // Of chosen variables, which are arrays, only what reads elements counts.
  void read(ExprRef e, VarSet& live) const {
    if (!of_) return mentioned(e, live);
    if (!e || e->op == Op::Dim || e->op == Op::Size || e->op == Op::Stride) return;
    if (e->op == Op::Var && of_->contains(e->var)) live.insert(e->var);
    for (ExprRef a : e->args) read(a, live);
  }

  VarSet loop(const Stmt& s, const VarSet& live) {
    VarSet done = block(s.orelse, live);
    const VarSet outer_break = on_break, outer_continue = on_continue;
    on_break = live;
    VarSet head = done;  // at the test: the next iteration, or the end
    for (int turn = 0; turn < 2; ++turn) {
      on_continue = s.kind == StmtKind::While ? head_of(s, head) : head;
      VarSet in = block(s.body, on_continue);
      if (s.kind == StmtKind::For) in.erase(s.var);
      const size_t before = head.size();
      unite(head, in);
      if (head.size() == before) break;
    }
    on_break = outer_break, on_continue = outer_continue;
    return s.kind == StmtKind::While ? head_of(s, head) : head;
  }
  // A while's head and condition, before what follows them.
  VarSet head_of(const Stmt& s, VarSet live) {
    read(s.expr, live);
    return block(s.head, std::move(live));
  }

  VarSet stmt(const Stmt& s, VarSet live) {
    switch (s.kind) {
      case StmtKind::If: {
        VarSet yes = block(s.body, live);
        unite(yes, block(s.orelse, std::move(live)));
        read(s.expr, yes);
        return yes;
      }
      case StmtKind::For:
        if (s.parallel) unite(after[&s], live), unite(after[&s], block(s.orelse, live));
        live = loop(s, live);
        if (of_) unite(points.before[&s], live);
        break;
      case StmtKind::While:
        live = loop(s, live);
        if (of_) unite(points.before[&s], live);
        return live;
      case StmtKind::Alloc:
      case StmtKind::Copy:
        if (of_) unite(points.after[&s], live);
        live.erase(s.var);
        break;
      case StmtKind::Break:
        return on_break;
      case StmtKind::Continue:
        return on_continue;
      case StmtKind::Return:
      case StmtKind::Raise:
        live.clear();
        break;
      case StmtKind::Map:
      case StmtKind::Reduce:
        if (defines(s)) live.erase(s.var);
        read(s.expr, live);
        live = block(s.body, std::move(live));
        for (const kir::MapInput& in : s.inputs) live.erase(in.element);
        for (const kir::MapInput& in : s.inputs) read(in.array, live);
        for (ExprRef e : s.exprs) read(e, live);
        read(s.array, live), read(s.init, live);
        return live;  // the value is of the elements, which are its own
      case StmtKind::Parallel:
        if (defines(s)) live.erase(s.var);
        read(s.expr, live);
        live = block(s.body, std::move(live));
        break;
      default:
        if (defines(s)) live.erase(s.var);
        break;
    }
    each_operand(s, [&](ExprRef e) { read(e, live); });
    return live;
  }

  const VarSet* of_;  // null: all variables
};

// nullopt: the end is not reached.
using Assigned = std::optional<VarSet>;

class Always {
 public:
  Assigned block(const Block& b, Assigned so_far) {
    for (const Stmt* s : b) {
      if (!so_far) return so_far;
      so_far = stmt(*s, std::move(so_far));
    }
    return so_far;
  }
  static Assigned both(Assigned a, Assigned c) {
    if (!a) return c;
    if (!c) return a;
    VarSet out;
    std::set_intersection(a->begin(), a->end(), c->begin(), c->end(), std::inserter(out, out.end()));
    return out;
  }
  Assigned at_continue;

 private:
  Assigned stmt(const Stmt& s, Assigned so_far) {
    switch (s.kind) {
      case StmtKind::If:
        return both(block(s.body, so_far), block(s.orelse, so_far));
      case StmtKind::For:
      case StmtKind::While:
        return so_far;  // may have no iteration
      case StmtKind::Continue:
        at_continue = both(at_continue, so_far);
        return {};
      case StmtKind::Break:
      case StmtKind::Return:
      case StmtKind::Raise:
        return {};
      default:
        if (defines(s)) so_far->insert(s.var);
        return so_far;
    }
  }
};

}  // namespace

VarSet exposed(const Block& body) { return Liveness().block(body, {}); }

VarSet always_assigned(const Block& body) {
  Always walk;
  Assigned end = walk.block(body, VarSet());
  return Always::both(std::move(end), std::move(walk.at_continue)).value_or(VarSet());
}

LivePoints live_points(const kir::Function& function, const VarSet& of) {
  Liveness walk(&of);
  walk.block(function.body, {});
  return std::move(walk.points);
}

std::map<const Stmt*, VarSet> live_after_loops(const kir::Function& function) {
  Liveness walk;
  walk.block(function.body, {});
  return std::move(walk.after);
}

}  // namespace kjit::passes
