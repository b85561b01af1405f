// Comparisons, tests of floats, and logic with Python's order of evaluation.
#include "lower/function.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;
using P = llvm::CmpInst::Predicate;

struct Predicates {
  P floats, signeds, unsigneds;
};

Predicates predicates(Op op) {
  switch (op) {
    case Op::Eq:
      return {P::FCMP_OEQ, P::ICMP_EQ, P::ICMP_EQ};
    case Op::Ne:
      return {P::FCMP_UNE, P::ICMP_NE, P::ICMP_NE};
    case Op::Lt:
      return {P::FCMP_OLT, P::ICMP_SLT, P::ICMP_ULT};
    case Op::Le:
      return {P::FCMP_OLE, P::ICMP_SLE, P::ICMP_ULE};
    case Op::Gt:
      return {P::FCMP_OGT, P::ICMP_SGT, P::ICMP_UGT};
    default:
      return {P::FCMP_OGE, P::ICMP_SGE, P::ICMP_UGE};
  }
}

// Equality by parts; the order is NumPy's, first by the real part and then by the imaginary part.
V compare_complex(FunctionLowering& f, const Expr& e, const Parts& x, const Parts& y) {
  auto& b = f.b;
  V same_real = b.CreateFCmpOEQ(x[0], y[0]);
  if (e.op == Op::Eq) return b.CreateAnd(same_real, b.CreateFCmpOEQ(x[1], y[1]));
  if (e.op == Op::Ne) return b.CreateOr(b.CreateFCmpUNE(x[0], y[0]), b.CreateFCmpUNE(x[1], y[1]));
  const bool less = e.op == Op::Lt || e.op == Op::Le;
  V strict = less ? b.CreateFCmpOLT(x[0], y[0]) : b.CreateFCmpOGT(x[0], y[0]);
  return b.CreateOr(strict, b.CreateAnd(same_real, b.CreateFCmp(predicates(e.op).floats, x[1], y[1])));
}

// These look at bits, so that they tell the truth under fastmath too.
V test_float(FunctionLowering& f, Op op, V x) {
  auto& b = f.b;
  const unsigned bits = x->getType()->getScalarSizeInBits();
  llvm::Type* type = b.getIntNTy(bits);
  V raw = b.CreateBitCast(x, type);
  if (op == Op::SignBit) return b.CreateICmpSLT(raw, llvm::ConstantInt::get(type, 0));
  V magnitude = b.CreateAnd(raw, llvm::ConstantInt::get(type, llvm::APInt::getSignedMaxValue(bits)));
  V infinity = llvm::ConstantInt::get(type, llvm::APFloat::getInf(x->getType()->getFltSemantics()).bitcastToAPInt());
  if (op == Op::IsNan) return b.CreateICmpUGT(magnitude, infinity);
  if (op == Op::IsInf) return b.CreateICmpEQ(magnitude, infinity);
  return b.CreateICmpULT(magnitude, infinity);
}

Parts test(FunctionLowering& f, const Expr& e) {
  const bool fast = f.kir.fastmath.nnan || f.kir.fastmath.ninf;
  V x = f.scalar(e.args[0]);
  if (e.op == Op::IsNan && !fast) return {f.b.CreateFCmpUNO(x, x)};
  return {test_float(f, e.op, x)};
}

// a, and only when it decides nothing, b.
V short_circuit(FunctionLowering& f, const Expr& e, bool and_then) {
  auto& b = f.b;
  V first = f.scalar(e.args[0]);
  if (is_cheap(e.args[1])) {
    V second = f.scalar(e.args[1]);
    return and_then ? b.CreateLogicalAnd(first, second) : b.CreateLogicalOr(first, second);
  }
  llvm::BasicBlock* from = b.GetInsertBlock();
  llvm::BasicBlock* rest = f.new_block(and_then ? "and" : "or");
  llvm::BasicBlock* after = f.new_block(and_then ? "and.after" : "or.after");
  b.CreateCondBr(first, and_then ? rest : after, and_then ? after : rest);
  f.start(rest);
  V second = f.scalar(e.args[1]);
  llvm::BasicBlock* second_from = b.GetInsertBlock();
  b.CreateBr(after);
  f.start(after);
  llvm::PHINode* result = b.CreatePHI(b.getInt1Ty(), 2);
  result->addIncoming(b.getInt1(!and_then), from);
  result->addIncoming(second, second_from);
  return result;
}

Parts select(FunctionLowering& f, const Expr& e) {
  auto& b = f.b;
  V condition = f.scalar(e.args[0]);
  auto side = [&](ExprRef x) { return f.coerce(f.value(x), x->type, e.type); };
  Parts out;
  if (is_cheap(e.args[1]) && is_cheap(e.args[2])) {
    const Parts yes = side(e.args[1]), no = side(e.args[2]);
    for (unsigned k = 0; k < yes.size(); ++k) out.push_back(b.CreateSelect(condition, yes[k], no[k]));
    return out;
  }
  llvm::BasicBlock* yes_block = f.new_block("select.yes");
  llvm::BasicBlock* no_block = f.new_block("select.no");
  llvm::BasicBlock* after = f.new_block("select.after");
  b.CreateCondBr(condition, yes_block, no_block);
  f.start(yes_block);
  const Parts yes = side(e.args[1]);
  yes_block = b.GetInsertBlock();
  b.CreateBr(after);
  f.start(no_block);
  const Parts no = side(e.args[2]);
  no_block = b.GetInsertBlock();
  b.CreateBr(after);
  f.start(after);
  for (unsigned k = 0; k < yes.size(); ++k) {
    llvm::PHINode* phi = b.CreatePHI(yes[k]->getType(), 2);
    phi->addIncoming(yes[k], yes_block);
    phi->addIncoming(no[k], no_block);
    out.push_back(phi);
  }
  return out;
}

}  // namespace

Parts lower_compare(FunctionLowering& f, const Expr& e) {
  if (kir::info(e.op).arity == 1) return test(f, e);
  const Parts x = f.value(e.args[0]), y = f.value(e.args[1]);
  f.set_place(e.span);
  const Scalar s = e.args[0]->type->scalar;
  if (sema::is_complex(s)) return {compare_complex(f, e, x, y)};
  const Predicates p = predicates(e.op);
  if (sema::is_float(s)) return {f.b.CreateFCmp(p.floats, x[0], y[0])};
  return {f.b.CreateICmp(sema::is_signed(s) ? p.signeds : p.unsigneds, x[0], y[0])};
}

Parts lower_logic(FunctionLowering& f, const Expr& e) {
  switch (e.op) {
    case Op::Not:
      return {f.b.CreateNot(f.scalar(e.args[0]))};
    case Op::AndThen:
      return {short_circuit(f, e, true)};
    case Op::OrElse:
      return {short_circuit(f, e, false)};
    default:
      return select(f, e);
  }
}

bool is_cheap(ExprRef e) {
  switch (e->op) {
    case Op::Load:  // may be out of range when its guard is false
    case Op::FloorDiv:
    case Op::Mod:
    case Op::TruncRem:
    case Op::Pow:
    case Op::Math:
    case Op::TupleAt:
    case Op::View:
    case Op::MakeView:
    case Op::AndThen:
    case Op::OrElse:
    case Op::Select:
      return false;
    case Op::Div:
      if (e->type->is_scalar() && sema::is_complex(e->type->scalar)) return false;
      break;
    default:
      break;
  }
  for (ExprRef a : e->args) {
    if (!is_cheap(a)) return false;
  }
  return true;
}

}  // namespace kjit::lower
