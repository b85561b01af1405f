// What variables and lengths stand for: the expression behind a variable with one assignment, the array behind a view.
#pragma once

#include "kirgen/builder.h"
#include "passes/definitions.h"

namespace kjit::passes {

// Whether two expressions have one structure, and so one value where no variable in them is assigned between. Never
// said of what is loaded from memory.
bool same(kir::ExprRef a, kir::ExprRef c);

class Origins {
 public:
  Origins(kirgen::Builder& b, const Definitions& definitions) : b_(b), definitions_(definitions) {}

  // The expression that a variable with one assignment stands for, the length that a new array was given; else the
  // expression itself.
  kir::ExprRef resolved(kir::ExprRef e);
  // The variable whose memory a chain of views looks at; null when unknown.
  kir::ExprRef base(kir::ExprRef e);
  kir::ExprRef length(kir::ExprRef array, uint32_t axis);

 private:
  kirgen::Builder& b_;
  const Definitions& definitions_;
};

}  // namespace kjit::passes
