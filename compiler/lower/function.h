// Lowering of one function: the builder, the variables' slots, the exits. The families of operations are free functions
// over it, one file each.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include "kir/kir.h"
#include "lower/flatten.h"
#include "lower/module.h"

namespace kjit::lower {

using kir::Expr;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::VarId;

// The parts of a value in Inner form; bool parts are i1.
using Parts = llvm::SmallVector<llvm::Value*, 4>;
using PartsRef = llvm::ArrayRef<llvm::Value*>;

class FunctionLowering {
 public:
  // check_owner: a returned array without owner is an error (functions that the host calls).
  FunctionLowering(ModuleLowering& module, const kir::Function& kir, llvm::Function* function, bool check_owner);
  void run();
  // The entry of a function in two versions (versions.h): checks that the arrays of each pair are apart.
  void run_dispatch(llvm::ArrayRef<std::pair<VarId, VarId>> disjoint, llvm::Function* apart, llvm::Function* detour);

  // --- access for the families
  llvm::IRBuilder<> b;
  ModuleLowering& module;
  const kir::Function& kir;
  llvm::LLVMContext& context() { return module.context(); }
  llvm::Value* ctx() { return function_->getArg(0); }
  llvm::Value* result_buffer() { return function_->getArg(1); }

  // --- expressions
  Parts value(ExprRef e);
  llvm::Value* scalar(ExprRef e) { return value(e)[0]; }
  llvm::Value* var_part(VarId var, unsigned part);
  Parts var(VarId var);
  // A value of type `from` seen as `to`: layouts of arrays, T as optional(T), numbers cast.
  Parts coerce(PartsRef parts, TypeRef from, TypeRef to);
  Parts zeros(TypeRef type);

  // --- storage: bool parts are i1 in values and i8 in memory
  llvm::Value* load_part(llvm::Value* address, Part part);
  void store_part(llvm::Value* value, llvm::Value* address, Part part);
  llvm::AllocaInst* entry_alloca(llvm::Type* type, const llvm::Twine& name, uint64_t align = 0);
  // Stores to `var` without looking at counts.
  void set_var(VarId var, PartsRef parts);

  // --- statements
  void block(const kir::Block& block);
  void stmt(const Stmt& s);
  bool terminated() const { return b.GetInsertBlock()->getTerminator() != nullptr; }
  llvm::BasicBlock* new_block(const char* name);
  void start(llvm::BasicBlock* block) { b.SetInsertPoint(block); }
  void branch(llvm::BasicBlock* to) {
    if (!terminated()) b.CreateBr(to);
  }
  // Goes to `cold` when the condition is true, which is not expected; building continues at the other side.
  void branch_cold(llvm::Value* condition, llvm::BasicBlock* cold);
  llvm::BasicBlock* exit_block() { return exit_; }
  // Leaves with this status; nothing may be built after it in this block.
  void leave(llvm::Value* status);

  // Leaves with RecursionError when the stack's end is near. Stands before calls within a call cycle, not at entry:
  // what returns without a further call then needs no frame.
  void check_stack(const kir::Function& callee);

  struct LoopTargets {
    llvm::BasicBlock* on_break;
    llvm::BasicBlock* on_continue;
  };
  llvm::SmallVector<LoopTargets, 4> loops;
  bool in_message = false;  // on a GPU: what is printed now is the text of an exception, which is left out
  bool in_lanes = false;    // in a loop, or a function called by one, that may run in vector lanes (lanes.h)

  // --- ownership (ownership.cpp)
  bool is_counted(VarId var) const;
  void retain(PartsRef parts, TypeRef type);
  void release(PartsRef parts, TypeRef type);
  void take_over(VarId var, PartsRef parts);  // assigns a value whose references are ours
  void give(VarId var, PartsRef parts);       // assigns a value without owners

  // --- places
  void set_place(source::Span span);
  llvm::Constant* location(source::Span span) { return module.location(kir, span); }

  // --- small helpers
  llvm::IntegerType* i64() { return b.getInt64Ty(); }
  llvm::Value* int64(int64_t v) { return b.getInt64(static_cast<uint64_t>(v)); }
  llvm::Type* type_of(Scalar real);  // of a number in a register (bool: i1)
  llvm::Value* call(Rt fn, PartsRef args) { return b.CreateCall(module.runtime(fn), args); }
  llvm::Value* likely_not(llvm::Value* condition);
  llvm::Value* interrupt_flag();  // the address of the word that is polled
  bool checks_owner() const { return check_owner_; }
  [[noreturn]] void fail(std::string_view what, source::Span span) const;

 private:
  void make_params();
  void make_vars();
  void make_entry_checks();
  void finish();
  void slots_of(VarId var, bool null_owners);

  llvm::Function* function_;
  bool check_owner_;
  std::vector<Parts> params_;    // by variable: the values of parameters that need no slots
  std::vector<Parts> slots_;     // by variable: allocas of its parts
  std::vector<PartList> lists_;  // by variable: flatten(type, Inner)
  llvm::BasicBlock* entry_ = nullptr;
  llvm::BasicBlock* exit_ = nullptr;
  llvm::PHINode* status_ = nullptr;
  llvm::Instruction* alloca_point_ = nullptr;
  llvm::Value* interrupt_ = nullptr;
};

// --- families of expressions, one file each
Parts lower_leaf(FunctionLowering& f, const Expr& e);
Parts lower_arith(FunctionLowering& f, const Expr& e);
llvm::Value* lower_float_arith(FunctionLowering& f, const Expr& e, llvm::Value* x, llvm::Value* y);
llvm::Value* lower_integer_arith(FunctionLowering& f, const Expr& e, llvm::Value* x, llvm::Value* y);
Parts lower_complex_arith(FunctionLowering& f, const Expr& e);
Parts lower_bits(FunctionLowering& f, const Expr& e);
Parts lower_compare(FunctionLowering& f, const Expr& e);
Parts lower_logic(FunctionLowering& f, const Expr& e);
Parts lower_convert(FunctionLowering& f, const Expr& e);
Parts lower_math(FunctionLowering& f, const Expr& e);
Parts lower_complex(FunctionLowering& f, const Expr& e);
Parts lower_aggregate(FunctionLowering& f, const Expr& e);
Parts lower_memory(FunctionLowering& f, const Expr& e);
Parts lower_array(FunctionLowering& f, const Expr& e);

// --- families of statements, one file each
void lower_if(FunctionLowering& f, const Stmt& s);
void lower_for(FunctionLowering& f, const Stmt& s);
void lower_while(FunctionLowering& f, const Stmt& s);
void lower_assign(FunctionLowering& f, const Stmt& s);
void lower_store(FunctionLowering& f, const Stmt& s);
void lower_return(FunctionLowering& f, const Stmt& s);
void lower_raise(FunctionLowering& f, const Stmt& s);
void lower_check(FunctionLowering& f, const Stmt& s);
void lower_call(FunctionLowering& f, const Stmt& s);
void lower_parallel(FunctionLowering& f, const Stmt& s);
void lower_library(FunctionLowering& f, const Stmt& s);
void lower_device(FunctionLowering& f, const Stmt& s);
void lower_transfer(FunctionLowering& f, const Stmt& s);
void lower_alloc(FunctionLowering& f, const Stmt& s);
void lower_copy(FunctionLowering& f, const Stmt& s);
void lower_fill_array(FunctionLowering& f, const Stmt& s);
void lower_copy_array(FunctionLowering& f, const Stmt& s);
void lower_print(FunctionLowering& f, const Stmt& s);
void print_on_device(FunctionLowering& f, const Stmt& s);

// --- shared between families
// Stops with KJIT_INTERRUPTED when the host asks and the function polls. Stands where time passes: on the way back of
// loops, at the entry of recursive functions.
void poll(FunctionLowering& f, source::Span span);
Parts cast_scalar(FunctionLowering& f, PartsRef parts, Scalar from, Scalar to);
llvm::Value* libm_call(FunctionLowering& f, const std::string& name, Scalar type, PartsRef args);
// On a GPU (device_math.cpp). `name` as in libm; functions of math.def that libm lacks; of a complex number's parts.
llvm::Value* device_function(FunctionLowering& f, const std::string& name, Scalar type, PartsRef args);
llvm::Value* device_power(FunctionLowering& f, Scalar type, llvm::Value* x, llvm::Value* y);
llvm::Value* device_own_function(FunctionLowering& f, const Expr& e, Scalar type, PartsRef args);
Parts device_complex(FunctionLowering& f, kir::MathFn function, Scalar real, PartsRef z);
bool is_nonnegative(const kir::Function& function, ExprRef e);
bool is_cheap(ExprRef e);  // may be evaluated although its value is not wanted
// Arguments for the parameters of `callee` from number `first` on, in the form of the ABI.
Parts abi_arguments(FunctionLowering& f, const kir::Function& callee, size_t first, llvm::ArrayRef<ExprRef> exprs);
llvm::Value* at_offset(FunctionLowering& f, llvm::Value* buffer, int64_t offset);
// A runtime function's status: other than 0 it leaves the function.
void leave_on(FunctionLowering& f, llvm::Value* status);
// At the beginning and at the end of a function that offloads; the latter gives the function's status.
void enter_offload(FunctionLowering& f);
llvm::Value* leave_offload(FunctionLowering& f, llvm::Value* status);
// Runs a region's kernel; the number of results that have been written to `results`, of `size` bytes each.
llvm::Value* launch_region(FunctionLowering& f, const Stmt& s, llvm::Value* trips, PartsRef arguments,
                           llvm::Value* results, uint64_t size);
// Brings the arrays of a region here, which is going to run here.
void bring_region(FunctionLowering& f, const Stmt& s, PartsRef arguments);
// What a call leaves in its result buffer.
Parts load_result(FunctionLowering& f, llvm::Value* buffer, TypeRef type);
Parts to_abi(FunctionLowering& f, PartsRef inner, TypeRef type);
Parts from_abi(FunctionLowering& f, PartsRef abi, TypeRef type);

}  // namespace kjit::lower
