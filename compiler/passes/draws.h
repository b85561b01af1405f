// Whether a function may draw random numbers, itself or by what it calls. They come from functions of the runtime that
// take the context; each of those counts.
#pragma once

#include "kir/kir.h"

namespace kjit::passes {

bool may_draw(const kir::Module& module, const kir::Function& function);

}  // namespace kjit::passes
