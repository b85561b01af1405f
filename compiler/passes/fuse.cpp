#include "passes/fuse.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "kirgen/builder.h"
#include "passes/definitions.h"

namespace kjit::passes {

using kir::Block;
using kir::Expr;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

// How often a variable occurs, by what is asked of it.
struct Uses {
  int allocs = 0;   // Alloc without a fill
  int targets = 0;  // Map writes it, fresh
  int inputs = 0;   // Map or Reduce reads its elements
  int others = 0;   // anything but a length
  int lengths = 0;
  int defined = 0;  // every definition
};

class Fuse {
 public:
  Fuse(sema::TypeContext& types, kir::Function& f, std::vector<Remark>* remarks)
      : b_(types, f), f_(f), remarks_(remarks) {}

  void run() {
    count();
    name_results(f_.body);
    count();
    fuse_block(f_.body);
    if (remarks_) report(f_.body);
  }

 private:
  // --- uses

  void count() {
    uses_.assign(f_.vars.size(), {});
    temporaries_.assign(f_.vars.size(), nullptr);
    definitions_.assign(f_.vars.size(), nullptr);
    for (VarId p : f_.params) ++uses_[p].defined;
    count(f_.body);
  }
  void count(ExprRef e, bool length_only = false) {
    if (!e) return;
    if (e->op == Op::Var) ++(length_only ? uses_[e->var].lengths : uses_[e->var].others);
    const bool asks_length = e->op == Op::Dim || e->op == Op::Size;
    for (ExprRef a : e->args) count(a, asks_length && a->op == Op::Var);
  }
  void count(const Block& block) {
    for (const Stmt* s : block) {
      if (defines(*s)) ++uses_[s->var].defined, definitions_[s->var] = s;
      if (s->kind == StmtKind::Assign && f_.vars[s->var].name.starts_with('%')) temporaries_[s->var] = s->expr;
      if (s->kind == StmtKind::Alloc && s->fill == kir::Fill::None && s->memory == kir::Memory::Own)
        ++uses_[s->var].allocs;
      if (s->kind == StmtKind::Map && s->fresh && s->array->op == Op::Var) {
        ++uses_[s->array->var].targets;
      } else {
        count(s->array);
      }
      for (const kir::MapInput& in : s->inputs) {
        if (in.array->op == Op::Var) {
          ++uses_[in.array->var].inputs;
        } else {
          count(in.array);
        }
      }
      for (ExprRef e : s->exprs) count(e);
      for (const kir::PrintItem& item : s->items) count(item.value);
      count(s->expr), count(s->init);
      count(s->head), count(s->body), count(s->orelse);
    }
  }
  // --- t = a * b makes the array under the name t: alloc %new; map %new; t = %new  becomes  alloc t; map t

  void name_results(Block& block) {
    for (size_t i = 0; i + 2 < block.size(); ++i) {
      Stmt* alloc = block[i];
      Stmt* map = block[i + 1];
      Stmt* assign = block[i + 2];
      if (alloc->kind != StmtKind::Alloc || map->kind != StmtKind::Map || !map->fresh ||
          assign->kind != StmtKind::Assign || assign->expr->op != Op::Var || assign->expr->var != alloc->var ||
          map->array->op != Op::Var || map->array->var != alloc->var) {
        continue;
      }
      const VarId from = alloc->var, to = assign->var;
      const Uses& u = uses_[from];
      const bool only_here = u.allocs == 1 && u.targets == 1 && u.inputs == 0 && u.others == 1;
      if (!only_here || uses_[to].defined != 1 || f_.vars[to].type != f_.vars[from].type || mentions_var(*map, to))
        continue;
      alloc->var = to;
      map->array = b_.var(to);
      block.erase(block.begin() + static_cast<ptrdiff_t>(i) + 2);
    }
    for (Stmt* s : block) name_results(s->head), name_results(s->body), name_results(s->orelse);
  }

  // --- what is in the way

  static bool mentions(ExprRef e, const std::set<VarId>& vars) {
    if (!e) return false;
    if (e->op == Op::Var && vars.contains(e->var)) return true;
    return std::any_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return mentions(a, vars); });
  }
  static bool mentions(const Stmt& s, const std::set<VarId>& vars) {
    const auto in = [&](ExprRef e) { return mentions(e, vars); };
    return in(s.expr) || in(s.array) || in(s.init) || std::any_of(s.exprs.begin(), s.exprs.end(), in) ||
           std::any_of(s.inputs.begin(), s.inputs.end(), [&](const kir::MapInput& i) { return in(i.array); }) ||
           std::any_of(s.items.begin(), s.items.end(), [&](const kir::PrintItem& i) { return in(i.value); }) ||
           mentions(s.head, vars) || mentions(s.body, vars) || mentions(s.orelse, vars);
  }
  static bool mentions(const Block& block, const std::set<VarId>& vars) {
    return std::any_of(block.begin(), block.end(), [&](const Stmt* s) { return mentions(*s, vars); });
  }
  static bool mentions_var(const Stmt& s, VarId var) { return mentions(s, std::set<VarId>{var}); }

  // The variable whose memory an array is part of: one that a single statement makes, or a parameter; none: unknown.
  std::optional<VarId> origin(ExprRef e) const {
    for (;;) {
      while (e->op == Op::View || e->op == Op::Transpose || e->op == Op::MakeView) e = e->args[0];
      if (e->op != Op::Var || uses_[e->var].defined != 1) return {};
      const Stmt* made = definitions_[e->var];
      if (!made || made->kind == StmtKind::Alloc || made->kind == StmtKind::Copy) return e->var;
      if (made->kind != StmtKind::Assign) return {};
      e = made->expr;
    }
  }
  // Whether two arrays may share memory. Two parameters may; what a statement of this function made is nobody else's.
  bool may_share(ExprRef a, ExprRef c) const {
    const std::optional<VarId> x = origin(a), y = origin(c);
    return !x || !y || *x == *y || (!definitions_[*x] && !definitions_[*y]);
  }
  static void add_loads(ExprRef e, std::vector<ExprRef>& out) {
    if (!e) return;
    if (e->op == Op::Load) out.push_back(e->args[0]);
    for (ExprRef a : e->args) add_loads(a, out);
  }
  static void add_loads(const Block& block, std::vector<ExprRef>& out) {
    for (const Stmt* s : block) add_loads(s->expr, out), add_loads(s->body, out), add_loads(s->orelse, out);
  }
  // The arrays whose elements a Map reads.
  static std::vector<ExprRef> read_by(const Stmt& map) {
    std::vector<ExprRef> out;
    for (const kir::MapInput& in : map.inputs) out.push_back(in.array);
    add_loads(map.expr, out), add_loads(map.body, out);
    return out;
  }

  // Whether the statement may write memory of one of the arrays.
  bool writes(const Stmt& s, const std::vector<ExprRef>& arrays) const {
    const auto shared = [&](ExprRef a) { return may_share(s.array, a); };
    switch (s.kind) {
      case StmtKind::Store:
      case StmtKind::FillArray:
      case StmtKind::CopyArray:
        return std::any_of(arrays.begin(), arrays.end(), shared);
      case StmtKind::Call:
      case StmtKind::Device:
        return true;
      case StmtKind::Map:
        return !s.fresh && std::any_of(arrays.begin(), arrays.end(), shared);
      case StmtKind::Library:
        return !s.fresh;
      case StmtKind::Reduce:
        return false;  // into a new array, if any
      default: {
        const auto any = [&](const Block& block) {
          return std::any_of(block.begin(), block.end(), [&](const Stmt* c) { return writes(*c, arrays); });
        };
        return any(s.head) || any(s.body) || any(s.orelse);
      }
    }
  }
  static void collect_defined(const Stmt& s, std::set<VarId>& out) {
    if (defines(s)) out.insert(s.var);
    for (const kir::MapInput& in : s.inputs) out.insert(in.element);
    for (const Block* block : {&s.head, &s.body, &s.orelse}) {
      for (const Stmt* c : *block) collect_defined(*c, out);
    }
  }
  // Computes only: assignments and branches.
  static bool is_pure(const Block& block) {
    return std::all_of(block.begin(), block.end(), [](const Stmt* s) {
      return (s->kind == StmtKind::Assign || s->kind == StmtKind::If) && is_pure(s->body) && is_pure(s->orelse);
    });
  }

  static bool loads(ExprRef e) {
    return e && (e->op == Op::Load || std::any_of(e->args.begin(), e->args.end(), [](ExprRef a) { return loads(a); }));
  }
  static bool loads(const Block& block) {
    return std::any_of(block.begin(), block.end(),
                       [](const Stmt* s) { return loads(s->expr) || loads(s->body) || loads(s->orelse); });
  }

  // Whether a temporary that the statement reads was made of one of the variables. Each variable is looked at once.
  bool made_of(const Stmt& s, const std::set<VarId>& vars) const {
    std::set<VarId> seen;
    const auto in = [&](ExprRef e) { return made_of(e, vars, seen); };
    return std::any_of(s.exprs.begin(), s.exprs.end(), in) ||
           std::any_of(s.inputs.begin(), s.inputs.end(), [&](const kir::MapInput& i) { return in(i.array); });
  }
  bool made_of(ExprRef e, const std::set<VarId>& vars, std::set<VarId>& seen) const {
    if (e->op == Op::Var) {
      if (vars.contains(e->var)) return true;
      const ExprRef value = uses_[e->var].defined == 1 ? temporaries_[e->var] : nullptr;
      return value && seen.insert(e->var).second && made_of(value, vars, seen);
    }
    return std::any_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return made_of(a, vars, seen); });
  }

  // --- fusion

  void fuse_block(Block& block) {
    for (size_t i = 0; i < block.size(); ++i) {
      Stmt* s = block[i];
      for (Block* inner : {&s->head, &s->body, &s->orelse}) fuse_block(*inner);
      if (s->kind != StmtKind::Map && s->kind != StmtKind::Reduce) continue;
      for (size_t k = 0; k < s->inputs.size();) {
        if (fuse_input(block, i, k)) {
          i -= 2;  // the producer and its allocation are gone; the inputs that came in their place are next
        } else {
          ++k;
        }
      }
    }
  }

  bool fuse_input(Block& block, size_t at, size_t which) {
    Stmt& reader = *block[at];
    const ExprRef array = reader.inputs[which].array;
    if (array->op != Op::Var) return false;
    const VarId v = array->var;
    const Uses& u = uses_[v];
    if (u.defined != 1 || u.allocs != 1 || u.targets != 1) return false;
    if (u.inputs != 1) return keep(v, fmt::format("{} operations read it", u.inputs));
    if (u.others != 0) return keep(v, "it is needed as an array, not only element by element");
    size_t producer = at;
    while (producer > 0 && !is_map_into(*block[producer - 1], v)) --producer;
    if (producer == 0) return keep(v, "it is made in another block than the one that reads it");
    --producer;
    size_t alloc = producer;
    while (alloc > 0 && !(block[alloc - 1]->kind == StmtKind::Alloc && block[alloc - 1]->var == v)) --alloc;
    if (alloc == 0) return false;
    --alloc;
    Stmt& map = *block[producer];
    if (map.exprs.size() != reader.exprs.size())
      return keep(v, fmt::format("the reader, at line {}, would compute each element more than once", line(reader)));
    if (!is_pure(map.body)) return keep(v, "its elements are computed by more than arithmetic");
    // What the body loads at indices of its own must not be what the reader writes.
    if (reader.kind == StmtKind::Map && !reader.fresh && (loads(map.expr) || loads(map.body)))
      return keep(v, fmt::format("what is written at line {} may be what its elements are picked from", line(reader)));
    std::set<VarId> defined;
    const std::vector<ExprRef> read = read_by(map);
    for (size_t k = producer + 1; k < at; ++k) {
      if (writes(*block[k], read))
        return keep(v, fmt::format("line {} may write what it is made of, before line {} reads it", line(*block[k]),
                                   line(reader)));
      collect_defined(*block[k], defined);
    }
    if (mentions(map, defined) || made_of(map, defined))
      return keep(v,
                  fmt::format("a variable that it is made of has a new value before line {} reads it", line(reader)));
    if (remarks_)
      say(Remark::Fused, map.span,
          fmt::format("{} is computed in the loop of line {} and not stored", title(v), line(reader)));
    const std::vector<ExprRef> lengths = block[alloc]->exprs;
    const bool length_asked = u.lengths > 0;
    uses_[v] = {};
    take_in(reader, which, map);
    block.erase(block.begin() + static_cast<ptrdiff_t>(producer));
    block.erase(block.begin() + static_cast<ptrdiff_t>(alloc));
    if (length_asked) replace_lengths(f_.body, v, lengths);
    return true;
  }
  // --- for people

  uint32_t line(const Stmt& s) const { return f_.file ? f_.file->line_column(s.span.begin).line : 0; }
  std::string title(VarId v) const {
    const std::string& name = f_.vars[v].name;
    return name.starts_with('%') ? "the value" : "'" + name.substr(0, name.find('.')) + "'";
  }
  void say(Remark::Kind kind, kir::Span span, std::string text) {
    if (f_.file) remarks_->push_back({kind, f_.file, span, std::move(text)});
  }
  bool keep(VarId v, std::string why) {
    if (remarks_) kept_[v] = std::move(why);
    return false;
  }
  static size_t operations(const Block& block) {
    size_t n = 0;
    for (const Stmt* s : block)
      n += (s->expr && s->expr->op != Op::Var ? 1 : 0) + operations(s->body) + operations(s->orelse);
    return n;
  }
  void report(const Block& block) {
    for (const Stmt* s : block) {
      report(s->head), report(s->body), report(s->orelse);
      if (s->kind != StmtKind::Map && s->kind != StmtKind::Reduce) continue;
      const size_t n = operations(s->body) + (s->expr->op != Op::Var ? 1 : 0);
      const char* what = s->kind == StmtKind::Reduce ? "folded" : s->fresh ? "into a new array" : "stored";
      say(Remark::Loop, s->span,
          fmt::format("one pass over {} operand{}, {} operation{} for each element, {}", s->inputs.size(),
                      s->inputs.size() == 1 ? "" : "s", n, n == 1 ? "" : "s", what));
      if (s->kind != StmtKind::Map || !s->fresh || s->array->op != Op::Var) continue;
      const auto why = kept_.find(s->array->var);
      say(Remark::Kept, s->span,
          fmt::format("{} is an array in memory: {}", title(s->array->var),
                      why != kept_.end() ? why->second : "it is needed as an array"));
    }
  }

  static bool is_map_into(const Stmt& s, VarId v) {
    return s.kind == StmtKind::Map && s.fresh && s.array->op == Op::Var && s.array->var == v;
  }

  void take_in(Stmt& reader, size_t which, const Stmt& map) {
    const VarId element = reader.inputs[which].element;
    reader.parallel |= map.parallel;
    reader.inputs.erase(reader.inputs.begin() + static_cast<ptrdiff_t>(which));
    reader.inputs.insert(reader.inputs.begin() + static_cast<ptrdiff_t>(which), map.inputs.begin(), map.inputs.end());
    Block body = map.body;
    Stmt* value = f_.new_stmt(StmtKind::Assign, map.span);
    value->var = element;
    value->expr = map.expr;
    body.push_back(value);
    body.insert(body.end(), reader.body.begin(), reader.body.end());
    reader.body = std::move(body);
  }

  // --- lengths of an array that is gone

  ExprRef replaced(ExprRef e, VarId v, const std::vector<ExprRef>& lengths) {
    if (!e || !mentions(e, {v})) return e;
    if (e->op == Op::Dim && e->args[0]->op == Op::Var) return lengths[e->index];
    if (e->op == Op::Size && e->args[0]->op == Op::Var) {
      b_.span = e->span;
      ExprRef n = lengths[0];
      for (size_t k = 1; k < lengths.size(); ++k) n = b_.binary(Op::Mul, n, lengths[k]);
      return n;
    }
    Expr* copy = f_.new_expr(e->op, e->type, e->span);
    *copy = *e;
    for (ExprRef& a : copy->args) a = replaced(a, v, lengths);
    return copy;
  }
  void replace_lengths(Block& block, VarId v, const std::vector<ExprRef>& lengths) {
    const auto in = [&](ExprRef& e) { e = replaced(e, v, lengths); };
    for (Stmt* s : block) {
      in(s->expr), in(s->array), in(s->init);
      for (ExprRef& e : s->exprs) in(e);
      for (kir::MapInput& i : s->inputs) in(i.array);
      for (kir::PrintItem& item : s->items) in(item.value);
      replace_lengths(s->head, v, lengths), replace_lengths(s->body, v, lengths),
          replace_lengths(s->orelse, v, lengths);
    }
  }

  kirgen::Builder b_;
  kir::Function& f_;
  std::vector<Uses> uses_;
  std::vector<ExprRef> temporaries_;      // by variable: what a temporary was made of
  std::vector<const Stmt*> definitions_;  // by variable: a statement that gives it its value; null for parameters
  std::vector<Remark>* remarks_;          // null: nobody asks
  std::map<VarId, std::string> kept_;
};

}  // namespace

void fuse(sema::TypeContext& types, kir::Module& module) {
  for (auto& f : module.functions) Fuse(types, *f, nullptr).run();
}

void fuse(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks) {
  for (auto& f : module.functions) Fuse(types, *f, f->library ? nullptr : &remarks).run();
}

}  // namespace kjit::passes
