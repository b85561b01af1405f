#include "passes/nest.h"

#include <fmt/format.h>

#include <algorithm>

#include "passes/definitions.h"
#include "passes/joinable.h"
#include "passes/nest_axes.h"
#include "passes/nest_loops.h"
#include "passes/origins.h"
#include "passes/outline.h"
#include "passes/points.h"
#include "passes/shared_views.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using kirgen::Builder;
using sema::Layout;
using sema::TypeRef;

namespace {

class Nest {
 public:
  Nest(sema::TypeContext& types, kir::Module& module, kir::Function& f, std::vector<Remark>* remarks)
      : b_(types, f),
        module_(module),
        remarks_(remarks),
        definitions_(f),
        origins_(b_, definitions_),
        axes_(b_, origins_),
        joinable_(f),
        points_(f) {}

  void run() {
    walk(b_.function.body);
    for (auto& f : made_) module_.functions.push_back(std::move(f));
  }

 private:
  // --- statements

  void walk(Block& block) {
    Block out;
    const size_t block_start = definitions_.enter_block();
    for (size_t i = 0; i < block.size(); ++i) {
      if (b_.function.parallel && !in_region_) {
        b_.block = &out;
        block[i] = moved_by_loops(block[i]);
      }
      Stmt* s = block[i];
      if (s->kind == StmtKind::Map || s->kind == StmtKind::Reduce) {
        b_.block = &out;
        b_.span = s->span;
        definitions_.pass(*s);
        const Joined joined = joined_from(block, i);
        b_.block = &out;
        taken_ = 0;
        const size_t before = out.size();
        if (joined.members.size() > 1) {
          join(joined);
          i = joined.last;
          continue;
        }
        s->kind == StmtKind::Map ? map(*s) : reduce(*s);
        for (size_t k = before - taken_; k < out.size(); ++k) set_brief(*out[k]);
        continue;
      }
      if (s->kind == StmtKind::For) definitions_.pass(*s);
      const bool outer = in_region_;
      in_region_ = in_region_ || (s->kind == StmtKind::For && s->parallel);
      walk(s->head), walk(s->body), walk(s->orelse);
      in_region_ = outer;
      definitions_.pass(*s);
      out.push_back(s);
    }
    definitions_.leave_block(block_start);
    block = std::move(out);
  }

  // Copies and fills as statements over all elements, which may run on several threads.
  Stmt* moved_by_loops(Stmt* s) {
    const bool makes = s->kind == StmtKind::Copy || (s->kind == StmtKind::Alloc && s->fill == kir::Fill::Value);
    if (!makes && s->kind != StmtKind::CopyArray && s->kind != StmtKind::FillArray) return s;
    const TypeRef type = makes ? b_.function.vars[s->var].type : s->array->type;
    if (type->rank == 0) return s;
    b_.span = s->span;
    const bool copies = s->kind == StmtKind::Copy || s->kind == StmtKind::CopyArray;
    const ExprRef value = copies ? held(s->expr) : b_.reuse(s->expr);
    if (makes) {
      Stmt* made = b_.stmt(StmtKind::Alloc);
      made->var = s->var;
      for (uint32_t k = 0; k < type->rank; ++k) made->exprs.push_back(copies ? b_.dim(value, k) : s->exprs[k]);
      definitions_.pass(*made);
    }
    Stmt* map = b_.function.new_stmt(StmtKind::Map, s->span);
    map->array = makes ? b_.var(s->var) : s->array;
    map->fresh = makes;
    TypeRef element = b_.types.scalar(type->scalar);
    if (copies) {
      const VarId from = b_.temp(b_.types.scalar(value->type->scalar), "%x");
      map->inputs.push_back({from, value});
      map->expr = b_.cast(b_.var(from), element);
    } else {
      map->expr = b_.cast(value, element);
    }
    for (uint32_t k = 0; k < type->rank; ++k) map->exprs.push_back(b_.dim(map->array, k));
    return map;
  }

  static void set_brief(Stmt& s) {
    s.brief = s.kind == StmtKind::For;
    for (Block* block : {&s.head, &s.body, &s.orelse}) {
      for (Stmt* each : *block) set_brief(*each);
    }
  }

  ExprRef held(ExprRef array) {
    return array->op == Op::Var || array->op == Op::ConstArray ? array : b_.var(b_.spill(array));
  }

  std::vector<NestInput> inputs_of(const Stmt& s, bool in_variables = true) {
    std::vector<NestInput> out;
    for (const kir::MapInput& in : s.inputs) {
      NestInput input{in.element, nullptr, {}, {}};
      for (uint32_t k = 0; k < in.array->type->rank; ++k) {
        input.repeated.push_back(axes_.at_most_one(origins_.length(in.array, k)));
      }
      input.array = in_variables ? held(in.array) : in.array;
      out.push_back(std::move(input));
    }
    return out;
  }

  // Checks just before the statement that cannot fail where every input has the extents: taken away, in their order.
  Block take_checks(const std::vector<Axis>& axes, ExprRef target) {
    Block& block = *b_.block;
    Block taken;
    for (size_t i = block.size(); i-- > 0;) {
      const Stmt& s = *block[i];
      if (s.kind == StmtKind::Assign && b_.function.vars[s.var].name.starts_with('%')) continue;
      if (s.kind == StmtKind::Alloc && target && target->op == Op::Var && s.var == target->var) continue;
      if (s.kind != StmtKind::Check) break;
      if (!axes_.implies(axes, s)) break;
      taken.insert(taken.begin(), block[i]);
      block.erase(block.begin() + static_cast<ptrdiff_t>(i));
      ++taken_;
    }
    return taken;
  }

  // if condition: fast(), else general(), which goes into a function of its own and may set `result`.
  template <typename F, typename G>
  void fast_or_general(ExprRef condition, Block checks, F fast, G general, std::optional<VarId> result = {}) {
    if (b_.is_const(condition)) {
      b_.block->insert(b_.block->end(), checks.begin(), checks.end());
      return condition->constant.i != 0 ? fast() : general();
    }
    Stmt* choice = b_.stmt(StmtKind::If);
    choice->expr = condition;
    b_.with_block(choice->body, fast);
    b_.with_block(choice->orelse, [&] { call_general(std::move(checks), general, result); });
  }
  // A call of a function of its own with the checks and the general form.
  template <typename G>
  void call_general(Block checks, G general, std::optional<VarId> result) {
    b_.with_block(checks, general);
    kir::Function& f = b_.function;
    Outlined out = outline(b_.types, f, f.symbol + ".general." + std::to_string(++outlined_), checks, result);
    Stmt* call = b_.stmt(StmtKind::Call);
    call->callee = static_cast<uint32_t>(module_.functions.size() + made_.size());
    for (VarId v : out.arguments) call->exprs.push_back(b_.var(v));
    call->has_var = result.has_value();
    if (result) call->var = *result;
    made_.push_back(std::move(out.function));
  }

  ExprRef either(ExprRef a, ExprRef b) {
    if (b_.is_const(a)) return a->constant.i != 0 ? a : b;
    if (b_.is_const(b)) return b->constant.i != 0 ? b : a;
    return b_.binary(Op::BitOr, a, b);
  }
  // The extents of a nest: where it is plain, those that are known best.
  static std::vector<ExprRef> extents_of(const Stmt& s, const std::vector<Axis>& axes, bool plain) {
    if (!plain) return s.exprs;
    std::vector<ExprRef> out;
    for (const Axis& axis : axes) out.push_back(axis.extent);
    return out;
  }

  template <typename F, typename G>
  void choose(ExprRef condition, F yes, G no) {
    if (b_.is_const(condition)) return condition->constant.i != 0 ? yes() : no();
    Stmt* s = b_.stmt(StmtKind::If);
    s->expr = condition;
    b_.with_block(s->body, yes);
    b_.with_block(s->orelse, no);
  }

  // --- Map

  ExprRef views_meet(ExprRef a, ExprRef c) { return may_meet(b_, origins_, axes_, a, c); }

  template <typename F>
  void into_temporary(const Stmt& s, ExprRef target, F nest) {
    TypeRef type = b_.types.array(target->type->scalar, target->type->rank, Layout::C);
    const ExprRef made = b_.var(b_.alloc(type, s.exprs, kir::Fill::None));
    nest(made);
    Stmt* copy = b_.stmt(StmtKind::CopyArray);
    copy->array = target;
    copy->expr = made;
  }

  void map(const Stmt& s) {
    const std::vector<NestInput> inputs = inputs_of(s);
    const ExprRef target = held(s.array);
    const std::vector<Axis> axes = axes_.of(s, inputs);
    const ExprRef plain = axes_.is_plain(axes);
    const auto nest = [&](ExprRef into, bool is_plain_nest) {
      store_nest(b_, s, extents_of(s, axes, is_plain_nest), into, inputs, is_plain_nest);
    };
    if (s.fresh) {
      return fast_or_general(
          plain, take_checks(axes, target), [&] { nest(target, true); }, [&] { nest(target, false); });
    }
    ExprRef shared = b_.const_bool(false);  // with arrays that may be another's memory
    ExprRef meet = b_.const_bool(false);    // with views of the array that is written
    const ExprRef target_base = origins_.base(s.array);
    for (size_t i = 0; i < inputs.size(); ++i) {
      const ExprRef array = s.inputs[i].array;
      if (same(inputs[i].array, target) || same(origins_.resolved(array), origins_.resolved(s.array))) continue;
      const ExprRef input_base = origins_.base(array);
      if (target_base && input_base && same(target_base, input_base)) {
        meet = either(meet, views_meet(s.array, array));
      } else if (points_.may_share(s.array, array)) {
        shared = either(shared, b_.node(Op::Overlaps, b_.types.boolean(), {target, inputs[i].array}));
      }
    }
    const auto through_temporary = [&](bool is_plain_nest) {
      into_temporary(s, target, [&](ExprRef made) { nest(made, is_plain_nest); });
    };
    const ExprRef apart = axes_.both(plain, b_.unary(Op::Not, shared), Op::BitAnd, 1);
    fast_or_general(
        apart, take_checks(axes, target),
        [&] { choose(meet, [&] { through_temporary(true); }, [&] { nest(target, true); }); },
        [&] { through_temporary(false); });
  }

  // --- Reduce

  void reduce(const Stmt& s) {
    const std::vector<NestInput> inputs = inputs_of(s);
    const std::vector<Axis> axes = axes_.of(s, inputs);
    const auto nest = [&](bool plain) { fold_nest(b_, s, extents_of(s, axes, plain), inputs, plain); };
    fast_or_general(
        axes_.is_plain(axes), take_checks(axes, s.array), [&] { nest(true); }, [&] { nest(false); },
        s.array ? std::optional<VarId>() : s.var);
  }

  // --- several statements in one nest

  static constexpr size_t kMostMembers = 10;
  static constexpr size_t kMostSums = 4;  // each is written down nine times
  static constexpr size_t kMostOverlaps = 12;

  // Statements of one block that share a nest, and what goes before them.
  struct Joined {
    Block members;
    std::vector<Block> checks;  // by member: those just before it that plain operands imply; none for the first
    Block before;
    std::vector<Axis> axes;  // of all
    size_t last = 0;         // where the last member stands
    Block after;             // what stands between members and goes behind them
  };

  bool is_new(ExprRef base) {
    const Stmt* made = base ? definitions_.only(base->var) : nullptr;
    return made && made->kind == StmtKind::Alloc;
  }
  bool is_surely(ExprRef condition) { return b_.is_const(condition) && condition->constant.i != 0; }
  bool is_same_array(ExprRef a, ExprRef c) { return same(origins_.resolved(a), origins_.resolved(c)); }

  // Whether what the statement writes may be memory of the array at another index. Constant: known.
  ExprRef sharing(const Stmt& writer, ExprRef array) {
    if (writer.kind != StmtKind::Map || is_same_array(writer.array, array)) return b_.const_bool(false);
    const ExprRef written = origins_.base(writer.array), base = origins_.base(array);
    if (written && base && same(written, base)) {
      const ExprRef meet = views_meet(writer.array, array);
      return meet->op == Op::Overlaps ? b_.const_bool(true) : meet;  // slices: most often shifted against each other
    }
    if (writer.fresh || !points_.may_share(writer.array, array)) return b_.const_bool(false);
    return b_.node(Op::Overlaps, b_.types.boolean(), {held(writer.array), held(array)});
  }
  // Everything that the members' order of reading and writing depends on.
  std::vector<ExprRef> hazards(const Block& members) {
    std::vector<ExprRef> out;
    const auto add = [&](ExprRef condition) {
      if (b_.is_const(condition) && condition->constant.i == 0) return;
      if (std::none_of(out.begin(), out.end(), [&](ExprRef c) { return same(c, condition); })) out.push_back(condition);
    };
    for (const Stmt* writer : members) {
      for (const Stmt* other : members) {
        for (const kir::MapInput& in : other->inputs) add(sharing(*writer, in.array));
        if (other != writer && other->kind == StmtKind::Map) add(sharing(*writer, other->array));
      }
    }
    return out;
  }

  // Whether exceptions may show what the statement wrote.
  bool is_visible(const Stmt& s) { return s.kind == StmtKind::Map && !s.fresh && !is_new(origins_.base(s.array)); }

  // Whether an input is what a member makes, element for element; of another type it is not taken over.
  bool takes_over(const Stmt& reader, const Block& members) {
    for (const kir::MapInput& in : reader.inputs) {
      for (const Stmt* m : members) {
        if (m->kind != StmtKind::Map || !is_same_array(m->array, in.array)) continue;
        if (b_.function.vars[in.element].type != m->expr->type) return false;
        for (uint32_t k = 0; k < in.array->type->rank; ++k) {
          if (axes_.at_most_one(origins_.length(in.array, k))) return false;
        }
      }
    }
    return true;
  }

  // Whether all operands have rows one after the other, so that a sum's stretches go over the ends of rows.
  bool is_in_line(const Stmt& s) {
    const size_t rank = s.exprs.size();
    return rank == 1 || std::all_of(s.inputs.begin(), s.inputs.end(), [&](const kir::MapInput& in) {
             bool whole = in.array->type->rank == rank && in.array->type->layout == Layout::C;
             for (uint32_t k = 0; whole && k < rank; ++k) whole = !axes_.at_most_one(origins_.length(in.array, k));
             return whole;
           });
  }

  // The statements from block[at] on that can share one nest. Sums of floats share one with each other only.
  Joined joined_from(const Block& block, size_t at) {
    Joined out{{block[at]}, {{}}, {}, {}, at, {}};
    Block scratch;  // what asking spills into
    b_.block = &scratch;
    // Options may leave some sorts of statements on the calling thread, and others not.
    if (b_.function.serial_parts != 0 || !joinable_.has_form(*block[at])) return out;
    bool visible = is_visible(*block[at]);
    const bool pairwise = joinable_.is_pairwise(*block[at]);
    if (pairwise && !is_in_line(*block[at])) return out;
    Block waiting, later;
    for (size_t k = at + 1; k < block.size() && out.members.size() < (pairwise ? kMostSums : kMostMembers); ++k) {
      Stmt* s = block[k];
      const bool waits =
          std::any_of(later.begin(), later.end(), [&](const Stmt* l) { return Joinable::depend(*l, *s); });
      if (s->kind != StmtKind::Map && s->kind != StmtKind::Reduce) {
        const bool behind = waits || Joinable::reads_result(*s, out.members);
        if (behind ? !Joinable::can_wait(*s) : !joinable_.moves(*s, out.members)) break;
        definitions_.pass(*s);
        (behind ? later : waiting).push_back(s);
        continue;
      }
      if (waits || s->exprs.size() != block[at]->exprs.size() || !joinable_.has_form(*s) ||
          joinable_.reads_result(*s, out.members) || joinable_.is_pairwise(*s) != pairwise ||
          (pairwise && !is_in_line(*s))) {
        break;
      }
      if (out.axes.empty()) out.axes = axes_.of(*block[at], inputs_of(*block[at], false));
      const std::vector<Axis> more = axes_.of(*s, inputs_of(*s, false));
      bool fits = takes_over(*s, out.members);
      for (size_t axis = 0; axis < more.size(); ++axis) fits = fits && axes_.meet(out.axes[axis], more[axis]);
      Block members = out.members;
      members.push_back(s);
      fits = fits && takes_over(*block[at], members);
      std::vector<Axis> axes = out.axes;
      if (fits) axes_.merge(axes, more, members);
      Block checks, before;
      for (Stmt* w : waiting) {
        const bool implied = w->kind == StmtKind::Check && axes_.implies(axes, *w);
        if (w->kind == StmtKind::Check && !implied && visible) fits = false;
        (implied ? checks : before).push_back(w);
      }
      if (!fits) break;
      const std::vector<ExprRef> conditions = hazards(members);
      if (conditions.size() > kMostOverlaps ||
          std::any_of(conditions.begin(), conditions.end(), [&](ExprRef c) { return is_surely(c); })) {
        break;
      }
      definitions_.pass(*s);
      out.members = std::move(members), out.axes = std::move(axes), out.last = k;
      out.checks.push_back(std::move(checks));
      out.before.insert(out.before.end(), before.begin(), before.end());
      out.after = later;
      visible = visible || is_visible(*s);
      waiting.clear();
    }
    return out;
  }

  std::vector<NestMember> members_of(const Joined& joined) {
    std::vector<NestMember> out;
    for (const Stmt* s : joined.members) {
      NestMember member{s, s->kind == StmtKind::Map ? held(s->array) : nullptr, inputs_of(*s), {}};
      for (const kir::MapInput& in : s->inputs) {
        int made_by = -1;
        for (size_t k = 0; k < out.size(); ++k) {
          const Stmt* m = joined.members[k];
          if (m->kind == StmtKind::Map && is_same_array(m->array, in.array)) made_by = static_cast<int>(k);
        }
        member.made_by.push_back(made_by);
      }
      member.stored = !joinable_.is_private(*s, joined.members);
      for (NestMember& m : out) {  // what is written twice, is read here between
        if (member.target && m.target && is_same_array(m.target, member.target)) m.stored = false;
      }
      out.push_back(std::move(member));
    }
    return out;
  }
  // Takes the allocations of arrays that only the general forms need out of the block.
  Block take_allocations(Block& block, const Block& members) {
    Block taken;
    const auto is_private = [&](const Stmt* s) {
      return s->kind == StmtKind::Alloc && std::any_of(members.begin(), members.end(), [&](const Stmt* m) {
               return joinable_.is_private(*m, members) && m->array->var == s->var;
             });
    };
    std::copy_if(block.begin(), block.end(), std::back_inserter(taken), is_private);
    std::erase_if(block, is_private);
    return taken;
  }

  void report(const Joined& joined, const std::vector<NestMember>& members) {
    const source::SourceFilePtr& file = b_.function.file;
    if (!remarks_ || !file) return;
    const uint32_t line = file->line_column(joined.members[0]->span.begin).line;
    for (size_t k = 0; k < members.size(); ++k) {
      const kir::Span span = joined.members[k]->span;
      const auto is_kept = [&](const Remark& r) { return r.kind == Remark::Kept && r.span.begin == span.begin; };
      const bool is_private = joinable_.is_private(*joined.members[k], joined.members);
      if (is_private) std::erase_if(*remarks_, is_kept);
      std::string text = is_private ? "an array that only statements of its loop read is not stored" : "";
      if (k > 0) text = fmt::format("shares the loop of line {}{}", line, is_private ? " and is not stored" : "");
      if (!text.empty()) remarks_->push_back({Remark::Fused, file, span, std::move(text)});
    }
  }

  void join(const Joined& joined) {
    Block checks = take_checks(joined.axes, joined.members[0]->array);
    b_.block->insert(b_.block->end(), joined.before.begin(), joined.before.end());
    const std::vector<NestMember> members = members_of(joined);
    report(joined, members);
    ExprRef apart = axes_.is_plain(joined.axes);
    for (ExprRef condition : hazards(joined.members))
      apart = axes_.both(apart, b_.unary(Op::Not, condition), Op::BitAnd, 1);
    Block allocations = take_allocations(*b_.block, joined.members);
    const size_t before = b_.block->size();
    if (b_.is_const(apart)) {
      b_.block->insert(b_.block->end(), checks.begin(), checks.end());
      for (const Block& more : joined.checks) b_.block->insert(b_.block->end(), more.begin(), more.end());
    }
    std::vector<ExprRef> extents;
    for (const Axis& axis : joined.axes) extents.push_back(axis.extent);
    choose(
        apart, [&] { joined_nest(b_, members, extents); },
        [&] {
          b_.block->insert(b_.block->end(), allocations.begin(), allocations.end());
          for (size_t k = 0; k < members.size(); ++k) {
            const Stmt& s = *joined.members[k];
            const auto general = [&] {
              if (s.kind == StmtKind::Reduce) return fold_nest(b_, s, s.exprs, members[k].inputs, false);
              const auto nest = [&](ExprRef into) { store_nest(b_, s, s.exprs, into, members[k].inputs, false); };
              s.fresh ? nest(members[k].target) : into_temporary(s, members[k].target, nest);
            };
            call_general(k == 0 ? checks : joined.checks[k], general,
                         s.kind == StmtKind::Reduce ? std::optional<VarId>(s.var) : std::nullopt);
          }
        });
    for (size_t k = before; k < b_.block->size(); ++k) set_brief(*(*b_.block)[k]);
    b_.block->insert(b_.block->end(), joined.after.begin(), joined.after.end());
  }

  Builder b_;
  kir::Module& module_;
  std::vector<Remark>* remarks_;                      // null: nobody asks
  std::vector<std::unique_ptr<kir::Function>> made_;  // by outlining
  int outlined_ = 0;
  bool in_region_ = false;
  size_t taken_ = 0;         // checks, for the statement at hand
  Definitions definitions_;  // of the variables that were there before
  Origins origins_;
  Axes axes_;
  Joinable joinable_;
  Points points_;
};

}  // namespace

void nest(sema::TypeContext& types, kir::Module& module) {
  const size_t count = module.functions.size();
  for (size_t i = 0; i < count; ++i) Nest(types, module, *module.functions[i], nullptr).run();
}

void nest(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks) {
  const size_t count = module.functions.size();
  for (size_t i = 0; i < count; ++i) {
    Nest(types, module, *module.functions[i], module.functions[i]->library ? nullptr : &remarks).run();
  }
}

}  // namespace kjit::passes
