#include "lower/c_entry.h"

#include <kjit_rt/abi.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/Support/MathExtras.h>

#include "lower/flatten.h"
#include "lower/lower.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;
using F = llvm::Function*;

class CEntry {
 public:
  CEntry(llvm::Module& module, const kir::Function& kir, const std::string& name)
      : module_(module), kir_(kir), target_(module.getFunction(entry_symbol(kir.symbol))), b_(module.getContext()) {
    llvm::SmallVector<llvm::Type*, 8> types{b_.getPtrTy()};
    for (kir::VarId p : kir.params) {
      TypeRef type = kir.vars[p].type;
      const CParameter form = c_parameter(type);
      if (form == CParameter::Number) types.push_back(storage_type(module.getContext(), flatten(type, Form::Abi)[0]));
      if (form == CParameter::Pointer) types.push_back(b_.getPtrTy());
    }
    has_result_ = kir.result != nullptr && part_count(kir.result, Form::Abi) > 0;
    if (has_result_) types.push_back(b_.getPtrTy());
    entry_ = llvm::Function::Create(llvm::FunctionType::get(b_.getInt32Ty(), types, false),
                                    llvm::GlobalValue::ExternalLinkage, name, module);
    entry_->setDoesNotThrow();
    name_ = b_.CreateGlobalString(name, "name", 0, &module);
    b_.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "entry", entry_));
  }

  F run(const std::vector<std::string>& parameters) {
    find_context();
    llvm::SmallVector<V, 16> args{context_, llvm::ConstantPointerNull::get(b_.getPtrTy())};
    unsigned next = 1;
    for (size_t k = 0; k < kir_.params.size(); ++k) {
      TypeRef type = kir_.vars[kir_.params[k]].type;
      const CParameter form = c_parameter(type);
      if (form == CParameter::None) continue;
      parameter_ = parameters[k];
      llvm::Argument* argument = entry_->getArg(next++);
      argument->setName(parameter_);
      if (form == CParameter::Number) {
        add_extension(next - 1, flatten(type, Form::Abi)[0]);
        args.push_back(argument);
      } else if (type->is_optional()) {
        add_optional(type, argument, args);
      } else {
        require(argument);
        int64_t offset = 0;
        add_parts(type, argument, offset, args);
      }
    }
    if (has_result_) {
      parameter_ = "result";
      args[1] = entry_->getArg(next);
      args[1]->setName(parameter_);
      require(args[1]);
    }
    llvm::CallInst* status = b_.CreateCall(target_, args);
    status->setAttributes(target_->getAttributes().removeFnAttributes(module_.getContext()));
    b_.CreateRet(status);
    return entry_;
  }

 private:
  llvm::BasicBlock* block(const char* name) { return llvm::BasicBlock::Create(module_.getContext(), name, entry_); }
  // To `seldom` if so; goes on in the block that is returned.
  llvm::BasicBlock* leave_if(V condition, llvm::BasicBlock* seldom) {
    llvm::BasicBlock* go_on = block("go_on");
    b_.CreateCondBr(condition, seldom, go_on, llvm::MDBuilder(module_.getContext()).createUnlikelyBranchWeights());
    b_.SetInsertPoint(go_on);
    return go_on;
  }
  llvm::FunctionCallee runtime(const char* name, llvm::Type* result, llvm::ArrayRef<llvm::Type*> types) {
    auto callee = module_.getOrInsertFunction(name, llvm::FunctionType::get(result, types, false));
    auto* fn = llvm::cast<llvm::Function>(callee.getCallee());
    fn->setDoesNotThrow();
    fn->addFnAttr(llvm::Attribute::Cold);
    return callee;
  }
  V text(const std::string& text) { return b_.CreateGlobalString(text, "name", 0, &module_); }
  void add_extension(unsigned argument, Part part) {
    if (size_of(part) >= 4 || (part.kind == PartKind::Number && sema::is_float(part.scalar))) return;
    const bool is_signed = part.kind == PartKind::Number && sema::is_signed(part.scalar);
    entry_->addParamAttr(argument, is_signed ? llvm::Attribute::SExt : llvm::Attribute::ZExt);
  }

  void find_context() {
    V given = entry_->getArg(0);
    given->setName("context");
    llvm::BasicBlock* start = b_.GetInsertBlock();
    llvm::BasicBlock *missing = block("missing"), *none = block("none"), *ready = block("ready");
    b_.CreateCondBr(b_.CreateIsNull(given), missing, ready);
    b_.SetInsertPoint(missing);
    V own = b_.CreateCall(runtime("kjit_context_of_thread", b_.getPtrTy(), {}));
    b_.CreateCondBr(b_.CreateIsNull(own), none, ready);
    b_.SetInsertPoint(none);
    b_.CreateRet(b_.getInt32(KJIT_MEMORY_ERROR));
    b_.SetInsertPoint(ready);
    llvm::PHINode* context = b_.CreatePHI(b_.getPtrTy(), 2, "ctx");
    context->addIncoming(given, start);
    context->addIncoming(own, missing);
    context_ = context;
  }

  // A pointer that may not be NULL.
  void require(V pointer) {
    llvm::BasicBlock* failed = block("null");
    llvm::BasicBlock* go_on = leave_if(b_.CreateIsNull(pointer), failed);
    b_.SetInsertPoint(failed);
    llvm::Type* p = b_.getPtrTy();
    b_.CreateRet(
        b_.CreateCall(runtime("kjit_aot_null", b_.getInt32Ty(), {p, p, p}), {context_, name_, text(parameter_)}));
    b_.SetInsertPoint(go_on);
  }

  void add_optional(TypeRef type, V pointer, llvm::SmallVectorImpl<V>& args) {
    llvm::BasicBlock *there = block("there"), *done = block("done"), *start = b_.GetInsertBlock();
    V absent = b_.CreateIsNull(pointer);
    b_.CreateCondBr(absent, done, there);
    b_.SetInsertPoint(there);
    llvm::SmallVector<V, 8> parts;
    int64_t offset = 0;
    add_parts(type->elements[0], pointer, offset, parts);
    there = b_.GetInsertBlock();
    b_.CreateBr(done);
    b_.SetInsertPoint(done);
    llvm::SmallVector<llvm::PHINode*, 8> values;
    for (V part : parts) {
      llvm::PHINode* value = b_.CreatePHI(part->getType(), 2);
      value->addIncoming(llvm::Constant::getNullValue(part->getType()), start);
      value->addIncoming(part, there);
      values.push_back(value);
    }
    args.push_back(b_.CreateZExt(b_.CreateNot(absent), b_.getInt8Ty()));
    args.append(values.begin(), values.end());
  }

  // What lies at base + offset on, in the order of flatten().
  void add_parts(TypeRef type, V base, int64_t& offset, llvm::SmallVectorImpl<V>& args) {
    if (type->is_tuple()) {
      for (TypeRef e : type->elements) add_parts(e, base, offset, args);
      return;
    }
    const size_t first = args.size();
    const PartList parts = flatten(type, Form::Abi);
    V array = nullptr;
    for (Part part : parts) {
      const int size = size_of(part);
      offset = static_cast<int64_t>(llvm::alignTo(static_cast<uint64_t>(offset), static_cast<uint64_t>(size)));
      V address = b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), base, static_cast<uint64_t>(offset));
      if (!array) array = address;
      args.push_back(b_.CreateAlignedLoad(storage_type(module_.getContext(), part), address,
                                          llvm::Align(static_cast<uint64_t>(size))));
      offset += size;
    }
    if (type->is_array()) check_array(*type, array, llvm::ArrayRef(args).drop_front(first));
  }

  // `parts`: data, owner, shape..., strides...
  void check_array(const sema::Type& type, V array, llvm::ArrayRef<V> parts) {
    const size_t rank = type.rank;
    const int bytes = sema::size_of(type.scalar), alignment = sema::size_of(sema::real_of(type.scalar));
    V odd = b_.CreateIsNull(parts[0]);
    if (alignment > 1) {
      V low = b_.CreateAnd(b_.CreatePtrToInt(parts[0], b_.getInt64Ty()), static_cast<uint64_t>(alignment - 1));
      odd = b_.CreateOr(odd, b_.CreateIsNotNull(low));
    }
    V wanted = b_.getInt64(static_cast<uint64_t>(bytes));
    for (size_t k = 0; k < rank; ++k) {
      const size_t axis = type.layout == Layout::F ? k : rank - 1 - k;
      V length = parts[2 + axis];
      odd = b_.CreateOr(odd, b_.CreateICmpSLT(length, b_.getInt64(0)));
      if (type.layout == Layout::A) continue;
      odd = b_.CreateOr(odd, b_.CreateICmpNE(parts[2 + rank + axis], wanted));
      if (k + 1 < rank) wanted = b_.CreateMul(wanted, length);
    }
    llvm::BasicBlock *look = block("look"), *failed = block("failed");
    llvm::BasicBlock* go_on = leave_if(odd, look);
    b_.SetInsertPoint(look);
    llvm::Type *p = b_.getPtrTy(), *i = b_.getInt32Ty();
    V status =
        b_.CreateCall(runtime("kjit_aot_check_array", i, {p, p, p, p, i, i, i}),
                      {context_, name_, text(parameter_), array, b_.getInt32(static_cast<uint32_t>(type.scalar)),
                       b_.getInt32(static_cast<uint32_t>(rank)), b_.getInt32(static_cast<uint32_t>(type.layout))});
    b_.CreateCondBr(b_.CreateIsNull(status), go_on, failed);
    b_.SetInsertPoint(failed);
    b_.CreateRet(status);
    b_.SetInsertPoint(go_on);
  }

  llvm::Module& module_;
  const kir::Function& kir_;
  F target_;
  F entry_ = nullptr;
  llvm::IRBuilder<> b_;
  V context_ = nullptr, name_ = nullptr;
  bool has_result_ = false;
  std::string parameter_;  // whose argument is being looked at
};

}  // namespace

CParameter c_parameter(TypeRef type) {
  const PartList parts = flatten(type, Form::Abi);
  if (parts.empty()) return CParameter::None;
  return parts.size() == 1 && type->is_scalar() ? CParameter::Number : CParameter::Pointer;
}

llvm::Function* add_c_entry(llvm::Module& module, const kir::Function& function, const std::string& name,
                            const std::vector<std::string>& parameters) {
  return CEntry(module, function, name).run(parameters);
}

}  // namespace kjit::lower
