// C functions of the host: plain C calls over numbers, in the form of kernels. Functions of the runtime in that form.
#include <fmt/format.h>
#include <kjit_rt/abi.h>
#include <llvm/IR/IRBuilder.h>

#include "lower/flatten.h"
#include "lower/module.h"

namespace kjit::lower {

namespace {

[[noreturn]] void fail(const kir::Function& kir, const std::string& why) {
  throw LoweringError(fmt::format("{}: a C function of the host {}", kir.name, why));
}

// How x86-64's C passes a type: a complex64 as two floats in one register, a complex128 as two doubles (in a result, a
// pair of registers).
llvm::Type* c_type(llvm::LLVMContext& context, const kir::Function& kir, TypeRef type) {
  if (!type || type->is_none()) return llvm::Type::getVoidTy(context);
  if (!type->is_scalar()) fail(kir, fmt::format("takes and gives numbers, not {}", sema::to_string(type)));
  if (type->scalar == Scalar::C64) return llvm::FixedVectorType::get(llvm::Type::getFloatTy(context), 2);
  llvm::Type* f64 = llvm::Type::getDoubleTy(context);
  if (type->scalar == Scalar::C128) return llvm::StructType::get(context, {f64, f64});
  return storage_type(context, {PartKind::Number, type->scalar});
}

// A complex128 goes into two registers of the eight for floats, or into none: LLVM would split it over the last one and
// memory, so calls with so many numbers are refused.
void check_complex(ModuleLowering& module, const kir::Function& kir) {
  bool any = kir.result && kir.result->is_scalar() && sema::is_complex(kir.result->scalar);
  int registers = 0;
  for (kir::VarId p : kir.params) {
    const Scalar s = kir.vars[p].type->scalar;
    any = any || sema::is_complex(s);
    registers += s == Scalar::C128 ? 2 : sema::is_complex(s) || sema::is_float(s) ? 1 : 0;
  }
  if (!any) return;
  if (!module.module().getTargetTriple().isX86_64()) fail(kir, "takes and gives no complex numbers on this processor");
  if (registers > 8) fail(kir, "with complex numbers takes at most eight floating-point numbers");
}

// The caller extends what is narrower than an int, as C compilers expect of each other.
llvm::Attribute::AttrKind extension(TypeRef type) {
  if (sema::is_float(type->scalar) || sema::size_of(type->scalar) >= 4) return llvm::Attribute::None;
  return sema::is_signed(type->scalar) ? llvm::Attribute::SExt : llvm::Attribute::ZExt;
}

int part_size(TypeRef type) { return size_of(Part{PartKind::Number, sema::real_of(type->scalar)}); }

// A function of the runtime takes and gives what this one does.
void lower_runtime(ModuleLowering& module, const kir::Function& kir, llvm::Function* function) {
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(module.context(), "entry", function));
  llvm::FunctionCallee target = module.module().getOrInsertFunction(kir.extern_symbol, function->getFunctionType());
  llvm::cast<llvm::Function>(target.getCallee())->setDoesNotThrow();
  llvm::SmallVector<llvm::Value*, 8> args;
  for (llvm::Argument& a : function->args()) args.push_back(&a);
  b.CreateRet(b.CreateCall(target, args));
  function->addFnAttr(llvm::Attribute::AlwaysInline);
}

}  // namespace

void lower_extern(ModuleLowering& module, const kir::Function& kir, llvm::Function* function) {
  if (kir.extern_context) return lower_runtime(module, kir, function);
  llvm::LLVMContext& context = module.context();
  llvm::SmallVector<llvm::Type*, 8> types;
  llvm::SmallVector<llvm::Value*, 8> args;
  llvm::SmallVector<llvm::Attribute::AttrKind, 8> extensions;
  llvm::Type* result = c_type(context, kir, kir.result);
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(context, "entry", function));
  for (unsigned at = 2; kir::VarId p : kir.params) {
    const TypeRef type = kir.vars[p].type;
    llvm::Type* c = c_type(context, kir, type);
    llvm::Value* first = function->getArg(at++);
    llvm::Value* second = sema::is_complex(type->scalar) ? function->getArg(at++) : nullptr;
    if (type->scalar == Scalar::C64) {
      llvm::Value* both = b.CreateInsertElement(llvm::PoisonValue::get(c), first, uint64_t{0});
      args.push_back(b.CreateInsertElement(both, second, uint64_t{1}));
    } else {
      args.push_back(first);
      if (second) args.push_back(second);
    }
    while (types.size() < args.size()) {
      types.push_back(args[types.size()]->getType());
      extensions.push_back(extension(type));
    }
  }
  check_complex(module, kir);
  auto* type = llvm::FunctionType::get(result, types, false);
  auto* target = llvm::cast<llvm::Function>(module.module().getOrInsertFunction(kir.extern_symbol, type).getCallee());
  target->setDoesNotThrow();
  if (kir.extern_pure) {
    target->setDoesNotAccessMemory();
    target->addFnAttr(llvm::Attribute::WillReturn);
    target->addFnAttr(llvm::Attribute::NoSync);
  }
  for (unsigned k = 0; k < extensions.size(); ++k)
    if (extensions[k] != llvm::Attribute::None) target->addParamAttr(k, extensions[k]);
  llvm::CallInst* call = b.CreateCall(target, args);
  call->setAttributes(target->getAttributes().removeFnAttributes(context));
  if (!result->isVoidTy()) {
    llvm::Value* value = call;
    if (sema::is_bool(kir.result->scalar))
      value = b.CreateZExt(b.CreateIsNotNull(value), b.getInt8Ty());  // any nonzero is true
    // A pair of floats lies in memory as the complex number does.
    b.CreateAlignedStore(value, function->getArg(1), llvm::Align(static_cast<uint64_t>(part_size(kir.result))));
  }
  b.CreateRet(b.getInt32(KJIT_OK));
  function->addFnAttr(llvm::Attribute::AlwaysInline);
}

}  // namespace kjit::lower
