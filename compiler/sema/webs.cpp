// Reaching definitions over the structured syntax in one pass. A loop head makes a phi for each name that the loop
// assigns, so nothing is visited twice; webs are the classes of definitions that reach a common use, found by
// union-find from the uses backwards through the phis (so versions that meet only where nobody looks stay apart).
#include "sema/webs.h"

#include <algorithm>
#include <map>

namespace kjit::sema {

using ast::Body;
using ast::CompareOp;
using ast::Expr;
using ast::ExprKind;
using ast::Stmt;
using ast::StmtKind;

namespace {

using DefSet = std::vector<uint32_t>;  // sorted

struct Def {
  enum class Kind : uint8_t { Unbound, Param, Target, Phi } kind;
  uint32_t local;
  Span span;
  uint32_t param = 0;           // Param
  const Expr* value = nullptr;  // Target of `name = value`
  DefSet operands = {};         // Phi
  bool used = false;
  bool maybe_unbound = false;  // Phi
};

// Which definitions of each local reach this point. Not reachable: no point at all.
struct State {
  bool reachable = true;
  std::vector<uint32_t> sets;  // by local: number of a DefSet
};

struct Loop {
  State breaks{false, {}};
  State continues{false, {}};
};

// What is known about an operand of a static condition.
struct Known {
  TypeRef type = nullptr;
  bool none = false;
  std::optional<int64_t> integer;
  std::optional<std::string_view> text;
};

class Finder {
 public:
  Finder(const ast::FunctionDef& function, const Scope& scope, const StaticFacts& facts)
      : function_(function), scope_(scope), facts_(facts), captured_(facts.captures) {}

  Webs run() {
    locals_ = captured_;
    for (auto name : scope_.locals) locals_.push_back(name);
    State state;
    for (uint32_t i = 0; i < locals_.size(); ++i) {
      positions_.emplace(locals_[i], static_cast<int>(i));  // a captured name goes first
      defs_.push_back({Def::Kind::Unbound, i, {}});
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
    finish();
    return std::move(out_);
  }

 private:
  int local(std::string_view name) const {
    auto it = positions_.find(name);
    return it == positions_.end() ? -1 : it->second;
  }
  uint32_t add(Def def) {
    defs_.push_back(std::move(def));
    return static_cast<uint32_t>(defs_.size() - 1);
  }
  uint32_t set_of(DefSet set) {
    auto [it, inserted] = set_ids_.emplace(std::move(set), static_cast<uint32_t>(sets_.size()));
    if (inserted) sets_.push_back(&it->first);
    return it->second;
  }
  uint32_t unite(uint32_t a, uint32_t b) {
    if (a == b) return a;
    DefSet both;
    std::set_union(sets_[a]->begin(), sets_[a]->end(), sets_[b]->begin(), sets_[b]->end(), std::back_inserter(both));
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
  const Def* only_definition(const ast::Name& name, const State& state) const {
    int i = local(name.name);
    if (i < 0) return nullptr;
    const DefSet& set = *sets_[state.sets[i]];
    return set.size() == 1 ? &defs_[set[0]] : nullptr;
  }

  Known known(const Expr& e, const State& state) const {
    Known k;
    if (e.kind == ExprKind::Constant) {
      auto& c = ast::as<ast::Constant>(e);
      if (c.value == ast::ConstantKind::None) k.none = true;
      if (c.value == ast::ConstantKind::Str) k.text = c.text;
      if (c.value == ast::ConstantKind::Int && !c.too_big && c.integer <= INT64_MAX)
        k.integer = static_cast<int64_t>(c.integer);
      if (c.value == ast::ConstantKind::True) k.integer = 1;
      if (c.value == ast::ConstantKind::False) k.integer = 0;
    } else if (e.kind == ExprKind::Name) {
      auto& name = ast::as<ast::Name>(e);
      if (local(name.name) >= 0) {
        const Def* def = only_definition(name, state);
        if (!def) return k;
        if (def->kind == Def::Kind::Param) {
          k.type = facts_.param_types[def->param];
          k.none = k.type && k.type->is_none();
          if (k.type && k.type->kind == TypeKind::String) k.text = k.type->text;
        } else if (std::find(facts_.forced.begin(), facts_.forced.end(), name.name) != facts_.forced.end()) {
          return k;
        } else if (def->kind == Def::Kind::Target && def->value && def->value->kind == ExprKind::Constant) {
          k = known(*def->value, state);
        }
      } else if (auto constant = facts_.global(name.name); constant && constant->type) {
        k.type = constant->type;
        k.none = k.type->is_none();
        if (k.type->kind == TypeKind::String) k.text = k.type->text;
        if (constant->is_int()) k.integer = constant->as_int();
      }
    } else if (e.kind == ExprKind::Attribute && ast::as<ast::Attribute>(e).attr == "ndim") {
      Known base = known(*ast::as<ast::Attribute>(e).value, state);
      if (base.type && base.type->is_array()) k.integer = base.type->rank;
    } else if (e.kind == ExprKind::UnaryOp && ast::as<ast::UnaryOp>(e).op == ast::UnaryOpKind::Neg) {
      Known base = known(*ast::as<ast::UnaryOp>(e).operand, state);
      if (base.integer && *base.integer != INT64_MIN) k.integer = -*base.integer;
    }
    return k;
  }

  std::optional<bool> compare(CompareOp op, const Known& a, const Known& b) const {
    if (op == CompareOp::Is || op == CompareOp::IsNot) {
      if (!a.none && !b.none) return std::nullopt;
      const Known& other = a.none ? b : a;
      bool same;
      if (other.none)
        same = true;
      else if (other.integer || other.text || (other.type && !other.type->is_optional() && !other.type->is_unknown()))
        same = false;
      else
        return std::nullopt;
      return same == (op == CompareOp::Is);
    }
    if (a.text && b.text && (op == CompareOp::Eq || op == CompareOp::Ne))
      return (*a.text == *b.text) == (op == CompareOp::Eq);
    if (!a.integer || !b.integer) return std::nullopt;
    switch (op) {
      case CompareOp::Eq:
        return *a.integer == *b.integer;
      case CompareOp::Ne:
        return *a.integer != *b.integer;
      case CompareOp::Lt:
        return *a.integer < *b.integer;
      case CompareOp::Le:
        return *a.integer <= *b.integer;
      case CompareOp::Gt:
        return *a.integer > *b.integer;
      case CompareOp::Ge:
        return *a.integer >= *b.integer;
      default:
        return std::nullopt;
    }
  }

  std::optional<bool> static_bool(const Expr& e, const State& state) const {
    switch (e.kind) {
      case ExprKind::UnaryOp: {
        auto& u = ast::as<ast::UnaryOp>(e);
        if (u.op != ast::UnaryOpKind::Not) return std::nullopt;
        auto inner = static_bool(*u.operand, state);
        return inner ? std::optional(!*inner) : std::nullopt;
      }
      case ExprKind::BoolOp: {  // decided when the decisive operand stands behind decided ones only
        auto& b = ast::as<ast::BoolOp>(e);
        bool decisive = b.op == ast::BoolOpKind::Or;
        for (auto* v : b.values) {
          auto value = static_bool(*v, state);
          if (!value) return std::nullopt;
          if (*value == decisive) return decisive;
        }
        return !decisive;
      }
      case ExprKind::Compare: {
        auto& c = ast::as<ast::Compare>(e);
        if (c.ops.size() != 1) return std::nullopt;
        return compare(c.ops[0], known(*c.left, state), known(*c.comparators[0], state));
      }
      case ExprKind::Call: {
        auto& c = ast::as<ast::Call>(e);
        if (c.func->kind != ExprKind::Name || ast::as<ast::Name>(*c.func).name != "isinstance" || c.args.size() != 2 ||
            local("isinstance") >= 0 || !facts_.isinstance)
          return std::nullopt;
        Known k = known(*c.args[0], state);
        return k.type && !k.type->is_unknown() ? facts_.isinstance(k.type, *c.args[1]) : std::nullopt;
      }
      default: {
        Known k = known(e, state);
        if (k.none) return false;
        if (k.integer) return *k.integer != 0;
        if (k.text) return !k.text->empty();
        return std::nullopt;
      }
    }
  }

  // Whether the value of `e` is its truth.
  static bool bool_valued(const Expr& e) {
    switch (e.kind) {
      case ExprKind::Compare:
        return true;
      case ExprKind::UnaryOp:
        return ast::as<ast::UnaryOp>(e).op == ast::UnaryOpKind::Not;
      case ExprKind::Call:
        return true;  // isinstance() is the only call that is decided
      case ExprKind::Constant: {
        auto value = ast::as<ast::Constant>(e).value;
        return value == ast::ConstantKind::True || value == ast::ConstantKind::False;
      }
      case ExprKind::BoolOp:
        for (auto* v : ast::as<ast::BoolOp>(e).values)
          if (!bool_valued(*v)) return false;
        return true;
      default:
        return false;
    }
  }

  Branch branch_of(const Expr& test, const State& state) const {
    auto value = static_bool(test, state);
    return !value ? Branch::Both : *value ? Branch::Then : Branch::Else;
  }

  // --- uses and definitions
  void use(const ast::Name& name, const State& state) {
    int i = local(name.name);
    if (i >= 0) uses_.push_back({name.id, state.sets[i]});
  }
  void define(const ast::Name& name, State& state, const Expr* value = nullptr) {
    int i = local(name.name);
    Def def{Def::Kind::Target, static_cast<uint32_t>(i), name.span};
    def.value = value;
    uint32_t id = add(def);
    targets_.push_back({name.id, id});
    state.sets[i] = set_of({id});
  }

  void capture(const ast::FunctionDef& nested, const State& state, std::vector<std::pair<uint32_t, uint32_t>>& out) {
    for (auto name : analyze_scope(nested).free) {
      int i = local(name);
      if (i < 0) continue;
      out.push_back({static_cast<uint32_t>(i), state.sets[i]});
      captured_later_.push_back({nested.name_span, static_cast<uint32_t>(i), static_cast<uint32_t>(defs_.size())});
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
        if (auto value = static_bool(*e, state); value && bool_valued(*e)) {  // the whole is decided: nothing is read
          out_.expr_branches[e->id] = *value ? Branch::Then : Branch::Else;
          return;
        }
        for (auto* v : b.values) {
          auto value = static_bool(*v, state);
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
        capture(*ast::as<ast::Lambda>(*e).function, state, lambda_uses_[e->id]);
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
        capture(f, state, def_uses_[s.id]);
        int i = local(f.name);
        uint32_t id = add({Def::Kind::Target, static_cast<uint32_t>(i), f.name_span});
        def_defs_[s.id] = id;
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
        if (static_bool(*a.test, state) == std::optional(false)) state.reachable = false;
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
    std::vector<bool> seen(locals_.size());
    each([&](std::string_view name, Span) {
      int i = local(name);
      if (i < 0 || seen[i]) return;
      seen[i] = true;
      Def phi{Def::Kind::Phi, static_cast<uint32_t>(i), {}};
      phi.operands = *sets_[state.sets[i]];
      uint32_t id = add(std::move(phi));
      state.sets[i] = set_of({id});
      phis.push_back(id);
    });
    return phis;
  }
  void close_loop(const std::vector<uint32_t>& phis, const State& back) {
    if (!back.reachable) return;
    for (uint32_t id : phis) {
      const DefSet& from = *sets_[back.sets[defs_[id].local]];
      DefSet both;
      std::set_union(defs_[id].operands.begin(), defs_[id].operands.end(), from.begin(), from.end(),
                     std::back_inserter(both));
      defs_[id].operands = std::move(both);
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

  // --- webs
  uint32_t find(uint32_t d) {
    while (parent_[d] != d) d = parent_[d] = parent_[parent_[d]];
    return d;
  }
  void join_set(uint32_t set) {
    uint32_t first = kNone;
    for (uint32_t d : *sets_[set]) touch(d, first);
  }
  void touch(uint32_t d, uint32_t& first) {
    if (defs_[d].kind == Def::Kind::Unbound) return;
    if (first == kNone)
      first = d;
    else
      parent_[find(d)] = find(first);
    if (defs_[d].kind == Def::Kind::Phi && !defs_[d].used) work_.push_back(d);
    defs_[d].used = true;
  }

  void spread_unbound() {  // phis that a path without a definition reaches
    for (bool changed = true; changed;) {
      changed = false;
      for (auto& def : defs_) {
        if (def.kind != Def::Kind::Phi || def.maybe_unbound) continue;
        for (uint32_t o : def.operands) {
          if (defs_[o].kind == Def::Kind::Unbound || (defs_[o].kind == Def::Kind::Phi && defs_[o].maybe_unbound)) {
            def.maybe_unbound = changed = true;
            break;
          }
        }
      }
    }
  }
  bool set_unbound(uint32_t set) const {
    return std::any_of(sets_[set]->begin(), sets_[set]->end(),
                       [&](uint32_t d) { return defs_[d].kind == Def::Kind::Unbound || defs_[d].maybe_unbound; });
  }

  uint32_t web_of(uint32_t def) {
    uint32_t root = find(def);
    auto [it, inserted] = web_ids_.emplace(root, static_cast<uint32_t>(out_.webs.size()));
    if (inserted) out_.webs.push_back({locals_[defs_[def].local], {}, 0, false, false});
    return it->second;
  }
  // The web of a set of reaching definitions, kNone when no definition reaches.
  uint32_t web_of_set(uint32_t set) {
    for (uint32_t d : *sets_[set]) {
      if (defs_[d].kind == Def::Kind::Unbound) continue;
      auto it = web_ids_.find(find(d));  // not there: phis of nothing but paths without a definition
      if (it != web_ids_.end()) return it->second;
    }
    return kNone;
  }

  void finish() {
    parent_.resize(defs_.size());
    for (uint32_t i = 0; i < parent_.size(); ++i) parent_[i] = i;
    for (auto& [id, set] : uses_) join_set(set);
    for (auto* table : {&def_uses_, &lambda_uses_})
      for (auto& [id, list] : *table)
        for (auto& [name, set] : list) join_set(set);
    while (!work_.empty()) {
      uint32_t phi = work_.back();
      work_.pop_back();
      uint32_t first = phi;
      for (uint32_t o : defs_[phi].operands) touch(o, first);
    }
    spread_unbound();
    number();
  }

  void number() {
    for (uint32_t d = 0; d < defs_.size(); ++d) {  // in order of the text: parameters first
      const Def& def = defs_[d];
      if (def.kind != Def::Kind::Param && def.kind != Def::Kind::Target) continue;
      Web& web = out_.webs[web_of(d)];
      if (!web.definitions++) web.first_definition = def.span;
      web.is_param |= def.kind == Def::Kind::Param;
      if (def.kind == Def::Kind::Param) out_.params.push_back(web_of(d));
    }
    for (auto& [expr_id, def] : targets_) out_.definitions[expr_id] = web_of(def);
    for (auto& [stmt_id, def] : def_defs_) out_.def_webs[stmt_id] = web_of(def);
    for (auto& [expr_id, set] : uses_) {
      uint32_t web = web_of_set(set);
      if (web == kNone) {
        out_.unbound.insert(expr_id);
        continue;
      }
      out_.uses[expr_id] = web;
      if (set_unbound(set)) out_.maybe_unbound.insert(expr_id), out_.webs[web].maybe_unbound = true;
    }
    auto captures = [&](auto& from, auto& to) {
      for (auto& [id, list] : from)
        for (auto& [name, set] : list) to[id].push_back(web_of_set(set));
    };
    captures(def_uses_, out_.def_captures);
    captures(lambda_uses_, out_.lambda_captures);
    for (auto& [span, name, count] : captured_later_) {
      for (uint32_t d = count; d < defs_.size(); ++d)
        if (defs_[d].local == name && defs_[d].kind == Def::Kind::Target) {
          out_.rebound_captures.push_back({defs_[d].span, locals_[name]});
          break;
        }
    }
  }

  struct CapturedLater {
    Span span;
    uint32_t local;
    uint32_t def_count;
  };

  const ast::FunctionDef& function_;
  const Scope& scope_;
  const StaticFacts& facts_;
  std::vector<std::string_view> captured_, locals_;
  std::unordered_map<std::string_view, int> positions_;  // in locals_
  uint32_t param_count_ = 0;
  std::vector<Def> defs_;
  std::map<DefSet, uint32_t> set_ids_;
  std::vector<const DefSet*> sets_;
  std::vector<std::pair<uint32_t, uint32_t>> uses_;     // expr id, set
  std::vector<std::pair<uint32_t, uint32_t>> targets_;  // expr id, def
  std::unordered_map<uint32_t, std::vector<std::pair<uint32_t, uint32_t>>> def_uses_, lambda_uses_;
  std::unordered_map<uint32_t, uint32_t> def_defs_;
  std::vector<CapturedLater> captured_later_;
  std::vector<Loop*> loops_;
  std::vector<uint32_t> parent_, work_;
  std::unordered_map<uint32_t, uint32_t> web_ids_;
  Webs out_;
};

}  // namespace

Webs find_webs(const ast::FunctionDef& function, const Scope& scope, const StaticFacts& facts) {
  return Finder(function, scope, facts).run();
}

}  // namespace kjit::sema
