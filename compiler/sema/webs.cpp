// Reaching definitions over the structured syntax in one pass. A loop head makes a phi for each name that the loop
// assigns, so nothing is visited twice.
#include <algorithm>

#include "sema/reaching.h"
#include "sema/static_conditions.h"

namespace kjit::sema {

using ast::Body;
using ast::Expr;
using ast::ExprKind;
using ast::Stmt;
using ast::StmtKind;

namespace {

// Which definitions of each local reach this point. Not reachable: no point at all.
struct State {
  bool reachable = true;
  std::vector<uint32_t> sets;  // by local: number of a DefSet
};

struct Loop {
  State breaks{false, {}};
  State continues{false, {}};
};

class Finder {
 public:
  Finder(const ast::FunctionDef& function, const Scope& scope, const StaticFacts& facts)
      : function_(function), scope_(scope), facts_(facts), captured_(facts.captures) {}

  Webs run() {
    found_.locals = captured_;
    for (auto name : scope_.locals) found_.locals.push_back(name);
    State state;
    for (uint32_t i = 0; i < found_.locals.size(); ++i) {
      positions_.emplace(found_.locals[i], static_cast<int>(i));  // a captured name goes first
      found_.defs.push_back({Def::Kind::Unbound, i, {}});
      state.sets.push_back(set_of({i}));
    }
    auto parameters = all_parameters(function_);
    for (uint32_t i = 0; i < captured_.size() + parameters.size(); ++i) {
      Span span = i < captured_.size() ? function_.name_span : parameters[i - captured_.size()]->span;
      Def def{Def::Kind::Param, i, span};
      def.param = i;
      state.sets[i] = set_of({add(def)});
    }
    param_count_ = static_cast<uint32_t>(captured_.size() + parameters.size());
    body(function_.body, state);
    out_.falls_off_end = state.reachable;
    form_webs(found_, out_);
    return std::move(out_);
  }

 private:
  int local(std::string_view name) const {
    auto it = positions_.find(name);
    return it == positions_.end() ? -1 : it->second;
  }
  uint32_t add(Def def) {
    found_.defs.push_back(std::move(def));
    return static_cast<uint32_t>(found_.defs.size() - 1);
  }
  uint32_t set_of(DefSet set) {
    auto [it, inserted] = found_.set_ids.emplace(std::move(set), static_cast<uint32_t>(found_.sets.size()));
    if (inserted) found_.sets.push_back(&it->first);
    return it->second;
  }
  uint32_t unite(uint32_t a, uint32_t b) {
    if (a == b) return a;
    DefSet both;
    std::set_union(found_.sets[a]->begin(), found_.sets[a]->end(), found_.sets[b]->begin(), found_.sets[b]->end(),
                   std::back_inserter(both));
    return set_of(std::move(both));
  }
  void merge(State& into, const State& from) {
    if (!from.reachable) return;
    if (!into.reachable) {
      into = from;
      return;
    }
    for (size_t i = 0; i < into.sets.size(); ++i) into.sets[i] = unite(into.sets[i], from.sets[i]);
  }

  // --- static conditions
  KnownName only_definition(std::string_view name, const State& state) const {
    int i = local(name);
    if (i < 0) return {};
    const DefSet& set = *found_.sets[state.sets[i]];
    KnownName known{true, std::nullopt, nullptr};
    if (set.size() != 1) return known;
    const Def& def = found_.defs[set[0]];
    if (def.kind == Def::Kind::Param) known.param = def.param;
    if (def.kind == Def::Kind::Target) known.value = def.value;
    return known;
  }
  std::optional<bool> decide(const Expr& e, const State& state) const {
    return static_bool(e, facts_, [&](std::string_view name) { return only_definition(name, state); });
  }

  Branch branch_of(const Expr& test, const State& state) const {
    auto value = decide(test, state);
    return !value ? Branch::Both : *value ? Branch::Then : Branch::Else;
  }

  // --- uses and definitions
  void use(const ast::Name& name, const State& state) {
    int i = local(name.name);
    if (i >= 0) found_.uses.push_back({name.id, state.sets[i]});
  }
  void define(const ast::Name& name, State& state, const Expr* value = nullptr) {
    int i = local(name.name);
    Def def{Def::Kind::Target, static_cast<uint32_t>(i), name.span};
    def.value = value;
    uint32_t id = add(def);
    found_.targets.push_back({name.id, id});
    state.sets[i] = set_of({id});
  }

  void capture(const ast::FunctionDef& nested, const State& state, std::vector<std::pair<uint32_t, uint32_t>>& out) {
    for (auto name : analyze_scope(nested).free) {
      int i = local(name);
      if (i < 0) continue;
      out.push_back({static_cast<uint32_t>(i), state.sets[i]});
      found_.captured_later.push_back(
          {nested.name_span, static_cast<uint32_t>(i), static_cast<uint32_t>(found_.defs.size())});
    }
  }

  void expr(const Expr* e, const State& state) {
    if (!e) return;
    switch (e->kind) {
      case ExprKind::Name:
        use(ast::as<ast::Name>(*e), state);
        return;
      case ExprKind::IfExp: {
        auto& i = ast::as<ast::IfExp>(*e);
        Branch branch = branch_of(*i.test, state);
        if (branch != Branch::Both)
          out_.expr_branches[e->id] = branch;
        else
          expr(i.test, state);
        if (branch != Branch::Else) expr(i.body, state);
        if (branch != Branch::Then) expr(i.orelse, state);
        return;
      }
      case ExprKind::BoolOp: {
        auto& b = ast::as<ast::BoolOp>(*e);
        // `and` and `or` give an operand, not its truth: what is marked as decided must be a bool, or have no say.
        if (auto value = decide(*e, state); value && bool_valued(*e)) {  // the whole is decided: nothing is read
          out_.expr_branches[e->id] = *value ? Branch::Then : Branch::Else;
          return;
        }
        for (auto* v : b.values) {
          auto value = decide(*v, state);
          bool decisive = value && *value == (b.op == ast::BoolOpKind::Or);
          bool dropped = value && !decisive && v != b.values.back();
          if (value && (dropped || bool_valued(*v)))
            out_.expr_branches[v->id] = *value ? Branch::Then : Branch::Else;
          else
            expr(v, state);
          if (decisive && bool_valued(*v)) return;  // what follows is never evaluated
        }
        return;
      }
      case ExprKind::Lambda:
        for_each_child(*e, [&](const Expr& child) { expr(&child, state); });
        capture(*ast::as<ast::Lambda>(*e).function, state, found_.lambda_uses[e->id]);
        return;
      default:
        for_each_child(*e, [&](const Expr& child) { expr(&child, state); });
    }
  }

  void target(const Expr& t, State& state, const Expr* value) {
    switch (t.kind) {
      case ExprKind::Name:
        define(ast::as<ast::Name>(t), state, value);
        break;
      case ExprKind::Tuple:
        for (auto* e : ast::as<ast::Tuple>(t).elements) target(*e, state, nullptr);
        break;
      case ExprKind::List:
        for (auto* e : ast::as<ast::ListExpr>(t).elements) target(*e, state, nullptr);
        break;
      case ExprKind::Starred:
        target(*ast::as<ast::Starred>(t).value, state, nullptr);
        break;
      default:
        expr(&t, state);
    }
  }

  // --- statements
  void body(Body statements, State& state) {
    for (const Stmt* s : statements) {
      if (!state.reachable)
        out_.dead.insert(s->id);
      else
        stmt(*s, state);
    }
  }

  void stmt(const Stmt& s, State& state) {
    switch (s.kind) {
      case StmtKind::FunctionDef: {
        auto& f = ast::as<ast::FunctionDef>(s);
        for_each_default(f, [&](const Expr& e) { expr(&e, state); });
        capture(f, state, found_.def_uses[s.id]);
        int i = local(f.name);
        uint32_t id = add({Def::Kind::Target, static_cast<uint32_t>(i), f.name_span});
        found_.def_defs[s.id] = id;
        state.sets[i] = set_of({id});
        break;
      }
      case StmtKind::Return:
        expr(ast::as<ast::Return>(s).value, state);
        state.reachable = false;
        break;
      case StmtKind::Assign: {
        auto& a = ast::as<ast::Assign>(s);
        expr(a.value, state);
        for (auto* t : a.targets) target(*t, state, a.value);
        break;
      }
      case StmtKind::AugAssign: {
        auto& a = ast::as<ast::AugAssign>(s);
        expr(a.target, state), expr(a.value, state);
        if (a.target->kind == ExprKind::Name) define(ast::as<ast::Name>(*a.target), state);
        break;
      }
      case StmtKind::AnnAssign: {
        auto& a = ast::as<ast::AnnAssign>(s);
        if (!a.value) break;
        expr(a.value, state);
        target(*a.target, state, a.value);
        break;
      }
      case StmtKind::For:
        for_loop(ast::as<ast::For>(s), state);
        break;
      case StmtKind::While:
        while_loop(ast::as<ast::While>(s), state);
        break;
      case StmtKind::If:
        if_statement(ast::as<ast::If>(s), state);
        break;
      case StmtKind::ExprStmt:
        expr(ast::as<ast::ExprStmt>(s).value, state);
        break;
      case StmtKind::Raise:
        expr(ast::as<ast::Raise>(s).exception, state);
        state.reachable = false;
        break;
      case StmtKind::Assert: {
        auto& a = ast::as<ast::Assert>(s);
        expr(a.test, state), expr(a.message, state);
        if (decide(*a.test, state) == std::optional(false)) state.reachable = false;
        break;
      }
      case StmtKind::Break:
        if (!loops_.empty()) merge(loops_.back()->breaks, state);
        state.reachable = false;
        break;
      case StmtKind::Continue:
        if (!loops_.empty()) merge(loops_.back()->continues, state);
        state.reachable = false;
        break;
      case StmtKind::Pass:
      case StmtKind::Import:
      case StmtKind::ImportFrom:
      case StmtKind::UnsupportedStmt:
        break;
    }
  }

  void if_statement(const ast::If& s, State& state) {
    Branch branch = branch_of(*s.test, state);
    if (branch == Branch::Both)
      expr(s.test, state);
    else
      out_.branches[s.id] = branch;
    State other = state;
    if (branch == Branch::Else) state.reachable = false, other.reachable = true;
    if (branch == Branch::Then) other.reachable = false;
    body_of_branch(s.body, state, branch != Branch::Else);
    body_of_branch(s.orelse, other, branch != Branch::Then);
    merge(state, other);
  }
  void body_of_branch(Body statements, State& state, bool taken) {
    if (taken) body(statements, state);
  }

  // Phis for all names that the loop assigns.
  std::vector<uint32_t> enter_loop(
      State& state, const std::function<void(const std::function<void(std::string_view, Span)>&)>& each) {
    std::vector<uint32_t> phis;
    std::vector<bool> seen(found_.locals.size());
    each([&](std::string_view name, Span) {
      int i = local(name);
      if (i < 0 || seen[i]) return;
      seen[i] = true;
      Def phi{Def::Kind::Phi, static_cast<uint32_t>(i), {}};
      phi.operands = *found_.sets[state.sets[i]];
      uint32_t id = add(std::move(phi));
      state.sets[i] = set_of({id});
      phis.push_back(id);
    });
    return phis;
  }
  void close_loop(const std::vector<uint32_t>& phis, const State& back) {
    if (!back.reachable) return;
    for (uint32_t id : phis) {
      const DefSet& from = *found_.sets[back.sets[found_.defs[id].local]];
      DefSet both;
      std::set_union(found_.defs[id].operands.begin(), found_.defs[id].operands.end(), from.begin(), from.end(),
                     std::back_inserter(both));
      found_.defs[id].operands = std::move(both);
    }
  }

  void for_loop(const ast::For& s, State& state) {
    expr(s.iter, state);
    auto phis = enter_loop(state, [&](const auto& visit) {
      for_each_target(*s.target, [&](const ast::Name& n) { visit(n.name, n.span); });
      for_each_assigned(s.body, visit);
    });
    State exit = state;
    Loop loop;
    loops_.push_back(&loop);
    target(*s.target, state, nullptr);
    body(s.body, state);
    loops_.pop_back();
    merge(loop.continues, state);
    close_loop(phis, loop.continues);
    body(s.orelse, exit);
    merge(exit, loop.breaks);
    state = exit;
  }

  void while_loop(const ast::While& s, State& state) {
    auto phis = enter_loop(state, [&](const auto& visit) { for_each_assigned(s.body, visit); });
    Branch branch = branch_of(*s.test, state);
    if (branch == Branch::Both)
      expr(s.test, state);
    else
      out_.branches[s.id] = branch;
    State exit = state;
    if (branch == Branch::Then) exit.reachable = false;
    Loop loop;
    if (branch != Branch::Else) {
      loops_.push_back(&loop);
      body(s.body, state);
      loops_.pop_back();
      merge(loop.continues, state);
      close_loop(phis, loop.continues);
    }
    body(s.orelse, exit);  // marked dead where the loop ends by break only
    merge(exit, loop.breaks);
    state = exit;
  }

  const ast::FunctionDef& function_;
  const Scope& scope_;
  const StaticFacts& facts_;
  std::vector<std::string_view> captured_;
  std::unordered_map<std::string_view, int> positions_;  // in found_.locals
  uint32_t param_count_ = 0;
  Reaching found_;
  std::vector<Loop*> loops_;
  Webs out_;
};

}  // namespace

Webs find_webs(const ast::FunctionDef& function, const Scope& scope, const StaticFacts& facts) {
  return Finder(function, scope, facts).run();
}

}  // namespace kjit::sema
