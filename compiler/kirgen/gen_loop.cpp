// `for` over ranges, arrays, tuples, enumerate, zip and a.flat. Everything but a range is a counted loop over
// positions.
#include <kjit_rt/abi.h>

#include "kirgen/function_gen.h"
#include "sema/promotion.h"

namespace kjit::kirgen {

using kir::Component;
using sema::TypeKind;

namespace {
bool is_prange(const sema::TypedFunction& f, const ast::Expr* e) {
  if (e->kind != ast::ExprKind::Call || f.info(e).call == sema::kNone) return false;
  const sema::CallInfo& call = f.call_of(e);
  return call.kind == sema::CallInfo::Kind::Builtin && std::string_view(call.builtin->name).ends_with("prange");
}
}  // namespace

void FunctionGen::for_statement(const ast::For& s) {
  ExprRef source = value(s.iter);
  TypeRef type = f_.type_of(s.iter);
  if (type->is_optional()) type = type->elements[0];
  if (type->kind == TypeKind::Range) return for_range(s, source);
  if (type->is_tuple() && type->elements.empty()) return body(s.orelse);  // an empty *args: nothing runs
  const SpanScope scope(b_, s.iter->span);
  const Sequence items = sequence(source, type, s.iter->span);
  if (!items.length) return;
  kir::Stmt* loop = b_.for_range(b_.const_int(0), items.length, b_.const_int(1), [&](VarId i) {
    const SpanScope inner(b_, s.target->span);
    assign(s.target, items.element(b_.var(i)));
    body(s.body);
  });
  loop->span = s.span;
  b_.with_block(loop->orelse, [&] { body(s.orelse); });
}

void FunctionGen::for_range(const ast::For& s, ExprRef range) {
  if (range->op != Op::MakeTuple) range = b_.reuse(range);
  ExprRef step = b_.reuse(b_.get(range, 2));
  ExprRef lo = b_.get(range, 0);
  ExprRef hi = b_.get(range, 1);
  b_.span = s.span;
  kir::Stmt* loop = b_.stmt(kir::StmtKind::For);
  loop->exprs = {lo, hi, step};
  loop->parallel = is_prange(f_, s.iter);
  // The target itself counts when it is an int64 variable that needs no flag.
  const bool name = s.target->kind == ast::ExprKind::Name;
  const uint32_t variable = name ? f_.info(s.target).def_var : sema::kNone;
  const bool direct = variable != sema::kNone && b_.function.vars[vars_[variable]].type == types_.int64() &&
                      !b_.function.vars[vars_[variable]].is_param;
  loop->var = direct ? vars_[variable] : b_.temp(types_.int64(), "%i");
  b_.with_block(loop->body, [&] {
    if (!direct) {
      assign(s.target, b_.var(loop->var));
    } else if (auto flag = bound_.find(variable); flag != bound_.end()) {
      b_.assign(flag->second, b_.const_bool(true));
    }
    body(s.body);
  });
  b_.with_block(loop->orelse, [&] { body(s.orelse); });
}

FunctionGen::Sequence FunctionGen::sequence(ExprRef value, TypeRef type, Span span) {
  switch (type->kind) {
    case TypeKind::Array:
      return array_sequence(value);
    case TypeKind::Flat:
      return flat_sequence(value);
    case TypeKind::Range:
      return range_sequence(value);
    case TypeKind::Tuple:
      return tuple_sequence(value, span);
    case TypeKind::Enumerate: {
      if (value->op != Op::MakeTuple) value = b_.reuse(value);
      ExprRef start = b_.reuse(b_.get(value, 1));
      Sequence inner = sequence(b_.get(value, 0), type->elements[0], span);
      return {inner.length,
              [this, start, inner](ExprRef i) { return b_.tuple({b_.binary(Op::Add, start, i), inner.element(i)}); }};
    }
    case TypeKind::Zip: {
      if (value->op != Op::MakeTuple) value = b_.reuse(value);
      std::vector<Sequence> parts;
      ExprRef length = type->elements.empty() ? b_.const_int(0) : nullptr;
      for (uint32_t k = 0; k < type->elements.size(); ++k) {
        parts.push_back(sequence(b_.get(value, k), type->elements[k], span));
        if (!parts.back().length) return {};
        length = length ? b_.binary(Op::Min, length, parts.back().length) : parts.back().length;
      }
      return {length, [this, parts](ExprRef i) {
                std::vector<ExprRef> elements;
                for (const Sequence& part : parts) elements.push_back(part.element(i));
                return b_.tuple(std::move(elements));
              }};
    }
    default:
      unsupported(span, "a loop over " + type_text(type));
      return {};
  }
}

FunctionGen::Sequence FunctionGen::array_sequence(ExprRef array) {
  array = b_.var(b_.spill(array));  // the name may be bound to something else in the loop
  const int rank = array->type->rank;
  if (rank == 0) {
    b_.check(b_.const_bool(false), KJIT_TYPE_ERROR, "iteration over a 0-d array");
    return {};
  }
  ExprRef length = b_.dim(array, 0);
  if (rank == 1) return {length, [this, array](ExprRef i) { return b_.load(array, {i}); }};
  std::vector<Component> components(static_cast<size_t>(rank), Component::All);
  components[0] = Component::Index;
  const sema::Layout layout = array->type->layout == sema::Layout::C ? sema::Layout::C : sema::Layout::A;
  TypeRef row = types_.array(array->type->scalar, rank - 1, layout, array->type->readonly);
  return {length, [this, array, components, row](ExprRef i) { return b_.view(array, row, components, {i}); }};
}

// The indices of the element at a position in row-major order. `array` may become a view that makes them simpler.
std::function<std::vector<ExprRef>(ExprRef)> FunctionGen::flat_places(ExprRef& array) {
  array = b_.var(b_.spill(array));
  const uint32_t rank = array->type->rank;
  if (rank > 1 && array->type->layout == sema::Layout::C) {
    TypeRef type = types_.array(array->type->scalar, 1, sema::Layout::C, array->type->readonly);
    ExprRef stride = b_.const_int(size_of(array->type->scalar));
    array = b_.var(b_.spill(b_.node(Op::MakeView, type, {array, b_.const_int(0), b_.size(array), stride})));
    return [](ExprRef i) { return std::vector<ExprRef>{i}; };
  }
  return [this, array, rank](ExprRef i) {
    std::vector<ExprRef> indices(rank);
    for (uint32_t k = rank; k > 0; --k) {
      ExprRef n = b_.dim(array, k - 1);
      indices[k - 1] = k == 1 ? i : b_.reuse(b_.binary(Op::Mod, i, n));
      if (k > 1) i = b_.reuse(b_.binary(Op::FloorDiv, i, n));
    }
    return indices;
  };
}

FunctionGen::Sequence FunctionGen::flat_sequence(ExprRef array) {
  auto places = flat_places(array);
  return {b_.reuse(b_.size(array)), [this, array, places](ExprRef i) { return b_.load(array, places(i)); }};
}

FunctionGen::Sequence FunctionGen::tuple_sequence(ExprRef tuple, Span span) {
  const std::vector<TypeRef>& elements = tuple->type->elements;
  if (elements.empty()) return {b_.const_int(0), [this](ExprRef) { return b_.node(Op::NoneValue, types_.none(), {}); }};
  TypeRef common = elements[0];
  for (TypeRef e : elements) {
    common = e == common ? common : sema::unify(types_, e, common);
    if (!common) {
      unsupported(span, "a loop over a tuple of different types");
      return {};
    }
  }
  tuple = b_.cast(tuple, types_.homogeneous(common, static_cast<int>(elements.size())));
  tuple = b_.var(b_.spill(tuple));
  return {b_.const_int(static_cast<int64_t>(elements.size())),
          [this, tuple, common](ExprRef i) { return b_.node(Op::TupleAt, common, {tuple, i}); }};
}

FunctionGen::Sequence FunctionGen::range_sequence(ExprRef range) {
  if (range->op != Op::MakeTuple) range = b_.reuse(range);
  ExprRef lo = b_.reuse(b_.get(range, 0));
  ExprRef hi = b_.reuse(b_.get(range, 1));
  ExprRef step = b_.reuse(b_.get(range, 2));
  return {range_length(lo, hi, step),
          [this, lo, step](ExprRef i) { return b_.binary(Op::Add, lo, b_.binary(Op::Mul, i, step)); }};
}

ExprRef FunctionGen::range_length(ExprRef lo, ExprRef hi, ExprRef step) {
  ExprRef zero = b_.const_int(0);
  ExprRef up = b_.compare(Op::Gt, step, zero);
  ExprRef span = b_.select(up, b_.binary(Op::Sub, hi, lo), b_.binary(Op::Sub, lo, hi));
  ExprRef size = b_.is_const(step) ? b_.const_int(std::abs(step->constant.i)) : b_.unary(Op::Abs, step);
  ExprRef rounded = b_.binary(Op::Add, span, b_.binary(Op::Sub, size, b_.const_int(1)));
  return b_.binary(Op::Max, b_.binary(Op::FloorDiv, rounded, size), zero);
}

}  // namespace kjit::kirgen
