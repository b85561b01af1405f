#include "passes/device.h"

#include <fmt/format.h>
#include <kjit_rt/abi.h>

#include <algorithm>
#include <set>

namespace kjit::passes {

namespace {

using kir::ExprRef;
using kir::MathFn;
using kir::Op;
using kir::Stmt;
using kir::StmtKind;

// Functions that are instructions of a GPU, or a few.
bool is_native(MathFn fn) {
  constexpr MathFn kNative[] = {MathFn::sqrt, MathFn::floor, MathFn::ceil,     MathFn::trunc,
                                MathFn::rint, MathFn::fabs,  MathFn::copysign, MathFn::fma};
  return std::find(std::begin(kNative), std::end(kNative), fn) != std::end(kNative);
}

class Check {
 public:
  explicit Check(kir::Module& module) : module_(module) {}

  void run() {
    for (const auto& f : module_.functions) {
      if (!f->exported || !f->device) continue;
      function(*f);
    }
  }

 private:
  void function(const kir::Function& f) {
    if (!seen_.insert(&f).second) return;
    const kir::Function* outer = f_;
    f_ = &f;
    if (f.recursive) say(f.span, fmt::format("recursion ('{}' calls itself)", f.name));
    if (!f.extern_symbol.empty()) say(f.span, fmt::format("'{}', a function of the host,", f.name));
    block(f.body);
    f_ = outer;
  }

  void block(const kir::Block& block) {
    for (const Stmt* s : block) stmt(*s);
  }

  void stmt(const Stmt& s) {
    for (ExprRef e : {s.expr, s.array, s.init}) expr(e);
    for (ExprRef e : s.exprs) expr(e);
    switch (s.kind) {
      case StmtKind::Call:
        call(s);
        break;
      case StmtKind::Raise:
        say(s.span, s.error == KJIT_ASSERTION_ERROR ? "assert" : "raise");
        break;
      case StmtKind::Check:
        if (s.error == KJIT_ASSERTION_ERROR) say(s.span, "assert");
        break;
      case StmtKind::Alloc:
      case StmtKind::Copy:
        say(s.span, "making an array", "make it outside, and give it to the kernel");
        break;
      case StmtKind::FillArray:
      case StmtKind::CopyArray:
      case StmtKind::Map:
      case StmtKind::Reduce:
      case StmtKind::Library:
      case StmtKind::Parallel:
        say(s.span, "this operation on a whole array", "write it as a loop over elements");
        break;
      case StmtKind::Print:
      case StmtKind::Message:
        say(s.span, "print");
        break;
      default:
        break;
    }
    block(s.head), block(s.body), block(s.orelse);
  }

  void call(const Stmt& s) {
    const kir::Function& callee = *module_.functions[s.callee];
    const source::Span outer = call_;
    const bool enters = callee.library && !f_->library;
    if (enters) call_ = s.span, caller_ = f_;
    function(callee);
    if (enters) call_ = outer, caller_ = nullptr;
  }

  void expr(ExprRef e) {
    if (!e) return;
    for (ExprRef a : e->args) expr(a);
    const bool real = e->args.empty() || !e->args[0]->type->is_scalar() || !is_complex(e->args[0]->type->scalar);
    const bool is_float = e->type->is_scalar() && sema::is_float(e->type->scalar);
    if (e->op == Op::Math && (!real || !is_native(e->math))) {
      say(e->span, fmt::format("the function {}", kir::info(e->math).name),
          "a GPU has sqrt, floor, ceil, trunc, rint, fabs, copysign and fma of real numbers");
    } else if (e->op == Op::Pow && (is_float || !real)) {
      say(e->span, "a power of floats", "write x * x");
    } else if (e->op == Op::Abs && !real) {
      say(e->span, "abs of a complex number", "take math.sqrt of the sum of the squares of .real and .imag");
    } else if ((e->op == Op::FloorDiv || e->op == Op::Mod || e->op == Op::TruncRem) && is_float) {
      say(e->span, fmt::format("{} of floats", e->op == Op::FloorDiv ? "//" : "%"),
          "math.floor(x / y) rounds once more");
    }
  }

  void say(source::Span where, const std::string& what, std::string hint = {}) {
    if (f_->library && caller_) where = call_;
    const kir::Function& in = f_->library && caller_ ? *caller_ : *f_;
    if (!said_.insert({in.file.get(), where.begin}).second) return;
    source::Diagnostics out;
    out.report(source::Diag::not_supported, {in.file.get(), where}, what + " in a CUDA kernel").hint = std::move(hint);
    module_.findings.push_back(out.take().front());
  }

  kir::Module& module_;
  const kir::Function* f_ = nullptr;
  const kir::Function* caller_ = nullptr;  // of the library function that is looked at
  source::Span call_{};
  std::set<const kir::Function*> seen_;
  std::set<std::pair<const source::SourceFile*, uint32_t>> said_;
};

}  // namespace

void device(sema::TypeContext& /*types*/, kir::Module& module) { Check(module).run(); }

}  // namespace kjit::passes
