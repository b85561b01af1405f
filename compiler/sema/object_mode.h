// Functions with @jit(forceobj=True): scripts run them in the evaluator, nothing compiles them.
#pragma once

#include "sema/globals.h"

namespace kjit::sema {

// Such a function is one without compiled form, and was told so; others that are Plain have no decorator of kernels.
inline bool is_object_mode(const FunctionOptions& options) {
  return options.kind == FunctionOptions::Kind::Plain && !options.nopython;
}

}  // namespace kjit::sema
