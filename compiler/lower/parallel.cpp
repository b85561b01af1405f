// Parallel regions: the frame with what a region captures, the function that the runtime calls for each chunk, and what
// is done with the chunks' results.
#include <kjit_rt/abi.h>
#include <kjit_rt/parallel.h>

#include "lower/function.h"

namespace kjit::lower {

namespace {

// Nanoseconds of estimated work of a chunk: long enough not to feel its own cost of some 0.1 us, short enough that the
// least work that is worth threads keeps sixteen of them busy.
constexpr double kChunk = 2'500;

class ParallelLowering {
 public:
  ParallelLowering(FunctionLowering& f, const Stmt& s)
      : f_(f),
        b_(f.b),
        s_(s),
        region_(*f.module.kir().functions[s.callee]),
        body_(f.module.callee(s.callee)),
        list_(flatten(region_.result, Form::Abi)),
        size_((static_cast<uint64_t>(buffer_layout(list_).size) + 7) / 8 * 8) {}

  void run() {
    llvm::Value* trips = f_.scalar(s_.exprs[0]);
    llvm::Value* cost = f_.scalar(s_.exprs[1]);
    const Parts arguments = abi_arguments(f_, region_, 3, llvm::ArrayRef(s_.exprs).drop_front(2));
    f_.set_place(s_.span);
    if (region_.kernel) return offload(trips, cost, arguments);
    llvm::BasicBlock* here = f_.new_block("region.here");
    llvm::BasicBlock* threads = f_.new_block("region.threads");
    llvm::BasicBlock* join = f_.new_block("region.join");
    llvm::Value* worth = b_.CreateFCmpOGE(cost, number(kir::kWorthThreads));
    b_.CreateCondBr(b_.CreateAnd(worth, b_.CreateICmpSGT(trips, f_.int64(1))), threads, here);
    f_.start(here);
    run_here(trips, arguments);
    f_.branch(join);
    f_.start(threads);
    run_on_threads(trips, cost, arguments);
    f_.branch(join);
    f_.start(join);
  }

 private:
  // On the device, or where the cost is 0, here.
  void offload(llvm::Value* trips, llvm::Value* cost, PartsRef arguments) {
    llvm::BasicBlock* here = f_.new_block("region.here");
    llvm::BasicBlock* there = f_.new_block("region.device");
    llvm::BasicBlock* join = f_.new_block("region.join");
    b_.CreateCondBr(b_.CreateFCmpOGT(cost, number(0)), there, here);
    f_.start(here);
    bring_region(f_, s_, arguments);
    run_here(trips, arguments);
    f_.branch(join);
    f_.start(there);
    results_ = table(static_cast<uint64_t>(s_.most));
    llvm::Value* count = launch_region(f_, s_, trips, arguments, results_, size_);
    if (s_.has_var) {
      for_results(count, [&](llvm::Value* at) { take(at); });
    }
    f_.branch(join);
    f_.start(join);
  }

  // One chunk, by a plain call, which may be inlined.
  void run_here(llvm::Value* trips, PartsRef arguments) {
    llvm::Value* result = table(1);
    Parts direct{f_.ctx(), result, f_.int64(0), trips, f_.int64(0)};
    direct.append(arguments.begin(), arguments.end());
    llvm::CallInst* status = b_.CreateCall(body_, direct);
    status->setAttributes(body_->getAttributes().removeFnAttributes(f_.context()));
    leave_on(f_, status);
    if (s_.has_var) take(result);
  }

  void run_on_threads(llvm::Value* trips, llvm::Value* cost, PartsRef arguments) {
    results_ = table(static_cast<uint64_t>(s_.most));
    llvm::Value* length = chunk_length(trips, cost);
    llvm::Value* count = ceil_div(trips, length);
    llvm::Value* status = call_runtime(trips, length, count, arguments);
    llvm::BasicBlock* failed = f_.new_block("failed");
    f_.branch_cold(b_.CreateIsNotNull(status), failed);
    llvm::BasicBlock* go_on = b_.GetInsertBlock();
    f_.start(failed);
    if (owns()) {
      for_results(count, [&](llvm::Value* at) { f_.release(load_result(f_, at, region_.result), region_.result); });
    }
    f_.leave(status);
    f_.start(go_on);
    if (s_.has_var) {
      for_results(count, [&](llvm::Value* at) { take(at); });
    }
  }

  // Places for results of chunks, on the stack.
  llvm::Value* table(uint64_t chunks) {
    if (list_.empty()) return llvm::ConstantPointerNull::get(b_.getPtrTy());
    return f_.entry_alloca(llvm::ArrayType::get(b_.getInt64Ty(), size_ / 8 * chunks), "results", 16);
  }
  void take(llvm::Value* result) {
    const TypeRef type = f_.kir.vars[s_.var].type;
    f_.take_over(s_.var, f_.coerce(load_result(f_, result, region_.result), region_.result, type));
    f_.block(s_.body);
  }

  llvm::Value* number(double v) { return llvm::ConstantFP::get(b_.getDoubleTy(), v); }
  llvm::Value* ceil_div(llvm::Value* a, llvm::Value* d) {
    return b_.CreateUDiv(b_.CreateAdd(a, b_.CreateSub(d, f_.int64(1))), d);
  }
  // A function of trips and cost only, so that results do not depend on the threads.
  llvm::Value* chunk_length(llvm::Value* trips, llvm::Value* cost) {
    llvm::Value* most = number(static_cast<double>(s_.most));
    llvm::Value* wanted = b_.CreateFDiv(cost, number(kChunk));
    wanted = b_.CreateSelect(b_.CreateFCmpOLT(wanted, most), wanted, most);
    return ceil_div(trips, b_.CreateFPToSI(wanted, f_.i64()));
  }

  bool owns() const {
    return std::any_of(list_.begin(), list_.end(), [](Part p) { return p.kind == PartKind::Owner; });
  }

  llvm::Value* call_runtime(llvm::Value* trips, llvm::Value* length, llvm::Value* count, PartsRef arguments) {
    llvm::SmallVector<llvm::Type*, 16> types{b_.getPtrTy()};
    for (llvm::Value* a : arguments) types.push_back(a->getType());
    auto* frame_type = llvm::StructType::get(f_.context(), types);
    llvm::AllocaInst* frame = f_.entry_alloca(frame_type, "frame");
    b_.CreateStore(results_, b_.CreateStructGEP(frame_type, frame, 0));
    for (unsigned k = 0; k < arguments.size(); ++k) {
      b_.CreateStore(arguments[k], b_.CreateStructGEP(frame_type, frame, k + 1));
    }
    if (owns()) {  // so that what chunks made can be told from what they did not come to
      b_.CreateMemSet(results_, b_.getInt8(0), b_.CreateMul(count, f_.int64(static_cast<int64_t>(size_))),
                      llvm::Align(16));
    }
    llvm::Value* flags =
        b_.getInt32((s_.uniform ? KJIT_REGION_UNIFORM : 0) | (s_.divisible ? KJIT_REGION_DIVISIBLE : 0));
    return f_.call(Rt::kjit_rt_parfor, {f_.ctx(), trips, length, flags, chunk_function(frame_type), frame});
  }

  // int32_t f.chunk(ctx, lo, hi, chunk, frame): what the runtime calls.
  llvm::Function* chunk_function(llvm::StructType* frame_type) {
    const std::string name = (body_->getName() + ".chunk").str();
    llvm::Module& module = f_.module.module();
    if (llvm::Function* known = module.getFunction(name)) return known;  // the function is lowered twice
    auto* pointer = b_.getPtrTy();
    auto* type = llvm::FunctionType::get(b_.getInt32Ty(), {pointer, f_.i64(), f_.i64(), f_.i64(), pointer}, false);
    auto* fn = llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage, name, module);
    fn->setDSOLocal(true);
    fn->setDoesNotThrow();
    llvm::IRBuilder<> b(llvm::BasicBlock::Create(f_.context(), "entry", fn));
    llvm::Value* frame = fn->getArg(4);
    llvm::Value* results = b.CreateLoad(pointer, b.CreateStructGEP(frame_type, frame, 0));
    if (size_ > 0) {
      results = b.CreateGEP(b.getInt8Ty(), results, b.CreateMul(fn->getArg(3), b.getInt64(size_)));
    }
    llvm::SmallVector<llvm::Value*, 16> args{fn->getArg(0), results, fn->getArg(1), fn->getArg(2), fn->getArg(3)};
    for (unsigned k = 1; k < frame_type->getNumElements(); ++k) {
      args.push_back(b.CreateLoad(frame_type->getElementType(k), b.CreateStructGEP(frame_type, frame, k)));
    }
    llvm::CallInst* call = b.CreateCall(body_, args);
    call->setAttributes(body_->getAttributes().removeFnAttributes(f_.context()));
    b.CreateRet(call);
    return fn;
  }

  // for chunk in range(count): each(address of its result)
  template <typename Each>
  void for_results(llvm::Value* count, Each each) {
    llvm::BasicBlock* before = b_.GetInsertBlock();
    llvm::BasicBlock* loop = f_.new_block("region.result");
    llvm::BasicBlock* after = f_.new_block("region.done");
    b_.CreateBr(loop);
    f_.start(loop);
    llvm::PHINode* chunk = b_.CreatePHI(f_.i64(), 2, "chunk");
    chunk->addIncoming(f_.int64(0), before);
    each(b_.CreateInBoundsGEP(b_.getInt8Ty(), results_, b_.CreateMul(chunk, f_.int64(static_cast<int64_t>(size_)))));
    llvm::Value* next = b_.CreateNUWAdd(chunk, f_.int64(1));
    chunk->addIncoming(next, b_.GetInsertBlock());
    b_.CreateCondBr(b_.CreateICmpULT(next, count), loop, after);
    f_.start(after);
  }

  FunctionLowering& f_;
  llvm::IRBuilder<>& b_;
  const Stmt& s_;
  const kir::Function& region_;
  llvm::Function* body_;
  PartList list_;
  uint64_t size_;  // of a chunk's result in bytes
  llvm::Value* results_ = nullptr;
};

}  // namespace

void lower_parallel(FunctionLowering& f, const Stmt& s) { ParallelLowering(f, s).run(); }

}  // namespace kjit::lower
