// Emitters of Python's own functions.
#include <kjit_rt/abi.h>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen::emit {

namespace {

using kir::MathFn;

TypeRef result_type(CallEmitter& call) { return call.b.machine(call.result); }

// Runs over the elements; those of a tuple one by one, others in a loop.
template <typename F>
void for_elements(Builder& b, const Elements& e, F body) {
  for (ExprRef x : e.fixed) body(x);
  if (e.is_fixed) return;
  b.for_range(b.const_int(0), e.length, b.const_int(1), [&](VarId i) { body(e.at(b.var(i))); });
}

ExprRef extremum(CallEmitter& call, Op op) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  if (is_bool(t->scalar)) op = op == Op::Max ? Op::BitOr : Op::BitAnd;
  Elements e;
  if (call.args.size() == 1) {
    e = elements_of(call, 0);
  } else {
    e.is_fixed = true;
    for (size_t i = 0; i < call.args.size(); ++i) e.fixed.push_back(number(call, i, t));
  }
  if (e.is_fixed) {
    ExprRef best = b.reuse(b.cast(e.fixed[0], t));
    for (size_t i = 1; i < e.fixed.size(); ++i) best = b.reuse(b.binary(op, best, b.cast(e.fixed[i], t)));
    return best;
  }
  b.check(b.compare(Op::Gt, e.length, b.const_int(0)), KJIT_VALUE_ERROR,
          op == Op::Max || op == Op::BitOr ? "max() arg is an empty sequence" : "min() arg is an empty sequence");
  VarId best = b.spill(b.cast(e.at(b.const_int(0)), t));
  b.for_range(b.const_int(1), e.length, b.const_int(1),
              [&](VarId i) { b.assign(best, b.binary(op, b.var(best), b.cast(e.at(b.var(i)), t))); });
  return b.var(best);
}

ExprRef truth_of_elements(CallEmitter& call, bool all) {
  Builder& b = call.b;
  VarId result = b.spill(b.const_bool(all));
  for_elements(b, elements_of(call, 0), [&](ExprRef x) {
    b.assign(result, all ? both(b, b.var(result), truth(b, x)) : either(b, b.var(result), truth(b, x)));
  });
  return b.var(result);
}

}  // namespace

ExprRef maximum(CallEmitter& call) { return extremum(call, Op::Max); }
ExprRef minimum(CallEmitter& call) { return extremum(call, Op::Min); }
ExprRef all_of(CallEmitter& call) { return truth_of_elements(call, true); }
ExprRef any_of(CallEmitter& call) { return truth_of_elements(call, false); }

ExprRef sum(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = result_type(call);
  ExprRef start = call.given(1) ? number(call, 1, t) : b.zero(t);
  Elements e = elements_of(call, 0);
  if (e.is_fixed) {
    for (ExprRef x : e.fixed) start = b.binary(Op::Add, start, b.cast(x, t));
    return start;
  }
  VarId total = b.spill(start);
  for_elements(b, e, [&](ExprRef x) { b.assign(total, b.binary(Op::Add, b.var(total), b.cast(x, t))); });
  return b.var(total);
}

ExprRef length(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = value(call, 0);
  TypeRef type = argument_type(call, 0);
  if (type->kind == sema::TypeKind::Flat) return b.size(x);
  return type->is_array() ? b.dim(x, 0) : range_length(b, x);
}

ExprRef first_argument(CallEmitter& call) { return value(call, 0); }

ExprRef range(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = b.types.int64();
  const size_t n = call.args.size();
  ExprRef start = n == 1 ? b.const_int(0) : number(call, 0, t);
  ExprRef stop = number(call, n == 1 ? 0 : 1, t);
  ExprRef step = n == 3 ? number(call, 2, t) : b.const_int(1);
  if (n == 3 && !(b.is_const(step) && step->constant.i != 0)) {
    b.check(b.compare(Op::Ne, step, b.const_int(0)), KJIT_VALUE_ERROR, "range() arg 3 must not be zero");
  }
  return b.tuple({start, stop, step});
}

ExprRef enumerate(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef start = absent(call, 1) ? b.const_int(0) : number(call, 1, b.types.int64());
  return b.tuple({value(call, 0), start});
}

ExprRef zip(CallEmitter& call) {
  std::vector<ExprRef> parts;
  for (size_t i = 0; i < call.args.size(); ++i) parts.push_back(value(call, i));
  return call.b.tuple(std::move(parts));
}

// The core prints in place; this serves calls that reach print() in another way.
ExprRef print(CallEmitter& call) {
  Builder& b = call.b;
  kir::Stmt* s = b.stmt(kir::StmtKind::Print);
  for (size_t i = 0; i < call.args.size(); ++i) {
    if (i > 0) s->items.push_back({nullptr, " "});
    TypeRef t = call.call.args[i].type;
    if (t->kind == sema::TypeKind::String)
      s->items.push_back({nullptr, t->text});
    else
      s->items.push_back({call.args[i], ""});
  }
  s->items.push_back({nullptr, "\n"});
  return b.node(Op::NoneValue, b.types.none(), {});
}

ExprRef python_round(CallEmitter& call) {
  Builder& b = call.b;
  ExprRef x = b.reuse(value(call, 0));
  const bool floating = is_float(x->type->scalar);
  if (absent(call, 1)) return b.cast(floating ? b.math(MathFn::rint, x->type, {x}) : x, call.result);
  ExprRef digits = number(call, 1, b.types.int64());
  if (!floating) return round_integer(b, b.reuse(b.cast(x, call.result)), digits);
  // Python's floats round the decimal number, NumPy's scale.
  const MathFn fn = argument_type(call, 0)->weak ? MathFn::round_digits : MathFn::round_digits_np;
  return b.math(fn, x->type, {x, digits});
}

ExprRef python_divmod(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = result_type(call)->elements[0];
  ExprRef x = number(call, 0, t);
  ExprRef y = number(call, 1, t);
  const bool numpy = call.function.options.numpy_error_model;
  b.check_divisor(y, numpy || (b.is_const(y) && is_integer(t->scalar) && y->constant.i != 0),
                  is_float(t->scalar) ? "float floor division by zero" : "integer division or modulo by zero");
  auto divided = [&](Op op) { return numpy ? divide_or_zero(b, op, x, y) : b.binary(op, x, y); };
  return b.tuple({divided(Op::FloorDiv), divided(Op::Mod)});
}

namespace {

// base ** exp % mod with Python's sign; 0 < |mod| < 2**31, so that products fit.
ExprRef modular_power(CallEmitter& call) {
  Builder& b = call.b;
  TypeRef t = b.types.int64();
  ExprRef mod = number(call, 2, t);
  VarId exponent = b.spill(number(call, 1, t));
  b.check(b.compare(Op::Ne, mod, b.const_int(0)), KJIT_VALUE_ERROR, "pow() 3rd argument cannot be 0");
  b.check(b.compare(Op::Ge, b.var(exponent), b.const_int(0)), KJIT_VALUE_ERROR,
          "pow() with a modulus takes an exponent that is not negative");
  b.check(b.compare(Op::Lt, b.unary(Op::Abs, mod), b.const_int(int64_t{1} << 31)), KJIT_OVERFLOW_ERROR,
          "pow() takes a modulus below 2**31");
  VarId base = b.spill(b.binary(Op::Mod, number(call, 0, t), mod));
  VarId result = b.spill(b.binary(Op::Mod, b.const_int(1), mod));
  auto times = [&](VarId x, VarId y) { return b.binary(Op::Mod, b.binary(Op::Mul, b.var(x), b.var(y)), mod); };
  emit_while(
      b, [&] { return b.compare(Op::Gt, b.var(exponent), b.const_int(0)); },
      [&] {
        ExprRef odd = truth(b, b.binary(Op::BitAnd, b.var(exponent), b.const_int(1)));
        emit_if(b, odd, [&] { b.assign(result, times(result, base)); });
        b.assign(base, times(base, base));
        b.assign(exponent, b.binary(Op::Shr, b.var(exponent), b.const_int(1)));
      });
  return b.var(result);
}

}  // namespace

ExprRef python_pow(CallEmitter& call) { return absent(call, 2) ? power(call) : modular_power(call); }

}  // namespace kjit::kirgen::emit
