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

// Functions of complex numbers that lowering has formulas for.
bool has_complex(MathFn fn) {
  constexpr MathFn kKnown[] = {MathFn::exp, MathFn::log, MathFn::sqrt, MathFn::pow,
                               MathFn::sin, MathFn::cos, MathFn::sinh, MathFn::cosh};
  return std::find(std::begin(kKnown), std::end(kKnown), fn) != std::end(kKnown);
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
      case StmtKind::Alloc:
      case StmtKind::Copy:
        if (s.memory == kir::Memory::Shared) shared(s);
        if (s.memory != kir::Memory::Own && s.memory != kir::Memory::Reserved) break;
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
        print(s);
        break;
      default:
        break;
    }
    block(s.head), block(s.body), block(s.orelse);
  }

  // Memory that blocks share besides what the launch gives: 48 KiB on every device.
  void shared(const Stmt& s) {
    constexpr int64_t kMost = 48 << 10;
    const int64_t before = shared_;
    int64_t bytes = sema::size_of(f_->vars[s.var].type->scalar);
    for (ExprRef n : s.exprs) bytes = n->constant.i > kMost ? kMost + 1 : std::min(bytes * n->constant.i, kMost + 1);
    shared_ = std::min(shared_ + (bytes + 15) / 16 * 16, kMost + 1);
    if (before <= kMost && shared_ > kMost)
      say(s.span, "more than 48 KiB of shared arrays of constant shape",
          "cuda.shared.array(0, dtype) is what kernel[blocks, threads, stream, bytes] gives");
  }

  void print(const Stmt& s) {
    size_t numbers = 0;
    for (const kir::PrintItem& item : s.items) {
      if (item.value) numbers += printed(item.value->type, item.value->span);
    }
    constexpr size_t kMost = 32;
    if (numbers > kMost) say(s.span, fmt::format("print of more than {} numbers", kMost));
  }
  size_t printed(sema::TypeRef type, source::Span where) {
    if (type->is_tuple()) {
      size_t n = 0;
      for (sema::TypeRef e : type->elements) n += printed(e, where);
      return n;
    }
    const bool number = type->is_scalar() && !is_complex(type->scalar);
    if (!number && !type->is_none() && type->kind != sema::TypeKind::String)
      say(where, fmt::format("print of {}", to_string(type)), "numbers, texts and tuples of them can be printed");
    return number ? 1 : 0;
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
    if (e->op == Op::Math && !real && !has_complex(e->math))
      say(e->span, fmt::format("the function {} of complex numbers", kir::info(e->math).name),
          "exp, log, sqrt, sin, cos, sinh, cosh and powers are there");
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
  int64_t shared_ = 0;
  std::set<const kir::Function*> seen_;
  std::set<std::pair<const source::SourceFile*, uint32_t>> said_;
};

}  // namespace

void device(sema::TypeContext& /*types*/, kir::Module& module) { Check(module).run(); }

}  // namespace kjit::passes
