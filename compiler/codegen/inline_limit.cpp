#include "codegen/inline_limit.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/IR/Instructions.h>

#include <algorithm>
#include <cstdint>

namespace kjit::codegen {

namespace {

constexpr std::uint64_t kMostInstructions = 20'000;  // a second or so of optimising

class Limit {
 public:
  // Instructions of `f` once calls of functions that are always inlined are written out.
  std::uint64_t size(llvm::Function& f) {
    const auto [at, fresh] =
        sizes_.try_emplace(&f, kMostInstructions);  // while it is counted: a call of itself is too large
    if (!fresh) return at->second;
    std::uint64_t total = 0;
    for (llvm::BasicBlock& block : f) {
      for (llvm::Instruction& i : block) {
        ++total;
        const auto* call = llvm::dyn_cast<llvm::CallBase>(&i);
        llvm::Function* callee = call != nullptr ? call->getCalledFunction() : nullptr;
        if (callee == nullptr || callee->isDeclaration()) continue;
        const std::uint64_t inside = size(*callee);
        if (callee->hasFnAttribute(llvm::Attribute::AlwaysInline)) total += inside;
      }
    }
    if (total >= kMostInstructions) f.removeFnAttr(llvm::Attribute::AlwaysInline);
    return sizes_[&f] = total;
  }

 private:
  llvm::DenseMap<const llvm::Function*, std::uint64_t> sizes_;
};

}  // namespace

void limit_inlining(llvm::Module& module) {
  Limit limit;
  for (llvm::Function& f : module) limit.size(f);
}

}  // namespace kjit::codegen
