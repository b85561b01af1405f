// `for` over ranges, arrays, tuples, enumerate, zip and a.flat. Everything but a range is a counted loop over
// positions.
#include <kjit_rt/abi.h>

#include "kirgen/function_gen.h"
#include "sema/promotion.h"

namespace kjit::kirgen {

using kir::Component;
using sema::TypeKind;

namespace {
// Whether the iterations of a loop over this may run in any order: prange or pndindex, in a parallel function.
bool any_order(const sema::TypedFunction& f, const ast::Expr* e) {
  if (!f.options.parallel || (f.options.serial_parts & sema::kPartPrange) != 0) return false;
  if (e->kind != ast::ExprKind::Call || f.info(e).call == sema::kNone) return false;
  const sema::CallInfo& call = f.call_of(e);
  if (call.kind != sema::CallInfo::Kind::Builtin) return false;
  const std::string_view name = call.builtin->name;
  return name.ends_with(".prange") || name.ends_with(".pndindex");
}

// Whether a break in these statements leaves the loop around them.
bool breaks(ast::Body body) {
  for (const ast::Stmt* s : body) {
    if (s->kind == ast::StmtKind::Break) return true;
    if (s->kind == ast::StmtKind::If && (breaks(ast::as<ast::If>(*s).body) || breaks(ast::as<ast::If>(*s).orelse)))
      return true;
    if (s->kind == ast::StmtKind::For && breaks(ast::as<ast::For>(*s).orelse)) return true;
    if (s->kind == ast::StmtKind::While && breaks(ast::as<ast::While>(*s).orelse)) return true;
  }
  return false;
}
// The first statement that leaves the loop with this body, other than by an exception.
const ast::Stmt* way_out(ast::Body body, bool in_loop = false) {
  for (const ast::Stmt* s : body) {
    const ast::Stmt* found = nullptr;
    const auto look = [&](ast::Body inner, bool loop) {
      if (!found) found = way_out(inner, loop);
    };
    switch (s->kind) {
      case ast::StmtKind::Return:
        return s;
      case ast::StmtKind::Break:
        if (!in_loop) return s;
        break;
      case ast::StmtKind::If:
        look(ast::as<ast::If>(*s).body, in_loop), look(ast::as<ast::If>(*s).orelse, in_loop);
        break;
      case ast::StmtKind::For:
        look(ast::as<ast::For>(*s).body, true), look(ast::as<ast::For>(*s).orelse, in_loop);
        break;
      case ast::StmtKind::While:
        look(ast::as<ast::While>(*s).body, true), look(ast::as<ast::While>(*s).orelse, in_loop);
        break;
      default:
        break;
    }
    if (found) return found;
  }
  return nullptr;
}
}  // namespace

void FunctionGen::for_statement(const ast::For& s) {
  ExprRef source = value(s.iter);
  TypeRef type = f_.type_of(s.iter);
  if (type->is_optional()) type = type->elements[0];
  if (type->kind == TypeKind::Range) return for_range(s, source);
  if (type->is_tuple() && type->elements.empty()) return body(s.orelse);  // an empty *args: nothing runs
  const bool indices = (type->kind == TypeKind::NdIndex && !type->elements[0]->elements.empty()) ||
                       (type->kind == TypeKind::NdEnumerate && type->elements[0]->rank > 0);
  const bool parallel = parallel_loop(s);
  if (indices && !breaks(s.body)) return for_indices(s, source, parallel);
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
  loop->parallel = parallel_loop(s);
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

// Whether it is one, which neither break nor return may leave.
bool FunctionGen::parallel_loop(const ast::For& s) {
  if (!any_order(f_, s.iter)) return false;
  if (const ast::Stmt* out = way_out(s.body)) {
    unsupported(out->span, out->kind == ast::StmtKind::Break ? "leaving a parallel loop by 'break'"
                                                             : "leaving a parallel loop by 'return'");
  }
  return true;
}

// np.ndindex, pndindex and np.ndenumerate without break: one loop for each axis, where continue goes on with the
// innermost. The first axis of a pndindex is the parallel loop.
void FunctionGen::for_indices(const ast::For& s, ExprRef source, bool parallel) {
  source = b_.var(b_.spill(source));
  const bool enumerates = source->type->is_array();
  const size_t rank = enumerates ? source->type->rank : source->type->elements.size();
  std::vector<ExprRef> at;
  std::function<void()> nest = [&] {
    if (at.size() == rank) {
      const SpanScope inner(b_, s.target->span);
      ExprRef index = b_.tuple(at);
      assign(s.target, enumerates ? b_.tuple({index, b_.load(source, at)}) : index);
      return body(s.body);
    }
    const auto axis = static_cast<uint32_t>(at.size());
    ExprRef length = enumerates ? b_.dim(source, axis) : b_.get(source, axis);
    kir::Stmt* loop = b_.for_range(b_.const_int(0), length, b_.const_int(1), [&](VarId i) {
      at.push_back(b_.var(i));
      nest();
      at.pop_back();
    });
    loop->span = s.span;
    loop->parallel = axis == 0 && parallel;
  };
  nest();
  body(s.orelse);
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
    case TypeKind::Reversed: {
      const Sequence inner = sequence(value, type->elements[0], span);
      if (!inner.length) return {};
      ExprRef last = b_.reuse(b_.binary(Op::Sub, inner.length, b_.const_int(1)));
      return {inner.length, [this, last, inner](ExprRef i) { return inner.element(b_.binary(Op::Sub, last, i)); }};
    }
    case TypeKind::NdIndex:
    case TypeKind::NdEnumerate:
      return index_sequence(value);
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

namespace {

// The indices of the element at a position in row-major order.
std::vector<ExprRef> indices_at(Builder& b, const std::vector<ExprRef>& lengths, ExprRef position) {
  std::vector<ExprRef> indices(lengths.size());
  for (size_t k = lengths.size(); k > 0; --k) {
    indices[k - 1] = k == 1 ? position : b.reuse(b.binary(Op::Mod, position, lengths[k - 1]));
    if (k > 1) position = b.reuse(b.binary(Op::FloorDiv, position, lengths[k - 1]));
  }
  return indices;
}

}  // namespace

// Of np.ndindex (a tuple of lengths) and np.ndenumerate (an array).
FunctionGen::Sequence FunctionGen::index_sequence(ExprRef source) {
  source = b_.var(b_.spill(source));
  const bool enumerates = source->type->is_array();
  const size_t rank = enumerates ? source->type->rank : source->type->elements.size();
  std::vector<ExprRef> lengths;
  ExprRef total = b_.const_int(1);
  for (uint32_t k = 0; k < rank; ++k) {
    lengths.push_back(enumerates ? b_.dim(source, k) : b_.get(source, k));
    total = b_.binary(Op::Mul, total, lengths.back());
  }
  return {b_.reuse(total), [this, source, enumerates, lengths](ExprRef i) {
            const std::vector<ExprRef> at = indices_at(b_, lengths, i);
            ExprRef index = b_.tuple(at);
            return enumerates ? b_.tuple({index, b_.load(source, at)}) : index;
          }};
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
    std::vector<ExprRef> lengths;
    for (uint32_t k = 0; k < rank; ++k) lengths.push_back(b_.dim(array, k));
    return indices_at(b_, lengths, i);
  };
}

FunctionGen::Sequence FunctionGen::flat_sequence(ExprRef array) {
  auto places = flat_places(array);
  return {b_.reuse(b_.size(array)), [this, array, places](ExprRef i) { return b_.load(array, places(i)); }};
}

FunctionGen::Sequence FunctionGen::tuple_sequence(ExprRef tuple, Span span) {
  const std::vector<TypeRef>& elements = tuple->type->elements;
  if (elements.empty()) return {b_.const_int(0), [this](ExprRef) { return b_.const_int(0); }};
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
