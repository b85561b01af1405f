// The table of passes.
#include "passes/pipeline.h"

#include <array>

namespace kjit::passes {

namespace {
constexpr std::array<Pass, 0> kPasses{};
}  // namespace

std::span<const Pass> all() { return kPasses; }

void run(sema::TypeContext& types, kir::Module& module, const std::function<void(std::string_view)>& after) {
  for (const Pass& pass : all()) {
    pass.run(types, module);
    if (after) after(pass.name);
  }
}

}  // namespace kjit::passes
