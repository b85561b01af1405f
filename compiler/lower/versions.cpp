#include "lower/versions.h"

#include <kjit_rt/abi.h>

#include <algorithm>
#include <set>

#include "lower/arrays.h"

namespace kjit::lower {

namespace {

constexpr size_t kMaxPairs = 64;

bool has_loop(const kir::Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Stmt* s) {
    return s->kind == kir::StmtKind::For || s->kind == kir::StmtKind::While || s->kind == kir::StmtKind::Parallel ||
           has_loop(s->body) || has_loop(s->orelse);
  });
}

// Variables whose arrays an array expression may refer to.
void roots(ExprRef e, std::set<VarId>& out) {
  if (!has_owner(e->type)) return;  // a number: its operands are read, not referred to
  if (e->op == Op::Var) out.insert(e->var);
  for (ExprRef a : e->args) roots(a, out);
}

// Which variables hold arrays that the function may write, through views and copies of descriptors too.
class Written {
 public:
  Written(const kir::Module& module, const kir::Function& f) : module_(module) { scan(f.body); }

  std::set<VarId> close() {
    for (bool grown = true; grown;) {
      grown = false;
      for (const auto& [var, sources] : copies_) {
        if (!written_.contains(var)) continue;
        for (VarId source : sources) grown |= written_.insert(source).second;
      }
    }
    return written_;
  }

 private:
  // A callee may write what it gets, and return a view of it. What is part of this function is looked into.
  void called(const Stmt& call) {
    const kir::Function& callee = *module_.functions[call.callee];
    const bool part = callee.lazy || callee.region;
    const size_t skip = callee.region ? 1 : 0;  // of a region: operands without the chunk, but with trips and cost
    std::set<VarId> known;
    if (part) known = Written(module_, callee).close();
    for (size_t k = 2 * skip; k < call.exprs.size(); ++k) {
      if (!part || known.contains(callee.params[k + skip])) roots(call.exprs[k], written_);
    }
  }
  void scan(const kir::Block& block) {
    for (const Stmt* s : block) {
      if (s->array) roots(s->array, written_);
      if (s->kind == kir::StmtKind::FillArray) roots(s->expr, written_);
      if (s->kind == kir::StmtKind::Call || s->kind == kir::StmtKind::Parallel) {
        called(*s);
        if (s->has_var) {
          for (ExprRef e : s->exprs) roots(e, copies_[s->var]);
        }
      }
      if (s->kind == kir::StmtKind::Library) {
        for (size_t k = 0; k < s->exprs.size(); ++k) {
          if (kir::info(s->library).params[k] == 'w') roots(s->exprs[k], written_);
        }
      }
      if (s->kind == kir::StmtKind::Assign) roots(s->expr, copies_[s->var]);
      scan(s->head);
      scan(s->body);
      scan(s->orelse);
    }
  }

  const kir::Module& module_;
  std::set<VarId> written_;
  std::map<VarId, std::set<VarId>> copies_;
};

llvm::FunctionType* type_of(llvm::Function* function) { return function->getFunctionType(); }

void tail_call(llvm::IRBuilder<>& b, llvm::Function* from, llvm::Value* to) {
  llvm::SmallVector<llvm::Value*, 16> args;
  for (llvm::Argument& a : from->args()) args.push_back(&a);
  llvm::CallInst* status = b.CreateCall(type_of(from), to, args);
  status->setTailCallKind(llvm::CallInst::TCK_MustTail);
  b.CreateRet(status);
}

// The body of a function that calls what is compiled when it is first called.
void fill_detour(ModuleLowering& module, const kir::Function& kir, llvm::Function* detour, const char* what) {
  llvm::LLVMContext& c = module.context();
  auto* pointer = llvm::PointerType::getUnqual(c);
  auto* cell_type = llvm::ArrayType::get(pointer, 2);
  auto* cell = new llvm::GlobalVariable(module.module(), cell_type, false, llvm::GlobalValue::ExternalLinkage,
                                        llvm::ConstantAggregateZero::get(cell_type), version_symbol(kir.symbol));
  cell->setDSOLocal(true);
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(c, "entry", detour));
  auto* missing = llvm::BasicBlock::Create(c, "missing", detour);
  auto* failed = llvm::BasicBlock::Create(c, "failed", detour);
  auto* ready = llvm::BasicBlock::Create(c, "ready", detour);
  llvm::LoadInst* known = b.CreateAlignedLoad(pointer, cell, llvm::Align(8));
  known->setAtomic(llvm::AtomicOrdering::Acquire);
  b.CreateCondBr(b.CreateIsNull(known), missing, ready);
  b.SetInsertPoint(missing);
  llvm::Value* made = b.CreateCall(module.runtime(Rt::kjit_jit_later), {cell});
  b.CreateCondBr(b.CreateIsNull(made), failed, ready);
  b.SetInsertPoint(failed);
  b.CreateCall(module.runtime(Rt::kjit_rt_raise),
               {detour->getArg(0), b.getInt32(KJIT_RUNTIME_ERROR), module.location(kir, kir.span),
                module.text(std::string(what) + " could not be compiled")});
  b.CreateRet(b.getInt32(KJIT_RUNTIME_ERROR));
  b.SetInsertPoint(ready);
  llvm::PHINode* target = b.CreatePHI(pointer, 2);
  target->addIncoming(known, &detour->getEntryBlock());
  target->addIncoming(made, missing);
  tail_call(b, detour, target);
}

// The way to the version for overlapping arguments, out of line so that the entry itself needs no frame.
llvm::Function* make_detour(ModuleLowering& module, const kir::Function& kir, llvm::Function* like) {
  auto* detour = llvm::Function::Create(type_of(like), llvm::GlobalValue::InternalLinkage,
                                        entry_symbol(kir.symbol) + ".overlapping", module.module());
  detour->addFnAttr(llvm::Attribute::NoInline);
  detour->addFnAttr(llvm::Attribute::Cold);
  detour->setDoesNotThrow();
  fill_detour(module, kir, detour, "the version for arguments that overlap");
  return detour;
}

}  // namespace

std::optional<VersionPlan> plan_versions(const kir::Module& module, const kir::Function& f) {
  if (!f.exported || !f.extern_symbol.empty() || f.recursive || f.assume_no_alias || !has_loop(f.body)) return {};
  VersionPlan plan;
  for (VarId p : f.params) {
    TypeRef type = f.vars[p].type;
    if (type->is_array()) {
      plan.arrays.push_back(p);
    } else if (has_owner(type)) {
      return {};  // arrays in tuples: could be looked into when it matters
    }
  }
  const std::set<VarId> written = Written(module, f).close();
  bool any = false;
  for (size_t i = 0; i < plan.arrays.size(); ++i) {
    any |= written.contains(plan.arrays[i]);
    for (size_t k = i + 1; k < plan.arrays.size(); ++k) {
      if (written.contains(plan.arrays[i]) || written.contains(plan.arrays[k])) {
        plan.disjoint.emplace_back(plan.arrays[i], plan.arrays[k]);
      }
    }
  }
  if (!any || plan.disjoint.size() > kMaxPairs) return {};
  return plan;
}

void add_version(ModuleLowering& module, const kir::Function& kir, llvm::Function* function, const VersionPlan& plan) {
  unsigned arg = 2;
  for (VarId p : kir.params) {
    for (Part part : flatten(kir.vars[p].type, Form::Abi)) {
      if (part.kind == PartKind::Data) function->addParamAttr(arg, llvm::Attribute::NoAlias);
      ++arg;
    }
  }
  if (plan.disjoint.empty()) return;
  auto* entry = llvm::Function::Create(type_of(function), llvm::GlobalValue::ExternalLinkage, "", module.module());
  entry->takeName(function);
  entry->copyAttributesFrom(function);
  function->replaceAllUsesWith(entry);
  function->setName(entry_symbol(kir.symbol) + ".apart");
  function->setLinkage(llvm::GlobalValue::InternalLinkage);
  function->removeFnAttr(llvm::Attribute::AlwaysInline);
  function->addFnAttr(llvm::Attribute::NoInline);
  unsigned k = 0;
  for (llvm::Argument& a : entry->args()) {
    a.setName(function->getArg(k++)->getName());
    a.removeAttr(llvm::Attribute::NoAlias);
  }
  FunctionLowering(module, kir, entry, true).run_dispatch(plan.disjoint, function, make_detour(module, kir, function));
}

void postpone(ModuleLowering& module, const kir::Function& kir, llvm::Function* function) {
  function->deleteBody();
  function->setLinkage(llvm::GlobalValue::InternalLinkage);
  fill_detour(module, kir, function, "the general form of this statement");
}

void FunctionLowering::run_dispatch(llvm::ArrayRef<std::pair<VarId, VarId>> disjoint, llvm::Function* apart,
                                    llvm::Function* detour) {
  entry_ = llvm::BasicBlock::Create(context(), "entry", function_);
  start(entry_);
  for (const kir::Var& v : kir.vars) lists_.push_back(flatten(v.type, Form::Inner));
  params_.resize(kir.vars.size());
  slots_.resize(kir.vars.size());
  make_params();
  llvm::Value* meet = b.getFalse();
  for (const auto& [x, y] : disjoint) {
    ArrayOperand first(*this, var(x), kir.vars[x].type), second(*this, var(y), kir.vars[y].type);
    meet = b.CreateOr(meet, arrays_overlap(*this, first, second));
  }
  llvm::BasicBlock* cold = new_block("overlap");
  branch_cold(meet, cold);
  tail_call(b, function_, apart);
  start(cold);
  tail_call(b, function_, detour);
}

}  // namespace kjit::lower
