// Expressions.
#include <fmt/format.h>

#include "eval/errors.h"
#include "eval/evaluator.h"
#include "eval/operators.h"
#include "eval/text.h"

namespace kjit::eval {

const Value& Evaluator::name(const ast::Name& name) {
  const NameRef ref = names_.ref(name);
  if (ref.kind == NameRef::Kind::Global) {
    const ModuleObject::Slot& slot = module_.at(ref.index);
    if (!is_unbound(slot.value)) return slot.value;
    if (!is_unbound(slot.fallback)) return slot.fallback;
    source::Diagnostics diagnostics;
    auto& finding = diagnostics.report(source::Diag::undefined_name, at(name.span), name.name);
    const std::string nearest = source::nearest(name.name, module_.names());
    if (!nearest.empty()) finding.hint = fmt::format("did you mean '{}'?", nearest);
    throw compile_error(diagnostics.all());
  }
  const Value& value = variable(ref);
  if (is_unbound(value))
    placed(name.span, [&] {
      throw Error(ErrorKind::NameError,
                  fmt::format("cannot access local variable '{}' where it is not associated with a value", name.name));
    });
  return value;
}

// The value of an expression without a copy where it has a home: no expression rebinds a variable.
const Value& Evaluator::operand(const ast::Expr& expr, Value& scratch) {
  if (expr.kind == ast::ExprKind::Name) return name(ast::as<ast::Name>(expr));
  if (expr.kind == ast::ExprKind::Constant) {
    const Value& value = names_.constant(names_.ref(expr).index);
    if (!is_unbound(value)) return value;
  }
  scratch = eval(expr);
  return scratch;
}

Value Evaluator::eval(const ast::Expr& expr) {
  switch (expr.kind) {
    case ast::ExprKind::Name:
      return name(ast::as<ast::Name>(expr));
    case ast::ExprKind::Constant: {
      const Value& value = names_.constant(names_.ref(expr).index);
      if (!is_unbound(value)) return value;
      if (ast::as<ast::Constant>(expr).value == ast::ConstantKind::Bytes)
        fail(source::Diag::not_supported, expr.span, "a bytes literal");
      placed(expr.span, [] { raise(ErrorKind::OverflowError, "the integer does not fit into 64 bits"); });
      return {};
    }
    case ast::ExprKind::BinOp:
      return binary(ast::as<ast::BinOp>(expr));
    case ast::ExprKind::UnaryOp:
      return unary(ast::as<ast::UnaryOp>(expr));
    case ast::ExprKind::BoolOp:
      return logic(ast::as<ast::BoolOp>(expr));
    case ast::ExprKind::Compare:
      return compare(ast::as<ast::Compare>(expr));
    case ast::ExprKind::IfExp: {
      const auto& node = ast::as<ast::IfExp>(expr);
      return eval(test(*node.test) ? *node.body : *node.orelse);
    }
    case ast::ExprKind::Call:
      return call(ast::as<ast::Call>(expr));
    case ast::ExprKind::Attribute:
      return attribute(ast::as<ast::Attribute>(expr));
    case ast::ExprKind::Subscript: {
      const auto& node = ast::as<ast::Subscript>(expr);
      Value object_scratch, index_scratch;
      const Value& object = operand(*node.value, object_scratch);
      const Value& index = operand(*node.index, index_scratch);
      return placed(node.span, [&] { return load_item(interpreter_, object, index); });
    }
    case ast::ExprKind::Slice:
      return slice(ast::as<ast::Slice>(expr));
    case ast::ExprKind::Tuple:
      return elements(ast::as<ast::Tuple>(expr).elements);
    case ast::ExprKind::List:
      return make<List>(elements(ast::as<ast::ListExpr>(expr).elements));
    case ast::ExprKind::ListComp:
      return comprehension(ast::as<ast::ListComp>(expr));
    case ast::ExprKind::Lambda: {
      Value function = closure(*ast::as<ast::Lambda>(expr).function);
      module_.add_function(std::static_pointer_cast<FunctionObject>(*function.get_if<std::shared_ptr<Object>>()));
      return function;
    }
    case ast::ExprKind::JoinedStr:
      return joined(ast::as<ast::JoinedStr>(expr));
    case ast::ExprKind::Starred:
      fail(source::Diag::not_supported, expr.span, "a starred expression here");
    case ast::ExprKind::Unsupported:
      fail(source::Diag::not_supported, expr.span, ast::as<ast::Unsupported>(expr).what);
  }
  return {};
}

Value Evaluator::binary(const ast::BinOp& expr) {
  Value left_scratch, right_scratch;
  const Value& left = operand(*expr.left, left_scratch);
  const Value& right = operand(*expr.right, right_scratch);
  const int64_t* a = left.get_if<int64_t>();
  const int64_t* b = right.get_if<int64_t>();
  if (a && b) {
    int64_t result;
    if (expr.op == BinaryOp::Add && !__builtin_add_overflow(*a, *b, &result)) return result;
    if (expr.op == BinaryOp::Sub && !__builtin_sub_overflow(*a, *b, &result)) return result;
    if (expr.op == BinaryOp::Mul && !__builtin_mul_overflow(*a, *b, &result)) return result;
    return placed(expr.span, [&] { return eval::binary(interpreter_, expr.op, left, right); });
  }
  const double* p = left.get_if<double>();
  const double* q = right.get_if<double>();
  if ((p || a) && (q || b)) {
    const double x = p ? *p : static_cast<double>(*a), y = q ? *q : static_cast<double>(*b);
    switch (expr.op) {
      case BinaryOp::Add:
        return x + y;
      case BinaryOp::Sub:
        return x - y;
      case BinaryOp::Mul:
        return x * y;
      case BinaryOp::Div:
        if (y != 0) return x / y;
        break;
      default:
        break;
    }
  }
  return placed(expr.span, [&] { return eval::binary(interpreter_, expr.op, left, right); });
}

Value Evaluator::unary(const ast::UnaryOp& expr) {
  if (expr.op == ast::UnaryOpKind::Not) return !test(*expr.operand);
  if (expr.op == ast::UnaryOpKind::Neg && expr.operand->kind == ast::ExprKind::Constant) {
    const auto& constant = ast::as<ast::Constant>(*expr.operand);
    const bool least =
        constant.value == ast::ConstantKind::Int && !constant.too_big && constant.integer == uint64_t{1} << 63;
    if (least) return INT64_MIN;
  }
  Value scratch;
  const Value& value = operand(*expr.operand, scratch);
  return placed(expr.span, [&] { return eval::unary(interpreter_, expr.op, value); });
}

bool Evaluator::test(const ast::Expr& expr) {
  Value scratch;
  const Value& value = operand(expr, scratch);
  if (const bool* b = value.get_if<bool>()) return *b;
  return placed(expr.span, [&] { return truth(value); });
}

Value Evaluator::logic(const ast::BoolOp& expr) {
  const bool stop_at = expr.op == ast::BoolOpKind::Or;
  for (size_t i = 0; i + 1 < expr.values.size(); ++i) {
    Value value = eval(*expr.values[i]);
    if (placed(expr.values[i]->span, [&] { return truth(value); }) == stop_at) return value;
  }
  return eval(*expr.values.back());
}

Value Evaluator::compare(const ast::Compare& expr) {
  Value left_scratch, right_scratch;
  const Value* left = &operand(*expr.left, left_scratch);
  for (size_t i = 0;; ++i) {
    const ast::Expr& second = *expr.comparators[i];
    const Value* right = &operand(second, right_scratch);
    const bool last = i + 1 == expr.ops.size();
    const int64_t* a = left->get_if<int64_t>();
    const int64_t* b = right->get_if<int64_t>();
    const double* x = left->get_if<double>();
    const double* y = right->get_if<double>();
    if (((a && b) || (x && y)) && expr.ops[i] <= ast::CompareOp::Ge) {
      const bool result = a ? ordered(expr.ops[i], *a, *b) : ordered(expr.ops[i], *x, *y);
      if (last || !result) return result;
    } else {
      Value result = placed(expr.span, [&] { return eval::compare(interpreter_, expr.ops[i], *left, *right); });
      if (last || !placed(expr.span, [&] { return truth(result); })) return result;
    }
    if (right == &right_scratch) {
      left_scratch = std::move(right_scratch);
      left = &left_scratch;
    } else {
      left = right;
    }
  }
}

Value Evaluator::slice(const ast::Slice& expr) {
  const auto part = [&](const ast::Expr* e) { return e ? eval(*e) : Value(); };
  Value lower = part(expr.lower), upper = part(expr.upper), step = part(expr.step);
  return make<SliceObject>(std::move(lower), std::move(upper), std::move(step));
}

std::vector<Value> Evaluator::elements(ast::Exprs exprs) {
  std::vector<Value> out;
  elements(exprs, out);
  return out;
}

void Evaluator::elements(ast::Exprs exprs, std::vector<Value>& out) {
  out.reserve(out.size() + exprs.size());
  for (const ast::Expr* expr : exprs) {
    if (expr->kind != ast::ExprKind::Starred) {
      out.push_back(eval(*expr));
      continue;
    }
    const Value packed = eval(*ast::as<ast::Starred>(*expr).value);
    for (Value& item : placed(expr->span, [&] { return to_vector(packed); })) out.push_back(std::move(item));
  }
}

Value Evaluator::comprehension(const ast::ListComp& comp) {
  std::vector<Value> out;
  generate(comp, 0, out);
  return make<List>(std::move(out));
}

void Evaluator::generate(const ast::ListComp& comp, size_t level, std::vector<Value>& out) {
  if (level == comp.generators.size()) {
    out.push_back(eval(*comp.element));
    return;
  }
  const ast::Comprehension& generator = comp.generators[level];
  const Value iterable = eval(*generator.iter);
  const auto iterator = placed(generator.iter->span, [&] { return iterate(iterable); });
  for (;;) {
    Value item;
    if (!placed(generator.iter->span, [&] { return iterator->next(item); })) break;
    placed(generator.iter->span, [&] { interpreter_.poll(); });
    assign(*generator.target, std::move(item));
    bool wanted = true;
    for (const ast::Expr* condition : generator.conditions) wanted = wanted && test(*condition);
    if (wanted) generate(comp, level + 1, out);
  }
}

Value Evaluator::joined(const ast::JoinedStr& expr) {
  std::string out;
  for (const ast::FormatPart& part : expr.parts) {
    if (!part.value) {
      out += part.text;
      continue;
    }
    out += part.debug_text;
    Value value = eval(*part.value);
    std::string format = part.format ? eval(*part.format).as_string() : std::string();
    placed(part.value->span, [&] {
      // f"{x=}" shows the repr unless something else is asked for.
      const char conversion = part.conversion == 0 && !part.debug_text.empty() && !part.format ? 'r' : part.conversion;
      if (conversion == 'r' || conversion == 'a') value = repr(value);
      if (conversion == 's') value = str(value);
      out += format_value(value, format);
    });
  }
  return out;
}

namespace {

// a.flags.c_contiguous and its like: `flags` by itself is no value.
Value flag_of(const Array& array, std::string_view name) {
  const bool rows = array.is_c_contiguous();
  if (name == "c_contiguous" || name == "contiguous") return rows;
  if (name == "f_contiguous") return array.is_f_contiguous();
  if (name == "forc") return rows || array.is_f_contiguous();
  if (name == "fnc") return !rows && array.is_f_contiguous();
  if (name == "writeable") return !array.readonly();
  throw Error(ErrorKind::AttributeError, fmt::format("the flags of an array have no attribute '{}'", name));
}

}  // namespace

Value Evaluator::attribute(const ast::Attribute& expr) {
  Value scratch;
  if (expr.value->kind == ast::ExprKind::Attribute && ast::as<ast::Attribute>(*expr.value).attr == "flags") {
    const Value& owner = operand(*ast::as<ast::Attribute>(*expr.value).value, scratch);
    if (const Array* array = owner.get_if<Array>())
      return placed(expr.span, [&] { return flag_of(*array, expr.attr); });
  }
  const Value& object = operand(*expr.value, scratch);
  if (const auto* package = as<Package>(object)) {
    AttributeCache& cache = names_.cache(expr);
    if (cache.key != package) {
      cache.value = placed(expr.span, [&] { return interpreter_.attribute(object, expr.attr); });
      cache.key = package;
    }
    return cache.value;
  }
  return placed(expr.span, [&] { return interpreter_.attribute(object, expr.attr); });
}

namespace {

// Whether evaluating it again does and costs nothing: a name, or attributes of one.
bool is_path(const ast::Expr* e) {
  while (e->kind == ast::ExprKind::Attribute) e = ast::as<ast::Attribute>(*e).value;
  return e->kind == ast::ExprKind::Name;
}

}  // namespace

// A method that the evaluator has is called without making an object for it; another one is left in `callee`, so that
// its object is evaluated once. False: it is something else.
bool Evaluator::find_method(const ast::Expr& func, Args& args, Native& native, Value& callee) {
  if (func.kind != ast::ExprKind::Attribute) return false;
  const auto& node = ast::as<ast::Attribute>(func);
  Value scratch;
  const Value& object = operand(*node.value, scratch);
  const char* prefix = Interpreter::method_prefix(object);
  if (!prefix) {
    if (is_path(node.value)) return false;
    callee = placed(node.span, [&] { return interpreter_.attribute(object, node.attr); });
    return true;
  }
  AttributeCache& cache = names_.cache(node);
  if (cache.key != prefix) {
    const Value method = placed(node.span, [&] { return interpreter_.attribute(object, node.attr); });
    const auto* bound = as<BoundMethod>(method);
    if (!bound || !bound->native) {
      callee = method;
      return true;
    }
    cache.key = prefix;
    cache.native = bound->native;
  }
  native = cache.native;
  args.values.push_back(object);
  return true;
}

// A plain call of an interpreted function: the arguments go straight into its variables.
bool Evaluator::call_directly(const ast::Call& expr, const Value& callee, Value& result) {
  auto* function = as<FunctionObject>(callee);
  if (!function || !function->interpreted() || !expr.keywords.empty()) return false;
  const ast::Parameters& parameters = function->def->parameters;
  const bool simple = !parameters.vararg && !parameters.kwarg && parameters.keyword_only.empty();
  if (!simple || parameters.positional.size() != expr.args.size()) return false;
  for (const ast::Expr* argument : expr.args)
    if (argument->kind == ast::ExprKind::Starred) return false;
  const Scope& scope = interpreter_.scope_of(*function);
  Interpreter::Locals locals(interpreter_, scope.names.size());
  for (size_t i = 0; i < expr.args.size(); ++i) locals.data()[i] = eval(*expr.args[i]);
  for (size_t i = expr.args.size(); i < scope.names.size(); ++i) locals.data()[i] = unbound();
  try {
    result = interpreter_.run_function(*function, locals.data());
  } catch (const Error& error) {
    throw_through(expr.span, error);
  }
  return true;
}

Value Evaluator::call(const ast::Call& expr) {
  Args args;
  Native native = nullptr;
  Value scratch, callee;
  if (!find_method(*expr.func, args, native, callee)) {
    const Value& found = operand(*expr.func, scratch);
    if (call_directly(expr, found, callee)) return callee;
    callee = found;
  }
  elements(expr.args, args.values);
  for (const ast::Keyword& keyword : expr.keywords) {
    if (keyword.name.empty()) fail(source::Diag::not_supported, keyword.span, "** in a call");
    args.keywords.emplace_back(keyword.name, eval(*keyword.value));
  }
  try {
    return native ? native(interpreter_, args) : interpreter_.call(callee, std::move(args));
  } catch (const Error& error) {
    throw_through(expr.span, error);
  }
}

}  // namespace kjit::eval
