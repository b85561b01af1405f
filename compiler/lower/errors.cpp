// Exceptions: raise, checks. The calls stand in cold blocks that leave through the function's one exit.
#include "lower/device.h"

namespace kjit::lower {

namespace {

// Up to three operands go as arguments, more through memory.
void raise_with(FunctionLowering& f, Parts args, Parts operands) {
  if (operands.size() <= 3) {
    while (operands.size() < 3) operands.push_back(f.int64(0));
    args.append(operands);
    f.call(Rt::kjit_rt_raise_ops, args);
    return;
  }
  auto* type = llvm::ArrayType::get(f.b.getInt64Ty(), operands.size());
  llvm::Value* list = f.entry_alloca(type, "operands", 8);
  for (unsigned k = 0; k < operands.size(); ++k) {
    f.b.CreateAlignedStore(operands[k], f.b.CreateConstInBoundsGEP2_64(type, list, 0, k), llvm::Align(8));
  }
  args.push_back(list);
  args.push_back(f.int64(static_cast<int64_t>(operands.size())));
  f.call(Rt::kjit_rt_raise_list, args);
}

void raise(FunctionLowering& f, const Stmt& s) {
  auto& b = f.b;
  llvm::Value* kind = b.getInt32(static_cast<uint32_t>(s.error));
  if (f.module.options().device) {  // the thread ends: nobody looks at the status
    f.in_message = false;
    if (f.kir.on_device.debug) report_on_device(f, s);
    return f.leave(kind);
  }
  llvm::Constant* where = f.location(s.span);
  if (s.printed) {
    f.call(Rt::kjit_rt_raise_message, {f.ctx(), kind, where});
    f.leave(kind);
    return;
  }
  llvm::Constant* message = f.module.text(s.message);
  if (s.exprs.empty()) {
    f.call(Rt::kjit_rt_raise, {f.ctx(), kind, where, message});
  } else {
    Parts operands;
    for (ExprRef e : s.exprs) operands.push_back(cast_scalar(f, f.value(e), e->type->scalar, Scalar::I64)[0]);
    raise_with(f, {f.ctx(), kind, where, message}, operands);
  }
  f.leave(kind);
}

}  // namespace

void lower_raise(FunctionLowering& f, const Stmt& s) { raise(f, s); }

void lower_check(FunctionLowering& f, const Stmt& s) {
  if (s.always_taken) return;
  llvm::Value* fine = f.scalar(s.expr);
  llvm::BasicBlock* cold = f.new_block("raise");
  f.branch_cold(f.b.CreateNot(fine), cold);
  llvm::BasicBlock* go_on = f.b.GetInsertBlock();
  f.start(cold);
  raise(f, s);
  f.start(go_on);
}

}  // namespace kjit::lower
