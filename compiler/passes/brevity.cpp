// Counts statements along the call graph; anything that repeats or leaves the module ends the count.
#include "passes/brevity.h"

namespace kjit::passes {

namespace {

using kir::StmtKind;

constexpr int kMostStatements = 200;  // well under a microsecond

class Counter {
 public:
  explicit Counter(const kir::Module& module) : module_(module) {}

  bool passes(const kir::Function& function) {
    if (!function.extern_symbol.empty()) return function.extern_pure && !function.extern_context;
    return !function.recursive && !function.lazy && passes(function.body);
  }

 private:
  bool passes(const kir::Block& block) {
    for (const kir::Stmt* s : block)
      if (++count_ > kMostStatements || !passes(*s)) return false;
    return true;
  }

  bool passes(const kir::Stmt& s) {
    switch (s.kind) {
      case StmtKind::Assign:
      case StmtKind::Store:
      case StmtKind::Break:
      case StmtKind::Continue:
      case StmtKind::Return:
      case StmtKind::Raise:
      case StmtKind::Check:
        return true;
      case StmtKind::If:
        return passes(s.body) && passes(s.orelse);
      case StmtKind::Call:
        return passes(*module_.functions[s.callee]);
      case StmtKind::Alloc:
        return s.fill == kir::Fill::None;
      default:
        return false;
    }
  }

  const kir::Module& module_;
  int count_ = 0;
};

}  // namespace

bool is_brief(const kir::Module& module, const kir::Function& function) { return Counter(module).passes(function); }

}  // namespace kjit::passes
