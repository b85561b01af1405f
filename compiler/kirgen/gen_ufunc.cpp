// Calls of functions with @vectorize: one call for numbers; a Map whose body calls the function for arrays.
#include <kjit_rt/abi.h>

#include "kirgen/builtins_support.h"
#include "kirgen/function_gen.h"

namespace kjit::kirgen {

ExprRef FunctionGen::scalar_call(const sema::TypedFunction& callee, std::vector<ExprRef> args) {
  for (size_t i = 0; i < args.size(); ++i) args[i] = b_.cast(args[i], b_.machine(callee.param_types[i]));
  kir::Stmt* s = b_.stmt(kir::StmtKind::Call);
  s->callee = m_.index.at(&callee);
  s->exprs = std::move(args);
  s->has_var = true;
  s->var = b_.temp(b_.machine(callee.result), "%call");
  return b_.var(s->var);
}

// `out` has the shape that the operands have together with it.
void FunctionGen::check_output(ExprRef out, const std::vector<ExprRef>& shape) {
  ShapesOfMessage operands;
  std::vector<ExprRef> own;
  for (uint32_t k = 0; k < out->type->rank; ++k) own.push_back(b_.dim(out, k));
  std::string message = "non-broadcastable output operand with shape " + operands.add(own);
  message += " doesn't match the broadcast shape " + operands.add(shape);
  for (size_t k = 0; k < own.size(); ++k)
    b_.check(b_.compare(Op::Eq, own[k], shape[k]), KJIT_VALUE_ERROR, message, operands.operands);
}

ExprRef FunctionGen::ufunc_call(const sema::CallInfo& info) {
  std::vector<ExprRef> args = arguments(info);
  for (ExprRef& arg : args) arg = b_.unwrap(arg);
  if (info.outer_axes > 0) args[0] = with_new_axes(args[0], info.outer_axes);
  ExprRef where = nullptr, out = nullptr;
  if (info.has_where) where = b_.reuse(args.back()), args.pop_back();
  if (info.has_out) out = b_.reuse(args.back()), args.pop_back();
  ElementOperands operands = element_operands(info, std::move(args));
  if (!info.element_result) return scalar_call(*info.callee, operands.values);

  std::vector<ExprRef> inputs = operands.arrays;
  const bool masked = where && where->type->is_array() && where->type->rank > 0;
  if (where && !masked) where = b_.reuse(number(where));
  if (masked) inputs.push_back(where), operands.seen.push_back(where);
  if (out) operands.seen.push_back(out);
  const std::vector<ExprRef> shape = common_shape(operands.seen);
  if (out) check_output(out, shape);
  // Elements that `where` leaves out are zero in a new array: NumPy leaves there what was in memory.
  const kir::Fill fill = where ? kir::Fill::Zeros : kir::Fill::None;
  const ExprRef target = out ? out : b_.var(b_.alloc(info.result, shape, fill));
  if (where) inputs.push_back(target);
  kir::Stmt* map = map_into(target, shape, inputs, [&](const std::vector<ExprRef>& elements) {
    if (!where) return scalar_call(*info.callee, operands.at(elements));
    TypeRef type = types_.scalar(target->type->scalar);
    return choose(
        masked ? elements[operands.arrays.size()] : where, type,
        [&] { return scalar_call(*info.callee, operands.at(elements)); }, [&] { return elements.back(); });
  });
  map->fresh = !out && !where;
  map->parallel = info.callee->options.parallel;
  return target;
}

}  // namespace kjit::kirgen
