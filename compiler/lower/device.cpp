#include "lower/device.h"

#include <fmt/format.h>
#include <kjit_rt/offload.h>
#include <llvm/IR/IntrinsicsNVPTX.h>

#include <algorithm>
#include <optional>
#include <string>

#include "lower/debug.h"
#include "lower/function.h"
#include "lower/simulated.h"

namespace kjit::lower {

// PTX has names of letters, digits and '_'; other bytes are written as their numbers.
std::string device_symbol(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    out += plain ? std::string(1, c) : fmt::format("${:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

namespace {

using V = llvm::Value*;

constexpr unsigned kThreads = KJIT_OFFLOAD_THREADS, kWarp = 32;

// The results of all threads of a block, joined: by shuffles in each warp, then by those of the warps' results.
class BlockResult {
 public:
  BlockResult(ModuleLowering& module, const kir::Function& kernel, llvm::IRBuilder<>& b)
      : module_(module),
        b_(b),
        list_(flatten(kernel.result, Form::Abi)),
        layout_(buffer_layout(list_)),
        join_(module.callee(*kernel.join)),
        size_((static_cast<uint64_t>(layout_.size) + 7) / 8 * 8) {}

  llvm::Type* buffer_type() { return llvm::ArrayType::get(b_.getInt64Ty(), std::max<uint64_t>(size_ / 8, 1)); }

  // `mine`: this thread's result; `results`: one place for each block.
  void store(V mine, V results) {
    joined_ = new_buffer();
    values_ = load(mine, false);
    for (unsigned step = kWarp / 2; step > 0; step /= 2) join_with(step);
    constexpr unsigned kWarps = kThreads / kWarp;
    auto* type = llvm::ArrayType::get(b_.getInt64Ty(), kWarps * std::max<uint64_t>(size_ / 8, 1));
    auto* shared =
        new llvm::GlobalVariable(module_.module(), type, false, llvm::GlobalValue::InternalLinkage,
                                 llvm::PoisonValue::get(type), "warps", nullptr, llvm::GlobalValue::NotThreadLocal, 3);
    shared->setAlignment(llvm::Align(16));
    V thread = index("llvm.nvvm.read.ptx.sreg.tid.x");
    V lane = b_.CreateAnd(thread, kWarp - 1);
    if_(b_.CreateICmpEQ(lane, b_.getInt32(0)), [&] { save(at(shared, b_.CreateLShr(thread, 5))); });
    b_.CreateIntrinsic(llvm::Intrinsic::nvvm_barrier_cta_sync_aligned_all, {}, {b_.getInt32(0)});
    if_(b_.CreateICmpULT(thread, b_.getInt32(kWarp)), [&] {
      values_ = load(at(shared, b_.CreateAnd(lane, kWarps - 1)), true);
      for (unsigned step = kWarps / 2; step > 0; step /= 2) join_with(step);
      if_(b_.CreateICmpEQ(lane, b_.getInt32(0)), [&] { save(at(results, block())); });
    });
  }
  V new_buffer() {
    auto* entry = &b_.GetInsertBlock()->getParent()->getEntryBlock();
    llvm::IRBuilder<> first(entry, entry->begin());
    llvm::AllocaInst* out = first.CreateAlloca(buffer_type());
    out->setAlignment(llvm::Align(16));
    return out;
  }

 private:
  template <typename Then>
  void if_(V condition, Then then) {
    llvm::Function* f = b_.GetInsertBlock()->getParent();
    auto* yes = llvm::BasicBlock::Create(f->getContext(), "then", f);
    auto* go_on = llvm::BasicBlock::Create(f->getContext(), "go_on", f);
    b_.CreateCondBr(condition, yes, go_on);
    b_.SetInsertPoint(yes);
    then();
    b_.CreateBr(go_on);
    b_.SetInsertPoint(go_on);
  }
  V block() {
    V width = index("llvm.nvvm.read.ptx.sreg.nctaid.x"), y = index("llvm.nvvm.read.ptx.sreg.ctaid.y");
    return b_.CreateAdd(b_.CreateMul(y, width), index("llvm.nvvm.read.ptx.sreg.ctaid.x"));
  }
  V index(const char* name) {
    return b_.CreateCall(module_.module().getOrInsertFunction(name, llvm::FunctionType::get(b_.getInt32Ty(), false)));
  }
  V at(V base, V number) {
    V offset = b_.CreateMul(b_.CreateZExt(number, b_.getInt64Ty()), b_.getInt64(size_));
    return b_.CreateInBoundsGEP(b_.getInt8Ty(), base, offset);
  }
  V part(V base, unsigned k) {
    return b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), base, static_cast<uint64_t>(layout_.offsets[k]));
  }
  llvm::SmallVector<V, 4> load(V from, bool /*shared*/) {
    llvm::SmallVector<V, 4> out;
    for (unsigned k = 0; k < list_.size(); ++k)
      out.push_back(b_.CreateLoad(storage_type(b_.getContext(), list_[k]), part(from, k)));
    return out;
  }
  void save(V to) {
    for (unsigned k = 0; k < list_.size(); ++k) b_.CreateStore(values_[k], part(to, k));
  }
  V shuffled(V value, unsigned step) {
    llvm::Type* type = value->getType();
    const unsigned bits = type->getScalarSizeInBits();
    auto* word = b_.getInt32Ty();
    V whole = b_.CreateBitCast(value, b_.getIntNTy(bits));
    const auto move = [&](V piece) {
      return b_.CreateIntrinsic(llvm::Intrinsic::nvvm_shfl_sync_down_i32, {},
                                {b_.getInt32(~0U), piece, b_.getInt32(step), b_.getInt32(kWarp - 1)});
    };
    V moved = nullptr;
    if (bits <= 32) {
      moved = b_.CreateZExtOrTrunc(move(b_.CreateZExtOrTrunc(whole, word)), b_.getIntNTy(bits));
    } else {
      V low = b_.CreateZExt(move(b_.CreateTrunc(whole, word)), whole->getType());
      V high = b_.CreateZExt(move(b_.CreateTrunc(b_.CreateLShr(whole, 32), word)), whole->getType());
      moved = b_.CreateOr(low, b_.CreateShl(high, 32));
    }
    return b_.CreateBitCast(moved, type);
  }
  void join_with(unsigned step) {
    llvm::SmallVector<V, 12> args{llvm::PoisonValue::get(b_.getPtrTy()), joined_};
    args.append(values_.begin(), values_.end());
    for (V value : values_) args.push_back(shuffled(value, step));
    b_.CreateCall(join_, args)->setAttributes(join_->getAttributes().removeFnAttributes(b_.getContext()));
    values_ = load(joined_, false);
  }

  ModuleLowering& module_;
  llvm::IRBuilder<>& b_;
  PartList list_;
  BufferLayout layout_;
  llvm::Function* join_;
  uint64_t size_;
  V joined_ = nullptr;
  llvm::SmallVector<V, 4> values_;
};

// The smallest of what threads report, in a word that is all ones at first.
void report(llvm::IRBuilder<>& b, V status, V word, V tag) {
  llvm::Function* f = b.GetInsertBlock()->getParent();
  auto* failed = llvm::BasicBlock::Create(f->getContext(), "failed", f);
  auto* go_on = llvm::BasicBlock::Create(f->getContext(), "go_on", f);
  b.CreateCondBr(b.CreateIsNull(status), go_on, failed);
  b.SetInsertPoint(failed);
  b.CreateAtomicRMW(llvm::AtomicRMWInst::UMin, word, b.CreateOr(tag, b.CreateZExt(status, b.getInt64Ty())),
                    llvm::Align(8), llvm::AtomicOrdering::Monotonic, b.getContext().getOrInsertSyncScopeID("device"));
  b.CreateBr(go_on);
  b.SetInsertPoint(go_on);
}

}  // namespace

void add_device_kernel(ModuleLowering& module, const kir::Function& function, llvm::Function* body) {
  llvm::LLVMContext& c = module.context();
  PartList parts;
  for (kir::VarId p : function.params) parts.append(flatten(function.vars[p].type, Form::Abi));
  llvm::SmallVector<llvm::Type*, 16> types;
  auto* pointer_type = llvm::PointerType::getUnqual(c);
  const bool region = function.offload;
  if (region) types = {pointer_type, llvm::Type::getInt64Ty(c), pointer_type};  // see kjit_rt/offload.h
  for (const Part& part : parts) {
    if (part.kind != PartKind::Owner) types.push_back(storage_type(c, part));
  }
  auto* kernel =
      llvm::Function::Create(llvm::FunctionType::get(llvm::Type::getVoidTy(c), types, false),
                             llvm::GlobalValue::ExternalLinkage, device_symbol(function.name), module.module());
  kernel->setCallingConv(llvm::CallingConv::PTX_Kernel);
  kernel->setDoesNotThrow();
  kernel->addFnAttr(llvm::Attribute::Convergent);
  const kir::DeviceOptions& said = function.on_device;
  const auto limit = [&](const char* name, int n) {
    if (n > 0) kernel->addFnAttr(name, std::to_string(n));
  };
  limit("nvvm.maxntid", said.max_threads);
  limit("nvvm.minctasm", said.min_blocks);
  limit("nvvm.maxnreg", said.max_registers);
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(c, "entry", kernel));
  if (module.debug()) b.SetCurrentDebugLocation(module.debug()->begin_wrapper(function, kernel));
  auto* pointer = b.getPtrTy();
  // No context and no result: a function for a GPU looks at neither.
  llvm::SmallVector<llvm::Value*, 16> args{llvm::PoisonValue::get(pointer), llvm::PoisonValue::get(pointer)};
  unsigned next = region ? 3 : 0;
  for (unsigned k = 0; k < parts.size(); ++k) {
    if (parts[k].kind == PartKind::Owner) {
      args.push_back(llvm::ConstantPointerNull::get(pointer));
      continue;
    }
    kernel->addParamAttrs(next, llvm::AttrBuilder(c, body->getAttributes().getParamAttrs(k + 2)));
    args.push_back(kernel->getArg(next++));
  }
  std::optional<BlockResult> result;
  if (region && function.join) {
    result.emplace(module, function, b);
    args[1] = result->new_buffer();
  }
  if (region) kernel->addFnAttr("nvvm.maxntid", std::to_string(kThreads));
  llvm::CallInst* status = b.CreateCall(body, args);
  status->setAttributes(body->getAttributes().removeFnAttributes(c));
  if (region) report(b, status, kernel->getArg(0), kernel->getArg(1));
  if (result) result->store(args[1], kernel->getArg(2));
  b.CreateRetVoid();
}

llvm::Value* shared_memory(FunctionLowering& f, const std::string& name, uint64_t bytes) {
  if (f.module.kir().simulated) return simulated_shared(f, bytes);
  constexpr unsigned kShared = 3;
  llvm::Module& module = f.module.module();
  auto* type = llvm::ArrayType::get(llvm::Type::getInt8Ty(f.context()), bytes);
  llvm::GlobalVariable* memory = nullptr;
  if (bytes == 0) {
    constexpr const char* kName = "kjit_dynamic_shared";
    memory = module.getGlobalVariable(kName);
    if (!memory)
      memory = new llvm::GlobalVariable(module, type, false, llvm::GlobalValue::ExternalLinkage, nullptr, kName,
                                        nullptr, llvm::GlobalValue::NotThreadLocal, kShared);
  } else {
    memory =
        new llvm::GlobalVariable(module, type, false, llvm::GlobalValue::InternalLinkage, llvm::PoisonValue::get(type),
                                 device_symbol("shared." + name), nullptr, llvm::GlobalValue::NotThreadLocal, kShared);
  }
  memory->setAlignment(llvm::Align(16));
  return f.b.CreateAddrSpaceCast(memory, f.b.getPtrTy());
}

}  // namespace kjit::lower
