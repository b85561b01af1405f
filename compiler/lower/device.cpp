#include "lower/device.h"

#include <fmt/format.h>

#include "lower/function.h"

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

void add_device_kernel(ModuleLowering& module, const kir::Function& function, llvm::Function* body) {
  llvm::LLVMContext& c = module.context();
  PartList parts;
  for (kir::VarId p : function.params) parts.append(flatten(function.vars[p].type, Form::Abi));
  llvm::SmallVector<llvm::Type*, 16> types;
  for (const Part& part : parts) {
    if (part.kind != PartKind::Owner) types.push_back(storage_type(c, part));
  }
  auto* kernel =
      llvm::Function::Create(llvm::FunctionType::get(llvm::Type::getVoidTy(c), types, false),
                             llvm::GlobalValue::ExternalLinkage, device_symbol(function.name), module.module());
  kernel->setCallingConv(llvm::CallingConv::PTX_Kernel);
  kernel->setDoesNotThrow();
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(c, "entry", kernel));
  auto* pointer = b.getPtrTy();
  // No context and no result: a function for a GPU looks at neither.
  llvm::SmallVector<llvm::Value*, 16> args{llvm::PoisonValue::get(pointer), llvm::PoisonValue::get(pointer)};
  unsigned next = 0;
  for (unsigned k = 0; k < parts.size(); ++k) {
    if (parts[k].kind == PartKind::Owner) {
      args.push_back(llvm::ConstantPointerNull::get(pointer));
      continue;
    }
    kernel->addParamAttrs(next, llvm::AttrBuilder(c, body->getAttributes().getParamAttrs(k + 2)));
    args.push_back(kernel->getArg(next++));
  }
  b.CreateCall(body, args)->setAttributes(body->getAttributes().removeFnAttributes(c));
  b.CreateRetVoid();
}

}  // namespace kjit::lower
