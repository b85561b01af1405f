// Control flow and assignment.
#include <kjit_rt/abi.h>
#include <llvm/IR/Intrinsics.h>

#include <algorithm>
#include <utility>

#include "lower/function.h"

namespace kjit::lower {

void poll(FunctionLowering& f, source::Span span) {
  if (f.interrupt_flag() == nullptr) return;
  llvm::LoadInst* word = f.b.CreateAlignedLoad(f.b.getInt32Ty(), f.interrupt_flag(), llvm::Align(4), true);
  // Other threads set it. A stronger order would stand in the way of what LLVM moves past loads.
  word->setAtomic(llvm::AtomicOrdering::Unordered);
  llvm::BasicBlock* cold = f.new_block("interrupted");
  f.branch_cold(f.b.CreateIsNotNull(word), cold);
  llvm::BasicBlock* go_on = f.b.GetInsertBlock();
  f.start(cold);
  llvm::Value* status = f.call(Rt::kjit_rt_interrupted, {f.ctx(), f.location(span)});
  llvm::BasicBlock* stop = f.new_block("stop");
  f.b.CreateCondBr(f.b.CreateIsNotNull(status), stop, go_on);
  f.start(stop);
  f.leave(status);
  f.start(go_on);
}

namespace {

constexpr uint64_t kStrip = 1 << 18;  // iterations between two polls of a loop of short iterations: below a millisecond

// Whether an iteration may take long by itself: it has a loop, a call, or an operation on a whole array inside.
bool takes_time(const kir::Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Stmt* s) {
    switch (s->kind) {
      case kir::StmtKind::For:
      case kir::StmtKind::While:
      case kir::StmtKind::Call:
      case kir::StmtKind::Parallel:
      case kir::StmtKind::Library:
        return true;
      case kir::StmtKind::Alloc:
      case kir::StmtKind::Copy:
        return s->memory != kir::Memory::Stack;
      case kir::StmtKind::FillArray:
      case kir::StmtKind::CopyArray:
        return true;
      default:
        return takes_time(s->body) || takes_time(s->orelse);
    }
  });
}

struct Range {
  llvm::Value *lo, *hi, *step;
  bool is_unsigned;
};

// The number of iterations, as an unsigned number; right also where hi - lo does not fit an int64.
llvm::Value* trip_count(FunctionLowering& f, const Range& r) {
  auto& b = f.b;
  auto count = [&](llvm::Value* from, llvm::Value* to, llvm::Value* step) {
    llvm::Value* last = b.CreateSub(b.CreateSub(to, from), llvm::ConstantInt::get(to->getType(), 1));
    llvm::Value* some = r.is_unsigned ? b.CreateICmpULT(from, to) : b.CreateICmpSLT(from, to);
    llvm::Value* n = b.CreateAdd(b.CreateUDiv(last, step), llvm::ConstantInt::get(to->getType(), 1));
    return b.CreateSelect(some, n, llvm::ConstantInt::get(to->getType(), 0));
  };
  if (auto* constant = llvm::dyn_cast<llvm::ConstantInt>(r.step)) {
    return constant->isNegative() && !r.is_unsigned ? count(r.hi, r.lo, b.CreateNeg(r.step))
                                                    : count(r.lo, r.hi, r.step);
  }
  if (r.is_unsigned) return count(r.lo, r.hi, r.step);
  llvm::Value* down = b.CreateICmpSLT(r.step, llvm::ConstantInt::get(r.step->getType(), 0));
  llvm::Value* n = count(b.CreateSelect(down, r.hi, r.lo), b.CreateSelect(down, r.lo, r.hi),
                         b.CreateSelect(down, b.CreateNeg(r.step), r.step));
  return n;
}

void assign_loop_variable(FunctionLowering& f, const Stmt& s, llvm::Value* i, Scalar from) {
  f.set_var(s.var, cast_scalar(f, {i}, from, f.kir.vars[s.var].type->scalar));
}

bool mentions(ExprRef e, VarId v) {
  if (!e) return false;
  if (e->op == Op::Var && e->var == v) return true;
  return std::any_of(e->args.begin(), e->args.end(), [&](ExprRef a) { return mentions(a, v); });
}
bool calls_math(ExprRef e) {
  if (!e) return false;
  if (e->op == Op::Math || e->op == Op::Pow) return true;
  return std::any_of(e->args.begin(), e->args.end(), calls_math);
}

// A sum of floats that keeps its order gains by vector lanes where the calls of functions in it do; else the additions,
// one after the other, are all that is waited for, and lanes only add to them.
bool adds_in_order(const kir::Block& body, bool reassoc) {
  bool chain = false;
  for (const Stmt* s : body) {
    if (calls_math(s->expr) || takes_time(s->body) || takes_time(s->orelse)) return false;
    if (s->kind == kir::StmtKind::If)
      chain = chain || adds_in_order(s->body, reassoc) || adds_in_order(s->orelse, reassoc);
    if (s->kind != kir::StmtKind::Assign || !s->expr->type->is_scalar()) continue;
    const Scalar type = s->expr->type->scalar;
    chain = chain ||
            ((sema::is_float(type) || sema::is_complex(type)) && !s->loose && !reassoc && mentions(s->expr, s->var));
  }
  return chain;
}

// Loops that would be vectorised for nothing, and those of few iterations also unrolled.
void keep_simple(llvm::BranchInst* latch, bool unrolled) {
  llvm::LLVMContext& c = latch->getContext();
  const auto property = [&](const char* name, bool value) {
    auto* flag = llvm::ConstantAsMetadata::get(llvm::ConstantInt::getBool(c, value));
    return llvm::MDNode::get(c, {llvm::MDString::get(c, name), flag});
  };
  llvm::SmallVector<llvm::Metadata*, 4> parts{nullptr};
  if (const llvm::DebugLoc place = latch->getDebugLoc()) parts.push_back(place.getAsMDNode());
  parts.push_back(property("llvm.loop.vectorize.enable", false));
  if (!unrolled) parts.push_back(llvm::MDNode::get(c, {llvm::MDString::get(c, "llvm.loop.unroll.disable")}));
  llvm::MDNode* id = llvm::MDNode::getDistinct(c, parts);
  id->replaceOperandWith(0, id);
  latch->setMetadata(llvm::LLVMContext::MD_loop, id);
}

// Builds body and latch of a loop whose header is current; `next` emits the step and returns "once more".
template <typename Next>
void finish_loop(FunctionLowering& f, const Stmt& s, llvm::BasicBlock* header, llvm::BasicBlock* done,
                 llvm::BasicBlock* after, Next next) {
  llvm::BasicBlock* latch = llvm::BasicBlock::Create(f.context(), "for.next");
  const bool outside = std::exchange(f.in_lanes, f.module.lanes().has(&s));
  f.loops.push_back({after, latch});
  f.block(s.body);
  f.loops.pop_back();
  f.in_lanes = outside;
  f.branch(latch);
  latch->insertInto(header->getParent());
  f.start(latch);
  f.set_place(s.span);
  if (takes_time(s.body) && !s.brief && !s.few) poll(f, s.span);
  llvm::Value* more = next();
  llvm::BranchInst* branch = f.b.CreateCondBr(more, header, done);
  if (s.few && s.exprs[1]->op != kir::Op::Const) {
    keep_simple(branch, false);
  } else if (!takes_time(s.body) && adds_in_order(s.body, f.kir.fastmath.reassoc)) {
    keep_simple(branch, true);
  } else if (const llvm::DebugLoc place = f.b.getCurrentDebugLocation()) {  // where remarks about the loop are shown
    llvm::MDNode* id = llvm::MDNode::getDistinct(f.context(), {nullptr, place.getAsMDNode()});
    id->replaceOperandWith(0, id);
    branch->setMetadata(llvm::LLVMContext::MD_loop, id);
  }
}

// A stretch of a loop's counter, from `from` until `to`, and where to go after it.
struct Stretch {
  llvm::Value *from, *to;
  llvm::Value* some;  // whether it has an iteration; null: it has
  llvm::BasicBlock* done;
};

llvm::BasicBlock* enter(FunctionLowering& f, const Stretch& part) {
  llvm::BasicBlock* header = f.new_block("for");
  if (part.some)
    f.b.CreateCondBr(part.some, header, part.done);
  else
    f.b.CreateBr(header);
  f.start(header);
  return header;
}

// A loop of short iterations has no poll in its iterations, so that it can be vectorised; it polls between strips.
bool wants_strips(FunctionLowering& f, const Stmt& s, const Stretch& all) {
  if (f.interrupt_flag() == nullptr || s.brief || s.few || takes_time(s.body) ||
      all.from->getType()->getIntegerBitWidth() < 32)
    return false;
  auto* first = llvm::dyn_cast<llvm::ConstantInt>(all.from);
  auto* last = llvm::dyn_cast<llvm::ConstantInt>(all.to);
  return !first || !last || (last->getValue() - first->getValue()).abs().ugt(kStrip);
}

// `down` goes with signed counters only. Emits the loop over `all` by `emit(stretch)`: at once, or inside a loop over
// strips. The saturating sum and the minimum are what tells LLVM that a strip ends where `all` does at the latest, as
// bounds checks are dropped by that.
template <typename Emit>
void in_strips(FunctionLowering& f, const Stmt& s, const Stretch& all, bool down, bool is_unsigned, Emit emit) {
  if (!wants_strips(f, s, all)) return emit(all);
  using namespace llvm::Intrinsic;
  auto& b = f.b;
  const ID step = down ? ssub_sat : is_unsigned ? uadd_sat : sadd_sat;
  const ID nearer = down ? smax : is_unsigned ? umin : smin;
  llvm::Value* size = llvm::ConstantInt::get(all.from->getType(), kStrip);
  llvm::BasicBlock* before = b.GetInsertBlock();
  llvm::BasicBlock* strip = f.new_block("for.strip");
  b.CreateCondBr(all.some, strip, all.done);
  f.start(strip);
  llvm::PHINode* from = b.CreatePHI(all.from->getType(), 2, "strip");
  from->addIncoming(all.from, before);
  llvm::Value* to = b.CreateBinaryIntrinsic(nearer, b.CreateBinaryIntrinsic(step, from, size), all.to);
  llvm::BasicBlock* between = f.new_block("for.strip.done");
  emit({from, to, nullptr, between});
  f.start(between);
  f.set_place(s.span);
  llvm::BasicBlock* more = f.new_block("for.strip.next");
  b.CreateCondBr(b.CreateICmpNE(to, all.to), more, all.done);
  f.start(more);
  poll(f, s.span);  // `next` is still before all.to
  llvm::Value* next = down ? b.CreateNSWSub(from, size) : b.CreateAdd(from, size, "", is_unsigned, !is_unsigned);
  from->addIncoming(next, b.GetInsertBlock());
  b.CreateBr(strip);
}

// Step 1 or -1: the loop variable itself counts. The test stands at the end (rotated form), after a guard.
void unit_loop(FunctionLowering& f, const Stmt& s, const Range& r, bool down, Scalar type, llvm::BasicBlock* done,
               llvm::BasicBlock* after) {
  auto& b = f.b;
  auto in_range = [&](llvm::Value* i, llvm::Value* end) {
    if (r.is_unsigned) return down ? b.CreateICmpUGT(i, end) : b.CreateICmpULT(i, end);
    return down ? b.CreateICmpSGT(i, end) : b.CreateICmpSLT(i, end);
  };
  auto loop = [&](const Stretch& part) {
    llvm::BasicBlock* before = b.GetInsertBlock();
    llvm::BasicBlock* header = enter(f, part);
    llvm::PHINode* i = b.CreatePHI(r.lo->getType(), 2, f.kir.vars[s.var].name);
    i->addIncoming(part.from, before);
    assign_loop_variable(f, s, i, type);
    finish_loop(f, s, header, part.done, after, [&] {
      llvm::Value* one = llvm::ConstantInt::get(i->getType(), 1);
      llvm::Value* next = down ? b.CreateSub(i, one, "", false, !r.is_unsigned)
                               : b.CreateAdd(i, one, "", r.is_unsigned, !r.is_unsigned);
      i->addIncoming(next, b.GetInsertBlock());
      return in_range(next, part.to);
    });
  };
  in_strips(f, s, {r.lo, r.hi, in_range(r.lo, r.hi), done}, down, r.is_unsigned, loop);
}

// Any step: a counter from 0 to the trip count; the variable is lo + counter * step, which cannot overflow.
void counted_loop(FunctionLowering& f, const Stmt& s, const Range& r, Scalar type, llvm::BasicBlock* done,
                  llvm::BasicBlock* after) {
  auto& b = f.b;
  llvm::Value* count = trip_count(f, r);
  llvm::Value* zero = llvm::ConstantInt::get(count->getType(), 0);
  auto loop = [&](const Stretch& part) {
    llvm::Value* first = part.from == zero ? r.lo : b.CreateAdd(r.lo, b.CreateMul(part.from, r.step));
    llvm::BasicBlock* before = b.GetInsertBlock();
    llvm::BasicBlock* header = enter(f, part);
    llvm::PHINode* k = b.CreatePHI(count->getType(), 2, "k");
    llvm::PHINode* i = b.CreatePHI(count->getType(), 2, f.kir.vars[s.var].name);
    k->addIncoming(part.from, before);
    i->addIncoming(first, before);
    assign_loop_variable(f, s, i, type);
    finish_loop(f, s, header, part.done, after, [&] {
      llvm::Value* next = b.CreateNUWAdd(k, llvm::ConstantInt::get(k->getType(), 1));
      k->addIncoming(next, b.GetInsertBlock());
      i->addIncoming(b.CreateAdd(i, r.step), b.GetInsertBlock());
      return b.CreateICmpULT(next, part.to);
    });
  };
  in_strips(f, s, {zero, count, b.CreateICmpNE(count, zero), done}, false, true, loop);
}

}  // namespace

void lower_if(FunctionLowering& f, const Stmt& s) {
  llvm::Value* condition = f.scalar(s.expr);
  llvm::BasicBlock* yes = f.new_block("then");
  llvm::BasicBlock* after = llvm::BasicBlock::Create(f.context(), "endif");
  llvm::BasicBlock* no = s.orelse.empty() ? after : f.new_block("else");
  f.b.CreateCondBr(condition, yes, no);
  f.start(yes);
  f.block(s.body);
  f.branch(after);
  if (!s.orelse.empty()) {
    f.start(no);
    f.block(s.orelse);
    f.branch(after);
  }
  if (after->hasNPredecessorsOrMore(1)) {
    after->insertInto(yes->getParent());
    f.start(after);
  } else {
    delete after;
  }
}

void lower_for(FunctionLowering& f, const Stmt& s) {
  const Scalar type = s.exprs[0]->type->scalar;
  const Range range{f.scalar(s.exprs[0]), f.scalar(s.exprs[1]), f.scalar(s.exprs[2]), sema::is_unsigned(type)};
  f.set_place(s.span);
  llvm::BasicBlock* after = f.new_block("for.after");
  llvm::BasicBlock* done = s.orelse.empty() ? after : f.new_block("for.else");
  auto* step = llvm::dyn_cast<llvm::ConstantInt>(range.step);
  if (step && step->isOne()) {
    unit_loop(f, s, range, false, type, done, after);
  } else if (step && step->isMinusOne() && !range.is_unsigned) {
    unit_loop(f, s, range, true, type, done, after);
  } else {
    counted_loop(f, s, range, type, done, after);
  }
  if (done != after) {
    f.start(done);
    f.block(s.orelse);
    f.branch(after);
  }
  f.start(after);
}

void lower_while(FunctionLowering& f, const Stmt& s) {
  llvm::BasicBlock* header = f.new_block("while");
  llvm::BasicBlock* body = f.new_block("while.body");
  llvm::BasicBlock* after = f.new_block("while.after");
  llvm::BasicBlock* done = s.orelse.empty() ? after : f.new_block("while.else");
  llvm::BasicBlock* latch = f.new_block("while.next");
  f.b.CreateBr(header);
  f.start(header);
  f.block(s.head);
  if (!f.terminated()) f.b.CreateCondBr(f.scalar(s.expr), body, done);
  f.start(body);
  f.loops.push_back({after, latch});
  f.block(s.body);
  f.loops.pop_back();
  f.branch(latch);
  f.start(latch);
  f.set_place(s.span);
  poll(f, s.span);
  f.b.CreateBr(header);
  if (done != after) {
    f.start(done);
    f.block(s.orelse);
    f.branch(after);
  }
  f.start(after);
}

void lower_assign(FunctionLowering& f, const Stmt& s) {
  const TypeRef type = f.kir.vars[s.var].type;
  const llvm::IRBuilderBase::FastMathFlagGuard guard(f.b);
  if (s.loose) {
    llvm::FastMathFlags flags = f.b.getFastMathFlags();
    flags.setAllowReassoc();
    flags.setAllowContract(true);
    f.b.setFastMathFlags(flags);
  }
  const Parts parts = f.coerce(f.value(s.expr), s.expr->type, type);
  if (!f.is_counted(s.var)) return f.set_var(s.var, parts);
  f.retain(parts, type);
  f.take_over(s.var, parts);
}

}  // namespace kjit::lower
