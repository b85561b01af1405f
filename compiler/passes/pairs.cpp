#include "passes/pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "kirgen/builder.h"
#include "passes/definitions.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;

namespace {

// result = matrix vector, from where that is large enough; the matrix is `root` or its transpose.
struct LineProduct {
  const Stmt* library;
  ExprRef condition;  // null: always
  ExprRef matrix, vector, result;
  VarId root;
  bool transposed;
};

class Pairs {
 public:
  Pairs(sema::TypeContext& types, kir::Function& f, std::vector<Remark>* remarks)
      : b_(types, f), f_(f), definitions_(f), remarks_(remarks) {}

  void run() { walk(f_.body); }

 private:
  void walk(Block& block) {
    const size_t block_start = definitions_.enter_block();
    for (size_t i = 0; i < block.size(); ++i) {
      Stmt& s = *block[i];
      if (s.kind == StmtKind::For) definitions_.pass(s);
      walk(s.head), walk(s.body), walk(s.orelse);
      definitions_.pass(s);
      if (const auto second = line_product(s)) i += join_earlier(block, i, *second);
    }
    definitions_.leave_block(block_start);
  }

  std::optional<LineProduct> line_product(const Stmt& s) const {
    const bool by_size = s.kind == StmtKind::If && s.body.size() == 1;
    const Stmt& call = by_size ? *s.body[0] : s;
    if (call.kind != StmtKind::Library || call.library != kir::LibraryFn::matvec) return {};
    LineProduct out{&call, by_size ? s.expr : nullptr, call.exprs[0], call.exprs[1], call.exprs[2], 0, false};
    if (out.matrix->op != Op::Var || out.vector->op != Op::Var || out.result->op != Op::Var) return {};
    out.root = out.matrix->var;
    const Stmt* made = definitions_.only(out.root);
    if (made && made->kind == StmtKind::Assign && made->expr->op == Op::Transpose &&
        made->expr->args[0]->op == Op::Var) {
      out.root = made->expr->args[0]->var;
      out.transposed = true;
    }
    if (!definitions_.is_fixed(out.root) || !definitions_.is_fixed(out.vector->var)) return {};
    return out;
  }

  // What stands between two products.
  struct Between {
    std::set<VarId> defined;
    std::vector<ExprRef> written;  // arrays that are not new
    size_t allocation = 0;         // of the second result; 0: earlier than the first product
  };

  static bool mentions(ExprRef e, const std::set<VarId>& vars) {
    if (e->op == Op::Var && vars.contains(e->var)) return true;
    return std::any_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return mentions(a, vars); });
  }

  // Fails where something stands there that may not.
  bool look_between(const Block& block, size_t first, size_t second, VarId result, Between& out) const {
    for (size_t i = first + 1; i < second; ++i) {
      const Stmt& s = *block[i];
      switch (s.kind) {
        case StmtKind::Check:
          continue;
        case StmtKind::Alloc:
          if (s.var == result && s.fill == kir::Fill::None && !mentions_any(s.exprs, out.defined)) {
            out.allocation = i;
            continue;
          }
          [[fallthrough]];
        case StmtKind::Assign:
          out.defined.insert(s.var);
          continue;
        case StmtKind::Map:
          for (const kir::MapInput& in : s.inputs) out.defined.insert(in.element);
          if (s.array->op != Op::Var) return false;
          out.written.push_back(s.array);
          continue;
        default:
          return false;
      }
    }
    return true;
  }
  static bool mentions_any(const std::vector<ExprRef>& list, const std::set<VarId>& vars) {
    return std::any_of(list.begin(), list.end(), [&](ExprRef e) { return mentions(e, vars); });
  }

  // How many statements more there are now before the one after the second product.
  size_t join_earlier(Block& block, size_t at, const LineProduct& second) {
    for (size_t i = at; i-- > 0;) {
      const auto first = line_product(*block[i]);
      if (!first || first->root != second.root || first->transposed == second.transposed) continue;
      Between between;
      if (!look_between(block, i, at, second.result->var, between)) return 0;
      const auto condition = together(*first, second, between);
      if (!condition || joined_.contains(first->library)) return 0;
      join(block, i, at, *first, second, between, *condition);
      return 1;
    }
    return 0;
  }

  // When the first product may make the second, too; nothing when never.
  std::optional<ExprRef> together(const LineProduct& first, const LineProduct& second, const Between& between) {
    const Stmt* made = definitions_.only(second.result->var);
    const bool has_memory = between.allocation != 0 || (made && !between.defined.contains(second.result->var));
    if (!has_memory || between.defined.contains(second.vector->var) || between.defined.contains(second.root)) return {};
    const bool chained = second.vector->var == first.result->var;
    ExprRef condition = first.condition ? first.condition : b_.const_bool(true);
    const auto require = [&](ExprRef e) { condition = b_.binary(Op::AndThen, condition, e); };
    if (!chained) require(b_.compare(Op::Eq, b_.dim(second.vector, 0), b_.dim(first.matrix, 0)));
    for (ExprRef written : between.written) {
      if (written->var == second.vector->var || written->var == second.root || written->var == second.result->var)
        return {};
      if (between.defined.contains(written->var)) {
        // made in between: apart from all that was there before, unless it is a view
        const Stmt* array = definitions_.only(written->var);
        if (!array || array->kind != StmtKind::Alloc) return {};
        continue;
      }
      for (ExprRef operand : {b_.var(second.root), second.vector}) {
        require(b_.unary(Op::Not, b_.node(Op::Overlaps, b_.types.boolean(), {written, operand})));
      }
    }
    return condition;
  }

  void join(Block& block, size_t i, size_t at, const LineProduct& first, const LineProduct& second,
            const Between& between, ExprRef condition) {
    joined_.insert(first.library), joined_.insert(second.library);
    Block out(block.begin(), block.begin() + static_cast<ptrdiff_t>(i));
    if (between.allocation != 0) out.push_back(block[between.allocation]);
    b_.block = &out;
    b_.span = first.library->span;
    const ExprRef both = b_.var(b_.spill(condition));
    Stmt* choice = b_.stmt(StmtKind::If);
    choice->expr = both;
    b_.with_block(choice->body, [&] {
      Stmt* call = b_.stmt(StmtKind::Library);
      call->library = kir::LibraryFn::matvec_both;
      call->exprs = {first.matrix,  first.vector,  first.result,
                     second.vector, second.result, first.library->exprs.back()};
      call->fresh = true;
    });
    choice->orelse = {block[i]};
    for (size_t k = i + 1; k < at; ++k) {
      if (k != between.allocation) out.push_back(block[k]);
    }
    b_.span = second.library->span;
    Stmt* alone = b_.stmt(StmtKind::If);
    alone->expr = b_.unary(Op::Not, both);
    alone->body = {block[at]};
    out.insert(out.end(), block.begin() + static_cast<ptrdiff_t>(at) + 1, block.end());
    block = std::move(out);
    if (remarks_ && f_.file) {
      const auto line = f_.file->line_column(first.library->span.begin).line;
      remarks_->push_back({Remark::Fused, f_.file, second.library->span,
                           fmt::format("the product is made with that of line {}, in one pass over the matrix", line)});
    }
  }

  kirgen::Builder b_;
  kir::Function& f_;
  Definitions definitions_;
  std::set<const Stmt*> joined_;
  std::vector<Remark>* remarks_;  // null: nobody asks
};

}  // namespace

void pairs(sema::TypeContext& types, kir::Module& module) {
  for (auto& f : module.functions) Pairs(types, *f, nullptr).run();
}

void pairs(sema::TypeContext& types, kir::Module& module, std::vector<Remark>& remarks) {
  for (auto& f : module.functions) Pairs(types, *f, f->library ? nullptr : &remarks).run();
}

}  // namespace kjit::passes
