// Invariant 25 of the verifier: in a function that offloads, every array is where it is read or written.
#include "kir/transfers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace kjit::kir {

namespace {

using Vars = std::set<VarId>;

// Array variables whose elements are known to be valid here or there, and may be written there.
struct Places {
  Vars here, made_here, there, made_there;

  void keep(const Places& other) {
    for (auto [mine, its] : {std::pair(&here, &other.here),
                             {&made_here, &other.made_here},
                             {&there, &other.there},
                             {&made_there, &other.made_there}})
      std::erase_if(*mine, [&, its = its](VarId v) { return !its->contains(v); });
  }
  void forget(VarId v) { here.erase(v), made_here.erase(v), there.erase(v), made_there.erase(v); }
  friend bool operator==(const Places&, const Places&) = default;
};
using State = std::optional<Places>;  // nothing: the place is not reached

void join(State& state, const State& other) {
  if (!other) return;
  state ? state->keep(*other) : void(state = other);
}

class Check {
 public:
  Check(const Module& module, const Function& f, std::vector<std::string>& out) : module_(module), f_(f), out_(out) {}

  void run() {
    State state = Places{};
    block(f_.body, state);
  }

 private:
  static bool holds_array(TypeRef t) {
    return t->is_array() || std::any_of(t->elements.begin(), t->elements.end(), holds_array);
  }
  static void roots(ExprRef e, Vars& out) {
    if (!e || !holds_array(e->type)) return;
    if (e->op == Op::Var) out.insert(e->var);
    for (ExprRef a : e->args) roots(a, out);
  }

  void require(const Vars& known, ExprRef e, const char* what) {
    Vars needed;
    roots(e, needed);
    for (VarId v : needed) {
      if (known.contains(v) || !report_) continue;
      out_.push_back(
          fmt::format("@{}: invariant 25: '{}' is {}, and no transfer says so", f_.symbol, f_.vars[v].name, what));
    }
  }
  void read(ExprRef e, const Places& p) {
    if (!e) return;
    if (e->op == Op::Load) require(p.here, e->args[0], "read here");
    for (ExprRef a : e->args) read(a, p);
  }

  void transfer(const Stmt& s, Places& p) {
    Vars vars;
    roots(s.expr, vars);
    for (VarId v : vars) {
      switch (s.transfer) {
        case Transfer::ToDeviceMade:
          p.made_there.insert(v), p.here.erase(v), p.made_here.erase(v);
          [[fallthrough]];
        case Transfer::ToDevice:
          p.there.insert(v);
          break;
        case Transfer::ToHostMade:
          p.made_here.insert(v), p.there.erase(v), p.made_there.erase(v);
          [[fallthrough]];
        case Transfer::ToHost:
          p.here.insert(v);
          break;
        case Transfer::New:
        case Transfer::NewZeros:
          p.forget(v);
          p.here.insert(v), p.made_here.insert(v);
      }
    }
  }
  void parallel(const Stmt& s, Places& p) {
    const Function& region = *module_.functions[s.callee];
    for (size_t k = 2; k < s.exprs.size(); ++k) {
      require(p.there, s.exprs[k], "read on the device");
      const VarId param = region.params[k + 1];
      if (std::find(region.stored.begin(), region.stored.end(), param) != region.stored.end())
        require(p.made_there, s.exprs[k], "written on the device");
    }
    if (!region.stored.empty()) p.here.clear(), p.made_here.clear();  // other names may mean the same memory
  }
  void call(const Stmt& s, Places& p) {
    if (module_.functions[s.callee]->offload) {
      p = {};
    } else {
      for (ExprRef e : s.exprs) require(p.here, e, "read by a function of the CPU");
    }
  }
  // A variable gets a new array, or one that others have.
  void defined(const Stmt& s, Places& p) {
    const bool assigns = s.kind == StmtKind::Assign || s.kind == StmtKind::Alloc || s.kind == StmtKind::Copy ||
                         ((s.kind == StmtKind::Call || s.kind == StmtKind::Parallel) && s.has_var);
    if (!assigns || !holds_array(f_.vars[s.var].type)) return;
    Places from = p;
    p.forget(s.var);
    Vars of;
    if (s.kind == StmtKind::Assign) roots(s.expr, of);
    if (s.kind == StmtKind::Call && module_.functions[s.callee]->offload) return;
    const auto all_in = [&](const Vars& set) {
      return std::all_of(of.begin(), of.end(), [&](VarId v) { return set.contains(v); });
    };
    if (all_in(from.here)) p.here.insert(s.var);
    if (all_in(from.made_here)) p.made_here.insert(s.var);
    if (s.kind != StmtKind::Assign) return;
    if (all_in(from.there)) p.there.insert(s.var);
    if (all_in(from.made_there)) p.made_there.insert(s.var);
  }

  void stmt(const Stmt& s, State& state) {
    Places& p = *state;
    for (ExprRef e : {s.kind == StmtKind::While ? nullptr : s.expr, s.array, s.init}) read(e, p);
    for (ExprRef e : s.exprs) read(e, p);
    for (const PrintItem& item : s.items) {
      read(item.value, p);
      if (item.value) require(p.here, item.value, "printed");
    }
    if (s.array) require(p.made_here, s.array, "written here");
    const bool copies = s.kind == StmtKind::Copy || s.kind == StmtKind::CopyArray;
    if (copies) require(p.here, s.expr, "copied here");
    if (s.kind == StmtKind::Library) {
      for (ExprRef e : s.exprs) require(p.here, e, "read by a function of the CPU");
    }
    if (s.kind == StmtKind::Transfer) transfer(s, p);
    if (s.kind == StmtKind::Parallel) parallel(s, p);
    if (s.kind == StmtKind::Call) call(s, p);
    defined(s, p);
    switch (s.kind) {
      case StmtKind::If: {
        State other = state;
        block(s.body, state);
        block(s.orelse, other);
        join(state, other);
        break;
      }
      case StmtKind::For:
      case StmtKind::While:
        loop(s, state);
        break;
      case StmtKind::Break:
        join(loops_.back().breaks, state), state.reset();
        break;
      case StmtKind::Continue:
        join(loops_.back().continues, state), state.reset();
        break;
      case StmtKind::Return:
      case StmtKind::Raise:
        state.reset();
        break;
      default:
        break;
    }
  }
  void block(const Block& block, State& state) {
    for (const Stmt* s : block) {
      if (!state) return;
      stmt(*s, state);
    }
  }

  // The states that the beginning of the body is reached with become fewer until they stay the same.
  void loop(const Stmt& s, State& state) {
    const bool outer = report_;
    State at_head = state, out;
    for (bool done = false;;) {
      report_ = outer && done;
      loops_.emplace_back();
      State now = at_head;
      block(s.head, now);
      if (now) read(s.kind == StmtKind::While ? s.expr : nullptr, *now);
      out = now;
      block(s.body, now);
      join(now, loops_.back().continues);
      State next = at_head;
      join(next, now);
      const State breaks = loops_.back().breaks;
      loops_.pop_back();
      if (done) {
        block(s.orelse, out);
        join(out, breaks);
        break;
      }
      done = next == at_head;
      at_head = next;
    }
    report_ = outer;
    state = out;
  }

  struct Loop {
    State breaks, continues;
  };
  const Module& module_;
  const Function& f_;
  std::vector<std::string>& out_;
  std::vector<Loop> loops_;
  bool report_ = true;
};

}  // namespace

void verify_transfers(const Module& module, const Function& f, std::vector<std::string>& out) {
  const auto has_transfer = [](auto& self, const Block& block) -> bool {
    return std::any_of(block.begin(), block.end(), [&](const Stmt* s) {
      return s->kind == StmtKind::Transfer || self(self, s->head) || self(self, s->body) || self(self, s->orelse);
    });
  };
  if (f.offload && !f.device && has_transfer(has_transfer, f.body)) Check(module, f, out).run();
}

}  // namespace kjit::kir
