#include "passes/nest_loops.h"

#include <algorithm>

#include "kirgen/builtins_support.h"
#include "kirgen/stretches.h"
#include "passes/origins.h"
#include "sema/globals.h"

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

class Loops {
 public:
  explicit Loops(Builder& b) : b_(b) {}

  Block clone(const Block& block) {
    Block out;
    for (const Stmt* s : block) {
      Stmt* made = b_.function.new_stmt(s->kind, s->span);
      *made = *s;
      made->head = clone(s->head), made->body = clone(s->body), made->orelse = clone(s->orelse);
      out.push_back(made);
    }
    return out;
  }

  static bool contiguous(ExprRef array, Layout layout, size_t rank) {
    return array->type->rank == rank &&
           (array->type->layout == layout || (rank == 1 && array->type->layout != Layout::A));
  }
  static bool one_order(ExprRef target, const std::vector<NestInput>& inputs, Layout layout, size_t rank) {
    if (target && !contiguous(target, layout, rank)) return false;
    return std::all_of(inputs.begin(), inputs.end(), [&](const NestInput& in) {
      return contiguous(in.array, layout, rank) &&
             std::none_of(in.repeated.begin(), in.repeated.end(), [](bool r) { return r; });
    });
  }
  // All elements of a contiguous array in memory order.
  ExprRef flat(ExprRef array) {
    if (array->type->rank == 1) return array;
    TypeRef line = b_.types.array(array->type->scalar, 1, Layout::C, array->type->readonly);
    return b_.var(b_.spill(kirgen::contiguous_view(b_, array, line, {b_.reuse(b_.size(array))})));
  }
  ExprRef count(const std::vector<ExprRef>& extents) {
    ExprRef n = extents[0];
    for (size_t k = 1; k < extents.size(); ++k) n = b_.binary(Op::Mul, n, extents[k]);
    return b_.reuse(n);
  }

  // Where an input's element for one index of the iteration is.
  std::vector<ExprRef> element_index(const NestInput& in, const std::vector<ExprRef>& index) {
    const size_t missing = index.size() - in.array->type->rank;
    std::vector<ExprRef> at;
    for (size_t k = 0; k < in.array->type->rank; ++k) {
      ExprRef i = index[missing + k];
      if (in.repeated[k]) {
        i = b_.const_int(0);
      } else if (!in.moves.empty()) {
        i = b_.binary(Op::Mul, i, in.moves[k]);
      }
      at.push_back(i);
    }
    return at;
  }

  // The body at one index: the value, in terms of fresh assignments.
  ExprRef value_at(const Stmt& s, const std::vector<NestInput>& inputs, const std::vector<ExprRef>& index) {
    for (size_t n = 0; n < inputs.size(); ++n) {
      const NestInput& in = inputs[n];
      const auto earlier = std::find_if(inputs.begin(), inputs.begin() + static_cast<ptrdiff_t>(n),
                                        [&](const NestInput& other) { return same(other.array, in.array); });
      if (earlier != inputs.begin() + static_cast<ptrdiff_t>(n)) {
        b_.assign(in.element, b_.var(earlier->element));
        continue;
      }
      b_.assign(in.element, b_.load(in.array, element_index(in, index)));
    }
    for (Stmt* c : clone(s.body)) b_.block->push_back(c);
    return s.expr;
  }

  // min(length, 2) - 1, which no pass takes for a condition: LLVM would make a copy of the loops for each of its
  // values, for each axis of each input. Where the length is 0 there is no iteration.
  void prepare_moves(std::vector<NestInput>& inputs) {
    for (NestInput& in : inputs) {
      for (uint32_t k = 0; k < in.array->type->rank; ++k) {
        ExprRef many = b_.binary(Op::Min, b_.dim(in.array, k), b_.const_int(2));
        in.moves.push_back(b_.var(b_.spill(b_.binary(Op::Sub, many, b_.const_int(1)))));
      }
    }
  }

  void store(const Stmt& s, const std::vector<ExprRef>& extents, ExprRef target, std::vector<NestInput> inputs,
             bool plain) {
    const size_t rank = extents.size();
    if (rank == 0) return b_.store(target, {}, value_at(s, inputs, {}));
    for (Layout layout : {Layout::C, Layout::F}) {
      if (!plain || !one_order(target, inputs, layout, rank)) continue;
      for (NestInput& in : inputs) in.array = flat(in.array);
      const ExprRef line = flat(target);
      Stmt* loop = b_.for_range(b_.const_int(0), count(extents), b_.const_int(1), [&](VarId i) {
        ExprRef value = value_at(s, inputs, {b_.var(i)});
        b_.store(line, {b_.var(i)}, value);
      });
      loop->parallel = on_threads(s);
      return;
    }
    if (!plain) prepare_moves(inputs);
    std::vector<ExprRef> index(rank, nullptr);
    const bool columns = target->type->layout == Layout::F;
    const auto along = [&](auto& self, size_t depth) -> void {
      if (depth == rank) return b_.store(target, index, value_at(s, inputs, index));
      const size_t axis = columns ? rank - 1 - depth : depth;
      Stmt* loop = b_.for_range(b_.const_int(0), extents[axis], b_.const_int(1), [&](VarId i) {
        index[axis] = b_.var(i);
        self(self, depth + 1);
      });
      loop->parallel = (plain || b_.function.offload) && on_threads(s);
    };
    along(along, 0);
  }

  // Whether the option says so for statements like this one.
  bool on_threads(const Stmt& s) const {
    const auto is_target = [&](const kir::MapInput& in) { return same(in.array, s.array); };
    const bool in_place = s.array && std::any_of(s.inputs.begin(), s.inputs.end(), is_target);
    const uint8_t part = s.kind == StmtKind::Reduce ? sema::kPartReduction
                         : s.fresh                  ? sema::kPartNumpy
                         : in_place                 ? sema::kPartInplace
                                                    : sema::kPartSetitem;
    return s.parallel || (b_.function.parallel && (b_.function.serial_parts & part) == 0);
  }
  bool is_pairwise(const Stmt& s) const {
    const sema::Scalar type = s.init->type->scalar;
    return s.fold == Op::Add && (sema::is_float(type) || sema::is_complex(type)) && !b_.function.fastmath.reassoc;
  }
  static bool is_folded(const Stmt& s, size_t axis) {
    return std::find(s.axes.begin(), s.axes.end(), axis) != s.axes.end();
  }
  // The place of an element in the target of a fold over axes.
  static std::vector<ExprRef> kept_index(Builder& b, const Stmt& s, const std::vector<ExprRef>& index) {
    std::vector<ExprRef> at;
    const bool keeps = s.array->type->rank == s.exprs.size();
    for (size_t k = 0; k < s.exprs.size(); ++k) {
      const bool folded = is_folded(s, k);
      if (!folded) at.push_back(index[k]);
      if (folded && keeps) at.push_back(b.const_int(0));
    }
    return at;
  }

  // Axes in their order, the last ones that are folded into a scalar; other folded axes go through the target's
  // elements, which hold `init` at first.
  void fold_axes(const Stmt& s, const std::vector<ExprRef>& extents, std::vector<NestInput> inputs, bool plain) {
    if (!plain) prepare_moves(inputs);
    if (b_.function.offload && on_threads(s)) return fold_each(s, extents, inputs);
    const size_t rank = s.exprs.size();
    size_t inner = rank;  // axes from here on are folded
    while (inner > 0 && is_folded(s, inner - 1)) --inner;
    const bool once = s.axes.size() == rank - inner;  // each element is written once
    if (!once) {
      Stmt* fill = b_.stmt(StmtKind::FillArray);
      fill->array = s.array;
      fill->expr = s.init;
    }
    const bool pairwise = is_pairwise(s);
    const VarId total = b_.temp(s.init->type, "%fold");
    std::vector<ExprRef> index;
    ExprRef from = nullptr, to = nullptr;  // a part of the second axis
    bool copies = false;                   // threads fold parts of the first axis into copies of the target
    bool by_rows = true;                   // threads take rows, else they take parts of each row
    const auto put = [&](ExprRef value) {
      const std::vector<ExprRef> at = kept_index(b_, s, index);
      b_.store(s.array, at, once ? value : b_.binary(s.fold, b_.load(s.array, at), value));
    };
    const auto along = [&](auto& self) -> void {
      const size_t axis = index.size();
      if (axis == rank) {
        ExprRef value = value_at(s, inputs, index);
        return inner < rank ? b_.assign(total, b_.binary(s.fold, b_.var(total), value)) : put(value);
      }
      if (axis == inner) b_.assign(total, s.init);
      const bool independent = plain && axis == 0 && inner > 0 && !is_folded(s, 0) && on_threads(s) && by_rows;
      const bool in_parts = !by_rows && axis == 1;
      if (pairwise && axis >= inner && axis + 1 == rank) {
        Stmt* loop = kirgen::emit::sum_stretches(b_, total, extents[axis], [&](ExprRef i) {
          index.push_back(b_.reuse(i));
          ExprRef value = b_.var(b_.spill(value_at(s, inputs, index)));
          index.pop_back();
          return value;
        });
        loop->parallel = in_parts;
      } else {
        const bool part = axis == 1 && from;
        Stmt* loop =
            b_.for_range(part ? from : b_.const_int(0), part ? to : extents[axis], b_.const_int(1), [&](VarId i) {
              index.push_back(b_.var(i));
              self(self);
              index.pop_back();
            });
        loop->parallel = independent || in_parts;
        if (axis == 0 && copies) loop->parallel = true, loop->folds = {{s.array->var, s.fold}};
      }
      if (axis == inner) put(b_.var(total));
    };
    if (plain && rank == 2 && inner == 1 && on_threads(s)) {
      Stmt* choice = b_.stmt(StmtKind::If);
      choice->expr = b_.binary(Op::BitAnd, b_.compare(Op::Lt, extents[0], b_.const_int(kFewRows)),
                               b_.compare(Op::Ge, extents[1], b_.const_int(kLongRow)));
      by_rows = false;
      b_.with_block(choice->body, [&] { along(along); });
      by_rows = true;
      return b_.with_block(choice->orelse, [&] { along(along); });
    }
    const bool first_is_folded = plain && !once && is_folded(s, 0) && on_threads(s);
    if (!first_is_folded || s.array->op != Op::Var) return along(along);
    if (is_folded(s, 1)) {
      copies = true;
      return along(along);
    }
    // Threads take parts of the second axis, each for all of the first one: where it is long enough for that.
    const ExprRef length = b_.const_int(rank == 2 ? kFoldedPart : 1);
    Stmt* choice = b_.stmt(StmtKind::If);
    choice->expr = b_.compare(Op::Ge, extents[1], b_.const_int(rank == 2 ? 4 * kFoldedPart : kManyParts));
    b_.with_block(choice->body, [&] {
      const ExprRef parts =
          b_.binary(Op::FloorDiv, b_.binary(Op::Add, extents[1], b_.const_int(length->constant.i - 1)), length);
      Stmt* loop = b_.for_range(b_.const_int(0), b_.reuse(parts), b_.const_int(1), [&](VarId k) {
        from = b_.reuse(b_.binary(Op::Mul, b_.var(k), length));
        to = b_.reuse(b_.binary(Op::Min, extents[1], b_.binary(Op::Add, from, length)));
        along(along);
      });
      loop->parallel = true;
      from = to = nullptr;
    });
    b_.with_block(choice->orelse, [&] {
      copies = true;
      along(along);
    });
  }
  // For a GPU: each element of the target is folded by itself.
  void fold_each(const Stmt& s, const std::vector<ExprRef>& extents, const std::vector<NestInput>& inputs) {
    std::vector<size_t> order;
    for (const bool folded : {false, true}) {
      for (size_t axis = 0; axis < extents.size(); ++axis)
        if (is_folded(s, axis) == folded) order.push_back(axis);
    }
    const size_t kept = extents.size() - s.axes.size();
    const VarId total = b_.temp(s.init->type, "%fold");
    std::vector<ExprRef> index(extents.size(), nullptr);
    const auto along = [&](auto& self, size_t depth) -> void {
      if (depth == kept) b_.assign(total, s.init);
      if (depth == order.size()) {
        b_.assign(total, b_.binary(s.fold, b_.var(total), value_at(s, inputs, index)));
      } else {
        Stmt* loop = b_.for_range(b_.const_int(0), extents[order[depth]], b_.const_int(1), [&](VarId i) {
          index[order[depth]] = b_.var(i);
          self(self, depth + 1);
        });
        loop->parallel = depth < kept;
      }
      if (depth == kept) b_.store(s.array, kept_index(b_, s, index), b_.var(total));
    };
    along(along, 0);
  }
  // Elements of a row, beside each other, that a thread folds at a time; rows of further axes that make it worth it.
  static constexpr int64_t kFoldedPart = 512, kManyParts = 32;
  // Fewer rows than that are folded one after the other, each of at least so many elements by several threads.
  static constexpr int64_t kFewRows = 8, kLongRow = int64_t{1} << 17;

  void fold(const Stmt& s, std::vector<ExprRef> extents, std::vector<NestInput> inputs, bool plain) {
    if (plain && one_order(nullptr, inputs, Layout::C, extents.size()) && extents.size() > 1) {
      for (NestInput& in : inputs) in.array = flat(in.array);
      extents = {count(extents)};
    }
    if (!plain) prepare_moves(inputs);
    const bool pairwise = is_pairwise(s) && !b_.function.offload;  // threads of a GPU fold few elements each
    std::vector<ExprRef> index;
    const auto along = [&](auto& self) -> void {
      const size_t axis = index.size();
      if (axis == extents.size()) {
        ExprRef value = value_at(s, inputs, index);
        return b_.assign(s.var, b_.binary(s.fold, b_.var(s.var), value));
      }
      const bool spread = (plain || b_.function.offload) && on_threads(s);
      if (pairwise && axis + 1 == extents.size()) {
        Stmt* loop = kirgen::emit::sum_stretches(b_, s.var, extents[axis], [&](ExprRef i) {
          index.push_back(b_.reuse(i));
          ExprRef value = b_.var(b_.spill(value_at(s, inputs, index)));
          index.pop_back();
          return value;
        });
        loop->parallel = spread && axis == 0;
        return;
      }
      Stmt* loop = b_.for_range(b_.const_int(0), extents[axis], b_.const_int(1), [&](VarId i) {
        index.push_back(b_.var(i));
        self(self);
        index.pop_back();
      });
      loop->parallel = spread;
    };
    along(along);
  }

  // --- several statements

  // The elements are all read before the first is written: what is written at this index, others read at this one only.
  // Gives the values of the members.
  std::vector<ExprRef> values_at(const std::vector<NestMember>& members, const std::vector<ExprRef>& index) {
    std::vector<std::pair<ExprRef, VarId>> read;
    std::vector<ExprRef> values;
    for (const NestMember& m : members) {
      for (size_t k = 0; k < m.inputs.size(); ++k) {
        const NestInput& in = m.inputs[k];
        if (m.made_by[k] >= 0) {
          b_.assign(in.element, values[static_cast<size_t>(m.made_by[k])]);
          continue;
        }
        const auto earlier = std::find_if(read.begin(), read.end(), [&](auto& r) { return same(r.first, in.array); });
        if (earlier != read.end()) {
          b_.assign(in.element, b_.var(earlier->second));
        } else {
          b_.assign(in.element, b_.load(in.array, element_index(in, index)));
          read.emplace_back(in.array, in.element);
        }
      }
      for (Stmt* c : clone(m.statement->body)) b_.block->push_back(c);
      values.push_back(b_.reuse(m.statement->expr));
    }
    return values;
  }
  void bodies_at(const std::vector<NestMember>& members, const std::vector<ExprRef>& index) {
    const std::vector<ExprRef> values = values_at(members, index);
    for (size_t k = 0; k < members.size(); ++k) {
      const Stmt& s = *members[k].statement;
      if (s.kind == StmtKind::Reduce) {
        b_.assign(s.var, b_.binary(s.fold, b_.var(s.var), values[k]));
      } else if (members[k].stored) {
        b_.store(members[k].target, index, values[k]);
      }
    }
  }
  // Brings all arrays of the members into one line, if they have one order.
  bool flatten(std::vector<NestMember>& members, Layout layout, size_t rank) {
    for (const NestMember& m : members) {
      std::vector<NestInput> read;
      for (size_t k = 0; k < m.inputs.size(); ++k) {
        if (m.made_by[k] < 0) read.push_back(m.inputs[k]);
      }
      if (!one_order(m.stored ? m.target : nullptr, read, layout, rank)) return false;
    }
    for (NestMember& m : members) {
      if (m.target && m.stored) m.target = flat(m.target);
      for (size_t k = 0; k < m.inputs.size(); ++k) {
        if (m.made_by[k] < 0) m.inputs[k].array = flat(m.inputs[k].array);
      }
    }
    return true;
  }

  void joined(std::vector<NestMember> members, std::vector<ExprRef> extents) {
    for (const NestMember& m : members) {
      if (m.statement->kind == StmtKind::Reduce) b_.assign(m.statement->var, m.statement->init);
    }
    const size_t rank = extents.size();
    if (rank > 1 && (flatten(members, Layout::C, rank) || flatten(members, Layout::F, rank)))
      extents = {count(extents)};
    const bool columns = std::any_of(members.begin(), members.end(), [](const NestMember& m) {
      return m.target && m.stored && m.target->type->rank > 1 && m.target->type->layout == Layout::F;
    });
    std::vector<VarId> totals;  // of sums of floats, which all members are then
    const Stmt& first = *members[0].statement;
    if (first.kind == StmtKind::Reduce && is_pairwise(first)) {
      for (const NestMember& m : members) totals.push_back(m.statement->var);
    }
    std::vector<ExprRef> index(extents.size(), nullptr);
    const auto along = [&](auto& self, size_t depth) -> void {
      if (depth == extents.size()) return bodies_at(members, index);
      if (!totals.empty() && depth + 1 == extents.size()) {
        kirgen::emit::sum_stretches(b_, totals, extents[depth], [&](ExprRef i) {
          index[depth] = b_.reuse(i);
          return values_at(members, index);
        });
        return;
      }
      const size_t axis = columns ? extents.size() - 1 - depth : depth;
      Stmt* loop = b_.for_range(b_.const_int(0), extents[axis], b_.const_int(1), [&](VarId i) {
        index[axis] = b_.var(i);
        self(self, depth + 1);
      });
      loop->parallel =
          std::all_of(members.begin(), members.end(), [&](const NestMember& m) { return on_threads(*m.statement); });
    };
    along(along, 0);
  }

  Builder& b_;
};

}  // namespace

void joined_nest(Builder& b, const std::vector<NestMember>& members, const std::vector<ExprRef>& extents) {
  Loops(b).joined(members, extents);
}

void store_nest(Builder& b, const Stmt& s, const std::vector<ExprRef>& extents, ExprRef target,
                std::vector<NestInput> inputs, bool plain) {
  Loops(b).store(s, extents, target, std::move(inputs), plain);
}

void fold_nest(Builder& b, const Stmt& s, const std::vector<ExprRef>& extents, std::vector<NestInput> inputs,
               bool plain) {
  if (s.array) return Loops(b).fold_axes(s, extents, std::move(inputs), plain);
  b.assign(s.var, s.init);
  Loops(b).fold(s, extents, std::move(inputs), plain);
}

}  // namespace kjit::passes
