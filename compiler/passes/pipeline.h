// The passes over kernel IR: one table, one loop.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "kir/kir.h"

namespace kjit::passes {

struct Pass {
  const char* name;
  void (*run)(sema::TypeContext& types, kir::Module& module);
  const char* why_here;  // why it stands between its neighbours
};

// In the order in which they run.
std::span<const Pass> all();

// Runs them; `after` is told each one's name when it is done.
void run(sema::TypeContext& types, kir::Module& module, const std::function<void(std::string_view)>& after);

}  // namespace kjit::passes
