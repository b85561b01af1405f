#include "passes/cost.h"

#include <algorithm>
#include <map>

#include "passes/definitions.h"
#include "passes/liveness.h"

namespace kjit::passes {

using kir::Block;
using kir::ExprRef;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;
using kir::VarId;
using kirgen::Builder;

namespace {

constexpr double kUnknownTrips = 16;
constexpr double kStatement = 0.3;  // ns
constexpr double kCall = 3;
constexpr double kAllocation = 40;
constexpr double kElement = 0.5;  // of an operation on a whole array
constexpr double kLibraryCall = 200;
constexpr double kLineElement = 0.2;  // of a matrix times a vector
constexpr double kProduct = 0.05;     // multiplications and additions of BLAS
constexpr double kOrdered = 8;        // of an element that is sorted
constexpr int kMostSteps = 16;        // back to what is known before the loop
constexpr int kMostNodes = 100;
constexpr int kDepth = 6;  // of calls that are looked into

// Of one operation, in ns.
struct Weights {
  double operation;  // an addition, a comparison, a conversion
  double memory, division, math;
};
constexpr Weights kScalar{0.3, 0.5, 2, 6};
constexpr Weights kLanes{0.03, 0.06, 0.6, 1.8};  // where LLVM is likely to vectorise
constexpr int kIndependent = 4;                  // sums beside each other, which become lanes

bool loads(ExprRef e) { return e->op == Op::Load || std::any_of(e->args.begin(), e->args.end(), loads); }

bool is_instruction(kir::MathFn fn) {
  using enum kir::MathFn;
  return fn == floor || fn == ceil || fn == trunc || fn == rint || fn == fabs || fn == copysign || fn == fma;
}

double weight(const kir::Expr& e, const Weights& w) {
  double own = w.operation;
  switch (e.op) {
    case Op::Var:
    case Op::Const:
    case Op::ConstArray:
    case Op::DeviceIndex:
    case Op::MakeTuple:
    case Op::TupleGet:
    case Op::Dim:
      own = 0;
      break;
    case Op::Load:  // at an index from memory: no lanes
      own = std::any_of(e.args.begin() + 1, e.args.end(), loads) ? kScalar.memory : w.memory;
      break;
    case Op::Div:
    case Op::FloorDiv:
    case Op::Mod:
    case Op::TruncRem:
      own = w.division;
      break;
    case Op::Math:
      own = is_instruction(e.math) ? w.operation : e.math == kir::MathFn::sqrt ? w.division : w.math;
      break;
    case Op::Pow:
      own = w.math;
      break;
    default:
      break;
  }
  if (e.type->is_scalar() && sema::is_complex(e.type->scalar)) own *= 3;
  for (ExprRef a : e.args) own += weight(*a, w);
  return own;
}

class Estimate {
 public:
  Estimate(Builder& b, const kir::Module& module, const Stmt& loop) : b_(b), module_(module), loop_(loop) {
    assigned(loop.body, written_);
    collect(loop.body);
    middle_[loop.var] = half(loop.exprs[0], loop.exprs[1]);
  }

  Cost run(ExprRef trips) {
    ExprRef each = iteration(loop_.body, 0);
    return {b_.binary(Op::Mul, b_.cast(trips, b_.types.float64()), each), uniform_};
  }

 private:
  ExprRef number(double v) { return b_.const_float(v); }
  ExprRef sum(ExprRef a, ExprRef c) {
    if (b_.is_const(a) && b_.is_const(c)) return number(a->constant.f[0] + c->constant.f[0]);
    if (b_.is_const(a) && a->constant.f[0] == 0) return c;
    return b_.is_const(c) && c->constant.f[0] == 0 ? a : b_.binary(Op::Add, a, c);
  }
  ExprRef product(ExprRef a, ExprRef c) {
    if (b_.is_const(a) && b_.is_const(c)) return number(a->constant.f[0] * c->constant.f[0]);
    return b_.binary(Op::Mul, a, c);
  }
  ExprRef half(ExprRef lo, ExprRef hi) { return b_.binary(Op::Shr, b_.binary(Op::Add, lo, hi), b_.const_int(1)); }

  void collect(const Block& block) {
    for (const Stmt* s : block) {
      if (defines(*s)) ++count_[s->var], made_[s->var] = s;
      collect(s->head), collect(s->body), collect(s->orelse);
    }
  }

  // The value of an int64 before the loop, by the middle of what varies in it; null when it cannot be known.
  ExprRef before(ExprRef e, int depth = 0) {
    if (depth == 0) budget_ = kMostNodes;
    if (depth > kMostSteps || --budget_ < 0) return nullptr;
    if (e->op == Op::Var) {
      if (const auto known = middle_.find(e->var); known != middle_.end()) {
        if (e->var == loop_.var || written_.contains(e->var)) uniform_ = false;
        return known->second;
      }
      if (!written_.contains(e->var)) return e;
      if (count_[e->var] != 1 || made_[e->var]->kind != StmtKind::Assign) return nullptr;
      return before(made_[e->var]->expr, depth + 1);
    }
    if (e->op == Op::Dim) return length(e->args[0], e->index, depth + 1);
    switch (e->op) {
      case Op::Const:
      case Op::Add:
      case Op::Sub:
      case Op::Mul:
      case Op::Neg:
      case Op::Min:
      case Op::Max:
      case Op::Select:
      case Op::Cast:
      case Op::Lt:
      case Op::Le:
      case Op::Gt:
      case Op::Ge:
      case Op::Eq:
      case Op::Ne:
        break;
      case Op::FloorDiv:
        if (!b_.is_const(e->args[1]) || e->args[1]->constant.i == 0) return nullptr;
        break;
      default:
        return nullptr;
    }
    if (e->args.empty()) return e;
    kir::Expr* out = b_.function.new_expr(e->op, e->type, e->span);
    *out = *e;
    for (ExprRef& a : out->args) {
      if (!a->type->is_scalar()) return nullptr;
      a = before(a, depth + 1);
      if (!a) return nullptr;
    }
    return out;
  }
  ExprRef length(ExprRef array, uint32_t axis, int depth) {
    if (depth == 0) budget_ = kMostNodes;
    if (depth > kMostSteps || --budget_ < 0) return nullptr;
    if (array->op == Op::Var) {
      if (!written_.contains(array->var)) return b_.dim(array, axis);
      if (count_[array->var] != 1) return nullptr;
      const Stmt& made = *made_[array->var];
      if (made.kind == StmtKind::Alloc) return before(made.exprs[axis], depth + 1);
      if (made.kind == StmtKind::Assign || made.kind == StmtKind::Copy) return length(made.expr, axis, depth + 1);
      return nullptr;
    }
    if (array->op == Op::Transpose) return length(array->args[0], array->axes[axis], depth + 1);
    if (array->op != Op::View) return nullptr;
    size_t operand = 1;
    uint32_t from = 0, to = 0;
    for (kir::Component c : array->components) {
      if (c == kir::Component::Index) {
        ++from, ++operand;
        continue;
      }
      if (to == axis) {
        if (c == kir::Component::Slice) return before(array->args[operand + 1], depth + 1);
        return c == kir::Component::All ? length(array->args[0], from, depth + 1) : b_.const_int(1);
      }
      ++to;
      from += c == kir::Component::NewAxis ? 0 : 1;
      operand += c == kir::Component::Slice ? 3 : 0;
    }
    return nullptr;
  }

  ExprRef elements(ExprRef array, int calls) {
    if (calls > 0) return unknown();
    ExprRef n = number(1);
    for (uint32_t k = 0; k < array->type->rank; ++k) {
      ExprRef length_of_axis = length(array, k, 0);
      n = product(n, length_of_axis ? b_.cast(length_of_axis, b_.types.float64()) : unknown());
    }
    return n;
  }
  ExprRef unknown() {
    uniform_ = false;
    return number(kUnknownTrips);
  }

  ExprRef block(const Block& body, int calls) {
    ExprRef total = number(0);
    for (const Stmt* s : body) total = sum(total, stmt(*s, calls));
    return total;
  }
  static double own(const Stmt& s, const Weights& weights) {
    if (s.kind == StmtKind::Check && s.always_taken) return 0;
    double w = s.kind == StmtKind::Store ? weights.memory : 0;
    for (ExprRef e : {s.expr, s.array, s.init}) w += e ? weight(*e, weights) : 0;
    for (ExprRef e : s.exprs) w += weight(*e, weights);
    return w;
  }
  ExprRef own(const Stmt& s) {
    const bool nothing = s.kind == StmtKind::Check && s.always_taken;
    return number(nothing ? 0 : kStatement + own(s, kScalar));
  }
  // Of a body that straight() takes; choices become both sides.
  static double lanes(const Block& body) {
    double w = 0;
    for (const Stmt* s : body) w += own(*s, kLanes) + lanes(s->body) + lanes(s->orelse);
    return w;
  }

  ExprRef stmt(const Stmt& s, int calls) {
    switch (s.kind) {
      case StmtKind::For:
        return loop(s, calls);
      case StmtKind::While:
        return product(unknown(), sum(own(s), sum(block(s.head, calls), block(s.body, calls))));
      case StmtKind::If: {
        // The fast form of a statement on arrays; else half of either side.
        if (!s.orelse.empty() && s.orelse.back()->kind == StmtKind::Call &&
            module_.functions[s.orelse.back()->callee]->lazy) {
          return sum(own(s), block(s.body, calls));
        }
        uniform_ = false;
        return sum(own(s), product(number(0.5), sum(block(s.body, calls), block(s.orelse, calls))));
      }
      case StmtKind::Call: {
        const kir::Function& callee = *module_.functions[s.callee];
        if (callee.lazy) return own(s);
        if (calls >= kDepth || callee.recursive || callee.extern_symbol.empty() == false) {
          return sum(own(s), number(kCall * kUnknownTrips));
        }
        return sum(sum(own(s), number(kCall)), block(callee.body, calls + 1));
      }
      case StmtKind::Alloc:
      case StmtKind::Copy:
        return sum(own(s), number(kAllocation));
      case StmtKind::FillArray:
      case StmtKind::CopyArray:
        return sum(own(s), product(number(kElement), elements(s.array, calls)));
      case StmtKind::Library:
        return sum(own(s), library(s, calls));
      default:
        return own(s);
    }
  }

  // Functions of the runtime: the cube of a side, as products and factors have it, or one look at a matrix or at what
  // is sorted.
  ExprRef library(const Stmt& s, int calls) {
    const ExprRef matrix = s.exprs[0];
    const bool lines = s.library == kir::LibraryFn::matvec || s.library == kir::LibraryFn::matvec_both;
    if (lines) return sum(number(kLibraryCall), product(number(kLineElement), elements(matrix, calls)));
    const bool order = s.library == kir::LibraryFn::sort || s.library == kir::LibraryFn::argsort;
    if (order) return sum(number(kLibraryCall), product(number(kOrdered), elements(matrix, calls)));
    const ExprRef over = s.library == kir::LibraryFn::matmul ? s.exprs[2] : matrix;
    ExprRef inner = calls > 0 ? nullptr : length(matrix, matrix->type->rank - 1, 0);
    inner = inner ? b_.cast(inner, b_.types.float64()) : unknown();
    const ExprRef work = product(elements(over, calls), inner);
    return sum(number(kLibraryCall), product(number(kProduct), work));
  }

  // What LLVM is likely to vectorise: no loops, no sums that keep their order but for several beside each other,
  // choices between values only.
  bool straight(const Block& body) const {
    VarSet sums;
    return straight(body, sums) && (sums.empty() || sums.size() >= kIndependent);
  }
  bool straight(const Block& body, VarSet& sums) const {
    return std::all_of(body.begin(), body.end(), [&](const Stmt* s) {
      if (s->kind == StmtKind::Check) return s->always_taken;
      if (s->kind == StmtKind::Store) return true;
      if (s->kind == StmtKind::If) return straight(s->body, sums) && straight(s->orelse, sums);
      if (s->kind != StmtKind::Assign) return false;
      VarSet read;
      mentioned(s->expr, read);
      const bool chain = read.contains(s->var) && sema::is_float(s->expr->type->scalar);
      if (chain && !s->loose && !b_.function.fastmath.reassoc) sums.insert(s->var);
      return true;
    });
  }
  ExprRef iteration(const Block& body, int calls) {
    return straight(body) ? number(lanes(body)) : sum(number(kStatement), block(body, calls));
  }
  ExprRef loop(const Stmt& s, int calls) {
    ExprRef trips = unknown_trips(s, calls);
    const bool known = trips != nullptr;
    if (!known) trips = unknown();
    return sum(number(1), product(trips, iteration(s.body, calls)));
  }
  // The iterations of a loop inside, as a float64; null when not known. Sets what its variable stands for.
  ExprRef unknown_trips(const Stmt& s, int calls) {
    if (calls > 0) return nullptr;  // the callee's variables mean nothing here
    ExprRef lo = before(s.exprs[0]), hi = before(s.exprs[1]);
    if (lo && hi) middle_[s.var] = half(lo, hi);
    const ExprRef step = s.exprs[2];
    if (!lo || !hi || !b_.is_const(step)) return nullptr;
    const bool down = step->constant.i < 0;
    ExprRef n = down ? b_.binary(Op::Sub, lo, hi) : b_.binary(Op::Sub, hi, lo);
    if (b_.is_const(n))
      return number(static_cast<double>(std::max<int64_t>(n->constant.i, 0)) /
                    static_cast<double>(std::abs(step->constant.i)));
    ExprRef count = b_.cast(b_.binary(Op::Max, n, b_.const_int(0)), b_.types.float64());
    const double size = static_cast<double>(std::abs(step->constant.i));
    return size == 1 ? count : b_.binary(Op::Div, count, number(size));
  }

  Builder& b_;
  const kir::Module& module_;
  const Stmt& loop_;
  VarSet written_;
  std::map<VarId, int> count_;
  std::map<VarId, const Stmt*> made_;
  std::map<VarId, ExprRef> middle_;  // of loop variables
  int budget_ = 0;                   // of nodes, for one length
  bool uniform_ = true;
};

}  // namespace

Cost estimate(Builder& b, const kir::Module& module, const Stmt& loop, ExprRef trips) {
  return Estimate(b, module, loop).run(trips);
}

}  // namespace kjit::passes
