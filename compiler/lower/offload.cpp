// Functions whose regions run on a GPU: transfers of arrays, and launches. What the runtime does is in
// kjit_rt/offload.h.
#include <kjit_rt/abi.h>
#include <kjit_rt/offload.h>

#include <algorithm>
#include <bit>
#include <cstddef>

#include "lower/arrays.h"

namespace kjit::lower {

namespace {

using V = llvm::Value*;

// The engine's device: a pointer that whoever loads the code provides.
llvm::Constant* device_cell(FunctionLowering& f) {
  return f.module.module().getOrInsertGlobal("kjit_engine_cuda", f.b.getPtrTy());
}

V place(FunctionLowering& f, V base, uint64_t at) { return at_offset(f, base, static_cast<int64_t>(at)); }

// See kjit_offload_region.
void add_kinds(TypeRef type, bool written, std::string& out) {
  if (!type->is_array()) {
    if (type->is_tuple()) {
      for (TypeRef e : type->elements) add_kinds(e, written, out);
    } else {
      out.append(part_count(type, Form::Abi), 'n');
    }
    return;
  }
  out += written ? 'D' : 'd';
  out += static_cast<char>('0' + std::countr_zero(static_cast<unsigned>(sema::size_of(type->scalar))));
  out += 'o';
  out.append(type->rank, 's');
  out.append(type->rank, 't');
}

std::string kinds_of(const kir::Function& region) {
  std::string out;
  for (size_t k = 3; k < region.params.size(); ++k) {
    const VarId p = region.params[k];
    const bool written = std::find(region.stored.begin(), region.stored.end(), p) != region.stored.end();
    add_kinds(region.vars[p].type, written, out);
  }
  return out;
}

// A kjit_offload_region.
llvm::Constant* region_record(FunctionLowering& f, const Stmt& s, const std::string& kinds, uint64_t size) {
  llvm::Module& module = f.module.module();
  const kir::Function& region = *f.module.kir().functions[s.callee];
  const auto& functions = f.module.kir().functions;
  const kir::Function& kernel = *functions[*region.kernel];
  const kir::Function* fast = region.fast ? functions[*region.fast].get() : nullptr;
  const std::string name = entry_symbol(region.symbol) + ".record";
  if (auto* known = module.getNamedGlobal(name)) return known;
  auto& b = f.b;
  llvm::Constant* none = llvm::ConstantPointerNull::get(b.getPtrTy());
  llvm::Constant* fields[] = {
      none,
      none,
      f.module.gpu_image(),
      b.getInt64(f.module.options().gpu_image.size()),
      f.module.text(device_symbol(kernel.name)),
      fast ? f.module.text(device_symbol(fast->name)) : none,
      b.getInt64(static_cast<uint64_t>(fast ? fast->beside : 1)),
      b.getInt64(static_cast<uint64_t>(kernel.beside < 0 ? -kernel.beside : 1)),
      f.module.text(kinds),
      b.getInt64(size),
      b.getInt64(static_cast<uint64_t>(s.most)),
      f.location(s.span),
  };
  static_assert(sizeof(kjit_offload_region) == 8 * std::size(fields));
  llvm::Constant* record = llvm::ConstantStruct::getAnon(fields);
  auto* global =
      new llvm::GlobalVariable(module, record->getType(), false, llvm::GlobalValue::InternalLinkage, record, name);
  global->setAlignment(llvm::Align(8));
  return global;
}

// One slot of 8 bytes for each part that the kernel gets.
V slots(FunctionLowering& f, const std::string& kinds, PartsRef arguments) {
  V out = f.entry_alloca(llvm::ArrayType::get(f.b.getInt64Ty(), std::max<size_t>(kinds.size(), 1)), "slots", 8);
  uint64_t at = 0;
  unsigned next = 0;
  for (const char kind : kinds) {
    if (kind >= '0' && kind <= '9') continue;
    V argument = arguments[next++];
    if (kind == 'o') continue;
    f.b.CreateStore(argument, place(f, out, at));
    at += 8;
  }
  return out;
}

}  // namespace

void enter_offload(FunctionLowering& f) {
  leave_on(f, f.call(Rt::kjit_rt_offload_enter, {f.ctx(), device_cell(f), f.location(f.kir.span)}));
}

V leave_offload(FunctionLowering& f, V status) {
  return f.call(Rt::kjit_rt_offload_leave, {f.ctx(), status, f.location(f.kir.span)});
}

void lower_transfer(FunctionLowering& f, const Stmt& s) {
  auto& b = f.b;
  ArrayOperand a(f, s.expr);
  const auto rank = static_cast<uint64_t>(a.rank());
  V axes = f.entry_alloca(llvm::ArrayType::get(b.getInt64Ty(), std::max<uint64_t>(2 * rank, 1)), "transfer.axes");
  for (uint64_t k = 0; k < rank; ++k) {
    b.CreateStore(a.shape(static_cast<int>(k)), place(f, axes, 8 * k));
    b.CreateStore(a.stride_bytes(static_cast<int>(k)), place(f, axes, 8 * (rank + k)));
  }
  f.set_place(s.span);
  leave_on(f,
           f.call(Rt::kjit_rt_offload_transfer, {f.ctx(), a.data(), b.getInt32(static_cast<uint32_t>(rank)), axes,
                                                 place(f, axes, 8 * rank), f.int64(sema::size_of(a.type().scalar)),
                                                 b.getInt32(static_cast<uint32_t>(s.transfer)), f.location(s.span)}));
}

V launch_region(FunctionLowering& f, const Stmt& s, V trips, PartsRef arguments, V results, uint64_t size) {
  const kir::Function& region = *f.module.kir().functions[s.callee];
  const std::string kinds = kinds_of(region);
  V count = f.entry_alloca(f.i64(), "count", 8);
  V inner = s.init ? f.scalar(s.init) : f.int64(-1);
  leave_on(f, f.call(Rt::kjit_rt_offload_launch, {f.ctx(), region_record(f, s, kinds, size), trips, inner,
                                                  slots(f, kinds, arguments), results, count}));
  return f.b.CreateLoad(f.i64(), count);
}

void bring_region(FunctionLowering& f, const Stmt& s, PartsRef arguments) {
  const kir::Function& region = *f.module.kir().functions[s.callee];
  const std::string kinds = kinds_of(region);
  leave_on(f, f.call(Rt::kjit_rt_offload_here,
                     {f.ctx(), f.module.text(kinds), slots(f, kinds, arguments), f.location(s.span)}));
}

}  // namespace kjit::lower
