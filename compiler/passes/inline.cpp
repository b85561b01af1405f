#include "passes/inline.h"

#include <algorithm>

#include "kirgen/builder.h"
#include "passes/outline.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Function;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

constexpr int kMaxNodes = 2000;  // of one function
constexpr int kMaxDepth = 8;

int nodes(ExprRef e) {
  int n = e ? 1 : 0;
  if (e) {
    for (ExprRef a : e->args) n += nodes(a);
  }
  return n;
}
int nodes(const Block& block) {
  int n = 0;
  for (const Stmt* s : block) {
    n += 1 + nodes(s->expr) + nodes(s->head) + nodes(s->body) + nodes(s->orelse);
    for (ExprRef e : s->exprs) n += nodes(e);
  }
  return n;
}

template <typename F>
bool all_of(const Block& block, const F& holds) {
  return std::all_of(block.begin(), block.end(), [&](const Stmt* s) {
    return holds(*s) && all_of(s->head, holds) && all_of(s->body, holds) && all_of(s->orelse, holds);
  });
}

bool returns(const Stmt& s) {
  const auto any = [](const Block& block) {
    return std::any_of(block.begin(), block.end(), [](const Stmt* c) { return returns(*c); });
  };
  return s.kind == StmtKind::Return || any(s.head) || any(s.body) || any(s.orelse);
}

// Whether control reaches what stands behind the block.
bool goes_on(const Block& block) {
  if (block.empty()) return true;
  const Stmt& s = *block.back();
  if (s.kind == StmtKind::If) return goes_on(s.body) || goes_on(s.orelse);
  return s.kind != StmtKind::Return && s.kind != StmtKind::Raise && s.kind != StmtKind::Break &&
         s.kind != StmtKind::Continue;
}

// The body of a function as statements that leave its value in a variable: a return sets it, and goes to the end.
class SingleExit {
 public:
  SingleExit(kirgen::Builder& b, VarId result) : b_(b), result_(result) {}

  Block run(const Block& body) {
    Block out = convert(body, Mode::Last);
    if (!done_) return out;
    Stmt* start = b_.function.new_stmt(StmtKind::Assign, b_.span);
    start->var = *done_;
    start->expr = b_.const_bool(false);
    out.insert(out.begin(), start);
    return out;
  }

 private:
  // What follows a return: nothing, by the form of the statements; what asks for the flag; the rest of a loop.
  enum class Mode : uint8_t { Last, Flag, Loop };

  Block convert(const Block& block, Mode mode) {
    Block out;
    for (size_t i = 0; i < block.size(); ++i) {
      Stmt* s = block[i];
      out.push_back(s);
      if (!returns(*s)) continue;
      if (s->kind == StmtKind::Return) {
        s->kind = StmtKind::Assign;
        s->var = result_;
        if (mode != Mode::Last) set_done(out);
        if (mode == Mode::Loop) out.push_back(b_.function.new_stmt(StmtKind::Break, b_.span));
        return out;
      }
      Block rest(block.begin() + static_cast<ptrdiff_t>(i) + 1, block.end());
      if (s->kind == StmtKind::If) {
        if (mode == Mode::Loop) {  // its returns are jumps
          s->body = convert(s->body, mode), s->orelse = convert(s->orelse, mode);
          continue;
        }
        branch(*s, std::move(rest), mode, out);
        return out;
      }
      s->body = convert(s->body, Mode::Loop);  // For, While
      s->orelse = convert(s->orelse, mode == Mode::Loop ? mode : Mode::Flag);
      if (mode != Mode::Loop) {
        unless_done(out, convert(rest, mode), s->span);
        return out;
      }
      Stmt* out_of_both = b_.function.new_stmt(StmtKind::If, s->span);
      out_of_both->expr = b_.var(done());
      out_of_both->body.push_back(b_.function.new_stmt(StmtKind::Break, s->span));
      out.push_back(out_of_both);
    }
    return out;
  }

  // An If with returns, and what stands behind it, which becomes part of the branch that goes on if only one does.
  void branch(Stmt& s, Block rest, Mode mode, Block& out) {
    const bool yes = goes_on(s.body), no = goes_on(s.orelse);
    if (yes != no) {
      Block& open = yes ? s.body : s.orelse;
      open.insert(open.end(), rest.begin(), rest.end());
      rest.clear();
    }
    const bool asked = yes && no && !rest.empty();
    s.body = convert(s.body, asked ? Mode::Flag : mode);
    s.orelse = convert(s.orelse, asked ? Mode::Flag : mode);
    if (asked) unless_done(out, convert(rest, mode), s.span);
  }

  VarId done() {
    if (!done_) done_ = b_.temp(b_.types.boolean(), "%done");
    return *done_;
  }
  void set_done(Block& out) {
    Stmt* set = b_.function.new_stmt(StmtKind::Assign, b_.span);
    set->var = done();
    set->expr = b_.const_bool(true);
    out.push_back(set);
  }
  void unless_done(Block& out, Block rest, kir::Span span) {
    if (rest.empty()) return;
    Stmt* s = b_.function.new_stmt(StmtKind::If, span);
    s->expr = b_.var(done());
    s->orelse = std::move(rest);
    out.push_back(s);
  }

  kirgen::Builder& b_;
  VarId result_;
  std::optional<VarId> done_;
};

class Inline {
 public:
  Inline(sema::TypeContext& types, kir::Module& module, Function& f) : b_(types, f), module_(module), f_(f) {}

  void run(Block& block) {
    for (Stmt* s : block) {
      if (s->kind == StmtKind::Map || s->kind == StmtKind::Reduce) {
        int budget = kMaxNodes;
        expand(s->body, 0, budget);
      } else {
        run(s->head), run(s->body), run(s->orelse);
      }
    }
  }

 private:
  static const source::SourceFile* file(const Function& f) { return f.file.get(); }

  // Whether nothing but the value, and maybe an exception, comes of a call.
  bool computes(const Function& callee, bool may_raise, int depth) const {
    if (callee.recursive || callee.region || callee.lazy || !callee.extern_symbol.empty() || depth > kMaxDepth ||
        !callee.result->is_scalar() || nodes(callee.body) > kMaxNodes) {
      return false;
    }
    for (VarId p : callee.params) {
      if (!callee.vars[p].type->is_scalar()) return false;
    }
    return all_of(callee.body, [&](const Stmt& s) {
      switch (s.kind) {
        case StmtKind::Assign:
        case StmtKind::If:
        case StmtKind::For:
        case StmtKind::While:
        case StmtKind::Break:
        case StmtKind::Continue:
        case StmtKind::Return:
          return true;
        case StmtKind::Check:
        case StmtKind::Raise:
          return may_raise;
        case StmtKind::Call:
          return may_raise || fits(*module_.functions[s.callee], depth + 1);
        default:
          return false;
      }
    });
  }
  bool fits(const Function& callee, int depth) const {
    return callee.fastmath == f_.fastmath && computes(callee, file(callee) == file(f_), depth);
  }

  void expand(Block& block, int depth, int& budget) {
    Block out;
    for (Stmt* s : block) {
      expand(s->head, depth, budget), expand(s->body, depth, budget), expand(s->orelse, depth, budget);
      const Function* callee = s->kind == StmtKind::Call ? module_.functions[s->callee].get() : nullptr;
      if (!callee || !s->has_var || !fits(*callee, depth) || nodes(callee->body) > budget) {
        out.push_back(s);
        continue;
      }
      budget -= nodes(callee->body);
      Block body = copied(*callee, *s);
      expand(body, depth + 1, budget);
      out.insert(out.end(), body.begin(), body.end());
    }
    block = std::move(out);
  }

  Block copied(const Function& callee, const Stmt& call) {
    Mover mover(callee, f_);
    if (file(callee) != file(f_)) mover.set_place(call.span);
    Block out;
    b_.block = &out;
    b_.span = call.span;
    for (size_t i = 0; i < callee.params.size(); ++i) b_.assign(mover.moved(callee.params[i]), call.exprs[i]);
    const Block body = SingleExit(b_, call.var).run(mover.copy(callee.body));
    out.insert(out.end(), body.begin(), body.end());
    return out;
  }

  kirgen::Builder b_;
  kir::Module& module_;
  Function& f_;
};

}  // namespace

void inline_calls(sema::TypeContext& types, kir::Module& module) {
  for (auto& f : module.functions) Inline(types, module, *f).run(f->body);
}

}  // namespace kjit::passes
