// Statement Device: barriers, warps, atomics by NVPTX's intrinsics, or by the simulator.
#include <kjit_rt/cuda.h>
#include <llvm/IR/IntrinsicsNVPTX.h>

#include "lower/arrays.h"
#include "lower/device.h"
#include "lower/simulated.h"

namespace kjit::lower {

namespace {

using kir::DeviceFn;
using V = llvm::Value*;

V intrinsic(FunctionLowering& f, llvm::Intrinsic::ID id, PartsRef args) { return f.b.CreateIntrinsic(id, {}, args); }

llvm::SyncScope::ID device_scope(FunctionLowering& f) { return f.context().getOrInsertSyncScopeID("device"); }

V barrier(FunctionLowering& f, DeviceFn fn, PartsRef args) {
  auto& b = f.b;
  V id = b.getInt32(0);
  switch (fn) {
    case DeviceFn::syncthreads:
      return intrinsic(f, llvm::Intrinsic::nvvm_barrier_cta_sync_aligned_all, {id});
    case DeviceFn::syncthreads_count:
      return intrinsic(f, llvm::Intrinsic::nvvm_barrier_cta_red_popc_aligned_all, {id, args[0]});
    case DeviceFn::syncthreads_and:
      return b.CreateZExt(intrinsic(f, llvm::Intrinsic::nvvm_barrier_cta_red_and_aligned_all, {id, args[0]}),
                          b.getInt32Ty());
    default:
      return b.CreateZExt(intrinsic(f, llvm::Intrinsic::nvvm_barrier_cta_red_or_aligned_all, {id, args[0]}),
                          b.getInt32Ty());
  }
}

// The module's word that blocks meet at; the launch sets it to 0.
llvm::GlobalVariable* grid_word(FunctionLowering& f) {
  llvm::Module& module = f.module.module();
  if (llvm::GlobalVariable* known = module.getNamedGlobal(KJIT_CUDA_GRID_BARRIER)) return known;
  constexpr unsigned kGlobal = 1;  // address space
  llvm::Type* type = f.b.getInt32Ty();
  auto* word = new llvm::GlobalVariable(module, type, false, llvm::GlobalValue::ExternalLinkage, f.b.getInt32(0),
                                        KJIT_CUDA_GRID_BARRIER, nullptr, llvm::GlobalValue::NotThreadLocal, kGlobal);
  word->setAlignment(llvm::Align(4));
  return word;
}

// Any of three coordinates; 0 for the first thread of a block, the first block of a grid.
V any_of(FunctionLowering& f, kir::DeviceIndex x, llvm::Instruction::BinaryOps combine) {
  const auto axis = [&](int k) {
    const auto which = static_cast<kir::DeviceIndex>(static_cast<int>(x) + k);
    return f.b.CreateIntrinsic(llvm::Intrinsic::lookupIntrinsicID(kir::info(which).llvm), {});
  };
  return f.b.CreateBinOp(combine, f.b.CreateBinOp(combine, axis(0), axis(1)), axis(2));
}

// Barrier of the grid as cooperative groups have it: the first thread of each block adds 1 to a word, that of the first
// block what is missing to turn its highest bit over, and waits for that. With debug=True it goes on where a thread has
// failed: that one may never come.
void grid_barrier(FunctionLowering& f) {
  auto& b = f.b;
  using kir::DeviceIndex;
  using Op = llvm::Instruction;
  barrier(f, DeviceFn::syncthreads, {});
  V thread = any_of(f, DeviceIndex::thread_x, Op::Or);
  llvm::BasicBlock* first = f.new_block("grid.first");
  llvm::BasicBlock* wait = f.new_block("grid.wait");
  llvm::BasicBlock* through = f.new_block("grid.through");
  llvm::BasicBlock* after = f.new_block("grid.after");
  b.CreateCondBr(b.CreateICmpEQ(thread, b.getInt32(0)), first, after);
  f.start(first);
  V others = b.CreateSub(any_of(f, DeviceIndex::grid_dim_x, Op::Mul), b.getInt32(1));
  V block = any_of(f, DeviceIndex::block_x, Op::Or);
  V mine =
      b.CreateSelect(b.CreateICmpEQ(block, b.getInt32(0)), b.CreateSub(b.getInt32(0x80000000U), others), b.getInt32(1));
  intrinsic(f, llvm::Intrinsic::nvvm_membar_gl, {});
  llvm::GlobalVariable* word = grid_word(f);
  V before = b.CreateAtomicRMW(llvm::AtomicRMWInst::Add, word, mine, llvm::MaybeAlign(4),
                               llvm::AtomicOrdering::Monotonic, device_scope(f));
  b.CreateBr(wait);
  f.start(wait);
  V now = b.CreateAlignedLoad(b.getInt32Ty(), word, llvm::Align(4), true);
  V turned = b.CreateICmpSLT(b.CreateXor(before, now), b.getInt32(0));
  if (f.kir.on_device.debug) turned = b.CreateOr(turned, somebody_failed(f));
  b.CreateCondBr(turned, through, wait);
  f.start(through);
  intrinsic(f, llvm::Intrinsic::nvvm_membar_gl, {});
  b.CreateBr(after);
  f.start(after);
  barrier(f, DeviceFn::syncthreads, {});
}

V bits_of(FunctionLowering& f, V number) {
  return f.b.CreateBitCast(number, f.b.getIntNTy(number->getType()->getScalarSizeInBits()));
}

// Words of 32 bits, one after the other.
V shuffle(FunctionLowering& f, DeviceFn fn, PartsRef args) {
  auto& b = f.b;
  const llvm::Intrinsic::ID id = fn == DeviceFn::shfl_sync        ? llvm::Intrinsic::nvvm_shfl_sync_idx_i32
                                 : fn == DeviceFn::shfl_up_sync   ? llvm::Intrinsic::nvvm_shfl_sync_up_i32
                                 : fn == DeviceFn::shfl_down_sync ? llvm::Intrinsic::nvvm_shfl_sync_down_i32
                                                                  : llvm::Intrinsic::nvvm_shfl_sync_bfly_i32;
  V clamp = b.getInt32(fn == DeviceFn::shfl_up_sync ? 0 : 31);
  const auto word = [&](V x) { return intrinsic(f, id, {args[0], x, args[2], clamp}); };
  V bits = bits_of(f, args[1]);
  if (bits->getType()->isIntegerTy(32)) return b.CreateBitCast(word(bits), args[1]->getType());
  V low = b.CreateZExt(word(b.CreateTrunc(bits, b.getInt32Ty())), b.getInt64Ty());
  V high = b.CreateZExt(word(b.CreateTrunc(b.CreateLShr(bits, 32), b.getInt32Ty())), b.getInt64Ty());
  return b.CreateBitCast(b.CreateOr(low, b.CreateShl(high, 32)), args[1]->getType());
}

V warp(FunctionLowering& f, DeviceFn fn, PartsRef args) {
  using namespace llvm;
  switch (fn) {
    case DeviceFn::syncwarp:
      return intrinsic(f, Intrinsic::nvvm_bar_warp_sync, {args[0]});
    case DeviceFn::all_sync:
      return intrinsic(f, Intrinsic::nvvm_vote_all_sync, {args[0], args[1]});
    case DeviceFn::any_sync:
      return intrinsic(f, Intrinsic::nvvm_vote_any_sync, {args[0], args[1]});
    case DeviceFn::eq_sync:
      return intrinsic(f, Intrinsic::nvvm_vote_uni_sync, {args[0], args[1]});
    case DeviceFn::ballot_sync:
      return intrinsic(f, Intrinsic::nvvm_vote_ballot_sync, {args[0], args[1]});
    case DeviceFn::match_any_sync: {
      Value* bits = bits_of(f, args[1]);
      const bool wide = bits->getType()->isIntegerTy(64);
      return intrinsic(f, wide ? Intrinsic::nvvm_match_any_sync_i64 : Intrinsic::nvvm_match_any_sync_i32,
                       {args[0], bits});
    }
    default:
      return intrinsic(f, Intrinsic::nvvm_activemask, {});
  }
}

// --- atomics

constexpr llvm::AtomicOrdering kOrder = llvm::AtomicOrdering::Monotonic;

V compare_exchange(FunctionLowering& f, V address, V expected, V wanted) {
  V pair = f.b.CreateAtomicCmpXchg(address, expected, wanted, llvm::MaybeAlign(), kOrder, kOrder, device_scope(f));
  return pair;
}

// min and max of floats: the operand takes the place of what is there while that is worse, or (`missing`) nan. An
// operand that is nan takes no place.
V replace_worse(FunctionLowering& f, V address, V operand, bool less, bool missing) {
  auto& b = f.b;
  llvm::Type* number = operand->getType();
  llvm::Type* bits = b.getIntNTy(number->getScalarSizeInBits());
  llvm::LoadInst* first = b.CreateLoad(bits, address);
  first->setAtomic(kOrder, device_scope(f));
  first->setAlignment(llvm::Align(number->getScalarSizeInBits() / 8));
  llvm::BasicBlock* before = b.GetInsertBlock();
  llvm::BasicBlock* head = f.new_block("extremum");
  llvm::BasicBlock* attempt = f.new_block("extremum.try");
  llvm::BasicBlock* after = f.new_block("extremum.after");
  b.CreateBr(head);
  f.start(head);
  llvm::PHINode* seen = b.CreatePHI(bits, 2);
  seen->addIncoming(first, before);
  V there = b.CreateBitCast(seen, number);
  V better = less ? b.CreateFCmpOLT(operand, there) : b.CreateFCmpOGT(operand, there);
  if (missing) {
    V number_for_nan = b.CreateAnd(b.CreateFCmpUNO(there, there), b.CreateFCmpORD(operand, operand));
    better = b.CreateOr(better, number_for_nan);
  }
  b.CreateCondBr(better, attempt, after);
  f.start(attempt);
  V pair = compare_exchange(f, address, seen, b.CreateBitCast(operand, bits));
  V now = b.CreateExtractValue(pair, 0);
  seen->addIncoming(now, attempt);
  b.CreateCondBr(b.CreateExtractValue(pair, 1), after, head);
  f.start(after);
  return there;
}

llvm::AtomicRMWInst::BinOp operation_of(DeviceFn fn, Scalar s) {
  using Rmw = llvm::AtomicRMWInst;
  const bool is_signed = sema::is_signed(s);
  switch (fn) {
    case DeviceFn::atomic_add:
      return sema::is_float(s) ? Rmw::FAdd : Rmw::Add;
    case DeviceFn::atomic_sub:
      return Rmw::Sub;
    case DeviceFn::atomic_min:
    case DeviceFn::atomic_nanmin:
      return is_signed ? Rmw::Min : Rmw::UMin;
    case DeviceFn::atomic_max:
    case DeviceFn::atomic_nanmax:
      return is_signed ? Rmw::Max : Rmw::UMax;
    case DeviceFn::atomic_and:
      return Rmw::And;
    case DeviceFn::atomic_or:
      return Rmw::Or;
    case DeviceFn::atomic_xor:
      return Rmw::Xor;
    case DeviceFn::atomic_inc:
      return Rmw::UIncWrap;
    case DeviceFn::atomic_dec:
      return Rmw::UDecWrap;
    default:
      return Rmw::Xchg;
  }
}

V atomic(FunctionLowering& f, DeviceFn fn, V address, Scalar s, PartsRef args) {
  auto& b = f.b;
  const bool floats = sema::is_float(s);
  const bool extremum = fn == DeviceFn::atomic_min || fn == DeviceFn::atomic_max || fn == DeviceFn::atomic_nanmin ||
                        fn == DeviceFn::atomic_nanmax;
  if (floats && extremum)
    return replace_worse(f, address, args[0], fn == DeviceFn::atomic_min || fn == DeviceFn::atomic_nanmin,
                         fn == DeviceFn::atomic_nanmin || fn == DeviceFn::atomic_nanmax);
  if (fn == DeviceFn::atomic_cas) {
    V pair = compare_exchange(f, address, bits_of(f, args[0]), bits_of(f, args[1]));
    return b.CreateBitCast(b.CreateExtractValue(pair, 0), args[0]->getType());
  }
  V operand = args[0];
  if (floats && fn == DeviceFn::atomic_sub) operand = b.CreateFNeg(operand), fn = DeviceFn::atomic_add;
  const bool as_bits = floats && fn == DeviceFn::atomic_exch;
  if (as_bits) operand = bits_of(f, operand);
  V old = b.CreateAtomicRMW(operation_of(fn, s), address, operand, llvm::MaybeAlign(), kOrder, device_scope(f));
  return as_bits ? b.CreateBitCast(old, args[0]->getType()) : old;
}

V operation(FunctionLowering& f, DeviceFn fn, PartsRef args) {
  switch (fn) {
    case DeviceFn::syncthreads:
    case DeviceFn::syncthreads_count:
    case DeviceFn::syncthreads_and:
    case DeviceFn::syncthreads_or:
      return barrier(f, fn, args);
    case DeviceFn::shfl_sync:
    case DeviceFn::shfl_up_sync:
    case DeviceFn::shfl_down_sync:
    case DeviceFn::shfl_xor_sync:
      return shuffle(f, fn, args);
    case DeviceFn::threadfence_block:
      return intrinsic(f, llvm::Intrinsic::nvvm_membar_cta, {});
    case DeviceFn::threadfence:
      return intrinsic(f, llvm::Intrinsic::nvvm_membar_gl, {});
    case DeviceFn::threadfence_system:
      return intrinsic(f, llvm::Intrinsic::nvvm_membar_sys, {});
    case DeviceFn::nanosleep:
      return intrinsic(f, llvm::Intrinsic::nvvm_nanosleep, {args[0]});
    default:
      return warp(f, fn, args);
  }
}

}  // namespace

void lower_device(FunctionLowering& f, const Stmt& s) {
  Parts operands;
  V result = nullptr;
  if (s.array) {
    ArrayOperand array(f, s.array);
    const auto axes = static_cast<size_t>(array.rank());
    Parts indices;
    for (size_t k = 0; k < s.exprs.size(); ++k) (k < axes ? indices : operands).push_back(f.scalar(s.exprs[k]));
    f.set_place(s.span);
    V address = element_address(f, array, indices, s.wrap);
    result = atomic(f, s.device, address, array.type().scalar, operands);
    if (f.module.kir().simulated) watch(f, Rt::kjit_sim_atomic, address, array.type().scalar, s.span);
  } else {
    for (ExprRef e : s.exprs) operands.push_back(f.scalar(e));
    f.set_place(s.span);
    if (s.device == DeviceFn::grid_sync && !f.module.kir().simulated) return grid_barrier(f);
    result = f.module.kir().simulated ? simulated_operation(f, s, operands) : operation(f, s.device, operands);
  }
  if (s.has_var) f.set_var(s.var, {result});
}

}  // namespace kjit::lower
