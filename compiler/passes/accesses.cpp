#include "passes/accesses.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "passes/carried.h"
#include "passes/definitions.h"
#include "passes/liveness.h"
#include "passes/variation.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::StmtRef;
using kir::VarId;
using sema::TypeRef;

namespace {

constexpr int kDeepCalls = 12;
constexpr int kMostStatements = 20000;
constexpr size_t kMostAccesses = 600;

struct Guard {
  bool single = false, sometimes = false, patterned = false;
  std::vector<Known> facts;
};

bool leaves(const Block& block) {
  if (block.empty()) return false;
  const StmtKind last = block.back()->kind;
  return last == StmtKind::Continue || last == StmtKind::Break || last == StmtKind::Return || last == StmtKind::Raise;
}

// Whether the block assigns the variable to itself only, as s += x does for an array.
bool only_itself(const Block& block, VarId v) {
  return std::all_of(block.begin(), block.end(), [&](const Stmt* s) {
    const bool stays = s->kind == StmtKind::Assign && s->expr->op == Op::Var && s->expr->var == v;
    if (defines(*s) && s->var == v && !stays) return false;
    return only_itself(s->head, v) && only_itself(s->body, v) && only_itself(s->orelse, v);
  });
}

class Walk {
 public:
  using Decide = std::function<bool(const Stmt&, const LoopAccesses&)>;

  Walk(const kir::Module& module, const kir::Function& f, const Decide& decide)
      : module_(module), function_(&f), decide_(decide) {
    places_.on_load = [this](Place place, source::Span) { record(false, std::move(place)); };
    Atom iteration;
    iteration.kind = Atom::Iteration, iteration.key = "iteration";
    iteration_ = places_.atoms.get(std::move(iteration));
  }
  void run() {
    for (VarId p : function_->params) {
      const kir::Var& v = function_->vars[p];
      set(p, v.type->is_array() ? places_.new_array(v.name, true, {}, v.type->rank)
                                : places_.unknown(v.type, false, false, false));
    }
    block(function_->body);
  }

 private:
  // --- state

  void set(VarId v, ValueRef value) {
    env_[v] = std::move(value);
    places_.changed();
  }
  ValueRef eval(ExprRef e) { return places_.evaluate(env_, e); }
  const kir::Var& var(VarId v) const { return function_->vars[v]; }

  Access& record(bool store, Place place) {
    if (store) places_.stored(place);
    if (!places_.inside || places_.is_private(place)) return nowhere_ = {};
    if (loop_.all.size() >= kMostAccesses) {
      loop_.complete = false;
      return nowhere_ = {};
    }
    Access a;
    a.store = store, a.place = std::move(place), a.where = where_, a.statement = at_;
    for (const Guard& g : guards_)
      a.single = a.single || g.single, a.sometimes = a.sometimes || g.sometimes,
      a.patterned = a.patterned || g.patterned, a.facts.insert(a.facts.end(), g.facts.begin(), g.facts.end());
    loop_.all.push_back(std::move(a));
    return loop_.all.back();
  }
  void load_whole(ExprRef array) {
    const ValueRef v = eval(array);
    if (v->place) record(false, *v->place);
  }
  void store_whole(ExprRef array, const ValueRef& value = nullptr) {
    const ValueRef v = eval(array);
    if (v->place) record(true, *v->place).value = value && !value->varies ? value->key : "";
  }

  // --- control

  void block(const Block& b) {
    const size_t guards = guards_.size();
    for (const StmtRef& s : b) {
      if (++statements_ > kMostStatements) {
        loop_.complete = false;
        break;
      }
      if (depth_ == 0) where_ = s->span;
      if (&b == top_) at_ = static_cast<size_t>(&s - b.data());
      statement(*s);
    }
    guards_.resize(guards);
  }

  // What holds where a condition does, or does not.
  Guard guard(ExprRef e, bool truth) {
    const ValueRef v = eval(e);
    Guard out{false, v->varies, v->varies && v->digits, {}};
    if (places_.inside) places_.assume(env_, e, truth, out.facts);
    if (!v->varies) return {false, false, false, out.facts};
    if (e->op == Op::Not) return guard(e->args[0], !truth);
    if ((e->op == (truth ? Op::AndThen : Op::OrElse)) || (e->op == (truth ? Op::BitAnd : Op::BitOr))) {
      for (ExprRef part : e->args) {
        const Guard g = guard(part, truth);
        out.single = out.single || g.single, out.patterned = out.patterned || g.patterned;
      }
    }
    if (kir::info(e->op).family != kir::Family::Compare || e->args.size() != 2) return out;
    const ValueRef a = eval(e->args[0]), c = eval(e->args[1]);
    if (!a->poly || !c->poly) return out;
    const Poly difference = sum(*a->poly, *c->poly, -1);
    if (has(places_.atoms, difference, Atom::Inner)) out.patterned = true;
    const auto form = affine(places_.atoms, difference);
    const bool picks_one = form && !form->slope.terms.empty() && !has(places_.atoms, form->rest, Atom::Inner) &&
                           !has(places_.atoms, form->rest, Atom::Varying);
    if (picks_one && e->op == (truth ? Op::Eq : Op::Ne)) out.single = true;
    return out;
  }

  void branch(const Stmt& s) {
    const ValueRef test = eval(s.expr);
    const Guard yes = guard(s.expr, true), no = guard(s.expr, false);
    const Env before = env_;
    guards_.push_back(yes);
    block(s.body);
    guards_.back() = no;
    Env taken = std::move(env_);
    env_ = before;
    places_.changed();
    block(s.orelse);
    guards_.pop_back();
    if (leaves(s.body)) {
      if (places_.inside) guards_.push_back(no);
    } else if (leaves(s.orelse)) {
      env_ = std::move(taken);
      if (places_.inside) guards_.push_back(yes);
    } else {
      for (auto& [v, value] : taken) {
        ValueRef& own = env_[v];
        own = own ? places_.merged(value, own, var(v).type, {test->varies, yes.facts, no.facts}) : value;
      }
    }
    places_.changed();
  }

  // Before and after a loop: what it assigns has some value.
  void widen(const Stmt& loop) {
    VarSet written;
    assigned(loop.head, written), assigned(loop.body, written), assigned(loop.orelse, written);
    std::erase_if(written, [&](VarId v) { return var(v).type->is_array() && only_itself(loop.body, v); });
    std::map<VarId, Variation> known;
    if (places_.inside) {
      for (VarId v : written) {
        const auto at = env_.find(v);
        known[v] = at == env_.end() ? Variation{} : variation_of(*at->second);
      }
      const bool control =
          std::any_of(loop.exprs.begin(), loop.exprs.end(), [&](ExprRef e) { return eval(e)->varies; });
      for (int turn = 0; turn < 4; ++turn) {
        const auto before = known;
        vary(loop.head, control, env_, known), vary(loop.body, control, env_, known);
        if (before == known) break;
      }
    }
    VarSet outside;
    if (places_.inside) {
      outside = refer_outside(module_, *function_, loop, [&](VarId v) {
        const auto at = env_.find(v);
        return at != env_.end() && at->second && is_shared(*at->second);
      });
    }
    for (VarId v : written) {
      TypeRef type = var(v).type;
      if (places_.inside) {
        if (outside.contains(v) || type->is_array()) {
          set(v, outside.contains(v) ? foreign(type) : places_.unknown(type, true, false, false));
          continue;
        }
        const Variation f = known[v];  // a value that the iteration does not change: one of several
        set(v, places_.unknown(type, true, f.lossy || !f.varies, f.digits, {}, f.data));
      } else {
        set(v, type->is_array() ? places_.new_array(var(v).name, true, {}, type->rank)
                                : places_.unknown(type, false, false, false));
      }
    }
  }

  bool is_shared(const Value& v) const {
    return (v.place && !places_.is_private(*v.place)) ||
           std::any_of(v.parts.begin(), v.parts.end(), [&](const ValueRef& part) { return part && is_shared(*part); });
  }
  // Arrays, or tuples of them, of which nobody knows whose they are.
  ValueRef foreign(TypeRef type) {
    if (type->is_array()) return places_.foreign_array(type->rank);
    ValueRef plain = places_.unknown(type, true, true, false);
    if (!type->is_tuple()) return plain;
    auto out = std::make_shared<Value>(*plain);
    for (size_t k = 0; k < type->elements.size(); ++k) out->parts[k] = foreign(type->elements[k]);
    return out;
  }

  void count(const Stmt& loop, const Env& before, const Poly& turn) {
    for (const Counter& c : counters(loop)) {
      const auto at = before.find(c.var);
      if (at != before.end() && at->second->poly) set(c.var, places_.of_poly(sum(*at->second->poly, turn, c.step)));
    }
  }
  // The number of a turn of a loop in an iteration.
  Poly turn_of(const Stmt&) {
    Atom atom;
    atom.kind = Atom::Inner, atom.loose = true;
    atom.key = fmt::format("turn {}", ++inner_);
    atom.hi.valid = false;
    const AtomId id = places_.atoms.get(std::move(atom));
    places_.atoms[id].facts = {{Poly::of(id)}};
    return Poly::of(id);
  }

  void serial_for(const Stmt& s) {
    const ValueRef lo = eval(s.exprs[0]), hi = eval(s.exprs[1]), step = eval(s.exprs[2]);
    const Env before = env_;
    widen(s);
    const bool changes_variable = [&] {
      VarSet written;
      assigned(s.body, written);
      return written.contains(s.var);
    }();
    if (!places_.inside || changes_variable || !lo->poly || !hi->poly || !step->poly) {
      set(s.var, places_.unknown(var(s.var).type, places_.inside, true, false));
    } else {
      Atom atom;
      atom.kind = Atom::Inner;
      atom.key = fmt::format("inner {}", ++inner_);
      const Atoms& atoms = places_.atoms;
      atom.lo = likely(atoms, *lo->poly), atom.hi = likely(atoms, *hi->poly);
      const auto by = step->poly->number();
      atom.dense = by && std::abs(*by) == 1;
      atom.loose = !(atom.lo == *lo->poly) || !(atom.hi == *hi->poly);
      if (!by) atom.lo.valid = false;
      if (by && *by < 0) {
        atom.lo = sum(likely(atoms, *hi->poly), Poly::constant(1));
        atom.hi = sum(likely(atoms, *lo->poly), Poly::constant(1));
      }
      if (by) atom.step = *by, atom.from = *lo->poly;
      const AtomId id = places_.atoms.get(std::move(atom));
      const Poly j = Poly::of(id);
      if (by && *by != 0) {
        const ValueRef &least = *by > 0 ? lo : hi, &most = *by > 0 ? hi : lo;
        const Poly one = Poly::constant(1), none;
        auto& facts = places_.atoms[id].facts;
        for (const Poly& p : bounds(*least, true)) facts.push_back({sum(sum(j, p, -1), *by > 0 ? none : one, -1)});
        for (const Poly& p : bounds(*most, false)) facts.push_back({sum(sum(p, j, -1), *by > 0 ? one : none, -1)});
      }
      set(s.var, places_.of_poly(j));
      if (by && std::abs(*by) == 1) count(s, before, product(sum(j, *lo->poly, -1), Poly::constant(*by)));
    }
    block(s.body);
    env_ = before;
    widen(s);
    set(s.var, places_.unknown(var(s.var).type, places_.inside, true, false));
    block(s.orelse);
  }

  // By which variables of the function the loop's arrays can be named before it.
  void find_name(VarId v, const Value& value, const std::vector<uint32_t>& path) {
    if (value.place && value.place->known && !value.place->view)
      loop_.names.emplace(value.place->root, ArrayName{v, path});
    for (uint32_t k = 0; k < value.parts.size(); ++k) {
      std::vector<uint32_t> inner = path;
      inner.push_back(k);
      find_name(v, *value.parts[k], inner);
    }
  }
  static std::vector<Poly> bounds(const Value& v, bool least) {
    const auto& all = least ? v.at_least : v.at_most;
    return all.empty() ? std::vector<Poly>{*v.poly} : all;
  }

  void parallel_for(const Stmt& s) {
    const ValueRef lo = eval(s.exprs[0]), hi = eval(s.exprs[1]), step = eval(s.exprs[2]);
    const Env before = env_;
    const Poly iteration = Poly::of(iteration_);
    loop_ = {};
    loop_.iteration = iteration_;
    loop_.lo = *lo->poly, loop_.hi = *hi->poly, loop_.step = step->poly->number();
    if (const auto distance = sum(*hi->poly, *lo->poly, -1).number(); distance && loop_.step && *loop_.step != 0)
      loop_.trips = std::max<int64_t>(0, (*distance + *loop_.step - (*loop_.step > 0 ? 1 : -1)) / *loop_.step);
    for (const kir::ArrayFold& fold : s.folds) {
      if (const auto at = env_.find(fold.array); at != env_.end() && at->second->place)
        loop_.folded.insert(at->second->place->root);
    }
    for (const auto& [v, value] : before) {
      if (!value) continue;
      find_name(v, *value, {});
      const bool number = var(v).type->is_scalar() && var(v).type->scalar == sema::Scalar::I64;
      if (number && value->poly && v != s.var) loop_.scalars.emplace_back(*value->poly, v);
    }
    places_.inside = true, places_.trips = loop_.trips;
    widen(s);
    set(s.var, places_.of_poly(sum(*lo->poly, product(*step->poly, iteration))));
    top_ = &s.body, at_ = 0;
    block(s.body);
    places_.inside = false, top_ = nullptr;
    loop_.atoms = &places_.atoms, loop_.roots = &places_.roots;
    const bool stays = decide_(s, loop_);
    env_ = before;
    places_.changed();
    if (!stays) return serial_for(s);
    widen(s);
    set(s.var, places_.unknown(var(s.var).type, false, false, false));
    block(s.orelse);
  }

  void while_loop(const Stmt& s) {
    const Env before = env_;
    widen(s);
    if (places_.inside) count(s, before, turn_of(s));
    block(s.head);
    const size_t guards = guards_.size();
    if (places_.inside) guards_.push_back({false, false, false, guard(s.expr, true).facts});
    block(s.body);
    guards_.resize(guards);
    env_ = before;
    widen(s);
    block(s.orelse);
  }

  // --- statements

  void statement(const Stmt& s) {
    switch (s.kind) {
      case StmtKind::If:
        return branch(s);
      case StmtKind::For:
        return s.parallel && !places_.inside && depth_ == 0 ? parallel_for(s) : serial_for(s);
      case StmtKind::While:
        return while_loop(s);
      case StmtKind::Assign:
        return assign(s);
      case StmtKind::Store: {
        const ValueRef array = eval(s.array), value = eval(s.expr);
        record(true, places_.at(env_, *array->place, s.exprs, s.wrap)).value = value->varies ? "" : value->key;
        return places_.changed();
      }
      case StmtKind::FillArray:
        return store_whole(s.array, eval(s.expr));
      case StmtKind::CopyArray:
        load_whole(s.expr);
        return store_whole(s.array);
      case StmtKind::Copy:
        load_whole(s.expr);
        return make(s.var, {});
      case StmtKind::Alloc: {
        std::vector<Poly> extents;
        for (ExprRef e : s.exprs) extents.push_back(*eval(e)->poly);
        return make(s.var, std::move(extents));
      }
      case StmtKind::Map:
      case StmtKind::Reduce:
        return nest(s);
      case StmtKind::Library:
        for (size_t k = 0; k < s.exprs.size(); ++k) {
          const char kind = kir::info(s.library).params[k];
          kind == 'w' ? store_whole(s.exprs[k]) : kind == 'r' ? load_whole(s.exprs[k]) : void(eval(s.exprs[k]));
        }
        return places_.changed();
      case StmtKind::Call:
        return call(s);
      case StmtKind::Return:
        if (s.expr) returned_.push_back(eval(s.expr));
        return;
      default:
        if (s.expr) eval(s.expr);
        for (ExprRef e : s.exprs) eval(e);
        for (const kir::PrintItem& item : s.items) {
          if (item.value) eval(item.value);
        }
    }
  }

  void assign(const Stmt& s) {
    ValueRef value = eval(s.expr);
    const std::string& name = var(s.var).name;
    if (value->place) {
      Root& root = places_.roots[value->place->root];
      const bool lost = !value->place->known || (!places_.inside && !root.shared);
      if (!places_.inside && lost) {
        const std::optional<uint32_t> memory =
            root.shared ? std::optional(root.memory.value_or(value->place->root)) : std::nullopt;
        value = places_.new_array(name, true, {}, s.expr->type->rank);
        places_.roots[value->place->root].memory = memory;
        return set(s.var, std::move(value));
      }
      if (!value->place->view && (root.name.empty() || root.name.starts_with('%'))) root.name = name;
    }
    set(s.var, std::move(value));
  }
  void make(VarId v, std::vector<Poly> extents) {
    const ValueRef made = places_.new_array(var(v).name, !places_.inside, std::move(extents), var(v).type->rank);
    places_.roots[made->place->root].fresh = true;
    set(v, made);
  }

  // Whole-array statements: inputs are read, then the target is written.
  void nest(const Stmt& s) {
    for (ExprRef e : s.exprs) eval(e);
    for (const kir::MapInput& in : s.inputs) {
      load_whole(in.array);
      env_[in.element] = places_.unknown(var(in.element).type, places_.inside, true, false, {}, true);
    }
    places_.changed();
    if (s.init) eval(s.init);
    block(s.body);
    eval(s.expr);
    if (s.array) {
      const ValueRef target = eval(s.array);
      if (!target->place) return;
      record(true, *target->place).whole = s.kind == StmtKind::Map && target->place->known && !target->place->view;
    } else {
      set(s.var, places_.unknown(var(s.var).type, places_.inside, true, false, {}, true));
    }
    places_.changed();
  }

  // --- calls

  void call(const Stmt& s) {
    std::vector<ValueRef> args;
    bool varies = false;
    for (ExprRef e : s.exprs) {
      args.push_back(eval(e));
      varies = varies || args.back()->varies;
      if (const auto& place = args.back()->place) varies = varies || varying(*place);
    }
    const kir::Function& callee = *module_.functions[s.callee];
    ValueRef result;
    const bool known = callee.extern_symbol.empty() && depth_ < kDeepCalls && !callee.recursive;
    if (places_.inside && known) result = inlined(callee, args);
    const auto is_shared = [&](const ValueRef& a) { return a->place && !places_.is_private(*a->place); };
    const bool shared = std::any_of(args.begin(), args.end(), is_shared);
    const bool writes = callee.extern_symbol.empty();
    if (places_.inside && !known) {  // any of what it is given
      for (const ValueRef& a : args) {
        if (!is_shared(a)) continue;
        record(false, *a->place);
        if (writes) record(true, *a->place);
      }
    }
    if (!s.has_var) return places_.changed();
    TypeRef type = var(s.var).type;
    if (places_.inside) {
      const bool data = shared || (!callee.extern_symbol.empty() && !callee.extern_pure) ||
                        std::any_of(args.begin(), args.end(), [](const ValueRef& a) { return a->data || a->place; });
      const bool use = result && (result->poly || result->place || !result->varies);
      if (use) return set(s.var, result);
      if (type->is_array() && shared && !gives_new_) return set(s.var, places_.foreign_array(type->rank));
      set(s.var, places_.unknown(type, varies, varies, false, {}, data));
    } else {
      set(s.var, type->is_array() ? places_.new_array(var(s.var).name, true, {}, type->rank)
                                  : places_.unknown(type, false, false, false));
    }
  }
  bool varying(const Place& place) {
    return std::any_of(place.axes.begin(), place.axes.end(),
                       [&](const AxisPlace& a) { return places_.of_poly(a.first)->varies; });
  }
  // What the function gives back, when there is one place where it returns.
  ValueRef inlined(const kir::Function& callee, const std::vector<ValueRef>& args) {
    const kir::Function* caller = function_;
    Env outer = std::move(env_);
    std::vector<ValueRef> outer_returned = std::move(returned_);
    const std::vector<Guard> guards = guards_;
    env_.clear(), returned_.clear(), places_.changed();
    function_ = &callee;
    for (size_t k = 0; k < callee.params.size() && k < args.size(); ++k) env_[callee.params[k]] = args[k];
    ++depth_;
    block(callee.body);
    --depth_;
    function_ = caller;
    env_ = std::move(outer);
    guards_ = guards;
    places_.changed();
    ValueRef result = returned_.size() == 1 ? returned_[0] : nullptr;
    gives_new_ = std::all_of(returned_.begin(), returned_.end(),
                             [&](const ValueRef& v) { return v->place && places_.is_private(*v->place); });
    returned_ = std::move(outer_returned);
    return result;
  }

  const kir::Module& module_;
  const kir::Function* function_;
  const Decide& decide_;
  Places places_;
  Env env_;
  LoopAccesses loop_;
  Access nowhere_;
  source::Span where_;
  const Block* top_ = nullptr;  // the body of the loop that is looked at,
  size_t at_ = 0;               // and where in it
  std::vector<Guard> guards_;
  std::vector<ValueRef> returned_;
  AtomId iteration_ = 0;
  bool gives_new_ = false;  // the function looked at last returns new arrays only
  int depth_ = 0;
  int statements_ = 0;
  int inner_ = 0;
};

}  // namespace

void for_each_parallel_loop(const kir::Module& module, const kir::Function& function,
                            const std::function<bool(const Stmt&, const LoopAccesses&)>& decide) {
  Walk(module, function, decide).run();
}

}  // namespace kjit::passes
