// Calls: kernels, built-ins, conversions.
#include <algorithm>

#include "kirgen/builtins_support.h"
#include "kirgen/function_gen.h"
#include "sema/elementwise.h"

namespace kjit::kirgen {

using sema::BoundArgument;
using sema::CallInfo;

ExprRef FunctionGen::call(const ast::Expr* e) {
  const CallInfo& info = f_.call_of(e);
  switch (info.kind) {
    case CallInfo::Kind::Kernel:
      return kernel_call(e, info);
    case CallInfo::Kind::Ufunc:
      return ufunc_call(info);
    case CallInfo::Kind::Cast:
      return cast_call(e, info);
    case CallInfo::Kind::Builtin:
      return builtin_call(e, info);
    default:
      return b_.node(Op::NoneValue, types_.none(), {});
  }
}

namespace {

void collect(const std::vector<BoundArgument>& args, std::vector<const ast::Expr*>& out) {
  for (const BoundArgument& arg : args) {
    if (arg.kind == BoundArgument::Kind::Pack) collect(arg.pack, out);
    const bool evaluated = arg.kind == BoundArgument::Kind::Expr || arg.kind == BoundArgument::Kind::Element;
    if (evaluated && std::find(out.begin(), out.end(), arg.expr) == out.end()) out.push_back(arg.expr);
  }
}

}  // namespace

// Evaluated in the order in which they are written, given in the order of the parameters. Null: absent.
std::vector<ExprRef> FunctionGen::arguments(const CallInfo& info, ExprRef closure) {
  std::vector<const ast::Expr*> order;
  collect(info.args, order);
  std::sort(order.begin(), order.end(),
            [](const ast::Expr* a, const ast::Expr* b) { return a->span.begin < b->span.begin; });
  Operands operands(*this);
  for (const ast::Expr* e : order) operands.add([&] { return expr(e); });
  auto value_of = [&](const ast::Expr* e) -> ExprRef& {
    return operands.values[static_cast<size_t>(std::find(order.begin(), order.end(), e) - order.begin())];
  };
  std::function<ExprRef(const BoundArgument&)> bind = [&](const BoundArgument& arg) -> ExprRef {
    switch (arg.kind) {
      case BoundArgument::Kind::Expr:
        return value_of(arg.expr);
      case BoundArgument::Kind::Element: {
        ExprRef& tuple = value_of(arg.expr);
        tuple = b_.unwrap(tuple);
        if (tuple->op != Op::MakeTuple) tuple = b_.reuse(tuple);
        return b_.get(tuple, arg.element);
      }
      case BoundArgument::Kind::Constant:
        return constant(arg.constant);
      case BoundArgument::Kind::Default:
        return b_.get(closure, arg.element);
      case BoundArgument::Kind::Pack: {
        std::vector<ExprRef> elements;
        for (const BoundArgument& part : arg.pack) elements.push_back(bind(part));
        return b_.tuple(std::move(elements));
      }
      default:
        return nullptr;
    }
  };
  std::vector<ExprRef> values;
  for (const BoundArgument& arg : info.args) {
    ExprRef value = bind(arg);
    if (value && arg.made) {
      value = b_.unwrap(value);
      const bool already = value->type->is_array();  // of optional type before
      if (!already) value = array_of_display(b_, value, b_.machine(arg.made));
    }
    values.push_back(value);
  }
  return values;
}

ExprRef FunctionGen::kernel_call(const ast::Expr* e, const CallInfo& info) {
  const sema::TypedFunction& callee = *info.callee;
  std::vector<ExprRef> args;
  ExprRef closure = nullptr;
  TypeRef function = e->kind == ast::ExprKind::Call ? f_.type_of(ast::as<ast::Call>(*e).func) : nullptr;
  if (function && !function->elements.empty()) {
    closure = b_.reuse(value(ast::as<ast::Call>(*e).func));
    for (uint32_t k = 0; k < callee.capture_vars.size(); ++k) {
      args.push_back(b_.cast(b_.get(closure, k), callee.capture_types[k]));
    }
  }
  const std::vector<ExprRef> given = arguments(info, closure);
  for (size_t i = 0; i < given.size(); ++i) {
    TypeRef type = b_.machine(callee.param_types[i]);
    // a list or number for an array of a library function
    if (given[i] && type->is_array() && (given[i]->type->is_tuple() || given[i]->type->is_scalar())) {
      args.push_back(array_of_display(b_, given[i], type));
      continue;
    }
    if (given[i] && type->is_array() && type->rank == 1 && given[i]->type->is_array() && given[i]->type->rank == 0) {
      args.push_back(b_.view(given[i], type, {kir::Component::NewAxis}, {}));
      continue;
    }
    args.push_back(given[i] ? b_.cast(given[i], type) : b_.node(Op::NoneValue, type, {}));
  }
  kir::Stmt* s = b_.stmt(kir::StmtKind::Call);
  s->callee = m_.index.at(&callee);
  s->exprs = std::move(args);
  TypeRef result = b_.machine(callee.result);
  if (result->is_none()) return b_.node(Op::NoneValue, result, {});
  s->has_var = true;
  s->var = b_.temp(result, "%call");
  return b_.var(s->var);
}

ExprRef FunctionGen::cast_call(const ast::Expr* e, const CallInfo& info) {
  TypeRef type = info.result ? info.result : f_.type_of(e);
  const std::vector<ExprRef> args = arguments(info);
  if (args.empty() || !args[0]) return b_.zero(b_.machine(type));
  if (args.size() == 2 && args[1]) {  // complex(re, im)
    TypeRef part = types_.scalar(real_of(type->scalar));
    kir::Expr* z =
        b_.node(Op::MakeComplex, type, {b_.cast(b_.unwrap(args[0]), part), b_.cast(b_.unwrap(args[1]), part)});
    return z;
  }
  if (type->is_scalar() && is_bool(type->scalar)) return truth(args[0]);
  ExprRef x = number(b_.unwrap(args[0]));
  if (!x->type->is_scalar() || !type->is_scalar()) {
    return unsupported(e->span, "conversion of " + type_text(x->type) + " to " + type_text(type), type);
  }
  if (b_.is_const(x)) check_python_int(x, info.args[0].type, type);
  return b_.cast(x, type);
}

ExprRef FunctionGen::with_new_axes(ExprRef array, int count) {
  TypeRef a = array->type;
  const int rank = a->rank + count;
  std::vector<kir::Component> axes(a->rank, kir::Component::All);
  axes.resize(static_cast<size_t>(rank), kir::Component::NewAxis);
  return b_.view(array, types_.array(a->scalar, rank, sema::Layout::A, a->readonly), std::move(axes), {});
}

ExprRef FunctionGen::builtin_call(const ast::Expr* e, const CallInfo& info) {
  if (std::string_view(info.builtin->name) == "builtins.print" && e->kind == ast::ExprKind::Call) {
    print(ast::as<ast::Call>(*e));
    return b_.node(Op::NoneValue, types_.none(), {});
  }
  std::vector<ExprRef> args = arguments(info);
  for (ExprRef& arg : args) {
    if (arg) arg = b_.unwrap(arg);
  }
  if (info.outer_axes > 0) args[0] = with_new_axes(args[0], info.outer_axes);
  if (!info.elements.empty()) return elementwise_call(e, info, std::move(args));
  if (is_elementwise(*info.builtin)) {
    for (ExprRef& arg : args) {
      if (arg) arg = number(arg);
    }
  }
  TypeRef result = b_.machine(info.result ? info.result : f_.type_of(e));
  CallEmitter emitter{b_, f_, info, std::move(args), result, e->span};
  return find_emitter(info.builtin->id)(emitter);
}

}  // namespace kjit::kirgen
