// One function: parameters, slots of variables, entry, exits, and the dispatch over statements and expressions.
#include "lower/function.h"

#include <fmt/format.h>
#include <kjit_rt/abi.h>
#include <llvm/IR/MDBuilder.h>

#include <cstddef>

#include "lower/debug.h"

namespace kjit::lower {

FunctionLowering::FunctionLowering(ModuleLowering& module, const kir::Function& kir, llvm::Function* function,
                                   bool check_owner)
    : b(module.context()), module(module), kir(kir), function_(function), check_owner_(check_owner) {
  in_lanes = module.lanes().has(&kir);
  llvm::FastMathFlags flags;
  flags.setAllowReassoc(kir.fastmath.reassoc);
  flags.setNoNaNs(kir.fastmath.nnan);
  flags.setNoInfs(kir.fastmath.ninf);
  flags.setNoSignedZeros(kir.fastmath.nsz);
  flags.setAllowReciprocal(kir.fastmath.arcp);
  flags.setAllowContract(kir.fastmath.contract);
  flags.setApproxFunc(kir.fastmath.afn);
  b.setFastMathFlags(flags);
}

void FunctionLowering::run() {
  entry_ = llvm::BasicBlock::Create(context(), "entry", function_);
  auto* body = llvm::BasicBlock::Create(context(), "body", function_);
  exit_ = llvm::BasicBlock::Create(context(), "exit");
  status_ = llvm::PHINode::Create(b.getInt32Ty(), 4, "status", exit_);
  start(entry_);
  if (module.debug()) module.debug()->begin_function(*this, function_);
  set_place(kir.span);
  alloca_point_ = b.CreateBr(body);
  b.SetInsertPoint(alloca_point_);
  for (const kir::Var& v : kir.vars) lists_.push_back(flatten(v.type, Form::Inner));
  params_.resize(kir.vars.size());
  slots_.resize(kir.vars.size());
  make_params();
  make_vars();
  start(body);
  make_entry_checks();
  if (kir.offload && !module.options().device) enter_offload(*this);
  block(kir.body);
  if (!terminated()) finish();
  exit_->insertInto(function_);
  start(exit_);
  for (VarId v = 0; v < kir.vars.size(); ++v) {
    if (is_counted(v)) release(var(v), kir.vars[v].type);
  }
  b.CreateRet(kir.offload && !module.options().device ? leave_offload(*this, status_) : status_);
}

// Falling off the end returns None; anything else is a mistake upstream that must not become a wrong answer.
void FunctionLowering::finish() {
  if (kir.result == nullptr || part_count(kir.result, Form::Abi) == 0) return leave(b.getInt32(KJIT_OK));
  if (kir.result->is_optional()) {
    b.CreateStore(b.getInt8(0), result_buffer());
    return leave(b.getInt32(KJIT_OK));
  }
  if (!module.options().device)
    call(Rt::kjit_rt_raise, {ctx(), b.getInt32(KJIT_RUNTIME_ERROR), location(kir.span),
                             module.text("the function ended without returning a value")});
  leave(b.getInt32(KJIT_RUNTIME_ERROR));
}

// Parameters are values; with debug info they also live in slots, where a debugger finds them.
void FunctionLowering::make_params() {
  unsigned arg = 2;
  for (VarId p : kir.params) {
    const kir::Var& v = kir.vars[p];
    const PartList abi = flatten(v.type, Form::Abi);
    Parts parts;
    for (Part part : abi) {
      llvm::Value* a = function_->getArg(arg);
      a->setName(v.name);
      ++arg;
      parts.push_back(is_bool(part) ? b.CreateIsNotNull(a, v.name) : a);
    }
    Parts inner = from_abi(*this, parts, v.type);
    if (module.debug()) {
      slots_of(p, false);
      set_var(p, inner);
      module.debug()->declare_variable(*this, p, slots_[p], arg - static_cast<unsigned>(abi.size()) - 1);
    } else {
      params_[p] = std::move(inner);
    }
  }
}

void FunctionLowering::make_vars() {
  for (VarId v = 0; v < kir.vars.size(); ++v) {
    if (kir.vars[v].is_param) continue;
    slots_of(v, is_counted(v));
    if (module.debug()) module.debug()->declare_variable(*this, v, slots_[v], 0);
  }
}

void FunctionLowering::slots_of(VarId var, bool null_owners) {
  for (Part part : lists_[var]) {
    llvm::AllocaInst* slot = entry_alloca(storage_type(context(), part), kir.vars[var].name);
    slots_[var].push_back(slot);
    if (null_owners && part.kind == PartKind::Owner) {
      b.CreateStore(llvm::ConstantPointerNull::get(b.getPtrTy()), slot);
    }
  }
}

void FunctionLowering::check_stack(const kir::Function& callee) {
  llvm::Value* field = b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), ctx(), offsetof(kjit_ctx, stack_limit));
  llvm::Value* limit = b.CreateLoad(b.getInt64Ty(), field, "stack_limit");
  llvm::Metadata* name = llvm::MDString::get(context(), "rsp");
  llvm::Value* rsp = llvm::MetadataAsValue::get(context(), llvm::MDNode::get(context(), {name}));
  llvm::Value* stack = b.CreateIntrinsic(llvm::Intrinsic::read_register, {b.getInt64Ty()}, {rsp});
  llvm::BasicBlock* cold = new_block("too_deep");
  branch_cold(b.CreateICmpULT(stack, limit), cold);
  llvm::BasicBlock* go_on = b.GetInsertBlock();
  start(cold);
  call(Rt::kjit_rt_raise, {ctx(), b.getInt32(KJIT_RECURSION_ERROR), module.location(callee, callee.span),
                           module.text("maximum recursion depth exceeded")});
  leave(b.getInt32(KJIT_RECURSION_ERROR));
  start(go_on);
}

void FunctionLowering::make_entry_checks() {
  if (kir.poll_interrupt) {
    llvm::Value* field = b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), ctx(), offsetof(kjit_ctx, interrupt));
    llvm::Value* flag = b.CreateLoad(b.getPtrTy(), field);
    interrupt_ = b.CreateSelect(b.CreateIsNull(flag), module.zero_word(), flag, "interrupt");
    if (kir.recursive) poll(*this, kir.span);  // a recursion may run long without a loop
  }
}

llvm::Value* FunctionLowering::interrupt_flag() { return interrupt_; }

llvm::AllocaInst* FunctionLowering::entry_alloca(llvm::Type* type, const llvm::Twine& name, uint64_t align) {
  auto* a = new llvm::AllocaInst(type, 0, name, alloca_point_->getIterator());
  if (align != 0) a->setAlignment(llvm::Align(align));
  return a;
}

llvm::BasicBlock* FunctionLowering::new_block(const char* name) {
  return llvm::BasicBlock::Create(context(), name, function_);
}

void FunctionLowering::branch_cold(llvm::Value* condition, llvm::BasicBlock* cold) {
  llvm::BasicBlock* next = new_block("ok");
  b.CreateCondBr(condition, cold, next, llvm::MDBuilder(context()).createUnlikelyBranchWeights());
  start(next);
}

void FunctionLowering::leave(llvm::Value* status) {
  status_->addIncoming(status, b.GetInsertBlock());
  b.CreateBr(exit_);
}

llvm::Value* FunctionLowering::load_part(llvm::Value* address, Part part) {
  llvm::Value* v = b.CreateAlignedLoad(storage_type(context(), part), address, llvm::Align(size_of(part)));
  return is_bool(part) ? b.CreateIsNotNull(v) : v;
}

void FunctionLowering::store_part(llvm::Value* value, llvm::Value* address, Part part) {
  if (is_bool(part)) value = b.CreateZExt(value, b.getInt8Ty());
  b.CreateAlignedStore(value, address, llvm::Align(size_of(part)));
}

llvm::Value* FunctionLowering::var_part(VarId var, unsigned part) {
  if (slots_[var].empty()) return params_[var][part];
  return load_part(slots_[var][part], lists_[var][part]);
}

Parts FunctionLowering::var(VarId var) {
  Parts parts;
  for (unsigned k = 0; k < lists_[var].size(); ++k) parts.push_back(var_part(var, k));
  return parts;
}

void FunctionLowering::set_var(VarId var, PartsRef parts) {
  for (unsigned k = 0; k < parts.size(); ++k) store_part(parts[k], slots_[var][k], lists_[var][k]);
}

llvm::Type* FunctionLowering::type_of(Scalar real) { return value_type(context(), {PartKind::Number, real}); }

void FunctionLowering::set_place(source::Span span) {
  if (module.debug()) module.debug()->set_place(*this, span);
}

void FunctionLowering::fail(std::string_view what, source::Span span) const {
  std::string place = kir.file ? fmt::format("{}:{}: ", kir.file->path(), kir.file->line_column(span.begin).line) : "";
  throw LoweringError(fmt::format("{}{} (in {})", place, what, kir.name));
}

Parts FunctionLowering::zeros(TypeRef type) {
  Parts parts;
  for (Part part : flatten(type, Form::Inner)) {
    parts.push_back(llvm::Constant::getNullValue(value_type(context(), part)));
  }
  return parts;
}

Parts FunctionLowering::value(ExprRef e) {
  set_place(e->span);
  switch (kir::info(e->op).family) {
    case kir::Family::Leaf:
      return lower_leaf(*this, *e);
    case kir::Family::Arith:
      return lower_arith(*this, *e);
    case kir::Family::Bits:
      return lower_bits(*this, *e);
    case kir::Family::Compare:
      return lower_compare(*this, *e);
    case kir::Family::Logic:
      return lower_logic(*this, *e);
    case kir::Family::Convert:
      return lower_convert(*this, *e);
    case kir::Family::Math:
      return lower_math(*this, *e);
    case kir::Family::Complex:
      return lower_complex(*this, *e);
    case kir::Family::Aggregate:
      return lower_aggregate(*this, *e);
    case kir::Family::Memory:
      return lower_memory(*this, *e);
    case kir::Family::Array:
      return lower_array(*this, *e);
  }
  fail("unknown operation", e->span);
}

void FunctionLowering::block(const kir::Block& block) {
  for (const Stmt* s : block) {
    if (terminated()) return;  // after break, continue, return, raise
    stmt(*s);
  }
}

void FunctionLowering::stmt(const Stmt& s) {
  set_place(s.span);
  switch (s.kind) {
    case kir::StmtKind::Assign:
      return lower_assign(*this, s);
    case kir::StmtKind::Store:
      return lower_store(*this, s);
    case kir::StmtKind::If:
      return lower_if(*this, s);
    case kir::StmtKind::For:
      return lower_for(*this, s);
    case kir::StmtKind::While:
      return lower_while(*this, s);
    case kir::StmtKind::Break:
      b.CreateBr(loops.back().on_break);
      return;
    case kir::StmtKind::Continue:
      b.CreateBr(loops.back().on_continue);
      return;
    case kir::StmtKind::Return:
      return lower_return(*this, s);
    case kir::StmtKind::Raise:
      return lower_raise(*this, s);
    case kir::StmtKind::Check:
      return lower_check(*this, s);
    case kir::StmtKind::Call:
      return lower_call(*this, s);
    case kir::StmtKind::Parallel:
      return lower_parallel(*this, s);
    case kir::StmtKind::Library:
      return lower_library(*this, s);
    case kir::StmtKind::Device:
      return lower_device(*this, s);
    case kir::StmtKind::Transfer:
      return lower_transfer(*this, s);
    case kir::StmtKind::Alloc:
      return lower_alloc(*this, s);
    case kir::StmtKind::Copy:
      return lower_copy(*this, s);
    case kir::StmtKind::FillArray:
      return lower_fill_array(*this, s);
    case kir::StmtKind::CopyArray:
      return lower_copy_array(*this, s);
    case kir::StmtKind::Message:
      if (module.options().device) {
        in_message = true;
      } else {
        call(Rt::kjit_rt_message, {ctx()});
      }
      return;
    case kir::StmtKind::Print:
      return lower_print(*this, s);
    case kir::StmtKind::Map:
    case kir::StmtKind::Reduce:
      return fail("a whole-array statement is left", s.span);  // pass nest takes them
  }
}

}  // namespace kjit::lower
