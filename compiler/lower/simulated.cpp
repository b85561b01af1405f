#include "lower/simulated.h"

#include <kjit_rt/simulator.h>

#include <cstddef>

namespace kjit::lower {

namespace {

// The kjit_sim_thread; it does not change while the function runs.
llvm::Value* this_thread(FunctionLowering& f) {
  auto& b = f.b;
  llvm::Value* field = b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), f.ctx(), offsetof(kjit_ctx, thread));
  llvm::LoadInst* thread = b.CreateAlignedLoad(b.getPtrTy(), field, llvm::Align(alignof(void*)), "thread");
  thread->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(f.context(), {}));
  return thread;
}

using kir::DeviceFn;

// {kjit_sim_barrier's form}, or -1.
int barrier_form(DeviceFn fn) {
  switch (fn) {
    case DeviceFn::syncthreads:
      return KJIT_SIM_SYNC;
    case DeviceFn::syncthreads_count:
      return KJIT_SIM_COUNT;
    case DeviceFn::syncthreads_and:
      return KJIT_SIM_AND;
    case DeviceFn::syncthreads_or:
      return KJIT_SIM_OR;
    case DeviceFn::grid_sync:
      return KJIT_SIM_GRID;
    default:
      return -1;
  }
}

// kjit_sim_warp's operation, or -1.
int warp_operation(DeviceFn fn) {
  switch (fn) {
    case DeviceFn::syncwarp:
      return KJIT_SIM_SYNCWARP;
    case DeviceFn::shfl_sync:
      return KJIT_SIM_SHFL;
    case DeviceFn::shfl_up_sync:
      return KJIT_SIM_SHFL_UP;
    case DeviceFn::shfl_down_sync:
      return KJIT_SIM_SHFL_DOWN;
    case DeviceFn::shfl_xor_sync:
      return KJIT_SIM_SHFL_XOR;
    case DeviceFn::all_sync:
      return KJIT_SIM_ALL;
    case DeviceFn::any_sync:
      return KJIT_SIM_ANY;
    case DeviceFn::eq_sync:
      return KJIT_SIM_EQ;
    case DeviceFn::ballot_sync:
      return KJIT_SIM_BALLOT;
    case DeviceFn::match_any_sync:
      return KJIT_SIM_MATCH_ANY;
    case DeviceFn::activemask:
      return KJIT_SIM_ACTIVEMASK;
    default:
      return -1;
  }
}

// A number as 64 bits, and back.
llvm::Value* widened(FunctionLowering& f, llvm::Value* number) {
  const unsigned bits = number->getType()->getScalarSizeInBits();
  return f.b.CreateZExt(f.b.CreateBitCast(number, f.b.getIntNTy(bits)), f.b.getInt64Ty());
}
llvm::Value* narrowed(FunctionLowering& f, llvm::Value* bits, llvm::Type* type) {
  return f.b.CreateBitCast(f.b.CreateTrunc(bits, f.b.getIntNTy(type->getScalarSizeInBits())), type);
}

}  // namespace

llvm::Value* simulated_operation(FunctionLowering& f, const Stmt& s, PartsRef operands) {
  auto& b = f.b;
  llvm::Constant* where = f.location(s.span);
  if (const int form = barrier_form(s.device); form >= 0) {
    llvm::Value* value = operands.empty() ? b.getInt32(0) : b.CreateZExt(operands[0], b.getInt32Ty());
    return f.call(Rt::kjit_sim_barrier, {f.ctx(), b.getInt32(static_cast<uint32_t>(form)), value, where});
  }
  const int operation = warp_operation(s.device);
  if (operation < 0) return nullptr;  // fences and sleep: threads take turns
  llvm::Value* mask = operands.empty() ? b.getInt32(0) : operands[0];
  llvm::Value* value = operands.size() > 1 ? widened(f, operands[1]) : f.int64(0);
  llvm::Value* operand = operands.size() > 2 ? operands[2] : b.getInt32(0);
  llvm::Value* bits = f.call(Rt::kjit_sim_warp, {f.ctx(), b.getInt32(static_cast<uint32_t>(operation)), mask, value,
                                                 operand, b.getInt32(32), where});
  switch (kir::info(s.device).result) {
    case '0':
      return nullptr;
    case 'b':
      return b.CreateIsNotNull(bits);
    case 'u':
      return b.CreateTrunc(bits, b.getInt32Ty());
    default:
      return narrowed(f, bits, operands[1]->getType());
  }
}

// What stands for an array is the address of a byte that nobody reads.
llvm::Value* simulated_shared(FunctionLowering& f, uint64_t bytes) {
  auto& b = f.b;
  llvm::Constant* key = llvm::ConstantPointerNull::get(b.getPtrTy());
  if (bytes > 0)
    key = new llvm::GlobalVariable(f.module.module(), b.getInt8Ty(), false, llvm::GlobalValue::InternalLinkage,
                                   b.getInt8(0), "shared");
  return f.call(Rt::kjit_sim_shared, {f.ctx(), key, f.int64(static_cast<int64_t>(bytes))});
}

llvm::Value* simulated_place(FunctionLowering& f, uint32_t index) {
  auto& b = f.b;
  llvm::Value* field = b.CreateConstInBoundsGEP1_64(b.getInt32Ty(), this_thread(f), index);
  llvm::LoadInst* place = b.CreateAlignedLoad(b.getInt32Ty(), field, llvm::Align(4));
  place->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(f.context(), {}));
  return place;
}

void watch(FunctionLowering& f, Rt how, llvm::Value* address, Scalar element, source::Span where) {
  const auto part = static_cast<uint32_t>(sema::size_of(sema::real_of(element)));
  for (uint32_t at = 0; at < static_cast<uint32_t>(sema::size_of(element)); at += part) {
    llvm::Value* number = f.b.CreateConstInBoundsGEP1_64(f.b.getInt8Ty(), address, at);
    f.call(how, {f.ctx(), number, f.b.getInt32(part), f.location(where)});
  }
}

}  // namespace kjit::lower
