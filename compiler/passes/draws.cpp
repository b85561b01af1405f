#include "passes/draws.h"

#include <set>

namespace kjit::passes {

namespace {

class Search {
 public:
  explicit Search(const kir::Module& module) : module_(module) {}

  bool in(const kir::Function& function) {
    if (!function.extern_symbol.empty()) return function.extern_context;
    return seen_.insert(&function).second && in(function.body);
  }

 private:
  bool in(const kir::Block& block) {
    for (const kir::Stmt* s : block) {
      const bool calls = s->kind == kir::StmtKind::Call || s->kind == kir::StmtKind::Parallel;
      if (calls && in(*module_.functions[s->callee])) return true;
      if (in(s->head) || in(s->body) || in(s->orelse)) return true;
    }
    return false;
  }

  const kir::Module& module_;
  std::set<const kir::Function*> seen_;
};

}  // namespace

bool may_draw(const kir::Module& module, const kir::Function& function) { return Search(module).in(function); }

}  // namespace kjit::passes
