// The passes over kernel IR: one table, one loop.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "kir/kir.h"
#include "passes/remarks.h"

namespace kjit::passes {

struct Pass {
  const char* name;
  void (*run)(sema::TypeContext& types, kir::Module& module);
  const char* why_here;  // why it stands between its neighbours
};

// In the order in which they run.
std::span<const Pass> all();

// What becomes of each statement on whole arrays, and where new arrays are kept: text for people. Runs the passes.
std::string fusion_report(sema::TypeContext& types, kir::Module& module);

// What becomes of each loop over prange, and of each statement on arrays, of functions with parallel=True: text for
// people. Runs the passes up to `parallel`.
std::string parallel_report(sema::TypeContext& types, kir::Module& module);

// Runs them; `after` is told each one's name when it is done.
void run(sema::TypeContext& types, kir::Module& module, const std::function<void(std::string_view)>& after);

}  // namespace kjit::passes
