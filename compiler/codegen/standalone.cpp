#include "codegen/standalone.h"

#include <fmt/format.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/MDBuilder.h>
#include <llvm/Object/ObjectFile.h>

#include <algorithm>
#include <stdexcept>

namespace kjit::codegen {

namespace {

using V = llvm::Value*;

// libm's function behind "Sleef_finz_sinf8_u10avx2" (sinf) and "_ZGVdN4v_exp" (exp); "" for other names.
std::string libm_name(llvm::StringRef name, bool single) {
  if (name.consume_front("_ZGV")) return name.split('_').second.str();
  if (!name.consume_front("Sleef_finz_") && !name.consume_front("Sleef_cinz_")) return "";
  // A name of libm, d or f, the number of lanes, the accuracy. Names of libm may end in digits: log2, expm1.
  llvm::StringRef base = name.split('_').first.rtrim("0123456789");
  if (!base.consume_back(single ? "f" : "d")) return "";
  return base.str() + (single ? "f" : "");
}

void define(llvm::Function& f, const std::string& libm) {
  llvm::Module& module = *f.getParent();
  llvm::LLVMContext& c = module.getContext();
  auto* pointer = llvm::PointerType::getUnqual(c);
  llvm::Type* type = f.getReturnType();
  llvm::Type* number = type->getScalarType();
  llvm::IRBuilder<> b(c);
  // Null at first; the function, or the cell's own address where there is none.
  auto* cell = new llvm::GlobalVariable(module, pointer, false, llvm::GlobalValue::InternalLinkage,
                                        llvm::ConstantPointerNull::get(pointer), f.getName() + ".cell");
  cell->setAlignment(llvm::Align(8));
  V text = b.CreateGlobalString(f.getName(), "name", 0, &module);
  f.setLinkage(llvm::GlobalValue::InternalLinkage);
  f.setAttributes({});
  f.addFnAttr(llvm::Attribute::NoInline);
  f.addFnAttr(llvm::Attribute::NoUnwind);
  f.setDSOLocal(true);
  llvm::SmallVector<V, 2> args;
  for (llvm::Argument& a : f.args()) args.push_back(&a);

  const auto block = [&](const char* name) { return llvm::BasicBlock::Create(c, name, &f); };
  llvm::BasicBlock *entry = block("entry"), *find = block("find"), *ready = block("ready"), *call = block("call");
  llvm::BasicBlock* lanes = block("lanes");
  llvm::MDNode* unlikely = llvm::MDBuilder(c).createUnlikelyBranchWeights();
  b.SetInsertPoint(entry);
  llvm::LoadInst* known = b.CreateAlignedLoad(pointer, cell, llvm::Align(8));
  known->setAtomic(llvm::AtomicOrdering::Acquire);
  b.CreateCondBr(b.CreateIsNull(known), find, ready, unlikely);
  b.SetInsertPoint(find);
  auto runtime = module.getOrInsertFunction("kjit_rt_vector_function", pointer, pointer);
  llvm::cast<llvm::Function>(runtime.getCallee())->setDoesNotThrow();
  V found = b.CreateCall(runtime, {text});
  V kept = b.CreateSelect(b.CreateIsNull(found), cell, found);
  b.CreateAlignedStore(kept, cell, llvm::Align(8))->setAtomic(llvm::AtomicOrdering::Release);
  b.CreateBr(ready);
  b.SetInsertPoint(ready);
  llvm::PHINode* target = b.CreatePHI(pointer, 2);
  target->addIncoming(known, entry);
  target->addIncoming(kept, find);
  b.CreateCondBr(b.CreateICmpEQ(target, cell), lanes, call, unlikely);
  b.SetInsertPoint(call);
  llvm::CallInst* made = b.CreateCall(f.getFunctionType(), target, args);
  made->setDoesNotThrow();
  made->setTailCallKind(llvm::CallInst::TCK_Tail);
  b.CreateRet(made);

  b.SetInsertPoint(lanes);
  llvm::SmallVector<llvm::Type*, 2> numbers(args.size(), number);
  const auto scalar = module.getOrInsertFunction(libm, llvm::FunctionType::get(number, numbers, false));
  const auto one = [&](llvm::ArrayRef<V> given) {
    llvm::CallInst* result = b.CreateCall(scalar, given);
    result->setDoesNotThrow();
    return result;
  };
  auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type);
  V result = vector ? static_cast<V>(llvm::PoisonValue::get(type)) : one(args);
  for (unsigned k = 0; vector && k < vector->getNumElements(); ++k) {
    llvm::SmallVector<V, 2> given;
    for (V a : args) given.push_back(b.CreateExtractElement(a, k));
    result = b.CreateInsertElement(result, one(given), k);
  }
  b.CreateRet(result);
}

}  // namespace

void find_vector_functions_later(llvm::Module& module) {
  std::vector<std::pair<llvm::Function*, std::string>> found;
  for (llvm::Function& f : module) {
    if (!f.isDeclaration() || f.use_empty()) continue;
    const std::string libm = libm_name(f.getName(), f.getReturnType()->getScalarType()->isFloatTy());
    if (!libm.empty()) found.emplace_back(&f, libm);
  }
  for (const auto& [f, libm] : found) define(*f, libm);
}

std::vector<std::string> undefined_symbols(llvm::StringRef object) {
  const auto check = [](auto value) {
    if (!value) throw std::runtime_error("LLVM: " + llvm::toString(value.takeError()));
    return std::move(*value);
  };
  const auto file = check(llvm::object::ObjectFile::createObjectFile({object, "object"}));
  std::vector<std::string> names;
  for (const llvm::object::SymbolRef& symbol : file->symbols()) {
    const llvm::StringRef name = check(symbol.getName());
    if (!name.empty() && (check(symbol.getFlags()) & llvm::object::SymbolRef::SF_Undefined) != 0)
      names.push_back(name.str());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace kjit::codegen
