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

void mentioned(ExprRef e, VarSet& out) {
  if (!e) return;
  if (e->op == Op::Var) out.insert(e->var);
  for (ExprRef a : e->args) mentioned(a, out);
}

VarSet reads(const Stmt& s) {
  VarSet out;
  for (ExprRef e : {s.expr, s.array, s.init}) mentioned(e, out);
  for (ExprRef e : s.exprs) mentioned(e, out);
  for (const kir::PrintItem& item : s.items) mentioned(item.value, out);
  for (const kir::MapInput& in : s.inputs) mentioned(in.array, out);
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
  VarSet block(const Block& b, VarSet live) {
    for (size_t i = b.size(); i-- > 0;) live = stmt(*b[i], std::move(live));
    return live;
  }
  std::map<const Stmt*, VarSet> after;
  VarSet on_break, on_continue;

 private:
  static void unite(VarSet& into, const VarSet& more) { into.insert(more.begin(), more.end()); }

  VarSet loop(const Stmt& s, const VarSet& live) {
    VarSet done = block(s.orelse, live);
    const VarSet outer_break = on_break, outer_continue = on_continue;
    on_break = live;
    VarSet head = done;  // at the test: the next iteration, or the end
    for (int turn = 0; turn < 2; ++turn) {
      on_continue = s.kind == StmtKind::While ? head_of(s, head) : head;
      VarSet in = block(s.body, on_continue);
      if (s.kind == StmtKind::For) in.erase(s.var);
      unite(head, in);
    }
    on_break = outer_break, on_continue = outer_continue;
    return s.kind == StmtKind::While ? head_of(s, head) : head;
  }
  // A while's head and condition, before what follows them.
  VarSet head_of(const Stmt& s, VarSet live) {
    mentioned(s.expr, live);
    return block(s.head, std::move(live));
  }

  VarSet stmt(const Stmt& s, VarSet live) {
    switch (s.kind) {
      case StmtKind::If: {
        VarSet yes = block(s.body, live);
        unite(yes, block(s.orelse, std::move(live)));
        mentioned(s.expr, yes);
        return yes;
      }
      case StmtKind::For:
        if (s.parallel) unite(after[&s], live), unite(after[&s], block(s.orelse, live));
        live = loop(s, live);
        break;
      case StmtKind::While:
        return loop(s, live);
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
        mentioned(s.expr, live);
        live = block(s.body, std::move(live));
        for (const kir::MapInput& in : s.inputs) live.erase(in.element);
        for (const kir::MapInput& in : s.inputs) mentioned(in.array, live);
        for (ExprRef e : s.exprs) mentioned(e, live);
        mentioned(s.array, live), mentioned(s.init, live);
        return live;  // the value is of the elements, which are its own
      case StmtKind::Parallel:
        if (defines(s)) live.erase(s.var);
        mentioned(s.expr, live);
        live = block(s.body, std::move(live));
        break;
      default:
        if (defines(s)) live.erase(s.var);
        break;
    }
    unite(live, reads(s));
    return live;
  }
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

std::map<const Stmt*, VarSet> live_after_loops(const kir::Function& function) {
  Liveness walk;
  walk.block(function.body, {});
  return std::move(walk.after);
}

}  // namespace kjit::passes
