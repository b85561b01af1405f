// Invariants of kernel IR, by number; a violation is reported with its number and the text of what violates it.
//
//  Types
//   1. Every expression and every variable has a type, and it is a machine type (machine_type.h).
//   2. An operation of ops.def has as many operands as its arity says, none of them null.
//   3. Operands of arithmetic, bit and comparison operations have one common scalar type, and the result has it too
//      (comparisons: bool; abs of a complex number: its real type).
//   4. Bit operations take integers (and, or, xor, invert: bool too); logic takes bool. Order comparisons, min, max,
//   floor
//      division and remainder do not take complex numbers; true division takes no integers.
//   5. Select: a bool and two values of the result's type. Cast: scalars.
//   6. Constants are scalars, and an integer's bits are those of its type (extended to 64).
//  Variables
//   7. Variable numbers are in range. Parameters are marked so, and nothing assigns to them. Variables of type None are
//      neither read nor assigned.
//   8. The value assigned has the variable's type.
//  Tuples, optionals
//   9. MakeTuple: operands have the types of the elements. TupleGet: the number is in range and the type is the
//   element's.
//      TupleAt: all elements have the result's type, the position is int64. MakeSome, HasValue, Unwrap: of the
//      optional's type.
//  Arrays
//  10. Load and Store have one int64 index for each axis; the value has the element's type; wrap bits stand for indices
//      that are there. Nothing stores to a read-only array.
//  11. View: the components consume all axes, make the result's rank, and have the operands they need. Dim and Stride:
//  the
//      axis is in range. Transpose: a permutation. MakeView: 2 + 2 * rank operands. ConstArray: in range, read-only.
//  12. Alloc: one int64 length for each axis; a fill value has the element's type. Copy: an array of the variable's
//  rank, into a
//      C or F layout. On the stack: as many constant lengths, none negative. Reserved: an array variable of the same
//      type. CopyArray: both of one rank. FillArray: the value has the element's type.
//  Statements
//  13. Conditions are bool. For: an int64 variable, three int64 values (and conditions), a constant step is not 0.
//  14. Break and Continue stand inside a loop.
//  15. Return has the function's result type (no value when that is None).
//  16. Call: the callee exists, arguments have the types of its parameters, the variable that of its result.
//  17. Raise and Check have a status; at most three int64 operands.
//  18. A function with a result does not fall off its end.
//  19. A statement object stands in one place only.
//  20. Map and Reduce: int64 extents; inputs are arrays of at most as many axes, each with a scalar variable of its
//      element's type; the body has no break, continue, return or loop of its own that leaves it. Map: the array has
//      one axis for each extent, is not read-only, and the value has its element's type. Reduce: variable or elements,
//      value and `init` have one scalar type; an array has the axes that are not folded, or all.
//  21. Library: an operand for each letter of the function's row: arrays (those written: not read-only), int64 numbers.
//  22. Parallel: int64 trips, a float64 cost, then the operands of the region after its first three parameters, which
//  are
//      int64; the variable has the region's result; at least one chunk is allowed.
//  23. DeviceIndex stands in functions for a GPU, with a number that is in the table, and is an int32. So does Device:
//      operands and result as the table says; an array that is not read-only, with an int64 index for each axis, where
//      it asks for one.
//  24. Transfer: an array, in a function that offloads. A region's kernels take trips and what the region takes after
//  its
//      first three parameters, and give what it gives; with a result they have a function that joins two.
//  25. In a function that offloads and has transfers, a transfer stands before whatever reads or writes elements of an
//      array, here or in a region, on every way there (transfers.h).
#include "kir/verifier.h"

#include <fmt/format.h>

#include "kir/machine_type.h"
#include "kir/transfers.h"

namespace kjit::kir {

void Verifier::run() {
  if (!f_.result) return report(1, "the function has no result type");
  for (VarId v = 0; v < f_.vars.size(); ++v) {
    if (!f_.vars[v].type || !is_machine_type(f_.vars[v].type)) {
      return report(1, fmt::format("variable {} '{}'", v, f_.vars[v].name));
    }
  }
  for (VarId p : f_.params) {
    if (p >= f_.vars.size() || !f_.vars[p].is_param) report(7, fmt::format("parameter {}", p));
  }
  block(f_.body, 0);
  if (f_.extern_symbol.empty() && !f_.result->is_none() && reaches_end(f_.body)) report(18, f_.name);
}

void Verifier::report(int rule, const std::string& what) {
  out_.push_back(fmt::format("@{}: invariant {}: {}", f_.symbol, rule, what));
}

void Verifier::require(bool fine, int rule, const Expr& e) {
  if (!fine) report(rule, to_string(f_, &e));
}

bool Verifier::require(bool fine, int rule, const Stmt& s, const char* what) {
  if (!fine) report(rule, fmt::format("{}{}{}", what, s.expr ? ": " : "", s.expr ? to_string(f_, s.expr) : ""));
  return fine;
}

bool Verifier::well_formed(const Expr& e) {
  if (!e.type || !is_machine_type(e.type)) {
    report(1, fmt::format("'{}' has {}", info(e.op).text, e.type ? to_string(e.type) : "no type"));
    return false;
  }
  const int arity = info(e.op).arity;
  bool fine = arity < 0 || e.args.size() == static_cast<size_t>(arity);
  for (ExprRef a : e.args) fine = fine && a && a->type;
  if (!fine) report(2, fmt::format("'{}' has {} operands", info(e.op).text, e.args.size()));
  return fine;
}

void Verifier::expr(ExprRef e) {
  if (!e) return report(2, "an expression is missing");
  if (!well_formed(*e)) return;
  for (ExprRef a : e->args) expr(a);
  switch (info(e->op).family) {
    case Family::Leaf:
      if (e->op == Op::Var) {
        require(e->var < f_.vars.size() && e->type == f_.vars[e->var].type && !e->type->is_none(), 7, *e);
      } else if (e->op == Op::Const) {
        require(e->type->is_scalar(), 6, *e);
      } else if (e->op == Op::NoneValue) {
        require(e->type->is_none() || e->type->is_optional(), 1, *e);
      } else if (e->op == Op::ConstArray) {
        require(e->index < module_.constant_arrays.size() && e->type->is_array() && e->type->readonly, 11, *e);
      } else if (e->op == Op::DeviceIndex) {
        const bool known = e->index < static_cast<uint32_t>(DeviceIndex::kCount);
        require(known && f_.device && is_scalar_of(e->type, Scalar::I32), 23, *e);
      }
      return;
    case Family::Aggregate:
      return aggregate(*e);
    case Family::Memory:
    case Family::Array:
      return array(*e);
    default:
      return scalar_operation(*e);
  }
}

void Verifier::scalar_operation(const Expr& e) {
  TypeRef first = e.args.empty() ? nullptr : e.args[0]->type;
  if (e.op == Op::Select) {
    return require(is_boolean(e.args[0]) && e.args[1]->type == e.type && e.args[2]->type == e.type, 5, e);
  }
  bool scalars = e.type->is_scalar();
  for (ExprRef a : e.args) scalars = scalars && a->type->is_scalar();
  if (!scalars) return require(false, e.op == Op::Cast ? 5 : 3, e);
  bool common = true;
  for (ExprRef a : e.args) common = common && a->type == first;
  const Scalar s = first->scalar;
  switch (info(e.op).family) {
    case Family::Arith:
      require(common && (e.type == first || (e.op == Op::Abs && e.type->scalar == real_of(s))), 3, e);
      if (e.op == Op::FloorDiv || e.op == Op::Mod || e.op == Op::Min || e.op == Op::Max) {
        require(!is_complex(s), 4, e);
      }
      if (e.op == Op::TruncRem) require(is_integer(s), 4, e);
      if (e.op == Op::Div) require(is_float(s) || is_complex(s), 4, e);
      return;
    case Family::Bits: {
      require(common && e.type == first, 3, e);
      const bool logical = e.op == Op::BitAnd || e.op == Op::BitOr || e.op == Op::BitXor || e.op == Op::Invert;
      return require(is_integer(s) || (logical && is_bool(s)), 4, e);
    }
    case Family::Compare:
      require(common && is_boolean(&e), 3, e);
      if (e.op != Op::Eq && e.op != Op::Ne) require(!is_complex(s), 4, e);
      return;
    case Family::Logic:
      return require(common && is_bool(s) && is_boolean(&e), 4, e);
    default:
      return;
  }
}

void Verifier::aggregate(const Expr& e) {
  TypeRef first = e.args.empty() ? nullptr : e.args[0]->type;
  switch (e.op) {
    case Op::MakeTuple: {
      bool fine = e.type->is_tuple() && e.type->elements.size() == e.args.size();
      for (size_t i = 0; fine && i < e.args.size(); ++i) fine = e.args[i]->type == e.type->elements[i];
      return require(fine, 9, e);
    }
    case Op::TupleGet:
      return require(first->is_tuple() && e.index < first->elements.size() && first->elements[e.index] == e.type, 9, e);
    case Op::TupleAt: {
      bool fine = first->is_tuple() && is_int64(e.args[1]);
      for (TypeRef t : first->elements) fine = fine && t == e.type;
      return require(fine, 9, e);
    }
    case Op::MakeSome:
      return require(e.type->is_optional() && e.type->elements[0] == first, 9, e);
    case Op::HasValue:
      return require(first->is_optional() && is_boolean(&e), 9, e);
    default:
      return require(first->is_optional() && first->elements[0] == e.type, 9, e);
  }
}

void Verifier::array(const Expr& e) {
  TypeRef base = e.args[0]->type;
  if (!base->is_array()) return require(false, e.op == Op::Load ? 10 : 11, e);
  const size_t rank = base->rank;
  switch (e.op) {
    case Op::Load: {
      bool fine = e.args.size() == rank + 1 && is_scalar_of(e.type, base->scalar) && (e.index >> rank) == 0;
      for (size_t i = 1; i < e.args.size(); ++i) fine = fine && is_int64(e.args[i]);
      return require(fine, 10, e);
    }
    case Op::Dim:
    case Op::Stride:
      return require(e.index < rank && is_int64(&e), 11, e);
    case Op::Size:
      return require(is_int64(&e), 11, e);
    case Op::View:
      return view(e);
    case Op::Transpose: {
      std::set<uint8_t> axes(e.axes.begin(), e.axes.end());
      const bool permutation = e.axes.size() == rank && axes.size() == rank && (rank == 0 || *axes.rbegin() < rank);
      return require(permutation && e.type->is_array() && e.type->rank == rank, 11, e);
    }
    case Op::MakeView: {
      bool fine = e.type->is_array() && e.args.size() == 2u + 2u * e.type->rank;
      for (size_t i = 1; i < e.args.size(); ++i) fine = fine && is_int64(e.args[i]);
      return require(fine, 11, e);
    }
    case Op::Overlaps:
      return require(e.args[1]->type->is_array() && is_boolean(&e), 11, e);
    default:
      return require(is_boolean(&e), 11, e);
  }
}

void Verifier::view(const Expr& e) {
  size_t axes = 0;
  size_t operands = 1;
  size_t rank = 0;
  for (Component c : e.components) {
    axes += c == Component::NewAxis ? 0 : 1;
    rank += c == Component::Index ? 0 : 1;
    operands += c == Component::Index ? 1 : c == Component::Slice ? 3 : 0;
  }
  bool fine = axes == e.args[0]->type->rank && operands == e.args.size() && e.type->is_array() &&
              e.type->rank == rank && e.type->scalar == e.args[0]->type->scalar && (e.index >> (operands - 1)) == 0;
  for (size_t i = 1; i < e.args.size(); ++i) fine = fine && is_int64(e.args[i]);
  require(fine, 11, e);
}

std::vector<std::string> verify(const Module& module) {
  std::vector<std::string> out;
  for (const auto& f : module.functions) Verifier(module, *f, out).run();
  if (!out.empty()) return out;
  for (const auto& f : module.functions) verify_transfers(module, *f, out);
  return out;
}

}  // namespace kjit::kir
