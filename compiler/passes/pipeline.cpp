// The table of passes.
#include "passes/pipeline.h"

#include <array>

#include "passes/borrow.h"
#include "passes/ranges.h"

namespace kjit::passes {

namespace {
constexpr std::array kPasses{
    Pass{"ranges", ranges, "first of all: what looks at loops afterwards wants plain indices"},
    Pass{"borrow", borrow, "after everything that adds or splits variables"},
};
}  // namespace

std::span<const Pass> all() { return kPasses; }

void run(sema::TypeContext& types, kir::Module& module, const std::function<void(std::string_view)>& after) {
  for (const Pass& pass : all()) {
    pass.run(types, module);
    if (after) after(pass.name);
  }
}

}  // namespace kjit::passes
