// The table of passes.
#include "passes/pipeline.h"

#include <array>

#include "passes/borrow.h"
#include "passes/ranges.h"
#include "passes/split.h"

namespace kjit::passes {

namespace {
constexpr std::array kPasses{
    Pass{"ranges", ranges, "first of all: what looks at loops afterwards wants plain indices"},
    Pass{"split", split, "on the wrap bits that ranges could not clear; runs ranges again where it split a loop"},
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
