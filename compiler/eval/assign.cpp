// Assignment to every kind of target.
#include <fmt/format.h>

#include "eval/array_ops.h"
#include "eval/evaluator.h"
#include "eval/operators.h"

namespace kjit::eval {

namespace {

// Assignment of a number to a variable that holds one of that sort already, which is what loops do, is a plain store.
void set(Value& variable, Value&& value) {
  auto* number = const_cast<double*>(variable.get_if<double>());
  auto* integer = const_cast<int64_t*>(variable.get_if<int64_t>());
  if (const int64_t* v = value.get_if<int64_t>(); v && integer) {
    *integer = *v;
  } else if (const double* x = value.get_if<double>(); x && number) {
    *number = *x;
  } else {
    variable = std::move(value);
  }
}

}  // namespace

Value& Evaluator::variable(NameRef ref) {
  switch (ref.kind) {
    case NameRef::Kind::Local:
      return locals_[ref.index];
    case NameRef::Kind::Cell:
      return as<Cell>(locals_[ref.index])->value;
    default:
      return module_.at(ref.index).value;
  }
}

void Evaluator::bind(std::string_view name, Value value) {
  const auto found = scope_.slots.find(name);
  if (found == scope_.slots.end()) {
    module_.set(name, std::move(value));
  } else {
    variable({scope_.is_cell[found->second] ? NameRef::Kind::Cell : NameRef::Kind::Local, found->second}) =
        std::move(value);
  }
}

void Evaluator::assign(const ast::Expr& target, Value value) {
  switch (target.kind) {
    case ast::ExprKind::Name:
      set(variable(names_.ref(target)), std::move(value));
      return;
    case ast::ExprKind::Tuple:
      unpack(target, ast::as<ast::Tuple>(target).elements, value);
      return;
    case ast::ExprKind::List:
      unpack(target, ast::as<ast::ListExpr>(target).elements, value);
      return;
    case ast::ExprKind::Subscript: {
      const auto& node = ast::as<ast::Subscript>(target);
      const Value object = eval(*node.value);
      const Value index = eval(*node.index);
      placed(target.span, [&] { store_item(interpreter_, object, index, value); });
      return;
    }
    case ast::ExprKind::Attribute: {
      const auto& node = ast::as<ast::Attribute>(target);
      fail(source::Diag::not_supported, node.span, fmt::format("assignment to the attribute '{}'", node.attr));
    }
    default:
      fail(source::Diag::not_supported, target.span, "this target of an assignment");
  }
}

// a, b = value; a, *b, c = value.
void Evaluator::unpack(const ast::Expr& target, ast::Exprs elements, const Value& value) {
  std::vector<Value> items = placed(target.span, [&] {
    try {
      return to_vector(value);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::TypeError) throw;
      throw Error(ErrorKind::TypeError, fmt::format("cannot unpack non-iterable {} object", type_name(value)));
    }
  });
  size_t star = elements.size();
  for (size_t i = 0; i < elements.size(); ++i)
    if (elements[i]->kind == ast::ExprKind::Starred) star = i;
  const bool starred = star < elements.size();
  const size_t least = elements.size() - (starred ? 1 : 0);
  placed(target.span, [&] {
    if (items.size() < least)
      throw Error(ErrorKind::ValueError, fmt::format("not enough values to unpack (expected {}{}, got {})",
                                                     starred ? "at least " : "", least, items.size()));
    if (!starred && items.size() > least)
      throw Error(ErrorKind::ValueError, fmt::format("too many values to unpack (expected {})", least));
  });
  const size_t middle = items.size() - least;
  for (size_t i = 0; i < elements.size(); ++i) {
    if (i < star) {
      assign(*elements[i], std::move(items[i]));
    } else if (i == star) {
      std::vector<Value> rest(items.begin() + static_cast<ptrdiff_t>(i),
                              items.begin() + static_cast<ptrdiff_t>(i + middle));
      assign(*ast::as<ast::Starred>(*elements[i]).value, make<List>(std::move(rest)));
    } else {
      assign(*elements[i], std::move(items[i + middle - 1]));
    }
  }
}

void Evaluator::augmented(const ast::AugAssign& stmt) {
  if (stmt.target->kind == ast::ExprKind::Name) {
    Value scratch;
    name(ast::as<ast::Name>(*stmt.target));
    const Value& right = operand(*stmt.value, scratch);
    Value& left = variable(names_.ref(*stmt.target));
    auto* a = const_cast<int64_t*>(left.get_if<int64_t>());
    const int64_t* b = right.get_if<int64_t>();
    int64_t sum;
    if (a && b && stmt.op == ast::BinaryOp::Add && !__builtin_add_overflow(*a, *b, &sum)) {
      *a = sum;
      return;
    }
    auto* x = const_cast<double*>(left.get_if<double>());
    const double* y = right.get_if<double>();
    if (x && y && stmt.op == ast::BinaryOp::Add) {
      *x += *y;
      return;
    }
    Value result = placed(stmt.span, [&] { return binary_in_place(interpreter_, stmt.op, left, right); });
    variable(names_.ref(*stmt.target)) = std::move(result);
    return;
  }
  if (stmt.target->kind != ast::ExprKind::Subscript) {
    assign(*stmt.target, Value());  // says what is not supported
    return;
  }
  const auto& node = ast::as<ast::Subscript>(*stmt.target);
  const Value object = eval(*node.value);
  const Value index = eval(*node.index);
  const Value old = placed(node.span, [&] { return load_item(interpreter_, object, index); });
  const Value right = eval(*stmt.value);
  const Value result = placed(stmt.span, [&] { return binary_in_place(interpreter_, stmt.op, old, right); });
  placed(node.span, [&] { store_item(interpreter_, object, index, result); });
}

}  // namespace kjit::eval
