// Reference counts of arrays' owners. The rules are in README.md.
#include "lower/function.h"

namespace kjit::lower {

namespace {

template <typename Action>
void for_each_owner(FunctionLowering& f, PartsRef parts, TypeRef type, Action action) {
  const PartList list = flatten(type, Form::Inner);
  for (unsigned k = 0; k < list.size(); ++k) {
    if (list[k].kind != PartKind::Owner) continue;
    llvm::Value* owner = parts[k];
    if (llvm::isa<llvm::ConstantPointerNull>(owner)) continue;
    llvm::BasicBlock* yes = f.new_block("owned");
    llvm::BasicBlock* after = f.new_block("owned.after");
    f.b.CreateCondBr(f.b.CreateIsNotNull(owner), yes, after);
    f.start(yes);
    action(owner, parts[k - 1]);
    f.b.CreateBr(after);
    f.start(after);
  }
}

}  // namespace

// A GPU's arrays are kept by who launches.
bool FunctionLowering::is_counted(VarId var) const {
  if (module.options().device) return false;
  const kir::Var& v = kir.vars[var];
  return v.counted && !v.is_param && has_owner(v.type);
}

void FunctionLowering::retain(PartsRef parts, TypeRef type) {
  if (!has_owner(type) || module.options().device) return;
  for_each_owner(*this, parts, type, [&](llvm::Value* owner, llvm::Value*) { call(Rt::kjit_rt_retain, {owner}); });
}

void FunctionLowering::release(PartsRef parts, TypeRef type) {
  if (!has_owner(type) || module.options().device) return;
  for_each_owner(*this, parts, type,
                 [&](llvm::Value* owner, llvm::Value* data) { call(Rt::kjit_rt_release, {owner, data}); });
}

void FunctionLowering::take_over(VarId v, PartsRef parts) {
  if (is_counted(v)) {
    const Parts old = var(v);
    set_var(v, parts);
    release(old, kir.vars[v].type);
  } else {
    if (has_owner(kir.vars[v].type) && !module.options().device)
      fail("a variable that owns an array is not counted", kir.vars[v].span);
    set_var(v, parts);
  }
}

void FunctionLowering::give(VarId v, PartsRef parts) { is_counted(v) ? take_over(v, parts) : set_var(v, parts); }

}  // namespace kjit::lower
