// Calls of the runtime's functions over whole arrays (kir/library.def). Arrays go as pointers to descriptors.
#include <kjit_rt/abi.h>

#include <string_view>

#include "lower/arrays.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

V address(FunctionLowering& f, V base, uint64_t offset) {
  return f.b.CreateConstInBoundsGEP1_64(f.b.getInt8Ty(), base, offset);
}

// A kjit_array in a slot of this frame, made anew before each call.
V descriptor(FunctionLowering& f, ExprRef e) {
  auto& b = f.b;
  ArrayOperand a(f, e);
  const auto rank = static_cast<uint64_t>(a.rank());
  V lengths = f.entry_alloca(llvm::ArrayType::get(b.getInt64Ty(), std::max<uint64_t>(2 * rank, 1)), "array.axes");
  for (uint64_t k = 0; k < rank; ++k) {
    b.CreateStore(a.shape(static_cast<int>(k)), address(f, lengths, 8 * k));
    b.CreateStore(a.stride_bytes(static_cast<int>(k)), address(f, lengths, 8 * (rank + k)));
  }
  V out = f.entry_alloca(llvm::ArrayType::get(b.getInt8Ty(), sizeof(kjit_array)), "array", alignof(kjit_array));
  b.CreateStore(a.data(), address(f, out, offsetof(kjit_array, data)));
  b.CreateStore(lengths, address(f, out, offsetof(kjit_array, shape)));
  b.CreateStore(address(f, lengths, 8 * rank), address(f, out, offsetof(kjit_array, strides)));
  b.CreateStore(b.getInt32(static_cast<uint32_t>(a.type().scalar)), address(f, out, offsetof(kjit_array, dtype)));
  b.CreateStore(b.getInt32(static_cast<uint32_t>(rank)), address(f, out, offsetof(kjit_array, rank)));
  return out;
}

llvm::Function* declaration(FunctionLowering& f, const kir::LibraryInfo& row) {
  llvm::Module& module = f.module.module();
  if (llvm::Function* known = module.getFunction(row.symbol)) return known;
  llvm::SmallVector<llvm::Type*, 8> params{f.b.getPtrTy(), f.b.getPtrTy()};
  for (const char* p = row.params; *p; ++p) {
    llvm::Type* number = *p == 'i' || *p == 't' ? f.b.getInt64Ty() : *p == 'd' ? f.b.getDoubleTy() : nullptr;
    params.push_back(number ? number : f.b.getPtrTy());
  }
  auto* type = llvm::FunctionType::get(f.b.getInt32Ty(), params, false);
  auto* fn = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, row.symbol, module);
  fn->setDoesNotThrow();
  return fn;
}

}  // namespace

void lower_library(FunctionLowering& f, const Stmt& s) {
  const kir::LibraryInfo& row = kir::info(s.library);
  Parts args{f.ctx(), f.location(s.span)};
  for (size_t k = 0; k < s.exprs.size(); ++k) {
    const bool number = std::string_view("idt").find(row.params[k]) != std::string_view::npos;
    args.push_back(number ? f.scalar(s.exprs[k]) : descriptor(f, s.exprs[k]));
  }
  f.set_place(s.span);
  leave_on(f, f.b.CreateCall(declaration(f, row), args));
}

void leave_on(FunctionLowering& f, V status) {
  llvm::BasicBlock* failed = f.new_block("library.failed");
  f.branch_cold(f.b.CreateIsNotNull(status), failed);
  llvm::BasicBlock* go_on = f.b.GetInsertBlock();
  f.start(failed);
  f.leave(status);
  f.start(go_on);
}

}  // namespace kjit::lower
