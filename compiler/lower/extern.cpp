// C functions of the host: plain C calls over scalars, in the form of kernels.
#include <fmt/format.h>
#include <kjit_rt/abi.h>
#include <llvm/IR/IRBuilder.h>

#include "lower/flatten.h"
#include "lower/module.h"

namespace kjit::lower {

namespace {

llvm::Type* c_type(llvm::LLVMContext& context, const kir::Function& kir, TypeRef type) {
  if (!type || type->is_none()) return llvm::Type::getVoidTy(context);
  if (!type->is_scalar() || sema::is_complex(type->scalar))
    throw LoweringError(fmt::format("{}: a C function of the host takes and gives real numbers, not {}", kir.name,
                                    sema::to_string(type)));
  return storage_type(context, {PartKind::Number, type->scalar});
}

// The caller extends what is narrower than an int, as C compilers expect of each other.
llvm::Attribute::AttrKind extension(TypeRef type) {
  if (sema::is_float(type->scalar) || sema::size_of(type->scalar) >= 4) return llvm::Attribute::None;
  return sema::is_signed(type->scalar) ? llvm::Attribute::SExt : llvm::Attribute::ZExt;
}

}  // namespace

void lower_extern(ModuleLowering& module, const kir::Function& kir, llvm::Function* function) {
  llvm::LLVMContext& context = module.context();
  llvm::SmallVector<llvm::Type*, 8> types;
  for (kir::VarId p : kir.params) types.push_back(c_type(context, kir, kir.vars[p].type));
  llvm::Type* result = c_type(context, kir, kir.result);
  auto* type = llvm::FunctionType::get(result, types, false);
  auto* target = llvm::cast<llvm::Function>(module.module().getOrInsertFunction(kir.extern_symbol, type).getCallee());
  target->setDoesNotThrow();
  if (kir.extern_pure) {
    target->setDoesNotAccessMemory();
    target->addFnAttr(llvm::Attribute::WillReturn);
    target->addFnAttr(llvm::Attribute::NoSync);
  }

  llvm::IRBuilder<> b(llvm::BasicBlock::Create(context, "entry", function));
  llvm::SmallVector<llvm::Value*, 8> args;
  for (unsigned k = 0; k < types.size(); ++k) {
    args.push_back(function->getArg(2 + k));
    const auto attribute = extension(kir.vars[kir.params[k]].type);
    if (attribute != llvm::Attribute::None) target->addParamAttr(k, attribute);
  }
  llvm::CallInst* call = b.CreateCall(target, args);
  call->setAttributes(target->getAttributes().removeFnAttributes(context));
  if (!result->isVoidTy()) {
    llvm::Value* value = call;
    if (sema::is_bool(kir.result->scalar))
      value = b.CreateZExt(b.CreateIsNotNull(value), b.getInt8Ty());  // any nonzero is true
    b.CreateStore(value, function->getArg(1));
  }
  b.CreateRet(b.getInt32(KJIT_OK));
  function->addFnAttr(llvm::Attribute::AlwaysInline);
}

}  // namespace kjit::lower
