// The table of passes.
#include "passes/pipeline.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "passes/array_folds.h"
#include "passes/borrow.h"
#include "passes/device.h"
#include "passes/fuse.h"
#include "passes/inline.h"
#include "passes/neighbours.h"
#include "passes/nest.h"
#include "passes/offload.h"
#include "passes/pairs.h"
#include "passes/parallel.h"
#include "passes/races.h"
#include "passes/ranges.h"
#include "passes/split.h"
#include "passes/storage.h"
#include "passes/values.h"

namespace kjit::passes {

namespace {
constexpr std::array kPasses{
    Pass{"array_folds", array_folds, "first of all: updates still look as they were written"},
    Pass{"races", races, "after array_folds, whose arrays are safe; before places stop being what the program says"},
    Pass{"neighbours", neighbours, "right after races, for the same reason: of loops that stay parallel"},
    Pass{"inline", inline_calls, "before values: what it puts into the bodies of Map and Reduce is to be seen by all"},
    Pass{"values", values, "early: one name for one length lets fuse and nest see that extents agree"},
    Pass{"pairs", pairs, "after values, by which a matrix has one name; before there are loops"},
    Pass{"fuse", fuse, "wants whole-array statements"},
    Pass{"nest", nest, "after fuse; what follows wants loops"},
    Pass{"ranges", ranges, "before what looks at loops and wants plain indices"},
    Pass{"split", split, "on the wrap bits that ranges could not clear; runs ranges again where it split a loop"},
    Pass{"parallel", parallel, "after ranges, which know more where a loop stands; what follows looks at variables"},
    Pass{"offload", offload,
         "after parallel, whose regions it makes kernels of; before borrow, as it copies functions"},
    Pass{"storage", storage, "after everything that makes or moves statements; before borrow, which looks at owners"},
    Pass{"borrow", borrow, "after everything that adds or splits variables"},
    Pass{"device", device, "last: says what nothing has become that a GPU can run"},
};
}  // namespace

std::span<const Pass> all() { return kPasses; }

std::string fusion_report(sema::TypeContext& types, kir::Module& module) {
  using Telling = void (*)(sema::TypeContext&, kir::Module&, std::vector<Remark>&);
  const std::pair<decltype(Pass::run), Telling> telling[] = {
      {pairs, pairs}, {fuse, fuse}, {nest, nest}, {storage, storage}};
  std::vector<Remark> remarks;
  for (const Pass& pass : all()) {
    const auto* tells =
        std::find_if(std::begin(telling), std::end(telling), [&](auto& t) { return t.first == pass.run; });
    tells != std::end(telling) ? tells->second(types, module, remarks) : pass.run(types, module);
  }
  return remarks.empty() ? "no operations on whole arrays\n" : to_string(remarks);
}

std::string parallel_report(sema::TypeContext& types, kir::Module& module) {
  std::vector<Remark> remarks;
  for (const Pass& pass : all()) {
    if (pass.run == static_cast<decltype(pass.run)>(races)) {
      races(types, module, remarks);
    } else if (pass.run == static_cast<decltype(pass.run)>(neighbours)) {
      neighbours(types, module, remarks);
    } else if (pass.run == static_cast<decltype(pass.run)>(parallel)) {
      parallel(types, module, remarks);
      break;
    } else {
      pass.run(types, module);
    }
  }
  return remarks.empty() ? "no loop over prange, and no statement on arrays, in a function with parallel=True\n"
                         : to_string(remarks);
}

void run(sema::TypeContext& types, kir::Module& module, const std::function<void(std::string_view)>& after) {
  for (const Pass& pass : all()) {
    pass.run(types, module);
    if (after) after(pass.name);
  }
}

}  // namespace kjit::passes
