// Arithmetic on Python's integers where 64 bits are too few: in 128 bits, then narrowed.
#include "eval/wide_int.h"

#include <fmt/format.h>

namespace kjit::eval {

namespace {

using Wide = __int128;

Wide checked(bool overflow, Wide result) {
  if (overflow) int_overflow();
  return result;
}

Wide power(Wide base, Wide exponent) {
  Wide result = 1;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result = checked(__builtin_mul_overflow(result, base, &result), result);
    if (exponent > 1) base = checked(__builtin_mul_overflow(base, base, &base), base);
  }
  return result;
}

Wide shifted_left(Wide a, Wide by) {
  if (by < 0) raise(ErrorKind::ValueError, "negative shift count");
  if (a == 0) return 0;
  if (by > 64) int_overflow();
  return checked(__builtin_mul_overflow(a, Wide{1} << static_cast<int>(by), &a), a);
}

Wide floor_quotient(Wide a, Wide b, bool remainder) {
  if (b == 0)
    raise(ErrorKind::ZeroDivisionError, remainder ? "integer modulo by zero" : "integer division or modulo by zero");
  const Wide quotient = a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
  return remainder ? a - quotient * b : quotient;
}

}  // namespace

std::string WideInt::repr() const { return fmt::to_string(value); }

bool is_python_int(const Value& value) { return value.is<int64_t>() || value.is<bool>() || as<WideInt>(value); }

__int128 wide_value(const Value& python_int) {
  if (const auto* wide = as<WideInt>(python_int)) return wide->value;
  return python_int.as_int();
}

Value narrowed(__int128 value) {
  if (value >= INT64_MIN && value <= INT64_MAX) return static_cast<int64_t>(value);
  if (value < 0 || value > Wide{UINT64_MAX}) int_overflow();
  return make<WideInt>(static_cast<uint64_t>(value));
}

Value wide_binary(BinaryOp op, const Value& left, const Value& right) {
  const Wide a = wide_value(left), b = wide_value(right);
  Wide r = 0;
  switch (op) {
    case BinaryOp::Add:
      return narrowed(a + b);
    case BinaryOp::Sub:
      return narrowed(a - b);
    case BinaryOp::Mul:
      return narrowed(checked(__builtin_mul_overflow(a, b, &r), r));
    case BinaryOp::Div:
      if (b == 0) raise(ErrorKind::ZeroDivisionError, "division by zero");
      return static_cast<double>(a) / static_cast<double>(b);
    case BinaryOp::FloorDiv:
      return narrowed(floor_quotient(a, b, false));
    case BinaryOp::Mod:
      return narrowed(floor_quotient(a, b, true));
    case BinaryOp::Pow:
      if (b >= 0) return narrowed(power(a, b));
      if (a == 0) raise(ErrorKind::ZeroDivisionError, "0.0 cannot be raised to a negative power");
      return std::pow(static_cast<double>(a), static_cast<double>(b));
    case BinaryOp::LShift:
      return narrowed(shifted_left(a, b));
    case BinaryOp::RShift:
      if (b < 0) raise(ErrorKind::ValueError, "negative shift count");
      return narrowed(a >> (b > 100 ? 100 : static_cast<int>(b)));
    case BinaryOp::BitAnd:
      return narrowed(a & b);
    case BinaryOp::BitOr:
      return narrowed(a | b);
    case BinaryOp::BitXor:
      return narrowed(a ^ b);
    case BinaryOp::MatMul:
      break;
  }
  raise(ErrorKind::TypeError, "unsupported operand type(s) for @: 'int' and 'int'");
}

Value without_wide(const Value& value) {
  if (const auto* wide = as<WideInt>(value)) return Value::typed<uint64_t>(wide->value);
  return value;
}

Value with_wide(Value value) {
  const auto* typed = value.get_if<TypedScalar>();
  if (typed && typed->dtype == DType::UInt64) return narrowed(load_as<uint64_t>(typed->dtype, typed->bits));
  const auto* tuple = value.get_if<std::shared_ptr<const Value::Tuple>>();
  if (!tuple) return value;
  Value::Tuple items;
  for (const Value& item : **tuple) items.push_back(with_wide(item));
  return Value(std::move(items));
}

}  // namespace kjit::eval
