// Calls between kernels, results, and the two forms of values at the ABI.
#include <fmt/format.h>
#include <kjit_rt/abi.h>
#include <llvm/IR/MDBuilder.h>

#include <set>

#include "lower/arrays.h"
#include "lower/function.h"

namespace kjit::lower {

namespace {

void convert_abi(FunctionLowering& f, PartsRef& in, TypeRef type, bool to_abi, Parts& out) {
  if (type->is_array()) {
    const unsigned head = 2u + type->rank;
    const bool inner_strides = type->layout == Layout::A;
    out.append(in.begin(), in.begin() + head);
    if (inner_strides) {
      out.append(in.begin() + head, in.begin() + head + type->rank);
    } else if (to_abi) {
      out.append(contiguous_strides(f, *type, in.slice(2, type->rank)));
    }
    in = in.drop_front(head + (inner_strides || !to_abi ? type->rank : 0));
    return;
  }
  if (type->elements.empty()) {
    const unsigned n = part_count(type, Form::Abi);
    out.append(in.begin(), in.begin() + n);
    in = in.drop_front(n);
    return;
  }
  if (type->is_optional()) {
    out.push_back(in.front());
    in = in.drop_front();
  }
  for (TypeRef e : type->elements) convert_abi(f, in, e, to_abi, out);
}

// The parameters that a variable may be a view of, by name, without looking at the order of statements.
class Roots {
 public:
  explicit Roots(const kir::Function& function) : function_(function) {}
  std::set<VarId> of(ExprRef e) {
    add(e);
    return seen_;
  }

 private:
  void add(ExprRef e) {
    if (e->op == Op::Var && has_owner(e->type) && seen_.insert(e->var).second) scan(function_.body, e->var);
    for (ExprRef a : e->args) {
      if (has_owner(a->type)) add(a);
    }
  }
  void scan(const kir::Block& block, VarId var) {
    for (const Stmt* s : block) {
      if (s->kind == kir::StmtKind::Assign && s->var == var) add(s->expr);
      if (s->kind == kir::StmtKind::Call && s->has_var && s->var == var) {
        for (ExprRef a : s->exprs) add(a);
      }
      scan(s->head, var);
      scan(s->body, var);
      scan(s->orelse, var);
    }
  }
  const kir::Function& function_;
  std::set<VarId> seen_;
};

std::string unowned_message(const FunctionLowering& f, ExprRef result) {
  std::string names;
  for (VarId v : Roots(f.kir).of(result)) {
    if (!f.kir.vars[v].is_param) continue;
    if (!names.empty()) names += " or ";
    names += fmt::format("'{}'", f.kir.vars[v].name);
  }
  return fmt::format("the result of {} would refer to {}, which has no owner; return a copy", f.kir.name,
                     names.empty() ? "a global array" : "the argument " + names);
}

// Leaves with KJIT_UNOWNED_RESULT when a returned array has no owner. An absent optional's owner is not looked at.
void check_owners(FunctionLowering& f, PartsRef parts, ExprRef result, source::Span span) {
  const PartList list = flatten(f.kir.result, Form::Inner);
  llvm::Value* bad = nullptr;
  llvm::Value* present = nullptr;
  for (unsigned k = 0; k < list.size(); ++k) {
    if (list[k].kind == PartKind::Has) present = parts[k];
    if (list[k].kind != PartKind::Owner) continue;
    llvm::Value* null = f.b.CreateIsNull(parts[k]);
    if (present) null = f.b.CreateAnd(present, null);
    bad = bad ? f.b.CreateOr(bad, null) : null;
  }
  if (!bad) return;
  llvm::BasicBlock* cold = f.new_block("unowned");
  f.branch_cold(bad, cold);
  llvm::BasicBlock* go_on = f.b.GetInsertBlock();
  f.start(cold);
  f.call(Rt::kjit_rt_raise,
         {f.ctx(), f.b.getInt32(KJIT_UNOWNED_RESULT), f.location(span), f.module.text(unowned_message(f, result))});
  f.leave(f.b.getInt32(KJIT_UNOWNED_RESULT));
  f.start(go_on);
}

}  // namespace

llvm::Value* at_offset(FunctionLowering& f, llvm::Value* buffer, int64_t offset) {
  if (offset == 0) return buffer;
  return f.b.CreateConstInBoundsGEP1_64(f.b.getInt8Ty(), buffer, static_cast<uint64_t>(offset));
}

Parts abi_arguments(FunctionLowering& f, const kir::Function& callee, size_t first, llvm::ArrayRef<ExprRef> exprs) {
  Parts out;
  for (size_t k = 0; k < exprs.size(); ++k) {
    const TypeRef type = callee.vars[callee.params[first + k]].type;
    const PartList kinds = flatten(type, Form::Abi);
    const Parts parts = to_abi(f, f.coerce(f.value(exprs[k]), exprs[k]->type, type), type);
    for (unsigned j = 0; j < parts.size(); ++j) {
      out.push_back(is_bool(kinds[j]) ? f.b.CreateZExt(parts[j], f.b.getInt8Ty()) : parts[j]);
    }
  }
  return out;
}

Parts load_result(FunctionLowering& f, llvm::Value* buffer, TypeRef type) {
  const PartList list = flatten(type, Form::Abi);
  const BufferLayout layout = buffer_layout(list);
  Parts abi;
  for (unsigned k = 0; k < list.size(); ++k) {
    abi.push_back(f.load_part(at_offset(f, buffer, layout.offsets[k]), list[k]));
  }
  return from_abi(f, abi, type);
}

Parts to_abi(FunctionLowering& f, PartsRef inner, TypeRef type) {
  Parts out;
  convert_abi(f, inner, type, true, out);
  return out;
}

Parts from_abi(FunctionLowering& f, PartsRef abi, TypeRef type) {
  Parts out;
  convert_abi(f, abi, type, false, out);
  return out;
}

void lower_return(FunctionLowering& f, const Stmt& s) {
  if (s.expr == nullptr || part_count(f.kir.result, Form::Abi) == 0) {
    if (s.expr == nullptr && f.kir.result && f.kir.result->is_optional()) {
      f.b.CreateStore(f.b.getInt8(0), f.result_buffer());
    }
    return f.leave(f.b.getInt32(KJIT_OK));
  }
  const TypeRef type = f.kir.result;
  const Parts parts = f.coerce(f.value(s.expr), s.expr->type, type);
  f.set_place(s.span);
  if (f.checks_owner()) check_owners(f, parts, s.expr, s.span);
  f.retain(parts, type);
  const PartList list = flatten(type, Form::Abi);
  const BufferLayout layout = buffer_layout(list);
  const Parts abi = to_abi(f, parts, type);
  for (unsigned k = 0; k < list.size(); ++k) {
    f.store_part(abi[k], at_offset(f, f.result_buffer(), layout.offsets[k]), list[k]);
  }
  f.leave(f.b.getInt32(KJIT_OK));
}

void lower_call(FunctionLowering& f, const Stmt& s) {
  auto& b = f.b;
  const kir::Function& callee = *f.module.kir().functions[s.callee];
  llvm::Function* twin = f.module.by_value(s.callee);
  llvm::Function* target = twin ? twin : f.module.callee(s.callee);
  const PartList list = flatten(callee.result, Form::Abi);
  const BufferLayout layout = buffer_layout(list);
  Parts args{f.ctx()};
  llvm::Value* buffer = llvm::ConstantPointerNull::get(b.getPtrTy());
  if (!list.empty() && !twin) {
    buffer = f.entry_alloca(llvm::ArrayType::get(b.getInt8Ty(), static_cast<uint64_t>(layout.size)), "result", 8);
  }
  if (!twin) args.push_back(buffer);
  args.append(abi_arguments(f, callee, 0, s.exprs));
  f.set_place(s.span);
  const bool cycle = callee.recursive && f.kir.recursive;
  if (cycle) f.check_stack(callee);
  llvm::CallInst* call = b.CreateCall(target, args);
  if (cycle)
    call->setTailCallKind(llvm::CallInst::TCK_NoTail);  // a call without end is an error, not a loop without end
  call->setAttributes(target->getAttributes().removeFnAttributes(f.context()));
  llvm::Value* status = twin ? b.CreateExtractValue(call, 0) : call;
  llvm::BasicBlock* failed = f.new_block("failed");
  f.branch_cold(b.CreateIsNotNull(status), failed);
  llvm::BasicBlock* go_on = b.GetInsertBlock();
  f.start(failed);
  if (callee.library && !f.kir.library && !f.module.options().device) {
    b.CreateStore(f.location(s.span),
                  at_offset(f, f.ctx(), offsetof(kjit_ctx, error) + offsetof(kjit_error, location)));
  }
  f.leave(status);
  f.start(go_on);
  Parts result;
  if (twin) {
    llvm::Value* value = b.CreateExtractValue(call, 1);
    result = from_abi(f, {is_bool(list[0]) ? b.CreateIsNotNull(value) : value}, callee.result);
  } else {
    result = load_result(f, buffer, callee.result);
  }
  if (s.has_var) {
    f.take_over(s.var, f.coerce(result, callee.result, f.kir.vars[s.var].type));
  } else {
    f.release(result, callee.result);
  }
}

}  // namespace kjit::lower
